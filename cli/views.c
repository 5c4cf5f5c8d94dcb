#include "cli/views.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

bool sb_name_wanted(const struct sb_text_list *globs, const char *name)
{
    for (size_t i = 0; i < globs->nr; i++)
        if (sb_glob_match(globs->v[i], name)) return true;
    return globs->nr == 0;
}

void sb_results_keep_metrics(struct sb_results *results, const struct sb_text_list *metrics)
{
    size_t kept = 0;
    for (size_t i = 0; i < results->summaries_nr; i++)
        if (sb_name_wanted(metrics, results->summaries[i].metric)) results->summaries[kept++] = results->summaries[i];
    results->summaries_nr = kept;
    kept = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (sb_name_wanted(metrics, results->comparisons[i].metric)) results->comparisons[kept++] = results->comparisons[i];
    results->comparisons_nr = kept;
}

static const char *pretty(struct sb_table *table, double value, int digits)
{
    char buf[64];
    sb_number_pretty(value, digits, buf, sizeof buf);
    return sb_arena_strdup(&table->arena, buf);
}

static struct sb_cell text_cell(const char *text)
{
    return text && *text ? (struct sb_cell){.kind = SB_CELL_TEXT, .text = text} : (struct sb_cell){.kind = SB_CELL_MISSING};
}

/* Text that is a number: the text table aligns it to the right. */
static struct sb_cell number_cell(const char *text)
{
    return text && *text ? (struct sb_cell){.kind = SB_CELL_FIGURE, .text = text} : text_cell("");
}

/* "± 1.2 %": the half width of the interval relative to the mean. */
static const char *half_width(struct sb_table *table, double low, double high, double mean)
{
    double relative = 100 * (high - low) / 2 / fabs(mean);
    if (!isfinite(relative)) return "";
    return sb_arena_printf(&table->arena, "\xc2\xb1 %s %%", pretty(table, relative, 2));
}

struct label_sets {
    const struct sb_labels *first;
    size_t nr, stride; /* bytes from one set to the next */
};

static const char *value_in(const struct label_sets *sets, size_t i, const char *name)
{
    const struct sb_labels *set = (const void *)((const char *)sets->first + i * sets->stride);
    const char *value = sb_labels_get(set, name);
    return value ? value : "";
}

/* Does `name` follow from config: one value of it in every configuration? */
static bool follows_from_config(const struct label_sets *sets, const char *name)
{
    struct sb_labels seen = SB_LABELS_INIT; /* config -> value */
    bool follows = strcmp(name, "platform") != 0 && strcmp(name, "test") != 0 && strcmp(name, "config") != 0;
    for (size_t i = 0; i < sets->nr && follows; i++) {
        const char *config = value_in(sets, i, "config"), *value = value_in(sets, i, name);
        const char *before = sb_labels_get(&seen, config);
        follows = *config && *value && (!before || strcmp(before, value) == 0);
        sb_labels_set(&seen, config, value);
    }
    sb_labels_release(&seen);
    return follows;
}

static bool varies(const struct label_sets *sets, const char *name)
{
    for (size_t i = 1; i < sets->nr; i++)
        if (strcmp(value_in(sets, i, name), value_in(sets, 0, name)) != 0) return true;
    return false;
}

/* The label names worth a column: they take more than one value and do not follow from the configuration. */
static const char **telling_labels(struct sb_table *table, const struct label_sets *sets)
{
    struct sb_labels all = SB_LABELS_INIT;
    size_t nr = 0;
    for (size_t i = 0; i < sets->nr; i++) {
        const struct sb_labels *set = (const void *)((const char *)sets->first + i * sets->stride);
        for (size_t j = 0; j < set->nr; j++)
            sb_labels_set(&all, set->v[j].name, "yes");
    }
    const char **names = sb_arena_alloc(&table->arena, (all.nr + 1) * sizeof *names);
    for (size_t i = 0; i < all.nr; i++) { /* insertion by output order */
        size_t at = nr;
        if (!varies(sets, all.v[i].name) || follows_from_config(sets, all.v[i].name)) continue;
        for (; at && sb_label_name_cmp(all.v[i].name, names[at - 1]) < 0; at--)
            names[at] = names[at - 1];
        names[at] = all.v[i].name;
        nr++;
    }
    names[nr] = NULL;
    sb_labels_release(&all);
    return names;
}

