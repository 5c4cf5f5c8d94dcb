#include "core/results.h"

#include "core/alloc.h"

const char *sb_verdict_text(enum sb_verdict verdict)
{
    static const char *const text[] = {"", "faster", "slower", "equivalent", "inconclusive"};
    return text[verdict];
}

void sb_results_init(struct sb_results *results)
{
    memset(results, 0, sizeof *results);
    sb_arena_init(&results->arena);
}

void sb_results_free(struct sb_results *results)
{
    free(results->summaries);
    free(results->comparisons);
    sb_arena_free(&results->arena);
    sb_results_init(results);
}

size_t sb_results_find_summary(const struct sb_results *results, const struct sb_labels *cell, const char *metric)
{
    for (size_t i = 0; i < results->summaries_nr; i++)
        if (strcmp(results->summaries[i].metric, metric) == 0 &&
            sb_labels_cmp(&results->summaries[i].cell, cell) == 0)
            return i;
    return SB_NO_RUN;
}
