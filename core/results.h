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
#include <stdint.h>
#include "core/arena.h"
#include "core/finding.h"
#include "core/label.h"
#include "core/metric.h"

/* One cell and metric. A cell is all runs equal in every label that splits cells. With exactly one known boot
 * (code ONE_BOOT) n is 1, and the spread, order statistics and intervals are those of the runs within that
 * boot. A cell whose runs were all excluded has n = 0 and NaN throughout. */
struct sb_summary {
    struct sb_labels cell; /* the labels that split cells (array in the arena) */
    const char *kind;      /* the cell's run kind */
    const char *metric, *unit;
    enum sb_better better;
    struct sb_group group;
    size_t n, n_runs;                   /* replicates (boots when known, else runs); runs */
    double mean, sd, cv, sem;           /* sd with n - 1; cv = sd / |mean|, a fraction */
    double confidence, ci_low, ci_high; /* for the mean: t interval; +- resolution when sd is 0 */
    double median, mad;                 /* mad * 1.4826 */
    double min, q1, q3, max;            /* quartiles type 7 */
    double geomean;                     /* NaN unless every value is > 0 */
    double resolution; /* the largest half last printed digit among the values; NaN unknown */
    struct sb_codes findings;
    const char *accelerator; /* the runs' common env.accelerator; NULL unknown; "mixed" when they differ */
    double *values;          /* n replicate values, in the order of `first_runs` */
    double
        *log_values; /* n: the mean logarithm of each replicate's runs; NULL when a value is not positive */
    size_t *first_runs;             /* n: the first run of each replicate, index into dataset.runs */
    size_t *runs;                   /* n_runs run indices, in dataset order */
    double *run_values;             /* n_runs values, parallel to `runs` */
    double geo_low, geo_high;       /* log-t interval of the geometric mean */
    double median_low, median_high; /* order statistics; NaN when n is too small for the confidence level */
    double
        median_attained; /* what that interval covers; when it is refused: what the whole range would cover */
    double prediction_low, prediction_high; /* on request (settings.prediction): one further replicate */
    double tolerance_low, tolerance_high;   /* on request (settings.content): that share of all replicates */
    double bca_low, bca_high;               /* on request (settings.bootstrap): of settings.center */
    size_t runs_excluded; /* suspect runs of the cell that have the metric and were left out */
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
    double ratio, ratio_low, ratio_high; /* level / baseline of geometric means; unadjusted */
    double ratio_low90, ratio_high90;    /* the interval of the equivalence test */
    double p, p_adjusted;
    double effect_size;       /* Hedges' g on the log scale, level - baseline */
    enum sb_verdict verdict;  /* level against baseline; NONE: not tested, and none carried */
    size_t runs_needed;       /* per level; 0 = empty (not inconclusive, undefined, or above 10,000) */
    double chance_equivalent; /* probability of `equivalent` if there were no difference, at this n and SD;
                                 NaN */
    double estimate, estimate_low, estimate_high; /* settings.estimate, when it is not the ratio; NaN */
    double cliffs_delta;                          /* P(level > baseline) - P(level < baseline); NaN */
    double p_error;                               /* standard error of a Monte Carlo p; 0 when exact */
    double p_floor;    /* the smallest p these numbers of replicates allow (0: none); NaN without p */
    double log_se, df; /* of the log ratio, Welch; NaN when p is not from Welch's setting */
    bool restates;     /* not primary, and follows from the group's primary metric at these options of both
                          sides: only then it carries that one's verdict */
    bool null_control; /* declared to be the same thing measured twice */
    bool barred;       /* must not become a headline: the levels ran under different accelerators */
    struct sb_codes findings;
    size_t summary_baseline, summary_level; /* index into results.summaries */
};

struct sb_analysis_settings {
    double confidence;      /* 0.95 */
    double alpha;           /* 0.05 */
    double margin;          /* 0.02 */
    const char *correction; /* "holm", "bh", "none" */
    const char *p_method;   /* "welch", ... as named on the command line */
    bool include_suspect;
    /* zero or NULL: not asked for */
    const char *estimate; /* NULL or "ratio"; "difference" (Welch), "fieller" (ratio of means),
                             "hodges-lehmann" (shift) */
    uint64_t seed;        /* of permutations and bootstrap */
    size_t permutations;  /* draws where divisions cannot be enumerated; 0: 99,999 */
    size_t bootstrap;     /* resamples of the BCa interval */
    const char *center;   /* what it is an interval of: NULL or "mean", "geomean", "median" */
    double content;       /* share of a tolerance interval, as 0.9 */
    bool prediction;
};

/* One term of an analysis of variance. */
struct sb_effect_term {
    const char *name; /* "platform", "platform:vcpus" */
    size_t df;        /* 0: not estimable */
    double ss, f, p, p_adjusted, partial_eta2;
};

/* A factor's level against its first, both averaged over the other factors' cells with equal weight. */
struct sb_effect_ratio {
    const char *factor, *baseline, *level;
    double ratio, low, high; /* of geometric means; NaN when not estimable */
    bool additive;           /* from main effects only: some cells are empty */
};

