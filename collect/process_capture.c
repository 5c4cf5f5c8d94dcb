#include "collect/process.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/process_guardian.h"
#include "core/alloc.h"
#include "core/text.h"

#define DEFAULT_CAPTURE (1024L * 1024)
#define LAST_LINE       300 /* bytes of a message that are quoted at most */

/* ---- capture ---- */

#if !defined(O_TMPFILE) && defined(__O_TMPFILE)
#define O_TMPFILE __O_TMPFILE /* glibc hides the name, not the value */
#endif

/* A file that nobody else sees, above 2 and close-on-exec; -1 with errno. */
static int temporary_file(void)
{
    const char *folder = getenv("TMPDIR");
    if (!folder || !*folder) folder = "/tmp";
#ifdef O_TMPFILE
    int nameless = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); /* no SIGKILL leaves it behind */
    if (nameless >= 0) return sb_fd_high(nameless);
#endif
    struct sb_strbuf path = SB_STRBUF_INIT;
    sb_strbuf_addf(&path, "%s/sbstat-capture-XXXXXX", folder);
    int fd = mkstemp(path.buf);
    if (fd >= 0) unlink(path.buf);
    sb_strbuf_release(&path);
    return sb_fd_high(fd);
}

static bool read_back(int fd, off_t from, size_t len, struct sb_strbuf *out)
{
    sb_strbuf_reserve(out, len);
    for (char bytes[8192]; len > 0;) {
        ssize_t n = pread(fd, bytes, len < sizeof bytes ? len : sizeof bytes, from);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0;
        sb_strbuf_add(out, bytes, (size_t)n);
        from += n;
        len -= (size_t)n;
    }
    return true;
}

/* The last line with something in it, made safe to print. */
static void last_line(int fd, struct sb_strbuf *line)
{
    struct stat info;
    struct sb_strbuf tail = SB_STRBUF_INIT;
    if (fstat(fd, &info) == 0) {
        off_t from = info.st_size > 4096 ? info.st_size - 4096 : 0;
        read_back(fd, from, (size_t)(info.st_size - from), &tail);
    }
    size_t end = tail.len;
    while (end > 0 && sb_is_space(tail.buf[end - 1]))
        end--;
    size_t begin = end;
    while (begin > 0 && tail.buf[begin - 1] != '\n' && tail.buf[begin - 1] != '\r')
        begin--;
    if (end - begin > LAST_LINE) end = begin + LAST_LINE;
    sb_text_visible(line, tail.buf + begin, end - begin, false);
    sb_strbuf_release(&tail);
}

static bool bad_end(const char *name, const struct sb_process_result *result, int error_file,
                    struct sb_err *err)
{
    char words[80];
    struct sb_strbuf line = SB_STRBUF_INIT;
    last_line(error_file, &line);
    sb_fail(err, SB_ERR_STEP, "%s: %s%s%s%s", name, result->outcome == SB_PROCESS_EXITED ? "ended with " : "",
            sb_process_words(result, words, sizeof words), line.len ? ": " : "", line.buf);
    sb_strbuf_release(&line);
    return false;
}

static bool capture_into(const struct sb_process_spec *spec, size_t limit, int output, int error,
                         struct sb_strbuf *out, struct sb_err *err)
{
    struct sb_process *p = sb_process_start_into(spec, output, error, (off_t)limit, err);
    if (!p) return false;
    struct sb_process_result result;
    sb_process_wait(p, -1, &result);
    sb_process_free(p);
    struct stat info;
    if (fstat(output, &info) == 0 && info.st_size > (off_t)limit) result.outcome = SB_PROCESS_FLOOD;
    if (result.outcome != SB_PROCESS_EXITED || result.status != 0)
        return bad_end(spec->argv[0], &result, error, err);
    if (read_back(output, 0, (size_t)info.st_size, out)) return true;
    return sb_fail(err, SB_ERR_STEP, "%s: its output cannot be read back: %s", spec->argv[0],
                   strerror(errno));
}

bool sb_process_capture(const char *const *argv, double deadline, const volatile sig_atomic_t *stop,
                        size_t limit, struct sb_strbuf *out, struct sb_err *err)
{
    int output = temporary_file(), error = temporary_file();
    struct sb_process_spec spec = {.argv = argv, .deadline = deadline, .stop = stop};
    bool ok = false;
    if (output < 0 || error < 0)
        sb_fail(err, SB_ERR_STEP,
                "cannot make a temporary file for the output of %s: %s (is TMPDIR writable?)", argv[0],
                strerror(errno));
    else
        ok = capture_into(&spec, limit ? limit : (size_t)DEFAULT_CAPTURE, output, error, out, err);
    sb_fd_close(&output);
    sb_fd_close(&error);
    return ok;
}

/* ---- programs and words ---- */

static bool is_program(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

char *sb_find_program(const char *name)
{
    if (!name || !*name) return NULL;
    if (strchr(name, '/')) return is_program(name) ? sb_xstrdup(name) : NULL;
    const char *folders = getenv("PATH");
    for (const char *at = folders; at; at = *at == ':' ? at + 1 : NULL) {
        size_t len = strcspn(at, ":");
        struct sb_strbuf path = SB_STRBUF_INIT;
        sb_strbuf_add(&path, len ? at : ".", len ? len : 1);
        sb_strbuf_addf(&path, "/%s", name);
        if (is_program(path.buf)) return sb_strbuf_detach(&path, NULL);
        sb_strbuf_release(&path);
        at += len;
    }
    return NULL;
}

const char *sb_process_words(const struct sb_process_result *result, char *buf, size_t size)
{
    switch (result->outcome) {
    case SB_PROCESS_EXITED: snprintf(buf, size, "exit status %d", result->status); break;
    case SB_PROCESS_SIGNALED: snprintf(buf, size, "killed by signal %d", result->status - 128); break;
    case SB_PROCESS_TIMEOUT:
        snprintf(buf, size, "timed out after %.*f s", result->wall < 10 ? 1 : 0, result->wall);
        break;
    case SB_PROCESS_FLOOD: snprintf(buf, size, "ended by us: too much output"); break;
    case SB_PROCESS_STOPPED: snprintf(buf, size, "stopped"); break;
    case SB_PROCESS_RUNNING: snprintf(buf, size, "still running"); break;
    }
    return buf;
}
