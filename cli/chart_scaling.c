/* Throughput over threads or vCPUs with the fitted Universal Scalability Law. */
#include "cli/chart_builder.h"

#include <math.h>
#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"

enum { SIZES_MIN = 3, FIT_STEPS = 64 };

static const char *label_of(const struct sb_scaling *s, const char *name)
{
    const char *value = sb_labels_get(&s->rest, name);
    return value ? value : "";
}

static const char *test_of(const struct sb_scaling *s)
{
    const char *test = label_of(s, "test");
    return *test ? test : s->metric;
}

/* Labels other than platform and test: one chart for each combination. */
static bool same_chart(const struct sb_scaling *a, const struct sb_scaling *b)
{
    if (strcmp(a->metric, b->metric) != 0 || strcmp(a->factor, b->factor) != 0) return false;
    for (size_t i = 0; i < a->rest.nr; i++) {
        const char *name = a->rest.v[i].name;
        if (strcmp(name, "platform") != 0 && !sb_streq(a->rest.v[i].value, sb_labels_get(&b->rest, name)))
            return false;
    }
    return a->rest.nr == b->rest.nr;
}

static struct sb_curve data_curve(struct sb_chart_builder *b, const struct sb_scaling *s, size_t series)
{
    struct sb_sample *samples = sb_arena_calloc(b->arena, s->points_nr, sizeof *samples);
    for (size_t i = 0; i < s->points_nr; i++) {
        const struct sb_summary *cell = &b->results->summaries[s->points[i].summary];
        samples[i] = (struct sb_sample){s->points[i].size, s->points[i].mean, cell->geo_low, cell->geo_high,
                                        sb_chart_cell_suspect(b, cell)};
    }
    return (struct sb_curve){series, samples, s->points_nr, SB_CURVE_DATA};
}

/* X(N) = lambda N / (1 + sigma (N - 1) + kappa N (N - 1)) */
static struct sb_curve fit_curve(struct sb_chart_builder *b, const struct sb_scaling *s, size_t series)
{
    struct sb_sample *samples = sb_arena_calloc(b->arena, FIT_STEPS + 1, sizeof *samples);
    double from = s->points[0].size, to = s->points[s->points_nr - 1].size;
    for (size_t i = 0; i <= FIT_STEPS; i++) {
        double n = from + (to - from) * (double)i / FIT_STEPS;
        double y =
            s->usl_lambda.value * n / (1 + s->usl_sigma.value * (n - 1) + s->usl_kappa.value * n * (n - 1));
        samples[i] = (struct sb_sample){.x = n, .y = y};
    }
    return (struct sb_curve){series, samples, FIT_STEPS + 1, SB_CURVE_FIT};
}

static void add_chart(struct sb_chart_builder *b, size_t first)
{
    const struct sb_scaling *like = &b->results->scaling[first];
    struct sb_curve *curves = sb_arena_calloc(b->arena, 2 * b->results->scaling_nr, sizeof *curves);
    struct sb_values platforms = {NULL, 0};
    struct sb_emulation emulation = {.emulated = {NULL, 0}};
    size_t nr = 0;
    for (size_t i = first; i < b->results->scaling_nr; i++) {
        const struct sb_scaling *s = &b->results->scaling[i];
        if (!same_chart(like, s) || s->points_nr < SIZES_MIN) continue;
        sb_values_add(b->arena, &platforms, label_of(s, "platform"), sb_platform_cmp);
    }
    for (size_t i = first; i < b->results->scaling_nr; i++) {
        const struct sb_scaling *s = &b->results->scaling[i];
        size_t series = 0;
        if (!same_chart(like, s) || s->points_nr < SIZES_MIN) continue;
        while (strcmp(platforms.v[series], label_of(s, "platform")) != 0)
            series++;
        curves[nr++] = data_curve(b, s, series);
        for (size_t k = 0; k < s->points_nr; k++)
            sb_emulation_add(b, &emulation, &b->results->summaries[s->points[k].summary]);
        if (isfinite(s->usl_lambda.value)) curves[nr++] = fit_curve(b, s, series);
    }
    if (!nr) return;
    struct sb_xy *xy = sb_arena_calloc(b->arena, 1, sizeof *xy);
    *xy = (struct sb_xy){.x_title = strcmp(like->factor, "vcpus") == 0 ? "vCPUs" : like->factor,
                         .unit = sb_axis_unit(like->metric, like->unit),
                         .better = "higher",
                         .curves = curves,
                         .curves_nr = nr,
                         .fit_name = "Universal Scalability Law",
                         .ideal = true};
    struct sb_chart_item *item =
        sb_chart_add_item(b, "effects", sb_arena_printf(b->arena, "scaling-%s", test_of(like)));
    struct sb_chart *c = &item->chart;
    item->test = test_of(like);
    c->kind = SB_CHART_SCALING;
    c->xy = xy;
    sb_use_platform_series(b, c, &platforms);
    c->title = sb_arena_printf(b->arena, "%s over %s", test_of(like), xy->x_title);
    c->subtitle =
        sb_arena_printf(b->arena, "geometric mean with %s %% interval; dashed: Universal Scalability Law",
                        sb_chart_level_text(b));
    c->alt = sb_arena_printf(b->arena, "Throughput of %s over %s.", test_of(like), xy->x_title);
    const char *note = sb_emulation_text(b, &emulation);
    if (note) c->footer_left = note;
}

void sb_add_scaling(struct sb_chart_builder *b)
{
    for (size_t i = 0; i < b->results->scaling_nr; i++) {
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = same_chart(&b->results->scaling[j], &b->results->scaling[i]);
        if (!seen) add_chart(b, i);
    }
}
