/* The tables of summaries and comparisons; declared in table.h. */
#include "io/table_fill.h"

#include <math.h>
#include "core/alloc.h"

/* A column behind the public ones, written when one of its bits is asked for. */
struct more_column {
    const char *name;
    unsigned bits;
    enum { MORE_NUMBER, MORE_COUNT, MORE_FLAG, MORE_SHARE, MORE_ESTIMATOR } kind;
    size_t offset; /* in the row's struct; unused for what comes from the settings */
};

static const char **with_more_columns(struct sb_table *table, const char *const *fixed,
                                      const struct more_column *more, size_t more_nr, unsigned wanted)
{
    size_t nr = 0;
    while (fixed[nr])
        nr++;
    const char **all = sb_arena_alloc(&table->arena, (nr + more_nr + 1) * sizeof *all);
    for (size_t i = 0; i < nr; i++)
        all[i] = fixed[i];
    for (size_t i = 0; i < more_nr; i++)
        if (more[i].bits & wanted) all[nr++] = more[i].name;
    all[nr] = NULL;
    return all;
}

static void put_more(struct sb_filler *f, const struct sb_results *results, const void *row,
                     const struct more_column *more, size_t more_nr, unsigned wanted)
{
    const struct sb_analysis_settings *s = &results->settings;
    for (size_t i = 0; i < more_nr; i++) {
        const void *field = (const char *)row + more[i].offset;
        if (!(more[i].bits & wanted)) continue;
        switch (more[i].kind) {
        case MORE_NUMBER: sb_put_number(f, *(const double *)field); break;
        case MORE_COUNT: sb_put_count(f, *(const size_t *)field); break;
        case MORE_FLAG: sb_put_count(f, *(const bool *)field); break;
        case MORE_SHARE: sb_put_number(f, s->content > 0 ? s->content : NAN); break;
        case MORE_ESTIMATOR: sb_put_text(f, s->estimate ? s->estimate : "ratio"); break;
        }
    }
}

/* ---- summaries ---- */

#define SUMMARY(field) offsetof(struct sb_summary, field)

static const struct more_column more_of_summary[] = {
    {"geo_low", SB_SUMMARY_CENTERS, MORE_NUMBER, SUMMARY(geo_low)},
    {"geo_high", SB_SUMMARY_CENTERS, MORE_NUMBER, SUMMARY(geo_high)},
    {"median_low", SB_SUMMARY_CENTERS, MORE_NUMBER, SUMMARY(median_low)},
    {"median_high", SB_SUMMARY_CENTERS, MORE_NUMBER, SUMMARY(median_high)},
    {"median_attained", SB_SUMMARY_CENTERS, MORE_NUMBER, SUMMARY(median_attained)},
    {"prediction_low", SB_SUMMARY_PREDICTION, MORE_NUMBER, SUMMARY(prediction_low)},
    {"prediction_high", SB_SUMMARY_PREDICTION, MORE_NUMBER, SUMMARY(prediction_high)},
    {"tolerance_share", SB_SUMMARY_TOLERANCE, MORE_SHARE, 0},
    {"tolerance_low", SB_SUMMARY_TOLERANCE, MORE_NUMBER, SUMMARY(tolerance_low)},
    {"tolerance_high", SB_SUMMARY_TOLERANCE, MORE_NUMBER, SUMMARY(tolerance_high)},
    {"bca_low", SB_SUMMARY_BOOTSTRAP, MORE_NUMBER, SUMMARY(bca_low)},
    {"bca_high", SB_SUMMARY_BOOTSTRAP, MORE_NUMBER, SUMMARY(bca_high)},
    {"runs_excluded", SB_SUMMARY_REST, MORE_COUNT, SUMMARY(runs_excluded)},
    {"boots_known", SB_SUMMARY_REST, MORE_FLAG, SUMMARY(boots_known)},
};

static void put_summary(struct sb_filler *f, const struct sb_summary *s, const char *const *labels)
{
    sb_put_text(f, sb_labels_get(&s->cell, "platform"));
    sb_put_text(f, sb_labels_get(&s->cell, "config"));
    sb_put_text(f, sb_labels_get(&s->cell, "test"));
    sb_put_labels(f, &s->cell, labels);
    sb_put_text(f, s->metric);
    sb_put_text(f, s->unit);
    sb_put_text(f, sb_better_text(s->better));
    sb_put_count(f, s->n);
    sb_put_count(f, s->n_runs);
    const double numbers[] = {s->mean,   s->sd,  s->cv,  s->sem, s->confidence, s->ci_low, s->ci_high,
                              s->median, s->mad, s->min, s->q1,  s->q3,         s->max,    s->geomean};
    sb_put_numbers(f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_codes(f, &s->findings);
}

void sb_table_of_summaries_with(struct sb_table *table, const struct sb_results *results, unsigned more)
{
    static const char *const columns[] = {
        "platform", "config", "test", "*",   "metric",     "unit",     "better",  "n",      "n_runs",
        "mean",     "sd",     "cv",   "sem", "confidence", "ci_low",   "ci_high", "median", "mad",
        "min",      "q1",     "q3",   "max", "geomean",    "findings", NULL};
    const struct sb_label_sets sets = {results->summaries_nr ? &results->summaries->cell : NULL,
                                       results->summaries_nr, sizeof *results->summaries};
    const char *const *labels = sb_table_further_labels(table, &sets);
    sb_table_set_label_columns(
        table, with_more_columns(table, columns, more_of_summary, SB_ARRAY_SIZE(more_of_summary), more),
        labels);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        struct sb_filler f = {sb_table_add_row(table)};
        put_summary(&f, &results->summaries[i], labels);
        put_more(&f, results, &results->summaries[i], more_of_summary, SB_ARRAY_SIZE(more_of_summary), more);
    }
}

