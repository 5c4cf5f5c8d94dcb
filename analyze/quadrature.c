#include "analyze/quadrature.h"

#include <math.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include "core/alloc.h"

enum { MAX_INTERVALS = 500 };

double sb_integrate(sb_integrand *f, void *context, double low, double high)
{
    if (!(low < high)) return 0;
    gsl_set_error_handler_off(); /* the default one aborts */
    gsl_integration_workspace *space = gsl_integration_workspace_alloc(MAX_INTERVALS);
    double result = NAN, error;
    gsl_function gsl = {.function = f, .params = context};
    if (space)
        gsl_integration_qag(&gsl, low, high, 1e-14, 1e-13, MAX_INTERVALS, GSL_INTEG_GAUSS31, space, &result,
                            &error);
    gsl_integration_workspace_free(space);
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

/* Beyond these bounds lie less than e^-x of the distribution of U (Laurent & Massart 2000, lemma 1). */
static double lowest(double df, double x)
{
    double square = 1 - 2 * sqrt(x / df);
    return square > 0 ? sqrt(square) : 0;
}

static double highest(double df, double x, double limit)
{
    return fmin(limit, sqrt(1 + 2 * sqrt(x / df) + 2 * x / df));
}

static struct over_sd over_sd(sb_integrand *f, void *context, double df)
{
    return (struct over_sd){f, context, df, log(2) + df / 2 * log(df / 2) - lgamma(df / 2)};
}

double sb_mean_over_sd(sb_integrand *f, void *context, double df, double limit)
{
    if (!(df > 0)) return NAN;
    double low = lowest(df, 42), high = highest(df, 42, limit);
    struct over_sd c = over_sd(f, context, df);
    double middle =
        low < 1 && 1 < high ? 1 : (low + high) / 2; /* so that a narrow peak is never stepped over */
    return sb_integrate(weighted, &c, sqrt(low), sqrt(middle)) +
           sb_integrate(weighted, &c, sqrt(middle), sqrt(high));
}

double sb_integrate_fixed(sb_integrand *f, void *context, double low, double high)
{
    /* the positive half of the 40 nodes and their weights */
    static const struct {
        double node, weight;
    } rule[] = {
        {0.038772417506050823, 0.077505947978424805}, {0.11608407067525521, 0.077039818164247972},
        {0.19269758070137111, 0.076110361900626242},  {0.26815218500725369, 0.074723169057968261},
        {0.34199409082575849, 0.072886582395804062},  {0.41377920437160498, 0.07061164739128678},
        {0.4830758016861787, 0.067912045815233898},   {0.54946712509512818, 0.064804013456601042},
        {0.61255388966798019, 0.061306242492928938},  {0.67195668461417957, 0.057439769099391552},
        {0.7273182551899271, 0.053227846983936823},   {0.77830565142651942, 0.048695807635072232},
        {0.8246122308333117, 0.043870908185673269},   {0.86595950321225945, 0.038782167974472016},
        {0.90209880696887434, 0.033460195282547844},  {0.93281280827867652, 0.0279370069800234},
        {0.95791681921379168, 0.022245849194166958},  {0.9772599499837743, 0.01642105838190789},
        {0.99072623869945697, 0.010498284531152813},  {0.99823770971055925, 0.0045212770985331909},
    };
    if (!(low < high)) return 0;
    double middle = (low + high) / 2, half = (high - low) / 2, sum = 0;
    for (size_t i = 0; i < sizeof rule / sizeof *rule; i++)
        sum += rule[i].weight *
               (f(middle - half * rule[i].node, context) + f(middle + half * rule[i].node, context));
    return half * sum;
}

double sb_mean_over_sd_fixed(sb_integrand *f, void *context, double df, double limit)
{
    if (!(df > 0)) return NAN;
    struct over_sd c = over_sd(f, context, df);
    return sb_integrate_fixed(weighted, &c, sqrt(lowest(df, 25)), sqrt(highest(df, 25, limit)));
}
