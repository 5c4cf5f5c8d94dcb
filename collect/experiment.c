#include "collect/experiment.h"

#include <errno.h>
#include <unistd.h>
#include "collect/experiment_state.h"
#include "core/alloc.h"

/* ---- the manifest ---- */

static int by_order(const void *a, const void *b)
{
    const struct sb_run_record *one = *(const struct sb_run_record *const *)a,
                               *other = *(const struct sb_run_record *const *)b;
    return (one->order > other->order) - (one->order < other->order);
}

/* The records that stand, as they were made. */
static bool write_manifest(struct sb_experiment *e, struct sb_err *err)
{
    const struct sb_run_record **runs = sb_xcalloc(e->schedule.runs_nr + 1, sizeof *runs);
    size_t nr = 0;
    for (size_t i = 0; i < e->schedule.runs_nr; i++)
        if (e->standings[i].state != SB_STATE_PENDING) runs[nr++] = &e->journal.v[e->standings[i].record];
    if (nr) qsort(runs, nr, sizeof *runs, by_order);
    bool ok = sb_manifest_write(&e->manifest, runs, nr, err);
    free(runs);
    return ok;
}

/* A manifest that cannot be read is made anew: the journal is the truth of the runs. */
static void load_manifest(struct sb_experiment *e)
{
    struct sb_err why = {.code = SB_OK};
    if (!sb_manifest_writer_load(&e->manifest, &why))
        sb_warn(e, NULL, NULL, "%s; the manifest is made anew", why.msg);
}

static void tell_host_changes(struct sb_experiment *e)
{
    struct sb_strbuf changes = SB_STRBUF_INIT;
    sb_manifest_host_changes(&e->manifest, &changes);
    if (changes.len) sb_warn(e, NULL, NULL, "this host is not as it was: %s", changes.buf);
    sb_strbuf_release(&changes);
}

/* ---- the whole ---- */

static bool begin(struct sb_experiment *e, struct sb_err *err)
{
    sb_schedule_make(&e->schedule, e->plan);
    if (!sb_folder_open(e, err) || !sb_journal_open(&e->journal, sb_folder_path(e, "journal.jsonl"), err))
        return false;
    e->standings = sb_arena_calloc(&e->arena, e->schedule.runs_nr + 1, sizeof *e->standings);
    e->summary->planned = e->schedule.runs_nr;
    return sb_experiment_resume(e, err);
}

static bool all_made(const struct sb_experiment *e)
{
    return e->summary->done + e->summary->failed == e->schedule.runs_nr;
}

static bool make_boots(struct sb_experiment *e, struct sb_err *err)
{
    for (size_t i = 0; i < e->schedule.boots_nr && !e->summary->stopped; i++) {
        if (sb_wants_stop(e)) {
            e->summary->stopped = true;
            break;
        }
        enum sb_boot_end end = sb_experiment_boot(e, &e->schedule.boots[i], err);
        e->summary->stopped = end == SB_BOOT_STOPPED;
        if (end == SB_BOOT_FATAL || !write_manifest(e, err)) return false;
    }
    return true;
}

static bool go(struct sb_experiment *e, struct sb_err *err)
{
    struct sb_err other = {.code = SB_OK};
    load_manifest(e);
    sb_tell(e, SB_COLLECT_STARTED, NULL, NULL, NULL);
    if (e->options->resume && !e->journal.nr)
        sb_warn(e, NULL, NULL, "%s has no run of this experiment yet: it begins", e->options->folder);
    if (all_made(e)) {
        sb_experiment_tidy(e);
        e->manifest.host_stands = true;
        return write_manifest(e, err);
    }
    if (!sb_experiment_check(e, err)) return false;
    tell_host_changes(e);
    sb_warn_of_memory_storage(e);
    bool ok = make_boots(e, err);
    return write_manifest(e, ok ? err : &other) && ok;
}

static void release(struct sb_experiment *e)
{
    sb_manifest_writer_release(&e->manifest);
    sb_journal_close(&e->journal);
    sb_schedule_free(&e->schedule);
    sb_folder_close(e);
    free(e->paces);
    free(e->caches_told);
    sb_arena_free(&e->arena);
}

bool sb_collect_run(const struct sb_plan *plan, const struct sb_collect_options *options,
                    struct sb_collect_summary *summary, struct sb_err *err)
{
    struct sb_experiment e = {.plan = plan,
                              .options = options,
                              .summary = summary,
                              .lock = -1,
                              .folder_fd = -1,
                              .journal = {.fd = -1}};
    *summary = (struct sb_collect_summary){.planned = 0};
    sb_arena_init(&e.arena);
    e.paces = sb_xcalloc(plan->platforms_nr + 1, sizeof *e.paces);
    e.caches_told = sb_xcalloc(plan->platforms_nr + 1, sizeof *e.caches_told);
    sb_manifest_writer_init(&e.manifest, sb_folder_path(&e, "manifest.json"), plan, options->version);
    sb_host_facts_read(&e.manifest.host, ".", &e.manifest.arena);
    bool ok = begin(&e, err) && go(&e, err);
    summary->begun = e.journal.nr > 0;
    summary->missing = summary->planned - summary->done - summary->failed;
    if (ok) sb_tell(&e, SB_COLLECT_FINISHED, NULL, NULL, NULL);
    release(&e);
    return ok;
}
