#include "cli/chart_trends.h"

#include <math.h>
#include "cli/chart_builder.h"
#include "cli/render.h"
#include "cli/trend_intervals.h"
#include "core/alloc.h"
#include "core/platform.h"
#include "io/outfile.h"
#include "report/words.h"

/* Whiskers of other levels would not be those that the subtitle speaks of. */
static struct sb_curve entries_curve(struct sb_arena *arena, const struct sb_trend *t, double confidence)
{
    struct sb_sample *samples = sb_arena_calloc(arena, t->nr, sizeof *samples);
    for (size_t i = 0; i < t->nr; i++) {
        const struct sb_trend_point *p = &t->points[i];
        bool whisker = p->confidence == confidence;
        samples[i] = (struct sb_sample){(double)(i + 1), p->mean, whisker ? p->ci_low : NAN,
                                        whisker ? p->ci_high : NAN, false};
    }
    return (struct sb_curve){0, samples, t->nr, SB_CURVE_DATA};
}

/* The stretch [from, to) at its centre. */
static struct sb_curve segment_curve(struct sb_arena *arena, size_t from, size_t to, double centre)
{
    struct sb_sample *samples = sb_arena_calloc(arena, 2, sizeof *samples);
    samples[0] = (struct sb_sample){.x = (double)(from + 1), .y = centre};
    samples[1] = (struct sb_sample){.x = (double)to, .y = centre};
    return (struct sb_curve){0, samples, 2, SB_CURVE_FIT};
}

static size_t fill_curves(struct sb_arena *arena, const struct sb_trend *t, double confidence,
                          struct sb_curve *curves)
{
    size_t nr = 0, from = 0;
    curves[nr++] = entries_curve(arena, t, confidence);
    for (size_t i = 0; i < t->changes_nr; i++) {
        const struct sb_trend_change *c = &t->changes[i];
        if (c->at > from + 1) curves[nr++] = segment_curve(arena, from, c->at, c->before);
        if (i + 1 == t->changes_nr && t->nr > c->at + 1)
            curves[nr++] = segment_curve(arena, c->at, t->nr, c->after);
        from = c->at;
    }
    return nr;
}

static const char *changes_text(struct sb_arena *arena, const struct sb_trend *t)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < t->changes_nr; i++)
        sb_strbuf_addf(&text, "%s%s",
                       i                    ? ", "
                       : t->changes_nr == 1 ? "change at "
                                            : "changes at ",
                       t->points[t->changes[i].at].id);
    if (!t->changes_nr)
        sb_strbuf_adds(&text, t->tested ? "no change found" : "too few entries to look for changes");
    const char *kept = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return kept;
}

/* "Docker, c1g1, cpu" for people, "docker-c1g1-cpu" for names. */
static const char *cell_text(struct sb_arena *arena, const struct sb_labels *cell, const char *separator,
                             bool display)
{
    static const char *const names[] = {"platform", "config", "test"};
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        const char *value = sb_labels_get(cell, names[i]);
        if (value)
            sb_strbuf_addf(&text, "%s%s", text.len ? separator : "",
                           display && i == 0 ? sb_platform_display(value) : value);
    }
    const char *kept = text.len ? sb_arena_strndup(arena, text.buf, text.len) : "all runs";
    sb_strbuf_release(&text);
    return kept;
}

static void add_trend(struct sb_chart_builder *b, const struct sb_trend *t, double confidence)
{
    static const char *const one_series[] = {"entries"};
    char title[64], level[SB_WORDS_MAX];
    struct sb_curve *curves = sb_arena_calloc(b->arena, t->changes_nr + 3, sizeof *curves);
    struct sb_xy *xy = sb_arena_calloc(b->arena, 1, sizeof *xy);
    const char *cell = cell_text(b->arena, &t->cell, ", ", true);
    *xy = (struct sb_xy){.x_title = sb_arena_printf(b->arena, "entry, from %s to %s", t->points[0].id,
                                                    t->points[t->nr - 1].id),
                         .unit = sb_axis_unit(t->metric, t->unit),
                         .better = sb_better_text(t->better),
                         .fit_name = "centre between changes",
                         .curves = curves,
                         .curves_nr = fill_curves(b->arena, t, confidence, curves)};
    struct sb_chart *c =
        &sb_chart_add_item(
             b, "trends",
             sb_arena_printf(b->arena, "trend-%s-%s", cell_text(b->arena, &t->cell, "-", false), t->metric))
             ->chart;
    c->kind = SB_CHART_SCALING;
    c->xy = xy;
    c->series = one_series;
    c->series_nr = SB_ARRAY_SIZE(one_series);
    c->title =
        sb_arena_printf(b->arena, "%s over time: %s", sb_metric_title(t->metric, title, sizeof title), cell);
    c->subtitle =
        sb_arena_printf(b->arena, "mean and %s %% confidence interval of each entry%s; %s",
                        sb_words_percent(confidence, level),
                        t->changes_nr ? "; dashed: centre between changes" : "", changes_text(b->arena, t));
    c->footer_left = sb_labels_text(b->arena, &t->cell);
    c->alt = sb_arena_printf(b->arena, "%s of %s over %zu entries: %s.", t->metric, cell, t->nr,
                             changes_text(b->arena, t));
}

bool sb_trend_charts_write(const struct sb_trends *trends, const char *dir, const struct sb_options *o,
                           size_t *nr, struct sb_err *err)
{
    static const enum sb_chart_format formats[] = {SB_CHART_SVG, SB_CHART_PNG, SB_CHART_PDF};
    struct sb_chart_set set = {.nr = 0};
    sb_arena_init(&set.arena);
    struct sb_chart_builder b = {.set = &set, .arena = &set.arena};
    for (size_t i = 0; i < trends->nr; i++)
        if (trends->v[i].nr > 1) add_trend(&b, &trends->v[i], sb_trend_confidence(o));
    *nr = set.nr;
    struct sb_render_job *jobs =
        sb_arena_calloc(&set.arena, set.nr * SB_ARRAY_SIZE(formats) + 1, sizeof *jobs);
    size_t jobs_nr = 0;
    for (size_t i = 0; i < set.nr; i++)
        for (size_t f = 0; f < SB_ARRAY_SIZE(formats); f++)
            jobs[jobs_nr++] =
                (struct sb_render_job){&set.items[i].chart,
                                       formats[f],
                                       {.scale = 2},
                                       sb_arena_printf(&set.arena, "%s/%s.%s", dir, set.items[i].name,
                                                       sb_chart_extension(formats[f]))};
    struct sb_render_run run = {.workers = o->jobs, .quiet = o->quiet};
    bool ok = sb_make_dirs(dir, err) && sb_render_jobs(jobs, jobs_nr, &run, err);
    sb_chart_set_free(&set);
    return ok;
}
