/*
 * Where the variation comes from: between boots or within them, and how to spend repetitions.
 */
#ifndef SB_ANALYZE_VARIANCE_H
#define SB_ANALYZE_VARIANCE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * One-way random effects by the ANOVA estimator, unequal sizes allowed (Searle, Casella & McCulloch
 * 1992, 3.6): within = MS_within; between = (MS_between - MS_within) / n0, n0 = (N - sum n_i^2 / N) / (groups
 * - 1), truncated at 0. The values of the groups lie one after another in x. `between` is NaN below two
 * groups, `within` when no group has two values (then `between` is NaN too: the two cannot be told apart).
 */
struct sb_components {
    double between, within; /* variances */
    double icc;             /* between / (between + within): the correlation of two runs of one boot */
    bool truncated;         /* the estimate of `between` was negative */
};
struct sb_components sb_variance_components(const double *x, const size_t *sizes, size_t groups);

/* Runs per boot with the smallest variance of the mean at given cost: sqrt(within / between * cost_boot /
 * cost_run) (Cochran 1977, 10.6), rounded to a whole number of at least 1; `most` when there is no variation
 * between boots. */
size_t sb_best_runs_per_boot(const struct sb_components *c, double cost_boot, double cost_run, size_t most);

/* Half the t interval of the mean of boots x runs: t(boots - 1) sqrt((between + within / runs) / boots). */
double sb_expected_half_width(const struct sb_components *c, size_t boots, size_t runs, double confidence);

/* The smallest number of boots whose expected half width is at most `half`; 0 when above `limit` or
 * undefined. */
size_t sb_boots_for_half_width(const struct sb_components *c, size_t runs, double half, double confidence,
                               size_t limit);

#endif