void sb_table_of_summaries(struct sb_table *table, const struct sb_results *results)
{
    sb_table_of_summaries_with(table, results, 0);
}

/* ---- comparisons ---- */

#define COMPARISON(field) offsetof(struct sb_comparison, field)

static const struct more_column more_of_comparison[] = {
    {"estimator", SB_COMPARISON_ESTIMATE, MORE_ESTIMATOR, 0},
    {"estimate", SB_COMPARISON_ESTIMATE, MORE_NUMBER, COMPARISON(estimate)},
    {"estimate_low", SB_COMPARISON_ESTIMATE, MORE_NUMBER, COMPARISON(estimate_low)},
    {"estimate_high", SB_COMPARISON_ESTIMATE, MORE_NUMBER, COMPARISON(estimate_high)},
    {"p_floor", SB_COMPARISON_P, MORE_NUMBER, COMPARISON(p_floor)},
    {"p_error", SB_COMPARISON_P, MORE_NUMBER, COMPARISON(p_error)},
    {"null_control", SB_COMPARISON_NULL, MORE_FLAG, COMPARISON(null_control)},
    {"cliffs_delta", SB_COMPARISON_REST, MORE_NUMBER, COMPARISON(cliffs_delta)},
    {"ratio_low90", SB_COMPARISON_REST, MORE_NUMBER, COMPARISON(ratio_low90)},
    {"ratio_high90", SB_COMPARISON_REST, MORE_NUMBER, COMPARISON(ratio_high90)},
    {"chance_equivalent", SB_COMPARISON_REST, MORE_NUMBER, COMPARISON(chance_equivalent)},
    {"log_se", SB_COMPARISON_REST, MORE_NUMBER, COMPARISON(log_se)},
    {"df", SB_COMPARISON_REST, MORE_NUMBER, COMPARISON(df)},
    {"barred", SB_COMPARISON_REST, MORE_FLAG, COMPARISON(barred)},
};

static void put_comparison(struct sb_filler *f, const struct sb_comparison *c, const char *const *labels)
{
    sb_put_text(f, c->factor);
    sb_put_text(f, c->baseline);
    sb_put_text(f, c->level);
    sb_put_labels(f, &c->rest, labels);
    sb_put_text(f, c->metric);
    sb_put_text(f, c->unit);
    sb_put_text(f, sb_better_text(c->better));
    sb_put_text(f, c->group.name);
    sb_put_count(f, c->group.primary);
    sb_put_count(f, c->n_baseline);
    sb_put_count(f, c->n_level);
    const double numbers[] = {c->mean_baseline, c->mean_level, c->ratio,      c->ratio_low,
                              c->ratio_high,    c->p,          c->p_adjusted, c->effect_size};
    sb_put_numbers(f, numbers, SB_ARRAY_SIZE(numbers));
    sb_put_text(f, sb_verdict_text(c->verdict));
    sb_put_known(f, c->runs_needed);
    sb_put_codes(f, &c->findings);
}

void sb_table_of_comparisons_with(struct sb_table *table, const struct sb_results *results, unsigned more)
{
    static const char *const columns[] = {
        "factor",      "baseline", "level",       "*",          "metric",  "unit",
        "better",      "group",    "primary",     "n_baseline", "n_level", "mean_baseline",
        "mean_level",  "ratio",    "ratio_low",   "ratio_high", "p",       "p_adjusted",
        "effect_size", "verdict",  "runs_needed", "findings",   NULL};
    const struct sb_label_sets sets = {results->comparisons_nr ? &results->comparisons->rest : NULL,
                                       results->comparisons_nr, sizeof *results->comparisons};
    const char *const *labels = sb_table_labels_in_use(table, &sets);
    sb_table_set_label_columns(
        table, with_more_columns(table, columns, more_of_comparison, SB_ARRAY_SIZE(more_of_comparison), more),
        labels);
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        struct sb_filler f = {sb_table_add_row(table)};
        put_comparison(&f, &results->comparisons[i], labels);
        put_more(&f, results, &results->comparisons[i], more_of_comparison, SB_ARRAY_SIZE(more_of_comparison),
                 more);
    }
}

void sb_table_of_comparisons(struct sb_table *table, const struct sb_results *results)
{
    sb_table_of_comparisons_with(table, results, 0);
}
