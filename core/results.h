/*
 * What analysis says, as plain data: the rows of summary.csv and comparisons.csv and what stands
 * behind them. analyze/ fills it, report/ and plot/ read it.
 *
 * NaN means "undefined": it is written as an empty field or null, never as 0. Everything lives in
 * the results' arena; run indices point into the dataset that was analysed.
 */
#ifndef SB_CORE_RESULTS_H
#define SB_CORE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "core/finding.h"
#include "core/label.h"
#include "core/metric.h"

/* One cell and metric. A cell is all runs equal in every label that splits cells. */
struct sb_summary {
    struct sb_labels cell; /* the labels that split cells (array in the arena) */
    const char *kind;      /* the cell's run kind */
    const char *metric, *unit;
    enum sb_better better;
    struct sb_group group;
    size_t n, n_runs; /* replicates (boots when known, else runs); runs */
    double mean, sd, cv, sem; /* sd with n - 1; cv = sd / |mean|, a fraction */
    double confidence, ci_low, ci_high; /* for the mean: t interval; +- resolution when sd is 0 */
    double median, mad; /* mad * 1.4826 */
    double min, q1, q3, max; /* quartiles type 7 */
    double geomean; /* NaN unless every value is > 0 */
    double resolution; /* the largest half last printed digit among the values; NaN unknown */
    struct sb_codes findings;
    const char *accelerator; /* the runs' common env.accelerator; NULL unknown; "mixed" when they differ */
    double *values;        /* n replicate values, in the order of `first_runs` */
    double *log_values;    /* n: the mean logarithm of each replicate's runs; NULL when a value is not positive */
    size_t *first_runs;    /* n: the first run of each replicate, index into dataset.runs */
    size_t *runs;          /* n_runs run indices, in dataset order */
    double *run_values;    /* n_runs values, parallel to `runs` */
    size_t runs_excluded;  /* suspect runs of the cell that have the metric and were left out */
    bool boots_known;
};

enum sb_verdict { SB_VERDICT_NONE, SB_FASTER, SB_SLOWER, SB_EQUIVALENT, SB_INCONCLUSIVE };
const char *sb_verdict_text(enum sb_verdict verdict); /* "", "faster", "slower", ... */

/* One pair of levels, within one combination of the remaining labels, one metric. */
struct sb_comparison {
    const char *factor, *baseline, *level;
    struct sb_labels rest; /* the remaining labels (array in the arena) */
    const char *kind, *metric, *unit;
    enum sb_better better;
    struct sb_group group;
    size_t n_baseline, n_level;
    double mean_baseline, mean_level;
    double ratio, ratio_low, ratio_high; /* level / baseline of geometric means; 95 % unadjusted */
    double ratio_low90, ratio_high90;    /* the interval of the equivalence test */
    double p, p_adjusted;
    double effect_size;     /* Hedges' g on the log scale, level - baseline */
    enum sb_verdict verdict; /* level against baseline */
    size_t runs_needed;      /* per level; 0 = empty (not inconclusive, undefined, or above 10,000) */
    double chance_equivalent; /* probability of `equivalent` if there were no difference, at this n and SD; NaN */
    bool barred; /* must not become a headline: the levels ran under different accelerators */
    struct sb_codes findings;
    size_t summary_baseline, summary_level; /* index into results.summaries */
};

struct sb_analysis_settings {
    double confidence; /* 0.95 */
    double alpha;      /* 0.05 */
    double margin;     /* 0.02 */
    const char *correction; /* "holm", "bh", "none" */
    const char *p_method;   /* "welch", ... as named on the command line */
    bool include_suspect;
};

struct sb_results {
    struct sb_arena arena;
    struct sb_analysis_settings settings;
    struct sb_summary *summaries; /* sorted by cell (sb_labels_cmp), then sb_metric_rank */
    size_t summaries_nr, summaries_alloc;
    struct sb_comparison *comparisons; /* sorted by factor, rest, baseline, level, metric */
    size_t comparisons_nr, comparisons_alloc;
    const char *factor, *baseline; /* of the last comparison asked for; NULL none */
    struct sb_finding *findings; /* what holds for the analysis as a whole, each said once; no run indices */
    size_t findings_nr, findings_alloc;
};

void sb_results_init(struct sb_results *results);
void sb_results_free(struct sb_results *results);

/* Says something about the analysis as a whole; a code and message already there are not added again.
 * `code` and the message are copied into the arena. */
void sb_results_add_finding(struct sb_results *results, const char *code, enum sb_severity severity, const char *format,
                            ...) SB_PRINTF(4, 5);

/* Index of the summary of (cell, metric), or SB_NO_RUN. */
size_t sb_results_find_summary(const struct sb_results *results, const struct sb_labels *cell, const char *metric);

#endif
