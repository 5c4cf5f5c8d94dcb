#include "cli/commands.h"

#include <math.h>
#include "cli/emit.h"
#include "cli/page.h"
#include "cli/report_diff.h"
#include "cli/show.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/table_fill.h"

/* ---- csv and json ---- */

static void fill_table(struct sb_table *table, const struct sb_report_diff *diff)
{
    static const char *const columns[] = {
        "section", "change",   "direction", "factor", "baseline", "level",       "*",
        "metric",  "unit",     "before",    "after",  "ratio",    "text_before", "text_after",
        "code",    "severity", "source",    "run",    "line",     "message",     NULL};
    const struct sb_label_sets sets = {diff->nr ? &diff->rows->labels : NULL, diff->nr, sizeof *diff->rows};
    const char **labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < diff->nr; i++) {
        const struct sb_diff_row *r = &diff->rows[i];
        struct sb_filler f = {sb_table_add_row(table)};
        sb_put_text(&f, sb_diff_section_text(r->section));
        sb_put_text(&f, sb_diff_change_text(r->change));
        sb_put_text(&f, sb_diff_direction_text(r->direction));
        sb_put_text(&f, r->factor);
        sb_put_text(&f, r->baseline);
        sb_put_text(&f, r->level);
        sb_put_labels(&f, &r->labels, labels);
        sb_put_text(&f, r->metric);
        sb_put_text(&f, r->unit);
        sb_put_number(&f, r->before);
        sb_put_number(&f, r->after);
        sb_put_number(&f, r->after / r->before);
        sb_put_text(&f, r->text_before);
        sb_put_text(&f, r->text_after);
        sb_put_text(&f, r->code);
        sb_put_text(&f, r->severity);
        sb_put_text(&f, r->source);
        sb_put_known(&f, r->run);
        sb_put_known(&f, r->line);
        sb_put_text(&f, r->message);
    }
}

static int emit_table(const struct sb_report_diff *diff, const struct sb_options *o, struct sb_err *err)
{
    struct sb_table table;
    sb_table_init(&table);
    fill_table(&table, diff);
    int status = sb_emit_table(&table, "diff", SB_FORMAT_TEXT, o, err);
    sb_table_free(&table);
    return status;
}

/* ---- text and markdown ---- */

struct section {
    const struct sb_diff_row *rows;
    size_t nr;
    const char **labels; /* worth a column */
};

/* What tells cells of these reports apart, as far as a row of the section has it: rows that did not change do
 * not stand here. */
static const char **section_labels(struct sb_table *table, const struct sb_report_diff *diff,
                                   const struct section *s)
{
    const struct sb_label_sets sets = {diff->cells, diff->cells_nr, sizeof *diff->cells};
    const char **names = sb_show_labels(table, &sets);
    size_t kept = 0;
    for (size_t i = 0; names[i]; i++) {
        bool used = false;
        for (size_t k = 0; k < s->nr && !used; k++)
            used = sb_labels_get(&s->rows[k].labels, names[i]) != NULL;
        if (used) names[kept++] = names[i];
    }
    names[kept] = NULL;
    return names;
}

/* The rows of one section, which stand together; a table for them when there are any. */
static struct sb_table *open_section(struct sb_page *page, const struct sb_report_diff *diff,
                                     enum sb_diff_section wanted, const char *title, struct section *s)
{
    size_t from = 0;
    while (from < diff->nr && diff->rows[from].section < wanted)
        from++;
    *s = (struct section){.rows = diff->rows + from};
    while (from + s->nr < diff->nr && diff->rows[from + s->nr].section == wanted)
        s->nr++;
    if (!s->nr) return NULL;
    struct sb_table *table = sb_page_add(page, sb_arena_printf(&page->arena, "%s: %zu", title, s->nr));
    s->labels = section_labels(table, diff, s);
    return table;
}

static const char *verdict_text(const char *verdict)
{
    return verdict && *verdict ? verdict : "none";
}

/* Without --metric: what stands for the test, whose name mostly is its kind. */
static bool is_headline(const struct sb_diff_row *r)
{
    const char *test = sb_labels_get(&r->labels, "test");
    return r->metric && strcmp(r->metric, sb_kind_primary_metric(test ? test : "", false)) == 0;
}

/* Without --metric: percentiles only when they got worse. */
static bool shows_verdict(const struct sb_diff_row *r, const struct sb_options *o)
{
    return o->metrics.nr || r->direction == SB_DIFF_WORSE || !r->metric ||
           !sb_metric_is_percentile(r->metric);
}

static bool wants_metric(const struct section *s, const struct sb_options *o)
{
    for (size_t i = 0; i < s->nr; i++)
        if (shows_verdict(&s->rows[i], o) &&
            (o->metrics.nr || (s->rows[i].metric && sb_metric_is_percentile(s->rows[i].metric))))
            return true;
    return false;
}

