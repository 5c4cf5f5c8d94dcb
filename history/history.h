/*
 * Results over time, in one SQLite file: entries (a version, a night, a host state) and what each cell
 * measured then.
 *
 *   entry   an id that the caller gives, and a time that the caller gives; the clock is never read
 *   series  one cell (all labels that split cells), metric, unit and direction
 *   point   the summary of a series in an entry, with its replicate values
 *
 * The file is in WAL mode; every sb_history_add() is one transaction, and a writer waits for the others. What
 * was committed is there after a crash of the program; a program that dies in between leaves nothing. Nothing
 * that is read back depends on the order in which entries or cells were added.
 *
 * The schema's version is SQLite's user_version. An older file is brought up to date when it is opened for
 * writing or, when that is possible, for reading; a newer one is refused.
 */
#ifndef SB_HISTORY_HISTORY_H
#define SB_HISTORY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/arena.h"
#include "core/err.h"
#include "core/results.h"

struct sb_history;

/*
 * Opens the file at `path`, which is taken literally (never an URI or ":memory:"). `write` makes it when it
 * does not exist. NULL with err: SB_ERR_NO_INPUT when it does not exist, SB_ERR_FORMAT when it is not a
 * history, SB_ERR_OUTPUT when it cannot be written or stays locked for a minute.
 */
struct sb_history *sb_history_open(const char *path, bool write, struct sb_err *err) SB_MUST_CHECK;
void sb_history_close(struct sb_history *history); /* NULL is fine */

/* The version of the schema that this program writes. */
int sb_history_schema_version(void);

/* ---- adding ---- */

struct sb_history_added {
    bool created;             /* the entry is new */
    size_t points, unchanged; /* stored now; there already, with the same figures */
};

/*
 * Adds the points of an entry in one transaction: all or none. An entry that exists gets the points that it
 * does not have; a point that it has must have the same figures. `at_ms` is the entry's time (timestamp.h).
 * SB_ERR_USAGE when the entry exists with another time or other figures. Summaries without a value (n = 0)
 * are left out. Labels of the cell that do not split cells are stored as they are given.
 */
bool sb_history_add(struct sb_history *history, const char *id, int64_t at_ms,
                    const struct sb_summary *const *summaries, size_t nr, struct sb_history_added *added,
                    struct sb_err *err) SB_MUST_CHECK;

/* ---- reading ---- */

struct sb_history_entry {
    const char *id, *at; /* at: as sb_time_format() writes it */
    int64_t at_ms;
    size_t points;
};

struct sb_history_entries {
    struct sb_arena arena;
    struct sb_history_entry *v; /* by time, then id (natural order) */
    size_t nr, alloc;
};

/* Fills `entries`; release it also after a failure. */
bool sb_history_list(struct sb_history *history, struct sb_history_entries *entries,
                     struct sb_err *err) SB_MUST_CHECK;
void sb_history_entries_release(struct sb_history_entries *entries);

/* One entry of a series. */
struct sb_trend_point {
    const char *id, *at;
    int64_t at_ms;
    size_t n, n_runs;
    double mean, sd, confidence, ci_low, ci_high, geomean; /* as in struct sb_summary; NaN undefined */
    const double
        *values; /* replicates, in the order of struct sb_summary; NULL when the file does not have them */
    size_t values_nr;
    struct sb_codes findings;
    size_t segment; /* 0-based: the stretch between changes that it belongs to */
};

/* A change: from here on the series is another one. */
struct sb_trend_change {
    size_t at; /* index of the first point of the new segment */
    double before,
        after; /* centre of the segments: geometric mean of the points, arithmetic when one is not positive */
    double ratio; /* after / before; NaN when undefined */
    double p;     /* of the permutation test (change.h) */
    enum sb_verdict
        verdict; /* SB_FASTER or SB_SLOWER by the metric's direction, SB_VERDICT_NONE without one */
};

struct sb_trend {
    struct sb_labels cell; /* array in the arena */
    const char *metric, *unit;
    enum sb_better better;
    struct sb_trend_point *points; /* by time, then id (natural order) */
    size_t nr, alloc;
    struct sb_trend_change *changes; /* by position */
    size_t changes_nr;
    bool tested; /* false: too few points for a change to be seen at this level */
    double p;    /* of the most likely change, found or not; NaN when not tested */
};

struct sb_trends {
    struct sb_arena arena;
    struct sb_trend *v; /* by cell (sb_labels_cmp), then sb_metric_rank, then unit and direction */
    size_t nr, alloc;
    size_t tested; /* series with enough points */
    double alpha;  /* asked for */
    double level;  /* what a series' p had to reach, after the correction; NaN when none did */
    size_t needed; /* points that a series needs to be tested at alpha */
};

struct sb_history_query {
    const struct sb_filter *filters; /* on the cell's labels */
    size_t filters_nr;
    const char *const *metrics; /* globs, NULL-terminated; NULL: all */
    double alpha; /* chance of any false change in the whole answer while nothing changes; 0: 0.05 */
    bool adjust;  /* false: alpha for each series by itself */
};

/*
 * The series that pass the query, with their changes. Among the tested series the Benjamini-Hochberg step-up
 * procedure on the p of each series' most likely change sets the level: while nothing changes anywhere, the
 * chance of any false alarm is at most alpha (J. R. Statist. Soc. B 57 (1995) 289-300). Release it also after
 * a failure.
 */
bool sb_history_trends(struct sb_history *history, const struct sb_history_query *query,
                       struct sb_trends *trends, struct sb_err *err) SB_MUST_CHECK;
void sb_trends_release(struct sb_trends *trends);

#endif
