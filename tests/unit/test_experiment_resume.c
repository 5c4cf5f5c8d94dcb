/* Experiments that were interrupted, and folders that are not what they should be. */
#include "experiment_fixture.h"

/* ---- stopping ---- */

static void test_stop_and_resume(void **state)
{
    (void)state;
    size_t rounds = 0;
    for (unsigned at = 1; rounds < 60; at++, rounds++) { /* stopped in its first, second, third ... command */
        act.stop = 0;
        act.execs = 0;
        act.stop_at_exec = at;
        struct outcome out = run_plan(plan_text, rounds > 0);
        assert_ran(out);
        assert_int_equal(act.running, 0);
        assert_int_equal(out.summary.done + out.summary.missing, 6);
        if (!out.summary.stopped) break;
    }
    assert_true(rounds > 1);
    assert_complete();
}

static void test_killed_at_every_event(void **state)
{
    (void)state;
    int status = 0;
    unsigned kills = 0;
    for (; kills < 100; kills++) {
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            kill_at_event = kills % 7 + 1;
            struct outcome out = run_plan(plan_text, true);
            _exit(out.ok ? 0 : 1);
        }
        assert_int_equal(waitpid(child, &status, 0), child);
        if (WIFEXITED(status)) break;
        assert_int_equal(WTERMSIG(status), SIGKILL);
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(kills >= 5);
    assert_complete();
}

/* Killed when nothing was left to make: what the last boot had is swept all the same. */
static void test_killed_after_the_last_run(void **state)
{
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) {
        kill_at_event = 15; /* started, and for each of two boots: booting, three times running and done */
        run_plan(plan_text, false);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(entries(scratch), 1);
    struct outcome out = run_plan(plan_text, true);
    assert_ran(out);
    assert_int_equal(out.summary.from_before, 6);
    assert_int_equal(act.sweeps, 1);
    assert_complete();
    assert_ran(run_plan(plan_text, true));
    assert_int_equal(act.sweeps, 1); /* an orderly end leaves nothing to look for */
}

/* A second start, perhaps on another machine, that makes no run says nothing new of the host. */
static void test_finished_keeps_its_host(void **state)
{
    (void)state;
    assert_ran(run_plan(plan_text, false));
    char *manifest = content("manifest.json"), *host = strstr(manifest, "\"cpu_model\":");
    assert_non_null(host);
    char *value = strchr(strchr(host, ':'), '"');
    assert_non_null(value);
    value[1] = 'Z';
    put("manifest.json", manifest);
    assert_ran(run_plan(plan_text, true));
    char *after = content("manifest.json");
    assert_string_equal(after, manifest);
    free(after);
    free(manifest);
}

/* A line that was taken out as the messages say: the run is made again, and no two records have one place. */
static void test_line_taken_out(void **state)
{
    (void)state;
    assert_ran(run_plan(plan_text, false));
    char *journal = content("journal.jsonl"), *second = strchr(journal, '\n') + 1;
    char *third = strchr(second, '\n') + 1;
    memmove(second, third, strlen(third) + 1);
    put("journal.jsonl", journal);
    free(journal);
    struct outcome out = run_plan(plan_text, true);
    assert_ran(out);
    assert_int_equal(out.summary.from_before, 5);
    journal = content("journal.jsonl");
    assert_int_equal(count_of(journal, "\"order\":5,"), 1);
    assert_int_equal(count_of(journal, "\"order\":6,"), 1);
    free(journal);
}

/* Killed between the journal and the rename: the run is made, the log only has to get its name. */
static void test_rename_is_completed(void **state)
{
    (void)state;
    char log[128], part[140];
    assert_ran(run_plan(plan_text, false));
    snprintf(log, sizeof log, "%s/%s", folder, logs[2]);
    snprintf(part, sizeof part, "%s.part", log);
    assert_int_equal(rename(log, part), 0);
    struct outcome out = run_plan(plan_text, true);
    assert_ran(out);
    assert_int_equal(out.summary.from_before, 6);
    assert_int_equal(act.starts, 2);
    assert_complete();
}

/* Killed before the journal: what there is of the log is no log. */
static void test_cut_log_is_put_aside(void **state)
{
    (void)state;
    act.stop_at_exec = 1;
    assert_true(run_plan(plan_text, false).summary.stopped);
    for (size_t i = 0; i < SB_ARRAY_SIZE(logs); i++) {
        char name[64];
        snprintf(name, sizeof name, "%s.part", logs[i]);
        if (i < 3) put(name, "$ sysbench cut\nhalf");
    }
    act.stop = 0;
    assert_ran(run_plan(plan_text, true));
    assert_complete();
    char *cut = content(".attempts/raw_c1_cpu1_b1_r1.log.cut");
    assert_string_equal(cut, "$ sysbench cut\nhalf");
    free(cut);
}

