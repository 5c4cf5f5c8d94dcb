/* Where to spend repetitions, for people; declared in views.h. */
#include "cli/views.h"

#include <math.h>
#include "cli/show.h"
#include "core/alloc.h"

static const struct sb_summary *summary_of(const struct sb_results *results, size_t i)
{
    return &results->summaries[results->repetitions[i].summary];
}

static bool shown(const struct sb_results *results, size_t i, const struct sb_options *o)
{
    const struct sb_summary *s = summary_of(results, i);
    return sb_view_shown(&o->metrics, s->metric, s->group);
}

static void add_row(struct sb_page *page, struct sb_table *table, const char *const *labels,
                    const struct sb_results *results, size_t i, const struct sb_options *o)
{
    const struct sb_repetition_plan *p = &results->repetitions[i];
    const struct sb_summary *s = summary_of(results, i);
    struct sb_cell *cell = sb_show_row(table, labels, &s->cell);
    if (o->metrics.nr) *cell++ = sb_show_text(s->metric);
    *cell++ = sb_show_count(s->n);
    *cell++ =
        sb_show_figure(isfinite(p->half_width) ? sb_arena_printf(&table->arena, "\xc2\xb1 %s",
                                                                 sb_show_percent(table, p->half_width, 2))
                                               : "");
    *cell++ = sb_show_figure(sb_show_percent(table, p->sd_between, 2));
    *cell++ = sb_show_figure(sb_show_percent(table, p->sd_within, 2));
    *cell++ = sb_show_known(p->boots);
    *cell++ = sb_show_known(p->boots ? p->runs_per_boot : 0);
    *cell++ = sb_show_known(p->boots_compare);
    *cell++ = sb_show_text(sb_page_marks(page, &p->findings));
}

void sb_view_repetitions(struct sb_page *page, const struct sb_results *results, const struct sb_options *o)
{
    static const char *const columns[] = {"metric", "n",    "now",     "between", "within",
                                          "boots",  "runs", "compare", "notes"};
    const struct sb_analysis_settings *settings = &results->settings;
    size_t without_metric = o->metrics.nr == 0;
    const struct sb_label_sets sets = {results->summaries_nr ? &results->summaries->cell : NULL,
                                       results->summaries_nr, sizeof *results->summaries};
    struct sb_table *table = sb_page_add(page, NULL);
    const char **labels = sb_show_labels(table, &sets);
    sb_page_common_begin(page, results);
    for (size_t i = 0; i < results->repetitions_nr; i++)
        if (shown(results, i, o)) sb_page_common_keep(page, &results->repetitions[i].findings);
    sb_show_columns(table, labels, columns + without_metric, SB_ARRAY_SIZE(columns) - without_metric);
    for (size_t i = 0; i < results->repetitions_nr; i++)
        if (shown(results, i, o))
            add_row(page, table, labels, results, i, o);
        else
            page->hidden++;
    sb_page_say(page,
                "Now: half width of the %s interval of these n replicates. Between, within: standard "
                "deviation between boots and of the "
                "runs in one boot, empty where the data cannot tell them apart.",
                sb_show_plain_percent(table, settings->confidence));
    sb_page_say(page,
                "Boots, runs: how many boots, with how many runs in each, give a half width of %s%s. "
                "Compare: boots for each side, with as "
                "many runs, that find a true difference of %s with 80 %% power (alpha %s, uncorrected). "
                "Empty: above 10,000 or unknown.",
                sb_show_plain_percent(table, isnan(o->width) ? settings->margin : o->width),
                isnan(o->cost_boot) && isnan(o->cost_run) ? "" : " at the costs given",
                sb_show_plain_percent(table, settings->margin), sb_show_plain(table, settings->alpha));
    sb_page_say_findings(page, results);
}
