#include "analyze/pair_stats.h"

#include <math.h>
#include "analyze/moments.h"
#include "analyze/tdist.h"
#include "analyze/twosample.h"
#include "core/alloc.h"

enum { RUNS_LIMIT = 10000 };
static const double target_power = 0.8;

/* One side: the numbers that are compared, raw and as logarithms. */
struct side {
    struct sb_moments raw, log; /* log.mean and log.var are NaN when a value is not positive */
    double resolution;
    bool one_boot, constant;
};

/* Boot means; the runs of the only boot when there is just one, for an interval that describes that boot. */
static struct side side_of(const struct sb_summary *s)
{
    struct side side = {.one_boot = s->boots_known && s->n == 1, .resolution = s->resolution};
    bool within = side.one_boot && s->n_runs > 1;
    const double *x = within ? s->run_values : s->values;
    size_t n = within ? s->n_runs : s->n;
    side.raw = sb_stat_moments(x, n);
    side.log = (struct sb_moments){n, NAN, NAN};
    if (s->log_values && within) {
        double *logs = sb_xreallocarray(NULL, n, sizeof *logs);
        sb_stat_log(x, n, logs);
        side.log = sb_stat_moments(logs, n);
        free(logs);
    } else if (s->log_values) {
        side.log = sb_stat_moments(s->log_values, n);
    }
    side.constant = n > 1 && (side.raw.var == 0 || side.log.var == 0);
    return side;
}

/* What a constant side may have been before rounding; else the t interval of the mean logarithm. */
static struct sb_range log_range(const struct side *side, double confidence)
{
    if (!side->constant) return sb_t_interval(side->log, confidence);
    double low = side->raw.mean - side->resolution;
    return (struct sb_range){low > 0 ? log(low) : NAN, log(side->raw.mean + side->resolution)};
}

static struct sb_range log_ratio_interval(const struct side *base, const struct side *level, const struct sb_welch *welch,
                                          double confidence)
{
    if (!base->constant && !level->constant) return sb_welch_interval(welch, confidence);
    struct sb_range b = log_range(base, confidence), l = log_range(level, confidence);
    return (struct sb_range){l.low - b.high, l.high - b.low};
}

static void set_nothing(struct sb_comparison *row)
{
    row->ratio = row->ratio_low = row->ratio_high = row->ratio_low90 = row->ratio_high90 = NAN;
    row->p = row->p_adjusted = row->effect_size = row->chance_equivalent = NAN;
    row->runs_needed = 0;
}

static void log_scale(const struct sb_results *results, struct sb_comparison *row, const struct side *base,
                      const struct side *level)
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
    row->effect_size = sb_hedges_g(base->log, level->log);
    bool constant = base->constant || level->constant, one_boot = base->one_boot || level->one_boot;
    if (!constant && !one_boot) {
        row->p = welch.p;
        row->chance_equivalent = sb_tost_power(0, log1p(settings->margin), base->log.var, base->log.n, level->log.var,
                                               level->log.n, settings->alpha);
    }
    if (!one_boot && base->raw.n > 1 && level->raw.n > 1)
        row->runs_needed = sb_welch_sample_size(log1p(settings->margin), base->log.var, level->log.var, settings->alpha,
                                                target_power, RUNS_LIMIT);
}

void sb_pair_stats(struct sb_results *results, struct sb_comparison *row)
{
    const struct sb_summary *b = &results->summaries[row->summary_baseline], *l = &results->summaries[row->summary_level];
    set_nothing(row);
    row->n_baseline = b->n;
    row->n_level = l->n;
    row->mean_baseline = b->mean;
    row->mean_level = l->mean;
    if (!b->n || !l->n) return;
    struct side base = side_of(b), level = side_of(l);
    bool positive = b->log_values && l->log_values;
    if (positive)
        log_scale(results, row, &base, &level);
    else if (!base.constant && !level.constant && !base.one_boot && !level.one_boot)
        row->p = sb_welch_test(base.raw, level.raw).p;
}
