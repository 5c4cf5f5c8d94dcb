/* What must hold for every log: the same runs through every wrapper, concatenation, and each figure where it
 * says it stands. The logs are those of golden/parsers/logs. */
#include "parsers/parse.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/json.h"
#include "io/outfile.h"

static const char *const folder = SBSTAT_TESTS_DIR "/golden/parsers/logs";

struct log {
    char *name, *text;
    size_t len;
};
static struct log logs[256];
static size_t logs_nr;

static int log_cmp(const void *a, const void *b)
{
    return strcmp(((const struct log *)a)->name, ((const struct log *)b)->name);
}

static int load(void **state)
{
    DIR *dir = opendir(folder);
    (void)state;
    if (!dir) return -1;
    for (struct dirent *e; (e = readdir(dir)) && logs_nr < SB_ARRAY_SIZE(logs);) {
        struct sb_strbuf path = SB_STRBUF_INIT;
        struct sb_err err;
        struct log *log = &logs[logs_nr];
        if (e->d_name[0] == '.') continue;
        sb_strbuf_addf(&path, "%s/%s", folder, e->d_name);
        if (sb_read_file(path.buf, 1 << 24, &log->text, &log->len, &err)) {
            log->name = sb_xstrdup(e->d_name);
            logs_nr++;
        }
        sb_strbuf_release(&path);
    }
    closedir(dir);
    qsort(logs, logs_nr, sizeof *logs, log_cmp);
    return logs_nr > 40 ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    for (size_t i = 0; i < logs_nr; i++) {
        free(logs[i].name);
        free(logs[i].text);
    }
    return 0;
}

static void parse(struct sb_dataset *ds, const char *text, size_t len)
{
    sb_dataset_init(ds);
    sb_parse_log(ds, "log", text, len, NULL, NULL);
}

static void same_values(const char *what, const struct sb_run *a, const struct sb_run *b, uint32_t shift)
{
    if (a->values_nr != b->values_nr || a->params_nr != b->params_nr || a->points_nr != b->points_nr ||
        a->buckets_nr != b->buckets_nr)
        fail_msg("%s: %zu values, %zu params, %zu points against %zu, %zu, %zu", what, a->values_nr,
                 a->params_nr, a->points_nr, b->values_nr, b->params_nr, b->points_nr);
    for (size_t i = 0; i < a->values_nr; i++) {
        const struct sb_value *x = &a->values[i], *y = &b->values[i];
        if (strcmp(x->metric, y->metric) != 0 || x->value != y->value || x->line + shift != y->line ||
            !sb_streq(x->text, y->text))
            fail_msg("%s: %s=%.17g line %u against %s=%.17g line %u", what, x->metric, x->value, x->line,
                     y->metric, y->value, y->line);
    }
    for (size_t i = 0; i < a->params_nr; i++)
        if (!sb_streq(a->params[i].name, b->params[i].name) ||
            !sb_streq(a->params[i].text, b->params[i].text))
            fail_msg("%s: %s=%s against %s=%s", what, a->params[i].name, a->params[i].text, b->params[i].name,
                     b->params[i].text);
    for (size_t i = 0; i < a->points_nr; i++)
        if (a->points[i].value != b->points[i].value || strcmp(a->points[i].metric, b->points[i].metric) != 0)
            fail_msg("%s: point %zu", what, i);
}

static void same_run(const char *what, const struct sb_run *a, const struct sb_run *b, uint32_t shift)
{
    if (strcmp(a->kind, b->kind) != 0 || strcmp(a->version, b->version) != 0 || a->status != b->status ||
        a->threads != b->threads)
        fail_msg("%s: %s %s %s against %s %s %s", what, a->kind, a->version, sb_status_text(a->status),
                 b->kind, b->version, sb_status_text(b->status));
    if (a->warnings != b->warnings || a->errors != b->errors || a->fatals != b->fatals)
        fail_msg("%s: %u warnings, %u fatals against %u, %u", what, a->warnings, a->fatals, b->warnings,
                 b->fatals);
    same_values(what, a, b, shift);
}

