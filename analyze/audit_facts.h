/*
 * What the checks of the audit share: intervals, the facts of one run, and findings with evidence.
 * Private to analyze/.
 *
 * Every printed figure is an interval: value +- resolution. A check computes what the other figures allow by
 * interval arithmetic and fires when the two intervals do not meet. So no tolerance is guessed: it is the
 * rounding of all figures involved, plus the clock terms of sb_clock_slack().
 */
#ifndef SB_ANALYZE_AUDIT_FACTS_H
#define SB_ANALYZE_AUDIT_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include "analyze/audit.h"
#include "core/dataset.h"

struct sb_span {
    double lo, hi; /* lo <= hi; all values of one figure that print as they are printed */
};

struct sb_span sb_span(double lo, double hi);
struct sb_span sb_span_exact(double value);
struct sb_span sb_span_add(struct sb_span a, struct sb_span b);
struct sb_span sb_span_mul(struct sb_span a, struct sb_span b); /* both >= 0 */
struct sb_span sb_span_div(struct sb_span a,
                           struct sb_span b); /* a >= 0, b > 0 (b.lo <= 0 gives hi = infinity) */
struct sb_span sb_span_scale(struct sb_span a, double factor); /* factor >= 0 */
bool sb_spans_meet(struct sb_span a,
                   struct sb_span b); /* with a relative margin of 1e-9 for our own arithmetic */

/* value +- resolution, not below 0. A count printed without a point is exact. When the resolution is not
 * known (values read from a file that lost it) a thousandth of the value stands in. */
struct sb_span sb_span_of(const struct sb_value *value);

/* sysbench generations differ in what they print and how they read their clocks. */
enum sb_generation {
    SB_GENERATION_UNKNOWN,
    SB_GENERATION_0_4,
    SB_GENERATION_0_5,
    SB_GENERATION_1_0,
    SB_GENERATION_1_1
};

struct sb_run_facts {
    size_t index; /* into dataset.runs */
    const struct sb_run *run;
    enum sb_generation generation;
    double threads; /* 0 unknown */
    double slack; /* how much longer what is no work may take than on hardware: 1, in an emulated guest 10 */
    bool closed_loop;
    bool carried;           /* counting began while events were under way: after a checkpoint or a warm-up */
    bool elapsed_known;     /* `elapsed` is set */
    struct sb_span elapsed; /* s: the time in which the final counts were collected, as the rates' divisor */
};

struct sb_cells;
struct sb_grid;

struct sb_audit {
    struct sb_dataset *ds;
    const struct sb_check *check; /* the row that is running */
    /* Made when first asked for, by the functions of audit_cells.h. */
    struct sb_cells *cells;
    struct sb_grid *grid, *platforms;
};

void sb_run_facts_init(struct sb_run_facts *facts, const struct sb_dataset *ds, size_t run_index);

/* The printed (not derived) value of a metric; NULL when absent. */
const struct sb_value *sb_fact(const struct sb_run_facts *facts, const char *metric);
const struct sb_value *sb_run_printed(const struct sb_run *run, const char *metric);
const struct sb_value *sb_fact_percentile(
    const struct sb_run_facts *facts); /* the printed latency_pNN; NULL */

/* A size option in bytes ("16KiB", "1M"); false when absent or unreadable. */
bool sb_fact_bytes(const struct sb_run_facts *facts, const char *param, double *bytes);
/* A numeric option; false when absent or not a number. */
bool sb_fact_number(const struct sb_run_facts *facts, const char *param, double *number);

/* A number for a message: up to `digits` significant digits; in the dataset's arena. */
const char *sb_audit_number(struct sb_audit *audit, double value, int digits);

/* "events per second 5,073.47 (config1_cpu.txt:21)"; in the dataset's arena. */
const char *sb_audit_figure(struct sb_audit *audit, const struct sb_run_facts *facts,
                            const struct sb_value *value);

/*
 * The standard finding: `found` is printed, but `from` (and what else `because` names) allow only `allowed`.
 * Does nothing when the spans meet. `because` is a complete clause such as "15,226 events in 3.0003 s".
 */
void sb_audit_expect(struct sb_audit *audit, const struct sb_run_facts *facts, const struct sb_value *found,
                     struct sb_span found_span, struct sb_span allowed, const struct sb_value *from,
                     const char *because);

/* A finding of the running check about a run, with the check's severity. `value` (may be NULL) gives the
 * line, `other` the other line of the evidence. */
struct sb_finding *sb_audit_add(struct sb_audit *audit, const struct sb_run_facts *facts,
                                const struct sb_value *value, const struct sb_value *other,
                                const char *format, ...) SB_PRINTF(5, 6);

/* Points a finding at another run as the other side of its evidence. */
void sb_finding_set_other(struct sb_finding *finding, const struct sb_dataset *ds, size_t run_index,
                          uint32_t line);

#endif
