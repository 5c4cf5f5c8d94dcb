#include "plot/panels.h"
#include "core/text.h"
#include <math.h>

enum { MAX_COLUMNS = 5, LABEL_LEADING = 14 };

#define COLUMN_GAP     24.0
#define ROW_GAP        20.0
#define AXIS_GAP       8.0
#define HEADROOM       17.0
#define SMALLEST_LABEL 8.8
#define MOST_HEADROOM  0.45 /* share of the axis that may be spent on numbers */

/* A stretch of a page: a row of upright panels, or a part of one flat panel. */
struct block {
    size_t panel, panels; /* first, how many side by side */
    size_t first, nr;     /* groups, of a flat panel */
    double height;
    size_t page;
};

struct plan {
    const struct sb_panel_style *style;
    bool flat, header, tall_header;
    size_t columns;
    double plot_width, plot_height; /* of an upright panel */
    double axis_width[MAX_COLUMNS];
    double label_width, cell; /* flat: label column, size of a cell */
    double label_height;      /* upright: below the plot */
    struct block *blocks;
    size_t blocks_nr;
    bool off_zero;
};

bool sb_panels_check(const struct sb_chart *chart, struct sb_err *err)
{
    if (chart->panels_nr && !chart->panels) return sb_fail(err, SB_ERR_INTERNAL, "chart without panels");
    if (chart->series_nr && !chart->series)
        return sb_fail(err, SB_ERR_INTERNAL, "chart without series names");
    for (size_t i = 0; i < chart->panels_nr; i++) {
        const struct sb_panel *p = &chart->panels[i];
        bool values = chart->kind == SB_CHART_POINTS ? p->points && p->points_nr : p->bars != NULL;
        if (p->groups_nr && chart->series_nr && (!p->groups || !values))
            return sb_fail(err, SB_ERR_INTERNAL, "panel %zu of the chart has groups but no values", i + 1);
    }
    return true;
}

static bool panel_suspect(const struct sb_chart *chart, const struct sb_panel *panel)
{
    for (size_t c = 0; panel->bars && c < panel->groups_nr * chart->series_nr; c++)
        if (panel->bars[c].suspect) return true;
    return false;
}

bool sb_panels_suspect(const struct sb_chart *chart)
{
    for (size_t i = 0; i < chart->panels_nr; i++)
        if (panel_suspect(chart, &chart->panels[i])) return true;
    return false;
}

/* With one group the cells themselves are named, by their series. */
static bool names_cells(const struct sb_canvas *cv, const struct sb_panel *panel)
{
    return panel->groups_nr == 1 && cv->chart->series_nr > 1;
}

static double cell_size(const struct plan *plan, const struct sb_canvas *cv, double group)
{
    double series = (double)(cv->chart->series_nr ? cv->chart->series_nr : 1);
    double share = series == 1 ? fmin(plan->style->share, 0.62) : plan->style->share;
    return fmin(plan->style->widest_cell, group * share / series);
}

static struct sb_lines wrap_group(struct sb_canvas *cv, const char *name, double width)
{
    return sb_type_wrap(cv->arena, name, sb_font_label, width, 3);
}

static bool upright_fits(struct sb_canvas *cv, const struct plan *plan, const struct sb_panel *panel,
                         double width)
{
    if (!panel->groups_nr) return true;
    double group = width / (double)panel->groups_nr;
    if (cell_size(plan, cv, group) < plan->style->least_cell) return false;
    for (size_t g = 0; g < panel->groups_nr; g++)
        if (wrap_group(cv, panel->groups[g], group - 6).broken) return panel->groups_nr == 1;
    return true;
}

static double axis_guess(struct sb_canvas *cv, const struct plan *plan, const struct sb_panel *panel)
{
    double low, high, widest = 0;
    bool from_zero = true;
    if (!plan->style->range(cv->chart, panel, &low, &high, &from_zero)) return 0;
    struct sb_scale scale;
    sb_scale_linear(&scale, low, high, from_zero, 5);
    for (size_t i = 0; i < scale.ticks_nr; i++)
        widest = fmax(widest, sb_type_width(scale.ticks[i].text, sb_font_tick));
    return widest + AXIS_GAP + 6;
}

