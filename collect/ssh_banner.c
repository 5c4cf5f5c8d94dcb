#include "collect/ssh_banner.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include "collect/process.h"
#include "core/text.h"

#define MOST_BEFORE 4096 /* bytes of other lines that a server may say before its version (RFC 4253, 4.2) */

#define SLICE 0.2 /* seconds between looks at `stop` */

struct limit {
    double until; /* sb_monotonic() */
    const volatile sig_atomic_t *stop;
};

static bool wait_for(int fd, short events, const struct limit *limit)
{
    for (;;) {
        double left = limit->until - sb_monotonic();
        if (left <= 0 || (limit->stop && *limit->stop)) return false;
        struct pollfd ready = {.fd = fd, .events = events};
        int n = poll(&ready, 1, (int)ceil(fmin(left, SLICE) * 1000));
        if (n > 0) return true;
        if (n < 0 && errno != EINTR) return false;
    }
}

/* A connected socket, or -1 with errno. */
static int connect_until(const struct addrinfo *address, const struct limit *limit)
{
    int fd = socket(address->ai_family, address->ai_socktype, address->ai_protocol);
    if (fd < 0) return -1;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    int error = 0;
    socklen_t size = sizeof error;
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0) {
        if (errno != EINPROGRESS)
            error = errno;
        else if (!wait_for(fd, POLLOUT, limit))
            error = ETIMEDOUT;
        else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
            error = errno;
    }
    if (!error) return fd;
    close(fd);
    errno = error;
    return -1;
}

/* Reads lines until one is a version. */
static enum sb_ssh_banner listen_for_version(int fd, const struct limit *limit, struct sb_err *err)
{
    char text[MOST_BEFORE + 1];
    size_t len = 0;
    while (wait_for(fd, POLLIN, limit)) {
        ssize_t n = read(fd, text + len, MOST_BEFORE - len);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) {
            sb_fail(err, SB_ERR_STEP, "the port closed the connection%s", len ? "" : " without a word");
            return SB_SSH_BANNER_NOT_YET;
        }
        len += (size_t)n;
        text[len] = '\0';
        for (const char *line = text; line;
             line = memchr(line, '\n', (size_t)(text + len - line)), line += !!line)
            if (sb_has_prefix(line, "SSH-2.0-") || sb_has_prefix(line, "SSH-1.99-")) return SB_SSH_BANNER_YES;
        if (len == MOST_BEFORE) {
            sb_fail(err, SB_ERR_STEP, "what answers there is no ssh server");
            return SB_SSH_BANNER_NEVER;
        }
    }
    sb_fail(err, SB_ERR_STEP, "the port accepts connections, but no ssh server answers");
    return SB_SSH_BANNER_NOT_YET;
}

/* Each address gets its share of what is left. -1 with errno of the last. */
static int connect_any(const struct addrinfo *addresses, const struct limit *limit)
{
    int fd = -1;
    size_t nr = 0;
    for (const struct addrinfo *address = addresses; address; address = address->ai_next)
        nr++;
    for (const struct addrinfo *address = addresses; address && fd < 0; address = address->ai_next, nr--) {
        double now = sb_monotonic();
        const struct limit share = {.until = now + (limit->until - now) / (double)nr, .stop = limit->stop};
        fd = connect_until(address, &share);
    }
    return fd;
}

enum sb_ssh_banner sb_ssh_banner_at(const struct addrinfo *addresses, double seconds,
                                    const volatile sig_atomic_t *stop, struct sb_err *err)
{
    const struct limit limit = {.until = sb_monotonic() + seconds, .stop = stop};
    int fd = connect_any(addresses, &limit);
    if (fd < 0) {
        sb_fail(err, SB_ERR_STEP, "cannot connect: %s", strerror(errno));
        return SB_SSH_BANNER_NOT_YET;
    }
    enum sb_ssh_banner answer = listen_for_version(fd, &limit, err);
    close(fd);
    return answer;
}

enum sb_ssh_banner sb_ssh_banner(const char *host, unsigned port, double seconds,
                                 const volatile sig_atomic_t *stop, struct sb_err *err)
{
    char service[16];
    snprintf(service, sizeof service, "%u", port);
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *list = NULL;
    int code = getaddrinfo(host, service, &hints, &list);
    if (code != 0) {
        sb_fail(err, SB_ERR_STEP, "the host %s cannot be found: %s", host, gai_strerror(code));
        return code == EAI_NONAME ? SB_SSH_BANNER_NEVER : SB_SSH_BANNER_NOT_YET;
    }
    enum sb_ssh_banner answer = sb_ssh_banner_at(list, seconds, stop, err);
    freeaddrinfo(list);
    return answer;
}