static void add_verdict(struct sb_table *table, const char **labels, bool metric, const struct sb_diff_row *r)
{
    struct sb_cell *cell = sb_show_row(table, labels, &r->labels);
    *cell++ = sb_show_text(
        sb_arena_printf(&table->arena, "%s / %s", r->level ? r->level : "", r->baseline ? r->baseline : ""));
    if (metric) *cell++ = sb_show_text(r->metric);
    *cell++ = sb_show_text(verdict_text(r->text_before));
    *cell++ = sb_show_text(verdict_text(r->text_after));
    *cell++ = sb_show_text(r->direction == SB_DIFF_WORSE ? "WORSE" : sb_diff_direction_text(r->direction));
}

static void add_verdicts(struct sb_page *page, const struct sb_report_diff *diff, const struct sb_options *o)
{
    struct section s;
    struct sb_table *table = open_section(page, diff, SB_DIFF_VERDICT, "Verdicts that changed", &s);
    if (!table) return;
    const char *columns[] = {"compared", "metric", "before", "after", "direction"};
    bool metric = wants_metric(&s, o);
    if (!metric) memmove(columns + 1, columns + 2, (SB_ARRAY_SIZE(columns) - 2) * sizeof *columns);
    sb_show_columns(table, s.labels, columns, SB_ARRAY_SIZE(columns) - !metric);
    for (int pass = 0; pass < 2; pass++) /* the worse ones first */
        for (size_t i = 0; i < s.nr; i++) {
            if ((s.rows[i].direction == SB_DIFF_WORSE) != (pass == 0)) continue;
            if (shows_verdict(&s.rows[i], o))
                add_verdict(table, s.labels, metric, &s.rows[i]);
            else
                page->hidden++;
        }
}

static void add_means(struct sb_page *page, const struct sb_report_diff *diff, const struct sb_options *o)
{
    static const char *const columns[] = {"metric", "before", "after", "ratio", "unit"};
    struct section s;
    struct sb_table *table = open_section(page, diff, SB_DIFF_MEAN, "Means that changed", &s);
    if (!table) return;
    sb_show_columns(table, s.labels, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < s.nr; i++) {
        const struct sb_diff_row *r = &s.rows[i];
        if (!o->metrics.nr && !is_headline(r)) {
            page->hidden++;
            continue;
        }
        struct sb_cell *cell = sb_show_row(table, s.labels, &r->labels);
        *cell++ = sb_show_text(r->metric);
        *cell++ = sb_show_figure(sb_show_pretty(table, r->before, 5));
        *cell++ = sb_show_figure(sb_show_pretty(table, r->after, 5));
        *cell++ = sb_show_figure(
            isfinite(r->after / r->before) ? sb_show_one_ratio(table, r->after / r->before) : "");
        *cell++ = sb_show_text(r->unit);
    }
}

static void add_cells(struct sb_page *page, const struct sb_report_diff *diff)
{
    static const char *const columns[] = {"change", "cell"};
    struct section s;
    struct sb_table *table = open_section(page, diff, SB_DIFF_CELL, "Cells that came or went", &s);
    if (!table) return;
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < s.nr; i++) {
        struct sb_cell *cell = sb_table_add_row(table);
        cell[0] = sb_show_text(sb_diff_change_text(s.rows[i].change));
        cell[1] = sb_show_text(sb_labels_text(&table->arena, &s.rows[i].labels));
    }
}

static const char *place_text(struct sb_table *table, const struct sb_diff_row *r)
{
    if (!r->source) return "";
    return r->line ? sb_arena_printf(&table->arena, "%s:%zu", r->source, r->line) : r->source;
}

/* One row for each code that came or went: how often, and where first. */
static void add_findings(struct sb_page *page, const struct sb_report_diff *diff)
{
    static const char *const columns[] = {"change", "severity", "code", "count", "first"};
    struct section s;
    struct sb_table *table = open_section(page, diff, SB_DIFF_FINDING, "Findings that came or went", &s);
    if (!table) return;
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < s.nr; i++) {
        const struct sb_diff_row *r = &s.rows[i];
        size_t at = 0;
        while (at < table->rows_nr && !(sb_streq(table->cells[at * 5].text, sb_diff_change_text(r->change)) &&
                                        sb_streq(table->cells[at * 5 + 1].text, r->severity) &&
                                        sb_streq(table->cells[at * 5 + 2].text, r->code)))
            at++;
        if (at < table->rows_nr) {
            table->cells[at * 5 + 3].count++;
            continue;
        }
        struct sb_cell *cell = sb_table_add_row(table);
        cell[0] = sb_show_text(sb_diff_change_text(r->change));
        cell[1] = sb_show_text(r->severity);
        cell[2] = sb_show_text(r->code);
        cell[3] = sb_show_count(1);
        cell[4] = sb_show_text(place_text(table, r));
    }
}

