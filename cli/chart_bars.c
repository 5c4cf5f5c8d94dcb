#include "cli/chart_builder.h"

#include <math.h>
#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"

static struct sb_bar no_bar(void)
{
    return (struct sb_bar){NAN, NAN, NAN, false, 0};
}

struct sb_bar sb_bar_of(const struct sb_chart_builder *b, const struct sb_summary *s)
{
    if (!s) return no_bar();
    return (struct sb_bar){s->mean, s->ci_low, s->ci_high, sb_chart_cell_suspect(b, s), s->n};
}

static const char **display_names(struct sb_arena *arena, const struct sb_values *list,
                                  const char *(*show)(const char *))
{
    const char **names = sb_arena_alloc(arena, (list->nr + 1) * sizeof *names);
    for (size_t i = 0; i < list->nr; i++)
        names[i] = show(list->v[i]);
    return names;
}

static const char *itself(const char *text)
{
    return text;
}

/* A platform keeps its colour in every chart: its place in the platform table, unknown ones behind. */
static const int *platform_slots(struct sb_arena *arena, const struct sb_values *platforms)
{
    int *slots = sb_arena_alloc(arena, (platforms->nr + 1) * sizeof *slots);
    static const char *const first[] = {"raw", "qcow2", "docker", "host", "podman", "ssh"};
    int next = SB_ARRAY_SIZE(first);
    for (size_t i = 0; i < platforms->nr; i++) {
        slots[i] = -1;
        for (size_t k = 0; k < SB_ARRAY_SIZE(first); k++)
            if (strcmp(platforms->v[i], first[k]) == 0) slots[i] = (int)k;
        if (slots[i] < 0) slots[i] = next++;
    }
    return slots;
}

void sb_use_platform_series(struct sb_chart_builder *b, struct sb_chart *chart,
                            const struct sb_values *platforms)
{
    chart->series = display_names(b->arena, platforms, sb_platform_name);
    chart->series_slot = platform_slots(b->arena, platforms);
    chart->series_nr = platforms->nr;
}

/* Looks up the bar of group g and series s. */
typedef const struct sb_summary *bar_fn(const struct sb_chart_builder *b, const void *context, size_t g,
                                        size_t s);

static const struct sb_bar *fill_bars(struct sb_chart_builder *b, bar_fn *fn, const void *context,
                                      size_t groups, size_t series, struct sb_counts *counts)
{
    struct sb_bar *bars = sb_arena_alloc(b->arena, (groups * series + 1) * sizeof *bars);
    for (size_t g = 0; g < groups; g++)
        for (size_t s = 0; s < series; s++) {
            const struct sb_summary *cell = fn(b, context, g, s);
            bars[g * series + s] = sb_bar_of(b, cell);
            if (cell) sb_counts_add(counts, cell);
        }
    return bars;
}

struct pick {
    const char *platform, *config, *test;
    const struct sb_values *tests;
};

static const struct sb_summary *pick_config_platform(const struct sb_chart_builder *b, const void *context,
                                                     size_t g, size_t s)
{
    const struct pick *p = context;
    return sb_chart_find_cell(b, b->platforms.v[s], b->configs.v[g], p->test);
}

static const struct sb_summary *pick_test_platform(const struct sb_chart_builder *b, const void *context,
                                                   size_t g, size_t s)
{
    const struct pick *p = context;
    return sb_chart_find_cell(b, b->platforms.v[s], p->config, p->tests->v[g]);
}

static const struct sb_summary *pick_test_config(const struct sb_chart_builder *b, const void *context,
                                                 size_t g, size_t s)
{
    const struct pick *p = context;
    return sb_chart_find_cell(b, p->platform, b->configs.v[s], p->tests->v[g]);
}

static const struct sb_summary *pick_test(const struct sb_chart_builder *b, const void *context, size_t g,
                                          size_t s)
{
    const struct pick *p = context;
    (void)s;
    return sb_chart_find_cell(b, p->platform, p->config, p->tests->v[g]);
}

