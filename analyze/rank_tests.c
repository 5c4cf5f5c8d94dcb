#include "analyze/rank_tests.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/moments.h"
#include "core/alloc.h"

static const double most_steps = 1e8;

struct ranked {
    double value;
    bool level;
};

static int ranked_cmp(const void *pa, const void *pb)
{
    const struct ranked *a = pa, *b = pb;
    return (a->value > b->value) - (a->value < b->value);
}

/* Doubled midranks of the pooled values (whole numbers), sorted; returns the doubled rank sum of `level`. */
static size_t doubled_ranks(const double *baseline, size_t n1, const double *level, size_t n2, size_t *ranks)
{
    size_t n = n1 + n2, sum = 0;
    struct ranked *all = sb_xreallocarray(NULL, n, sizeof *all);
    for (size_t i = 0; i < n; i++)
        all[i] = i < n1 ? (struct ranked){baseline[i], false} : (struct ranked){level[i - n1], true};
    qsort(all, n, sizeof *all, ranked_cmp);
    for (size_t from = 0, to; from < n; from = to) {
        for (to = from + 1; to < n && all[to].value == all[from].value;)
            to++;
        for (size_t i = from; i < to; i++) {
            ranks[i] = from + 1 + to; /* twice the mean of the ranks from+1 ... to */
            if (all[i].level) sum += ranks[i];
        }
    }
    free(all);
    return sum;
}

/*
 * weight[s] = share of the subsets of `take` ranks that sum to s, s = 0 ... most. Counting by size and sum;
 * kept as shares, each rank being drawn with the chance it has when subsets are drawn one element at a time,
 * so that nothing overflows: after i ranks, w[k][s] is the probability that k of them are in and sum to s.
 */
static double *sum_distribution(const size_t *ranks, size_t n, size_t take, size_t most)
{
    size_t width = most + 1, reached = 0;
    double *w = sb_xcalloc((take + 1) * width, sizeof *w);
    w[0] = 1;
    for (size_t i = 0; i < n; i++) {
        reached = reached + ranks[i] < most ? reached + ranks[i] : most;
        for (size_t k = i + 1 < take ? i + 1 : take; k + 1 > 0; k--) {
            /* given k are in before rank i, it is in with probability (take - k) / (n - i) */
            double stays = take >= k && n - i >= take - k ? 1 - (double)(take - k) / (double)(n - i) : 0;
            double enters = k ? (double)(take - k + 1) / (double)(n - i) : 0;
            double *here = w + k * width, *below = k ? here - width : NULL;
            for (size_t s = reached + 1; s-- > 0;)
                here[s] = here[s] * stays + (k && s >= ranks[i] ? below[s - ranks[i]] * enters : 0);
            if (!k) break;
        }
    }
    double *weight = sb_xreallocarray(NULL, width, sizeof *weight);
    memcpy(weight, w + take * width, width * sizeof *weight);
    free(w);
    return weight;
}

static struct sb_exact_test no_test(void)
{
    return (struct sb_exact_test){NAN, NAN, 0, false};
}

/* p from the distribution of the doubled rank sum; its centre is take * (n + 1). */
static struct sb_exact_test from_distribution(const double *weight, size_t most, size_t centre,
                                              size_t observed)
{
    struct sb_exact_test t = {0, 0, 0, true};
    size_t distance = observed > centre ? observed - centre : centre - observed, largest = 0;
    for (size_t s = 0; s <= most; s++) {
        size_t d = s > centre ? s - centre : centre - s;
        if (!(weight[s] > 0)) continue;
        if (d >= distance) t.p += weight[s];
        if (d > largest) largest = d, t.floor = 0;
        if (d == largest) t.floor += weight[s];
    }
    t.p = fmin(t.p, 1);
    return t;
}

static struct sb_exact_test by_normal(const size_t *ranks, size_t n, size_t n2, size_t observed)
{
    double total = (double)n, take = (double)n2, squares = 0;
    for (size_t i = 0; i < n; i++) {
        double d = ((double)ranks[i] - (total + 1)) / 2;
        squares += d * d;
    }
    double var = take * (total - take) * squares / (total * (total - 1));
    double distance = fabs((double)observed - take * (total + 1)) / 2;
    double z = fmax(0, distance - 0.5) / sqrt(var);
    return (struct sb_exact_test){2 * gsl_cdf_ugaussian_Q(z), 0, 0, false};
}

