/*
 * --debug: sysbench.c sb_report_cumulative() (0.4: sb_logger.c), behind the report's end.
 *
 *   DEBUG: Verbose per-thread statistics:
 *   DEBUG:     thread #  0: min: 0.0002s  avg: 0.0002s  max: 0.0003s  events: 5321
 *   DEBUG:                  total time taken by event execution: 0.9994s
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "parsers/builder.h"

/* Figures of one thread: series points named thread.<number>.<figure>, at the end of the run. */
static void one_thread(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_begin_thread(b, m->captures[0]);
    sb_builder_thread_point(b, "latency_min", "ms", m->captures[1], 1000);
    sb_builder_thread_point(b, "latency_avg", "ms", m->captures[2], 1000);
    sb_builder_thread_point(b, "latency_max", "ms", m->captures[3], 1000);
    sb_builder_thread_point(b, "events", "1", m->captures[4], 1);
}

static void thread_time(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_thread_point(b, "time", "s", m->captures[0], 1);
}

#define DEBUG_LINE(p) .name = "per-thread", .pattern = p, .phase = SB_PHASE_DEBUG, .flags = SB_RULE_CONTEXT

static const struct sb_rule rules[] = {
    {DEBUG_LINE("DEBUG: Verbose per-thread statistics:"), .opens = SB_SECTION_PER_THREAD},
    {DEBUG_LINE("DEBUG: thread # %n: min: %ns avg: %ns max: %ns events: %n"), .handle = one_thread},
    {DEBUG_LINE("DEBUG: total time taken by event execution: %ns"), .handle = thread_time},
    {DEBUG_LINE("DEBUG: total time taken by even execution: %ns"), .handle = thread_time},
};

const struct sb_family sb_family_per_thread = {"per-thread", rules, SB_ARRAY_SIZE(rules)};