/* Factorial view of one metric, within one combination of the labels that are not factors. */
struct sb_effects {
    struct sb_labels rest;
    const char *metric, *unit;
    enum sb_better better;
    size_t n; /* replicates */
    struct sb_effect_term *terms;
    size_t terms_nr;
    struct sb_effect_ratio *ratios;
    size_t ratios_nr;
    size_t df_residual;
    double residual_sd;    /* of the logarithms */
    double normality_p;    /* Shapiro-Wilk of the residuals */
    double equal_spread_p; /* Brown-Forsythe over the cells */
    struct sb_codes findings;
};

/* Variation between and within boots of one cell and metric (of the logarithms), and what repetitions it asks
 * for. */
struct sb_repetition_plan {
    size_t summary;                    /* index into results.summaries */
    double sd_between, sd_within, icc; /* NaN when the boots do not tell */
    size_t runs_per_boot;              /* advised at the costs asked about */
    size_t boots;         /* for the target half width with that many runs; 0: above 10,000 or undefined */
    double half_width;    /* as a fraction, at the boots and runs of the pilot; NaN */
    size_t boots_compare; /* boots per level for 80 % power at the margin; 0 as above */
    struct sb_codes findings;
};

struct sb_scaling_point {
    double size;
    size_t n, summary;
    double mean;                               /* geometric */
    double speedup, speedup_low, speedup_high; /* against the smallest size */
    double efficiency;                         /* speed-up / (size / smallest size) */
};

/* A fitted parameter with its interval; NaN. */
struct sb_parameter {
    double value, low, high;
};

/* Throughput of one metric against a numeric label, within one combination of the remaining labels. */
struct sb_scaling {
    const char *factor;
    struct sb_labels rest;
    const char *metric, *unit;
    struct sb_scaling_point *points; /* ascending sizes */
    size_t points_nr;
    struct sb_parameter amdahl_lambda, amdahl_sigma;
    struct sb_parameter usl_lambda, usl_sigma, usl_kappa;
    double usl_peak;            /* size of the highest throughput; NaN: none */
    double amdahl_rss, usl_rss; /* of the logarithms */
    struct sb_codes findings;
};

/* Geometric mean over tests of a level's performance ratios (above 1: better), one primary metric for each
 * test. */
struct sb_aggregate {
    const char *factor, *baseline, *level;
    struct sb_labels rest; /* without `test` */
    size_t tests;
    double ratio, low, high; /* NaN when refused: the levels were not measured by the same tests */
    bool barred;
    struct sb_codes findings;
};

/* The interval series of one run and metric. */
struct sb_series {
    size_t run;
    const char *metric, *unit;
    size_t n, cut;          /* points; those dropped as warm-up */
    double cut_s;           /* elapsed time of the last point dropped; 0: none */
    double mean, low, high; /* of the rest, by batch means */
    size_t batches, batch_size;
    double lag1; /* autocorrelation of the batch means */
    struct sb_codes findings;
};

/* A percentile of the merged latency histograms of a cell's runs, in ms. */
struct sb_histogram_summary {
    struct sb_labels cell;
    double rank;
    double value, low, high; /* bucket centre and edges */
    uint64_t events;
    size_t runs;
};

struct sb_results {
    struct sb_arena arena;
    struct sb_analysis_settings settings;
    struct sb_summary *summaries; /* sorted by cell (sb_labels_cmp), then sb_metric_rank */
    size_t summaries_nr, summaries_alloc;
    struct sb_comparison *comparisons; /* sorted by factor, rest, baseline, level, metric */
    size_t comparisons_nr, comparisons_alloc;
    const char *factor, *baseline; /* of the last comparison asked for; NULL none */
    struct sb_effects *effects;
    size_t effects_nr, effects_alloc;
    struct sb_repetition_plan *repetitions;
    size_t repetitions_nr, repetitions_alloc;
    struct sb_scaling *scaling;
    size_t scaling_nr, scaling_alloc;
    struct sb_aggregate *aggregates;
    size_t aggregates_nr, aggregates_alloc;
    struct sb_series *series;
    size_t series_nr, series_alloc;
    struct sb_histogram_summary *percentiles;
    size_t percentiles_nr, percentiles_alloc;
    struct sb_finding *findings; /* what holds for the analysis as a whole, each said once; no run indices */
    size_t findings_nr, findings_alloc;
};

void sb_results_init(struct sb_results *results);
void sb_results_free(struct sb_results *results);

/* Says something about the analysis as a whole; a code and message already there are not added again.
 * `code` and the message are copied into the arena. */
void sb_results_add_finding(struct sb_results *results, const char *code, enum sb_severity severity,
                            const char *format, ...) SB_PRINTF(4, 5);

/* Index of the summary of (cell, metric), or SB_NO_RUN. */
size_t sb_results_find_summary(const struct sb_results *results, const struct sb_labels *cell,
                               const char *metric);

#endif
