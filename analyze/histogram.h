/*
 * Percentiles of latency histograms, with the bounds that the buckets leave open, and merged across runs (the
 * only way in which percentiles of several runs may be combined).
 *
 * sysbench 1.0 and 1.1 (sb_histogram.c, sysbench.c): 1024 buckets, logarithmic from 0.001 ms to 100,000 ms; a
 * latency belongs to bucket floor((log(value) - log(0.001)) * mult + 0.5), mult = 1023 / (log(100000) -
 * log(0.001)), and the value printed is the bucket's centre exp(i / mult + log(0.001)), with three decimals.
 * So a bucket printed as v covers v exp(-0.5/mult) ... v exp(0.5/mult), about -+ 0.9 %, and the last digit's
 * rounding on top.
 */
#ifndef SB_ANALYZE_HISTOGRAM_H
#define SB_ANALYZE_HISTOGRAM_H

#include <stddef.h>
#include <stdint.h>
#include "core/dataset.h"

struct sb_histogram {
    struct sb_bucket *buckets; /* ascending, each value once; malloc'd */
    size_t nr, alloc;
    uint64_t total;
};

#define SB_HISTOGRAM_INIT                                                                                    \
    {                                                                                                        \
        NULL, 0, 0, 0                                                                                        \
    }

void sb_histogram_release(struct sb_histogram *h);
void sb_histogram_merge(struct sb_histogram *h, const struct sb_bucket *buckets, size_t nr);

/* As sysbench: the first bucket at which the count reaches floor(total * rank / 100 + 0.5). The value is the
 * bucket's centre; low and high are its edges, widened by the rounding of the printed centre. NaN without
 * events. 0 < rank <= 100. */
struct sb_percentile {
    double value, low, high;
};
struct sb_percentile sb_histogram_percentile(const struct sb_histogram *h, double rank);

#endif