void sb_add_overview(struct sb_chart_builder *b)
{
    struct sb_chart_item *item = sb_chart_add_item(b, "overview", "overview");
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->tests.nr, sizeof *panels);
    struct sb_counts counts = {.most = 0};
    for (size_t t = 0; t < b->tests.nr; t++) {
        const struct pick pick = {.test = b->tests.v[t]};
        const struct sb_summary *any = NULL;
        for (size_t i = 0; i < b->cells_nr && !any; i++)
            if (strcmp(b->tests_of[i], b->tests.v[t]) == 0) any = b->cells[i];
        panels[t] = (struct sb_panel){
            .title = b->tests.v[t],
            .unit = sb_axis_unit(any->metric, any->unit),
            .better = sb_better_text(any->better),
            .groups = display_names(b->arena, &b->configs, itself),
            .groups_nr = b->configs.nr,
            .bars = fill_bars(b, pick_config_platform, &pick, b->configs.nr, b->platforms.nr, &counts)};
    }
    struct sb_chart *c = &item->chart;
    c->kind = SB_CHART_BARS;
    c->title = b->platforms.nr > 1
                   ? sb_arena_printf(b->arena, "%s at a glance",
                                     sb_values_joined(b->arena, &b->platforms, sb_platform_name))
                   : "The experiment at a glance";
    c->subtitle = sb_means_subtitle(b, &counts, "; each panel has its own unit and starts at zero");
    c->panels = panels;
    c->panels_nr = b->tests.nr;
    sb_use_platform_series(b, c, &b->platforms);
    const char *note = sb_emulation_note(b, &b->platforms, NULL, NULL);
    if (note) c->footer_left = note;
    c->alt = sb_arena_printf(
        b->arena, "Bars of the mean of each test, one panel per test, for %s in %zu configuration%s.",
        sb_values_joined(b->arena, &b->platforms, sb_platform_name), b->configs.nr,
        b->configs.nr == 1 ? "" : "s");
}

/* Panels of tests that measure the same thing in the same unit; `present` says whether a test belongs to this
 * chart. */
static size_t add_kind_panels(struct sb_chart_builder *b, struct sb_panel **panels_out, bar_fn *fn,
                              struct pick *pick, size_t series, struct sb_counts *counts)
{
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->cells_nr + 1, sizeof *panels);
    struct sb_values *tests_of_panel = sb_arena_calloc(b->arena, b->cells_nr + 1, sizeof *tests_of_panel);
    const struct sb_summary **key = sb_arena_calloc(b->arena, b->cells_nr + 1, sizeof *key);
    size_t nr = 0;
    for (size_t i = 0; i < b->cells_nr; i++) {
        const struct sb_summary *s = b->cells[i];
        if (pick->platform && strcmp(sb_cell_label(s, "platform"), pick->platform) != 0) continue;
        if (pick->config && strcmp(sb_cell_label(s, "config"), pick->config) != 0) continue;
        size_t p = 0;
        while (p < nr && (strcmp(key[p]->kind, s->kind) != 0 || strcmp(key[p]->metric, s->metric) != 0))
            p++;
        if (p == nr) key[nr++] = s;
        sb_values_add(b->arena, &tests_of_panel[p], b->tests_of[i], sb_natural_cmp);
    }
    for (size_t p = 0; p < nr; p++) {
        pick->tests = &tests_of_panel[p];
        panels[p] = (struct sb_panel){.title = *key[p]->kind ? key[p]->kind : key[p]->metric,
                                      .unit = sb_axis_unit(key[p]->metric, key[p]->unit),
                                      .better = sb_better_text(key[p]->better),
                                      .groups = tests_of_panel[p].v,
                                      .groups_nr = tests_of_panel[p].nr,
                                      .bars = fill_bars(b, fn, pick, tests_of_panel[p].nr, series, counts)};
    }
    *panels_out = panels;
    return nr;
}

static void set_panels(struct sb_chart_builder *b, struct sb_chart *c, bar_fn *fn, struct pick *pick)
{
    struct sb_panel *panels;
    struct sb_counts counts = {.most = 0};
    c->kind = SB_CHART_BARS;
    c->panels_nr = add_kind_panels(b, &panels, fn, pick, c->series_nr, &counts);
    c->panels = panels;
    c->subtitle = sb_means_subtitle(b, &counts, c->panels_nr > 1 ? "; each panel has its own unit" : "");
}

