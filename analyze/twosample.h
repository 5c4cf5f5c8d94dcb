/* Two independent samples by their means: Welch's t, effect sizes, power. */
#ifndef SB_ANALYZE_TWOSAMPLE_H
#define SB_ANALYZE_TWOSAMPLE_H

#include <stddef.h>
#include "analyze/moments.h"

/* An interval; NaN, NaN when undefined. */
struct sb_range {
    double low, high;
};

/* Welch (1947), level - baseline: R t.test(level, baseline). Everything but `diff` is NaN when a side has
 * fewer than two values or when both are constant. */
struct sb_welch {
    double diff, se, df, t, p;
};
struct sb_welch sb_welch_test(struct sb_moments baseline, struct sb_moments level);
struct sb_range sb_welch_interval(const struct sb_welch *welch, double confidence);

/* mean -+ t * sem: R t.test(x)$conf.int. NaN below two values. */
struct sb_range sb_t_interval(struct sb_moments m, double confidence);

/*
 * Hedges' g: (level - baseline) / pooled SD, times the exact small-sample correction
 * J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m-1)/2)), m = n1 + n2 - 2 (Hedges 1981, eq. 6e). NaN when the pooled
 * SD is 0 or undefined.
 */
double sb_hedges_g(struct sb_moments baseline, struct sb_moments level);

/*
 * Interval of the ratio of means level / baseline (Fieller 1954), variances not assumed equal:
 * Welch-Satterthwaite degrees of freedom at the estimated ratio (Tamhane & Logan 2004; R:
 * mratios::ttestratio). NaN when the interval is unbounded, that is when the baseline's mean is not itself
 * significantly away from 0, or when a side has fewer than two values.
 */
struct sb_ratio_interval {
    double ratio, df;
    struct sb_range range;
};
struct sb_ratio_interval sb_fieller_interval(struct sb_moments baseline, struct sb_moments level,
                                             double confidence);

/*
 * Power of the two-sided Welch test at level alpha for a true difference, when the groups have these
 * variances: the noncentral t with Welch's df taken at the true variances. Sizes at least 2. R (equal
 * variances and sizes): power.t.test(n, delta, sd, sig.level, strict = TRUE).
 */
double sb_welch_power(double difference, double var1, size_t n1, double var2, size_t n2, double alpha);

/*
 * The smallest n per group with at least `power`, or 0 when it is above `limit` or undefined (a variance that
 * is NaN, both variances 0, no difference).
 */
size_t sb_welch_sample_size(double difference, double var1, double var2, double alpha, double power,
                            size_t limit);

/*
 * Probability that the (1 - 2 alpha) Welch interval lies within [-bound, bound] when the true difference is
 * `difference`: two one-sided tests (Schuirmann 1987). Integrated over both sample variances, so that the
 * random degrees of freedom count too. 1 when both variances are 0 and the difference is within.
 */
double sb_tost_power(double difference, double bound, double var1, size_t n1, double var2, size_t n2,
                     double alpha);

#endif
