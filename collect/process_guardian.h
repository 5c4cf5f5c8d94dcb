/*
 * Between process.c and its guardians; nobody else's business. The guardian is a fork of us that starts the
 * program, watches it, and outlives us when it must. It tells us what happened through a pipe.
 */
#ifndef SB_COLLECT_PROCESS_GUARDIAN_H
#define SB_COLLECT_PROCESS_GUARDIAN_H

#include <sys/types.h>
#include "collect/process.h"

/* Why the guardian began to end the program. */
enum sb_process_cause { SB_CAUSE_NONE, SB_CAUSE_DEADLINE, SB_CAUSE_FLOOD, SB_CAUSE_ASKED, SB_CAUSE_ORPHANED };

/* What the guardian inherits. Descriptors are its own; -1: none. */
struct sb_guardian_job {
    const struct sb_process_spec *spec;
    char **env;        /* the program's whole environment */
    int control;       /* read end: orders from us; its end means that we are gone */
    int report;        /* write end: struct sb_guardian_report */
    int exec;          /* write end: struct sb_exec_failure when the program could not be executed */
    int input, feed;   /* read end for the program, write end for the guardian */
    int output, error; /* the program's; may be the same */
    int held;          /* kept open until the guardian ends */
    off_t limit;       /* size of `output` that is a flood; 0: not watched */
    double start;      /* sb_monotonic() */
    int highest;       /* no descriptor of ours is higher */
    pid_t owner;       /* us */
};

struct sb_guardian_order {
    double grace; /* end the program; seconds between SIGTERM and SIGKILL */
};

/* Sent twice: when the program was forked (ended false), and at the end. */
struct sb_guardian_report {
    bool ended;
    pid_t pid;
    int error; /* errno of fork() */
    enum sb_process_cause cause;
    int wait_status;
    double end; /* sb_monotonic() */
};

struct sb_exec_failure {
    bool in_cwd; /* the folder could not be entered */
    int error;
};

SB_NORETURN void sb_guardian_main(const struct sb_guardian_job *job);

/* Forks and executes argv in a group of its own under the calling guardian, with these descriptors as 0, 1
 * and 2. Failures are written to `exec` unless that is -1. */
pid_t sb_guardian_spawn(const char *const *argv, char **env, const char *cwd, int input, int output,
                        int error, int exec);

/* A process of ours, ended or not, is not reaped yet. Signals (0: none) all of them; where the system cannot
 * tell who they are, none. */
void sb_signal_children(int signal);

/* Starts with standard output and error in these descriptors (process_capture.c); `limit` as in the job. */
struct sb_process *sb_process_start_into(const struct sb_process_spec *spec, int output, int error,
                                         off_t limit, struct sb_err *err);

/* ---- descriptors (process_fds.c) ---- */

bool sb_pipe(int ends[2]); /* close-on-exec, both above 2 */
int sb_fd_high(int fd);    /* the same file above 2 and close-on-exec; fd is closed; -1 with errno */
void sb_fd_close(int *fd); /* closes unless -1, makes it -1 */
int sb_fd_highest(void);   /* of the open ones, or a bound on it */
/* Closes everything but these (each above 2, in any order; -1s are fine) and 0, 1, 2. */
void sb_close_others(int *keep, size_t nr, int highest);
bool sb_read_whole(int fd, void *bytes, size_t len); /* false at the end of file or error */

#endif
