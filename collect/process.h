/*
 * Programs that we start and answer for: with a deadline, their output in a file, and an end that is certain.
 *
 * Each program runs in a process group of its own under a guardian: a small process that holds a pipe from
 * us. When the pipe closes, because we ended or were killed, the guardian ends the whole group (SIGTERM,
 * after SB_PROCESS_GRACE seconds SIGKILL), runs the `cleanup` command, and ends. So nothing survives us,
 * SIGKILL included. Where the system has it (Linux: PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER) the guardian's
 * own death and programs that leave their group are covered too. Nothing is ever killed by name.
 *
 * No shell comes in between: argv goes to execvp(). Signals of the terminal (Ctrl-C) do not reach the
 * programs; callers pass `stop`, which their own signal handler sets.
 */
#ifndef SB_COLLECT_PROCESS_H
#define SB_COLLECT_PROCESS_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"
#include "core/strbuf.h"

#define SB_PROCESS_GRACE 3.0 /* seconds between SIGTERM and SIGKILL */

enum sb_process_outcome {
    SB_PROCESS_EXITED,   /* by itself: `status` is its exit status */
    SB_PROCESS_SIGNALED, /* by a signal that was not ours: `status` is 128 + signal */
    SB_PROCESS_TIMEOUT,  /* ended by us: the deadline passed */
    SB_PROCESS_FLOOD,    /* ended by us: more output than `output_limit` */
    SB_PROCESS_STOPPED,  /* ended by us: `stop` was set, or sb_process_end() was called */
    SB_PROCESS_RUNNING,  /* not ended yet (sb_process_wait() with a time) */
};

struct sb_process_spec {
    const char *const *argv;           /* NULL-terminated; argv[0] is looked up in PATH */
    const char *const *env;            /* "NAME=value"s to add, NULL-terminated; may be NULL */
    const char *cwd;                   /* NULL: ours */
    const char *output;                /* file to append standard output and error to; NULL: dropped */
    size_t output_limit;               /* bytes of `output` this program may add; 0: 64 MiB */
    const void *input;                 /* what it reads on standard input; NULL: /dev/null */
    size_t input_len;                  /* at most 64 KiB */
    bool hold_input;                   /* standard input stays open behind `input` until the end */
    const char *const *cleanup;        /* argv run by the guardian when we die first; may be NULL */
    double deadline;                   /* seconds from the start; 0: none */
    const volatile sig_atomic_t *stop; /* non-zero: end it; may be NULL */
    bool leaves_daemon; /* what it leaves running when it ends by itself may stay (podman run -d);
                           else all of that is ended with it */
};

struct sb_process_result {
    enum sb_process_outcome outcome;
    int status;  /* as a shell gives it; 128 + 9 for those ended by us with SIGKILL, and so on */
    double wall; /* seconds from start to end */
};

struct sb_process;

/* Starts it; NULL with err (SB_ERR_STEP, naming argv[0] and why) when it cannot be executed: the exec itself
 * has succeeded when this returns. */
struct sb_process *sb_process_start(const struct sb_process_spec *spec, struct sb_err *err) SB_MUST_CHECK;

/* Guardians of programs that are started from now on keep this descriptor (above 2) open until what they
 * started has ended, also when we are gone; -1: none. It stays the caller's. A lock on it tells our successor
 * of programs that are still at work. */
void sb_process_hold(int fd);

/* Waits at most `seconds` more (0: only looks; negative: until deadline, stop or end). Enforces deadline,
 * limit and stop meanwhile. False: still running (outcome RUNNING). After true the process is reaped; call
 * _free(). */
bool sb_process_wait(struct sb_process *p, double seconds, struct sb_process_result *result);

/* Ends it now: SIGTERM to the group, after `grace` seconds SIGKILL; waits. Fine when it has ended already. */
void sb_process_end(struct sb_process *p, double grace, struct sb_process_result *result);

int sb_process_pid(const struct sb_process *p); /* the program's, which is also its group's; for messages */
void sb_process_free(struct sb_process *p);     /* ends it when it still runs; NULL is fine */

/* Start, wait, free. False only when it could not be started; a bad end is in the result. */
bool sb_process_run(const struct sb_process_spec *spec, struct sb_process_result *result,
                    struct sb_err *err) SB_MUST_CHECK;

/* Runs argv with a deadline and takes its standard output (not error) into `out`, at most `limit` bytes (0: 1
 * MiB). `stop` as in sb_process_spec. False with err ("docker: ended with status 1: <last line of its
 * standard error>") unless it exits with 0. */
bool sb_process_capture(const char *const *argv, double deadline, const volatile sig_atomic_t *stop,
                        size_t limit, struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

/* Path of a program in PATH (caller frees), or NULL. */
char *sb_find_program(const char *name);

/* For people: "timed out after 30 s", "exit status 1", "killed by signal 9". Into buf. */
const char *sb_process_words(const struct sb_process_result *result, char *buf, size_t size);

/* Seconds of a clock that only goes forward. */
double sb_monotonic(void);

#endif
