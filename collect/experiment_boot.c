/* One boot: started as often as it takes, its runs in order, and stopped. */
#include "collect/experiment_state.h"

#include <math.h>
#include <unistd.h>
#include "collect/host_load.h"
#include "collect/image_tree.h"
#include "collect/scratch.h"
#include "core/alloc.h"
#include "core/text.h"

enum { BARREN_LIMIT = 3 };

enum attempt_end { ATTEMPT_DONE, ATTEMPT_BROKE, ATTEMPT_STOPPED, ATTEMPT_FATAL };

struct attempt {
    struct sb_experiment *e;
    const struct sb_planned_boot *boot;
    struct sb_boot_spec spec;
    struct sb_boot_facts facts;
    size_t made; /* runs */
    struct sb_err *err, why;
};

/* ---- what is kept of it ---- */

/* Attempts count over all starts of sbstat: each lost run of this boot had one. */
static unsigned attempts_before(const struct sb_experiment *e, const struct sb_planned_boot *boot)
{
    unsigned next = 0;
    for (size_t i = 0; i < e->journal.nr; i++) {
        const struct sb_run_record *r = &e->journal.v[i];
        if (r->status == SB_RUN_LOST && r->boot == boot->boot &&
            strcmp(r->platform, boot->platform->name) == 0 && strcmp(r->config, boot->config->name) == 0 &&
            r->attempt >= next)
            next = r->attempt + 1;
    }
    return next;
}

static void keep_console(struct attempt *a)
{
    sb_keep_attempt(a->e, a->spec.console,
                    sb_arena_printf(&a->e->arena, "%s_%s_b%u.%u.console", a->boot->platform->name,
                                    a->boot->config->name, a->boot->boot, a->spec.attempt));
}

static struct sb_boot_facts public_facts(struct attempt *a)
{
    struct sb_boot_facts facts = a->facts;
    struct sb_arena *arena = &a->e->arena;
    size_t nr = 0;
    while (facts.argv && facts.argv[nr])
        nr++;
    const char **argv = sb_arena_calloc(arena, nr + 1, sizeof *argv);
    for (size_t i = 0; i < nr; i++)
        argv[i] = sb_public_text(a->e, a->spec.scratch, facts.argv[i]);
    if (facts.argv) facts.argv = argv;
    facts.image = sb_public_text(a->e, a->spec.scratch, facts.image);
    facts.doubt = sb_public_text(a->e, a->spec.scratch, facts.doubt);
    return facts;
}

static void note_facts(struct attempt *a)
{
    struct sb_strbuf changed = SB_STRBUF_INIT;
    struct sb_boot_facts facts = public_facts(a);
    bool first = sb_manifest_note_boot(&a->e->manifest, a->boot->platform, a->boot->config, &facts, &changed);
    if (first && facts.doubt) sb_warn(a->e, a->boot, NULL, "%s", facts.doubt);
    if (changed.len) sb_warn(a->e, a->boot, NULL, "other than in the boot before: %s", changed.buf);
    sb_strbuf_release(&changed);
}

/* A boot that never answered: the first of its runs is lost. */
static enum attempt_end record_no_start(struct attempt *a, const struct sb_planned_run *run)
{
    struct sb_experiment *e = a->e;
    struct sb_run_record record = sb_record_begin(e, a->boot, run, a->spec.attempt);
    const char *why = sb_public_text(e, a->spec.scratch, a->why.msg);
    if (!a->boot->platform->driver->remote) sb_load_averages(record.load);
    record.status = SB_RUN_LOST;
    record.reason = sb_arena_printf(&e->arena, "start: %.400s", why);
    if (!sb_journal_append(&e->journal, &record, a->err)) return ATTEMPT_FATAL;
    sb_warn(e, a->boot, NULL, "did not start: %s", why);
    return ATTEMPT_BROKE;
}

/* A disk of ours that is full, or cannot be written, when a guest's disk is copied: trying again would not
 * help, and is no matter of the platform's. */
static enum attempt_end no_room(struct attempt *a)
{
    sb_fail(a->err, SB_ERR_OUTPUT, "%s %s, boot %u: %s", a->boot->platform->name, a->boot->config->name,
            a->boot->boot, a->why.msg);
    return ATTEMPT_FATAL;
}

/* ---- start, runs, stop ---- */

static enum attempt_end make_runs(struct attempt *a, const struct sb_boot_now *now,
                                  const struct sb_planned_boot *pending)
{
    for (size_t i = 0; i < pending->runs_nr; i++) {
        if (sb_wants_stop(a->e)) return ATTEMPT_STOPPED;
        switch (sb_experiment_run(a->e, now, &pending->runs[i], a->err)) {
        case SB_RUN_RECORDED: a->made++; break;
        case SB_RUN_BROKE: return ATTEMPT_BROKE;
        case SB_RUN_STOPPED: return ATTEMPT_STOPPED;
        case SB_RUN_FATAL: return ATTEMPT_FATAL;
        }
    }
    return ATTEMPT_DONE;
}

