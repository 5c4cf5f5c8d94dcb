/* The permutation test of means; declared in rank_tests.h. */
#include "analyze/rank_tests.h"

#include <math.h>
#include "analyze/moments.h"
#include "core/random.h"
#include "core/alloc.h"

static const double most_divisions = 200000;

struct permuting {
    double *x; /* pooled, less their mean, so that |sum of the group| measures the difference */
    size_t n, take;
    double threshold; /* an |sum| from here on counts as at least the observed one */
    double divisions, hits, extreme, extreme_nr;
};

static void count(struct permuting *p, double sum)
{
    double size = fabs(sum), slack = 1e-10 * p->threshold;
    p->divisions++;
    if (size >= p->threshold) p->hits++;
    if (size > p->extreme + slack) p->extreme = size, p->extreme_nr = 0;
    if (size >= p->extreme - slack) p->extreme_nr++;
}

/* All divisions in lexicographic order of the group's indices; sums are formed afresh from the last that
 * stays. */
static void enumerate(struct permuting *p)
{
    size_t *index = sb_xreallocarray(NULL, p->take, sizeof *index);
    double *partial = sb_xreallocarray(NULL, p->take + 1, sizeof *partial);
    size_t from = 0;
    partial[0] = 0;
    index[0] = 0;
    for (;;) {
        for (size_t i = from; i < p->take; i++) {
            if (i > from) index[i] = index[i - 1] + 1;
            partial[i + 1] = partial[i] + p->x[index[i]];
        }
        count(p, partial[p->take]);
        size_t i = p->take;
        while (i && index[i - 1] == p->n - p->take + i - 1)
            i--;
        if (!i) break;
        from = i - 1;
        index[from]++;
    }
    free(index);
    free(partial);
}

static void draw(struct permuting *p, size_t draws, uint64_t seed)
{
    struct sb_random random;
    sb_random_seed(&random, seed);
    for (size_t d = 0; d < draws; d++) {
        double sum = 0;
        for (size_t i = 0; i < p->take; i++) { /* the first `take` of a Fisher-Yates shuffle */
            size_t j = i + sb_random_below(&random, p->n - i);
            double swap = p->x[i];
            p->x[i] = p->x[j];
            p->x[j] = swap;
            sum += p->x[i];
        }
        count(p, sum);
    }
}

static double log_divisions(size_t n, size_t take)
{
    return lgamma((double)n + 1) - lgamma((double)take + 1) - lgamma((double)(n - take) + 1);
}

struct sb_exact_test sb_permutation_test(const double *baseline, size_t n1, const double *level, size_t n2,
                                         size_t draws, uint64_t seed)
{
    struct sb_exact_test t = {NAN, NAN, 0, false};
    if (!n1 || !n2) return t;
    struct permuting p = {.n = n1 + n2, .take = n2};
    p.x = sb_xreallocarray(NULL, p.n, sizeof *p.x);
    memcpy(p.x, baseline, n1 * sizeof *p.x);
    memcpy(p.x + n1, level, n2 * sizeof *p.x);
    double mean = sb_stat_mean(p.x, p.n), observed = 0, scale = 0;
    for (size_t i = 0; i < p.n; i++) {
        p.x[i] -= mean;
        scale += fabs(p.x[i]);
        if (i >= n1) observed += p.x[i];
    }
    p.threshold =
        fabs(observed) - 1e-11 * scale; /* sums of one division in another order must count as equal */
    if (scale > 0) {
        t.exact = log_divisions(p.n, n2) <= log(most_divisions);
        if (t.exact)
            enumerate(&p);
        else
            draw(&p, draws, seed);
        t.p = t.exact ? p.hits / p.divisions : (1 + p.hits) / (1 + p.divisions);
        t.floor = t.exact ? p.extreme_nr / p.divisions : 1 / (1 + p.divisions);
        t.error = t.exact ? 0 : sqrt(t.p * (1 - t.p) / p.divisions);
    }
    free(p.x);
    return t;
}
