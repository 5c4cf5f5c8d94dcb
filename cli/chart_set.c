#include "cli/chart_set.h"

#include <math.h>
#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"
#include "io/number.h"

enum { NAME_MAX_LEN = 80 };

struct values {
    const char **v;
    size_t nr;
};

/* The experiment as the charts see it: primary summaries and the values of its three dimensions. */
struct builder {
    struct sb_chart_set *set;
    struct sb_arena *arena;
    const struct sb_dataset *ds;
    const struct sb_results *results;
    const struct sb_summary **cells; /* summaries of primary metrics, without percentiles */
    const char **tests_of;           /* parallel to cells: test and what else tells cells apart */
    size_t cells_nr;
    struct values platforms, configs, tests;
    bool *run_suspect; /* per run: a finding of warning or error severity about it */
};

/* ---- what there is ---- */

static void values_add(struct sb_arena *arena, struct values *list, const char *value,
                       int (*cmp)(const char *a, const char *b))
{
    size_t at = 0;
    for (size_t i = 0; i < list->nr; i++)
        if (strcmp(list->v[i], value) == 0) return;
    while (at < list->nr && cmp(list->v[at], value) < 0)
        at++;
    const char **grown = sb_arena_alloc(arena, (list->nr + 1) * sizeof *grown);
    if (at) memcpy(grown, list->v, at * sizeof *grown);
    grown[at] = value;
    if (at < list->nr) memcpy(grown + at + 1, list->v + at, (list->nr - at) * sizeof *grown);
    list->v = grown;
    list->nr++;
}

static const char *label_or_empty(const struct sb_summary *s, const char *name)
{
    const char *value = sb_labels_get(&s->cell, name);
    return value ? value : "";
}

static bool is_leading(const char *name)
{
    return strcmp(name, "platform") == 0 || strcmp(name, "config") == 0 || strcmp(name, "test") == 0;
}

/* Does a further label tell apart two cells that platform, config and test do not? */
static bool label_needed(const struct builder *b, const char *name)
{
    for (size_t i = 0; i < b->cells_nr; i++)
        for (size_t j = i + 1; j < b->cells_nr; j++) {
            const struct sb_summary *x = b->cells[i], *y = b->cells[j];
            if (strcmp(x->metric, y->metric) == 0 && strcmp(label_or_empty(x, "platform"), label_or_empty(y, "platform")) == 0 &&
                strcmp(label_or_empty(x, "config"), label_or_empty(y, "config")) == 0 &&
                strcmp(label_or_empty(x, "test"), label_or_empty(y, "test")) == 0 &&
                strcmp(label_or_empty(x, name), label_or_empty(y, name)) != 0)
                return true;
        }
    return false;
}

static struct values needed_labels(const struct builder *b)
{
    struct values all = {NULL, 0}, needed = {NULL, 0};
    for (size_t i = 0; i < b->cells_nr; i++)
        for (size_t j = 0; j < b->cells[i]->cell.nr; j++)
            if (!is_leading(b->cells[i]->cell.v[j].name)) values_add(b->arena, &all, b->cells[i]->cell.v[j].name, strcmp);
    for (size_t i = 0; i < all.nr; i++)
        if (label_needed(b, all.v[i])) values_add(b->arena, &needed, all.v[i], strcmp);
    return needed;
}

