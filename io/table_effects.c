/* The tables of the views beyond pairs: factors, repetitions, scaling, means over tests, series, histograms;
 * declared in table.h. */
#include "io/table_fill.h"

#include <math.h>
#include "core/alloc.h"

#define SETS(array, member)                                                                                  \
    {                                                                                                        \
        (array##_nr) ? &(array)->member : NULL, (array##_nr), sizeof *(array)                                \
    }

static void put_measurement(struct sb_filler *f, const struct sb_labels *set, const char *const *labels,
                            const char *metric, const char *unit)
{
    sb_put_labels(f, set, labels);
    sb_put_text(f, metric);
    sb_put_text(f, unit);
}

/* ---- effects: one row for each term, ratio and residual check ---- */

static struct sb_filler start_effect(struct sb_table *table, const struct sb_effects *e,
                                     const char *const *labels, const char *part)
{
    struct sb_filler f = {sb_table_add_row(table)};
    sb_put_text(&f, part);
    put_measurement(&f, &e->rest, labels, e->metric, e->unit);
    sb_put_text(&f, sb_better_text(e->better));
    sb_put_count(&f, e->n);
    return f;
}

enum { TERM_CELLS = 7, RATIO_CELLS = 7, RESIDUAL_CELLS = 4 };

static void add_term(struct sb_table *table, const struct sb_effects *e, const char *const *labels,
                     const struct sb_effect_term *t)
{
    struct sb_filler f = start_effect(table, e, labels, "term");
    const double numbers[] = {t->df ? t->ss : NAN, t->f, t->p, t->p_adjusted, t->df ? t->partial_eta2 : NAN};
    sb_put_text(&f, t->name);
    sb_put_count(&f, t->df);
    sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_nothing(&f, RATIO_CELLS + RESIDUAL_CELLS);
    sb_put_codes(&f, &e->findings);
}

static void add_effect_ratio(struct sb_table *table, const struct sb_effects *e, const char *const *labels,
                             const struct sb_effect_ratio *r)
{
    struct sb_filler f = start_effect(table, e, labels, "ratio");
    const double numbers[] = {r->ratio, r->low, r->high};
    sb_put_nothing(&f, TERM_CELLS);
    sb_put_text(&f, r->factor);
    sb_put_text(&f, r->baseline);
    sb_put_text(&f, r->level);
    sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_count(&f, r->additive);
    sb_put_nothing(&f, RESIDUAL_CELLS);
    sb_put_codes(&f, &e->findings);
}

static void add_residuals(struct sb_table *table, const struct sb_effects *e, const char *const *labels)
{
    struct sb_filler f = start_effect(table, e, labels, "residuals");
    const double numbers[] = {e->residual_sd, e->normality_p, e->equal_spread_p};
    sb_put_nothing(&f, TERM_CELLS + RATIO_CELLS);
    sb_put_count(&f, e->df_residual);
    sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_codes(&f, &e->findings);
}

void sb_table_of_effects(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {
        "part",         "*",        "metric",         "unit",        "better",      "n",
        "term",         "df",       "sum_of_squares", "f",           "p",           "p_adjusted",
        "partial_eta2", "factor",   "baseline",       "level",       "ratio",       "ratio_low",
        "ratio_high",   "additive", "df_residual",    "residual_sd", "normality_p", "equal_spread_p",
        "findings",     NULL};
    const struct sb_label_sets sets = SETS(results->effects, rest);
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < results->effects_nr; i++) {
        const struct sb_effects *e = &results->effects[i];
        for (size_t k = 0; k < e->terms_nr; k++)
            add_term(table, e, labels, &e->terms[k]);
        for (size_t k = 0; k < e->ratios_nr; k++)
            add_effect_ratio(table, e, labels, &e->ratios[k]);
        add_residuals(table, e, labels);
    }
}

/* ---- repetitions ---- */

void sb_table_of_repetitions(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {"*",          "metric",        "unit",      "n",   "n_runs",
                                          "half_width", "sd_between",    "sd_within", "icc", "runs_per_boot",
                                          "boots",      "boots_compare", "findings",  NULL};
    const struct sb_label_sets sets = {results->summaries_nr ? &results->summaries->cell : NULL,
                                       results->summaries_nr, sizeof *results->summaries};
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < results->repetitions_nr; i++) {
        const struct sb_repetition_plan *p = &results->repetitions[i];
        const struct sb_summary *s = &results->summaries[p->summary];
        const double numbers[] = {p->half_width, p->sd_between, p->sd_within, p->icc};
        struct sb_filler f = {sb_table_add_row(table)};
        put_measurement(&f, &s->cell, labels, s->metric, s->unit);
        sb_put_count(&f, s->n);
        sb_put_count(&f, s->n_runs);
        sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
        sb_put_known(&f, p->runs_per_boot);
        sb_put_known(&f, p->boots);
        sb_put_known(&f, p->boots_compare);
        sb_put_codes(&f, &p->findings);
    }
}

/* ---- scaling: one row for each size and each fitted law ---- */

enum { POINT_CELLS = 7, LAW_CELLS = 12 };

static struct sb_filler start_curve(struct sb_table *table, const struct sb_scaling *s,
                                    const char *const *labels, const char *part)
{
    struct sb_filler f = {sb_table_add_row(table)};
    sb_put_text(&f, part);
    sb_put_text(&f, s->factor);
    put_measurement(&f, &s->rest, labels, s->metric, s->unit);
    return f;
}

