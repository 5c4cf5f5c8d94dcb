/* The gallery's charts by file. */
#ifndef SB_TESTS_GALLERY_PARTS_H
#define SB_TESTS_GALLERY_PARTS_H

#include "gallery.h"

extern const char *const gallery_platforms[3];
double gallery_noise(unsigned *state); /* about normal, sd 0.7, the same on every machine */

const struct sb_chart *gallery_scaling(void);
const struct sb_chart *gallery_series(void);
const struct sb_chart *gallery_order(void);
const struct sb_chart *gallery_histogram(void);
const struct sb_chart *gallery_ecdf(void);
const struct sb_chart *gallery_percentile(void);
const struct sb_chart *gallery_heat(void);

#endif
