#include "core/results.h"

#include <stdarg.h>
#include "core/alloc.h"
#include "core/strbuf.h"

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
    free(results->findings);
    free(results->effects);
    free(results->repetitions);
    free(results->scaling);
    free(results->aggregates);
    free(results->series);
    free(results->percentiles);
    sb_arena_free(&results->arena);
    sb_results_init(results);
}

void sb_results_add_finding(struct sb_results *results, const char *code, enum sb_severity severity,
                            const char *format, ...)
{
    struct sb_strbuf message = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&message, format, args);
    va_end(args);
    bool known = false;
    for (size_t i = 0; i < results->findings_nr && !known; i++)
        known = strcmp(results->findings[i].code, code) == 0 &&
                strcmp(results->findings[i].message, message.buf) == 0;
    if (!known) {
        SB_ALLOC_GROW(results->findings, results->findings_nr + 1, results->findings_alloc);
        results->findings[results->findings_nr++] =
            (struct sb_finding){.code = sb_arena_intern(&results->arena, code, strlen(code)),
                                .severity = severity,
                                .message = sb_arena_strndup(&results->arena, message.buf, message.len),
                                .run_index = SB_NO_RUN,
                                .other_run_index = SB_NO_RUN};
    }
    sb_strbuf_release(&message);
}

size_t sb_results_find_summary(const struct sb_results *results, const struct sb_labels *cell,
                               const char *metric)
{
    for (size_t i = 0; i < results->summaries_nr; i++)
        if (strcmp(results->summaries[i].metric, metric) == 0 &&
            sb_labels_cmp(&results->summaries[i].cell, cell) == 0)
            return i;
    return SB_NO_RUN;
}
