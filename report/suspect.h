/*
 * Conclusions with and without the suspect runs: which headline verdicts would be others if the runs with
 * error-severity findings had been kept. Texts are plain, not escaped, and live in the arena given.
 */
#ifndef SB_REPORT_SUSPECT_H
#define SB_REPORT_SUSPECT_H

#include "report/view.h"

/* Fills view->flips from the report's results with suspect runs. */
void sb_suspect_compare(struct sb_view *view);

/* How many headline verdicts rest on leaving the runs out; NULL when the question does not arise. */
const char *sb_suspect_sentence(const struct sb_view *view, struct sb_arena *arena);

/* One such verdict: the place, what stands without the runs, what would stand with them. */
const char *sb_suspect_place(const struct sb_view *view, struct sb_arena *arena,
                             const struct sb_view_flip *flip);
const char *sb_suspect_verdicts(struct sb_arena *arena, const struct sb_view_flip *flip);

#endif
