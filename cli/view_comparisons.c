/* The comparisons, and their means over tests, for people; declared in views.h. */
#include "cli/views.h"

#include <math.h>
#include "cli/show.h"
#include "core/alloc.h"
#include "core/text.h"

/* What --estimate shows instead of the ratio of geometric means. */
struct estimate {
    const char *name, *heading, *sentence;
    const char *refusal; /* why there may be no limits at all; NULL: there always are */
    bool has_unit;
};

static const struct estimate estimates[] = {
    {"difference", "difference", "Differences of means, level less baseline (Welch).", NULL, true},
    {"fieller", "ratio of means", "Ratios of arithmetic means, level by baseline (Fieller).",
     "the baseline's mean is not significantly away from 0 at that level", false},
    {"hodges-lehmann", "shift", "Shifts of location, level less baseline (Hodges-Lehmann).",
     "even their whole range would cover it with less", true},
};

static const struct estimate *find_estimate(const struct sb_results *results)
{
    const char *asked = results->settings.estimate;
    for (size_t i = 0; i < SB_ARRAY_SIZE(estimates); i++)
        if (asked && strcmp(asked, estimates[i].name) == 0) return &estimates[i];
    return NULL;
}

static const char *estimate_text(struct sb_table *table, const struct estimate *e,
                                 const struct sb_comparison *c)
{
    if (!isfinite(c->estimate)) return "";
    if (!e->has_unit) return sb_show_ratio(table, c->estimate, c->estimate_low, c->estimate_high);
    const char *limits = sb_show_range(table, c->estimate_low, c->estimate_high, 4);
    return sb_arena_printf(&table->arena, "%s %s%s%s", sb_show_pretty(table, c->estimate, 4), limits,
                           *limits ? " " : "", c->unit);
}

/* The baseline of every row, NULL when they have several. */
static const char *only_baseline(const struct sb_results *results)
{
    for (size_t i = 1; i < results->comparisons_nr; i++)
        if (strcmp(results->comparisons[i].baseline, results->comparisons[0].baseline) != 0) return NULL;
    return results->comparisons_nr ? results->comparisons[0].baseline : NULL;
}

static const char *figure_heading(struct sb_table *table, const struct sb_results *results,
                                  const char *baseline)
{
    const struct estimate *e = find_estimate(results);
    const char *figure = e          ? e->heading
                         : baseline ? sb_arena_printf(&table->arena, "ratio to %s", baseline)
                                    : "ratio";
    return sb_show_ci_heading(&table->arena, results, figure);
}

/* With --test the p that it gives stands where the replicates needed are otherwise. */
static bool shows_p(const struct sb_options *o)
{
    return o->p_method || o->correction;
}

static void set_columns(struct sb_table *table, const char *const *labels, const struct sb_results *results,
                        const char *baseline, const struct sb_options *o)
{
    const char *columns[6];
    size_t nr = 0;
    columns[nr++] = results->factor;
    if (o->metrics.nr) columns[nr++] = "metric";
    columns[nr++] = figure_heading(table, results, baseline);
    columns[nr++] = "verdict";
    columns[nr++] = shows_p(o) ? "adj. p" : "needed";
    columns[nr++] = "notes";
    sb_show_columns(table, labels, columns, nr);
}

static void add_row(struct sb_page *page, struct sb_table *table, const char *const *labels,
                    const struct sb_results *results, const struct sb_comparison *c, const char *baseline,
                    const struct sb_options *o)
{
    const struct estimate *e = find_estimate(results);
    struct sb_cell *cell = sb_show_row(table, labels, &c->rest);
    *cell++ =
        sb_show_text(baseline ? c->level : sb_arena_printf(&table->arena, "%s / %s", c->level, c->baseline));
    if (o->metrics.nr) *cell++ = sb_show_text(c->metric);
    *cell++ = sb_show_figure(e ? estimate_text(table, e, c)
                               : sb_show_ratio(table, c->ratio, c->ratio_low, c->ratio_high));
    *cell++ = sb_show_text(c->barred ? "barred" : sb_verdict_text(c->verdict));
    if (shows_p(o))
        *cell++ = sb_show_figure(sb_show_p(table, c->p_adjusted));
    else
        *cell++ = sb_show_known(c->barred ? 0 : c->runs_needed);
    *cell++ = sb_show_text(sb_page_marks(page, &c->findings));
}

