/* Whether an ssh server answers at an address, found out by connecting. */
#ifndef SB_COLLECT_SSH_BANNER_H
#define SB_COLLECT_SSH_BANNER_H

#include <stdbool.h>
#include "core/err.h"

enum sb_ssh_banner {
    SB_SSH_BANNER_YES,     /* it said "SSH-2.0-" */
    SB_SSH_BANNER_NOT_YET, /* refused, unreachable, or accepted and silent: try again */
    SB_SSH_BANNER_NEVER,   /* another protocol's server, or no such host */
};

/* One attempt of at most `seconds`. err says why not. */
enum sb_ssh_banner sb_ssh_banner(const char *host, unsigned port, double seconds, struct sb_err *err);

#endif
