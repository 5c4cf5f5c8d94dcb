#include "cli/workers.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/progress.h"
#include "core/alloc.h"

/* The workers at work, where a signal handler finds them. */
static struct {
    volatile sig_atomic_t nr;
    pid_t *pids;  /* 0: has ended, or is not one of ours */
    int listener; /* they stop when its other end is gone */
} at_work;

/* What a worker tells its parent, in one atomic write: code SB_OK is one finished item. */
struct message {
    size_t item, answer;
    struct sb_err err;
};

static bool tell(int fd, const struct message *message)
{
    ssize_t n;
    do
        n = write(fd, message, sizeof *message);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)sizeof *message;
}

/* A worker takes every step-th item. It stops when its parent is gone. */
static SB_NORETURN void do_share(const struct sb_workers *work, unsigned first, unsigned step, int fd,
                                 pid_t parent)
{
    struct message message;
    bool ok = true;
    memset(&message, 0, sizeof message);
    for (size_t i = first; ok && i < work->nr && getppid() == parent; i += step) {
        message.item = i;
        message.answer = 0;
        ok = work->one(work->context, i, &message.answer, &message.err);
        if (ok) ok = tell(fd, &message);
    }
    if (work->end) ok = work->end(work->context, ok, &message.err) && ok;
    if (!ok && message.err.code != SB_OK) tell(fd, &message);
    _exit(ok ? 0 : 1);
}

static unsigned worker_count(const struct sb_workers *work)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned nr = work->wanted ? work->wanted : processors > 0 ? (unsigned)processors : 1;
    return nr > work->nr ? (unsigned)work->nr : nr;
}

/* fork() whose child is known to the signal handler at once, and which knows no siblings itself. */
static pid_t fork_worker(pid_t *pid)
{
    sigset_t all, before;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    pid_t forked = fork();
    int problem = errno;
    if (forked == 0)
        at_work.nr = 0;
    else if (forked > 0)
        *pid = forked;
    sigprocmask(SIG_SETMASK, &before, NULL);
    errno = problem;
    return forked;
}

static bool start(const struct sb_workers *work, pid_t *pids, unsigned workers, const int fds[2],
                  struct sb_err *err)
{
    pid_t parent = getpid();
    fflush(stdout);
    fflush(stderr);
    at_work.pids = pids;
    at_work.listener = fds[0];
    atomic_signal_fence(memory_order_release); /* the handler reads nr first */
    at_work.nr = (sig_atomic_t)workers;
    for (unsigned w = 0; w < workers; w++) {
        pid_t forked = fork_worker(&pids[w]);
        if (forked == 0) {
            close(fds[0]);
            do_share(work, w, workers, fds[1], parent);
        }
        if (forked < 0)
            return sb_fail(err, SB_ERR_INTERNAL, "cannot start a drawing process: %s", strerror(errno));
    }
    return true;
}

void sb_workers_stop(void)
{
    if (!at_work.nr) return;
    close(at_work.listener); /* for those that ignore SIGTERM */
    for (int w = 0; w < at_work.nr; w++)
        if (at_work.pids[w] > 0 && kill(at_work.pids[w], SIGTERM) == 0) kill(at_work.pids[w], SIGCONT);
    for (int w = 0; w < at_work.nr; w++)
        while (at_work.pids[w] > 0 && waitpid(at_work.pids[w], NULL, 0) < 0 && errno == EINTR)
            continue;
}

/* Reads the workers' messages until the last one has closed its end. */
static bool listen(const struct sb_workers *work, int fd, struct sb_err *err)
{
    struct sb_progress progress;
    struct message message;
    size_t done = 0;
    bool ok = true;
    sb_progress_start(&progress, work->what, work->quiet);
    progress.total = work->nr;
    for (;;) {
        ssize_t n = read(fd, &message, sizeof message);
        if (n < 0 && errno == EINTR) continue;
        if (n != (ssize_t)sizeof message) break;
        if (message.err.code == SB_OK && message.item < work->nr) {
            if (work->answers) work->answers[message.item] = message.answer;
            sb_progress_step(&progress, ++done, work->unit);
        } else if (ok) {
            ok = false;
            *err = message.err;
        }
    }
    sb_progress_end(&progress);
    if (ok && done < work->nr)
        ok = sb_fail(err, SB_ERR_INTERNAL, "a drawing process was lost: %s %zu of %zu %s", work->what, done,
                     work->nr, work->unit);
    return ok;
}

static bool worker_ended(pid_t worker, struct sb_err *err)
{
    int status;
    if (waitpid(worker, &status, 0) < 0)
        return sb_fail(err, SB_ERR_INTERNAL, "a drawing process was lost: %s", strerror(errno));
    if (WIFSIGNALED(status))
        return sb_fail(err, SB_ERR_INTERNAL, "a drawing process was killed by signal %d", WTERMSIG(status));
    if (WEXITSTATUS(status))
        return sb_fail(err, SB_ERR_INTERNAL, "a drawing process ended with status %d", WEXITSTATUS(status));
    return true;
}

/* After listen(), so that they are ending: no signal comes in between, whose handler would end processes that
 * have got a worker's number meanwhile. */
static bool reap(pid_t *pids, unsigned workers, bool ok, struct sb_err *err)
{
    sigset_t all, before;
    struct sb_err why;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &before);
    for (unsigned w = 0; w < workers; w++) {
        if (!pids[w]) continue;
        if (!worker_ended(pids[w], &why) && ok) {
            *err = why;
            ok = false;
        }
    }
    at_work.nr = 0;
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ok;
}

bool sb_workers_run(const struct sb_workers *work, struct sb_err *err)
{
    int fds[2];
    unsigned workers = worker_count(work);
    if (pipe(fds) != 0) return sb_fail(err, SB_ERR_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    pid_t *pids = sb_xcalloc(workers, sizeof *pids);
    bool ok = start(work, pids, workers, fds, err);
    close(fds[1]);
    if (ok && work->meanwhile) ok = work->meanwhile(work->context, err);
    if (!ok)
        for (unsigned w = 0; w < workers; w++)
            if (pids[w] > 0) kill(pids[w], SIGTERM);
    bool heard = listen(work, fds[0], ok ? err : &(struct sb_err){.code = SB_OK});
    ok = reap(pids, workers, ok && heard, err);
    close(fds[0]);
    free(pids);
    return ok;
}
