/* What supervised programs do when we, who answer for them, are killed: an owner is forked that starts some,
 * and is ended at random moments. */
#include "process_fixture.h"

#include <dirent.h>
#include <signal.h>
#include "core/random.h"

#ifdef __linux__
static const char *const cleanup_argv[] = {"sh", "-c", "sleep 0.1; echo clean >> \"$SBT_CLEAN\"", NULL};

/* Stubborn, with children in its group and outside of it, which have children themselves. */
static const char stubborn[] = "trap '' TERM HUP INT; sleep 600 & setsid sh -c 'sleep 600 & sleep 600' & "
                               "(setsid sh -c \"trap '' TERM; sleep 600; sleep 600\" &) ; "
                               "echo up >> \"$SBT_UP\"; while :; do sleep 0.1; done";

static const char *env_of(const char *name, const char *file)
{
    static char entries[4][200];
    static unsigned next;
    char *entry = entries[next++ % 4];
    snprintf(entry, sizeof entries[0], "%s=%s", name, in_folder(file));
    return entry;
}

SB_NORETURN static void be_owner(int started, const char *clean)
{
    const char *env[] = {env_of("SBT_UP", "up"), env_of("SBT_CLEAN", clean), NULL};
    struct sb_process_spec spec = {.argv = SHELL(stubborn), .env = env, .cleanup = cleanup_argv};
    struct sb_process *first = sb_process_start(&spec, NULL);
    if (!first || write(started, "x", 1) != 1) _exit(1);
    for (;;) { /* and others come and go */
        struct sb_process_result result;
        struct sb_process_spec short_one = {.argv = SHELL("sleep 600 & sleep 0.02")};
        if (!sb_process_run(&short_one, &result, NULL)) _exit(1);
    }
}

static size_t lines_of(const char *name)
{
    size_t nr = 0;
    char *text = text_of(name, NULL);
    for (const char *at = text; *at; at++)
        nr += *at == '\n';
    free(text);
    return nr;
}

/* Ends an owner with `signal` that long after its first program was started, or after its own start. */
static void end_an_owner(int signal, double after, bool wait_for_start, const char *clean)
{
    int started[2];
    assert_int_equal(pipe(started), 0);
    pid_t owner = fork();
    if (owner == 0) be_owner(started[1], clean);
    close(started[1]);
    char byte;
    if (wait_for_start) assert_int_equal(read(started[0], &byte, 1), 1);
    snooze(after);
    close(started[0]);
    assert_int_equal(kill(owner, signal), 0);
}

/* One whose cleanup never ends by itself. */
static void leave_a_hanging_cleanup(void)
{
    pid_t owner = fork();
    if (owner > 0) return;
    struct sb_process_spec spec = {.argv = ARGV("sleep", "600"),
                                   .cleanup = SHELL("trap '' TERM; sleep 600 & sleep 600; sleep 600")};
    _exit(sb_process_start(&spec, NULL) ? 0 : 1);
}

static void test_owners_killed_at_random(void **state)
{
    enum { STARTED = 20, AT_ONCE = 20 };
    char clean[STARTED + AT_ONCE][32];
    struct sb_random random;
    sb_random_seed(&random, (uint64_t)getpid());
    double before = sb_monotonic();
    leave_a_hanging_cleanup();
    for (size_t i = 0; i < STARTED + AT_ONCE; i++) {
        snprintf(clean[i], sizeof clean[i], "clean.%zu", i);
        bool started = i < STARTED;
        end_an_owner(SIGKILL, (started ? 0.2 : 0.02) * sb_random_uniform(&random), started, clean[i]);
    }
    if (!all_gone(240)) fail_msg("a process is left");
    assert_true(sb_monotonic() - before >= 20); /* the cleanup had its time */
    for (size_t i = 0; i < STARTED + AT_ONCE; i++) {
        size_t nr = lines_of(clean[i]);
        if (nr > 1 || (i < STARTED && nr == 0)) fail_msg("the cleanup of owner %zu ran %zu times", i, nr);
    }
    assert_true(lines_of("up") > 0);
}

static void test_owner_ended_by_signals(void **state)
{
    end_an_owner(SIGTERM, 0.1, true, "clean.term");
    end_an_owner(SIGHUP, 0.1, true, "clean.hup");
    end_an_owner(SIGQUIT, 0.1, true, "clean.quit");
    assert_true(all_gone(60));
    assert_int_equal(lines_of("clean.term") + lines_of("clean.hup") + lines_of("clean.quit"), 3);
}

