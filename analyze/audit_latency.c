/* A run against itself: the latency block and the latency histogram. */
#include "analyze/audit_checks.h"

#include <math.h>
#include "core/metric.h"
#include "io/number.h"

/*
 * The percentile is read from a logarithmic histogram: the middle of the bucket in which the value fell, so
 * up to half a step beside it. 0.4 and 0.5: 100,000 buckets from 1 ns to 1e13 ns (sb_logger.c,
 * OPER_LOG_*). 1.0 and 1.1: 1,024 buckets from 0.001 to 100,000 ms, and what lies outside is counted in the
 * first or last one.
 */
struct buckets {
    double step, lowest, highest; /* ratio of neighbours; ms */
};

static struct buckets buckets_of(enum sb_generation generation)
{
    if (generation == SB_GENERATION_0_4 || generation == SB_GENERATION_0_5)
        return (struct buckets){exp(log(1e13) / 99999), 1e-6, 1e7};
    return (struct buckets){exp(log(1e8) / 1023), 1e-3, 1e5};
}

/* Larger than any time that can have been measured: an unsigned difference that went below zero prints as
 * 2^64 ns = 18446744073709.55 ms less something. */
static bool is_wrapped(const struct sb_value *value)
{
    return value && value->value > 1e12;
}

static const char *const latencies[] = {"latency_min", "latency_avg", "latency_max", "latency_sum"};

void sb_check_wrapped(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    for (size_t i = 0; i < sizeof latencies / sizeof *latencies; i++) {
        const struct sb_value *value = sb_fact(facts, latencies[i]);
        if (!is_wrapped(value)) continue;
        sb_audit_add(audit, facts, value, NULL,
                     "%s is more than thirty years: a difference of two clock readings that went below zero",
                     sb_audit_figure(audit, facts, value));
    }
}

void sb_check_latency_avg(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *avg = sb_fact(facts, "latency_avg"), *sum = sb_fact(facts, "latency_sum");
    const struct sb_value *events = sb_fact(facts, "events");
    if (!avg || !sum || !events || events->value <= 0 || is_wrapped(sum) || is_wrapped(avg)) return;
    struct sb_span allowed = sb_span_div(sb_span_of(sum), sb_span_of(events));
    allowed.lo = fmax(0, allowed.lo - 1e-6); /* whole nanoseconds, cut (sb_timer_avg) */
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s over %s gives", sb_audit_figure(audit, facts, sum),
                        sb_audit_figure(audit, facts, events));
    sb_audit_expect(audit, facts, avg, sb_span_of(avg), allowed, sum, because);
}

static void expect_at_most(struct sb_audit *audit, const struct sb_run_facts *facts,
                           const struct sb_value *small, const struct sb_value *large, struct sb_span limit,
                           const char *why)
{
    if (!small || !large || is_wrapped(small) || is_wrapped(large) ||
        sb_span_of(small).lo <= limit.hi * (1 + 1e-9))
        return;
    sb_audit_add(audit, facts, small, large, "%s is above %s: %s; %s %% outside",
                 sb_audit_figure(audit, facts, small), sb_audit_figure(audit, facts, large), why,
                 sb_audit_number(audit, 100 * (sb_span_of(small).lo - limit.hi) / fmax(limit.hi, 1e-9), 3));
}

/* One event took max and every other at least min: max <= sum - (events - 1) * min. */
static void expect_max_within_sum(struct sb_audit *audit, const struct sb_run_facts *facts,
                                  const struct sb_value *min, const struct sb_value *max)
{
    const struct sb_value *sum = sb_fact(facts, "latency_sum"), *events = sb_fact(facts, "events");
    if (!sum || !max || !events || events->value < 1) return;
    double others = min && !is_wrapped(min) ? (events->value - 1) * sb_span_of(min).lo : 0;
    struct sb_span limit = sb_span(0, fmax(0, sb_span_of(sum).hi - others));
    expect_at_most(audit, facts, max, sum, limit,
                   "one event took the maximum and every other one at least the minimum");
}

void sb_check_latency_order(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *min = sb_fact(facts, "latency_min"), *avg = sb_fact(facts, "latency_avg");
    const struct sb_value *max = sb_fact(facts, "latency_max"), *total = sb_fact(facts, "total_time");
    const struct sb_value *events = sb_fact(facts, "events");
    if (events && events->value < 1) return;
    if (avg) expect_at_most(audit, facts, min, avg, sb_span_of(avg), "a minimum cannot be above the average");
    if (max)
        expect_at_most(audit, facts, avg, max, sb_span_of(max), "an average cannot be above the maximum");
    if (max && !avg)
        expect_at_most(audit, facts, min, max, sb_span_of(max), "a minimum cannot be above the maximum");
    expect_max_within_sum(audit, facts, min, max);
    if (total && !facts->carried)
        expect_at_most(audit, facts, max, total, sb_span_scale(sb_span(0, sb_span_of(total).hi + 0.05), 1e3),
                       "no event can have lasted longer than the run");
}

/* The most and the least that the rank's value can be, given sum, count, min and max. */
static struct sb_span percentile_limits(const struct sb_run_facts *facts, double rank, struct sb_span min,
                                        struct sb_span max)
{
    struct sb_span limits = sb_span(min.lo, max.hi);
    const struct sb_value *sum = sb_fact(facts, "latency_sum"), *events = sb_fact(facts, "events");
    if (!sum || !events || events->value < 1 || is_wrapped(sum)) return limits;
    if (facts->generation == SB_GENERATION_0_4)
        return limits; /* picks the nearest rank, from another timer */
    double n = events->value,
           below = fmax(1, floor(n * rank / 100 + 0.5)); /* values up to and with the rank's */
    double above = n - below + 1;
    struct sb_span total = sb_span_of(sum);
    limits.hi = fmin(limits.hi, fmax(0, total.hi - (below - 1) * min.lo) / above);
    limits.lo = fmax(limits.lo, (total.lo - (n - below) * max.hi) / below);
    return limits;
}

