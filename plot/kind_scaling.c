/* Means over threads, vCPUs or RAM with interval ribbons, markers, fitted curves and the ideal line. */
#include "plot/xy.h"
#include <math.h>

#define NATURAL_HEIGHT 290.0
#define LOG_FROM       20.0 /* x on a log scale when its largest value is this many times its smallest */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Ticks at the levels that were measured (1, 2, 4 ...), not at round numbers between them. */
static void level_ticks(struct sb_canvas *cv, struct sb_scale *scale, const struct sb_xy *xy)
{
    size_t nr = 0, total = 0;
    for (size_t i = 0; i < xy->curves_nr; i++)
        total += xy->curves[i].samples_nr;
    double *levels = sb_arena_alloc(cv->arena, (total + 1) * sizeof *levels);
    for (size_t i = 0; i < xy->curves_nr; i++)
        for (size_t k = 0; xy->curves[i].role == SB_CURVE_DATA && k < xy->curves[i].samples_nr; k++)
            if (isfinite(xy->curves[i].samples[k].y) && sb_scale_inside(scale, xy->curves[i].samples[k].x))
                levels[nr++] = xy->curves[i].samples[k].x;
    qsort(levels, nr, sizeof *levels, by_size);
    size_t distinct = 0;
    for (size_t i = 0; i < nr; i++)
        if (!i || levels[i] != levels[distinct - 1]) levels[distinct++] = levels[i];
    if (distinct > 24 || !distinct) return; /* too many to be levels: keep the round ticks */
    scale->ticks_nr = 0;
    for (size_t i = 0; i < distinct; i++) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        if (levels[i] == floor(levels[i]) && fabs(levels[i]) < 1e6)
            sb_fixed_text(&text, levels[i], 0, false);
        else
            sb_number_text(&text, levels[i]);
        scale->ticks[scale->ticks_nr].value = levels[i];
        snprintf(scale->ticks[scale->ticks_nr++].text, SB_TICK_TEXT, "%s", text.buf);
        sb_strbuf_release(&text);
    }
}

static void set_scales(struct sb_canvas *cv, struct sb_xy_frame *f, double x0, double x1, double y0,
                       double y1)
{
    if (x0 > 0 && x1 / x0 >= LOG_FROM) {
        sb_scale_log(&f->x, x0, x1, 10);
        f->x.low = x0;
        f->x.high = x1 * 1.001;
    } else {
        sb_scale_linear(&f->x, x0, x1, x0 >= 0 && x0 < x1 * 0.5, 10);
        f->x.high = fmax(x1, f->x.low + (x1 > f->x.low ? 0 : 1));
        if (x0 > 0 && f->x.low > 0) f->x.low = x0 - (f->x.high - x0) * 0.05;
    }
    level_ticks(cv, &f->x, cv->chart->xy);
    sb_scale_linear(&f->y, y0, y1, true, 6);
}

/* A stretch of samples with intervals as one filled shape. */
static void draw_ribbon(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_curve *c,
                        struct sb_rgb color)
{
    struct sb_pt *shape = sb_arena_alloc(cv->arena, (c->samples_nr * 2 + 1) * sizeof *shape);
    size_t nr = 0;
    for (size_t k = 0; k < c->samples_nr; k++) {
        struct sb_pt p = sb_xy_at(f, c->samples[k].x, c->samples[k].high);
        if (isfinite(p.x + p.y) && isfinite(c->samples[k].low) && isfinite(c->samples[k].y)) shape[nr++] = p;
    }
    for (size_t k = c->samples_nr; k-- > 0;) {
        struct sb_pt p = sb_xy_at(f, c->samples[k].x, fmax(c->samples[k].low, f->y.low));
        if (isfinite(p.x + p.y) && isfinite(c->samples[k].high) && isfinite(c->samples[k].y)) shape[nr++] = p;
    }
    for (size_t i = 0; i < nr; i++)
        shape[i].y = fmax(f->area.y0, fmin(f->area.y1, shape[i].y));
    if (nr >= 4) sb_dl_poly(cv->dl, shape, nr, color, cv->theme->tint);
}

