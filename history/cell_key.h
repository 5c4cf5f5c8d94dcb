/*
 * A cell as one text, the key of a series: "config=c1g1;platform=raw;test=cpu". Names are in bytewise order;
 * '%', ';', '=' and control characters in names and values are percent-encoded, so that any label comes back
 * as it was.
 */
#ifndef SB_HISTORY_CELL_KEY_H
#define SB_HISTORY_CELL_KEY_H

#include <stdbool.h>
#include "core/arena.h"
#include "core/label.h"
#include "core/strbuf.h"

void sb_cell_key_write(struct sb_strbuf *out, const struct sb_labels *cell);

/* The labels live in the arena. False when the text is not such a key. */
bool sb_cell_key_read(struct sb_arena *arena, const char *key, struct sb_labels *cell) SB_MUST_CHECK;

#endif
