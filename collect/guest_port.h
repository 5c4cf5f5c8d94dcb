/*
 * Job mode: commands to a guest and their output back over a virtio serial port, without network, ports or
 * keys.
 *
 * In the guest the agent (sb_guest_agent, a POSIX shell script) reads the port named "sbstat.job"; at our end
 * it is a UNIX socket of QEMU's. One request, one answer, all framed by length, so that no output can be
 * mistaken for a frame:
 *
 *   guest: "sbstat 1 ready KERNEL\n"            once, when it is up
 *          "sbstat 1 error TEXT\n"              instead: it cannot work (its work disk cannot be mounted)
 *   host:  "exec ID ARGV\n"                     ARGV quoted for the shell; ID a number that grows
 *   guest: "done ID STATUS SECONDS BYTES\n"     and then BYTES bytes: standard output and error
 *   host:  "poweroff\n"
 *
 * Output is kept in the guest's memory until the command has ended, so that printing never disturbs a
 * measurement. SECONDS are the guest's own (hundredths). Whatever does not keep to this is LOST.
 *
 * The kernel's command line tells the agent what to do: sbstat.mode=job, or ssh: do nothing; sbstat.work=
 * where commands run: a device (/dev/vda, LABEL=x, UUID=x: mounted on /run/sbstat) or a folder; without it
 * /var/lib/sbstat. As PID 1 it mounts /proc, /sys, /dev, /tmp and /run where they are missing; modules
 * (virtio_console and the bus) must be loaded.
 */
#ifndef SB_COLLECT_GUEST_PORT_H
#define SB_COLLECT_GUEST_PORT_H

#include "collect/driver.h"

struct sb_guest_port;

/* Connects to the socket (which QEMU makes a moment after its start) and waits for "ready" until the deadline
 * (seconds from now). `alive` is asked now and then; when it says no, waiting ends. `kernel` gets the guest's
 * kernel version. `alive` and `stop` are kept for what comes later. */
struct sb_guest_port *sb_guest_port_open(const char *socket_path, double deadline, bool (*alive)(void *data),
                                         void *data, const volatile sig_atomic_t *stop,
                                         struct sb_strbuf *kernel, struct sb_err *err) SB_MUST_CHECK;
void sb_guest_port_exec(struct sb_guest_port *port, const struct sb_exec *exec,
                        struct sb_exec_result *result);
bool sb_guest_port_poweroff(struct sb_guest_port *port); /* asks only */
void sb_guest_port_close(struct sb_guest_port *port);    /* frees; NULL is fine */

#endif
