/*
 * An arena: many small allocations with one owner, freed together. Also interns strings,
 * so that equal strings of one arena are one pointer.
 *
 * Memory from an arena is aligned for any object, is not zeroed unless said so, and lives
 * until sb_arena_free(). Not safe for concurrent use.
 */
#ifndef SB_CORE_ARENA_H
#define SB_CORE_ARENA_H

#include <stddef.h>
#include "core/err.h"

struct sb_arena_chunk;
struct sb_arena {
    struct sb_arena_chunk *chunks;
    const char **interned; /* open hash table of interned strings */
    size_t interned_nr, interned_alloc;
};

void sb_arena_init(struct sb_arena *arena);
void sb_arena_free(struct sb_arena *arena); /* leaves it initialised and empty */

void *sb_arena_alloc(struct sb_arena *arena, size_t size);
void *sb_arena_calloc(struct sb_arena *arena, size_t count, size_t size);
char *sb_arena_strdup(struct sb_arena *arena, const char *s);
char *sb_arena_strndup(struct sb_arena *arena, const char *s, size_t len); /* exactly len bytes + NUL */
char *sb_arena_printf(struct sb_arena *arena, const char *format, ...) SB_PRINTF(2, 3);

/* The one copy of the `len` bytes at `s` (no NUL among them) in this arena. */
const char *sb_arena_intern(struct sb_arena *arena, const char *s, size_t len);

#endif