static double columns_plot_width(struct sb_canvas *cv, struct plan *plan, size_t columns)
{
    double total = 0;
    for (size_t c = 0; c < columns; c++) {
        plan->axis_width[c] = 0;
        for (size_t i = c; i < cv->chart->panels_nr; i += columns)
            plan->axis_width[c] = fmax(plan->axis_width[c], axis_guess(cv, plan, &cv->chart->panels[i]));
        total += plan->axis_width[c];
    }
    return (cv->x1 - cv->x0 - total - COLUMN_GAP * ((double)columns - 1)) / (double)columns;
}

static void choose_columns(struct sb_canvas *cv, struct plan *plan)
{
    size_t nr = cv->chart->panels_nr;
    size_t most = plan->style->most_columns;
    for (size_t columns = nr == 4 && most < 4 ? 2 : nr < most ? nr : most; columns > 0; columns--) {
        bool fits = true;
        double width = columns_plot_width(cv, plan, columns);
        for (size_t i = 0; fits && i < nr; i++)
            fits = upright_fits(cv, plan, &cv->chart->panels[i], width);
        if (!fits) continue;
        plan->columns = columns;
        plan->plot_width = width;
        return;
    }
    plan->flat = true;
    plan->columns = 1;
}

static const char *unit_text(struct sb_canvas *cv, const struct sb_panel *panel)
{
    const char *better = *panel->better ? sb_arena_printf(cv->arena, "%s is better", panel->better) : "";
    return sb_arena_printf(cv->arena, "%s%s%s", panel->unit, *panel->unit && *better ? ", " : "", better);
}

static void choose_header(struct sb_canvas *cv, struct plan *plan)
{
    double width = plan->flat ? cv->x1 - cv->x0 : plan->plot_width;
    for (size_t i = 0; i < cv->chart->panels_nr; i++) {
        const struct sb_panel *p = &cv->chart->panels[i];
        const char *unit = unit_text(cv, p);
        plan->header |= *p->title || *unit;
        plan->tall_header |=
            *p->title && *unit &&
            sb_type_width(p->title, sb_font_panel) + 10 + sb_type_width(unit, sb_font_unit) > width;
    }
}

static double header_height(const struct plan *plan)
{
    return !plan->header ? 6 : plan->tall_header ? 38 : 23;
}

static void draw_header(struct sb_canvas *cv, const struct plan *plan, const struct sb_panel *panel, double x,
                        double y, double width)
{
    const char *title = sb_type_fit(cv->arena, panel->title, sb_font_panel, width);
    const char *unit = sb_type_fit(cv->arena, unit_text(cv, panel), sb_font_unit, width);
    double w = sb_dl_text(cv->dl, x, y + 9, SB_START, sb_font_panel, cv->theme->title, title);
    if (plan->tall_header)
        sb_dl_text(cv->dl, x, y + 24, SB_START, sb_font_unit, cv->theme->muted, unit);
    else
        sb_dl_text(cv->dl, x + (w > 0 ? w + 10 : 0), y + 9, SB_START, sb_font_unit, cv->theme->muted, unit);
}

/* The names of the series, each wrapped into its cell's room; false when one does not fit (the legend has
 * them too). */
static bool wrap_cell_names(struct sb_canvas *cv, double width, struct sb_lines *names, size_t *most)
{
    *most = 0;
    for (size_t s = 0; s < cv->chart->series_nr; s++) {
        names[s] = sb_type_wrap(cv->arena, cv->chart->series[s], sb_font_label,
                                width / (double)cv->chart->series_nr - 6, 2);
        if (names[s].broken) return false;
        if (names[s].nr > *most) *most = names[s].nr;
    }
    return true;
}

/* The name of a panel's only group, when it says more than the panel's title does. */
static const char *lone_group(const struct sb_panel *panel)
{
    return sb_streq(panel->groups[0], panel->title) ? "" : panel->groups[0];
}

