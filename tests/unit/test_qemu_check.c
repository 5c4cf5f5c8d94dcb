/* What is known to be wrong with a guest of QEMU before it is started. */
#include "qemu_fake_fixture.h"

static void assert_check_fails(const char *says)
{
    f.err.code = SB_OK;
    assert_false(sb_driver_raw.check(&f.spec, &f.err));
    assert_says(f.err.msg, says);
}

static void checks_say_what_is_wrong(void **state)
{
    (void)state;
    setenv("FAKE_QEMU", "ok", 1);
    set_option(&f, "program", "no-such-qemu");
    assert_check_fails("no-such-qemu: not found");
    set_option(&f, "program", FAKE_QEMU);
    set_option(&f, "aio", "native");
    assert_check_fails("\"aio: native\" needs \"cache: none\"");
    set_option(&f, "aio", "threads");
    set_option(&f, "mode", "ssh");
    assert_check_fails("a tiny image has no ssh server");
    set_option(&f, "image", disk); /* as a disk of one's own */
    set_option(&f, "mode", "job");
    assert_check_fails("nothing answers on the port of \"mode: job\" in a disk of your own");
    set_option(&f, "image", image);
    set_option(&f, "extra", "-name 'open");
    assert_check_fails("extra: a ' is not closed");
    set_option(&f, "extra", "");
    set_option(&f, "image", "/nonexistent");
    assert_check_fails("/nonexistent");
}

static void checks_count_the_space(void **state)
{
    (void)state;
    static const char *const args[] = {"fileio", "--file-total-size=900T", NULL};
    struct sb_plan_test test = {.name = "t", .kind = "fileio", .args = args, .prepares = true};
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (!sb_process_capture((const char *const[]){"qemu-img", "--version", NULL}, 30, 0, &out, NULL)) {
        print_message("SKIPPED: no qemu-img\n");
        skip();
    }
    sb_strbuf_release(&out);
    setenv("FAKE_QEMU", "ok", 1);
    assert_true(sb_driver_raw.check(&f.spec, &f.err));
    f.plan.tests = &test;
    f.plan.tests_nr = 1;
    assert_check_fails("MiB are free");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(checks_say_what_is_wrong),
        T(checks_count_the_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
