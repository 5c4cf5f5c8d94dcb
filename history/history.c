/* Opening the file, its schema and its errors. */
#include "history/history.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "history/store.h"

enum { BUSY_MS = 60000, APPLICATION_ID = 0x73627374 /* "sbst" */ };

/* One step for each version of the schema, never edited once released: a change is a further step. */
static const char *const migrations[] = {
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE series(id INTEGER PRIMARY KEY, cell TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT "
    "NULL,"
    "  better TEXT NOT NULL, UNIQUE(cell, metric, unit, better)) STRICT;"
    "CREATE TABLE point(series INTEGER NOT NULL REFERENCES series(id), entry INTEGER NOT NULL REFERENCES "
    "entry(id),"
    "  n INTEGER NOT NULL, n_runs INTEGER NOT NULL, mean REAL, sd REAL, confidence REAL, ci_low REAL, "
    "ci_high REAL,"
    "  geomean REAL, findings TEXT NOT NULL, PRIMARY KEY(series, entry)) STRICT, WITHOUT ROWID;",
    /* 2: the replicate values behind a point */
    "CREATE TABLE replicate(series INTEGER NOT NULL, entry INTEGER NOT NULL, i INTEGER NOT NULL, value REAL "
    "NOT NULL,"
    "  PRIMARY KEY(series, entry, i), FOREIGN KEY(series, entry) REFERENCES point(series, entry)) STRICT, "
    "WITHOUT ROWID;",
};

int sb_history_schema_version(void)
{
    return (int)SB_ARRAY_SIZE(migrations);
}

/* ---- errors and statements ---- */

static enum sb_err_code code_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_SCHEMA:
    case SQLITE_MISMATCH:
    case SQLITE_ERROR:
        return SB_ERR_FORMAT; /* our statements fit our schema: the file is not what it says it is */
    case SQLITE_NOMEM:
    case SQLITE_MISUSE: return SB_ERR_INTERNAL;
    default: return SB_ERR_OUTPUT; /* busy, full, read-only, I/O */
    }
}

bool sb_store_fail(struct sb_history *h, const char *what, struct sb_err *err)
{
    int result = sqlite3_extended_errcode(h->db);
    const char *reason = sqlite3_errmsg(h->db);
    if ((result & 0xff) == SQLITE_BUSY) reason = "another program keeps it locked";
    return sb_fail(err, code_of(result), "%s: %s: %s", h->name, what, reason);
}

bool sb_store_run(struct sb_history *h, const char *sql, struct sb_err *err)
{
    if (sqlite3_exec(h->db, sql, NULL, NULL, NULL) == SQLITE_OK) return true;
    return sb_store_fail(h, "cannot use the history", err);
}

sqlite3_stmt *sb_store_prepare(struct sb_history *h, const char *sql, struct sb_err *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(h->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        sb_store_fail(h, "cannot use the history", err);
    return stmt;
}

int sb_store_step(struct sb_history *h, sqlite3_stmt *stmt, struct sb_err *err)
{
    int result = sqlite3_step(stmt);
    if (result == SQLITE_ROW || result == SQLITE_DONE) return result;
    sb_store_fail(h, "cannot read or write", err);
    return -1;
}

static bool read_number(struct sb_history *h, const char *sql, int *number, struct sb_err *err)
{
    sqlite3_stmt *stmt = sb_store_prepare(h, sql, err);
    if (!stmt) return false;
    int step = sb_store_step(h, stmt, err);
    *number = step == SQLITE_ROW ? sqlite3_column_int(stmt, 0) : 0;
    sqlite3_finalize(stmt);
    return step != -1;
}

/* ---- the schema ---- */

struct schema {
    int version, application, tables;
};

static bool read_schema(struct sb_history *h, struct schema *s, struct sb_err *err)
{
    return read_number(h, "PRAGMA user_version", &s->version, err) &&
           read_number(h, "PRAGMA application_id", &s->application, err) &&
           read_number(h, "SELECT count(*) FROM sqlite_schema", &s->tables, err);
}

/* Is the file ours, or empty and to be made ours? */
static bool check_schema(struct sb_history *h, const struct schema *s, bool write, struct sb_err *err)
{
    bool empty = !s->tables && !s->version && !s->application;
    if (s->application != APPLICATION_ID && !(empty && write))
        return sb_fail(err, SB_ERR_FORMAT, "%s: not a history of sbstat", h->name);
    if (s->version > sb_history_schema_version())
        return sb_fail(err, SB_ERR_FORMAT, "%s: made by a newer sbstat (schema %d, this one knows %d)",
                       h->name, s->version, sb_history_schema_version());
    return true;
}

/* Inside a write transaction: another program may have done it since we looked. */
static bool apply_migrations(struct sb_history *h, struct sb_err *err)
{
    struct schema s;
    char sql[128];
    if (!read_schema(h, &s, err) || !check_schema(h, &s, true, err)) return false;
    for (int v = s.version; v < sb_history_schema_version(); v++)
        if (!sb_store_run(h, migrations[v], err)) return false;
    snprintf(sql, sizeof sql, "PRAGMA application_id=%d; PRAGMA user_version=%d", APPLICATION_ID,
             sb_history_schema_version());
    return s.version == sb_history_schema_version() || sb_store_run(h, sql, err);
}

static bool migrate(struct sb_history *h, struct sb_err *err)
{
    if (!sb_store_run(h, "BEGIN IMMEDIATE", err)) return false;
    if (apply_migrations(h, err) && sb_store_run(h, "COMMIT", err)) return true;
    sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

/* ---- opening ---- */

/* Taken literally: a leading "./" keeps SQLite from seeing ":memory:" or "file:". */
static char *literal_path(const char *path)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (*path != '/') sb_strbuf_adds(&out, "./");
    sb_strbuf_adds(&out, path);
    return sb_strbuf_detach(&out, NULL);
}

/* A file in a folder where nothing can be written: SQLite has to be told that nobody else writes either. */
static char *immutable_uri(const char *path)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    sb_strbuf_adds(&out, "file:");
    for (; *path; path++)
        if (strchr("%?#", *path) || (unsigned char)*path < 0x21 || (unsigned char)*path > 0x7e)
            sb_strbuf_addf(&out, "%%%02X", (unsigned char)*path);
        else
            sb_strbuf_addc(&out, *path);
    sb_strbuf_adds(&out, "?immutable=1");
    return sb_strbuf_detach(&out, NULL);
}

