/* The platform ssh, against fake ssh programs; test_driver_ssh_real.c has a real server. */
#include "driver_ssh_fixture.h"

#include <math.h>
#include "collect/machine_facts.h"
#include "sshd_fixture.h"

static struct listener server;

/* Options for the fake ssh beside `mode`. Its commands run here, with the fake programs first in PATH. */
static void use_fake(const char *mode, bool from_the_start)
{
    write_program("ssh", fake_ssh);
    set_mode(mode, from_the_start);
    write_line("hosts", "nobody");
    set_option("host", "127.0.0.1");
    set_option("port", sb_arena_printf(&h.plan.arena, "%u", server.port));
    set_option("program", keep(in_folder("ssh")));
    set_option("known_hosts", keep(in_folder("hosts")));
    set_option("work", keep(in_folder("base")));
}

/* ---- what a machine tells ---- */

static struct sb_machine machine_of(const char *text)
{
    struct sb_machine machine;
    sb_machine_read(&machine, text, strlen(text), &h.plan.arena);
    return machine;
}

static void machines_tell_what_they_are(void **state)
{
    (void)state;
    struct sb_machine m =
        machine_of("Welcome!\nsbstat.kernel 6.1.0-18-amd64\nsbstat.sysbench sysbench 1.0.20 (x)\n"
                   "sbstat.cpus 4\nsbstat.memory 2090000000\nsbstat.vm none\nsbstat.container "
                   "none\nsbstat.free 1024\n");
    assert_string_equal(m.kernel, "6.1.0-18-amd64");
    assert_string_equal(m.sysbench, "1.0.20");
    assert_int_equal(m.cpus, 4);
    assert_true(m.memory == 2090000000.0 && m.free_bytes == 1024);
    assert_string_equal(sb_machine_accelerator(&m), "none");
    assert_null(sb_machine_doubt(&m, "far", &h.config, &h.plan.arena));
    const struct sb_plan_config same = {.name = "a", .vcpus = 4, .memory_mib = 2048};
    assert_null(sb_machine_doubt(&m, "far", &same, &h.plan.arena)); /* the kernel has kept some */
    const struct sb_plan_config other = {.name = "b", .vcpus = 2, .memory_mib = 4096};
    assert_string_equal(sb_machine_doubt(&m, "far", &other, &h.plan.arena),
                        "far has 4 processors, not 2 as vcpus says; far has 1993 MiB of memory, not 4096 as "
                        "memory_mib says");
    m = machine_of("sbstat.vm kvm\nsbstat.container docker\n");
    assert_string_equal(sb_machine_accelerator(&m), "kvm");
    const char *doubt = sb_machine_doubt(&m, "far", &other, &h.plan.arena);
    assert_says(doubt, "does not tell how many processors");
    assert_says(doubt, "does not tell how much memory");
    assert_says(doubt, "virtual machine (kvm)");
    assert_says(doubt, "container (docker)");
    m = machine_of("sbstat.vm qemu\n"); /* tcg or hvf */
    assert_null(sb_machine_accelerator(&m));
    assert_says(sb_machine_doubt(&m, "far", NULL, &h.plan.arena),
                "far is a virtual machine (qemu), and whether it is emulated (tcg)");
    m = machine_of("sbstat.vm vmware\n");
    assert_null(sb_machine_accelerator(&m));
}

static void machines_that_tell_nonsense(void **state)
{
    (void)state;
    struct sb_machine m = machine_of("");
    assert_null(m.kernel);
    assert_null(m.sysbench);
    assert_null(sb_machine_accelerator(&m));
    assert_true(m.cpus == 0 && isnan(m.memory) && isnan(m.free_bytes));
    assert_says(sb_machine_doubt(&m, "far", NULL, &h.plan.arena), "is not known");
    m = machine_of("sbstat.kernel \x1b[31mred\nsbstat.cpus -1\nsbstat.memory lots\nsbstat.free nan\nsbstat.");
    assert_null(strchr(m.kernel, '\x1b'));
    assert_true(m.cpus == 0 && isnan(m.memory) && isnan(m.free_bytes));
    m = machine_of("sbstat.cpus 1e300\nsbstat.kernel\nsbstat.sysbench \n");
    assert_true(m.cpus == 0 && !m.kernel && !m.sysbench);
}

static void busy_is_what_others_use(void **state)
{
    (void)state;
    assert_true(fabs(sb_machine_busy("cpu 100 0 0 1000 0 0 0 0 0 0\ncpu 150 0 0 1050 0 0 0 0 0 0\n", 4) - 2) <
                1e-9);
    assert_true(isnan(sb_machine_busy("", 4)));
    assert_true(isnan(sb_machine_busy("cpu 1 0 0 1\n", 4)));
    assert_true(isnan(sb_machine_busy("cpu 1 0 0 1\ncpu 1 0 0 1\n", 4)));
    assert_true(isnan(sb_machine_busy("cpu 1 0 0 1\ncpu 2 0 0 2\n", 0)));
}

