/*
 * Findings: doubts as data. A finding has a stable code (upper case, words joined by _), a severity and
 * evidence; it is attached to runs, cells and comparisons and never printed by a library.
 */
#ifndef SB_CORE_FINDING_H
#define SB_CORE_FINDING_H

#include <stddef.h>
#include <stdint.h>

struct sb_arena;

enum sb_severity {
    SB_NOTE,
    SB_WARNING,
    SB_ERROR, /* the number cannot be used as is */
};

const char *sb_severity_text(enum sb_severity severity); /* "note", "warning", "error" */

#define SB_NO_RUN ((size_t)-1)

struct sb_finding {
    const char *code;
    enum sb_severity severity;
    const char *source;       /* NULL when it is about no single file */
    uint32_t ordinal;         /* run in the file, 0 when it is about the file or a cell */
    uint32_t line;            /* 0 when there is none */
    const char *other_source; /* the other side of the evidence, NULL when there is none */
    uint32_t other_ordinal, other_line;
    const char *message;               /* complete: what stands where, the two figures, the tolerance */
    size_t run_index, other_run_index; /* into dataset.runs, or SB_NO_RUN */
    const char *metric;                /* the metric it taints, NULL for the whole run */
};

/* A sorted set of codes, as in the `findings` columns. The array lives in an arena. */
struct sb_codes {
    const char **v;
    size_t nr;
};

void sb_codes_add(struct sb_arena *arena, struct sb_codes *set, const char *code); /* the code is borrowed */
int sb_codes_has(const struct sb_codes *set, const char *code);
const char *sb_codes_join(struct sb_arena *arena, const struct sb_codes *set); /* "A;B", "" when empty */

#endif
