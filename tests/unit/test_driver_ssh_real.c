/* The platform ssh, against a real server on this machine, where sshd is installed. */
#include "driver_ssh_fixture.h"

#include <pwd.h>
#include "sshd_fixture.h"

static struct sshd sshd;

static void use_sshd(void)
{
    set_option("host", "127.0.0.1");
    set_option("port", sb_arena_printf(&h.plan.arena, "%u", sshd.port));
    set_option("user", sshd.user);
    set_option("key", sb_arena_printf(&h.plan.arena, "%s/key", sshd.folder));
    set_option("known_hosts", sb_arena_printf(&h.plan.arena, "%s/known_hosts", sshd.folder));
    set_option("work", keep(in_folder("base")));
}

/* ---- a real server ---- */

static void a_real_machine(void **state)
{
    (void)state;
    use_sshd();
    if (!sb_driver_ssh.check(&h.spec, &h.err)) fail_msg("%s", h.err.msg);
    h.config.vcpus = 60000;
    struct sb_target *t = start();
    assert_non_null(h.facts.tool_version);
    assert_string_equal(h.facts.sysbench, "9.8.7");
    assert_says(h.facts.doubt, "not 60000 as vcpus says");
    static const int statuses[] = {0, 1, 127, 137, 255};
    for (size_t i = 0; i < SB_ARRAY_SIZE(statuses); i++) {
        char text[40];
        snprintf(text, sizeof text, "echo out; exit %d", statuses[i]);
        struct sb_exec_result result = command(t, 60, SHELL(text));
        assert_int_equal(result.outcome, SB_EXEC_ENDED);
        assert_int_equal(result.status, statuses[i]);
        assert_file("output", "out\n");
    }
    assert_int_equal(command(t, 60, SHELL("kill -9 $$")).status, 137);
    stop(t, false);
}

static void machines_that_are_not_known(void **state)
{
    (void)state;
    use_sshd();
    set_option("known_hosts", sb_arena_printf(&h.plan.arena, "%s/no_hosts", sshd.folder));
    NO_CHECK("host key is known for", "compare the fingerprint");
    /* another machine's key: that of the user, for want of a better */
    char *line = NULL;
    size_t len;
    assert_true(sb_read_file(sb_arena_printf(&h.plan.arena, "%s/other_key.pub", sshd.folder), 4096, &line,
                             &len, NULL));
    write_line("hosts", sb_arena_printf(&h.plan.arena, "[127.0.0.1]:%u %s", sshd.port, line));
    free(line);
    set_option("known_hosts", keep(in_folder("hosts")));
    NO_CHECK("has changed", "is it really this machine?");
    use_sshd();
    set_option("key", sb_arena_printf(&h.plan.arena, "%s/other_key", sshd.folder));
    NO_CHECK("Permission denied", "authorized_keys");
}

/* A command that nobody else has: seconds that it would sleep. */
static const char *new_marker(void)
{
    static char marker[40];
    static unsigned nr;
    snprintf(marker, sizeof marker, "%ld%02u.5", 10000 + (long)getpid(), nr++);
    return marker;
}

static bool is_running(const char *marker)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err;
    if (!sb_process_capture(ARGV("ps", "-A", "-o", "args"), 60, NULL, 16 << 20, &out, &err))
        fail_msg("%s", err.msg);
    struct sb_strbuf words = SB_STRBUF_INIT;
    sb_strbuf_addf(&words, "sleep %s\n", marker);
    bool found = strstr(out.buf, words.buf) != NULL;
    sb_strbuf_release(&words);
    sb_strbuf_release(&out);
    return found;
}

static void await(const char *marker, bool running)
{
    double until = sb_monotonic() + 60;
    while (is_running(marker) != running && sb_monotonic() < until)
        snooze(0.1);
    assert_int_equal(is_running(marker), running);
}

/* The server's process of this connection is two above the command. */
static const char cut_connection[] = "kill -9 $(ps -o ppid= -p $PPID); exec sleep \"$0\"";

static void a_lost_connection_is_lost(void **state)
{
    (void)state;
    use_sshd();
    struct sb_target *t = start();
    const char *marker = new_marker();
    struct sb_exec_result result = command(t, 60, ARGV("sh", "-c", cut_connection, marker));
    assert_int_equal(result.outcome, SB_EXEC_LOST);
    assert_int_equal(result.status, -1);
    assert_true(strlen(result.reason) > 0);
    await(marker, false);
    stop(t, true);
}

