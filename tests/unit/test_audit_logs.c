/*
 * The audit on files: every tampered log of tests/golden/audit is found, no clean one is. The tampered logs
 * are made by tests/audit/tamper_logs.py, which says what was changed and why some other figure gives it
 * away.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "analyze/audit.h"
#include "core/text.h"
#include "io/csv.h"
#include "io/outfile.h"
#include "parsers/parse.h"

#define GOLDEN SBSTAT_TESTS_DIR "/golden/audit/"

static void load(struct sb_dataset *ds, const char *path, const char *name)
{
    struct sb_parse_options options = {0};
    struct sb_err err;
    sb_dataset_init(ds);
    if (!sb_parse_path(ds, path, name, &options, NULL, &err)) fail_msg("%s", err.msg);
    if (!sb_parse_finish(ds, &options, &err)) fail_msg("%s", err.msg);
    sb_audit(ds);
}

static const struct sb_finding *first_error(const struct sb_dataset *ds)
{
    for (size_t i = 0; i < ds->findings_nr; i++)
        if (ds->findings[i].severity == SB_ERROR) return &ds->findings[i];
    return NULL;
}

/* ---- one figure, block or cut at a time ---- */

struct tally {
    size_t logs, missed;
};

static bool audit_tampered(void *context, const struct sb_csv_row *row, struct sb_err *err)
{
    struct tally *tally = context;
    struct sb_dataset ds;
    char path[1024];
    (void)err;
    snprintf(path, sizeof path, GOLDEN "tampered/%s", sb_csv_get(row, "file"));
    load(&ds, path, "x.log");
    tally->logs++;
    if (!first_error(&ds)) {
        tally->missed++;
        print_message("not found: %s, %s %s\n", sb_csv_get(row, "file"), sb_csv_get(row, "what"),
                      sb_csv_get(row, "change"));
    }
    sb_dataset_free(&ds);
    return true;
}

static void each_row(const char *path, sb_csv_row_fn *fn, void *context)
{
    char *text;
    size_t len;
    struct sb_err err;
    if (!sb_read_file(path, 1 << 24, &text, &len, &err)) fail_msg("%s", err.msg);
    if (!sb_csv_read(path, text, len, fn, context, &err)) fail_msg("%s", err.msg);
    free(text);
}

static void tampered_logs_are_found(void **state)
{
    struct tally tally = {0, 0};
    (void)state;
    each_row(GOLDEN "tampered/tampered.csv", audit_tampered, &tally);
    print_message("%zu of %zu tampered logs found\n", tally.logs - tally.missed, tally.logs);
    assert_true(tally.logs > 400);
    assert_true(tally.missed * 100 <= tally.logs);
}

static void clean_logs_are_clean(void **state)
{
    DIR *dir = opendir(GOLDEN "clean");
    size_t logs = 0;
    (void)state;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        struct sb_dataset ds;
        char path[1024];
        if (!sb_has_suffix(entry->d_name, ".log")) continue;
        snprintf(path, sizeof path, GOLDEN "clean/%s", entry->d_name);
        load(&ds, path, entry->d_name);
        const struct sb_finding *f = first_error(&ds);
        if (f) fail_msg("%s: %s: %s", entry->d_name, f->code, f->message);
        assert_int_equal(ds.runs_nr, 1);
        sb_dataset_free(&ds);
        logs++;
    }
    closedir(dir);
    assert_true(logs >= 20);
}

/* Real runs of guests under TCG on a busy host. Where it is known that the guest was emulated they are no
 * errors; on hardware they would be. */
static void emulated_guests_lose_time(void **state)
{
    static const struct {
        const char *file, *code;
    } logs[] = {
        {GOLDEN "emulated/divisor_read_late.log", "FILEIO_EVENTS_MISMATCH"}, /* 0.12 s after the total time */
        {GOLDEN "emulated/idle_between_events.log", "IDLE_WORKERS"},         /* 0.42 s of 3.02 s */
    };
    (void)state;
    for (size_t i = 0; i < 2 * (sizeof logs / sizeof *logs); i++) {
        struct sb_parse_options options = {0};
        struct sb_dataset ds;
        struct sb_err err;
        bool emulated = i % 2;
        sb_dataset_init(&ds);
        if (!sb_parse_path(&ds, logs[i / 2].file, "x.log", &options, NULL, &err)) fail_msg("%s", err.msg);
        if (!sb_parse_finish(&ds, &options, &err)) fail_msg("%s", err.msg);
        assert_int_equal(ds.runs_nr, 1);
        if (emulated) sb_run_set_param(&ds, &ds.runs[0], "env.accelerator", "tcg", 0);
        sb_audit(&ds);
        const struct sb_finding *f = first_error(&ds);
        if (emulated && f) fail_msg("%s: %s", f->code, f->message);
        if (!emulated) assert_non_null(f);
        if (!emulated) assert_string_equal(f->code, logs[i / 2].code);
        sb_dataset_free(&ds);
    }
}

