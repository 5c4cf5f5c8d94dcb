/*
 * Real guests of a real QEMU: they boot, run sysbench, hang, crash and are recovered. Needs QEMU, what a tiny
 * image is built from, and a kernel: SBSTAT_TEST_KERNEL (a .deb, or a folder with boot/ and lib/modules/),
 * else what the system or its package manager has. SBSTAT_TEST_GUEST names an image that is there already.
 */
#include "qemu_fixture.h"

#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "collect/image.h"
#include "collect/qmp.h"

enum { SKIPPED = 77 };

static char built[64], image[512];
static struct qemu_fixture f;

/* ---- the image ---- */

static const char *missing_program(void)
{
    static const char *const names[] = {"qemu-system-x86_64", "qemu-img", "sysbench", "busybox", "ldd"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++) {
        char *path = sb_find_program(names[i]);
        if (!path) return names[i];
        free(path);
    }
    return NULL;
}

/* A text: why there is no image, so that all is skipped. */
static const char *make_image(void)
{
    static struct sb_err err;
    const char *given = getenv("SBSTAT_TEST_GUEST"), *kernel = getenv("SBSTAT_TEST_KERNEL");
    const char *program = missing_program();
    if (program) return program;
    if (given && *given) {
        snprintf(image, sizeof image, "%s", given);
        return NULL;
    }
    snprintf(built, sizeof built, "/tmp/sbi.XXXXXX");
    if (!mkdtemp(built)) return "no folder";
    snprintf(image, sizeof image, "%s/tiny", built);
    struct sb_image_build build = {.folder = image,
                                   .kind = "tiny",
                                   .kernel = kernel && *kernel ? kernel : NULL,
                                   .disk_bytes = (uint64_t)1 << 30};
    if (sb_image_build(&build, &err)) return NULL;
    if (build.kernel) fail_msg("%s", err.msg); /* all is there: it must work */
    return err.msg;
}

/* ---- boots ---- */

static void begin(const struct sb_driver *driver)
{
    fixture_init(&f, driver);
    set_option(&f, "image", image);
    f.spec.deadline = 240; /* loaded machines under TCG */
}

static int finish(void **state)
{
    (void)state;
    fixture_release(&f);
    return 0;
}

static struct sb_target *start(void)
{
    struct sb_target *t = f.platform.driver->start(&f.spec, &f.facts, &f.err);
    if (!t) fail_msg("%s", f.err.msg);
    return t;
}

static struct sb_exec_result shell(struct sb_target *t, const char *text, double deadline)
{
    const char *argv[] = {"sh", "-c", text, NULL};
    struct sb_exec exec = {.argv = argv, .output = f.output, .deadline = deadline, .privileged = true};
    struct sb_exec_result result;
    unlink(f.output);
    f.platform.driver->exec(t, &exec, &result);
    return result;
}

static void assert_runs(struct sb_target *t, const char *text, const char *says)
{
    struct sb_exec_result result = shell(t, text, 300);
    if (result.outcome != SB_EXEC_ENDED || result.status != 0)
        fail_msg("%s: outcome %d, status %d: %s\n%s", text, (int)result.outcome, result.status, result.reason,
                 read_text(f.output));
    assert_says(read_text(f.output), says);
}

/* Nobody listens at the boot's sockets any more: QEMU is gone. */
static bool is_gone(const char *name, double seconds)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    double end = sb_monotonic() + seconds;
    snprintf(address.sun_path, sizeof address.sun_path, "%s/%s", f.scratch, name);
    for (;;) {
        int fd = socket(AF_UNIX, SOCK_STREAM, 0);
        bool gone = connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno != EAGAIN;
        close(fd);
        if (gone || sb_monotonic() >= end) return gone;
        nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    }
}

static pid_t pid_in(const char *path)
{
    return (pid_t)strtol(read_text(path), NULL, 10);
}

/* ---- all is well ---- */

