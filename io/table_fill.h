/*
 * Filling the public tables (table.c, table_*.c): a cursor over the cells of a row, and the columns that
 * labels need.
 */
#ifndef SB_IO_TABLE_FILL_H
#define SB_IO_TABLE_FILL_H

#include "io/table.h"

/* Fills a row from left to right: struct sb_filler f = {sb_table_add_row(table)}; each call fills one cell.
 */
struct sb_filler {
    struct sb_cell *cell;
};

void sb_put_text(struct sb_filler *f, const char *text); /* borrowed; NULL or "": missing */
void sb_put_number(struct sb_filler *f, double number);  /* not finite: missing */
void sb_put_numbers(struct sb_filler *f, const double *numbers, size_t nr);
void sb_put_count(struct sb_filler *f, unsigned long long count);
void sb_put_known(struct sb_filler *f, unsigned long long count); /* 0: missing */
void sb_put_codes(struct sb_filler *f, const struct sb_codes *codes);
void sb_put_labels(struct sb_filler *f, const struct sb_labels *set,
                   const char *const *names); /* NULL-terminated names */
void sb_put_nothing(struct sb_filler *f, size_t cells);

/* Column names: `fixed` up to NULL, where the entry "*" stands for the labels. */
void sb_table_set_label_columns(struct sb_table *table, const char *const *fixed, const char *const *labels);

/* platform, config, test and repetition: their columns come first, whether or not a run has them. */
bool sb_table_is_fixed_label(const char *name);

/* Label sets that lie `stride` bytes apart, as members of an array of structs. */
struct sb_label_sets {
    const struct sb_labels *first;
    size_t nr, stride;
};
const struct sb_labels *sb_label_set_at(const struct sb_label_sets *sets, size_t i);

/* The names of the labels in the sets that are not fixed, bytewise; NULL-terminated, in the table's arena. */
const char **sb_table_further_labels(struct sb_table *table, const struct sb_label_sets *sets);

/* The same after those of platform, config and test that a set has: for rows that lack the label that is
 * compared. */
const char **sb_table_labels_in_use(struct sb_table *table, const struct sb_label_sets *sets);

#endif