/* "cpu", or "cpu threads=4" where threads tell cells apart. */
static const char *test_name(const struct builder *b, const struct sb_summary *s, const struct values *needed)
{
    const char *test = label_or_empty(s, "test");
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_adds(&text, *test ? test : *s->kind ? s->kind : s->metric);
    for (size_t i = 0; i < needed->nr; i++) {
        const char *value = sb_labels_get(&s->cell, needed->v[i]);
        if (value) sb_strbuf_addf(&text, " %s=%s", needed->v[i], value);
    }
    const char *name = sb_arena_intern(b->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return name;
}

static void mark_suspect_runs(struct builder *b)
{
    b->run_suspect = sb_arena_calloc(b->arena, b->ds->runs_nr + 1, sizeof *b->run_suspect);
    for (size_t i = 0; i < b->ds->findings_nr; i++) {
        const struct sb_finding *f = &b->ds->findings[i];
        if (f->run_index != SB_NO_RUN && f->severity >= SB_WARNING && !f->metric) b->run_suspect[f->run_index] = true;
    }
}

static void survey(struct builder *b)
{
    b->cells = sb_arena_alloc(b->arena, (b->results->summaries_nr + 1) * sizeof *b->cells);
    for (size_t i = 0; i < b->results->summaries_nr; i++) {
        const struct sb_summary *s = &b->results->summaries[i];
        if (s->group.primary && s->n && !sb_metric_is_percentile(s->metric)) b->cells[b->cells_nr++] = s;
    }
    struct values needed = needed_labels(b);
    b->tests_of = sb_arena_alloc(b->arena, (b->cells_nr + 1) * sizeof *b->tests_of);
    for (size_t i = 0; i < b->cells_nr; i++) {
        b->tests_of[i] = test_name(b, b->cells[i], &needed);
        values_add(b->arena, &b->platforms, label_or_empty(b->cells[i], "platform"), sb_platform_cmp);
        values_add(b->arena, &b->configs, label_or_empty(b->cells[i], "config"), sb_natural_cmp);
        values_add(b->arena, &b->tests, b->tests_of[i], sb_natural_cmp);
    }
    mark_suspect_runs(b);
}

static const struct sb_summary *find_cell(const struct builder *b, const char *platform, const char *config,
                                          const char *test, size_t *index)
{
    for (size_t i = 0; i < b->cells_nr; i++)
        if (strcmp(label_or_empty(b->cells[i], "platform"), platform) == 0 &&
            strcmp(label_or_empty(b->cells[i], "config"), config) == 0 && strcmp(b->tests_of[i], test) == 0) {
            if (index) *index = i;
            return b->cells[i];
        }
    return NULL;
}

static bool cell_suspect(const struct builder *b, const struct sb_summary *s)
{
    if (s->runs_excluded) return true;
    for (size_t i = 0; i < s->n_runs; i++)
        if (b->run_suspect[s->runs[i]]) return true;
    return false;
}

/* ---- words ---- */

static const char *platform_name(const char *platform)
{
    return *platform ? sb_platform_display(platform) : "all runs";
}

static const char *config_name(const char *config)
{
    return *config ? config : "one configuration";
}

static const char *unit_text(const char *metric, const char *unit)
{
    static const struct {
        const char *metric, *text;
    } units[] = {{"events_per_second", "events/s"}, {"transactions_per_second", "transactions/s"}, {"total_time", "seconds"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(units); i++)
        if (strcmp(units[i].metric, metric) == 0) return units[i].text;
    return unit;
}

static const char *joined(struct sb_arena *arena, const struct values *list, const char *(*show)(const char *))
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < list->nr; i++)
        sb_strbuf_addf(&text, "%s%s", i == 0 ? "" : i + 1 == list->nr ? " and " : ", ", show(list->v[i]));
    const char *result = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return result;
}

struct counts {
    size_t least, most;
    bool boots;
};

static void count_cell(struct counts *c, const struct sb_summary *s)
{
    if (!c->most || s->n < c->least) c->least = s->n;
    if (s->n > c->most) c->most = s->n;
    c->boots = s->boots_known;
}

/* "5 boots each" or "3 to 5 runs each" */
static const char *counts_text(struct sb_arena *arena, const struct counts *c)
{
    const char *what = c->boots ? "boot" : "run";
    if (c->least == c->most) return sb_arena_printf(arena, "%zu %s%s each", c->most, what, c->most == 1 ? "" : "s");
    return sb_arena_printf(arena, "%zu to %zu %ss each", c->least, c->most, what);
}

static const char *level_text(const struct builder *b)
{
    char buf[32];
    sb_number_pretty(100 * b->results->settings.confidence, 2, buf, sizeof buf);
    return sb_arena_strdup(b->arena, buf);
}

static const char *means_subtitle(const struct builder *b, const struct counts *c, const char *more)
{
    return sb_arena_printf(b->arena, "mean of %s, whiskers %s %% confidence interval%s", counts_text(b->arena, c), level_text(b), more);
}

