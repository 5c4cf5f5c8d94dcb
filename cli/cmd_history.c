#include "cli/commands.h"

#include <math.h>
#include "analyze/analyze.h"
#include "cli/chart_trends.h"
#include "cli/emit.h"
#include "cli/load.h"
#include "cli/page.h"
#include "cli/show.h"
#include "cli/trend_intervals.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"
#include "history/history.h"
#include "history/timestamp.h"
#include "io/number.h"
#include "io/table_fill.h"

static const char *db_of(const struct sb_options *o)
{
    return o->db ? o->db : "sbstat-history.sqlite";
}

/* ---- add ---- */

static bool parse_time(const char *text, const char *what, int64_t *ms, struct sb_err *err)
{
    if (sb_time_parse(text, ms)) return true;
    return sb_fail(err, SB_ERR_USAGE, "%s: \"%.40s\" is no time as 2026-11-24 or 2026-11-24T09:30:00Z", what,
                   text);
}

/* The earliest start that the manifests tell. */
static bool manifest_time(const struct sb_dataset *ds, int64_t *ms, struct sb_err *err)
{
    bool found = false;
    for (size_t i = 0; i < ds->env_nr; i++) {
        int64_t one;
        if (strcmp(ds->env[i].name, "started") != 0 || !sb_time_parse(ds->env[i].value, &one)) continue;
        if (!found || one < *ms) *ms = one;
        found = true;
    }
    return found || sb_fail(err, SB_ERR_USAGE, "no manifest tells when the runs were made: give --at TIME");
}

/* The entry is of its runs' one value of --at-label, of --at, or of the manifest's time. */
static bool entry_time(const struct sb_options *o, const struct sb_dataset *ds,
                       const struct sb_loaded *loaded, const char *id, int64_t *ms, struct sb_err *err)
{
    if (!o->at_label) return o->at ? parse_time(o->at, "--at", ms, err) : manifest_time(&loaded->ds, ms, err);
    const char *value = ds->runs_nr ? sb_run_label(&ds->runs[0], o->at_label) : NULL;
    for (size_t i = 0; i < ds->runs_nr; i++)
        if (!sb_streq(sb_run_label(&ds->runs[i], o->at_label), value))
            return sb_fail(err, SB_ERR_USAGE, "the runs of '%.60s' have several times in the label '%.40s'",
                           id, o->at_label);
    if (!value)
        return sb_fail(err, SB_ERR_USAGE, "the runs of '%.60s' have no label '%.40s'", id, o->at_label);
    return parse_time(value, "--at-label", ms, err);
}

/* Labels that name the entry tell nothing about the cell. */
static void drop_label(struct sb_dataset *ds, const char *name)
{
    for (size_t i = 0; i < ds->runs_nr && name; i++)
        sb_labels_set(&ds->runs[i].labels, name, NULL);
}

/* What a history keeps: the figures that are tested, one for each measurement. */
static const struct sb_summary **primary_summaries(const struct sb_results *results,
                                                   const struct sb_options *o, size_t *nr)
{
    const struct sb_summary **list = sb_xcalloc(results->summaries_nr + 1, sizeof *list);
    *nr = 0;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        bool wanted =
            o->metrics.nr ? sb_name_wanted(&o->metrics, s->metric) : s->group.name && s->group.primary;
        if (s->n && wanted) list[(*nr)++] = s;
    }
    return list;
}

struct entry {
    const char *id;
    bool *keep; /* by run; NULL: all */
};

/* Summarised by itself, as if it had been added alone. The history is opened, and made, when there is
 * something to add. */
