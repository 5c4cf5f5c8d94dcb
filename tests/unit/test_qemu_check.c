/* What is known to be wrong with a guest of QEMU before it is started. */
#include "qemu_fake_fixture.h"

static void assert_check_fails(const char *says)
{
    f.err.code = SB_OK;
    assert_false(sb_driver_raw.check(&f.spec, &f.err));
    assert_says(f.err.msg, says);
}

/* A disk of one's own that nothing is known of. */
static const char *own_disk(void)
{
    static char path[120];
    snprintf(path, sizeof path, "%s/own.img", f.folder);
    write_text(path, "");
    assert_int_equal(truncate(path, 1 << 20), 0);
    return path;
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
    set_option(&f, "image", disk);
    assert_check_fails("platform raw: image: ");
    assert_check_fails("disk.raw is a part of a built image: name its folder");
    set_option(&f, "image", own_disk());
    set_option(&f, "mode", "job");
    assert_check_fails("nothing answers on the port of \"mode: job\" in a disk of your own");
    set_option(&f, "image", image);
    set_option(&f, "extra", "-name 'open");
    assert_check_fails("extra: a ' is not closed");
    set_option(&f, "extra", "");
    set_option(&f, "image", "/nonexistent");
    assert_check_fails("/nonexistent");
    set_option(&f, "image", image);
    const char *scratch = f.spec.scratch;
    char longer[130];
    memset(longer, 'x', sizeof longer - 1);
    longer[0] = '/';
    longer[sizeof longer - 1] = '\0';
    f.spec.scratch = longer;
    assert_check_fails("is too long for the sockets in it (129 bytes, at most ");
    assert_check_fails("--scratch");
    f.spec.scratch = scratch;
}

static void need_qemu_io(void)
{
    char *program = sb_find_program("qemu-io");
    free(program);
    if (program) return;
    print_message("SKIPPED: no qemu-io\n");
    skip();
}

static void assert_check(void)
{
    if (!sb_driver_raw.check(&f.spec, &f.err)) fail_msg("%s", f.err.msg);
}

static struct sb_plan_test file_test(const char *const *args)
{
    return (struct sb_plan_test){.name = "t", .kind = "fileio", .args = args, .prepares = true};
}

static void checks_count_the_space(void **state)
{
    (void)state;
    static const char *const args[] = {"fileio", "--file-total-size=900T", NULL};
    struct sb_plan_test test = file_test(args);
    need_qemu_io();
    setenv("FAKE_QEMU", "ok", 1);
    assert_check();
    f.plan.tests = &test;
    f.plan.tests_nr = 1;
    set_option(&f, "work", "/dev/vdb"); /* on another disk: that of the image has not the room */
    set_option(&f, "extra", "-drive file=another.img");
    assert_check_fails("MiB are free");
}

static void checks_look_whether_the_files_fit_into_the_guest(void **state)
{
    (void)state;
    static const char *const args[] = {"fileio", "--file-total-size=16M", NULL};
    struct sb_plan_test tests[] = {file_test(args), {.name = "cpu", .kind = "cpu", .args = args}};
    struct sb_plan_exclusion exclusion = {.platform = "ra*", .config = "config1", .test = "t"};
    need_qemu_io();
    setenv("FAKE_QEMU", "ok", 1);
    f.plan.tests = tests;
    f.plan.tests_nr = 2;
    assert_check_fails("the guest's disk");
    assert_says(f.err.msg, "has 1 MiB, but the tests' files need 16 MiB with what is on it");
    assert_says(f.err.msg, "image build --size");
    f.plan.exclusions = &exclusion;
    f.plan.exclusions_nr = 1;
    assert_check();
    f.plan.exclusions_nr = 0;
    assert_int_equal(truncate(disk, 22 << 20), 0);
    assert_check();
    assert_int_equal(truncate(disk, 20 << 20), 0); /* a quarter of it may be the file system's own */
    assert_check_fails("has 20 MiB");
}

static void checks_look_whether_the_memory_is_there(void **state)
{
    (void)state;
    static const char *const args[] = {"cpu", NULL};
    struct sb_plan_test test = {.name = "cpu", .kind = "cpu", .args = args};
    struct sb_plan_config configs[] = {f.config, {.name = "huge", .vcpus = 1, .memory_mib = 2000000000}};
    struct sb_plan_exclusion exclusion = {.config = "hu*"};
    need_qemu_io();
    setenv("FAKE_QEMU", "ok", 1);
    f.plan.tests = &test;
    f.plan.tests_nr = 1;
    f.plan.configs = configs;
    f.plan.configs_nr = 2;
    assert_check_fails("config huge wants 2000000000 MiB of memory, but this host has ");
    assert_says(f.err.msg, "exclude it for platform raw");
    f.plan.exclusions = &exclusion;
    f.plan.exclusions_nr = 1;
    assert_check();
}

static void checks_say_how_a_disk_gets_a_login(void **state)
{
    (void)state;
    char path[120];
    need_qemu_io();
    setenv("FAKE_QEMU", "ok", 1);
    set_option(&f, "image", own_disk());
    assert_check_fails("own.img was not adopted (sbstat image adopt ");
    assert_int_equal(f.err.code, SB_ERR_USAGE);
    snprintf(path, sizeof path, "%s/key.pub", f.folder);
    write_text(path, "ssh-ed25519 AAAA me\n");
    set_option(&f, "user", "me");
    set_option(&f, "key", path);
    assert_check_fails("key.pub is a public key");
    assert_int_equal(f.err.code, SB_ERR_USAGE);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(checks_say_what_is_wrong),
        T(checks_say_how_a_disk_gets_a_login),
        T(checks_count_the_space),
        T(checks_look_whether_the_files_fit_into_the_guest),
        T(checks_look_whether_the_memory_is_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
