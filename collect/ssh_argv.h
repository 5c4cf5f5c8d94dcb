/* Command lines of the ssh program, for ssh_channel.c. */
#ifndef SB_COLLECT_SSH_ARGV_H
#define SB_COLLECT_SSH_ARGV_H

#include "collect/ssh_channel.h"
#include "core/arena.h"

/* The longest path of a control socket: ssh adds 17 bytes while it makes one, and the smallest sun_path has
 * 104 with the NUL (macOS, BSDs). */
#define SB_SSH_MOST_CONTROL (104 - 1 - 17)

/* `last` is the remote command; NULL: none is run, the connection is shared at `control`. With a command, the
 * connection at `control` is used and no other is made. */
const char *const *sb_ssh_words(const struct sb_ssh_spec *spec, const char *control, const char *last,
                                struct sb_arena *arena);

/* Whether host and user are what they seem: nothing that ssh could take for an option. */
bool sb_ssh_check_names(const struct sb_ssh_spec *spec, struct sb_err *err);

/* Naming the public half of a key is the usual slip: false with err of this code. */
bool sb_ssh_check_key_is_not_public(const char *key, enum sb_err_code code, struct sb_err *err) SB_MUST_CHECK;

/* ssh refuses a key that others can read, but says so only in the middle of everything. */
bool sb_ssh_check_key(const char *key, const char *platform, struct sb_err *err) SB_MUST_CHECK;

#endif
