/* Where to spend repetitions; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include "analyze/boots.h"
#include "analyze/moments.h"
#include "analyze/twosample.h"
#include "analyze/variance.h"
#include "core/alloc.h"

enum { BOOTS_LIMIT = 10000, MOST_RUNS = 20 };
static const double target_power = 0.8;

/* Components of the logarithms of the runs, grouped by boot. */
static struct sb_components boot_components(const struct sb_dataset *ds, const struct sb_summary *s)
{
    double *x = sb_xreallocarray(NULL, s->n_runs, sizeof *x);
    size_t *order = sb_xreallocarray(NULL, s->n_runs, sizeof *order),
           *sizes = sb_xreallocarray(NULL, s->n_runs, sizeof *sizes);
    size_t boots = sb_group_boots(ds, s->runs, s->n_runs, order, sizes);
    for (size_t i = 0; i < s->n_runs; i++)
        x[i] = log(s->run_values[order[i]]);
    struct sb_components c = sb_variance_components(x, sizes, boots);
    free(x);
    free(order);
    free(sizes);
    return c;
}

/* Without two runs in any boot, or without boots, the replicates' variance is all there is; it counts as
 * between boots. */
static struct sb_components components(const struct sb_dataset *ds, const struct sb_summary *s)
{
    struct sb_components c = {NAN, NAN, NAN, false};
    if (!s->log_values) return c;
    if (s->boots_known) c = boot_components(ds, s);
    if (isnan(c.within) && s->n > 1) c.between = sb_stat_var(s->log_values, s->n);
    return c;
}

static void plan(struct sb_results *results, struct sb_repetition_plan *p, const struct sb_components *c,
                 const struct sb_repetitions_request *request)
{
    double wanted = request->half_width > 0 ? request->half_width : results->settings.margin;
    double boot = request->cost_boot > 0 ? request->cost_boot : 1,
           run = request->cost_run > 0 ? request->cost_run : 1;
    p->runs_per_boot = isnan(c->between) ? 0 : sb_best_runs_per_boot(c, boot, run, MOST_RUNS);
    if (!p->runs_per_boot) return;
    double within = isnan(c->within) ? 0 : c->within, var = c->between + within / (double)p->runs_per_boot;
    p->boots = sb_boots_for_half_width(c, p->runs_per_boot, log1p(wanted), results->settings.confidence,
                                       BOOTS_LIMIT);
    p->boots_compare = sb_welch_sample_size(log1p(results->settings.margin), var, var,
                                            results->settings.alpha, target_power, BOOTS_LIMIT);
}

static void take_codes(struct sb_results *results, struct sb_repetition_plan *p, const struct sb_summary *s,
                       const struct sb_components *c)
{
    static const char *const carried[] = {"BOOT_UNKNOWN", "ONE_BOOT", "ONE_RUN", "CONSTANT", "LOG_UNDEFINED"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(carried); i++)
        if (sb_codes_has(&s->findings, carried[i])) sb_codes_add(&results->arena, &p->findings, carried[i]);
    if (c->truncated) sb_codes_add(&results->arena, &p->findings, "VARIANCE_TRUNCATED");
    if (s->boots_known && s->n > 1 && isnan(c->within))
        sb_codes_add(&results->arena, &p->findings, "WITHIN_UNKNOWN");
}

bool sb_repetitions(const struct sb_dataset *ds, struct sb_results *results,
                    const struct sb_repetitions_request *request, struct sb_err *err)
{
    results->repetitions_nr = 0;
    if (request->half_width < 0 || request->cost_boot < 0 || request->cost_run < 0)
        return sb_fail(err, SB_ERR_USAGE, "the wanted width and the costs must not be negative");
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (!s->group.primary || !s->n) continue;
        struct sb_components c = components(ds, s);
        struct sb_repetition_plan p = {.summary = i, .icc = c.icc, .half_width = NAN};
        bool split = s->boots_known && !isnan(c.within);
        p.sd_between = split ? sqrt(c.between) : NAN;
        p.sd_within = sqrt(c.within);
        if (s->geo_low > 0) p.half_width = (sqrt(s->geo_high / s->geo_low)) - 1;
        plan(results, &p, &c, request);
        take_codes(results, &p, s, &c);
        SB_ALLOC_GROW(results->repetitions, results->repetitions_nr + 1, results->repetitions_alloc);
        results->repetitions[results->repetitions_nr++] = p;
    }
    return true;
}
