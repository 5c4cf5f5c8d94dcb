/* The gate's judgement: two sides, baseline and candidate, compared cell by cell. */
#ifndef SB_CLI_GATE_H
#define SB_CLI_GATE_H

#include "cli/load.h"
#include "cli/options.h"
#include "core/results.h"

enum sb_gate_reason {
    SB_GATE_FASTER,
    SB_GATE_EQUIVALENT,
    SB_GATE_INCONCLUSIVE,
    SB_GATE_SLOWER,
    SB_GATE_MISSING,        /* the candidate has no usable run of it */
    SB_GATE_NOT_COMPARABLE, /* other parameters or accelerators, or values without a ratio */
    SB_GATE_NEW,            /* only the candidate has it */
    SB_GATE_REASONS
};

const char *sb_gate_reason_text(enum sb_gate_reason reason); /* "faster", "not comparable", ... */

enum sb_gate_outcome { SB_GATE_PASS, SB_GATE_FAIL, SB_GATE_IGNORED };
const char *sb_gate_outcome_text(enum sb_gate_outcome outcome); /* "pass", "fail", "new" */

struct sb_gate {
    struct sb_arena arena;
    struct sb_dataset ds; /* both sides, told apart by the label `side` */
    struct sb_results
        results; /* comparisons: one row for each judged cell and metric, sorted; missing sides have n 0 */
    enum sb_gate_reason *reasons; /* parallel to results.comparisons */
    const char *side; /* the label's name: "side", longer when the data have a label of that name */
    const char
        *sides_differ; /* labels in which no cell of one side is like one of the other, joined; "" none */
    bool strict;
    bool same_figures; /* every compared cell has exactly the same values on both sides */
    size_t counts[SB_GATE_REASONS];
};

/* Loads and compares what options->baseline and options->candidate name. Release it also after a failure. */
bool sb_gate_run(struct sb_gate *gate, const struct sb_options *options, struct sb_err *err) SB_MUST_CHECK;
void sb_gate_release(struct sb_gate *gate);

enum sb_gate_outcome sb_gate_outcome(const struct sb_gate *gate, enum sb_gate_reason reason);
size_t sb_gate_failures(const struct sb_gate *gate);

#endif
