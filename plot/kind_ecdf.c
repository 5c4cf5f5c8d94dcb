/* Cumulative share of events by latency, and latency by percentile with room for the tail. */
#include "plot/distribution.h"
#include "plot/xy.h"
#include <math.h>

#define NATURAL_HEIGHT 280.0

/* The steps of the cumulative share: a bucket's events lie at or below its value. */
static void draw_steps(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s)
{
    int slot = sb_slot_of(cv->chart, s->series);
    struct sb_pt *p = sb_arena_alloc(cv->arena, (s->nr * 2 + 3) * sizeof *p);
    size_t nr = 0;
    double below = 0;
    p[nr++] = sb_xy_at(f, s->bins[0].value, 0);
    for (size_t i = 0; i < s->nr; i++) {
        if (i) p[nr++] = sb_xy_at(f, s->bins[i].value, 100 * below / s->total);
        below += s->bins[i].count;
        p[nr++] = sb_xy_at(f, s->bins[i].value, 100 * fmin(below / s->total, 1));
    }
    p[nr++] = sb_xy_at(f, f->x.high, 100);
    nr = sb_xy_thin(p, nr);
    sb_xy_line(cv, f, p, nr, 2, sb_xy_ink(cv, slot), sb_xy_dash(cv, slot));
}

static void draw_level(struct sb_canvas *cv, const struct sb_xy_frame *f, double percent, const char *name,
                       bool below)
{
    const struct sb_pt p[] = {sb_xy_at(f, f->x.low, percent), sb_xy_at(f, f->x.high, percent)};
    sb_xy_line(cv, f, p, 2, 0.9, cv->theme->muted, 3);
    sb_dl_text(cv->dl, f->area.x0 + 8, p[0].y + (below ? 13 : -5), SB_START, sb_font_value, cv->theme->muted,
               name);
}

static void percent_ticks(struct sb_scale *scale)
{
    *scale = (struct sb_scale){.low = 0, .high = 100};
    for (int i = 0; i <= 4; i++) {
        scale->ticks[i].value = 25 * i;
        snprintf(scale->ticks[i].text, SB_TICK_TEXT, "%d %%", 25 * i);
    }
    scale->ticks_nr = 5;
}

static void layout_ecdf(struct sb_canvas *cv)
{
    size_t nr, legend_nr;
    double low, high;
    struct sb_spread *spreads = sb_spreads(cv, &nr);
    struct sb_legend_item *items = sb_spreads_legend(cv, spreads, nr, &legend_nr);
    double top = sb_frame_begin(cv, items, legend_nr);
    if (!nr) {
        sb_frame_message(cv, top, "No latency histogram");
        return;
    }
    struct sb_xy_frame f = {.header = "share of events at or below",
                            .x_title = sb_value_title(cv),
                            .x_grid = true,
                            .minor = true};
    sb_spreads_extent(spreads, nr, &low, &high);
    sb_spreads_scale(&f.x, low, high, 12);
    percent_ticks(&f.y);
    sb_xy_place(cv, &f, top, NATURAL_HEIGHT, 0);
    sb_xy_draw_axes(cv, &f);
    draw_level(cv, &f, 50, "median", false);
    draw_level(cv, &f, 99, "99th percentile", true);
    for (size_t i = 0; i < nr; i++)
        draw_steps(cv, &f, &spreads[i]);
    for (size_t i = 0; i < nr; i++) {
        struct sb_pt p = sb_xy_at(&f, sb_spread_quantile(&spreads[i], 0.99), 99);
        sb_marker(cv->dl, cv->theme, sb_slot_of(cv->chart, spreads[i].series), p.x, p.y, 4, 1.2);
    }
    sb_xy_end(cv, &f);
}

/* The x axis of HdrHistogram's percentile plots: 1 / (1 - p) on a log scale, each decade another nine. */
static void percentile_scale(struct sb_scale *scale, double deepest)
{
    static const struct {
        double at;
        const char *text;
    } marks[] = {{1, "0 %"},       {2, "50 %"},       {10, "90 %"},       {100, "99 %"},      {1e3, "99.9 %"},
                 {1e4, "99.99 %"}, {1e5, "99.999 %"}, {1e6, "99.9999 %"}, {1e7, "99.99999 %"}};
    size_t nr = sizeof marks / sizeof *marks;
    *scale = (struct sb_scale){.low = 1, .high = fmax(10, fmin(deepest, 1e7)), .log = true};
    for (size_t i = 0; i < nr && marks[i].at <= scale->high * 1.0001; i++) {
        scale->ticks[scale->ticks_nr].value = marks[i].at;
        snprintf(scale->ticks[scale->ticks_nr++].text, SB_TICK_TEXT, "%s", marks[i].text);
    }
}

static void draw_percentiles(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s)
{
    int slot = sb_slot_of(cv->chart, s->series);
    struct sb_pt *p = sb_arena_alloc(cv->arena, (s->nr * 2 + 2) * sizeof *p);
    size_t nr = 0;
    double below = 0, from = 1;
    for (size_t i = 0; i < s->nr; i++) {
        below += s->bins[i].count;
        double share = below / s->total,
               to = i + 1 == s->nr || share >= 1 ? fmin(s->total, f->x.high) : 1 / (1 - share);
        p[nr++] = sb_xy_at(f, fmin(from, f->x.high), s->bins[i].value);
        p[nr++] = sb_xy_at(f, fmin(fmax(to, from), f->x.high), s->bins[i].value);
        from = fmax(to, from);
    }
    nr = sb_xy_thin(p, nr);
    sb_xy_line(cv, f, p, nr, 2, sb_xy_ink(cv, slot), sb_xy_dash(cv, slot));
}

static void layout_percentile(struct sb_canvas *cv)
{
    size_t nr, legend_nr;
    double low, high, most = 0;
    struct sb_spread *spreads = sb_spreads(cv, &nr);
    struct sb_legend_item *items = sb_spreads_legend(cv, spreads, nr, &legend_nr);
    double top = sb_frame_begin(cv, items, legend_nr);
    if (!nr) {
        sb_frame_message(cv, top, "No latency histogram");
        return;
    }
    for (size_t i = 0; i < nr; i++)
        most =
            fmax(most, spreads[i].total); /* one event in `total` is the deepest percentile that was seen */
    struct sb_xy_frame f = {.header = sb_arena_printf(cv->arena, "%s, lower is better", sb_value_title(cv)),
                            .x_title = "Percentile of events (each step to the right: another nine)",
                            .x_grid = true};
    sb_spreads_extent(spreads, nr, &low, &high);
    percentile_scale(&f.x, most);
    sb_spreads_scale(&f.y, low, high, 10);
    sb_xy_place(cv, &f, top, NATURAL_HEIGHT, 0);
    sb_xy_draw_axes(cv, &f);
    for (size_t i = 0; i < nr; i++)
        draw_percentiles(cv, &f, &spreads[i]);
    sb_xy_end(cv, &f);
}

const struct sb_kind sb_kind_ecdf = {.name = "ecdf", .check = sb_distribution_check, .layout = layout_ecdf};
const struct sb_kind sb_kind_percentile = {
    .name = "percentile", .check = sb_distribution_check, .layout = layout_percentile};
