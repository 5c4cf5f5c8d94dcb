#include "analyze/quadrature.h"

#include <math.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include "core/alloc.h"

enum { MAX_INTERVALS = 500 };

double sb_integrate(sb_integrand *f, void *context, double low, double high)
{
    if (!(low < high)) return 0;
    gsl_error_handler_t *before = gsl_set_error_handler_off();
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(MAX_INTERVALS);
    double result = NAN, error;
    gsl_function function = {.function = f, .params = context};
    if (space) gsl_integration_qag(&function, low, high, 1e-14, 1e-13, MAX_INTERVALS, GSL_INTEG_GAUSS31, space, &result, &error);
    gsl_integration_workspace_free(space);
    gsl_set_error_handler(before);
    return result;
}

struct over_sd {
    sb_integrand *f;
    void *context;
    double df, log_c;
};

/* u = v^2 takes the root-like start of the density at 0 (df < 3) out of the integrand. */
static double weighted(double v, void *context)
{
    const struct over_sd *c = context;
    double u = v * v;
    if (!(u > 0)) return 0;
    return c->f(u, c->context) * 2 * v * exp(c->log_c + (c->df - 1) * log(u) - c->df * u * u / 2);
}

double sb_mean_over_sd(sb_integrand *f, void *context, double df, double limit)
{
    if (!(df > 0)) return NAN;
    /* beyond these bounds lie less than 1e-18 of the distribution (Laurent & Massart 2000, lemma 1) */
    const double x = 42;
    double below = 1 - 2 * sqrt(x / df);
    double low = below > 0 ? sqrt(below) : 0;
    double high = sqrt(1 + 2 * sqrt(x / df) + 2 * x / df);
    if (limit < high) high = limit;
    struct over_sd c = {f, context, df, log(2) + df / 2 * log(df / 2) - lgamma(df / 2)};
    double middle = low < 1 && 1 < high ? 1 : (low + high) / 2; /* so that a narrow peak is never stepped over */
    return sb_integrate(weighted, &c, sqrt(low), sqrt(middle)) + sb_integrate(weighted, &c, sqrt(middle), sqrt(high));
}
