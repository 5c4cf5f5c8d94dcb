/* Repetitions in the order in which they ran: drift shows here. Only when the manifest knows the order. */
#include "cli/chart_builder.h"

#include "core/alloc.h"

static int sample_cmp(const void *pa, const void *pb)
{
    const struct sb_sample *a = pa, *b = pb;
    return (a->x > b->x) - (a->x < b->x);
}

/* One cell's runs by their order; 0 when it is not known for every one. */
static size_t samples_of(const struct sb_chart_builder *b, const struct sb_summary *s,
                         struct sb_sample **samples)
{
    *samples = sb_arena_calloc(b->arena, s->n_runs + 1, sizeof **samples);
    for (size_t i = 0; i < s->n_runs; i++) {
        const struct sb_run *run = &b->ds->runs[s->runs[i]];
        if (!run->order) return 0;
        (*samples)[i] =
            (struct sb_sample){.x = (double)run->order, .y = s->run_values[i], .suspect = run->suspect};
    }
    qsort(*samples, s->n_runs, sizeof **samples, sample_cmp);
    return s->n_runs;
}

static void add_order(struct sb_chart_builder *b, const char *platform, const char *test)
{
    struct sb_curve *curves = sb_arena_calloc(b->arena, b->configs.nr, sizeof *curves);
    const char **series = sb_arena_calloc(b->arena, b->configs.nr, sizeof *series);
    const struct sb_summary *any = NULL;
    struct sb_extent extent = {0, sb_chart_lost_runs(b, platform, NULL, test)};
    size_t nr = 0;
    for (size_t i = 0; i < b->configs.nr; i++) {
        const struct sb_summary *s = sb_chart_find_cell(b, platform, b->configs.v[i], test);
        struct sb_sample *samples;
        size_t samples_nr = s ? samples_of(b, s, &samples) : 0;
        if (samples_nr < 3) continue;
        series[nr] = sb_config_name(b->configs.v[i]);
        curves[nr] = (struct sb_curve){.series = nr, .samples = samples, .samples_nr = samples_nr};
        nr++;
        any = s;
        extent.shown += samples_nr;
        extent.left_out += s->runs_excluded;
    }
    if (!nr) return;
    struct sb_xy *xy = sb_arena_calloc(b->arena, 1, sizeof *xy);
    *xy = (struct sb_xy){.x_title = "place in the experiment",
                         .unit = sb_axis_unit(any->metric, any->unit),
                         .better = sb_better_text(any->better),
                         .curves = curves,
                         .curves_nr = nr};
    struct sb_chart_item *item = sb_chart_add_item(
        b, "runs", sb_arena_printf(b->arena, "order-%s-%s", *platform ? platform : "all", test));
    struct sb_chart *c = &item->chart;
    item->platform = platform;
    item->test = test;
    c->kind = SB_CHART_ORDER;
    c->xy = xy;
    c->series = series;
    c->series_nr = nr;
    c->title =
        sb_arena_printf(b->arena, "%s on %s, in the order of the runs", test, sb_platform_name(platform));
    const char *some = sb_extent_text(b->arena, &extent, NULL);
    c->subtitle =
        sb_arena_printf(b->arena, "%s at its place in the experiment, with a trend; a slope is drift",
                        some ? sb_arena_printf(b->arena, "%s, each", some) : "every run");
    c->alt = sb_arena_printf(b->arena, "The runs of %s on %s by their place in the experiment.", test,
                             sb_platform_name(platform));
}

void sb_add_order(struct sb_chart_builder *b)
{
    for (size_t t = 0; t < b->tests.nr; t++)
        for (size_t p = 0; p < b->platforms.nr; p++)
            add_order(b, b->platforms.v[p], b->tests.v[t]);
}