static void add_point(struct sb_table *table, const struct sb_scaling *s, const char *const *labels,
                      const struct sb_scaling_point *p)
{
    struct sb_filler f = start_curve(table, s, labels, "point");
    const double numbers[] = {p->mean, p->speedup, p->speedup_low, p->speedup_high, p->efficiency};
    sb_put_number(&f, p->size);
    sb_put_count(&f, p->n);
    sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_nothing(&f, LAW_CELLS);
    sb_put_codes(&f, &s->findings);
}

static void add_law(struct sb_table *table, const struct sb_scaling *s, const char *const *labels,
                    const char *law, const struct sb_parameter *lambda, const struct sb_parameter *sigma,
                    const struct sb_parameter *kappa, double peak, double rss)
{
    struct sb_filler f = start_curve(table, s, labels, "law");
    const double numbers[] = {lambda->value, lambda->low, lambda->high, sigma->value, sigma->low, sigma->high,
                              kappa->value,  kappa->low,  kappa->high,  peak,         rss};
    sb_put_nothing(&f, POINT_CELLS);
    sb_put_text(&f, law);
    sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_codes(&f, &s->findings);
}

void sb_table_of_scaling(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {
        "part",       "factor",      "*",           "metric",       "unit",       "size",  "n",
        "geomean",    "speedup",     "speedup_low", "speedup_high", "efficiency", "law",   "lambda",
        "lambda_low", "lambda_high", "sigma",       "sigma_low",    "sigma_high", "kappa", "kappa_low",
        "kappa_high", "peak",        "rss",         "findings",     NULL};
    static const struct sb_parameter none = {NAN, NAN, NAN};
    const struct sb_label_sets sets = SETS(results->scaling, rest);
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < results->scaling_nr; i++) {
        const struct sb_scaling *s = &results->scaling[i];
        for (size_t k = 0; k < s->points_nr; k++)
            add_point(table, s, labels, &s->points[k]);
        add_law(table, s, labels, "amdahl", &s->amdahl_lambda, &s->amdahl_sigma, &none, NAN, s->amdahl_rss);
        add_law(table, s, labels, "usl", &s->usl_lambda, &s->usl_sigma, &s->usl_kappa, s->usl_peak,
                s->usl_rss);
    }
}

/* ---- means over tests ---- */

void sb_table_of_aggregates(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {"factor",    "baseline",   "level",  "*",        "tests", "ratio",
                                          "ratio_low", "ratio_high", "barred", "findings", NULL};
    const struct sb_label_sets sets = SETS(results->aggregates, rest);
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < results->aggregates_nr; i++) {
        const struct sb_aggregate *a = &results->aggregates[i];
        const double numbers[] = {a->ratio, a->low, a->high};
        struct sb_filler f = {sb_table_add_row(table)};
        sb_put_text(&f, a->factor);
        sb_put_text(&f, a->baseline);
        sb_put_text(&f, a->level);
        sb_put_labels(&f, &a->rest, labels);
        sb_put_count(&f, a->tests);
        sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
        sb_put_count(&f, a->barred);
        sb_put_codes(&f, &a->findings);
    }
}

/* ---- series and histograms ---- */

void sb_table_of_series(struct sb_table *table, const struct sb_dataset *ds, const struct sb_results *results)
{
    static const char *const columns[] = {"source",  "run",        "*",    "metric",     "unit",   "n",
                                          "cut",     "cut_s",      "mean", "confidence", "ci_low", "ci_high",
                                          "batches", "batch_size", "lag1", "findings",   NULL};
    const struct sb_label_sets sets = {ds->runs_nr ? &ds->runs->labels : NULL, ds->runs_nr, sizeof *ds->runs};
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < results->series_nr; i++) {
        const struct sb_series *s = &results->series[i];
        const struct sb_run *run = &ds->runs[s->run];
        const double numbers[] = {s->mean, results->settings.confidence, s->low, s->high};
        struct sb_filler f = {sb_table_add_row(table)};
        sb_put_text(&f, run->source);
        sb_put_known(&f, run->ordinal);
        put_measurement(&f, &run->labels, labels, s->metric, s->unit);
        sb_put_count(&f, s->n);
        sb_put_count(&f, s->cut);
        sb_put_number(&f, s->cut ? s->cut_s : NAN);
        sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
        sb_put_known(&f, s->batches);
        sb_put_known(&f, s->batch_size);
        sb_put_number(&f, s->lag1);
        sb_put_codes(&f, &s->findings);
    }
}

void sb_table_of_percentiles(struct sb_table *table, const struct sb_results *results)
{
    static const char *const columns[] = {"*",    "percentile", "value", "value_low", "value_high",
                                          "unit", "events",     "runs",  NULL};
    const struct sb_label_sets sets = SETS(results->percentiles, cell);
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(table, columns, labels);
    for (size_t i = 0; i < results->percentiles_nr; i++) {
        const struct sb_histogram_summary *h = &results->percentiles[i];
        const double numbers[] = {h->rank, h->value, h->low, h->high};
        struct sb_filler f = {sb_table_add_row(table)};
        sb_put_labels(&f, &h->cell, labels);
        sb_put_numbers(&f, numbers, SB_ARRAY_SIZE(numbers));
        sb_put_text(&f, "ms");
        sb_put_count(&f, h->events);
        sb_put_count(&f, h->runs);
    }
}
