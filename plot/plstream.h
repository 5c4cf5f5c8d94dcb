/*
 * PLplot as the drawing backend: a display list goes out through its primitives, one page per stream. Tames
 * what PLplot does when things go wrong (plstream.c says how).
 */
#ifndef SB_PLOT_PLSTREAM_H
#define SB_PLOT_PLSTREAM_H

#include <cairo.h>
#include <stdio.h>
#include "core/err.h"
#include "plot/display.h"

/* PLplot's coordinates are 16 bit and its cairo lines at least 1 unit wide: every px is drawn as 8 of its
 * units. Replaying a cairo recording rounds the scale to 1/256, so the factor has to be a power of two. */
#define SB_PL_OVERSAMPLING 8.0

/* A PLplot device and what is called for texts, which are not drawn by PLplot itself. */
struct sb_pl_target {
    const char *device;
    cairo_t *cr; /* extcairo */
    FILE *file;  /* svg; closed by the stream in every case */
    void (*text)(const struct sb_pl_target *target, const struct sb_dl *dl, const struct sb_dl_item *item);
};

bool sb_pl_init(struct sb_err *err) SB_MUST_CHECK; /* checks the devices; idempotent */
bool sb_pl_draw(const struct sb_pl_target *target, const struct sb_dl *dl, struct sb_err *err) SB_MUST_CHECK;

/* A text of one letter at a place: something to put a real text in place of. */
void sb_pl_placeholder(const struct sb_dl *dl, const struct sb_dl_item *item);

#endif
