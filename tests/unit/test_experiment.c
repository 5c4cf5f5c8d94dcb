/* Experiments from beginning to end, on a platform made up here. */
#include "experiment_fixture.h"

#include <sys/statvfs.h>

/* ---- all goes well ---- */

static void test_complete(void **state)
{
    (void)state;
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_int_equal(out.summary.planned, 6);
    assert_int_equal(out.summary.done, 6);
    assert_int_equal(out.summary.failed + out.summary.missing + out.summary.boots_failed, 0);
    assert_false(out.summary.stopped);
    assert_int_equal(act.starts, 2);
    assert_int_equal(act.sweeps, 1);
    assert_complete();
    assert_int_equal(count_of(told.buf, "warning"), 0);
    assert_true(isnan(first_left));
    assert_true(last_left > 0 && last_left < 1000);
    assert_has(told.buf, "6/6 finished");
    assert_false(exists(".attempts"));
}

static void test_log_has_every_step(void **state)
{
    (void)state;
    assert_ran(run_plan(plan_text, false));
    char *log = content("raw/c1/file1_b2_r1.log");
    assert_string_equal(
        log, "$ sysbench fileio --file-test-mode=rndrw --file-total-size=8M --time=1 prepare\n"
             "output of sysbench fileio --file-test-mode=rndrw --file-total-size=8M --time=1 prepare\n"
             "$ sysbench fileio --file-test-mode=rndrw --file-total-size=8M --time=1 run\n"
             "output of sysbench fileio --file-test-mode=rndrw --file-total-size=8M --time=1 run\n"
             "$ sysbench fileio --file-test-mode=rndrw --file-total-size=8M --time=1 cleanup\n"
             "output of sysbench fileio --file-test-mode=rndrw --file-total-size=8M --time=1 cleanup\n");
    free(log);
}

static void test_manifest_reads_back(void **state)
{
    (void)state;
    struct sb_manifest manifest;
    struct sb_err err = {.code = SB_OK};
    assert_ran(run_plan(plan_text, false));
    char *text = content("manifest.json");
    if (!sb_manifest_parse(&manifest, "manifest.json", text, strlen(text), &err)) fail_msg("%s", err.msg);
    assert_int_equal(manifest.runs_nr, 6);
    for (size_t i = 0; i < 6; i++) { /* in the order of time */
        assert_true(manifest.runs[i].has_order);
        assert_int_equal(manifest.runs[i].order, i);
        assert_null(manifest.runs[i].failed_step);
    }
    const struct sb_manifest_run *run = sb_manifest_find_run(&manifest, "raw/c1/file1_b2_r1.log");
    assert_non_null(run);
    assert_string_equal(run->caches, "dropped");
    assert_string_equal(sb_labels_get(&run->labels, "boot"), "2");
    assert_string_equal(sb_labels_get(&run->labels, "test"), "file1");
    const struct sb_cell_info *cell = sb_manifest_find_cell(&manifest, "raw", "c1", NULL);
    assert_non_null(cell);
    assert_string_equal(cell->accelerator, "tcg");
    assert_string_equal(cell->argv, "fake-emulator socket=$RUN/s");
    assert_true(cell->virtual_bytes == 4294967296.0);
    sb_manifest_free(&manifest);
    free(text);
}

/* Neither where the experiment lies, nor the scratch folder, nor where an image is kept. */
static void test_no_paths(void **state)
{
    (void)state;
    act.fail_starts = 1;
    assert_ran(run_plan(plan_text, false));
    char *journal = content("journal.jsonl"), *manifest = content("manifest.json");
    assert_has_not(journal, root);
    assert_has_not(manifest, root);
    assert_has_not(manifest, "/srv/images");
    assert_has(manifest, "\"name\":\"guest\"");
    assert_has(journal, "see $RUN/console");
    free(journal);
    free(manifest);
}

/* ---- where the files are ---- */

static const char local_plan[] = "experiment: local\nboots: 1\ndrop_caches: false\n"
                                 "platforms: {raw: {}}\nconfigs: {c1: {vcpus: 1, memory_mib: 512}}\n"
                                 "tests:\n  cpu1: cpu --time=1\n"
                                 "  file1: fileio --file-test-mode=rndrw --file-total-size=8M --time=1\n";

