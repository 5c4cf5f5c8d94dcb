/* What single runs hold beyond their totals, for people: interval series and merged histograms; declared in
 * views.h. */
#include "cli/views.h"

#include <math.h>
#include "cli/show.h"
#include "core/alloc.h"

static const char *place_of(struct sb_table *table, const struct sb_dataset *ds, const struct sb_run *run)
{
    for (size_t i = 0; i < ds->runs_nr; i++)
        if (&ds->runs[i] != run && strcmp(ds->runs[i].source, run->source) == 0)
            return sb_arena_printf(&table->arena, "%s #%u", run->source, (unsigned)run->ordinal);
    return run->source;
}

/* The number of threads and the like are no results. */
static bool is_result(const struct sb_series *s, const struct sb_options *o)
{
    return o->metrics.nr || sb_metric_better(s->metric, true) != SB_BETTER_NONE;
}

void sb_view_series(struct sb_page *page, const struct sb_dataset *ds, const struct sb_results *results,
                    const struct sb_options *o)
{
    struct sb_table *table = sb_page_add(page, NULL);
    const char *level = sb_show_level(&table->arena, results, "CI");
    const char *columns[] = {"log", "metric", "points", "warm-up", "mean", level, "unit", "notes"};
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    size_t last = SB_NO_RUN;
    for (size_t i = 0; i < results->series_nr; i++) {
        const struct sb_series *s = &results->series[i];
        const struct sb_run *run = &ds->runs[s->run];
        if (!is_result(s, o)) {
            page->hidden++;
            continue;
        }
        bool same = last == s->run;
        last = s->run;
        struct sb_cell *cell = sb_table_add_row(table);
        *cell++ = sb_show_text(same ? "" : place_of(table, ds, run));
        *cell++ = sb_show_text(s->metric);
        *cell++ = sb_show_count(s->n);
        *cell++ = sb_show_figure(
            s->cut ? sb_arena_printf(&table->arena, "%s s", sb_show_plain(table, s->cut_s)) : "none");
        *cell++ = sb_show_figure(sb_show_pretty(table, s->mean, 5));
        *cell++ = sb_show_figure(sb_show_half_width(table, s->low, s->high, s->mean));
        *cell++ = sb_show_text(s->unit);
        *cell++ = sb_show_text(sb_page_marks(page, &s->findings));
    }
    sb_page_say(page,
                "Warm-up: what MSER-5 cuts off. The mean is that of the rest; its %s interval is that of "
                "batch means, since neighbouring "
                "seconds are not independent.",
                sb_show_plain_percent(table, results->settings.confidence));
}

void sb_view_percentiles(struct sb_page *page, const struct sb_results *results)
{
    static const char *const columns[] = {"percentile", "ms", "in the bucket", "events", "runs"};
    const struct sb_label_sets sets = {results->percentiles_nr ? &results->percentiles->cell : NULL,
                                       results->percentiles_nr, sizeof *results->percentiles};
    struct sb_table *table = sb_page_add(page, NULL);
    const char **labels = sb_show_labels(table, &sets);
    sb_show_columns(table, labels, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < results->percentiles_nr; i++) {
        const struct sb_histogram_summary *h = &results->percentiles[i];
        struct sb_cell *cell = sb_show_row(table, labels, &h->cell);
        *cell++ = sb_show_figure(sb_show_plain(table, h->rank));
        *cell++ = sb_show_figure(sb_show_pretty(table, h->value, 4));
        *cell++ = sb_show_figure(sb_show_range(table, h->low, h->high, 4));
        *cell++ = sb_show_count(h->events);
        *cell++ = sb_show_count(h->runs);
    }
    sb_page_say(page, "From the histograms of all runs of a cell, merged; a percentile is only known to lie "
                      "between the edges of its bucket.");
}
