/* The history file: times, keys, adding in any order, schema versions, hostile files, writers that are killed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>
#include "core/alloc.h"
#include "core/text.h"
#include "history/cell_key.h"
#include "history/history.h"
#include "history/timestamp.h"

static char folder[64], path[128];

static int make_folder(void **unused)
{
    (void)unused;
    snprintf(folder, sizeof folder, "/tmp/sbstat-history.XXXXXX");
    if (!mkdtemp(folder)) return -1;
    snprintf(path, sizeof path, "%s/h.sqlite", folder);
    return 0;
}

static int remove_folder(void **unused)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    (void)unused;
    for (size_t i = 0; i < SB_ARRAY_SIZE(suffixes); i++) {
        char file[160];
        snprintf(file, sizeof file, "%s%s", path, suffixes[i]);
        unlink(file);
    }
    return rmdir(folder);
}

/* ---- times and keys ---- */

static void check_time(const char *text, const char *wanted)
{
    char buf[SB_TIME_MAX];
    int64_t ms;
    if (!sb_time_parse(text, &ms)) fail_msg("%s is refused", text);
    sb_time_format(ms, buf);
    assert_string_equal(buf, wanted);
}

static void times_are_read_exactly(void **unused)
{
    static const char *const wrong[] = {"", "2026", "2026-13-01", "2026-02-29", "2100-02-29", "2026-11-24T", "2026-11-24T9:30",
                                        "2026-11-24T24:00", "2026-11-24T09:60", "2026-11-24T09:30:61Z", "2026-11-24T09:30:00.Z",
                                        "2026-11-24T09:30+2:00", "2026-11-24T09:30Zz", "2026-11-24 ", "0026-11-24", "2026-11-24Z",
                                        "2026-11-24T09:30:00,5Z", "20261124", "now", "-2026-11-24"};
    int64_t ms;
    (void)unused;
    check_time("2026-11-24", "2026-11-24T00:00:00Z");
    check_time("2026-11-24T09:30", "2026-11-24T09:30:00Z");
    check_time("2026-11-24 09:30:05", "2026-11-24T09:30:05Z");
    check_time("2026-11-23T22:30:47.020Z", "2026-11-23T22:30:47.020Z");
    check_time("2026-11-23T22:30:47.0209999Z", "2026-11-23T22:30:47.020Z");
    check_time("2026-11-24T01:00:00+02:00", "2026-11-23T23:00:00Z");
    check_time("2026-12-31T23:30-01:00", "2027-01-01T00:30:00Z");
    check_time("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z");
    check_time("2024-02-29", "2024-02-29T00:00:00Z");
    check_time("1900-03-01", "1900-03-01T00:00:00Z");
    check_time("9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z");
    assert_true(sb_time_parse("1970-01-01", &ms) && ms == 0);
    assert_true(sb_time_parse("2001-09-09T01:46:40Z", &ms) && ms == INT64_C(1000000000000));
    for (size_t i = 0; i < SB_ARRAY_SIZE(wrong); i++)
        if (sb_time_parse(wrong[i], &ms)) fail_msg("\"%s\" is taken", wrong[i]);
}

static void keys_bring_every_label_back(void **unused)
{
    static const char *const wrong[] = {"a", "=b", "a=", "a=b;", ";a=b", "a=b;a=c", "b=1;a=1", "a=%", "a=%2", "a=%zz", "a=%00", "a=%2g"};
    struct sb_labels cell = SB_LABELS_INIT, back;
    struct sb_strbuf key = SB_STRBUF_INIT;
    struct sb_arena arena;
    (void)unused;
    sb_arena_init(&arena);
    sb_labels_set(&cell, "platform", "raw");
    sb_labels_set(&cell, "a=;%b", "\x1b[31m;=%\n\"' OR 1=1--");
    sb_labels_set(&cell, "unicode", "\xc3\xa9\xff");
    sb_cell_key_write(&key, &cell);
    assert_true(sb_cell_key_read(&arena, key.buf, &back));
    assert_int_equal(sb_labels_cmp(&cell, &back), 0);
    assert_int_equal(back.nr, 3);
    assert_true(sb_cell_key_read(&arena, "", &back));
    assert_int_equal(back.nr, 0);
    for (size_t i = 0; i < SB_ARRAY_SIZE(wrong); i++)
        if (sb_cell_key_read(&arena, wrong[i], &back)) fail_msg("\"%s\" is taken", wrong[i]);
    sb_strbuf_release(&key);
    sb_labels_release(&cell);
    sb_arena_free(&arena);
}

