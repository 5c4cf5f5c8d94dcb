/*
 * Drawing processes: PLplot has global state, so work on several charts at once needs processes. They are
 * copies of this one, so it must not have drawn before them (sb_plot_in_use()).
 */
#ifndef SB_CLI_WORKERS_H
#define SB_CLI_WORKERS_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"

struct sb_workers {
    size_t nr;        /* items of work; of n processes each takes every n-th */
    unsigned wanted;  /* processes; 0: one per processor */
    const char *what; /* "drawing", for the progress line */
    const char *unit; /* "files" */
    bool quiet;       /* no progress line */
    size_t *answers;  /* nr of them, for what `one` says of each item; NULL when it says nothing */
    void *context;    /* each process has its copy */

    /* In a drawing process: one item; then, after the last one or a failure, the end of its work (may be
     * NULL), which is to fail when not `ok`. */
    bool (*one)(void *context, size_t item, size_t *answer, struct sb_err *err);
    bool (*end)(void *context, bool ok, struct sb_err *err);
    /* In this process, while they work; may be NULL. */
    bool (*meanwhile)(void *context, struct sb_err *err);
};

/* The first failure is returned, after every process has ended; a process that is lost is one
 * (SB_ERR_INTERNAL). */
bool sb_workers_run(const struct sb_workers *work, struct sb_err *err) SB_MUST_CHECK;

/* Ends the drawing processes, if there are any, and waits until they have removed their temporary files.
 * For a process that is about to die: safe in a signal handler, and sb_workers_run() does not go on after it.
 */
void sb_workers_stop(void);

#endif
