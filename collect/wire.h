/*
 * A byte stream over a UNIX socket to a program that may hang, end or lie: every wait has a deadline. What
 * QEMU's sockets (QMP, serial ports) are spoken to with. Private to those files.
 */
#ifndef SB_COLLECT_WIRE_H
#define SB_COLLECT_WIRE_H

#include <signal.h>
#include "core/err.h"
#include "core/strbuf.h"

enum sb_wire_end { SB_WIRE_OK, SB_WIRE_TIMEOUT, SB_WIRE_LOST, SB_WIRE_STOPPED, SB_WIRE_TOO_LONG };

struct sb_wire {
    int fd;
    struct sb_strbuf in;       /* read and not yet taken */
    bool (*alive)(void *data); /* asked now and then; when it says no, waiting ends as LOST; may be NULL */
    void *data;
    const volatile sig_atomic_t *stop; /* may be NULL */
};

/* Deadlines are points in time of sb_monotonic(). Connects, again and again while nobody listens; fd is -1
 * unless OK. A path that is too long for a socket is an error that says so. */
enum sb_wire_end sb_wire_open(struct sb_wire *wire, const char *path, double deadline, struct sb_err *err);
void sb_wire_close(struct sb_wire *wire); /* leaves it closed; fine twice */

enum sb_wire_end sb_wire_send(struct sb_wire *wire, const void *bytes, size_t len, double deadline);

/* Takes one line without its end into `line` (emptied first); TOO_LONG when more than `limit` bytes come
 * without one. */
enum sb_wire_end sb_wire_line(struct sb_wire *wire, struct sb_strbuf *line, size_t limit, double deadline);

/* Takes between 1 and `max` bytes, what there is; *got says how many. */
enum sb_wire_end sb_wire_some(struct sb_wire *wire, char *buf, size_t max, size_t *got, double deadline);

/* "timed out", "the connection was lost" ... */
const char *sb_wire_words(enum sb_wire_end end);

#endif
