/* One entry's points in one transaction. */
#include "history/history.h"

#include <math.h>
#include <string.h>
#include "core/alloc.h"
#include "core/text.h"
#include "history/cell_key.h"
#include "history/store.h"
#include "history/timestamp.h"

/* The statements of one sb_history_add(). */
struct adder {
    struct sb_history *h;
    sqlite3_stmt *find_entry, *new_entry, *new_series, *find_series, *find_point, *new_point, *new_replicate;
    sqlite3_int64 entry;
    struct sb_history_added *added;
};

struct statement {
    size_t offset;
    const char *sql;
};

#define AT(field) offsetof(struct adder, field)
static const struct statement statements[] = {
    {AT(find_entry), "SELECT id, at_ms FROM entry WHERE name = ?1"},
    {AT(new_entry), "INSERT INTO entry(name, at_ms) VALUES(?1, ?2)"},
    {AT(new_series),
     "INSERT INTO series(cell, metric, unit, better) VALUES(?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING"},
    {AT(find_series), "SELECT id FROM series WHERE cell = ?1 AND metric = ?2 AND unit = ?3 AND better = ?4"},
    {AT(find_point), "SELECT n, n_runs, mean, sd FROM point WHERE series = ?1 AND entry = ?2"},
    {AT(new_point),
     "INSERT INTO point(series, entry, n, n_runs, mean, sd, confidence, ci_low, ci_high, geomean, findings)"
     " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"},
    {AT(new_replicate), "INSERT INTO replicate(series, entry, i, value) VALUES(?1, ?2, ?3, ?4)"},
};

static sqlite3_stmt **statement_of(struct adder *a, size_t i)
{
    return (sqlite3_stmt **)(void *)((char *)a + statements[i].offset);
}

static bool prepare_all(struct adder *a, struct sb_err *err)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(statements); i++)
        if (!(*statement_of(a, i) = sb_store_prepare(a->h, statements[i].sql, err))) return false;
    return true;
}

static void finalize_all(struct adder *a)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(statements); i++)
        sqlite3_finalize(*statement_of(a, i));
}

static void bind_text(sqlite3_stmt *stmt, int i, const char *text)
{
    sqlite3_bind_text(stmt, i, text ? text : "", -1, SQLITE_TRANSIENT);
}

/* NaN becomes NULL. */
static void bind_number(sqlite3_stmt *stmt, int i, double value)
{
    if (isnan(value))
        sqlite3_bind_null(stmt, i);
    else
        sqlite3_bind_double(stmt, i, value);
}

static double number_at(sqlite3_stmt *stmt, int i)
{
    return sqlite3_column_type(stmt, i) == SQLITE_NULL ? NAN : sqlite3_column_double(stmt, i);
}

/* Runs a statement that gives no rows, and makes it ready for the next use. */
static bool run_once(struct adder *a, sqlite3_stmt *stmt, struct sb_err *err)
{
    int step = sb_store_step(a->h, stmt, err);
    sqlite3_reset(stmt);
    return step == SQLITE_DONE;
}

static bool take_entry(struct adder *a, const char *id, int64_t at_ms, struct sb_err *err)
{
    char there[SB_TIME_MAX], given[SB_TIME_MAX];
    bind_text(a->find_entry, 1, id);
    int step = sb_store_step(a->h, a->find_entry, err);
    if (step == -1) return false;
    if (step == SQLITE_ROW) {
        a->entry = sqlite3_column_int64(a->find_entry, 0);
        sqlite3_int64 at = sqlite3_column_int64(a->find_entry, 1);
        sqlite3_reset(a->find_entry);
        if (at == at_ms) return true;
        if (!sb_time_in_range(at))
            return sb_fail(err, SB_ERR_FORMAT, "%s: an entry has no possible time", a->h->name);
        sb_time_format(at, there);
        sb_time_format(at_ms, given);
        return sb_fail(err, SB_ERR_USAGE, "%s: the entry '%.80s' is of %s, not of %s; give another id",
                       a->h->name, id, there, given);
    }
    sqlite3_reset(a->find_entry);
    bind_text(a->new_entry, 1, id);
    sqlite3_bind_int64(a->new_entry, 2, at_ms);
    if (!run_once(a, a->new_entry, err)) return false;
    a->entry = sqlite3_last_insert_rowid(a->h->db);
    a->added->created = true;
    return true;
}

static bool take_series(struct adder *a, const struct sb_summary *s, sqlite3_int64 *series,
                        struct sb_err *err)
{
    struct sb_strbuf cell = SB_STRBUF_INIT;
    sqlite3_stmt *both[] = {a->new_series, a->find_series};
    sb_cell_key_write(&cell, &s->cell);
    for (size_t i = 0; i < SB_ARRAY_SIZE(both); i++) {
        bind_text(both[i], 1, cell.buf);
        bind_text(both[i], 2, s->metric);
        bind_text(both[i], 3, s->unit);
        bind_text(both[i], 4, sb_better_text(s->better));
    }
    sb_strbuf_release(&cell);
    if (!run_once(a, a->new_series, err)) return false;
    int step = sb_store_step(a->h, a->find_series, err);
    if (step == SQLITE_ROW) *series = sqlite3_column_int64(a->find_series, 0);
    sqlite3_reset(a->find_series);
    if (step == SQLITE_DONE)
        return sb_fail(err, SB_ERR_INTERNAL, "%s: a series was written and is not there", a->h->name);
    return step == SQLITE_ROW;
}

