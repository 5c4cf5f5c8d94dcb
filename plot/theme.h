/*
 * Colours, hatches and markers. Series are told apart three times over: by hue (Okabe & Ito 2008, safe for
 * the common colour blindnesses; https://jfly.uni-koeln.de/color/), by marker, and in the print theme by
 * hatch.
 */
#ifndef SB_PLOT_THEME_H
#define SB_PLOT_THEME_H

#include "plot/chart.h"
#include "plot/display.h"

enum { SB_SLOTS = 12 };

enum sb_hatch { SB_HATCH_NONE, SB_HATCH_UP, SB_HATCH_DOWN, SB_HATCH_CROSS, SB_HATCH_LEVEL, SB_HATCH_UPRIGHT };

struct sb_slot {
    struct sb_rgb color;
    enum sb_hatch hatch;
};

struct sb_theme_def {
    struct sb_rgb background, title, text, muted, grid, axis, band;
    struct sb_rgb whisker;                  /* on bars */
    struct sb_rgb good, bad, neutral, warn; /* verdicts */
    struct sb_slot slots[SB_SLOTS];
    double tint;   /* alpha of boxes and ribbons */
    bool outlined; /* bars get an outline in the whisker colour: needed where a fill is close to the
                      background */
};

/* The theme's colours with the palette's series colours. */
struct sb_theme_def sb_theme_with(enum sb_theme theme, enum sb_palette palette);

/* WCAG 2.1 contrast ratio, 1 to 21. https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio */
double sb_contrast(struct sb_rgb a, struct sb_rgb b);

/* `color`, moved towards black or white until it has a contrast of 4.5:1 on `behind`: for coloured text. */
struct sb_rgb sb_readable(struct sb_rgb color, struct sb_rgb behind);

/* share = 0: a, 1: b. */
struct sb_rgb sb_mix(struct sb_rgb a, struct sb_rgb b, double share);

/* The hatch of a slot inside a rectangle, as lines. */
void sb_hatch(struct sb_dl *dl, const struct sb_box *box, enum sb_hatch hatch, double spacing, double width,
              struct sb_rgb color);

/* A bar or swatch in the slot's fill and hatch. A suspect one is pale with a broken outline. */
void sb_swatch(struct sb_dl *dl, const struct sb_theme_def *theme, int slot, const struct sb_box *box,
               bool suspect);

/* The slot's marker (circle, square, triangle ...), with a halo in the background colour when halo > 0. */
void sb_marker(struct sb_dl *dl, const struct sb_theme_def *theme, int slot, double x, double y,
               double radius, double halo);
/* A ring around a marker of that radius: suspect. Draw it before the marker. */
void sb_suspect_ring(struct sb_dl *dl, const struct sb_theme_def *theme, double x, double y, double radius);
/* The same shape in any colour. */
void sb_shape(struct sb_dl *dl, int slot, double x, double y, double radius, struct sb_rgb color);

int sb_slot_of(const struct sb_chart *chart, size_t series); /* 0..SB_SLOTS-1 */

#endif
