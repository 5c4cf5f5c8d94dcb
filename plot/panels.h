/*
 * Small multiples of groups and series: the grid of panels, their axes, labels and pages. Kinds give a style:
 * the range of a panel's values and how one cell (one series in one group) is drawn. Panels stand upright
 * while cells and labels have room; otherwise all of them lie flat (groups become rows), and long ones
 * continue on further pages.
 */
#ifndef SB_PLOT_PANELS_H
#define SB_PLOT_PANELS_H

#include "plot/canvas.h"
#include "plot/scale.h"

/* One panel, or the part of it that is on this page. */
struct sb_pane {
    const struct sb_panel *panel;
    size_t first, nr; /* groups */
    bool flat;
    struct sb_box area; /* inside the axes */
    struct sb_scale scale;
    double pitch;      /* size of a cell across the value axis */
    double group;      /* size of a group with its gap */
    double label_size; /* of values written at the cells; 0: none, they would not fit */
};

struct sb_panel_style {
    enum sb_key key;
    double least_cell, widest_cell, flat_cell, flat_least; /* px across */
    size_t most_columns;                                   /* of upright panels side by side, at most 5 */
    double
        compact; /* height of every upright plot on one page, 0: by the number of columns, on several pages */
    double share; /* of a group's size that its cells fill */
    /* Lowest and highest value; false when the panel has none. */
    bool (*range)(const struct sb_chart *chart, const struct sb_panel *panel, double *low, double *high,
                  bool *from_zero);
    /* The widest value label of the panel, 0 when this style has none. */
    double (*label_width)(struct sb_canvas *cv, const struct sb_panel *panel);
    void (*cell)(struct sb_canvas *cv, const struct sb_pane *pane, size_t cell, int slot, double centre);
    const char *note_off_zero; /* footer when an axis does not start at zero */
};

void sb_panels_layout(struct sb_canvas *cv, const struct sb_panel_style *style);
bool sb_panels_check(const struct sb_chart *chart, struct sb_err *err);
bool sb_panels_suspect(const struct sb_chart *chart);

/* Drawing in (across, value-px) coordinates, whichever way the panel lies. */
struct sb_box sb_pane_box(const struct sb_pane *pane, double across0, double across1, double px0, double px1);
void sb_pane_rule(struct sb_canvas *cv, const struct sb_pane *pane, double across, double px0, double px1,
                  double width, struct sb_rgb color); /* along the value axis */
void sb_pane_cap(struct sb_canvas *cv, const struct sb_pane *pane, double across0, double across1, double px,
                 double width, struct sb_rgb color);         /* across it */
double sb_pane_px(const struct sb_pane *pane, double value); /* along the value axis */
double sb_pane_zero(const struct sb_pane *pane);             /* px where bars stand */
void sb_pane_no_data(struct sb_canvas *cv, const struct sb_pane *pane, double centre);
/* Text at the far side of `px` (outwards when `up`), centred on the cell; lines up to `above` px away. */
void sb_pane_label(struct sb_canvas *cv, const struct sb_pane *pane, double centre, double px, bool outward,
                   const char *text, struct sb_rgb color, enum sb_weight weight);

#endif
