#include "collect/process.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "collect/process_guardian.h"
#include "core/alloc.h"

#define DEFAULT_LIMIT (64L * 1024 * 1024)
#define MAX_INPUT     (64 * 1024)
#define STOP_TICK     0.040 /* seconds between looks at `stop` */
#define OVERDUE       35.0  /* after deadline or order and grace, a guardian that says nothing is stuck */

extern char **environ;

static int held = -1; /* sb_process_hold() */

struct sb_process {
    pid_t pid, guardian;
    int control, report;
    int output; /* cut back after a flood; -1: none */
    off_t limit;
    double start, overdue; /* sb_monotonic() */
    double deadline;       /* seconds; 0: none */
    bool asked;
    const volatile sig_atomic_t *stop;
    bool done;
    struct sb_process_result result; /* when done */
};

void sb_process_hold(int fd)
{
    held = fd;
}

double sb_monotonic(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* ---- starting ---- */

static bool overrides(const char *const *additions, const char *entry)
{
    size_t name = strcspn(entry, "=");
    for (; additions && *additions; additions++)
        if (strncmp(*additions, entry, name + 1) == 0) return true;
    return false;
}

/* Ours with the additions; the array is the caller's, the strings are not. */
static char **make_env(const char *const *additions)
{
    size_t nr = 0, alloc = 0;
    char **env = NULL;
    for (char **entry = environ; entry && *entry; entry++) {
        if (overrides(additions, *entry)) continue;
        SB_ALLOC_GROW(env, nr + 1, alloc);
        env[nr++] = *entry;
    }
    for (; additions && *additions; additions++) {
        SB_ALLOC_GROW(env, nr + 1, alloc);
        env[nr++] = (char *)(uintptr_t)*additions;
    }
    SB_ALLOC_GROW(env, nr + 1, alloc);
    env[nr] = NULL;
    return env;
}

static pid_t fork_guardian(const struct sb_guardian_job *job)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before); /* our handlers must not run in the fork */
    pid_t pid = fork();
    if (pid == 0) sb_guardian_main(job);
    int saved = errno;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = saved;
    return pid;
}

static void reap_guardian(struct sb_process *p)
{
    while (waitpid(p->guardian, NULL, 0) < 0 && errno == EINTR) {
    }
    p->guardian = 0;
    sb_fd_close(&p->control);
    sb_fd_close(&p->report);
    sb_fd_close(&p->output);
}

static bool cannot_exec(const struct sb_process_spec *spec, const struct sb_exec_failure *why,
                        struct sb_err *err)
{
    const char *name = spec->argv[0];
    if (why->in_cwd)
        return sb_fail(err, SB_ERR_STEP, "cannot run %s in %s: %s", name, spec->cwd, strerror(why->error));
    if (why->error == ENOENT && !strchr(name, '/'))
        return sb_fail(err, SB_ERR_STEP, "cannot run %s: it is not in PATH; install it or extend PATH", name);
    return sb_fail(err, SB_ERR_STEP, "cannot run %s: %s", name, strerror(why->error));
}

/* Reads the guardian's first report and whether the exec succeeded. */
static bool learn_start(struct sb_process *p, const struct sb_process_spec *spec, int exec,
                        struct sb_err *err)
{
    struct sb_guardian_report report;
    struct sb_exec_failure failure;
    const char *name = spec->argv[0];
    bool told = sb_read_whole(p->report, &report, sizeof report);
    if (!told || report.pid < 0) {
        reap_guardian(p);
        return sb_fail(err, SB_ERR_STEP, "cannot start a process for %s: %s", name,
                       told ? strerror(report.error) : "its guardian ended");
    }
    p->pid = report.pid;
    if (!sb_read_whole(exec, &failure, sizeof failure)) return true; /* closed by a successful exec */
    reap_guardian(p);
    return cannot_exec(spec, &failure, err);
}

struct pipes {
    int control[2], report[2], exec[2], input[2];
};

static void close_pipes(struct pipes *pipes)
{
    for (int i = 0; i < 2; i++) {
        sb_fd_close(&pipes->control[i]);
        sb_fd_close(&pipes->report[i]);
        sb_fd_close(&pipes->exec[i]);
        sb_fd_close(&pipes->input[i]);
    }
}

static bool open_pipes(struct pipes *pipes, bool with_input)
{
    *pipes = (struct pipes){{-1, -1}, {-1, -1}, {-1, -1}, {-1, -1}};
    if (sb_pipe(pipes->control) && sb_pipe(pipes->report) && sb_pipe(pipes->exec) &&
        (!with_input || sb_pipe(pipes->input)))
        return true;
    int saved = errno;
    close_pipes(pipes);
    errno = saved;
    return false;
}

