/*
 * Student's t, central and noncentral, to about 13 digits.
 *
 * GSL's own t distribution switches to a Cornish-Fisher expansion above 30 degrees of freedom; here
 * everything goes through the incomplete beta function, so that small probabilities keep their digits.
 * Degrees of freedom are real and positive (Welch's are not whole). NaN in, NaN out.
 */
#ifndef SB_ANALYZE_TDIST_H
#define SB_ANALYZE_TDIST_H

double sb_t_cdf(double t, double df);       /* P(T <= t): R pt(t, df) */
double sb_t_two_sided(double t, double df); /* P(|T| >= |t|): R 2 * pt(-abs(t), df) */
double sb_t_quantile(double p, double df);  /* R: qt(p, df); 0 < p < 1 */

/* P(T <= t) for the noncentral t with noncentrality `delta`: R pt(t, df, delta). Integrates the normal
 * distribution over the distribution of the standard deviation. */
double sb_t_noncentral_cdf(double t, double df, double delta);

#endif
