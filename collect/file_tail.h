/* The end of a file that grows, as a console's: for messages. */
#ifndef SB_COLLECT_FILE_TAIL_H
#define SB_COLLECT_FILE_TAIL_H

#include "core/strbuf.h"

/* Appends the last `lines` lines that have something in them, made safe to print, with " | " between them;
 * nothing when there is no such file. Reads at most 8 KiB. */
void sb_file_tail(struct sb_strbuf *out, const char *path, unsigned lines);

#endif
