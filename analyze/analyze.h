/*
 * From runs to what can be said about them: audit findings, summaries, comparisons.
 *
 * Call sb_audit() first: it attaches findings to the dataset, and runs with error-severity findings are left
 * out of the statistics unless settings.include_suspect.
 */
#ifndef SB_ANALYZE_ANALYZE_H
#define SB_ANALYZE_ANALYZE_H

#include "core/dataset.h"
#include "core/err.h"
#include "core/results.h"

/* 0.95, 0.05, 0.02, "holm", "welch", false. */
void sb_analysis_defaults(struct sb_analysis_settings *settings);

/* Runs every audit check; adds findings to ds. */
void sb_audit(struct sb_dataset *ds);

/* Fills results.summaries from complete and partial, not suspect runs, under results.settings. Turns GSL's
 * error handler, which aborts, off for the process. */
bool sb_summarise(const struct sb_dataset *ds, struct sb_results *results, struct sb_err *err) SB_MUST_CHECK;

/* A declaration that what it names is the same thing measured twice: all filters match the remaining labels,
 * or, for the factor itself, both of its values. */
struct sb_null_control {
    const struct sb_filter *filters;
    size_t nr;
};

struct sb_compare_request {
    const char *factor;   /* a label name */
    const char *baseline; /* a value of it; NULL: the default baseline for platform, the first value else */
    bool all_pairs;
    const char *const
        *metrics; /* only these (NULL-terminated); NULL: all. The family stays what it is without it. */
    const struct sb_null_control *null_controls; /* a comparison that one of these names is a null control */
    size_t null_controls_nr;
};

/* Appends comparisons of the factor's levels, within every combination of the remaining labels, as one
 * family. Needs sb_summarise() before it. False (usage, with the known values in the message) when no run has
 * the factor or the baseline is not one of its values. */
bool sb_compare(const struct sb_dataset *ds, struct sb_results *results,
                const struct sb_compare_request *request, struct sb_err *err) SB_MUST_CHECK;

/*
 * The methods of settings.p_method: welch, permutation, mann-whitney; games-howell (every pair) and dunnett
 * (one baseline) adjust by themselves, within one combination and metric, and replace settings.correction.
 * settings.estimate: see core/results.h.
 */

/* ---- further views; each fills its array in results anew, and needs sb_summarise() before it ---- */

struct sb_effects_request {
    const char *const *factors; /* NULL-terminated, at most 5; NULL: platform, vcpus, memory_mib (config
                                   without these, or when they always change together) */
    const char *const *metrics; /* NULL: the primary metric of each test */
};
/* Analysis of variance of the logarithms, with all interactions (anova.h). False (usage) when a factor is not
 * a label of any run or has fewer than two values, or there are too many. */
bool sb_effects(const struct sb_dataset *ds, struct sb_results *results,
                const struct sb_effects_request *request, struct sb_err *err) SB_MUST_CHECK;

struct sb_repetitions_request {
    double half_width;          /* wanted half width of the mean's interval, as a fraction; 0: the margin */
    double cost_boot, cost_run; /* in the same unit, as seconds; 0: 1 each */
};
/* What the pilot says about where to spend repetitions, for the primary metrics. */
bool sb_repetitions(const struct sb_dataset *ds, struct sb_results *results,
                    const struct sb_repetitions_request *request, struct sb_err *err) SB_MUST_CHECK;

/* Throughput of the primary metrics against a numeric label ("vcpus") or "threads" (label, else the run's
 * threads). False (usage) when no cell has it. Only metrics that are better when higher. */
bool sb_scaling(const struct sb_dataset *ds, struct sb_results *results, const char *factor,
                struct sb_err *err) SB_MUST_CHECK;

/* From the comparisons made so far. */
void sb_aggregate(struct sb_results *results);

/* Every run's interval series with at least 20 points of a metric. */
void sb_analyse_series(const struct sb_dataset *ds, struct sb_results *results);

/* Percentiles (ranks, in percent) of every cell whose runs have histograms. */
void sb_merge_histograms(const struct sb_dataset *ds, struct sb_results *results, const double *ranks,
                         size_t nr);

#endif
