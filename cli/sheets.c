#include "cli/sheets.h"

#include "core/alloc.h"

static void add_pages(struct sb_chart_set *set, const struct sb_chart_item *item, size_t pages,
                      struct sb_sheet *sheets)
{
    for (size_t page = 0; page < pages; page++) {
        const char *name = item->name, *title = item->chart.title;
        if (page) {
            name = sb_arena_printf(&set->arena, "%s-page%zu", item->name, page + 1);
            title = sb_arena_printf(&set->arena, "%s, page %zu of %zu", item->chart.title, page + 1, pages);
        }
        sheets[page] = (struct sb_sheet){item, page, name, title};
    }
}

bool sb_sheets_make(struct sb_chart_set *set, const struct sb_render_options *options,
                    const struct sb_render_run *run, struct sb_sheet **sheets, size_t *nr, struct sb_err *err)
{
    const struct sb_chart **charts = sb_arena_calloc(&set->arena, set->nr + 1, sizeof *charts);
    size_t *pages = sb_arena_calloc(&set->arena, set->nr + 1, sizeof *pages);
    for (size_t i = 0; i < set->nr; i++)
        charts[i] = &set->items[i].chart;
    if (!sb_render_pages(charts, set->nr, options, run, pages, err)) return false;
    *nr = 0;
    for (size_t i = 0; i < set->nr; i++)
        *nr += pages[i];
    *sheets = sb_arena_calloc(&set->arena, *nr + 1, sizeof **sheets);
    for (size_t i = 0, at = 0; i < set->nr; at += pages[i++])
        add_pages(set, &set->items[i], pages[i], *sheets + at);
    return true;
}
