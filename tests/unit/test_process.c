/* Supervised programs that end well, badly, late or not at all. */
#include "process_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>

static struct sb_process_result run(const struct sb_process_spec *spec)
{
    struct sb_err err = {.code = SB_OK};
    struct sb_process_result result;
    if (!sb_process_run(spec, &result, &err)) fail_msg("%s", err.msg);
    assert_true(all_gone(0)); /* not even a zombie */
    return result;
}

#define RUN(...) run(&(struct sb_process_spec){__VA_ARGS__})

static void assert_end(struct sb_process_result result, enum sb_process_outcome outcome, int status)
{
    assert_int_equal(result.outcome, outcome);
    assert_int_equal(result.status, status);
}

/* ---- ends ---- */

static void test_exit_status(void **state)
{
    assert_end(RUN(.argv = ARGV("true")), SB_PROCESS_EXITED, 0);
    assert_end(RUN(.argv = SHELL("exit 7")), SB_PROCESS_EXITED, 7);
    assert_end(RUN(.argv = SHELL("exit 137")), SB_PROCESS_EXITED, 137);
    assert_end(RUN(.argv = SHELL("exit 255")), SB_PROCESS_EXITED, 255);
}

static void test_crash(void **state)
{
    assert_end(RUN(.argv = SHELL("kill -SEGV $$")), SB_PROCESS_SIGNALED, 128 + SIGSEGV);
    assert_end(RUN(.argv = SHELL("kill -KILL $$")), SB_PROCESS_SIGNALED, 128 + SIGKILL);
    assert_end(RUN(.argv = SHELL("kill -TERM $$")), SB_PROCESS_SIGNALED, 128 + SIGTERM);
}

static void test_deadline(void **state)
{
    struct sb_process_result result = RUN(.argv = ARGV("sleep", "600"), .deadline = 0.3);
    assert_end(result, SB_PROCESS_TIMEOUT, 128 + SIGTERM);
    assert_true(result.wall >= 0.3 && result.wall < 0.3 + SB_PROCESS_GRACE);
    char words[80];
    assert_memory_equal(sb_process_words(&result, words, sizeof words), "timed out after ", 16);
}

static void test_deadline_of_one_that_ignores_term(void **state)
{
    struct sb_process_result result =
        RUN(.argv = SHELL("trap '' TERM HUP INT; while :; do sleep 0.1; done"), .deadline = 0.2);
    assert_end(result, SB_PROCESS_TIMEOUT, 128 + SIGKILL);
    assert_true(result.wall >= 0.2 + SB_PROCESS_GRACE && result.wall < 0.2 + SB_PROCESS_GRACE + 10);
}

static void test_stopped_program_is_ended(void **state)
{
    struct sb_process_result result = RUN(.argv = SHELL("kill -STOP $$"), .deadline = 0.2);
    assert_end(result, SB_PROCESS_TIMEOUT, 128 + SIGKILL);
}

static void test_status_of_one_that_ends_politely(void **state)
{
    struct sb_process_result result =
        RUN(.argv = SHELL("trap 'exit 3' TERM; while :; do sleep 0.05; done"), .deadline = 0.3);
    assert_end(result, SB_PROCESS_TIMEOUT, 3);
}

static void test_wait_and_end(void **state)
{
    struct sb_process_spec spec = {.argv = ARGV("sleep", "600")};
    struct sb_process_result result;
    struct sb_process *p = sb_process_start(&spec, NULL);
    assert_non_null(p);
    assert_int_equal(kill(sb_process_pid(p), 0), 0);
    assert_int_equal(getpgid(sb_process_pid(p)), sb_process_pid(p));
    assert_false(sb_process_wait(p, 0, &result));
    assert_int_equal(result.outcome, SB_PROCESS_RUNNING);
    double before = sb_monotonic();
    assert_false(sb_process_wait(p, 0.2, &result));
    assert_true(sb_monotonic() - before >= 0.2);
    sb_process_end(p, 5, &result);
    assert_end(result, SB_PROCESS_STOPPED, 128 + SIGTERM);
    sb_process_end(p, 5, &result); /* again: the same */
    assert_end(result, SB_PROCESS_STOPPED, 128 + SIGTERM);
    assert_true(sb_process_wait(p, -1, &result));
    sb_process_free(p);
    assert_true(all_gone(0));
}