static bool has_interval(const struct sb_curve *c)
{
    for (size_t k = 0; k < c->samples_nr; k++)
        if (isfinite(c->samples[k].low) && isfinite(c->samples[k].high) &&
            (c->samples[k].low != 0 || c->samples[k].high != 0))
            return true;
    return false;
}

static void draw_curve(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_curve *c)
{
    int slot = sb_slot_of(cv->chart, c->series);
    struct sb_rgb ink = sb_xy_ink(cv, slot);
    struct sb_pt *p = sb_arena_alloc(cv->arena, (c->samples_nr + 1) * sizeof *p);
    for (size_t k = 0; k < c->samples_nr; k++)
        p[k] = sb_xy_at(f, c->samples[k].x, c->samples[k].y);
    if (c->role == SB_CURVE_FIT)
        sb_xy_line(cv, f, p, c->samples_nr, 1.3, sb_mix(ink, cv->theme->background, 0.25), 5);
    else
        sb_xy_line(cv, f, p, c->samples_nr, 2, ink, sb_xy_dash(cv, slot));
}

static void draw_markers(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_curve *c)
{
    if (c->role == SB_CURVE_FIT) return;
    for (size_t k = 0; k < c->samples_nr; k++) {
        struct sb_pt p = sb_xy_at(f, c->samples[k].x, c->samples[k].y);
        if (!isfinite(p.x + p.y)) continue;
        if (c->samples[k].suspect) sb_suspect_ring(cv->dl, cv->theme, p.x, p.y, 4.3);
        sb_marker(cv->dl, cv->theme, sb_slot_of(cv->chart, c->series), p.x, p.y, 4.3, 1.2);
    }
}

/* Linear scaling of the first series' first point, as far as the frame goes. */
static void draw_ideal(struct sb_canvas *cv, const struct sb_xy_frame *f)
{
    const struct sb_xy *xy = cv->chart->xy;
    for (size_t i = 0; xy->ideal && i < xy->curves_nr; i++) {
        const struct sb_curve *c = &xy->curves[i];
        if (c->role != SB_CURVE_DATA || c->series != 0 || !c->samples_nr) continue;
        const struct sb_sample *s = &c->samples[0];
        if (!(s->x > 0) || !(s->y > 0) || !isfinite(s->x * s->y)) return;
        enum { STEPS = 64 };
        struct sb_pt p[STEPS + 1];
        double from = f->x.log ? f->x.low : fmax(f->x.low, 0);
        for (int k = 0; k <= STEPS; k++) {
            double x = from + (f->x.high - from) * k / STEPS;
            p[k] = sb_xy_at(f, x, s->y * (x / s->x));
        }
        sb_xy_line(cv, f, p, STEPS + 1, 1.1, cv->theme->muted, 4);
        return;
    }
}

static struct sb_legend_item *legend(struct sb_canvas *cv, bool names, bool suspects, size_t *nr)
{
    const struct sb_xy *xy = cv->chart->xy;
    struct sb_legend_item *items = sb_arena_calloc(cv->arena, cv->chart->series_nr + 4, sizeof *items);
    bool fits = false;
    *nr = 0;
    for (size_t s = 0; names && s < cv->chart->series_nr; s++)
        items[(*nr)++] = (struct sb_legend_item){
            .key = SB_KEY_LINE, .slot = sb_slot_of(cv->chart, s), .text = cv->chart->series[s]};
    for (size_t i = 0; i < xy->curves_nr; i++)
        fits |= xy->curves[i].role == SB_CURVE_FIT;
    if (fits)
        items[(*nr)++] = (struct sb_legend_item){.key = SB_KEY_DASHED,
                                                 .color = cv->theme->title,
                                                 .text = *xy->fit_name ? xy->fit_name : "fitted model"};
    if (xy->ideal)
        items[(*nr)++] = (struct sb_legend_item){
            .key = SB_KEY_DASHED,
            .color = cv->theme->muted,
            .text = sb_arena_printf(cv->arena, "ideal: %s × n", cv->chart->series[0])};
    if (suspects)
        items[(*nr)++] = (struct sb_legend_item){
            .key = SB_KEY_RING, .color = cv->theme->warn, .text = "suspect: see findings"};
    return items;
}