static enum attempt_end run_target(struct attempt *a, struct sb_target *target,
                                   const struct sb_planned_boot *pending)
{
    const struct sb_driver *driver = a->boot->platform->driver;
    const struct sb_boot_now now = {.spec = &a->spec,
                                    .planned = a->boot,
                                    .driver = driver,
                                    .target = target,
                                    .ready = a->facts.ready,
                                    .other_kernel = a->facts.other_kernel};
    note_facts(a);
    enum attempt_end end = make_runs(a, &now, pending);
    enum sb_stop_way way = driver->stop(target, end == ATTEMPT_BROKE);
    if (way == SB_STOP_KILL && end == ATTEMPT_DONE)
        sb_warn(a->e, a->boot, NULL, "had to be killed at its end");
    if (end == ATTEMPT_BROKE) keep_console(a);
    return end;
}

static enum attempt_end start_and_run(struct attempt *a, const struct sb_planned_boot *pending)
{
    double start = sb_monotonic();
    sb_tell(a->e, SB_COLLECT_BOOTING, a->boot, NULL, NULL);
    struct sb_target *target = a->boot->platform->driver->start(&a->spec, &a->facts, &a->why);
    if (!target) {
        if (sb_wants_stop(a->e)) return ATTEMPT_STOPPED;
        keep_console(a);
        return a->why.code == SB_ERR_OUTPUT ? no_room(a) : record_no_start(a, &pending->runs[0]);
    }
    enum attempt_end end = run_target(a, target, pending);
    if (end == ATTEMPT_DONE) sb_pace_add(a->e, pending, sb_monotonic() - start);
    return end;
}

static enum attempt_end make_attempt(struct sb_experiment *e, const struct sb_planned_boot *boot,
                                     unsigned number, size_t *made, struct sb_err *err)
{
    struct sb_arena arena;
    char *scratch = sb_scratch_make(e->scratch_parent, e->scratch_prefix, err);
    if (!scratch) return ATTEMPT_FATAL;
    sb_arena_init(&arena);
    struct attempt a = {
        .e = e,
        .boot = boot,
        .spec = {.plan = e->plan,
                 .platform = boot->platform,
                 .config = boot->config,
                 .boot = boot->boot,
                 .attempt = number,
                 .experiment = e->id,
                 .name = sb_arena_printf(&arena, "sbstat-%s-%zu-%u", e->id,
                                         (size_t)(boot - e->schedule.boots), number),
                 .scratch = scratch,
                 .console = sb_arena_printf(&arena, "%s/console", scratch),
                 .deadline = e->plan->boot_timeout,
                 .stop = e->options->stop},
        .facts = {.arena = &arena, .virtual_bytes = NAN, .allocated_bytes = NAN, .ready = NAN},
        .err = err,
    };
    const struct sb_planned_boot pending = sb_pending_runs(e, boot, &arena);
    enum attempt_end end = start_and_run(&a, &pending);
    *made += a.made;
    if (!sb_remove_folder(scratch, &a.why)) sb_warn(e, boot, NULL, "%s", a.why.msg);
    free(scratch);
    sb_arena_free(&arena);
    return end;
}

/* ---- all attempts ---- */

static bool is_pending(struct sb_experiment *e, const struct sb_planned_boot *boot)
{
    for (size_t i = 0; i < boot->runs_nr; i++)
        if (e->standings[boot->runs[i].order].state == SB_STATE_PENDING) return true;
    return false;
}

/* When nothing works any more, every further boot would only take its timeouts. */
static enum sb_boot_end give_up(struct sb_experiment *e, const struct sb_planned_boot *boot, size_t made,
                                struct sb_err *err)
{
    e->summary->boots_failed++;
    const char *attic = sb_folder_path(e, ".attempts");
    bool kept = access(attic, F_OK) == 0;
    sb_warn(e, boot, NULL, "gave up after %u attempt%s; its other runs are missing%s%s", e->plan->retries + 1,
            e->plan->retries ? "s" : "", kept ? "; see " : "", kept ? attic : "");
    e->barren = made ? 0 : e->barren + 1;
    if (e->barren < BARREN_LIMIT) return SB_BOOT_DONE;
    const struct sb_run_record *last = &e->journal.v[e->journal.nr - 1];
    sb_fail(
        err, SB_ERR_STEP,
        "%d boots in a row gave up without a single run, so the experiment ends here; the last: %s %s, boot "
        "%u: %.400s; consoles and partial logs are in %s/.attempts; --resume tries again",
        BARREN_LIMIT, boot->platform->name, boot->config->name, boot->boot, last->reason ? last->reason : "",
        e->options->folder);
    return SB_BOOT_FATAL;
}

enum sb_boot_end sb_experiment_boot(struct sb_experiment *e, const struct sb_planned_boot *boot,
                                    struct sb_err *err)
{
    size_t made = 0;
    unsigned first = attempts_before(e, boot);
    for (unsigned i = 0; i <= e->plan->retries && is_pending(e, boot); i++) {
        enum attempt_end end = make_attempt(e, boot, first + i, &made, err);
        if (end == ATTEMPT_STOPPED) return SB_BOOT_STOPPED;
        if (end == ATTEMPT_FATAL) return SB_BOOT_FATAL;
    }
    if (is_pending(e, boot)) return give_up(e, boot, made, err);
    e->barren = 0;
    return SB_BOOT_DONE;
}
