/*
 * What surrounds every test: banner, general options, start and stop. sysbench.c print_header(),
 * print_run_mode(), run_test(); sb_rand.c; scripting/sb_script.c.
 *
 *   sysbench 1.0.20 (using system LuaJIT 2.1.0-beta3)
 *
 *   Running the test with following options:
 *   Number of threads: 1
 *   Initializing random number generator from current time
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "parsers/builder.h"

static void banner(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_set_version(b, m->captures[0]);
}

static bool is_version(const struct sb_builder *b, const struct sb_match *m)
{
    struct sb_slice v = m->captures[0];
    size_t at = v.len && v.s[0] == 'v';
    return at < v.len && v.s[at] >= '0' && v.s[at] <= '9';
}

static void threads(struct sb_builder *b, const struct sb_match *m)
{
    sb_builder_set_threads(b, m->captures[0]);
}

#define OPTION(n, p) .name = n, .pattern = p, .phase = SB_PHASE_OPTIONS

static const struct sb_rule rules[] = {
    {.name = "banner",
     .pattern = "sysbench %w (using %*",
     .flags = SB_RULE_BANNER,
     .accept = is_version,
     .handle = banner},
    {.name = "banner",
     .pattern = "sysbench %w:  multi-threaded system evaluation benchmark",
     .flags = SB_RULE_BANNER,
     .accept = is_version,
     .handle = banner},
    {.name = "banner",
     .pattern = "sysbench %w: multi-threaded system evaluation benchmark",
     .flags = SB_RULE_BANNER,
     .accept = is_version,
     .handle = banner},
    {.name = "version", .pattern = "sysbench %w", .flags = SB_RULE_OUTSIDE, .accept = is_version},
    {OPTION("run header", "Running the test with following options:"), .opens = SB_SECTION_OPTIONS,
     .flags = SB_RULE_STARTS},
    {OPTION("threads", "Number of threads: %n"), .flags = SB_RULE_ONCE, .handle = threads},
    {OPTION("rate", "Target transaction rate: %n/sec"), .captures = {SB_PARAM("rate")}},
    {OPTION("report interval", "Report intermediate results every %n second(s)"),
     .captures = {SB_PARAM("report-interval")}},
    {OPTION("checkpoints", "Report checkpoint(s) at %t seconds"),
     .captures = {SB_PARAM("report-checkpoints")}},
    {OPTION("debug mode", "Debug mode enabled."), .set = {"debug", "on"}},
    {OPTION("validation", "Validation checks: on."), .set = {"validate", "on"}},
    {OPTION("warm-up", "Warmup time: %ns"), .captures = {SB_PARAM("warmup-time")}},
    {.name = "warm-up",
     .pattern = "Warming up for %n seconds...",
     .phase = SB_PHASE_STARTED,
     .captures = {SB_PARAM("warmup-time")}},
    {OPTION("validation", "Additional request validation enabled."), .set = {"validate", "on"}},
    {OPTION("seed", "Initializing random number generator from seed (%n)."),
     .captures = {SB_PARAM("rand-seed")}},
    {OPTION("random numbers", "Initializing random number generator from current time%*")},
    {OPTION("random numbers", "Initializing random number generator from timer.")},
    {OPTION("random numbers", "Random number generator seed is 0 and will be ignored")},
    {OPTION("random numbers", "Random number generator seed is %n and will be ignored%*")},
    {OPTION("forced shutdown", "Forcing shutdown in %n seconds")},
    {.name = "initialising", .pattern = "Initializing worker threads...", .phase = SB_PHASE_STARTED},
    {.name = "started", .pattern = "Threads started!", .phase = SB_PHASE_STARTED, .flags = SB_RULE_ONCE},
    {.name = "time limit", .pattern = "Time limit exceeded, exiting...", .flags = SB_RULE_CONTEXT},
    {.name = "event limit", .pattern = "Event limit exceeded, exiting...", .flags = SB_RULE_CONTEXT},
    {.name = "database driver", .pattern = "No DB drivers specified, using %*", .flags = SB_RULE_CONTEXT},
    {.name = "done", .pattern = "Done.", .flags = SB_RULE_CONTEXT},
    {.name = "repeated message", .pattern = "(last message repeated %n times)", .flags = SB_RULE_CONTEXT},
    {.name = "unfinished transactions",
     .pattern = "Number of unfinished transactions on forced shutdown: %n",
     .flags = SB_RULE_CONTEXT},
};

const struct sb_family sb_family_frame = {"frame", rules, SB_ARRAY_SIZE(rules)};