/* ---- a fake ssh ---- */

static void a_fake_machine(void **state)
{
    (void)state;
    use_fake("honest", true);
    if (!sb_driver_ssh.check(&h.spec, &h.err)) fail_msg("%s", h.err.msg);
    assert_nothing_left();
    struct sb_target *t = start();
    assert_string_equal(h.facts.tool, "ssh");
    assert_string_equal(h.facts.tool_version, "9.9p9");
    assert_string_equal(h.facts.sysbench, "9.8.7");
    assert_non_null(h.facts.kernel);
    assert_true(h.facts.ready > 0 && h.facts.ready < 60);
    bool run = false;
    for (size_t i = 0; h.facts.argv[i]; i++)
        run |= strstr(h.facts.argv[i], "$RUN/ssh.ctl") != NULL;
    assert_true(run);
    assert_int_equal(command(t, 60, SHELL("echo out; pwd; exit 3")).status, 3);
    char *text = text_of("output", NULL);
    assert_says(text, "out\n");
    assert_says(text, in_folder("base/sbstat-x-0123."));
    free(text);
    stop(t, false);
}

static void show_is_the_command(void **state)
{
    (void)state;
    set_option("host", "box.example.org");
    set_option("user", "me");
    assert_true(sb_driver_ssh.show_argv(&h.spec, NULL, &h.facts, &h.err));
    size_t nr = 0;
    bool strict = false, own = false;
    for (; h.facts.argv[nr]; nr++) {
        strict |= strcmp(h.facts.argv[nr], "StrictHostKeyChecking=yes") == 0;
        own |= strcmp(h.facts.argv[nr], "UserKnownHostsFile=\"~/.ssh/known_hosts\"") == 0;
    }
    assert_true(strict && own);
    assert_string_equal(h.facts.argv[0], "ssh");
    assert_string_equal(h.facts.argv[nr - 1], "box.example.org");
    set_option("host", "me@box");
    assert_false(sb_driver_ssh.show_argv(&h.spec, NULL, &h.facts, &h.err));
    assert_says(h.err.msg, "the user goes into \"user:\"");
}

static void checks_say_what_to_do(void **state)
{
    (void)state;
    use_fake("refuse", true);
    double before = sb_monotonic();
    NO_CHECK("Permission denied", "authorized_keys", "ssh-copy-id", "agent: true");
    set_mode("nobody", true);
    NO_CHECK("host key is known for", "connect once by hand", "known_hosts:");
    set_option("port", "0");
    NO_CHECK("0 is no port");
    set_option("port", "99999");
    NO_CHECK("99999 is no port");
    set_option("port", "0");
    set_option("ssh_config", keep(in_folder("hosts")));
    NO_CHECK("0 is no port");
    set_option("ssh_config", NULL);
    set_option("port", sb_arena_printf(&h.plan.arena, "%u", server.port));
    set_option("work", "~joe/base");
    NO_CHECK("work:", "~/");
    set_option("work", keep(in_folder("base")));
    set_option("port", sb_arena_printf(&h.plan.arena, "%u", server.port));
    set_option("program", "no-such-ssh");
    NO_CHECK("no-such-ssh is not in PATH");
    set_option("program", keep(in_folder("ssh")));
    set_option("known_hosts", keep(in_folder("no-such-file")));
    NO_CHECK("no-such-file", "ssh-keyscan");
    set_option("known_hosts", keep(in_folder("hosts")));
    set_option("key", keep(in_folder("no-such-key")));
    NO_CHECK("no-such-key", "cannot be read");
    set_option("key", keep(in_folder("hosts")));
    assert_int_equal(chmod(in_folder("hosts"), 0644), 0);
    NO_CHECK("chmod 600");
    assert_true(sb_monotonic() - before < 55); /* none of these waits for its deadline */
    set_option("key", NULL);
    set_option("port", sb_arena_printf(&h.plan.arena, "%u", free_port()));
    h.spec.deadline = 1;
    NO_CHECK("cannot connect", "does its ssh server listen on this port");
}

