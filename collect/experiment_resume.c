/* Taking up an experiment where it was left. */
#include "collect/experiment_state.h"

#include <errno.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"

/* Planned runs, sorted by log, to find them by it. */
struct index_entry {
    const struct sb_planned_run *run;
    const struct sb_planned_boot *boot;
};

static int entry_cmp(const void *a, const void *b)
{
    return strcmp(((const struct index_entry *)a)->run->log, ((const struct index_entry *)b)->run->log);
}

static struct index_entry *make_index(const struct sb_experiment *e)
{
    const struct sb_schedule *s = &e->schedule;
    struct index_entry *index = sb_xcalloc(s->runs_nr + 1, sizeof *index);
    size_t nr = 0;
    for (size_t b = 0; b < s->boots_nr; b++)
        for (size_t r = 0; r < s->boots[b].runs_nr; r++)
            index[nr++] = (struct index_entry){&s->boots[b].runs[r], &s->boots[b]};
    if (nr) qsort(index, nr, sizeof *index, entry_cmp);
    return index;
}

static bool apply_record(struct sb_experiment *e, const struct index_entry *index, size_t i,
                         struct sb_err *err)
{
    const struct sb_run_record *record = &e->journal.v[i];
    const struct sb_planned_run key = {.log = record->log};
    const struct index_entry wanted = {.run = &key};
    const struct index_entry *found =
        e->schedule.runs_nr ? bsearch(&wanted, index, e->schedule.runs_nr, sizeof *index, entry_cmp) : NULL;
    if (!found)
        return sb_fail(err, SB_ERR_FORMAT, "%s:%zu: the plan has no run \"%.200s\"", e->journal.path, i + 1,
                       record->log);
    struct sb_run_standing *standing = &e->standings[found->run->order];
    if (standing->state == SB_STATE_DONE)
        return sb_fail(err, SB_ERR_FORMAT, "%s:%zu: %s is done already by line %zu; the journal was changed",
                       e->journal.path, i + 1, record->log, standing->record + 1);
    standing->record = i;
    standing->state = record->status == SB_RUN_DONE     ? SB_STATE_DONE
                      : record->status == SB_RUN_FAILED ? SB_STATE_FAILED
                                                        : SB_STATE_PENDING;
    return true;
}

/* The attempts' names of a log: "raw/config1/cpu_b1_r1.log" -> "raw_config1_cpu_b1_r1.log". */
static const char *flat_name(struct sb_experiment *e, const char *log, const char *ending)
{
    char *name = sb_arena_printf(&e->arena, "%s%s", log, ending);
    for (char *at = name; *at; at++)
        if (*at == '/') *at = '_';
    return name;
}

/* A run that the journal has: its log stands under its name, or was about to be renamed. */
static bool settle_made(struct sb_experiment *e, const struct sb_planned_run *run, struct sb_err *err)
{
    const char *log = sb_folder_path(e, run->log), *part = sb_arena_printf(&e->arena, "%s.part", log);
    if (access(part, F_OK) == 0) {
        if (rename(part, log) == 0 && sb_sync_folder_of(log)) return true;
        return sb_fail(err, SB_ERR_OUTPUT, "cannot rename %s: %s", part, strerror(errno));
    }
    if (access(log, F_OK) == 0) return true;
    return sb_fail(err, SB_ERR_FORMAT,
                   "%s:%zu: %s is made, but its log is not there; put it back, or remove that line and the "
                   "experiment makes the run again",
                   e->journal.path, e->standings[run->order].record + 1, run->log);
}

/* A run that the journal does not have, or has as lost: what there is of it is no log. */
static void settle_pending(struct sb_experiment *e, const struct sb_planned_run *run)
{
    const char *log = sb_folder_path(e, run->log), *part = sb_arena_printf(&e->arena, "%s.part", log);
    sb_keep_attempt(e, part, flat_name(e, run->log, ".cut"));
    sb_keep_attempt(e, log, flat_name(e, run->log, ".old"));
}

/* A failed run that is to be made again is "lost" from here on: a second line of the same attempt. */
static bool give_up_failed(struct sb_experiment *e, const struct sb_planned_run *run, struct sb_err *err)
{
    struct sb_run_standing *standing = &e->standings[run->order];
    struct sb_run_record record = e->journal.v[standing->record];
    record.status = SB_RUN_LOST;
    record.reason = "failed; made again on request";
    if (!sb_journal_append(&e->journal, &record, err)) return false;
    standing->state = SB_STATE_PENDING;
    return true;
}

static bool settle(struct sb_experiment *e, const struct sb_planned_run *run, struct sb_err *err)
{
    struct sb_run_standing *standing = &e->standings[run->order];
    if (standing->state != SB_STATE_PENDING && !settle_made(e, run, err)) return false;
    if (standing->state == SB_STATE_FAILED && e->options->retry_failed && !give_up_failed(e, run, err))
        return false;
    if (standing->state == SB_STATE_PENDING) settle_pending(e, run);
    e->summary->done += standing->state == SB_STATE_DONE;
    e->summary->failed += standing->state == SB_STATE_FAILED;
    return true;
}

bool sb_experiment_resume(struct sb_experiment *e, struct sb_err *err)
{
    const struct sb_schedule *s = &e->schedule;
    struct index_entry *index = make_index(e);
    bool ok = true;
    size_t records = e->journal.nr;
    for (size_t i = 0; ok && i < records; i++)
        ok = apply_record(e, index, i, err);
    for (size_t i = 0; ok && i < s->runs_nr; i++)
        ok = settle(e, index[i].run, err);
    e->summary->from_before = e->summary->done;
    free(index);
    return ok;
}