/* ---- adding and reading ---- */

/* A summary of `n` equal steps around a mean, in a cell of its own. */
struct sample {
    struct sb_summary s;
    struct sb_label label[2];
    double values[3];
    const char *codes[2];
};

static const struct sb_summary *sample(struct sample *x, const char *platform, double mean)
{
    *x = (struct sample){.label = {{"platform", platform}, {"test", "cpu"}}, .values = {mean - 1, mean, mean + 1}};
    x->codes[0] = "BOOT_UNKNOWN";
    x->codes[1] = "NOISY";
    x->s = (struct sb_summary){.cell = {x->label, 2, 2}, .kind = "cpu", .metric = "events_per_second", .unit = "1/s",
                               .better = SB_BETTER_HIGHER, .n = 3, .n_runs = 4, .mean = mean, .sd = 1, .confidence = 0.95,
                               .ci_low = mean - 2, .ci_high = mean + 2, .geomean = mean > 1 ? mean : NAN, .findings = {x->codes, 2},
                               .values = x->values};
    return &x->s;
}

static struct sb_history *open_or_fail(bool write)
{
    struct sb_err err;
    struct sb_history *h = sb_history_open(path, write, &err);
    if (!h) fail_msg("%s", err.msg);
    return h;
}

static void add(struct sb_history *h, const char *id, int64_t day, const char *platform, double mean)
{
    struct sample x;
    struct sb_err err;
    struct sb_history_added added;
    const struct sb_summary *list[] = {sample(&x, platform, isnan(mean) ? 1 : mean)};
    x.s.mean = mean;
    if (!sb_history_add(h, id, day * 86400000, list, 1, &added, &err)) fail_msg("%s", err.msg);
}

static struct sb_trends read_trends(const char *glob)
{
    struct sb_history *h = open_or_fail(false);
    struct sb_trends trends;
    struct sb_err err;
    struct sb_filter filter = {"platform", glob};
    struct sb_history_query query = {.filters = &filter, .filters_nr = 1, .adjust = true};
    if (!sb_history_trends(h, &query, &trends, &err)) fail_msg("%s", err.msg);
    sb_history_close(h);
    return trends;
}

static void what_is_added_comes_back(void **unused)
{
    struct sb_history *h = open_or_fail(true);
    (void)unused;
    add(h, "one", 3, "raw", 0.1 + 0.2);
    sb_history_close(h);
    struct sb_trends t = read_trends("*");
    assert_int_equal(t.nr, 1);
    const struct sb_trend_point *p = &t.v[0].points[0];
    assert_string_equal(sb_labels_get(&t.v[0].cell, "platform"), "raw");
    assert_string_equal(t.v[0].metric, "events_per_second");
    assert_int_equal(t.v[0].better, SB_BETTER_HIGHER);
    assert_string_equal(p->id, "one");
    assert_string_equal(p->at, "1970-01-04T00:00:00Z");
    assert_true(p->mean == 0.1 + 0.2 && p->sd == 1 && isnan(p->geomean) && p->ci_high == 0.1 + 0.2 + 2);
    assert_int_equal(p->n, 3);
    assert_int_equal(p->n_runs, 4);
    assert_int_equal(p->values_nr, 3);
    assert_true(p->values[0] == 0.1 + 0.2 - 1 && p->values[2] == 0.1 + 0.2 + 1);
    assert_int_equal(p->findings.nr, 2);
    assert_true(sb_codes_has(&p->findings, "NOISY"));
    assert_false(t.v[0].tested);
    sb_trends_release(&t);
}

