/* Throughput against a size; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include "analyze/pairing.h"
#include "analyze/scaling_fit.h"
#include "analyze/twosample.h"
#include "core/alloc.h"
#include "core/text.h"

/* A summary with its size and remaining labels. */
struct sized {
    struct sb_labels rest;
    double size;
    size_t summary;
};

/* A whole number of decimal digits, or NaN: sizes are counts. */
static double count_of(const char *text)
{
    double value = 0;
    if (!text || !*text) return NAN;
    for (; *text; text++) {
        if (!sb_is_digit(*text) || value > 1e9) return NAN;
        value = value * 10 + (*text - '0');
    }
    return value > 0 ? value : NAN;
}

static double size_of(const struct sb_dataset *ds, const struct sb_summary *s, const char *factor)
{
    double size = count_of(sb_labels_get(&s->cell, factor));
    if (!isnan(size) || strcmp(factor, "threads") != 0 || !s->n_runs) return size;
    uint32_t threads = ds->runs[s->runs[0]].threads;
    return threads ? (double)threads : NAN;
}

struct list {
    const struct sb_results *results;
    const char *factor;
    const char *const *dropped; /* labels that do not keep cells apart, as for comparisons */
    size_t dropped_nr;
    struct sized *v;
    size_t nr, alloc;
};

static int same_curve(const struct list *list, size_t a, size_t b)
{
    return list->results->summaries[list->v[a].summary].metric ==
               list->results->summaries[list->v[b].summary].metric &&
           sb_labels_cmp(&list->v[a].rest, &list->v[b].rest) == 0;
}

static int sized_cmp(const void *pa, const void *pb)
{
    const struct sized *a = pa, *b = pb;
    int cmp = sb_labels_cmp(&a->rest, &b->rest);
    if (cmp) return cmp;
    if (a->size != b->size) return a->size < b->size ? -1 : 1;
    return (a->summary > b->summary) - (a->summary < b->summary);
}

static struct sb_moments log_moments(const struct sb_summary *s)
{
    return sb_stat_moments(s->log_values, s->n);
}

static struct sb_scaling_point point(const struct sb_results *results, const struct sized *first,
                                     const struct sized *at)
{
    const struct sb_summary *s = &results->summaries[at->summary],
                            *base = &results->summaries[first->summary];
    struct sb_welch w = sb_welch_test(log_moments(base), log_moments(s));
    struct sb_range r = sb_welch_interval(&w, results->settings.confidence);
    struct sb_scaling_point p = {at->size,    s->n,       at->summary, s->geomean,
                                 exp(w.diff), exp(r.low), exp(r.high), NAN};
    if (at == first) p.speedup_low = p.speedup_high = 1;
    p.efficiency = p.speedup / (at->size / first->size);
    return p;
}

static struct sb_parameter parameter(const struct sb_fitted *f)
{
    return (struct sb_parameter){f->value, f->range.low, f->range.high};
}

static void fit_laws(struct sb_results *results, struct sb_scaling *c, const double *size,
                     const double *throughput, size_t n)
{
    struct sb_scaling_fit amdahl = sb_fit_amdahl(size, throughput, n, results->settings.confidence),
                          usl = sb_fit_usl(size, throughput, n, results->settings.confidence);
    c->amdahl_lambda = parameter(&amdahl.lambda);
    c->amdahl_sigma = parameter(&amdahl.sigma);
    c->amdahl_rss = amdahl.rss;
    c->usl_lambda = parameter(&usl.lambda);
    c->usl_sigma = parameter(&usl.sigma);
    c->usl_kappa = parameter(&usl.kappa);
    c->usl_rss = usl.rss;
    c->usl_peak = usl.peak;
    if (c->points_nr < 3) sb_codes_add(&results->arena, &c->findings, "TOO_FEW_SIZES");
    if (amdahl.sigma.value < 0 || usl.sigma.value < 0 || usl.kappa.value < 0)
        sb_codes_add(&results->arena, &c->findings, "SUPER_LINEAR");
}