static size_t label_lines(struct sb_canvas *cv, const struct plan *plan, const struct sb_panel *panel)
{
    size_t lines = 0, cells = 0;
    struct sb_lines *names = sb_arena_calloc(cv->arena, cv->chart->series_nr + 1, sizeof *names);
    bool named = names_cells(cv, panel) && wrap_cell_names(cv, plan->plot_width, names, &cells);
    for (size_t g = 0; g < panel->groups_nr; g++) {
        const char *name = named ? lone_group(panel) : panel->groups[g];
        size_t nr = wrap_group(cv, name, plan->plot_width / (double)panel->groups_nr - 6).nr;
        if (nr > lines) lines = nr;
    }
    return lines + (named ? cells : 0);
}

static double upright_label_height(struct sb_canvas *cv, const struct plan *plan)
{
    size_t most = 0;
    for (size_t i = 0; i < cv->chart->panels_nr; i++) {
        size_t lines = label_lines(cv, plan, &cv->chart->panels[i]);
        if (lines > most) most = lines;
    }
    return 8 + LABEL_LEADING * (double)most;
}

static void add_block(struct sb_canvas *cv, struct plan *plan, struct block block, double *used, size_t *page,
                      double room)
{
    if (*used > 0 && *used + block.height > room) {
        ++*page;
        *used = 0;
    }
    *used += block.height + ROW_GAP;
    block.page = *page;
    plan->blocks[plan->blocks_nr++] = block;
    cv->pages = *page + 1;
}

static void plan_upright(struct sb_canvas *cv, struct plan *plan, double top)
{
    static const double natural[MAX_COLUMNS + 1] = {0, 300, 190, 170, 150, 130};
    size_t nr = cv->chart->panels_nr, rows = (nr + plan->columns - 1) / plan->columns, page = 0;
    double used = 0, room = plan->style->compact > 0 ? INFINITY : SB_PAGE_CONTENT;
    plan->label_height = upright_label_height(cv, plan);
    plan->plot_height = plan->columns == 1 && nr > 1 ? 220 : natural[plan->columns];
    if (plan->style->compact > 0 && nr > 1) plan->plot_height = plan->style->compact;
    double around = header_height(plan) + plan->label_height;
    if (cv->want_height > 0) {
        double per_row = around + ROW_GAP;
        room = sb_frame_content(cv, top, 0, around + 80, plan->style->note_off_zero);
        size_t rows_here = (size_t)fmax(1, fmin((double)rows, floor((room + ROW_GAP) / (per_row + 90))));
        plan->plot_height = fmax(80, (room + ROW_GAP) / (double)rows_here - per_row);
    }
    plan->blocks = sb_arena_calloc(cv->arena, rows, sizeof *plan->blocks);
    for (size_t r = 0; r < rows; r++) {
        size_t first = r * plan->columns, here = nr - first < plan->columns ? nr - first : plan->columns;
        struct block block = {.panel = first, .panels = here, .height = around + plan->plot_height};
        add_block(cv, plan, block, &used, &page, room + 1);
    }
}

static double flat_group(const struct sb_canvas *cv, const struct plan *plan)
{
    double series = (double)(cv->chart->series_nr ? cv->chart->series_nr : 1);
    return series * plan->cell + (series > 1 ? 10 : 5);
}

static void plan_flat(struct sb_canvas *cv, struct plan *plan, double top)
{
    const struct sb_chart *chart = cv->chart;
    size_t most = 0, page = 0, slices = 0;
    double used = 0, room = sb_frame_content(cv, top, SB_PAGE_CONTENT, 160, plan->style->note_off_zero),
           label = 0;
    for (size_t i = 0; i < chart->panels_nr; i++)
        most = chart->panels[i].groups_nr > most ? chart->panels[i].groups_nr : most;
    plan->cell = most * chart->series_nr > 40 ? plan->style->flat_least : plan->style->flat_cell;
    double group = flat_group(cv, plan), around = header_height(plan) + 26;
    if (chart->series_nr == 1) group = fmax(group, 15);
    size_t per_page = (size_t)fmax(1, floor((room - around) / group));
    for (size_t i = 0; i < chart->panels_nr; i++) {
        const struct sb_panel *p = &chart->panels[i];
        slices += p->groups_nr / per_page + 1;
        for (size_t g = 0; g < p->groups_nr; g++)
            label = fmax(label, sb_type_width(p->groups[g], sb_font_label));
    }
    plan->label_width = fmin(label, (cv->x1 - cv->x0) * 0.3) + 10;
    plan->blocks = sb_arena_calloc(cv->arena, slices, sizeof *plan->blocks);
    for (size_t i = 0; i < chart->panels_nr; i++) {
        size_t nr = chart->panels[i].groups_nr, parts = nr ? (nr + per_page - 1) / per_page : 1;
        for (size_t part = 0; part < parts; part++) {
            size_t first = nr * part / parts, last = nr * (part + 1) / parts;
            struct block block = {.panel = i,
                                  .panels = 1,
                                  .first = first,
                                  .nr = last - first,
                                  .height = around + group * (double)(last - first)};
            add_block(cv, plan, block, &used, &page, room + 1);
        }
    }
}

