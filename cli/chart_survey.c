#include "cli/chart_builder.h"

#include "core/platform.h"
#include "core/text.h"

void sb_values_add(struct sb_arena *arena, struct sb_values *list, const char *value,
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

void sb_values_append(struct sb_arena *arena, struct sb_values *list, const char *value)
{
    const char **grown = sb_arena_alloc(arena, (list->nr + 1) * sizeof *grown);
    if (list->nr) memcpy(grown, list->v, list->nr * sizeof *grown);
    grown[list->nr++] = value;
    list->v = grown;
}

const char *sb_cell_label(const struct sb_summary *s, const char *name)
{
    const char *value = sb_labels_get(&s->cell, name);
    return value ? value : "";
}

static bool is_leading(const char *name)
{
    return strcmp(name, "platform") == 0 || strcmp(name, "config") == 0 || strcmp(name, "test") == 0;
}

/* Does a further label tell apart two cells that platform, config and test do not? */
static bool label_needed(const struct sb_chart_builder *b, const char *name)
{
    for (size_t i = 0; i < b->cells_nr; i++)
        for (size_t j = i + 1; j < b->cells_nr; j++) {
            const struct sb_summary *x = b->cells[i], *y = b->cells[j];
            if (strcmp(x->metric, y->metric) == 0 &&
                strcmp(sb_cell_label(x, "platform"), sb_cell_label(y, "platform")) == 0 &&
                strcmp(sb_cell_label(x, "config"), sb_cell_label(y, "config")) == 0 &&
                strcmp(sb_cell_label(x, "test"), sb_cell_label(y, "test")) == 0 &&
                strcmp(sb_cell_label(x, name), sb_cell_label(y, name)) != 0)
                return true;
        }
    return false;
}

static struct sb_values needed_labels(const struct sb_chart_builder *b)
{
    struct sb_values all = {NULL, 0}, needed = {NULL, 0};
    for (size_t i = 0; i < b->cells_nr; i++)
        for (size_t j = 0; j < b->cells[i]->cell.nr; j++)
            if (!is_leading(b->cells[i]->cell.v[j].name))
                sb_values_add(b->arena, &all, b->cells[i]->cell.v[j].name, strcmp);
    for (size_t i = 0; i < all.nr; i++)
        if (label_needed(b, all.v[i])) sb_values_add(b->arena, &needed, all.v[i], strcmp);
    return needed;
}

/* "cpu", or "cpu threads=4" where threads tell cells apart. */
static const char *test_name(const struct sb_chart_builder *b, const struct sb_summary *s,
                             const struct sb_values *needed)
{
    const char *test = sb_cell_label(s, "test");
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

static void mark_suspect_runs(struct sb_chart_builder *b)
{
    b->run_suspect = sb_arena_calloc(b->arena, b->ds->runs_nr + 1, sizeof *b->run_suspect);
    for (size_t i = 0; i < b->ds->runs_nr; i++)
        b->run_suspect[i] = b->ds->runs[i].suspect || b->ds->runs[i].status != SB_COMPLETE;
}

void sb_chart_survey(struct sb_chart_builder *b)
{
    b->cells = sb_arena_alloc(b->arena, (b->results->summaries_nr + 1) * sizeof *b->cells);
    b->lost = sb_arena_alloc(b->arena, (b->results->summaries_nr + 1) * sizeof *b->lost);
    for (size_t i = 0; i < b->results->summaries_nr; i++) {
        const struct sb_summary *s = &b->results->summaries[i];
        bool wanted = b->metric ? strcmp(s->metric, b->metric) == 0
                                : s->group.primary && !sb_metric_is_percentile(s->metric);
        if (wanted && s->n) b->cells[b->cells_nr++] = s;
        if (wanted && !s->n) b->lost[b->lost_nr++] = s;
    }
    b->needed = needed_labels(b);
    b->tests_of = sb_arena_alloc(b->arena, (b->cells_nr + 1) * sizeof *b->tests_of);
    for (size_t i = 0; i < b->cells_nr; i++) {
        b->tests_of[i] = test_name(b, b->cells[i], &b->needed);
        sb_values_add(b->arena, &b->platforms, sb_cell_label(b->cells[i], "platform"), sb_platform_cmp);
        sb_values_add(b->arena, &b->configs, sb_cell_label(b->cells[i], "config"), sb_natural_cmp);
        sb_values_add(b->arena, &b->tests, b->tests_of[i], sb_natural_cmp);
    }
    b->tests_of_lost = sb_arena_alloc(b->arena, (b->lost_nr + 1) * sizeof *b->tests_of_lost);
    for (size_t i = 0; i < b->lost_nr; i++)
        b->tests_of_lost[i] = test_name(b, b->lost[i], &b->needed);
    mark_suspect_runs(b);
}

const struct sb_summary *sb_chart_find_cell(const struct sb_chart_builder *b, const char *platform,
                                            const char *config, const char *test)
{
    for (size_t i = 0; i < b->cells_nr; i++)
        if (strcmp(sb_cell_label(b->cells[i], "platform"), platform) == 0 &&
            strcmp(sb_cell_label(b->cells[i], "config"), config) == 0 && strcmp(b->tests_of[i], test) == 0)
            return b->cells[i];
    return NULL;
}

size_t sb_chart_lost_runs(const struct sb_chart_builder *b, const char *platform, const char *config,
                          const char *test)
{
    size_t nr = 0;
    for (size_t i = 0; i < b->lost_nr; i++) {
        const struct sb_summary *s = b->lost[i];
        if (platform && strcmp(sb_cell_label(s, "platform"), platform) != 0) continue;
        if (config && strcmp(sb_cell_label(s, "config"), config) != 0) continue;
        if (test && strcmp(b->tests_of_lost[i], test) != 0) continue;
        nr += s->runs_excluded;
    }
    return nr;
}

bool sb_chart_cell_suspect(const struct sb_chart_builder *b, const struct sb_summary *s)
{
    if (s->runs_excluded) return true;
    for (size_t i = 0; i < s->n_runs; i++)
        if (b->run_suspect[s->runs[i]]) return true;
    return false;
}
