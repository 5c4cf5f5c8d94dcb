/* What can be said about the series: where they changed, with one level for all of them. */
#include "history/history.h"

#include <math.h>
#include "core/alloc.h"
#include "history/change.h"
#include "history/history_load.h"

static const uint64_t seed = UINT64_C(20140313);
enum { SHUFFLES = 9999 };

/* A series as it is searched: the points that have a value, as logarithms when all are positive. */
struct search {
    struct sb_trend *trend;
    double *x;
    size_t *point; /* index of each value's point */
    size_t nr;
    bool logs;
    struct sb_change *changes; /* those that reached alpha, in the order found */
    size_t changes_nr;
    double p; /* of the most likely change; NaN: not tested */
};

/* What stands for a point: the geometric mean, which is what comparisons compare, else the mean. */
static double centre_of(const struct sb_trend_point *p)
{
    return isfinite(p->geomean) ? p->geomean : p->mean;
}

static void take_values(struct search *s)
{
    s->x = sb_xreallocarray(NULL, s->trend->nr, sizeof *s->x);
    s->point = sb_xreallocarray(NULL, s->trend->nr, sizeof *s->point);
    s->logs = true;
    for (size_t i = 0; i < s->trend->nr; i++) {
        double value = centre_of(&s->trend->points[i]);
        if (!isfinite(value)) continue;
        s->logs = s->logs && value > 0;
        s->point[s->nr] = i;
        s->x[s->nr++] = value;
    }
    for (size_t i = 0; i < s->nr && s->logs; i++)
        s->x[i] = log(s->x[i]);
}

static void search_one(struct search *s, double alpha, size_t series)
{
    double most = (double)series / alpha;
    size_t shuffles = most > SHUFFLES && most < 1e7
                          ? (size_t)most
                          : SHUFFLES; /* so that one series of many can reach its level */
    s->p = NAN;
    if (sb_change_p_floor(s->nr) > alpha) return;
    s->changes = sb_xreallocarray(NULL, s->nr / 2 + 1, sizeof *s->changes);
    s->changes_nr = sb_find_changes(s->x, s->nr, alpha, shuffles, seed, s->changes);
    s->p = s->changes[0].p;
    s->trend->tested = true;
    s->trend->p = s->p;
}

/* Benjamini-Hochberg: the largest alpha k / m that the k-th smallest p reaches; NaN when none does. */
static double step_up_level(const struct search *searches, size_t nr, size_t tested, double alpha)
{
    double level = NAN;
    for (size_t i = 0; i < nr; i++) {
        size_t k = 0;
        if (isnan(searches[i].p)) continue;
        for (size_t j = 0; j < nr; j++)
            k += searches[j].p <= searches[i].p;
        double reach = alpha * (double)k / (double)tested;
        if (searches[i].p <= reach && !(level >= reach)) level = reach;
    }
    return level;
}

static int position_cmp(const void *pa, const void *pb)
{
    const struct sb_change *a = pa, *b = pb;
    return (a->at > b->at) - (a->at < b->at);
}

static double segment_centre(const struct search *s, size_t from, size_t to)
{
    double mean = 0;
    for (size_t i = from; i < to; i++)
        mean += (s->x[i] - mean) / (double)(i - from + 1);
    return s->logs ? exp(mean) : mean;
}

static enum sb_verdict verdict_of(enum sb_better better, double before, double after)
{
    if (better == SB_BETTER_NONE || before == after) return SB_VERDICT_NONE;
    return (after > before) == (better == SB_BETTER_HIGHER) ? SB_FASTER : SB_SLOWER;
}

static void number_segments(struct sb_trend *trend)
{
    size_t segment = 0;
    for (size_t i = 0; i < trend->nr; i++) {
        while (segment < trend->changes_nr && trend->changes[segment].at <= i)
            segment++;
        trend->points[i].segment = segment;
    }
}

/* Keeps the changes that reach the level: a first part of the list, as p never falls in it. */
static void conclude(struct sb_arena *arena, struct search *s, double level)
{
    size_t kept = 0;
    while (kept < s->changes_nr && s->changes[kept].p <= level)
        kept++;
    if (kept) qsort(s->changes, kept, sizeof *s->changes, position_cmp);
    s->trend->changes = sb_arena_calloc(arena, kept + 1, sizeof *s->trend->changes);
    for (size_t i = 0; i < kept; i++) {
        size_t from = i ? s->changes[i - 1].at : 0, at = s->changes[i].at,
               to = i + 1 < kept ? s->changes[i + 1].at : s->nr;
        double before = segment_centre(s, from, at), after = segment_centre(s, at, to);
        s->trend->changes[i] =
            (struct sb_trend_change){.at = s->point[at],
                                     .before = before,
                                     .after = after,
                                     .ratio = s->logs ? after / before : NAN,
                                     .p = s->changes[i].p,
                                     .verdict = verdict_of(s->trend->better, before, after)};
    }
    s->trend->changes_nr = kept;
    number_segments(s->trend);
}

static void find_changes(struct sb_trends *trends, bool adjust)
{
    struct search *searches = sb_xcalloc(trends->nr + 1, sizeof *searches);
    trends->needed = sb_change_points_needed(trends->alpha);
    for (size_t i = 0; i < trends->nr; i++) {
        searches[i].trend = &trends->v[i];
        take_values(&searches[i]);
        trends->tested += sb_change_p_floor(searches[i].nr) <= trends->alpha;
    }
    for (size_t i = 0; i < trends->nr; i++)
        search_one(&searches[i], trends->alpha, adjust ? trends->tested : 1);
    trends->level =
        adjust ? step_up_level(searches, trends->nr, trends->tested, trends->alpha) : trends->alpha;
    for (size_t i = 0; i < trends->nr; i++) {
        conclude(&trends->arena, &searches[i], trends->level);
        free(searches[i].x);
        free(searches[i].point);
        free(searches[i].changes);
    }
    free(searches);
}

bool sb_history_trends(struct sb_history *h, const struct sb_history_query *query, struct sb_trends *trends,
                       struct sb_err *err)
{
    *trends = (struct sb_trends){.alpha = query->alpha > 0 ? query->alpha : 0.05, .level = NAN};
    sb_arena_init(&trends->arena);
    if (!(trends->alpha < 1)) return sb_fail(err, SB_ERR_USAGE, "alpha must lie between 0 and 1");
    if (!sb_history_load(h, query, trends, err)) return false;
    find_changes(trends, query->adjust);
    return true;
}

void sb_trends_release(struct sb_trends *trends)
{
    for (size_t i = 0; i < trends->nr; i++)
        free(trends->v[i].points);
    free(trends->v);
    sb_arena_free(&trends->arena);
    *trends = (struct sb_trends){.v = NULL};
}