/* All replicates are points of the fit, so that its residuals hold the noise of the measurement. */
static void add_curve(struct sb_results *results, const struct list *list, const struct sized *v, size_t nr)
{
    const struct sb_summary *first = &results->summaries[v[0].summary];
    struct sb_scaling c = {
        .factor = list->factor, .rest = v[0].rest, .metric = first->metric, .unit = first->unit};
    size_t total = 0, at = 0;
    c.points = sb_arena_calloc(&results->arena, nr, sizeof *c.points);
    for (size_t i = 0; i < nr; i++)
        total += results->summaries[v[i].summary].n;
    double *size = sb_xreallocarray(NULL, total, sizeof *size),
           *throughput = sb_xreallocarray(NULL, total, sizeof *throughput);
    for (size_t i = 0; i < nr; i++) {
        const struct sb_summary *s = &results->summaries[v[i].summary];
        c.points[c.points_nr++] = point(results, v, &v[i]);
        for (size_t k = 0; k < s->n; k++, at++) {
            size[at] = v[i].size;
            throughput[at] = exp(s->log_values[k]);
        }
        for (size_t k = 0; k < s->findings.nr; k++)
            if (sb_pairing_code_applies(s->findings.v[k], list->factor))
                sb_codes_add(&results->arena, &c.findings, s->findings.v[k]);
        if (sb_pairing_confounded(results, list->factor, list->dropped, list->dropped_nr, v[0].summary,
                                  v[i].summary))
            sb_codes_add(&results->arena, &c.findings, "CONFOUNDED");
    }
    fit_laws(results, &c, size, throughput, total);
    free(size);
    free(throughput);
    SB_ALLOC_GROW(results->scaling, results->scaling_nr + 1, results->scaling_alloc);
    results->scaling[results->scaling_nr++] = c;
}

/* Two cells of one size cannot both be its point. */
static bool sizes_repeat(const struct sized *v, size_t nr)
{
    for (size_t i = 1; i < nr; i++)
        if (v[i].size == v[i - 1].size) return true;
    return false;
}

static void add_curves(struct sb_results *results, const struct list *list)
{
    for (size_t from = 0, to; from < list->nr; from = to) {
        for (to = from + 1; to < list->nr && same_curve(list, from, to);)
            to++;
        if (sizes_repeat(list->v + from, to - from))
            sb_results_add_finding(
                results, "AMBIGUOUS_CELLS", SB_WARNING,
                "some cells have the same %s and the same remaining labels; no curve is drawn through them",
                list->factor);
        else if (to - from > 1)
            add_curve(results, list, list->v + from, to - from);
    }
}

static bool first_of_metric(const struct sb_results *results, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (results->summaries[i].metric == results->summaries[index].metric) return false;
    return true;
}

/* The cells that have this metric and a size. */
static struct list find_cells(const struct sb_dataset *ds, struct sb_results *results, const char *factor,
                              const char *const *dropped, size_t dropped_nr, const char *metric)
{
    struct list list = {.results = results, .factor = factor, .dropped = dropped, .dropped_nr = dropped_nr};
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (s->metric != metric || !s->group.primary || s->better != SB_BETTER_HIGHER || !s->n ||
            !s->log_values)
            continue;
        double size = size_of(ds, s, factor);
        if (isnan(size)) continue;
        SB_ALLOC_GROW(list.v, list.nr + 1, list.alloc);
        list.v[list.nr++] = (struct sized){sb_pairing_rest(results, &s->cell, dropped, dropped_nr), size, i};
    }
    if (list.nr) qsort(list.v, list.nr, sizeof *list.v, sized_cmp);
    return list;
}

bool sb_scaling(const struct sb_dataset *ds, struct sb_results *results, const char *factor,
                struct sb_err *err)
{
    bool any = false;
    const char *name = sb_arena_intern(&results->arena, factor, strlen(factor));
    size_t dropped_nr;
    const char **dropped = sb_pairing_dropped(results, name, &dropped_nr);
    results->scaling_nr = 0;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        if (!first_of_metric(results, i)) continue;
        struct list list = find_cells(ds, results, name, (const char *const *)dropped, dropped_nr,
                                      results->summaries[i].metric);
        any |= list.nr > 0;
        add_curves(results, &list);
        free(list.v);
    }
    free(dropped);
    if (!any) return sb_fail(err, SB_ERR_USAGE, "no cell has a whole number as '%s'", factor);
    return true;
}
