#include "plot/xy.h"
#include <math.h>
#include <stdlib.h>

enum { LABEL_GAP = 15, MOST_NAMES = 10 };

const char *sb_xy_unit(struct sb_canvas *cv, const char *unit, const char *better)
{
    const char *direction = *better ? sb_arena_printf(cv->arena, "%s is better", better) : "";
    return sb_arena_printf(cv->arena, "%s%s%s", unit, *unit && *direction ? ", " : "", direction);
}

double sb_xy_dash(const struct sb_canvas *cv, int slot)
{
    static const double dashes[] = {0, 6, 2.2, 10, 4, 0};
    return cv->theme->outlined ? dashes[slot % 6] : 0;
}

struct sb_rgb sb_xy_ink(const struct sb_canvas *cv, int slot)
{
    struct sb_rgb color = cv->theme->slots[slot].color;
    if (!cv->theme->outlined) return color;
    return slot % 2 ? cv->theme->muted : cv->theme->whisker;
}

static double widest_tick(const struct sb_scale *scale)
{
    double widest = 0;
    for (size_t i = 0; i < scale->ticks_nr; i++)
        widest = fmax(widest, sb_type_width(scale->ticks[i].text, sb_font_tick));
    return widest;
}

void sb_xy_place(struct sb_canvas *cv, struct sb_xy_frame *f, double top, double natural, double right_room)
{
    double head = *f->header ? 24 : 8, below = *f->x_title ? 42 : 22;
    double last = f->x.ticks_nr ? sb_type_width(f->x.ticks[f->x.ticks_nr - 1].text, sb_font_tick) / 2 : 0;
    double height =
        sb_frame_content(cv, top, natural + head + below, 80 + head + below, f->note) - head - below;
    f->area.x0 = cv->x0 + widest_tick(&f->y) + 9;
    f->area.x1 = cv->x1 - fmax(right_room, fmax(2, last - 4));
    f->area.y0 = sb_snap(top + head);
    f->area.y1 = sb_snap(f->area.y0 + height);
    f->x.px_low = f->area.x0;
    f->x.px_high = f->area.x1;
    f->y.px_low = f->area.y1;
    f->y.px_high = f->area.y0;
}

static void draw_x_ticks(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    double free_from = -INFINITY;
    for (size_t i = 0; i < f->x.ticks_nr; i++) {
        const struct sb_tick *tick = &f->x.ticks[i];
        double px = sb_snap(sb_scale_px(&f->x, tick->value)),
               half = sb_type_width(tick->text, sb_font_tick) / 2;
        if (f->x_grid) sb_dl_vline(cv->dl, px, f->area.y0, f->area.y1, 1, cv->theme->grid);
        sb_dl_vline(cv->dl, px, f->area.y1, f->area.y1 + 5, 1, cv->theme->axis);
        if (px - half < free_from || px - half < cv->x0 - 10) continue;
        double at = fmin(px, cv->width - 4 - half);
        sb_dl_text(cv->dl, at, f->area.y1 + 19, SB_MIDDLE, sb_font_tick, cv->theme->muted, tick->text);
        free_from = at + half + 6;
    }
}

/* 2, 3 ... 9 times each power of ten between the ends of a log axis. */
static void draw_minor(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    double decades = log10(f->x.high / f->x.low);
    if (!f->x.log || !f->minor || decades > 8) return;
    for (double e = floor(log10(f->x.low)); e <= log10(f->x.high); e++) {
        for (int k = 2; k < 10; k++) {
            double value = k * pow(10, e);
            if (!sb_scale_inside(&f->x, value)) continue;
            sb_dl_vline(cv->dl, sb_snap(sb_scale_px(&f->x, value)), f->area.y1, f->area.y1 + 3, 0.8,
                        cv->theme->axis);
        }
    }
}

