/*
 * Which summaries stand against each other when the levels of a factor are compared.
 *
 * Two summaries pair when they have the same metric and the same remaining labels. Not among the remaining
 * labels are: the factor; a label that is a function of the factor (each level has exactly one value of it,
 * as vcpus when the factor is config; a label with one value everywhere stays); and `config` when it
 * determines the factor (as it does vcpus). `platform` and `test` always remain.
 */
#ifndef SB_ANALYZE_PAIRING_H
#define SB_ANALYZE_PAIRING_H

#include <stdbool.h>
#include "core/results.h"

struct sb_pair {
    struct sb_labels rest;  /* in the results' arena */
    size_t baseline, level; /* indices of summaries */
    bool confounded; /* the cells also differ in a label that was dropped and is not part of the factor's
                        meaning */
};

struct sb_pairing {
    const char **levels; /* in the results' arena, in output order */
    size_t levels_nr;
    struct sb_pair *pairs; /* grouped by rest and metric; malloc'd */
    size_t nr, alloc;
    bool ambiguous; /* somewhere a level has several cells with the same remaining labels; those were left out
                     */
};

/* The values of the factor among the summaries. */
void sb_pairing_levels(struct sb_pairing *p, struct sb_results *results, const char *factor);

/* Every level against the baseline, or with `all_pairs` each level against every later one, the baseline
 * first. */
void sb_pairing_make(struct sb_pairing *p, struct sb_results *results, const char *factor,
                     const char *baseline, bool all_pairs);
/* The names of the labels that are not among the remaining ones; malloc'd, for other views of one factor. */
const char **sb_pairing_dropped(const struct sb_results *results, const char *factor, size_t *nr);
struct sb_labels sb_pairing_rest(struct sb_results *results, const struct sb_labels *cell,
                                 const char *const *dropped, size_t nr);

/* Do the two cells differ in a dropped label that is not part of what the factor means? */
bool sb_pairing_confounded(const struct sb_results *results, const char *factor, const char *const *dropped,
                           size_t nr, size_t a, size_t b);
/* Does the code of a cell concern a view of this factor? "Cannot act" is about one factor only. */
bool sb_pairing_code_applies(const char *code, const char *factor);
/* Emulation against anything else, or two hypervisors: no verdict about the platforms. Unknown is no
 * difference. */
bool sb_pairing_accelerators_differ(const struct sb_summary *baseline, const struct sb_summary *level);
void sb_pairing_release(struct sb_pairing *p);

#endif
