#include "cli/commands.h"

#include <math.h>
#include "analyze/analyze.h"
#include "cli/emit.h"
#include "cli/stages.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "io/number.h"

enum { MOST_RANKS = 50 };

struct job {
    const struct sb_loaded *loaded;
    struct sb_results results;
    const struct sb_options *o;
};

/* ---- summaries ---- */

static bool summaries(struct job *job, struct sb_err *err)
{
    (void)err;
    sb_results_keep_metrics(&job->results, &job->o->metrics);
    return true;
}

static void view_summaries(struct sb_page *page, const struct job *job)
{
    sb_view_summaries(page, &job->results, job->o);
}

static void table_summaries(struct sb_table *table, const struct job *job)
{
    const struct sb_options *o = job->o;
    unsigned more = o->all_columns ? SB_SUMMARY_ALL : 0;
    if (o->center) more |= SB_SUMMARY_CENTERS;
    if (o->prediction) more |= SB_SUMMARY_PREDICTION;
    if (!isnan(o->tolerance)) more |= SB_SUMMARY_TOLERANCE;
    if (o->bootstrap) more |= SB_SUMMARY_BOOTSTRAP;
    sb_table_of_summaries_with(table, &job->results, more);
}

static bool asked_nothing(const struct sb_options *o)
{
    (void)o;
    return true;
}

/* ---- series ---- */

static bool steady(struct job *job, struct sb_err *err)
{
    sb_analyse_series(&job->loaded->ds, &job->results);
    sb_results_keep_view_metrics(&job->results, &job->o->metrics);
    if (job->results.series_nr) return true;
    return sb_fail(err, SB_ERR_NO_INPUT,
                   "no run has 20 interval lines of a metric (sysbench --report-interval=1)");
}

static void view_steady(struct sb_page *page, const struct job *job)
{
    sb_view_series(page, &job->loaded->ds, &job->results, job->o);
}

static void table_steady(struct sb_table *table, const struct job *job)
{
    sb_table_of_series(table, &job->loaded->ds, &job->results);
}

static bool asked_steady(const struct sb_options *o)
{
    return o->steady;
}

/* ---- scaling ---- */

static bool scaling(struct job *job, struct sb_err *err)
{
    if (!sb_scaling(&job->loaded->ds, &job->results, job->o->scaling, err)) return false;
    sb_results_keep_view_metrics(&job->results, &job->o->metrics);
    if (job->results.scaling_nr) return true;
    return sb_fail(err, SB_ERR_NO_INPUT, "nothing was measured at two values of '%s' with all else the same",
                   job->o->scaling);
}

static void view_scaling(struct sb_page *page, const struct job *job)
{
    sb_view_scaling(page, &job->results);
}

static void table_scaling(struct sb_table *table, const struct job *job)
{
    sb_table_of_scaling(table, &job->results);
}

static bool asked_scaling(const struct sb_options *o)
{
    return o->scaling != NULL;
}

/* ---- histograms ---- */

/* "50,95,99.9"; 0 when it is no such list. */
static size_t parse_ranks(const char *text, double ranks[MOST_RANKS])
{
    for (size_t nr = 0; nr < MOST_RANKS;) {
        size_t len = strcspn(text, ",");
        if (!sb_number_parse(text, len, &ranks[nr]) || !(ranks[nr] > 0 && ranks[nr] <= 100)) return 0;
        nr++;
        if (!text[len]) return nr;
        text += len + 1;
    }
    return 0;
}

static bool check_ranks(const struct sb_options *o, struct sb_err *err)
{
    double ranks[MOST_RANKS];
    if (!o->percentiles || parse_ranks(o->percentiles, ranks)) return true;
    return sb_fail(
        err, SB_ERR_USAGE,
        "--percentiles takes up to %d numbers above 0 and up to 100, like 50,95,99.9, not \"%.40s\"",
        MOST_RANKS, o->percentiles);
}

