/* Entries and points as they come out of the file, in an order that does not depend on when they went in. */
#include "history/history.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "history/cell_key.h"
#include "history/history_load.h"
#include "history/store.h"
#include "history/timestamp.h"

/* A text column in the arena; NUL bytes cannot be in one that we wrote. */
static const char *text_at(struct sb_arena *arena, sqlite3_stmt *stmt, int i)
{
    const char *text = (const char *)sqlite3_column_text(stmt, i);
    return text ? sb_arena_intern(arena, text, strlen(text)) : "";
}

static double number_at(sqlite3_stmt *stmt, int i)
{
    return sqlite3_column_type(stmt, i) == SQLITE_NULL ? NAN : sqlite3_column_double(stmt, i);
}

static size_t count_at(sqlite3_stmt *stmt, int i)
{
    sqlite3_int64 value = sqlite3_column_int64(stmt, i);
    return value > 0 ? (size_t)value : 0;
}

static const char *time_text(struct sb_arena *arena, int64_t at_ms)
{
    char buf[SB_TIME_MAX];
    sb_time_format(at_ms, buf);
    return sb_arena_strdup(arena, buf);
}

static bool check_time(struct sb_history *h, int64_t at_ms, struct sb_err *err)
{
    return sb_time_in_range(at_ms) ||
           sb_fail(err, SB_ERR_FORMAT, "%s: an entry has no possible time", h->name);
}

static int when_cmp(int64_t a, const char *a_id, int64_t b, const char *b_id)
{
    return a != b ? (a < b ? -1 : 1) : sb_natural_cmp(a_id, b_id);
}

/* ---- entries ---- */

static int entry_cmp(const void *pa, const void *pb)
{
    const struct sb_history_entry *a = pa, *b = pb;
    return when_cmp(a->at_ms, a->id, b->at_ms, b->id);
}

bool sb_history_list(struct sb_history *h, struct sb_history_entries *entries, struct sb_err *err)
{
    int step;
    bool ok = true;
    *entries = (struct sb_history_entries){.v = NULL};
    sb_arena_init(&entries->arena);
    sqlite3_stmt *stmt = sb_store_prepare(
        h, "SELECT name, at_ms, (SELECT count(*) FROM point WHERE entry = entry.id) FROM entry", err);
    if (!stmt) return false;
    while (ok && (step = sb_store_step(h, stmt, err)) == SQLITE_ROW) {
        if (!(ok = check_time(h, sqlite3_column_int64(stmt, 1), err))) break;
        SB_ALLOC_GROW(entries->v, entries->nr + 1, entries->alloc);
        struct sb_history_entry *e = &entries->v[entries->nr++];
        *e = (struct sb_history_entry){.id = text_at(&entries->arena, stmt, 0),
                                       .at_ms = sqlite3_column_int64(stmt, 1),
                                       .points = count_at(stmt, 2)};
        e->at = time_text(&entries->arena, e->at_ms);
    }
    sqlite3_finalize(stmt);
    if (entries->nr) qsort(entries->v, entries->nr, sizeof *entries->v, entry_cmp);
    return ok && step == SQLITE_DONE;
}

void sb_history_entries_release(struct sb_history_entries *entries)
{
    free(entries->v);
    sb_arena_free(&entries->arena);
    *entries = (struct sb_history_entries){.v = NULL};
}

/* ---- points ---- */

struct loader {
    struct sb_history *h;
    const struct sb_history_query *query;
    struct sb_trends *trends;
    sqlite3_stmt *points, *replicates;
};

static bool metric_wanted(const struct sb_history_query *query, const char *metric)
{
    const char *const *glob = query->metrics;
    if (!glob || !*glob) return true;
    while (*glob && !sb_glob_match(*glob, metric))
        glob++;
    return *glob != NULL;
}

static enum sb_better better_of(const char *text)
{
    return strcmp(text, "higher") == 0  ? SB_BETTER_HIGHER
           : strcmp(text, "lower") == 0 ? SB_BETTER_LOWER
                                        : SB_BETTER_NONE;
}

static void split_codes(struct sb_arena *arena, const char *text, struct sb_codes *codes)
{
    while (*text) {
        size_t len = strcspn(text, ";");
        if (len) sb_codes_add(arena, codes, sb_arena_intern(arena, text, len));
        text += len + (text[len] == ';');
    }
}

static bool load_replicates(struct loader *l, sqlite3_int64 series, sqlite3_int64 entry,
                            struct sb_trend_point *p, struct sb_err *err)
{
    int step;
    size_t alloc = 0;
    double *values = NULL;
    sqlite3_bind_int64(l->replicates, 1, series);
    sqlite3_bind_int64(l->replicates, 2, entry);
    while ((step = sb_store_step(l->h, l->replicates, err)) == SQLITE_ROW) {
        SB_ALLOC_GROW(values, p->values_nr + 1, alloc);
        values[p->values_nr++] = number_at(l->replicates, 0);
    }
    sqlite3_reset(l->replicates);
    if (p->values_nr) {
        double *kept = sb_arena_alloc(&l->trends->arena, p->values_nr * sizeof *kept);
        memcpy(kept, values, p->values_nr * sizeof *kept);
        p->values = kept;
    }
    free(values);
    return step == SQLITE_DONE;
}