static void test_owner_forgets(void **state)
{
    unlink(in_folder("clean"));
    pid_t owner = fork();
    if (owner == 0) {
        const char *env[] = {env_of("SBT_CLEAN", "clean"), NULL};
        struct sb_process_spec spec = {.argv = ARGV("sleep", "600"), .env = env, .cleanup = cleanup_argv};
        _exit(sb_process_start(&spec, NULL) ? 0 : 1);
    }
    assert_true(all_gone(60));
    assert_int_equal(lines_of("clean"), 1);
}

static void test_no_cleanup_while_owner_lives(void **state)
{
    unlink(in_folder("clean"));
    const char *env[] = {env_of("SBT_CLEAN", "clean"), NULL};
    struct sb_process_spec spec = {.argv = ARGV("sleep", "600"), .env = env, .cleanup = cleanup_argv};
    struct sb_process_result result;
    spec.deadline = 0.1;
    assert_true(sb_process_run(&spec, &result, NULL));
    spec.argv = ARGV("true");
    assert_true(sb_process_run(&spec, &result, NULL));
    spec.argv = ARGV("sbstat-no-such-program");
    assert_false(sb_process_run(&spec, &result, NULL));
    assert_true(all_gone(0));
    assert_int_equal(access(in_folder("clean"), F_OK), -1);
}

/* ---- the guardian ---- */

static pid_t guardian_of(const struct sb_process *p)
{
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", sb_process_pid(p));
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_true(fread(text, 1, sizeof text - 1, file) > 0);
    fclose(file);
    return (pid_t)strtol(strrchr(text, ')') + 4, NULL, 10);
}

static size_t descriptors_of(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    size_t nr = 0;
    DIR *dir = opendir(path);
    assert_non_null(dir);
    while (readdir(dir))
        nr++;
    closedir(dir);
    return nr;
}

static void test_guardians_do_not_hold_each_other(void **state)
{
    struct sb_process_spec spec = {.argv = ARGV("sleep", "600"), .input = "", .hold_input = true};
    struct sb_process *all[5];
    for (size_t i = 0; i < SB_ARRAY_SIZE(all); i++) {
        all[i] = sb_process_start(&spec, NULL);
        assert_non_null(all[i]);
        assert_int_equal(descriptors_of(guardian_of(all[i])), descriptors_of(guardian_of(all[0])));
    }
    for (size_t i = 0; i < SB_ARRAY_SIZE(all); i++)
        sb_process_free(all[i]);
}

static void test_killed_guardian(void **state)
{
    struct sb_process_spec spec = {.argv = SHELL("trap '' TERM; sleep 600 & wait; sleep 600")};
    struct sb_process_result result;
    struct sb_process *p = sb_process_start(&spec, NULL);
    assert_non_null(p);
    kill(guardian_of(p), SIGKILL);
    assert_true(sb_process_wait(p, -1, &result));
    assert_int_equal(result.outcome, SB_PROCESS_SIGNALED);
    assert_int_equal(result.status, 128 + SIGKILL);
    sb_process_free(p);
    assert_true(all_gone(20));
}

static void test_guardian_told_to_end(void **state)
{
    unlink(in_folder("clean"));
    const char *env[] = {env_of("SBT_CLEAN", "clean"), NULL};
    struct sb_process_spec spec = {.argv = ARGV("sleep", "600"), .env = env, .cleanup = cleanup_argv};
    struct sb_process_result result;
    struct sb_process *p = sb_process_start(&spec, NULL);
    assert_non_null(p);
    kill(guardian_of(p), SIGINT); /* a terminal's: not for it */
    assert_false(sb_process_wait(p, 0.2, &result));
    kill(guardian_of(p), SIGTERM); /* a system's that shuts down */
    assert_true(sb_process_wait(p, -1, &result));
    assert_int_equal(result.outcome, SB_PROCESS_SIGNALED);
    sb_process_free(p);
    assert_true(all_gone(0));
    assert_int_equal(lines_of("clean"), 1);
}
#endif

int main(void)
{
#ifndef __linux__
    puts("SKIP: only Linux gives us the processes that outlive their parents, so that we can count them");
    return 77;
#else
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_owners_killed_at_random),
        cmocka_unit_test(test_owner_ended_by_signals),
        cmocka_unit_test(test_owner_forgets),
        cmocka_unit_test(test_no_cleanup_while_owner_lives),
        cmocka_unit_test(test_guardians_do_not_hold_each_other),
        cmocka_unit_test(test_killed_guardian),
        cmocka_unit_test(test_guardian_told_to_end),
    };
    return cmocka_run_group_tests_name("process_owner", tests, make_test_folder, remove_test_folder);
#endif
}
