/*
 * A family of comparison rows: the correction of their p-values, then the verdicts. The rows are those from
 * index `from` to the end of results.comparisons, made by one invocation.
 */
#ifndef SB_ANALYZE_FAMILY_H
#define SB_ANALYZE_FAMILY_H

#include "core/err.h"
#include "core/results.h"

/* False (usage) when alpha, the margin, the correction, the method of p or the estimate is not one there is.
 */
bool sb_family_check_settings(const struct sb_analysis_settings *settings, bool all_pairs,
                              struct sb_err *err);

/* p_adjusted of the primary rows. Rows still stand grouped by remaining labels and metric. */
void sb_family_adjust(struct sb_results *results, size_t from);

/* Verdicts of the primary rows, carried to those of their groups that restate them, unless the row's own
 * interval lies on the other side. Rows of one pair stand together. */
void sb_family_verdicts(struct sb_results *results, size_t from);

#endif
