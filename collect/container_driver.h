/*
 * Containers: what docker and podman have in common, which is all but a row of differences.
 *
 * One boot is one container. The long-lived program is `ENGINE run` in the foreground, not `run -d`: its
 * guardian (process.h) removes the container when we are killed, from the moment before the container exists,
 * and its end tells that the container ended. In the container `sleep` waits for longer than the boot may
 * take at most, so that it ends by itself even when we and the engine's daemon are gone. Commands are
 * `ENGINE exec`. Every engine command has a deadline: daemons hang.
 *
 * Private to collect/; a new engine is a struct sb_container_engine and a struct sb_driver whose functions
 * hand it on (driver_docker.c).
 */
#ifndef SB_COLLECT_CONTAINER_DRIVER_H
#define SB_COLLECT_CONTAINER_DRIVER_H

#include "collect/driver.h"

#define SB_CONTAINER_WORK  "/sbstat-work" /* work folder in the container */
#define SB_CONTAINER_LABEL "sbstat.experiment"

struct json_object;

struct sb_container_engine {
    const char *name;           /* the program, unless the plan's `program` says another */
    const char *title;          /* for people */
    const char *host_flag;      /* names the daemon's address */
    const char *host_variable;  /* of the environment, which does that too */
    const char *start_hint;     /* what to do when nothing answers */
    const char *const *globals; /* options before the command, NULL-terminated */
    bool daemon;                /* a daemon must answer: `version` has a Server part */
    bool own_ulimits;           /* sets limits of its own on files and processes, which fail above ours */
};

extern const struct sb_field sb_container_fields[];

/* ---- container_argv.c: command lines; strings and arrays live in `arena` ---- */

/* A growing NULL-terminated list of words. */
struct sb_words {
    struct sb_arena *arena;
    const char **v;
    size_t nr, alloc;
};

void sb_words_add(struct sb_words *words, const char *word); /* keeps the pointer */
void sb_words_add_all(struct sb_words *words, const char *const *more);
void sb_words_addf(struct sb_words *words, const char *format, ...) SB_PRINTF(2, 3);

/* ENGINE and its global options for this platform: what every command begins with. */
struct sb_words sb_container_command(const struct sb_container_engine *engine,
                                     const struct sb_plan_platform *platform, struct sb_arena *arena);

/* Adds the words of the plan's `extra` (NULL: none), between blanks. */
void sb_container_extra(struct sb_words *words, const char *text);

/* The command that starts a boot. `scratch`: the folder as it is, or "$RUN" for showing. */
const char *const *sb_container_run_argv(const struct sb_container_engine *engine,
                                         const struct sb_boot_spec *spec, const char *scratch,
                                         struct sb_arena *arena);

/* The folder that storage: PATH binds as work folder for this boot; NULL with storage: volume or overlay. */
const char *sb_container_bind(const struct sb_boot_spec *spec, struct sb_arena *arena);
bool sb_container_storage_is(const struct sb_boot_spec *spec, const char *word);

/* ---- container_engine.c: asking the engine ---- */

/* Runs `ENGINE WORDS...` and takes its standard output. False with the engine's words. */
bool sb_container_ask(const struct sb_words *base, const char *const *words, double deadline,
                      struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

/* A JSON object that the engine prints (the first when it prints an array); the caller puts it. */
struct json_object *sb_container_json(const struct sb_words *base, const char *const *words, double deadline,
                                      struct sb_err *err) SB_MUST_CHECK;

/* Values at "A.B.C"; NULL, NaN, false when it is not there or of another type. Text lives in the object. */
const char *sb_json_at_text(struct json_object *object, const char *path);
double sb_json_at_number(struct json_object *object, const char *path);
bool sb_json_at_true(struct json_object *object, const char *path);

/* The version of the engine that answers; also refuses an engine that is another than its name says. */
const char *sb_container_version(const struct sb_container_engine *engine, const struct sb_words *base,
                                 struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

/* Removes containers of this experiment with their volumes; only the one named `name` unless it is NULL. */
bool sb_container_sweep(const struct sb_words *base, const char *experiment, const char *name,
                        size_t *removed, struct sb_err *err) SB_MUST_CHECK;

/* ---- container_limits.c: whether what was asked for is in force ---- */

/* What is seen in the container; NaN: could not be seen; INFINITY: no limit. */
struct sb_container_seen {
    double cpus;
    double memory, memory_swap; /* bytes; memory_swap: both together */
    double oom_kills;           /* counted so far */
    char kernel[100];           /* "" when it could not be seen */
    char boot_id[40];           /* of the kernel, new each time that it starts; likewise */
};

void sb_container_see(const struct sb_words *base, const char *id, double deadline,
                      struct sb_container_seen *seen);

/* Whether it is the kernel of this machine. Those of an engine in a virtual machine (Docker Desktop, podman
 * machine) or elsewhere are not, also where the release is the same. */
bool sb_container_is_here(const struct sb_container_seen *seen);

/* Compares what the engine says (inspect) and what is seen with what the config wants. False with err when a
 * limit is not in force. `doubt` gets what could not be verified, "" when all could. */
bool sb_container_limits_hold(const struct sb_container_engine *engine, const struct sb_plan_config *config,
                              struct json_object *inspect, const struct sb_container_seen *seen,
                              struct sb_strbuf *doubt, struct sb_err *err) SB_MUST_CHECK;

/* ---- what a row's functions are (container_driver.c, container_check.c) ---- */

bool sb_container_show_argv(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                            struct sb_boot_facts *facts);
bool sb_container_check(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                        struct sb_err *err) SB_MUST_CHECK;
struct sb_target *sb_container_start(const struct sb_container_engine *engine,
                                     const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                                     struct sb_err *err) SB_MUST_CHECK;
void sb_container_exec(struct sb_target *target, const struct sb_exec *exec, struct sb_exec_result *result);
enum sb_stop_way sb_container_stop(struct sb_target *target, bool broken);
bool sb_container_sweep_all(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                            size_t *removed, struct sb_err *err);

#endif
