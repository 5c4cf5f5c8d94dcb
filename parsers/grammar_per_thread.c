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

#define DEBUG_LINE(p) .name = "per-thread", .pattern = p, .phase = SB_PHASE_DEBUG

static const struct sb_rule rules[] = {
    {DEBUG_LINE("DEBUG: Verbose per-thread statistics:"), .opens = SB_SECTION_PER_THREAD, .flags = SB_RULE_CONTEXT},
    {DEBUG_LINE("DEBUG: thread #%n: min: %ns avg: %ns max: %ns events: %n"), .flags = SB_RULE_CONTEXT},
    {DEBUG_LINE("DEBUG: thread # %n: min: %ns avg: %ns max: %ns events: %n"), .flags = SB_RULE_CONTEXT},
    {DEBUG_LINE("DEBUG: total time taken by event execution: %ns"), .flags = SB_RULE_CONTEXT},
    {DEBUG_LINE("DEBUG: total time taken by even execution: %ns"), .flags = SB_RULE_CONTEXT},
};

const struct sb_family sb_family_per_thread = {"per-thread", rules, SB_ARRAY_SIZE(rules)};
