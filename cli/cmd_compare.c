#include "cli/commands.h"

#include "analyze/analyze.h"
#include "cli/emit.h"
#include "cli/stages.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"

static unsigned more_columns(const struct sb_options *o)
{
    unsigned more = o->all_columns ? SB_COMPARISON_ALL : 0;
    if (o->estimate) more |= SB_COMPARISON_ESTIMATE;
    if (o->p_method) more |= SB_COMPARISON_P;
    if (o->null_controls.nr) more |= SB_COMPARISON_NULL;
    return more;
}

static int emit(struct sb_results *results, const struct sb_options *o, enum sb_format format,
                struct sb_err *err)
{
    int status;
    sb_results_keep_metrics(results, &o->metrics);
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN) {
        struct sb_page page;
        sb_page_init(&page);
        if (o->aggregate)
            sb_view_aggregates(&page, results);
        else
            sb_view_comparisons(&page, results, o);
        status = sb_page_emit(&page, format, o, err);
        sb_page_release(&page);
    } else {
        struct sb_table table;
        sb_table_init(&table);
        if (o->aggregate)
            sb_table_of_aggregates(&table, results);
        else
            sb_table_of_comparisons_with(&table, results, more_columns(o));
        status = sb_emit_table(&table, "compare", SB_FORMAT_TEXT, o, err);
        sb_table_free(&table);
    }
    return status;
}

/* ---- --null-control LABEL=GLOB[,LABEL=GLOB...] ---- */

struct null_controls {
    struct sb_arena arena;
    struct sb_null_control *v;
    size_t nr;
};

/* Where the next LABEL=GLOB starts: behind a comma that a "=" follows before the next one; others belong to
 * the glob. */
static size_t one_filter(const char *text)
{
    size_t len = strcspn(text, ",");
    while (text[len]) {
        size_t next = len + 1 + strcspn(text + len + 1, ",=");
        if (text[next] == '=') return len;
        len = next;
    }
    return len;
}

static bool parse_null_control(struct null_controls *controls, const char *text, struct sb_err *err)
{
    const char *given = text;
    struct sb_filter *filters = sb_arena_calloc(&controls->arena, strlen(text) + 1, sizeof *filters);
    struct sb_null_control *control = &controls->v[controls->nr++];
    control->filters = filters;
    for (;;) {
        size_t len = one_filter(text), name = strcspn(text, "=");
        if (!name || name >= len)
            return sb_fail(err, SB_ERR_USAGE, "--null-control takes LABEL=GLOB, not \"%.80s\"", given);
        filters[control->nr].label = sb_arena_strndup(&controls->arena, text, name);
        filters[control->nr++].glob = sb_arena_strndup(&controls->arena, text + name + 1, len - name - 1);
        if (!text[len]) return true;
        text += len + 1;
    }
}

static bool read_null_controls(struct null_controls *controls, const struct sb_options *o, struct sb_err *err)
{
    controls->v = sb_arena_calloc(&controls->arena, o->null_controls.nr + 1, sizeof *controls->v);
    for (size_t i = 0; i < o->null_controls.nr; i++)
        if (!parse_null_control(controls, o->null_controls.v[i], err)) return false;
    return true;
}

/* ---- the command ---- */

static bool compute(struct sb_results *results, const struct sb_loaded *loaded,
                    const struct null_controls *controls, const struct sb_options *o, struct sb_err *err)
{
    struct sb_compare_request request = {.factor = o->factor ? o->factor : "platform",
                                         .baseline = o->baseline,
                                         .all_pairs = o->all_pairs,
                                         .null_controls = controls->v,
                                         .null_controls_nr = controls->nr};
    if (!sb_run_summaries(results, loaded, o, err) || !sb_compare(&loaded->ds, results, &request, err))
        return false;
    if (o->aggregate) {
        sb_aggregate(results);
        if (!results->aggregates_nr)
            return sb_fail(err, SB_ERR_NO_INPUT,
                           "nothing to average: no test was measured at two values of %s", request.factor);
    }
    return true;
}

static int compare(const struct sb_options *o, const struct null_controls *controls, struct sb_err *err)
{
    struct sb_loaded loaded;
    struct sb_results results;
    enum sb_format format;
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err) || !sb_load(&loaded, o, 0, NULL, err)) return -1;
    int status = compute(&results, &loaded, controls, o, err) ? emit(&results, o, format, err) : -1;
    sb_results_free(&results);
    sb_loaded_release(&loaded);
    return status;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    struct null_controls controls = {.nr = 0};
    sb_arena_init(&controls.arena);
    int status = read_null_controls(&controls, in->options, err) ? compare(in->options, &controls, err) : -1;
    sb_arena_free(&controls.arena);
    return status;
}

static const char *const options[] = {
    SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "by",           "baseline",   "all-pairs",   "metric",
    "margin",          "alpha",          "confidence",   "correction", "test",        "estimate",
    "permutations",    "seed",           "null-control", "aggregate",  "all-columns", NULL};

const struct sb_command sb_cmd_compare = {
    .name = "compare",
    .summary = "ratios between platforms (or any label) with verdicts",
    .usage = "PATH... [--by platform] [--baseline docker] [options]",
    .description =
        "Compares the values of one label with a baseline, within every combination of the "
        "other labels: ratio of geometric means with its interval (--confidence), p adjusted over the "
        "whole table (--correction), and a verdict: faster, slower, equivalent (within --margin) or "
        "inconclusive. games-howell (all pairs) and dunnett (one baseline) adjust by themselves "
        "within one combination and replace --correction. What --estimate, --test and "
        "--null-control add stands in further columns of csv and json.",
    .options = options,
    .run = run,
};
