#include "plot/canvas.h"
#include "plot/scale.h"
#include "plot/xy.h"
#include <math.h>

const struct sb_font sb_font_title = {17, SB_SEMIBOLD, false}, sb_font_subtitle = {12, SB_REGULAR, false},
                     sb_font_label = {12, SB_REGULAR, false}, sb_font_tick = {11.5, SB_REGULAR, false},
                     sb_font_value = {10.5, SB_REGULAR, false}, sb_font_panel = {12.5, SB_SEMIBOLD, false},
                     sb_font_unit = {11, SB_REGULAR, false}, sb_font_footer = {10, SB_REGULAR, false};

enum { TITLE_LEADING = 22, SUBTITLE_LEADING = 16, LEGEND_LEADING = 21, FOOTER_LEADING = 14 };

double sb_snap(double px)
{
    return round(px * 2) / 2;
}

double sb_canvas_lines(struct sb_canvas *cv, const struct sb_lines *lines, double x, double y, double leading,
                       enum sb_anchor anchor, struct sb_font font, struct sb_rgb color)
{
    for (size_t i = 0; i < lines->nr; i++, y += leading)
        sb_dl_text(cv->dl, x, y, anchor, font, color, lines->line[i]);
    return y;
}

const char *sb_canvas_number(struct sb_canvas *cv, double value)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_number_text(&text, value);
    const char *kept = sb_arena_strndup(cv->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return kept;
}

static void draw_key(struct sb_canvas *cv, const struct sb_legend_item *item, double x, double middle)
{
    const struct sb_box box = {x, middle - 5, x + 12, middle + 5};
    const struct sb_pt line[] = {{x, middle}, {x + 16, middle}};
    switch (item->key) {
    case SB_KEY_SWATCH: sb_swatch(cv->dl, cv->theme, item->slot, &box, false); break;
    case SB_KEY_SUSPECT: sb_swatch(cv->dl, cv->theme, item->slot, &box, true); break;
    case SB_KEY_MARKER: sb_marker(cv->dl, cv->theme, item->slot, x + 5, middle, 4.6, 0); break;
    case SB_KEY_SHAPE: sb_shape(cv->dl, item->slot, x + 5, middle, 4.4, item->color); break;
    case SB_KEY_RING:
        sb_shape(cv->dl, item->slot, x + 5, middle, 4.4, item->color);
        sb_shape(cv->dl, item->slot, x + 5, middle, 2.6, cv->theme->background);
        break;
    case SB_KEY_STROKE:
        sb_dl_dashed(cv->dl, line, 2, 2.2, sb_xy_ink(cv, item->slot), sb_xy_dash(cv, item->slot), 2.6);
        break;
    case SB_KEY_NONE: break;
    case SB_KEY_BAND: sb_dl_rect(cv->dl, x, middle - 5, 12, 10, item->color, 1); break;
    case SB_KEY_DASHED: sb_dl_dashed(cv->dl, line, 2, 1.2, item->color, 4, 3); break;
    case SB_KEY_LINE:
        sb_dl_dashed(cv->dl, line, 2, 2, sb_xy_ink(cv, item->slot), sb_xy_dash(cv, item->slot), 2.6);
        sb_marker(cv->dl, cv->theme, item->slot, x + 8, middle, 3.4, 1);
        break;
    }
}

static double key_width(enum sb_key key)
{
    if (key == SB_KEY_NONE) return 0;
    return key == SB_KEY_LINE || key == SB_KEY_DASHED || key == SB_KEY_STROKE  ? 22
           : key == SB_KEY_MARKER || key == SB_KEY_SHAPE || key == SB_KEY_RING ? 16
                                                                               : 18;
}

/* Rows of keys and names, left to right; a name wider than a third of the canvas is cut. */
static double draw_legend(struct sb_canvas *cv, const struct sb_legend_item *legend, size_t nr, double y)
{
    double x = cv->x0;
    for (size_t i = 0; i < nr; i++) {
        const char *text = sb_type_fit(cv->arena, legend[i].text, sb_font_label,
                                       fmax(60, nr > 2 ? (cv->x1 - cv->x0) * 0.4 : cv->x1 - cv->x0 - 40));
        double key = key_width(legend[i].key), width = key + sb_type_width(text, sb_font_label);
        if (x > cv->x0 && x + width > cv->x1) {
            x = cv->x0;
            y += LEGEND_LEADING;
        }
        draw_key(cv, &legend[i], x, y - sb_font_label.size * SB_TYPE_CAP / 2);
        sb_dl_text(cv->dl, x + key, y, SB_START, sb_font_label, cv->theme->text, text);
        x += width + 20;
    }
    return y;
}

