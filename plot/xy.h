/* Charts with two numeric axes: the frame, grid and labels, curves cut to the frame, and names beside the
 * curves' ends. */
#ifndef SB_PLOT_XY_H
#define SB_PLOT_XY_H

#include "plot/canvas.h"
#include "plot/scale.h"

struct sb_xy_frame {
    struct sb_box area;
    struct sb_scale x, y;
    const char *header; /* above the frame, left: unit and direction */
    const char *x_title;
    bool x_grid, minor; /* vertical grid lines; small ticks between those of a log axis */
    const char *note;   /* added to the footer */
};

/* A name to be written beside the end of a curve. */
struct sb_end_label {
    const char *text;
    double y; /* px wanted; set to px used */
    struct sb_rgb color;
};

/* Where the frame goes: below `top`, as wide as axis labels and names at the right allow. Sets area and the
 * scales' px. `natural` is the height of the area unless the chart's height is given. */
void sb_xy_place(struct sb_canvas *cv, struct sb_xy_frame *f, double top, double natural, double right_room);
void sb_xy_draw_axes(struct sb_canvas *cv, const struct sb_xy_frame *f);
/* The footer, and the canvas's end. */
void sb_xy_end(struct sb_canvas *cv, const struct sb_xy_frame *f);

/* Room that names beside the curves need, 0 when a legend is better (too many, too long). */
double sb_xy_names_room(struct sb_canvas *cv, double plot_height);
/* Moves labels apart so that they do not overlap and stay inside [top, bottom]. Sorts them. */
void sb_xy_spread(struct sb_end_label *labels, size_t nr, double top, double bottom);
void sb_xy_draw_names(struct sb_canvas *cv, const struct sb_xy_frame *f, struct sb_end_label *labels,
                      size_t nr);

/* A line through px points, cut at the frame; points that are not finite interrupt it. dash 0: solid. */
void sb_xy_line(struct sb_canvas *cv, const struct sb_xy_frame *f, const struct sb_pt *points, size_t nr,
                double width, struct sb_rgb color, double dash);
/* Keeps what can be seen: of many points in one column of pixels the first, lowest, highest and last. Returns
 * the new number. */
size_t sb_xy_thin(struct sb_pt *points, size_t nr);

struct sb_pt sb_xy_at(const struct sb_xy_frame *f, double x,
                      double y); /* data to px; may lie outside; not finite: NaN */

const char *sb_xy_unit(struct sb_canvas *cv, const char *unit,
                       const char *better); /* "MiB/s, higher is better" */
/* Lines of series that share colours by hue only get dashes in the print theme: the dash of a slot, 0 solid.
 */
double sb_xy_dash(const struct sb_canvas *cv, int slot);
struct sb_rgb sb_xy_ink(const struct sb_canvas *cv,
                        int slot); /* of lines: visible on the page in any theme */

bool sb_xy_check(const struct sb_chart *chart, struct sb_err *err);
/* Extent of all finite samples (and intervals); false when there is none. */
bool sb_xy_extent(const struct sb_xy *xy, double *x0, double *x1, double *y0, double *y1);

#endif
