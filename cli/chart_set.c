#include "cli/chart_set.h"

#include "cli/chart_builder.h"

void sb_chart_set_build(struct sb_chart_set *set, const struct sb_dataset *ds, const struct sb_results *platforms,
                        const struct sb_results *configs)
{
    memset(set, 0, sizeof *set);
    sb_arena_init(&set->arena);
    struct sb_chart_builder b = {.set = set, .arena = &set->arena, .ds = ds, .results = platforms};
    sb_chart_survey(&b);
    if (!b.cells_nr) return;
    sb_add_overview(&b);
    if (b.platforms.nr > 1)
        for (size_t i = 0; i < b.configs.nr; i++)
            sb_add_platforms(&b, b.configs.v[i]);
    sb_add_forests(&b, platforms);
    for (size_t i = 0; i < b.platforms.nr; i++)
        for (size_t j = 0; j < b.configs.nr; j++)
            sb_add_within(&b, b.platforms.v[i], b.configs.v[j]);
    if (b.configs.nr > 1) {
        for (size_t i = 0; i < b.platforms.nr; i++)
            sb_add_configs(&b, b.platforms.v[i]);
        if (configs) sb_add_forests(&b, configs);
    }
    for (size_t i = 0; i < b.tests.nr; i++)
        sb_add_points(&b, b.tests.v[i]);
}

void sb_chart_set_free(struct sb_chart_set *set)
{
    free(set->items);
    sb_arena_free(&set->arena);
    memset(set, 0, sizeof *set);
}