void sb_xy_draw_axes(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    sb_dl_text(cv->dl, f->area.x0, f->area.y0 - 14, SB_START, sb_font_unit, cv->theme->muted,
               sb_type_fit(cv->arena, f->header, sb_font_unit, cv->x1 - f->area.x0));
    for (size_t i = 0; i < f->y.ticks_nr; i++) {
        const struct sb_tick *tick = &f->y.ticks[i];
        double px = sb_snap(sb_scale_px(&f->y, tick->value));
        sb_dl_hline(cv->dl, f->area.x0, f->area.x1, px, 1, cv->theme->grid);
        sb_dl_text(cv->dl, f->area.x0 - 8, px + sb_font_tick.size * SB_TYPE_CAP / 2, SB_END, sb_font_tick,
                   cv->theme->muted, tick->text);
    }
    draw_x_ticks(cv, f);
    draw_minor(cv, f);
    sb_dl_hline(cv->dl, f->area.x0, f->area.x1, f->area.y1, 1, cv->theme->axis);
    double middle = (f->area.x0 + f->area.x1) / 2;
    sb_dl_text(cv->dl, middle, f->area.y1 + 38, SB_MIDDLE, sb_font_label, cv->theme->text,
               sb_type_fit(cv->arena, f->x_title, sb_font_label, f->area.x1 - f->area.x0));
}

void sb_xy_end(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    cv->pages = 1;
    sb_frame_end(cv, f->area.y1 + (*f->x_title ? 42 : 22), f->note);
}

double sb_xy_names_room(struct sb_canvas *cv, double plot_height)
{
    struct sb_font font = {12, SB_SEMIBOLD, false};
    double widest = 0;
    if (cv->chart->series_nr > MOST_NAMES || (double)cv->chart->series_nr * LABEL_GAP > plot_height) return 0;
    for (size_t s = 0; s < cv->chart->series_nr; s++)
        widest = fmax(widest, sb_type_width(cv->chart->series[s], font));
    return widest > cv->width * 0.2 || widest == 0 ? 0 : widest + 14;
}

static int by_y(const void *a, const void *b)
{
    const struct sb_end_label *p = a, *q = b;
    if (p->y != q->y) return p->y < q->y ? -1 : 1;
    return strcmp(p->text, q->text);
}

void sb_xy_spread(struct sb_end_label *labels, size_t nr, double top, double bottom)
{
    qsort(labels, nr, sizeof *labels, by_y);
    for (size_t i = 0; i < nr; i++)
        labels[i].y = fmax(labels[i].y, i ? labels[i - 1].y + LABEL_GAP : top);
    double limit = bottom;
    for (size_t i = nr; i-- > 0; limit -= LABEL_GAP)
        labels[i].y = fmin(labels[i].y, limit);
}

void sb_xy_draw_names(struct sb_canvas *cv, const struct sb_xy_frame *f, struct sb_end_label *labels,
                      size_t nr)
{
    struct sb_font font = {12, SB_SEMIBOLD, false};
    sb_xy_spread(labels, nr, f->area.y0 + 4, f->area.y1 - 4);
    for (size_t i = 0; i < nr; i++)
        sb_dl_text(cv->dl, f->area.x1 + 11, labels[i].y + 4.3, SB_START, font,
                   sb_readable(labels[i].color, cv->theme->background), labels[i].text);
}

struct sb_pt sb_xy_at(const struct sb_xy_frame *f, double x, double y)
{
    struct sb_pt p = {NAN, NAN};
    if (isfinite(y)) y = sb_scale_within(y);
    if (isfinite(x)) x = sb_scale_within(x);
    if (!isfinite(x) || !isfinite(y) || (f->x.log && x <= 0) || (f->y.log && y <= 0)) return p;
    p.x = sb_scale_px(&f->x, x);
    p.y = sb_scale_px(&f->y, y);
    /* Outside the scale: the nearest point would bend the line, so say how far outside (in px) without
     * overflow. */
    double over_y = y > f->y.high ? y / f->y.high : 0;
    if (over_y > 1 && !f->y.log && f->y.low >= 0)
        p.y = f->area.y1 - (f->area.y1 - f->area.y0) * fmin((y - f->y.low) / (f->y.high - f->y.low), 1e4);
    return p;
}

/* Liang & Barsky 1984: the part of the segment inside the box. */
static bool clip(const struct sb_box *box, struct sb_pt *a, struct sb_pt *b)
{
    double dx = b->x - a->x, dy = b->y - a->y, t0 = 0, t1 = 1;
    const double p[] = {-dx, dx, -dy, dy};
    const double q[] = {a->x - box->x0, box->x1 - a->x, a->y - box->y0, box->y1 - a->y};
    for (int i = 0; i < 4; i++) {
        if (p[i] == 0) {
            if (q[i] < 0) return false;
        } else if (p[i] < 0) {
            t0 = fmax(t0, q[i] / p[i]);
        } else {
            t1 = fmin(t1, q[i] / p[i]);
        }
    }
    if (t0 > t1) return false;
    struct sb_pt start = *a;
    *a = (struct sb_pt){start.x + t0 * dx, start.y + t0 * dy};
    *b = (struct sb_pt){start.x + t1 * dx, start.y + t1 * dy};
    return true;
}

