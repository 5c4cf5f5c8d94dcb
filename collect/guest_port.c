#include "collect/guest_port.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "collect/wire.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

enum { LINE_MAX_BYTES = 4096 };
static const size_t flood = (size_t)64 << 20;
static const double transfer_time = 60; /* seconds that the output may take, after the command has ended */

struct sb_guest_port {
    struct sb_wire wire;
    unsigned long id; /* of the last request */
};

/* ---- opening ---- */

static bool take_ready(struct sb_wire *wire, double deadline, struct sb_strbuf *kernel, struct sb_err *err)
{
    static const char ready[] = "sbstat 1 ready ", error[] = "sbstat 1 error ";
    struct sb_strbuf line = SB_STRBUF_INIT, shown = SB_STRBUF_INIT;
    enum sb_wire_end end = sb_wire_line(wire, &line, LINE_MAX_BYTES, deadline);
    bool ok = end == SB_WIRE_OK && sb_has_prefix(line.buf, ready);
    if (end == SB_WIRE_OK) sb_text_visible(&shown, line.buf, line.len < 200 ? line.len : 200, false);
    if (ok)
        sb_strbuf_adds(kernel, shown.buf + sizeof ready - 1);
    else if (end != SB_WIRE_OK)
        sb_fail(err, SB_ERR_STEP, "the guest's agent did not say that it is ready: %s", sb_wire_words(end));
    else if (sb_has_prefix(shown.buf, error))
        sb_fail(err, SB_ERR_STEP, "the guest's agent cannot work: %s", shown.buf + sizeof error - 1);
    else
        sb_fail(err, SB_ERR_STEP, "the guest's agent says \"%s\" where \"%s...\" is expected", shown.buf,
                ready);
    sb_strbuf_release(&line);
    sb_strbuf_release(&shown);
    return ok;
}

struct sb_guest_port *sb_guest_port_open(const char *socket_path, double deadline, bool (*alive)(void *data),
                                         void *data, const volatile sig_atomic_t *stop,
                                         struct sb_strbuf *kernel, struct sb_err *err)
{
    struct sb_guest_port *port = sb_xcalloc(1, sizeof *port);
    deadline += sb_monotonic();
    port->wire = (struct sb_wire){.alive = alive, .data = data, .stop = stop};
    if (sb_wire_open(&port->wire, socket_path, deadline, err) == SB_WIRE_OK &&
        take_ready(&port->wire, deadline, kernel, err))
        return port;
    sb_guest_port_close(port);
    return NULL;
}

void sb_guest_port_close(struct sb_guest_port *port)
{
    if (!port) return;
    sb_wire_close(&port->wire);
    free(port);
}

/* ---- requests ---- */

/* For the shell that the agent evaluates it with; a line break, which would end the request, as "$nl". */
static void quote(struct sb_strbuf *out, const char *word)
{
    sb_strbuf_adds(out, " '");
    for (; *word; word++) {
        if (*word == '\'')
            sb_strbuf_adds(out, "'\\''");
        else if (*word == '\n')
            sb_strbuf_adds(out, "'\"$nl\"'");
        else
            sb_strbuf_addc(out, *word);
    }
    sb_strbuf_addc(out, '\'');
}

static enum sb_wire_end send_request(struct sb_guest_port *port, const char *const *argv, double deadline)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    sb_strbuf_addf(&line, "exec %lu", ++port->id);
    for (; *argv; argv++)
        quote(&line, *argv);
    sb_strbuf_addc(&line, '\n');
    enum sb_wire_end end = sb_wire_send(&port->wire, line.buf, line.len, deadline);
    sb_strbuf_release(&line);
    return end;
}

/* ---- answers ---- */

struct answer {
    unsigned long id, status;
    double seconds;
    unsigned long long bytes;
};

/* Digits only: strtoul() would take blanks and signs. */
static bool take_count(const char **at, char after, unsigned long long *value)
{
    char *end;
    if (!sb_is_digit(**at)) return false;
    errno = 0;
    *value = strtoull(*at, &end, 10);
    if (errno || *end != after) return false;
    *at = end + (after != '\0');
    return true;
}

static bool parse_answer(const struct sb_strbuf *line, struct answer *answer)
{
    unsigned long long id, status;
    const char *at = line->buf, *blank;
    if (!sb_has_prefix(at, "done ") || strlen(at) != line->len) return false;
    at += strlen("done ");
    if (!take_count(&at, ' ', &id) || !take_count(&at, ' ', &status)) return false;
    blank = strchr(at, ' ');
    if (!blank || !sb_number_parse(at, (size_t)(blank - at), &answer->seconds)) return false;
    at = blank + 1;
    if (!take_count(&at, '\0', &answer->bytes) || status > 255 || !(answer->seconds >= 0)) return false;
    answer->id = (unsigned long)id;
    answer->status = (unsigned long)status;
    return true;
}