/* ---- copies within an experiment ---- */

static bool has_finding(const struct sb_dataset *ds, const char *code, const char *source)
{
    for (size_t i = 0; i < ds->findings_nr; i++) {
        const struct sb_finding *f = &ds->findings[i];
        if (strcmp(f->code, code) == 0 && f->source && sb_has_suffix(f->source, source)) return true;
    }
    return false;
}

static bool audit_set(void *context, const struct sb_csv_row *row, struct sb_err *err)
{
    struct sb_dataset ds;
    char path[1024];
    (void)context;
    (void)err;
    snprintf(path, sizeof path, GOLDEN "sets/%s", sb_csv_get(row, "set"));
    load(&ds, path, "logs");
    if (!has_finding(&ds, sb_csv_get(row, "code"), sb_csv_get(row, "source")))
        fail_msg("%s: no %s for %s", sb_csv_get(row, "set"), sb_csv_get(row, "code"),
                 sb_csv_get(row, "source"));
    sb_dataset_free(&ds);
    return true;
}

static void copies_are_found(void **state)
{
    (void)state;
    each_row(GOLDEN "sets/sets.csv", audit_set, NULL);
}

static void an_experiment_without_copies_is_clean(void **state)
{
    struct sb_dataset ds;
    (void)state;
    load(&ds, GOLDEN "sets/clean", "logs");
    const struct sb_finding *f = first_error(&ds);
    if (f) fail_msg("%s: %s", f->code, f->message);
    assert_int_equal(ds.runs_nr, 30);
    sb_dataset_free(&ds);
}

static void findings_are_sorted(void **state)
{
    struct sb_dataset ds;
    (void)state;
    load(&ds, GOLDEN "sets/repeat_elsewhere", "logs");
    for (size_t i = 1; i < ds.findings_nr; i++) {
        const char *a = ds.findings[i - 1].source, *b = ds.findings[i].source;
        assert_true(!a || (b && strcmp(a, b) <= 0));
    }
    sb_dataset_free(&ds);
}

/* ---- published logs, when they are here ---- */

/* Real logs contradict themselves less than once in 500 complete runs. What is copied, failed or cut in them
 * is so. */
static void published_logs_raise_few_alarms(void **state)
{
    static const char *const true_alarms[] = {"DUPLICATE_RUN", "COPIED_FIGURES", "FATAL_IN_REPORT",
                                              "RUN_FAILED",    "RUN_TRUNCATED",  "NO_EVENTS"};
    const char *path = getenv("SBSTAT_CORPUS");
    char beside[1024];
    struct sb_dataset ds;
    size_t complete = 0, alarms = 0;
    (void)state;
    snprintf(beside, sizeof beside, "%s/../shared/corpus", SBSTAT_SOURCE_DIR);
    if (!path) path = beside;
    DIR *dir = opendir(path);
    if (!dir) skip();
    closedir(dir);
    load(&ds, path, "corpus");
    for (size_t i = 0; i < ds.runs_nr; i++)
        complete += ds.runs[i].status == SB_COMPLETE;
    for (size_t i = 0; i < ds.findings_nr; i++) {
        const struct sb_finding *f = &ds.findings[i];
        bool expected = f->severity != SB_ERROR;
        for (size_t t = 0; t < sizeof true_alarms / sizeof *true_alarms; t++)
            expected |= strcmp(f->code, true_alarms[t]) == 0;
        if (expected) continue;
        alarms++;
        print_message("%s: %s\n", f->code, f->message);
    }
    print_message("%zu alarms on %zu complete runs\n", alarms, complete);
    assert_true(alarms * 500 <= complete);
    sb_dataset_free(&ds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tampered_logs_are_found),
        cmocka_unit_test(clean_logs_are_clean),
        cmocka_unit_test(emulated_guests_lose_time),
        cmocka_unit_test(copies_are_found),
        cmocka_unit_test(an_experiment_without_copies_is_clean),
        cmocka_unit_test(findings_are_sorted),
        cmocka_unit_test(published_logs_raise_few_alarms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
