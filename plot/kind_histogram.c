/* Latency histograms: one row per series over a common value axis and a common share axis. */
#include "plot/distribution.h"
#include "plot/xy.h"
#include <math.h>

#define ROW_GAP     34.0
#define WIDEST_NAME 220.0

/* sysbench's buckets are spaced evenly in the logarithm (sb_histogram.c); a bucket is drawn from halfway to
 * its lower neighbour to halfway to its upper one, in the axis's own measure. Empty buckets are not printed,
 * so the reach is limited to the typical spacing. */
static double px_of(const struct sb_xy_frame *f, double value)
{
    return sb_xy_at(f, value, 0).x;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Lower quartile of the distances between buckets, in px: the spacing where no bucket is missing. */
static double spacing(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s)
{
    if (s->nr < 2) return 12;
    double *gaps = sb_arena_alloc(cv->arena, s->nr * sizeof *gaps);
    for (size_t i = 1; i < s->nr; i++)
        gaps[i - 1] = px_of(f, s->bins[i].value) - px_of(f, s->bins[i - 1].value);
    qsort(gaps, s->nr - 1, sizeof *gaps, by_size);
    return fmax(0.8, fmin(gaps[(s->nr - 1) / 4], 24));
}

/* Counts by column: buckets closer together than `width` px are added up. */
struct column {
    double px, share;
};

static size_t columns_of(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s,
                         double width, struct column **out)
{
    struct column *columns = sb_arena_alloc(cv->arena, (s->nr + 1) * sizeof *columns);
    size_t nr = 0;
    for (size_t i = 0; i < s->nr; i++) {
        double px = px_of(f, s->bins[i].value), share = 100 * s->bins[i].count / s->total;
        if (nr && px - columns[nr - 1].px < width * 0.6)
            columns[nr - 1].share += share;
        else
            columns[nr++] = (struct column){px, share};
    }
    *out = columns;
    return nr;
}

static double row_width(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s)
{
    return fmax(spacing(cv, f, s), 2.5);
}

static double highest_share(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s)
{
    struct column *columns;
    double highest = 0;
    size_t nr = columns_of(cv, f, s, row_width(cv, f, s), &columns);
    for (size_t i = 0; i < nr; i++)
        highest = fmax(highest, columns[i].share);
    return highest;
}

/* A stretch of the line above the row, where the name and the percentiles are written. */
struct stretch {
    double from, to;
};

static bool touches(struct stretch a, struct stretch b)
{
    return a.from < b.to && b.from < a.to;
}

/* A broken line at the value; its name beside its upper end, on the side that is free, or nowhere. Returns
 * the stretch that is taken. */
static struct stretch draw_mark(struct sb_canvas *cv, const struct sb_xy_frame *f, double value,
                                const char *name, struct stretch taken1, struct stretch taken2)
{
    double x = px_of(f, value), width = sb_type_width(name, sb_font_value);
    const struct sb_pt line[] = {{x, f->area.y0 - 2}, {x, f->area.y1}};
    const struct stretch sides[] = {{x + 3, x + 3 + width}, {x - 3 - width, x - 3}};
    sb_dl_dashed(cv->dl, line, 2, 1, cv->theme->text, 3, 2.4);
    for (int i = 0; i < 2; i++) {
        struct stretch padded = {sides[i].from - 5, sides[i].to + 5};
        if (touches(padded, taken1) || touches(padded, taken2) || sides[i].from < f->area.x0 ||
            sides[i].to > cv->x1 + 8)
            continue;
        sb_dl_text(cv->dl, sides[i].from, f->area.y0 - 6, SB_START, sb_font_value, cv->theme->text, name);
        return sides[i];
    }
    return (struct stretch){x, x};
}

static void draw_row(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_spread *s)
{
    struct column *columns;
    int slot = sb_slot_of(cv->chart, s->series);
    double width = row_width(cv, f, s), half = width / 2 - (width > 4 ? 0.4 : 0);
    size_t nr = columns_of(cv, f, s, width, &columns);
    struct sb_rgb fill = cv->theme->outlined ? cv->theme->neutral : cv->theme->slots[slot].color;
    for (size_t i = 0; i < f->y.ticks_nr; i++) {
        double px = sb_snap(sb_scale_px(&f->y, f->y.ticks[i].value));
        sb_dl_hline(cv->dl, f->area.x0, f->area.x1, px, 1, cv->theme->grid);
        sb_dl_text(cv->dl, f->area.x0 - 8, px + sb_font_tick.size * SB_TYPE_CAP / 2, SB_END, sb_font_tick,
                   cv->theme->muted, f->y.ticks[i].text);
    }
    for (size_t i = 0; i < nr; i++) {
        double y = sb_scale_px(&f->y, columns[i].share);
        double x0 = fmax(columns[i].px - half, f->area.x0), x1 = fmin(columns[i].px + half, f->area.x1);
        sb_dl_rect(cv->dl, x0, y, x1 - x0, f->area.y1 - y, fill, 1);
    }
    double p50 = sb_spread_quantile(s, 0.5), p99 = sb_spread_quantile(s, 0.99);
    const char *name = sb_type_fit(cv->arena, cv->chart->series[s->series], sb_font_panel, WIDEST_NAME);
    struct stretch taken = {f->area.x0, f->area.x0 + sb_type_width(name, sb_font_panel)};
    sb_dl_text(cv->dl, f->area.x0, f->area.y0 - 7, SB_START, sb_font_panel, cv->theme->title, name);
    struct stretch tail =
        draw_mark(cv, f, p99, sb_arena_printf(cv->arena, "p99 %s", sb_canvas_number(cv, p99)), taken, taken);
    draw_mark(cv, f, p50, sb_arena_printf(cv->arena, "p50 %s", sb_canvas_number(cv, p50)), taken, tail);
    sb_dl_hline(cv->dl, f->area.x0, f->area.x1, f->area.y1, 1, cv->theme->axis);
}

static void share_ticks(struct sb_scale *scale, double highest)
{
    sb_scale_linear(scale, 0, highest, true, 3);
    for (size_t i = 0; i < scale->ticks_nr; i++) {
        size_t len = strlen(scale->ticks[i].text);
        snprintf(scale->ticks[i].text + len, SB_TICK_TEXT - len, " %%");
    }
}

static void draw_rows(struct sb_canvas *cv, struct sb_xy_frame *f, const struct sb_spread *spreads, size_t nr,
                      double top, double row)
{
    for (size_t i = 0; i < nr; i++) {
        struct sb_xy_frame one = *f;
        one.area.y0 = sb_snap(top + ROW_GAP - 8);
        one.area.y1 = sb_snap(one.area.y0 + row);
        one.y.px_low = one.area.y1;
        one.y.px_high = one.area.y0;
        draw_row(cv, &one, &spreads[i]);
        top = one.area.y1;
    }
    f->area.y1 = top;
}

static void layout(struct sb_canvas *cv)
{
    size_t nr;
    double low, high, highest = 0;
    struct sb_spread *spreads = sb_spreads(cv, &nr);
    double top = sb_frame_begin(cv, NULL, 0);
    if (!nr) {
        sb_frame_message(cv, top, "No latency histogram");
        return;
    }
    struct sb_xy_frame f = {.header = "", .x_title = sb_value_title(cv), .minor = true};
    sb_spreads_extent(spreads, nr, &low, &high);
    sb_spreads_scale(&f.x, low, high, 12);
    f.area = (struct sb_box){cv->x0 + 46, top, cv->x1 - 14, top + 100};
    f.x.px_low = f.area.x0;
    f.x.px_high = f.area.x1;
    for (size_t i = 0; i < nr; i++)
        highest = fmax(highest, highest_share(cv, &f, &spreads[i]));
    share_ticks(&f.y, highest);
    double natural = nr == 1 ? 240 : nr == 2 ? 130 : 95;
    double total = sb_frame_content(cv, top, (natural + ROW_GAP) * (double)nr + 42, 60, NULL) - 42;
    draw_rows(cv, &f, spreads, nr, top, fmax(36, total / (double)nr - ROW_GAP));
    f.y.ticks_nr = 0; /* the rows have theirs; what is left is the common value axis */
    f.area.y0 = f.area.y1;
    sb_xy_draw_axes(cv, &f);
    sb_xy_end(cv, &f);
}

const struct sb_kind sb_kind_histogram = {
    .name = "histogram", .check = sb_distribution_check, .layout = layout};
