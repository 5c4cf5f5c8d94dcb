/* Interval reports over time: every run thin and pale, the running median of each series thick; warm-up
 * shaded. */
#include "plot/xy.h"
#include <math.h>

#define NATURAL_HEIGHT 270.0
enum { SMOOTH_FROM = 15, WIDEST_WINDOW = 4001 };

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int by_x(const void *a, const void *b)
{
    const struct sb_sample *p = a, *q = b;
    if (p->x != q->x) return p->x < q->x ? -1 : 1;
    return (p->y > q->y) - (p->y < q->y);
}

/* All finite samples of a series, runs pooled, by time. */
static struct sb_sample *pool(struct sb_canvas *cv, size_t series, size_t *nr, size_t *runs)
{
    const struct sb_xy *xy = cv->chart->xy;
    size_t total = 0;
    *nr = *runs = 0;
    for (size_t i = 0; i < xy->curves_nr; i++)
        if (xy->curves[i].series == series) total += xy->curves[i].samples_nr;
    struct sb_sample *all = sb_arena_alloc(cv->arena, (total + 1) * sizeof *all);
    for (size_t i = 0; i < xy->curves_nr; i++) {
        const struct sb_curve *c = &xy->curves[i];
        if (c->series != series || c->role != SB_CURVE_DATA) continue;
        ++*runs;
        for (size_t k = 0; k < c->samples_nr; k++)
            if (isfinite(c->samples[k].x) && isfinite(c->samples[k].y)) all[(*nr)++] = c->samples[k];
    }
    qsort(all, *nr, sizeof *all, by_x);
    return all;
}

/* Samples in the window of the running median: about a twentieth of a run, at least 5 reports, of every run;
 * odd. */
static size_t window_of(size_t samples, size_t runs)
{
    size_t per_run = samples / (runs ? runs : 1) / 20;
    size_t window = (per_run < 5 ? 5 : per_run) * (runs ? runs : 1);
    if (window > WIDEST_WINDOW) window = WIDEST_WINDOW;
    return window | 1;
}

static double median_around(const struct sb_sample *all, size_t nr, size_t at, size_t window, double *scratch)
{
    size_t half = window / 2, first = at < half ? 0 : at - half, last = at + half < nr ? at + half : nr - 1;
    size_t n = last - first + 1;
    for (size_t i = 0; i < n; i++)
        scratch[i] = all[first + i].y;
    qsort(scratch, n, sizeof *scratch, by_size);
    return n % 2 ? scratch[n / 2] : scratch[n / 2 - 1] / 2 + scratch[n / 2] / 2;
}

/* One thick line per series; returns where it ends. */
static double draw_median(struct sb_canvas *cv, const struct sb_xy_frame *f, size_t series)
{
    enum { MOST_STEPS = 600 };
    size_t nr, runs;
    struct sb_sample *all = pool(cv, series, &nr, &runs);
    int slot = sb_slot_of(cv->chart, series);
    if (!nr) return NAN;
    size_t window = nr / (runs ? runs : 1) >= SMOOTH_FROM ? window_of(nr, runs) : runs | 1;
    size_t stride = 1 + nr / MOST_STEPS, kept = 0;
    struct sb_pt *p = sb_arena_alloc(cv->arena, (nr / stride + 2) * sizeof *p);
    double *scratch = sb_arena_alloc(cv->arena, (window + 1) * sizeof *scratch);
    for (size_t i = 0; i < nr; i += stride) {
        struct sb_pt at = sb_xy_at(f, all[i].x, median_around(all, nr, i, window, scratch));
        if (kept && at.x <= p[kept - 1].x) continue; /* several runs report at the same moment */
        p[kept++] = at;
    }
    if (nr > 1) {
        struct sb_pt end = sb_xy_at(f, all[nr - 1].x, median_around(all, nr, nr - 1, window, scratch));
        if (kept && end.x > p[kept - 1].x) p[kept++] = end;
    }
    sb_xy_line(cv, f, p, kept, 2.1, sb_xy_ink(cv, slot), sb_xy_dash(cv, slot));
    if (kept == 1) sb_marker(cv->dl, cv->theme, slot, p[0].x, p[0].y, 4, 1);
    return p[kept - 1].y;
}

static void draw_runs(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    const struct sb_xy *xy = cv->chart->xy;
    for (size_t i = 0; i < xy->curves_nr; i++) {
        const struct sb_curve *c = &xy->curves[i];
        struct sb_pt *p = sb_arena_alloc(cv->arena, (c->samples_nr + 1) * sizeof *p);
        for (size_t k = 0; k < c->samples_nr; k++)
            p[k] = sb_xy_at(f, c->samples[k].x, c->samples[k].y);
        size_t kept = sb_xy_thin(p, c->samples_nr);
        struct sb_rgb pale = sb_mix(sb_xy_ink(cv, sb_slot_of(cv->chart, c->series)), cv->theme->background,
                                    cv->theme->outlined ? 0.74 : 0.58);
        sb_xy_line(cv, f, p, kept, 0.9, pale, 0);
    }
}

