/*
 * The display list: what a chart looks like, in logical px with y downwards, before any output format. Layout
 * code writes it, the back ends read it, and the tests ask it about geometry.
 */
#ifndef SB_PLOT_DISPLAY_H
#define SB_PLOT_DISPLAY_H

#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "plot/type.h"

struct sb_rgb {
    unsigned char r, g, b;
};

enum sb_dl_op {
    SB_DL_RECT, /* filled: x, y, w, h */
    SB_DL_POLY, /* filled: points */
    SB_DL_LINE, /* stroked: points, width, dash */
    SB_DL_DISC, /* filled: centre x, y, radius w */
    SB_DL_TEXT, /* x, y is the anchor on the baseline */
};

enum sb_anchor { SB_START, SB_MIDDLE, SB_END };

struct sb_pt {
    double x, y;
};

struct sb_dl_item {
    enum sb_dl_op op;
    struct sb_rgb color;
    double alpha; /* 0..1 */
    double x, y, w, h;
    double width, dash, gap; /* dash 0: solid */
    size_t first, nr;        /* points */
    const char *text;        /* safe, in the arena */
    struct sb_font font;
    enum sb_anchor anchor;
    bool upward; /* text runs from bottom to top */
};

struct sb_dl {
    struct sb_arena arena;
    struct sb_dl_item *items;
    size_t items_nr, items_alloc;
    struct sb_pt *points;
    size_t points_nr, points_alloc;
    double width, height; /* of the canvas */
    struct sb_rgb background;
};

void sb_dl_init(struct sb_dl *dl);
void sb_dl_free(struct sb_dl *dl);

/* All coordinates must be finite; what is not is dropped. */
void sb_dl_rect(struct sb_dl *dl, double x, double y, double w, double h, struct sb_rgb color, double alpha);
void sb_dl_poly(struct sb_dl *dl, const struct sb_pt *points, size_t nr, struct sb_rgb color, double alpha);
void sb_dl_line(struct sb_dl *dl, const struct sb_pt *points, size_t nr, double width, struct sb_rgb color);
void sb_dl_segment(struct sb_dl *dl, double x0, double y0, double x1, double y1, double width,
                   struct sb_rgb color);
void sb_dl_dashed(struct sb_dl *dl, const struct sb_pt *points, size_t nr, double width, struct sb_rgb color,
                  double dash, double gap);
void sb_dl_disc(struct sb_dl *dl, double x, double y, double radius, struct sb_rgb color, double alpha);
/* Axis-parallel lines as filled rectangles: sharp ends in every format. */
void sb_dl_hline(struct sb_dl *dl, double x0, double x1, double y, double width, struct sb_rgb color);
void sb_dl_vline(struct sb_dl *dl, double x, double y0, double y1, double width, struct sb_rgb color);
/* Returns the width; an empty text is not added. `text` is copied. */
double sb_dl_text(struct sb_dl *dl, double x, double baseline, enum sb_anchor anchor, struct sb_font font,
                  struct sb_rgb color, const char *text);
double sb_dl_text_upward(struct sb_dl *dl, double x, double y, enum sb_anchor anchor, struct sb_font font,
                         struct sb_rgb color, const char *text);

struct sb_box {
    double x0, y0, x1, y1;
};

struct sb_box sb_dl_box(const struct sb_dl *dl, const struct sb_dl_item *item);

#endif
