/*
 * Where a series changed: E-divisive (D. S. Matteson and N. A. James, "A nonparametric approach for multiple
 * change point analysis of multivariate data", J. Am. Stat. Assoc. 109 (2014) 334-345) for one dimension.
 *
 * A segment of m + n points is split where the energy statistic of its two parts is largest,
 *
 *   Q = m n / (m + n) * (2 mean|x - y| - mean|x - x'| - mean|y - y'|)
 *
 * (the means over all pairs of one point of each part, and over all pairs within a part), both parts having
 * at least SB_CHANGE_LEAST points. The right part always ends with the segment, as in D. Daly et al., "The
 * use of change point detection to identify software performance regressions in a continuous integration
 * system" (ICPE 2020). The most divided segment's split is tested by a permutation test: the points are
 * shuffled within each segment and the largest Q of all segments is looked for again; p is the share of
 * shuffles, the series as observed among them, whose Q is at least as large. When p reaches the level the
 * split stands and the search goes on, else it ends.
 *
 * As long as the points of a stable series are exchangeable (independent, with any one distribution), the
 * chance that it is split at all is at most the level. Drift and correlation between neighbours are changes
 * in this sense.
 *
 * Shuffling stops early when `100` shuffles were as large as the observed (J. Besag and P. Clifford,
 * "Sequential Monte Carlo p-values", Biometrika 78 (1991) 301-304): p = 100 / shuffles made. It is seeded:
 * same series, same answer. One shuffle of n points takes n log n steps.
 */
#ifndef SB_HISTORY_CHANGE_H
#define SB_HISTORY_CHANGE_H

#include <stddef.h>
#include <stdint.h>

enum { SB_CHANGE_LEAST = 2 };

struct sb_change {
    size_t at; /* index of the first point of the new segment */
    double p;  /* never below the p of an earlier one in the list */
};

/* The smallest p that n points allow: 2 / choose(n, n / 2). Above 1: no split at all. */
double sb_change_p_floor(size_t n);

/* The fewest points with which a change can reach `level`. */
size_t sb_change_points_needed(double level);

/*
 * The changes of x[0..n), all finite, in the order in which they were found; `changes` has room for n / 2
 * + 1. Returns how many reached the level. When there is at least one split to try, changes[returned] is the
 * first that did not. `shuffles`: at most so many for each test (9,999 gives p down to 0.0001).
 */
size_t sb_find_changes(const double *x, size_t n, double level, size_t shuffles, uint64_t seed,
                       struct sb_change *changes);

#endif
