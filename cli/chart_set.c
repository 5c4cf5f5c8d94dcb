#include "cli/chart_set.h"

#include "cli/chart_builder.h"
#include "core/alloc.h"
#include "io/number.h"

/* In the order in which a reader meets them. */
static sb_chart_family *const families[] = {
    sb_add_overview, sb_add_platforms, sb_add_platform_ratios, sb_add_heat,
    sb_add_within,   sb_add_configs,   sb_add_config_ratios,   sb_add_scaling,
    sb_add_runs,     sb_add_order,     sb_add_series,          sb_add_latency,
};

/* What one further metric is worth. */
static sb_chart_family *const metric_families[] = {sb_add_overview, sb_add_runs};

static void add_families(struct sb_chart_builder *b, sb_chart_family *const *list, size_t nr)
{
    sb_chart_survey(b);
    for (size_t i = 0; i < nr && b->cells_nr; i++)
        list[i](b);
}

/* Every metric that does not stand for a test already, in the order of the metric table. */
static void add_other_metrics(struct sb_chart_set *set, const struct sb_chart_builder *like)
{
    const struct sb_results *results = like->results;
    struct sb_values metrics = {NULL, 0};
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (!s->group.primary || sb_metric_is_percentile(s->metric))
            sb_values_add(&set->arena, &metrics, s->metric, strcmp);
    }
    for (size_t i = 0; i < metrics.nr; i++) {
        struct sb_chart_builder b = {.set = set,
                                     .arena = &set->arena,
                                     .ds = like->ds,
                                     .results = results,
                                     .config_results = like->config_results,
                                     .metric = metrics.v[i]};
        add_families(&b, metric_families, SB_ARRAY_SIZE(metric_families));
    }
}

/* The settings that every chart of the set rests on, for the files' metadata. */
static const char *settings_text(struct sb_arena *arena, const struct sb_results *results)
{
    const struct sb_analysis_settings *s = &results->settings;
    char confidence[SB_NUMBER_MAX], alpha[SB_NUMBER_MAX], margin[SB_NUMBER_MAX];
    sb_number_format(s->confidence, confidence);
    sb_number_format(s->alpha, alpha);
    sb_number_format(s->margin, margin);
    return sb_arena_printf(arena, "confidence=%s alpha=%s margin=%s correction=%s test=%s%s%s", confidence,
                           alpha, margin, s->correction, s->p_method, results->baseline ? " baseline=" : "",
                           results->baseline ? results->baseline : "");
}

void sb_chart_set_build(struct sb_chart_set *set, const struct sb_dataset *ds,
                        const struct sb_results *platforms, const struct sb_results *configs,
                        bool all_metrics)
{
    memset(set, 0, sizeof *set);
    sb_arena_init(&set->arena);
    struct sb_chart_builder b = {
        .set = set, .arena = &set->arena, .ds = ds, .results = platforms, .config_results = configs};
    add_families(&b, families, SB_ARRAY_SIZE(families));
    if (all_metrics) add_other_metrics(set, &b);
    const char *settings = settings_text(&set->arena, platforms);
    for (size_t i = 0; i < set->nr; i++)
        set->items[i].chart.parameters = settings;
}

void sb_chart_set_free(struct sb_chart_set *set)
{
    free(set->items);
    sb_arena_free(&set->arena);
    memset(set, 0, sizeof *set);
}
