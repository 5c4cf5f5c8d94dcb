/* Charts as files: a chart with too many groups or rows takes several pages, each a file of its own (NAME,
 * NAME-2 ...). */
#ifndef SB_CLI_SHEETS_H
#define SB_CLI_SHEETS_H

#include "cli/chart_set.h"
#include "cli/render.h"

struct sb_sheet {
    const struct sb_chart_item *item;
    size_t page; /* from 0 */
    const char *name;
    const char *title; /* "…, page 2 of 3" behind the first */
};

/* Lists every chart's pages, which are counted in drawing processes; memory is the set's. */
bool sb_sheets_make(struct sb_chart_set *set, const struct sb_render_options *options,
                    const struct sb_render_run *run, struct sb_sheet **sheets, size_t *nr,
                    struct sb_err *err) SB_MUST_CHECK;

#endif
