/*
 * The audit: one table row per check, so that `audit --list`, the documentation and its test read the same
 * table that runs.
 *
 * A check compares figures that sysbench printed with what other figures, other runs or the design of the
 * experiment say about them, and adds findings (core/finding.h) with its code. Tolerances are intervals
 * derived from the printed rounding of every figure involved and from how each sysbench generation reads its
 * clocks; docs/audit.md derives them, one section per code.
 */
#ifndef SB_ANALYZE_AUDIT_H
#define SB_ANALYZE_AUDIT_H

#include <stddef.h>
#include "core/dataset.h"

struct sb_audit;     /* an audit in progress; analyze/audit_facts.h */
struct sb_run_facts; /* one run as the checks see it; analyze/audit_facts.h */

enum sb_check_family {
    SB_CHECK_SELF,        /* a run against itself */
    SB_CHECK_COPIES,      /* runs against each other */
    SB_CHECK_DESIGN,      /* runs against the design of the experiment */
    SB_CHECK_QUALITY,     /* what the measurement can and cannot say */
    SB_CHECK_REPETITIONS, /* over the repetitions of a cell */
};

struct sb_check {
    const char *code;
    enum sb_severity severity; /* of its gravest finding */
    enum sb_check_family family;
    const char *explanation; /* one line: what is wrong when it fires */
    const char *anchor;      /* section of docs/audit.md, without the '#' */
    /* Exactly one of the two is set. */
    void (*each_run)(struct sb_audit *audit, const struct sb_run_facts *facts); /* called once per run */
    void (*whole)(struct sb_audit *audit);                                      /* called once */
};

/* All checks, in the order in which they run. */
const struct sb_check *sb_audit_checks(size_t *nr);

const char *sb_check_family_text(enum sb_check_family family); /* "a run against itself", ... */

#endif
