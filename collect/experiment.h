/*
 * Runs a plan: boots, steps, logs, journal, manifest.
 *
 * The folder it writes:
 *   plan.yaml       the plan as given          plan.canonical   what --resume compares
 *   journal.jsonl   one run object for each attempt, appended and synced: the truth of what is done
 *   manifest.json   the whole, rewritten after each boot
 *   <platform>/<config>/<test>_b<boot>_r<repetition>.log   complete standard output and error of a run's
 * steps .attempts/      consoles of boots that failed, partial logs A log is written as <log>.part, synced,
 * entered in the journal (from here on the run is done), and renamed; resuming completes the rename. So a run
 * is done exactly once wherever sbstat is killed.
 *
 * A run object: {"log","platform","config","test","host","boot","repetition","order","attempt","started"
 * (UTC), "ready_s","wall_s","exit_codes":[...],"load":[1,5,15 min],"status":"done"|"failed"|"lost", "reason",
 * "steps":[...], "caches":"dropped"|"not verified"|"not dropped"|null,"steal_s"}. exit_codes are those of the
 * steps in their order (prepare, run, cleanup); "lost": the target broke and the run will be tried again.
 */
#ifndef SB_COLLECT_EXPERIMENT_H
#define SB_COLLECT_EXPERIMENT_H

#include "collect/driver.h"
#include "collect/schedule.h"

enum sb_collect_event_kind {
    SB_COLLECT_STARTED,  /* the experiment: total, done (from before) */
    SB_COLLECT_BOOTING,  /* a boot begins */
    SB_COLLECT_RUNNING,  /* a run begins */
    SB_COLLECT_RUN_DONE, /* status in `text` when it failed */
    SB_COLLECT_WARNING, /* `text`: a boot that failed and is tried again, caches that could not be dropped ...
                         */
    SB_COLLECT_FINISHED,
};

struct sb_collect_event {
    enum sb_collect_event_kind kind;
    size_t done, total;                 /* runs */
    const struct sb_planned_boot *boot; /* NULL where there is none */
    const struct sb_planned_run *run;
    double left;      /* seconds left, from what has been measured so far; NaN: not known */
    const char *text; /* may be NULL */
};

struct sb_collect_options {
    const char *plan_text; /* the plan's text as given, to keep a copy */
    size_t plan_len;
    const char *folder;  /* to write; made when absent; unless `resume` it must be absent, empty, or that of a
                            start that was refused */
    const char *scratch; /* parent of the boots' scratch folders; NULL: TMPDIR or /var/tmp (a short path) */
    bool resume;         /* go on with what the folder has; the plan must be the same */
    bool retry_failed;   /* with resume: run again what failed (exit status of a step) */
    bool allow_busy;     /* run although other programs use the processors */
    const volatile sig_atomic_t *stop;
    void (*event)(void *data, const struct sb_collect_event *event); /* may be NULL */
    void *data;
    const char *version; /* sbstat's, for the manifest */
};

struct sb_collect_summary {
    size_t planned, done, failed,
        missing;         /* runs; done includes those from before, failed those with a bad status */
    size_t from_before;  /* of `done` */
    size_t boots_failed; /* boots that gave up after all retries */
    bool stopped;        /* by `stop` */
    bool begun;          /* the folder has runs or attempts: only `resume` goes on with it */
};

/* False with err when it could not begin or go on at all (plan changed, folder in use, busy host, disk full
 * ...). Runs and boots that failed do not make it false: see the summary. */
bool sb_collect_run(const struct sb_plan *plan, const struct sb_collect_options *options,
                    struct sb_collect_summary *summary, struct sb_err *err) SB_MUST_CHECK;

#endif
