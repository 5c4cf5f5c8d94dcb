#include "cli/commands.h"

#include "analyze/analyze.h"
#include "cli/emit.h"
#include "cli/stages.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"

static int emit(const struct sb_results *results, const struct sb_options *o, enum sb_format format,
                struct sb_err *err)
{
    int status;
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN) {
        struct sb_page page;
        sb_page_init(&page);
        sb_view_effects(&page, results);
        status = sb_page_emit(&page, format, o, err);
        sb_page_release(&page);
    } else {
        struct sb_table table;
        sb_table_init(&table);
        sb_table_of_effects(&table, results);
        status = sb_emit_table(&table, "effects", SB_FORMAT_TEXT, o, err);
        sb_table_free(&table);
    }
    return status;
}

/* "vcpus,memory_mib" as a NULL-terminated list in the results' arena; NULL when --by was not given. False: an
 * empty name. */
static bool split_factors(struct sb_results *results, const char *by, const char *const **factors,
                          struct sb_err *err)
{
    size_t nr = 1;
    *factors = NULL;
    if (!by) return true;
    for (const char *p = by; *p; p++)
        nr += *p == ',';
    const char **list = sb_arena_calloc(&results->arena, nr + 1, sizeof *list);
    nr = 0;
    for (;;) {
        size_t len = strcspn(by, ",");
        if (!len) return sb_fail(err, SB_ERR_USAGE, "--by takes labels like vcpus,memory_mib,platform");
        list[nr++] = sb_arena_strndup(&results->arena, by, len);
        if (!by[len]) break;
        by += len + 1;
    }
    *factors = list;
    return true;
}

/* The metrics that --metric names; NULL: the default. */
static const char *const *wanted_metrics(struct sb_results *results, const struct sb_options *o)
{
    size_t nr = 0;
    if (!o->metrics.nr) return NULL;
    const char **list = sb_arena_calloc(&results->arena, results->summaries_nr + 1, sizeof *list);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        size_t k = 0;
        while (k < nr && strcmp(list[k], results->summaries[i].metric) != 0)
            k++;
        if (k == nr && sb_name_wanted(&o->metrics, results->summaries[i].metric))
            list[nr++] = results->summaries[i].metric;
    }
    return list;
}

static bool compute(struct sb_results *results, const struct sb_loaded *loaded, const struct sb_options *o,
                    struct sb_err *err)
{
    struct sb_effects_request request = {NULL, NULL};
    if (!sb_run_summaries(results, loaded, o, err) ||
        !split_factors(results, o->factor, &request.factors, err))
        return false;
    request.metrics = wanted_metrics(results, o);
    if (!sb_effects(&loaded->ds, results, &request, err)) return false;
    if (!results->effects_nr)
        return sb_fail(err, SB_ERR_NO_INPUT, "no metric was measured for two values of any factor");
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

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "by",         "metric",
                                      "alpha",           "confidence",     "correction", NULL};

static const struct sb_option_help helps[] = {
    {"by", "LABELS",
     "the factors, at most five labels (default: platform, and vcpus and memory_mib or else config)"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_effects = {
    .name = "effects",
    .summary = "what each factor and their interplay do (analysis of variance)",
    .usage = "PATH... [--by vcpus,memory_mib,platform] [options]",
    .description = "Analysis of variance of the logarithms with all interactions (type II), within every "
                   "combination of the labels that are not factors; each factor's effect as a ratio "
                   "with its interval; and a check of the residuals. Boots are the replicates when they "
                   "are known. Without --by the factors are platform, vcpus and memory_mib, or config.",
    .options = options,
    .helps = helps,
    .run = run,
};
