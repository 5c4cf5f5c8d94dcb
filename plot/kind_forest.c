/* Ratios against a baseline on a logarithmic axis, with intervals, verdicts and the numbers themselves. */
#include "plot/canvas.h"
#include "plot/scale.h"
#include "core/text.h"
#include <math.h>

#define ROW        25.0
#define EXTRA_LINE 14.0

struct look {
    const char *verdict;
    int shape; /* of the theme's shapes: told apart without colour */
    bool hollow;
    size_t color; /* offset in struct sb_theme_def */
    bool strong;
};

static const struct look looks[] = {
    {"faster", 2, false, offsetof(struct sb_theme_def, good), true},
    {"slower", 4, false, offsetof(struct sb_theme_def, bad), true},
    {"equivalent", 3, false, offsetof(struct sb_theme_def, neutral), false},
    {"inconclusive", 0, true, offsetof(struct sb_theme_def, neutral), false},
    {"", 1, false, offsetof(struct sb_theme_def, neutral), false},
};

struct line { /* a row of the table: a heading or a ratio */
    const struct sb_forest_row *row;
    bool heading;
    struct sb_lines label;
    double height;
    size_t page;
};

struct forest {
    struct line *lines;
    size_t lines_nr;
    double label_width, numbers_width, change_width;
    double plot0, plot1;
    int decimals;
    struct sb_scale scale;
};

static const struct look *look_of(const char *verdict)
{
    size_t i = 0;
    while (i + 1 < sizeof looks / sizeof *looks && strcmp(looks[i].verdict, verdict) != 0)
        i++;
    return &looks[i];
}

static struct sb_rgb look_color(const struct sb_canvas *cv, const struct look *look)
{
    return *(const struct sb_rgb *)((const char *)cv->theme + look->color);
}

static bool drawable(double ratio)
{
    return isfinite(ratio) && ratio > 0;
}

