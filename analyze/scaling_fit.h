/*
 * Scalability laws fitted to throughput against size (threads, vCPUs).
 *
 * Universal Scalability Law (Gunther 2007): X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)); lambda
 * is the throughput of one, sigma contention, kappa coherency. Amdahl's law is the same with kappa = 0.
 * Fitted by least squares on the logarithm of the throughput (errors are a share of the value), with GSL's
 * trust region (Levenberg-Marquardt); R: nls(log(x) ~ loglambda + log(n) - log(1 + sigma*(n-1) +
 * kappa*n*(n-1))). Parameters are not kept above 0: a negative one is super-linear scaling or noise, and is
 * reported as it is. Intervals are the usual linearised ones, estimate -+ t(points - parameters) * standard
 * error.
 */
#ifndef SB_ANALYZE_SCALING_FIT_H
#define SB_ANALYZE_SCALING_FIT_H

#include <stdbool.h>
#include <stddef.h>
#include "analyze/twosample.h"

struct sb_fitted {
    double value, se;
    struct sb_range range; /* NaN without residual degrees of freedom */
};

struct sb_scaling_fit {
    bool ok; /* false: too few distinct sizes, a throughput <= 0, or no convergence; all else is NaN then */
    struct sb_fitted lambda, sigma, kappa; /* lambda's interval is that of its logarithm, exponentiated */
    double rss;                            /* of the logarithms */
    double
        peak; /* USL: sqrt((1 - sigma) / kappa), the size of the highest throughput; NaN when there is none */
    size_t points;
};

/* size[i] >= 1; needs at least as many distinct sizes as parameters: 2 for Amdahl, 3 for the USL. */
struct sb_scaling_fit sb_fit_amdahl(const double *size, const double *throughput, size_t n,
                                    double confidence);
struct sb_scaling_fit sb_fit_usl(const double *size, const double *throughput, size_t n, double confidence);

/* What the fitted law says at a size. */
double sb_scaling_predict(const struct sb_scaling_fit *fit, double size);

#endif
