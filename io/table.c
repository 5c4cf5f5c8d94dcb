#include "io/table.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/csv.h"
#include "io/json.h"
#include "io/table_fill.h"

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

/* ---- runs ---- */

static const char **further_labels(struct sb_dataset *ds)
{
    size_t nr, kept = 0;
    const char **names = sb_dataset_label_names(ds, &nr);
    for (size_t i = 0; i < nr;
         i++) /* a cell split by kind, version or threads has them in their own columns already */
        if (!sb_table_is_fixed_label(names[i]) && !sb_streq(names[i], "kind") &&
            !sb_streq(names[i], "version") && !sb_streq(names[i], "threads"))
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

static void add_run_row(struct sb_table *table, const struct sb_run *run, const struct run_row *row,
                        const char *const *labels)
{
    struct sb_filler f = {sb_table_add_row(table)};
    sb_put_text(&f, run->source);
    sb_put_known(&f, run->ordinal);
    sb_put_known(&f, row->line);
    sb_put_text(&f, sb_run_label(run, "platform"));
    sb_put_text(&f, sb_run_label(run, "config"));
    sb_put_text(&f, sb_run_label(run, "test"));
    sb_put_text(&f, sb_run_label(run, "repetition"));
    sb_put_text(&f, run->kind);
    sb_put_text(&f, run->version);
    sb_put_known(&f, run->threads);
    sb_put_text(&f, sb_status_text(run->status));
    sb_put_text(&f, row->metric);
    if (row->value)
        sb_put_number(&f, row->value->value);
    else
        sb_put_text(&f, row->text);
    sb_put_text(&f, row->value ? row->value->unit : "");
    sb_put_number(&f, row->value ? row->value->resolution : NAN);
    sb_put_text(&f, row->value ? sb_origin_text(row->value->origin) : *row->metric ? "parameter" : "");
    for (; *labels; labels++)
        sb_put_text(&f, sb_run_label(run, *labels));
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
    static const char *const columns[] = {"source",     "run",  "line",       "platform", "config", "test",
                                          "repetition", "kind", "version",    "threads",  "status", "metric",
                                          "value",      "unit", "resolution", "origin",   "*",      NULL};
    const char **labels = further_labels(ds);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < ds->runs_nr; i++)
        add_run_rows(table, &ds->runs[i], labels);
}

/* ---- findings ---- */

void sb_table_of_findings(struct sb_table *table, const struct sb_dataset *ds)
{
    static const char *const columns[] = {"code",         "severity",  "source",     "run",    "line",
                                          "other_source", "other_run", "other_line", "message"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < ds->findings_nr; i++) {
        const struct sb_finding *x = &ds->findings[i];
        struct sb_filler f = {sb_table_add_row(table)};
        sb_put_text(&f, x->code);
        sb_put_text(&f, sb_severity_text(x->severity));
        sb_put_text(&f, x->source);
        sb_put_known(&f, x->ordinal);
        sb_put_known(&f, x->line);
        sb_put_text(&f, x->other_source);
        sb_put_known(&f, x->other_ordinal);
        sb_put_known(&f, x->other_line);
        sb_put_text(&f, x->message);
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
