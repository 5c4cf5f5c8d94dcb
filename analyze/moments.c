#include "analyze/moments.h"

#include <math.h>
#include "core/alloc.h"

double sb_stat_sum(const double *x, size_t n)
{
    double sum = 0, lost = 0;
    for (size_t i = 0; i < n; i++) {
        double next = sum + x[i];
        lost += fabs(sum) >= fabs(x[i]) ? (sum - next) + x[i] : (x[i] - next) + sum;
        sum = next;
    }
    return sum + lost;
}

/* For numbers so large that their sum overflows. */
static double running_mean(const double *x, size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)(i + 1) - mean / (double)(i + 1);
    return mean;
}

double sb_stat_mean(const double *x, size_t n)
{
    if (!n) return NAN;
    double mean = sb_stat_sum(x, n) / (double)n;
    if (!isfinite(mean)) return running_mean(x, n);
    double sum = 0, lost = 0; /* the mean of what is left over, as R does it */
    for (size_t i = 0; i < n; i++) {
        double rest = x[i] - mean, next = sum + rest;
        lost += fabs(sum) >= fabs(rest) ? (sum - next) + rest : (rest - next) + sum;
        sum = next;
    }
    double correction = (sum + lost) / (double)n;
    return isfinite(correction) ? mean + correction : mean;
}

static double var_about(const double *x, size_t n, double mean)
{
    if (n < 2) return NAN;
    double sum = 0, lost = 0, rest = 0;
    for (size_t i = 0; i < n; i++) {
        double d = x[i] - mean, square = d * d, next = sum + square;
        rest += d;
        lost += sum >= square ? (sum - next) + square : (square - next) + sum;
        sum = next;
    }
    double var = (sum + lost - rest * rest / (double)n) / (double)(n - 1);
    return var > 0 || isnan(var) ? var : 0;
}

double sb_stat_var(const double *x, size_t n)
{
    return var_about(x, n, sb_stat_mean(x, n));
}

double sb_stat_sd(const double *x, size_t n)
{
    return sqrt(sb_stat_var(x, n));
}

struct sb_moments sb_stat_moments(const double *x, size_t n)
{
    double mean = sb_stat_mean(x, n);
    return (struct sb_moments){n, mean, var_about(x, n, mean)};
}

bool sb_stat_all_positive(const double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(x[i] > 0)) return false;
    return true;
}

void sb_stat_log(const double *x, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = log(x[i]);
}

double sb_stat_geomean(const double *x, size_t n)
{
    if (!n || !sb_stat_all_positive(x, n)) return NAN;
    double *logs = sb_xreallocarray(NULL, n, sizeof *logs);
    sb_stat_log(x, n, logs);
    double mean = sb_stat_mean(logs, n);
    free(logs);
    return exp(mean);
}

static int cmp_double(const void *pa, const void *pb)
{
    const double *a = pa, *b = pb;
    return (*a > *b) - (*a < *b);
}

void sb_stat_sort(double *x, size_t n)
{
    if (n) qsort(x, n, sizeof *x, cmp_double);
}

double sb_stat_quantile(const double *sorted, size_t n, double p)
{
    if (!n) return NAN;
    double h = (double)(n - 1) * p;
    size_t below = (size_t)floor(h);
    if (below >= n - 1) return sorted[n - 1];
    double part = h - (double)below;
    return part > 0 ? (1 - part) * sorted[below] + part * sorted[below + 1] : sorted[below];
}

static double *sorted_copy(const double *x, size_t n)
{
    double *copy = sb_xreallocarray(NULL, n, sizeof *copy);
    if (n) memcpy(copy, x, n * sizeof *copy);
    sb_stat_sort(copy, n);
    return copy;
}

double sb_stat_median(const double *x, size_t n)
{
    double *copy = sorted_copy(x, n);
    double median = sb_stat_quantile(copy, n, 0.5);
    free(copy);
    return median;
}

double sb_stat_mad(const double *x, size_t n)
{
    double *copy = sorted_copy(x, n);
    double median = sb_stat_quantile(copy, n, 0.5);
    for (size_t i = 0; i < n; i++)
        copy[i] = fabs(copy[i] - median);
    sb_stat_sort(copy, n);
    double mad = 1.4826 * sb_stat_quantile(copy, n, 0.5);
    free(copy);
    return mad;
}