/* Opens and looks at the file, which is when SQLite really reads it. */
static bool try_open(struct sb_history *h, const char *path, int flags)
{
    int result = sqlite3_open_v2(path, &h->db, flags, NULL);
    if (result == SQLITE_OK) {
        sqlite3_busy_timeout(h->db, BUSY_MS);
        sqlite3_extended_result_codes(h->db, 1);
        sqlite3_db_config(h->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(h->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        result = sqlite3_exec(h->db, "SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL);
    }
    return result == SQLITE_OK;
}

static bool open_for_reading(struct sb_history *h, const char *path, struct sb_err *err)
{
    char *uri = immutable_uri(path);
    const struct {
        const char *path;
        int flags;
    } ways[] = {{path, SQLITE_OPEN_READWRITE},
                {path, SQLITE_OPEN_READONLY},
                {uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI}};
    bool ok = false;
    for (size_t i = 0; i < SB_ARRAY_SIZE(ways) && !ok; i++) {
        sqlite3_close(h->db);
        h->db = NULL;
        ok = try_open(h, ways[i].path, ways[i].flags);
    }
    if (!ok) {
        sb_store_fail(h, "cannot read the history", err);
        if (err && err->code == SB_ERR_OUTPUT) err->code = SB_ERR_NO_INPUT;
    }
    free(uri);
    return ok;
}

/* The mode stays in the file. While another program switches it, SQLite says busy without waiting. */
static bool use_wal(struct sb_history *h, struct sb_err *err)
{
    int result = SQLITE_BUSY;
    for (int i = 0; i < BUSY_MS / 20 && result == SQLITE_BUSY; i++) {
        if (i) sqlite3_sleep(20);
        result = sqlite3_exec(h->db, "PRAGMA journal_mode=WAL", NULL, NULL, NULL) & 0xff;
    }
    return result == SQLITE_OK || sb_store_fail(h, "cannot switch to write-ahead logging", err);
}

static bool open_for_writing(struct sb_history *h, const char *path, struct sb_err *err)
{
    struct schema s;
    if (!try_open(h, path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE))
        return sb_store_fail(h, "cannot open the history", err);
    if (!read_schema(h, &s, err) || !check_schema(h, &s, true, err))
        return false; /* before anything is changed */
    return use_wal(h, err) && sb_store_run(h, "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON", err) &&
           migrate(h, err);
}

static bool prepare_for_reading(struct sb_history *h, struct sb_err *err)
{
    struct schema s;
    if (!read_schema(h, &s, err) || !check_schema(h, &s, false, err)) return false;
    if (s.version == sb_history_schema_version()) return true;
    if (!sqlite3_db_readonly(h->db, "main")) return migrate(h, err);
    return sb_fail(err, SB_ERR_FORMAT,
                   "%s: made by an older sbstat, and cannot be brought up to date: it is read-only", h->name);
}

static bool open_file(struct sb_history *h, const char *path, bool write, struct sb_err *err)
{
    struct stat st;
    bool exists = stat(path, &st) == 0;
    if (!exists && !write) return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", h->name, strerror(errno));
    if (exists && !S_ISREG(st.st_mode)) return sb_fail(err, SB_ERR_FORMAT, "%s: not a regular file", h->name);
    return write ? open_for_writing(h, path, err)
                 : open_for_reading(h, path, err) && prepare_for_reading(h, err);
}

struct sb_history *sb_history_open(const char *path, bool write, struct sb_err *err)
{
    struct sb_history *h = sb_xcalloc(1, sizeof *h);
    char *literal = literal_path(path);
    h->name = sb_xstrdup(path);
    if (!open_file(h, literal, write, err)) {
        sb_history_close(h);
        h = NULL;
    }
    free(literal);
    return h;
}

void sb_history_close(struct sb_history *h)
{
    if (!h) return;
    sqlite3_close(h->db);
    free(h->name);
    free(h);
}
