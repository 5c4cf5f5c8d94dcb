#include "analyze/scaling_fit.h"

#include <math.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit_nlinear.h>
#include "analyze/tdist.h"
#include "core/alloc.h"

struct points {
    const double *size, *throughput;
    size_t n, parameters;
};

static double denominator(const gsl_vector *beta, size_t parameters, double n)
{
    double kappa = parameters > 2 ? gsl_vector_get(beta, 2) : 0;
    return 1 + gsl_vector_get(beta, 1) * (n - 1) + kappa * n * (n - 1);
}

static int residuals(const gsl_vector *beta, void *context, gsl_vector *f)
{
    const struct points *p = context;
    for (size_t i = 0; i < p->n; i++) {
        double d = denominator(beta, p->parameters, p->size[i]);
        if (!(d > 0)) return GSL_EDOM; /* the step is rejected */
        double log_model = gsl_vector_get(beta, 0) + log(p->size[i]) - log(d);
        gsl_vector_set(f, i, log_model - log(p->throughput[i]));
    }
    return GSL_SUCCESS;
}

static int jacobian(const gsl_vector *beta, void *context, gsl_matrix *j)
{
    const struct points *p = context;
    for (size_t i = 0; i < p->n; i++) {
        double n = p->size[i], d = denominator(beta, p->parameters, n);
        gsl_matrix_set(j, i, 0, 1);
        gsl_matrix_set(j, i, 1, -(n - 1) / d);
        if (p->parameters > 2) gsl_matrix_set(j, i, 2, -n * (n - 1) / d);
    }
    return GSL_SUCCESS;
}

static struct sb_scaling_fit no_fit(size_t n)
{
    struct sb_fitted none = {NAN, NAN, {NAN, NAN}};
    return (struct sb_scaling_fit){false, none, none, none, NAN, NAN, n};
}

static bool enough(const struct points *p)
{
    size_t distinct = 0;
    for (size_t i = 0; i < p->n; i++) {
        size_t j = 0;
        while (j < i && p->size[j] != p->size[i])
            j++;
        if (j == i) distinct++;
        if (!(p->throughput[i] > 0) || !(p->size[i] >= 1)) return false;
    }
    return distinct >= p->parameters;
}

static struct sb_fitted fitted(const gsl_multifit_nlinear_workspace *w, const gsl_matrix *covariance,
                               size_t i, double variance, double t)
{
    double value = gsl_vector_get(gsl_multifit_nlinear_position(w), i);
    double se = sqrt(gsl_matrix_get(covariance, i, i) * variance);
    return (struct sb_fitted){value, se, {value - t * se, value + t * se}};
}

static void read_fit(struct sb_scaling_fit *fit, const gsl_multifit_nlinear_workspace *w,
                     const struct points *p, double confidence)
{
    gsl_matrix *covariance = gsl_matrix_alloc(p->parameters, p->parameters);
    if (!covariance) return;
    gsl_multifit_nlinear_covar(gsl_multifit_nlinear_jac(w), 0, covariance);
    const gsl_vector *f = gsl_multifit_nlinear_residual(w);
    fit->rss = 0;
    for (size_t i = 0; i < p->n; i++)
        fit->rss += gsl_vector_get(f, i) * gsl_vector_get(f, i);
    double df = (double)(p->n - p->parameters), variance = df > 0 ? fit->rss / df : NAN;
    double t = sb_t_quantile(1 - (1 - confidence) / 2, df);
    fit->lambda = fitted(w, covariance, 0, variance, t);
    fit->lambda.value = exp(fit->lambda.value);
    fit->lambda.se *= fit->lambda.value;
    fit->lambda.range = (struct sb_range){exp(fit->lambda.range.low), exp(fit->lambda.range.high)};
    fit->sigma = fitted(w, covariance, 1, variance, t);
    if (p->parameters > 2) fit->kappa = fitted(w, covariance, 2, variance, t);
    gsl_matrix_free(covariance);
    double square = (1 - fit->sigma.value) / fit->kappa.value;
    if (fit->kappa.value > 0 && square > 0) fit->peak = sqrt(square);
    fit->ok = true;
}

/* Start at the throughput of one that the smallest size implies, with a little of both losses. */
static void start(gsl_vector *beta, const struct points *p)
{
    size_t smallest = 0;
    for (size_t i = 1; i < p->n; i++)
        if (p->size[i] < p->size[smallest]) smallest = i;
    gsl_vector_set(beta, 0, log(p->throughput[smallest] / p->size[smallest]));
    gsl_vector_set(beta, 1, 0.05);
    if (p->parameters > 2) gsl_vector_set(beta, 2, 1e-4);
}

static struct sb_scaling_fit fit(struct points p, double confidence)
{
    struct sb_scaling_fit result = no_fit(p.n);
    if (!enough(&p)) return result;
    gsl_set_error_handler_off(); /* the default one aborts */
    gsl_multifit_nlinear_parameters settings = gsl_multifit_nlinear_default_parameters();
    gsl_multifit_nlinear_workspace *w =
        gsl_multifit_nlinear_alloc(gsl_multifit_nlinear_trust, &settings, p.n, p.parameters);
    gsl_vector *beta = gsl_vector_alloc(p.parameters);
    gsl_multifit_nlinear_fdf function = {
        .f = residuals, .df = jacobian, .n = p.n, .p = p.parameters, .params = &p};
    int info, status = GSL_ENOMEM;
    if (w && beta) {
        start(beta, &p);
        status = gsl_multifit_nlinear_init(beta, &function, w);
        if (status == GSL_SUCCESS)
            status = gsl_multifit_nlinear_driver(500, 1e-12, 1e-12, 0, NULL, NULL, &info, w);
        if (status == GSL_ENOPROG)
            status = GSL_SUCCESS; /* no smaller step lowers the sum any further: it is the minimum */
        if (status == GSL_SUCCESS) read_fit(&result, w, &p, confidence);
    }
    gsl_vector_free(beta);
    if (w) gsl_multifit_nlinear_free(w);
    return result;
}

struct sb_scaling_fit sb_fit_amdahl(const double *size, const double *throughput, size_t n, double confidence)
{
    return fit((struct points){size, throughput, n, 2}, confidence);
}

struct sb_scaling_fit sb_fit_usl(const double *size, const double *throughput, size_t n, double confidence)
{
    return fit((struct points){size, throughput, n, 3}, confidence);
}

double sb_scaling_predict(const struct sb_scaling_fit *fit, double size)
{
    double kappa = isnan(fit->kappa.value) ? 0 : fit->kappa.value;
    return fit->lambda.value * size / (1 + fit->sigma.value * (size - 1) + kappa * size * (size - 1));
}
