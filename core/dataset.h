/*
 * The shared model: a dataset of runs, as every stage sees it.
 *
 *   run      one execution of one sysbench test, with where it stood
 *   value    one metric of a run: number, unit, line, printed text, resolution, origin
 *   label    see label.h
 *   finding  see finding.h
 *
 * The dataset owns everything: strings and arrays live in its arena (or in arrays it frees), and
 * stay valid until sb_dataset_free(). Absent is not zero: a value that was not printed has no
 * struct sb_value; NaN never stands for a value.
 */
#ifndef SB_CORE_DATASET_H
#define SB_CORE_DATASET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "core/arena.h"
#include "core/finding.h"
#include "core/label.h"

enum sb_origin {
    SB_PRINTED, /* stands in the log */
    SB_DERIVED, /* computed from printed values of the same run */
};

enum sb_status {
    SB_COMPLETE, /* the report ends as this version's report of this test ends */
    SB_PARTIAL,  /* some figures, but the report is cut, interrupted or only a grep's leftovers */
    SB_FAILED,   /* no final figures */
};

const char *sb_origin_text(enum sb_origin origin); /* "printed", "derived" */
const char *sb_status_text(enum sb_status status); /* "complete", "partial", "failed" */

struct sb_value {
    const char *metric, *unit; /* canonical name; unit as in metric.h */
    double value;              /* finite, in `unit` */
    double resolution;         /* half the last printed digit, in `unit`; NaN when not known */
    const char *text;          /* the number as printed, NULL when not known (derived, read from CSV) */
    uint32_t line;             /* 1-based; a derived value has its first input's line; 0 unknown */
    enum sb_origin origin;
};

/* A parameter of the run: the sysbench option without dashes, and the text that was printed for it.
 * A name with the prefix "env." is not an option but a fact about the surroundings that must survive
 * in the tidy CSV: env.accelerator (kvm, hvf, tcg, none). */
struct sb_param {
    const char *name, *text;
    uint32_t line;
};

/* One figure of an interval line (`[ 1s ] thds: ...`) or of a checkpoint report. */
struct sb_point {
    double elapsed_s;
    const char *metric, *unit;
    double value;
    uint32_t line;
    bool checkpoint; /* counted since the last checkpoint; in files its metric has the prefix "checkpoint." */
};

/* One row of a latency histogram: `count` events in the bucket printed as value_ms. */
struct sb_bucket {
    double value_ms;
    uint64_t count;
    uint32_t line;
};

struct sb_run {
    const char *source; /* public name: PATH's last component and the path below it */
    uint32_t ordinal;   /* 1-based position in its file */
    uint32_t first_line, last_line;
    const char *kind;    /* cpu, memory, fileio, threads, mutex, oltp, a Lua script's name; "" unknown */
    const char *version; /* "1.0.20"; "" unknown (no banner) */
    uint32_t threads;    /* 0 unknown */
    enum sb_status status;
    const char *status_reason; /* why it is not complete; "" when it is */
    struct sb_labels labels;
    struct sb_value *values; /* in the order of their lines */
    size_t values_nr, values_alloc;
    struct sb_value
        *repeats; /* printed again under a metric that the run has: evidence for the audit, in no file */
    size_t repeats_nr, repeats_alloc;
    struct sb_param *params;
    size_t params_nr, params_alloc;
    struct sb_point *points;
    size_t points_nr, points_alloc;
    struct sb_bucket *buckets;
    size_t buckets_nr, buckets_alloc;
    uint32_t warnings, errors, fatals; /* lines with these prefixes */
    const char *excerpt;               /* the report block as printed, size-capped; NULL when not kept */
    uint32_t excerpt_line;             /* line of the excerpt's first line */
    uint64_t order;                    /* position in time when the manifest knows it, else 0; 1-based */
    bool suspect;                      /* an error-severity finding: out of the statistics by default */
};

/* A fact for the report's environment section, e.g. {"host", "cpu_model", "..."}. */
struct sb_env {
    const char *section, *name, *value;
};

/* What the manifest says of one cell; absent fields are NULL, 0 or -1 as noted. */
struct sb_cell_info {
    const char *platform, *config;         /* "" when absent */
    const char *accelerator;               /* kvm, hvf, tcg, none; NULL */
    const char *image_format;              /* raw, qcow2; NULL */
    const char *argv;                      /* joined by blanks; NULL */
    double virtual_bytes, allocated_bytes; /* NaN when absent */
};

struct sb_source {
    const char *name; /* public */
    const char *path; /* on disk, to open it again; never in an output; NULL for standard input */
    size_t runs;
};