static void say_settings(struct sb_page *page, const struct sb_report_diff *diff)
{
    for (size_t i = 0; i < diff->nr && diff->rows[i].section == SB_DIFF_SETTING; i++) {
        const struct sb_diff_row *r = &diff->rows[i];
        sb_page_say(page, "%s: %s before, %s after.", r->metric, r->text_before ? r->text_before : "absent",
                    r->text_after ? r->text_after : "absent");
    }
}

static void say_end(struct sb_page *page, const struct sb_report_diff *diff)
{
    if (!diff->nr)
        sb_page_say(page, "The reports say the same.");
    else if (diff->worse)
        sb_page_say(page, "%zu verdict%s changed for the worse.", diff->worse, diff->worse == 1 ? "" : "s");
    else
        sb_page_say(page, "No verdict changed for the worse.");
}

static int emit_page(const struct sb_report_diff *diff, const struct sb_options *o, enum sb_format format,
                     struct sb_err *err)
{
    struct sb_page page;
    sb_page_init(&page);
    add_verdicts(&page, diff, o);
    add_means(&page, diff, o);
    add_cells(&page, diff);
    add_findings(&page, diff);
    say_settings(&page, diff);
    say_end(&page, diff);
    int status = sb_page_emit(&page, format, o, err);
    sb_page_release(&page);
    return status;
}

/* ---- the command ---- */

/* The labels of a comparison lack its factor, which has two values. */
static bool passes_where(const struct sb_diff_row *r, const struct sb_options *o)
{
    const char *values[] = {r->level, r->baseline};
    bool passes = sb_labels_match(&r->labels, o->filters, o->filters_nr);
    for (size_t i = 0; i < SB_ARRAY_SIZE(values) && r->factor && !passes; i++) {
        struct sb_labels set = SB_LABELS_INIT;
        sb_labels_copy(&set, &r->labels);
        sb_labels_set(&set, r->factor, values[i]);
        passes = sb_labels_match(&set, o->filters, o->filters_nr);
        sb_labels_release(&set);
    }
    return passes;
}

/* Settings and findings are about the whole report: they stay. */
static void keep_wanted(struct sb_report_diff *diff, const struct sb_options *o)
{
    size_t kept = 0;
    diff->worse = 0;
    for (size_t i = 0; i < diff->nr; i++) {
        const struct sb_diff_row *r = &diff->rows[i];
        bool figure = r->section == SB_DIFF_MEAN || r->section == SB_DIFF_VERDICT;
        if (figure && r->metric && !sb_name_wanted(&o->metrics, r->metric)) continue;
        if ((figure || r->section == SB_DIFF_CELL) && !passes_where(r, o)) continue;
        diff->worse += r->section == SB_DIFF_VERDICT && r->direction == SB_DIFF_WORSE;
        diff->rows[kept++] = *r;
    }
    diff->nr = kept;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_report_diff diff;
    enum sb_format format;
    int status = -1;
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err)) return -1;
    if (o->paths.nr != 2)
        return sb_fail(err, SB_ERR_USAGE, "name two reports: a report.json or its folder, before and after") -
               1;
    if (strcmp(o->paths.v[0], "-") == 0 && strcmp(o->paths.v[1], "-") == 0)
        return sb_fail(err, SB_ERR_USAGE, "only one report can be standard input") - 1;
    if (sb_report_diff(&diff, o->paths.v[0], o->paths.v[1], o->baseline, err)) {
        keep_wanted(&diff, o);
        bool people = format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN;
        status = people ? emit_page(&diff, o, format, err) : emit_table(&diff, o, err);
        if (!status) status = diff.worse ? 1 : 0;
    }
    sb_report_diff_release(&diff);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, "where", "metric", "baseline", "quiet", NULL};

static const struct sb_option_help helps[] = {
    {"where", "LABEL=GLOB", "only means, verdicts and cells whose label matches; may be repeated"},
    {"baseline", "VALUE", "of comparisons in both directions, look at those with this baseline"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_diff = {
    .name = "diff",
    .summary = "what changed between two reports",
    .usage = "BEFORE AFTER [options]",
    .description =
        "BEFORE and AFTER are reports: report.json or the folder it is in. Shows the cells that came or "
        "went, the "
        "means and verdicts that changed, the findings that came or went, and other settings and "
        "surroundings. Exits with 1 when a verdict changed for the worse, in the order faster, equivalent, "
        "inconclusive, slower; a verdict that is gone counts as inconclusive. Means are compared as "
        "they stand: whether a change is more than noise is what 'sbstat gate' tells.",
    .options = options,
    .helps = helps,
    .run = run,
};