static void same_runs(const char *what, const struct sb_dataset *a, const struct sb_dataset *b,
                      uint32_t shift)
{
    if (a->runs_nr != b->runs_nr) fail_msg("%s: %zu runs against %zu", what, a->runs_nr, b->runs_nr);
    for (size_t i = 0; i < a->runs_nr; i++)
        same_run(what, &a->runs[i], &b->runs[i], shift);
}

/* ---- wrappers: each rewrites one line ---- */

typedef void wrap_fn(struct sb_strbuf *out, const char *line, size_t len, size_t number);

static void crlf(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_add(out, line, len);
    sb_strbuf_adds(out, "\r\n");
}

static void docker_time(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    sb_strbuf_addf(out, "2026-11-02T10:00:%02zu.123456789Z ", number % 60);
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void docker_json(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    (void)number;
    sb_strbuf_add(&text, line, len);
    sb_strbuf_addc(&text, '\n');
    struct json_object *object = json_object_new_object();
    json_object_object_add(object, "log", json_object_new_string_len(text.buf, (int)text.len));
    json_object_object_add(object, "stream", json_object_new_string("stdout"));
    json_object_object_add(object, "time", json_object_new_string("2026-11-02T10:00:00.000000000Z"));
    sb_strbuf_adds(out, json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN));
    sb_strbuf_addc(out, '\n');
    json_object_put(object);
    sb_strbuf_release(&text);
}

