#include "io/table.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/csv.h"
#include "io/json.h"

void sb_table_init(struct sb_table *table)
{
    memset(table, 0, sizeof *table);
    sb_arena_init(&table->arena);
}

void sb_table_free(struct sb_table *table)
{
    free(table->cells);
    sb_arena_free(&table->arena);
    sb_table_init(table);
}

void sb_table_set_columns(struct sb_table *table, const char *const *names, size_t nr)
{
    table->columns = sb_arena_alloc(&table->arena, (nr + 1) * sizeof *table->columns);
    for (size_t i = 0; i < nr; i++)
        table->columns[i] = names[i];
    table->columns_nr = nr;
}

struct sb_cell *sb_table_add_row(struct sb_table *table)
{
    size_t at = table->rows_nr++ * table->columns_nr;
    SB_ALLOC_GROW(table->cells, at + table->columns_nr, table->cells_alloc);
    memset(table->cells + at, 0, table->columns_nr * sizeof *table->cells);
    return table->cells + at;
}

/* A cursor that fills a row from left to right. */
struct filler {
    struct sb_cell *cell;
};

static void put_text(struct filler *f, const char *text)
{
    if (text && *text) *f->cell = (struct sb_cell){.kind = SB_CELL_TEXT, .text = text};
    f->cell++;
}

static void put_number(struct filler *f, double number)
{
    if (isfinite(number)) *f->cell = (struct sb_cell){.kind = SB_CELL_NUMBER, .number = number};
    f->cell++;
}

static void put_count(struct filler *f, unsigned long long count)
{
    *f->cell++ = (struct sb_cell){.kind = SB_CELL_COUNT, .count = count};
}

/* A count for which 0 means "not known". */
static void put_known(struct filler *f, unsigned long long count)
{
    if (count)
        put_count(f, count);
    else
        f->cell++;
}

static void put_codes(struct filler *f, const struct sb_codes *codes)
{
    *f->cell++ = (struct sb_cell){.kind = SB_CELL_CODES, .codes = *codes};
}

/* Column names: `fixed` up to NULL, where the entry "*" stands for the further labels. */
static void set_columns_with_labels(struct sb_table *table, const char *const *fixed, const char *const *labels)
{
    const char **names = NULL;
    size_t nr = 0, alloc = 0;
    for (; *fixed; fixed++) {
        bool star = strcmp(*fixed, "*") == 0;
        for (const char *const *l = star ? labels : fixed; *l; l++) {
            SB_ALLOC_GROW(names, nr + 1, alloc);
            names[nr++] = *l;
            if (!star) break;
        }
    }
    sb_table_set_columns(table, names, nr);
    free(names);
}

/* ---- runs ---- */

static bool is_fixed_label(const char *name)
{
    return sb_streq(name, "platform") || sb_streq(name, "config") || sb_streq(name, "test") || sb_streq(name, "repetition");
}

static const char **further_labels(struct sb_dataset *ds)
{
    size_t nr, kept = 0;
    const char **names = sb_dataset_label_names(ds, &nr);
    for (size_t i = 0; i < nr; i++) /* a cell split by kind, version or threads has them in their own columns already */
        if (!is_fixed_label(names[i]) && !sb_streq(names[i], "kind") && !sb_streq(names[i], "version") &&
            !sb_streq(names[i], "threads"))
            names[kept++] = names[i];
    names[kept] = NULL;
    return names;
}

struct run_row {
    uint32_t line;
    const char *metric;
    const struct sb_value *value; /* NULL: a parameter or a run without any figure */
    const char *text;
};

static int run_row_cmp(const void *pa, const void *pb)
{
    const struct run_row *a = pa, *b = pb;
    if (a->line != b->line) return a->line < b->line ? -1 : 1;
    return strcmp(a->metric, b->metric);
}

