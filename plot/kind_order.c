/* Values in the order in which their runs were made, with each series' median and robust trend: drift shows.
 */
#include "plot/xy.h"
#include <math.h>

#define NATURAL_HEIGHT 270.0
enum { MOST_FOR_TREND = 400 };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t nr)
{
    qsort(values, nr, sizeof *values, by_size);
    return nr % 2 ? values[nr / 2] : values[nr / 2 - 1] / 2 + values[nr / 2] / 2;
}

static struct sb_sample *finite_samples(struct sb_canvas *cv, size_t series, size_t *nr)
{
    const struct sb_xy *xy = cv->chart->xy;
    size_t total = 0;
    *nr = 0;
    for (size_t i = 0; i < xy->curves_nr; i++)
        if (xy->curves[i].series == series) total += xy->curves[i].samples_nr;
    struct sb_sample *all = sb_arena_alloc(cv->arena, (total + 1) * sizeof *all);
    for (size_t i = 0; i < xy->curves_nr; i++)
        for (size_t k = 0; xy->curves[i].series == series && k < xy->curves[i].samples_nr; k++) {
            const struct sb_sample *s = &xy->curves[i].samples[k];
            if (isfinite(s->x) && isfinite(s->y)) all[(*nr)++] = *s;
        }
    return all;
}

/* Theil-Sen: the median of the slopes of all pairs (Sen 1968), through the medians. False with too few
 * points. */
static bool trend(struct sb_canvas *cv, const struct sb_sample *s, size_t nr, double *slope, double *at_zero)
{
    if (nr < 4 || nr > MOST_FOR_TREND) return false;
    double *slopes = sb_arena_alloc(cv->arena, nr * nr * sizeof *slopes),
           *rest = sb_arena_alloc(cv->arena, nr * sizeof *rest);
    size_t pairs = 0;
    for (size_t i = 0; i < nr; i++)
        for (size_t k = i + 1; k < nr; k++)
            if (s[k].x != s[i].x) slopes[pairs++] = (s[k].y - s[i].y) / (s[k].x - s[i].x);
    if (!pairs) return false;
    *slope = median(slopes, pairs);
    for (size_t i = 0; i < nr; i++)
        rest[i] = s[i].y - *slope * s[i].x;
    *at_zero = median(rest, nr);
    return isfinite(*slope) && isfinite(*at_zero);
}

static void draw_series(struct sb_canvas *cv, const struct sb_xy_frame *f, size_t series)
{
    size_t nr;
    double slope, at_zero;
    int slot = sb_slot_of(cv->chart, series);
    const struct sb_sample *s = finite_samples(cv, series, &nr);
    struct sb_rgb ink = sb_xy_ink(cv, slot);
    if (trend(cv, s, nr, &slope, &at_zero)) {
        double from = s[0].x, to = s[0].x;
        for (size_t i = 0; i < nr; i++) {
            from = fmin(from, s[i].x);
            to = fmax(to, s[i].x);
        }
        const struct sb_pt ends[] = {sb_xy_at(f, from, at_zero + slope * from),
                                     sb_xy_at(f, to, at_zero + slope * to)};
        sb_xy_line(cv, f, ends, 2, 1.6, ink, 5);
    }
    double radius = nr > 120 ? 2.6 : 4;
    for (size_t i = 0; i < nr; i++) {
        struct sb_pt p = sb_xy_at(f, s[i].x, s[i].y);
        if (s[i].suspect) sb_suspect_ring(cv->dl, cv->theme, p.x, p.y, radius);
        sb_marker(cv->dl, cv->theme, slot, p.x, p.y, radius, 1);
    }
}

static struct sb_legend_item *legend(struct sb_canvas *cv, size_t *nr)
{
    const struct sb_xy *xy = cv->chart->xy;
    struct sb_legend_item *items = sb_arena_calloc(cv->arena, cv->chart->series_nr + 3, sizeof *items);
    bool suspect = false;
    *nr = 0;
    for (size_t s = 0; s < cv->chart->series_nr; s++)
        items[(*nr)++] = (struct sb_legend_item){
            .key = SB_KEY_MARKER, .slot = sb_slot_of(cv->chart, s), .text = cv->chart->series[s]};
    for (size_t i = 0; i < xy->curves_nr; i++)
        for (size_t k = 0; k < xy->curves[i].samples_nr; k++)
            suspect |= xy->curves[i].samples[k].suspect;
    items[(*nr)++] =
        (struct sb_legend_item){.key = SB_KEY_DASHED, .color = cv->theme->muted, .text = "trend (Theil–Sen)"};
    if (suspect)
        items[(*nr)++] = (struct sb_legend_item){
            .key = SB_KEY_RING, .color = cv->theme->warn, .text = "suspect: see findings"};
    return items;
}

static void layout(struct sb_canvas *cv)
{
    const struct sb_xy *xy = cv->chart->xy;
    struct sb_xy_frame f = {.header = sb_xy_unit(cv, xy->unit, xy->better)};
    f.x_title = *xy->x_title ? xy->x_title : "Run, in order of execution";
    double x0, x1, y0, y1;
    size_t legend_nr;
    bool data = sb_xy_extent(xy, &x0, &x1, &y0, &y1);
    struct sb_legend_item *items = legend(cv, &legend_nr);
    double top = sb_frame_begin(cv, items, data ? legend_nr : 0);
    if (!data) {
        sb_frame_message(cv, top, "No runs with a known order");
        return;
    }
    double pad = fmax((x1 - x0) * 0.02, 0.5);
    sb_scale_linear(&f.x, x0, x1, false, 12);
    f.x.low = x0 - pad;
    f.x.high = x1 + pad;
    size_t kept = 0;
    for (size_t i = 0; i < f.x.ticks_nr; i++)
        if (sb_scale_inside(&f.x, f.x.ticks[i].value)) f.x.ticks[kept++] = f.x.ticks[i];
    f.x.ticks_nr = kept;
    double room = (y1 - y0) * 0.06;
    bool from_zero = y0 >= 0 && y0 <= y1 * 0.45;
    sb_scale_linear(&f.y, y0 - (from_zero ? 0 : room), y1 + room, from_zero, 7);
    f.note = f.y.low > 0 ? "value axis does not start at zero" : NULL;
    sb_xy_place(cv, &f, top, NATURAL_HEIGHT, 0);
    sb_xy_draw_axes(cv, &f);
    for (size_t s = 0; s < cv->chart->series_nr; s++)
        draw_series(cv, &f, s);
    sb_xy_end(cv, &f);
}

const struct sb_kind sb_kind_order = {.name = "order", .check = sb_xy_check, .layout = layout};
