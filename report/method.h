/* The report's title and the method section, in plain words from the settings used. Texts live in the arena.
 */
#ifndef SB_REPORT_METHOD_H
#define SB_REPORT_METHOD_H

#include "report/view.h"

const char *sb_method_title(const struct sb_view *view,
                            struct sb_arena *arena); /* "sysbench: QEMU raw, Docker" */
const char *sb_method_extent(const struct sb_view *view,
                             struct sb_arena *arena); /* "90 runs in 18 cells ..." */
const char **sb_method_paragraphs(const struct sb_view *view, struct sb_arena *arena, size_t *nr);

/* The sysbench versions of the runs, sorted, "1.0.20, 1.1.0"; "" when no banner was printed. */
const char *sb_method_versions(const struct sb_view *view, struct sb_arena *arena);

#endif