/* Emulated and native platforms in one picture: said in the picture. NULL when it does not apply. */
static const char *emulation_note(const struct builder *b, const struct values *platforms)
{
    struct values emulated = {NULL, 0}, native = {NULL, 0};
    for (size_t i = 0; i < b->cells_nr; i++) {
        const char *platform = label_or_empty(b->cells[i], "platform"), *accelerator = b->cells[i]->accelerator;
        for (size_t p = 0; p < platforms->nr; p++) {
            if (strcmp(platforms->v[p], platform) != 0) continue;
            bool tcg = accelerator && strcmp(accelerator, "tcg") == 0;
            values_add(b->arena, tcg ? &emulated : &native, platform, sb_platform_cmp);
        }
    }
    if (!emulated.nr) return NULL;
    const char *who = joined(b->arena, &emulated, platform_name);
    if (!native.nr) return sb_arena_printf(b->arena, "%s: software emulation (TCG)", who);
    return sb_arena_printf(b->arena, "%s: software emulation (TCG), not comparable with %s", who,
                           joined(b->arena, &native, platform_name));
}

/* ---- names ---- */

static const char *slug(struct sb_arena *arena, const char *text)
{
    char name[NAME_MAX_LEN + 1];
    size_t len = 0;
    for (; *text && len < NAME_MAX_LEN; text++) {
        char c = sb_ascii_lower(*text);
        if (sb_is_alnum(c) || c == '.')
            name[len++] = c;
        else if (len && name[len - 1] != '-')
            name[len++] = '-';
    }
    while (len && (name[len - 1] == '-' || name[len - 1] == '.'))
        len--;
    return len ? sb_arena_strndup(arena, name[0] == '.' ? name + 1 : name, name[0] == '.' ? len - 1 : len) : "chart";
}

static bool name_taken(const struct sb_chart_set *set, const char *name)
{
    for (size_t i = 0; i < set->nr; i++)
        if (strcmp(set->items[i].name, name) == 0) return true;
    return false;
}

static const char *id_of(struct sb_arena *arena, const char *name)
{
    char *id = sb_arena_printf(arena, "c-%s", name);
    for (char *p = id; *p; p++)
        if (*p == '.') *p = '-';
    return id;
}

static struct sb_chart_item *add_item(struct builder *b, const char *section, const char *wanted_name)
{
    struct sb_chart_set *set = b->set;
    const char *base = slug(b->arena, wanted_name), *name = base;
    for (unsigned i = 2; name_taken(set, name); i++)
        name = sb_arena_printf(b->arena, "%s-%u", base, i);
    SB_ALLOC_GROW(set->items, set->nr + 1, set->alloc);
    struct sb_chart_item *item = &set->items[set->nr++];
    memset(item, 0, sizeof *item);
    item->name = name;
    item->section = section;
    item->chart.id = id_of(b->arena, name);
    item->chart.footer_right = "sbstat";
    item->chart.footer_left = "";
    return item;
}

/* ---- bars ---- */

static struct sb_bar no_bar(void)
{
    return (struct sb_bar){NAN, NAN, NAN, false, 0};
}

static struct sb_bar bar_of(const struct builder *b, const struct sb_summary *s)
{
    if (!s) return no_bar();
    return (struct sb_bar){s->mean, s->ci_low, s->ci_high, cell_suspect(b, s), s->n};
}

static const char **display_names(struct sb_arena *arena, const struct values *list, const char *(*show)(const char *))
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
static const int *platform_slots(struct sb_arena *arena, const struct values *platforms)
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

static void use_platform_series(struct builder *b, struct sb_chart *chart, const struct values *platforms)
{
    chart->series = display_names(b->arena, platforms, platform_name);
    chart->series_slot = platform_slots(b->arena, platforms);
    chart->series_nr = platforms->nr;
}

/* Looks up the bar of group g and series s. */
typedef const struct sb_summary *bar_fn(const struct builder *b, const void *context, size_t g, size_t s);

