/*
 * The tables for people: fewer columns than the CSV, numbers rounded to what their spread supports, and, unless --metric
 * says otherwise, only the metrics that stand for a test. CSV and JSON always have everything.
 */
#ifndef SB_CLI_VIEWS_H
#define SB_CLI_VIEWS_H

#include "cli/options.h"
#include "core/results.h"
#include "io/table.h"

/* Fills `table` and returns how many rows a default view left out. `notes` receives the finding codes in the order of their
 * footnote marks 1, 2 ... (array in the table's arena). */
size_t sb_view_summaries(struct sb_table *table, const struct sb_results *results, const struct sb_text_list *metrics,
                         struct sb_codes *notes);
size_t sb_view_comparisons(struct sb_table *table, const struct sb_results *results, const struct sb_text_list *metrics,
                           struct sb_codes *notes);

/* Findings, one row per code and severity: severity, code, count, where the first stands, what it says. */
void sb_view_findings(struct sb_table *table, const struct sb_dataset *ds);

/* Names or globs as --metric and --chart take them; an empty list takes all. */
bool sb_name_wanted(const struct sb_text_list *globs, const char *name);

/* Drops the rows of results that --metric does not want (the families stay as they were computed). */
void sb_results_keep_metrics(struct sb_results *results, const struct sb_text_list *metrics);

#endif
