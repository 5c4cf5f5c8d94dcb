/*
 * Output files that are whole or not there: written beside the target under a temporary name, fsynced,
 * renamed. "-" is standard output; an existing target that is not a regular file (a device, a FIFO)
 * is written directly, never renamed over. Temporary files still open are removed by
 * sb_outfile_cleanup(), which is safe in a signal handler.
 */
#ifndef SB_IO_OUTFILE_H
#define SB_IO_OUTFILE_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"

/* Writes the whole content to `path`. */
bool sb_outfile_write(const char *path, const void *bytes, size_t len, struct sb_err *err) SB_MUST_CHECK;

/* The same in steps, for output that is made piece by piece. */
struct sb_outfile;
struct sb_outfile *sb_outfile_open(const char *path, struct sb_err *err) SB_MUST_CHECK;
bool sb_outfile_add(struct sb_outfile *out, const void *bytes, size_t len, struct sb_err *err) SB_MUST_CHECK;
bool sb_outfile_commit(struct sb_outfile *out,
                       struct sb_err *err) SB_MUST_CHECK; /* frees out, also on failure */
void sb_outfile_abort(struct sb_outfile *out); /* frees out, removes the temporary file; NULL is fine */

/*
 * Several files: all are written beside their targets first and then made durable together, so that the disk
 * is waited for once and not once for each. Each file is still whole or absent. Start with {.nr = 0}; end
 * with commit or abort.
 */
enum { SB_OUTBATCH_MAX = 12 };
struct sb_outbatch {
    struct sb_outfile *files[SB_OUTBATCH_MAX];
    size_t nr;
};
/* Writes one more; commits what is there first when the batch is full. */
bool sb_outbatch_write(struct sb_outbatch *batch, const char *path, const void *bytes, size_t len,
                       struct sb_err *err) SB_MUST_CHECK;
bool sb_outbatch_commit(struct sb_outbatch *batch,
                        struct sb_err *err) SB_MUST_CHECK; /* on failure aborts the rest */
void sb_outbatch_abort(struct sb_outbatch *batch);

/* Makes a folder and its parents (0777 & ~umask); fine when it exists. */
bool sb_make_dirs(const char *path, struct sb_err *err) SB_MUST_CHECK;

/* Removes the temporary files of this process. Async-signal-safe. */
void sb_outfile_cleanup(void);

/* Reads a whole file (a regular file, FIFO or "-"), at most `limit` bytes; caller frees *text, which has a
 * NUL behind it. */
bool sb_read_file(const char *path, size_t limit, char **text, size_t *len, struct sb_err *err) SB_MUST_CHECK;

#endif