static const struct sb_bar *fill_bars(struct builder *b, bar_fn *fn, const void *context, size_t groups, size_t series,
                                      struct counts *counts)
{
    struct sb_bar *bars = sb_arena_alloc(b->arena, (groups * series + 1) * sizeof *bars);
    for (size_t g = 0; g < groups; g++)
        for (size_t s = 0; s < series; s++) {
            const struct sb_summary *cell = fn(b, context, g, s);
            bars[g * series + s] = bar_of(b, cell);
            if (cell) count_cell(counts, cell);
        }
    return bars;
}

struct pick {
    const char *platform, *config, *test;
    const struct values *tests;
};

static const struct sb_summary *pick_config_platform(const struct builder *b, const void *context, size_t g, size_t s)
{
    const struct pick *p = context;
    return find_cell(b, b->platforms.v[s], b->configs.v[g], p->test, NULL);
}

static const struct sb_summary *pick_test_platform(const struct builder *b, const void *context, size_t g, size_t s)
{
    const struct pick *p = context;
    return find_cell(b, b->platforms.v[s], p->config, p->tests->v[g], NULL);
}

static const struct sb_summary *pick_test_config(const struct builder *b, const void *context, size_t g, size_t s)
{
    const struct pick *p = context;
    return find_cell(b, p->platform, b->configs.v[s], p->tests->v[g], NULL);
}

static const struct sb_summary *pick_test(const struct builder *b, const void *context, size_t g, size_t s)
{
    const struct pick *p = context;
    (void)s;
    return find_cell(b, p->platform, p->config, p->tests->v[g], NULL);
}

static void add_overview(struct builder *b)
{
    struct sb_chart_item *item = add_item(b, "overview", "overview");
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->tests.nr, sizeof *panels);
    struct counts counts = {0, 0, false};
    for (size_t t = 0; t < b->tests.nr; t++) {
        const struct pick pick = {.test = b->tests.v[t]};
        const struct sb_summary *any = NULL;
        for (size_t i = 0; i < b->cells_nr && !any; i++)
            if (strcmp(b->tests_of[i], b->tests.v[t]) == 0) any = b->cells[i];
        panels[t] = (struct sb_panel){.title = b->tests.v[t],
                                      .unit = unit_text(any->metric, any->unit),
                                      .better = sb_better_text(any->better),
                                      .groups = display_names(b->arena, &b->configs, itself),
                                      .groups_nr = b->configs.nr,
                                      .bars = fill_bars(b, pick_config_platform, &pick, b->configs.nr, b->platforms.nr, &counts)};
    }
    struct sb_chart *c = &item->chart;
    c->kind = SB_CHART_BARS;
    c->title = b->platforms.nr > 1 ? sb_arena_printf(b->arena, "%s at a glance", joined(b->arena, &b->platforms, platform_name))
                                   : "The experiment at a glance";
    c->subtitle = means_subtitle(b, &counts, "; each panel has its own unit and starts at zero");
    c->panels = panels;
    c->panels_nr = b->tests.nr;
    use_platform_series(b, c, &b->platforms);
    const char *note = emulation_note(b, &b->platforms);
    if (note) c->footer_left = note;
    c->alt = sb_arena_printf(b->arena, "Bars of the mean of each test, one panel per test, for %s in %zu configuration%s.",
                             joined(b->arena, &b->platforms, platform_name), b->configs.nr, b->configs.nr == 1 ? "" : "s");
}

/* Panels of tests that measure the same thing in the same unit; `present` says whether a test belongs to this chart. */
static size_t add_kind_panels(struct builder *b, struct sb_panel **panels_out, bar_fn *fn, struct pick *pick, size_t series,
                              struct counts *counts)
{
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->cells_nr + 1, sizeof *panels);
    struct values *tests_of_panel = sb_arena_calloc(b->arena, b->cells_nr + 1, sizeof *tests_of_panel);
    const struct sb_summary **key = sb_arena_calloc(b->arena, b->cells_nr + 1, sizeof *key);
    size_t nr = 0;
    for (size_t i = 0; i < b->cells_nr; i++) {
        const struct sb_summary *s = b->cells[i];
        if (pick->platform && strcmp(label_or_empty(s, "platform"), pick->platform) != 0) continue;
        if (pick->config && strcmp(label_or_empty(s, "config"), pick->config) != 0) continue;
        size_t p = 0;
        while (p < nr && (strcmp(key[p]->kind, s->kind) != 0 || strcmp(key[p]->metric, s->metric) != 0))
            p++;
        if (p == nr) key[nr++] = s;
        values_add(b->arena, &tests_of_panel[p], b->tests_of[i], sb_natural_cmp);
    }
    for (size_t p = 0; p < nr; p++) {
        pick->tests = &tests_of_panel[p];
        panels[p] = (struct sb_panel){.title = *key[p]->kind ? key[p]->kind : key[p]->metric,
                                      .unit = unit_text(key[p]->metric, key[p]->unit),
                                      .better = sb_better_text(key[p]->better),
                                      .groups = tests_of_panel[p].v,
                                      .groups_nr = tests_of_panel[p].nr,
                                      .bars = fill_bars(b, fn, pick, tests_of_panel[p].nr, series, counts)};
    }
    *panels_out = panels;
    return nr;
}