static void test_end_without_grace(void **state)
{
    struct sb_process_spec spec = {.argv = SHELL("trap '' TERM; while :; do sleep 0.1; done")};
    struct sb_process_result result;
    struct sb_process *p = sb_process_start(&spec, NULL);
    assert_non_null(p);
    sb_process_end(p, 0, &result);
    assert_end(result, SB_PROCESS_STOPPED, 128 + SIGKILL);
    sb_process_free(p);
}

static void test_end_of_one_that_has_ended(void **state)
{
    struct sb_process_spec spec = {.argv = SHELL("exit 4")};
    struct sb_process_result result;
    struct sb_process *p = sb_process_start(&spec, NULL);
    assert_non_null(p);
    siginfo_t info;
    assert_int_equal(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0); /* its guardian has ended */
    sb_process_end(p, 1, &result);                                   /* and no SIGPIPE ends us */
    assert_end(result, SB_PROCESS_EXITED, 4);
    sb_process_free(p);
}

static void test_free_ends(void **state)
{
    struct sb_process_spec spec = {.argv = ARGV("sleep", "600")};
    sb_process_free(sb_process_start(&spec, NULL));
    assert_true(all_gone(0));
    sb_process_free(NULL);
}

static volatile sig_atomic_t stop_flag;

static void set_stop(int signal)
{
    stop_flag = 1;
}

static void test_stop_flag(void **state)
{
    stop_flag = 0;
    struct sigaction action = {.sa_handler = set_stop};
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    struct sb_process_result result = RUN(.argv = ARGV("sleep", "600"), .stop = &stop_flag);
    assert_end(result, SB_PROCESS_STOPPED, 128 + SIGTERM);
    assert_true(result.wall > 0.5 && result.wall < 1 + SB_PROCESS_GRACE);
    result = RUN(.argv = ARGV("sleep", "600"), .stop = &stop_flag); /* set before the start */
    assert_int_equal(result.outcome, SB_PROCESS_STOPPED);
}

/* ---- input and output ---- */

static void test_output(void **state)
{
    const char *path = in_folder("output");
    struct sb_process_spec spec = {.argv = SHELL("echo one; echo two >&2; printf three"), .output = path};
    assert_end(run(&spec), SB_PROCESS_EXITED, 0);
    assert_end(run(&spec), SB_PROCESS_EXITED, 0); /* appends */
    assert_file("output", "one\ntwo\nthreeone\ntwo\nthree");
    assert_end(RUN(.argv = ARGV("true"), .output = in_folder("nothing")), SB_PROCESS_EXITED, 0);
    assert_file("nothing", "");
    assert_end(RUN(.argv = SHELL("echo dropped; echo dropped >&2")), SB_PROCESS_EXITED, 0);
}

static void test_output_that_cannot_be_written(void **state)
{
    struct sb_err err = {.code = SB_OK};
    struct sb_process_spec spec = {.argv = ARGV("true"), .output = in_folder("absent/output")};
    assert_null(sb_process_start(&spec, &err));
    assert_non_null(strstr(err.msg, "absent/output"));
}

static void test_flood(void **state)
{
    const char *path = in_folder("flood");
    struct sb_process_spec before = {.argv = ARGV("echo", "before"), .output = path};
    run(&before);
    struct sb_process_result result =
        RUN(.argv = ARGV("yes"), .output = path, .output_limit = 100000, .deadline = 60);
    assert_int_equal(result.outcome, SB_PROCESS_FLOOD);
    assert_true(result.wall < 30);
    size_t len;
    char *text = text_of("flood", &len);
    assert_int_equal(len, strlen("before\n") + 100000);
    free(text);
}

static void test_short_flood(void **state)
{
    /* Over before anyone could look. */
    struct sb_process_result result = RUN(.argv = ARGV("head", "-c", "5000", "/dev/zero"),
                                          .output = in_folder("burst"), .output_limit = 4999);
    assert_int_equal(result.outcome, SB_PROCESS_FLOOD);
    result = RUN(.argv = ARGV("head", "-c", "5000", "/dev/zero"), .output = in_folder("fits"),
                 .output_limit = 5000);
    assert_end(result, SB_PROCESS_EXITED, 0);
}

static void test_closed_output(void **state)
{
    struct sb_process_result result =
        RUN(.argv = SHELL("exec >&- 2>&-; sleep 0.3; exit 5"), .output = in_folder("closed"));
    assert_end(result, SB_PROCESS_EXITED, 5);
    assert_true(result.wall >= 0.3);
}

