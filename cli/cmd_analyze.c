#include "cli/commands.h"

#include "cli/emit.h"
#include "cli/stages.h"
#include "cli/views.h"

static int emit(struct sb_results *results, const struct sb_options *o, enum sb_format format, struct sb_err *err)
{
    struct sb_table table;
    struct sb_codes notes = {NULL, 0};
    int status;
    sb_table_init(&table);
    sb_results_keep_metrics(results, &o->metrics);
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN) {
        size_t hidden = sb_view_summaries(&table, results, &o->metrics, &notes);
        status = sb_emit_view(&table, &notes, hidden, format, o, err);
    } else {
        sb_table_of_summaries(&table, results);
        status = sb_emit_table(&table, "analyze", SB_FORMAT_TEXT, o, err);
    }
    sb_table_free(&table);
    return status;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_loaded loaded;
    struct sb_results results;
    enum sb_format format;
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err) || !sb_load(&loaded, o, 0, NULL, err)) return -1;
    int status = sb_run_summaries(&results, &loaded, o, err) ? emit(&results, o, format, err) : -1;
    sb_results_free(&results);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "metric", "confidence", NULL};

const struct sb_command sb_cmd_analyze = {
    .name = "analyze",
    .summary = "mean, deviation and interval of every cell and metric",
    .usage = "PATH... [options]",
    .description = "Summarises each cell (runs that are equal in platform, config, test and further "
                   "labels): n, mean, sample standard deviation, t interval, median, quartiles and more. "
                   "Runs with different parameters are never averaged: they become cells of their own.",
    .options = options,
    .run = run,
};
