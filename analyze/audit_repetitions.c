/*
 * Over the repetitions of a cell: is the primary metric stationary, free of strays and precise enough? All
 * tests work on logarithms, in the order in which the runs were made, on runs that are not suspect. They need
 * five values (two modes: ten) and can fire there; docs/audit.md states their false-alarm rates. A change of
 * less than half a per cent is never reported, however sure.
 */
#include "analyze/audit_checks.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/audit_cells.h"
#include "core/alloc.h"
#include "core/metric.h"
#include "core/text.h"

static const double first_run_alpha = 0.01, outlier_alpha = 0.01, trend_alpha = 0.02;
static const double smallest_change = 0.005; /* on the log scale: half a per cent */
static const double noisy_half_width = 0.10;
enum { REPETITIONS_MIN = 5, TWO_MODES_MIN = 10, NOISY_MIN = 3 };

struct repetition {
    size_t run;
    const struct sb_value *value;
    double log;
    const struct sb_run *at; /* for sorting */
};

struct series {
    struct repetition *v;
    size_t nr;
    const char *metric;
};

static int repetition_cmp(const void *pa, const void *pb)
{
    const struct repetition *a = pa, *b = pb;
    static const char *const names[] = {"boot", "repetition"};
    if (a->at->order && b->at->order && a->at->order != b->at->order)
        return a->at->order < b->at->order ? -1 : 1;
    for (size_t i = 0; i < 2; i++) {
        const char *x = sb_run_label(a->at, names[i]), *y = sb_run_label(b->at, names[i]);
        int cmp = x && y ? sb_natural_cmp(x, y) : 0;
        if (cmp) return cmp;
    }
    return (a->run > b->run) - (a->run < b->run);
}

/* The cell's values of its primary metric; nothing when the runs are of several kinds or have no positive
 * values. */
static void series_init(struct series *series, const struct sb_dataset *ds, const struct sb_cell_runs *cell)
{
    const struct sb_run *first = &ds->runs[cell->runs[0]];
    series->metric = sb_kind_primary_metric(first->kind, sb_run_bounded_by_events(first));
    series->v = sb_xreallocarray(NULL, cell->nr + 1, sizeof *series->v);
    series->nr = 0;
    for (size_t i = 0; *first->kind && i < cell->nr; i++) {
        const struct sb_run *run = &ds->runs[cell->runs[i]];
        const struct sb_value *value = sb_run_value(run, series->metric);
        if (run->suspect || !value || value->value <= 0 || !sb_streq(run->kind, first->kind)) continue;
        series->v[series->nr++] = (struct repetition){cell->runs[i], value, log(value->value), run};
    }
    if (series->nr) qsort(series->v, series->nr, sizeof *series->v, repetition_cmp);
}

typedef void series_fn(struct sb_audit *audit, const struct series *series);

static void each_series(struct sb_audit *audit, size_t least, series_fn *check)
{
    const struct sb_cells *cells = sb_audit_cells(audit);
    for (size_t i = 0; i < cells->nr; i++) {
        struct series series;
        if (cells->v[i].nr < least) continue;
        series_init(&series, audit->ds, &cells->v[i]);
        if (series.nr >= least) check(audit, &series);
        free(series.v);
    }
}

static struct sb_finding *add(struct sb_audit *audit, const struct series *series, size_t at,
                              const char *message)
{
    struct sb_run_facts facts;
    sb_run_facts_init(&facts, audit->ds, series->v[at].run);
    struct sb_finding *f = sb_audit_add(audit, &facts, series->v[at].value, NULL, "%s", message);
    f->metric = series->v[at].value->metric;
    return f;
}

static const char *figure(struct sb_audit *audit, const struct series *series, size_t at)
{
    struct sb_run_facts facts;
    sb_run_facts_init(&facts, audit->ds, series->v[at].run);
    return sb_audit_figure(audit, &facts, series->v[at].value);
}

/* Mean and SD (n - 1) of all logarithms but one; `but` = nr leaves none out. */
static void mean_sd_but(const struct series *series, size_t but, double *mean, double *sd)
{
    double sum = 0, squares = 0;
    size_t n = series->nr - (but < series->nr);
    for (size_t i = 0; i < series->nr; i++)
        if (i != but) sum += series->v[i].log;
    *mean = sum / (double)n;
    for (size_t i = 0; i < series->nr; i++)
        if (i != but) squares += (series->v[i].log - *mean) * (series->v[i].log - *mean);
    *sd = sqrt(squares / (double)(n - 1));
}