static void runs_everything(const struct sb_driver *driver)
{
    begin(driver);
    if (!driver->check(&f.spec, &f.err)) fail_msg("%s", f.err.msg);
    struct sb_target *t = start();
    assert_true(strcmp(f.facts.accelerator, "tcg") == 0 || strcmp(f.facts.accelerator, "kvm") == 0);
    assert_string_equal(f.facts.image_format, driver->name);
    assert_true(f.facts.virtual_bytes >= 1 << 28);
    assert_true(f.facts.ready > 0);
    assert_runs(t, "sysbench cpu --time=1 --threads=2 run", "events per second");
    assert_runs(t, "sysbench memory --memory-total-size=16M run", "MiB/sec");
    assert_runs(t, "nproc", "2\n");
    assert_runs(t, "df -T . | tail -1", "ext4");
    assert_runs(t, "sysbench fileio --file-total-size=32M --file-num=2 prepare", "33554432 bytes written");
    /* What has been written is in the page cache, and after the drop it is not. */
    assert_runs(t,
                "sync; cat test_file.* >/dev/null; awk '/^Cached/ {exit $2 < 30000}' /proc/meminfo; echo $?",
                "0\n");
    assert_runs(t,
                "before=$(awk '/^Cached/ {print $2}' /proc/meminfo); echo 3 >/proc/sys/vm/drop_caches; "
                "after=$(awk '/^Cached/ {print $2}' /proc/meminfo); echo $((before - after > 25000))",
                "1\n");
    assert_runs(t, "sysbench fileio --file-total-size=32M --file-num=2 --file-test-mode=rndrw --time=1 run",
                "read, MiB/s");
    assert_runs(t, "sysbench fileio --file-total-size=32M --file-num=2 cleanup; ls", "");
    assert_null(strstr(read_text(f.output), "test_file"));
    assert_int_equal(driver->stop(t, false), SB_STOP_CLEAN);
    assert_true(is_gone("job", 0));
    assert_true(is_gone("qmp", 0));
}

static void a_guest_on_a_raw_disk(void **state)
{
    (void)state;
    runs_everything(&sb_driver_raw);
}

static void a_guest_on_a_qcow2_disk(void **state)
{
    (void)state;
    runs_everything(&sb_driver_qcow2);
}

static void boots_start_from_a_fresh_disk(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    struct sb_target *t = start();
    assert_runs(t, "echo x >left_behind; sync; ls", "left_behind");
    f.platform.driver->stop(t, false);
    t = start();
    assert_runs(t, "ls", "");
    assert_null(strstr(read_text(f.output), "left_behind"));
    f.platform.driver->stop(t, false);
}

/* ---- and when it is not ---- */

static void a_guest_that_never_boots_is_given_up(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    set_option(&f, "extra", "-S"); /* its processors never start */
    f.spec.deadline = 5;
    double begun = sb_monotonic();
    assert_null(sb_driver_raw.start(&f.spec, &f.facts, &f.err));
    assert_true(sb_monotonic() - begun < 5 + 60); /* the probe and a loaded machine */
    assert_says(f.err.msg, "no answer in time");
    assert_true(is_gone("job", 0));
}

static void a_kernel_that_panics_ends_the_boot_at_once(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    struct sb_target *t = start();
    struct sb_exec_result result = shell(t, "echo c >/proc/sysrq-trigger; sleep 100", 120);
    assert_int_equal(result.outcome, SB_EXEC_LOST);
    assert_says(result.reason, "QEMU ended");
    assert_true(result.wall < 110);
    f.platform.driver->stop(t, true);
}

static void a_work_disk_that_is_not_there_is_said(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    set_option(&f, "work", "/dev/vdz");
    assert_null(sb_driver_raw.start(&f.spec, &f.facts, &f.err));
    assert_says(f.err.msg, "cannot mount /dev/vdz");
    assert_true(is_gone("job", 0));
}

static void a_command_that_hangs_is_left(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    struct sb_target *t = start();
    double begun = sb_monotonic();
    assert_int_equal(shell(t, "sleep 1000", 1).outcome, SB_EXEC_TIMEOUT);
    f.platform.driver->stop(t, true);
    assert_true(sb_monotonic() - begun < 1 + 30);
    assert_true(is_gone("job", 0));
}

