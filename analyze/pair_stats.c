#include "analyze/pair_stats.h"

#include <math.h>
#include "analyze/many_means.h"
#include "analyze/rank_tests.h"
#include "analyze/tdist.h"
#include "analyze/twosample.h"
#include "core/alloc.h"
#include "core/text.h"

enum { RUNS_LIMIT = 10000, DRAWS = 99999 };
static const double target_power = 0.8;

struct sb_side sb_side_of(const struct sb_summary *s)
{
    struct sb_side side = {.one_boot = s->boots_known && s->n == 1, .resolution = s->resolution};
    bool within = side.one_boot && s->n_runs > 1;
    size_t n = within ? s->n_runs : s->n;
    side.values = within ? s->run_values : s->values;
    side.raw = sb_stat_moments(side.values, n);
    side.log = (struct sb_moments){n, NAN, NAN};
    if (s->log_values) {
        side.logs = sb_xreallocarray(NULL, n, sizeof *side.logs);
        if (within)
            sb_stat_log(side.values, n, side.logs);
        else
            memcpy(side.logs, s->log_values, n * sizeof *side.logs);
        side.log = sb_stat_moments(side.logs, n);
    }
    side.constant = n > 1 && (side.raw.var == 0 || side.log.var == 0);
    return side;
}

void sb_side_release(struct sb_side *side)
{
    free(side->logs);
    side->logs = NULL;
}

bool sb_side_testable(const struct sb_side *side)
{
    return side->raw.n > 1 && !side->constant && !side->one_boot;
}

/* What a constant side may have been before rounding; else the t interval of the mean logarithm. */
static struct sb_range log_range(const struct sb_side *side, double confidence)
{
    if (!side->constant) return sb_t_interval(side->log, confidence);
    double low = side->raw.mean - side->resolution;
    return (struct sb_range){low > 0 ? log(low) : NAN, log(side->raw.mean + side->resolution)};
}

static struct sb_range log_ratio_interval(const struct sb_side *base, const struct sb_side *level,
                                          const struct sb_welch *welch, double confidence)
{
    if (!base->constant && !level->constant) return sb_welch_interval(welch, confidence);
    struct sb_range b = log_range(base, confidence), l = log_range(level, confidence);
    struct sb_range r = {l.low - b.high, l.high - b.low};
    if (isnan(r.low) || isnan(r.high))
        r = (struct sb_range){NAN, NAN}; /* a value no larger than its resolution: unbounded */
    return r;
}

static void set_nothing(struct sb_comparison *row)
{
    row->ratio = row->ratio_low = row->ratio_high = row->ratio_low90 = row->ratio_high90 = NAN;
    row->p = row->p_adjusted = row->effect_size = row->chance_equivalent = row->cliffs_delta = NAN;
    row->estimate = row->estimate_low = row->estimate_high = row->log_se = row->df = NAN;
    row->p_error = row->p_floor = NAN;
    row->runs_needed = 0;
}

static void set_ratio(const struct sb_results *results, struct sb_comparison *row, const struct sb_side *base,
                      const struct sb_side *level)
{
    const struct sb_analysis_settings *settings = &results->settings;
    struct sb_welch welch = sb_welch_test(base->log, level->log);
    struct sb_range wide = log_ratio_interval(base, level, &welch, settings->confidence);
    struct sb_range tost = log_ratio_interval(base, level, &welch, 1 - 2 * settings->alpha);
    row->ratio = exp(welch.diff);
    row->ratio_low = exp(wide.low);
    row->ratio_high = exp(wide.high);
    row->ratio_low90 = exp(tost.low);
    row->ratio_high90 = exp(tost.high);
    row->log_se = welch.se;
    row->df = welch.df;
    row->effect_size = sb_hedges_g(base->log, level->log);
}

