/* The inside of labels.h: what the layout and the label file say about one run. */
#ifndef SB_PARSERS_LABEL_RULES_H
#define SB_PARSERS_LABEL_RULES_H

#include "core/dataset.h"
#include "parsers/labels.h"

/* The number of trailing path components that the layout covers, 0 without a layout. */
size_t sb_layout_components(const struct sb_label_rules *rules);

/* Matches the source's trailing components; on success adds its labels to `labels` (strings in the arena). */
bool sb_layout_match(const struct sb_label_rules *rules, struct sb_arena *arena, const char *source,
                     struct sb_labels *labels);

/* Calls `set` for each label that the label file sets on the run, in file order. */
void sb_label_file_apply(const struct sb_label_rules *rules, struct sb_dataset *ds, struct sb_run *run,
                         void (*set)(void *context, const char *name, const char *value, const char *why),
                         void *context);

#endif
