/*
 * The block that ends every report.
 *
 *   0.4.12  sb_logger.c oper_handler_done()   Test execution summary:   per-request statistics:   min: 0.96ms
 *   0.5     sysbench.c print_global_stats()   General statistics:       response time:            min: 0.96ms
 *   1.0     sysbench.c sb_report_cumulative() General statistics:       Latency (ms):             min: 0.96
 *   1.1     the same                          Throughput:               Latency (ms):             min: 0.96
 *
 * A percentile is a row of its own, since its name holds its rank. The rows with SB_RULE_LAYOUT read what a
 * grep left without the heading: only with the nine blanks that sysbench's format strings have.
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "parsers/builder.h"

#define GENERAL(n, p)  .name = n, .pattern = p, .phase = SB_PHASE_GENERAL
#define LATENCY(n, p)  .name = n, .pattern = p, .phase = SB_PHASE_LATENCY
#define FAIRNESS(n, p) .name = n, .pattern = p, .phase = SB_PHASE_FAIRNESS
#define WITH_UNIT(n)                                                                                         \
    {                                                                                                        \
        {.to = SB_TO_METRIC_UNIT, .name = n},                                                                \
        {                                                                                                    \
            .to = SB_TO_UNIT                                                                                 \
        }                                                                                                    \
    }
#define RANK                                                                                                 \
    {                                                                                                        \
        .to = SB_TO_RANK                                                                                     \
    }

static const struct sb_rule rules[] = {
    {GENERAL("summary heading", "General statistics:"), .opens = SB_SECTION_GENERAL, .flags = SB_RULE_ONCE},
    {GENERAL("summary heading", "Test execution summary:"), .opens = SB_SECTION_GENERAL,
     .flags = SB_RULE_ONCE},
    {.name = "throughput heading",
     .pattern = "Throughput:",
     .phase = SB_PHASE_RESULT,
     .opens = SB_SECTION_THROUGHPUT,
     .flags = SB_RULE_ONCE},
    {GENERAL("event rate", "events/s (eps): %n"), .captures = {SB_METRIC("events_per_second")},
     .flags = SB_RULE_ONCE},
    {GENERAL("total time", "time elapsed: %ns"), .captures = {SB_METRIC("total_time")},
     .flags = SB_RULE_ONCE},
    {GENERAL("total time", "total time: %ns"), .captures = {SB_METRIC("total_time")}, .flags = SB_RULE_ONCE},
    {GENERAL("events", "total number of events: %n"), .captures = {SB_METRIC("events")},
     .flags = SB_RULE_ONCE},
    {GENERAL("event time", "total time taken by event execution: %ns"),
     .captures = {SB_SCALED("latency_sum", 1000)}, .flags = SB_RULE_ONCE},
    {GENERAL("event time", "total time taken by event execution: %n"),
     .captures = {SB_SCALED("latency_sum", 1000)}, .flags = SB_RULE_ONCE},

    {LATENCY("latency heading", "per-request statistics:"), .opens = SB_SECTION_RESPONSE,
     .flags = SB_RULE_ONCE},
    {LATENCY("latency heading", "response time:"), .opens = SB_SECTION_RESPONSE, .flags = SB_RULE_ONCE},
    {LATENCY("latency heading", "Latency (ms):"), .opens = SB_SECTION_LATENCY, .flags = SB_RULE_ONCE},
    {LATENCY("latency", "min: %n%w"), .in = SB_SECTION_RESPONSE, .flags = SB_RULE_ONCE,
     .captures = WITH_UNIT("latency_min")},
    {LATENCY("latency", "avg: %n%w"), .in = SB_SECTION_RESPONSE, .flags = SB_RULE_ONCE,
     .captures = WITH_UNIT("latency_avg")},
    {LATENCY("latency", "max: %n%w"), .in = SB_SECTION_RESPONSE, .flags = SB_RULE_ONCE,
     .captures = WITH_UNIT("latency_max")},
    {LATENCY("percentile", "approx. %n percentile: %n%w"),
     .captures = {RANK, {.to = SB_TO_METRIC_UNIT, .name = "latency_p"}, {.to = SB_TO_UNIT}},
     .flags = SB_RULE_ONCE},
    {LATENCY("percentile", "approx. %nth percentile: %n%w"),
     .captures = {RANK, {.to = SB_TO_METRIC_UNIT, .name = "latency_p"}, {.to = SB_TO_UNIT}},
     .flags = SB_RULE_ONCE},
    {LATENCY("latency", "min: %n"), .in = SB_SECTION_LATENCY, .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("latency_min")}},
    {LATENCY("latency", "avg: %n"), .in = SB_SECTION_LATENCY, .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("latency_avg")}},
    {LATENCY("latency", "max: %n"), .in = SB_SECTION_LATENCY, .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("latency_max")}},
    {LATENCY("latency", "sum: %n"), .in = SB_SECTION_LATENCY, .captures = {SB_METRIC("latency_sum")},
     .flags = SB_RULE_ONCE | SB_RULE_ENDS_SHORT},
    {LATENCY("percentile", "%nth percentile: %n"), .captures = {RANK, SB_METRIC("latency_p")},
     .flags = SB_RULE_ONCE},
    {LATENCY("percentile off", "percentile stats: disabled"), .set = {"percentile", "0"}},

    {LATENCY("latency", "min: %n"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE, .indent = 9,
     .captures = {SB_METRIC("latency_min")}},
    {LATENCY("latency", "avg: %n"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE, .indent = 9,
     .captures = {SB_METRIC("latency_avg")}},
    {LATENCY("latency", "max: %n"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE, .indent = 9,
     .captures = {SB_METRIC("latency_max")}},
    {LATENCY("latency", "sum: %n"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE | SB_RULE_ENDS_SHORT, .indent = 9,
     .captures = {SB_METRIC("latency_sum")}},
    {LATENCY("latency", "min: %n%w"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE, .indent = 9,
     .captures = WITH_UNIT("latency_min")},
    {LATENCY("latency", "avg: %n%w"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE, .indent = 9,
     .captures = WITH_UNIT("latency_avg")},
    {LATENCY("latency", "max: %n%w"), .flags = SB_RULE_LAYOUT | SB_RULE_ONCE, .indent = 9,
     .captures = WITH_UNIT("latency_max")},

    {FAIRNESS("fairness heading", "Threads fairness:"), .opens = SB_SECTION_FAIRNESS, .flags = SB_RULE_ONCE},
    {FAIRNESS("fairness", "events (avg/stddev): %n/%n"), .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("thread_events_mean"), SB_METRIC("thread_events_sd")}},
    {FAIRNESS("fairness", "execution time (avg/stddev): %n/%n"), .flags = SB_RULE_ONCE | SB_RULE_ENDS,
     .captures = {SB_METRIC("thread_time_mean"), SB_METRIC("thread_time_sd")}},
};

const struct sb_family sb_family_summary = {"summary", rules, SB_ARRAY_SIZE(rules)};
