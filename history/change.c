#include "history/change.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "core/alloc.h"

enum { EXCEEDANCES = 100 };

double sb_change_p_floor(size_t n)
{
    double choose = 1;
    if (n < 2 * SB_CHANGE_LEAST) return 2;
    for (size_t i = 1; i <= n / 2; i++)
        choose *= (double)(n - n / 2 + i) / (double)i;
    return 2 / choose;
}

size_t sb_change_points_needed(double level)
{
    size_t n = 2 * SB_CHANGE_LEAST;
    while (n < 1100 && sb_change_p_floor(n) > level)
        n++;
    return n;
}

/* ---- random numbers: splitmix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014) ---- */

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* Uniform in 0..n-1; values of the incomplete last round are drawn again. */
static size_t draw_below(uint64_t *state, size_t n)
{
    uint64_t limit = UINT64_MAX - UINT64_MAX % n, r;
    do
        r = next_random(state);
    while (r >= limit);
    return (size_t)(r % n);
}

/* ---- the largest Q of a segment ---- */

struct segment {
    size_t from, nr;
};

struct split {
    size_t at; /* absolute index; 0: the segment is too short */
    double q;
};

/* A series with what one pass over a segment needs. */
struct search {
    const double *value; /* by rank: the distinct values, scaled, ascending */
    size_t *rank;        /* of each point, the current order */
    size_t ranks;
    double *count, *sum; /* Fenwick tree over ranks: points and their values so far */
};

static void tree_add(struct search *s, size_t rank, double value)
{
    for (size_t i = rank + 1; i <= s->ranks; i += i & -i) {
        s->count[i] += 1;
        s->sum[i] += value;
    }
}

static void tree_below(const struct search *s, size_t rank, double *count, double *sum)
{
    *count = *sum = 0;
    for (size_t i = rank + 1; i; i -= i & -i) {
        *count += s->count[i];
        *sum += s->sum[i];
    }
}

static void tree_clear(struct search *s)
{
    for (size_t i = 0; i <= s->ranks; i++)
        s->count[i] = s->sum[i] = 0;
}

/* Sum of the distances from a point to the `nr` points in the tree, whose values sum to `total`. */
static double distance_to_tree(const struct search *s, size_t rank, double nr, double total)
{
    double below, below_sum, x = s->value[rank];
    tree_below(s, rank, &below, &below_sum);
    return x * below - below_sum + (total - below_sum) - x * (nr - below);
}

/*
 * Sums of distances to all points of the segment (`total`, parallel to it), then one pass from left to right:
 * each point leaves the right part for the left one, and the three sums of distances follow.
 */
static struct split largest_split(struct search *s, struct segment g, double *total)
{
    struct split best = {0, 0};
    double nr = (double)g.nr, sum = 0, left = 0, right = 0, between = 0, left_sum = 0;
    if (g.nr < 2 * SB_CHANGE_LEAST) return best;
    tree_clear(s);
    for (size_t i = 0; i < g.nr; i++) {
        tree_add(s, s->rank[g.from + i], s->value[s->rank[g.from + i]]);
        sum += s->value[s->rank[g.from + i]];
    }
    for (size_t i = 0; i < g.nr; i++) {
        total[i] = distance_to_tree(s, s->rank[g.from + i], nr, sum);
        right += total[i] / 2;
    }
    tree_clear(s);
    for (size_t i = 0; i + SB_CHANGE_LEAST < g.nr; i++) {
        size_t rank = s->rank[g.from + i];
        double to_left = distance_to_tree(s, rank, (double)i, left_sum), to_right = total[i] - to_left;
        left += to_left;
        right -= to_right;
        between += to_right - to_left;
        tree_add(s, rank, s->value[rank]);
        left_sum += s->value[rank];
        double m = (double)(i + 1), n = nr - m;
        if (i + 1 < SB_CHANGE_LEAST) continue;
        double q =
            m * n / nr * (2 * between / (m * n) - 2 * left / (m * (m - 1)) - 2 * right / (n * (n - 1)));
        if (!best.at || q > best.q) best = (struct split){g.from + i + 1, q};
    }
    return best;
}

/* ---- the whole search ---- */

