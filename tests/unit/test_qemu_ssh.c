/* Guests of QEMU that are reached over ssh: a program that is no QEMU (fake_qemu.c) in front of a real ssh
 * server, whose poweroff is not the machine's. */
#include "qemu_fixture.h"

#include "fake_ssh.h"
#include "sshd_fixture.h"

static struct qemu_fixture f;
static struct sshd sshd;
static char off[96], port[16];
static volatile sig_atomic_t wish;

static int setup(void **state)
{
    char path[120];
    (void)state;
    fixture_init(&f, &sb_driver_raw);
    snprintf(path, sizeof path, "%s/disk.raw", f.folder);
    write_text(path, "");
    assert_int_equal(truncate(path, 1 << 20), 0);
    set_option(&f, "image", sb_arena_strdup(&f.plan.arena, path));
    set_option(&f, "program", FAKE_QEMU);
    set_option(&f, "accelerator", "tcg");
    set_option(&f, "mode", "ssh");
    set_option(&f, "user", sshd.user);
    set_option(&f, "key", sb_arena_printf(&f.plan.arena, "%s/key", sshd.folder));
    set_option(&f, "work", sb_arena_printf(&f.plan.arena, "%s/work", f.folder));
    wish = 0;
    f.spec.stop = &wish;
    f.plan.shutdown_timeout = 10;
    setenv("FAKE_QEMU_PORT", port, 1);
    setenv("FAKE_QEMU_OFF", off, 1);
    unlink(off);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    fixture_release(&f);
    return 0;
}

static struct sb_target *start(const char *how)
{
    setenv("FAKE_QEMU", how, 1);
    remove_tree(f.scratch);
    assert_int_equal(mkdir(f.scratch, 0700), 0);
    unlink(f.console);
    return sb_driver_raw.start(&f.spec, &f.facts, &f.err);
}

static struct sb_target *must_start(const char *how)
{
    struct sb_target *t = start(how);
    if (!t) fail_msg("%s", f.err.msg);
    return t;
}

#define NO_START(how, ...)                                                                                   \
    do {                                                                                                     \
        assert_null(start(how));                                                                             \
        for (const char *const *says = ARGV(__VA_ARGS__); *says; says++)                                     \
            assert_says(f.err.msg, *says);                                                                   \
    } while (0)

static struct sb_exec_result command(struct sb_target *t, bool privileged, const char *text)
{
    struct sb_exec_result result;
    const struct sb_exec exec = {
        .argv = SHELL(text), .output = f.output, .deadline = 60, .privileged = privileged};
    unlink(f.output);
    sb_driver_raw.exec(t, &exec, &result);
    return result;
}

/* ---- all is well ---- */

static void a_boot_has_its_facts(void **state)
{
    (void)state;
    struct sb_target *t = must_start("ok");
    assert_string_equal(f.facts.sysbench, "9.8.7");
    assert_non_null(f.facts.kernel);
    assert_true(f.facts.ready > 0);
    bool loopback = false;
    for (size_t i = 0; f.facts.argv[i]; i++)
        loopback |= strstr(f.facts.argv[i], "hostfwd=tcp:127.0.0.1:0-:22") != NULL;
    assert_true(loopback);
    char known[100]; /* of this boot alone */
    snprintf(known, sizeof known, "%s/known_hosts", f.scratch);
    assert_says(read_text(known), port);
    assert_int_equal(command(t, false, "echo out; exit 255").status, 255);
    assert_string_equal(read_text(f.output), "out\n");
    assert_int_equal(command(t, true, "id -u").status, 0);
    assert_string_equal(read_text(f.output), geteuid() == 0 ? "0\n" : read_text(f.output));
    assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_CLEAN);
    assert_int_equal(access(off, F_OK), 0);
    char work[96]; /* made by us, empty again */
    snprintf(work, sizeof work, "%s/work", f.folder);
    assert_int_equal(rmdir(work), 0);
}

static void boots_do_not_share_what_they_know(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct sb_target *t = must_start("ok");
        assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_CLEAN);
        unlink(off);
    }
}

/* ---- stopping ---- */

