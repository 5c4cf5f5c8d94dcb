/*
 * The factorial view in words: one sentence for each factor, from the terms and ratios alone. Where the audit
 * says that a factor cannot act, and where platforms with different accelerators are mixed, it says so
 * instead of reading the numbers. Texts are plain, not escaped, and live in the arena given.
 */
#ifndef SB_REPORT_FACTOR_EFFECTS_H
#define SB_REPORT_FACTOR_EFFECTS_H

#include "report/view.h"

/* How many analyses a page shows; the further ones stand in report.json. */
enum { SB_EFFECTS_SHOWN = 100 };

const char **sb_effects_sentences(const struct sb_view *view, struct sb_arena *arena, size_t *nr);

/* "fileio in c1g1, file throughput": what one analysis is of. */
const char *sb_effects_place(const struct sb_view *view, struct sb_arena *arena,
                             const struct sb_effects *effects);

/* "3.88 [3.80, 3.97]", "not estimable". */
const char *sb_effects_ratio(struct sb_arena *arena, const struct sb_effect_ratio *ratio);
/* "4 / 1" */
const char *sb_effects_levels(struct sb_arena *arena, const struct sb_effect_ratio *ratio);

/* What the ratios are: "averaged over the other factors with equal weight", or from main effects, where cells
 * are empty. */
const char *sb_effects_averaged(const struct sb_results *results);
/* How the tables are to be read. */
const char *sb_effects_caption(const struct sb_view *view, struct sb_arena *arena);

#endif