static void set_panels(struct builder *b, struct sb_chart *c, bar_fn *fn, struct pick *pick)
{
    struct sb_panel *panels;
    struct counts counts = {0, 0, false};
    c->kind = SB_CHART_BARS;
    c->panels_nr = add_kind_panels(b, &panels, fn, pick, c->series_nr, &counts);
    c->panels = panels;
    c->subtitle = means_subtitle(b, &counts, c->panels_nr > 1 ? "; each panel has its own unit" : "");
}

static void add_platforms(struct builder *b, const char *config)
{
    struct sb_chart_item *item = add_item(b, "platforms", sb_arena_printf(b->arena, "platforms-%s", config_name(config)));
    struct pick pick = {.config = config};
    struct sb_chart *c = &item->chart;
    item->config = config;
    use_platform_series(b, c, &b->platforms);
    set_panels(b, c, pick_test_platform, &pick);
    c->title = sb_arena_printf(b->arena, "%s side by side, %s", joined(b->arena, &b->platforms, platform_name), config_name(config));
    c->alt = sb_arena_printf(b->arena, "Bars comparing %s in %s, one panel per kind of test.",
                             joined(b->arena, &b->platforms, platform_name), config_name(config));
    const char *note = emulation_note(b, &b->platforms);
    if (note) c->footer_left = note;
}

static void add_within(struct builder *b, const char *platform, const char *config)
{
    struct values one = {NULL, 0};
    struct pick pick = {.platform = platform, .config = config};
    bool any = false;
    for (size_t i = 0; i < b->cells_nr; i++)
        any |= strcmp(label_or_empty(b->cells[i], "platform"), platform) == 0 &&
               strcmp(label_or_empty(b->cells[i], "config"), config) == 0;
    if (!any) return;
    struct sb_chart_item *item = add_item(b, "within", sb_arena_printf(b->arena, "within-%s-%s", *platform ? platform : "all", config_name(config)));
    struct sb_chart *c = &item->chart;
    item->platform = platform;
    item->config = config;
    values_add(b->arena, &one, platform, sb_platform_cmp);
    use_platform_series(b, c, &one);
    set_panels(b, c, pick_test, &pick);
    c->title = sb_arena_printf(b->arena, "All tests on %s, %s", platform_name(platform), config_name(config));
    c->alt = sb_arena_printf(b->arena, "Bars of every test on %s in %s, one panel per kind of test.", platform_name(platform), config_name(config));
    const char *note = emulation_note(b, &one);
    if (note) c->footer_left = note;
}

static void add_configs(struct builder *b, const char *platform)
{
    struct values one = {NULL, 0};
    struct pick pick = {.platform = platform};
    struct sb_chart_item *item = add_item(b, "configs", sb_arena_printf(b->arena, "configs-%s", *platform ? platform : "all"));
    struct sb_chart *c = &item->chart;
    item->platform = platform;
    values_add(b->arena, &one, platform, sb_platform_cmp);
    c->series = display_names(b->arena, &b->configs, config_name);
    c->series_nr = b->configs.nr;
    set_panels(b, c, pick_test_config, &pick);
    c->title = sb_arena_printf(b->arena, "%s across configurations", platform_name(platform));
    c->alt = sb_arena_printf(b->arena, "Bars comparing %zu configurations on %s, one panel per kind of test.", b->configs.nr, platform_name(platform));
    const char *note = emulation_note(b, &one);
    if (note) c->footer_left = note;
}