static size_t set_view_columns(struct sb_table *table, const char **labels, const char *const *columns, size_t columns_nr)
{
    size_t labels_nr = 0;
    while (labels[labels_nr])
        labels_nr++;
    const char **names = sb_arena_alloc(&table->arena, (labels_nr + columns_nr) * sizeof *names);
    for (size_t i = 0; i < labels_nr; i++)
        names[i] = labels[i];
    for (size_t i = 0; i < columns_nr; i++)
        names[labels_nr + i] = columns[i];
    sb_table_set_columns(table, names, labels_nr + columns_nr);
    return labels_nr;
}

static struct sb_cell *start_row(struct sb_table *table, const char **labels, const struct sb_labels *set)
{
    struct sb_cell *cell = sb_table_add_row(table);
    for (; *labels; labels++)
        *cell++ = text_cell(sb_labels_get(set, *labels));
    return cell;
}

static int mark_cmp(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The footnote mark of each code, in the order of first use. */
static const char *note_marks(struct sb_table *table, struct sb_codes *notes, const struct sb_codes *codes)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    size_t *marks = sb_arena_alloc(&table->arena, (codes->nr + 1) * sizeof *marks);
    for (size_t i = 0; i < codes->nr; i++) {
        size_t n = 0;
        while (n < notes->nr && strcmp(notes->v[n], codes->v[i]) != 0)
            n++;
        if (n == notes->nr) { /* keeps the order of first use, unlike sb_codes_add() */
            const char **grown = sb_arena_alloc(&table->arena, (notes->nr + 1) * sizeof *grown);
            if (n) memcpy(grown, notes->v, n * sizeof *grown);
            grown[notes->nr++] = codes->v[i];
            notes->v = grown;
        }
        marks[i] = n + 1;
    }
    qsort(marks, codes->nr, sizeof *marks, mark_cmp);
    for (size_t i = 0; i < codes->nr; i++)
        sb_strbuf_addf(&text, "%s%zu", i ? "," : "", marks[i]);
    const char *result = sb_arena_strndup(&table->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return result;
}

/* Without --metric a view shows what stands for each test: its primary metric. */
static bool shown(const struct sb_text_list *metrics, const char *metric, struct sb_group group)
{
    return metrics->nr || (group.primary && !sb_metric_is_percentile(metric));
}

size_t sb_view_summaries(struct sb_table *table, const struct sb_results *results, const struct sb_text_list *metrics,
                         struct sb_codes *notes)
{
    static const char *const columns[] = {"metric", "mean", "interval", "sd", "unit", "n", "notes"};
    const char **labels = telling_labels(table, &(struct label_sets){&results->summaries->cell, results->summaries_nr, sizeof *results->summaries});
    size_t hidden = 0, without_metric = metrics->nr == 0;
    set_view_columns(table, labels, columns + without_metric, SB_ARRAY_SIZE(columns) - without_metric);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (!shown(metrics, s->metric, s->group)) {
            hidden++;
            continue;
        }
        struct sb_cell *cell = start_row(table, labels, &s->cell);
        if (!without_metric) *cell++ = text_cell(s->metric);
        *cell++ = number_cell(pretty(table, s->mean, 5));
        *cell++ = number_cell(half_width(table, s->ci_low, s->ci_high, s->mean));
        *cell++ = number_cell(pretty(table, s->sd, 3));
        *cell++ = text_cell(s->unit);
        *cell++ = (struct sb_cell){.kind = SB_CELL_COUNT, .count = s->n};
        *cell++ = text_cell(note_marks(table, notes, &s->findings));
    }
    return hidden;
}

/* Three decimals near 1, where ratios live: 1.010 beside 0.987. */
static const char *one_ratio(struct sb_table *table, double ratio)
{
    return pretty(table, ratio, ratio >= 1 ? 4 : 3);
}