static void checks_look_at_the_machine(void **state)
{
    (void)state;
    static const char *const args[] = {"fileio", "--file-total-size=900T", NULL};
    use_fake("honest", true);
    h.test = (struct sb_plan_test){.name = "t", .kind = "fileio", .args = args, .prepares = true};
    h.plan.tests = &h.test;
    h.plan.tests_nr = 1;
    NO_CHECK("MiB free", "\"work:\"");
    h.plan.tests_nr = 0;
    set_option("work", "/proc/sbstat");
    NO_CHECK("no work folder can be made in /proc/sbstat: ", "it is not there", "make it there", "\"work:\"");
    set_option("work", keep(in_folder("base")));
    char *path = sb_xstrdup(getenv("PATH"));
    struct sb_strbuf bare = SB_STRBUF_INIT; /* all programs that there are, but not sysbench */
    sb_strbuf_addf(&bare, "%s", in_folder("bare"));
    assert_int_equal(mkdir(bare.buf, 0755), 0);
    static const char *const programs[] = {"sh",     "cat",   "rm", "rmdir", "mkdir",
                                           "mktemp", "uname", "df", "sleep"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(programs); i++) {
        char *program = sb_find_program(programs[i]), name[40];
        snprintf(name, sizeof name, "bare/%s", programs[i]);
        assert_int_equal(symlink(program, in_folder(name)), 0);
        free(program);
    }
    bool elsewhere = access("/usr/local/bin/sysbench", F_OK) == 0 || access("/usr/sbin/sysbench", F_OK) == 0;
    setenv("PATH", bare.buf, 1);
    if (!elsewhere) NO_CHECK("sysbench is not there on 127.0.0.1", "install it");
    setenv("PATH", path, 1);
    sb_strbuf_release(&bare);
    free(path);
    assert_nothing_left();
}

static void assert_exec(const char *mode, double deadline, enum sb_exec_outcome outcome)
{
    use_fake(mode, false);
    struct sb_target *t = start();
    write_program("opened", "");
    struct sb_exec_result result = command(t, deadline, ARGV("true"));
    if (result.outcome != outcome) fail_msg("%s: outcome %d: %s", mode, result.outcome, result.reason);
    set_mode("honest", true);
    stop(t, true);
}

static void ssh_that_fails_or_lies(void **state)
{
    (void)state;
    static const char *const modes[] = {"255", "137", "die", "lie", "mark", "cut", "complain"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(modes); i++)
        assert_exec(modes[i], 60, SB_EXEC_LOST);
    assert_exec("hang", 0.5, SB_EXEC_TIMEOUT);
    assert_exec("flood", 120, SB_EXEC_FLOOD);
}

static void ssh_that_never_begins(void **state)
{
    (void)state;
    h.spec.deadline = 2;
    static const char *const modes[] = {"255",      "137",  "die",         "lie",  "mark",
                                        "complain", "hang", "hang-master", "flood"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(modes); i++) {
        use_fake(modes[i], true);
        double before = sb_monotonic();
        assert_null(sb_driver_ssh.start(&h.spec, &h.facts, &h.err));
        assert_says(h.err.msg, "platform far: no ssh connection to 127.0.0.1");
        assert_true(sb_monotonic() - before < 2 + 30);
        assert_nothing_left();
    }
}

/* Root through sudo only where it is needed. */
static void privileges(void **state)
{
    (void)state;
    struct sb_exec_result result;
    const struct sb_exec exec = {.argv = ARGV("echo", "it's run"),
                                 .output = keep(in_folder("output")),
                                 .deadline = 60,
                                 .privileged = true};
    use_fake("honest", true);
    write_program("bin/sudo", "#!/bin/sh\n[ \"$1\" = -n ] || exit 9\nshift\necho as root:\nexec \"$@\"\n");
    for (int user = 0; user < 3; user++) {
        write_program("bin/id", user ? "#!/bin/sh\necho 1000\n" : "#!/bin/sh\necho 0\n");
        set_option("sudo", user == 2 ? "false" : "true");
        struct sb_target *t = start();
        unlink(exec.output);
        sb_driver_ssh.exec(t, &exec, &result);
        assert_int_equal(result.status, 0);
        assert_file("output", user == 1 ? "as root:\nit's run\n" : "it's run\n");
        stop(t, false);
    }
    unlink(in_folder("bin/id"));
}

/* ---- the whole ---- */

static int start_server(void **state)
{
    if (make_test_folder(state) != 0) return -1;
    struct sshd fake = {.process = NULL};
    snprintf(fake.folder, sizeof fake.folder, "%s", test_folder);
    if (!sshd_write_programs(&fake)) return -1;
    struct sb_strbuf path = SB_STRBUF_INIT;
    sb_strbuf_addf(&path, "%s:%s", in_folder("bin"), getenv("PATH"));
    setenv("PATH", path.buf, 1);
    sb_strbuf_release(&path);
    server = listen_saying("SSH-2.0-Fake\r\n");
    return 0;
}

static int end_server(void **state)
{
    return end_server_and_folder(server, state);
}

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(machines_tell_what_they_are), T(machines_that_tell_nonsense),
        T(busy_is_what_others_use),     T(a_fake_machine),
        T(show_is_the_command),         T(checks_say_what_to_do),
        T(checks_look_at_the_machine),  T(ssh_that_fails_or_lies),
        T(ssh_that_never_begins),       T(privileges),
    };
    return cmocka_run_group_tests_name("driver_ssh", tests, start_server, end_server);
}
