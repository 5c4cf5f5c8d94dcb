#include "analyze/bootstrap.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/moments.h"
#include "core/random.h"
#include "core/alloc.h"

double sb_statistic_mean(const double *x, size_t n, void *context)
{
    return sb_stat_mean(x, n);
}

double sb_statistic_median(const double *x, size_t n, void *context)
{
    return sb_stat_median(x, n);
}

double sb_statistic_geomean(const double *x, size_t n, void *context)
{
    return sb_stat_geomean(x, n);
}

double sb_statistic_sd(const double *x, size_t n, void *context)
{
    return sb_stat_sd(x, n);
}

/* From the jackknife: sum(d^3) / (6 sum(d^2)^1.5), d = mean of the leave-one-out values - each of them. */
static double acceleration(const double *x, size_t n, sb_statistic *statistic, void *context)
{
    double *left = sb_xreallocarray(NULL, n, sizeof *left),
           *values = sb_xreallocarray(NULL, n, sizeof *values);
    double squares = 0, cubes = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0, to = 0; j < n; j++)
            if (j != i) left[to++] = x[j];
        values[i] = statistic(left, n - 1, context);
    }
    double mean = sb_stat_mean(values, n);
    for (size_t i = 0; i < n; i++) {
        double d = mean - values[i];
        squares += d * d;
        cubes += d * d * d;
    }
    free(left);
    free(values);
    return squares > 0 ? cubes / (6 * pow(squares, 1.5)) : NAN;
}

/* Normal score of the share of replicates below the estimate; those equal to it count half. */
static double bias(const double *sorted, size_t nr, double estimate)
{
    double below = 0;
    for (size_t i = 0; i < nr; i++)
        below += sorted[i] < estimate ? 1 : sorted[i] == estimate ? 0.5 : 0;
    return gsl_cdf_ugaussian_Pinv(below / (double)nr);
}

static double end_at(const double *sorted, size_t nr, const struct sb_bca *b, double level)
{
    double z = b->bias + gsl_cdf_ugaussian_Pinv(level);
    double p = gsl_cdf_ugaussian_P(b->bias + z / (1 - b->acceleration * z));
    double h = p * (double)(nr + 1);
    if (!(h >= 1)) return isnan(h) ? NAN : sorted[0];
    if (h >= (double)nr) return sorted[nr - 1];
    size_t below = (size_t)floor(h);
    return sorted[below - 1] + (h - (double)below) * (sorted[below] - sorted[below - 1]);
}

/* `values` holds the replicates; sorts them. */
static struct sb_bca finish(const double *x, size_t n, sb_statistic *statistic, void *context, double *values,
                            size_t nr, double confidence)
{
    struct sb_bca b = {.range = {NAN, NAN}, .estimate = statistic(x, n, context), .replicates = nr};
    sb_stat_sort(values, nr);
    b.bias = bias(values, nr, b.estimate);
    b.acceleration = n > 1 ? acceleration(x, n, statistic, context) : NAN;
    if (!isfinite(b.bias) || !isfinite(b.acceleration) || values[0] == values[nr - 1]) return b;
    b.range.low = end_at(values, nr, &b, (1 - confidence) / 2);
    b.range.high = end_at(values, nr, &b, 1 - (1 - confidence) / 2);
    return b;
}

struct sb_bca sb_bca_from_indices(const double *x, size_t n, sb_statistic *statistic, void *context,
                                  size_t replicates, const size_t *indices, double confidence)
{
    struct sb_bca none = {{NAN, NAN}, NAN, NAN, NAN, 0};
    if (!n || !replicates) return none;
    double *values = sb_xreallocarray(NULL, replicates, sizeof *values),
           *sample = sb_xreallocarray(NULL, n, sizeof *sample);
    for (size_t b = 0; b < replicates; b++) {
        for (size_t i = 0; i < n; i++)
            sample[i] = x[indices[b * n + i]];
        values[b] = statistic(sample, n, context);
    }
    struct sb_bca result = finish(x, n, statistic, context, values, replicates, confidence);
    free(values);
    free(sample);
    return result;
}

struct sb_bca sb_bca(const double *x, size_t n, sb_statistic *statistic, void *context, size_t replicates,
                     uint64_t seed, double confidence)
{
    size_t *indices = n ? sb_xreallocarray(NULL, replicates * n, sizeof *indices) : NULL;
    struct sb_random random;
    sb_random_seed(&random, seed);
    for (size_t i = 0; i < replicates * n; i++)
        indices[i] = sb_random_below(&random, n);
    struct sb_bca result = sb_bca_from_indices(x, n, statistic, context, replicates, indices, confidence);
    free(indices);
    return result;
}
