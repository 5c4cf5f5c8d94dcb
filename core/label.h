/*
 * Labels: name=value pairs that place a run in the experiment.
 *
 * Reserved names: platform, config, test split cells, as does any further label;
 * repetition, boot, host never do: they say which runs repeat what. vcpus and memory_mib
 * are numeric by convention.
 *
 * A label set is sorted bytewise by name and holds each name once. Names and values are
 * borrowed pointers (normally interned in a dataset's arena); a set owns only its array.
 */
#ifndef SB_CORE_LABEL_H
#define SB_CORE_LABEL_H

#include <stdbool.h>
#include <stddef.h>

struct sb_arena;

struct sb_label {
    const char *name, *value;
};

struct sb_labels {
    struct sb_label *v;
    size_t nr, alloc;
};

#define SB_LABELS_INIT                                                                                       \
    {                                                                                                        \
        NULL, 0, 0                                                                                           \
    }

void sb_labels_release(struct sb_labels *set);

/* The value, or NULL when the label is absent. An empty value counts as absent and is never stored. */
const char *sb_labels_get(const struct sb_labels *set, const char *name);

/* Adds or replaces; a NULL or empty value removes. */
void sb_labels_set(struct sb_labels *set, const char *name, const char *value);

void sb_labels_copy(struct sb_labels *to, const struct sb_labels *from); /* `to` is replaced */

/* Order for output: platform, config, test first, then the other labels by name; values compare by
 * sb_natural_cmp(), platforms by sb_platform_cmp(); an absent label sorts first. */
int sb_labels_cmp(const struct sb_labels *a, const struct sb_labels *b);

/* Order of label names in columns: platform, config, test, repetition, then the others bytewise. */
int sb_label_name_cmp(const char *a, const char *b);

/* Order of two values of one label, as sb_labels_cmp() uses it. NULL sorts first. */
int sb_label_value_cmp(const char *name, const char *a, const char *b);

/* True for labels that split cells, false for repetition, boot and host. */
bool sb_label_splits_cells(const char *name);

/* "platform=raw config=c1 test=cpu", in output order; allocated in the arena. */
const char *sb_labels_text(struct sb_arena *arena, const struct sb_labels *set);

/* True when the set passes all `label=glob` filters; an absent label matches as the empty text. */
struct sb_filter {
    const char *label, *glob;
};
bool sb_labels_match(const struct sb_labels *set, const struct sb_filter *filters, size_t nr);

#endif
