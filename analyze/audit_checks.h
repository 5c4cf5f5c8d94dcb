/* The checks by family; audit.c lists them in its table, docs/audit.md explains them by code. Private to
 * analyze/. */
#ifndef SB_ANALYZE_AUDIT_CHECKS_H
#define SB_ANALYZE_AUDIT_CHECKS_H

#include "analyze/audit_facts.h"

/* audit_self.c: figures that every test prints */
void sb_check_rate(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_printed_twice(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_sum_exceeds_time(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_idle_workers(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fairness_events(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fairness_time(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fairness_sd(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_series(struct sb_audit *audit, const struct sb_run_facts *facts);

/* audit_latency.c: the latency block and the histogram */
void sb_check_latency_avg(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_latency_order(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_percentile(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_histogram_count(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_histogram_percentile(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_histogram_range(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_wrapped(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_percentile_saturated(struct sb_audit *audit, const struct sb_run_facts *facts);

/* audit_work.c: what memory, fileio and oltp tests print about their work */
void sb_check_memory_size(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_memory_request(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_memory_ended_early(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_events_count(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fileio_throughput(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fileio_events(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fsync_ratio(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_rw_ratio(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_queries_sum(struct sb_audit *audit, const struct sb_run_facts *facts);

/* audit_quality.c: what the measurement can and cannot say */
void sb_check_run_failed(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_step_failed(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_run_truncated(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_run_partial(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fatal_in_report(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_errors_in_report(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_no_events(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_too_short(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_memory_too_short(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_resolution(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_page_cache(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_caches(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_fileio_implausible(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_cpu_implausible(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_memory_implausible(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_memory_cache(struct sb_audit *audit, const struct sb_run_facts *facts);

/* audit_copies.c: runs against each other */
void sb_check_duplicate_run(struct sb_audit *audit);
void sb_check_copied_figures(struct sb_audit *audit);
void sb_check_identical_repetitions(struct sb_audit *audit);

/* audit_design.c: runs against the design */
void sb_check_missing_cells(struct sb_audit *audit);
void sb_check_unequal_repetitions(struct sb_audit *audit);
void sb_check_versions_differ(struct sb_audit *audit);
void sb_check_parameters_differ(struct sb_audit *audit);
void sb_check_label_contradiction(struct sb_audit *audit, const struct sb_run_facts *facts);
void sb_check_platform_image(struct sb_audit *audit);
void sb_check_accelerators_differ(struct sb_audit *audit);
void sb_check_vcpus_cannot_act(struct sb_audit *audit);
void sb_check_memory_cannot_act(struct sb_audit *audit);

/* audit_repetitions.c: over the repetitions of a cell */
void sb_check_first_run_apart(struct sb_audit *audit);
void sb_check_trend(struct sb_audit *audit);
void sb_check_outlier(struct sb_audit *audit);
void sb_check_noisy(struct sb_audit *audit);
void sb_check_two_modes(struct sb_audit *audit);

#endif
