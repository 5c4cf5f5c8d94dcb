/*
 * The tables for people: fewer columns than the CSV, numbers rounded to what their spread supports, and,
 * unless --metric says otherwise, only the metrics that stand for a test. CSV and JSON always have
 * everything.
 */
#ifndef SB_CLI_VIEWS_H
#define SB_CLI_VIEWS_H

#include "cli/options.h"
#include "cli/page.h"
#include "core/results.h"
#include "io/table.h"

/* Each adds its tables and sentences to the page. One file each: view_*.c. */
void sb_view_summaries(struct sb_page *page, const struct sb_results *results,
                       const struct sb_options *options);
void sb_view_comparisons(struct sb_page *page, const struct sb_results *results,
                         const struct sb_options *options);
void sb_view_aggregates(struct sb_page *page, const struct sb_results *results);
void sb_view_effects(struct sb_page *page, const struct sb_results *results);
void sb_view_repetitions(struct sb_page *page, const struct sb_results *results,
                         const struct sb_options *options);
void sb_view_scaling(struct sb_page *page, const struct sb_results *results);
void sb_view_series(struct sb_page *page, const struct sb_dataset *ds, const struct sb_results *results,
                    const struct sb_options *options);
void sb_view_percentiles(struct sb_page *page, const struct sb_results *results);

/* Findings, one row per code and severity: severity, code, count, where the first stands, what it says. */
void sb_view_findings(struct sb_table *table, const struct sb_dataset *ds);

/* Without --metric a view shows what stands for each test: its primary metric. */
bool sb_view_shown(const struct sb_text_list *metrics, const char *metric, struct sb_group group);

/* Where rows are shown that were not tested themselves: whose verdict stands there. */
void sb_view_say_carried(struct sb_page *page, const struct sb_results *results,
                         const struct sb_options *options);

/* Names or globs as --metric and --chart take them; an empty list takes all. */
bool sb_name_wanted(const struct sb_text_list *globs, const char *name);

/* Drops the rows of results that --metric does not want (the families stay as they were computed). Rows of
 * repetitions and scaling refer to summaries by index: for them drop those instead, with the second. */
void sb_results_keep_metrics(struct sb_results *results, const struct sb_text_list *metrics);
void sb_results_keep_view_metrics(struct sb_results *results, const struct sb_text_list *metrics);

#endif
