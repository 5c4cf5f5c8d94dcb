/* The way to a guest, whichever it is: a virtio port (job mode) or ssh. */
#ifndef SB_COLLECT_GUEST_CHANNEL_H
#define SB_COLLECT_GUEST_CHANNEL_H

#include "collect/guest_port.h"
#include "collect/ssh_channel.h"

struct sb_guest_channel {
    struct sb_guest_port *port; /* one of the two, or none */
    struct sb_ssh_channel *ssh;
};

static inline bool sb_guest_channel_is_open(const struct sb_guest_channel *c)
{
    return c->port || c->ssh;
}

static inline void sb_guest_channel_exec(const struct sb_guest_channel *c, const struct sb_exec *exec,
                                         struct sb_exec_result *result)
{
    if (c->port)
        sb_guest_port_exec(c->port, exec, result);
    else
        sb_ssh_exec(c->ssh, exec, result);
}

static inline bool sb_guest_channel_poweroff(const struct sb_guest_channel *c)
{
    return c->port ? sb_guest_port_poweroff(c->port) : sb_ssh_poweroff(c->ssh);
}

static inline void sb_guest_channel_close(struct sb_guest_channel *c)
{
    sb_guest_port_close(c->port);
    sb_ssh_close(c->ssh, false); /* with the guest goes what was made in it */
    *c = (struct sb_guest_channel){.port = NULL};
}

#endif