struct sb_exact_test sb_mann_whitney(const double *baseline, size_t n1, const double *level, size_t n2)
{
    if (!n1 || !n2) return no_test();
    size_t n = n1 + n2, *ranks = sb_xreallocarray(NULL, n, sizeof *ranks);
    size_t observed = doubled_ranks(baseline, n1, level, n2, ranks), most = 0;
    for (size_t i = n - n2; i < n; i++)
        most += ranks[i];
    struct sb_exact_test t = no_test();
    if (ranks[0] != ranks[n - 1]) {
        if ((double)n * (double)n2 * (double)most > most_steps) {
            t = by_normal(ranks, n, n2, observed);
        } else {
            double *weight = sum_distribution(ranks, n, n2, most);
            t = from_distribution(weight, most, n2 * (n + 1), observed);
            free(weight);
        }
    }
    free(ranks);
    return t;
}

/* The rank r for which [d(r), d(mn + 1 - r)] of the sorted differences covers at least `confidence`, 0 when
 * none does. */
static size_t shift_rank(size_t n1, size_t n2, double confidence, double *attained)
{
    double product = (double)n1 * (double)n2, alpha = 1 - confidence;
    size_t n = n1 + n2, lowest = n2 * (n2 + 1), most = lowest + 2 * n1 * n2;
    if ((double)n * (double)n2 * (double)most > most_steps) {
        double sd = sqrt(product * (double)(n + 1) / 12), z = gsl_cdf_ugaussian_Pinv(1 - alpha / 2);
        double r = floor(product / 2 - z * sd + 0.5);
        *attained = 1 - 2 * gsl_cdf_ugaussian_P((r - 0.5 - product / 2) / sd);
        return r > 0 ? (size_t)r : 0;
    }
    size_t *ranks = sb_xreallocarray(NULL, n, sizeof *ranks), r = 0;
    for (size_t i = 0; i < n; i++)
        ranks[i] = 2 * (i + 1);
    double *weight = sum_distribution(ranks, n, n2, most), below = weight[lowest]; /* P(U <= 0), U from 0 */
    *attained = 1 - 2 * below;
    while (below <= alpha / 2 * (1 + 1e-12) &&
           r < n1 * n2) { /* P(U <= r) is small enough: the end may go in to d(r+1) */
        *attained = 1 - 2 * below;
        r++;
        below += weight[lowest + 2 * r];
    }
    free(weight);
    free(ranks);
    return r;
}

struct sb_shift sb_hodges_lehmann(const double *baseline, size_t n1, const double *level, size_t n2,
                                  double confidence)
{
    struct sb_shift result = {NAN, {NAN, NAN}, NAN};
    if (!n1 || !n2 || n1 > 20000000 / n2) return result;
    size_t nr = n1 * n2;
    double *diffs = sb_xreallocarray(NULL, nr, sizeof *diffs);
    for (size_t i = 0; i < nr; i++)
        diffs[i] = level[i % n2] - baseline[i / n2];
    sb_stat_sort(diffs, nr);
    result.shift = sb_stat_quantile(diffs, nr, 0.5);
    size_t rank = shift_rank(n1, n2, confidence, &result.attained);
    if (rank) result.range = (struct sb_range){diffs[rank - 1], diffs[nr - rank]};
    free(diffs);
    return result;
}

double sb_cliffs_delta(const double *baseline, size_t n1, const double *level, size_t n2)
{
    if (!n1 || !n2) return NAN;
    size_t *ranks = sb_xreallocarray(NULL, n1 + n2, sizeof *ranks);
    double sum = (double)doubled_ranks(baseline, n1, level, n2, ranks) / 2;
    free(ranks);
    double u = sum - (double)n2 * (double)(n2 + 1) / 2; /* pairs with level above, ties half */
    return 2 * u / ((double)n1 * (double)n2) - 1;
}
