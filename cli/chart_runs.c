/* Every run of a test as a point; each platform has a panel and a scale of its own, since this is about
 * scatter. */
#include "cli/chart_builder.h"

#include "core/alloc.h"

/* One panel: a platform's configurations side by side. False when the platform has no run of the test. */
static bool fill_panel(struct sb_chart_builder *b, struct sb_panel *panel, const char *platform,
                       const char *test, struct sb_counts *counts, struct sb_extent *extent)
{
    size_t nr = b->configs.nr;
    const char **groups = sb_arena_calloc(b->arena, nr, sizeof *groups);
    const double **points = sb_arena_calloc(b->arena, nr, sizeof *points);
    size_t *points_nr = sb_arena_calloc(b->arena, nr, sizeof *points_nr);
    struct sb_bar *bars = sb_arena_calloc(b->arena, nr, sizeof *bars);
    const struct sb_summary *any = NULL;
    for (size_t i = 0; i < nr; i++) {
        const struct sb_summary *s = sb_chart_find_cell(b, platform, b->configs.v[i], test);
        groups[i] = sb_config_name(b->configs.v[i]);
        bars[i] = sb_bar_of(b, s);
        if (!s) continue;
        any = s;
        sb_counts_add(counts, s);
        extent->shown += s->n_runs;
        extent->left_out += s->runs_excluded;
        points[i] = s->run_values;
        points_nr[i] = s->n_runs;
    }
    if (!any) return false;
    *panel = (struct sb_panel){.title = sb_platform_name(platform),
                               .unit = sb_axis_unit(any->metric, any->unit),
                               .better = sb_better_text(any->better),
                               .groups = groups,
                               .groups_nr = nr,
                               .bars = bars,
                               .points = points,
                               .points_nr = points_nr};
    return true;
}

static void add_points(struct sb_chart_builder *b, const char *test)
{
    static const char *const one_series[] = {"runs"};
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *panels);
    struct sb_counts counts = {.most = 0};
    struct sb_extent extent = {0, sb_chart_lost_runs(b, NULL, NULL, test)};
    size_t nr = 0;
    for (size_t i = 0; i < b->platforms.nr; i++)
        nr += fill_panel(b, &panels[nr], b->platforms.v[i], test, &counts, &extent);
    struct sb_chart_item *item = sb_chart_add_item(b, "runs", sb_arena_printf(b->arena, "runs-%s", test));
    struct sb_chart *c = &item->chart;
    item->test = test;
    c->kind = SB_CHART_POINTS;
    c->panels = panels;
    c->panels_nr = nr;
    c->series = one_series;
    c->series_nr = SB_ARRAY_SIZE(one_series);
    const char *some = sb_extent_text(b->arena, &extent, NULL);
    const char *what = sb_arena_printf(b->arena, "%s of %s", some ? "Runs" : "Every run", test);
    c->title = what;
    c->subtitle = sb_arena_printf(b->arena, "%s%s%s; box: quartiles, line: median; panels differ in scale",
                                  some ? some : "", some ? "; " : "", sb_counts_text(b->arena, &counts));
    c->alt =
        sb_arena_printf(b->arena, "%s as a point beside a box of its quartiles, one panel per platform%s%s.",
                        some ? sb_arena_printf(b->arena, "Each shown run of %s", test) : what,
                        some ? "; " : "", some ? some : "");
    const char *note = sb_emulation_note(b, &b->platforms, NULL, test);
    if (note) c->footer_left = note;
}

void sb_add_runs(struct sb_chart_builder *b)
{
    for (size_t i = 0; i < b->tests.nr; i++)
        add_points(b, b->tests.v[i]);
}
