/* The back ends: a display list to the bytes of a file. */
#ifndef SB_PLOT_RENDER_H
#define SB_PLOT_RENDER_H

#include "plot/chart.h"
#include "plot/display.h"

/* What is written into the file besides the picture; texts are safe, "" when absent. */
struct sb_render_meta {
    const char *title, *description, *id, *parameters;
};

bool sb_render_svg(const struct sb_dl *dl, const struct sb_render_meta *meta, struct sb_strbuf *out,
                   struct sb_err *err) SB_MUST_CHECK;
/* `scale` px per logical px, a multiple of 1/32. `dpi` 0: 96 x scale. */
bool sb_render_png(const struct sb_dl *dl, const struct sb_render_meta *meta, double scale, double dpi,
                   struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;
/* One page for each display list. */
bool sb_render_pdf(const struct sb_dl *const *pages, size_t pages_nr, const struct sb_render_meta *meta,
                   struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

#endif