static void test_torn_journal(void **state)
{
    (void)state;
    assert_ran(run_plan(plan_text, false));
    char *journal = content("journal.jsonl");
    char *last = strrchr(journal, '\n');
    *last = '\0';
    put("journal.jsonl", journal); /* the last line lost its newline */
    free(journal);
    struct outcome out = run_plan(plan_text, true);
    assert_ran(out);
    assert_int_equal(out.summary.from_before, 5);
    assert_complete();
}

static void test_journal_with_garbage(void **state)
{
    (void)state;
    static const struct {
        const char *line, *message;
    } bad[] = {
        {"rubbish", "journal.jsonl:3: no record of a run"},
        {"[1]", "journal.jsonl:3: no record of a run"},
        {"{\"log\":\"x\"}", "journal.jsonl:3: a record of a run without a usable \"platform\""},
    };
    assert_ran(run_plan(plan_text, false));
    char *journal = content("journal.jsonl");
    char *third = strchr(strchr(journal, '\n') + 1, '\n') + 1;
    for (size_t i = 0; i < SB_ARRAY_SIZE(bad); i++) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        sb_strbuf_add(&text, journal, (size_t)(third - journal));
        sb_strbuf_addf(&text, "%s\n%s", bad[i].line, third);
        put("journal.jsonl", text.buf);
        struct outcome out = run_plan(plan_text, true);
        assert_false(out.ok);
        assert_int_equal(out.err.code, SB_ERR_FORMAT);
        assert_has(out.err.msg, bad[i].message);
        sb_strbuf_release(&text);
    }
    struct sb_strbuf twice = SB_STRBUF_INIT;
    sb_strbuf_addf(&twice, "%s%s", journal, journal);
    put("journal.jsonl", twice.buf);
    struct outcome out = run_plan(plan_text, true);
    assert_false(out.ok);
    assert_has(out.err.msg, "journal.jsonl:7: ");
    assert_has(out.err.msg, "is done already by line 1");
    sb_strbuf_release(&twice);
    free(journal);
}

static void test_log_is_missing(void **state)
{
    (void)state;
    char path[128];
    assert_ran(run_plan(plan_text, false));
    snprintf(path, sizeof path, "%s/%s", folder, logs[0]);
    assert_int_equal(unlink(path), 0);
    struct outcome out = run_plan(plan_text, true);
    assert_false(out.ok);
    assert_has(out.err.msg, "raw/c1/cpu1_b1_r1.log is made, but its log is not there");
}

static void test_manifest_is_made_anew(void **state)
{
    (void)state;
    assert_ran(run_plan(plan_text, false));
    char *before = content("manifest.json");
    put("manifest.json", "{\"cells\": [");
    assert_ran(run_plan(plan_text, true));
    assert_has(told.buf, "the manifest is made anew");
    assert_complete();
    put("manifest.json", before);
    assert_ran(run_plan(plan_text, true));
    char *after = content("manifest.json");
    assert_string_equal(after, before); /* nothing was done: nothing changes */
    free(before);
    free(after);
}

/* ---- folders ---- */

static void test_changed_plan(void **state)
{
    (void)state;
    char text[1000];
    assert_ran(run_plan(plan_text, false));
    snprintf(text, sizeof text, "seed: 2\n%s", plan_text);
    struct outcome out = run_plan(text, true);
    assert_false(out.ok);
    assert_has(out.err.msg, "\"seed: 2\" was \"seed: 1\"");
    snprintf(text, sizeof text, "# only a remark\n%s", plan_text);
    assert_ran(run_plan(text, true));
}

static void test_folder_has_an_experiment(void **state)
{
    (void)state;
    assert_ran(run_plan(plan_text, false));
    struct outcome out = run_plan(plan_text, false);
    assert_false(out.ok);
    assert_int_equal(out.err.code, SB_ERR_OUTPUT);
    assert_has(out.err.msg, "--resume goes on with it");
}

static void test_folder_has_other_things(void **state)
{
    (void)state;
    put("letters.txt", "dear");
    for (int resume = 0; resume < 2; resume++) {
        struct outcome out = run_plan(plan_text, resume);
        assert_false(out.ok);
        assert_has(out.err.msg, "is not empty (letters.txt)");
        assert_false(exists("plan.yaml"));
        assert_int_equal(entries(folder), 1);
    }
    put(".lock", ""); /* whoever's it is */
    assert_false(run_plan(plan_text, false).ok);
    assert_true(exists(".lock"));
}