static bool add_entry(struct sb_history **history, const struct sb_options *o, const struct sb_loaded *loaded,
                      const struct entry *entry, struct sb_history_added *added, struct sb_err *err)
{
    struct sb_dataset ds;
    struct sb_results results;
    int64_t at = 0;
    size_t nr = 0;
    sb_dataset_init(&ds);
    sb_results_init(&results);
    sb_dataset_append(&ds, &loaded->ds, entry->keep);
    bool ok = entry_time(o, &ds, loaded, entry->id, &at, err);
    drop_label(&ds, o->at_label);
    drop_label(&ds, o->factor);
    sb_audit(&ds);
    ok = ok && sb_settings_of(&results.settings, o, err) && sb_summarise(&ds, &results, err);
    if (ok) {
        const struct sb_summary **list = primary_summaries(&results, o, &nr);
        ok = nr || sb_fail(err, SB_ERR_NO_INPUT, "the runs of '%.60s' have no figure to keep", entry->id);
        if (ok && !*history) ok = (*history = sb_history_open(db_of(o), true, err)) != NULL;
        ok = ok && sb_history_add(*history, entry->id, at, list, nr, added, err);
        free(list);
    }
    sb_results_free(&results);
    sb_dataset_free(&ds);
    return ok;
}

/* One entry for all runs, or one for each value of the label that --by names. */
static struct entry *make_entries(const struct sb_options *o, struct sb_loaded *loaded, size_t *nr)
{
    const char **values = NULL;
    *nr = 1;
    if (o->factor) values = sb_dataset_label_values(&loaded->ds, o->factor, nr);
    struct entry *entries = sb_xcalloc(*nr + 1, sizeof *entries);
    for (size_t e = 0; e < *nr; e++) {
        entries[e].id = values ? values[e] : o->id;
        if (!values) continue;
        entries[e].keep = sb_xcalloc(loaded->ds.runs_nr + 1, sizeof *entries[e].keep);
        for (size_t i = 0; i < loaded->ds.runs_nr; i++)
            entries[e].keep[i] = sb_streq(sb_run_label(&loaded->ds.runs[i], o->factor), values[e]);
    }
    return entries;
}

static void add_row(struct sb_table *table, const struct entry *entry, const struct sb_history_added *added)
{
    struct sb_filler f = {sb_table_add_row(table)};
    sb_put_text(&f, sb_arena_strdup(&table->arena, entry->id));
    sb_put_text(&f, added->created ? "created" : added->points ? "extended" : "unchanged");
    sb_put_count(&f, added->points);
    sb_put_count(&f, added->unchanged);
}

static int add_all(const struct sb_options *o, struct sb_loaded *loaded, struct sb_err *err)
{
    struct sb_history *history = NULL;
    static const char *const columns[] = {"id", "entry", "added", "unchanged"};
    struct sb_table table;
    size_t nr;
    struct entry *entries = make_entries(o, loaded, &nr);
    bool ok = nr || sb_fail(err, SB_ERR_USAGE, "no run has the label '%.60s'", o->factor);
    sb_table_init(&table);
    sb_table_set_columns(&table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < nr; i++) {
        struct sb_history_added added;
        if (ok) ok = add_entry(&history, o, loaded, &entries[i], &added, err);
        if (ok) add_row(&table, &entries[i], &added);
        free(entries[i].keep);
    }
    int status = ok ? sb_emit_table(&table, "history", SB_FORMAT_TEXT, o, err) : -1;
    sb_history_close(history);
    sb_table_free(&table);
    free(entries);
    return status;
}

/* Runs without the label belong to no entry. */
static void say_left_out(const struct sb_options *o, const struct sb_dataset *ds)
{
    size_t nr = 0;
    for (size_t i = 0; i < ds->runs_nr && o->factor; i++)
        nr += !sb_run_label(&ds->runs[i], o->factor);
    if (nr && nr < ds->runs_nr && !o->quiet)
        fprintf(stderr, "sbstat: %zu runs without the label of --by are left out\n", nr);
}