static void add_run_row(struct sb_table *table, const struct sb_run *run, const struct run_row *row, const char *const *labels)
{
    struct filler f = {sb_table_add_row(table)};
    put_text(&f, run->source);
    put_known(&f, run->ordinal);
    put_known(&f, row->line);
    put_text(&f, sb_run_label(run, "platform"));
    put_text(&f, sb_run_label(run, "config"));
    put_text(&f, sb_run_label(run, "test"));
    put_text(&f, sb_run_label(run, "repetition"));
    put_text(&f, run->kind);
    put_text(&f, run->version);
    put_known(&f, run->threads);
    put_text(&f, sb_status_text(run->status));
    put_text(&f, row->metric);
    if (row->value)
        put_number(&f, row->value->value);
    else
        put_text(&f, row->text);
    put_text(&f, row->value ? row->value->unit : "");
    put_number(&f, row->value ? row->value->resolution : NAN);
    put_text(&f, row->value ? sb_origin_text(row->value->origin) : *row->metric ? "parameter" : "");
    for (; *labels; labels++)
        put_text(&f, sb_run_label(run, *labels));
}

static void add_run_rows(struct sb_table *table, const struct sb_run *run, const char *const *labels)
{
    size_t nr = 0, most = run->values_nr + run->params_nr + 2;
    struct run_row *rows = sb_xcalloc(most, sizeof *rows);
    for (size_t i = 0; i < run->values_nr; i++)
        rows[nr++] = (struct run_row){run->values[i].line, run->values[i].metric, &run->values[i], NULL};
    for (size_t i = 0; i < run->params_nr; i++)
        rows[nr++] = (struct run_row){run->params[i].line,
                                      sb_arena_printf(&table->arena, "param.%s", run->params[i].name), NULL,
                                      run->params[i].text};
    if (run->order)
        rows[nr++] = (struct run_row){0, "param.env.order", NULL,
                                      sb_arena_printf(&table->arena, "%llu", (unsigned long long)run->order)};
    if (!nr) rows[nr++] = (struct run_row){run->first_line, "", NULL, NULL};
    qsort(rows, nr, sizeof *rows, run_row_cmp);
    for (size_t i = 0; i < nr; i++)
        add_run_row(table, run, &rows[i], labels);
    free(rows);
}

void sb_table_of_runs(struct sb_table *table, struct sb_dataset *ds)
{
    static const char *const columns[] = {"source", "run", "line", "platform", "config", "test", "repetition", "kind",
                                          "version", "threads", "status", "metric", "value", "unit", "resolution",
                                          "origin", "*", NULL};
    const char **labels = further_labels(ds);
    set_columns_with_labels(table, columns, labels);
    for (size_t i = 0; i < ds->runs_nr; i++)
        add_run_rows(table, &ds->runs[i], labels);
}

/* ---- summaries ---- */

/* The label names of nr label sets at `stride` bytes from `first`, without platform, config, test. */
static const char **names_of_sets(struct sb_table *table, const struct sb_labels *first, size_t nr, size_t stride)
{
    size_t names_nr = 0, alloc = 0;
    const char **names = NULL;
    for (size_t i = 0; i < nr; i++) {
        const struct sb_labels *set = (const void *)((const char *)first + i * stride);
        for (size_t j = 0; j < set->nr; j++) {
            size_t at = 0;
            while (at < names_nr && strcmp(names[at], set->v[j].name) < 0)
                at++;
            if (is_fixed_label(set->v[j].name) || (at < names_nr && strcmp(names[at], set->v[j].name) == 0)) continue;
            SB_ALLOC_GROW(names, names_nr + 1, alloc);
            memmove(names + at + 1, names + at, (names_nr - at) * sizeof *names);
            names[at] = set->v[j].name;
            names_nr++;
        }
    }
    const char **kept = sb_arena_alloc(&table->arena, (names_nr + 1) * sizeof *kept);
    if (names_nr) memcpy(kept, names, names_nr * sizeof *kept);
    kept[names_nr] = NULL;
    free(names);
    return kept;
}

