/*
 * Preloaded into the program under test: SIGKILL right before or after the N-th call that changes files, so
 * that there is no place between two of them where it is never killed.
 *
 *   SBSTAT_KILL_CALL=N  N > 0: after the N-th call; N < 0: before it
 *
 * Only in the process that it was given to: not in its forks, not in what they execute.
 */
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static pid_t owner;
static long wanted, calls;

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("SBSTAT_KILL_CALL");
    wanted = text ? strtol(text, NULL, 10) : 0;
    owner = getpid();
    unsetenv("SBSTAT_KILL_CALL");
    unsetenv("LD_PRELOAD");
}

static void die_at(long place)
{
    if (place == wanted && getpid() == owner) kill(owner, SIGKILL);
}

/* NAME(TYPES) as the C library has it, counted. */
#define COUNTED(type, name, parameters, arguments)                                                           \
    type name parameters                                                                                     \
    {                                                                                                        \
        static type(*real) parameters;                                                                       \
        if (!real) *(void **)&real = dlsym(RTLD_NEXT, #name);                                                \
        calls += getpid() == owner;                                                                          \
        die_at(-calls);                                                                                      \
        type result = real arguments;                                                                        \
        die_at(calls);                                                                                       \
        return result;                                                                                       \
    }

COUNTED(int, fsync, (int fd), (fd))
COUNTED(int, rename, (const char *from, const char *to), (from, to))
COUNTED(int, unlink, (const char *path), (path))
COUNTED(int, unlinkat, (int fd, const char *path, int flags), (fd, path, flags))
COUNTED(int, mkdir, (const char *path, mode_t mode), (path, mode))
COUNTED(int, ftruncate, (int fd, off_t size), (fd, size))
COUNTED(char *, mkdtemp, (char *path), (path))

/* Only files: the pipes to guardians are no business of this. */
ssize_t write(int fd, const void *bytes, size_t len)
{
    static ssize_t (*real)(int, const void *, size_t);
    struct stat st;
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
    int is_file = getpid() == owner && fd > STDERR_FILENO && fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    calls += is_file;
    if (is_file) die_at(-calls);
    ssize_t n = real(fd, bytes, len);
    if (is_file) die_at(calls);
    return n;
}
