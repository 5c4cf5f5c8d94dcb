#include "analyze/family.h"

#include <math.h>
#include "analyze/multiplicity.h"
#include "analyze/pair_stats.h"
#include "core/alloc.h"
#include "core/text.h"

static bool is_one_of(const char *const *list, const char *word)
{
    while (*list && strcmp(*list, word) != 0)
        list++;
    return *list != NULL;
}

static const char *const self_adjusting[] = {"games-howell", "dunnett", NULL};

bool sb_family_check_settings(const struct sb_analysis_settings *s, bool all_pairs, struct sb_err *err)
{
    static const char *const methods[] = {"welch",        "permutation", "mann-whitney",
                                          "games-howell", "dunnett",     NULL};
    static const char *const estimates[] = {"ratio", "difference", "fieller", "hodges-lehmann", NULL};
    double none;
    if (!(s->alpha > 0 && s->alpha < 0.5))
        return sb_fail(err, SB_ERR_USAGE, "alpha must lie between 0 and 0.5");
    if (!(s->margin > 0)) return sb_fail(err, SB_ERR_USAGE, "the margin must be above 0");
    if (!sb_adjust(s->correction, NULL, 0, &none))
        return sb_fail(err, SB_ERR_USAGE, "unknown correction '%s'; known: holm, bh, none", s->correction);
    if (!is_one_of(methods, s->p_method))
        return sb_fail(err, SB_ERR_USAGE,
                       "unknown test '%s'; known: welch, permutation, mann-whitney, games-howell, dunnett",
                       s->p_method);
    if (s->estimate && !is_one_of(estimates, s->estimate))
        return sb_fail(err, SB_ERR_USAGE,
                       "unknown estimate '%s'; known: ratio, difference, fieller, hodges-lehmann",
                       s->estimate);
    if (all_pairs && strcmp(s->p_method, "dunnett") == 0)
        return sb_fail(err, SB_ERR_USAGE,
                       "dunnett compares with one baseline; for all pairs use games-howell");
    return true;
}

static void add_code(struct sb_results *results, struct sb_comparison *row, const char *code)
{
    sb_codes_add(&results->arena, &row->findings, code);
}

static void mark_floors(struct sb_results *results, size_t from, const double *adjusted_floors)
{
    bool any = false;
    for (size_t i = from; i < results->comparisons_nr; i++) {
        if (!(adjusted_floors[i - from] >= results->settings.alpha)) continue;
        add_code(results, &results->comparisons[i], "P_FLOOR");
        any = true;
    }
    bool corrected = strcmp(results->settings.correction, "none") != 0;
    if (any)
        sb_results_add_finding(
            results, "P_FLOOR", SB_WARNING,
            "with so few replicates%s the %s test cannot reach significance whatever the data: its smallest "
            "p%s is not below alpha",
            corrected ? " and so many comparisons" : "", results->settings.p_method,
            corrected ? ", corrected," : "");
}

/* One correction over all primary rows; then the same for the smallest p that each could have had. */
static void adjust_together(struct sb_results *results, size_t from)
{
    size_t nr = results->comparisons_nr - from;
    double *p = sb_xreallocarray(NULL, nr, sizeof *p),
           *adjusted = sb_xreallocarray(NULL, nr, sizeof *adjusted);
    const char *correction = results->settings.correction;
    for (size_t i = 0; i < nr; i++)
        p[i] = results->comparisons[from + i].group.primary ? results->comparisons[from + i].p : NAN;
    sb_adjust(correction, p, nr, adjusted); /* the name was checked before */
    for (size_t i = 0; i < nr; i++) {
        results->comparisons[from + i].p_adjusted = adjusted[i];
        if (!isnan(p[i])) p[i] = results->comparisons[from + i].p_floor;
    }
    sb_adjust(correction, p, nr, adjusted);
    mark_floors(results, from, adjusted);
    free(p);
    free(adjusted);
}

static bool same_family(const struct sb_comparison *a, const struct sb_comparison *b)
{
    return strcmp(a->metric, b->metric) == 0 && sb_labels_cmp(&a->rest, &b->rest) == 0;
}

static void adjust_apart(struct sb_results *results, size_t from)
{
    const struct sb_comparison *rows = results->comparisons;
    for (size_t to; from < results->comparisons_nr; from = to) {
        for (to = from + 1; to < results->comparisons_nr && same_family(&rows[from], &rows[to]);)
            to++;
        if (rows[from].group.primary) sb_adjust_within(results, from, to);
    }
    sb_results_add_finding(results, "FAMILY_WITHIN", SB_NOTE,
                           "%s corrects for the levels within each combination and metric, not for the "
                           "number of combinations and "
                           "metrics in the table",
                           results->settings.p_method);
}

