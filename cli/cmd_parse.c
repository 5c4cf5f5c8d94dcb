#include "cli/commands.h"

#include "cli/emit.h"
#include "cli/load.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/tidy.h"

static void unread_lines(struct sb_strbuf *out, const struct sb_parse_output *output)
{
    for (size_t i = 0; i < output->unread_nr; i++) {
        const struct sb_unread_line *line = &output->unread[i];
        sb_text_visible(out, line->source, strlen(line->source), false);
        sb_strbuf_addf(out, ":%u: ", (unsigned)line->line);
        sb_text_visible(out, line->text, strlen(line->text), false);
        sb_strbuf_addc(out, '\n');
    }
}

static int emit_runs(struct sb_loaded *loaded, const struct sb_options *o, struct sb_err *err)
{
    struct sb_table table;
    sb_table_init(&table);
    sb_table_of_runs(&table, &loaded->ds);
    int status = sb_emit_table(&table, "parse", SB_FORMAT_CSV, o, err);
    sb_table_free(&table);
    return status;
}

/* Is the run still there after --where? Both lists are sorted by source and run. */
static bool run_kept(const struct sb_dataset *ds, size_t *at, const struct sb_label_origin *label)
{
    while (*at < ds->runs_nr) {
        const struct sb_run *run = &ds->runs[*at];
        int cmp = strcmp(run->source, label->source);
        if (cmp > 0 || (cmp == 0 && run->ordinal >= label->ordinal))
            return cmp == 0 && run->ordinal == label->ordinal;
        ++*at;
    }
    return false;
}

static void label_table(struct sb_table *table, const struct sb_loaded *loaded)
{
    static const char *const columns[] = {"source", "run", "label", "value", "why"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    size_t at = 0;
    for (size_t i = 0; i < loaded->output.labels_nr; i++) {
        const struct sb_label_origin *label = &loaded->output.labels[i];
        if (!run_kept(&loaded->ds, &at, label)) continue;
        const char *const texts[] = {label->source, NULL, label->name, label->value, label->why};
        struct sb_cell *cell = sb_table_add_row(table);
        for (size_t c = 0; c < SB_ARRAY_SIZE(texts); c++)
            if (texts[c]) cell[c] = (struct sb_cell){.kind = SB_CELL_TEXT, .text = texts[c]};
        cell[1] = (struct sb_cell){.kind = SB_CELL_COUNT, .count = label->ordinal};
    }
}

/* For people, one paragraph per run: its place, then each label with its reason. */
static void label_paragraphs(struct sb_strbuf *out, const struct sb_table *table)
{
    const struct sb_cell *before = NULL;
    for (size_t r = 0; r < table->rows_nr; r++) {
        const struct sb_cell *row = table->cells + r * table->columns_nr;
        if (!before || before[1].count != row[1].count || strcmp(before[0].text, row[0].text) != 0) {
            sb_text_visible(out, row[0].text, strlen(row[0].text), false);
            sb_strbuf_addf(out, " run %llu\n", row[1].count);
        }
        sb_strbuf_addf(out, "    %-12s ", row[2].text);
        sb_text_visible(out, row[3].text, strlen(row[3].text), false);
        if (row[4].kind == SB_CELL_TEXT) {
            sb_strbuf_adds(out, "  (");
            sb_text_visible(out, row[4].text, strlen(row[4].text), false);
            sb_strbuf_addc(out, ')');
        }
        sb_strbuf_addc(out, '\n');
        before = row;
    }
}

static int emit_labels(const struct sb_loaded *loaded, const struct sb_options *o, enum sb_format format,
                       struct sb_err *err)
{
    struct sb_table table;
    struct sb_strbuf out = SB_STRBUF_INIT;
    int status;
    sb_table_init(&table);
    label_table(&table, loaded);
    if (!o->format || format == SB_FORMAT_TEXT) {
        label_paragraphs(&out, &table);
        status = sb_emit_bytes(&out, o, err);
    } else {
        status = sb_emit_table(&table, "parse --labels-only", format, o, err);
    }
    sb_strbuf_release(&out);
    sb_table_free(&table);
    return status;
}

static int emit_other(struct sb_loaded *loaded, const struct sb_options *o, struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (o->unread)
        unread_lines(&out, &loaded->output);
    else if (o->series)
        sb_tidy_write_series(&out, &loaded->ds);
    else
        sb_tidy_write_histogram(&out, &loaded->ds);
    int status = sb_emit_bytes(&out, o, err);
    sb_strbuf_release(&out);
    return status;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_loaded loaded;
    enum sb_format format;
    if (o->series + o->histogram + o->labels_only + o->unread > 1)
        return sb_fail(err, SB_ERR_USAGE,
                       "--series, --histogram, --labels-only and --unread are one at a time") -
               1;
    if (!sb_options_format(o, SB_FORMAT_CSV, &format, err)) return -1;
    unsigned wants = SB_LOAD_NO_AUDIT | SB_LOAD_POINTS |
                     (o->unread ? SB_LOAD_UNREAD | SB_LOAD_ALLOW_EMPTY : 0) |
                     (o->labels_only ? SB_LOAD_LABELS : 0);
    if (!sb_load(&loaded, o, wants, NULL, err)) return -1;
    int status;
    if (o->labels_only)
        status = emit_labels(&loaded, o, format, err);
    else
        status =
            o->unread || o->series || o->histogram ? emit_other(&loaded, o, err) : emit_runs(&loaded, o, err);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "series", "histogram",
                                      "labels-only",     "unread",         NULL};

const struct sb_command sb_cmd_parse = {
    .name = "parse",
    .summary = "every figure of every run as tidy CSV",
    .usage = "PATH... [options]",
    .description = "Finds every sysbench run below the PATHs and prints one row per metric and parameter: "
                   "where it stood, the run's labels, the value, its unit and resolution. Any other "
                   "stage, R, pandas or a spreadsheet can read that. The default format is csv.",
    .options = options,
    .run = run,
};
