/* A run against itself: rates, times and the fairness block, which every kind of test prints. */
#include "analyze/audit_checks.h"

#include <math.h>
#include "core/metric.h"

/* A printed rate is its count divided by the elapsed time (report_cumulative() and its like). */
static const struct {
    const char *rate, *count;
} rates[] = {
    {"events_per_second", "events"},
    {"memory_ops_per_second", "memory_ops"},
    {"memory_throughput", "memory_transferred"},
    {"transactions_per_second", "transactions"},
    {"queries_per_second", "queries"},
    {"requests_per_second", "events"}, /* fileio of 0.4 and 0.5 */
};

/* All rates of a report are divided by one reading of the clock, so the times that they imply must meet,
 * closely. */
static void expect_one_clock(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *first = NULL;
    struct sb_span clock = {0, 0};
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const struct sb_value *rate = sb_fact(facts, rates[i].rate), *count = sb_fact(facts, rates[i].count);
        if (!rate || !count || rate->value <= 0) continue;
        struct sb_span implied = sb_span_div(sb_span_of(count), sb_span_of(rate));
        if (first && !sb_spans_meet(clock, implied)) {
            sb_audit_add(audit, facts, rate, first,
                         "%s means that %s took %s to %s s, but %s means %s to %s s",
                         sb_audit_figure(audit, facts, rate), sb_audit_figure(audit, facts, count),
                         sb_audit_number(audit, implied.lo, 7), sb_audit_number(audit, implied.hi, 7),
                         sb_audit_figure(audit, facts, first), sb_audit_number(audit, clock.lo, 7),
                         sb_audit_number(audit, clock.hi, 7));
            return;
        }
        if (!first) first = rate, clock = implied;
    }
}

void sb_check_rate(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    expect_one_clock(audit, facts);
    if (!facts->elapsed_known) return;
    const struct sb_value *total = sb_fact(facts, "total_time");
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
        const struct sb_value *rate = sb_fact(facts, rates[i].rate), *count = sb_fact(facts, rates[i].count);
        if (!rate || !count) continue;
        const char *because =
            sb_arena_printf(&audit->ds->arena, "%s in %s give", sb_audit_figure(audit, facts, count),
                            sb_audit_figure(audit, facts, total));
        sb_audit_expect(audit, facts, rate, sb_span_of(rate), sb_span_div(sb_span_of(count), facts->elapsed),
                        count, because);
    }
}

/* Some figures stand twice in a report: eps in 1.1, the queries of SQL tests. */
void sb_check_printed_twice(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    for (size_t i = 0; i < facts->run->repeats_nr; i++) {
        const struct sb_value *again = &facts->run->repeats[i], *first = sb_fact(facts, again->metric);
        if (!first || sb_spans_meet(sb_span_of(first), sb_span_of(again))) continue;
        sb_audit_add(audit, facts, again, first, "%s, but %s: one figure, printed twice",
                     sb_audit_figure(audit, facts, again), sb_audit_figure(audit, facts, first));
    }
}

/* In a closed loop a worker handles one event at a time, so it cannot be busy longer than it lived. Under
 * --rate the latency counts from when the event was queued, and it can. */
void sb_check_sum_exceeds_time(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *sum = sb_fact(facts, "latency_sum"), *total = sb_fact(facts, "total_time");
    if (!sum || !total || !facts->elapsed_known || !facts->threads || !facts->closed_loop) return;
    struct sb_span found = sb_span_scale(sb_span_of(sum), 1e-3);
    double limit = facts->threads * facts->elapsed.hi;
    const struct sb_value *max = sb_fact(facts, "latency_max");
    if (facts->carried) limit += max ? facts->threads * sb_span_of(max).hi * 1e-3 : HUGE_VAL;
    if (found.lo <= limit) return;
    sb_audit_add(
        audit, facts, sum, total,
        "%s, but %s threads that lived for %s cannot have been busy for more than %s s; %s %% outside",
        sb_audit_figure(audit, facts, sum), sb_audit_number(audit, facts->threads, 6),
        sb_audit_figure(audit, facts, total), sb_audit_number(audit, limit, 9),
        sb_audit_number(audit, 100 * (found.lo - limit) / limit, 3));
}

/*
 * The cpu and threads tests do nothing but their events, so in a closed loop their workers are busy all the
 * time but for the loop itself (some clock readings per event) and for waiting for a processor between two
 * events. Seen at most: 1.7 % idle with one thread, 13 % with sixteen threads on fewer processors; allowed is
 * three times as much, and more.
 */
static double idle_share_allowed(const struct sb_run_facts *facts)
{
    if (strcmp(facts->run->kind, "cpu") != 0 && strcmp(facts->run->kind, "threads") != 0) return 1;
    return facts->threads == 1 ? 0.05 : 0.4;
}

