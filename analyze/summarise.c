/* Cells and their summaries; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include <gsl/gsl_errno.h>
#include "analyze/boots.h"
#include "analyze/bootstrap.h"
#include "analyze/interval.h"
#include "analyze/moments.h"
#include "analyze/twosample.h"
#include "core/alloc.h"
#include "core/text.h"

/* One value of one run, with what it is sorted by: cell, metric, run. */
struct item {
    size_t cell, rank, run;
    const struct sb_value *value;
};

struct indexed_labels {
    struct sb_labels labels; /* only those that split cells */
    size_t run;
};

struct run_finding {
    size_t run, finding;
};

struct work {
    const struct sb_dataset *ds;
    struct sb_results *results;
    struct sb_labels *cells; /* distinct, sorted; arrays in the results' arena */
    size_t cells_nr;
    size_t *cell_of; /* by run index */
    struct item *items;
    size_t items_nr, items_alloc;
    struct run_finding *by_run; /* the findings about runs, sorted by run */
    size_t by_run_nr;
};

static const char *keep(struct sb_results *results, const char *s)
{
    return s ? sb_arena_intern(&results->arena, s, strlen(s)) : NULL;
}

static struct sb_labels splitting_labels(struct sb_results *results, const struct sb_labels *all)
{
    struct sb_labels set = {sb_arena_alloc(&results->arena, (all->nr + 1) * sizeof *set.v), 0, all->nr};
    for (size_t i = 0; i < all->nr; i++)
        if (sb_label_splits_cells(all->v[i].name))
            set.v[set.nr++] =
                (struct sb_label){keep(results, all->v[i].name), keep(results, all->v[i].value)};
    return set;
}

static int indexed_labels_cmp(const void *pa, const void *pb)
{
    const struct indexed_labels *a = pa, *b = pb;
    int cmp = sb_labels_cmp(&a->labels, &b->labels);
    return cmp ? cmp : (a->run > b->run) - (a->run < b->run);
}

static void find_cells(struct work *w)
{
    size_t nr = w->ds->runs_nr;
    struct indexed_labels *sorted = sb_xreallocarray(NULL, nr, sizeof *sorted);
    for (size_t i = 0; i < nr; i++)
        sorted[i] = (struct indexed_labels){splitting_labels(w->results, &w->ds->runs[i].labels), i};
    if (nr) qsort(sorted, nr, sizeof *sorted, indexed_labels_cmp);
    w->cells = sb_xreallocarray(NULL, nr, sizeof *w->cells);
    w->cell_of = sb_xreallocarray(NULL, nr, sizeof *w->cell_of);
    for (size_t i = 0; i < nr; i++) {
        if (!i || sb_labels_cmp(&sorted[i - 1].labels, &sorted[i].labels) != 0)
            w->cells[w->cells_nr++] = sorted[i].labels;
        w->cell_of[sorted[i].run] = w->cells_nr - 1;
    }
    free(sorted);
}

static int item_metric_cmp(const struct item *a, const struct item *b)
{
    if (a->cell != b->cell) return a->cell < b->cell ? -1 : 1;
    if (a->rank != b->rank) return a->rank < b->rank ? -1 : 1;
    return a->value->metric == b->value->metric ? 0 : sb_natural_cmp(a->value->metric, b->value->metric);
}

static int item_cmp(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;
    int cmp = item_metric_cmp(a, b);
    return cmp ? cmp : (a->run > b->run) - (a->run < b->run);
}

static void find_items(struct work *w)
{
    for (size_t i = 0; i < w->ds->runs_nr; i++) {
        const struct sb_run *run = &w->ds->runs[i];
        if (run->status == SB_FAILED) continue;
        for (size_t j = 0; j < run->values_nr; j++) {
            SB_ALLOC_GROW(w->items, w->items_nr + 1, w->items_alloc);
            w->items[w->items_nr++] =
                (struct item){w->cell_of[i], sb_metric_rank(run->values[j].metric), i, &run->values[j]};
        }
    }
    if (w->items_nr) qsort(w->items, w->items_nr, sizeof *w->items, item_cmp);
}

static int run_finding_cmp(const void *pa, const void *pb)
{
    const struct run_finding *a = pa, *b = pb;
    if (a->run != b->run) return a->run < b->run ? -1 : 1;
    return (a->finding > b->finding) - (a->finding < b->finding);
}