static struct sb_process *launch(const struct sb_process_spec *spec, const struct sb_guardian_job *template,
                                 struct pipes *pipes, struct sb_err *err)
{
    struct sb_guardian_job job = *template;
    job.control = pipes->control[0], job.report = pipes->report[1], job.exec = pipes->exec[1];
    job.input = pipes->input[0], job.feed = pipes->input[1];
    job.env = make_env(spec->env);
    job.held = held;
    job.highest = sb_fd_highest();
    pid_t guardian = fork_guardian(&job);
    int error = errno;
    free(job.env);
    if (guardian < 0) {
        sb_fail(err, SB_ERR_STEP, "cannot start a process for %s: %s", spec->argv[0], strerror(error));
        return NULL;
    }
    sb_fd_close(&pipes->control[0]);
    sb_fd_close(&pipes->report[1]);
    sb_fd_close(&pipes->exec[1]);
    struct sb_process *p = sb_xcalloc(1, sizeof *p);
    *p = (struct sb_process){.guardian = guardian,
                             .control = pipes->control[1],
                             .report = pipes->report[0],
                             .output = -1,
                             .limit = job.limit,
                             .start = job.start,
                             .stop = spec->stop,
                             .deadline = spec->deadline > 0 ? spec->deadline : 0};
    p->overdue = p->deadline > 0 ? p->start + p->deadline + SB_PROCESS_GRACE + OVERDUE : INFINITY;
    pipes->control[1] = pipes->report[0] = -1;
    if (learn_start(p, spec, pipes->exec[0], err)) return p;
    free(p);
    return NULL;
}

struct sb_process *sb_process_start_into(const struct sb_process_spec *spec, int output, int error,
                                         off_t limit, struct sb_err *err)
{
    if (!spec->argv || !spec->argv[0] || !spec->argv[0][0] || spec->input_len > MAX_INPUT) {
        sb_fail(err, SB_ERR_INTERNAL, "a program to run without a name, or with more than %d bytes of input",
                MAX_INPUT);
        return NULL;
    }
    struct pipes pipes;
    if (!open_pipes(&pipes, spec->input != NULL)) {
        sb_fail(err, SB_ERR_STEP, "cannot make a pipe for %s: %s", spec->argv[0], strerror(errno));
        return NULL;
    }
    struct sb_guardian_job job = {.spec = spec,
                                  .output = output,
                                  .error = error,
                                  .limit = limit,
                                  .start = sb_monotonic(),
                                  .owner = getpid()};
    struct sb_process *p = launch(spec, &job, &pipes, err);
    close_pipes(&pipes);
    return p;
}

