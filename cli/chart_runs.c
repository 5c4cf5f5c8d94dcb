/* Every run of a test as a point. */
#include "cli/chart_builder.h"

static void add_points_panel(struct sb_chart_builder *b, struct sb_panel *panel, const char *config, const char *test,
                             const struct sb_summary **any, struct sb_counts *counts)
{
    static const char *const one_group[] = {""};
    const double **points = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *points);
    size_t *points_nr = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *points_nr);
    struct sb_bar *bars = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *bars);
    for (size_t p = 0; p < b->platforms.nr; p++) {
        const struct sb_summary *s = sb_chart_find_cell(b, b->platforms.v[p], config, test);
        bars[p] = sb_bar_of(b, s);
        if (!s) continue;
        *any = s;
        sb_counts_add(counts, s);
        points[p] = s->run_values;
        points_nr[p] = s->n_runs;
    }
    panel->title = sb_config_name(config);
    panel->groups = one_group;
    panel->groups_nr = 1;
    panel->bars = bars;
    panel->points = points;
    panel->points_nr = points_nr;
}

void sb_add_points(struct sb_chart_builder *b, const char *test)
{
    struct sb_chart_item *item = sb_chart_add_item(b, "runs", sb_arena_printf(b->arena, "runs-%s", test));
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->configs.nr, sizeof *panels);
    const struct sb_summary *any = NULL;
    struct sb_counts counts = {0, 0, false};
    struct sb_chart *c = &item->chart;
    for (size_t i = 0; i < b->configs.nr; i++)
        add_points_panel(b, &panels[i], b->configs.v[i], test, &any, &counts);
    for (size_t i = 0; i < b->configs.nr; i++) {
        panels[i].unit = sb_axis_unit(any->metric, any->unit);
        panels[i].better = sb_better_text(any->better);
    }
    item->test = test;
    c->kind = SB_CHART_POINTS;
    c->panels = panels;
    c->panels_nr = b->configs.nr;
    sb_use_platform_series(b, c, &b->platforms);
    c->title = sb_arena_printf(b->arena, "Every run of %s", test);
    c->subtitle = sb_arena_printf(b->arena, "%s, %s; box: quartiles, line: median, every run a point", sb_axis_unit(any->metric, any->unit), sb_counts_text(b->arena, &counts));
    c->alt = sb_arena_printf(b->arena, "Every run of %s as a point beside a box of its quartiles, one panel per configuration.", test);
    const char *note = sb_emulation_note(b, &b->platforms);
    if (note) c->footer_left = note;
}