static void the_users_wish_does_not_pull_the_plug(void **state)
{
    (void)state;
    struct sb_target *t = must_start("ok");
    wish = 1;
    assert_int_equal(command(t, false, "true").outcome, SB_EXEC_STOPPED);
    assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_CLEAN);
    assert_int_equal(access(off, F_OK), 0);
}

static void who_may_not_switch_off_presses_the_button(void **state)
{
    (void)state;
    assert_true(sshd_write_program(&sshd, "poweroff", "#!/bin/sh\nexit 1\n"));
    struct sb_target *t = must_start("acpi noquit noterm");
    assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_CLEAN);
    t = must_start("ok"); /* a guest that does not listen to it */
    assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_ASKED);
    assert_true(sshd_write_program(&sshd, "poweroff", "#!/bin/sh\n: >\"${0%/bin/*}/off\"\n"));
}

/* One that broke, and that does not listen to the button either. */
static void a_disk_of_ones_own_is_not_cut_off(void **state)
{
    (void)state;
    struct sb_target *t = must_start("ok");
    assert_int_equal(sb_driver_raw.stop(t, true), SB_STOP_CLEAN);
    assert_int_equal(access(off, F_OK), 0);
}

/* ---- what goes wrong, and what to do ---- */

static void wrong_names(void **state)
{
    (void)state;
    f.spec.deadline = 3;
    set_option(&f, "key", sb_arena_printf(&f.plan.arena, "%s/other_key", sshd.folder));
    NO_START("ok", "Permission denied", "authorized_keys in the guest", "last words of the console");
    set_option(&f, "key", sb_arena_printf(&f.plan.arena, "%s/key", sshd.folder));
    set_option(&f, "user", "nobody-of-this-name");
    NO_START("ok", "Permission denied", "\"user:\" and \"key:\"");
}

static void no_server(void **state)
{
    (void)state;
    char silent[16];
    struct listener listener = listen_saying("");
    snprintf(silent, sizeof silent, "%u", listener.port);
    setenv("FAKE_QEMU_PORT", silent, 1);
    f.spec.deadline = 3;
    NO_START("ok", "no ssh server answers", "an ssh server must be installed in the guest");
    end_listener(listener);
    f.spec.deadline = 60;
    NO_START("noport", "does not say which port");
}

static void no_sysbench(void **state)
{
    (void)state;
    assert_true(
        sshd_write_program(&sshd, "sysbench", "#!/bin/sh\necho 'sh: sysbench: not found'\nexit 127\n"));
    NO_START("ok", "sysbench in the guest: exit status 127", "not found", "install it in the guest");
    assert_true(sshd_write_program(&sshd, "sysbench", "#!/bin/sh\necho 'sysbench 9.8.7 (using x)'\n"));
}

static void keys_that_ssh_would_not_use(void **state)
{
    (void)state;
    char key[96];
    setenv("FAKE_QEMU", "ok", 1);
    snprintf(key, sizeof key, "%s/open_key", f.folder);
    write_text(key, "");
    assert_int_equal(chmod(key, 0644), 0);
    set_option(&f, "key", key);
    assert_false(sb_driver_raw.check(&f.spec, &f.err));
    assert_says(f.err.msg, "chmod 600");
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_boot_has_its_facts),
        T(boots_do_not_share_what_they_know),
        T(the_users_wish_does_not_pull_the_plug),
        T(who_may_not_switch_off_presses_the_button),
        T(a_disk_of_ones_own_is_not_cut_off),
        T(wrong_names),
        T(no_server),
        T(no_sysbench),
        T(keys_that_ssh_would_not_use),
    };
    char folder[] = "/tmp/sbqs.XXXXXX", server[64];
    if (!mkdtemp(folder)) return 1;
    snprintf(server, sizeof server, "%s/sshd", folder);
    int status = 77;
    if (sshd_start(&sshd, server)) {
        snprintf(off, sizeof off, "%s/off", server);
        snprintf(port, sizeof port, "%u", sshd.port);
        status = cmocka_run_group_tests(tests, NULL, NULL);
        sshd_end(&sshd);
    } else {
        print_message("SKIPPED: no ssh server can be started\n");
    }
    remove_tree(folder);
    return status;
}
