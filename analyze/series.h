/*
 * A run's interval series: where the warm-up ends, and an interval for the run's mean that does not pretend
 * that neighbouring seconds are independent.
 */
#ifndef SB_ANALYZE_SERIES_H
#define SB_ANALYZE_SERIES_H

#include <stdbool.h>
#include <stddef.h>
#include "analyze/twosample.h"

/*
 * MSER-5 (White, Cobb & Spratt 2000): means of batches of 5; the cut d that minimises sum_{i>d} (b_i -
 * mean)^2 / (k - d)^2 over the first half of the batches. Returns how many points to drop (a multiple of 5).
 * `found` is false when the series has fewer than 20 points, or when the minimum lies at the end of the range
 * searched: then no steady state was reached and nothing should be cut.
 */
struct sb_warmup {
    size_t cut;
    bool found;
};
struct sb_warmup sb_mser5(const double *x, size_t n);

/*
 * Non-overlapping batch means (Law & Kelton): batches of floor(sqrt(n)) points from the end backwards, t
 * interval on their means. When their lag-1 autocorrelation is still above 1.645 / sqrt(batches) (one-sided 5
 * %), the batches are doubled in size while at least 8 remain; `correlated` says that it did not help, so the
 * interval is too narrow.
 */
struct sb_batch_means {
    double mean;
    struct sb_range range; /* NaN below 4 batches */
    size_t batches, size;
    double lag1; /* autocorrelation of the batch means */
    bool correlated;
};
struct sb_batch_means sb_batch_means(const double *x, size_t n, double confidence);

double sb_autocorrelation(const double *x, size_t n,
                          size_t lag); /* R: acf(x, plot = FALSE)$acf[lag + 1]; NaN when constant */

#endif
