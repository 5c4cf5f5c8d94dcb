/* Text in columns of a terminal: widths in character cells, wrapping, padding. Input is plain UTF-8, already
 * safe. */
#ifndef SB_REPORT_COLUMNS_H
#define SB_REPORT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include "core/strbuf.h"

/* Cells that the text takes: 2 for wide East Asian characters and emoji, 0 for combining marks. */
size_t sb_columns_width(const char *text);

/* Appends the text in exactly `width` cells: padded, or cut with an ellipsis. */
void sb_columns_pad(struct sb_strbuf *out, const char *text, size_t width, bool right);

/* Appends at most `width` cells of the text, cut with an ellipsis; no padding. width 0: all. */
void sb_columns_cut(struct sb_strbuf *out, const char *text, size_t width);

/* Appends the text in lines of at most `width` cells (0: one line), broken at blanks, each followed by a
 * newline. The first line starts after `first`, the others after `rest`. */
void sb_columns_wrap(struct sb_strbuf *out, const char *text, size_t width, const char *first,
                     const char *rest);

#endif