static int run_add(const struct sb_options *o, enum sb_format format, struct sb_err *err)
{
    struct sb_loaded loaded;
    int64_t ignored;
    (void)format;
    if (!o->id == !o->factor)
        return sb_fail(err, SB_ERR_USAGE, "give either --id ID or --by LABEL, whose values are the ids") - 1;
    if (o->id && !*o->id) return sb_fail(err, SB_ERR_USAGE, "--id must not be empty") - 1;
    if (o->at && o->at_label) return sb_fail(err, SB_ERR_USAGE, "give one of --at and --at-label") - 1;
    if (o->at && !parse_time(o->at, "--at", &ignored, err)) return -1;
    if (!sb_load(&loaded, o, SB_LOAD_NO_AUDIT, NULL, err)) return -1;
    say_left_out(o, &loaded.ds);
    int status = add_all(o, &loaded, err);
    sb_loaded_release(&loaded);
    return status;
}

/* ---- list ---- */

static int run_list(const struct sb_options *o, enum sb_format format, struct sb_err *err)
{
    static const char *const columns[] = {"id", "at", "series"};
    struct sb_history_entries entries;
    struct sb_table table;
    int status = -1;
    (void)format;
    struct sb_history *history = sb_history_open(db_of(o), false, err);
    if (!history) return -1;
    sb_table_init(&table);
    sb_table_set_columns(&table, columns, SB_ARRAY_SIZE(columns));
    if (sb_history_list(history, &entries, err)) {
        for (size_t i = 0; i < entries.nr; i++) {
            struct sb_filler f = {sb_table_add_row(&table)};
            sb_put_text(&f, entries.v[i].id);
            sb_put_text(&f, entries.v[i].at);
            sb_put_count(&f, entries.v[i].points);
        }
        status = sb_emit_table(&table, "history", SB_FORMAT_TEXT, o, err);
    }
    sb_history_entries_release(&entries);
    sb_history_close(history);
    sb_table_free(&table);
    return status;
}

/* ---- show: csv and json have one row for each point ---- */

/* The change that a point starts, or NULL. */
static const struct sb_trend_change *change_at(const struct sb_trend *t, size_t point)
{
    for (size_t i = 0; i < t->changes_nr; i++)
        if (t->changes[i].at == point) return &t->changes[i];
    return NULL;
}