/* A folder in memory, where this machine has one; the test ends early, saying so, where it has none. */
static bool make_memory_folder(char path[32])
{
    struct statvfs fs;
    snprintf(path, 32, "/dev/shm/sbtx-XXXXXX");
    bool room = statvfs("/dev/shm", &fs) == 0 && (double)fs.f_bavail * (double)fs.f_frsize > 80 << 20;
    if (room && sb_is_in_memory("/dev/shm") && mkdtemp(path)) return true;
    print_message("not tried: nothing in memory can be written here\n");
    return false;
}

static void test_files_in_memory(void **state)
{
    (void)state;
    char memory[32];
    struct sb_collect_options options = usual_options(local_plan);
    if (!make_memory_folder(memory)) return;
    options.scratch = memory;
    fake_guest.remote = false;
    assert_ran(run_with(&options));
    assert_has(told.buf, "0/2 warning  file tests of platform raw measure memory and no disk: /dev/shm/");
    assert_int_equal(count_of(told.buf, "--scratch"), 1);
    options.resume = true; /* no run is left to be warned of */
    assert_ran(run_with(&options));
    assert_int_equal(count_of(told.buf, "measure memory"), 1);
    assert_int_equal(rmdir(memory), 0);
}

/* A container's folder, also when it is written from the home folder. */
static void test_container_files_in_memory(void **state)
{
    (void)state;
    char memory[32], text[600];
    char *before = getenv("HOME") ? sb_xstrdup(getenv("HOME")) : NULL;
    if (!make_memory_folder(memory)) return;
    setenv("HOME", memory, 1);
    fake_guest.remote = fake_guest.own_kernel = false;
    const char *platform = strstr(local_plan, "{raw: {}}");
    snprintf(text, sizeof text, "%.*s{raw: {storage: ~/}}%s", (int)(platform - local_plan), local_plan,
             platform + strlen("{raw: {}}"));
    struct sb_collect_options options = usual_options(text);
    assert_ran(run_with(&options));
    if (before)
        setenv("HOME", before, 1);
    else
        unsetenv("HOME");
    free(before);
    assert_has(told.buf, "0/2 warning  file tests of platform raw measure memory and no disk: /dev/shm/");
    assert_has(told.buf, "with the platform's options");
    assert_int_equal(rmdir(memory), 0);
}

/* Nothing is said where no test has files, or they lie on another machine. */
static void test_no_files_in_memory(void **state)
{
    (void)state;
    char memory[32], text[600];
    if (!make_memory_folder(memory)) return;
    struct sb_collect_options options = usual_options(local_plan);
    options.scratch = memory;
    assert_ran(run_with(&options)); /* the platform is remote */
    fake_guest.remote = false;
    snprintf(text, sizeof text, "%s", local_plan);
    *strstr(text, "  file1") = '\0';
    snprintf(folder, sizeof folder, "%s/other", root);
    options = usual_options(text);
    options.scratch = memory;
    assert_ran(run_with(&options));
    assert_has_not(told.buf, "warning");
    assert_int_equal(rmdir(memory), 0);
}

static void test_scratch_by_default(void **state)
{
    (void)state;
    char *before = getenv("TMPDIR") ? sb_xstrdup(getenv("TMPDIR")) : NULL,
         *usual = realpath("/var/tmp", NULL);
    struct sb_collect_options options = usual_options(local_plan);
    options.scratch = NULL;
    setenv("TMPDIR", scratch, 1);
    assert_ran(run_with(&options));
    assert_has(act.last_scratch, scratch);
    unsetenv("TMPDIR");
    snprintf(folder, sizeof folder, "%s/other", root);
    struct outcome out = run_with(&options);
    if (before) setenv("TMPDIR", before, 1);
    if (usual) {
        assert_ran(out);
        assert_true(sb_has_prefix(act.last_scratch, usual));
    }
    free(before);
    free(usual);
}

/* ---- steps that fail ---- */

static void test_failed_prepare(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){
        .words = " prepare", .times = 1, .result = {.status = 137, .reason = "killed: out of memory"}};
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_int_equal(out.summary.failed, 1);
    assert_int_equal(out.summary.done, 5);
    char *journal = content("journal.jsonl");
    assert_has(journal, "\"exit_codes\":[137,0],\"steps\":[\"prepare\",\"cleanup\"]");
    assert_has(journal, "\"reason\":\"sysbench prepare: killed: out of memory\"");
    assert_has(told.buf, "exit status 137: sysbench prepare: killed: out of memory");
    char *log = content("raw/c1/file1_b1_r1.log");
    assert_has(log, " cleanup\n");
    assert_has_not(log, " run\n");
    free(log);
    free(journal);

    out = run_plan(plan_text, true); /* it is not made again by itself */
    assert_ran(out);
    assert_int_equal(out.summary.failed, 1);
    assert_int_equal(out.summary.from_before, 5);
    assert_int_equal(act.starts, 2);
}

