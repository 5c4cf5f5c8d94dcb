/*
 * Compressed logs and archives, through libarchive: .gz .bz2 .xz .zst of one log, .tar of any of them, .zip;
 * told by their first bytes, not their names.
 *
 * Bounds against decompression bombs: what comes out may be 64 MiB, beyond that 250 times the bytes that went
 * in, and never more than 2 GiB; at most 100,000 members. Logs compress far less than that.
 */
#ifndef SB_PARSERS_CONTAINER_H
#define SB_PARSERS_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>

/* Do the bytes start like something that this reads? */
bool sb_container_detect(const char *bytes, size_t size);

/* A member's bytes; valid during the call. `name` is its path inside the archive, normalised (no leading "/",
 * "./" or ".."), NULL when the container is one compressed file. */
typedef void sb_member_fn(void *context, const char *name, const char *bytes, size_t size);

/* Called with what is wrong: `bomb` for a bound that was hit; `name` as above, NULL for the whole. */
typedef void sb_container_error_fn(void *context, const char *name, bool bomb, const char *reason);

/* Reads all regular members whose path passes `wanted` (NULL: all). What could be read before an error is
 * handed over too. */
void sb_container_read(const char *bytes, size_t size, bool (*wanted)(const char *name), sb_member_fn *fn,
                       sb_container_error_fn *error, void *context);

#endif