void sb_check_percentile(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *value = sb_fact_percentile(facts), *events = sb_fact(facts, "events");
    const struct sb_value *min = sb_fact(facts, "latency_min"), *max = sb_fact(facts, "latency_max");
    struct buckets buckets = buckets_of(facts->generation);
    double rank;
    if (!value || !min || !max || is_wrapped(min) || is_wrapped(max) || (events && events->value < 1)) return;
    const char *digits = value->metric + strlen("latency_p");
    if (!sb_number_parse(digits, strlen(digits), &rank) || value->value >= buckets.highest * 0.999) return;
    if (facts->generation == SB_GENERATION_0_5 && value->value == 0)
        return; /* sb_percentile_calculate() gave up */
    struct sb_span limits = percentile_limits(facts, rank, sb_span_of(min), sb_span_of(max));
    double half = sqrt(buckets.step), timers = facts->generation == SB_GENERATION_0_4 ? 0.05 : 0;
    struct sb_span allowed = sb_span(fmax(0, fmin(limits.lo / half, buckets.highest) - timers),
                                     fmax(limits.hi * half, buckets.lowest) + timers);
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s, %s, the sum and the histogram's steps of %s %% allow",
                        sb_audit_figure(audit, facts, min), sb_audit_figure(audit, facts, max),
                        sb_audit_number(audit, 100 * (buckets.step - 1), 2));
    sb_audit_expect(audit, facts, value, sb_span_of(value), allowed, max, because);
}

/* 0.4 walks past the last bucket when no rank is nearer than the first one that it saw. */
void sb_check_percentile_saturated(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *value = sb_fact_percentile(facts);
    if (!value || value->value < buckets_of(facts->generation).highest * 0.999) return;
    sb_audit_add(audit, facts, value, NULL, "%s is the end of sysbench's histogram, not a measurement",
                 sb_audit_figure(audit, facts, value));
}

static uint64_t histogram_total(const struct sb_run *run)
{
    uint64_t total = 0;
    for (size_t i = 0; i < run->buckets_nr; i++)
        total += run->buckets[i].count;
    return total;
}

void sb_check_histogram_count(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *events = sb_fact(facts, "events");
    if (!facts->run->buckets_nr || !events) return;
    uint64_t total = histogram_total(facts->run);
    if ((double)total == events->value) return;
    struct sb_finding *f =
        sb_audit_add(audit, facts, events, NULL, "%s, but the histogram's counts add up to %llu",
                     sb_audit_figure(audit, facts, events), (unsigned long long)total);
    sb_finding_set_other(f, audit->ds, facts->index, facts->run->buckets[0].line);
}

/* The value of the bucket that holds a rank, as sb_histogram_get_pct_*() finds it; the row's index. */
static size_t bucket_of_rank(const struct sb_run *run, double rank)
{
    double wanted = floor((double)histogram_total(run) * rank / 100 + 0.5), seen = 0;
    size_t i = 0;
    while (i + 1 < run->buckets_nr && seen + (double)run->buckets[i].count < wanted)
        seen += (double)run->buckets[i++].count;
    return i;
}

void sb_check_histogram_percentile(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *value = sb_fact_percentile(facts);
    double rank;
    if (!facts->run->buckets_nr || !value) return;
    const char *digits = value->metric + strlen("latency_p");
    if (!sb_number_parse(digits, strlen(digits), &rank)) return;
    const struct sb_bucket *bucket = &facts->run->buckets[bucket_of_rank(facts->run, rank)];
    struct sb_span allowed = sb_span(fmax(0, bucket->value_ms - 0.0005), bucket->value_ms + 0.0005);
    const char *because = sb_arena_printf(&audit->ds->arena, "the histogram's row for that rank (%s) gives",
                                          sb_run_where(audit->ds, facts->run, bucket->line));
    if (sb_spans_meet(sb_span_of(value), allowed)) return;
    sb_audit_expect(audit, facts, value, sb_span_of(value), allowed, NULL, because);
}

/* The first and last bucket hold the minimum and the maximum. */
void sb_check_histogram_range(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_run *run = facts->run;
    if (!run->buckets_nr) return;
    struct buckets buckets = buckets_of(facts->generation);
    double half = sqrt(buckets.step);
    const struct sb_bucket *ends[] = {&run->buckets[0], &run->buckets[run->buckets_nr - 1]};
    const char *const metrics[] = {"latency_min", "latency_max"};
    for (size_t i = 0; i < 2; i++) {
        const struct sb_value *value = sb_fact(facts, metrics[i]);
        if (!value || is_wrapped(value)) continue;
        struct sb_span allowed =
            sb_span((ends[i]->value_ms - 0.0005) / half, (ends[i]->value_ms + 0.0005) * half);
        if (ends[i]->value_ms < buckets.lowest * 1.01) allowed.lo = 0;
        if (ends[i]->value_ms > buckets.highest * 0.99) allowed.hi = HUGE_VAL;
        const char *because =
            sb_arena_printf(&audit->ds->arena, "the histogram's %s row (%s) allows", i ? "last" : "first",
                            sb_run_where(audit->ds, run, ends[i]->line));
        sb_audit_expect(audit, facts, value, sb_span_of(value), allowed, NULL, because);
    }
}
