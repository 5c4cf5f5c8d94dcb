/* What `sbstat collect PLAN -o DIR` says and returns, with a runner and platforms made up here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <math.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "cli/cli.h"
#include "cli/progress.h"
#include "collect/experiment.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

/* ---- in place of drivers.c and experiment.c ---- */

static const struct sb_field no_fields[] = {{NULL}};
static const struct sb_driver fake = {.name = "host", .fields = no_fields};
static const struct sb_driver *const fakes[] = {&fake};

const struct sb_driver *const *sb_drivers(size_t *nr)
{
    *nr = 1;
    return fakes;
}

const struct sb_driver *sb_driver_find(const char *name)
{
    return strcmp(name, fake.name) == 0 ? &fake : NULL;
}

static struct {
    struct sb_collect_summary summary;
    const char *refuse; /* message to fail with */
    int signal;         /* to raise in the middle */
    bool ignores_stop;
} act;

static void tell(const struct sb_collect_options *o, enum sb_collect_event_kind kind, size_t done,
                 const struct sb_planned_boot *boot, const struct sb_planned_run *run, double left,
                 const char *text)
{
    const struct sb_collect_event event = {.kind = kind,
                                           .done = done,
                                           .total = act.summary.planned,
                                           .boot = boot,
                                           .run = run,
                                           .left = left,
                                           .text = text};
    o->event(o->data, &event);
}

bool sb_collect_run(const struct sb_plan *plan, const struct sb_collect_options *o,
                    struct sb_collect_summary *summary, struct sb_err *err)
{
    struct sb_schedule schedule;
    if (act.refuse) return sb_fail(err, SB_ERR_STEP, "%s", act.refuse);
    assert_true(o->plan_len > 0 && o->plan_text[o->plan_len] == '\0');
    sb_schedule_make(&schedule, plan);
    const struct sb_planned_boot *boot = &schedule.boots[0];
    tell(o, SB_COLLECT_STARTED, 0, NULL, NULL, NAN, NULL);
    tell(o, SB_COLLECT_BOOTING, 0, boot, NULL, 5400, NULL);
    tell(o, SB_COLLECT_WARNING, 0, boot, NULL, NAN, "no\033banner");
    tell(o, SB_COLLECT_RUNNING, 0, boot, &boot->runs[0], 60, NULL);
    tell(o, SB_COLLECT_RUN_DONE, 1, boot, &boot->runs[0], 60, "exit status 3");
    if (act.signal) raise(act.signal);
    if (act.signal && !act.ignores_stop) assert_int_equal(*o->stop, act.signal);
    if (act.ignores_stop) raise(act.signal);
    tell(o, SB_COLLECT_FINISHED, 1, NULL, NULL, NAN, NULL);
    *summary = act.summary;
    summary->stopped = act.signal != 0;
    sb_schedule_free(&schedule);
    return true;
}

/* ---- running the program in a process of its own ---- */

struct outcome {
    int status; /* as wait() gives it */
    char *out, *err;
};

static char folder[] = "/tmp/sbcolXXXXXX";

static void child(char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    if (chdir(folder) != 0 || !freopen("out", "w", stdout) || !freopen("err", "w", stderr)) _exit(99);
    setvbuf(stderr, NULL, _IONBF, 0); /* as it is when nobody reopens it */
    _exit(sb_cli_main(argc, argv));
}

static char *read_all(const char *name)
{
    char path[64], *text;
    size_t len;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_true(sb_read_file(path, 1 << 20, &text, &len, NULL));
    return text;
}

static struct outcome run(char **argv)
{
    struct outcome o;
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) child(argv);
    assert_int_equal(waitpid(pid, &o.status, 0), pid);
    o.out = read_all("out");
    o.err = read_all("err");
    return o;
}

static struct outcome run_plain(void)
{
    char *argv[] = {(char[]){"sbstat"}, (char[]){"collect"},  (char[]){"p.yaml"},
                    (char[]){"-o"},     (char[]){"my logs/"}, NULL};
    return run(argv);
}

static void release(struct outcome *o)
{
    free(o->out);
    free(o->err);
}