struct sb_process *sb_process_start(const struct sb_process_spec *spec, struct sb_err *err)
{
    if (!spec->output) return sb_process_start_into(spec, -1, -1, 0, err);
    int fd = sb_fd_high(open(spec->output, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
    if (fd < 0) {
        sb_fail(err, SB_ERR_STEP, "cannot write %s, the output of %s: %s", spec->output,
                spec->argv && spec->argv[0] ? spec->argv[0] : "a program", strerror(errno));
        return NULL;
    }
    struct stat info;
    off_t limit = 0;
    if (fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        limit = info.st_size + (spec->output_limit ? (off_t)spec->output_limit : (off_t)DEFAULT_LIMIT);
    struct sb_process *p = sb_process_start_into(spec, fd, fd, limit, err);
    if (p)
        p->output = fd;
    else
        close(fd);
    return p;
}

/* ---- the end ---- */

static void fill_result(struct sb_process *p, const struct sb_guardian_report *report)
{
    static const enum sb_process_outcome by_cause[] = {
        [SB_CAUSE_DEADLINE] = SB_PROCESS_TIMEOUT,
        [SB_CAUSE_FLOOD] = SB_PROCESS_FLOOD,
        [SB_CAUSE_ASKED] = SB_PROCESS_STOPPED,
        [SB_CAUSE_ORPHANED] = SB_PROCESS_SIGNALED,
    };
    int status = report->wait_status;
    bool exited = WIFEXITED(status);
    p->result.status = exited ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    p->result.wall = report->end - p->start;
    p->result.outcome = report->cause != SB_CAUSE_NONE ? by_cause[report->cause]
                        : exited                       ? SB_PROCESS_EXITED
                                                       : SB_PROCESS_SIGNALED;
}

/* Cuts a flood back to the limit, so that the file keeps the promise. */
static void finish(struct sb_process *p, const struct sb_guardian_report *report)
{
    struct stat info;
    if (p->output >= 0 && p->limit > 0 && fstat(p->output, &info) == 0 && info.st_size > p->limit) {
        int ignored = ftruncate(p->output, p->limit);
        (void)ignored;
    }
    fill_result(p, report);
    /* It may have ended between two looks, or so fast that the guardian never saw the flood. */
    if (p->output >= 0 && p->limit > 0 && p->result.outcome <= SB_PROCESS_SIGNALED && info.st_size > p->limit)
        p->result.outcome = SB_PROCESS_FLOOD;
    reap_guardian(p);
    p->done = true;
}

/* Our guardian is gone or stuck: do its work as far as that goes. */
static void finish_without_guardian(struct sb_process *p)
{
    kill(p->guardian, SIGKILL);
    kill(-p->pid, SIGKILL);
    struct sb_guardian_report report = {.ended = true, .pid = p->pid, .wait_status = SIGKILL};
    report.end = sb_monotonic();
    if (p->asked)
        report.cause = SB_CAUSE_ASKED;
    else if (p->deadline > 0 && report.end >= p->start + p->deadline)
        report.cause = SB_CAUSE_DEADLINE;
    finish(p, &report);
}

static void ask_to_end(struct sb_process *p, double grace)
{
    struct sb_guardian_order order = {.grace = grace};
    sigset_t pipe_only, before;
    sigemptyset(&pipe_only);
    sigaddset(&pipe_only, SIGPIPE);
    /* A guardian that has just ended by itself must not end us by SIGPIPE. */
    sigset_t pending_before, pending;
    sigpending(&pending_before);
    sigprocmask(SIG_BLOCK, &pipe_only, &before);
    while (write(p->control, &order, sizeof order) < 0 && errno == EINTR) {
    }
    sigpending(&pending);
    int number;
    if (sigismember(&pending, SIGPIPE) && !sigismember(&pending_before, SIGPIPE))
        sigwait(&pipe_only, &number);
    sigprocmask(SIG_SETMASK, &before, NULL);
    p->asked = true;
    double overdue = sb_monotonic() + fmax(grace, 0) + OVERDUE;
    if (overdue < p->overdue) p->overdue = overdue;
}

/* Waits for a report until `until` at most; true when the process is done. */
static bool take_report(struct sb_process *p, double until)
{
    double left = fmin(until, p->overdue) - sb_monotonic();
    struct pollfd ready = {.fd = p->report, .events = POLLIN};
    int ms = left <= 0 ? 0 : left > 3600 ? 3600000 : (int)ceil(left * 1000);
    if (poll(&ready, 1, ms) > 0) {
        struct sb_guardian_report report;
        if (sb_read_whole(p->report, &report, sizeof report))
            finish(p, &report);
        else
            finish_without_guardian(p);
    } else if (sb_monotonic() >= p->overdue) {
        finish_without_guardian(p);
    }
    return p->done;
}

bool sb_process_wait(struct sb_process *p, double seconds, struct sb_process_result *result)
{
    double until = seconds < 0 ? INFINITY : sb_monotonic() + seconds;
    while (!p->done) {
        if (p->stop && *p->stop && !p->asked) ask_to_end(p, SB_PROCESS_GRACE);
        double now = sb_monotonic();
        bool watch_stop = p->stop && !p->asked;
        if (take_report(p, watch_stop ? fmin(until, now + STOP_TICK) : until)) break;
        if (sb_monotonic() >= until) {
            if (result)
                *result = (struct sb_process_result){SB_PROCESS_RUNNING, 0, sb_monotonic() - p->start};
            return false;
        }
    }
    if (result) *result = p->result;
    return true;
}

void sb_process_end(struct sb_process *p, double grace, struct sb_process_result *result)
{
    if (!p->done) ask_to_end(p, grace);
    while (!p->done)
        take_report(p, INFINITY);
    if (result) *result = p->result;
}

int sb_process_pid(const struct sb_process *p)
{
    return (int)p->pid;
}

void sb_process_free(struct sb_process *p)
{
    if (!p) return;
    sb_process_end(p, SB_PROCESS_GRACE, NULL);
    free(p);
}

bool sb_process_run(const struct sb_process_spec *spec, struct sb_process_result *result, struct sb_err *err)
{
    struct sb_process *p = sb_process_start(spec, err);
    if (!p) return false;
    sb_process_wait(p, -1, result);
    sb_process_free(p);
    return true;
}