static bool same_figure(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

/* *there: the point exists with these figures; false with err when it has others. */
static bool find_point(struct adder *a, sqlite3_int64 series, const struct sb_summary *s, const char *id,
                       bool *there, struct sb_err *err)
{
    struct sb_strbuf cell = SB_STRBUF_INIT;
    sqlite3_bind_int64(a->find_point, 1, series);
    sqlite3_bind_int64(a->find_point, 2, a->entry);
    int step = sb_store_step(a->h, a->find_point, err);
    *there = step == SQLITE_ROW;
    bool same = !*there || (sqlite3_column_int64(a->find_point, 0) == (sqlite3_int64)s->n &&
                            sqlite3_column_int64(a->find_point, 1) == (sqlite3_int64)s->n_runs &&
                            same_figure(number_at(a->find_point, 2), s->mean) &&
                            same_figure(number_at(a->find_point, 3), s->sd));
    sqlite3_reset(a->find_point);
    if (same) return step != -1;
    sb_cell_key_write(&cell, &s->cell);
    sb_fail(err, SB_ERR_USAGE, "%s: the entry '%.80s' has other figures for %s of %s; give another id",
            a->h->name, id, s->metric, cell.buf);
    sb_strbuf_release(&cell);
    return false;
}

static bool add_replicates(struct adder *a, sqlite3_int64 series, const struct sb_summary *s,
                           struct sb_err *err)
{
    for (size_t i = 0; i < s->n; i++) {
        sqlite3_bind_int64(a->new_replicate, 1, series);
        sqlite3_bind_int64(a->new_replicate, 2, a->entry);
        sqlite3_bind_int64(a->new_replicate, 3, (sqlite3_int64)i);
        sqlite3_bind_double(a->new_replicate, 4, s->values[i]);
        if (!run_once(a, a->new_replicate, err)) return false;
    }
    return true;
}

static bool add_point(struct adder *a, sqlite3_int64 series, const struct sb_summary *s, struct sb_err *err)
{
    const double numbers[] = {s->mean, s->sd, s->confidence, s->ci_low, s->ci_high, s->geomean};
    struct sb_strbuf findings = SB_STRBUF_INIT;
    sqlite3_bind_int64(a->new_point, 1, series);
    sqlite3_bind_int64(a->new_point, 2, a->entry);
    sqlite3_bind_int64(a->new_point, 3, (sqlite3_int64)s->n);
    sqlite3_bind_int64(a->new_point, 4, (sqlite3_int64)s->n_runs);
    for (size_t i = 0; i < SB_ARRAY_SIZE(numbers); i++)
        bind_number(a->new_point, 5 + (int)i, numbers[i]);
    for (size_t i = 0; i < s->findings.nr; i++)
        sb_strbuf_addf(&findings, "%s%s", i ? ";" : "", s->findings.v[i]);
    bind_text(a->new_point, 11, findings.buf);
    sb_strbuf_release(&findings);
    if (!run_once(a, a->new_point, err)) return false;
    a->added->points++;
    return add_replicates(a, series, s, err);
}

static bool add_all(struct adder *a, const char *id, int64_t at_ms, const struct sb_summary *const *summaries,
                    size_t nr, struct sb_err *err)
{
    if (!take_entry(a, id, at_ms, err)) return false;
    for (size_t i = 0; i < nr; i++) {
        sqlite3_int64 series = 0;
        bool there;
        if (!summaries[i]->n) continue;
        if (!take_series(a, summaries[i], &series, err) ||
            !find_point(a, series, summaries[i], id, &there, err))
            return false;
        if (there)
            a->added->unchanged++;
        else if (!add_point(a, series, summaries[i], err))
            return false;
    }
    return true;
}

bool sb_history_add(struct sb_history *h, const char *id, int64_t at_ms,
                    const struct sb_summary *const *summaries, size_t nr, struct sb_history_added *added,
                    struct sb_err *err)
{
    struct adder a = {.h = h, .added = added};
    *added = (struct sb_history_added){false, 0, 0};
    if (!*id) return sb_fail(err, SB_ERR_USAGE, "the id of an entry must not be empty");
    if (!sb_store_run(h, "BEGIN IMMEDIATE", err)) return false;
    bool ok = prepare_all(&a, err) && add_all(&a, id, at_ms, summaries, nr, err);
    finalize_all(&a);
    if (ok && sb_store_run(h, "COMMIT", err)) return true;
    sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}
