#include "collect/process_guardian.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

extern char **environ;

static void default_signals(void)
{
    struct sigaction normal = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < NSIG; signal++)
        sigaction(signal, &normal, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The program must not outlive its guardian. The guardian may have ended before we could ask for that. */
static void die_with(pid_t guardian)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != guardian) _exit(127);
}

SB_NORETURN static void fail(int exec, bool in_cwd)
{
    struct sb_exec_failure failure = {.in_cwd = in_cwd, .error = errno};
    ssize_t n = exec >= 0 ? write(exec, &failure, sizeof failure) : 0;
    _exit(n == -1 ? 126 : 127);
}

pid_t sb_guardian_spawn(const char *const *argv, char **env, const char *cwd, int input, int output,
                        int error, int exec)
{
    pid_t guardian = getpid();
    pid_t pid = fork();
    if (pid > 0) setpgid(pid, pid); /* on both sides: whoever comes first */
    if (pid != 0) return pid;

    setpgid(0, 0);
    default_signals();
    die_with(guardian);
    if (cwd && chdir(cwd) != 0) fail(exec, true);
    /* 0, 1 and 2 are /dev/null in a guardian; the descriptors given are above them and close-on-exec. */
    if ((input >= 0 && dup2(input, 0) < 0) || (output >= 0 && dup2(output, 1) < 0) ||
        (error >= 0 && dup2(error, 2) < 0))
        fail(exec, false);
    environ = env;
    execvp(argv[0], (char *const *)(uintptr_t)argv);
    fail(exec, false);
}

#ifdef __linux__
/* The parent's id in /proc/PID/stat: "PID (name) STATE PPID ..."; the name may hold anything. */
static long parent_of(int folder, const char *pid)
{
    char path[64], text[512];
    snprintf(path, sizeof path, "%s/stat", pid);
    int fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -1;
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    if (n <= 0) return -1;
    text[n] = '\0';
    const char *name_end = strrchr(text, ')');
    return name_end && strlen(name_end) > 4 ? strtol(name_end + 4, NULL, 10) : -1;
}

void sb_signal_children(int signal)
{
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
        if (!isdigit((unsigned char)entry->d_name[0])) continue;
        if (parent_of(dirfd(dir), entry->d_name) != (long)getpid()) continue;
        /* A child of ours that is not reaped keeps its id: this hits nobody else. */
        kill((pid_t)strtol(entry->d_name, NULL, 10), signal);
    }
    if (dir) closedir(dir);
}
#else
void sb_signal_children(int signal)
{
}
#endif
