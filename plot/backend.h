/* The back ends: a display list to the bytes of a file. */
#ifndef SB_PLOT_BACKEND_H
#define SB_PLOT_BACKEND_H

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
/* A picture in memory: rows of native-endian 32-bit 0xXXRRGGBB. */
struct sb_pixels {
    const unsigned char *bytes;
    size_t width, height, stride;
};

/* Encodes as 8-bit RGB. Appends nothing on failure. */
bool sb_png_write(const struct sb_pixels *pixels, const struct sb_render_meta *meta, double dpi,
                  struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

/* A PDF of several pages, made one page at a time. */
struct sb_pdf;
struct sb_pdf *sb_pdf_open(const struct sb_render_meta *meta);
/* `heading` (may be NULL) becomes an entry of the outline. False with err: close it all the same. */
bool sb_pdf_add(struct sb_pdf *pdf, const struct sb_dl *page, const char *heading,
                struct sb_err *err) SB_MUST_CHECK;
/* Frees pdf; appends the file when `ok` and all went well. */
bool sb_pdf_close(struct sb_pdf *pdf, bool ok, struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

#endif
