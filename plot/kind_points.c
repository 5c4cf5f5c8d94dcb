/* Every value as a point, with a box of quartiles when there are enough of them. */
#include "plot/panels.h"
#include "core/alloc.h"
#include <math.h>

enum { FEWEST_FOR_BOX = 5, MOST_DRAWN = 1500 };

static bool range(const struct sb_chart *chart, const struct sb_panel *panel, double *low, double *high,
                  bool *from_zero)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t c = 0; c < panel->groups_nr * chart->series_nr; c++) {
        for (size_t i = 0; i < panel->points_nr[c]; i++) {
            double v = panel->points[c][i];
            if (!isfinite(v)) continue;
            *low = fmin(*low, v);
            *high = fmax(*high, v);
        }
    }
    /* From zero where that costs less than half of the picture, else close to the data. */
    *from_zero = *low >= 0 && *low <= *high * 0.45;
    return *low <= *high;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Quantile of sorted values, type 7 of Hyndman & Fan 1996, R's default. */
static double quantile(const double *sorted, size_t nr, double p)
{
    double h = (double)(nr - 1) * p, below = floor(h);
    size_t i = (size_t)below;
    return i + 1 < nr ? sorted[i] + (h - below) * (sorted[i + 1] - sorted[i]) : sorted[nr - 1];
}

struct box {
    double q1, median, q3, low, high; /* whiskers: the farthest values within 1.5 IQR (Tukey) */
};

static struct box box_of(const double *sorted, size_t nr)
{
    struct box b = {quantile(sorted, nr, 0.25), quantile(sorted, nr, 0.5), quantile(sorted, nr, 0.75), 0, 0};
    double reach = 1.5 * (b.q3 - b.q1);
    size_t i = 0, k = nr - 1;
    while (sorted[i] < b.q1 - reach)
        i++;
    while (sorted[k] > b.q3 + reach)
        k--;
    b.low = sorted[i];
    b.high = sorted[k];
    return b;
}

static void draw_box(struct sb_canvas *cv, const struct sb_pane *pane, const struct box *b, int slot,
                     double centre, double width)
{
    const struct sb_slot *s = &cv->theme->slots[slot];
    struct sb_rgb ink = cv->theme->outlined ? cv->theme->whisker : s->color;
    struct sb_rgb fill = sb_mix(cv->theme->background, s->color, cv->theme->tint);
    double q1 = sb_pane_px(pane, b->q1), q3 = sb_pane_px(pane, b->q3);
    double median = sb_pane_px(pane, b->median), across0 = centre - width / 2, across1 = centre + width / 2;
    struct sb_box inside = sb_pane_box(pane, across0, across1, q1, q3);
    sb_pane_rule(cv, pane, centre, sb_pane_px(pane, b->low), q1, 1.25, ink);
    sb_pane_rule(cv, pane, centre, q3, sb_pane_px(pane, b->high), 1.25, ink);
    sb_dl_rect(cv->dl, inside.x0, inside.y0, inside.x1 - inside.x0, inside.y1 - inside.y0, fill, 1);
    if (s->hatch) sb_hatch(cv->dl, &inside, s->hatch, 4.5, 0.5, cv->theme->neutral);
    sb_pane_rule(cv, pane, across0, q1, q3, 1.25, ink);
    sb_pane_rule(cv, pane, across1, q1, q3, 1.25, ink);
    sb_pane_cap(cv, pane, across0 - 0.6, across1 + 0.6, q1, 1.25, ink);
    sb_pane_cap(cv, pane, across0 - 0.6, across1 + 0.6, q3, 1.25, ink);
    sb_pane_cap(cv, pane, across0 - 0.6, across1 + 0.6, median, 2.4, ink);
}

/* Points side by side without chance: the i-th of the golden-ratio sequence, which fills evenly. */
static double jitter(size_t i)
{
    double x = (double)(i + 1) * 0.6180339887498949;
    return (x - floor(x)) * 2 - 1;
}

static void draw_points(struct sb_canvas *cv, const struct sb_pane *pane, const double *values, size_t nr,
                        int slot, double centre, double spread)
{
    double radius = fmin(2.6, fmax(1.3, pane->pitch * 0.07));
    size_t stride = 1 + nr / MOST_DRAWN;
    struct sb_rgb color = cv->theme->slots[slot].color;
    for (size_t i = 0; i < nr; i += stride) {
        double across = centre + jitter(i) * spread, px = sb_pane_px(pane, values[i]);
        struct sb_pt at = pane->flat ? (struct sb_pt){px, across} : (struct sb_pt){across, px};
        if (cv->theme->outlined)
            sb_shape(cv->dl, slot, at.x, at.y, radius, cv->theme->text);
        else
            sb_dl_disc(cv->dl, at.x, at.y, radius, color, nr > 60 ? 0.35 : 0.65);
    }
}

static void cell(struct sb_canvas *cv, const struct sb_pane *pane, size_t index, int slot, double centre)
{
    size_t nr = 0, given = pane->panel->points_nr[index];
    double *kept = sb_arena_alloc(cv->arena, (given + 1) * sizeof *kept);
    double *sorted = sb_arena_alloc(cv->arena, (given + 1) * sizeof *sorted);
    for (size_t i = 0; i < given; i++)
        if (isfinite(pane->panel->points[index][i])) kept[nr++] = pane->panel->points[index][i];
    if (!nr) {
        sb_pane_no_data(cv, pane, centre);
        return;
    }
    memcpy(sorted, kept, nr * sizeof *sorted);
    qsort(sorted, nr, sizeof *sorted, by_value);
    struct box b = box_of(sorted, nr);
    if (nr >= FEWEST_FOR_BOX) {
        draw_box(cv, pane, &b, slot, centre - pane->pitch * 0.2, pane->pitch * 0.38);
        draw_points(cv, pane, kept, nr, slot, centre + pane->pitch * 0.22, pane->pitch * 0.13);
    } else {
        struct sb_rgb ink = cv->theme->outlined ? cv->theme->whisker : cv->theme->slots[slot].color;
        draw_points(cv, pane, kept, nr, slot, centre, pane->pitch * 0.16);
        sb_pane_cap(cv, pane, centre - pane->pitch * 0.26, centre + pane->pitch * 0.26,
                    sb_pane_px(pane, b.median), 2, ink);
    }
    if (pane->panel->bars && pane->panel->bars[index].suspect)
        sb_pane_label(cv, pane, centre, sb_pane_px(pane, sorted[nr - 1]), true, "!", cv->theme->warn,
                      SB_SEMIBOLD);
}

static void layout(struct sb_canvas *cv)
{
    static const struct sb_panel_style style = {
        .key = SB_KEY_MARKER,
        .least_cell = 17,
        .widest_cell = 70,
        .flat_cell = 26,
        .flat_least = 17,
        .most_columns = 3,
        .share = 0.86,
        .range = range,
        .cell = cell,
        .note_off_zero = "value axes do not all start at zero",
    };
    sb_panels_layout(cv, &style);
}

const struct sb_kind sb_kind_points = {.name = "points", .check = sb_panels_check, .layout = layout};