static void fail(struct sb_exec_result *result, enum sb_exec_outcome outcome, const char *reason)
{
    result->outcome = outcome;
    snprintf(result->reason, sizeof result->reason, "%s", reason);
}

static void fail_wire(struct sb_exec_result *result, enum sb_wire_end end)
{
    static const enum sb_exec_outcome outcomes[] = {
        [SB_WIRE_TIMEOUT] = SB_EXEC_TIMEOUT,
        [SB_WIRE_LOST] = SB_EXEC_LOST,
        [SB_WIRE_STOPPED] = SB_EXEC_STOPPED,
        [SB_WIRE_TOO_LONG] = SB_EXEC_LOST,
    };
    fail(result, outcomes[end], sb_wire_words(end));
}

static bool take_answer(struct sb_guest_port *port, struct answer *answer, double deadline,
                        struct sb_exec_result *result)
{
    struct sb_strbuf line = SB_STRBUF_INIT, shown = SB_STRBUF_INIT;
    enum sb_wire_end end = sb_wire_line(&port->wire, &line, LINE_MAX_BYTES, deadline);
    bool ok = end == SB_WIRE_OK && parse_answer(&line, answer) && answer->id == port->id;
    if (end != SB_WIRE_OK) {
        fail_wire(result, end);
    } else if (!ok) {
        sb_text_visible(&shown, line.buf, line.len < 80 ? line.len : 80, false);
        result->outcome = SB_EXEC_LOST;
        snprintf(result->reason, sizeof result->reason,
                 "the guest's agent says \"%s\" where \"done %lu ...\" is expected", shown.buf, port->id);
    }
    sb_strbuf_release(&line);
    sb_strbuf_release(&shown);
    return ok;
}

static bool write_all(int fd, const char *at, size_t len)
{
    while (len) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno != EINTR) return false;
        if (n > 0) at += n, len -= (size_t)n;
    }
    return true;
}

/* The bytes that follow an answer, into fd (-1: nowhere). False with the reason in *result. */
static bool take_output(struct sb_guest_port *port, unsigned long long bytes, int fd, double deadline,
                        struct sb_exec_result *result)
{
    char buf[1 << 14];
    int problem = 0;
    while (bytes) {
        size_t got, want = bytes < sizeof buf ? (size_t)bytes : sizeof buf;
        enum sb_wire_end end = sb_wire_some(&port->wire, buf, want, &got, deadline);
        if (end != SB_WIRE_OK) {
            fail_wire(result, end);
            return false;
        }
        if (fd >= 0 && !problem && !write_all(fd, buf, got)) problem = errno;
        bytes -= got;
    }
    if (!problem) return true;
    result->outcome = SB_EXEC_LOST;
    snprintf(result->reason, sizeof result->reason, "the output could not be kept: %s", strerror(problem));
    return false;
}

static void converse(struct sb_guest_port *port, const struct sb_exec *exec, int fd,
                     struct sb_exec_result *result)
{
    struct answer answer;
    double start = sb_monotonic(), deadline = start + exec->deadline;
    enum sb_wire_end end = send_request(port, exec->argv, deadline);
    if (end != SB_WIRE_OK) {
        fail_wire(result, end);
    } else if (take_answer(port, &answer, deadline, result)) {
        if (answer.bytes > flood) {
            fail(result, SB_EXEC_FLOOD, "more than 64 MiB of output");
        } else if (take_output(port, answer.bytes, fd, sb_monotonic() + transfer_time, result)) {
            result->outcome = SB_EXEC_ENDED;
            result->status = (int)answer.status;
            result->wall = answer.seconds;
            return;
        }
    }
    result->wall = sb_monotonic() - start;
}

void sb_guest_port_exec(struct sb_guest_port *port, const struct sb_exec *exec, struct sb_exec_result *result)
{
    int fd = -1;
    *result = (struct sb_exec_result){.status = -1};
    if (exec->output) {
        fd = open(exec->output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
        if (fd < 0) {
            result->outcome = SB_EXEC_LOST;
            snprintf(result->reason, sizeof result->reason, "%.100s: cannot open: %s", exec->output,
                     strerror(errno));
            return;
        }
    }
    converse(port, exec, fd, result);
    if (fd >= 0 && close(fd) != 0 && result->outcome == SB_EXEC_ENDED)
        fail(result, SB_EXEC_LOST, "the output could not be kept");
}

bool sb_guest_port_poweroff(struct sb_guest_port *port)
{
    static const char request[] = "poweroff\n";
    return sb_wire_send(&port->wire, request, sizeof request - 1, sb_monotonic() + 2) == SB_WIRE_OK;
}