static void what_takes_too_long_is_ended_there(void **state)
{
    (void)state;
    use_sshd();
    struct sb_target *t = start();
    const char *marker = new_marker();
    /* deaf, and with children */
    struct sb_exec_result result =
        command(t, 2, ARGV("sh", "-c", "trap '' TERM; sleep \"$0\" & sleep \"$0\"; sleep \"$0\"", marker));
    assert_int_equal(result.outcome, SB_EXEC_TIMEOUT);
    stop(t, true);
    await(marker, false);
    t = start();
    wish = 1;
    result = command(t, 60, ARGV("sleep", marker));
    assert_int_equal(result.outcome, SB_EXEC_STOPPED);
    stop(t, false);
    await(marker, false);
}

/* A child of ours that owns a target and runs a command, or idles when `marker` is NULL. */
static pid_t start_owner(const char *marker)
{
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid > 0) return pid;
    struct sb_target *t = sb_driver_ssh.start(&h.spec, &h.facts, &h.err);
    if (!t) _exit(1);
    write_line("ready", "yes");
    if (marker) command(t, 600, ARGV("sleep", marker));
    for (;;)
        pause();
}

static void kill_owner(pid_t owner)
{
    kill(owner, SIGKILL);
    while (waitpid(owner, NULL, 0) < 0 && errno == EINTR) {
    }
    unlink(in_folder("ready"));
}

static void assert_work_goes(void)
{
    double until = sb_monotonic() + 30;
    while (!base_is_empty() && sb_monotonic() < until)
        snooze(0.05);
    assert_true(base_is_empty());
}

static void await_ready(void)
{
    double until = sb_monotonic() + 60;
    while (access(in_folder("ready"), F_OK) != 0 && sb_monotonic() < until)
        snooze(0.05);
}

/* The folder `base`, as seen from the home folder that the server begins in: "~/../tmp/x/base". */
static const char *base_from_home(void)
{
    const struct passwd *user = getpwuid(getuid());
    assert_non_null(user);
    const char *path = "~";
    for (const char *at = user->pw_dir; *at; at++)
        if (*at == '/' && at[1] && at[1] != '/') path = sb_arena_printf(&h.plan.arena, "%s/..", path);
    return sb_arena_printf(&h.plan.arena, "%s%s", path, in_folder("base"));
}

static void nothing_outlives_its_owner_in(const char *work)
{
    set_option("work", work);
    const char *marker = new_marker();
    pid_t owner = start_owner(marker);
    await(marker, true);
    kill_owner(owner);
    await(marker, false);
    assert_work_goes();
    owner = start_owner(NULL); /* between commands */
    await_ready();
    snooze(1);
    kill_owner(owner);
    assert_work_goes();
}

static void nothing_outlives_its_owner(void **state)
{
    (void)state;
    use_sshd();
    nothing_outlives_its_owner_in(keep(in_folder("base")));
    nothing_outlives_its_owner_in(base_from_home());
}

static void what_a_killed_owner_left_is_swept(void **state)
{
    (void)state;
    size_t removed;
    use_sshd();
    static const char *const others[] = {"base/sbstat-x-0123.abcdefg", "base/sbstat-x-01234.abcdef",
                                         "base/mine"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(others); i++)
        assert_int_equal(mkdir(in_folder(others[i]), 0755), 0);
    assert_int_equal(symlink(in_folder("base/mine"), in_folder("base/sbstat-x-0123.ABCDEF")), 0);
    static const char left_over[] = "base/sbstat-x-0123.Ab3dEf"; /* of a machine that went down meanwhile */
    assert_int_equal(mkdir(in_folder(left_over), 0700), 0);
    write_program("base/sbstat-x-0123.Ab3dEf/test_file.0", "x");
    if (!sb_driver_ssh.sweep(&h.spec, &removed, &h.err)) fail_msg("%s", h.err.msg);
    assert_int_equal(removed, 1);
    assert_true(sb_driver_ssh.sweep(&h.spec, &removed, &h.err));
    assert_int_equal(removed, 0);
    unlink(in_folder("base/sbstat-x-0123.ABCDEF"));
    for (size_t i = 0; i < SB_ARRAY_SIZE(others); i++)
        assert_int_equal(rmdir(in_folder(others[i])), 0); /* they are there, and empty */
    assert_true(base_is_empty());
}

/* ---- the whole ---- */

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(a_real_machine),
        T(machines_that_are_not_known),
        T(a_lost_connection_is_lost),
        T(what_takes_too_long_is_ended_there),
        T(nothing_outlives_its_owner),
        T(what_a_killed_owner_left_is_swept),
    };
    int status = 77;
    if (make_test_folder(NULL) != 0) return 1;
    if (sshd_start(&sshd, in_folder("sshd")))
        status = cmocka_run_group_tests_name("driver_ssh_real", tests, NULL, NULL);
    else
        print_message("SKIPPED: no ssh server can be started\n");
    sshd_end(&sshd);
    if (!all_gone(30)) {
        print_error("a process is left\n");
        status = 1;
    }
    return remove_test_folder(NULL) == 0 ? status : 1;
}