static void put_point(struct sb_filler *f, const struct sb_trend *t, size_t i)
{
    const struct sb_trend_point *p = &t->points[i];
    const struct sb_trend_change *change = change_at(t, i);
    const double numbers[] = {p->mean, p->sd, p->confidence, p->ci_low, p->ci_high, p->geomean};
    sb_put_text(f, p->id);
    sb_put_text(f, p->at);
    sb_put_count(f, p->n);
    sb_put_count(f, p->n_runs);
    sb_put_numbers(f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_count(f, p->segment + 1);
    sb_put_number(f, change ? change->ratio : NAN);
    sb_put_number(f, change ? change->p : NAN);
    sb_put_text(f, change ? sb_verdict_text(change->verdict) : "");
    sb_put_codes(f, &p->findings);
}

static void fill_points(struct sb_table *table, const struct sb_trends *trends)
{
    static const char *const columns[] = {
        "platform", "config",  "test",   "*",    "metric",  "unit",       "better", "id",
        "at",       "n",       "n_runs", "mean", "sd",      "confidence", "ci_low", "ci_high",
        "geomean",  "segment", "change", "p",    "verdict", "findings",   NULL};
    static const char *const first[] = {"platform", "config", "test", NULL};
    const struct sb_label_sets sets = {trends->nr ? &trends->v->cell : NULL, trends->nr, sizeof *trends->v};
    const char **labels = sb_table_further_labels(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < trends->nr; i++)
        for (size_t k = 0; k < trends->v[i].nr; k++) {
            const struct sb_trend *t = &trends->v[i];
            struct sb_filler f = {sb_table_add_row(table)};
            sb_put_labels(&f, &t->cell, first);
            sb_put_labels(&f, &t->cell, labels);
            sb_put_text(&f, t->metric);
            sb_put_text(&f, t->unit);
            sb_put_text(&f, sb_better_text(t->better));
            put_point(&f, t, k);
        }
}

/* ---- show: text and markdown ---- */

static const char **labels_of(struct sb_table *table, const struct sb_trends *trends)
{
    const struct sb_label_sets sets = {trends->nr ? &trends->v->cell : NULL, trends->nr, sizeof *trends->v};
    return sb_show_labels(table, &sets);
}

/* Percentiles without a change are left to --metric, csv and json. */
static bool is_shown(const struct sb_trend *t, const struct sb_options *o)
{
    return o->metrics.nr || t->changes_nr || !sb_metric_is_percentile(t->metric);
}

/* Without percentiles the test tells which metric it is. */
static bool wants_metric(const struct sb_trends *trends, const struct sb_options *o)
{
    for (size_t i = 0; i < trends->nr; i++)
        if (is_shown(&trends->v[i], o) && (o->metrics.nr || sb_metric_is_percentile(trends->v[i].metric)))
            return true;
    return false;
}

static double centre_of(const struct sb_trend_point *p)
{
    return isfinite(p->geomean) ? p->geomean : p->mean;
}

/* One row for each series. */
static void add_series(struct sb_page *page, const struct sb_trends *trends, const struct sb_options *o)
{
    struct sb_table *table = sb_page_add(page, "Series");
    const char *columns[] = {"metric", "entries", "first", "last", "last/first", "changes"};
    const char **labels = labels_of(table, trends);
    bool metric = wants_metric(trends, o);
    sb_show_columns(table, labels, columns + !metric, SB_ARRAY_SIZE(columns) - !metric);
    for (size_t i = 0; i < trends->nr; i++) {
        const struct sb_trend *t = &trends->v[i];
        double first = centre_of(&t->points[0]), last = centre_of(&t->points[t->nr - 1]);
        if (!is_shown(t, o)) {
            page->hidden++;
            continue;
        }
        struct sb_cell *cell = sb_show_row(table, labels, &t->cell);
        if (metric) *cell++ = sb_show_text(t->metric);
        *cell++ = sb_show_count(t->nr);
        *cell++ = sb_show_figure(sb_show_pretty(table, first, 4));
        *cell++ = sb_show_figure(sb_show_pretty(table, last, 4));
        *cell++ = sb_show_figure(first > 0 && last > 0 ? sb_show_one_ratio(table, last / first) : "");
        *cell++ = t->tested ? sb_show_count(t->changes_nr) : sb_show_text("too few");
    }
}

static void add_changes(struct sb_page *page, const struct sb_trends *trends, const struct sb_options *o)
{
    struct sb_table *table = NULL;
    const char *columns[] = {"metric", "since", "at", "ratio", "p", "verdict"};
    const char **labels = NULL;
    bool metric = wants_metric(trends, o);
    for (size_t i = 0; i < trends->nr; i++)
        for (size_t k = 0; k < trends->v[i].changes_nr; k++) {
            const struct sb_trend *t = &trends->v[i];
            const struct sb_trend_change *c = &t->changes[k];
            if (!table) {
                table = sb_page_add(page, "Changes");
                labels = labels_of(table, trends);
                sb_show_columns(table, labels, columns + !metric, SB_ARRAY_SIZE(columns) - !metric);
            }
            struct sb_cell *cell = sb_show_row(table, labels, &t->cell);
            if (metric) *cell++ = sb_show_text(t->metric);
            *cell++ = sb_show_text(t->points[c->at].id);
            *cell++ = sb_show_text(sb_arena_strndup(&table->arena, t->points[c->at].at, 10));
            *cell++ = sb_show_figure(isfinite(c->ratio) ? sb_show_one_ratio(table, c->ratio) : "");
            *cell++ = sb_show_figure(sb_show_p(table, c->p));
            *cell++ = sb_show_text(sb_verdict_text(c->verdict));
        }
}

/* The level is that of the column, but for a point that keeps its own. */
static const char *interval_text(struct sb_table *table, const struct sb_trend_point *p, double confidence)
{
    const char *text = sb_show_half_width(table, p->ci_low, p->ci_high, p->mean);
    if (!*text || p->confidence == confidence) return text;
    return sb_arena_printf(&table->arena, "%s (%s)", text, sb_show_plain_percent(table, p->confidence));
}

/* --series: every point of every series. */
static void add_points(struct sb_page *page, const struct sb_trends *trends, const struct sb_options *o)
{
    struct sb_table *table = sb_page_add(page, "Entries");
    double confidence = sb_trend_confidence(o);
    const char *interval = sb_arena_printf(&table->arena, "%s CI", sb_show_plain_percent(table, confidence));
    const char *columns[] = {"metric", "id", "at", "mean", interval, "n", "change"};
    const char **labels = labels_of(table, trends);
    bool metric = wants_metric(trends, o);
    sb_show_columns(table, labels, columns + !metric, SB_ARRAY_SIZE(columns) - !metric);
    for (size_t i = 0; i < trends->nr; i++)
        for (size_t k = 0; k < trends->v[i].nr; k++) {
            const struct sb_trend *t = &trends->v[i];
            if (!is_shown(t, o)) {
                page->hidden++;
                continue;
            }
            const struct sb_trend_point *p = &t->points[k];
            const struct sb_trend_change *c = change_at(t, k);
            struct sb_cell *cell = sb_show_row(table, labels, &t->cell);
            if (metric) *cell++ = sb_show_text(t->metric);
            *cell++ = sb_show_text(p->id);
            *cell++ = sb_show_text(sb_arena_strndup(&table->arena, p->at, 10));
            *cell++ = sb_show_figure(sb_show_pretty(table, p->mean, 5));
            *cell++ = sb_show_figure(interval_text(table, p, confidence));
            *cell++ = sb_show_count(p->n);
            *cell++ = sb_show_figure(c && isfinite(c->ratio) ? sb_show_one_ratio(table, c->ratio)
                                     : c                     ? "changed"
                                                             : "");
        }
}

static void say_method(struct sb_page *page, const struct sb_trends *trends, bool adjusted)
{
    size_t changes = 0;
    char alpha[SB_NUMBER_MAX];
    sb_number_format(trends->alpha, alpha);
    for (size_t i = 0; i < trends->nr; i++)
        changes += trends->v[i].changes_nr;
    if (!trends->nr) {
        sb_page_say(page, "No series passes --where and --metric.");
        return;
    }
    if (trends->tested)
        sb_page_say(page, "%zu change%s in %zu tested series (E-divisive, permutation test).", changes,
                    changes == 1 ? "" : "s", trends->tested);
    if (trends->tested)
        sb_page_say(page, "Chance of a false alarm while nothing changes: %s in %s.", alpha,
                    adjusted ? "all series together" : "each series");
    if (trends->tested < trends->nr)
        sb_page_say(page, "%zu series not tested: it takes %zu entries to show a change.",
                    trends->nr - trends->tested, trends->needed);
}

static int emit_page(const struct sb_trends *trends, const struct sb_options *o, bool adjusted,
                     enum sb_format format, struct sb_err *err)
{
    struct sb_page page;
    sb_page_init(&page);
    if (trends->nr && o->series) add_points(&page, trends, o);
    if (trends->nr && !o->series) add_series(&page, trends, o);
    add_changes(&page, trends, o);
    say_method(&page, trends, adjusted);
    int status = sb_page_emit(&page, format, o, err);
    sb_page_release(&page);
    return status;
}

static int emit_trends(const struct sb_trends *trends, const struct sb_options *o, bool adjusted,
                       enum sb_format format, struct sb_err *err)
{
    struct sb_table table;
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN)
        return emit_page(trends, o, adjusted, format, err);
    sb_table_init(&table);
    fill_points(&table, trends);
    int status = sb_emit_table(&table, "history", SB_FORMAT_TEXT, o, err);
    sb_table_free(&table);
    return status;
}

