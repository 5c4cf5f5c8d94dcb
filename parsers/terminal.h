/* What a terminal would show of a line: without escape sequences, with backspaces and returns to its start
 * carried out. */
#ifndef SB_PARSERS_TERMINAL_H
#define SB_PARSERS_TERMINAL_H

#include "core/strbuf.h"
#include "parsers/pattern.h"

/* The visible text: the line itself when it has nothing to carry out, else in *store (cleared first). Of the
 * parts that a line was overwritten with, the last that is not blank counts. No-break spaces become blanks.
 */
struct sb_slice sb_terminal_line(struct sb_slice line, struct sb_strbuf *store);

#endif
