/*
 * Bias-corrected and accelerated bootstrap interval (Efron 1987; Efron & Tibshirani 1993, ch. 14) of any
 * statistic.
 *
 * The interval's ends are the order statistics of the replicates at the adjusted levels, interpolated (type
 * 6, on B + 1). Assumes independent values from one distribution. Below about 10 values its coverage is well
 * under its level (see docs/statistics.md): it is offered on request, never by default.
 */
#ifndef SB_ANALYZE_BOOTSTRAP_H
#define SB_ANALYZE_BOOTSTRAP_H

#include <stddef.h>
#include <stdint.h>
#include "analyze/twosample.h"

typedef double sb_statistic(const double *x, size_t n, void *context);

struct sb_bca {
    struct sb_range range; /* NaN when the replicates do not vary or the acceleration is undefined */
    double estimate, bias, acceleration; /* z0 and a */
    size_t replicates;
};

/* Resamples with the seeded generator. */
struct sb_bca sb_bca(const double *x, size_t n, sb_statistic *statistic, void *context, size_t replicates,
                     uint64_t seed, double confidence);

/* The same from given resamples: `indices` holds n indices (from 0) for each of them. */
struct sb_bca sb_bca_from_indices(const double *x, size_t n, sb_statistic *statistic, void *context,
                                  size_t replicates, const size_t *indices, double confidence);

/* Statistics to choose from. */
double sb_statistic_mean(const double *x, size_t n, void *context);
double sb_statistic_median(const double *x, size_t n, void *context);
double sb_statistic_geomean(const double *x, size_t n, void *context);
double sb_statistic_sd(const double *x, size_t n, void *context);

#endif