static const struct {
    double step;
} time_steps[] = {{1},   {2},   {5},    {10},   {15},   {30},    {60},    {120},  {300},
                  {600}, {900}, {1800}, {3600}, {7200}, {14400}, {43200}, {86400}};

/* Ticks at whole seconds, minutes or hours; labels 0:30 from two minutes, 1:30:00 from two hours. */
static const char *time_scale(struct sb_scale *scale, double low, double high, int want)
{
    const char *name = high >= 7200 ? "h:min:s" : high >= 120 ? "min:s" : "s";
    if (low < 0 || high - low < 5 || high > 86400.0 * 30) {
        sb_scale_linear(scale, low, high, false, want);
        scale->high = high > scale->low ? high : scale->high;
        return "s";
    }
    size_t i = 0;
    while (i + 1 < sizeof time_steps / sizeof *time_steps && (high - low) / time_steps[i].step > want)
        i++;
    double step = time_steps[i].step;
    *scale = (struct sb_scale){.low = low < step ? 0 : floor(low / step) * step, .high = high};
    for (double t = scale->low; t <= high && scale->ticks_nr < SB_TICKS_MAX; t += step) {
        long s = lround(t);
        struct sb_tick *tick = &scale->ticks[scale->ticks_nr++];
        tick->value = t;
        if (high >= 7200)
            snprintf(tick->text, sizeof tick->text, "%ld:%02ld:%02ld", s / 3600, s / 60 % 60, s % 60);
        else if (high >= 120)
            snprintf(tick->text, sizeof tick->text, "%ld:%02ld", s / 60, s % 60);
        else
            snprintf(tick->text, sizeof tick->text, "%ld", s);
    }
    return name;
}

static void draw_warmup(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    double until = cv->chart->xy->warmup;
    if (!(until > f->x.low) || !isfinite(until)) return;
    double px = sb_scale_px(&f->x, until);
    sb_dl_rect(cv->dl, f->area.x0, f->area.y0, px - f->area.x0, f->area.y1 - f->area.y0, cv->theme->band, 1);
}

static void name_warmup(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    double until = cv->chart->xy->warmup, width = sb_type_width("warm-up", sb_font_value);
    if (!(until > f->x.low) || !isfinite(until)) return;
    double px = sb_scale_px(&f->x, until), x = (f->area.x0 + px) / 2;
    if (px - f->area.x0 < width + 6) return;
    sb_dl_text(cv->dl, x, f->area.y0 + 13, SB_MIDDLE, sb_font_value, cv->theme->muted, "warm-up");
}

static struct sb_legend_item *legend(struct sb_canvas *cv, size_t *nr)
{
    struct sb_legend_item *items = sb_arena_calloc(cv->arena, cv->chart->series_nr + 1, sizeof *items);
    *nr = 0;
    for (size_t s = 0; s < cv->chart->series_nr; s++)
        items[(*nr)++] = (struct sb_legend_item){
            .key = SB_KEY_STROKE, .slot = sb_slot_of(cv->chart, s), .text = cv->chart->series[s]};
    return items;
}

static void layout(struct sb_canvas *cv)
{
    const struct sb_xy *xy = cv->chart->xy;
    struct sb_xy_frame f = {.header = sb_xy_unit(cv, xy->unit, xy->better)};
    double x0, x1, y0, y1;
    bool data = sb_xy_extent(xy, &x0, &x1, &y0, &y1);
    double names = sb_xy_names_room(cv, NATURAL_HEIGHT);
    size_t legend_nr = 0;
    struct sb_legend_item *items = names == 0 ? legend(cv, &legend_nr) : NULL;
    double top = sb_frame_begin(cv, items, legend_nr);
    if (!data) {
        sb_frame_message(cv, top, "No interval reports");
        return;
    }
    const char *unit = time_scale(&f.x, x0, x1, 9);
    f.x_title = sb_arena_printf(cv->arena, "%s, %s", *xy->x_title ? xy->x_title : "Elapsed", unit);
    sb_scale_linear(&f.y, y0, y1, true, 7);
    sb_xy_place(cv, &f, top, NATURAL_HEIGHT, names);
    draw_warmup(cv, &f);
    sb_xy_draw_axes(cv, &f);
    name_warmup(cv, &f);
    draw_runs(cv, &f);
    struct sb_end_label *labels = sb_arena_calloc(cv->arena, cv->chart->series_nr + 1, sizeof *labels);
    size_t labels_nr = 0;
    for (size_t s = 0; s < cv->chart->series_nr; s++) {
        double end = draw_median(cv, &f, s);
        if (isfinite(end))
            labels[labels_nr++] = (struct sb_end_label){
                cv->chart->series[s], end,
                cv->theme->outlined ? cv->theme->text : cv->theme->slots[sb_slot_of(cv->chart, s)].color};
    }
    if (names > 0) sb_xy_draw_names(cv, &f, labels, labels_nr);
    sb_xy_end(cv, &f);
}

const struct sb_kind sb_kind_series = {.name = "series", .check = sb_xy_check, .layout = layout};
