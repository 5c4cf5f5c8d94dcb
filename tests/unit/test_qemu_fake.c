/* The QEMU driver against programs that are no QEMU: see fake_qemu.c for what they do. */
#include "qemu_fake_fixture.h"

#include <math.h>
#include "collect/accelerator.h"

/* No socket of this boot answers any more: its program is gone. */
static void assert_gone(void)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    const char *argv[] = {"ps", "-A", "-o", "args", NULL};
    assert_true(sb_process_capture(argv, 60, NULL, 4 << 20, &out, &f.err));
    if (strstr(out.buf, f.scratch)) fail_msg("left running: %s", strstr(out.buf, f.scratch) - 40);
    sb_strbuf_release(&out);
}

static struct sb_target *start(const char *how)
{
    setenv("FAKE_QEMU", how, 1);
    remove_tree(f.scratch); /* each boot gets an empty folder */
    assert_int_equal(mkdir(f.scratch, 0700), 0);
    unlink(f.console);
    return sb_driver_raw.start(&f.spec, &f.facts, &f.err);
}

static struct sb_exec_result command(struct sb_target *t, double deadline)
{
    const char *argv[] = {"sh", "-c", "echo it's\nfake", NULL};
    struct sb_exec exec = {.argv = argv, .output = f.output, .deadline = deadline};
    struct sb_exec_result result;
    sb_driver_raw.exec(t, &exec, &result);
    return result;
}

static void assert_no_start(const char *how, double deadline, double at_most, const char *const *says)
{
    double begun = sb_monotonic();
    f.spec.deadline = deadline;
    assert_null(start(how));
    double took = sb_monotonic() - begun;
    if (took > at_most) fail_msg("%s: took %.1f s", how, took);
    assert_gone();
    for (; *says; says++)
        assert_says(f.err.msg, *says);
}

#define NO_START(how, deadline, at_most, ...)                                                                \
    assert_no_start(how, deadline, at_most, (const char *const[]){__VA_ARGS__, NULL})

/* ---- all is well ---- */

static void a_boot_has_its_facts(void **state)
{
    (void)state;
    struct sb_target *t = start("ok");
    if (!t) fail_msg("%s", f.err.msg);
    assert_string_equal(f.facts.accelerator, "tcg");
    assert_string_equal(f.facts.image, image);
    assert_string_equal(f.facts.image_format, "raw");
    assert_int_equal(strlen(f.facts.image_sha256), 64);
    assert_true(f.facts.virtual_bytes == 1 << 20);
    assert_true(f.facts.allocated_bytes >= 0 && f.facts.allocated_bytes <= 1 << 20);
    assert_string_equal(f.facts.tool, "qemu");
    assert_string_equal(f.facts.tool_version, "1.2.3");
    assert_string_equal(f.facts.kernel, "6.1-fake");
    assert_string_equal(f.facts.sysbench, "1.0.20");
    assert_true(f.facts.ready > 0 && f.facts.ready < 120);
    for (size_t i = 0; f.facts.argv[i]; i++)
        assert_null(strstr(f.facts.argv[i], f.folder) && !strstr(f.facts.argv[i], image) ? "path" : NULL);
    struct sb_exec_result result = command(t, 60);
    assert_int_equal(result.outcome, SB_EXEC_ENDED);
    assert_int_equal(result.status, 0);
    assert_true(result.wall == 1.25);
    assert_string_equal(read_text(f.output), "fake\n");
    assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_CLEAN);
    assert_gone();
}

static void kvm_in_force_is_recorded_whatever_was_asked_for(void **state)
{
    (void)state;
    struct sb_target *t = start("kvm");
    if (!t) fail_msg("%s", f.err.msg);
    assert_string_equal(f.facts.accelerator, "kvm");
    sb_driver_raw.stop(t, false);
    assert_gone();
}

