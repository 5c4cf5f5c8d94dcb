#include "cli/commands.h"

#include "analyze/analyze.h"
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
        size_t hidden = sb_view_comparisons(&table, results, &o->metrics, &notes);
        status = sb_emit_view(&table, &notes, hidden, format, o, err);
    } else {
        sb_table_of_comparisons(&table, results);
        status = sb_emit_table(&table, "compare", SB_FORMAT_TEXT, o, err);
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
    struct sb_compare_request request = {.factor = o->factor ? o->factor : "platform", .baseline = o->baseline, .all_pairs = o->all_pairs};
    bool ok = sb_run_summaries(&results, &loaded, o, err) && sb_compare(&loaded.ds, &results, &request, err);
    int status = ok ? emit(&results, o, format, err) : -1;
    sb_results_free(&results);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "by", "baseline", "all-pairs", "metric", "margin",
                                      "alpha", "confidence", "correction", "test", NULL};

const struct sb_command sb_cmd_compare = {
    .name = "compare",
    .summary = "ratios between platforms (or any label) with verdicts",
    .usage = "PATH... [--by platform] [--baseline docker] [options]",
    .description = "Compares the values of one label with a baseline, within every combination of the "
                   "other labels: ratio of geometric means with its 95 % interval, p adjusted over the "
                   "whole table, and a verdict: faster, slower, equivalent (within --margin) or "
                   "inconclusive.",
    .options = options,
    .run = run,
};
