#include "core/arena.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "core/alloc.h"

enum { CHUNK_SIZE = 64 * 1024 };

struct sb_arena_chunk {
    struct sb_arena_chunk *next;
    size_t used, size;
    max_align_t data[];
};

void sb_arena_init(struct sb_arena *arena)
{
    memset(arena, 0, sizeof *arena);
}

void sb_arena_free(struct sb_arena *arena)
{
    struct sb_arena_chunk *chunk = arena->chunks;
    while (chunk) {
        struct sb_arena_chunk *next = chunk->next;
        free(chunk);
        chunk = next;
    }
    free(arena->interned);
    sb_arena_init(arena);
}

void *sb_arena_alloc(struct sb_arena *arena, size_t size)
{
    const size_t align = sizeof(max_align_t);
    struct sb_arena_chunk *chunk = arena->chunks;
    size = size <= SIZE_MAX - align ? (size + align - 1) / align * align : size;
    if (!chunk || chunk->size - chunk->used < size) {
        size_t data = size > CHUNK_SIZE ? size : CHUNK_SIZE;
        struct sb_arena_chunk *fresh =
            sb_xmalloc(data <= SIZE_MAX - sizeof *fresh ? sizeof *fresh + data : data);
        fresh->used = 0;
        fresh->size = data;
        if (chunk && data > CHUNK_SIZE) { /* a large one must not hide the room left in the current chunk */
            fresh->next = chunk->next;
            chunk->next = fresh;
        } else {
            fresh->next = chunk;
            arena->chunks = fresh;
        }
        chunk = fresh;
    }
    void *p = (char *)chunk->data + chunk->used;
    chunk->used += size;
    return p;
}

void *sb_arena_calloc(struct sb_arena *arena, size_t count, size_t size)
{
    size_t total = size && count > SIZE_MAX / size ? SIZE_MAX : count * size;
    void *p = sb_arena_alloc(arena, total);
    memset(p, 0, total);
    return p;
}

char *sb_arena_strndup(struct sb_arena *arena, const char *s, size_t len)
{
    char *copy = sb_arena_alloc(arena, len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *sb_arena_strdup(struct sb_arena *arena, const char *s)
{
    return sb_arena_strndup(arena, s, strlen(s));
}

char *sb_arena_printf(struct sb_arena *arena, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *text = sb_arena_alloc(arena, (size_t)(len < 0 ? 0 : len) + 1);
    text[0] = '\0';
    if (len >= 0) vsnprintf(text, (size_t)len + 1, format, again);
    va_end(again);
    return text;
}

/* FNV-1a, 64 bits; only ever used for look-up, never for an order that can be seen. */
static uint64_t hash_bytes(const char *s, size_t len)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)s[i]) * 1099511628211u;
    return h ^ (h >> 32);
}

static const char **intern_slot(const char **table, size_t alloc, const char *s, size_t len)
{
    size_t i = (size_t)hash_bytes(s, len) & (alloc - 1);
    while (table[i] && (strncmp(table[i], s, len) != 0 || table[i][len] != '\0'))
        i = (i + 1) & (alloc - 1);
    return &table[i];
}

static void intern_grow(struct sb_arena *arena)
{
    size_t alloc = arena->interned_alloc ? arena->interned_alloc * 2 : 256;
    const char **table = sb_xcalloc(alloc, sizeof *table);
    for (size_t i = 0; i < arena->interned_alloc; i++)
        if (arena->interned[i])
            *intern_slot(table, alloc, arena->interned[i], strlen(arena->interned[i])) = arena->interned[i];
    free(arena->interned);
    arena->interned = table;
    arena->interned_alloc = alloc;
}

const char *sb_arena_intern(struct sb_arena *arena, const char *s, size_t len)
{
    if (2 * (arena->interned_nr + 1) > arena->interned_alloc) intern_grow(arena);
    const char **slot = intern_slot(arena->interned, arena->interned_alloc, s, len);
    if (!*slot) {
        *slot = sb_arena_strndup(arena, s, len);
        arena->interned_nr++;
    }
    return *slot;
}
