#include "analyze/histogram.h"

#include <math.h>
#include "core/alloc.h"

void sb_histogram_release(struct sb_histogram *h)
{
    free(h->buckets);
    *h = (struct sb_histogram)SB_HISTOGRAM_INIT;
}

static int bucket_cmp(const void *pa, const void *pb)
{
    const struct sb_bucket *a = pa, *b = pb;
    return (a->value_ms > b->value_ms) - (a->value_ms < b->value_ms);
}

void sb_histogram_merge(struct sb_histogram *h, const struct sb_bucket *buckets, size_t nr)
{
    SB_ALLOC_GROW(h->buckets, h->nr + nr, h->alloc);
    for (size_t i = 0; i < nr; i++) {
        if (!buckets[i].count || UINT64_MAX - h->total < buckets[i].count) continue;
        h->buckets[h->nr++] = buckets[i];
        h->total += buckets[i].count;
    }
    if (h->nr) qsort(h->buckets, h->nr, sizeof *h->buckets, bucket_cmp);
    size_t kept = 0;
    for (size_t i = 0; i < h->nr; i++) {
        if (kept && h->buckets[kept - 1].value_ms == h->buckets[i].value_ms)
            h->buckets[kept - 1].count += h->buckets[i].count;
        else
            h->buckets[kept++] = h->buckets[i];
    }
    h->nr = kept;
}

struct sb_percentile sb_histogram_percentile(const struct sb_histogram *h, double rank)
{
    static const double half_digit = 0.0005;
    if (!h->total || !(rank > 0 && rank <= 100)) return (struct sb_percentile){NAN, NAN, NAN};
    double half_bucket = (log(100000) - log(0.001)) / 1023 / 2;
    double wanted = floor((double)h->total * rank / 100 + 0.5), count = 0;
    size_t i = 0;
    while (i + 1 < h->nr && (count += (double)h->buckets[i].count) < wanted)
        i++;
    double value = h->buckets[i].value_ms;
    return (struct sb_percentile){value, fmax(0, value - half_digit) * exp(-half_bucket),
                                  (value + half_digit) * exp(half_bucket)};
}