static const char *ratio_text(struct sb_canvas *cv, double value, int decimals)
{
    if (!isfinite(value) || value >= 1000 || (value > 0 && value < 0.01)) return sb_canvas_number(cv, value);
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_fixed_text(&text, value, decimals, false);
    const char *kept = sb_arena_strndup(cv->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return kept;
}

static const char *numbers_text(struct sb_canvas *cv, const struct sb_forest_row *row, int decimals)
{
    if (!drawable(row->ratio)) return "no data";
    const char *ratio = ratio_text(cv, row->ratio, decimals);
    if (!isfinite(row->low) || !isfinite(row->high)) return ratio;
    return sb_arena_printf(cv->arena, "%s [%s, %s]", ratio, ratio_text(cv, row->low, decimals),
                           ratio_text(cv, row->high, decimals));
}

static const char *change_text(struct sb_canvas *cv, const struct sb_forest_row *row)
{
    if (row->note) return row->note;
    if (!drawable(row->ratio)) return "";
    if (row->ratio >= 2) return sb_arena_printf(cv->arena, "×%s", sb_canvas_number(cv, row->ratio));
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_fixed_text(&text, (row->ratio - 1) * 100, 1, true);
    const char *kept = sb_arena_printf(cv->arena, "%s %%", text.buf);
    sb_strbuf_release(&text);
    return kept;
}

static const struct sb_font numbers_font = {11, SB_REGULAR, true};

static struct sb_font change_font(const struct look *look)
{
    return (struct sb_font){11, look->strong ? SB_SEMIBOLD : SB_REGULAR, true};
}

static void measure(struct sb_canvas *cv, struct forest *f)
{
    const struct sb_chart *chart = cv->chart;
    double width = cv->x1 - cv->x0, label = 0;
    f->decimals = 2;
    for (size_t i = 0; i < chart->rows_nr; i++)
        if (drawable(chart->rows[i].ratio) && chart->rows[i].high - chart->rows[i].low < 0.015)
            f->decimals = 3;
    f->numbers_width = sb_type_width("ratio [interval]", numbers_font);
    f->change_width = sb_type_width("change", numbers_font);
    for (size_t i = 0; i < chart->rows_nr; i++) {
        const struct sb_forest_row *row = &chart->rows[i];
        label = fmax(label, sb_type_width(row->label, sb_font_label));
        f->numbers_width =
            fmax(f->numbers_width, sb_type_width(numbers_text(cv, row, f->decimals), numbers_font));
        f->change_width = fmax(f->change_width, sb_type_width(change_text(cv, row), change_font(&looks[0])));
    }
    f->numbers_width = fmin(f->numbers_width, width * 0.30);
    f->change_width = fmin(f->change_width, width * 0.16);
    f->label_width = fmin(label, width * 0.30);
    f->plot0 = cv->x0 + 20 + f->label_width + 26;
    f->plot1 = cv->x1 - 8 - f->change_width - 18 - f->numbers_width - 18;
}

/* Low and high of the axis: every ratio and, while they do not dwarf the ratios, every interval. */
static void set_scale(struct sb_canvas *cv, struct forest *f)
{
    const struct sb_chart *chart = cv->chart;
    double low = 0, high = 0, wide_low = 0, wide_high = 0; /* logarithms; 1.0 always belongs */
    for (size_t i = 0; i < chart->rows_nr; i++) {
        const struct sb_forest_row *row = &chart->rows[i];
        if (!drawable(row->ratio)) continue;
        low = fmin(low, log(row->ratio));
        high = fmax(high, log(row->ratio));
        if (drawable(row->low)) wide_low = fmin(wide_low, log(row->low));
        if (drawable(row->high)) wide_high = fmax(wide_high, log(row->high));
    }
    double reach = fmax(2.5 * (high - low), log(1.5)), band = chart->margin > 0 ? log1p(chart->margin) : 0;
    low = fmin(fmax(wide_low, low - reach), fmin(low, -1.3 * band));
    high = fmax(fmin(wide_high, high + reach), fmax(high, 1.3 * band));
    double pad = fmax((high - low) * 0.06, 0.004);
    sb_scale_ratio(&f->scale, exp(fmax(low - pad, -690)), exp(fmin(high + pad, 690)),
                   (int)fmax(3, (f->plot1 - f->plot0) / 46));
    f->scale.px_low = f->plot0;
    f->scale.px_high = f->plot1;
}

static void make_lines(struct sb_canvas *cv, struct forest *f, double room)
{
    const struct sb_chart *chart = cv->chart;
    const char *heading = NULL;
    double used = 0;
    size_t page = 0;
    f->lines = sb_arena_calloc(cv->arena, chart->rows_nr * 2 + 1, sizeof *f->lines);
    for (size_t i = 0; i < chart->rows_nr; i++) {
        const struct sb_forest_row *row = &chart->rows[i];
        struct line line = {.row = row, .height = ROW};
        line.label = sb_type_wrap(cv->arena, row->label, sb_font_label, f->label_width, 3);
        if (line.label.nr > 1) line.height += EXTRA_LINE * ((double)line.label.nr - 1);
        bool starts = row->heading && *row->heading && !sb_streq(row->heading, heading);
        double need = line.height + (starts ? ROW : 0);
        bool turned = used > 0 && used + need > room;
        if (turned) {
            page++;
            used = 0;
            starts |= row->heading && *row->heading;
        }
        if (starts) {
            f->lines[f->lines_nr++] = (struct line){.row = row, .heading = true, .height = ROW, .page = page};
            used += ROW;
        }
        heading = row->heading;
        line.page = page;
        used += line.height;
        f->lines[f->lines_nr++] = line;
    }
    cv->pages = page + 1;
}

static void arrow(struct sb_canvas *cv, double x, double y, int direction, struct sb_rgb color)
{
    const struct sb_pt p[] = {{x, y}, {x - 6 * direction, y - 4}, {x - 6 * direction, y + 4}};
    sb_dl_poly(cv->dl, p, 3, color, 1);
}

static void draw_interval(struct sb_canvas *cv, const struct forest *f, const struct sb_forest_row *row,
                          double y, struct sb_rgb color)
{
    if (!isfinite(row->low) || isnan(row->high)) return;
    double low = row->low > 0 ? row->low : f->scale.low / 2;
    double x0 = sb_scale_px(&f->scale, low), x1 = sb_scale_px(&f->scale, row->high);
    sb_dl_rect(cv->dl, x0, y - 1, x1 - x0, 2, color, 1);
    if (low < f->scale.low) arrow(cv, x0, y, -1, color);
    if (row->high > f->scale.high) arrow(cv, x1, y, 1, color);
}

static void draw_row(struct sb_canvas *cv, const struct forest *f, const struct line *line, double y)
{
    const struct sb_forest_row *row = line->row;
    const struct look *look = look_of(row->verdict);
    struct sb_rgb color = look_color(cv, look), ink = sb_readable(color, cv->theme->background);
    double middle = y + line->height / 2, cap = SB_TYPE_CAP / 2;
    double first = middle + sb_font_label.size * cap - EXTRA_LINE * ((double)line->label.nr - 1) / 2;
    sb_canvas_lines(cv, &line->label, cv->x0 + 20, first, EXTRA_LINE, SB_START, sb_font_label,
                    cv->theme->text);
    if (row->suspect)
        sb_dl_text(cv->dl, cv->x0 + 10, middle + 12 * cap, SB_START, (struct sb_font){12, SB_SEMIBOLD, false},
                   cv->theme->warn, "!");
    if (drawable(row->ratio)) {
        double x = sb_scale_px(&f->scale, row->ratio);
        draw_interval(cv, f, row, middle, color);
        sb_shape(cv->dl, look->shape, x, middle, 4.6, color);
        if (look->hollow) sb_shape(cv->dl, look->shape, x, middle, 2.8, cv->theme->background);
    }
    const char *numbers =
        sb_type_fit(cv->arena, numbers_text(cv, row, f->decimals), numbers_font, f->numbers_width);
    sb_dl_text(cv->dl, f->plot1 + 18, middle + numbers_font.size * cap, SB_START, numbers_font,
               drawable(row->ratio) ? cv->theme->text : cv->theme->muted, numbers);
    const char *change = sb_type_fit(cv->arena, change_text(cv, row), change_font(look), f->change_width);
    sb_dl_text(cv->dl, cv->x1 - 8, middle + 11 * cap, SB_END, change_font(look), ink, change);
}

static void draw_grid(struct sb_canvas *cv, const struct forest *f, double top, double bottom)
{
    double last = -INFINITY, one = sb_scale_px(&f->scale, 1);
    struct sb_font bold = {sb_font_tick.size, SB_SEMIBOLD, false};
    double one_half = sb_type_width("1.0", bold) / 2 + 7;
    for (size_t i = 0; i < f->scale.ticks_nr; i++) {
        const struct sb_tick *tick = &f->scale.ticks[i];
        double x = sb_snap(sb_scale_px(&f->scale, tick->value)),
               half = sb_type_width(tick->text, sb_font_tick) / 2;
        bool is_one = fabs(tick->value - 1) < 1e-9;
        if (is_one || x - half < last + 8 || fabs(x - one) < half + one_half) continue;
        sb_dl_vline(cv->dl, x, top, bottom, 1, cv->theme->grid);
        sb_dl_text(cv->dl, x, bottom + 17, SB_MIDDLE, sb_font_tick, cv->theme->muted, tick->text);
        last = x + half;
    }
    sb_dl_text(cv->dl, one, bottom + 17, SB_MIDDLE, bold, cv->theme->title, "1.0");
}

static struct sb_rgb band_color(const struct sb_canvas *cv)
{
    return sb_mix(cv->theme->background, cv->theme->axis, 0.22);
}

static struct sb_legend_item *legend(struct sb_canvas *cv, size_t *nr)
{
    struct sb_legend_item *items =
        sb_arena_calloc(cv->arena, sizeof looks / sizeof *looks + 2, sizeof *items);
    bool suspect = false;
    *nr = 0;
    for (size_t k = 0; k < sizeof looks / sizeof *looks; k++) {
        bool used = false, named = *looks[k].verdict;
        for (size_t i = 0; i < cv->chart->rows_nr; i++)
            used |= strcmp(cv->chart->rows[i].verdict, looks[k].verdict) == 0 &&
                    (named || drawable(cv->chart->rows[i].ratio));
        if (used && (named || *nr)) /* where no row has a verdict there is nothing to tell apart */
            items[(*nr)++] = (struct sb_legend_item){.key = looks[k].hollow ? SB_KEY_RING : SB_KEY_SHAPE,
                                                     .slot = looks[k].shape,
                                                     .color = look_color(cv, &looks[k]),
                                                     .text = named ? looks[k].verdict : "no verdict"};
    }
    for (size_t i = 0; i < cv->chart->rows_nr; i++)
        suspect |= cv->chart->rows[i].suspect;
    if (cv->chart->margin > 0) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        sb_number_text(&text, cv->chart->margin * 100);
        while (text.len > 2 && text.buf[text.len - 1] == '0' && strchr(text.buf, '.'))
            text.buf[--text.len] = '\0';
        if (text.buf[text.len - 1] == '.') text.buf[--text.len] = '\0';
        items[(*nr)++] =
            (struct sb_legend_item){.key = SB_KEY_BAND,
                                    .color = band_color(cv),
                                    .text = sb_arena_printf(cv->arena, "within ±%s %%", text.buf)};
        sb_strbuf_release(&text);
    }
    if (suspect)
        items[(*nr)++] = (struct sb_legend_item){.key = SB_KEY_NONE, .text = "! suspect: see findings"};
    return items;
}