/* The panel's scale, with room for value labels when they fit. */
static void set_scale(struct sb_canvas *cv, const struct plan *plan, struct sb_pane *pane)
{
    double low = 0, high = 1,
           size = pane->flat ? pane->area.x1 - pane->area.x0 : pane->area.y1 - pane->area.y0;
    bool from_zero = true;
    double label = plan->style->label_width ? plan->style->label_width(cv, pane->panel) : 0;
    if (!plan->style->range(cv->chart, pane->panel, &low, &high, &from_zero)) low = 0, high = 1;
    double fits = sb_font_value.size *
                  fmin(1, pane->flat ? pane->pitch * 0.95 / sb_font_value.size : (pane->pitch - 1.5) / label);
    pane->label_size = label > 0 && fits >= SMALLEST_LABEL ? fits : 0;
    bool marks = panel_suspect(cv->chart, pane->panel);
    low = sb_scale_within(low);
    high = sb_scale_within(high);
    bool below = from_zero && low < 0, above = !from_zero || high > 0 || !below;
    int sides = below && above ? 2 : 1;
    double room = pane->flat ? label + 18 : HEADROOM + (marks ? 12 : 0), share = room / size;
    if (share * sides > MOST_HEADROOM) { /* no room for numbers: only for the mark */
        pane->label_size = 0;
        share = fmin((pane->flat ? 14 : HEADROOM) / size, 0.2);
    }
    if (pane->label_size == 0 && !marks) share = 0;
    double span = (from_zero ? fmax(0, high) - fmin(0, low) : high - low) * share / (1 - sides * share);
    if (above) high += span;
    if (below) low -= span;
    int want = (int)fmax(2, size / (pane->flat ? 78 : 28));
    sb_scale_linear(&pane->scale, low, high, from_zero, want);
    pane->scale.px_low = pane->flat ? pane->area.x0 : pane->area.y1;
    pane->scale.px_high = pane->flat ? pane->area.x1 : pane->area.y0;
}

static struct sb_pane upright_pane(struct sb_canvas *cv, const struct plan *plan,
                                   const struct sb_panel *panel, double x, double y)
{
    struct sb_pane pane = {.panel = panel, .nr = panel->groups_nr};
    pane.group = plan->plot_width / (double)(panel->groups_nr ? panel->groups_nr : 1);
    pane.pitch = cell_size(plan, cv, pane.group);
    pane.area = (struct sb_box){x, y, x + plan->plot_width, sb_snap(y + plan->plot_height)};
    return pane;
}

/* Now that sizes are known: room for the tick labels that the axes really get. They depend on the width,
 * which depends on them; widths only grow, so the second look settles it. */
static void refine_axes(struct sb_canvas *cv, struct plan *plan)
{
    for (int look = 0; look < 2; look++) {
        double total = 0;
        for (size_t i = 0; i < cv->chart->panels_nr; i++) {
            struct sb_pane pane = upright_pane(cv, plan, &cv->chart->panels[i], 0, 0);
            double *width = &plan->axis_width[i % plan->columns];
            set_scale(cv, plan, &pane);
            for (size_t k = 0; k < pane.scale.ticks_nr; k++)
                *width = fmax(*width, sb_type_width(pane.scale.ticks[k].text, sb_font_tick) + AXIS_GAP + 2);
        }
        for (size_t c = 0; c < plan->columns; c++)
            total += plan->axis_width[c];
        plan->plot_width =
            (cv->x1 - cv->x0 - total - COLUMN_GAP * ((double)plan->columns - 1)) / (double)plan->columns;
    }
}

