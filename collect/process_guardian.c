#include "collect/process_guardian.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include "core/alloc.h"

#define CLEANUP_DEADLINE 20.0  /* seconds for the cleanup command */
#define STRAGGLER_GRACE  0.5   /* between SIGTERM and SIGKILL for what left the group */
#define GIVE_UP          10.0  /* after SIGKILL: a process that the kernel cannot end now is left */
#define WATCH_TICK       0.040 /* between looks at the size of the output */

struct guardian {
    const struct sb_guardian_job *job;
    pid_t pid;
    int control;
    int feed;
    size_t fed;
    bool orphaned; /* our owner is gone */
    enum sb_process_cause cause;
    double kill_at, give_up_at; /* sb_monotonic(); INFINITY: not yet */
    bool killed;
    bool ended; /* known to have ended; wait_status holds */
    int wait_status;
    double end;
};

/* ---- signals: SIGCHLD wakes poll(); SIGTERM (a system that shuts down) is an order to end ---- */

static int wake_pipe[2] = {-1, -1};
static volatile sig_atomic_t told_to_end;

static void on_signal(int signal)
{
    int saved = errno;
    if (signal == SIGTERM) told_to_end = 1;
    ssize_t n = write(wake_pipe[1], "", 1);
    (void)n; /* full: it will wake anyway */
    errno = saved;
}

static void set_signals(void)
{
    static const int ignored[] = {SIGINT,  SIGHUP,  SIGQUIT, SIGTSTP, SIGTTIN,
                                  SIGTTOU, SIGPIPE, SIGUSR1, SIGUSR2, SIGALRM};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < SB_ARRAY_SIZE(ignored); i++)
        sigaction(ignored[i], &ignore, NULL);
    struct sigaction handle = {.sa_handler = on_signal};
    sigaction(SIGCHLD, &handle, NULL);
    sigaction(SIGTERM, &handle, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* ---- the beginning ---- */

static void use_null(int to)
{
    int fd = open("/dev/null", O_RDWR);
    if (fd < 0 || fd == to) return;
    dup2(fd, to);
    close(fd);
}

static void settle(const struct sb_guardian_job *job)
{
    setsid(); /* no terminal, no signals of it */
    int keep[] = {job->control, job->report, job->exec,  job->input,
                  job->feed,    job->output, job->error, job->held};
    sb_close_others(keep, SB_ARRAY_SIZE(keep), job->highest);
    for (int fd = 0; fd < 3; fd++)
        use_null(fd);
    if (!sb_pipe(wake_pipe)) _exit(70);
    for (int i = 0; i < 2; i++)
        fcntl(wake_pipe[i], F_SETFL, O_NONBLOCK);
    if (job->feed >= 0) fcntl(job->feed, F_SETFL, O_NONBLOCK);
    set_signals();
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1);
#endif
}

static bool send_report(const struct guardian *g, bool ended, int error)
{
    struct sb_guardian_report report;
    memset(&report, 0, sizeof report);
    report.ended = ended;
    report.pid = g->pid;
    report.error = error;
    report.cause = g->cause;
    report.wait_status = g->wait_status;
    report.end = g->end;
    ssize_t n;
    do
        n = write(g->job->report, &report, sizeof report);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof report;
}

/* ---- waiting ---- */

static void begin_end(struct guardian *g, enum sb_process_cause cause, double grace)
{
    if (g->cause == SB_CAUSE_NONE) {
        g->cause = cause;
        if (grace > 0) kill(-g->pid, SIGTERM);
    }
    double at = sb_monotonic() + (grace > 0 ? grace : 0);
    if (at < g->kill_at) g->kill_at = at; /* a second order may only be shorter */
}

static void take_orders(struct guardian *g)
{
    struct sb_guardian_order order;
    ssize_t n = read(g->control, &order, sizeof order);
    if (n < 0) return;
    if (n == (ssize_t)sizeof order) {
        begin_end(g, SB_CAUSE_ASKED, order.grace);
        return;
    }
    sb_fd_close(&g->control);
    g->orphaned = true;
    begin_end(g, SB_CAUSE_ORPHANED, SB_PROCESS_GRACE);
}

static void feed_input(struct guardian *g)
{
    const char *bytes = g->job->spec->input;
    ssize_t n = write(g->feed, bytes + g->fed, g->job->spec->input_len - g->fed);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n > 0) g->fed += (size_t)n;
    bool fed = g->fed == g->job->spec->input_len;
    if (n < 0 || (fed && !g->job->spec->hold_input)) sb_fd_close(&g->feed);
}

/* Sleeps until something happens or until `until`, and takes what came from our owner. */
static void doze(struct guardian *g, double until)
{
    double left = until - sb_monotonic();
    int ms = left <= 0 ? 0 : left > 3600 ? 3600000 : (int)ceil(left * 1000);
    bool hungry = g->fed < g->job->spec->input_len;
    struct pollfd fds[] = {
        {.fd = wake_pipe[0], .events = POLLIN},
        {.fd = g->control, .events = POLLIN}, /* -1 is skipped */
        {.fd = hungry ? g->feed : -1, .events = POLLOUT},
    };
    if (poll(fds, SB_ARRAY_SIZE(fds), ms) > 0) {
        char drain[64];
        while (fds[0].revents && read(wake_pipe[0], drain, sizeof drain) == (ssize_t)sizeof drain) {
        }
        if (fds[1].revents) take_orders(g);
        if (fds[2].revents) feed_input(g);
    }
    if (told_to_end && !g->orphaned) {
        g->orphaned = true; /* everything goes, also what `cleanup` is for */
        begin_end(g, SB_CAUSE_ORPHANED, SB_PROCESS_GRACE);
    }
}