static void emit(struct sb_canvas *cv, const struct sb_pt *run, size_t nr, double width, struct sb_rgb color,
                 double dash)
{
    if (dash > 0)
        sb_dl_dashed(cv->dl, run, nr, width, color, dash, fmax(fmin(dash * 0.7, 4), 2.6));
    else
        sb_dl_line(cv->dl, run, nr, width, color);
}

void sb_xy_line(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_pt *points, size_t nr,
                double width, struct sb_rgb color, double dash)
{
    struct sb_pt *run = sb_arena_alloc(cv->arena, (nr + 1) * sizeof *run);
    size_t len = 0;
    for (size_t i = 1; i < nr; i++) {
        struct sb_pt a = points[i - 1], b = points[i];
        bool seen = isfinite(a.x + a.y) && isfinite(b.x + b.y) && clip(&f->area, &a, &b);
        bool joins = seen && len > 0 && run[len - 1].x == a.x && run[len - 1].y == a.y;
        if (!joins) {
            emit(cv, run, len, width, color, dash);
            len = 0;
        }
        if (seen) {
            if (!len) run[len++] = a;
            run[len++] = b;
        }
    }
    emit(cv, run, len, width, color, dash);
}

static size_t thin_column(struct sb_pt *out, const struct sb_pt *in, size_t nr)
{
    size_t low = 0, high = 0, kept = 0;
    for (size_t i = 1; i < nr; i++) {
        if (in[i].y < in[low].y) low = i;
        if (in[i].y > in[high].y) high = i;
    }
    const size_t picks[] = {0, low < high ? low : high, low < high ? high : low, nr - 1};
    struct sb_pt chosen[4];
    for (size_t k = 0; k < 4; k++)
        if (!k || picks[k] != picks[k - 1]) chosen[kept++] = in[picks[k]];
    memcpy(out, chosen, kept * sizeof *out);
    return kept;
}

size_t sb_xy_thin(struct sb_pt *points, size_t nr)
{
    enum { NEVER_BELOW = 800 };
    size_t kept = 0;
    if (nr < NEVER_BELOW) return nr;
    for (size_t i = 0; i < nr;) {
        size_t first = i;
        if (!isfinite(points[i].x)) {
            points[kept++] = points[i++];
            continue;
        }
        while (i < nr && isfinite(points[i].x) && floor(points[i].x * 2) == floor(points[first].x * 2))
            i++;
        kept += thin_column(points + kept, points + first, i - first);
    }
    return kept;
}

bool sb_xy_check(const struct sb_chart *chart, struct sb_err *err)
{
    if (!chart->xy) return sb_fail(err, SB_ERR_INTERNAL, "chart without curves");
    if (chart->xy->curves_nr && !chart->xy->curves)
        return sb_fail(err, SB_ERR_INTERNAL, "chart without curves");
    for (size_t i = 0; i < chart->xy->curves_nr; i++) {
        const struct sb_curve *c = &chart->xy->curves[i];
        if (c->series >= chart->series_nr || (c->samples_nr && !c->samples))
            return sb_fail(err, SB_ERR_INTERNAL, "curve %zu of the chart has no series or no samples", i + 1);
    }
    return true;
}

bool sb_xy_extent(const struct sb_xy *xy, double *x0, double *x1, double *y0, double *y1)
{
    *x0 = *y0 = INFINITY;
    *x1 = *y1 = -INFINITY;
    for (size_t i = 0; i < xy->curves_nr; i++) {
        for (size_t k = 0; k < xy->curves[i].samples_nr; k++) {
            const struct sb_sample *s = &xy->curves[i].samples[k];
            if (!isfinite(s->x) || !isfinite(s->y)) continue;
            bool interval = isfinite(s->low) && isfinite(s->high) && (s->low != 0 || s->high != 0);
            *x0 = fmin(*x0, s->x);
            *x1 = fmax(*x1, s->x);
            *y0 = fmin(*y0, interval ? fmin(s->low, s->y) : s->y);
            *y1 = fmax(*y1, interval ? fmax(s->high, s->y) : s->y);
        }
    }
    double *const ends[] = {x0, x1, y0, y1};
    for (size_t i = 0; *x0 <= *x1 && i < 4; i++)
        *ends[i] = sb_scale_within(*ends[i]);
    return *x0 <= *x1;
}