static void draw_axis(struct sb_canvas *cv, const struct sb_pane *pane)
{
    const struct sb_box *a = &pane->area;
    for (size_t i = 0; i < pane->scale.ticks_nr; i++) {
        const struct sb_tick *tick = &pane->scale.ticks[i];
        double px = sb_snap(sb_scale_px(&pane->scale, tick->value));
        double cap = sb_font_tick.size * SB_TYPE_CAP / 2;
        if (pane->flat) {
            sb_dl_vline(cv->dl, px, a->y0, a->y1, 1, cv->theme->grid);
            sb_dl_text(cv->dl, px, a->y1 + 17, SB_MIDDLE, sb_font_tick, cv->theme->muted, tick->text);
        } else {
            sb_dl_hline(cv->dl, a->x0, a->x1, px, 1, cv->theme->grid);
            sb_dl_text(cv->dl, a->x0 - AXIS_GAP, px + cap, SB_END, sb_font_tick, cv->theme->muted,
                       tick->text);
        }
    }
}

static void draw_base(struct sb_canvas *cv, const struct sb_pane *pane)
{
    double px = sb_snap(sb_pane_zero(pane));
    if (pane->flat)
        sb_dl_vline(cv->dl, px, pane->area.y0, pane->area.y1, 1, cv->theme->axis);
    else
        sb_dl_hline(cv->dl, pane->area.x0, pane->area.x1, px, 1, cv->theme->axis);
}

static double group_centre(const struct sb_pane *pane, size_t i)
{
    return (pane->flat ? pane->area.y0 : pane->area.x0) + pane->group * ((double)i + 0.5);
}

static double cell_centre(const struct sb_canvas *cv, const struct sb_pane *pane, size_t i, size_t s)
{
    double spread = names_cells(cv, pane->panel) && !pane->flat
                        ? (pane->area.x1 - pane->area.x0) / (double)cv->chart->series_nr
                        : pane->pitch;
    return group_centre(pane, i) + ((double)s - ((double)cv->chart->series_nr - 1) / 2) * spread;
}

static void draw_cells(struct sb_canvas *cv, const struct plan *plan, const struct sb_pane *pane)
{
    for (size_t i = 0; i < pane->nr; i++)
        for (size_t s = 0; s < cv->chart->series_nr; s++)
            plan->style->cell(cv, pane, (pane->first + i) * cv->chart->series_nr + s,
                              sb_slot_of(cv->chart, s), cell_centre(cv, pane, i, s));
}

static void draw_names(struct sb_canvas *cv, const struct sb_pane *pane)
{
    double y = pane->area.y1 + 18;
    size_t most = 0;
    struct sb_lines *names = sb_arena_calloc(cv->arena, cv->chart->series_nr + 1, sizeof *names);
    bool named =
        names_cells(cv, pane->panel) && wrap_cell_names(cv, pane->area.x1 - pane->area.x0, names, &most);
    for (size_t s = 0; named && s < cv->chart->series_nr; s++)
        sb_canvas_lines(cv, &names[s], cell_centre(cv, pane, 0, s), y, LABEL_LEADING, SB_MIDDLE,
                        sb_font_label, cv->theme->text);
    if (named) y += LABEL_LEADING * (double)most + 1;
    for (size_t i = 0; i < pane->nr; i++) {
        const char *name = named ? lone_group(pane->panel) : pane->panel->groups[pane->first + i];
        struct sb_lines lines = wrap_group(cv, name, pane->group - 6);
        sb_canvas_lines(cv, &lines, group_centre(pane, i), y, LABEL_LEADING, SB_MIDDLE, sb_font_label,
                        named ? cv->theme->muted : cv->theme->text);
    }
}

