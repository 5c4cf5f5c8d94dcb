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

static bool is_hatched(enum sb_verdict verdict)
{
    return verdict != SB_FASTER && verdict != SB_SLOWER;
}

static const char *verdict_name(enum sb_verdict verdict)
{
    const char *text = sb_verdict_text(verdict);
    return *text ? text : "without verdict";
}

/* "equivalent or inconclusive" */
static const char *hatch_name(struct sb_arena *arena, const struct sb_values *verdicts)
{
    const char *text = "";
    for (size_t i = 0; i < verdicts->nr; i++)
        text = sb_arena_printf(arena, "%s%s%s", text, i ? " or " : "", verdicts->v[i]);
    return text;
}

/* `verdicts`: those that are hatched. */
static size_t fill(struct sb_chart_builder *b, const char *level, struct sb_heat_cell *cells,
                   struct sb_values *verdicts)
{
    size_t filled = 0;
    for (size_t t = 0; t < b->tests.nr; t++)
        for (size_t c = 0; c < b->configs.nr; c++) {
            struct sb_heat_cell *cell = &cells[t * b->configs.nr + c];
            const struct sb_summary *s = sb_chart_find_cell(b, level, b->configs.v[c], b->tests.v[t]);
            const struct sb_comparison *pair = s ? find_pair(b, level, s) : NULL;
            cell->value = pair ? improvement(pair) : NAN;
            if (!pair) continue;
            cell->hatched = isfinite(cell->value) && is_hatched(pair->verdict);
            cell->suspect = sb_chart_cell_suspect(b, s);
            filled += isfinite(cell->value);
            if (cell->hatched) sb_values_add(b->arena, verdicts, verdict_name(pair->verdict), strcmp);
        }
    return filled;
}

static void add_heat(struct sb_chart_builder *b, const char *level)
{
    struct sb_heat_cell *cells = sb_arena_calloc(b->arena, b->tests.nr * b->configs.nr, sizeof *cells);
    struct sb_values verdicts = {NULL, 0};
    if (fill(b, level, cells, &verdicts) < 2) return;
    const char **columns = sb_arena_calloc(b->arena, b->configs.nr, sizeof *columns);
    for (size_t i = 0; i < b->configs.nr; i++)
        columns[i] = sb_config_name(b->configs.v[i]);
    struct sb_heat *heat = sb_arena_calloc(b->arena, 1, sizeof *heat);
    *heat = (struct sb_heat){.rows = b->tests.v,
                             .columns = columns,
                             .rows_nr = b->tests.nr,
                             .columns_nr = b->configs.nr,
                             .cells = cells,
                             .unit = "%",
                             .better = "higher",
                             .hatch_name = hatch_name(b->arena, &verdicts)};
    const char *baseline = b->results->baseline;
    struct sb_chart *c =
        &sb_chart_add_item(b, "platforms", sb_arena_printf(b->arena, "heat-%s-vs-%s", level, baseline))
             ->chart;
    c->kind = SB_CHART_HEAT;
    c->heat = heat;
    c->title = sb_arena_printf(b->arena, "%s against %s, test by test", sb_platform_name(level),
                               sb_platform_name(baseline));
    c->subtitle = "change of the geometric mean in %, positive is better";
    c->alt = sb_arena_printf(b->arena, "Map of changes of %s against %s for %zu tests in %zu configurations.",
                             sb_platform_name(level), sb_platform_name(baseline), b->tests.nr, b->configs.nr);
}

void sb_add_heat(struct sb_chart_builder *b)
{
    if (!b->results->baseline || b->tests.nr < 2 || b->configs.nr < 2) return;
    for (size_t i = 0; i < b->platforms.nr; i++)
        if (strcmp(b->platforms.v[i], b->results->baseline) != 0) add_heat(b, b->platforms.v[i]);
}