/* What an accelerator comes to is remembered by the program's path: another one is asked anew. */
static void use_new_program(const char *name)
{
    const char *path = sb_arena_printf(&f.plan.arena, "%s/%s", f.folder, name);
    assert_int_equal(symlink(FAKE_QEMU, path), 0);
    set_option(&f, "program", path);
}

/* Whether guests of the image could have KVM on this host at all. */
static bool kvm_is_possible(void)
{
    struct sb_arena *arena = &f.plan.arena;
    return sb_accelerator_possible("kvm", sb_host_system(arena), sb_host_arch(arena), "x86_64");
}

static void emulation_that_nobody_asked_for_is_doubted(void **state)
{
    (void)state;
    if (!kvm_is_possible()) skip();
    use_new_program("without-kvm");
    set_option(&f, "accelerator", "auto");
    for (int boot = 0; boot < 2; boot++) { /* the second one's answer is remembered */
        struct sb_target *t = start("nokvm");
        if (!t) fail_msg("%s", f.err.msg);
        assert_string_equal(f.facts.accelerator, "tcg");
        assert_non_null(f.facts.doubt);
        assert_string_equal(f.facts.doubt, "emulated (tcg); kvm: exit status 1: qemu: Could not access KVM "
                                           "kernel module: Permission denied");
        sb_driver_raw.stop(t, false);
    }
    set_option(&f, "accelerator", "tcg");
    struct sb_target *t = start("nokvm");
    assert_non_null(t);
    assert_null(f.facts.doubt);
    sb_driver_raw.stop(t, false);
}

static void a_slow_accelerator_gets_a_second_chance(void **state)
{
    (void)state;
    char how[120];
    if (!kvm_is_possible()) skip();
    use_new_program("slow-at-first");
    set_option(&f, "accelerator", "auto");
    snprintf(how, sizeof how, "kvm slowkvm@%s/first", f.folder);
    struct sb_target *t = start(how);
    if (!t) fail_msg("%s", f.err.msg);
    assert_string_equal(f.facts.accelerator, "kvm");
    assert_null(f.facts.doubt);
    sb_driver_raw.stop(t, false);
    use_new_program("always-slow");
    t = start("slowkvm");
    if (!t) fail_msg("%s", f.err.msg);
    assert_string_equal(f.facts.accelerator, "tcg");
    assert_says(f.facts.doubt, "kvm: timed out");
    sb_driver_raw.stop(t, false);
}

static void the_probe_has_the_plans_machine(void **state)
{
    (void)state;
    use_new_program("picky");
    setenv("FAKE_QEMU_MACHINE", "q35", 1);
    set_option(&f, "machine", "q35");
    struct sb_target *t = start("ok");
    if (!t) fail_msg("%s", f.err.msg);
    sb_driver_raw.stop(t, false);
    set_option(&f, "machine", "q35,hpet=off"); /* another question */
    assert_null(start("ok"));
    assert_says(f.err.msg, "no accelerator works");
}

static void statuses_are_the_guests(void **state)
{
    (void)state;
    struct sb_target *t = start("badenv");
    assert_non_null(t);
    assert_int_equal(command(t, 60).status, 0);
    assert_int_equal(command(t, 60).status, 7);
    assert_string_equal(read_text(f.output), "fake\nfake\n");
    sb_driver_raw.stop(t, false);
}

/* ---- boots that fail ---- */

static void one_that_ends_says_why(void **state)
{
    (void)state;
    NO_START("exit", 60, 30, "exit status 1", "unsupported machine type", "QEMU");
    assert_null(strchr(f.err.msg, '\x1b'));
    assert_says(read_text(f.console), "unsupported machine type");
}

static void one_that_hangs_is_killed(void **state)
{
    (void)state;
    NO_START("hang", 1, 1 + SB_PROCESS_GRACE + 20, "no answer in time");
}

static void one_without_a_monitor(void **state)
{
    (void)state;
    NO_START("noqmp", 1, 25, "QMP", "no answer in time", "last words of the console");
    NO_START("junkqmp", 60, 30, "QMP", "malformed JSON");
}