static void draw_flat_names(struct sb_canvas *cv, const struct plan *plan, const struct sb_pane *pane)
{
    size_t most = (size_t)fmax(1, fmin(3, floor(pane->group / LABEL_LEADING)));
    for (size_t i = 0; i < pane->nr; i++) {
        struct sb_lines lines = sb_type_wrap(cv->arena, pane->panel->groups[pane->first + i], sb_font_label,
                                             plan->label_width - 9, most);
        double y = group_centre(pane, i) + sb_font_label.size * SB_TYPE_CAP / 2 -
                   LABEL_LEADING * ((double)lines.nr - 1) / 2;
        sb_canvas_lines(cv, &lines, pane->area.x0 - AXIS_GAP, y, LABEL_LEADING, SB_END, sb_font_label,
                        cv->theme->text);
    }
}

static void draw_pane(struct sb_canvas *cv, struct plan *plan, struct sb_pane *pane)
{
    set_scale(cv, plan, pane);
    plan->off_zero |= pane->scale.low > 0 || pane->scale.high < 0;
    draw_axis(cv, pane);
    draw_cells(cv, plan, pane);
    draw_base(cv, pane);
    if (pane->flat)
        draw_flat_names(cv, plan, pane);
    else
        draw_names(cv, pane);
}

static void draw_upright(struct sb_canvas *cv, struct plan *plan, const struct block *block, double y)
{
    double x = cv->x0;
    for (size_t c = 0; c < block->panels; c++) {
        const struct sb_panel *panel = &cv->chart->panels[block->panel + c];
        double left = x + plan->axis_width[c];
        struct sb_pane pane = upright_pane(cv, plan, panel, left, sb_snap(y + header_height(plan)));
        draw_header(cv, plan, panel, left, y, plan->plot_width);
        draw_pane(cv, plan, &pane);
        x = pane.area.x1 + COLUMN_GAP;
    }
}

static void draw_flat(struct sb_canvas *cv, struct plan *plan, const struct block *block, double y)
{
    const struct sb_panel *panel = &cv->chart->panels[block->panel];
    struct sb_pane pane = {
        .panel = panel, .first = block->first, .nr = block->nr, .flat = true, .pitch = plan->cell};
    double top = y + header_height(plan), bottom = y + block->height - 26;
    pane.group = block->nr ? (bottom - top) / (double)block->nr : bottom - top;
    pane.area = (struct sb_box){cv->x0 + plan->label_width, top, cv->x1 - 14, bottom};
    draw_header(cv, plan, panel, cv->x0, y, cv->x1 - cv->x0);
    draw_pane(cv, plan, &pane);
}

static const char *note(struct sb_canvas *cv, const struct plan *plan)
{
    const char *off = plan->off_zero ? plan->style->note_off_zero : "";
    if (cv->pages < 2) return off;
    return sb_arena_printf(cv->arena, "%s%spage %zu of %zu", off, *off ? " · " : "", cv->page + 1, cv->pages);
}

static bool has_cells(const struct sb_chart *chart)
{
    for (size_t i = 0; chart->series_nr && i < chart->panels_nr; i++)
        if (chart->panels[i].groups_nr) return true;
    return false;
}

void sb_panels_layout(struct sb_canvas *cv, const struct sb_panel_style *style)
{
    struct plan plan = {.style = style};
    size_t legend_nr = 0;
    struct sb_legend_item *legend =
        sb_series_legend(cv, style->key, sb_panels_suspect(cv->chart), &legend_nr);
    double y = sb_frame_begin(cv, legend, legend_nr);
    if (!has_cells(cv->chart)) {
        sb_frame_message(cv, y, "No data");
        return;
    }
    choose_columns(cv, &plan);
    choose_header(cv, &plan);
    if (plan.flat) {
        plan_flat(cv, &plan, y);
    } else {
        plan_upright(cv, &plan, y);
        refine_axes(cv, &plan);
    }
    for (size_t i = 0; i < plan.blocks_nr; i++) {
        const struct block *block = &plan.blocks[i];
        if (block->page != cv->page) continue;
        if (plan.flat)
            draw_flat(cv, &plan, block, y);
        else
            draw_upright(cv, &plan, block, y);
        y += block->height + ROW_GAP;
    }
    sb_frame_end(cv, y - ROW_GAP, note(cv, &plan));
}
