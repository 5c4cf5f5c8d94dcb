/*
 * One sbstat at a time in an experiment's folder, and no successor at work beside programs of one that was
 * killed.
 *
 * The first is a record lock of .lock: the system takes it away with the process that holds it, whatever way
 * that ends, and children do not inherit it. The second is a lock of the folder itself (flock), which
 * children do inherit: the guardians of our programs keep it until those have ended.
 */
#include "collect/experiment_state.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include "collect/process.h"

/* Longer than a guardian needs: grace, cleanup, giving up (process_guardian.c). */
#define LONGEST_WAIT 45.0
#define LOOK_AGAIN                                                                                           \
    (struct timespec)                                                                                        \
    {                                                                                                        \
        0, 50000000                                                                                          \
    }

static bool lock_file(struct sb_experiment *e, struct sb_err *err)
{
    const char *path = sb_folder_path(e, ".lock");
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    e->lock = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    e->lock_is_new = e->lock >= 0;
    if (e->lock < 0 && errno == EEXIST) e->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    if (e->lock < 0)
        return sb_fail(err, SB_ERR_OUTPUT, "cannot write into %s: %s", e->options->folder, strerror(errno));
    if (fcntl(e->lock, F_SETLK, &lock) == 0) return true;
    if (errno != EACCES && errno != EAGAIN)
        return sb_fail(err, SB_ERR_OUTPUT, "cannot lock %s: %s", path, strerror(errno));
    if (fcntl(e->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK && lock.l_pid > 0)
        return sb_fail(
            err, SB_ERR_OUTPUT,
            "another sbstat (process %ld) is collecting into %s; wait for it, end it, or name another "
            "folder",
            (long)lock.l_pid, e->options->folder);
    return sb_fail(err, SB_ERR_OUTPUT, "another sbstat is collecting into %s", e->options->folder);
}

/* A file system that has no such locks is no reason to stop: then nothing is known of programs that still
 * end. */
static bool is_held(int folder)
{
    return flock(folder, LOCK_EX | LOCK_NB) != 0 && (errno == EWOULDBLOCK || errno == EINTR);
}

static bool wait_for_programs(struct sb_experiment *e, struct sb_err *err)
{
    double until = sb_monotonic() + LONGEST_WAIT;
    for (bool told = false; is_held(e->folder_fd); told = true) {
        if (!told)
            sb_warn(e, NULL, NULL,
                    "waiting for programs of the sbstat that was killed here: they are being ended");
        if (sb_wants_stop(e))
            return sb_fail(err, SB_ERR_STEP,
                           "stopped while programs of an sbstat that was killed were being ended");
        if (sb_monotonic() > until)
            return sb_fail(err, SB_ERR_OUTPUT,
                           "programs of an sbstat that was killed are still at work for %s; end them, or "
                           "name another folder",
                           e->options->folder);
        nanosleep(&LOOK_AGAIN, NULL);
    }
    return true;
}

bool sb_folder_lock(struct sb_experiment *e, struct sb_err *err)
{
    if (!lock_file(e, err)) return false;
    int folder = open(e->options->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    e->folder_fd = folder < 0 ? -1 : fcntl(folder, F_DUPFD_CLOEXEC, 3);
    int problem = errno;
    if (folder >= 0) close(folder);
    if (e->folder_fd < 0)
        return sb_fail(err, SB_ERR_OUTPUT, "cannot open %s: %s", e->options->folder, strerror(problem));
    if (!wait_for_programs(e, err)) return false;
    sb_process_hold(e->folder_fd);
    return true;
}

void sb_folder_unlock(struct sb_experiment *e)
{
    if (e->lock_is_new) unlink(sb_folder_path(e, ".lock"));
    sb_process_hold(-1);
    if (e->folder_fd >= 0) close(e->folder_fd);
    if (e->lock >= 0) close(e->lock);
    e->lock = e->folder_fd = -1;
}