static void test_input(void **state)
{
    static char bytes[64 * 1024];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 31);
    struct sb_process_spec spec = {
        .argv = ARGV("cat"), .input = bytes, .input_len = sizeof bytes, .output = in_folder("input")};
    assert_end(run(&spec), SB_PROCESS_EXITED, 0);
    size_t len;
    char *text = text_of("input", &len);
    assert_int_equal(len, sizeof bytes);
    assert_memory_equal(text, bytes, len);
    free(text);
    spec.argv = ARGV("true"); /* does not read it */
    assert_end(run(&spec), SB_PROCESS_EXITED, 0);
    assert_end(RUN(.argv = ARGV("cat"), .input = "", .deadline = 30), SB_PROCESS_EXITED, 0);
    assert_end(RUN(.argv = ARGV("cat"), .deadline = 30), SB_PROCESS_EXITED, 0); /* /dev/null */
    assert_end(RUN(.argv = SHELL("read x; read y && exit 1; exit 2"), .input = "x\n", .input_len = 2,
                   .hold_input = true, .deadline = 0.3),
               SB_PROCESS_TIMEOUT, 128 + SIGTERM);
}

/* ---- what it finds around it ---- */

static void test_environment(void **state)
{
    setenv("SBT_KEPT", "kept", 1);
    setenv("SBT_CHANGED", "before", 1);
    struct sb_process_result result =
        RUN(.argv = SHELL("echo $SBT_KEPT $SBT_CHANGED $SBT_NEW; pwd -P; env | grep -c SBT_CHANGED"),
            .env = ARGV("SBT_CHANGED=after", "SBT_NEW=a=b"), .cwd = "/usr",
            .output = in_folder("environment"));
    assert_end(result, SB_PROCESS_EXITED, 0);
    assert_file("environment", "kept after a=b\n/usr\n1\n");
}

static void test_descriptors_and_signals(void **state)
{
    int leaking = open("/dev/null", O_RDONLY); /* not close-on-exec */
    sigset_t block;
    sigemptyset(&block);
    sigaddset(&block, SIGTERM);
    sigprocmask(SIG_BLOCK, &block, NULL);
    signal(SIGINT, SIG_IGN);
    struct sb_process_result result =
        RUN(.argv = SHELL("for fd in 3 4 5 6 7 8 9; do (eval \"exec 0<&$fd\") 2>/dev/null && exit 1; done; "
                          "kill -INT $$; exit 2"),
            .output = in_folder("descriptors"));
    assert_end(result, SB_PROCESS_SIGNALED, 128 + SIGINT);
    result = RUN(.argv = SHELL("kill -TERM $$; exit 2"));
    assert_end(result, SB_PROCESS_SIGNALED, 128 + SIGTERM);
    signal(SIGINT, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &block, NULL);
    close(leaking);
}

/* ---- those that cannot be started ---- */

static void assert_cannot_start(const struct sb_process_spec *spec, const char *words)
{
    struct sb_err err = {.code = SB_OK};
    assert_null(sb_process_start(spec, &err));
    assert_int_equal(err.code, SB_ERR_STEP);
    if (!strstr(err.msg, words)) fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
    assert_true(all_gone(0));
}

static void test_not_startable(void **state)
{
    struct sb_process_spec spec = {.argv = ARGV("sbstat-no-such-program")};
    assert_cannot_start(&spec, "sbstat-no-such-program: it is not in PATH");
    spec.argv = ARGV("/tmp/sbstat/no/such/program");
    assert_cannot_start(&spec, "No such file");
    write_program("plain", "#!/bin/sh\n");
    assert_int_equal(chmod(in_folder("plain"), 0644), 0);
    spec.argv = ARGV(in_folder("plain"));
    assert_cannot_start(&spec, "Permission denied");
    spec.argv = ARGV(test_folder);
    assert_cannot_start(&spec, "Permission denied");
    spec = (struct sb_process_spec){.argv = ARGV("true"), .cwd = "/no/such/folder"};
    assert_cannot_start(&spec, "in /no/such/folder");
}

static void test_huge_argv(void **state)
{
    enum { COUNT = 4000 };
    static char word[20000];
    static const char *argv[COUNT + 5] = {"sh", "-c", "echo $#", "sh"};
    memset(word, 'x', sizeof word - 1);
    for (int i = 0; i < COUNT; i++)
        argv[4 + i] = word + sizeof word - 100;
    struct sb_process_spec spec = {.argv = argv, .output = in_folder("huge")};
    assert_end(run(&spec), SB_PROCESS_EXITED, 0);
    assert_file("huge", "4000\n");
    for (int i = 0; i < COUNT; i++)
        argv[4 + i] = word; /* 80 MB: more than any system takes */
    assert_cannot_start(&spec, "too long");
}

