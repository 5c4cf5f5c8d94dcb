/*
 * What the project knows about platforms: one table row each (platform.c). A word that is
 * not in the table is a platform too, when a label says so; it then shows as itself.
 */
#ifndef SB_CORE_PLATFORM_H
#define SB_CORE_PLATFORM_H

#include <stdbool.h>
#include <stddef.h>

struct sb_platform {
    const char *name;           /* the label's value: raw, qcow2, docker ... */
    const char *display;        /* for people: "QEMU raw" */
    const char *const *aliases; /* lower-case words that mean it, NULL-terminated, without `name` */
    bool virtual_machine;       /* a guest with its own kernel */
    int baseline_rank;          /* 1 is preferred as the default baseline; 0 never is */
};

/* All rows, in display order. */
const struct sb_platform *sb_platforms(size_t *nr);

/* The row for a word in any case ("QCOW", "metal"), or NULL. */
const struct sb_platform *sb_platform_find(const char *word);

const char *sb_platform_display(const char *value); /* the value itself when there is no row */

/* Table order first, then unknown ones by sb_natural_cmp(). */
int sb_platform_cmp(const char *a, const char *b);

/* The default baseline among `nr` values: the best baseline_rank, or the first when none has one. */
const char *sb_platform_default_baseline(const char *const *values, size_t nr);

#endif
