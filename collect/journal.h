/*
 * journal.jsonl: one line for each attempt at a run, appended and synced. The last line of a log says how
 * things stand with it. A last line without newline was torn by the end of the program or the machine: it
 * never counted, and is cut off. Everything else that is no record is an error, with its line.
 */
#ifndef SB_COLLECT_JOURNAL_H
#define SB_COLLECT_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "core/err.h"
#include "io/json.h"

enum sb_run_status { SB_RUN_DONE, SB_RUN_FAILED, SB_RUN_LOST };

enum { SB_STEPS_MAX = 3 };

/* See experiment.h for what each means. */
struct sb_run_record {
    const char *log, *platform, *config, *test, *host;
    unsigned boot, repetition, attempt;
    size_t order;
    const char *started;
    double ready, wall, steal, load[3]; /* NaN: not known */
    const char *steps[SB_STEPS_MAX];
    int exit_codes[SB_STEPS_MAX];
    size_t steps_nr;
    enum sb_run_status status;
    const char *reason, *caches; /* may be NULL */
};

struct sb_journal {
    char *path;
    int fd;
    struct sb_arena arena; /* of the records' texts */
    struct sb_run_record *v;
    size_t nr, alloc;
    size_t
        next_order; /* of the record to come: after all there are, also where lines were taken out by hand */
};

/* Opens (and makes) it and reads what it has. Close it also after failure. */
bool sb_journal_open(struct sb_journal *journal, const char *path, struct sb_err *err) SB_MUST_CHECK;

/* Appends one line, which is on the disk when this returns true; keeps a copy of the record in `v`. */
bool sb_journal_append(struct sb_journal *journal, const struct sb_run_record *record,
                       struct sb_err *err) SB_MUST_CHECK;
void sb_journal_close(struct sb_journal *journal);

/* The run object of journal and manifest. */
struct json_object *sb_run_record_json(const struct sb_run_record *record);

#endif
