/* tests/threads/sb_threads.c and tests/mutex/sb_mutex.c: print_mode(). 1.0 and 1.1 print these only when
 * verbose. */
#include "parsers/grammar.h"

#include "core/alloc.h"

static const struct sb_rule rules[] = {
    {.name = "threads heading",
     .pattern = "Doing thread subsystem performance test",
     .phase = SB_PHASE_OPTIONS,
     .kind = "threads"},
    {.name = "threads option",
     .pattern = "Thread yields per test: %n Locks used: %n",
     .phase = SB_PHASE_OPTIONS,
     .kind = "threads",
     .captures = {SB_PARAM("thread-yields"), SB_PARAM("thread-locks")}},
    {.name = "mutex heading",
     .pattern = "Doing mutex performance test",
     .phase = SB_PHASE_OPTIONS,
     .kind = "mutex"},
};

const struct sb_family sb_family_threads = {"threads", rules, SB_ARRAY_SIZE(rules)};
