/* A connection while it lasts: what ssh_channel.c and ssh_connect.c share. Private to them. */
#ifndef SB_COLLECT_SSH_CHANNEL_STATE_H
#define SB_COLLECT_SSH_CHANNEL_STATE_H

#include "collect/process.h"
#include "collect/ssh_channel.h"

struct sb_ssh_channel {
    struct sb_ssh_spec spec; /* strings in `arena` */
    struct sb_arena arena;
    const char *control, *control_folder; /* the folder, when it is not `scratch` */
    const char *log, *answer,
        *complaint;                     /* of the connection; of a command: standard output, ssh's messages */
    struct sb_process *master, *keeper; /* keeper: see ssh_channel.c; may be NULL */
    const char *work;                   /* where commands run; NULL before that is known */
    const char *made_base; /* the folder of spec.work over there, when it was not there; else NULL */
    bool broken;           /* a command did not end: it is being ended over there */
};

/* Runs argv in the folder `work` and takes what it prints, at most 64 KiB; false with err unless it exits
 * with 0. */
bool sb_ssh_ask_in(struct sb_ssh_channel *channel, const char *const *argv, const char *work, double deadline,
                   struct sb_strbuf *out, enum sb_exec_outcome *outcome, struct sb_err *err) SB_MUST_CHECK;

/* Moves what ssh itself said, the file at `path`, to the console. */
void sb_ssh_keep_messages(const struct sb_ssh_channel *channel, const char *path);

/* ---- ssh_connect.c ---- */

/* Attempts until `until` (sb_monotonic()), the first command included. */
bool sb_ssh_connect(struct sb_ssh_channel *channel, double until, bool (*alive)(void *data), void *data,
                    struct sb_err *err) SB_MUST_CHECK;
/* Ends the shared connection; fine when there is none. */
void sb_ssh_disconnect(struct sb_ssh_channel *channel);

#endif
