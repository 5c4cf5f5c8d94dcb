/* Factor x factor: change by colour and number, some cells hatched. */
#include "plot/canvas.h"
#include "plot/scale.h"
#include <math.h>

#define BAR_WIDTH 12.0
#define BAR_ROOM  78.0

static const struct sb_font cell_font = {12, SB_REGULAR, true};

struct heat {
    const struct sb_heat *data;
    double limit; /* the colour scale runs from -limit to limit */
    double label_width, cell_width, cell_height, head_height;
    size_t first_row, rows, first_column, columns; /* on this page */
    size_t rows_per_page, columns_per_page;
    bool texts;
};

/* Blue is good, orange is bad: told apart by all common colour blindnesses; lightness falls towards both
 * ends. */
static struct sb_rgb diverging(const struct sb_canvas *cv, double t)
{
    static const struct sb_rgb good[] = {
        {0xf2, 0xf3, 0xf5}, {0xb9, 0xcb, 0xe6}, {0x5d, 0x8f, 0xc9}, {0x1f, 0x55, 0x9b}};
    static const struct sb_rgb bad[] = {
        {0xf5, 0xf3, 0xf0}, {0xf9, 0xd2, 0x9f}, {0xe3, 0x8b, 0x22}, {0xa8, 0x4c, 0x00}};
    static const struct sb_rgb grey[] = {
        {0xfa, 0xfa, 0xfa}, {0xd6, 0xd6, 0xd6}, {0x9a, 0x9a, 0x9a}, {0x5c, 0x5c, 0x5c}};
    const struct sb_rgb *ramp = cv->theme->outlined ? grey : t >= 0 ? good : bad;
    double at = fmin(fabs(t), 1) * 3;
    int i = at >= 3 ? 2 : (int)at;
    return sb_mix(ramp[i], ramp[i + 1], at - i);
}

static double colour_share(const struct heat *h, double value)
{
    double t = value / h->limit;
    return strcmp(h->data->better, "lower") == 0 ? -t : t;
}