static bool is_flood(const struct sb_guardian_job *job)
{
    struct stat info;
    return job->limit > 0 && fstat(job->output, &info) == 0 && info.st_size > job->limit;
}

/* Looks whether the program has ended, without reaping it: its id, which is the group's, stays taken. Reaps
 * others that came to us. */
static bool look_for_end(struct guardian *g)
{
    for (;;) {
        siginfo_t info;
        memset(&info, 0, sizeof info);
        if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0 && errno == EINTR) continue;
        bool ended = info.si_code == CLD_EXITED || info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED;
        if (info.si_pid == 0 || !ended) return false; /* macOS also tells of those that are only stopped */
        if (info.si_pid == g->pid) break;
        waitpid(info.si_pid, NULL, 0);
    }
    g->end = sb_monotonic();
    return true;
}

static void watch(struct guardian *g)
{
    const struct sb_guardian_job *job = g->job;
    double deadline = job->spec->deadline > 0 ? job->start + job->spec->deadline : INFINITY;
    while (!look_for_end(g)) {
        double now = sb_monotonic();
        if (g->cause == SB_CAUSE_NONE) {
            if (now >= deadline) begin_end(g, SB_CAUSE_DEADLINE, SB_PROCESS_GRACE);
            if (is_flood(job)) begin_end(g, SB_CAUSE_FLOOD, SB_PROCESS_GRACE);
        }
        if (now >= g->kill_at && !g->killed) {
            kill(-g->pid, SIGKILL);
            g->killed = true;
            g->give_up_at = now + GIVE_UP;
        }
        if (now >= g->give_up_at) return;
        double until = g->killed ? g->give_up_at : g->kill_at;
        if (g->cause == SB_CAUSE_NONE && deadline < until) until = deadline;
        if (g->cause == SB_CAUSE_NONE && job->limit > 0 && now + WATCH_TICK < until) until = now + WATCH_TICK;
        doze(g, until);
    }
    g->ended = true;
}

/* ---- what is left of it ---- */

static bool reap_all(void)
{
    pid_t pid;
    while ((pid = waitpid(-1, NULL, WNOHANG)) > 0) {
    }
    return pid < 0; /* no child is left */
}

/* Reaps the program and ends what is left in its group: at once when it ended by itself, else with what is
 * left of the grace. */
static void end_group(struct guardian *g)
{
    if (g->cause == SB_CAUSE_NONE && !g->job->spec->leaves_daemon) kill(-g->pid, SIGKILL);
    while (waitpid(g->pid, &g->wait_status, 0) < 0 && errno == EINTR) {
    }
    while (g->cause != SB_CAUSE_NONE && !g->killed && kill(-g->pid, 0) == 0) {
        double now = sb_monotonic();
        if (now >= g->kill_at) {
            kill(-g->pid, SIGKILL);
            g->killed = true;
        }
        doze(g, fmin(g->kill_at, now + 0.02));
        reap_all();
    }
}

/* Descendants that left the group came to us when their parents ended, where the system does that. */
static void end_stragglers(struct guardian *g)
{
    double start = sb_monotonic(), now = start;
    for (bool told = false; !reap_all() && now < start + GIVE_UP; now = sb_monotonic()) {
        if (!told || now >= start + STRAGGLER_GRACE) sb_signal_children(told ? SIGKILL : SIGTERM);
        told = true;
        doze(g, now + 0.02);
    }
}

static void clean_up(struct guardian *g)
{
    if (!g->job->spec->cleanup) return;
    pid_t pid = sb_guardian_spawn(g->job->spec->cleanup, g->job->env, NULL, -1, -1, -1, -1);
    if (pid < 0) return;
    double deadline = sb_monotonic() + CLEANUP_DEADLINE;
    while (waitpid(pid, NULL, WNOHANG) == 0) {
        if (sb_monotonic() >= deadline + GIVE_UP) return;
        if (sb_monotonic() >= deadline) kill(-pid, SIGKILL);
        doze(g, fmin(deadline, sb_monotonic() + 0.02));
    }
}

SB_NORETURN void sb_guardian_main(const struct sb_guardian_job *job)
{
    settle(job);
    struct guardian g = {
        .job = job, .control = job->control, .feed = job->feed, .kill_at = INFINITY, .give_up_at = INFINITY};
    g.pid = sb_guardian_spawn(job->spec->argv, job->env, job->spec->cwd, job->input, job->output, job->error,
                              job->exec);
    int error = g.pid < 0 ? errno : 0;
    int exec = job->exec, input = job->input;
    sb_fd_close(&exec);
    sb_fd_close(&input);
    if (job->spec->input_len == 0 && !job->spec->hold_input) sb_fd_close(&g.feed);
    send_report(&g, g.pid < 0, error);
    if (g.pid < 0) _exit(70);

    watch(&g);
    if (g.ended)
        end_group(&g);
    else
        g.wait_status = SIGKILL, g.end = sb_monotonic();
    if (g.orphaned) clean_up(&g);
    if (g.cause != SB_CAUSE_NONE || !job->spec->leaves_daemon) end_stragglers(&g);
    bool cleaned = g.orphaned;
    if (!send_report(&g, true, 0) && !cleaned) clean_up(&g); /* our owner went just now */
    _exit(0);
}
