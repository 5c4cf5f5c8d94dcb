/* An experiment while it runs: what the experiment_*.c files share. Private to them. */
#ifndef SB_COLLECT_EXPERIMENT_STATE_H
#define SB_COLLECT_EXPERIMENT_STATE_H

#include "collect/cache_drop.h"
#include "collect/experiment.h"
#include "collect/journal.h"
#include "collect/machine_facts.h"
#include "collect/manifest_write.h"

enum sb_run_state {
    SB_STATE_PENDING,
    SB_STATE_DONE,
    SB_STATE_FAILED,
};

struct sb_run_standing {
    enum sb_run_state state;
    size_t record; /* index in the journal of the record that stands, when DONE or FAILED */
    unsigned lost; /* attempts that were lost, in this start of sbstat */
};

/* How far the estimates of schedule.h are off, for each platform. */
struct sb_pace {
    double estimated, measured; /* seconds */
};

struct sb_experiment {
    const struct sb_plan *plan;
    const struct sb_collect_options *options;
    struct sb_collect_summary *summary;
    struct sb_arena arena;
    struct sb_schedule schedule;
    struct sb_journal journal;
    struct sb_manifest_writer manifest;
    struct sb_run_standing *standings; /* by sb_planned_run.order */
    struct sb_pace *paces;             /* by platform */
    bool *caches_told;                 /* by platform: that they are not dropped */
    const char *id;                    /* of all that could be left behind; the same for the same folder */
    const char *scratch_parent, *scratch_prefix;
    const char *real_folder; /* for hiding it in texts */
    int lock, folder_fd;     /* experiment_lock.c; -1: not locked */
    bool lock_is_new;        /* .lock was not there before */
    unsigned barren;         /* boots in a row that gave up without a single run */
};

/* ---- experiment_folder.c ---- */

/* Makes, locks and checks the folder; stores the plan, or compares it with the one that is there. An
 * experiment is begun when something was made: a start that was refused leaves a folder that takes any plan.
 */
bool sb_folder_open(struct sb_experiment *e, struct sb_err *err) SB_MUST_CHECK;
void sb_folder_close(struct sb_experiment *e);
/* A path below the folder, in the experiment's arena. */
const char *sb_folder_path(struct sb_experiment *e, const char *name);
/* Moves `file` to .attempts/<name>, or a name near it when that is taken; copies where it cannot be moved.
 * Nothing happens when there is no such file, or when it is empty (it is removed). */
void sb_keep_attempt(struct sb_experiment *e, const char *file, const char *name);
/* Puts the folder's entries on the disk (after a rename). */
bool sb_sync_folder_of(const char *path);

/* ---- experiment_lock.c ---- */

/* Waits until programs of an sbstat that was killed here have ended, and says so. */
bool sb_folder_lock(struct sb_experiment *e, struct sb_err *err) SB_MUST_CHECK;
/* Removes .lock when it is new; fine when nothing is locked. */
void sb_folder_unlock(struct sb_experiment *e);

/* ---- experiment_resume.c ---- */

/* Takes over what the journal tells: completes renames, removes what was cut off, counts. */
bool sb_experiment_resume(struct sb_experiment *e, struct sb_err *err) SB_MUST_CHECK;

/* ---- experiment_check.c ---- */

/* Everything that can be known to be wrong before the first boot; removes what an earlier sbstat left. */
bool sb_experiment_check(struct sb_experiment *e, struct sb_err *err) SB_MUST_CHECK;
/* Where no run is left to make: only removes what an sbstat left that was killed at its very end. */
void sb_experiment_tidy(struct sb_experiment *e);

/* ---- experiment_storage.c ---- */

/* A warning for each platform whose runs to make write files into memory (tmpfs, ramfs). After the check. */
void sb_warn_of_memory_storage(struct sb_experiment *e);

/* ---- experiment_boot.c ---- */

