/* Demo charts: invented data, pleasant and nasty, for the gallery, the benchmark and the tests. */
#ifndef SB_TESTS_GALLERY_H
#define SB_TESTS_GALLERY_H

#include "plot/chart.h"

size_t gallery_nr(void);
const char *gallery_name(size_t i);
/* The i-th chart; everything it points to lives until the next call for the same i or for ever. */
const struct sb_chart *gallery_chart(size_t i);

#endif