/* ---- sentences ---- */

static bool shown(const struct sb_options *o, const struct sb_comparison *c)
{
    return sb_view_shown(&o->metrics, c->metric, c->group);
}

static const char *chance_text(struct sb_table *table, double chance)
{
    if (chance < 0.005) return "under 1 %";
    if (chance > 0.995) return "over 99 %";
    return sb_arena_printf(&table->arena, "%.0f %%", 100 * chance);
}

/* How likely `equivalent` was where nothing was concluded. */
static void say_chances(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                        const struct sb_options *o)
{
    double least = INFINITY, most = -INFINITY;
    size_t rows = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!shown(o, c) || c->barred || c->verdict != SB_INCONCLUSIVE || isnan(c->chance_equivalent))
            continue;
        least = fmin(least, c->chance_equivalent);
        most = fmax(most, c->chance_equivalent);
        rows++;
    }
    if (!rows) return;
    const char *low = chance_text(table, least), *high = chance_text(table, most);
    sb_page_say(page,
                "Inconclusive is not equal: without any difference, these rows would have come out "
                "equivalent (within %s) with a chance "
                "of %s%s%s at their n and spread.",
                sb_show_plain_percent(table, results->settings.margin), low, strcmp(low, high) ? " to " : "",
                strcmp(low, high) ? high : "");
}

/* The smallest p that the test can give, where that bars significance. */
static void say_floor(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                      const struct sb_options *o)
{
    const struct sb_comparison *worst = NULL;
    size_t rows = 0, barred = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!shown(o, c) || !c->group.primary) continue;
        rows++;
        if (!sb_codes_has(&c->findings, "P_FLOOR")) continue;
        barred++;
        if (!worst || c->p_floor < worst->p_floor) worst = c;
    }
    if (!worst) return;
    const char *alpha = sb_show_plain(table, results->settings.alpha);
    const char *end =
        worst->p_floor < results->settings.alpha
            ? sb_arena_printf(&page->arena, " (%s or more once corrected for the whole table)", alpha)
            : sb_arena_printf(&page->arena, ", which is not below %s", alpha);
    sb_page_say(
        page,
        "P_FLOOR: in %zu of %zu rows significance was impossible whatever the data: at %zu against %zu "
        "replicates the smallest p of the %s test is %s%s.",
        barred, rows, worst->n_baseline, worst->n_level, results->settings.p_method,
        sb_show_p(table, worst->p_floor), end);
}

static bool testable(const struct sb_comparison *c)
{
    static const char *const codes[] = {"ONE_RUN", "ONE_BOOT", "CONSTANT"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(codes); i++)
        if (sb_codes_has(&c->findings, codes[i])) return false;
    return true;
}

/* Limits that the estimate's own method refuses, at the fewest replicates for which it does. */
static void say_refused(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                        const struct sb_options *o)
{
    const struct estimate *e = find_estimate(results);
    const struct sb_comparison *least = NULL;
    for (size_t i = 0; i < results->comparisons_nr && e && e->refusal; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!shown(o, c) || !testable(c) || !isfinite(c->estimate) || isfinite(c->estimate_low)) continue;
        if (!least || c->n_baseline + c->n_level < least->n_baseline + least->n_level) least = c;
    }
    if (least)
        sb_page_say(page, "No %s interval for the %s at n = %zu against %zu: %s.",
                    sb_show_plain_percent(table, results->settings.confidence), e->heading, least->n_level,
                    least->n_baseline, e->refusal);
}

static void say_draws(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                      const struct sb_options *o)
{
    double most = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (shown(o, &results->comparisons[i]) && results->comparisons[i].p_error > most)
            most = results->comparisons[i].p_error;
    if (most > 0)
        sb_page_say(page,
                    "Where divisions are too many to count, p comes from random draws (seed %llu): standard "
                    "error %s at most.",
                    (unsigned long long)results->settings.seed, sb_show_pretty(table, most, 2));
}

