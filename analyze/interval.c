#include "analyze/interval.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/quadrature.h"
#include "analyze/tdist.h"
#include "core/alloc.h"

struct sb_range sb_log_t_interval(const double *x, size_t n, double confidence)
{
    if (n < 2 || !sb_stat_all_positive(x, n)) return (struct sb_range){NAN, NAN};
    double *logs = sb_xreallocarray(NULL, n, sizeof *logs);
    sb_stat_log(x, n, logs);
    struct sb_range r = sb_t_interval(sb_stat_moments(logs, n), confidence);
    free(logs);
    return (struct sb_range){exp(r.low), exp(r.high)};
}

/* What [x(rank), x(n + 1 - rank)] covers. */
static double coverage(size_t n, size_t rank)
{
    return 1 - 2 * gsl_cdf_binomial_P((unsigned)(rank - 1), 0.5, (unsigned)n);
}

struct sb_median_interval sb_median_interval(const double *x, size_t n, double confidence)
{
    struct sb_median_interval result = {{NAN, NAN}, n ? coverage(n, 1) : NAN, 0};
    size_t low = 0, high = n / 2 + 1; /* coverage falls with the rank: the largest that is enough */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (coverage(n, middle) >= confidence)
            low = middle;
        else
            high = middle;
    }
    if (!low) return result;
    double *sorted = sb_xreallocarray(NULL, n, sizeof *sorted);
    memcpy(sorted, x, n * sizeof *sorted);
    sb_stat_sort(sorted, n);
    result = (struct sb_median_interval){{sorted[low - 1], sorted[n - low]}, coverage(n, low), low};
    free(sorted);
    return result;
}

struct sb_range sb_prediction_interval(struct sb_moments m, double confidence)
{
    if (m.n < 2) return (struct sb_range){NAN, NAN};
    double half =
        sb_t_quantile(1 - (1 - confidence) / 2, (double)(m.n - 1)) * sqrt(m.var * (1 + 1 / (double)m.n));
    return (struct sb_range){m.mean - half, m.mean + half};
}

struct tolerance {
    double n, content, k;
};

/* The r with Phi(z + r) - Phi(z - r) = content: Newton from the solution at z = 0; the left side is concave
 * in r > 0. */
static double half_width(double z, double content)
{
    double r = gsl_cdf_ugaussian_Pinv((1 + content) / 2) + z;
    for (int i = 0; i < 60; i++) {
        double error = gsl_cdf_ugaussian_P(z + r) - gsl_cdf_ugaussian_P(z - r) - content;
        double slope = (exp(-(z + r) * (z + r) / 2) + exp(-(z - r) * (z - r) / 2)) / sqrt(2 * M_PI);
        double step = error / slope;
        r -= step;
        if (fabs(step) < 1e-15 * r) break;
    }
    return r;
}

/* Given the mean's error z / sqrt(n): the chance that k s reaches the half width that is needed. */
static double reaches(double z, void *context)
{
    const struct tolerance *c = context;
    double r = half_width(z / sqrt(c->n), c->content), df = c->n - 1;
    return 2 * exp(-z * z / 2) / sqrt(2 * M_PI) * gsl_cdf_chisq_Q(df * r * r / (c->k * c->k), df);
}

double sb_tolerance_factor(size_t n, double content, double confidence)
{
    if (n < 2 || !(content > 0 && content < 1) || !(confidence > 0 && confidence < 1)) return NAN;
    double low = 0, high = 4;
    struct tolerance c = {(double)n, content, high};
    while (sb_integrate(reaches, &c, 0, 9) < confidence && high < 1e9)
        low = high, c.k = high *= 2;
    for (int i = 0; i < 60 && high - low > 1e-13 * high; i++) {
        c.k = low + (high - low) / 2;
        if (sb_integrate(reaches, &c, 0, 9) < confidence)
            low = c.k;
        else
            high = c.k;
    }
    return low + (high - low) / 2;
}

struct sb_range sb_tolerance_interval(struct sb_moments m, double content, double confidence)
{
    double half = m.n < 2 ? NAN : sb_tolerance_factor(m.n, content, confidence) * sqrt(m.var);
    return (struct sb_range){m.mean - half, m.mean + half};
}