/* Welch's power needs the observed spread of the logarithms of both sides. */
static void set_prospects(const struct sb_results *results, struct sb_comparison *row,
                          const struct sb_side *base, const struct sb_side *level)
{
    const struct sb_analysis_settings *settings = &results->settings;
    double margin = log1p(settings->margin);
    if (base->one_boot || level->one_boot || base->raw.n < 2 || level->raw.n < 2) return;
    row->runs_needed = sb_welch_sample_size(margin, base->log.var, level->log.var, settings->alpha,
                                            target_power, RUNS_LIMIT);
    if (!base->constant && !level->constant)
        row->chance_equivalent = sb_tost_power(0, margin, base->log.var, base->log.n, level->log.var,
                                               level->log.n, settings->alpha);
}

static struct sb_exact_test welch_p(const struct sb_results *results, const struct sb_side *base,
                                    const struct sb_side *level)
{
    bool logs = base->logs && level->logs;
    struct sb_welch w = logs ? sb_welch_test(base->log, level->log) : sb_welch_test(base->raw, level->raw);
    return (struct sb_exact_test){w.p, 0, 0, true};
}

static struct sb_exact_test permutation_p(const struct sb_results *results, const struct sb_side *base,
                                          const struct sb_side *level)
{
    const struct sb_analysis_settings *s = &results->settings;
    bool logs = base->logs && level->logs;
    return sb_permutation_test(logs ? base->logs : base->values, base->raw.n,
                               logs ? level->logs : level->values, level->raw.n,
                               s->permutations ? s->permutations : DRAWS, s->seed);
}

static struct sb_exact_test rank_p(const struct sb_results *results, const struct sb_side *base,
                                   const struct sb_side *level)
{
    return sb_mann_whitney(base->values, base->raw.n, level->values, level->raw.n);
}

static const struct p_method {
    const char *name;
    struct sb_exact_test (*test)(const struct sb_results *results, const struct sb_side *base,
                                 const struct sb_side *level);
} p_methods[] = {{"welch", welch_p},
                 {"permutation", permutation_p},
                 {"mann-whitney", rank_p},
                 {"games-howell", welch_p}, /* adjusted later */
                 {"dunnett", welch_p}};

static void set_p(const struct sb_results *results, struct sb_comparison *row, const struct sb_side *base,
                  const struct sb_side *level)
{
    if (!sb_side_testable(base) || !sb_side_testable(level)) return;
    for (size_t i = 0; i < SB_ARRAY_SIZE(p_methods); i++) {
        if (strcmp(p_methods[i].name, results->settings.p_method) != 0) continue;
        struct sb_exact_test t = p_methods[i].test(results, base, level);
        row->p = t.p;
        row->p_error = t.error;
        row->p_floor = t.floor;
    }
}

/* The estimate that was asked for instead of, or beside, the ratio. */
static void set_estimate(const struct sb_results *results, struct sb_comparison *row,
                         const struct sb_side *base, const struct sb_side *level)
{
    const char *estimate = results->settings.estimate;
    double confidence = results->settings.confidence;
    struct sb_range range = {NAN, NAN};
    if (!estimate || strcmp(estimate, "ratio") == 0) return;
    if (strcmp(estimate, "difference") == 0) {
        struct sb_welch w = sb_welch_test(base->raw, level->raw);
        row->estimate = w.diff;
        range = sb_welch_interval(&w, confidence);
    } else if (strcmp(estimate, "fieller") == 0) {
        struct sb_ratio_interval f = sb_fieller_interval(base->raw, level->raw, confidence);
        row->estimate = f.ratio;
        range = f.range;
    } else {
        struct sb_shift s =
            sb_hodges_lehmann(base->values, base->raw.n, level->values, level->raw.n, confidence);
        row->estimate = s.shift;
        range = s.range;
    }
    row->estimate_low = range.low;
    row->estimate_high = range.high;
}