static void expect_in(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

static int set_up(void **state)
{
    static const char plan[] = "experiment: x\nboots: 1\nplatforms: [host]\nconfigs: {native: {}}\n"
                               "tests: {cpu: cpu --time=1}\n";
    char path[64];
    (void)state;
    if (!mkdtemp(folder)) return 1;
    snprintf(path, sizeof path, "%s/p.yaml", folder);
    return !sb_outfile_write(path, plan, strlen(plan), NULL);
}

static int tear_down(void **state)
{
    static const char *const names[] = {"p.yaml", "out", "err"};
    char path[64];
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    return rmdir(folder);
}

static void reset(size_t planned, size_t done)
{
    memset(&act, 0, sizeof act);
    act.summary.planned = planned;
    act.summary.done = done;
}

/* ---- tests ---- */

static void all_done(void **state)
{
    (void)state;
    reset(1, 1);
    struct outcome o = run_plain();
    assert_true(WIFEXITED(o.status));
    assert_int_equal(WEXITSTATUS(o.status), 0);
    assert_string_equal(o.out, "1 of 1 run done in 'my logs'\n"
                               "report: sbstat report 'my logs' -o 'my logs-report'\n");
    expect_in(o.err, "sbstat: 1 warning about this plan: sbstat collect plan p.yaml\n");
    expect_in(o.err, "Z 0/1 boot host/native boot 1, 1 h 30 min left\n");
    expect_in(o.err, "Z 0/1 warning host/native boot 1: no\xe2\x90\x9b"
                     "banner\n");
    expect_in(o.err, "Z 0/1 run host/native/cpu_b1_r1.log\n");
    expect_in(o.err, "Z 1/1 failed host/native/cpu_b1_r1.log: exit status 3\n");
    expect_in(o.err, "Z 1/1 finished\n");
    assert_null(strchr(o.err, '\r'));
    release(&o);
}

static void some_failed(void **state)
{
    (void)state;
    reset(9, 6);
    act.summary.failed = 1;
    act.summary.missing = 3;
    act.summary.boots_failed = 1;
    act.summary.from_before = 2;
    struct outcome o = run_plain();
    assert_int_equal(WEXITSTATUS(o.status), 5);
    assert_string_equal(
        o.out, "6 of 9 runs done in 'my logs', 2 of them before, 1 failed, 3 missing; 1 boot gave up\n"
               "go on:  sbstat collect p.yaml -o 'my logs' --resume\n"
               "again:  sbstat collect p.yaml -o 'my logs' --resume --retry-failed\n"
               "report: sbstat report 'my logs' -o 'my logs-report'\n");
    release(&o);
}

/* What was asked for has to be asked for again. */
static void going_on_as_before(void **state)
{
    char *argv[] = {(char[]){"sbstat"},
                    (char[]){"collect"},
                    (char[]){"p.yaml"},
                    (char[]){"-o"},
                    (char[]){"d"},
                    (char[]){"--scratch"},
                    (char[]){"my s"},
                    (char[]){"--allow-busy"},
                    NULL};
    (void)state;
    reset(2, 1);
    act.summary.missing = 1;
    struct outcome o = run(argv);
    expect_in(o.out, "go on:  sbstat collect p.yaml -o d --scratch 'my s' --allow-busy --resume\n");
    release(&o);
}

static void refused(void **state)
{
    (void)state;
    reset(1, 0);
    act.refuse = "the host is busy";
    struct outcome o = run_plain();
    assert_int_equal(WEXITSTATUS(o.status), 5);
    assert_string_equal(o.out, "");
    expect_in(o.err, "sbstat: the host is busy\n");
    release(&o);
}

static void quiet(void **state)
{
    char *argv[] = {(char[]){"sbstat"},
                    (char[]){"collect"},
                    (char[]){"p.yaml"},
                    (char[]){"-o"},
                    (char[]){"d"},
                    (char[]){"-q"},
                    NULL};
    (void)state;
    reset(1, 1);
    struct outcome o = run(argv);
    assert_string_equal(o.err, "");
    expect_in(o.out, "report: sbstat report d -o d-report\n");
    release(&o);
}

/* The flag is seen, the summary printed, and the program dies of the signal. */
static void stopped_by_signal(void **state)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(signals); i++) {
        reset(5, 1);
        act.summary.missing = 4;
        act.signal = signals[i];
        signal(signals[i], SIG_DFL); /* a parent may ignore it */
        struct outcome o = run_plain();
        assert_true(WIFSIGNALED(o.status));
        assert_int_equal(WTERMSIG(o.status), signals[i]);
        expect_in(o.out, "1 of 5 runs done in 'my logs', 4 missing; stopped\n");
        expect_in(o.out, "--resume\n");
        release(&o);
    }
}

static void second_signal(void **state)
{
    (void)state;
    reset(5, 1);
    act.signal = SIGTERM;
    act.ignores_stop = true;
    struct outcome o = run_plain();
    assert_true(WIFSIGNALED(o.status));
    assert_int_equal(WTERMSIG(o.status), SIGTERM);
    assert_string_equal(o.out, "");
    release(&o);
}

static void durations(void **state)
{
    static const struct {
        double seconds;
        const char *text;
    } cases[] = {{0, "0 s"},           {89, "89 s"},        {90, "2 min"},       {3600, "60 min"},
                 {5400, "1 h 30 min"}, {7199, "2 h 0 min"}, {172800, "2 d 0 h"}, {100000, "27 h 47 min"},
                 {NAN, "?"},           {INFINITY, "?"}};
    char buf[32];
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++)
        assert_string_equal(sb_duration(cases[i].seconds, buf, sizeof buf), cases[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_done),  cmocka_unit_test(some_failed),        cmocka_unit_test(refused),
        cmocka_unit_test(quiet),     cmocka_unit_test(stopped_by_signal),  cmocka_unit_test(second_signal),
        cmocka_unit_test(durations), cmocka_unit_test(going_on_as_before),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
