/* Grouped bars from zero with intervals. */
#include "plot/panels.h"
#include <math.h>

static bool range(const struct sb_chart *chart, const struct sb_panel *panel, double *low, double *high,
                  bool *from_zero)
{
    *low = INFINITY;
    *high = -INFINITY;
    *from_zero = true;
    for (size_t i = 0; i < panel->groups_nr * chart->series_nr; i++) {
        const double ends[] = {panel->bars[i].value, panel->bars[i].low, panel->bars[i].high};
        if (!isfinite(ends[0])) continue;
        for (int k = 0; k < 3; k++) {
            if (!isfinite(ends[k])) continue;
            *low = fmin(*low, ends[k]);
            *high = fmax(*high, ends[k]);
        }
    }
    return *low <= *high;
}

static double label_width(struct sb_canvas *cv, const struct sb_panel *panel)
{
    double widest = 0;
    for (size_t i = 0; i < panel->groups_nr * cv->chart->series_nr; i++)
        if (isfinite(panel->bars[i].value))
            widest = fmax(widest, sb_type_width(sb_canvas_number(cv, panel->bars[i].value), sb_font_value));
    return widest;
}

/* The end of the whisker that is farther from zero, or of the bar; draws the whisker. */
static double draw_whisker(struct sb_canvas *cv, const struct sb_pane *pane, const struct sb_bar *bar,
                           double centre, double width, double end)
{
    if (!isfinite(bar->low) || !isfinite(bar->high)) return end;
    double low = sb_pane_px(pane, bar->low), high = sb_pane_px(pane, bar->high);
    double cap = fmin(5, width * 0.32), stroke = width < 8 ? 0.9 : 1.25;
    sb_pane_rule(cv, pane, centre, low, high, stroke, cv->theme->whisker);
    sb_pane_cap(cv, pane, centre - cap, centre + cap, low, stroke, cv->theme->whisker);
    sb_pane_cap(cv, pane, centre - cap, centre + cap, high, stroke, cv->theme->whisker);
    double sign = pane->flat ? 1 : -1, outward = bar->value < 0 ? -sign : sign;
    return outward > 0 ? fmax(fmax(low, high), end) : fmin(fmin(low, high), end);
}

static void cell(struct sb_canvas *cv, const struct sb_pane *pane, size_t index, int slot, double centre)
{
    const struct sb_bar *bar = &pane->panel->bars[index];
    if (!isfinite(bar->value)) {
        sb_pane_no_data(cv, pane, centre);
        return;
    }
    double gap = pane->pitch > 10 ? 2 : pane->pitch > 5 ? 1 : 0.5, width = pane->pitch - gap;
    double zero = sb_snap(sb_pane_zero(pane)), end = sb_pane_px(pane, bar->value);
    struct sb_box box =
        sb_pane_box(pane, sb_snap(centre - width / 2), sb_snap(centre + width / 2), zero, end);
    sb_swatch(cv->dl, cv->theme, slot, &box, bar->suspect);
    end = draw_whisker(cv, pane, bar, centre, width, end);
    bool outward = bar->value >= 0;
    const char *text = pane->label_size > 0 ? sb_canvas_number(cv, bar->value) : "";
    if (bar->suspect && pane->flat) text = sb_arena_printf(cv->arena, "%s%s!", text, *text ? " " : "");
    if (*text)
        sb_pane_label(cv, pane, centre, end, outward, text, bar->suspect ? cv->theme->warn : cv->theme->text,
                      SB_REGULAR);
    if (bar->suspect && !pane->flat)
        sb_pane_label(cv, pane, centre, end + (*text ? (outward ? -12 : 12) : 0), outward, "!",
                      cv->theme->warn, SB_SEMIBOLD);
}

static void layout(struct sb_canvas *cv)
{
    static const struct sb_panel_style style = {
        .key = SB_KEY_SWATCH,
        .least_cell = 6,
        .widest_cell = 58,
        .flat_cell = 15,
        .flat_least = 10,
        .most_columns = 3,
        .share = 0.82,
        .range = range,
        .label_width = label_width,
        .cell = cell,
        .note_off_zero = "",
    };
    sb_panels_layout(cv, &style);
}

/* Everything on one page: more and lower panels, no numbers at the bars. */
static void layout_overview(struct sb_canvas *cv)
{
    static const struct sb_panel_style style = {
        .key = SB_KEY_SWATCH,
        .least_cell = 3,
        .widest_cell = 40,
        .flat_cell = 10,
        .flat_least = 7,
        .most_columns = 4,
        .compact = 88,
        .share = 0.84,
        .range = range,
        .cell = cell,
        .note_off_zero = "",
    };
    sb_panels_layout(cv, &style);
}

const struct sb_kind sb_kind_bars = {.name = "bars", .check = sb_panels_check, .layout = layout};
const struct sb_kind sb_kind_overview = {
    .name = "overview", .check = sb_panels_check, .layout = layout_overview};
