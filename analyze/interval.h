/*
 * Intervals of one sample besides the t interval of the mean (twosample.h). NaN, NaN: undefined or not
 * attainable.
 */
#ifndef SB_ANALYZE_INTERVAL_H
#define SB_ANALYZE_INTERVAL_H

#include <stddef.h>
#include "analyze/twosample.h"

/* Of the geometric mean: exp of the t interval of the logarithms (Cox 1972's "naive" scale: it is about the
 * median of a lognormal). NaN unless every x > 0. */
struct sb_range sb_log_t_interval(const double *x, size_t n, double confidence);

/*
 * Of the median, from order statistics: [x(r), x(n+1-r)] with the largest r whose coverage, 1 - 2 P(Bin(n,
 * 1/2) < r), is at least `confidence` (Hahn & Meeker 1991, 5.2). No assumption but independence. When even
 * the whole range covers less (n <= 5 at 95 %), the interval is NaN, rank is 0 and `attained` is what the
 * whole range would cover.
 */
struct sb_median_interval {
    struct sb_range range;
    double attained;
    size_t rank; /* r */
};
struct sb_median_interval sb_median_interval(const double *x, size_t n, double confidence);

/* Of one further observation from the same normal distribution: mean -+ t s sqrt(1 + 1/n). */
struct sb_range sb_prediction_interval(struct sb_moments m, double confidence);

/* The factor k for which mean -+ k s holds at least the share `content` of a normal population with this
 * confidence, exact (Odeh & Owen 1980; the double integral is solved numerically). n >= 2. */
double sb_tolerance_factor(size_t n, double content, double confidence);
struct sb_range sb_tolerance_interval(struct sb_moments m, double content, double confidence);

#endif
