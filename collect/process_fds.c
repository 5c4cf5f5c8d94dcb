#include "collect/process_guardian.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include "core/alloc.h"

int sb_fd_high(int fd)
{
    if (fd < 0) return -1;
    int high = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    int saved = errno;
    close(fd);
    errno = saved;
    return high;
}

bool sb_pipe(int ends[2])
{
    if (pipe(ends) != 0) {
        ends[0] = ends[1] = -1;
        return false;
    }
    for (int i = 0; i < 2; i++)
        ends[i] = sb_fd_high(ends[i]);
    if (ends[0] >= 0 && ends[1] >= 0) return true;
    int saved = errno;
    sb_fd_close(&ends[0]);
    sb_fd_close(&ends[1]);
    errno = saved;
    return false;
}

void sb_fd_close(int *fd)
{
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

int sb_fd_highest(void)
{
    int highest = -1;
    DIR *dir = opendir("/dev/fd");
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (*end == '\0' && end != entry->d_name && fd > highest && fd < INT_MAX) highest = (int)fd;
    }
    if (dir) closedir(dir);
    if (highest >= 0) return highest;
    long max = sysconf(_SC_OPEN_MAX);
    return max > 0 && max < 65536 ? (int)max : 65536;
}

static void close_range_from(int first, int last)
{
#ifdef SYS_close_range
    if (first > last || syscall(SYS_close_range, (unsigned)first, (unsigned)last, 0U) == 0) return;
#endif
    for (int fd = first; fd <= last; fd++)
        close(fd);
}

void sb_close_others(int *keep, size_t nr, int highest)
{
    int from = 3;
    for (;;) {
        int next = INT_MAX;
        for (size_t i = 0; i < nr; i++)
            if (keep[i] >= from && keep[i] < next) next = keep[i];
        if (next == INT_MAX) break;
        close_range_from(from, next - 1);
        from = next + 1;
    }
    close_range_from(from, highest);
}

bool sb_read_whole(int fd, void *bytes, size_t len)
{
    for (char *at = bytes; len > 0;) {
        ssize_t n = read(fd, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}
