#include "cli/commands.h"

#include "cli/emit.h"
#include "cli/load.h"
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
        return sb_fail(err, SB_ERR_USAGE, "--series, --histogram, --labels-only and --unread are one at a time") - 1;
    if (!sb_options_format(o, SB_FORMAT_CSV, &format, err)) return -1;
    unsigned wants = SB_LOAD_NO_AUDIT | (o->unread ? SB_LOAD_UNREAD | SB_LOAD_ALLOW_EMPTY : 0);
    if (!sb_load(&loaded, o, wants, NULL, err)) return -1;
    int status = o->unread || o->series || o->histogram ? emit_other(&loaded, o, err) : emit_runs(&loaded, o, err);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "series", "histogram", "labels-only", "unread", NULL};

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