static double page_height(const struct forest *f, size_t page)
{
    double height = 0;
    for (size_t i = 0; i < f->lines_nr; i++)
        if (f->lines[i].page == page) height += f->lines[i].height;
    return height;
}

static void draw_table(struct sb_canvas *cv, const struct forest *f, double top)
{
    double bottom = top + page_height(f, cv->page), y = top;
    if (cv->chart->margin > 0) {
        double x0 = sb_scale_px(&f->scale, 1 / (1 + cv->chart->margin)),
               x1 = sb_scale_px(&f->scale, 1 + cv->chart->margin);
        sb_dl_rect(cv->dl, x0, top, x1 - x0, bottom - top, band_color(cv), 1);
    }
    for (size_t i = 0; i < f->lines_nr; y += f->lines[i].page == cv->page ? f->lines[i].height : 0, i++) {
        const struct line *line = &f->lines[i];
        if (line->page != cv->page || !line->heading) continue;
        sb_dl_rect(cv->dl, cv->x0, y, cv->x1 - cv->x0, line->height, cv->theme->band, 1);
        sb_dl_text(cv->dl, cv->x0 + 8, y + line->height / 2 + 4.4, SB_START,
                   (struct sb_font){12, SB_SEMIBOLD, false}, cv->theme->title,
                   sb_type_fit(cv->arena, line->row->heading, sb_font_panel, cv->x1 - cv->x0 - 20));
    }
    draw_grid(cv, f, top, bottom);
    sb_dl_vline(cv->dl, sb_scale_px(&f->scale, 1), top, bottom, 1.4, cv->theme->title);
    y = top;
    for (size_t i = 0; i < f->lines_nr; i++) {
        if (f->lines[i].page != cv->page) continue;
        if (!f->lines[i].heading) draw_row(cv, f, &f->lines[i], y);
        y += f->lines[i].height;
    }
}

