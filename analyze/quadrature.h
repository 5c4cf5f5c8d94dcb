/* Numerical integration for the distributions that GSL does not have. */
#ifndef SB_ANALYZE_QUADRATURE_H
#define SB_ANALYZE_QUADRATURE_H

typedef double sb_integrand(double x, void *context);

/* The integral of f over [low, high], both finite, to about 1e-13 (adaptive Gauss-Kronrod, QUADPACK's QAG).
 */
double sb_integrate(sb_integrand *f, void *context, double low, double high);

/*
 * E[f(U)] restricted to U <= limit, where U = S / sigma is the estimated standard deviation of a normal
 * sample with df degrees of freedom over the true one (df U^2 is chi-squared). `limit` may be INFINITY; df >
 * 0.
 */
double sb_mean_over_sd(sb_integrand *f, void *context, double df, double limit);

/* The same with a fixed 40-point Gauss-Legendre rule, for smooth integrands that are wanted often; about
 * 1e-9. */
double sb_integrate_fixed(sb_integrand *f, void *context, double low, double high);
double sb_mean_over_sd_fixed(sb_integrand *f, void *context, double df, double limit);

#endif
