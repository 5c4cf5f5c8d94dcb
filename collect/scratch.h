/*
 * Scratch folders of boots: short paths (sockets lie in them), names that tell whose they are, so that what a
 * killed sbstat left can be found and removed. Private to collect/.
 */
#ifndef SB_COLLECT_SCRATCH_H
#define SB_COLLECT_SCRATCH_H

#include <stddef.h>
#include "core/err.h"

/* Makes PARENT/PREFIX-XXXXXX, mode 0700; the caller frees the path. NULL with err. */
char *sb_scratch_make(const char *parent, const char *prefix, struct sb_err *err) SB_MUST_CHECK;

/* Removes every folder of ours below `parent` whose name is PREFIX-XXXXXX (six characters more), and gives
 * how many there were. What cannot be removed stays; that is no error. */
size_t sb_scratch_sweep(const char *parent, const char *prefix);

#endif