/* ---- what they leave ---- */

static void test_background_is_ended(void **state)
{
    struct sb_process_result result = RUN(.argv = SHELL("sleep 600 & trap '' TERM; sleep 600 & exit 0"));
    assert_end(result, SB_PROCESS_EXITED, 0);
#ifdef __linux__
    result = RUN(.argv = SHELL("setsid sh -c \"trap '' TERM; sleep 600; sleep 600\" & exit 1"));
    assert_end(result, SB_PROCESS_EXITED, 1);
    result = RUN(.argv = SHELL("setsid sleep 600 & sleep 600"), .deadline = 0.2);
    assert_int_equal(result.outcome, SB_PROCESS_TIMEOUT);
#endif
}

static void test_group_gets_its_grace(void **state)
{
    /* The first to go is not the last of its group: the child may finish what it does. */
    const char *script =
        "sh -c 'trap \"sleep 0.5; echo saved; exit\" TERM; echo ready; while :; do sleep 0.05; "
        "done' 2>/dev/null & trap 'exit 0' TERM; wait";
    struct sb_process_spec spec = {.argv = SHELL(script), .output = in_folder("grace")};
    struct sb_process *p = sb_process_start(&spec, NULL);
    assert_non_null(p);
    for (char *text = NULL; !text || !*text; snooze(0.01)) {
        free(text);
        text = text_of("grace", NULL);
        if (*text) {
            free(text);
            break;
        }
    }
    sb_process_end(p, 20, NULL);
    sb_process_free(p);
    assert_file("grace", "ready\nsaved\n");
    assert_true(all_gone(0));
}

#ifdef __linux__
static void test_daemon_may_stay(void **state)
{
    struct sb_process_spec spec = {.argv = SHELL("setsid sleep 600 & echo $!"), .leaves_daemon = true};
    spec.output = in_folder("daemon");
    struct sb_process_result result;
    assert_true(sb_process_run(&spec, &result, NULL));
    assert_int_equal(result.status, 0);
    char *text = text_of("daemon", NULL);
    pid_t pid = (pid_t)strtol(text, NULL, 10);
    free(text);
    assert_true(pid > 1);
    assert_int_equal(kill(pid, 0), 0);
    assert_int_equal(waitpid(pid, NULL, WNOHANG), 0); /* it came to us and runs */
    kill(pid, SIGKILL);
    assert_true(all_gone(20));
}
#endif

static size_t descriptors_of(const char *folder)
{
    size_t nr = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    while (readdir(dir))
        nr++;
    closedir(dir);
    return nr;
}

static void test_no_descriptor_is_lost(void **state)
{
    struct sb_process_spec absent = {
        .argv = ARGV("sbstat-no-such-program"), .output = in_folder("lost"), .input = "x", .input_len = 1};
    size_t before = descriptors_of("/dev/fd");
    for (int i = 0; i < 200; i++) {
        struct sb_process_result result;
        struct sb_process_spec spec = {
            .argv = ARGV("true"), .output = in_folder("lost"), .input = "x", .input_len = 1};
        assert_true(sb_process_run(&spec, &result, NULL));
        assert_null(sb_process_start(&absent, NULL));
    }
    struct sb_strbuf out = SB_STRBUF_INIT;
    assert_true(sb_process_capture(ARGV("true"), 60, NULL, 0, &out, NULL));
    assert_false(sb_process_capture(ARGV("false"), 60, NULL, 0, &out, NULL));
    sb_strbuf_release(&out);
    assert_int_equal(descriptors_of("/dev/fd"), before);
    assert_true(all_gone(0));
}

/* ---- capture, programs, words ---- */

static void test_capture(void **state)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err;
    assert_true(sb_process_capture(SHELL("printf 'a\\0b\\n'; echo noise >&2"), 60, NULL, 0, &out, &err));
    assert_int_equal(out.len, 4);
    assert_memory_equal(out.buf, "a\0b\n", 4);
    sb_strbuf_clear(&out);
    assert_true(sb_process_capture(ARGV("head", "-c", "1000", "/dev/zero"), 60, NULL, 1000, &out, &err));
    assert_int_equal(out.len, 1000);
    sb_strbuf_release(&out);
}