static void guests_that_do_not_come_up(void **state)
{
    (void)state;
    NO_START("mute", 1, 25, "no answer in time", "fake kernel | last words of the console");
    NO_START("error", 60, 30, "cannot mount", "LABEL=x");
    NO_START("junk", 60, 30, "login:", "sbstat 1 ready");
    NO_START("endless", 60, 30, "endless line");
}

static void a_guest_that_floods_its_console_is_ended(void **state)
{
    (void)state;
    NO_START("flood mute", 60, 50, "64 MiB on its console");
}

static void a_program_that_cannot_boot_the_micro_guest_is_not_used(void **state)
{
    (void)state;
    char copy[120];
    snprintf(copy, sizeof copy, "%s/another-qemu", f.folder); /* results are remembered by program */
    assert_int_equal(symlink(FAKE_QEMU, copy), 0);
    set_option(&f, "program", copy);
    NO_START("noprobe", 60, 30, "no accelerator works", "tcg: exit status 33");
}

static void further_arguments_that_change_the_size_are_refused(void **state)
{
    (void)state;
    set_option(&f, "extra", "-smp 4");
    NO_START("ok", 60, 30, "4 processors, not 2 as vcpus says", "\"extra:\"");
    set_option(&f, "extra", "-m 1024");
    NO_START("ok", 60, 30, "1024.0 MiB of memory, not 512 as memory_mib says", "\"extra:\"");
    struct sb_target *t = start("oldqmp"); /* it does not know the questions */
    if (!t) fail_msg("%s", f.err.msg);
    sb_driver_raw.stop(t, false);
}

static void more_processors_than_there_are_is_doubted(void **state)
{
    (void)state;
    f.config.vcpus = 100000;
    struct sb_target *t = start("oldqmp");
    if (!t) fail_msg("%s", f.err.msg);
    assert_non_null(f.facts.doubt);
    assert_says(f.facts.doubt, "100000 vcpus take turns on the ");
    sb_driver_raw.stop(t, false);
}

static void the_users_wish_to_end_ends_a_boot(void **state)
{
    (void)state;
    static volatile sig_atomic_t wish = 1;
    f.spec.stop = &wish;
    NO_START("mute", 60, 30, "stopped");
}

/* ---- commands that fail ---- */

static void assert_second_command(const char *how, double deadline, enum sb_exec_outcome outcome,
                                  const char *reason)
{
    struct sb_target *t = start(how);
    if (!t) fail_msg("%s: %s", how, f.err.msg);
    assert_int_equal(command(t, 60).outcome, SB_EXEC_ENDED);
    struct sb_exec_result result = command(t, deadline);
    assert_int_equal(result.outcome, outcome);
    assert_says(result.reason, reason);
    double begun = sb_monotonic();
    sb_driver_raw.stop(t, true);
    assert_true(sb_monotonic() - begun < 25);
    assert_gone();
}

static void commands_that_go_wrong(void **state)
{
    (void)state;
    assert_second_command("crash", 60, SB_EXEC_LOST, "cannot set up guest memory");
    assert_second_command("crash", 60, SB_EXEC_LOST, "killed by signal 11");
    assert_second_command("stuck", 0.5, SB_EXEC_TIMEOUT, "");
    assert_second_command("huge", 60, SB_EXEC_FLOOD, "64 MiB");
    assert_second_command("liar", 60, SB_EXEC_LOST, "where \"done");
    assert_second_command("reset", 60, SB_EXEC_LOST, "sbstat 1 ready");
}

/* ---- stopping ---- */

static void assert_stop(const char *how, enum sb_stop_way way)
{
    f.plan.shutdown_timeout = 3;
    struct sb_target *t = start(how);
    if (!t) fail_msg("%s: %s", how, f.err.msg);
    double begun = sb_monotonic();
    assert_int_equal(sb_driver_raw.stop(t, false), way);
    assert_true(sb_monotonic() - begun < 3 + 20);
    assert_gone();
    assert_int_equal(access(f.scratch, F_OK), 0);
    char copy[120];
    snprintf(copy, sizeof copy, "%s/disk.raw", f.scratch);
    assert_int_equal(access(copy, F_OK), -1); /* the boot's copy of the disk is gone */
}