static void test_retry_failed(void **state)
{
    (void)state;
    struct sb_collect_options options = usual_options(plan_text);
    act.rules[0] = (struct rule){.words = "sysbench cpu", .times = 1, .result = {.status = 1}};
    struct outcome out = run_with(&options);
    assert_ran(out);
    assert_int_equal(out.summary.failed, 1);
    options.resume = options.retry_failed = true;
    out = run_with(&options);
    assert_ran(out);
    assert_int_equal(out.summary.failed, 0);
    assert_int_equal(out.summary.done, 6);
    assert_int_equal(out.summary.from_before, 5);
    assert_complete();
    assert_true(exists(".attempts/raw_c1_cpu1_b1_r1.log.old"));
}

static void test_failed_cleanup_counts(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){.words = " cleanup", .times = 1, .result = {.status = 2}};
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_int_equal(out.summary.failed, 1);
    char *journal = content("journal.jsonl");
    assert_has(journal, "\"exit_codes\":[0,0,2],\"steps\":[\"prepare\",\"run\",\"cleanup\"]");
    free(journal);
}

/* ---- targets that break ---- */

static void test_timeout_is_tried_again(void **state)
{
    (void)state;
    act.rules[0] =
        (struct rule){.words = "sysbench memory", .times = 1, .result = {.outcome = SB_EXEC_TIMEOUT}};
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_int_equal(out.summary.done, 6);
    assert_int_equal(out.summary.boots_failed, 0);
    assert_int_equal(act.starts, 3);
    assert_int_equal(act.broken_stops, 1);
    assert_complete();
    char *journal = content("journal.jsonl");
    assert_int_equal(count_of(journal, "\"status\":\"lost\",\"reason\":\"run: timed out after 7 s\""), 1);
    assert_has(journal, "\"attempt\":1");
    assert_true(exists(".attempts/raw_c1_mem1_b1_r1.log.0"));
    assert_true(exists(".attempts/raw_c1_b1.0.console"));
    free(journal);
}

/* A test that always hangs costs its own runs only. */
static void test_one_hanging_test(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){
        .words = "sysbench memory", .times = 99, .result = {.outcome = SB_EXEC_LOST, .reason = "gone"}};
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_int_equal(out.summary.done, 4);
    assert_int_equal(out.summary.missing, 2);
    assert_int_equal(out.summary.boots_failed, 2);
    assert_int_equal(act.starts, 6);
    assert_has(told.buf, "gave up after 3 attempts");
    char *manifest = content("manifest.json");
    assert_has_not(manifest, "mem1");
    free(manifest);

    memset(act.rules, 0, sizeof act.rules); /* it works again */
    out = run_plan(plan_text, true);
    assert_ran(out);
    assert_int_equal(out.summary.done, 6);
    assert_int_equal(out.summary.from_before, 4);
    assert_complete();
}

static void test_flood(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){.words = " cleanup", .times = 1, .result = {.outcome = SB_EXEC_FLOOD}};
    assert_ran(run_plan(plan_text, false));
    assert_complete();
    char *journal = content("journal.jsonl");
    assert_has(journal, "cleanup: more output than 64 MiB");
    free(journal);
}

static void test_start_fails_once(void **state)
{
    (void)state;
    act.fail_starts = 2;
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_int_equal(out.summary.done, 6);
    assert_int_equal(act.starts, 4);
    assert_complete();
    assert_true(exists(".attempts/raw_c1_b1.1.console"));
}

static void test_nothing_starts(void **state)
{
    (void)state;
    static const char text[] = "experiment: many\nboots: 9\nretries: 1\nplatforms: {raw: {}}\n"
                               "configs: {c1: {vcpus: 1, memory_mib: 512}}\ntests: {cpu1: cpu --time=1}\n";
    act.fail_starts = 1000;
    struct outcome out = run_plan(text, false);
    assert_false(out.ok);
    assert_int_equal(out.err.code, SB_ERR_STEP);
    assert_true(out.summary.begun);
    assert_has(out.err.msg, "3 boots in a row");
    assert_has(out.err.msg, "no answer within 1 s");
    assert_int_equal(act.starts, 6);
    assert_true(exists("manifest.json"));
    assert_int_equal(entries(scratch), 0);
}