static void an_entry_grows_but_does_not_change(void **unused)
{
    struct sb_history *h = open_or_fail(true);
    struct sample raw, docker, other;
    struct sb_err err;
    struct sb_history_added added;
    const struct sb_summary *both[] = {sample(&raw, "raw", 10), sample(&docker, "docker", 20)};
    (void)unused;
    add(h, "v1", 1, "raw", 10);
    assert_true(sb_history_add(h, "v1", 86400000, both, 2, &added, &err)); /* docker is new, raw is there */
    assert_false(added.created);
    assert_int_equal(added.points, 1);
    assert_int_equal(added.unchanged, 1);
    assert_true(sb_history_add(h, "v1", 86400000, both, 2, &added, &err));
    assert_int_equal(added.points, 0);

    const struct sb_summary *changed[] = {sample(&other, "podman", 5), sample(&raw, "raw", 10.5)};
    assert_false(sb_history_add(h, "v1", 86400000, changed, 2, &added, &err));
    assert_int_equal(err.code, SB_ERR_USAGE);
    assert_non_null(strstr(err.msg, "other figures"));
    assert_false(sb_history_add(h, "v1", 86400001, both, 2, &added, &err));
    assert_int_equal(err.code, SB_ERR_USAGE);
    assert_false(sb_history_add(h, "", 1, both, 2, &added, &err));
    sb_history_close(h);

    struct sb_trends t = read_trends("*");
    assert_int_equal(t.nr, 2); /* nothing of the refused entry: not podman either */
    sb_trends_release(&t);
}

/* Everything that a reader sees, as text. */
static void dump(struct sb_strbuf *out)
{
    struct sb_history *h = open_or_fail(false);
    struct sb_history_entries entries;
    struct sb_err err;
    if (!sb_history_list(h, &entries, &err)) fail_msg("%s", err.msg);
    for (size_t i = 0; i < entries.nr; i++)
        sb_strbuf_addf(out, "%s %s %zu\n", entries.v[i].id, entries.v[i].at, entries.v[i].points);
    sb_history_entries_release(&entries);
    sb_history_close(h);
    struct sb_trends t = read_trends("*");
    for (size_t i = 0; i < t.nr; i++) {
        sb_strbuf_addf(out, "%s p %.17g\n", sb_labels_get(&t.v[i].cell, "platform"), t.v[i].p);
        for (size_t k = 0; k < t.v[i].nr; k++)
            sb_strbuf_addf(out, "  %s %.17g %zu\n", t.v[i].points[k].id, t.v[i].points[k].mean, t.v[i].points[k].segment);
        for (size_t k = 0; k < t.v[i].changes_nr; k++)
            sb_strbuf_addf(out, "  change %zu %.17g %.17g %d\n", t.v[i].changes[k].at, t.v[i].changes[k].ratio, t.v[i].changes[k].p,
                           (int)t.v[i].changes[k].verdict);
    }
    sb_trends_release(&t);
}

enum { ENTRIES = 18 };

static double value_of(size_t i, bool docker)
{
    return 100 + (double)(i * 7 % 5) / 10 - (docker && i >= 10 ? 15 : 0);
}

static void name_of(size_t i, char name[16])
{
    snprintf(name, 16, "v%zu", i + 1);
}

static void the_order_of_adding_does_not_matter(void **unused)
{
    struct sb_strbuf once = SB_STRBUF_INIT, piecemeal = SB_STRBUF_INIT;
    struct sb_err err;
    struct sb_history_added added;
    char name[16];
    (void)unused;
    struct sb_history *h = open_or_fail(true);
    for (size_t i = 0; i < ENTRIES; i++) { /* whole entries, in order; two share a time */
        struct sample raw, docker;
        const struct sb_summary *both[] = {sample(&raw, "raw", value_of(i, false)), sample(&docker, "docker", value_of(i, true))};
        name_of(i, name);
        if (!sb_history_add(h, name, (int64_t)(i / 2) * 86400000, both, 2, &added, &err)) fail_msg("%s", err.msg);
    }
    sb_history_close(h);
    dump(&once);
    remove_folder(NULL);
    assert_int_equal(make_folder(NULL), 0);
    h = open_or_fail(true);
    for (size_t k = 0; k < 2 * ENTRIES; k++) { /* one point at a time, in another order */
        size_t i = k * 7 % ENTRIES;
        bool docker = k < ENTRIES;
        name_of(i, name);
        add(h, name, (int64_t)(i / 2), docker ? "docker" : "raw", value_of(i, docker));
    }
    sb_history_close(h);
    dump(&piecemeal);
    assert_string_equal(once.buf, piecemeal.buf);
    assert_non_null(strstr(once.buf, "change 10 "));
    sb_strbuf_release(&once);
    sb_strbuf_release(&piecemeal);
}