static int run_show(const struct sb_options *o, enum sb_format format, struct sb_err *err)
{
    struct sb_trends trends;
    int status = -1;
    if (o->correction && strcmp(o->correction, "bh") != 0 && strcmp(o->correction, "none") != 0)
        return sb_fail(err, SB_ERR_USAGE, "--correction takes bh or none here, not \"%.40s\"",
                       o->correction) -
               1;
    bool adjust = !o->correction || strcmp(o->correction, "bh") == 0;
    struct sb_history *history = sb_history_open(db_of(o), false, err);
    if (!history) return -1;
    struct sb_history_query query = {.filters = o->filters,
                                     .filters_nr = o->filters_nr,
                                     .metrics = o->metrics.nr ? o->metrics.v : NULL,
                                     .alpha = isnan(o->alpha) ? 0 : o->alpha,
                                     .adjust = adjust};
    if (sb_history_trends(history, &query, &trends, err)) {
        size_t charts;
        sb_trends_set_confidence(&trends, sb_trend_confidence(o));
        bool drawn = !o->charts_dir || sb_trend_charts_write(&trends, o->charts_dir, o, &charts, err);
        status = drawn ? emit_trends(&trends, o, adjust, format, err) : -1;
    }
    sb_trends_release(&trends);
    sb_history_close(history);
    return status;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    bool takes_paths;
    int (*run)(const struct sb_options *o, enum sb_format format, struct sb_err *err);
} actions[] = {{"add", true, run_add}, {"list", false, run_list}, {"show", false, run_show}};

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    struct sb_options o = *in->options;
    enum sb_format format;
    const char *action = o.paths.nr ? o.paths.v[0] : "";
    if (!sb_options_format(&o, SB_FORMAT_TEXT, &format, err)) return -1;
    if (o.db && !*o.db) return sb_fail(err, SB_ERR_USAGE, "--db must not be empty") - 1;
    for (size_t i = 0; i < SB_ARRAY_SIZE(actions); i++) {
        if (strcmp(actions[i].name, action) != 0) continue;
        o.paths.v++;
        o.paths.nr--;
        if (o.paths.nr && !actions[i].takes_paths)
            return sb_fail(err, SB_ERR_USAGE, "history %s takes no PATH", action) - 1;
        return actions[i].run(&o, format, err);
    }
    if (!*action) return sb_fail(err, SB_ERR_USAGE, "say what: history add, list or show") - 1;
    return sb_fail(err, SB_ERR_USAGE, "history takes add, list or show, not \"%.40s\"", action) - 1;
}

