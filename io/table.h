/*
 * A table of rows as every --format prints it: one model, four encodings. Columns are the public CSV columns; a cell is
 * text, a number, a count, a set of codes or missing.
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
void sb_table_of_runs(struct sb_table *table, struct sb_dataset *ds);             /* tidy CSV */
void sb_table_of_summaries(struct sb_table *table, const struct sb_results *results);
void sb_table_of_comparisons(struct sb_table *table, const struct sb_results *results);
void sb_table_of_findings(struct sb_table *table, const struct sb_dataset *ds); /* audit CSV */

void sb_table_write_csv(struct sb_strbuf *out, const struct sb_table *table);
/* {"schema_version":1,"command":command,"rows":[...]}, one row a line. */
void sb_table_write_json(struct sb_strbuf *out, const struct sb_table *table, const char *command);
/* Only the rows array, for report.json. */
void sb_table_write_json_rows(struct sb_strbuf *out, const struct sb_table *table);

#endif
