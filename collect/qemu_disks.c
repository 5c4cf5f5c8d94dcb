#include "collect/qemu_disks.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/clonefile.h>
#endif
#include "collect/file_digest.h"
#include "collect/process.h"
#include "core/alloc.h"

/* ---- copying ---- */

#if defined(__linux__) && !defined(FICLONE)
#define FICLONE _IOW(0x94, 9, int) /* ioctl_ficlone(2) */
#endif
#if defined(__linux__) && !defined(SEEK_DATA)
#define SEEK_DATA 3 /* lseek(2); the C library hides them unless asked for GNU's extensions */
#define SEEK_HOLE 4
#endif

/* By reference: takes no time and no space. Into a file that is there already, where the system has that. */
static bool clone_data(int in, int out)
{
#if defined(__linux__)
    return ioctl(out, FICLONE, in) == 0;
#else
    (void)in, (void)out;
    return false;
#endif
}

/* The same where the system makes the file itself (APFS), with the mode of the first one. `to` is not there,
 * and is not when this fails. */
static bool clone_file(const char *from, const char *to)
{
#if defined(__APPLE__)
    if (clonefile(from, to, 0) != 0) return false;
    if (chmod(to, 0600) == 0) return true;
    unlink(to);
    return false;
#else
    (void)from, (void)to;
    return false;
#endif
}

static bool copy_range(int in, int out, off_t at, off_t end, const volatile sig_atomic_t *stop)
{
    static char buf[1 << 18];
    while (at < end) {
        size_t want = end - at < (off_t)sizeof buf ? (size_t)(end - at) : sizeof buf;
        ssize_t n = pread(in, buf, want, at);
        if (stop && *stop) errno = ECANCELED;
        if ((stop && *stop) || n < 0) return false;
        if (n == 0) return true; /* it became shorter */
        for (ssize_t done = 0; done < n;) {
            ssize_t w = pwrite(out, buf + done, (size_t)(n - done), at + done);
            if (w < 0) return false;
            done += w;
        }
        at += n;
    }
    return true;
}

/* Data only. Where the file system does not know its holes the whole file is one run of data. */
static bool copy_data(int in, int out, off_t size, const volatile sig_atomic_t *stop)
{
    if (ftruncate(out, size) != 0) return false;
    for (off_t at = 0; at < size;) {
        off_t data = at, end = size;
#ifdef SEEK_DATA
        data = lseek(in, at, SEEK_DATA);
        if (data < 0 && errno == ENXIO) return true; /* only a hole is left */
        if (data < 0) data = at;
        end = lseek(in, data, SEEK_HOLE);
        if (end <= data) end = size;
#endif
        if (!copy_range(in, out, data, end, stop)) return false;
        at = end;
    }
    return true;
}

static bool is_regular(const char *path, int fd, struct sb_err *err)
{
    struct stat st;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) return true;
    return sb_fail(err, SB_ERR_NO_INPUT, "%s: not a regular file; a device cannot be copied (disk: direct)",
                   path);
}

static bool copy_between(const char *from, const char *to, int in, int out, const volatile sig_atomic_t *stop,
                         struct sb_err *err)
{
    struct stat st;
    if (clone_data(in, out)) return true;
    if (fstat(in, &st) == 0 && copy_data(in, out, st.st_size, stop) && fsync(out) == 0) return true;
    if (errno == ECANCELED) return sb_fail(err, SB_ERR_STEP, "stopped while copying %s", from);
    return sb_fail(err, SB_ERR_OUTPUT, "%s: cannot be copied to %s: %s", from, to, strerror(errno));
}

/* `to` is not there. */
static bool copy_to_new(const char *from, const char *to, int in, const volatile sig_atomic_t *stop,
                        struct sb_err *err)
{
    int out = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (out < 0) return sb_fail(err, SB_ERR_OUTPUT, "%s: %s", to, strerror(errno));
    bool ok = copy_between(from, to, in, out, stop, err);
    if (close(out) != 0 && ok) ok = sb_fail(err, SB_ERR_OUTPUT, "%s: %s", to, strerror(errno));
    if (!ok) unlink(to);
    return ok;
}

bool sb_disk_copy(const char *from, const char *to, const volatile sig_atomic_t *stop, struct sb_err *err)
{
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", from, strerror(errno));
    unlink(to);
    bool ok = is_regular(from, in, err) && (clone_file(from, to) || copy_to_new(from, to, in, stop, err));
    close(in);
    return ok;
}

/* ---- what is known of a disk ---- */

bool sb_disk_allocated(const char *path, uint64_t *bytes, struct sb_err *err)
{
    struct stat st;
    if (stat(path, &st) != 0) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
    *bytes = (uint64_t)st.st_blocks * 512; /* st_blocks counts 512 bytes on Linux, macOS and the BSDs */
    return true;
}

struct known_digest {
    struct known_digest *next;
    dev_t dev;
    ino_t ino;
    off_t size;
    time_t changed;
    char digits[65];
};
static struct known_digest *known; /* for the life of the process: a handful */

bool sb_disk_sha256(const char *path, bool refresh, const volatile sig_atomic_t *stop, char digits[65],
                    struct sb_err *err)
{
    struct stat st;
    struct known_digest *k = known;
    if (stat(path, &st) != 0) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", path, strerror(errno));
    while (k && (k->dev != st.st_dev || k->ino != st.st_ino))
        k = k->next;
    bool same = k && k->size == st.st_size && k->changed == st.st_mtime;
    if (!k || (refresh && !same)) {
        if (!sb_file_sha256(path, stop, digits, err)) return false;
        if (!k) {
            k = sb_xcalloc(1, sizeof *k);
            k->next = known;
            known = k;
        }
        k->dev = st.st_dev, k->ino = st.st_ino, k->size = st.st_size, k->changed = st.st_mtime;
        memcpy(k->digits, digits, sizeof k->digits);
    }
    memcpy(digits, k->digits, sizeof k->digits);
    return true;
}

bool sb_disk_space(const char *folder, uint64_t *bytes, struct sb_err *err)
{
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", folder, strerror(errno));
    *bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
    return true;
}

/* Only opening a disk for writing, as qemu-io does, meets the lock of a QEMU that has a raw one: qemu-img
 * info reads no data, so it asks for no lock there. Nothing is written. A disk that we may only read is tried
 * so. */
bool sb_disk_check_lock(const char *path, const char *format, struct sb_err *err)
{
    const char *mode = access(path, W_OK) == 0 ? "--cache=writeback" : "--read-only";
    const char *const argv[] = {"qemu-io", mode, "-f", format, "-c", "quit", path, NULL};
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err why = {.code = SB_OK};
    bool ok = sb_process_capture(argv, 30, NULL, 0, &out, &why);
    sb_strbuf_release(&out);
    if (ok) return true;
    if (strstr(why.msg, "lock") || strstr(why.msg, "another process"))
        return sb_fail(err, SB_ERR_STEP,
                       "%s: in use: another program (a QEMU?) has it open; end that first (%s)", path,
                       why.msg);
    return sb_fail(err, why.code, "%s: %.800s", path, why.msg);
}
