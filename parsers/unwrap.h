/*
 * What containers, loggers and scripts put around a line. One table row each (unwrap.c); each is told by the
 * line itself, so files that mix them are read too.
 */
#ifndef SB_PARSERS_UNWRAP_H
#define SB_PARSERS_UNWRAP_H

#include <stdbool.h>
#include "core/strbuf.h"
#include "parsers/pattern.h"

enum { SB_STREAMS = 2 }; /* stdout and stderr: their partial lines are joined apart */

struct sb_unwrapped {
    struct sb_slice text; /* in the line itself or in *store; may hold newlines */
    bool partial;         /* the logger cut the line here: the stream's next one continues it */
    unsigned stream;      /* 0 stdout, 1 stderr */
};

/* Takes off what is around the line, layer by layer. `store` is cleared and used for decoded text. */
void sb_unwrap_line(struct sb_slice line, struct sb_strbuf *store, struct sb_unwrapped *out);

#endif
