#include "io/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/strbuf.h"

/* Temporary files in flight, in fixed memory so that a signal handler can read them. */
enum { MAX_OPEN = 16 };
static struct {
    volatile sig_atomic_t used;
    char path[PATH_MAX];
} pending[MAX_OPEN];

struct sb_outfile {
    int fd;
    int slot;   /* in pending, -1 when the target is written directly */
    bool stdio; /* standard output: never closed */
    char *path; /* final name */
    char *temp; /* NULL when the target is written directly */
};

void sb_outfile_cleanup(void)
{
    for (int i = 0; i < MAX_OPEN; i++)
        if (pending[i].used) unlink(pending[i].path);
}

static int register_temp(const char *path)
{
    size_t len = strlen(path);
    for (int i = 0; i < MAX_OPEN && len < PATH_MAX; i++) {
        if (pending[i].used) continue;
        memcpy(pending[i].path, path, len + 1);
        pending[i].used = 1;
        return i;
    }
    return -1;
}

static bool cannot_write(const char *path, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s",
                   strcmp(path, "-") == 0 ? "standard output" : path, strerror(errno));
}

/* No signal comes between making a file and writing down its name: the handler would not know what to remove.
 */
static void create_registered(struct sb_outfile *out)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    out->fd = open(out->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    int problem = errno;
    if (out->fd >= 0) out->slot = register_temp(out->temp);
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = problem;
}

/* Opens a fresh temporary file beside the target: .sbstat-PID-N.tmp, never an existing one. */
static bool open_temp(struct sb_outfile *out)
{
    const char *slash = strrchr(out->path, '/');
    int dir = slash ? (int)(slash - out->path) + 1 : 0;
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        struct sb_strbuf name = SB_STRBUF_INIT;
        sb_strbuf_addf(&name, "%.*s.sbstat-%ld-%u.tmp", dir, out->path, (long)getpid(), attempt);
        out->temp = sb_strbuf_detach(&name, NULL);
        create_registered(out);
        if (out->fd >= 0) return true;
        free(out->temp);
        out->temp = NULL;
        if (errno != EEXIST) return false;
    }
    return false;
}

static void out_free(struct sb_outfile *out)
{
    if (out->fd >= 0 && !out->stdio) close(out->fd);
    if (out->slot >= 0) pending[out->slot].used = 0;
    free(out->path);
    free(out->temp);
    free(out);
}

struct sb_outfile *sb_outfile_open(const char *path, struct sb_err *err)
{
    struct stat st;
    struct sb_outfile *out = sb_xcalloc(1, sizeof *out);
    out->fd = out->slot = -1;
    out->path = sb_xstrdup(path);
    if (strcmp(path, "-") == 0) {
        out->fd = STDOUT_FILENO;
        out->stdio = true;
    } else if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
        errno = EISDIR;
    } else if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
        out->fd = open(path, O_WRONLY | O_CLOEXEC);
    } else if (!open_temp(out)) {
        out->fd = -1;
    }
    if (out->fd >= 0) return out;
    cannot_write(path, err);
    out_free(out);
    return NULL;
}

bool sb_outfile_add(struct sb_outfile *out, const void *bytes, size_t len, struct sb_err *err)
{
    const char *p = bytes;
    while (len) {
        ssize_t n = write(out->fd, p, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return cannot_write(out->path, err);
        p += n;
        len -= (size_t)n;
    }
    return true;
}

void sb_outfile_abort(struct sb_outfile *out)
{
    if (!out) return;
    if (out->temp) unlink(out->temp);
    out_free(out);
}

/* Files keep the permission bits of the file they replace. */
static void keep_mode(const struct sb_outfile *out)
{
    struct stat st;
    if (stat(out->path, &st) == 0 && fchmod(out->fd, st.st_mode & 07777) != 0) errno = 0;
}

bool sb_outfile_commit(struct sb_outfile *out, struct sb_err *err)
{
    bool ok = true;
    if (out->temp) {
        keep_mode(out);
        ok = fsync(out->fd) == 0 || errno == EINVAL || errno == EROFS;
    }
    if (ok && !out->stdio) {
        int fd = out->fd;
        out->fd = -1;
        ok = close(fd) == 0;
    }
    if (ok && out->temp) ok = rename(out->temp, out->path) == 0;
    if (!ok) {
        cannot_write(out->path, err);
        sb_outfile_abort(out);
        return false;
    }
    out_free(out);
    return true;
}

bool sb_outfile_write(const char *path, const void *bytes, size_t len, struct sb_err *err)
{
    struct sb_outfile *out = sb_outfile_open(path, err);
    if (!out) return false;
    if (!sb_outfile_add(out, bytes, len, err)) {
        sb_outfile_abort(out);
        return false;
    }
    return sb_outfile_commit(out, err);
}

bool sb_outbatch_write(struct sb_outbatch *batch, const char *path, const void *bytes, size_t len,
                       struct sb_err *err)
{
    if (batch->nr == SB_OUTBATCH_MAX && !sb_outbatch_commit(batch, err)) return false;
    struct sb_outfile *out = sb_outfile_open(path, err);
    if (!out) return false;
    batch->files[batch->nr++] = out;
    return sb_outfile_add(out, bytes, len, err);
}

bool sb_outbatch_commit(struct sb_outbatch *batch, struct sb_err *err)
{
    for (size_t i = 0; i < batch->nr; i++) {
        if (sb_outfile_commit(batch->files[i], err)) continue;
        memmove(batch->files, batch->files + i + 1, (batch->nr - i - 1) * sizeof *batch->files);
        batch->nr -= i + 1;
        sb_outbatch_abort(batch);
        return false;
    }
    batch->nr = 0;
    return true;
}

void sb_outbatch_abort(struct sb_outbatch *batch)
{
    for (size_t i = 0; i < batch->nr; i++)
        sb_outfile_abort(batch->files[i]);
    batch->nr = 0;
}

bool sb_make_dirs(const char *path, struct sb_err *err)
{
    struct stat st;
    char *copy = sb_xstrdup(path);
    bool ok = *copy || sb_fail(err, SB_ERR_OUTPUT, "cannot make a folder without a name");
    for (char *p = copy + 1; ok; p++) {
        if (*p != '/' && *p != '\0') continue;
        char keep = *p;
        *p = '\0';
        int problem = mkdir(copy, 0777) == 0 ? 0 : errno == EEXIST ? ENOTDIR : errno;
        if (problem && !(stat(copy, &st) == 0 && S_ISDIR(st.st_mode)))
            ok = sb_fail(err, SB_ERR_OUTPUT, "cannot make the folder %s: %s", copy, strerror(problem));
        *p = keep;
        if (!keep) break;
    }
    free(copy);
    return ok;
}

bool sb_read_file(const char *path, size_t limit, char **text, size_t *len, struct sb_err *err)
{
    struct sb_strbuf content = SB_STRBUF_INIT;
    bool is_stdin = strcmp(path, "-") == 0, ok = true;
    int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
    for (;;) {
        sb_strbuf_reserve(&content, 65536);
        ssize_t n = read(fd, content.buf + content.len, content.alloc - content.len - 1);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) ok = sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
        if (n <= 0) break;
        content.len += (size_t)n;
        content.buf[content.len] = '\0';
        if (content.len > limit) {
            ok = sb_fail(err, SB_ERR_FORMAT, "%s: larger than %zu bytes", path, limit);
            break;
        }
    }
    if (!is_stdin) close(fd);
    if (ok)
        *text = sb_strbuf_detach(&content, len);
    else
        sb_strbuf_release(&content);
    return ok;
}
