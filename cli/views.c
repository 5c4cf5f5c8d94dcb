#include "cli/views.h"

#include "cli/show.h"
#include "core/alloc.h"
#include "core/text.h"

bool sb_name_wanted(const struct sb_text_list *globs, const char *name)
{
    for (size_t i = 0; i < globs->nr; i++)
        if (sb_glob_match(globs->v[i], name)) return true;
    return globs->nr == 0;
}

void sb_results_keep_metrics(struct sb_results *results, const struct sb_text_list *metrics)
{
    size_t kept = 0;
    for (size_t i = 0; i < results->summaries_nr; i++)
        if (sb_name_wanted(metrics, results->summaries[i].metric))
            results->summaries[kept++] = results->summaries[i];
    results->summaries_nr = kept;
    kept = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (sb_name_wanted(metrics, results->comparisons[i].metric))
            results->comparisons[kept++] = results->comparisons[i];
    results->comparisons_nr = kept;
}

#define KEEP(array, of)                                                                                      \
    do {                                                                                                     \
        size_t kept = 0;                                                                                     \
        for (size_t i = 0; i < results->array##_nr; i++)                                                     \
            if (sb_name_wanted(metrics, of)) results->array[kept++] = results->array[i];                     \
        results->array##_nr = kept;                                                                          \
    } while (0)

void sb_results_keep_view_metrics(struct sb_results *results, const struct sb_text_list *metrics)
{
    KEEP(effects, results->effects[i].metric);
    KEEP(repetitions, results->summaries[results->repetitions[i].summary].metric);
    KEEP(scaling, results->scaling[i].metric);
    KEEP(series, results->series[i].metric);
}

bool sb_view_shown(const struct sb_text_list *metrics, const char *metric, struct sb_group group)
{
    return metrics->nr || (group.primary && !sb_metric_is_percentile(metric));
}

void sb_view_say_carried(struct sb_page *page, const struct sb_results *results, const struct sb_options *o)
{
    bool carried = false, apart = false;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!c->group.name || c->group.primary || !sb_view_shown(&o->metrics, c->metric, c->group)) continue;
        carried = carried || c->verdict != SB_VERDICT_NONE;
        apart = apart || (c->verdict == SB_VERDICT_NONE && c->n_baseline && c->n_level);
    }
    if (carried)
        sb_page_say(
            page, "Metrics that restate a test's main metric carry its verdict and are not tested again%s.",
            apart ? "; where they do not restate it (another number of threads, no fixed number of events), "
                    "they have none"
                  : "");
    else if (apart)
        sb_page_say(
            page,
            "Rows without a verdict were not tested: the test's main metric is, and they do not restate "
            "it (another number of threads, no fixed number of events).");
}

/* One row per code and severity: how often, where first, what it says there. */
void sb_view_findings(struct sb_table *table, const struct sb_dataset *ds)
{
    static const char *const columns[] = {"severity", "code", "count", "first", "what"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (int severity = SB_ERROR; severity >= SB_NOTE; severity--)
        for (size_t i = 0; i < ds->findings_nr; i++) {
            const struct sb_finding *f = &ds->findings[i];
            size_t row = 0;
            if ((int)f->severity != severity) continue;
            while (row < table->rows_nr &&
                   (!sb_streq(table->cells[row * table->columns_nr + 1].text, f->code) ||
                    !sb_streq(table->cells[row * table->columns_nr].text, sb_severity_text(f->severity))))
                row++;
            if (row < table->rows_nr) {
                table->cells[row * table->columns_nr + 2].count++;
                continue;
            }
            struct sb_cell *cell = sb_table_add_row(table);
            cell[0] = sb_show_text(sb_severity_text(f->severity));
            cell[1] = sb_show_text(f->code);
            cell[2] = sb_show_count(1);
            cell[3] =
                sb_show_text(!f->source ? ""
                             : f->line ? sb_arena_printf(&table->arena, "%s:%u", f->source, (unsigned)f->line)
                                       : f->source);
            cell[4] = sb_show_text(f->message);
        }
}
