/*
 * What changed between two report.json files: settings and environment, cells, means, verdicts, findings.
 *
 * Figures are compared as they stand in the files, exactly; whether a difference of means is more than noise
 * is the gate's question, not this one's. A comparison that both reports hold in both directions (raw /
 * docker and docker / raw) counts once, with the preferred baseline.
 */
#ifndef SB_CLI_REPORT_DIFF_H
#define SB_CLI_REPORT_DIFF_H

#include "core/arena.h"
#include "core/err.h"
#include "core/label.h"
#include "core/results.h"

enum sb_diff_section { SB_DIFF_SETTING, SB_DIFF_CELL, SB_DIFF_MEAN, SB_DIFF_VERDICT, SB_DIFF_FINDING };
enum sb_diff_change { SB_DIFF_ADDED, SB_DIFF_REMOVED, SB_DIFF_CHANGED };
enum sb_diff_direction { SB_DIFF_NEUTRAL, SB_DIFF_BETTER, SB_DIFF_WORSE };

const char *sb_diff_section_text(enum sb_diff_section section);       /* "setting", "cell", "mean", ... */
const char *sb_diff_change_text(enum sb_diff_change change);          /* "added", "removed", "changed" */
const char *sb_diff_direction_text(enum sb_diff_direction direction); /* "", "better", "worse" */

struct sb_diff_row {
    enum sb_diff_section section;
    enum sb_diff_change change;
    enum sb_diff_direction
        direction; /* of means: by the metric's direction; of verdicts: see sb_diff_verdict_rank() */
    struct sb_labels labels;
    const char *factor, *baseline, *level; /* verdicts; else NULL, as all that does not apply */
    const char *metric, *unit;
    double before, after;                           /* means; NaN */
    const char *text_before, *text_after;           /* verdicts, settings */
    const char *code, *severity, *source, *message; /* findings */
    size_t run, line;                               /* 0 none */
};

struct sb_report_diff {
    struct sb_arena arena;
    struct sb_diff_row *rows; /* by section, then labels and the rest */
    size_t nr, alloc;
    struct sb_labels
        *cells; /* of both reports, changed or not; a cell may stand there more than once; in the arena */
    size_t cells_nr;
    size_t worse; /* verdicts that changed for the worse */
};

/*
 * slower < inconclusive < equivalent < faster. No verdict, also because the row is gone or its levels ran
 * under different accelerators, counts as inconclusive. Falling is worse.
 */
int sb_diff_verdict_rank(const char *verdict);

/* Reads both (a report.json or its folder) and compares them. `baseline`: the preferred one, NULL the
 * default. Release it also after a failure. */
bool sb_report_diff(struct sb_report_diff *diff, const char *before, const char *after, const char *baseline,
                    struct sb_err *err) SB_MUST_CHECK;
void sb_report_diff_release(struct sb_report_diff *diff);

#endif