void sb_pair_stats(struct sb_results *results, struct sb_comparison *row)
{
    const struct sb_summary *b = &results->summaries[row->summary_baseline],
                            *l = &results->summaries[row->summary_level];
    set_nothing(row);
    row->n_baseline = b->n;
    row->n_level = l->n;
    row->mean_baseline = b->mean;
    row->mean_level = l->mean;
    if (!b->n || !l->n) return;
    struct sb_side base = sb_side_of(b), level = sb_side_of(l);
    if (base.logs && level.logs) {
        set_ratio(results, row, &base, &level);
        if (row->group.name) set_prospects(results, row, &base, &level);
    }
    set_p(results, row, &base, &level);
    set_estimate(results, row, &base, &level);
    row->cliffs_delta = sb_cliffs_delta(base.values, base.raw.n, level.values, level.raw.n);
    sb_side_release(&base);
    sb_side_release(&level);
}

/* How many levels stand side by side in these rows: each is a baseline or a level of some row. */
static size_t count_levels(const struct sb_comparison *rows, size_t nr)
{
    size_t levels = 0;
    for (size_t i = 0; i < 2 * nr; i++) {
        size_t mine = i % 2 ? rows[i / 2].summary_level : rows[i / 2].summary_baseline, j = 0;
        while (j < i && (j % 2 ? rows[j / 2].summary_level : rows[j / 2].summary_baseline) != mine)
            j++;
        if (j == i) levels++;
    }
    return levels;
}

static void games_howell(struct sb_results *results, struct sb_comparison *rows, size_t nr)
{
    size_t levels = count_levels(rows, nr);
    for (size_t i = 0; i < nr; i++) {
        if (isnan(rows[i].p)) continue;
        struct sb_side b = sb_side_of(&results->summaries[rows[i].summary_baseline]),
                       l = sb_side_of(&results->summaries[rows[i].summary_level]);
        bool logs = b.logs && l.logs;
        /* at least p: below 1e-12 the studentized range is lost in rounding */
        rows[i].p_adjusted =
            fmax(rows[i].p, sb_games_howell(logs ? b.log : b.raw, logs ? l.log : l.raw, levels));
        sb_side_release(&b);
        sb_side_release(&l);
    }
}

/* Pools the spread of the logarithms of the baseline and all levels that can be tested; the others have no p.
 */
static void dunnett(struct sb_results *results, struct sb_comparison *rows, size_t nr)
{
    struct sb_moments *levels = sb_xreallocarray(NULL, nr, sizeof *levels), base = {0, NAN, NAN};
    double *p = sb_xreallocarray(NULL, nr, sizeof *p);
    size_t *row_of = sb_xreallocarray(NULL, nr, sizeof *row_of), used = 0, df = 0;
    for (size_t i = 0; i < nr; i++) {
        bool tested = !isnan(rows[i].p) && !isnan(rows[i].ratio);
        rows[i].p = NAN;
        if (!tested) continue;
        struct sb_side b = sb_side_of(&results->summaries[rows[i].summary_baseline]),
                       l = sb_side_of(&results->summaries[rows[i].summary_level]);
        base = b.log;
        levels[used] = l.log;
        df += l.log.n - 1;
        row_of[used++] = i;
        sb_side_release(&b);
        sb_side_release(&l);
    }
    sb_dunnett_test(base, levels, used, p);
    double squares = used ? (double)(base.n - 1) * base.var : 0;
    for (size_t i = 0; i < used; i++)
        squares += (double)(levels[i].n - 1) * levels[i].var;
    df += used ? base.n - 1 : 0;
    for (size_t i = 0; i < used; i++) { /* unadjusted: the same pooled t */
        double se = sqrt(squares / (double)df * (1 / (double)base.n + 1 / (double)levels[i].n));
        rows[row_of[i]].p = sb_t_two_sided((levels[i].mean - base.mean) / se, (double)df);
        rows[row_of[i]].p_adjusted = fmax(rows[row_of[i]].p, p[i]);
    }
    free(levels);
    free(p);
    free(row_of);
}

void sb_adjust_within(struct sb_results *results, size_t from, size_t to)
{
    if (strcmp(results->settings.p_method, "dunnett") == 0)
        dunnett(results, results->comparisons + from, to - from);
    else
        games_howell(results, results->comparisons + from, to - from);
}
