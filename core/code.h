/*
 * What the codes mean that reading and statistics attach to runs, cells and comparisons, one row each
 * (code.c). The audit's checks have a table of their own (analyze/audit.h); together they are every code that
 * can stand in a `findings` column.
 */
#ifndef SB_CORE_CODE_H
#define SB_CORE_CODE_H

#include <stddef.h>

struct sb_code_meaning {
    const char *code, *text; /* text: one sentence for people, without a full stop */
};

const struct sb_code_meaning *sb_code_meanings(size_t *nr);

#endif
