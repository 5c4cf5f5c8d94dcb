/*
 * kill_at SECONDS SIGNAL COMMAND... - runs a command, sends it the signal after that time unless it has
 * ended, and ends as a shell tells of it: with its exit status, or 128 + the signal that ended it.
 *
 * A shell's own background jobs would ignore SIGINT, and could only be killed between two of its commands.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Until it ends or the time has passed. */
static int has_ended(pid_t pid, double seconds, int *status)
{
    const struct timespec tick = {.tv_nsec = 1000000};
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (;;) {
        if (waitpid(pid, status, WNOHANG) == pid) return 1;
        clock_gettime(CLOCK_MONOTONIC, &now);
        double passed = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
        if (passed >= seconds) return 0;
        nanosleep(&tick, NULL);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4) return 2;
    double seconds = strtod(argv[1], NULL);
    int number = (int)strtol(argv[2], NULL, 10), status = 0;
    signal(SIGINT, SIG_DFL);
    pid_t pid = fork();
    if (pid < 0) return 2;
    if (pid == 0) {
        execvp(argv[3], argv + 3);
        _exit(127);
    }
    if (!has_ended(pid, seconds, &status)) {
        kill(pid, number);
        waitpid(pid, &status, 0);
    }
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
