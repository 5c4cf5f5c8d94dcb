#include "cli/commands.h"

#include <math.h>
#include "analyze/analyze.h"
#include "cli/emit.h"
#include "cli/stages.h"
#include "cli/views.h"

static int emit(const struct sb_results *results, const struct sb_options *o, enum sb_format format,
                struct sb_err *err)
{
    int status;
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN) {
        struct sb_page page;
        sb_page_init(&page);
        sb_view_repetitions(&page, results, o);
        status = sb_page_emit(&page, format, o, err);
        sb_page_release(&page);
    } else {
        struct sb_table table;
        sb_table_init(&table);
        sb_table_of_repetitions(&table, results);
        status = sb_emit_table(&table, "repetitions", SB_FORMAT_TEXT, o, err);
        sb_table_free(&table);
    }
    return status;
}

static double or_zero(double value)
{
    return isnan(value) ? 0 : value;
}

static bool compute(struct sb_results *results, const struct sb_loaded *loaded, const struct sb_options *o,
                    struct sb_err *err)
{
    struct sb_repetitions_request request = {or_zero(o->width), or_zero(o->cost_boot), or_zero(o->cost_run)};
    if (!sb_run_summaries(results, loaded, o, err) || !sb_repetitions(&loaded->ds, results, &request, err))
        return false;
    sb_results_keep_view_metrics(results, &o->metrics);
    if (!results->repetitions_nr)
        return sb_fail(err, SB_ERR_NO_INPUT, "no metric that is tested is among the runs");
    return true;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_loaded loaded;
    struct sb_results results;
    enum sb_format format;
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err) || !sb_load(&loaded, o, 0, NULL, err)) return -1;
    int status = compute(&results, &loaded, o, err) ? emit(&results, o, format, err) : -1;
    sb_results_free(&results);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "width", "cost-boot",  "cost-run",
                                      "metric",          "margin",         "alpha", "confidence", NULL};

const struct sb_command sb_cmd_repetitions = {
    .name = "repetitions",
    .summary = "how many boots and runs a wanted precision takes",
    .usage = "PATH... [--width 2%] [options]",
    .description =
        "From the runs at hand as a pilot: how much varies between boots and within them, how many "
        "runs per boot are worth their cost, how many boots give the wanted half width of the "
        "mean's interval, and how many for each side find a difference of --margin with 80 % "
        "power. Needs the label boot (from the manifest or --labels) to tell the two apart.",
    .options = options,
    .run = run,
};