static void cri(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "2026-11-02T10:00:00.000000000+01:00 stdout F ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void syslog_line(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "Nov  2 10:00:00 vm-1 sysbench[123]: ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void journal(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "2026-11-02T10:00:00+0100 vm-1 bench.sh[7]: ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void colours(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "\x1b[0;32m\x1b[2K");
    sb_strbuf_add(out, line, len);
    sb_strbuf_adds(out, "\x1b[0m\x1b[K\r\r\n");
}

static void overwritten(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "working 10%\rworking 100%\r");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void typed_over(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "x\b");
    sb_strbuf_add(out, line, len);
    sb_strbuf_adds(out, "  \n");
}

static void quoted(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "> ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void compose(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "bench-1  | ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void bracket_time(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "[2026-11-02 10:00:00] ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void pod(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "[pod/bench-x/sysbench] ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void clock_line(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    sb_strbuf_adds(out, number % 2 ? "10:00:00 " : "[10:00:00.250] ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void numbered(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    sb_strbuf_addf(out, "%6zu\t", number + 1);
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void ci_job(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    (void)number;
    sb_strbuf_adds(out, "bench\tRun it\t2026-11-02T10:00:00.1234567Z ");
    sb_strbuf_add(out, line, len);
    sb_strbuf_addc(out, '\n');
}

static void list_item(struct sb_strbuf *out, const char *line, size_t len, size_t number)
{
    struct json_object *text = json_object_new_string_len(line, (int)len);
    (void)number;
    sb_strbuf_addf(out, "        %s,\n", json_object_to_json_string_ext(text, JSON_C_TO_STRING_PLAIN));
    json_object_put(text);
}

static const struct {
    const char *name;
    wrap_fn *wrap;
    bool blank_lines_only_overwritten; /* a blank line cannot be told from the text before it */
} wrappers[] = {
    {"CRLF", crlf, false},
    {"docker logs -t", docker_time, false},
    {"docker json-file", docker_json, false},
    {"CRI", cri, false},
    {"syslog", syslog_line, false},
    {"journal", journal, false},
    {"colours", colours, false},
    {"overwritten", overwritten, true},
    {"backspace", typed_over, false},
    {"quotation", quoted, false},
    {"compose", compose, false},
    {"bracketed time", bracket_time, false},
    {"pod", pod, false},
    {"clock", clock_line, false},
    {"numbered", numbered, false},
    {"CI job", ci_job, false},
    {"list", list_item, false},
};

static void wrap_text(struct sb_strbuf *out, const struct log *log, wrap_fn *wrap, bool skip_blank)
{
    size_t number = 0;
    for (size_t at = 0; at < log->len; number++) {
        const char *newline = memchr(log->text + at, '\n', log->len - at);
        size_t end = newline ? (size_t)(newline - log->text) : log->len, len = end - at;
        while (skip_blank && len && sb_is_space(log->text[at + len - 1]))
            len--;
        if (skip_blank && !len)
            sb_strbuf_addc(out, '\n');
        else
            wrap(out, log->text + at, end - at, number);
        at = end + 1;
    }
}

/* A log that already is quoted, cut, without a final newline or with NULs changes its meaning when lines are
 * rewritten. */
static bool plain(const struct log *log)
{
    return log->len && log->text[log->len - 1] == '\n' && !sb_has_suffix(log->name, ".md") &&
           !memchr(log->text, 0, log->len);
}

static void test_wrappers(void **state)
{
    (void)state;
    for (size_t i = 0; i < logs_nr; i++)
        for (size_t w = 0; w < SB_ARRAY_SIZE(wrappers) && plain(&logs[i]); w++) {
            struct sb_strbuf wrapped = SB_STRBUF_INIT, what = SB_STRBUF_INIT;
            struct sb_dataset a, b;
            wrap_text(&wrapped, &logs[i], wrappers[w].wrap, wrappers[w].blank_lines_only_overwritten);
            sb_strbuf_addf(&what, "%s in %s", logs[i].name, wrappers[w].name);
            parse(&a, logs[i].text, logs[i].len);
            parse(&b, wrapped.buf, wrapped.len);
            same_runs(what.buf, &a, &b, 0);
            sb_dataset_free(&a);
            sb_dataset_free(&b);
            sb_strbuf_release(&wrapped);
            sb_strbuf_release(&what);
        }
}

static void to_utf16(struct sb_strbuf *out, const struct log *log, bool big, bool bom)
{
    if (bom) sb_strbuf_add(out, big ? "\xfe\xff" : "\xff\xfe", 2);
    for (size_t i = 0; i < log->len; i++) {
        char unit[2] = {big ? 0 : log->text[i], big ? log->text[i] : 0};
        sb_strbuf_add(out, unit, 2);
    }
}

static bool ascii(const struct log *log)
{
    for (size_t i = 0; i < log->len; i++)
        if ((unsigned char)log->text[i] >= 0x80 || !log->text[i]) return false;
    return true;
}

static void test_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < logs_nr; i++)
        for (int e = 0; e < 6; e++) {
            struct sb_strbuf text = SB_STRBUF_INIT;
            struct sb_dataset a, b;
            if (!ascii(&logs[i]) || logs[i].len < 16) continue;
            if (e < 4) to_utf16(&text, &logs[i], e & 1, e & 2);
            if (e == 4) sb_strbuf_adds(&text, "\xef\xbb\xbf");
            if (e == 5) sb_strbuf_add(&text, "\0\0\0", 3);
            if (e >= 4) sb_strbuf_add(&text, logs[i].text, logs[i].len);
            parse(&a, logs[i].text, logs[i].len);
            parse(&b, text.buf, text.len);
            same_runs(logs[i].name, &a, &b, 0);
            sb_dataset_free(&a);
            sb_dataset_free(&b);
            sb_strbuf_release(&text);
        }
}

/* Kubernetes cuts long lines: here every line, in the middle, with the other stream between the halves. */
static void test_partial_lines(void **state)
{
    static const char *const time = "2026-11-02T10:00:00.000000000Z ";
    (void)state;
    for (size_t i = 0; i < logs_nr; i++) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        struct sb_dataset a, b;
        uint32_t line = 0;
        if (!plain(&logs[i])) continue;
        for (size_t at = 0; at < logs[i].len; line++) {
            size_t len = (size_t)((char *)memchr(logs[i].text + at, '\n', logs[i].len - at) - logs[i].text) -
                         at,
                   half = len / 2;
            sb_strbuf_addf(&text, "%sstdout P %.*s\n", time, (int)half, logs[i].text + at);
            sb_strbuf_addf(&text, "%sstderr F \n", time);
            sb_strbuf_addf(&text, "%sstdout F %.*s\n", time, (int)(len - half), logs[i].text + at + half);
            at += len + 1;
        }
        parse(&a, logs[i].text, logs[i].len);
        parse(&b, text.buf, text.len);
        assert_int_equal(a.runs_nr, b.runs_nr);
        for (size_t r = 0; r < a.runs_nr; r++)
            for (size_t v = 0; v < a.runs[r].values_nr; v++) {
                assert_int_equal(a.runs[r].values_nr, b.runs[r].values_nr);
                assert_true(a.runs[r].values[v].value == b.runs[r].values[v].value);
                assert_int_equal((a.runs[r].values[v].line - 1) * 3 + 1, b.runs[r].values[v].line);
            }
        sb_dataset_free(&a);
        sb_dataset_free(&b);
        sb_strbuf_release(&text);
    }
}

static uint32_t count_lines(const struct log *log)
{
    uint32_t lines = 0;
    for (size_t i = 0; i < log->len; i++)
        lines += log->text[i] == '\n';
    return lines;
}

/* A log with a banner behind another log: the runs of both. */
static void test_concatenation(void **state)
{
    (void)state;
    for (size_t i = 0; i < logs_nr; i++)
        for (size_t j = 0; j < logs_nr; j++) {
            struct sb_strbuf text = SB_STRBUF_INIT, what = SB_STRBUF_INIT;
            struct sb_dataset a, b, both;
            if ((i + 7 * j) % 3 != 0) continue; /* a third of all pairs, each log on both sides */
            if (!plain(&logs[i]) || !plain(&logs[j]) || !sb_has_prefix(logs[j].text, "sysbench ")) continue;
            sb_strbuf_add(&text, logs[i].text, logs[i].len);
            sb_strbuf_add(&text, logs[j].text, logs[j].len);
            sb_strbuf_addf(&what, "%s + %s", logs[i].name, logs[j].name);
            parse(&a, logs[i].text, logs[i].len);
            parse(&b, logs[j].text, logs[j].len);
            parse(&both, text.buf, text.len);
            if (both.runs_nr != a.runs_nr + b.runs_nr)
                fail_msg("%s: %zu + %zu runs became %zu", what.buf, a.runs_nr, b.runs_nr, both.runs_nr);
            for (size_t r = 0; r < a.runs_nr; r++)
                same_values(what.buf, &a.runs[r], &both.runs[r], 0);
            for (size_t r = 0; r < b.runs_nr; r++)
                same_values(what.buf, &b.runs[r], &both.runs[a.runs_nr + r], count_lines(&logs[i]));
            sb_dataset_free(&a);
            sb_dataset_free(&b);
            sb_dataset_free(&both);
            sb_strbuf_release(&text);
            sb_strbuf_release(&what);
        }
}

/* Does the text stand on the line? */
static bool stands_on(const char *text, size_t len, uint32_t line, const char *needle)
{
    const char *at = text, *end = text + len;
    for (; line > 1; line--) {
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at) return false;
        at++;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    size_t n = strlen(needle);
    for (stop = stop ? stop : end; (size_t)(stop - at) >= n; at++)
        if (memcmp(at, needle, n) == 0) return true;
    return false;
}

static void check_where(const char *name, const struct sb_dataset *ds, const char *text, size_t len)
{
    for (size_t r = 0; r < ds->runs_nr; r++) {
        const struct sb_run *run = &ds->runs[r];
        if (run->first_line > run->last_line || run->ordinal != r + 1 ||
            (r && run->first_line < ds->runs[r - 1].first_line))
            fail_msg("%s: run %zu from line %u to %u", name, r + 1, run->first_line, run->last_line);
        for (size_t v = 0; v < run->values_nr; v++) {
            const struct sb_value *value = &run->values[v];
            if ((value->origin == SB_PRINTED) != (value->text != NULL))
                fail_msg("%s: %s has no text", name, value->metric);
            if (value->text && !stands_on(text, len, value->line, value->text))
                fail_msg("%s:%u: no %s for %s", name, value->line, value->text, value->metric);
            if (v && value->line < run->values[v - 1].line)
                fail_msg("%s: values are not in the order of lines", name);
            if (value->line < run->first_line || value->line > run->last_line)
                fail_msg("%s:%u: outside its run", name, value->line);
        }
    }
}

static void test_where_it_stands(void **state)
{
    (void)state;
    for (size_t i = 0; i < logs_nr; i++) {
        struct sb_dataset ds;
        parse(&ds, logs[i].text, logs[i].len);
        check_where(logs[i].name, &ds, logs[i].text, logs[i].len);
        sb_dataset_free(&ds);
    }
}

/* Cut at every byte: never a figure that the whole log does not have, never complete before the end. */
static void test_cut_anywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < logs_nr; i++) {
        struct sb_dataset whole;
        if (!sb_has_prefix(logs[i].name, "1.0.20-") || logs[i].len > 4000) continue;
        parse(&whole, logs[i].text, logs[i].len);
        for (size_t cut = 0; cut < logs[i].len; cut += 1 + (cut % 3)) {
            struct sb_dataset ds;
            parse(&ds, logs[i].text, cut);
            if (ds.runs_nr > whole.runs_nr)
                fail_msg("%s cut at %zu: %zu runs", logs[i].name, cut, ds.runs_nr);
            for (size_t r = 0; r < ds.runs_nr; r++)
                for (size_t v = 0; v < ds.runs[r].values_nr; v++) {
                    const struct sb_value *a = &ds.runs[r].values[v],
                                          *b = sb_run_value(&whole.runs[r], a->metric);
                    bool derived_otherwise = a->origin == SB_DERIVED && b && b->origin == SB_PRINTED;
                    if (!derived_otherwise && (!b || a->value != b->value || a->line != b->line))
                        fail_msg("%s cut at %zu: %s=%.17g", logs[i].name, cut, a->metric, a->value);
                }
            sb_dataset_free(&ds);
        }
        sb_dataset_free(&whole);
    }
}

static uint64_t random_state = 20261124;
static uint32_t next_random(void)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33);
}