void sb_family_adjust(struct sb_results *results, size_t from)
{
    if (is_one_of(self_adjusting, results->settings.p_method))
        adjust_apart(results, from);
    else
        adjust_together(results, from);
}

static bool may_conclude(const struct sb_comparison *row)
{
    return !sb_codes_has(&row->findings, "ONE_BOOT") && !sb_codes_has(&row->findings, "LOG_UNDEFINED");
}

static enum sb_verdict own_verdict(const struct sb_analysis_settings *settings,
                                   const struct sb_comparison *row)
{
    if (!may_conclude(row)) return SB_INCONCLUSIVE;
    if (row->ratio_low90 >= 1 / (1 + settings->margin) && row->ratio_high90 <= 1 + settings->margin)
        return SB_EQUIVALENT;
    if (!(row->p_adjusted < settings->alpha) || row->better == SB_BETTER_NONE) return SB_INCONCLUSIVE;
    return (row->ratio > 1) == (row->better == SB_BETTER_HIGHER) ? SB_FASTER : SB_SLOWER;
}

static bool same_pair(const struct sb_comparison *a, const struct sb_comparison *b)
{
    return a->baseline == b->baseline && a->level == b->level && sb_labels_cmp(&a->rest, &b->rest) == 0;
}

static bool lower_is_faster(const char *metric)
{
    return sb_metric_better(metric, true) == SB_BETTER_LOWER;
}

/* What the options do not tell apart the figures may: a row never says what its own interval rules out. */
static bool contradicts(const struct sb_results *results, const struct sb_comparison *row,
                        enum sb_verdict verdict)
{
    double band = 1 + results->settings.margin;
    if (verdict == SB_EQUIVALENT) return row->ratio_low90 > band || row->ratio_high90 < 1 / band;
    if (verdict != SB_FASTER && verdict != SB_SLOWER) return false;
    bool lower = (verdict == SB_FASTER) == lower_is_faster(row->metric);
    return lower ? row->ratio_low > 1 : row->ratio_high < 1;
}

/* The verdict of the row's group, where the row restates what was tested. */
static void carry_verdict(struct sb_results *results, size_t from, size_t index)
{
    struct sb_comparison *rows = results->comparisons, *row = &rows[index];
    size_t first = index;
    while (first > from && same_pair(&rows[first - 1], row))
        first--;
    for (size_t i = first; i < results->comparisons_nr && same_pair(&rows[i], row); i++) {
        if (!rows[i].group.primary || !sb_streq(rows[i].group.name, row->group.name)) continue;
        bool carries = row->restates && !contradicts(results, row, rows[i].verdict);
        row->verdict = carries ? rows[i].verdict : SB_VERDICT_NONE;
        return;
    }
    row->verdict = SB_INCONCLUSIVE;
    add_code(results, row, "PRIMARY_MISSING");
}

/* A difference where there cannot be one says that something else changed. */
static void judge_null_control(struct sb_results *results, struct sb_comparison *row)
{
    if (!row->null_control || !row->group.primary || (row->verdict != SB_FASTER && row->verdict != SB_SLOWER))
        return;
    add_code(results, row, "NULL_CONTROL_DIFFERS");
    sb_results_add_finding(results, "NULL_CONTROL_DIFFERS", SB_WARNING,
                           "a null control differs (%s, %s against %s, %s): whatever changed between the two "
                           "may be behind other "
                           "differences too",
                           row->metric, row->level, row->baseline,
                           sb_labels_text(&results->arena, &row->rest));
}

void sb_family_verdicts(struct sb_results *results, size_t from)
{
    for (size_t i = from; i < results->comparisons_nr; i++)
        if (results->comparisons[i].group.primary)
            results->comparisons[i].verdict = own_verdict(&results->settings, &results->comparisons[i]);
    for (size_t i = from; i < results->comparisons_nr; i++) {
        struct sb_comparison *row = &results->comparisons[i];
        if (row->group.name && !row->group.primary) carry_verdict(results, from, i);
        if (row->verdict != SB_INCONCLUSIVE) row->runs_needed = 0;
        judge_null_control(results, row);
    }
}
