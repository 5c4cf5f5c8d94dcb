/*
 * Labels from all paths together. What one name says by itself is path_words.h; here the words that nobody
 * understood are compared across the sources, place by place:
 *
 *   the same everywhere          says nothing, dropped
 *   equal to a parameter         that parameter (results_<threads>_<prime>.txt)
 *   a counter or a time stamp that is different for every run of an otherwise equal cell    the repetition
 *   anything else that varies    a label of its own
 */
#ifndef SB_PARSERS_PATH_LABELS_H
#define SB_PARSERS_PATH_LABELS_H

#include "core/dataset.h"
#include "parsers/path_words.h"

struct sb_path_label {
    const char *name, *value, *why;
};

/* One file and its runs. */
struct sb_path_source {
    const char *source;
    size_t first_run, runs_nr;
    struct sb_path_words words;
    const char *signature;        /* of the first run */
    struct sb_path_label *labels; /* from the comparison; in the arena */
    size_t labels_nr;
    const char *repetition, *repetition_why; /* from the comparison; NULL none */
};

/* Fills labels and repetition of each source. Words are already read. */
void sb_path_labels_compare(struct sb_dataset *ds, struct sb_path_source *sources, size_t nr);

/* Everything that makes two runs of one cell comparable: kind and the parameters that shape the work.
 * Interned. */
const char *sb_run_signature(struct sb_dataset *ds, const struct sb_run *run);

#endif
