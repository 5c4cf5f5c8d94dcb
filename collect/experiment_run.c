/* One run: its steps, its log, its record. */
#include "collect/experiment_state.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "collect/plan_words.h"
#include "core/alloc.h"
#include "io/outfile.h"

/* A run while it is made. */
struct making {
    struct sb_experiment *e;
    const struct sb_boot_now *now;
    const struct sb_planned_run *run;
    const char *log, *part;
    struct sb_run_record record;
    struct sb_exec_result result; /* of the last exec */
    const char *step;             /* of the last exec */
    double deadline;              /* of the last exec, in seconds */
    double start;
    struct sb_machine_load load; /* before it */
    struct sb_err *err;
};

static const char *utc_now(struct sb_arena *arena)
{
    struct timespec now;
    struct tm utc;
    char text[32] = "";
    clock_gettime(CLOCK_REALTIME, &now);
    if (!gmtime_r(&now.tv_sec, &utc) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc)) return NULL;
    return sb_arena_printf(arena, "%s.%03dZ", text, (int)(now.tv_nsec / 1000000));
}

struct sb_run_record sb_record_begin(struct sb_experiment *e, const struct sb_planned_boot *boot,
                                     const struct sb_planned_run *run, unsigned attempt)
{
    struct sb_run_record record = {.log = run->log,
                                   .platform = boot->platform->name,
                                   .config = boot->config->name,
                                   .test = run->test->name,
                                   .host = e->manifest.host.name,
                                   .boot = boot->boot,
                                   .repetition = run->repetition,
                                   .attempt = attempt,
                                   .order = e->journal.next_order,
                                   .started = utc_now(&e->arena),
                                   .load = {NAN, NAN, NAN},
                                   .ready = NAN,
                                   .wall = NAN,
                                   .steal = NAN};
    return record;
}

/* ---- the log ---- */

static bool cannot_write(const struct making *m, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", m->part, strerror(errno));
}

static bool append(const struct making *m, const char *bytes, size_t len, struct sb_err *err)
{
    int fd = open(m->part, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    bool ok = fd >= 0;
    while (ok && len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR) continue;
        ok = n >= 0;
        if (ok) bytes += n, len -= (size_t)n;
    }
    if (!ok) cannot_write(m, err);
    if (fd >= 0) close(fd);
    return ok;
}

/* The command, as it would be typed: it parts the steps' outputs, and parsers read the options from it. */
static bool add_command(const struct making *m, const char *const *argv, struct sb_err *err)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    sb_strbuf_addc(&line, '$');
    for (; *argv; argv++) {
        sb_strbuf_addc(&line, ' ');
        sb_word_quote(&line, *argv);
    }
    sb_strbuf_addc(&line, '\n');
    bool ok = append(m, line.buf, line.len, err);
    sb_strbuf_release(&line);
    return ok;
}