void sb_check_idle_workers(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *sum = sb_fact(facts, "latency_sum"), *total = sb_fact(facts, "total_time");
    const struct sb_value *events = sb_fact(facts, "events");
    double share = idle_share_allowed(facts);
    if (share >= 1 || !facts->threads || !facts->closed_loop || facts->run->status != SB_COMPLETE) return;
    if (!sum || !total || !events || !facts->elapsed_known || facts->carried) return;
    double busy = sb_span_of(sum).hi * 1e-3 / facts->threads, loop = events->value / facts->threads * 10e-6;
    double least = facts->elapsed.lo * (1 - share) - loop - 0.05 * facts->slack;
    if (busy >= least) return;
    sb_audit_add(audit, facts, total, sum,
                 "%s, but each of the %s threads was busy for only %s s of it (%s): the %s test does nothing "
                 "else, so at least %s s "
                 "were expected",
                 sb_audit_figure(audit, facts, total), sb_audit_number(audit, facts->threads, 6),
                 sb_audit_number(audit, busy, 6), sb_audit_figure(audit, facts, sum), facts->run->kind,
                 sb_audit_number(audit, least, 6));
}

void sb_check_fairness_events(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *mean = sb_fact(facts, "thread_events_mean"), *events = sb_fact(facts, "events");
    if (!mean || !events || !facts->threads) return;
    struct sb_span found = sb_span(mean->value - mean->resolution, mean->value + mean->resolution);
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s over %s threads give", sb_audit_figure(audit, facts, events),
                        sb_audit_number(audit, facts->threads, 6));
    sb_audit_expect(audit, facts, mean, isnan(mean->resolution) ? sb_span_of(mean) : found,
                    sb_span_exact(events->value / facts->threads), events, because);
}

void sb_check_fairness_time(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *mean = sb_fact(facts, "thread_time_mean"), *sum = sb_fact(facts, "latency_sum");
    if (!mean || !sum || !facts->threads) return;
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s over %s threads gives", sb_audit_figure(audit, facts, sum),
                        sb_audit_number(audit, facts->threads, 6));
    sb_audit_expect(audit, facts, mean, sb_span_of(mean),
                    sb_span_scale(sb_span_of(sum), 1e-3 / facts->threads), sum, because);
}

/* The population SD of n values >= 0 with mean m is at most m * sqrt(n - 1), and 0 for one value. */
void sb_check_fairness_sd(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    static const char *const pairs[][2] = {{"thread_events_mean", "thread_events_sd"},
                                           {"thread_time_mean", "thread_time_sd"}};
    for (size_t i = 0; i < 2; i++) {
        const struct sb_value *mean = sb_fact(facts, pairs[i][0]), *sd = sb_fact(facts, pairs[i][1]);
        if (!mean || !sd || !facts->threads) continue;
        double most = sb_span_of(mean).hi * sqrt(facts->threads - 1);
        const char *because =
            sb_arena_printf(&audit->ds->arena, "%s threads with %s allow",
                            sb_audit_number(audit, facts->threads, 6), sb_audit_figure(audit, facts, mean));
        struct sb_span found = isnan(sd->resolution)
                                   ? sb_span_of(sd)
                                   : sb_span(fmax(0, sd->value - sd->resolution), sd->value + sd->resolution);
        sb_audit_expect(audit, facts, sd, found, sb_span(0, most), mean, because);
    }
}

/* The interval lines of one metric, added up. */
struct series_sum {
    double total, until, longest, largest; /* events; s; s; 1/s */
    uint32_t line;                         /* of the last one */
    size_t points;
};

static bool add_up(const struct sb_run *run, const char *metric, struct series_sum *sum)
{
    *sum = (struct series_sum){0};
    for (size_t i = 0; i < run->points_nr; i++) {
        const struct sb_point *point = &run->points[i];
        if (point->checkpoint) return false;
        if (strcmp(point->metric, metric) != 0 || point->elapsed_s <= sum->until) continue;
        double seconds = point->elapsed_s - sum->until;
        sum->until = point->elapsed_s;
        sum->total += point->value * seconds;
        sum->longest = fmax(sum->longest, seconds);
        sum->largest = fmax(sum->largest, point->value);
        sum->line = point->line;
        sum->points++;
    }
    return sum->points > 1;
}

/* The intervals hold no more than the whole, and the whole no more than they and what came behind the last
 * one. `[ 5s ]` is rounded to whole seconds, and an interval may be late. */
static void series_of(struct sb_audit *audit, const struct sb_run_facts *facts, const char *metric,
                      const char *count_metric)
{
    const struct sb_value *count = sb_fact(facts, count_metric), *time = sb_fact(facts, "total_time");
    struct series_sum sum;
    if (!count || facts->carried || !add_up(facts->run, metric, &sum)) return;
    double spare = 0.02 * count->value + sum.largest * (sum.longest * 0.1 + 0.5);
    double behind = time ? fmax(0, sb_span_of(time).hi - sum.until) * 1.5 * sum.largest : HUGE_VAL;
    bool more = sum.total > count->value + spare, less = sum.total + behind + spare < count->value;
    if (!more && !less) return;
    struct sb_finding *f =
        sb_audit_add(audit, facts, count, NULL, "%s, but the interval lines up to %s add up to %s",
                     sb_audit_figure(audit, facts, count), sb_run_where(audit->ds, facts->run, sum.line),
                     sb_audit_number(audit, sum.total, 6));
    sb_finding_set_other(f, audit->ds, facts->index, sum.line);
}

void sb_check_series(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
        series_of(audit, facts, rates[i].rate, rates[i].count);
}