static bool percentiles(struct job *job, struct sb_err *err)
{
    double ranks[MOST_RANKS];
    sb_merge_histograms(&job->loaded->ds, &job->results, ranks, parse_ranks(job->o->percentiles, ranks));
    if (job->results.percentiles_nr) return true;
    return sb_fail(err, SB_ERR_NO_INPUT, "no run has a latency histogram (sysbench --histogram)");
}

static void view_percentiles(struct sb_page *page, const struct job *job)
{
    sb_view_percentiles(page, &job->results);
}

static void table_percentiles(struct sb_table *table, const struct job *job)
{
    sb_table_of_percentiles(table, &job->results);
}

static bool asked_percentiles(const struct sb_options *o)
{
    return o->percentiles != NULL;
}

/* ---- the command ---- */

static const struct analysis {
    bool (*asked)(const struct sb_options *o);
    bool (*compute)(struct job *job, struct sb_err *err);
    void (*view)(struct sb_page *page, const struct job *job);
    void (*table)(struct sb_table *table, const struct job *job);
} analyses[] = {
    {.asked = asked_steady, .compute = steady, .view = view_steady, .table = table_steady},
    {.asked = asked_scaling, .compute = scaling, .view = view_scaling, .table = table_scaling},
    {.asked = asked_percentiles,
     .compute = percentiles,
     .view = view_percentiles,
     .table = table_percentiles},
    {.asked = asked_nothing, .compute = summaries, .view = view_summaries, .table = table_summaries},
};

static const struct analysis *choose(const struct sb_options *o, struct sb_err *err)
{
    if (o->steady + (o->scaling != NULL) + (o->percentiles != NULL) > 1) {
        sb_fail(err, SB_ERR_USAGE,
                "--steady, --scaling and --percentiles each print a table of their own: choose one");
        return NULL;
    }
    for (size_t i = 0; i < SB_ARRAY_SIZE(analyses); i++)
        if (analyses[i].asked(o)) return &analyses[i];
    return NULL;
}

static int emit(const struct analysis *analysis, const struct job *job, enum sb_format format,
                struct sb_err *err)
{
    int status;
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN) {
        struct sb_page page;
        sb_page_init(&page);
        analysis->view(&page, job);
        status = sb_page_emit(&page, format, job->o, err);
        sb_page_release(&page);
    } else {
        struct sb_table table;
        sb_table_init(&table);
        analysis->table(&table, job);
        status = sb_emit_table(&table, "analyze", SB_FORMAT_TEXT, job->o, err);
        sb_table_free(&table);
    }
    return status;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    struct sb_loaded loaded;
    struct job job = {.loaded = &loaded, .o = in->options};
    enum sb_format format;
    const struct analysis *analysis = choose(job.o, err);
    if (!analysis || !check_ranks(job.o, err) || !sb_options_format(job.o, SB_FORMAT_TEXT, &format, err))
        return -1;
    if (!sb_load(&loaded, job.o, 0, NULL, err)) return -1;
    bool ok = sb_run_summaries(&job.results, &loaded, job.o, err) && analysis->compute(&job, err);
    int status = ok ? emit(analysis, &job, format, err) : -1;
    sb_results_free(&job.results);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {
    SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "metric",      "confidence", "center",  "prediction",  "tolerance",
    "bootstrap",       "seed",           "all-columns", "steady",     "scaling", "percentiles", NULL};

const struct sb_command sb_cmd_analyze = {
    .name = "analyze",
    .summary = "mean, deviation and interval of every cell and metric",
    .usage = "PATH... [options]",
    .description = "Summarises each cell (runs that are equal in platform, config, test and further "
                   "labels): n, mean, sample standard deviation, t interval, median, quartiles and more. "
                   "Runs with different parameters are never averaged: they become cells of their own. "
                   "--steady, --scaling and --percentiles each print another view instead.",
    .options = options,
    .run = run,
};