static void add_platforms(struct sb_chart_builder *b, const char *config)
{
    struct sb_chart_item *item =
        sb_chart_add_item(b, "platforms", sb_with_config(b->arena, "platforms", "-", config));
    struct pick pick = {.config = config};
    struct sb_chart *c = &item->chart;
    item->config = config;
    sb_use_platform_series(b, c, &b->platforms);
    set_panels(b, c, pick_test_platform, &pick);
    c->title = sb_with_config(b->arena,
                              sb_arena_printf(b->arena, "%s side by side",
                                              sb_values_joined(b->arena, &b->platforms, sb_platform_name)),
                              ", ", config);
    c->alt =
        sb_arena_printf(b->arena, "Bars comparing %s in %s, one panel per kind of test.",
                        sb_values_joined(b->arena, &b->platforms, sb_platform_name), sb_config_name(config));
    const char *note = sb_emulation_note(b, &b->platforms, config, NULL);
    if (note) c->footer_left = note;
}

static void add_within(struct sb_chart_builder *b, const char *platform, const char *config)
{
    struct sb_values one = {NULL, 0};
    struct pick pick = {.platform = platform, .config = config};
    bool any = false;
    for (size_t i = 0; i < b->cells_nr; i++)
        any |= strcmp(sb_cell_label(b->cells[i], "platform"), platform) == 0 &&
               strcmp(sb_cell_label(b->cells[i], "config"), config) == 0;
    if (!any) return;
    struct sb_chart_item *item = sb_chart_add_item(
        b, "within",
        sb_with_config(b->arena, sb_arena_printf(b->arena, "within-%s", *platform ? platform : "all"), "-",
                       config));
    struct sb_chart *c = &item->chart;
    item->platform = platform;
    item->config = config;
    sb_values_add(b->arena, &one, platform, sb_platform_cmp);
    sb_use_platform_series(b, c, &one);
    set_panels(b, c, pick_test, &pick);
    c->title = sb_with_config(
        b->arena, sb_arena_printf(b->arena, "All tests on %s", sb_platform_name(platform)), ", ", config);
    c->alt = sb_arena_printf(b->arena, "Bars of every test on %s in %s, one panel per kind of test.",
                             sb_platform_name(platform), sb_config_name(config));
    const char *note = sb_emulation_note(b, &one, config, NULL);
    if (note) c->footer_left = note;
}

static void add_configs(struct sb_chart_builder *b, const char *platform)
{
    struct sb_values one = {NULL, 0};
    struct pick pick = {.platform = platform};
    struct sb_chart_item *item = sb_chart_add_item(
        b, "configs", sb_arena_printf(b->arena, "configs-%s", *platform ? platform : "all"));
    struct sb_chart *c = &item->chart;
    item->platform = platform;
    sb_values_add(b->arena, &one, platform, sb_platform_cmp);
    c->series = display_names(b->arena, &b->configs, sb_config_name);
    c->series_nr = b->configs.nr;
    set_panels(b, c, pick_test_config, &pick);
    c->title = sb_arena_printf(b->arena, "%s across configurations", sb_platform_name(platform));
    c->alt = sb_arena_printf(b->arena, "Bars comparing %zu configurations on %s, one panel per kind of test.",
                             b->configs.nr, sb_platform_name(platform));
    const char *note = sb_emulation_note(b, &one, NULL, NULL);
    if (note) c->footer_left = note;
}

void sb_add_platforms(struct sb_chart_builder *b)
{
    for (size_t i = 0; i < b->configs.nr && b->platforms.nr > 1; i++)
        add_platforms(b, b->configs.v[i]);
}

void sb_add_within(struct sb_chart_builder *b)
{
    for (size_t i = 0; i < b->platforms.nr; i++)
        for (size_t j = 0; j < b->configs.nr; j++)
            add_within(b, b->platforms.v[i], b->configs.v[j]);
}

void sb_add_configs(struct sb_chart_builder *b)
{
    for (size_t i = 0; i < b->platforms.nr && b->configs.nr > 1; i++)
        add_configs(b, b->platforms.v[i]);
}
