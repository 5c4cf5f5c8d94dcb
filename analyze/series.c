#include "analyze/series.h"

#include <math.h>
#include "core/alloc.h"

struct sb_warmup sb_mser5(const double *x, size_t n)
{
    struct sb_warmup w = {0, false};
    size_t k = n / 5, best = 0;
    if (n < 20) return w;
    double *batch = sb_xreallocarray(NULL, k, sizeof *batch), least = INFINITY;
    for (size_t i = 0; i < k; i++)
        batch[i] = sb_stat_mean(x + 5 * i, 5);
    double mean = 0, squares = 0; /* of the batches from d on, grown backwards (Welford) */
    for (size_t d = k; d-- > 0;) {
        double step = batch[d] - mean, nr = (double)(k - d);
        mean += step / nr;
        squares += step * (batch[d] - mean);
        if (d <= k / 2 && squares / (nr * nr) <= least) { /* <=: the earliest of equals */
            least = squares / (nr * nr);
            best = d;
        }
    }
    free(batch);
    w.found = best < k / 2;
    w.cut = w.found ? 5 * best : 0;
    return w;
}

double sb_autocorrelation(const double *x, size_t n, size_t lag)
{
    double mean = sb_stat_mean(x, n), all = 0, lagged = 0;
    for (size_t i = 0; i < n; i++) {
        all += (x[i] - mean) * (x[i] - mean);
        if (i + lag < n) lagged += (x[i] - mean) * (x[i + lag] - mean);
    }
    return all > 0 ? lagged / all : NAN;
}

static struct sb_batch_means batch(const double *x, size_t n, size_t size, double confidence)
{
    size_t nr = n / size, skip = n - nr * size;
    double *means = sb_xreallocarray(NULL, nr, sizeof *means);
    for (size_t i = 0; i < nr; i++)
        means[i] = sb_stat_mean(x + skip + i * size, size);
    struct sb_batch_means b = {.mean = sb_stat_mean(x, n), .range = {NAN, NAN}, .batches = nr, .size = size};
    b.lag1 = sb_autocorrelation(means, nr, 1);
    b.correlated = b.lag1 > 1.645 / sqrt((double)nr);
    if (nr >= 4) b.range = sb_t_interval(sb_stat_moments(means, nr), confidence);
    free(means);
    return b;
}

struct sb_batch_means sb_batch_means(const double *x, size_t n, double confidence)
{
    struct sb_batch_means b = {.mean = NAN, .range = {NAN, NAN}, .lag1 = NAN};
    if (!n) return b;
    size_t size = (size_t)floor(sqrt((double)n));
    b = batch(x, n, size, confidence);
    while (b.correlated && n / (2 * size) >= 8) {
        size *= 2;
        b = batch(x, n, size, confidence);
    }
    return b;
}