/* Two-sided p of one value against the others: t = (x - mean) / (sd * sqrt(1 + 1 / (n - 1))) has n - 2
 * degrees of freedom when all come from one normal distribution (the externally studentised residual). */
static double deleted_p(const struct series *series, size_t at, double *distance)
{
    double mean, sd, n = (double)series->nr;
    mean_sd_but(series, at, &mean, &sd);
    *distance = series->v[at].log - mean;
    if (fabs(*distance) < smallest_change) return 1;
    double scale = fmax(sd, 1e-12) * sqrt(1 + 1 / (n - 1));
    return 2 * gsl_cdf_tdist_Q(fabs(*distance) / scale, n - 2);
}

static const char *percent(struct sb_audit *audit, double log_distance)
{
    return sb_arena_printf(&audit->ds->arena, "%s %% %s",
                           sb_audit_number(audit, 100 * fabs(expm1(log_distance)), 3),
                           log_distance < 0 ? "below" : "above");
}

static void first_run(struct sb_audit *audit, const struct series *series)
{
    double distance, p = deleted_p(series, 0, &distance);
    if (p >= first_run_alpha) return;
    add(audit, series, 0,
        sb_arena_printf(&audit->ds->arena,
                        "the first run's %s is %s the other %zu (p = %s): warm-up, or something that ended",
                        figure(audit, series, 0), percent(audit, distance), series->nr - 1,
                        sb_audit_number(audit, p, 2)));
}

void sb_check_first_run_apart(struct sb_audit *audit)
{
    each_series(audit, REPETITIONS_MIN, first_run);
}

/* The largest deleted residual, its p multiplied by n (Bonferroni): Grubbs' test for one outlier. */
static void outlier(struct sb_audit *audit, const struct series *series)
{
    double best = 1, best_distance = 0;
    size_t at = 0;
    for (size_t i = 0; i < series->nr; i++) {
        double distance, p = deleted_p(series, i, &distance) * (double)series->nr;
        if (p < best) best = p, best_distance = distance, at = i;
    }
    if (best >= outlier_alpha || at == 0) return; /* the first run has its own check */
    add(audit, series, at,
        sb_arena_printf(&audit->ds->arena, "%s is %s the other %zu runs of its cell (p = %s)",
                        figure(audit, series, at), percent(audit, best_distance), series->nr - 1,
                        sb_audit_number(audit, best, 2)));
}

void sb_check_outlier(struct sb_audit *audit)
{
    each_series(audit, REPETITIONS_MIN, outlier);
}

/* P(S >= s) of Kendall's S for n values without ties, exactly: the number of permutations with few
 * inversions, by the recurrence over n (Kendall 1938). */
static double kendall_tail(size_t n, double s)
{
    size_t pairs = n * (n - 1) / 2, limit = (size_t)floor(((double)pairs - s) / 2 + 1e-9);
    double *now = sb_xcalloc(pairs + 1, sizeof *now), *next = sb_xcalloc(pairs + 1, sizeof *next), tail = 0;
    now[0] = 1;
    for (size_t k = 2; k <= n; k++) { /* probabilities: each of k places is equally likely */
        double window = 0;
        for (size_t i = 0; i <= k * (k - 1) / 2; i++) {
            window += now[i];
            if (i >= k) window -= now[i - k];
            next[i] = window / (double)k;
        }
        double *swap = now;
        now = next, next = swap;
    }
    for (size_t i = 0; i <= limit && i <= pairs; i++)
        tail += now[i];
    free(now);
    free(next);
    return fmin(tail, 1);
}

/* Mann and Kendall's test of a monotone trend. Ties count as neither, which makes it a little less likely to
 * fire. */
static void trend(struct sb_audit *audit, const struct series *series)
{
    double s = 0, n = (double)series->nr, low = HUGE_VAL, high = -HUGE_VAL;
    for (size_t i = 0; i < series->nr; i++) {
        low = fmin(low, series->v[i].log), high = fmax(high, series->v[i].log);
        for (size_t j = 0; j < i; j++)
            s += (series->v[i].log > series->v[j].log) - (series->v[i].log < series->v[j].log);
    }
    if (high - low < smallest_change) return;
    double variance = n * (n - 1) * (2 * n + 5) / 18;
    double p = series->nr <= 40 ? 2 * kendall_tail(series->nr, fabs(s))
                                : 2 * gsl_cdf_ugaussian_Q((fabs(s) - 1) / sqrt(variance));
    if (p >= trend_alpha) return;
    struct sb_finding *f =
        add(audit, series, 0,
            sb_arena_printf(&audit->ds->arena, "%s %s over %zu runs, to %s (Kendall's S = %s, p = %s)",
                            figure(audit, series, 0), s > 0 ? "rises" : "falls", series->nr,
                            figure(audit, series, series->nr - 1), sb_audit_number(audit, s, 6),
                            sb_audit_number(audit, p, 2)));
    sb_finding_set_other(f, audit->ds, series->v[series->nr - 1].run, series->v[series->nr - 1].value->line);
}