static void assert_capture_says(const char *const *argv, double deadline, size_t limit, const char *words)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err = {.code = SB_OK};
    assert_false(sb_process_capture(argv, deadline, NULL, limit, &out, &err));
    assert_int_equal(err.code, SB_ERR_STEP);
    if (strncmp(err.msg, words, strlen(words)) != 0) fail_msg("\"%s\" is not \"%s\"", err.msg, words);
    sb_strbuf_release(&out);
}

static void test_capture_failures(void **state)
{
    assert_capture_says(SHELL("echo first >&2; printf 'the last\\033[2J\\n\\n' >&2; exit 3"), 60, 0,
                        "sh: ended with exit status 3: the last\xe2\x90\x9b[2J");
    assert_capture_says(ARGV("false"), 60, 0, "false: ended with exit status 1");
    assert_capture_says(SHELL("kill -KILL $$"), 60, 0, "sh: killed by signal 9");
    assert_capture_says(ARGV("sleep", "600"), 0.2, 0, "sleep: timed out after 0.");
    assert_capture_says(ARGV("yes"), 60, 1000, "yes: ended by us: too much output");
    assert_capture_says(ARGV("head", "-c", "1001", "/dev/zero"), 60, 1000,
                        "head: ended by us: too much output");
    assert_capture_says(ARGV("sbstat-no-such-program"), 60, 0, "cannot run sbstat-no-such-program");
}

static void test_find_program(void **state)
{
    char *path = sb_find_program("sh");
    assert_non_null(path);
    assert_int_equal(path[0], '/');
    char *same = sb_find_program(path);
    assert_string_equal(same, path);
    free(same);
    free(path);
    assert_null(sb_find_program("sbstat-no-such-program"));
    assert_null(sb_find_program(""));
    assert_null(sb_find_program("/"));
    write_program("mine", "#!/bin/sh\necho mine $1\n");
    char *before = sb_xstrdup(getenv("PATH"));
    struct sb_strbuf folders = SB_STRBUF_INIT;
    sb_strbuf_addf(&folders, "/absent::%s:%s", test_folder, before);
    setenv("PATH", folders.buf, 1);
    path = sb_find_program("mine");
    assert_string_equal(path, in_folder("mine"));
    assert_end(RUN(.argv = ARGV("mine", "a b"), .output = in_folder("said")), SB_PROCESS_EXITED, 0);
    assert_file("said", "mine a b\n");
    setenv("PATH", before, 1);
    free(path);
    free(before);
    sb_strbuf_release(&folders);
}

static void test_words(void **state)
{
    char words[80];
    assert_string_equal(
        sb_process_words(&(struct sb_process_result){SB_PROCESS_EXITED, 1, 0}, words, sizeof words),
        "exit status 1");
    assert_string_equal(
        sb_process_words(&(struct sb_process_result){SB_PROCESS_SIGNALED, 137, 0}, words, sizeof words),
        "killed by signal 9");
    assert_string_equal(
        sb_process_words(&(struct sb_process_result){SB_PROCESS_TIMEOUT, 143, 30.04}, words, sizeof words),
        "timed out after 30 s");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exit_status),
        cmocka_unit_test(test_crash),
        cmocka_unit_test(test_deadline),
        cmocka_unit_test(test_deadline_of_one_that_ignores_term),
        cmocka_unit_test(test_stopped_program_is_ended),
        cmocka_unit_test(test_status_of_one_that_ends_politely),
        cmocka_unit_test(test_wait_and_end),
        cmocka_unit_test(test_end_without_grace),
        cmocka_unit_test(test_end_of_one_that_has_ended),
        cmocka_unit_test(test_free_ends),
        cmocka_unit_test(test_stop_flag),
        cmocka_unit_test(test_output),
        cmocka_unit_test(test_output_that_cannot_be_written),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_short_flood),
        cmocka_unit_test(test_closed_output),
        cmocka_unit_test(test_input),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_descriptors_and_signals),
        cmocka_unit_test(test_not_startable),
        cmocka_unit_test(test_huge_argv),
        cmocka_unit_test(test_background_is_ended),
        cmocka_unit_test(test_group_gets_its_grace),
#ifdef __linux__
        cmocka_unit_test(test_daemon_may_stay),
#endif
        cmocka_unit_test(test_no_descriptor_is_lost),
        cmocka_unit_test(test_capture),
        cmocka_unit_test(test_capture_failures),
        cmocka_unit_test(test_find_program),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests_name("process", tests, make_test_folder, remove_test_folder);
}