static void index_findings(struct work *w)
{
    w->by_run = sb_xreallocarray(NULL, w->ds->findings_nr, sizeof *w->by_run);
    for (size_t i = 0; i < w->ds->findings_nr; i++)
        if (w->ds->findings[i].run_index != SB_NO_RUN)
            w->by_run[w->by_run_nr++] = (struct run_finding){w->ds->findings[i].run_index, i};
    if (w->by_run_nr) qsort(w->by_run, w->by_run_nr, sizeof *w->by_run, run_finding_cmp);
}

static size_t first_finding(const struct work *w, size_t run)
{
    size_t low = 0, high = w->by_run_nr;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (w->by_run[middle].run < run)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What the audit says about comparing, not about a cell: each comparison finds out for itself. */
static bool is_about_comparing(const char *code)
{
    static const char *const codes[] = {"ACCELERATORS_DIFFER", "PARAMETERS_DIFFER", "VERSIONS_DIFFER"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(codes); i++)
        if (strcmp(codes[i], code) == 0) return true;
    return false;
}

/* Marks the summary with the run's findings that concern its metric; true when one of them makes this value
 * unusable. */
static bool take_findings(struct work *w, struct sb_summary *s, size_t run)
{
    bool tainted = false;
    for (size_t i = first_finding(w, run); i < w->by_run_nr && w->by_run[i].run == run; i++) {
        const struct sb_finding *f = &w->ds->findings[w->by_run[i].finding];
        if (f->metric && strcmp(f->metric, s->metric) != 0) continue;
        if (!is_about_comparing(f->code))
            sb_codes_add(&w->results->arena, &s->findings, keep(w->results, f->code));
        tainted |= f->metric && f->severity == SB_ERROR;
    }
    return tainted;
}

static void add_code(struct work *w, struct sb_summary *s, const char *code)
{
    sb_codes_add(&w->results->arena, &s->findings, code);
}

/* Takes the usable runs among the items of one cell and metric. */
static void take_runs(struct work *w, struct sb_summary *s, const struct item *items, size_t nr)
{
    struct sb_arena *arena = &w->results->arena;
    s->runs = sb_arena_alloc(arena, nr * sizeof *s->runs);
    s->run_values = sb_arena_alloc(arena, nr * sizeof *s->run_values);
    s->resolution = NAN;
    for (size_t i = 0; i < nr; i++) {
        const struct sb_run *run = &w->ds->runs[items[i].run];
        bool tainted = take_findings(w, s, items[i].run);
        if ((tainted || run->suspect) && !w->results->settings.include_suspect) {
            s->runs_excluded++;
            continue;
        }
        if (run->status == SB_PARTIAL) add_code(w, s, "PARTIAL_RUNS");
        s->runs[s->n_runs] = items[i].run;
        s->run_values[s->n_runs++] = items[i].value->value;
        s->resolution = fmax(s->resolution, items[i].value->resolution); /* fmax ignores NaN */
    }
    if (s->runs_excluded) add_code(w, s, "RUNS_EXCLUDED");
}

static void take_accelerator(struct work *w, struct sb_summary *s)
{
    for (size_t i = 0; i < s->n_runs; i++) {
        const char *text = sb_run_param(&w->ds->runs[s->runs[i]], "env.accelerator");
        if (!text || !*text) continue;
        if (!s->accelerator)
            s->accelerator = keep(w->results, text);
        else if (strcmp(s->accelerator, text) != 0)
            s->accelerator = "mixed";
    }
}

/* Boots are known when every run has one; else each run is a replicate of its own. */
static void find_replicates(const struct work *w, struct sb_summary *s, size_t *order, size_t *sizes)
{
    s->n = sb_group_boots(w->ds, s->runs, s->n_runs, order, sizes);
    s->boots_known = s->n > 0;
    if (s->boots_known) return;
    s->n = s->n_runs;
    for (size_t i = 0; i < s->n_runs; i++) {
        order[i] = i;
        sizes[i] = 1;
    }
}

static void make_replicates(struct work *w, struct sb_summary *s)
{
    struct sb_arena *arena = &w->results->arena;
    size_t *order = sb_xreallocarray(NULL, s->n_runs, sizeof *order),
           *sizes = sb_xreallocarray(NULL, s->n_runs, sizeof *sizes);
    double *group = sb_xreallocarray(NULL, s->n_runs, sizeof *group);
    bool positive = sb_stat_all_positive(s->run_values, s->n_runs);
    find_replicates(w, s, order, sizes);
    s->first_runs = sb_arena_alloc(arena, s->n * sizeof *s->first_runs);
    s->values = sb_arena_alloc(arena, s->n * sizeof *s->values);
    s->log_values = positive ? sb_arena_alloc(arena, s->n * sizeof *s->log_values) : NULL;
    for (size_t r = 0, at = 0; r < s->n; at += sizes[r++]) {
        s->first_runs[r] = s->runs[order[at]];
        for (size_t i = 0; i < sizes[r]; i++)
            group[i] = s->run_values[order[at + i]];
        s->values[r] = sb_stat_mean(group, sizes[r]);
        if (!positive) continue;
        sb_stat_log(group, sizes[r], group);
        s->log_values[r] = sb_stat_mean(group, sizes[r]);
    }
    free(group);
    free(order);
    free(sizes);
}

static void describe_order(struct sb_summary *s, const double *x, size_t n)
{
    double *sorted = sb_xreallocarray(NULL, n, sizeof *sorted);
    memcpy(sorted, x, n * sizeof *sorted);
    sb_stat_sort(sorted, n);
    s->min = sorted[0];
    s->q1 = sb_stat_quantile(sorted, n, 0.25);
    s->median = sb_stat_quantile(sorted, n, 0.5);
    s->q3 = sb_stat_quantile(sorted, n, 0.75);
    s->max = sorted[n - 1];
    s->mad = sb_stat_mad(x, n);
    free(sorted);
}

/* Of the statistic that was asked for. The geometric mean is that of the boots' mean logarithms, when there
 * are several. */
static struct sb_range bootstrap(const struct sb_analysis_settings *settings, const struct sb_summary *s,
                                 const double *x, size_t n)
{
    const char *center = settings->center ? settings->center : "mean";
    bool geomean = strcmp(center, "geomean") == 0, logs = geomean && s->log_values && n == s->n;
    sb_statistic *statistic = sb_statistic_mean;
    if (strcmp(center, "median") == 0) statistic = sb_statistic_median;
    if (geomean && !logs) statistic = sb_statistic_geomean;
    struct sb_range r = sb_bca(logs ? s->log_values : x, n, statistic, NULL, settings->bootstrap,
                               settings->seed, s->confidence)
                            .range;
    return logs ? (struct sb_range){exp(r.low), exp(r.high)} : r;
}

/* The intervals beside the mean's; those on request only when asked for. */
static void describe_intervals(const struct sb_analysis_settings *settings, struct sb_summary *s,
                               const double *x, size_t n, struct sb_moments m)
{
    struct sb_range none = {NAN, NAN}, geo, prediction = none, tolerance = none, bca = none;
    struct sb_median_interval median = sb_median_interval(x, n, s->confidence);
    if (s->sd == 0 && s->log_values)
        geo = (struct sb_range){s->ci_low, s->ci_high};
    else if (s->log_values && s->n > 1)
        geo = sb_t_interval(sb_stat_moments(s->log_values, s->n), s->confidence);
    else
        geo = sb_log_t_interval(x, n, s->confidence);
    bool from_logs = s->sd != 0 && s->log_values && s->n > 1;
    s->geo_low = from_logs ? exp(geo.low) : geo.low;
    s->geo_high = from_logs ? exp(geo.high) : geo.high;
    s->median_low = median.range.low;
    s->median_high = median.range.high;
    s->median_attained = median.attained;
    if (settings->prediction) prediction = sb_prediction_interval(m, s->confidence);
    if (settings->content > 0) tolerance = sb_tolerance_interval(m, settings->content, s->confidence);
    if (settings->bootstrap) bca = bootstrap(settings, s, x, n);
    s->prediction_low = prediction.low;
    s->prediction_high = prediction.high;
    s->tolerance_low = tolerance.low;
    s->tolerance_high = tolerance.high;
    s->bca_low = bca.low;
    s->bca_high = bca.high;
}

/* The spread is that of the replicates; within the only boot when there is just one. */
static void describe(struct work *w, struct sb_summary *s)
{
    bool one_boot = s->boots_known && s->n == 1 && s->n_runs > 1;
    const double *x = one_boot ? s->run_values : s->values;
    size_t n = one_boot ? s->n_runs : s->n;
    struct sb_moments m = sb_stat_moments(x, n);
    s->mean = m.mean;
    s->sd = sqrt(m.var);
    s->sem = s->sd / sqrt((double)n);
    s->cv = m.mean != 0 ? s->sd / fabs(m.mean) : NAN;
    s->geomean = s->log_values ? exp(sb_stat_mean(s->log_values, s->n)) : NAN;
    struct sb_range ci = sb_t_interval(m, s->confidence);
    if (s->sd == 0) ci = (struct sb_range){s->mean - s->resolution, s->mean + s->resolution};
    s->ci_low = ci.low;
    s->ci_high = ci.high;
    describe_order(s, x, n);
    describe_intervals(&w->results->settings, s, x, n, m);
    if (s->boots_known && s->n == 1) add_code(w, s, "ONE_BOOT");
    if (!s->boots_known) add_code(w, s, "BOOT_UNKNOWN");
    if (n == 1) add_code(w, s, "ONE_RUN");
    if (n > 1 && isnan(s->sd)) add_code(w, s, "OVERFLOW");
    if (s->sd == 0 && isnan(s->resolution)) add_code(w, s, "RESOLUTION_UNKNOWN");
    if (s->sd == 0) add_code(w, s, "CONSTANT");
    if (!s->log_values) add_code(w, s, "LOG_UNDEFINED");
}

static void describe_nothing(struct sb_summary *s)
{
    s->mean = s->sd = s->cv = s->sem = s->ci_low = s->ci_high = s->median = s->mad = NAN;
    s->min = s->q1 = s->q3 = s->max = s->geomean = s->geo_low = s->geo_high = NAN;
    s->median_low = s->median_high = s->median_attained = s->prediction_low = s->prediction_high = NAN;
    s->tolerance_low = s->tolerance_high = s->bca_low = s->bca_high = NAN;
}

static void summarise(struct work *w, const struct item *items, size_t nr)
{
    struct sb_results *results = w->results;
    SB_ALLOC_GROW(results->summaries, results->summaries_nr + 1, results->summaries_alloc);
    struct sb_summary *s = &results->summaries[results->summaries_nr++];
    const struct sb_run *first = &w->ds->runs[items[0].run];
    bool bounded = sb_run_bounded_by_events(first);
    const char *metric = items[0].value->metric;
    *s =
        (struct sb_summary){.cell = w->cells[items[0].cell],
                            .kind = keep(results, first->kind),
                            .metric = keep(results, metric),
                            .unit = keep(results, items[0].value->unit),
                            .better = sb_metric_better(metric, bounded),
                            .group = sb_metric_group(first->kind, metric, sb_run_closed_loop(first), bounded),
                            .confidence = results->settings.confidence};
    take_runs(w, s, items, nr);
    take_accelerator(w, s);
    if (!s->n_runs) {
        describe_nothing(s);
        return;
    }
    make_replicates(w, s);
    describe(w, s);
}

/* What would otherwise be said on every row, said once in words. */
static void say_once(struct sb_results *results)
{
    bool unknown = false, one = false, excluded = false;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_codes *codes = &results->summaries[i].findings;
        unknown |= sb_codes_has(codes, "BOOT_UNKNOWN");
        one |= sb_codes_has(codes, "ONE_BOOT");
        excluded |= results->summaries[i].runs_excluded > 0;
    }
    if (unknown)
        sb_results_add_finding(
            results, "BOOT_UNKNOWN", SB_WARNING,
            "it is not known which runs shared a boot or container: runs are counted as independent, "
            "and if they shared one the intervals are too narrow and the p-values too small");
    if (one)
        sb_results_add_finding(
            results, "ONE_BOOT", SB_WARNING,
            "some cells were measured in one boot or container only: their intervals describe that boot, "
            "and no verdict is drawn from them");
    if (excluded)
        sb_results_add_finding(results, "RUNS_EXCLUDED", SB_WARNING,
                               "runs with an error-severity finding are left out of the statistics");
}

bool sb_summarise(const struct sb_dataset *ds, struct sb_results *results, struct sb_err *err)
{
    gsl_set_error_handler_off();
    double confidence = results->settings.confidence;
    if (!(confidence > 0 && confidence < 1))
        return sb_fail(err, SB_ERR_USAGE, "the confidence level must lie between 0 and 1");
    struct work w = {.ds = ds, .results = results};
    results->summaries_nr = 0;
    find_cells(&w);
    find_items(&w);
    index_findings(&w);
    for (size_t from = 0, to; from < w.items_nr; from = to) {
        for (to = from + 1; to < w.items_nr && item_metric_cmp(&w.items[from], &w.items[to]) == 0;)
            to++;
        summarise(&w, w.items + from, to - from);
    }
    say_once(results);
    free(w.cells);
    free(w.cell_of);
    free(w.items);
    free(w.by_run);
    return true;
}
