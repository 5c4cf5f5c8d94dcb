/*
 * Dropping the page cache between the prepare and the run of a file test, and seeing whether it worked: what
 * files occupy in memory (Cached + Buffers - Shmem of proc_meminfo(5)) must fall back to what it was before
 * the prepare, give or take a tenth of what the prepare added.
 */
#ifndef SB_COLLECT_CACHE_DROP_H
#define SB_COLLECT_CACHE_DROP_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"

enum sb_cache_verdict { SB_CACHES_DROPPED, SB_CACHES_NOT_VERIFIED, SB_CACHES_NOT_DROPPED };

const char *sb_cache_words(enum sb_cache_verdict verdict); /* as in the journal */

/* Memory that files occupy, in bytes, from the text of /proc/meminfo, which may come from a guest: any bytes.
 * NaN when it does not say. */
double sb_meminfo_file_cache(const char *text, size_t len);

/* Of this machine; NaN where the system does not tell. */
double sb_host_file_cache(void);

/* Writes what is dirty to the disks and drops the cache of this machine: needs root. False with why. */
bool sb_host_drop_caches(struct sb_err *err);

/* Did it work? `before` the prepare, `filled` after it, `after` the drop: bytes, NaN where not known. */
enum sb_cache_verdict sb_cache_judge(bool dropped, double before, double filled, double after);

#endif