static const char *ratio_text(struct sb_table *table, const struct sb_comparison *c)
{
    if (!isfinite(c->ratio)) return "";
    return sb_arena_printf(&table->arena, "%s [%s, %s]", one_ratio(table, c->ratio), one_ratio(table, c->ratio_low),
                           one_ratio(table, c->ratio_high));
}

/* The baseline of every row, NULL when they have several. */
static const char *only_baseline(const struct sb_results *results)
{
    for (size_t i = 1; i < results->comparisons_nr; i++)
        if (strcmp(results->comparisons[i].baseline, results->comparisons[0].baseline) != 0) return NULL;
    return results->comparisons_nr ? results->comparisons[0].baseline : NULL;
}

static const char *ratio_heading(struct sb_table *table, const struct sb_results *results, const char *baseline)
{
    const char *level = pretty(table, 100 * results->settings.confidence, 2);
    if (!baseline) return sb_arena_printf(&table->arena, "ratio [%s %% CI]", level);
    return sb_arena_printf(&table->arena, "ratio to %s [%s %% CI]", baseline, level);
}

size_t sb_view_comparisons(struct sb_table *table, const struct sb_results *results, const struct sb_text_list *metrics,
                           struct sb_codes *notes)
{
    const char *baseline = only_baseline(results);
    const char *columns[] = {results->factor, "metric", ratio_heading(table, results, baseline), "verdict", "needed", "notes"};
    const char **labels = telling_labels(table, &(struct label_sets){&results->comparisons->rest, results->comparisons_nr, sizeof *results->comparisons});
    size_t hidden = 0;
    bool with_metric = metrics->nr != 0;
    if (!with_metric) memmove(columns + 1, columns + 2, (SB_ARRAY_SIZE(columns) - 2) * sizeof *columns);
    set_view_columns(table, labels, columns, SB_ARRAY_SIZE(columns) - !with_metric);
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!shown(metrics, c->metric, c->group)) {
            hidden++;
            continue;
        }
        struct sb_cell *cell = start_row(table, labels, &c->rest);
        *cell++ = text_cell(baseline ? c->level : sb_arena_printf(&table->arena, "%s / %s", c->level, c->baseline));
        if (with_metric) *cell++ = text_cell(c->metric);
        *cell++ = number_cell(ratio_text(table, c));
        *cell++ = text_cell(c->barred ? "barred" : sb_verdict_text(c->verdict));
        *cell++ = c->runs_needed && !c->barred ? (struct sb_cell){.kind = SB_CELL_COUNT, .count = c->runs_needed} : text_cell("");
        *cell++ = text_cell(note_marks(table, notes, &c->findings));
    }
    return hidden;
}

/* One row per code and severity: how often, where first, what it says there. */
void sb_view_findings(struct sb_table *table, const struct sb_dataset *ds)
{
    static const char *const columns[] = {"severity", "code", "count", "first", "what"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (int severity = SB_ERROR; severity >= SB_NOTE; severity--)
        for (size_t i = 0; i < ds->findings_nr; i++) {
            const struct sb_finding *f = &ds->findings[i];
            size_t row = 0;
            if ((int)f->severity != severity) continue;
            while (row < table->rows_nr && (!sb_streq(table->cells[row * table->columns_nr + 1].text, f->code) ||
                                            !sb_streq(table->cells[row * table->columns_nr].text, sb_severity_text(f->severity))))
                row++;
            if (row < table->rows_nr) {
                table->cells[row * table->columns_nr + 2].count++;
                continue;
            }
            struct sb_cell *cell = sb_table_add_row(table);
            cell[0] = text_cell(sb_severity_text(f->severity));
            cell[1] = text_cell(f->code);
            cell[2] = (struct sb_cell){.kind = SB_CELL_COUNT, .count = 1};
            cell[3] = text_cell(!f->source ? "" : f->line ? sb_arena_printf(&table->arena, "%s:%u", f->source, (unsigned)f->line) : f->source);
            cell[4] = text_cell(f->message);
        }
}
