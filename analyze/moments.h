/*
 * Descriptive statistics of an array of finite numbers.
 *
 * All of them are stable against a large common offset (means by a compensated sum and a correcting second
 * pass, variances by the corrected two-pass sum; Chan, Golub & LeVeque 1983). NaN means undefined: too few
 * numbers, or the logarithm of a number that is not positive. Nothing is modified, nothing is kept.
 */
#ifndef SB_ANALYZE_MOMENTS_H
#define SB_ANALYZE_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>

double sb_stat_sum(const double *x, size_t n);  /* Neumaier's compensated sum; 0 for none */
double sb_stat_mean(const double *x, size_t n); /* R: mean(x); NaN for none; exact when all are equal */
double sb_stat_var(const double *x, size_t n);  /* sample, n - 1: R var(x); NaN below two */
double sb_stat_sd(const double *x, size_t n);   /* R: sd(x) */

/* What a comparison needs of one side. */
struct sb_moments {
    size_t n;
    double mean, var; /* var is NaN below two */
};
struct sb_moments sb_stat_moments(const double *x, size_t n);

bool sb_stat_all_positive(const double *x, size_t n);
void sb_stat_log(const double *x, size_t n, double *out); /* natural logarithms; every x > 0 */
double sb_stat_geomean(const double *x, size_t n);        /* exp(mean(log x)); NaN unless every x > 0 */

void sb_stat_sort(double *x, size_t n); /* ascending */

/* Quantile of ascending numbers, R's type 7 (Hyndman & Fan 1996), 0 <= p <= 1. */
double sb_stat_quantile(const double *sorted, size_t n, double p);
double sb_stat_median(const double *x, size_t n);

/* Median absolute deviation from the median, times 1.4826: R mad(x). */
double sb_stat_mad(const double *x, size_t n);

#endif
