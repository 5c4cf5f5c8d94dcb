#include "analyze/twosample.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/quadrature.h"
#include "analyze/tdist.h"

/* Welch-Satterthwaite degrees of freedom of v1 + v2, v = var / n. */
static double satterthwaite(double v1, size_t n1, double v2, size_t n2)
{
    double share1 = v1 / (v1 + v2),
           share2 = v2 / (v1 + v2); /* as shares, so that tiny variances do not underflow */
    return 1 / (share1 * share1 / (double)(n1 - 1) + share2 * share2 / (double)(n2 - 1));
}

struct sb_welch sb_welch_test(struct sb_moments baseline, struct sb_moments level)
{
    struct sb_welch w = {level.mean - baseline.mean, NAN, NAN, NAN, NAN};
    if (baseline.n < 2 || level.n < 2) return w;
    double v1 = baseline.var / (double)baseline.n, v2 = level.var / (double)level.n;
    if (!(v1 + v2 > 0)) return w;
    w.se = sqrt(v1 + v2);
    w.df = satterthwaite(v1, baseline.n, v2, level.n);
    w.t = w.diff / w.se;
    w.p = sb_t_two_sided(w.t, w.df);
    return w;
}

struct sb_range sb_welch_interval(const struct sb_welch *welch, double confidence)
{
    double half = welch->se * sb_t_quantile(1 - (1 - confidence) / 2, welch->df);
    return (struct sb_range){welch->diff - half, welch->diff + half};
}

struct sb_range sb_t_interval(struct sb_moments m, double confidence)
{
    if (m.n < 2) return (struct sb_range){NAN, NAN};
    double half = sqrt(m.var / (double)m.n) * sb_t_quantile(1 - (1 - confidence) / 2, (double)(m.n - 1));
    return (struct sb_range){m.mean - half, m.mean + half};
}

double sb_hedges_g(struct sb_moments baseline, struct sb_moments level)
{
    if (baseline.n < 2 || level.n < 2) return NAN;
    double m = (double)(baseline.n + level.n - 2);
    double pooled = ((double)(baseline.n - 1) * baseline.var + (double)(level.n - 1) * level.var) / m;
    if (!(pooled > 0)) return NAN;
    double correction = exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2);
    return correction * (level.mean - baseline.mean) / sqrt(pooled);
}

/* The ratios r for which (level - r baseline)^2 <= t^2 (v_level + r^2 v_baseline): the roots of a quadratic.
 */
struct sb_ratio_interval sb_fieller_interval(struct sb_moments baseline, struct sb_moments level,
                                             double confidence)
{
    struct sb_ratio_interval f = {level.mean / baseline.mean, NAN, {NAN, NAN}};
    if (baseline.n < 2 || level.n < 2) return f;
    double vb = baseline.var / (double)baseline.n, vl = level.var / (double)level.n,
           scaled = f.ratio * f.ratio * vb;
    if (!isfinite(f.ratio) || !(vl + scaled > 0)) return f;
    f.df = satterthwaite(vl, level.n, scaled, baseline.n);
    double t = sb_t_quantile(1 - (1 - confidence) / 2, f.df), square = t * t;
    double a = baseline.mean * baseline.mean - square * vb;
    double b = baseline.mean * level.mean; /* root is b^2 - a c, without what would cancel */
    double root = square * (vb * level.mean * level.mean + vl * baseline.mean * baseline.mean) -
                  square * square * vb * vl;
    if (!(a > 0) || !(root >= 0)) return f;
    f.range = (struct sb_range){(b - sqrt(root)) / a, (b + sqrt(root)) / a};
    return f;
}