static void layout(struct sb_canvas *cv)
{
    struct forest f = {0};
    size_t legend_nr;
    struct sb_legend_item *items = legend(cv, &legend_nr);
    double y = sb_frame_begin(cv, items, legend_nr);
    if (!cv->chart->rows_nr) {
        sb_frame_message(cv, y, "No comparisons");
        return;
    }
    measure(cv, &f);
    set_scale(cv, &f);
    double around = 20 + 40; /* column heads above, axis below */
    make_lines(cv, &f, sb_frame_content(cv, y, SB_PAGE_CONTENT, 160, NULL) - around);
    if (cv->page >= cv->pages) return;
    sb_dl_text(cv->dl, f.plot1 + 18, y + 8, SB_START, numbers_font, cv->theme->muted, "ratio [interval]");
    sb_dl_text(cv->dl, cv->x1 - 8, y + 8, SB_END, numbers_font, cv->theme->muted, "change");
    y = sb_snap(y + 20);
    draw_table(cv, &f, y);
    y += page_height(&f, cv->page);
    const char *axis = *cv->chart->baseline
                           ? sb_arena_printf(cv->arena, "ratio to %s, log scale", cv->chart->baseline)
                           : "ratio, log scale";
    double middle = (f.plot0 + f.plot1) / 2;
    sb_dl_text(cv->dl, middle, y + 35, SB_MIDDLE, sb_font_unit, cv->theme->text,
               sb_type_fit(cv->arena, axis, sb_font_unit, 2 * fmin(middle - cv->x0, cv->x1 - middle)));
    const char *page =
        cv->pages > 1 ? sb_arena_printf(cv->arena, "page %zu of %zu", cv->page + 1, cv->pages) : NULL;
    sb_frame_end(cv, y + 40, page);
}

static bool check(const struct sb_chart *chart, struct sb_err *err)
{
    if (chart->rows_nr && !chart->rows) return sb_fail(err, SB_ERR_INTERNAL, "forest chart without rows");
    if (isnan(chart->margin) || chart->margin < 0 || chart->margin > 100)
        return sb_fail(err, SB_ERR_INTERNAL, "forest chart with a margin outside 0..100");
    return true;
}

const struct sb_kind sb_kind_forest = {.name = "forest", .check = check, .layout = layout};
