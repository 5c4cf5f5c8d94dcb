/*
 * Commands over ssh: for guests with an ssh server (ssh mode) and for machines that can be reached (driver
 * ssh). Uses the ssh program with a known_hosts file of its own, no questions, no agent, no X11, keys only,
 * and one shared connection (ControlMaster) in the scratch folder.
 */
#ifndef SB_COLLECT_SSH_CHANNEL_H
#define SB_COLLECT_SSH_CHANNEL_H

#include "collect/driver.h"

struct sb_ssh_spec {
    const char *host;       /* 127.0.0.1 for guests */
    unsigned port;          /* 0: as `config` says, else 22 */
    const char *config;     /* file as ssh_config(5), which may give `host` a name, a port, jump hosts; NULL:
                               none,     not the user's either */
    const char *user, *key; /* key: path; NULL: ssh's own choice */
    bool agent;             /* the user's ssh-agent may be asked */
    bool machine; /* a machine that is up, not a guest that boots: who is refused once is not tried again */
    const char *scratch;     /* folder for known_hosts and the control socket */
    const char *known_hosts; /* NULL: a new one in scratch, whose first key is trusted; else the user's:
                                unknown is refused. ssh puts the home folder for a leading ~ */
    const char *work; /* folder in the target; NULL: /var/tmp. In a guest it is made when absent, on a machine
                         it must be there: a disk that is not mounted would not be missed. Commands run in a
                         new folder in there, which begins with `label` */
    const char *label;   /* [a-z0-9._-]; NULL: sbstat */
    const char *program; /* NULL: "ssh" */
    const char *console; /* file for ssh's own messages; NULL: dropped */
    bool sudo;           /* commands that need root (dropping caches, poweroff) go through `sudo -n`,
                            unless who logs in is root */
    double patience; /* seconds that removing the work folder may take, and asking to switch off; 0: 20, 10 */
    const volatile sig_atomic_t *stop;
};

struct sb_ssh_channel;

/* Waits for the "SSH-2.0-" banner with attempts of 1 s, 10 s for a machine, then for a first command to
 * answer, until the deadline (seconds from now). A port that accepts and says nothing is not ready. Where a
 * `config` may lead elsewhere only ssh itself can try. `alive` as in guest_port.h.
 */
struct sb_ssh_channel *sb_ssh_open(const struct sb_ssh_spec *spec, double deadline, bool (*alive)(void *data),
                                   void *data, struct sb_err *err) SB_MUST_CHECK;
/* The exit status of the command itself: a lost connection is LOST, never a status of 255. A command that
 * does not end (TIMEOUT, LOST, FLOOD, STOPPED, or we are killed) is ended over there, and its work folder
 * removed.
 */
void sb_ssh_exec(struct sb_ssh_channel *channel, const struct sb_exec *exec, struct sb_exec_result *result);
bool sb_ssh_poweroff(struct sb_ssh_channel *channel); /* asks only; the work folder goes first */
void sb_ssh_close(struct sb_ssh_channel *channel, bool remove_work); /* frees; NULL is fine */

/* Runs argv and takes its standard output and error, at most 64 KiB, into `out`. False with err unless it
 * exits with 0. */
bool sb_ssh_ask(struct sb_ssh_channel *channel, const char *const *argv, double deadline,
                struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

const char *sb_ssh_work(
    const struct sb_ssh_channel *channel); /* where commands run; lives with the channel */

/* The command line of a connection, without starting one; NULL-terminated in `arena`. Paths in the scratch
 * folder begin with the spec's `scratch` as it is given. */
const char *const *sb_ssh_argv(const struct sb_ssh_spec *spec, struct sb_arena *arena);

#endif