static int point_cmp(const void *pa, const void *pb)
{
    const struct sb_trend_point *a = pa, *b = pb;
    return when_cmp(a->at_ms, a->id, b->at_ms, b->id);
}

static bool load_points(struct loader *l, sqlite3_int64 series, struct sb_trend *trend, struct sb_err *err)
{
    struct sb_arena *arena = &l->trends->arena;
    sqlite3_stmt *stmt = l->points;
    int step;
    bool ok = true;
    sqlite3_bind_int64(stmt, 1, series);
    while (ok && (step = sb_store_step(l->h, stmt, err)) == SQLITE_ROW) {
        if (!(ok = check_time(l->h, sqlite3_column_int64(stmt, 2), err))) break;
        SB_ALLOC_GROW(trend->points, trend->nr + 1, trend->alloc);
        struct sb_trend_point *p = &trend->points[trend->nr++];
        *p = (struct sb_trend_point){.id = text_at(arena, stmt, 1),
                                     .at_ms = sqlite3_column_int64(stmt, 2),
                                     .n = count_at(stmt, 3),
                                     .n_runs = count_at(stmt, 4),
                                     .mean = number_at(stmt, 5),
                                     .sd = number_at(stmt, 6),
                                     .confidence = number_at(stmt, 7),
                                     .ci_low = number_at(stmt, 8),
                                     .ci_high = number_at(stmt, 9),
                                     .geomean = number_at(stmt, 10)};
        p->at = time_text(arena, p->at_ms);
        split_codes(arena, text_at(arena, stmt, 11), &p->findings);
        ok = load_replicates(l, series, sqlite3_column_int64(stmt, 0), p, err);
    }
    sqlite3_reset(stmt);
    if (trend->nr) qsort(trend->points, trend->nr, sizeof *trend->points, point_cmp);
    return ok && step == SQLITE_DONE;
}

/* One row of `series`, when the query wants it. */
static bool load_series(struct loader *l, sqlite3_stmt *stmt, struct sb_err *err)
{
    struct sb_arena *arena = &l->trends->arena;
    struct sb_trend trend = {.metric = text_at(arena, stmt, 2), .unit = text_at(arena, stmt, 3), .p = NAN};
    if (!sb_cell_key_read(arena, text_at(arena, stmt, 1), &trend.cell))
        return sb_fail(err, SB_ERR_FORMAT, "%s: a series is not written as sbstat writes it", l->h->name);
    trend.better = better_of(text_at(arena, stmt, 4));
    if (!metric_wanted(l->query, trend.metric) ||
        !sb_labels_match(&trend.cell, l->query->filters, l->query->filters_nr))
        return true;
    bool ok = load_points(l, sqlite3_column_int64(stmt, 0), &trend, err);
    if (!trend.nr) {
        free(trend.points);
        return ok;
    }
    SB_ALLOC_GROW(l->trends->v, l->trends->nr + 1, l->trends->alloc);
    l->trends->v[l->trends->nr++] = trend;
    return ok;
}

static int trend_cmp(const void *pa, const void *pb)
{
    const struct sb_trend *a = pa, *b = pb;
    int cmp = sb_labels_cmp(&a->cell, &b->cell);
    if (cmp) return cmp;
    size_t ra = sb_metric_rank(a->metric), rb = sb_metric_rank(b->metric);
    if (ra != rb) return ra < rb ? -1 : 1;
    cmp = sb_natural_cmp(a->metric, b->metric);
    if (!cmp) cmp = strcmp(a->unit, b->unit);
    return cmp ? cmp : (int)a->better - (int)b->better;
}

/* Reads all series within one transaction, so that a writer in between does not show half. */
static bool load_all(struct loader *l, struct sb_err *err)
{
    int step = -1;
    bool ok = true;
    sqlite3_stmt *stmt = sb_store_prepare(l->h, "SELECT id, cell, metric, unit, better FROM series", err);
    l->points = sb_store_prepare(
        l->h,
        "SELECT entry.id, name, at_ms, n, n_runs, mean, sd, confidence, ci_low, ci_high, geomean, findings"
        " FROM point JOIN entry ON entry.id = point.entry WHERE series = ?1",
        err);
    l->replicates = sb_store_prepare(
        l->h, "SELECT value FROM replicate WHERE series = ?1 AND entry = ?2 ORDER BY i", err);
    if (stmt && l->points && l->replicates)
        while (ok && (step = sb_store_step(l->h, stmt, err)) == SQLITE_ROW)
            ok = load_series(l, stmt, err);
    sqlite3_finalize(stmt);
    sqlite3_finalize(l->points);
    sqlite3_finalize(l->replicates);
    return ok && step == SQLITE_DONE;
}

bool sb_history_load(struct sb_history *h, const struct sb_history_query *query, struct sb_trends *trends,
                     struct sb_err *err)
{
    struct loader l = {.h = h, .query = query, .trends = trends};
    if (!sb_store_run(h, "BEGIN", err)) return false;
    bool ok = load_all(&l, err);
    sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
    if (trends->nr) qsort(trends->v, trends->nr, sizeof *trends->v, trend_cmp);
    return ok;
}
