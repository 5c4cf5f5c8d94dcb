/*
 * Several means at once: the studentized range and Dunnett's distribution, and the tests made of them.
 * Probabilities are good to about 1e-9, quantiles to 1e-7.
 */
#ifndef SB_ANALYZE_MANY_MEANS_H
#define SB_ANALYZE_MANY_MEANS_H

#include <stddef.h>
#include "analyze/moments.h"

/* P(Q > q) for the range of `groups` standard normals over an independent estimate of their SD on df degrees
 * of freedom: R ptukey(q, groups, df, lower.tail = FALSE). */
double sb_tukey_upper(double q, size_t groups, double df);
double sb_tukey_quantile(double p, size_t groups, double df); /* R: qtukey(p, groups, df) */

/* Games & Howell (1976): p of one pair among `groups` groups, unequal variances: the studentized range at
 * sqrt(2) |t| with Welch's df. NaN when undefined. */
double sb_games_howell(struct sb_moments a, struct sb_moments b, size_t groups);

/*
 * P(max |T_i| > t) for `nr` comparisons with one baseline of n0 values, sizes n[], errors pooled on df
 * degrees of freedom (Dunnett 1955; correlations sqrt(n_i n_j / ((n_i + n0)(n_j + n0)))).
 */
double sb_dunnett_upper(double t, size_t n0, const size_t *n, size_t nr, double df);
double sb_dunnett_quantile(double p, size_t n0, const size_t *n, size_t nr, double df);

/* Dunnett's test: p[i] of level i against the baseline, equal variances assumed, all pooled. All NaN when the
 * pooled variance is 0 or has no degrees of freedom. */
void sb_dunnett_test(struct sb_moments baseline, const struct sb_moments *levels, size_t nr, double *p);

/* Is one variance for all groups plausible? p of the Brown & Forsythe (1974) test (Levene's about medians):
 * R car::leveneTest. Groups lie one after another in x. NaN when undefined. */
double sb_brown_forsythe(const double *x, const size_t *sizes, size_t groups);

#endif
