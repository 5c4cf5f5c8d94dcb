/*
 * From runs to what can be said about them: audit findings, summaries, comparisons.
 *
 * Call sb_audit() first: it attaches findings to the dataset, and runs with error-severity findings are left out
 * of the statistics unless settings.include_suspect.
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

/* Fills results.summaries from complete and partial, not suspect runs, under results.settings. */
bool sb_summarise(const struct sb_dataset *ds, struct sb_results *results, struct sb_err *err) SB_MUST_CHECK;

struct sb_compare_request {
    const char *factor;   /* a label name */
    const char *baseline; /* a value of it; NULL: the default baseline for platform, the first value else */
    bool all_pairs;
    const char *const *metrics; /* only these (NULL-terminated); NULL: all */
};

/* Appends comparisons of the factor's levels, within every combination of the remaining labels, as one family.
 * Needs sb_summarise() before it. False (usage, with the known values in the message) when no run has the factor or the
 * baseline is not one of its values. */
bool sb_compare(const struct sb_dataset *ds, struct sb_results *results, const struct sb_compare_request *request,
                struct sb_err *err) SB_MUST_CHECK;

#endif