enum sb_boot_end {
    SB_BOOT_DONE,    /* no run of it is left, or it gave up */
    SB_BOOT_STOPPED, /* by the user */
    SB_BOOT_FATAL,   /* err: the experiment cannot go on */
};
enum sb_boot_end sb_experiment_boot(struct sb_experiment *e, const struct sb_planned_boot *boot,
                                    struct sb_err *err) SB_MUST_CHECK;

/* ---- experiment_run.c ---- */

struct sb_boot_now {
    const struct sb_boot_spec *spec;
    const struct sb_planned_boot *planned;
    const struct sb_driver *driver;
    struct sb_target *target;
    double ready;
    bool other_kernel; /* of sb_boot_facts */
};

enum sb_run_end {
    SB_RUN_RECORDED, /* done or failed */
    SB_RUN_BROKE,    /* the target broke; the run is journalled as lost */
    SB_RUN_STOPPED,
    SB_RUN_FATAL,
};
enum sb_run_end sb_experiment_run(struct sb_experiment *e, const struct sb_boot_now *now,
                                  const struct sb_planned_run *run, struct sb_err *err) SB_MUST_CHECK;

/* A record with what is known before the run begins. */
struct sb_run_record sb_record_begin(struct sb_experiment *e, const struct sb_planned_boot *boot,
                                     const struct sb_planned_run *run, unsigned attempt);

/* ---- experiment_ask.c ---- */

/* Runs argv in the target with its output in *text (caller frees; NULL when there is none). False when it did
 * not end; then `result` says how. */
bool sb_ask_target(const struct sb_boot_now *now, const char *const *argv, bool privileged, double deadline,
                   char **text, size_t *len, struct sb_exec_result *result);

/* How busy the machine is that measures: this one, or the one that a `remote` platform's target is on. */
void sb_load_where_it_runs(const struct sb_boot_now *now, struct sb_machine_load *load);

/* ---- experiment_caches.c ---- */

struct sb_cache_watch {
    double host_before, target_before; /* bytes */
    double deadline;                   /* of the last exec, in seconds */
};

/* Before the prepare; and between prepare and run: drops and judges. Both give false when an exec in the
 * target did not end, then `result` and the watch's deadline say how. */
bool sb_caches_before(const struct sb_boot_now *now, struct sb_cache_watch *watch,
                      struct sb_exec_result *result);
bool sb_caches_drop(struct sb_experiment *e, const struct sb_boot_now *now, struct sb_cache_watch *watch,
                    enum sb_cache_verdict *verdict, struct sb_exec_result *result);

/* ---- experiment_tell.c ---- */

void sb_tell(struct sb_experiment *e, enum sb_collect_event_kind kind, const struct sb_planned_boot *boot,
             const struct sb_planned_run *run, const char *text);
void sb_warn(struct sb_experiment *e, const struct sb_planned_boot *boot, const struct sb_planned_run *run,
             const char *format, ...) SB_PRINTF(4, 5);
/* Seconds left, from the estimates and what boots of the same platform took; NaN until one has been made. */
double sb_seconds_left(const struct sb_experiment *e);
/* A boot of `boot`'s platform made `runs_nr` runs in `wall` seconds. */
void sb_pace_add(struct sb_experiment *e, const struct sb_planned_boot *boot, double wall);

/* `text` without what tells where things lie on this machine, in the arena: the scratch folder is $RUN, the
 * experiment's and the plan's folder go, the home folder is ~. NULL stays NULL. */
const char *sb_public_text(struct sb_experiment *e, const char *scratch, const char *text);

bool sb_wants_stop(const struct sb_experiment *e);

/* The runs of a boot that are still to be made, in the order to make them: those that broke a boot before
 * come last. In the arena given. */
struct sb_planned_boot sb_pending_runs(const struct sb_experiment *e, const struct sb_planned_boot *boot,
                                       struct sb_arena *arena);

#endif
