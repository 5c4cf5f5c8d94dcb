/* Whether an ssh server answers at an address, found out by connecting. */
#ifndef SB_COLLECT_SSH_BANNER_H
#define SB_COLLECT_SSH_BANNER_H

#include <signal.h>
#include <stdbool.h>
#include "core/err.h"

struct addrinfo;

enum sb_ssh_banner {
    SB_SSH_BANNER_YES,     /* it said "SSH-2.0-" */
    SB_SSH_BANNER_NOT_YET, /* refused, unreachable, or accepted and silent: try again */
    SB_SSH_BANNER_NEVER,   /* another protocol's server, or no such host */
};

/* One attempt of at most `seconds`, which a host's addresses share: one that swallows everything leaves time
 * for the next. `stop` (may be NULL) ends it. err says why not. */
enum sb_ssh_banner sb_ssh_banner(const char *host, unsigned port, double seconds,
                                 const volatile sig_atomic_t *stop, struct sb_err *err);

/* The same for addresses that are known. */
enum sb_ssh_banner sb_ssh_banner_at(const struct addrinfo *addresses, double seconds,
                                    const volatile sig_atomic_t *stop, struct sb_err *err);

#endif
