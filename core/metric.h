/*
 * The canonical metrics: one table row each (metric.c).
 *
 * Units: 1/s, s, ms (latency, as sysbench prints it), MiB, MiB/s, 1 (a count). The names are
 * the public interface: CSV columns, JSON keys, --metric arguments.
 */
#ifndef SB_CORE_METRIC_H
#define SB_CORE_METRIC_H

#include <stdbool.h>
#include <stddef.h>

enum sb_better { SB_BETTER_NONE, SB_BETTER_HIGHER, SB_BETTER_LOWER };

struct sb_metric {
    const char *name;
    const char *unit;
    enum sb_better better;
    const char *title; /* for people and charts: "CPU events per second" */
};

/* The row of a canonical metric, also for any latency_pNN (one shared row, whose name is
 * "latency_pNN"); NULL for a name that is not canonical. */
const struct sb_metric *sb_metric_find(const char *name);

/* The unit of a metric; "" when it is not canonical. */
const char *sb_metric_unit(const char *name);

/* For people: "95th percentile latency"; the name itself when not canonical. Written to buf
 * when it must be made; returns buf or a static string. */
const char *sb_metric_title(const char *name, char *buf, size_t size);

/* Direction. total_time is a result only of runs bounded by events: for others it has none. */
enum sb_better sb_metric_better(const char *name, bool bounded_by_events);

const char *sb_better_text(enum sb_better better); /* "higher", "lower", "" */

/* True for latency_p<digits>, the printed percentile. */
bool sb_metric_is_percentile(const char *name);

/* Position in the table, for output order; unknown metrics come last. */
size_t sb_metric_rank(const char *name);

/*
 * Measurement groups: metrics that are one measurement and are tested once, by the primary one.
 * `kind` is a run's kind (cpu, memory, fileio, threads, mutex, oltp_*, a script's name).
 * Closed loop (no --rate) decides whether the average latency restates the rate.
 */
struct sb_group {
    const char
        *name; /* cpu, memory, fileio, oltp, threads, mutex, percentile, or NULL: descriptive, never tested */
    bool primary;
};
struct sb_group sb_metric_group(const char *kind, const char *metric, bool closed_loop,
                                bool bounded_by_events);

/* The metric that stands for a test of this kind in headlines and overview charts. */
const char *sb_kind_primary_metric(const char *kind, bool bounded_by_events);

/* True when the kind prints the oltp block (oltp, oltp_*, select_*, bulk_insert, tpcc, mongo ...). */
bool sb_kind_is_oltp(const char *kind);

#endif