/* ---- every repetition ---- */

static void add_points_panel(struct builder *b, struct sb_panel *panel, const char *config, const char *test,
                             const struct sb_summary **any, struct counts *counts)
{
    static const char *const one_group[] = {""};
    const double **points = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *points);
    size_t *points_nr = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *points_nr);
    struct sb_bar *bars = sb_arena_calloc(b->arena, b->platforms.nr, sizeof *bars);
    for (size_t p = 0; p < b->platforms.nr; p++) {
        const struct sb_summary *s = find_cell(b, b->platforms.v[p], config, test, NULL);
        bars[p] = bar_of(b, s);
        if (!s) continue;
        *any = s;
        count_cell(counts, s);
        points[p] = s->run_values;
        points_nr[p] = s->n_runs;
    }
    panel->title = config_name(config);
    panel->groups = one_group;
    panel->groups_nr = 1;
    panel->bars = bars;
    panel->points = points;
    panel->points_nr = points_nr;
}

static void add_points(struct builder *b, const char *test)
{
    struct sb_chart_item *item = add_item(b, "runs", sb_arena_printf(b->arena, "runs-%s", test));
    struct sb_panel *panels = sb_arena_calloc(b->arena, b->configs.nr, sizeof *panels);
    const struct sb_summary *any = NULL;
    struct counts counts = {0, 0, false};
    struct sb_chart *c = &item->chart;
    for (size_t i = 0; i < b->configs.nr; i++)
        add_points_panel(b, &panels[i], b->configs.v[i], test, &any, &counts);
    for (size_t i = 0; i < b->configs.nr; i++) {
        panels[i].unit = unit_text(any->metric, any->unit);
        panels[i].better = sb_better_text(any->better);
    }
    item->test = test;
    c->kind = SB_CHART_POINTS;
    c->panels = panels;
    c->panels_nr = b->configs.nr;
    use_platform_series(b, c, &b->platforms);
    c->title = sb_arena_printf(b->arena, "Every run of %s", test);
    c->subtitle = sb_arena_printf(b->arena, "%s, %s; box: quartiles, line: median, every run a point", unit_text(any->metric, any->unit), counts_text(b->arena, &counts));
    c->alt = sb_arena_printf(b->arena, "Every run of %s as a point beside a box of its quartiles, one panel per configuration.", test);
    const char *note = emulation_note(b, &b->platforms);
    if (note) c->footer_left = note;
}

/* ---- ratios ---- */

static const char *rest_text(struct sb_arena *arena, const struct sb_comparison *c, bool with_test)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < c->rest.nr; i++) {
        const char *name = c->rest.v[i].name, *value = c->rest.v[i].value;
        if (strcmp(name, "test") == 0 && !with_test) continue;
        if (text.len) sb_strbuf_adds(&text, ", ");
        if (strcmp(name, "platform") == 0)
            sb_strbuf_adds(&text, sb_platform_display(value));
        else if (strcmp(name, "config") == 0 || strcmp(name, "test") == 0)
            sb_strbuf_adds(&text, value);
        else
            sb_strbuf_addf(&text, "%s=%s", name, value);
    }
    const char *result = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return result;
}

static bool in_forest(const struct sb_comparison *c, const struct sb_comparison *like)
{
    return c->group.primary && !sb_metric_is_percentile(c->metric) && isfinite(c->ratio) &&
           strcmp(c->level, like->level) == 0 && strcmp(c->baseline, like->baseline) == 0;
}

static const char *level_name(const char *factor, const char *level)
{
    return strcmp(factor, "platform") == 0 ? platform_name(level) : level;
}

