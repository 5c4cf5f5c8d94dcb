#include "analyze/normality.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/moments.h"
#include "core/alloc.h"

static double polynomial(const double *c, size_t terms, double x)
{
    double sum = 0;
    while (terms--)
        sum = sum * x + c[terms];
    return sum;
}

#define POLYNOMIAL(c, x) polynomial((c), SB_ARRAY_SIZE(c), (x))

/* Royston's weights of the upper half, a[i] for the i-th largest, i from 0; n >= 4. */
static void weights(double *a, size_t n)
{
    static const double c1[] = {0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056};
    static const double c2[] = {0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633};
    size_t half = n / 2;
    double squares = 0, root = 1 / sqrt((double)n);
    for (size_t i = 0; i < half; i++) {
        a[i] = gsl_cdf_ugaussian_Qinv(((double)i + 1 - 0.375) / ((double)n + 0.25));
        squares += 2 * a[i] * a[i];
    }
    double m0 = a[0], m1 = a[1], first = POLYNOMIAL(c1, root) + m0 / sqrt(squares), scale;
    size_t from = n > 5 ? 2 : 1;
    if (n > 5) {
        double second = POLYNOMIAL(c2, root) + m1 / sqrt(squares);
        scale = sqrt((squares - 2 * m0 * m0 - 2 * m1 * m1) / (1 - 2 * first * first - 2 * second * second));
        a[1] = second;
    } else {
        scale = sqrt((squares - 2 * m0 * m0) / (1 - 2 * first * first));
    }
    a[0] = first;
    for (size_t i = from; i < half; i++)
        a[i] /= scale;
}

static double p_of(double w, size_t n)
{
    static const double g[] = {-2.273, 0.459}, c3[] = {0.544, -0.39978, 0.025054, -6.714e-4},
                        c4[] = {1.3822, -0.77857, 0.062767, -0.0020322},
                        c5[] = {-1.5861, -0.31082, -0.083751, 0.0038915},
                        c6[] = {-0.4803, -0.082676, 0.0030302};
    double y = log1p(-w), size = (double)n, mean, sd;
    if (n == 3) return fmax(0, 6 / M_PI * (asin(sqrt(w)) - asin(sqrt(0.75))));
    if (n <= 11) {
        double gamma = POLYNOMIAL(g, size);
        if (y >= gamma) return 1e-99;
        y = -log(gamma - y);
        mean = POLYNOMIAL(c3, size);
        sd = exp(POLYNOMIAL(c4, size));
    } else {
        mean = POLYNOMIAL(c5, log(size));
        sd = exp(POLYNOMIAL(c6, log(size)));
    }
    return gsl_cdf_ugaussian_Q((y - mean) / sd);
}

struct sb_normality sb_shapiro_wilk(const double *x, size_t n)
{
    struct sb_normality result = {NAN, NAN};
    if (n < 3 || n > 5000) return result;
    double *sorted = sb_xreallocarray(NULL, n, sizeof *sorted), *a = sb_xcalloc(n, sizeof *a);
    memcpy(sorted, x, n * sizeof *sorted);
    sb_stat_sort(sorted, n);
    struct sb_moments m = sb_stat_moments(sorted, n);
    if (n == 3)
        a[0] = sqrt(0.5);
    else
        weights(a, n);
    double sum = 0, norm = 0;
    for (size_t i = 0; i < n / 2; i++) {
        sum += a[i] * (sorted[n - 1 - i] - sorted[i]);
        norm += 2 * a[i] * a[i];
    }
    if (m.var > 0) {
        result.w = fmin(1, sum * sum / norm / (m.var * (double)(n - 1)));
        result.p = p_of(result.w, n);
    }
    free(sorted);
    free(a);
    return result;
}
