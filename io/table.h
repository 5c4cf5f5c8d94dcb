/*
 * A table of rows as every --format prints it: one model, four encodings. Columns are the public CSV columns;
 * a cell is text, a number, a count, a set of codes or missing.
 */
#ifndef SB_IO_TABLE_H
#define SB_IO_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "core/dataset.h"
#include "core/results.h"
#include "core/strbuf.h"

enum sb_cell_kind {
    SB_CELL_MISSING,
    SB_CELL_TEXT,
    SB_CELL_FIGURE, /* a number as text for people ("1.01 [0.99, 1.03]"): aligned right */
    SB_CELL_NUMBER,
    SB_CELL_COUNT,
    SB_CELL_CODES
};

struct sb_cell {
    enum sb_cell_kind kind;
    const char *text;
    double number;
    unsigned long long count;
    struct sb_codes codes;
};

struct sb_table {
    struct sb_arena arena;
    const char **columns;
    size_t columns_nr;
    struct sb_cell *cells; /* row-major */
    size_t rows_nr, cells_alloc;
};

void sb_table_init(struct sb_table *table);
void sb_table_free(struct sb_table *table);
void sb_table_set_columns(struct sb_table *table, const char *const *names, size_t nr);
struct sb_cell *sb_table_add_row(struct sb_table *table); /* columns_nr cells, all missing */

/* The public tables. Pointers into ds and results are borrowed. */
void sb_table_of_runs(struct sb_table *table, struct sb_dataset *ds); /* tidy CSV */
void sb_table_of_summaries(struct sb_table *table, const struct sb_results *results);
void sb_table_of_comparisons(struct sb_table *table, const struct sb_results *results);
void sb_table_of_findings(struct sb_table *table, const struct sb_dataset *ds); /* audit CSV */

/* Columns behind the public ones, for sb_table_of_..._with(); always in this order. */
enum {
    SB_SUMMARY_CENTERS = 1,    /* geo_low,geo_high,median_low,median_high,median_attained */
    SB_SUMMARY_PREDICTION = 2, /* prediction_low,prediction_high */
    SB_SUMMARY_TOLERANCE = 4,  /* tolerance_share,tolerance_low,tolerance_high */
    SB_SUMMARY_BOOTSTRAP = 8,  /* bca_low,bca_high */
    SB_SUMMARY_REST = 16,      /* runs_excluded,boots_known */
    SB_SUMMARY_ALL = 31,
};
enum {
    SB_COMPARISON_ESTIMATE = 1, /* estimator,estimate,estimate_low,estimate_high */
    SB_COMPARISON_P = 2,        /* p_floor,p_error */
    SB_COMPARISON_NULL = 4,     /* null_control */
    SB_COMPARISON_REST = 8,     /* cliffs_delta,ratio_low90,ratio_high90,chance_equivalent,log_se,df,barred */
    SB_COMPARISON_ALL = 15,
};
void sb_table_of_summaries_with(struct sb_table *table, const struct sb_results *results, unsigned more);
void sb_table_of_comparisons_with(struct sb_table *table, const struct sb_results *results, unsigned more);

/* The views beyond pairs. Where a view has rows of several kinds, `part` names the kind and the other kinds'
 * cells are missing. */
void sb_table_of_effects(struct sb_table *table,
                         const struct sb_results *results); /* part term, ratio or residuals */
void sb_table_of_repetitions(struct sb_table *table, const struct sb_results *results);
void sb_table_of_scaling(struct sb_table *table, const struct sb_results *results); /* part point or law */
void sb_table_of_aggregates(struct sb_table *table, const struct sb_results *results);
void sb_table_of_series(struct sb_table *table, const struct sb_dataset *ds,
                        const struct sb_results *results);
void sb_table_of_percentiles(struct sb_table *table, const struct sb_results *results);

void sb_table_write_csv(struct sb_strbuf *out, const struct sb_table *table);
/* {"schema_version":1,"command":command,"rows":[...]}, one row a line. */
void sb_table_write_json(struct sb_strbuf *out, const struct sb_table *table, const char *command);
/* Only the rows array, for report.json. */
void sb_table_write_json_rows(struct sb_strbuf *out, const struct sb_table *table);

#endif