double sb_frame_begin(struct sb_canvas *cv, const struct sb_legend_item *legend, size_t legend_nr)
{
    double width = cv->x1 - cv->x0, y = SB_CANVAS_MARGIN - 2;
    struct sb_lines title = sb_type_wrap(cv->arena, cv->chart->title, sb_font_title, width, 3);
    struct sb_lines sub = sb_type_wrap(cv->arena, cv->chart->subtitle, sb_font_subtitle, width, 5);
    if (title.nr) {
        sb_canvas_lines(cv, &title, cv->x0, y + 12, TITLE_LEADING, SB_START, sb_font_title, cv->theme->title);
        y += 12 + TITLE_LEADING * (double)(title.nr - 1);
    }
    if (sub.nr) {
        y += title.nr ? 20 : 10;
        sb_canvas_lines(cv, &sub, cv->x0, y, SUBTITLE_LEADING, SB_START, sb_font_subtitle, cv->theme->muted);
        y += SUBTITLE_LEADING * (double)(sub.nr - 1);
    }
    if (legend_nr) y = draw_legend(cv, legend, legend_nr, y + (title.nr || sub.nr ? 29 : 10));
    return y + 18;
}

static const char *footer_text(struct sb_canvas *cv, const char *note)
{
    const char *left = cv->chart->footer_left;
    if (!note || !*note) return left;
    return *left ? sb_arena_printf(cv->arena, "%s · %s", left, note) : note;
}

struct footer {
    struct sb_lines left, right;
    double height;
};

static struct footer footer(struct sb_canvas *cv, const char *note)
{
    struct footer f;
    double width = cv->x1 - cv->x0;
    f.right = sb_type_wrap(cv->arena, cv->chart->footer_right, sb_font_footer, width * 0.35, 3);
    f.left = sb_type_wrap(cv->arena, footer_text(cv, note), sb_font_footer,
                          width - (f.right.nr ? f.right.width + 24 : 0), 4);
    size_t lines = f.left.nr > f.right.nr ? f.left.nr : f.right.nr;
    f.height = lines ? 16 + FOOTER_LEADING * (double)lines + 8 : 16;
    return f;
}

double sb_frame_footer_height(struct sb_canvas *cv, const char *note)
{
    return footer(cv, note).height;
}

double sb_frame_content(struct sb_canvas *cv, double top, double natural, double least, const char *note)
{
    if (cv->want_height <= 0) return natural;
    return fmax(least, cv->want_height - top - sb_frame_footer_height(cv, note));
}

void sb_frame_end(struct sb_canvas *cv, double bottom, const char *note)
{
    struct footer f = footer(cv, note);
    double height = ceil(fmax(bottom + f.height, cv->want_height));
    size_t lines = f.left.nr > f.right.nr ? f.left.nr : f.right.nr;
    double y = height - 14 - FOOTER_LEADING * ((double)lines - 1);
    sb_canvas_lines(cv, &f.left, cv->x0, y, FOOTER_LEADING, SB_START, sb_font_footer, cv->theme->muted);
    sb_canvas_lines(cv, &f.right, cv->x1, y, FOOTER_LEADING, SB_END, sb_font_footer, cv->theme->muted);
    cv->dl->height = height;
}

struct sb_legend_item *sb_series_legend(struct sb_canvas *cv, enum sb_key key, bool suspects, size_t *nr)
{
    const struct sb_chart *chart = cv->chart;
    struct sb_legend_item *items = sb_arena_calloc(cv->arena, chart->series_nr + 1, sizeof *items);
    *nr = 0;
    for (size_t s = 0; chart->series_nr > 1 && s < chart->series_nr; s++)
        items[(*nr)++] =
            (struct sb_legend_item){.key = key, .slot = sb_slot_of(chart, s), .text = chart->series[s]};
    if (suspects)
        items[(*nr)++] = (struct sb_legend_item){.key = SB_KEY_SUSPECT,
                                                 .slot = chart->series_nr ? sb_slot_of(chart, 0) : 0,
                                                 .text = "! suspect: see findings"};
    return items;
}

void sb_frame_message(struct sb_canvas *cv, double top, const char *message)
{
    double height = sb_frame_content(cv, top, 120, 60, NULL);
    sb_dl_rect(cv->dl, cv->x0, top, cv->x1 - cv->x0, height, cv->theme->band, 1);
    sb_dl_text(cv->dl, (cv->x0 + cv->x1) / 2, top + height / 2 + 4, SB_MIDDLE, sb_font_label,
               cv->theme->muted, message);
    cv->pages = 1;
    sb_frame_end(cv, top + height, NULL);
}
