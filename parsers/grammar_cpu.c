/*
 * tests/cpu/sb_cpu.c cpu_print_mode(), cpu_report_cumulative(). 0.4.12 names the limit behind the run
 * ("Maximum prime number checked in CPU test"), 0.4.12.10 and 0.5 spell it "Primer numbers limit". The rate
 * is printed from 1.0.8 on.
 */
#include "parsers/grammar.h"

#include "core/alloc.h"

static const struct sb_rule rules[] = {
    {.name = "cpu heading",
     .pattern = "Doing CPU performance benchmark",
     .phase = SB_PHASE_OPTIONS,
     .kind = "cpu"},
    {.name = "cpu prime limit",
     .pattern = "Prime numbers limit: %n",
     .phase = SB_PHASE_OPTIONS,
     .kind = "cpu",
     .captures = {SB_PARAM("cpu-max-prime")}},
    {.name = "cpu prime limit",
     .pattern = "Primer numbers limit: %n",
     .phase = SB_PHASE_OPTIONS,
     .kind = "cpu",
     .captures = {SB_PARAM("cpu-max-prime")}},
    {.name = "cpu prime limit",
     .pattern = "Maximum prime number checked in CPU test: %n",
     .phase = SB_PHASE_RESULT,
     .kind = "cpu",
     .flags = SB_RULE_ONCE,
     .captures = {SB_PARAM("cpu-max-prime")}},
    {.name = "cpu result heading",
     .pattern = "CPU speed:",
     .phase = SB_PHASE_RESULT,
     .opens = SB_SECTION_CPU_SPEED,
     .kind = "cpu",
     .flags = SB_RULE_ONCE},
    {.name = "cpu result",
     .pattern = "events per second: %n",
     .phase = SB_PHASE_RESULT,
     .kind = "cpu",
     .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("events_per_second")}},
};

const struct sb_family sb_family_cpu = {"cpu", rules, SB_ARRAY_SIZE(rules)};
