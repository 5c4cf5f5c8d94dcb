/* The SQLite file behind a history; private to history_*.c. */
#ifndef SB_HISTORY_STORE_H
#define SB_HISTORY_STORE_H

#include <sqlite3.h>
#include "history/history.h"

struct sb_history {
    sqlite3 *db;
    char *name; /* for messages: the path as given */
};

/* Fills err from SQLite's state and returns false. */
bool sb_store_fail(struct sb_history *h, const char *what, struct sb_err *err);

/* Statements without results. */
bool sb_store_run(struct sb_history *h, const char *sql, struct sb_err *err) SB_MUST_CHECK;

/* NULL with err. */
sqlite3_stmt *sb_store_prepare(struct sb_history *h, const char *sql, struct sb_err *err) SB_MUST_CHECK;

/* SQLITE_ROW or SQLITE_DONE; else -1 with err. */
int sb_store_step(struct sb_history *h, sqlite3_stmt *stmt, struct sb_err *err) SB_MUST_CHECK;

#endif
