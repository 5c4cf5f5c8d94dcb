#include "plot/display.h"
#include "core/alloc.h"
#include <math.h>

void sb_dl_init(struct sb_dl *dl)
{
    *dl = (struct sb_dl){0};
    sb_arena_init(&dl->arena);
}

void sb_dl_free(struct sb_dl *dl)
{
    sb_arena_free(&dl->arena);
    free(dl->items);
    free(dl->points);
    sb_dl_init(dl);
}

static struct sb_dl_item *add(struct sb_dl *dl, enum sb_dl_op op, struct sb_rgb color, double alpha)
{
    SB_ALLOC_GROW(dl->items, dl->items_nr + 1, dl->items_alloc);
    struct sb_dl_item *item = &dl->items[dl->items_nr++];
    *item = (struct sb_dl_item){.op = op, .color = color, .alpha = alpha};
    return item;
}

void sb_dl_rect(struct sb_dl *dl, double x, double y, double w, double h, struct sb_rgb color, double alpha)
{
    if (!isfinite(x + y + w + h)) return;
    struct sb_dl_item *item = add(dl, SB_DL_RECT, color, alpha);
    item->x = w < 0 ? x + w : x;
    item->y = h < 0 ? y + h : y;
    item->w = fabs(w);
    item->h = fabs(h);
}

static void add_points(struct sb_dl *dl, struct sb_dl_item *item, const struct sb_pt *points, size_t nr)
{
    SB_ALLOC_GROW(dl->points, dl->points_nr + nr, dl->points_alloc);
    item->first = dl->points_nr;
    item->nr = nr;
    memcpy(dl->points + dl->points_nr, points, nr * sizeof *points);
    dl->points_nr += nr;
}

static bool all_finite(const struct sb_pt *points, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        if (!isfinite(points[i].x) || !isfinite(points[i].y)) return false;
    return true;
}

void sb_dl_poly(struct sb_dl *dl, const struct sb_pt *points, size_t nr, struct sb_rgb color, double alpha)
{
    if (nr < 3 || !all_finite(points, nr)) return;
    add_points(dl, add(dl, SB_DL_POLY, color, alpha), points, nr);
}

void sb_dl_dashed(struct sb_dl *dl, const struct sb_pt *points, size_t nr, double width, struct sb_rgb color,
                  double dash, double gap)
{
    if (nr < 2 || !all_finite(points, nr)) return;
    struct sb_dl_item *item = add(dl, SB_DL_LINE, color, 1);
    item->width = width;
    item->dash = dash;
    item->gap = gap;
    add_points(dl, item, points, nr);
}

void sb_dl_line(struct sb_dl *dl, const struct sb_pt *points, size_t nr, double width, struct sb_rgb color)
{
    sb_dl_dashed(dl, points, nr, width, color, 0, 0);
}

void sb_dl_segment(struct sb_dl *dl, double x0, double y0, double x1, double y1, double width,
                   struct sb_rgb color)
{
    const struct sb_pt points[] = {{x0, y0}, {x1, y1}};
    sb_dl_line(dl, points, 2, width, color);
}

void sb_dl_disc(struct sb_dl *dl, double x, double y, double radius, struct sb_rgb color, double alpha)
{
    if (!isfinite(x + y + radius)) return;
    struct sb_dl_item *item = add(dl, SB_DL_DISC, color, alpha);
    item->x = x;
    item->y = y;
    item->w = radius;
}

void sb_dl_hline(struct sb_dl *dl, double x0, double x1, double y, double width, struct sb_rgb color)
{
    sb_dl_rect(dl, x0, y - width / 2, x1 - x0, width, color, 1);
}

void sb_dl_vline(struct sb_dl *dl, double x, double y0, double y1, double width, struct sb_rgb color)
{
    sb_dl_rect(dl, x - width / 2, y0, width, y1 - y0, color, 1);
}

static double add_text(struct sb_dl *dl, double x, double y, enum sb_anchor anchor, struct sb_font font,
                       struct sb_rgb color, const char *text, bool upward)
{
    if (!*text || !isfinite(x + y)) return 0;
    struct sb_dl_item *item = add(dl, SB_DL_TEXT, color, 1);
    item->x = x;
    item->y = y;
    item->font = font;
    item->anchor = anchor;
    item->upward = upward;
    item->text = sb_arena_strdup(&dl->arena, text);
    item->w = sb_type_width(text, font);
    return item->w;
}

double sb_dl_text(struct sb_dl *dl, double x, double baseline, enum sb_anchor anchor, struct sb_font font,
                  struct sb_rgb color, const char *text)
{
    return add_text(dl, x, baseline, anchor, font, color, text, false);
}

double sb_dl_text_upward(struct sb_dl *dl, double x, double y, enum sb_anchor anchor, struct sb_font font,
                         struct sb_rgb color, const char *text)
{
    return add_text(dl, x, y, anchor, font, color, text, true);
}

static struct sb_box text_box(const struct sb_dl_item *item)
{
    double before = item->w * (item->anchor == SB_START ? 0 : item->anchor == SB_MIDDLE ? 0.5 : 1);
    double up = item->font.size * SB_TYPE_ASCENT, down = item->font.size * SB_TYPE_DESCENT;
    if (item->upward)
        return (struct sb_box){item->x - up, item->y + before - item->w, item->x + down, item->y + before};
    return (struct sb_box){item->x - before, item->y - up, item->x - before + item->w, item->y + down};
}

static struct sb_box points_box(const struct sb_dl *dl, const struct sb_dl_item *item)
{
    double grow = item->op == SB_DL_LINE ? item->width / 2 : 0;
    struct sb_box box = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    for (size_t i = 0; i < item->nr; i++) {
        const struct sb_pt *p = &dl->points[item->first + i];
        box.x0 = fmin(box.x0, p->x - grow);
        box.x1 = fmax(box.x1, p->x + grow);
        box.y0 = fmin(box.y0, p->y - grow);
        box.y1 = fmax(box.y1, p->y + grow);
    }
    return box;
}

struct sb_box sb_dl_box(const struct sb_dl *dl, const struct sb_dl_item *item)
{
    switch (item->op) {
    case SB_DL_RECT: return (struct sb_box){item->x, item->y, item->x + item->w, item->y + item->h};
    case SB_DL_DISC:
        return (struct sb_box){item->x - item->w, item->y - item->w, item->x + item->w, item->y + item->w};
    case SB_DL_TEXT: return text_box(item);
    case SB_DL_POLY:
    case SB_DL_LINE: break;
    }
    return points_box(dl, item);
}
