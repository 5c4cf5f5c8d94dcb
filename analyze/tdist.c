#include "analyze/tdist.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/quadrature.h"

/* Above, the continued fraction of the incomplete beta function tires, and GSL's expansion in 1/df is exact.
 */
static const double many_df = 1e5;

double sb_t_two_sided(double t, double df)
{
    if (isnan(t) || isnan(df)) return NAN;
    if (isinf(t)) return 0;
    if (df > many_df) return 2 * gsl_cdf_tdist_P(-fabs(t), df);
    double square = t * t;
    /* I_x(df/2, 1/2) at x = df / (df + t^2); from the side where x is the smaller part */
    if (square > df) return gsl_cdf_beta_P(df / (df + square), df / 2, 0.5);
    return gsl_cdf_beta_Q(square / (df + square), 0.5, df / 2);
}

double sb_t_cdf(double t, double df)
{
    double tail = sb_t_two_sided(t, df) / 2;
    return t > 0 ? 1 - tail : tail;
}

static double t_density(double t, double df)
{
    double log_c = lgamma((df + 1) / 2) - lgamma(df / 2) - 0.5 * log(df * M_PI);
    return exp(log_c - (df + 1) / 2 * log1p(t * t / df));
}

/* The t with P(|T| >= t) = tail, 0 < tail < 1: Newton, kept inside a shrinking bracket. */
static double upper_point(double tail, double df)
{
    double low = 0, high = 2;
    while (sb_t_two_sided(high, df) > tail && high < 1e300)
        low = high, high *= 2;
    double t = low + (high - low) / 2;
    for (int i = 0; i < 200; i++) {
        double excess = sb_t_two_sided(t, df) - tail;
        if (excess > 0)
            low = t;
        else
            high = t;
        double next = t + excess / (2 * t_density(t, df));
        if (!(next > low && next < high)) next = low + (high - low) / 2;
        if (fabs(next - t) <= 4e-16 * fabs(t)) return next;
        t = next;
    }
    return t;
}

double sb_t_quantile(double p, double df)
{
    if (!(p > 0 && p < 1) || !(df > 0)) return NAN;
    if (p == 0.5) return 0;
    if (isinf(df)) return gsl_cdf_ugaussian_Pinv(p);
    return p < 0.5 ? -upper_point(2 * p, df) : upper_point(2 * (1 - p), df);
}

struct noncentral {
    double t, delta;
};

static double normal_part(double u, void *context)
{
    const struct noncentral *c = context;
    return gsl_cdf_ugaussian_P(c->t * u - c->delta);
}

double sb_t_noncentral_cdf(double t, double df, double delta)
{
    if (isnan(t) || isnan(df) || isnan(delta)) return NAN;
    struct noncentral c = {t, delta};
    return sb_mean_over_sd(normal_part, &c, df, INFINITY);
}
