/*
 * Raw or qcow2: what the verdicts say, what the manifest knows of the images, and what each format costs
 * whatever was measured. Texts are plain, not escaped.
 */
#ifndef SB_REPORT_IMAGES_H
#define SB_REPORT_IMAGES_H

#include "report/view.h"

/* Both platforms are there, or the manifest knows images. */
bool sb_images_wanted(const struct sb_view *view);

/* A headline comparison of qcow2 against raw. */
struct sb_images_row {
    const struct sb_view_row *row;
    const struct sb_comparison *comparison;
    const struct sb_summary *raw, *qcow2;
};
struct sb_images_row *sb_images_rows(const struct sb_view *view, struct sb_arena *arena, size_t *nr);

/* What follows from these verdicts for the choice; at least one sentence when both platforms are there. */
const char **sb_images_sentences(const struct sb_view *view, struct sb_arena *arena, size_t *nr);

bool sb_images_has_sizes(const struct sb_cell_info *cell); /* at least one */

/* Said when the manifest does not have every kind of size for both formats; else NULL. */
const char *sb_images_missing(const struct sb_view *view);

/* General knowledge, not measured: a heading line, then one sentence for each format. NULL-terminated. */
extern const char *const sb_images_costs[];

#endif
