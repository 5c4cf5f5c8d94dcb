/* What the readers of files leave for sb_parse_finish(): labels that are known for sure, and who said them.
 * In the dataset's arena, behind ds->parser_notes. */
#ifndef SB_PARSERS_NOTES_H
#define SB_PARSERS_NOTES_H

#include "core/dataset.h"

struct sb_run_note {
    size_t run;             /* index in ds->runs */
    bool complete;          /* from a tidy CSV: its labels are all there is, nothing is inferred */
    bool named_by_labels;   /* the manifest gives all labels that the path is made of: it says nothing else */
    const char *heading;    /* the words that stand between the run before and this one; "" none */
    struct sb_labels given; /* by the manifest or the CSV; array and strings in the arena */
    struct sb_run_note *next;
};

/* The note of a run, made when there is none. Notes are made in the order of runs. */
struct sb_run_note *sb_note_run(struct sb_dataset *ds, size_t run);

struct sb_run_note *sb_notes_first(const struct sb_dataset *ds);

/* Copies a label set into the note (arena) and into the run. */
void sb_note_give(struct sb_dataset *ds, struct sb_run_note *note, const struct sb_labels *labels);

#endif