static const char *const options[] = {
    "db",     "id",         "at",    "by",         "at-label", SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT,
    "metric", "confidence", "alpha", "correction", "series",   "charts",          NULL};

static const struct sb_option_help helps[] = {
    {"by", "LABEL", "add: one entry for each value of LABEL, which is its id"},
    {"at", "TIME", "add: time of the entry, as 2026-11-24 or 2026-11-24T09:30Z (default: the manifest's)"},
    {"id", "ID", "add: name of the entry, as a version, a commit, a date"},
    {"at-label", "LABEL", "add: the label that holds each entry's time"},
    {"where", "LABEL=GLOB", "only runs or series whose label matches; may be repeated"},
    {"metric", "NAME", "only this metric, or a glob (add, by default: the primary metrics)"},
    {"confidence", "LEVEL", "show: level of all intervals (default: 95%)"},
    {"alpha", "P", "show: chance of any false alarm (default: 0.05)"},
    {"correction", "METHOD", "show: bh (over all series) or none (each by itself)"},
    {"series", NULL, "show: every entry of every series"},
    {"charts", "DIR", "show: draw a chart of each series into DIR"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_history = {
    .name = "history",
    .summary = "results over time, and where they changed",
    .usage = "add PATH... --id ID [--at TIME] | list | show [options]",
    .description =
        "add keeps what each cell measured, under an id and a time, in an SQLite file that several programs "
        "may "
        "write to at once; adding the same figures again changes nothing. list shows the entries, show "
        "the series and where they changed: E-divisive with a permutation test, at a stated chance "
        "of a false alarm. The time is that of the entry; the clock is never read.",
    .options = options,
    .helps = helps,
    .run = run,
};
