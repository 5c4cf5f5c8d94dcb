/* Interval reports over time, all runs of a test and configuration overlaid. */
#include "cli/chart_builder.h"

#include <math.h>
#include "core/alloc.h"

enum { POINTS_MIN = 3 };

static size_t count_points(const struct sb_run *run, const char *metric)
{
    size_t nr = 0;
    for (size_t i = 0; i < run->points_nr; i++)
        nr += !run->points[i].checkpoint && strcmp(run->points[i].metric, metric) == 0;
    return nr;
}

/* The rate that the interval lines of this kind of test print. NULL when there is none. */
static const char *interval_metric(const struct sb_run *run)
{
    static const char *const rates[] = {"transactions_per_second", "memory_throughput", "read_throughput",
                                        "write_throughput", "events_per_second"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(rates); i++) {
        double sum = 0;
        for (size_t k = 0; k < run->points_nr; k++)
            if (strcmp(run->points[k].metric, rates[i]) == 0) sum += run->points[k].value;
        if (count_points(run, rates[i]) >= POINTS_MIN && sum > 0) return rates[i];
    }
    return NULL;
}

static struct sb_curve curve_of(struct sb_chart_builder *b, const struct sb_run *run, const char *metric,
                                size_t series)
{
    struct sb_sample *samples = sb_arena_calloc(b->arena, run->points_nr, sizeof *samples);
    size_t nr = 0;
    double before = -INFINITY;
    for (size_t i = 0; i < run->points_nr; i++) {
        const struct sb_point *p = &run->points[i];
        if (p->checkpoint || strcmp(p->metric, metric) != 0 || !(p->elapsed_s > before)) continue;
        samples[nr++] = (struct sb_sample){.x = p->elapsed_s, .y = p->value};
        before = p->elapsed_s;
    }
    return (struct sb_curve){.series = series, .samples = samples, .samples_nr = nr};
}

/* The longest warm-up that the analysis cut from these runs. */
static double warmup_of(const struct sb_chart_builder *b, const struct sb_summary *s, const char *metric)
{
    double warmup = 0;
    for (size_t i = 0; i < b->results->series_nr; i++) {
        const struct sb_series *x = &b->results->series[i];
        if (strcmp(x->metric, metric) != 0 || !(x->cut_s > warmup)) continue;
        for (size_t k = 0; k < s->n_runs; k++)
            if (s->runs[k] == x->run) warmup = x->cut_s;
    }
    return warmup;
}

struct overlay {
    struct sb_xy xy;
    struct sb_curve *curves;
    size_t alloc, left_out;
    struct sb_values platforms;
    const char *metric;
};

static void add_cell(struct sb_chart_builder *b, struct overlay *o, const char *platform,
                     const struct sb_summary *s)
{
    for (size_t i = 0; i < s->n_runs; i++) {
        const struct sb_run *run = &b->ds->runs[s->runs[i]];
        if (!o->metric) o->metric = interval_metric(run);
        if (!o->metric || count_points(run, o->metric) < POINTS_MIN) continue;
        if (!o->platforms.nr || strcmp(o->platforms.v[o->platforms.nr - 1], platform) != 0)
            sb_values_append(b->arena, &o->platforms, platform);
        SB_ALLOC_GROW(o->curves, o->xy.curves_nr + 1, o->alloc);
        o->curves[o->xy.curves_nr++] = curve_of(b, run, o->metric, o->platforms.nr - 1);
    }
    o->left_out += s->runs_excluded;
    if (o->metric) o->xy.warmup = fmax(o->xy.warmup, warmup_of(b, s, o->metric));
}

static void finish(struct sb_chart_builder *b, struct overlay *o, const char *config, const char *test)
{
    struct sb_curve *curves = sb_arena_calloc(b->arena, o->xy.curves_nr, sizeof *curves);
    struct sb_xy *xy = sb_arena_calloc(b->arena, 1, sizeof *xy);
    char title[64];
    memcpy(curves, o->curves, o->xy.curves_nr * sizeof *curves);
    *xy = o->xy;
    xy->curves = curves;
    xy->x_title = "elapsed";
    xy->unit = sb_axis_unit(o->metric, sb_metric_unit(o->metric));
    xy->better = sb_better_text(sb_metric_better(o->metric, false));
    struct sb_chart_item *item = sb_chart_add_item(
        b, "runs", sb_with_config(b->arena, sb_arena_printf(b->arena, "series-%s", test), "-", config));
    struct sb_chart *c = &item->chart;
    item->test = test;
    item->config = config;
    c->kind = SB_CHART_SERIES;
    c->xy = xy;
    sb_use_platform_series(b, c, &o->platforms);
    c->title = sb_with_config(b->arena, sb_arena_printf(b->arena, "%s over time", test), ", ", config);
    const char *left_out =
        o->left_out ? sb_arena_printf(b->arena, ", %zu left out (audit)", o->left_out) : "";
    c->subtitle = sb_arena_printf(b->arena, "%s, %zu runs overlaid%s%s",
                                  sb_metric_title(o->metric, title, sizeof title), xy->curves_nr, left_out,
                                  xy->warmup > 0 ? "; shaded: warm-up by MSER-5" : "");
    c->alt = sb_arena_printf(b->arena, "Interval reports of %zu runs of %s over elapsed time.", xy->curves_nr,
                             test);
    const char *note = sb_emulation_note(b, &o->platforms, config, test);
    if (note) c->footer_left = note;
}

void sb_add_series(struct sb_chart_builder *b)
{
    for (size_t t = 0; t < b->tests.nr; t++)
        for (size_t k = 0; k < b->configs.nr; k++) {
            struct overlay o = {.left_out = sb_chart_lost_runs(b, NULL, b->configs.v[k], b->tests.v[t])};
            for (size_t p = 0; p < b->platforms.nr; p++) {
                const struct sb_summary *s =
                    sb_chart_find_cell(b, b->platforms.v[p], b->configs.v[k], b->tests.v[t]);
                if (s) add_cell(b, &o, b->platforms.v[p], s);
            }
            if (o.xy.curves_nr) finish(b, &o, b->configs.v[k], b->tests.v[t]);
            free(o.curves);
        }
}
