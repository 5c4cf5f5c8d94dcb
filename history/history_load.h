/* Series as they stand in the file; private to the room. sb_history_trends() adds what can be said about
 * them. */
#ifndef SB_HISTORY_HISTORY_LOAD_H
#define SB_HISTORY_HISTORY_LOAD_H

#include "history/history.h"

/* Appends the series that pass the query, with their points; `trends` is initialised. */
bool sb_history_load(struct sb_history *history, const struct sb_history_query *query,
                     struct sb_trends *trends, struct sb_err *err) SB_MUST_CHECK;

#endif
