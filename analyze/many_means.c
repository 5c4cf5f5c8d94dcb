#include "analyze/many_means.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/quadrature.h"
#include "analyze/tdist.h"
#include "analyze/twosample.h"
#include "core/alloc.h"

static double normal_density(double z)
{
    return exp(-z * z / 2) / sqrt(2 * M_PI);
}

struct tukey {
    double q, width, groups;
};

static double range_part(double z, void *context)
{
    const struct tukey *c = context;
    double inside = gsl_cdf_ugaussian_P(z) - gsl_cdf_ugaussian_P(z - c->width);
    return normal_density(z) * pow(inside, c->groups - 1);
}

/* P(range <= q u): z is the largest of the normals. */
static double range_within(double u, void *context)
{
    struct tukey *c = context;
    c->width = c->q * u;
    double sum = 0;
    for (int panel = 0; panel < 4; panel++)
        sum += sb_integrate_fixed(range_part, c, -8.5 + 4.25 * panel, -4.25 + 4.25 * panel);
    return c->groups * sum;
}

double sb_tukey_upper(double q, size_t groups, double df)
{
    if (isnan(q) || !(df > 0) || groups < 2) return NAN;
    if (q <= 0) return 1;
    struct tukey c = {q, 0, (double)groups};
    double p = 1 - sb_mean_over_sd(range_within, &c, df, INFINITY);
    return p < 0 ? 0 : p;
}

/* x with upper(x) = tail; `upper` falls from 1 to 0 over x > 0. */
static double solve_upper(double (*upper)(double x, const void *context), const void *context, double tail)
{
    double low = 0, high = 4;
    while (upper(high, context) > tail && high < 1e6)
        low = high, high *= 2;
    for (int i = 0; i < 60 && high - low > 1e-9 * high; i++) {
        double middle = low + (high - low) / 2;
        if (upper(middle, context) > tail)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

struct tukey_shape {
    size_t groups;
    double df;
};

static double tukey_upper_of(double q, const void *context)
{
    const struct tukey_shape *c = context;
    return sb_tukey_upper(q, c->groups, c->df);
}

double sb_tukey_quantile(double p, size_t groups, double df)
{
    if (!(p > 0 && p < 1) || !(df > 0) || groups < 2) return NAN;
    struct tukey_shape c = {groups, df};
    return solve_upper(tukey_upper_of, &c, 1 - p);
}

double sb_games_howell(struct sb_moments a, struct sb_moments b, size_t groups)
{
    struct sb_welch w = sb_welch_test(a, b);
    return sb_tukey_upper(sqrt(2) * fabs(w.t), groups, w.df);
}

struct dunnett {
    double t, scaled;
    size_t n0, nr;
    const size_t *n;
    double df;
};

/* Given the baseline's error z: T_i is independent of the others. */
static double dunnett_part(double z, void *context)
{
    const struct dunnett *c = context;
    double product = normal_density(z);
    for (size_t i = 0; i < c->nr; i++) {
        double r = (double)c->n[i] / (double)(c->n[i] + c->n0), lambda = sqrt(r), rest = sqrt(1 - r);
        product *= gsl_cdf_ugaussian_P((lambda * z + c->scaled) / rest) -
                   gsl_cdf_ugaussian_P((lambda * z - c->scaled) / rest);
    }
    return product;
}

static double dunnett_within(double u, void *context)
{
    struct dunnett *c = context;
    c->scaled = c->t * u;
    double sum = 0;
    for (int panel = 0; panel < 4; panel++)
        sum += sb_integrate_fixed(dunnett_part, c, -8.5 + 4.25 * panel, -4.25 + 4.25 * panel);
    return sum;
}

double sb_dunnett_upper(double t, size_t n0, const size_t *n, size_t nr, double df)
{
    if (isnan(t) || !(df > 0) || !nr || !n0) return NAN;
    if (t <= 0) return 1;
    struct dunnett c = {.t = t, .n0 = n0, .nr = nr, .n = n, .df = df};
    double p = 1 - sb_mean_over_sd(dunnett_within, &c, df, INFINITY);
    return p < 0 ? 0 : p;
}

static double dunnett_upper_of(double t, const void *context)
{
    const struct dunnett *c = context;
    return sb_dunnett_upper(t, c->n0, c->n, c->nr, c->df);
}

double sb_dunnett_quantile(double p, size_t n0, const size_t *n, size_t nr, double df)
{
    if (!(p > 0 && p < 1) || !(df > 0) || !nr || !n0) return NAN;
    struct dunnett c = {.n0 = n0, .nr = nr, .n = n, .df = df};
    return solve_upper(dunnett_upper_of, &c, 1 - p);
}

void sb_dunnett_test(struct sb_moments baseline, const struct sb_moments *levels, size_t nr, double *p)
{
    double squares = baseline.n > 1 ? (double)(baseline.n - 1) * baseline.var : 0,
           df = (double)baseline.n - 1;
    size_t *n = sb_xreallocarray(NULL, nr, sizeof *n);
    for (size_t i = 0; i < nr; i++) {
        n[i] = levels[i].n;
        df += (double)n[i] - 1;
        if (n[i] > 1) squares += (double)(n[i] - 1) * levels[i].var;
    }
    for (size_t i = 0; i < nr; i++) {
        p[i] = NAN;
        if (!(df > 0) || !(squares > 0) || !n[i] || !baseline.n) continue;
        double se = sqrt(squares / df * (1 / (double)baseline.n + 1 / (double)n[i]));
        p[i] = sb_dunnett_upper(fabs(levels[i].mean - baseline.mean) / se, baseline.n, n, nr, df);
    }
    free(n);
}

double sb_brown_forsythe(const double *x, const size_t *sizes, size_t groups)
{
    size_t n = 0, at = 0;
    for (size_t g = 0; g < groups; g++)
        n += sizes[g];
    if (groups < 2 || n <= groups) return NAN;
    double *distance = sb_xreallocarray(NULL, n, sizeof *distance), between = 0, within = 0;
    for (size_t g = 0; g < groups; at += sizes[g++]) {
        double median = sb_stat_median(x + at, sizes[g]);
        for (size_t i = 0; i < sizes[g]; i++)
            distance[at + i] = fabs(x[at + i] - median);
    }
    double mean = sb_stat_mean(distance, n);
    at = 0;
    for (size_t g = 0; g < groups; at += sizes[g++]) {
        if (!sizes[g]) continue;
        struct sb_moments m = sb_stat_moments(distance + at, sizes[g]);
        between += (double)m.n * (m.mean - mean) * (m.mean - mean);
        if (m.n > 1) within += (double)(m.n - 1) * m.var;
    }
    free(distance);
    if (!(within > 0)) return NAN;
    double df1 = (double)(groups - 1), df2 = (double)(n - groups);
    return gsl_cdf_fdist_Q(between / df1 / (within / df2), df1, df2);
}