/* A disk that is full when a boot begins is no fault of the platform's: what is missing is made later. */
static void test_full_disk_at_start(void **state)
{
    (void)state;
    act.fail_starts = 1;
    act.start_code = SB_ERR_OUTPUT;
    struct outcome out = run_plan(plan_text, false);
    assert_false(out.ok);
    assert_int_equal(out.err.code, SB_ERR_OUTPUT);
    assert_has(out.err.msg, "raw c1, boot 1: no answer within 1 s");
    assert_int_equal(act.starts, 1);
    assert_int_equal(out.summary.boots_failed, 0);
    char *journal = content("journal.jsonl");
    assert_string_equal(journal, "");
    free(journal);
    assert_int_equal(entries(scratch), 0);
    assert_ran(run_plan(plan_text, true));
    assert_complete();
}

/* ---- caches ---- */

static void assert_caches(const char *words)
{
    struct outcome out = run_plan(plan_text, false);
    char wanted[64];
    assert_ran(out);
    snprintf(wanted, sizeof wanted, "\"caches\":\"%s\"", words);
    char *journal = content("journal.jsonl");
    if (count_of(journal, wanted) != 2) fail_msg("not twice %s in:\n%s", wanted, journal);
    assert_int_equal(count_of(journal, "\"caches\":null"), 4);
    free(journal);
}

static void test_caches_not_gone(void **state)
{
    (void)state;
    act.drops = false;
    assert_caches("not verified");
    assert_int_equal(count_of(told.buf, "caches not verified"), 1); /* said once */
}

static void test_caches_not_told(void **state)
{
    (void)state;
    act.tells_memory = false;
    assert_caches("not verified");
}

static void test_caches_cannot_be_dropped(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){.words = "drop_caches", .times = 99, .result = {.status = 1}};
    assert_caches("not dropped");
}

/* A container of an engine that is elsewhere: whatever was dropped here, its caches were not. */
static void test_caches_of_another_kernel(void **state)
{
    (void)state;
    fake_guest.own_kernel = false;
    assert_caches("dropped");
    act.other_kernel = true;
    assert_true(sb_remove_folder(folder, NULL));
    assert_caches("not verified");
    assert_int_equal(count_of(told.buf, "caches not verified: it does not run on this host's kernel"), 1);
}

static void test_caches_not_wanted(void **state)
{
    (void)state;
    char text[1000];
    snprintf(text, sizeof text, "drop_caches: false\n%s", plan_text);
    assert_ran(run_plan(text, false));
    assert_has_not(act.commands.buf, "meminfo");
    char *journal = content("journal.jsonl");
    assert_int_equal(count_of(journal, "\"caches\":\"not dropped\""), 2);
    free(journal);
}

static void test_caches_break_the_target(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){.words = "drop_caches", .times = 1, .result = {.outcome = SB_EXEC_LOST}};
    assert_ran(run_plan(plan_text, false));
    assert_complete();
    char *journal = content("journal.jsonl");
    assert_has(journal, "drop of the caches: lost");
    free(journal);
}

/* The time that a drop may take is its own, not the test's. */
static void test_caches_take_too_long(void **state)
{
    (void)state;
    act.rules[0] = (struct rule){.words = "drop_caches", .times = 1, .result = {.outcome = SB_EXEC_TIMEOUT}};
    act.rules[1] = (struct rule){
        .words = "cat /proc/meminfo", .after = 2, .times = 1, .result = {.outcome = SB_EXEC_TIMEOUT}};
    assert_ran(run_plan(plan_text, false));
    assert_complete();
    char *journal = content("journal.jsonl");
    assert_has(journal, "drop of the caches: timed out after 600 s");
    assert_has(journal, "look at the caches: timed out after 60 s");
    free(journal);
}

/* ---- how busy the machine was ---- */

static void test_load_of_another_machine(void **state)
{
    (void)state;
    act.loads[0] =
        "Welcome!\nsbstat.load 0.50 0.40 0.30 1/200 4711\nsbstat.times cpu 9 9 9 9 9 9 9 300 0 0\n";
    act.loads[1] = "sbstat.load 2.50 0.40 0.30 1/200 4711\nsbstat.times cpu 9 9 9 9 9 9 9 425 0 0\n";
    assert_ran(run_plan(plan_text, false));
    assert_complete();
    char *journal = content("journal.jsonl");
    double steal = 125.0 / (double)sysconf(_SC_CLK_TCK);
    char text[60];
    snprintf(text, sizeof text, "\"steal_s\":%g}", steal);
    assert_int_equal(count_of(journal, "\"load\":[0.5,0.4,0.3]"), count_of(journal, "\n"));
    assert_int_equal(count_of(journal, text), count_of(journal, "\n"));
    free(journal);
}