void sb_table_of_summaries(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {"platform", "config", "test", "*", "metric", "unit", "better", "n", "n_runs",
                                          "mean", "sd", "cv", "sem", "confidence", "ci_low", "ci_high", "median", "mad",
                                          "min", "q1", "q3", "max", "geomean", "findings", NULL};
    const char **labels = names_of_sets(table, results->summaries_nr ? &results->summaries->cell : NULL, results->summaries_nr, sizeof *results->summaries);
    set_columns_with_labels(table, columns, labels);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        struct filler f = {sb_table_add_row(table)};
        put_text(&f, sb_labels_get(&s->cell, "platform"));
        put_text(&f, sb_labels_get(&s->cell, "config"));
        put_text(&f, sb_labels_get(&s->cell, "test"));
        for (const char **l = labels; *l; l++)
            put_text(&f, sb_labels_get(&s->cell, *l));
        put_text(&f, s->metric);
        put_text(&f, s->unit);
        put_text(&f, sb_better_text(s->better));
        put_count(&f, s->n);
        put_count(&f, s->n_runs);
        const double numbers[] = {s->mean, s->sd, s->cv, s->sem, s->confidence, s->ci_low, s->ci_high, s->median,
                                  s->mad, s->min, s->q1, s->q3, s->max, s->geomean};
        for (size_t k = 0; k < SB_ARRAY_SIZE(numbers); k++)
            put_number(&f, numbers[k]);
        put_codes(&f, &s->findings);
    }
}

/* ---- comparisons ---- */

static const char **labels_of_rest(struct sb_table *table, const struct sb_results *results)
{
    static const char *const leading[] = {"platform", "config", "test"};
    const char **others = names_of_sets(table, results->comparisons_nr ? &results->comparisons->rest : NULL, results->comparisons_nr, sizeof *results->comparisons);
    size_t others_nr = 0, nr = 0;
    while (others[others_nr])
        others_nr++;
    const char **names = sb_arena_alloc(&table->arena, (others_nr + SB_ARRAY_SIZE(leading) + 1) * sizeof *names);
    for (size_t k = 0; k < SB_ARRAY_SIZE(leading); k++)
        for (size_t i = 0; i < results->comparisons_nr; i++)
            if (sb_labels_get(&results->comparisons[i].rest, leading[k])) {
                names[nr++] = leading[k];
                break;
            }
    for (size_t i = 0; i <= others_nr; i++)
        names[nr + i] = others[i];
    return names;
}

void sb_table_of_comparisons(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {"factor", "baseline", "level", "*", "metric", "unit", "better", "group",
                                          "primary", "n_baseline", "n_level", "mean_baseline", "mean_level", "ratio",
                                          "ratio_low", "ratio_high", "p", "p_adjusted", "effect_size", "verdict",
                                          "runs_needed", "findings", NULL};
    const char **labels = labels_of_rest(table, results);
    set_columns_with_labels(table, columns, labels);
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        struct filler f = {sb_table_add_row(table)};
        put_text(&f, c->factor);
        put_text(&f, c->baseline);
        put_text(&f, c->level);
        for (const char **l = labels; *l; l++)
            put_text(&f, sb_labels_get(&c->rest, *l));
        put_text(&f, c->metric);
        put_text(&f, c->unit);
        put_text(&f, sb_better_text(c->better));
        put_text(&f, c->group.name);
        put_count(&f, c->group.primary);
        put_count(&f, c->n_baseline);
        put_count(&f, c->n_level);
        const double numbers[] = {c->mean_baseline, c->mean_level, c->ratio, c->ratio_low, c->ratio_high,
                                  c->p, c->p_adjusted, c->effect_size};
        for (size_t k = 0; k < SB_ARRAY_SIZE(numbers); k++)
            put_number(&f, numbers[k]);
        put_text(&f, sb_verdict_text(c->verdict));
        put_known(&f, c->runs_needed);
        put_codes(&f, &c->findings);
    }
}

