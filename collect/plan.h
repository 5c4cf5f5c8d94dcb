/*
 * The plan of an experiment: what runs where, how often, in which order. A YAML file; docs/collect.md is its
 * manual.
 *
 *   experiment: raw-qcow2-docker    # name; becomes the id of containers and of the manifest
 *   seed: 1                         # of the order
 *   order: randomised               # randomised (blocks of one boot of every platform and config), listed
 *   boots: 5                        # the boot is the replicate
 *   repetitions_per_boot: 1
 *   retries: 2                      # of a boot that fails
 *   drop_caches: true
 *   timeouts: {boot: 120, step: 600, shutdown: 30}             # seconds
 *   platforms:                      # name: options of its driver (driver.h); or a list of names
 *     raw: {image: images/guest}
 *     fast: {driver: raw, image: images/guest, cache: none}    # a name of one's own names its driver
 *     docker: {image: sbstat-sysbench}
 *   configs:
 *     config1: {memory_mib: 2048, vcpus: 2}
 *   grid: {vcpus: [1, 2], memory_mib: [512, 1024]}   # instead: every combination, named c<vcpus>m<memory>
 *   tests:                          # as typed behind "sysbench"; "run" is ours to add
 *     cpu_test1: cpu --cpu-max-prime=50000 --time=30
 *     fileio_test1: {run: fileio --file-test-mode=rndrw, threads: vcpus, timeout: 900}
 *   exclude: [{platform: docker, config: config1}]   # combinations left out; globs
 */
#ifndef SB_COLLECT_PLAN_H
#define SB_COLLECT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/strbuf.h"

enum sb_plan_order { SB_PLAN_RANDOMISED, SB_PLAN_LISTED };

struct sb_driver;

struct sb_plan_option {
    const char *key, *value; /* as written; flags as true or false, counts as digits */
    unsigned line;
};

struct sb_plan_platform {
    const char *name;               /* the label's value and the folder of its logs */
    const struct sb_driver *driver; /* its row */
    struct sb_plan_option
        *options; /* checked against the driver's fields; defaults filled in; sorted by key */
    size_t options_nr;
    unsigned line;
};

struct sb_plan_config {
    const char *name;
    unsigned vcpus;      /* 0: not given (host, ssh: whatever the machine has) */
    unsigned memory_mib; /* 0: not given */
    unsigned line;
};

struct sb_plan_test {
    const char *name;
    const char *kind; /* cpu, memory, fileio, threads, mutex, a Lua script ... : the first word */
    const char *const
        *args;          /* kind and options as written, without --threads and the command; NULL-terminated */
    unsigned threads;   /* 0: not given, sysbench's 1 */
    bool threads_vcpus; /* --threads follows the config's vcpus */
    bool prepares;      /* fileio, or asked for: prepare, drop of the caches, run, cleanup */
    double timeout;     /* seconds of a step; the plan's `step` unless given */
    unsigned line;
};

struct sb_plan_exclusion {
    const char *platform, *config, *test; /* globs; NULL: any */
};

struct sb_plan {
    struct sb_arena arena;
    const char *experiment; /* [a-z0-9][a-z0-9._-]*, at most 40 bytes */
    const char *folder; /* of the plan file: relative paths in options start there; "" for standard input */
    uint64_t seed;
    enum sb_plan_order order;
    unsigned boots, repetitions, retries;
    bool drop_caches;
    double boot_timeout, step_timeout, shutdown_timeout;
    struct sb_plan_platform *platforms;
    size_t platforms_nr;
    struct sb_plan_config *configs;
    size_t configs_nr;
    struct sb_plan_test *tests;
    size_t tests_nr;
    struct sb_plan_exclusion *exclusions;
    size_t exclusions_nr;
};

struct sb_plan_mistake {
    unsigned line, column; /* from 1; 0: not known */
    const char *field;     /* "configs.config1.vcpus"; "" for the file as a whole */
    const char *message;   /* what is wrong and what would be right */
};

struct sb_plan_mistakes {
    struct sb_plan_mistake *v; /* in the plan's arena, by place */
    size_t nr;
};

/* Reads a plan's text into *plan (free it also after failure; mistakes live in its arena). All mistakes are
 * found, not only the first; false when there is one. err has the first, as "NAME:LINE:COLUMN: field:
 * message", and says how many more there are. `mistakes` may be NULL. */
bool sb_plan_parse(struct sb_plan *plan, const char *name, const char *text, size_t len,
                   struct sb_plan_mistakes *mistakes, struct sb_err *err) SB_MUST_CHECK;
bool sb_plan_read(struct sb_plan *plan, const char *path, struct sb_plan_mistakes *mistakes,
                  struct sb_err *err) SB_MUST_CHECK; /* "-": standard input */
void sb_plan_free(struct sb_plan *plan);

/* The text of the default plan, with comments: the classic experiment. */
const char *sb_plan_default(void);

/* An option's value, NULL when it is neither given nor has a default. */
const char *sb_plan_option(const struct sb_plan_platform *platform, const char *key);
/* An option that names a file, relative to the plan's folder unless absolute or in the user's home folder
 * ("~/..."); in `arena`. NULL when absent. */
const char *sb_plan_option_path(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                                const char *key, struct sb_arena *arena);
bool sb_plan_is_absolute(const char *path); /* "/..." or "~/...": does not depend on the plan's folder */
bool sb_plan_option_flag(const struct sb_plan_platform *platform, const char *key); /* true, yes, on */
uint64_t sb_plan_option_bytes(const struct sb_plan_platform *platform,
                              const char *key); /* 4G; 0 when absent */

/* Reads "4G", "512M", "64K", "100" (powers of 1024) exactly; false when it is none or too large. */
bool sb_parse_bytes(const char *text, uint64_t *bytes);

/* Whether `exclude` leaves this run out. */
bool sb_plan_excludes(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                      const struct sb_plan_config *config, const struct sb_plan_test *test);

/* The plan in one canonical form, whatever its comments and layout were: two plans that ask for the same
 * experiment have the same text, which is a plan itself. What --resume compares. Timeouts and retries are
 * left out: they say how long to wait, not what is measured, and may be changed to go on. */
void sb_plan_canonical(const struct sb_plan *plan, struct sb_strbuf *out);

/* The threads of a test in a config: 0 when not given. */
unsigned sb_plan_threads(const struct sb_plan_test *test, const struct sb_plan_config *config);

/* The whole sysbench command line of a step ("prepare", "run", "cleanup") in `arena`, NULL-terminated:
 * sysbench KIND OPTIONS [--threads=N] STEP. */
const char *const *sb_plan_argv(const struct sb_plan_test *test, const struct sb_plan_config *config,
                                const char *step, struct sb_arena *arena);

#endif
