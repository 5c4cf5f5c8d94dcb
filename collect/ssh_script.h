/*
 * What a command over ssh is wrapped in, and how its answer is read. ssh's own exit status cannot be
 * trusted with the command's (255 may be either's), and a login shell may print before it; so a small POSIX
 * shell script runs the command and marks, with a random word, where its output begins and how it ended.
 *
 * The script is read by `sh` from standard input, which stays open as long as we live: when it ends, because
 * we ended ssh or the connection broke, the script ends the command, and removes a work folder that is ours.
 */
#ifndef SB_COLLECT_SSH_SCRIPT_H
#define SB_COLLECT_SSH_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include "core/strbuf.h"

#define SB_SSH_NONCE (32 + 1) /* hexadecimal digits and a NUL */

/* A word that nobody can guess; false when the system has no random bytes. */
bool sb_ssh_nonce(char nonce[SB_SSH_NONCE]);

struct sb_ssh_command {
    const char *const *argv;
    const char *work; /* folder to run in */
    const char *base; /* folder that was made for `work` and goes with it when it is empty; NULL: none */
    bool own_work;    /* `work` is ours alone: it goes when we go before the command ends */
    bool sudo;        /* through `sudo -n`, unless who logs in is root */
};

/* Appends the script that runs the command. */
void sb_ssh_script(struct sb_strbuf *out, const struct sb_ssh_command *command, const char *nonce);

struct sb_ssh_answer {
    bool begun, ended, no_folder; /* no_folder: `work` cannot be entered, nothing was run */
    size_t from, to;              /* the command's output in the text; all there is when it has not ended */
    int status;                   /* when ended */
    double wall;                  /* seconds by the target's clock; NaN: it has none that we can read */
};

/* Reads what came back. Nothing in it is trusted but the marks with the nonce. */
void sb_ssh_answer_read(struct sb_ssh_answer *answer, const char *text, size_t len, const char *nonce);

#endif