static void changes_have_a_direction_and_a_ratio(void **unused)
{
    struct sb_history *h = open_or_fail(true);
    char name[16];
    (void)unused;
    for (size_t i = 0; i < ENTRIES; i++) {
        name_of(i, name);
        add(h, name, (int64_t)i, "docker", value_of(i, true));
        add(h, name, (int64_t)i, "raw", i == 4 ? NAN : value_of(i, false)); /* one entry without a value */
        add(h, name, (int64_t)i, "host", i % 2 ? -5 - (double)(i % 3) + (i > 9 ? 50 : 0) : -6 + (i > 9 ? 50 : 0));
        if (i < 7) add(h, name, (int64_t)i, "qcow2", i < 3 ? 10 : 100);
    }
    sb_history_close(h);
    struct sb_trends t = read_trends("*");
    assert_int_equal(t.nr, 4); /* host, raw, qcow2, docker: in the platforms' order */
    assert_int_equal(t.tested, 3);
    assert_int_equal(t.needed, 8);
    for (size_t i = 0; i < t.nr; i++) {
        const struct sb_trend *trend = &t.v[i];
        const char *platform = sb_labels_get(&trend->cell, "platform");
        if (strcmp(platform, "docker") == 0) {
            assert_int_equal(trend->changes_nr, 1);
            assert_int_equal(trend->changes[0].at, 10);
            assert_int_equal(trend->changes[0].verdict, SB_SLOWER);
            assert_true(fabs(trend->changes[0].ratio - 0.85) < 0.005);
            assert_int_equal(trend->points[9].segment, 0);
            assert_int_equal(trend->points[10].segment, 1);
        } else if (strcmp(platform, "raw") == 0) {
            assert_int_equal(trend->nr, ENTRIES);
            assert_int_equal(trend->changes_nr, 0);
        } else if (strcmp(platform, "host") == 0) { /* not positive: a difference, no ratio */
            assert_int_equal(trend->changes_nr, 1);
            assert_true(isnan(trend->changes[0].ratio));
            assert_int_equal(trend->changes[0].verdict, SB_FASTER);
        } else {
            assert_false(trend->tested);
            assert_true(isnan(trend->p));
            assert_int_equal(trend->changes_nr, 0);
        }
    }
    sb_trends_release(&t);
    t = read_trends("dock*");
    assert_int_equal(t.nr, 1);
    sb_trends_release(&t);
}

/* ---- other files ---- */

