#include "cli/render.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/progress.h"
#include "core/alloc.h"
#include "core/strbuf.h"
#include "io/outfile.h"

/* The workers at work, where a signal handler finds them. */
static struct {
    volatile sig_atomic_t nr;
    pid_t *pids;  /* 0: has ended, or is not one of ours */
    int listener; /* they stop when its other end is gone */
} at_work;

/* What a worker tells its parent, in one atomic write: code SB_OK is one finished job. */
struct message {
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

static bool render_one(const struct sb_render_job *job, struct sb_outbatch *batch, struct sb_err *err)
{
    struct sb_strbuf bytes = SB_STRBUF_INIT;
    bool ok = sb_chart_render(job->chart, job->format, &job->options, &bytes, err) &&
              sb_outbatch_write(batch, job->path, bytes.buf, bytes.len, err);
    sb_strbuf_release(&bytes);
    return ok;
}

/* A worker takes every workers-th job. It stops when its parent is gone. */
static SB_NORETURN void work(const struct sb_render_job *jobs, size_t nr, unsigned first, unsigned step,
                             int fd, pid_t parent)
{
    struct message message;
    struct sb_outbatch batch = {.nr = 0};
    memset(&message, 0, sizeof message);
    bool ok = sb_plot_init(&message.err);
    for (size_t i = first; ok && i < nr && getppid() == parent; i += step) {
        ok = render_one(&jobs[i], &batch, &message.err);
        if (ok) ok = tell(fd, &(struct message){.err = {.code = SB_OK}});
    }
    if (ok)
        ok = sb_outbatch_commit(&batch, &message.err);
    else
        sb_outbatch_abort(&batch);
    if (!ok && message.err.code != SB_OK) tell(fd, &message);
    _exit(ok ? 0 : 1);
}

static unsigned worker_count(unsigned wanted, size_t jobs)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned nr = wanted ? wanted : processors > 0 ? (unsigned)processors : 1;
    return nr > jobs ? (unsigned)jobs : nr;
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

static bool start_workers(const struct sb_render_job *jobs, size_t nr, pid_t *pids, unsigned workers,
                          const int fds[2], struct sb_err *err)
{
    pid_t parent = getpid();
    sb_plot_settle();
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
            work(jobs, nr, w, workers, fds[1], parent);
        }
        if (forked < 0)
            return sb_fail(err, SB_ERR_INTERNAL, "cannot start a drawing process: %s", strerror(errno));
    }
    return true;
}

void sb_render_stop(void)
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
static bool listen(int fd, size_t nr, bool quiet, struct sb_err *err)
{
    struct sb_progress progress;
    struct message message;
    size_t done = 0;
    bool ok = true;
    sb_progress_start(&progress, "drawing", quiet);
    progress.total = nr;
    for (;;) {
        ssize_t n = read(fd, &message, sizeof message);
        if (n < 0 && errno == EINTR) continue;
        if (n != (ssize_t)sizeof message) break;
        if (message.err.code == SB_OK) {
            sb_progress_step(&progress, ++done, "files");
        } else if (ok) {
            ok = false;
            *err = message.err;
        }
    }
    sb_progress_end(&progress);
    if (ok && done < nr)
        ok = sb_fail(err, SB_ERR_INTERNAL, "a drawing process was lost: %zu of %zu files drawn", done, nr);
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

bool sb_render_jobs(const struct sb_render_job *jobs, size_t nr, unsigned wanted, bool quiet,
                    bool (*meanwhile)(void *context, struct sb_err *err), void *context, struct sb_err *err)
{
    int fds[2];
    unsigned workers = worker_count(wanted, nr);
    if (pipe(fds) != 0) return sb_fail(err, SB_ERR_INTERNAL, "cannot make a pipe: %s", strerror(errno));
    pid_t *pids = sb_xcalloc(workers, sizeof *pids);
    bool ok = start_workers(jobs, nr, pids, workers, fds, err);
    close(fds[1]);
    if (ok && meanwhile) ok = meanwhile(context, err);
    if (!ok)
        for (unsigned w = 0; w < workers; w++)
            if (pids[w] > 0) kill(pids[w], SIGTERM);
    bool heard = listen(fds[0], nr, quiet, ok ? err : &(struct sb_err){.code = SB_OK});
    ok = reap(pids, workers, ok && heard, err);
    close(fds[0]);
    free(pids);
    return ok;
}