static const char *cell_text(struct sb_canvas *cv, double value, bool plus)
{
    double size = fabs(value);
    struct sb_strbuf text = SB_STRBUF_INIT;
    if (size >= 1e6 || (size > 0 && size < 0.001))
        sb_number_text(&text, value);
    else
        sb_fixed_text(&text, value, size >= 1000 ? 0 : size >= 0.05 || size == 0 ? 1 : 3, plus);
    const char *kept = sb_arena_strndup(cv->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return kept;
}

static void measure(struct sb_canvas *cv, struct heat *h, double top)
{
    double width = cv->x1 - cv->x0, widest = 0, head = 0;
    for (size_t r = 0; r < h->data->rows_nr; r++)
        widest = fmax(widest, sb_type_width(h->data->rows[r], sb_font_label));
    h->label_width = fmin(widest, width * 0.28) + 12;
    double grid = width - h->label_width - BAR_ROOM;
    h->columns_per_page = (size_t)fmax(1, floor(grid / 46));
    if (h->data->columns_nr < h->columns_per_page) h->columns_per_page = h->data->columns_nr;
    size_t parts = (h->data->columns_nr + h->columns_per_page - 1) / h->columns_per_page;
    h->columns_per_page = (h->data->columns_nr + parts - 1) / parts;
    h->cell_width = fmin(110, grid / (double)h->columns_per_page);
    for (size_t c = 0; c < h->data->columns_nr; c++) {
        struct sb_lines lines =
            sb_type_wrap(cv->arena, h->data->columns[c], sb_font_label, h->cell_width - 6, 3);
        head = fmax(head, (double)lines.nr);
    }
    h->head_height = head * 14 + 8;
    double natural = h->data->rows_nr > 14 ? 30 : 46;
    double room = sb_frame_content(cv, top, SB_PAGE_CONTENT, h->head_height + 60, NULL) - h->head_height;
    h->rows_per_page = (size_t)fmax(1, floor(room / natural));
    if (h->data->rows_nr < h->rows_per_page) h->rows_per_page = h->data->rows_nr;
    size_t row_parts = (h->data->rows_nr + h->rows_per_page - 1) / h->rows_per_page;
    h->rows_per_page = (h->data->rows_nr + row_parts - 1) / row_parts;
    h->cell_height = cv->want_height > 0 ? fmin(90, room / (double)h->rows_per_page) : natural;
    cv->pages = parts * row_parts;
    size_t page = cv->page < cv->pages ? cv->page : 0;
    h->first_row = page / parts * h->rows_per_page;
    h->first_column = page % parts * h->columns_per_page;
    h->rows = h->data->rows_nr - h->first_row < h->rows_per_page ? h->data->rows_nr - h->first_row
                                                                 : h->rows_per_page;
    h->columns = h->data->columns_nr - h->first_column < h->columns_per_page
                     ? h->data->columns_nr - h->first_column
                     : h->columns_per_page;
}

static void find_limit(struct heat *h)
{
    double most = 0;
    for (size_t i = 0; i < h->data->rows_nr * h->data->columns_nr; i++)
        if (isfinite(h->data->cells[i].value)) most = fmax(most, fabs(h->data->cells[i].value));
    struct sb_scale scale;
    sb_scale_linear(&scale, 0, most, true, 4);
    h->limit = fmax(scale.high, most);
}

static void draw_cell(struct sb_canvas *cv, const struct heat *h, const struct sb_heat_cell *cell,
                      const struct sb_box *box)
{
    double x = (box->x0 + box->x1) / 2, y = (box->y0 + box->y1) / 2, width = box->x1 - box->x0,
           height = box->y1 - box->y0;
    double baseline = y + cell_font.size * SB_TYPE_CAP / 2;
    if (!isfinite(cell->value)) {
        sb_dl_rect(cv->dl, box->x0, box->y0, width, height, cv->theme->band, 1);
        sb_dl_text(cv->dl, x, baseline, SB_MIDDLE, sb_font_value, cv->theme->muted,
                   sb_type_fit(cv->arena, width > 52 ? "no data" : "–", sb_font_value, width));
        return;
    }
    static const struct sb_rgb dark = {0x1a, 0x1a, 0x1a}, light = {0xff, 0xff, 0xff};
    struct sb_rgb fill = diverging(cv, colour_share(h, cell->value));
    struct sb_rgb ink = sb_contrast(dark, fill) >= sb_contrast(light, fill) ? dark : light;
    sb_dl_rect(cv->dl, box->x0, box->y0, width, height, fill, 1);
    if (cell->hatched) sb_hatch(cv->dl, box, SB_HATCH_UP, 6, 0.6, sb_mix(fill, ink, 0.45));
    const char *text = cell_text(cv, cell->value, true);
    if (cell->suspect) text = sb_arena_printf(cv->arena, "%s !", text);
    struct sb_font font = cell_font;
    double w = sb_type_width(text, font);
    if (w > width - 6) font.size = fmax(7.5, font.size * (width - 6) / w);
    text = sb_type_fit(cv->arena, text, font, width - 2);
    w = sb_type_width(text, font);
    if (cell->hatched) sb_dl_rect(cv->dl, x - w / 2 - 4, y - 8, w + 8, 16, fill, 1);
    sb_dl_text(cv->dl, x, y + font.size * SB_TYPE_CAP / 2, SB_MIDDLE, font, sb_readable(ink, fill), text);
}

static void draw_grid(struct sb_canvas *cv, const struct heat *h, double top)
{
    double x0 = cv->x0 + h->label_width, y0 = top + h->head_height;
    for (size_t c = 0; c < h->columns; c++) {
        struct sb_lines lines = sb_type_wrap(cv->arena, h->data->columns[h->first_column + c], sb_font_label,
                                             h->cell_width - 6, 3);
        sb_canvas_lines(cv, &lines, x0 + h->cell_width * ((double)c + 0.5),
                        y0 - 8 - 14 * ((double)lines.nr - 1), 14, SB_MIDDLE, sb_font_label, cv->theme->text);
    }
    for (size_t r = 0; r < h->rows; r++) {
        double y = y0 + h->cell_height * (double)r;
        size_t most = h->cell_height >= 44 ? 3 : h->cell_height >= 29 ? 2 : 1;
        struct sb_lines lines = sb_type_wrap(cv->arena, h->data->rows[h->first_row + r], sb_font_label,
                                             h->label_width - 11, most);
        double first = y + h->cell_height / 2 + 12 * SB_TYPE_CAP / 2 - 7 * ((double)lines.nr - 1);
        sb_canvas_lines(cv, &lines, x0 - 10, first, 14, SB_END, sb_font_label, cv->theme->text);
        for (size_t c = 0; c < h->columns; c++) {
            double x = x0 + h->cell_width * (double)c;
            const struct sb_box box = {sb_snap(x + 1), sb_snap(y + 1), sb_snap(x + h->cell_width - 1),
                                       sb_snap(y + h->cell_height - 1)};
            draw_cell(cv, h, &h->data->cells[(h->first_row + r) * h->data->columns_nr + h->first_column + c],
                      &box);
        }
    }
}

static void draw_colour_bar(struct sb_canvas *cv, const struct heat *h, double top, double bottom)
{
    enum { STEPS = 80 };
    double x = cv->x1 - BAR_ROOM + 18, height = fmin(bottom - top, 260);
    struct sb_scale scale;
    sb_scale_linear(&scale, -h->limit, h->limit, true, height > 150 ? 5 : 3);
    scale.low = -h->limit;
    scale.high = h->limit;
    scale.px_low = top + height;
    scale.px_high = top;
    for (int i = 0; i < STEPS; i++) {
        double value = h->limit * (1 - 2 * (i + 0.5) / STEPS);
        sb_dl_rect(cv->dl, x, top + height * i / STEPS, BAR_WIDTH, height / STEPS + 0.3,
                   diverging(cv, colour_share(h, value)), 1);
    }
    double room = cv->x1 - x - BAR_WIDTH - 6, last = INFINITY;
    for (size_t i = 0; i < scale.ticks_nr; i++) {
        double value = scale.ticks[i].value, px = sb_scale_px(&scale, value);
        if (!sb_scale_inside(&scale, value) || px > last - 14) continue;
        const char *text =
            sb_arena_printf(cv->arena, "%s%s%s%s", value > 0 ? "+" : "", scale.ticks[i].text,
                            value != 0 && *h->data->unit ? " " : "", value != 0 ? h->data->unit : "");
        double at = fmin(fmax(px + 4, top + 9), top + height);
        sb_dl_text(cv->dl, x + BAR_WIDTH + 6, at, SB_START, sb_font_value, cv->theme->muted,
                   sb_type_fit(cv->arena, text, sb_font_value, room));
        last = px;
    }
}

static const char *note(struct sb_canvas *cv, const struct heat *h)
{
    bool hatched = false, suspect = false;
    for (size_t i = 0; i < h->data->rows_nr * h->data->columns_nr; i++) {
        hatched |= h->data->cells[i].hatched;
        suspect |= h->data->cells[i].suspect;
    }
    bool lower = strcmp(h->data->better, "lower") == 0;
    const char *colours = cv->theme->outlined ? "darker: larger change"
                          : lower             ? "blue: below zero, better"
                                              : "blue: above zero, better";
    const char *page =
        cv->pages > 1 ? sb_arena_printf(cv->arena, " · page %zu of %zu", cv->page + 1, cv->pages) : "";
    const char *name = *h->data->hatch_name ? h->data->hatch_name : "inconclusive";
    return sb_arena_printf(cv->arena, "%s%s%s%s%s", colours, hatched ? " · hatched: " : "",
                           hatched ? name : "", suspect ? " · ! suspect: see findings" : "", page);
}

static void layout(struct sb_canvas *cv)
{
    struct heat h = {.data = cv->chart->heat};
    double top = sb_frame_begin(cv, NULL, 0);
    if (!h.data->rows_nr || !h.data->columns_nr) {
        sb_frame_message(cv, top, "No comparisons");
        return;
    }
    find_limit(&h);
    measure(cv, &h, top);
    double bottom = top + h.head_height + h.cell_height * (double)h.rows;
    draw_grid(cv, &h, top);
    draw_colour_bar(cv, &h, top + h.head_height + 1, fmax(bottom - 1, top + h.head_height + 90));
    sb_frame_end(cv, fmax(bottom, top + h.head_height + 94), note(cv, &h));
}

static bool check(const struct sb_chart *chart, struct sb_err *err)
{
    const struct sb_heat *heat = chart->heat;
    if (!heat) return sb_fail(err, SB_ERR_INTERNAL, "heat map without data");
    if (heat->rows_nr && heat->columns_nr && (!heat->rows || !heat->columns || !heat->cells))
        return sb_fail(err, SB_ERR_INTERNAL, "heat map without rows, columns or cells");
    return true;
}

const struct sb_kind sb_kind_heat = {.name = "heat", .check = check, .layout = layout};
