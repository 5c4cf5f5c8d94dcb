#include "collect/wire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include "collect/process.h"

#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0 /* macOS: SO_NOSIGPIPE on the socket instead */
#endif

/* The longest wait without asking whether all is well. */
static const double glance = 0.1;

/* ---- waiting ---- */

static enum sb_wire_end how_it_stands(const struct sb_wire *wire, double deadline)
{
    if (wire->stop && *wire->stop) return SB_WIRE_STOPPED;
    if (wire->alive && !wire->alive(wire->data)) return SB_WIRE_LOST;
    return sb_monotonic() >= deadline ? SB_WIRE_TIMEOUT : SB_WIRE_OK;
}

/* Waits until the socket is ready for `events`. */
static enum sb_wire_end await(const struct sb_wire *wire, short events, double deadline)
{
    for (;;) {
        struct pollfd p = {.fd = wire->fd, .events = events};
        double left = deadline - sb_monotonic();
        if (left > glance) left = glance;
        int ready = poll(&p, 1, left > 0 ? (int)(left * 1000) + 1 : 0);
        if (ready > 0) return SB_WIRE_OK;
        if (ready < 0 && errno != EINTR) return SB_WIRE_LOST;
        enum sb_wire_end end = how_it_stands(wire, deadline);
        if (end != SB_WIRE_OK) return end;
    }
}

/* ---- opening ---- */

static bool make_socket(struct sb_wire *wire, struct sb_err *err)
{
    wire->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (wire->fd < 0) return sb_fail(err, SB_ERR_INTERNAL, "cannot make a socket: %s", strerror(errno));
    fcntl(wire->fd, F_SETFD, FD_CLOEXEC);
#ifdef SO_NOSIGPIPE
    int on = 1;
    setsockopt(wire->fd, SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    return true;
}

/* 1: connected, 0: nobody there yet, -1 with err. A UNIX socket connects at once or not at all. */
static int try_connect(struct sb_wire *wire, const struct sockaddr_un *address, struct sb_err *err)
{
    if (!make_socket(wire, err)) return -1;
    if (connect(wire->fd, (const struct sockaddr *)address, sizeof *address) == 0) {
        fcntl(wire->fd, F_SETFL, O_NONBLOCK);
        return 1;
    }
    int problem = errno;
    close(wire->fd);
    wire->fd = -1;
    if (problem == ENOENT || problem == ECONNREFUSED || problem == EAGAIN || problem == EINTR) return 0;
    sb_fail(err, SB_ERR_STEP, "%s: cannot connect: %s", address->sun_path, strerror(problem));
    return -1;
}

enum sb_wire_end sb_wire_open(struct sb_wire *wire, const char *path, double deadline, struct sb_err *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t len = strlen(path);
    wire->fd = -1;
    sb_strbuf_init(&wire->in);
    if (len >= sizeof address.sun_path) {
        sb_fail(err, SB_ERR_USAGE,
                "%s: %zu bytes are too long for the path of a socket (at most %zu): choose a shorter scratch "
                "folder",
                path, len, sizeof address.sun_path - 1);
        return SB_WIRE_LOST;
    }
    memcpy(address.sun_path, path, len + 1);
    for (;;) {
        int got = try_connect(wire, &address, err);
        if (got > 0) return SB_WIRE_OK;
        enum sb_wire_end end = got < 0 ? SB_WIRE_LOST : how_it_stands(wire, deadline);
        if (end != SB_WIRE_OK) {
            if (got == 0) sb_fail(err, SB_ERR_STEP, "%s: %s", path, sb_wire_words(end));
            return end;
        }
        nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
    }
}

void sb_wire_close(struct sb_wire *wire)
{
    if (wire->fd >= 0) close(wire->fd);
    wire->fd = -1;
    sb_strbuf_release(&wire->in);
}

/* ---- sending ---- */

enum sb_wire_end sb_wire_send(struct sb_wire *wire, const void *bytes, size_t len, double deadline)
{
    const char *at = bytes;
    while (len) {
        ssize_t n = send(wire->fd, at, len, MSG_NOSIGNAL);
        if (n > 0) {
            at += n;
            len -= (size_t)n;
        } else if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == ENOBUFS)) {
            enum sb_wire_end end = await(wire, POLLOUT, deadline);
            if (end != SB_WIRE_OK) return end;
        } else if (n == 0 || errno != EINTR) {
            return SB_WIRE_LOST;
        }
    }
    return SB_WIRE_OK;
}

/* ---- receiving ---- */

static enum sb_wire_end receive(struct sb_wire *wire, char *buf, size_t max, size_t *got, double deadline)
{
    for (;;) {
        ssize_t n = recv(wire->fd, buf, max, 0);
        if (n > 0) {
            *got = (size_t)n;
            /* One that never stops talking must not keep us from the deadline. */
            enum sb_wire_end end = wire->stop && *wire->stop ? SB_WIRE_STOPPED : SB_WIRE_OK;
            return end == SB_WIRE_OK && sb_monotonic() >= deadline ? SB_WIRE_TIMEOUT : end;
        }
        if (n == 0) return SB_WIRE_LOST;
        if (errno == EINTR) continue;
        if (errno != EAGAIN && errno != EWOULDBLOCK) return SB_WIRE_LOST;
        enum sb_wire_end end = await(wire, POLLIN, deadline);
        if (end != SB_WIRE_OK) return end;
    }
}

static void forget(struct sb_strbuf *in, size_t taken)
{
    memmove(in->buf, in->buf + taken, in->len - taken + 1);
    in->len -= taken;
}

enum sb_wire_end sb_wire_some(struct sb_wire *wire, char *buf, size_t max, size_t *got, double deadline)
{
    if (!wire->in.len) return receive(wire, buf, max, got, deadline);
    *got = wire->in.len < max ? wire->in.len : max;
    memcpy(buf, wire->in.buf, *got);
    forget(&wire->in, *got);
    return SB_WIRE_OK;
}

enum sb_wire_end sb_wire_line(struct sb_wire *wire, struct sb_strbuf *line, size_t limit, double deadline)
{
    char buf[4096];
    size_t searched = 0, got;
    sb_strbuf_clear(line);
    for (;;) {
        const char *from = wire->in.buf + searched;
        const char *end = memchr(from, '\n', wire->in.len - searched);
        size_t len = end ? (size_t)(end - wire->in.buf) : wire->in.len;
        if (len > limit) return SB_WIRE_TOO_LONG;
        if (end) {
            sb_strbuf_add(line, wire->in.buf, len);
            forget(&wire->in, len + 1);
            return SB_WIRE_OK;
        }
        searched = wire->in.len;
        enum sb_wire_end result = receive(wire, buf, sizeof buf, &got, deadline);
        if (result != SB_WIRE_OK) return result;
        sb_strbuf_add(&wire->in, buf, got);
    }
}

const char *sb_wire_words(enum sb_wire_end end)
{
    static const char *const words[] = {
        [SB_WIRE_OK] = "answered",
        [SB_WIRE_TIMEOUT] = "no answer in time",
        [SB_WIRE_LOST] = "the connection was lost",
        [SB_WIRE_STOPPED] = "stopped",
        [SB_WIRE_TOO_LONG] = "an endless line",
    };
    return words[end];
}
