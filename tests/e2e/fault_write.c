/*
 * Preloaded into the program under test: the disk that this library stands for fills at any byte, or loses what it was
 * given at fsync, close or rename.
 *
 *   SBSTAT_FAULT_BYTES=N  after N bytes written to regular files write() fails with ENOSPC (the write that crosses the
 *                         limit is short first, as on a real disk)
 *   SBSTAT_FAULT_CALL=S   S is fsync, close or rename: its first call on a regular file that was written fails with EIO
 *
 * Counts within one process.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static long long written;

static int is_output(int fd)
{
    struct stat st;
    return fd > STDERR_FILENO && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static int fails(const char *call)
{
    const char *wanted = getenv("SBSTAT_FAULT_CALL");
    return wanted && strcmp(wanted, call) == 0 && written > 0;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
    static ssize_t (*real)(int, const void *, size_t);
    const char *limit_text = getenv("SBSTAT_FAULT_BYTES");
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
    if (!is_output(fd)) return real(fd, bytes, len);
    if (limit_text) {
        long long room = strtoll(limit_text, NULL, 10) - written;
        if (room <= 0 && len > 0) {
            errno = ENOSPC;
            return -1;
        }
        if ((long long)len > room) len = (size_t)room;
    }
    ssize_t n = real(fd, bytes, len);
    if (n > 0) written += n;
    return n;
}

int fsync(int fd)
{
    static int (*real)(int);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "fsync");
    if (!fails("fsync")) return real(fd);
    errno = EIO;
    return -1;
}

int close(int fd)
{
    static int (*real)(int);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "close");
    int output = fails("close") && is_output(fd);
    int status = real(fd);
    if (!output) return status;
    errno = EIO;
    return -1;
}

int rename(const char *from, const char *to)
{
    static int (*real)(const char *, const char *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "rename");
    if (!fails("rename")) return real(from, to);
    errno = EIO;
    return -1;
}