static void run_sql(const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK) fail_msg("%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* Schema 1 as it was: no replicate values. */
static const char version_1[] =
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, at_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE series(id INTEGER PRIMARY KEY, cell TEXT NOT NULL, metric TEXT NOT NULL, unit TEXT NOT NULL,"
    "  better TEXT NOT NULL, UNIQUE(cell, metric, unit, better)) STRICT;"
    "CREATE TABLE point(series INTEGER NOT NULL REFERENCES series(id), entry INTEGER NOT NULL REFERENCES entry(id),"
    "  n INTEGER NOT NULL, n_runs INTEGER NOT NULL, mean REAL, sd REAL, confidence REAL, ci_low REAL, ci_high REAL,"
    "  geomean REAL, findings TEXT NOT NULL, PRIMARY KEY(series, entry)) STRICT, WITHOUT ROWID;"
    "INSERT INTO entry VALUES(1, 'old', 0); INSERT INTO series VALUES(1, 'platform=raw;test=cpu', 'events_per_second', '1/s', 'higher');"
    "INSERT INTO point VALUES(1, 1, 3, 4, 12.5, 1, 0.95, 11, 14, 12.4, 'NOISY');"
    "PRAGMA application_id=0x73627374; PRAGMA user_version=1;";

static void an_older_schema_is_brought_up_to_date(void **unused)
{
    (void)unused;
    run_sql(version_1);
    struct sb_trends t = read_trends("*"); /* reading does it too */
    assert_int_equal(t.nr, 1);
    assert_true(t.v[0].points[0].mean == 12.5);
    assert_null(t.v[0].points[0].values);
    sb_trends_release(&t);
    struct sb_history *h = open_or_fail(true);
    add(h, "new", 1, "raw", 13);
    sb_history_close(h);
    t = read_trends("*");
    assert_int_equal(t.v[0].nr, 2);
    assert_int_equal(t.v[0].points[1].values_nr, 3);
    sb_trends_release(&t);
}

static void refused(bool write, enum sb_err_code code, const char *text)
{
    struct sb_err err = {.code = SB_OK, .msg = ""};
    assert_null(sb_history_open(path, write, &err));
    assert_int_equal(err.code, code);
    if (!strstr(err.msg, text)) fail_msg("\"%s\" does not say \"%s\"", err.msg, text);
    assert_non_null(strstr(err.msg, "h.sqlite"));
}

static void write_file(const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
}

static void files_that_are_no_history_are_refused_and_left_alone(void **unused)
{
    static const char text[] = "just some text, longer than a header of a hundred bytes ......................................................";
    struct stat st;
    (void)unused;
    refused(false, SB_ERR_NO_INPUT, "No such file");
    write_file(text);
    refused(false, SB_ERR_FORMAT, "not a database");
    refused(true, SB_ERR_FORMAT, "not a database");
    assert_true(stat(path, &st) == 0 && st.st_size == sizeof text - 1);
    unlink(path);
    run_sql("CREATE TABLE mine(x); INSERT INTO mine VALUES(1);");
    refused(true, SB_ERR_FORMAT, "not a history of sbstat");
    refused(false, SB_ERR_FORMAT, "not a history of sbstat");
    unlink(path);
    run_sql("PRAGMA application_id=0x73627374; PRAGMA user_version=999; CREATE TABLE future(x);");
    refused(true, SB_ERR_FORMAT, "newer sbstat");
    refused(false, SB_ERR_FORMAT, "newer sbstat");
    unlink(path);
    write_file("");
    refused(false, SB_ERR_FORMAT, "not a history of sbstat");
    sb_history_close(open_or_fail(true)); /* an empty file becomes one */
    unlink(path);
    assert_int_equal(mkdir(path, 0777), 0);
    refused(true, SB_ERR_FORMAT, "not a regular file");
    rmdir(path);
}

static void a_series_that_we_did_not_write_is_an_error(void **unused)
{
    struct sb_trends t;
    struct sb_err err;
    struct sb_history_query query = {.adjust = true};
    (void)unused;
    run_sql(version_1);
    run_sql("INSERT INTO series VALUES(2, 'no key', 'm', 'u', 'higher')");
    struct sb_history *h = open_or_fail(false);
    assert_false(sb_history_trends(h, &query, &t, &err));
    assert_int_equal(err.code, SB_ERR_FORMAT);
    sb_trends_release(&t);
    sb_history_close(h);
    unlink(path);

    run_sql(version_1);
    run_sql("UPDATE entry SET at_ms = -9223372036854775808"); /* no time that can be written */
    h = open_or_fail(false);
    assert_false(sb_history_trends(h, &query, &t, &err));
    assert_int_equal(err.code, SB_ERR_FORMAT);
    sb_trends_release(&t);
    struct sb_history_entries entries;
    assert_false(sb_history_list(h, &entries, &err));
    sb_history_entries_release(&entries);
    sb_history_close(h);
    unlink(path);

    run_sql("PRAGMA application_id=0x73627374; PRAGMA user_version=2; CREATE TABLE entry(x);");
    h = open_or_fail(false);
    assert_false(sb_history_trends(h, &query, &t, &err));
    assert_int_equal(err.code, SB_ERR_FORMAT);
    sb_trends_release(&t);
    sb_history_close(h);
}

/* Any byte of the file changed, or its end cut off: an answer or an error, never a crash. */
static void damaged_files_are_survived(void **unused)
{
    size_t answers = 0, errors = 0, size;
    static char whole[1 << 17];
    (void)unused;
    struct sb_history *h = open_or_fail(true);
    for (int i = 0; i < 9; i++)
        add(h, (const char[]){(char)('a' + i), 0}, i, i % 2 ? "raw" : "docker", 10 + i);
    sb_history_close(h);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    size = fread(whole, 1, sizeof whole, f);
    fclose(f);
    assert_in_range(size, 4096, sizeof whole - 1);
    for (size_t round = 0; round < 400; round++) {
        size_t at = round * 2654435761u % size;
        char kept = whole[at];
        whole[at] = (char)(kept ^ (1 << round % 8));
        f = fopen(path, "wb");
        assert_non_null(f);
        fwrite(whole, 1, round % 10 ? size : at, f);
        fclose(f);
        whole[at] = kept;
        struct sb_err err;
        struct sb_trends t;
        struct sb_history_query query = {.adjust = true};
        h = sb_history_open(path, round % 2, &err);
        bool ok = h && sb_history_trends(h, &query, &t, &err);
        if (h) sb_trends_release(&t);
        if (!ok) assert_in_range(err.code, SB_ERR_NO_INPUT, SB_ERR_FORMAT);
        if (ok)
            answers++;
        else
            errors++;
        sb_history_close(h);
        char side[160];
        snprintf(side, sizeof side, "%s-wal", path);
        unlink(side);
        snprintf(side, sizeof side, "%s-shm", path);
        unlink(side);
    }
    print_message("%zu answers, %zu errors\n", answers, errors);
    assert_true(answers && errors);
}

static void names_are_taken_literally(void **unused)
{
    static const char *const names[] = {":memory:", "file:x?mode=memory", "a%2fb#c?d", "'; DROP TABLE entry; --"};
    char before[512];
    (void)unused;
    assert_non_null(getcwd(before, sizeof before));
    assert_int_equal(chdir(folder), 0);
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        struct sb_err err;
        struct sb_history *h = sb_history_open(names[i], true, &err);
        if (!h) fail_msg("%s", err.msg);
        add(h, names[i], 1, names[i], 3);
        sb_history_close(h);
        struct stat st;
        assert_int_equal(stat(names[i], &st), 0);
        h = sb_history_open(names[i], false, &err);
        assert_non_null(h);
        struct sb_history_entries entries;
        assert_true(sb_history_list(h, &entries, &err));
        assert_string_equal(entries.v[0].id, names[i]);
        sb_history_entries_release(&entries);
        sb_history_close(h);
        unlink(names[i]);
    }
    assert_int_equal(chdir(before), 0);
}

/* ---- writers at once, some of them killed ---- */

enum { WRITERS = 8, ADDS = 50, CELLS = 4 };

/* Adds entries of CELLS points each and acknowledges every commit on the pipe. */
static void writer(int number, int acks)
{
    static const char *const platforms[CELLS] = {"raw", "qcow2", "docker", "host"};
    struct sb_err err;
    struct sb_history *h = sb_history_open(path, true, &err);
    if (!h) _exit(1);
    for (int i = 0; i < ADDS; i++) {
        struct sample x[CELLS];
        const struct sb_summary *list[CELLS];
        struct sb_history_added added;
        char name[16];
        snprintf(name, sizeof name, "w%d-%d", number, i);
        for (size_t c = 0; c < CELLS; c++)
            list[c] = sample(&x[c], platforms[c], 100 * number + i);
        if (!sb_history_add(h, name, i, list, CELLS, &added, &err)) _exit(2);
        int ack = number * ADDS + i;
        if (write(acks, &ack, sizeof ack) != sizeof ack) _exit(3);
    }
    sb_history_close(h);
    _exit(0);
}

static int count(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *stmt;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int result = strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0 ? -1 : sqlite3_column_int(stmt, 0);
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    return result;
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){ms / 1000, ms % 1000 * 1000000}, NULL);
}

