/* The sentences behind sb_report_findings(), from a view that is already made. Texts live in the arena, not
 * escaped. */
#ifndef SB_REPORT_HEADLINE_H
#define SB_REPORT_HEADLINE_H

#include "report/view.h"

const char **sb_headline_sentences(const struct sb_view *view, struct sb_arena *arena, size_t *nr);

/* One level of a factor against the matrix's first baseline; NULL when no headline comparison of it may be
 * quoted. */
const char *sb_headline_level(const struct sb_view *view, const struct sb_view_matrix *matrix,
                              struct sb_arena *arena, size_t level);

/* All levels of the configurations against the first one. */
const char *sb_headline_factor(const struct sb_view *view, const struct sb_view_matrix *matrix,
                               struct sb_arena *arena);

/* How many runs stand in the statistics and how many do not, and why. */
const char *sb_headline_quality(const struct sb_view *view, struct sb_arena *arena);

/* Headline comparisons with the first baseline between levels that ran under different accelerators. */
size_t sb_headline_barred(const struct sb_view *view);

/* Was anything emulated, or compared across accelerators? Then the first sentence says so. */
bool sb_headline_emulated(const struct sb_view *view);

#endif