static bool any_suspect(const struct sb_xy *xy)
{
    for (size_t i = 0; i < xy->curves_nr; i++)
        for (size_t k = 0; k < xy->curves[i].samples_nr; k++)
            if (xy->curves[i].samples[k].suspect) return true;
    return false;
}

/* Each series' name at the height of its last point. */
static size_t end_labels(struct sb_canvas *cv, const struct sb_xy_frame *f, struct sb_end_label *labels)
{
    size_t nr = 0;
    for (size_t i = 0; i < cv->chart->xy->curves_nr; i++) {
        const struct sb_curve *c = &cv->chart->xy->curves[i];
        struct sb_pt last = {NAN, NAN};
        for (size_t k = 0; c->role == SB_CURVE_DATA && k < c->samples_nr; k++) {
            struct sb_pt p = sb_xy_at(f, c->samples[k].x, c->samples[k].y);
            if (isfinite(p.y)) last = p;
        }
        bool named = false;
        for (size_t j = 0; j < nr; j++)
            named |= labels[j].text == cv->chart->series[c->series];
        if (isfinite(last.y) && !named)
            labels[nr++] = (struct sb_end_label){
                cv->chart->series[c->series], last.y,
                cv->theme->outlined ? cv->theme->text
                                    : cv->theme->slots[sb_slot_of(cv->chart, c->series)].color};
    }
    return nr;
}

static void layout(struct sb_canvas *cv)
{
    const struct sb_xy *xy = cv->chart->xy;
    struct sb_xy_frame f = {.header = sb_xy_unit(cv, xy->unit, xy->better), .x_title = xy->x_title};
    double x0, x1, y0, y1;
    bool data = sb_xy_extent(xy, &x0, &x1, &y0, &y1);
    double names = sb_xy_names_room(cv, NATURAL_HEIGHT);
    size_t legend_nr;
    struct sb_legend_item *items = legend(cv, names == 0, any_suspect(xy), &legend_nr);
    double top = sb_frame_begin(cv, items, legend_nr);
    if (!data) {
        sb_frame_message(cv, top, "No data");
        return;
    }
    set_scales(cv, &f, x0, x1, y0, y1);
    sb_xy_place(cv, &f, top, NATURAL_HEIGHT, names);
    sb_xy_draw_axes(cv, &f);
    draw_ideal(cv, &f);
    for (size_t i = 0; i < xy->curves_nr; i++)
        if (xy->curves[i].role == SB_CURVE_DATA && has_interval(&xy->curves[i]))
            draw_ribbon(cv, &f, &xy->curves[i], sb_xy_ink(cv, sb_slot_of(cv->chart, xy->curves[i].series)));
    for (size_t i = 0; i < xy->curves_nr; i++)
        draw_curve(cv, &f, &xy->curves[i]);
    for (size_t i = 0; i < xy->curves_nr; i++)
        draw_markers(cv, &f, &xy->curves[i]);
    if (names > 0) {
        struct sb_end_label *labels = sb_arena_calloc(cv->arena, xy->curves_nr + 1, sizeof *labels);
        sb_xy_draw_names(cv, &f, labels, end_labels(cv, &f, labels));
    }
    sb_xy_end(cv, &f);
}

const struct sb_kind sb_kind_scaling = {.name = "scaling", .check = sb_xy_check, .layout = layout};