struct sb_dataset {
    struct sb_arena arena;
    struct sb_run *runs;
    size_t runs_nr, runs_alloc;
    struct sb_finding *findings;
    size_t findings_nr, findings_alloc;
    struct sb_source *sources;
    size_t sources_nr, sources_alloc;
    struct sb_env *env;
    size_t env_nr, env_alloc;
    struct sb_cell_info *cells;
    size_t cells_nr, cells_alloc;
    void *parser_notes; /* parsers/ keeps here, in the arena, what sb_parse_finish() needs of each path; NULL
                           elsewhere */
};

void sb_dataset_init(struct sb_dataset *ds);
void sb_dataset_free(struct sb_dataset *ds);

/* The dataset's one copy of a string; NULL stays NULL. */
const char *sb_dataset_intern(struct sb_dataset *ds, const char *s);

/* A new empty run at the end (pointers to earlier runs may move). Strings are "", status FAILED. */
struct sb_run *sb_dataset_add_run(struct sb_dataset *ds);

/* Adds to a run; texts are interned. A value that is not finite is refused (returns false).
 * A second value of the same metric in a run is refused too: the first printed stands. A printed one is kept
 * in `repeats`. */
bool sb_run_add_value(struct sb_dataset *ds, struct sb_run *run, const struct sb_value *value);
void sb_run_set_param(struct sb_dataset *ds, struct sb_run *run, const char *name, const char *text,
                      uint32_t line);
void sb_run_add_point(struct sb_dataset *ds, struct sb_run *run, const struct sb_point *point);
void sb_run_add_bucket(struct sb_run *run, double value_ms, uint64_t count, uint32_t line);
void sb_run_set_label(struct sb_dataset *ds, struct sb_run *run, const char *name, const char *value);

const struct sb_value *sb_run_value(const struct sb_run *run, const char *metric); /* NULL when absent */
const char *sb_run_param(const struct sb_run *run, const char *name);              /* NULL when absent */
const char *sb_run_label(const struct sb_run *run, const char *name);              /* NULL when absent */

/* True when the run ended because its events were done, not its time: a --events limit was
 * printed or is known, or the test (memory, mutex) has no time bound of its own that ended it. */
bool sb_run_bounded_by_events(const struct sb_run *run);
bool sb_run_closed_loop(const struct sb_run *run); /* no --rate */

/* "config1_cpu.txt:12", in the arena. */
const char *sb_run_where(struct sb_dataset *ds, const struct sb_run *run, uint32_t line);

/* Adds a finding; code and message are interned. Fills source and ordinals from the run indices when
 * they are given. An error-severity finding marks the run suspect. */
struct sb_finding *sb_dataset_add_finding(struct sb_dataset *ds, const char *code, enum sb_severity severity,
                                          size_t run_index, uint32_t line, const char *format, ...)
    SB_PRINTF(6, 7);

/* A finding about a file that gave no run. */
struct sb_finding *sb_dataset_add_file_finding(struct sb_dataset *ds, const char *code,
                                               enum sb_severity severity, const char *source, uint32_t line,
                                               const char *format, ...) SB_PRINTF(6, 7);

/* Sorts runs bytewise by source, then ordinal; findings' indices follow. */
void sb_dataset_sort(struct sb_dataset *ds);

/* Removes the runs that do not pass the filters (and findings about them). */
void sb_dataset_filter(struct sb_dataset *ds, const struct sb_filter *filters, size_t nr);

/* Copies the runs of `from` (all, or those whose `keep` is true) with the findings about them to the end of
 * `to`, which owns its copies. Findings about files go along only with all runs; sources, env and cells stay
 * behind. */
void sb_dataset_append(struct sb_dataset *to, const struct sb_dataset *from, const bool *keep);

/* The names of all labels in use, sorted by sb_label_name_cmp(); array in the arena. */
const char **sb_dataset_label_names(struct sb_dataset *ds, size_t *nr);

/* The distinct values of a label, sorted by sb_label_value_cmp(); array in the arena. Absent is left out. */
const char **sb_dataset_label_values(struct sb_dataset *ds, const char *name, size_t *nr);

/* True when both runs are repetitions of one cell: equal in every label that splits cells. */
int sb_run_cell_cmp(const struct sb_run *a,
                    const struct sb_run *b); /* bytewise by those labels; for sorting into cells */
bool sb_run_same_cell(const struct sb_run *a, const struct sb_run *b);

/*
 * Runs with different parameters, kinds or sysbench versions are never averaged. Where runs of one cell
 * differ in them, each difference becomes a label (named after the option, "kind" or "version") on
 * the runs of that cell, which splits it, with finding PARAMETERS_SPLIT (warning). A run that does not
 * have the parameter gets the value "?". Parameters that do not shape the workload (the seed, env.*,
 * report intervals) are not compared. Idempotent.
 */
void sb_dataset_split_by_parameters(struct sb_dataset *ds);

/* False for parameters that do not shape the workload, as above. */
bool sb_param_shapes_workload(const char *name);

#endif