static int double_cmp(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* Ranks among the distinct values, and these moved and scaled to [-1, 1], so that Q has no unit. False: all
 * are equal. */
static bool prepare(struct search *s, const double *x, size_t n, double *sorted)
{
    for (size_t i = 0; i < n; i++)
        sorted[i] = x[i];
    qsort(sorted, n, sizeof *sorted, double_cmp);
    double low = sorted[0], high = sorted[n - 1];
    s->ranks = 0;
    for (size_t i = 0; i < n; i++)
        if (!s->ranks || sorted[i] > sorted[s->ranks - 1]) sorted[s->ranks++] = sorted[i];
    for (size_t i = 0; i < n; i++)
        s->rank[i] =
            (size_t)((const double *)bsearch(&x[i], sorted, s->ranks, sizeof *sorted, double_cmp) - sorted);
    double middle = low / 2 + high / 2, half = high / 2 - low / 2;
    if (!(half > 0)) return false;
    for (size_t i = 0; i < s->ranks; i++)
        sorted[i] = (sorted[i] - middle) / half;
    s->value = sorted;
    return true;
}

static void shuffle(size_t *rank, struct segment g, uint64_t *state)
{
    for (size_t i = g.nr; i > 1; i--) {
        size_t j = draw_below(state, i), swap = rank[g.from + i - 1];
        rank[g.from + i - 1] = rank[g.from + j];
        rank[g.from + j] = swap;
    }
}

/* Besag and Clifford's p of the observed q. `spare` holds the order of the points while they are shuffled. */
static double permutation_p(struct search *s, const struct segment *segments, size_t nr, double q,
                            size_t shuffles, uint64_t *state, size_t *spare, double *total, size_t n)
{
    size_t *observed = s->rank, exceeded = 0, made = 0;
    double nearly = q - 1e-9 * fabs(q); /* equal Q of another order differ by rounding */
    for (size_t i = 0; i < n; i++)
        spare[i] = observed[i];
    s->rank = spare;
    while (made < shuffles && exceeded < EXCEEDANCES) {
        double most = 0;
        bool any = false;
        for (size_t k = 0; k < nr; k++) {
            shuffle(s->rank, segments[k], state);
            struct split best = largest_split(s, segments[k], total);
            if (best.at && (!any || best.q > most)) most = best.q;
            any = any || best.at;
        }
        made++;
        exceeded += most >= nearly;
    }
    s->rank = observed;
    if (exceeded == EXCEEDANCES) return (double)exceeded / (double)made;
    return (double)(exceeded + 1) / (double)(made + 1);
}

/* The segment with the largest Q; false when none can be split. */
static bool most_divided(struct search *s, const struct segment *segments, size_t nr, double *total,
                         size_t *index, struct split *most)
{
    bool any = false;
    for (size_t k = 0; k < nr; k++) {
        struct split best = largest_split(s, segments[k], total);
        if (!best.at || (any && best.q <= most->q)) continue;
        *most = best;
        *index = k;
        any = true;
    }
    return any;
}

static void cut_segment(struct segment *segments, size_t *nr, size_t index, size_t at)
{
    for (size_t k = *nr; k > index + 1; k--)
        segments[k] = segments[k - 1];
    segments[index + 1] = (struct segment){at, segments[index].from + segments[index].nr - at};
    segments[index].nr = at - segments[index].from;
    (*nr)++;
}

static size_t search_changes(struct search *s, size_t n, double level, size_t shuffles, uint64_t seed,
                             struct sb_change *changes)
{
    struct segment *segments = sb_xreallocarray(NULL, n + 1, sizeof *segments);
    double *total = sb_xreallocarray(NULL, n, sizeof *total);
    size_t *spare = sb_xreallocarray(NULL, n, sizeof *spare), segments_nr = 1, found = 0, index = 0;
    uint64_t state = seed;
    struct split best = {0, 0};
    segments[0] = (struct segment){0, n};
    while (most_divided(s, segments, segments_nr, total, &index, &best)) {
        double p = permutation_p(s, segments, segments_nr, best.q, shuffles, &state, spare, total, n);
        if (found && p < changes[found - 1].p) p = changes[found - 1].p;
        changes[found] = (struct sb_change){best.at, p};
        if (!(p <= level)) break;
        found++;
        cut_segment(segments, &segments_nr, index, best.at);
    }
    free(segments);
    free(total);
    free(spare);
    return found;
}

size_t sb_find_changes(const double *x, size_t n, double level, size_t shuffles, uint64_t seed,
                       struct sb_change *changes)
{
    if (n < 2 * SB_CHANGE_LEAST) return 0;
    double *sorted = sb_xreallocarray(NULL, n, sizeof *sorted);
    struct search s = {.rank = sb_xreallocarray(NULL, n, sizeof *s.rank)};
    size_t found = 0;
    changes[0] = (struct sb_change){0, 1}; /* nothing differs */
    if (prepare(&s, x, n, sorted)) {
        s.count = sb_xcalloc(s.ranks + 1, sizeof *s.count);
        s.sum = sb_xcalloc(s.ranks + 1, sizeof *s.sum);
        found = search_changes(&s, n, level, shuffles, seed, changes);
    }
    free(s.count);
    free(s.sum);
    free(s.rank);
    free(sorted);
    return found;
}