/* What it does not tell is not replaced by what this machine does. */
static void test_load_is_not_known(void **state)
{
    (void)state;
    act.loads[0] = "sbstat.load 1,5 lots\nsbstat.times cpu x\n";
    assert_ran(run_plan(plan_text, false));
    assert_complete();
    char *journal = content("journal.jsonl");
    assert_int_equal(count_of(journal, "\"load\":null"), count_of(journal, "\n"));
    assert_int_equal(count_of(journal, "\"steal_s\":null"), count_of(journal, "\n"));
    free(journal);
    fake_guest.remote = false;
    assert_true(sb_remove_folder(folder, NULL));
    assert_ran(run_plan(local_plan, false));
    journal = content("journal.jsonl");
    assert_int_equal(count_of(journal, "\"load\":null"), 0);
    free(journal);
}

/* ---- what changes, and what is doubtful ---- */

/* A guest that writes to its image changes the digest by that; else somebody has changed the image. */
static void test_changed_image(void **state)
{
    (void)state;
    act.stop_at_exec = 1;
    assert_true(run_plan(plan_text, false).summary.stopped);
    act.stop = 0;
    act.stop_at_exec = act.execs + 1;
    act.sha256 = "4567cdef";
    act.writes_image = true;
    assert_true(run_plan(plan_text, true).summary.stopped);
    assert_has_not(told.buf, "image sha256");
    act.stop = 0;
    act.writes_image = false;
    assert_ran(run_plan(plan_text, true));
    assert_has(told.buf, "image sha256 \"0123abcd\" is now \"4567cdef\"");
}

static void test_doubt_and_change_are_said(void **state)
{
    (void)state;
    act.doubt = "the processor limit could not be verified";
    act.stop_at_exec = 1;
    struct outcome out = run_plan(plan_text, false);
    assert_ran(out);
    assert_true(out.summary.stopped);
    assert_int_equal(count_of(told.buf, act.doubt), 1);
    act.stop = 0;
    act.kernel = "6.5.0";
    assert_ran(run_plan(plan_text, true));
    assert_has(told.buf, "kernel \"6.1.0\" is now \"6.5.0\"");
    assert_int_equal(count_of(told.buf, act.doubt), 1);
}

static void test_all_problems_before_the_start(void **state)
{
    (void)state;
    static const char text[] = "experiment: two\nplatforms: {raw: {}, other: {driver: raw}}\n"
                               "configs: {c1: {vcpus: 1, memory_mib: 512}}\ntests: {cpu1: cpu --time=1}\n";
    act.problem = "no such image";
    struct outcome out = run_plan(text, false);
    assert_false(out.ok);
    assert_has(out.err.msg, "platform raw: no such image; platform other: no such image");
    assert_int_equal(act.starts, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_complete),
        TEST(test_log_has_every_step),
        TEST(test_manifest_reads_back),
        TEST(test_no_paths),
        TEST(test_files_in_memory),
        TEST(test_container_files_in_memory),
        TEST(test_no_files_in_memory),
        TEST(test_scratch_by_default),
        TEST(test_failed_prepare),
        TEST(test_retry_failed),
        TEST(test_failed_cleanup_counts),
        TEST(test_timeout_is_tried_again),
        TEST(test_one_hanging_test),
        TEST(test_flood),
        TEST(test_start_fails_once),
        TEST(test_nothing_starts),
        TEST(test_full_disk_at_start),
        TEST(test_caches_not_gone),
        TEST(test_caches_not_told),
        TEST(test_caches_cannot_be_dropped),
        TEST(test_caches_of_another_kernel),
        TEST(test_caches_not_wanted),
        TEST(test_caches_break_the_target),
        TEST(test_caches_take_too_long),
        TEST(test_load_of_another_machine),
        TEST(test_load_is_not_known),
        TEST(test_doubt_and_change_are_said),
        TEST(test_changed_image),
        TEST(test_all_problems_before_the_start),
    };
    return cmocka_run_group_tests_name("experiment", tests, NULL, NULL);
}