static void committed_rows_survive_killed_writers(void **unused)
{
    bool acked[WRITERS * ADDS] = {false};
    pid_t pids[WRITERS];
    int ends[2], ack, acks = 0, killed = 0;
    (void)unused;
    assert_int_equal(pipe(ends), 0);
    for (int i = 0; i < WRITERS; i++) {
        pids[i] = fork();
        assert_true(pids[i] >= 0);
        if (pids[i] == 0) {
            close(ends[0]);
            writer(i, ends[1]);
        }
    }
    close(ends[1]);
    while (read(ends[0], &ack, sizeof ack) == sizeof ack) {
        assert_in_range(ack, 0, WRITERS * ADDS - 1);
        acked[ack] = true;
        acks++;
        int number = ack / ADDS;
        if (number % 2 == 0 && ack % ADDS == 5 + 4 * number) { /* every second one, somewhere in its next adds */
            pause_ms(number);
            kill(pids[number], SIGKILL);
        }
    }
    close(ends[0]);
    for (int i = 0; i < WRITERS; i++) {
        int status;
        assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
        killed += WIFSIGNALED(status);
        if (!WIFSIGNALED(status)) assert_int_equal(WEXITSTATUS(status), 0);
        if (i % 2) assert_false(WIFSIGNALED(status));
    }
    print_message("%d of %d adds acknowledged, %d writers killed\n", acks, WRITERS * ADDS, killed);
    assert_true(acks >= WRITERS / 2 * ADDS);

    assert_int_equal(count("PRAGMA integrity_check"), -1);
    struct sb_history *h = open_or_fail(true);
    struct sb_history_entries entries;
    struct sb_err err;
    assert_true(sb_history_list(h, &entries, &err));
    size_t found = 0;
    for (size_t i = 0; i < entries.nr; i++) {
        int number, add_number;
        assert_int_equal(sscanf(entries.v[i].id, "w%d-%d", &number, &add_number), 2);
        assert_int_equal(entries.v[i].points, CELLS); /* never half an entry */
        found += acked[number * ADDS + add_number];
    }
    assert_int_equal(found, acks);
    assert_true(entries.nr >= (size_t)acks && entries.nr <= (size_t)acks + WRITERS / 2); /* committed, killed before the word */
    assert_int_equal(count("SELECT count(*) FROM replicate"), (int)entries.nr * CELLS * 3);
    assert_int_equal(count("SELECT count(*) FROM series"), CELLS);
    sb_history_entries_release(&entries);
    sb_history_close(h);
    assert_int_equal(count("PRAGMA integrity_check"), -1);
}