static void output_without_end_is_a_flood(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    struct sb_target *t = start();
    assert_int_equal(shell(t, "exec cat /dev/zero", 240).outcome, SB_EXEC_FLOOD);
    f.platform.driver->stop(t, true);
}

static void qemu_killed_in_the_middle_is_lost(void **state)
{
    (void)state;
    char file[100], extra[120];
    begin(&sb_driver_raw);
    snprintf(file, sizeof file, "%s/pid", f.folder);
    snprintf(extra, sizeof extra, "-pidfile %s", file);
    set_option(&f, "extra", extra);
    struct sb_target *t = start();
    pid_t qemu = pid_in(file), killer = fork();
    if (killer == 0) {
        sleep(1);
        _exit(kill(qemu, SIGKILL) != 0);
    }
    struct sb_exec_result result = shell(t, "sleep 1000", 120);
    assert_int_equal(result.outcome, SB_EXEC_LOST);
    assert_says(result.reason, "QEMU ended (killed by signal 9)");
    waitpid(killer, NULL, 0);
    f.platform.driver->stop(t, true);
}

static void nothing_survives_us(void **state)
{
    (void)state;
    begin(&sb_driver_qcow2);
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t owner = fork();
    if (owner == 0) {
        close(ready[0]);
        if (f.platform.driver->start(&f.spec, &f.facts, &f.err) && write(ready[1], "x", 1) == 1) pause();
        _exit(1);
    }
    close(ready[1]);
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_false(is_gone("qmp", 0));
    kill(owner, SIGKILL);
    waitpid(owner, NULL, 0);
    assert_true(is_gone("qmp", SB_PROCESS_GRACE + 20));
    assert_true(is_gone("job", 0));
    close(ready[0]);
}

static void a_disk_in_use_is_refused(void **state)
{
    (void)state;
    begin(&sb_driver_raw);
    char copy[100], drive[140];
    snprintf(copy, sizeof copy, "%s/mine.img", f.folder);
    write_text(copy, "");
    assert_int_equal(truncate(copy, 1 << 20), 0);
    snprintf(drive, sizeof drive, "if=virtio,format=raw,file=%s", copy);
    const char *argv[] = {"qemu-system-x86_64",
                          "-nodefaults",
                          "-display",
                          "none",
                          "-S",
                          "-accel",
                          "tcg",
                          "-drive",
                          drive,
                          NULL};
    struct sb_process_spec spec = {.argv = argv};
    struct sb_process *other = sb_process_start(&spec, &f.err);
    struct sb_process_result result;
    assert_non_null(other);
    set_option(&f, "image", copy);
    set_option(&f, "user", "me"); /* ssh mode, as of a disk of one's own */
    bool refused = false;
    for (int i = 0; i < 100 && !refused; i++) {
        assert_false(sb_process_wait(other, 0.1, &result));
        refused = !sb_driver_raw.check(&f.spec, &f.err);
    }
    sb_process_free(other);
    assert_true(refused);
    assert_says(f.err.msg, copy);
    assert_says(f.err.msg, "in use");
    if (!sb_driver_raw.check(&f.spec, &f.err)) fail_msg("%s", f.err.msg);
}

#define T(name) cmocka_unit_test_teardown(name, finish)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_guest_on_a_raw_disk),
        T(a_guest_on_a_qcow2_disk),
        T(boots_start_from_a_fresh_disk),
        T(a_guest_that_never_boots_is_given_up),
        T(a_kernel_that_panics_ends_the_boot_at_once),
        T(a_work_disk_that_is_not_there_is_said),
        T(a_command_that_hangs_is_left),
        T(output_without_end_is_a_flood),
        T(qemu_killed_in_the_middle_is_lost),
        T(nothing_survives_us),
        T(a_disk_in_use_is_refused),
    };
    const char *why = make_image();
    if (why) {
        printf("SKIPPED: real guests: %s\n", why);
        if (*built) remove_tree(built);
        return SKIPPED;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (*built) remove_tree(built);
    return failed;
}