double sb_welch_power(double difference, double var1, size_t n1, double var2, size_t n2, double alpha)
{
    double v1 = var1 / (double)n1, v2 = var2 / (double)n2;
    if (n1 < 2 || n2 < 2 || !(v1 + v2 > 0)) return NAN;
    double df = satterthwaite(v1, n1, v2, n2);
    double critical = sb_t_quantile(1 - alpha / 2, df), delta = fabs(difference) / sqrt(v1 + v2);
    if (delta > critical + 40) return 1;
    /* the upper tail as the lower tail of the mirrored distribution, so that small powers keep their digits
     */
    return sb_t_noncentral_cdf(-critical, df, -delta) + sb_t_noncentral_cdf(-critical, df, delta);
}

size_t sb_welch_sample_size(double difference, double var1, double var2, double alpha, double power,
                            size_t limit)
{
    if (!(var1 + var2 > 0) || !(fabs(difference) > 0) || limit < 2) return 0;
    if (!(sb_welch_power(difference, var1, limit, var2, limit, alpha) >= power)) return 0;
    size_t below = 1, enough = limit; /* power grows with n */
    while (enough - below > 1) {
        size_t middle = below + (enough - below) / 2;
        if (sb_welch_power(difference, var1, middle, var2, middle, alpha) >= power)
            enough = middle;
        else
            below = middle;
    }
    return enough;
}

/*
 * With s_i^2 = var_i X_i / f_i, X_i chi-squared on f_i = n_i - 1: B = X_1 / (X_1 + X_2) is beta distributed
 * and independent of T = X_1 + X_2, chi-squared on f_1 + f_2. The standard error is sqrt(T) times a function
 * of B, and Welch's df depends on B alone. B = sin^2(angle) makes the beta density smooth at both ends.
 */
struct tost {
    double difference, bound, alpha, v1, v2; /* v = var / n */
    double f1, f2;
    double log_c; /* of the density of the angle */
};

struct tost_given_share {
    double low, high; /* the bounds less the difference, over the true standard error */
    double half;      /* half the interval per unit of sqrt(T / (f1 + f2)), over the same */
};

static double tost_given_share(double u, void *context)
{
    const struct tost_given_share *c = context;
    double p = gsl_cdf_ugaussian_P(c->high - c->half * u) - gsl_cdf_ugaussian_P(c->low + c->half * u);
    return p > 0 ? p : 0;
}

static double tost_at_angle(double angle, void *context)
{
    const struct tost *c = context;
    double s = sin(angle), share = s * s, se = sqrt(c->v1 + c->v2), f = c->f1 + c->f2;
    double e1 = c->v1 * share / c->f1, e2 = c->v2 * (1 - share) / c->f2; /* the estimated v's over T */
    double df = satterthwaite(e1, (size_t)c->f1 + 1, e2, (size_t)c->f2 + 1);
    double critical = sb_t_quantile(1 - c->alpha, df);
    struct tost_given_share inner = {(-c->bound - c->difference) / se, (c->bound - c->difference) / se,
                                     critical * sqrt((e1 + e2) * f) / se};
    double density = exp(c->log_c + (c->f1 - 1) * log(s) + (c->f2 - 1) * log(cos(angle)));
    return density * sb_mean_over_sd_fixed(tost_given_share, &inner, f, c->bound / (se * inner.half));
}

double sb_tost_power(double difference, double bound, double var1, size_t n1, double var2, size_t n2,
                     double alpha)
{
    if (n1 < 2 || n2 < 2) return NAN;
    struct tost c = {difference,       bound, alpha, var1 / (double)n1, var2 / (double)n2, (double)(n1 - 1),
                     (double)(n2 - 1), 0};
    if (isnan(c.v1 + c.v2)) return NAN;
    if (!(c.v1 + c.v2 > 0)) return fabs(difference) <= bound ? 1 : 0;
    c.log_c = log(2) + lgamma((c.f1 + c.f2) / 2) - lgamma(c.f1 / 2) - lgamma(c.f2 / 2);
    double middle = atan(sqrt(c.f1 / c.f2)), reach = 7 / sqrt(c.f1 + c.f2); /* about 10 standard deviations */
    return sb_integrate_fixed(tost_at_angle, &c, fmax(0, middle - reach), fmin(M_PI / 2, middle + reach));
}
