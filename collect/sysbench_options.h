/*
 * The options that sysbench 1.0 and 1.1 take: what finds typing mistakes in a plan before anything runs, and
 * tells how long a test will take. Private to collect/.
 */
#ifndef SB_COLLECT_SYSBENCH_OPTIONS_H
#define SB_COLLECT_SYSBENCH_OPTIONS_H

#include "collect/plan.h"

enum sb_sysbench_value {
    SB_SYSBENCH_TEXT,
    SB_SYSBENCH_COUNT,  /* digits only: sysbench refuses 0.5 and 1e3 */
    SB_SYSBENCH_NUMBER, /* with a fraction */
    SB_SYSBENCH_SIZE,
    SB_SYSBENCH_FLAG
};

struct sb_sysbench_option {
    const char *name; /* without -- */
    const char *kind; /* the test that takes it; NULL: every test */
    enum sb_sysbench_value value;
    const char *const *choices; /* NULL-terminated; NULL: free */
};

/* Values that sysbench refuses at its start ("FATAL: Invalid value for --percentile: 101"): those outside,
 * and sizes that are no power of two where it wants one. From sysbench.c and the tests' init functions
 * of 1.0.20. */
struct sb_sysbench_limit {
    const char *name;
    double least, most; /* most: INFINITY when there is none */
    bool power_of_two;
};

/* The limits of an option's values; NULL: sysbench takes all. */
const struct sb_sysbench_limit *sb_sysbench_limit(const struct sb_sysbench_option *option);

/* cpu, memory, fileio, threads, mutex: their options are known. A Lua script's are not. */
bool sb_sysbench_is_builtin(const char *kind);
const char *const *sb_sysbench_builtins(size_t *nr);

/* The row of "--name" or "--name=value"; NULL when the test does not take it. */
const struct sb_sysbench_option *sb_sysbench_option(const char *kind, const char *word);

/* The test that takes "--name=...", when it is one test's own; NULL: none is known. */
const char *sb_sysbench_owner(const char *word);

/* The known name nearest to "--name=..."; NULL: none is near. */
const char *sb_sysbench_closest(const char *kind, const char *word);

/* The value of a test's option, "" for one without "=", NULL when it is not given. */
const char *sb_test_value(const struct sb_plan_test *test, const char *name);

/* The same as numbers; `fallback` when it is not given or no number. Sizes are in bytes. */
double sb_test_number(const struct sb_plan_test *test, const char *name, double fallback);
double sb_test_bytes(const struct sb_plan_test *test, const char *name, double fallback);

/* --time (or its old name), in seconds; sysbench's default is 10. 0: no limit. */
double sb_test_time(const struct sb_plan_test *test);
/* --warmup-time, in seconds, which come before those of --time; 0 by default. */
double sb_test_warmup(const struct sb_plan_test *test);
/* --events (or its old name); 0: no limit. */
double sb_test_events(const struct sb_plan_test *test);
/* About how long one thread takes for an event of cpu, threads or fileio: their order of magnitude on a
 * processor and an SSD of 2023. INFINITY: nothing is known of the test. */
double sb_test_event_seconds(const struct sb_plan_test *test);

/* About how long a mutex test takes, which ends when its work is done: 0.23 s with the defaults on a
 * processor of 2023. */
double sb_test_mutex_seconds(const struct sb_plan_test *test);

/* The version in what `sysbench --version` prints: "sysbench 1.0.20 (using ...)" -> "1.0.20"; of another text
 * the first word, at most 60 bytes. In `arena`. */
const char *sb_sysbench_version(const char *printed, struct sb_arena *arena);

/* What a test writes into its work folder, in bytes; 0: it has no files. */
double sb_test_file_bytes(const struct sb_plan_test *test);

#endif