static void stopping_goes_in_steps(void **state)
{
    (void)state;
    assert_stop("ok", SB_STOP_CLEAN);
    assert_stop("nopoweroff", SB_STOP_ASKED);
    assert_stop("nopoweroff noquit", SB_STOP_TERM);
    assert_stop("nopoweroff noquit noterm", SB_STOP_KILL);
}

/* Starts, and leaves a command in it that does not end. */
static struct sb_target *start_stuck(const char *how, double deadline)
{
    struct sb_target *t = start(how);
    if (!t) fail_msg("%s: %s", how, f.err.msg);
    assert_int_equal(command(t, 60).outcome, SB_EXEC_ENDED);
    assert_int_not_equal(command(t, deadline).outcome, SB_EXEC_ENDED);
    return t;
}

static void the_agent_is_not_waited_for_while_its_command_runs(void **state)
{
    (void)state;
    static volatile sig_atomic_t wish;
    f.spec.stop = &wish;
    f.plan.shutdown_timeout = 60;
    struct sb_target *t = start("stuck nopoweroff");
    if (!t) fail_msg("%s", f.err.msg);
    assert_int_equal(command(t, 60).outcome, SB_EXEC_ENDED);
    wish = 1;
    assert_int_equal(command(t, 60).outcome, SB_EXEC_STOPPED);
    double begun = sb_monotonic();
    assert_int_equal(sb_driver_raw.stop(t, false), SB_STOP_ASKED);
    assert_true(sb_monotonic() - begun < 20); /* of 36 s that a guest which listens may take */
    assert_gone();
}

static void a_disk_that_is_kept_is_shut_down_also_when_broken(void **state)
{
    (void)state;
    set_option(&f, "disk", "direct");
    f.plan.shutdown_timeout = 10;
    struct sb_target *t = start_stuck("stuck nopoweroff acpi", 0.5);
    assert_int_equal(sb_driver_raw.stop(t, true), SB_STOP_CLEAN);
    t = start_stuck("stuck", 0.5); /* its agent listens again */
    assert_int_equal(sb_driver_raw.stop(t, true), SB_STOP_CLEAN);
    t = start_stuck("stuck nopoweroff", 0.5);
    double begun = sb_monotonic();
    assert_int_equal(sb_driver_raw.stop(t, true), SB_STOP_ASKED);
    assert_true(sb_monotonic() - begun < 10 + 20);
    assert_int_equal(access(disk, F_OK), 0);
    assert_gone();
    set_option(&f, "disk", "copy");
    t = start_stuck("stuck nopoweroff acpi", 0.5);
    assert_int_equal(sb_driver_raw.stop(t, true), SB_STOP_ASKED);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_boot_has_its_facts),
        T(kvm_in_force_is_recorded_whatever_was_asked_for),
        T(emulation_that_nobody_asked_for_is_doubted),
        T(a_slow_accelerator_gets_a_second_chance),
        T(the_probe_has_the_plans_machine),
        T(statuses_are_the_guests),
        T(one_that_ends_says_why),
        T(one_that_hangs_is_killed),
        T(one_without_a_monitor),
        T(guests_that_do_not_come_up),
        T(a_guest_that_floods_its_console_is_ended),
        T(a_program_that_cannot_boot_the_micro_guest_is_not_used),
        T(further_arguments_that_change_the_size_are_refused),
        T(more_processors_than_there_are_is_doubted),
        T(the_users_wish_to_end_ends_a_boot),
        T(commands_that_go_wrong),
        T(stopping_goes_in_steps),
        T(the_agent_is_not_waited_for_while_its_command_runs),
        T(a_disk_that_is_kept_is_shut_down_also_when_broken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
