/* The summaries for people; declared in views.h. */
#include "cli/views.h"

#include <math.h>
#include "cli/show.h"
#include "core/alloc.h"
#include "core/text.h"

/* What --center asks for: a figure and its interval. */
struct center {
    const char *name, *heading;
    double (*value)(const struct sb_summary *s);
    struct limits {
        double low, high;
    } (*interval)(const struct sb_summary *s);
};

static double mean_of(const struct sb_summary *s)
{
    return s->mean;
}
static double geomean_of(const struct sb_summary *s)
{
    return s->geomean;
}
static double median_of(const struct sb_summary *s)
{
    return s->median;
}
static struct limits mean_limits(const struct sb_summary *s)
{
    return (struct limits){s->ci_low, s->ci_high};
}
static struct limits geomean_limits(const struct sb_summary *s)
{
    return (struct limits){s->geo_low, s->geo_high};
}
static struct limits median_limits(const struct sb_summary *s)
{
    return (struct limits){s->median_low, s->median_high};
}

static const struct center centers[] = {{"mean", "mean", mean_of, mean_limits},
                                        {"geomean", "geomean", geomean_of, geomean_limits},
                                        {"median", "median", median_of, median_limits}};

static const struct center *find_center(const struct sb_options *o)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(centers); i++)
        if (o->center && strcmp(o->center, centers[i].name) == 0) return &centers[i];
    return &centers[0];
}

/* Intervals on request, each a column of its own; they take the place of the deviation. */
struct request {
    const char *heading;
    size_t low, high; /* offsets in struct sb_summary */
    bool (*asked)(const struct sb_options *o);
};

static bool asked_prediction(const struct sb_options *o)
{
    return o->prediction;
}
static bool asked_tolerance(const struct sb_options *o)
{
    return !isnan(o->tolerance);
}
static bool asked_bootstrap(const struct sb_options *o)
{
    return o->bootstrap > 0;
}

#define LIMITS(name) offsetof(struct sb_summary, name##_low), offsetof(struct sb_summary, name##_high)
static const struct request requests[] = {{"one more", LIMITS(prediction), asked_prediction},
                                          {"tolerance", LIMITS(tolerance), asked_tolerance},
                                          {"bootstrap", LIMITS(bca), asked_bootstrap}};

static double field(const struct sb_summary *s, size_t offset)
{
    return *(const double *)((const char *)s + offset);
}

static size_t requests_asked(const struct sb_options *o)
{
    size_t nr = 0;
    for (size_t i = 0; i < SB_ARRAY_SIZE(requests); i++)
        nr += requests[i].asked(o);
    return nr;
}

static void set_columns(struct sb_table *table, const char *const *labels, const struct sb_results *results,
                        const struct sb_options *o)
{
    const char *columns[8 + SB_ARRAY_SIZE(requests)];
    size_t nr = 0;
    if (o->metrics.nr) columns[nr++] = "metric";
    columns[nr++] = find_center(o)->heading;
    columns[nr++] = sb_show_level(&table->arena, results, "CI");
    if (!requests_asked(o)) columns[nr++] = "sd";
    for (size_t i = 0; i < SB_ARRAY_SIZE(requests); i++)
        if (requests[i].asked(o)) columns[nr++] = requests[i].heading;
    columns[nr++] = "unit";
    columns[nr++] = "n";
    columns[nr++] = "notes";
    sb_show_columns(table, labels, columns, nr);
}

static void add_row(struct sb_page *page, struct sb_table *table, const char *const *labels,
                    const struct sb_summary *s, const struct sb_options *o)
{
    const struct center *center = find_center(o);
    struct limits limits = center->interval(s);
    struct sb_cell *cell = sb_show_row(table, labels, &s->cell);
    if (o->metrics.nr) *cell++ = sb_show_text(s->metric);
    *cell++ = sb_show_figure(sb_show_pretty(table, center->value(s), 5));
    *cell++ = sb_show_figure(center == &centers[0] /* the only one that lies in the middle of its interval */
                                 ? sb_show_half_width(table, limits.low, limits.high, s->mean)
                                 : sb_show_range(table, limits.low, limits.high, 5));
    if (!requests_asked(o)) *cell++ = sb_show_figure(sb_show_pretty(table, s->sd, 3));
    for (size_t i = 0; i < SB_ARRAY_SIZE(requests); i++)
        if (requests[i].asked(o))
            *cell++ = sb_show_figure(
                sb_show_range(table, field(s, requests[i].low), field(s, requests[i].high), 4));
    *cell++ = sb_show_text(s->unit);
    *cell++ = sb_show_count(s->n);
    *cell++ = sb_show_text(sb_page_marks(page, &s->findings));
}

/* The fewest replicates for which order statistics refused the median's interval, and what they would have
 * covered. */
static void say_refused(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                        const struct sb_options *o)
{
    const struct sb_summary *least = NULL;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (sb_view_shown(&o->metrics, s->metric, s->group) && s->n > 1 && isnan(s->median_low) &&
            (!least || s->n < least->n))
            least = s;
    }
    if (least)
        sb_page_say(
            page,
            "No interval for the median at n = %zu: its whole range would cover it with %s only, not %s.",
            least->n, sb_show_percent(table, least->median_attained, 4),
            sb_show_plain_percent(table, results->settings.confidence));
}

static void say_intervals(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                          const struct sb_options *o)
{
    const struct sb_analysis_settings *s = &results->settings;
    const char *level = sb_show_plain_percent(table, s->confidence);
    if (strcmp(find_center(o)->name, "median") == 0) say_refused(page, table, results, o);
    if (asked_prediction(o))
        sb_page_say(page,
                    "One more: one further replicate lies there with %s confidence, if values are normal.",
                    level);
    if (asked_tolerance(o))
        sb_page_say(page,
                    "Tolerance: %s of all replicates lie there with %s confidence, if values are normal.",
                    sb_show_plain_percent(table, s->content), level);
    if (asked_bootstrap(o))
        sb_page_say(page,
                    "Bootstrap: BCa interval of the %s, %zu resamples, seed %llu; below about 10 values it "
                    "covers less than %s.",
                    find_center(o)->name, s->bootstrap, (unsigned long long)s->seed, level);
}

void sb_view_summaries(struct sb_page *page, const struct sb_results *results, const struct sb_options *o)
{
    const struct sb_label_sets sets = {results->summaries_nr ? &results->summaries->cell : NULL,
                                       results->summaries_nr, sizeof *results->summaries};
    struct sb_table *table = sb_page_add(page, NULL);
    const char **labels = sb_show_labels(table, &sets);
    sb_page_common_begin(page, results);
    for (size_t i = 0; i < results->summaries_nr; i++)
        if (sb_view_shown(&o->metrics, results->summaries[i].metric, results->summaries[i].group))
            sb_page_common_keep(page, &results->summaries[i].findings);
    set_columns(table, labels, results, o);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (sb_view_shown(&o->metrics, s->metric, s->group))
            add_row(page, table, labels, s, o);
        else
            page->hidden++;
    }
    say_intervals(page, table, results, o);
    sb_page_say_findings(page, results);
}
