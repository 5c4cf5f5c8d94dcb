/* Cells of the tables for people: numbers rounded to what they support, intervals, and the columns that tell
 * rows apart. */
#ifndef SB_CLI_SHOW_H
#define SB_CLI_SHOW_H

#include "core/results.h"
#include "io/table.h"
#include "io/table_fill.h"

struct sb_cell sb_show_text(const char *text);   /* NULL or "": missing */
struct sb_cell sb_show_figure(const char *text); /* text that is a number: aligned right */
struct sb_cell sb_show_count(size_t count);
struct sb_cell sb_show_known(size_t count); /* 0: missing */

/* Texts in the table's arena. */
const char *sb_show_pretty(struct sb_table *table, double value, int digits); /* en dash when undefined */
const char *sb_show_plain(struct sb_table *table,
                          double value); /* as given on a command line: "0.05", "95" */
const char *sb_show_plain_percent(struct sb_table *table,
                                  double fraction); /* "2 %", "97.5 %"; never "100 %" below 1 */
const char *sb_show_percent(struct sb_table *table, double fraction,
                            int digits);                 /* "1.2 %"; "" when undefined */
const char *sb_show_p(struct sb_table *table, double p); /* "0.012", "<0.0001"; "" when undefined */
const char *sb_show_one_ratio(struct sb_table *table,
                              double ratio); /* three decimals near 1, where ratios live */
const char *sb_show_ratio(struct sb_table *table, double ratio, double low,
                          double high); /* "1.010 [0.987, 1.032]" */
const char *sb_show_range(struct sb_table *table, double low, double high,
                          int digits); /* "[920, 940]"; "" when undefined */
const char *sb_show_half_width(struct sb_table *table, double low, double high, double mean); /* "± 1.2 %" */

/* A heading of figures with their interval, "ratio [95 % CI]". */
const char *sb_show_ci_heading(struct sb_arena *arena, const struct sb_results *results, const char *figure);
const char *sb_show_level(struct sb_arena *arena, const struct sb_results *results,
                          const char *what); /* "95 % CI", for "CI" */

/* The label names worth a column: they take more than one value and do not follow from the configuration.
 * NULL-terminated. */
const char **sb_show_labels(struct sb_table *table, const struct sb_label_sets *sets);

/* The columns of these labels, then `columns`; and a row whose labels are filled: its next cell. */
void sb_show_columns(struct sb_table *table, const char *const *labels, const char *const *columns,
                     size_t columns_nr);
struct sb_cell *sb_show_row(struct sb_table *table, const char *const *labels, const struct sb_labels *set);

#endif