/* ---- findings ---- */

void sb_table_of_findings(struct sb_table *table, const struct sb_dataset *ds)
{
    static const char *const columns[] = {"code", "severity", "source", "run", "line", "other_source", "other_run",
                                          "other_line", "message"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < ds->findings_nr; i++) {
        const struct sb_finding *x = &ds->findings[i];
        struct filler f = {sb_table_add_row(table)};
        put_text(&f, x->code);
        put_text(&f, sb_severity_text(x->severity));
        put_text(&f, x->source);
        put_known(&f, x->ordinal);
        put_known(&f, x->line);
        put_text(&f, x->other_source);
        put_known(&f, x->other_ordinal);
        put_known(&f, x->other_line);
        put_text(&f, x->message);
    }
}

/* ---- encodings ---- */

static void csv_cell(struct sb_strbuf *out, bool *first, const struct sb_cell *cell)
{
    struct sb_strbuf codes = SB_STRBUF_INIT;
    switch (cell->kind) {
    case SB_CELL_MISSING: sb_csv_field(out, first, ""); break;
    case SB_CELL_TEXT:
    case SB_CELL_FIGURE: sb_csv_field(out, first, cell->text); break;
    case SB_CELL_NUMBER: sb_csv_number(out, first, cell->number); break;
    case SB_CELL_COUNT: sb_csv_count(out, first, cell->count); break;
    case SB_CELL_CODES:
        for (size_t i = 0; i < cell->codes.nr; i++)
            sb_strbuf_addf(&codes, "%s%s", i ? ";" : "", cell->codes.v[i]);
        sb_csv_field(out, first, codes.buf);
        break;
    }
    sb_strbuf_release(&codes);
}

void sb_table_write_csv(struct sb_strbuf *out, const struct sb_table *table)
{
    bool first = true;
    for (size_t c = 0; c < table->columns_nr; c++)
        sb_csv_field(out, &first, table->columns[c]);
    sb_csv_end_row(out, &first);
    for (size_t r = 0; r < table->rows_nr; r++) {
        for (size_t c = 0; c < table->columns_nr; c++)
            csv_cell(out, &first, &table->cells[r * table->columns_nr + c]);
        sb_csv_end_row(out, &first);
    }
}

static struct json_object *json_cell(const struct sb_cell *cell)
{
    switch (cell->kind) {
    case SB_CELL_MISSING: break;
    case SB_CELL_TEXT:
    case SB_CELL_FIGURE: return sb_json_text(cell->text);
    case SB_CELL_NUMBER: return sb_json_number(cell->number);
    case SB_CELL_COUNT: return json_object_new_uint64(cell->count);
    case SB_CELL_CODES: return sb_json_codes(&cell->codes);
    }
    return NULL;
}

void sb_table_write_json_rows(struct sb_strbuf *out, const struct sb_table *table)
{
    sb_strbuf_addc(out, '[');
    for (size_t r = 0; r < table->rows_nr; r++) {
        struct json_object *row = json_object_new_object();
        for (size_t c = 0; c < table->columns_nr; c++)
            sb_json_add(row, table->columns[c], json_cell(&table->cells[r * table->columns_nr + c]));
        sb_strbuf_adds(out, r ? ",\n" : "\n");
        sb_json_write(out, row, false);
        json_object_put(row);
    }
    sb_strbuf_adds(out, "\n]");
}

void sb_table_write_json(struct sb_strbuf *out, const struct sb_table *table, const char *command)
{
    sb_strbuf_adds(out, "{\"schema_version\":1,\"command\":");
    struct json_object *name = sb_json_text(command);
    sb_json_write(out, name, false);
    json_object_put(name);
    sb_strbuf_adds(out, ",\"rows\":");
    sb_table_write_json_rows(out, table);
    sb_strbuf_adds(out, "}\n");
}
