/*
 * From bytes to runs: the one entry into the parsers.
 *
 * sb_parse_path() walks a file or folder (bytewise order, so the result does not depend on the file
 * system), unwraps what wraps the logs, finds every run once and gives it labels. What cannot be
 * read becomes a finding about the file and the rest goes on:
 *
 *   FILE_UNREADABLE (warning)  cannot be opened or read; the message has the reason
 *   FILE_EMPTY (warning)       no bytes
 *   FILE_BINARY (warning)      not text in any encoding we know
 *   NO_RUN (note)              text without a sysbench run
 *   ... and those that the grammar raises about runs, see docs/log-grammar.md
 */
#ifndef SB_PARSERS_PARSE_H
#define SB_PARSERS_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include "core/dataset.h"

struct sb_label_rules; /* labels.h */

/* A non-blank line inside a run's block that no rule recognised. */
struct sb_unread_line {
    const char *source;
    uint32_t line;
    const char *text; /* as it stood after unwrapping; may hold any bytes but NUL */
};

/* How one line was read; for `explain`. */
struct sb_line_reading {
    uint32_t line;
    uint32_t ordinal;    /* run it belongs to, 0: none */
    const char *rule;    /* "cpu result", "banner", "interval", "unread" ... */
    const char *outputs; /* "events_per_second=5180.04 1/s", "" when it feeds nothing */
    const char *text;
};

/* Where a label of a run comes from; for `parse --labels-only`. */
struct sb_label_origin {
    const char *source;
    uint32_t ordinal;
    const char *name, *value;
    const char *why; /* "path: c1g1", "manifest", "layout", "labels.csv:3", "log", "position in the file",
                        "parameters" */
};

struct sb_parse_output;
struct sb_parse_options {
    const struct sb_label_rules *labels; /* layout template and label file; NULL: inference only */
    bool keep_excerpts;                  /* fill sb_run.excerpt */
    bool collect_unread;                 /* fill unread */
    const char *explain_source;          /* fill readings for this public source name; NULL none */
    void (*progress)(void *context, size_t files, size_t runs); /* may be NULL */
    void *progress_context;
    struct sb_parse_output *label_origins; /* sb_parse_finish() fills its `labels`; NULL: not wanted */
};

struct sb_parse_output {
    struct sb_unread_line
        *unread; /* arrays freed by sb_parse_output_release(); strings in the dataset's arena */
    size_t unread_nr, unread_alloc;
    struct sb_line_reading *readings;
    size_t readings_nr, readings_alloc;
    struct sb_label_origin
        *labels; /* by source, run, label name; filled by sb_parse_finish() through options->label_origins */
    size_t labels_nr, labels_alloc;
};
void sb_parse_output_release(struct sb_parse_output *out);

/*
 * Reads everything below `path` ("-" is standard input, its source is "stdin") into ds. `public_name` is the
 * first component of the source of what is found there (the caller makes it unique among its PATHs). A tidy
 * CSV among the files is read as one. Hidden names are left out, and in an experiment's folder what collect/
 * keeps beside its logs, and logs that it has not finished (*.log.part). Returns false only when `path`
 * itself does not exist or cannot be opened (SB_ERR_NO_INPUT); all else is a finding. `out` may be NULL.
 *
 * Call sb_parse_finish() once after the last path.
 */
bool sb_parse_path(struct sb_dataset *ds, const char *path, const char *public_name,
                   const struct sb_parse_options *options, struct sb_parse_output *out,
                   struct sb_err *err) SB_MUST_CHECK;

/* Reads one log that is already in memory (no walking, no label inference). For tests, fuzzing and embedding.
 */
void sb_parse_log(struct sb_dataset *ds, const char *source, const char *bytes, size_t len,
                  const struct sb_parse_options *options, struct sb_parse_output *out);

/* Derives labels from all paths together (what varies, what is unique to every run), applies manifests,
 * layout and label files, sorts the runs and splits cells by parameters. */
bool sb_parse_finish(struct sb_dataset *ds, const struct sb_parse_options *options,
                     struct sb_err *err) SB_MUST_CHECK;

#endif