static void say_null_controls(struct sb_page *page, const struct sb_results *results,
                              const struct sb_options *o)
{
    size_t controls = 0, differ = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *c = &results->comparisons[i];
        if (!shown(o, c) || !c->null_control) continue;
        controls++;
        differ += sb_codes_has(&c->findings, "NULL_CONTROL_DIFFERS") != 0;
    }
    if (controls)
        sb_page_say(page,
                    "%zu of these comparisons %s null controls (the same thing measured twice): %zu differ%s "
                    "significantly.",
                    controls, controls == 1 ? "is one of the" : "are", differ, differ == 1 ? "s" : "");
    else if (o->null_controls.nr)
        sb_page_say(page, "No comparison is one of the null controls that were declared.");
}

static void say_all(struct sb_page *page, struct sb_table *table, const struct sb_results *results,
                    const struct sb_options *o)
{
    const struct estimate *e = find_estimate(results);
    if (!results->comparisons_nr)
        sb_page_say(page, "Nothing to compare: no two values of %s in the same surroundings.",
                    results->factor);
    if (e) sb_page_say(page, "%s The verdict rests on the ratio of geometric means (in csv).", e->sentence);
    say_refused(page, table, results, o);
    sb_view_say_carried(page, results, o);
    say_chances(page, table, results, o);
    say_floor(page, table, results, o);
    say_draws(page, table, results, o);
    say_null_controls(page, results, o);
    sb_page_say_findings(page, results);
}

void sb_view_comparisons(struct sb_page *page, const struct sb_results *results, const struct sb_options *o)
{
    const char *baseline = only_baseline(results);
    const struct sb_label_sets sets = {results->comparisons_nr ? &results->comparisons->rest : NULL,
                                       results->comparisons_nr, sizeof *results->comparisons};
    struct sb_table *table = sb_page_add(page, NULL);
    const char **labels = sb_show_labels(table, &sets);
    sb_page_common_begin(page, results);
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (shown(o, &results->comparisons[i])) sb_page_common_keep(page, &results->comparisons[i].findings);
    set_columns(table, labels, results, baseline, o);
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (shown(o, &results->comparisons[i]))
            add_row(page, table, labels, results, &results->comparisons[i], baseline, o);
        else
            page->hidden++;
    say_all(page, table, results, o);
}

/* ---- means over tests ---- */

void sb_view_aggregates(struct sb_page *page, const struct sb_results *results)
{
    const struct sb_label_sets sets = {results->aggregates_nr ? &results->aggregates->rest : NULL,
                                       results->aggregates_nr, sizeof *results->aggregates};
    struct sb_table *table = sb_page_add(page, NULL);
    const char **labels = sb_show_labels(table, &sets);
    const char *columns[] = {results->factor, "baseline", "tests",
                             sb_show_ci_heading(&table->arena, results, "ratio"), "notes"};
    sb_page_common_begin(page, results);
    for (size_t i = 0; i < results->aggregates_nr; i++)
        sb_page_common_keep(page, &results->aggregates[i].findings);
    sb_show_columns(table, labels, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < results->aggregates_nr; i++) {
        const struct sb_aggregate *a = &results->aggregates[i];
        struct sb_cell *cell = sb_show_row(table, labels, &a->rest);
        *cell++ = sb_show_text(a->level);
        *cell++ = sb_show_text(a->baseline);
        *cell++ = sb_show_count(a->tests);
        *cell++ = sb_show_figure(a->barred ? "barred" : sb_show_ratio(table, a->ratio, a->low, a->high));
        *cell++ = sb_show_text(sb_page_marks(page, &a->findings));
    }
    sb_page_say(page, "Geometric mean over the tests of each one's main metric, turned so that above 1 is "
                      "better. The interval holds the "
                      "noise of these measurements; it says nothing about tests that were not run.");
    sb_page_say_findings(page, results);
}
