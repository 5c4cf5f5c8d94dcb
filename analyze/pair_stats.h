/* The figures of one comparison row, before the family's correction and the verdict. */
#ifndef SB_ANALYZE_PAIR_STATS_H
#define SB_ANALYZE_PAIR_STATS_H

#include "core/results.h"

/*
 * Fills n, means, ratio and its intervals, p, effect size, runs_needed (as if the verdict were inconclusive),
 * chance_equivalent and the statistical codes of `row`, whose summary indices are set.
 */
void sb_pair_stats(struct sb_results *results, struct sb_comparison *row);

#endif