/* A start that was refused is none: the next one needs no --resume, and may be of another plan. */
static void test_refused_start(void **state)
{
    (void)state;
    char edited[1000];
    snprintf(edited, sizeof edited, "seed: 2\n%s", plan_text);
    act.problem = "no such image";
    for (int resume = 0; resume < 2; resume++) {
        struct outcome out = run_plan(plan_text, resume);
        assert_false(out.ok);
        assert_false(out.summary.begun);
        assert_has(out.err.msg, "platform raw: no such image");
        out = run_plan(edited, resume);
        assert_false(out.ok);
        assert_has(out.err.msg, "platform raw: no such image");
    }
    act.problem = NULL;
    assert_ran(run_plan(plan_text, false));
    assert_complete();
    char *plan = content("plan.yaml");
    assert_string_equal(plan, plan_text);
    free(plan);
    struct outcome out = run_plan(edited, true);
    assert_false(out.ok);
    assert_has(out.err.msg, "was begun with another plan");
}

static void test_folder_has_a_plan(void **state)
{
    (void)state;
    put("plan.yaml", "experiment: another\n");
    struct outcome out = run_plan(plan_text, false);
    assert_false(out.ok);
    assert_has(out.err.msg, "plan.yaml is another plan than the one to run");
    put("plan.yaml", plan_text);
    assert_ran(run_plan(plan_text, false));
    assert_complete();
}

static void test_two_at_once(void **state)
{
    (void)state;
    int ready[2], end[2];
    char byte = 0;
    assert_ran(run_plan(plan_text, false));
    assert_int_equal(pipe(ready), 0);
    assert_int_equal(pipe(end), 0);
    pid_t child = fork();
    if (child == 0) { /* holds the lock until it is killed */
        char path[128];
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        snprintf(path, sizeof path, "%s/.lock", folder);
        int fd = open(path, O_RDWR);
        if (fd < 0 || fcntl(fd, F_SETLK, &lock) != 0 || write(ready[1], "x", 1) != 1) _exit(1);
        pause();
        _exit(0);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    struct outcome out = run_plan(plan_text, true);
    assert_false(out.ok);
    char wanted[64];
    snprintf(wanted, sizeof wanted, "another sbstat (process %d) is collecting into", (int)child);
    assert_has(out.err.msg, wanted);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_ran(run_plan(plan_text, true)); /* the lock of a dead process is none */
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(end[i]);
    }
}

static void test_scratch_of_a_killed_one_is_removed(void **state)
{
    (void)state;
    int status;
    pid_t child = fork();
    if (child == 0) {
        kill_at_event = 3;
        run_plan(plan_text, false);
        _exit(1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(entries(scratch), 1);
    char other[128];
    snprintf(other, sizeof other, "%s/sb-00000000-abcdef", scratch);
    assert_int_equal(mkdir(other, 0700), 0); /* another experiment's */
    assert_ran(run_plan(plan_text, true));
    assert_int_equal(rmdir(other), 0);
    assert_complete();
}

/* ---- disks ---- */

static void test_log_does_not_fit(void **state)
{
    (void)state;
    struct rlimit before, limit;
    act.output = 20000;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = (struct rlimit){.rlim_cur = 16384, .rlim_max = before.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    struct outcome out = run_plan(plan_text, false);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    assert_false(out.ok);
    assert_int_equal(out.err.code, SB_ERR_OUTPUT);
    assert_has(out.err.msg, "cannot write ");
    assert_has(out.err.msg, strerror(EFBIG));
    assert_int_equal(act.running, 0);
    out = run_plan(plan_text, true);
    assert_ran(out);
    assert_int_equal(out.summary.from_before, 0);
    assert_complete();
}

static void test_no_scratch(void **state)
{
    (void)state;
    struct sb_collect_options options = usual_options(plan_text);
    options.scratch = "/nowhere/at/all";
    struct outcome out = run_with(&options);
    assert_false(out.ok);
    assert_int_equal(out.err.code, SB_ERR_OUTPUT);
    assert_has(out.err.msg, "--scratch names another");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_stop_and_resume),
        TEST(test_killed_at_every_event),
        TEST(test_killed_after_the_last_run),
        TEST(test_finished_keeps_its_host),
        TEST(test_line_taken_out),
        TEST(test_rename_is_completed),
        TEST(test_cut_log_is_put_aside),
        TEST(test_torn_journal),
        TEST(test_journal_with_garbage),
        TEST(test_log_is_missing),
        TEST(test_manifest_is_made_anew),
        TEST(test_changed_plan),
        TEST(test_folder_has_an_experiment),
        TEST(test_folder_has_other_things),
        TEST(test_folder_has_a_plan),
        TEST(test_refused_start),
        TEST(test_two_at_once),
        TEST(test_scratch_of_a_killed_one_is_removed),
        TEST(test_log_does_not_fit),
        TEST(test_no_scratch),
    };
    return cmocka_run_group_tests_name("experiment_resume", tests, NULL, NULL);
}