/* Bytes changed, lines dropped, doubled and moved: nothing crashes, and every figure still stands where it
 * says. */
static void test_mutations(void **state)
{
    (void)state;
    for (size_t round = 0; round < 3000; round++) {
        const struct log *log = &logs[next_random() % logs_nr];
        struct sb_strbuf text = SB_STRBUF_INIT;
        struct sb_dataset ds;
        if (!log->len) continue;
        for (size_t at = 0; at < log->len;) {
            size_t len = 1 + next_random() % 400, from = at;
            if (len > log->len - at) len = log->len - at;
            uint32_t what = next_random() % 8;
            if (what == 0) from = next_random() % log->len;
            if (len > log->len - from) len = log->len - from;
            if (what != 1) sb_strbuf_add(&text, log->text + from, len);
            if (what == 2) sb_strbuf_addc(&text, (char)(1 + next_random() % 255));
            if (what == 3 && text.len) text.buf[next_random() % text.len] = (char)(1 + next_random() % 255);
            at += len;
        }
        sb_dataset_init(&ds);
        struct sb_parse_options options = {
            .keep_excerpts = true, .collect_unread = true, .explain_source = "log"};
        struct sb_parse_output out = {0};
        sb_parse_log(&ds, "log", text.buf, text.len, &options, &out);
        for (size_t r = 0; r < ds.runs_nr; r++)
            for (size_t v = 0; v < ds.runs[r].values_nr; v++)
                assert_true(ds.runs[r].values[v].line >= ds.runs[r].first_line);
        sb_parse_output_release(&out);
        sb_dataset_free(&ds);
        sb_strbuf_release(&text);
    }
}

/* Long lines and many of them take time in proportion. */
static void test_large(void **state)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    struct sb_dataset ds;
    (void)state;
    for (size_t i = 0; i < 100000; i++)
        sb_strbuf_addf(&text, "    events per second: %8.2f\n", (double)i);
    parse(&ds, text.buf, text.len);
    assert_int_equal(ds.runs_nr, 100000);
    sb_dataset_free(&ds);
    sb_strbuf_clear(&text);
    for (size_t i = 0; i < 20; i++) {
        for (size_t j = 0; j < 500000; j++)
            sb_strbuf_adds(&text, i % 2 ? "sysbench " : "> [ 1s ] ");
        sb_strbuf_addc(&text, '\n');
    }
    parse(&ds, text.buf, text.len);
    sb_dataset_free(&ds);
    sb_strbuf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrappers),        cmocka_unit_test(test_encodings),
        cmocka_unit_test(test_partial_lines),   cmocka_unit_test(test_concatenation),
        cmocka_unit_test(test_where_it_stands), cmocka_unit_test(test_cut_anywhere),
        cmocka_unit_test(test_mutations),       cmocka_unit_test(test_large),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
