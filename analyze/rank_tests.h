/*
 * Two samples without assuming normality: Mann-Whitney, permutation of means, Hodges-Lehmann, Cliff's delta.
 *
 * Two-sided p-values are P(|T - E T| >= |t - E T|) under all divisions of the pooled values into the two
 * groups, ties kept as they are (as R's coin does it).
 */
#ifndef SB_ANALYZE_RANK_TESTS_H
#define SB_ANALYZE_RANK_TESTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "analyze/twosample.h"

struct sb_exact_test {
    double p; /* NaN when a side is empty or all values are equal */
    double
        floor; /* the smallest p that any data of these sizes (and for Mann-Whitney: these ties) could give */
    double error; /* standard error of a Monte Carlo p; 0 when exact */
    bool exact;
};

/* Mann-Whitney U with midranks: the exact permutation distribution, by counting, up to about 10^8 steps;
 * beyond, the normal approximation with tie correction and continuity correction (exact false). R:
 * coin::wilcox_test(..., "exact"). */
struct sb_exact_test sb_mann_whitney(const double *baseline, size_t n1, const double *level, size_t n2);

/*
 * Permutation of the difference of means. All divisions when there are at most 200,000 of them, else `draws`
 * random ones with the seed, p = (1 + hits) / (1 + draws). R: coin::oneway_test(..., distribution = "exact").
 * Tests that the two distributions are the same, not only their means.
 */
struct sb_exact_test sb_permutation_test(const double *baseline, size_t n1, const double *level, size_t n2,
                                         size_t draws, uint64_t seed);

/*
 * Median of all differences level - baseline, and the interval of the shift from the exact distribution of U
 * without ties (normal approximation above 10^8 steps): R wilcox.test(level, baseline, conf.int = TRUE, exact
 * = TRUE). NaN ends and `attained` of the widest interval when even that covers less than `confidence` (3 v 3
 * at 95 %). Assumes that the distributions differ by a shift only. Sizes up to n1 * n2 = 2 * 10^7, else all
 * NaN.
 */
struct sb_shift {
    double shift;
    struct sb_range range;
    double attained;
};
struct sb_shift sb_hodges_lehmann(const double *baseline, size_t n1, const double *level, size_t n2,
                                  double confidence);

/* P(level > baseline) - P(level < baseline) over all pairs (Cliff 1993), -1 ... 1. */
double sb_cliffs_delta(const double *baseline, size_t n1, const double *level, size_t n2);

#endif
