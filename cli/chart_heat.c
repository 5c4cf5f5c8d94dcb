/* Changes of a level against the baseline as a map: tests x configurations. */
#include "cli/chart_builder.h"

#include <math.h>
#include "core/alloc.h"
#include "core/platform.h"

static const struct sb_comparison *find_pair(const struct sb_chart_builder *b, const char *level,
                                             const struct sb_summary *cell)
{
    for (size_t i = 0; i < b->results->comparisons_nr; i++) {
        const struct sb_comparison *c = &b->results->comparisons[i];
        if (strcmp(c->level, level) == 0 && strcmp(c->baseline, b->results->baseline) == 0 && !c->barred &&
            &b->results->summaries[c->summary_level] == cell)
            return c;
    }
    return NULL;
}

/* Positive is better, whatever the metric's direction. */
static double improvement(const struct sb_comparison *c)
{
    if (!isfinite(c->ratio) || c->better == SB_BETTER_NONE) return NAN;
    return 100 * ((c->better == SB_BETTER_LOWER ? 1 / c->ratio : c->ratio) - 1);
}

static size_t fill(struct sb_chart_builder *b, const char *level, struct sb_heat_cell *cells)
{
    size_t filled = 0;
    for (size_t t = 0; t < b->tests.nr; t++)
        for (size_t c = 0; c < b->configs.nr; c++) {
            struct sb_heat_cell *cell = &cells[t * b->configs.nr + c];
            const struct sb_summary *s = sb_chart_find_cell(b, level, b->configs.v[c], b->tests.v[t]);
            const struct sb_comparison *pair = s ? find_pair(b, level, s) : NULL;
            cell->value = pair ? improvement(pair) : NAN;
            if (!pair) continue;
            cell->inconclusive = pair->verdict != SB_FASTER && pair->verdict != SB_SLOWER;
            cell->suspect = sb_chart_cell_suspect(b, s);
            filled += isfinite(cell->value);
        }
    return filled;
}

static void add_heat(struct sb_chart_builder *b, const char *level)
{
    struct sb_heat_cell *cells = sb_arena_calloc(b->arena, b->tests.nr * b->configs.nr, sizeof *cells);
    if (fill(b, level, cells) < 2) return;
    const char **columns = sb_arena_calloc(b->arena, b->configs.nr, sizeof *columns);
    for (size_t i = 0; i < b->configs.nr; i++)
        columns[i] = sb_config_name(b->configs.v[i]);
    struct sb_heat *heat = sb_arena_calloc(b->arena, 1, sizeof *heat);
    *heat = (struct sb_heat){b->tests.v, columns, b->tests.nr, b->configs.nr, cells, "%", "higher"};
    const char *baseline = b->results->baseline;
    struct sb_chart *c =
        &sb_chart_add_item(b, "platforms", sb_arena_printf(b->arena, "heat-%s-vs-%s", level, baseline))
             ->chart;
    c->kind = SB_CHART_HEAT;
    c->heat = heat;
    c->title = sb_arena_printf(b->arena, "%s against %s, test by test", sb_platform_name(level),
                               sb_platform_name(baseline));
    c->subtitle =
        "change of the geometric mean in %, positive is better; hatched: equivalent or inconclusive";
    c->alt = sb_arena_printf(b->arena, "Map of changes of %s against %s for %zu tests in %zu configurations.",
                             sb_platform_name(level), sb_platform_name(baseline), b->tests.nr, b->configs.nr);
}

void sb_add_heat(struct sb_chart_builder *b)
{
    if (!b->results->baseline || b->tests.nr < 2 || b->configs.nr < 2) return;
    for (size_t i = 0; i < b->platforms.nr; i++)
        if (strcmp(b->platforms.v[i], b->results->baseline) != 0) add_heat(b, b->platforms.v[i]);
}
