/*
 * A chart under construction: the display list, the theme, and the frame every kind shares (title, subtitle,
 * legend, footer). A kind begins the frame, draws between, and ends it; the canvas's height follows.
 */
#ifndef SB_PLOT_CANVAS_H
#define SB_PLOT_CANVAS_H

#include "plot/chart.h"
#include "plot/display.h"
#include "plot/theme.h"

#define SB_CANVAS_MARGIN 22.0
#define SB_CANVAS_WIDTH  760.0
#define SB_PAGE_CONTENT  980.0 /* height of content after which a chart continues on the next page */

struct sb_canvas {
    struct sb_dl *dl;
    const struct sb_chart *chart;
    const struct sb_theme_def *theme;
    struct sb_arena *arena;    /* for layout's own data, lives as long as the display list */
    double width, want_height; /* want_height 0: from the content */
    size_t page;               /* asked for */
    size_t pages;              /* set by the kind */
    double x0, x1;             /* content edges */
};

extern const struct sb_font sb_font_title, sb_font_subtitle, sb_font_label, sb_font_tick, sb_font_value,
    sb_font_panel, sb_font_unit, sb_font_footer;

enum sb_key {
    SB_KEY_SWATCH,
    SB_KEY_MARKER,
    SB_KEY_LINE,
    SB_KEY_SUSPECT,
    SB_KEY_SHAPE,
    SB_KEY_BAND,
    SB_KEY_DASHED,
    SB_KEY_RING,
    SB_KEY_STROKE,
    SB_KEY_NONE
};

struct sb_legend_item {
    enum sb_key key;
    int slot;            /* of the theme; of the shape for SB_KEY_SHAPE */
    struct sb_rgb color; /* SB_KEY_SHAPE, SB_KEY_BAND, SB_KEY_DASHED */
    const char *text;
};

/* Draws title, subtitle and legend; returns the y where content may begin. */
double sb_frame_begin(struct sb_canvas *cv, const struct sb_legend_item *legend, size_t legend_nr);
/* Height the footer needs below the content, with `extra_note` (may be NULL) added to the left footer. */
double sb_frame_footer_height(struct sb_canvas *cv, const char *extra_note);
/* Draws the footer below `bottom` and sets the canvas's height. */
void sb_frame_end(struct sb_canvas *cv, double bottom, const char *extra_note);

/* Content height for a kind that wants `natural` px: what is left when the caller fixed the chart's height.
 */
double sb_frame_content(struct sb_canvas *cv, double top, double natural, double least,
                        const char *extra_note);

/* The series as legend items (none when there is one series); *nr is their number. With `suspects` an item
 * that explains the mark is added. In the arena. */
struct sb_legend_item *sb_series_legend(struct sb_canvas *cv, enum sb_key key, bool suspects, size_t *nr);

/* A message in the middle of the content: "No data". */
void sb_frame_message(struct sb_canvas *cv, double top, const char *message);

/* Multi-line text with the first baseline at y; returns the baseline after the last line. */
double sb_canvas_lines(struct sb_canvas *cv, const struct sb_lines *lines, double x, double y, double leading,
                       enum sb_anchor anchor, struct sb_font font, struct sb_rgb color);

const char *sb_canvas_number(struct sb_canvas *cv, double value); /* sb_number_text() in the arena */

double sb_snap(double px); /* to the nearest half px: sharp at 2x */

/* One chart kind: one file and one row of the table in chart.c. */
struct sb_kind {
    const char *name;
    bool (*check)(const struct sb_chart *chart, struct sb_err *err);
    void (*layout)(struct sb_canvas *cv);
};

extern const struct sb_kind sb_kind_bars, sb_kind_points, sb_kind_forest, sb_kind_heat, sb_kind_scaling,
    sb_kind_series, sb_kind_order, sb_kind_histogram, sb_kind_ecdf, sb_kind_percentile, sb_kind_overview;

/* Lays out one page. The display list must be initialised; false when the description is not usable. */
bool sb_chart_layout(const struct sb_chart *chart, const struct sb_render_options *options, struct sb_dl *dl,
                     size_t *pages, struct sb_err *err) SB_MUST_CHECK;

#endif