void sb_check_trend(struct sb_audit *audit)
{
    each_series(audit, REPETITIONS_MIN, trend);
}

static void noisy(struct sb_audit *audit, const struct series *series)
{
    double mean, sd, n = (double)series->nr;
    mean_sd_but(series, series->nr, &mean, &sd);
    double half = expm1(gsl_cdf_tdist_Pinv(0.975, n - 1) * sd / sqrt(n));
    if (half <= noisy_half_width) return;
    add(audit, series, 0,
        sb_arena_printf(&audit->ds->arena,
                        "%zu runs like %s spread so much that their mean is known only to %s %% (95 %%)",
                        series->nr, figure(audit, series, 0), sb_audit_number(audit, 100 * half, 2)));
}

void sb_check_noisy(struct sb_audit *audit)
{
    each_series(audit, NOISY_MIN, noisy);
}

/* 99 % quantiles of the statistic below for one normal distribution: tests/reference/audit_two_modes.R. */
static const struct {
    double n, critical;
} two_modes_table[] = {
    {10, 0.9081}, {12, 0.8852}, {15, 0.8610},  {20, 0.8307},  {25, 0.8106},  {30, 0.7945},   {40, 0.7719},
    {50, 0.7584}, {75, 0.7347}, {100, 0.7208}, {200, 0.6949}, {500, 0.6732}, {1000, 0.6627},
};

static double two_modes_critical(double n)
{
    size_t last = sizeof two_modes_table / sizeof *two_modes_table - 1, i = 0;
    if (n >= two_modes_table[last].n) return two_modes_table[last].critical;
    while (two_modes_table[i + 1].n <= n)
        i++;
    double share = (n - two_modes_table[i].n) / (two_modes_table[i + 1].n - two_modes_table[i].n);
    return two_modes_table[i].critical +
           share * (two_modes_table[i + 1].critical - two_modes_table[i].critical);
}

static int log_cmp(const void *pa, const void *pb)
{
    const struct repetition *a = pa, *b = pb;
    return (a->log > b->log) - (a->log < b->log);
}

/* The share of the sum of squares that the best split of the sorted values in two explains; each part has at
 * least a fifth of them. `*split` is the size of the lower part. */
static double best_split(const struct repetition *sorted, size_t nr, size_t *split)
{
    double mean = 0, total = 0, sum = 0, best = 0, n = (double)nr;
    size_t least = (nr + 4) / 5 < 2 ? 2 : (nr + 4) / 5;
    for (size_t i = 0; i < nr; i++)
        mean += sorted[i].log / n;
    for (size_t i = 0; i < nr; i++)
        total += (sorted[i].log - mean) * (sorted[i].log - mean);
    for (size_t k = 1; k <= nr - least; k++) {
        sum += sorted[k - 1].log - mean;
        double between = sum * sum * (1 / (double)k + 1 / (n - (double)k));
        if (k >= least && between > best) best = between, *split = k;
    }
    return total > 0 ? best / total : 0;
}

static void two_modes(struct sb_audit *audit, const struct series *series)
{
    struct repetition *sorted = sb_xreallocarray(NULL, series->nr, sizeof *sorted);
    memcpy(sorted, series->v, series->nr * sizeof *sorted);
    qsort(sorted, series->nr, sizeof *sorted, log_cmp);
    size_t split = 0;
    double share = best_split(sorted, series->nr, &split);
    double gap = split ? sorted[split].log - sorted[split - 1].log : 0;
    if (share > two_modes_critical((double)series->nr) && gap >= smallest_change)
        add(audit, series, 0,
            sb_arena_printf(&audit->ds->arena,
                            "%zu runs like %s fall into two groups, %zu up to %s and %zu from %s on: a mean "
                            "describes neither",
                            series->nr, figure(audit, series, 0), split,
                            sb_audit_number(audit, exp(sorted[split - 1].log), 6), series->nr - split,
                            sb_audit_number(audit, exp(sorted[split].log), 6)));
    free(sorted);
}

void sb_check_two_modes(struct sb_audit *audit)
{
    each_series(audit, TWO_MODES_MIN, two_modes);
}
