/*
 * tests/memory/sb_memory.c memory_print_mode(), memory_report_cumulative(). The MB of 0.4 and 0.5 are
 * 1024-based.
 */
#include "parsers/grammar.h"

#include "core/alloc.h"

#define OPTION(p, param)                                                                                     \
    .name = "memory option", .pattern = p, .phase = SB_PHASE_OPTIONS, .kind = "memory",                      \
    .captures = {SB_PARAM(param)}
#define RESULT(p)                                                                                            \
    .name = "memory result", .pattern = p, .phase = SB_PHASE_RESULT, .kind = "memory", .flags = SB_RULE_ONCE
#define OPERATIONS  .captures = {SB_METRIC("memory_ops"), SB_METRIC("memory_ops_per_second")}
#define TRANSFERRED .captures = {SB_METRIC("memory_transferred"), SB_METRIC("memory_throughput")}

static const struct sb_rule rules[] = {
    {.name = "memory heading",
     .pattern = "Running memory speed test with the following options:",
     .phase = SB_PHASE_OPTIONS,
     .opens = SB_SECTION_MEMORY_OPTIONS,
     .kind = "memory"},
    {OPTION("block size: %t", "memory-block-size"), .in = SB_SECTION_MEMORY_OPTIONS},
    {OPTION("total size: %t", "memory-total-size"), .in = SB_SECTION_MEMORY_OPTIONS},
    {OPTION("operation: %t", "memory-oper"), .in = SB_SECTION_MEMORY_OPTIONS},
    {OPTION("scope: %t", "memory-scope"), .in = SB_SECTION_MEMORY_OPTIONS},
    {OPTION("access mode: %t", "memory-access-mode"), .in = SB_SECTION_MEMORY_OPTIONS},
    {.name = "memory heading",
     .pattern = "Doing memory operations speed test",
     .phase = SB_PHASE_OPTIONS,
     .kind = "memory"},
    {OPTION("Memory block size: %t", "memory-block-size")},
    {OPTION("Memory transfer size: %t", "memory-total-size")},
    {OPTION("Memory operations type: %t", "memory-oper")},
    {OPTION("Memory scope type: %t", "memory-scope")},
    {.name = "memory option",
     .pattern = "Using huge pages%*",
     .phase = SB_PHASE_OPTIONS,
     .set = {"memory-hugetlb", "on"}},
    {RESULT("Total operations: %n ( %n per second)"), OPERATIONS},
    {RESULT("Operations performed: %n ( %n ops/sec)"), OPERATIONS},
    {RESULT("%n MiB transferred ( %n MiB/sec)"), TRANSFERRED},
    {RESULT("%n MB transferred ( %n MB/sec)"), TRANSFERRED},
};

const struct sb_family sb_family_memory = {"memory", rules, SB_ARRAY_SIZE(rules)};
