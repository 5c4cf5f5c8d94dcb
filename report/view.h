/*
 * What every format of the report shows, worked out once: rows and columns of the comparison tables, the
 * cells of the design with their runs, the numbered notes. It holds no text of any format and computes no
 * statistic.
 */
#ifndef SB_REPORT_VIEW_H
#define SB_REPORT_VIEW_H

#include "core/dataset.h"
#include "core/results.h"
#include "report/report.h"

/* ---- one factor's table: a row per remaining labels and metric, a column per level ---- */

struct sb_view_row {
    struct sb_labels rest; /* the cell's labels without the factor */
    const char *kind, *metric, *unit;
    enum sb_better better;
    bool headline;           /* the metric that stands for its test */
    const size_t *summaries; /* one per level: index, or SB_NO_RUN */
};

struct sb_view_matrix {
    const struct sb_results *results;
    const char *factor;
    const char **levels; /* in output order */
    size_t levels_nr;
    struct sb_view_row *rows;
    size_t rows_nr;
    const char *
        *columns; /* the labels that tell the rows apart, in output order; not those that `config` implies */
    size_t columns_nr;
    const char **constant; /* the labels that are the same in every row */
    size_t constant_nr;
    const char **baselines; /* of the comparisons; the default first */
    size_t baselines_nr;
    const struct sb_comparison **compared; /* [baseline * summaries_nr + summary of the level], NULL: none */
};

/* The comparison of a row's level against a baseline; NULL when there is none (the baseline itself, no data).
 */
const struct sb_comparison *sb_view_comparison(const struct sb_view_matrix *matrix, size_t baseline,
                                               const struct sb_view_row *row, size_t level);
const struct sb_summary *sb_view_summary(const struct sb_view_matrix *matrix, const struct sb_view_row *row,
                                         size_t level);

/* ---- the design: every cell with its runs ---- */

struct sb_view_cell {
    struct sb_labels labels; /* only those that split cells */
    const size_t *runs;      /* indices into the dataset, in its order */
    size_t runs_nr;
    size_t used, suspect, partial, failed; /* used = complete or partial, and not suspect */
};

/* ---- notes: the codes of findings, numbered as footnotes ---- */

struct sb_view_note {
    const char *code;
    const char *text; /* what it means, never NULL */
    enum sb_severity severity;
    size_t rows;     /* summaries that carry it */
    bool everywhere; /* on every one of several summaries: said once, not beside each number */
};

/* A headline comparison whose verdict is another one when the suspect runs are kept. */
struct sb_view_flip {
    struct sb_labels rest;
    const struct sb_comparison *without; /* NULL: nothing to compare without them */
    const struct sb_comparison *with;
};

struct sb_view {
    struct sb_arena arena;
    const char *
        *implied; /* labels with one value for each configuration (vcpus, memory_mib; also constant ones) */
    size_t implied_nr;
    const struct sb_report *report;
    const struct sb_results *results;         /* the one that has the summaries; never NULL */
    struct sb_view_matrix platforms, configs; /* rows_nr 0 when there is nothing to compare */
    struct sb_view_cell *cells;
    size_t cells_nr;
    struct sb_view_note *notes; /* sorted by code */
    size_t notes_nr;
    const char **sources_without_runs;
    size_t sources_without_runs_nr;
    size_t runs_complete, runs_partial, runs_failed, runs_suspect;
    size_t errors, warnings, hints; /* findings by severity */
    bool has_suspect_twin;          /* the report has the comparisons with suspect runs too */
    struct sb_view_flip *flips;     /* with the first baseline */
    size_t flips_nr, flips_of;      /* of so many headline comparisons */
};

/* The matrix of a factor; everything lives in the view's arena. `baseline` is put first among the baselines;
 * may be NULL. Rows are told apart by the labels that remained in the comparisons. */
void sb_view_matrix(struct sb_view *view, struct sb_view_matrix *matrix, const struct sb_results *results,
                    const char *factor, const char *baseline);

void sb_view_init(struct sb_view *view, const struct sb_report *report);
void sb_view_free(struct sb_view *view);

/* 1-based number of a code's note, 0 when it has none. */
size_t sb_view_note_number(const struct sb_view *view, const char *code);

/* The cell of these labels, NULL when no run is in it. */
const struct sb_view_cell *sb_view_find_cell(const struct sb_view *view, const struct sb_labels *labels);

/* Suspect runs of a cell that were left out, for a place where a number would stand but no summary is. */
size_t sb_view_left_out(const struct sb_view *view, const struct sb_view_matrix *matrix,
                        const struct sb_view_row *row, size_t level);

/* "Docker cpu in c1g1, odd x": a row's place in words. Labels that the configuration implies are left out
 * where it stands. */
const char *sb_view_place(const struct sb_view *view, struct sb_arena *arena, const struct sb_labels *rest);

/* Does every configuration have one value of this label, so that naming the configuration says it? */
bool sb_view_is_implied(const struct sb_view *view, const char *label);

/* A label's value for people: platforms by their display name. "" when absent. */
const char *sb_view_label(const struct sb_labels *labels, const char *name);
const char *sb_view_level(const char *factor, const char *level);

/* For people: "Platform", "Configuration", the name itself. */
const char *sb_view_label_title(const char *name);

#endif