static void a_reader_sees_whole_entries_while_others_write(void **unused)
{
    int status;
    (void)unused;
    sb_history_close(open_or_fail(true));
    pid_t pid = fork();
    if (pid == 0) {
        int null[2];
        if (pipe(null) != 0) _exit(4);
        writer(0, null[1]);
    }
    do {
        struct sb_trends t = read_trends("*");
        for (size_t i = 1; i < t.nr; i++)
            assert_int_equal(t.v[i].nr, t.v[0].nr);
        sb_trends_release(&t);
    } while (waitpid(pid, &status, WNOHANG) == 0);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_exactly),
        cmocka_unit_test(keys_bring_every_label_back),
        cmocka_unit_test_setup_teardown(what_is_added_comes_back, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(an_entry_grows_but_does_not_change, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(the_order_of_adding_does_not_matter, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(changes_have_a_direction_and_a_ratio, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(an_older_schema_is_brought_up_to_date, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(files_that_are_no_history_are_refused_and_left_alone, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_series_that_we_did_not_write_is_an_error, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(damaged_files_are_survived, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(names_are_taken_literally, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(committed_rows_survive_killed_writers, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(a_reader_sees_whole_entries_while_others_write, make_folder, remove_folder),
    };
    return cmocka_run_group_tests_name("history", tests, NULL, NULL);
}