static size_t fill_forest(struct builder *b, const struct sb_results *results, const struct sb_comparison *like,
                          struct sb_forest_row **rows_out, bool *barred)
{
    struct sb_forest_row *rows = sb_arena_calloc(b->arena, results->comparisons_nr, sizeof *rows);
    size_t nr = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!in_forest(c, like)) continue;
        const char *test = sb_labels_get(&c->rest, "test"), *label = rest_text(b->arena, c, false);
        *barred |= c->barred;
        size_t at = nr++; /* rows of one test stand together, in the order of the comparisons */
        const char *heading = test ? test : c->kind;
        while (at && sb_natural_cmp(heading, rows[at - 1].heading) < 0) {
            rows[at] = rows[at - 1];
            at--;
        }
        const struct sb_summary *x = &results->summaries[c->summary_baseline], *y = &results->summaries[c->summary_level];
        rows[at] = (struct sb_forest_row){.heading = heading,
                                          .label = *label ? label : c->metric,
                                          .ratio = c->ratio,
                                          .low = c->ratio_low,
                                          .high = c->ratio_high,
                                          .verdict = c->barred ? "" : sb_verdict_text(c->verdict),
                                          .suspect = cell_suspect(b, x) || cell_suspect(b, y)};
    }
    *rows_out = rows;
    return nr;
}

static void add_forest(struct builder *b, const struct sb_results *results, const struct sb_comparison *like)
{
    struct sb_forest_row *rows;
    bool barred = false;
    size_t nr = fill_forest(b, results, like, &rows, &barred);
    if (!nr) return;
    const char *level = level_name(like->factor, like->level), *baseline = level_name(like->factor, like->baseline);
    struct sb_chart_item *item = add_item(b, strcmp(like->factor, "platform") == 0 ? "platforms" : "configs",
                                          sb_arena_printf(b->arena, "ratios-%s-vs-%s", like->level, like->baseline));
    struct sb_chart *c = &item->chart;
    char margin[32];
    sb_number_pretty(100 * results->settings.margin, 2, margin, sizeof margin);
    c->kind = SB_CHART_FOREST;
    c->title = sb_arena_printf(b->arena, "%s relative to %s", level, baseline);
    c->subtitle = barred ? "ratio of geometric means with 95 % interval, log scale; no verdict: the two ran under different accelerators"
                         : sb_arena_printf(b->arena, "ratio of geometric means with 95 %% interval, log scale; shaded: within %s %%, counts as equivalent", margin);
    c->rows = rows;
    c->rows_nr = nr;
    c->margin = results->settings.margin;
    c->baseline = baseline;
    c->alt = sb_arena_printf(b->arena, "Ratios of %s to %s with intervals for %zu comparisons.", level, baseline, nr);
    c->footer_left = barred ? "software emulation (TCG) against native: not a property of the platforms"
                            : "colours: verdict after correction for all comparisons of the table";
}

static void add_forests(struct builder *b, const struct sb_results *results)
{
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        bool seen = false;
        for (size_t j = 0; j < i && !seen; j++)
            seen = in_forest(&results->comparisons[j], c);
        if (!seen && in_forest(c, c)) add_forest(b, results, c);
    }
}

/* ---- the set ---- */

void sb_chart_set_build(struct sb_chart_set *set, const struct sb_dataset *ds, const struct sb_results *platforms,
                        const struct sb_results *configs)
{
    memset(set, 0, sizeof *set);
    sb_arena_init(&set->arena);
    struct builder b = {.set = set, .arena = &set->arena, .ds = ds, .results = platforms};
    survey(&b);
    if (!b.cells_nr) return;
    add_overview(&b);
    if (b.platforms.nr > 1)
        for (size_t i = 0; i < b.configs.nr; i++)
            add_platforms(&b, b.configs.v[i]);
    add_forests(&b, platforms);
    for (size_t i = 0; i < b.platforms.nr; i++)
        for (size_t j = 0; j < b.configs.nr; j++)
            add_within(&b, b.platforms.v[i], b.configs.v[j]);
    if (b.configs.nr > 1) {
        for (size_t i = 0; i < b.platforms.nr; i++)
            add_configs(&b, b.platforms.v[i]);
        if (configs) add_forests(&b, configs);
    }
    for (size_t i = 0; i < b.tests.nr; i++)
        add_points(&b, b.tests.v[i]);
}

void sb_chart_set_free(struct sb_chart_set *set)
{
    free(set->items);
    sb_arena_free(&set->arena);
    memset(set, 0, sizeof *set);
}