/* A step whose output did not fit on the disk does not say so: see whether more would have fitted. */
static bool log_is_whole(const struct making *m, struct sb_err *err)
{
    static const char probe[4096];
    struct stat st;
    int fd = open(m->part, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    bool ok = fd >= 0 && fstat(fd, &st) == 0;
    if (ok) {
        ssize_t n = write(fd, probe, sizeof probe);
        if (n >= 0 && n < (ssize_t)sizeof probe) errno = ENOSPC;
        ok = n == (ssize_t)sizeof probe && fsync(fd) == 0;
        int problem = errno;
        ok = ftruncate(fd, st.st_size) == 0 && ok;
        errno = problem;
    }
    if (!ok) cannot_write(m, err);
    if (fd >= 0) close(fd);
    return ok;
}

static bool begin_log(struct making *m)
{
    char *folder = sb_xstrndup(m->log, (size_t)(strrchr(m->log, '/') - m->log));
    bool ok = sb_make_dirs(folder, m->err);
    free(folder);
    if (!ok) return false;
    if (unlink(m->part) == 0 || errno == ENOENT) return true;
    return cannot_write(m, m->err);
}

/* From the journal's line on the run is made; the rename can be completed later. */
static bool end_log(struct making *m)
{
    int fd = open(m->part, O_WRONLY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (!ok) cannot_write(m, m->err);
    if (fd >= 0) close(fd);
    if (!ok || !sb_sync_folder_of(m->part) || !sb_journal_append(&m->e->journal, &m->record, m->err))
        return false;
    if (rename(m->part, m->log) == 0 && sb_sync_folder_of(m->log)) return true;
    return cannot_write(m, m->err);
}

/* ---- steps ---- */

enum step_end { STEP_OK, STEP_BAD, STEP_BROKE, STEP_STOPPED, STEP_FATAL };

static enum step_end end_of(const struct sb_exec_result *result)
{
    if (result->outcome == SB_EXEC_STOPPED) return STEP_STOPPED;
    if (result->outcome != SB_EXEC_ENDED) return STEP_BROKE;
    return result->status == 0 ? STEP_OK : STEP_BAD;
}

/* The first bad step is the run's reason. */
static void note_step(struct making *m)
{
    struct sb_run_record *r = &m->record;
    r->steps[r->steps_nr] = m->step;
    r->exit_codes[r->steps_nr++] = m->result.status;
    if (m->result.status == 0 || r->status == SB_RUN_FAILED) return;
    r->status = SB_RUN_FAILED;
    const char *reason = sb_public_text(m->e, m->now->spec->scratch, m->result.reason);
    r->reason = sb_arena_printf(&m->e->arena, "sysbench %s%s%s", m->step, *reason ? ": " : "", reason);
}

static enum step_end make_step(struct making *m, const char *step)
{
    const char *const *argv = sb_plan_argv(m->run->test, m->now->planned->config, step, &m->e->arena);
    const struct sb_exec exec = {.argv = argv, .output = m->part, .deadline = m->run->test->timeout};
    m->step = step;
    m->deadline = exec.deadline;
    if (!add_command(m, argv, m->err)) return STEP_FATAL;
    m->now->driver->exec(m->now->target, &exec, &m->result);
    m->result.reason[sizeof m->result.reason - 1] = '\0';
    if (!log_is_whole(m, m->err)) return STEP_FATAL;
    enum step_end end = end_of(&m->result);
    if (end <= STEP_BAD) note_step(m);
    return end;
}

static enum step_end caches_broke(struct making *m, const struct sb_cache_watch *watch)
{
    m->deadline = watch->deadline;
    return end_of(&m->result);
}

static enum step_end drop_caches(struct making *m, struct sb_cache_watch *watch)
{
    enum sb_cache_verdict verdict = SB_CACHES_NOT_DROPPED;
    m->step = "drop of the caches";
    if (m->e->plan->drop_caches && !sb_caches_drop(m->e, m->now, watch, &verdict, &m->result))
        return caches_broke(m, watch);
    m->record.caches = sb_cache_words(verdict);
    return STEP_OK;
}

/* Cleaning up belongs to it whatever happened before, as long as the target answers. */
static enum step_end make_prepared(struct making *m)
{
    struct sb_cache_watch watch = {.host_before = NAN, .target_before = NAN};
    m->step = "look at the caches";
    if (m->e->plan->drop_caches && !sb_caches_before(m->now, &watch, &m->result))
        return caches_broke(m, &watch);
    enum step_end end = make_step(m, "prepare");
    if (end == STEP_OK) end = drop_caches(m, &watch);
    if (end == STEP_OK) end = make_step(m, "run");
    if (end > STEP_BAD) return end;
    return make_step(m, "cleanup");
}

static enum step_end make_steps(struct making *m)
{
    return m->run->test->prepares ? make_prepared(m) : make_step(m, "run");
}

/* ---- the end ---- */

static void begin_measuring(struct making *m)
{
    sb_load_where_it_runs(m->now, &m->load);
    memcpy(m->record.load, m->load.averages, sizeof m->record.load);
    m->start = sb_monotonic();
}

/* A target that broke is not asked again. */
static void end_measuring(struct making *m, bool broke)
{
    struct sb_machine_load after;
    m->record.wall = sb_monotonic() - m->start;
    m->record.ready = m->now->ready;
    if (broke && m->now->driver->remote) return;
    sb_load_where_it_runs(m->now, &after);
    double steal = after.steal - m->load.steal;
    m->record.steal = isnan(steal) ? NAN : fmax(0, steal);
}

static enum sb_run_end record_made(struct making *m)
{
    struct sb_experiment *e = m->e;
    struct sb_run_standing *standing = &e->standings[m->run->order];
    if (!end_log(m)) return SB_RUN_FATAL;
    bool failed = m->record.status == SB_RUN_FAILED;
    standing->state = failed ? SB_STATE_FAILED : SB_STATE_DONE;
    standing->record = e->journal.nr - 1;
    *(failed ? &e->summary->failed : &e->summary->done) += 1;
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; failed && i < m->record.steps_nr && !text.len; i++)
        if (m->record.exit_codes[i]) sb_strbuf_addf(&text, "exit status %d: ", m->record.exit_codes[i]);
    if (failed) sb_strbuf_adds(&text, m->record.reason);
    sb_tell(e, SB_COLLECT_RUN_DONE, m->now->planned, m->run, failed ? text.buf : NULL);
    sb_strbuf_release(&text);
    return SB_RUN_RECORDED;
}

static const char *attempt_name(const struct making *m)
{
    char *name = sb_arena_printf(&m->e->arena, "%s.%u", m->run->log, m->record.attempt);
    for (char *at = name; *at; at++)
        if (*at == '/') *at = '_';
    return name;
}

static enum sb_run_end record_lost(struct making *m)
{
    static const char *const words[] = {[SB_EXEC_TIMEOUT] = "timed out",
                                        [SB_EXEC_LOST] = "lost",
                                        [SB_EXEC_FLOOD] = "more output than 64 MiB"};
    const char *reason = sb_public_text(m->e, m->now->spec->scratch, m->result.reason);
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_addf(&text, "%s: %s", m->step, words[m->result.outcome]);
    if (m->result.outcome == SB_EXEC_TIMEOUT) sb_strbuf_addf(&text, " after %.0f s", m->deadline);
    if (*reason) sb_strbuf_addf(&text, ": %s", reason);
    m->record.status = SB_RUN_LOST;
    m->record.reason = sb_arena_strdup(&m->e->arena, text.buf);
    sb_strbuf_release(&text);
    sb_keep_attempt(m->e, m->part, attempt_name(m));
    m->e->standings[m->run->order].lost++;
    if (!sb_journal_append(&m->e->journal, &m->record, m->err)) return SB_RUN_FATAL;
    sb_warn(m->e, m->now->planned, m->run, "%s", m->record.reason);
    return SB_RUN_BROKE;
}

enum sb_run_end sb_experiment_run(struct sb_experiment *e, const struct sb_boot_now *now,
                                  const struct sb_planned_run *run, struct sb_err *err)
{
    struct making m = {.e = e, .now = now, .run = run, .log = sb_folder_path(e, run->log), .err = err};
    m.part = sb_arena_printf(&e->arena, "%s.part", m.log);
    if (!begin_log(&m)) return SB_RUN_FATAL;
    sb_tell(e, SB_COLLECT_RUNNING, now->planned, run, NULL);
    m.record = sb_record_begin(e, now->planned, run, now->spec->attempt);
    begin_measuring(&m);
    enum step_end end = make_steps(&m);
    end_measuring(&m, end > STEP_BAD);
    switch (end) {
    case STEP_OK:
    case STEP_BAD: return record_made(&m);
    case STEP_BROKE: return record_lost(&m);
    case STEP_STOPPED: unlink(m.part); return SB_RUN_STOPPED;
    case STEP_FATAL: break;
    }
    unlink(m.part);
    return SB_RUN_FATAL;
}
