/* Digests of files: which disk an experiment was made with. */
#ifndef SB_COLLECT_FILE_DIGEST_H
#define SB_COLLECT_FILE_DIGEST_H

#include <signal.h>
#include <stdbool.h>
#include "core/err.h"

/* SHA-256 (FIPS 180-4) of a whole file as 64 hexadecimal digits and a NUL. A disk takes about a second for
 * each GiB; `stop` (may be NULL) ends it: SB_ERR_STEP. */
bool sb_file_sha256(const char *path, const volatile sig_atomic_t *stop, char digits[65],
                    struct sb_err *err) SB_MUST_CHECK;

#endif
