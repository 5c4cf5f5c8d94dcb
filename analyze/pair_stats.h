/* The figures of one comparison row, before the family's correction and the verdict. */
#ifndef SB_ANALYZE_PAIR_STATS_H
#define SB_ANALYZE_PAIR_STATS_H

#include "analyze/moments.h"
#include "core/results.h"

/*
 * One side: the numbers that are compared. Boot means; the runs of the only boot when there is just one, for
 * an interval that describes that boot.
 */
struct sb_side {
    const double *values;       /* the summary's */
    double *logs;               /* malloc'd; NULL when a value is not positive */
    struct sb_moments raw, log; /* log.mean and log.var are NaN without logs */
    double resolution;
    bool one_boot, constant;
};

struct sb_side sb_side_of(const struct sb_summary *s);
void sb_side_release(struct sb_side *side);

/* May a p-value stand on it: two replicates or more, not constant, not one boot. */
bool sb_side_testable(const struct sb_side *side);

/*
 * Fills n, means, ratio and its intervals, the estimate asked for, p, effect sizes, runs_needed (as if the
 * verdict were inconclusive) and chance_equivalent of `row`, whose summary indices are set.
 */
void sb_pair_stats(struct sb_results *results, struct sb_comparison *row);

/* For games-howell and dunnett: p and p_adjusted of rows [from, to), which share remaining labels and metric.
 */
void sb_adjust_within(struct sb_results *results, size_t from, size_t to);

#endif
