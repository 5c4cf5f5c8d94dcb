/* Commands over ssh, against fake ssh programs; test_driver_ssh.c has a real server. */
#include "fake_ssh.h"

#include <fcntl.h>
#include <math.h>
#include <netdb.h>
#include "collect/ssh_banner.h"
#include "collect/ssh_channel.h"
#include "collect/ssh_script.h"

static void test_banner(void **state)
{
    struct sb_err err;
    struct listener ssh = listen_saying("hello\r\nSSH-2.0-Test\r\n"), silent = listen_saying("");
    struct listener web = listen_saying("HTTP/1.0 200 SSH-2.0-\r\n");
    assert_int_equal(sb_ssh_banner("127.0.0.1", ssh.port, 20, NULL, &err), SB_SSH_BANNER_YES);
    double before = sb_monotonic();
    assert_int_equal(sb_ssh_banner("127.0.0.1", silent.port, 0.3, NULL, &err), SB_SSH_BANNER_NOT_YET);
    assert_true(sb_monotonic() - before >= 0.29 && sb_monotonic() - before < 10);
    assert_non_null(strstr(err.msg, "accepts connections"));
    assert_int_equal(sb_ssh_banner("127.0.0.1", web.port, 0.3, NULL, &err), SB_SSH_BANNER_NOT_YET);
    assert_int_equal(sb_ssh_banner("127.0.0.1", free_port(), 0.3, NULL, &err), SB_SSH_BANNER_NOT_YET);
    assert_non_null(strstr(err.msg, "cannot connect"));
    end_listener(ssh);
    end_listener(silent);
    end_listener(web);
    static char chatter[10000];
    memset(chatter, 'x', sizeof chatter - 1);
    struct listener flood = listen_saying(chatter);
    assert_int_equal(sb_ssh_banner("127.0.0.1", flood.port, 20, NULL, &err), SB_SSH_BANNER_NEVER);
    end_listener(flood);
}

/* One that takes no connection and refuses none: its queue is full. The sockets that fill it. */
enum { FILLERS = 8 };
static struct sockaddr_in black_hole(int fds[FILLERS])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    unsigned port;
    fds[0] = bound_socket(&port);
    assert_int_equal(listen(fds[0], 0), 0);
    address.sin_port = htons((uint16_t)port);
    for (int i = 1; i < FILLERS; i++) {
        fds[i] = socket(AF_INET, SOCK_STREAM, 0);
        assert_true(fds[i] >= 0);
        fcntl(fds[i], F_SETFL, O_NONBLOCK);
        if (connect(fds[i], (struct sockaddr *)&address, sizeof address) != 0)
            assert_true(errno == EINPROGRESS || errno == ECONNREFUSED);
    }
    return address;
}

static void test_banner_of_the_second_address(void **state)
{
    struct sb_err err;
    int fds[FILLERS];
    struct sockaddr_in first = black_hole(fds), second = first;
    struct listener ssh = listen_saying("SSH-2.0-Test\r\n");
    second.sin_port = htons((uint16_t)ssh.port);
    struct addrinfo last = {.ai_family = AF_INET,
                            .ai_socktype = SOCK_STREAM,
                            .ai_addr = (struct sockaddr *)&second,
                            .ai_addrlen = sizeof second};
    struct addrinfo both = last;
    both.ai_addr = (struct sockaddr *)&first;
    both.ai_next = &last;
    assert_int_equal(sb_ssh_banner_at(&both, 2, NULL, &err), SB_SSH_BANNER_YES);
    last.ai_addr = (struct sockaddr *)&first;
    double before = sb_monotonic();
    assert_int_equal(sb_ssh_banner_at(&both, 1, NULL, &err), SB_SSH_BANNER_NOT_YET);
    assert_true(sb_monotonic() - before < 1 + 10);
    const volatile sig_atomic_t wish = 1;
    assert_int_equal(sb_ssh_banner_at(&both, 60, &wish, &err), SB_SSH_BANNER_NOT_YET);
    assert_true(sb_monotonic() - before < 30);
    end_listener(ssh);
    for (int i = 0; i < FILLERS; i++)
        close(fds[i]);
}

/* ---- answers ---- */

static const char nonce[] = "0123456789abcdef0123456789abcdef";
#define MARK "sbstat-0123456789abcdef0123456789abcdef "

static struct sb_ssh_answer read_answer(const char *text)
{
    struct sb_ssh_answer answer;
    sb_ssh_answer_read(&answer, text, strlen(text), nonce);
    return answer;
}

static void assert_answer(const char *text, int status, double wall, const char *output)
{
    struct sb_ssh_answer answer = read_answer(text);
    assert_true(answer.begun && answer.ended);
    assert_int_equal(answer.status, status);
    assert_true(isnan(wall) ? isnan(answer.wall) : fabs(answer.wall - wall) < 1e-9);
    assert_int_equal(answer.to - answer.from, strlen(output));
    assert_memory_equal(text + answer.from, output, strlen(output));
}

static void test_answers(void **state)
{
    assert_answer(MARK "begin\n" MARK "end 0 10.50 12.75\n", 0, 2.25, "");
    assert_answer("noise\n" MARK "begin\nout" MARK "end 255 - -\n", 255, NAN, "out");
    assert_answer(MARK "begin\na\n" MARK "end 3 1 2\n later noise", 3, 1, "a\n");
    /* only the last counts; another's mark is output */
    assert_answer(MARK "begin\n" MARK "end 3 1 2\nx" MARK "end 4 1 2\n", 4, 1, MARK "end 3 1 2\nx");
    assert_answer(MARK "begin\nsbstat-ffff end 0 1 2\n" MARK "end 5 2 1\n", 5, NAN,
                  "sbstat-ffff end 0 1 2\n");
    static const char *const broken[] = {
        MARK "begin\nout" MARK "end ",         MARK "begin\nout" MARK "end 0",
        MARK "begin\nout" MARK "end 0 1 2",    MARK "begin\nout" MARK "end 256 1 2\n",
        MARK "begin\nout" MARK "end -1 1 2\n", MARK "begin\nout" MARK "end x 1 2\n",
        MARK "begin\nout" MARK "end 0 1\n",    MARK "begin\nout",
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(broken); i++) {
        struct sb_ssh_answer answer = read_answer(broken[i]);
        assert_true(answer.begun);
        assert_false(answer.ended);
        assert_memory_equal(broken[i] + answer.from, "out", 3);
        assert_int_equal(answer.to, strlen(broken[i]));
    }
    assert_false(read_answer("").begun);
    assert_false(read_answer(MARK "begin").begun);
    assert_true(read_answer(MARK "folder\n").no_folder);
    struct sb_ssh_answer answer = read_answer(MARK "end 0 1 2\n" MARK "begin\n");
    assert_false(answer.ended);
}

/* ---- a fake ssh ---- */

static struct listener server;
static volatile sig_atomic_t stop_flag;

static struct sb_ssh_spec fake_spec(void)
{
    static char work[128], program[128], console[128]; /* longer than in_folder() keeps them */
    snprintf(work, sizeof work, "%s", in_folder("work"));
    snprintf(program, sizeof program, "%s", in_folder("ssh"));
    snprintf(console, sizeof console, "%s", in_folder("console"));
    write_program("ssh", fake_ssh);
    stop_flag = 0;
    return (struct sb_ssh_spec){.host = "127.0.0.1",
                                .port = server.port,
                                .user = "root",
                                .scratch = test_folder,
                                .work = work,
                                .program = program,
                                .console = console,
                                .stop = &stop_flag};
}

/* Opened honestly; then the mode holds. */
static struct sb_ssh_channel *open_fake(const char *mode)
{
    struct sb_err err = {.code = SB_OK};
    struct sb_ssh_spec spec = fake_spec();
    set_mode(mode, false);
    struct sb_ssh_channel *channel = sb_ssh_open(&spec, 60, NULL, NULL, &err);
    if (!channel) fail_msg("%s", err.msg);
    write_program("opened", "");
    unlink(in_folder("output"));
    return channel;
}

static struct sb_exec_result exec_in(struct sb_ssh_channel *channel, const char *const *argv, double deadline)
{
    struct sb_exec_result result;
    sb_ssh_exec(channel, &(struct sb_exec){.argv = argv, .output = in_folder("output"), .deadline = deadline},
                &result);
    return result;
}

static void close_fake(struct sb_ssh_channel *channel)
{
    set_mode("honest", true);
    sb_ssh_close(channel, true);
    assert_int_not_equal(access(in_folder("work"), F_OK), 0);
    static const char *const left[] = {"ssh.ctl", "ssh.log", "ssh.out", "ssh.err", "known_hosts"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(left); i++)
        assert_int_not_equal(access(in_folder(left[i]), F_OK), 0);
}

static void test_honest_ssh(void **state)
{
    struct sb_ssh_channel *channel = open_fake("noisy");
    struct sb_exec_result result = exec_in(channel, SHELL("echo out; echo error >&2; exit 7"), 60);
    assert_int_equal(result.outcome, SB_EXEC_ENDED);
    assert_int_equal(result.status, 7);
    assert_file("output", "out\nerror\n");
    assert_true(access(sb_ssh_work(channel), W_OK) == 0);
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_err err;
    assert_true(sb_ssh_ask(channel, ARGV("pwd"), 60, &out, &err));
    assert_int_equal(strncmp(out.buf, sb_ssh_work(channel), strlen(sb_ssh_work(channel))), 0);
    assert_false(sb_ssh_ask(channel, SHELL("echo no such thing; exit 3"), 60, &out, &err));
    assert_non_null(strstr(err.msg, "sh on 127.0.0.1: exit status 3: no such thing"));
    sb_strbuf_release(&out);
    close_fake(channel);
    char *console = text_of("console", NULL);
    assert_non_null(strstr(console, "no locale"));
    free(console);
}

static void assert_lost(const char *mode, const char *reason)
{
    struct sb_ssh_channel *channel = open_fake(mode);
    struct sb_exec_result result = exec_in(channel, ARGV("true"), 60);
    assert_int_equal(result.outcome, SB_EXEC_LOST);
    assert_int_equal(result.status, -1);
    if (!strstr(result.reason, reason)) fail_msg("%s: \"%s\"", mode, result.reason);
    close_fake(channel);
}

static void test_ssh_that_fails_or_lies(void **state)
{
    assert_lost("255", "exit status 255 before the command's status came");
    assert_lost("137", "exit status 137 before");
    assert_lost("die", "killed by signal 9 before");
    assert_lost("lie", "exit status 0 before");
    assert_lost("mark", "exit status 0 before");
    assert_lost("complain", "send disconnect: Broken pipe");
    assert_lost("cut", "exit status 255 before");
}

static void test_ssh_that_hangs(void **state)
{
    struct sb_ssh_channel *channel = open_fake("hang");
    struct sb_exec_result result = exec_in(channel, ARGV("true"), 0.3);
    assert_int_equal(result.outcome, SB_EXEC_TIMEOUT);
    stop_flag = 1;
    result = exec_in(channel, ARGV("true"), 60);
    assert_int_equal(result.outcome, SB_EXEC_STOPPED);
    close_fake(channel);
}

static void test_ssh_that_floods(void **state)
{
    struct sb_ssh_channel *channel = open_fake("flood");
    assert_int_equal(exec_in(channel, ARGV("true"), 120).outcome, SB_EXEC_FLOOD);
    set_mode("honest", true);
    unlink(in_folder("output"));
    assert_int_equal(exec_in(channel, ARGV("yes"), 120).outcome, SB_EXEC_FLOOD);
    size_t len;
    free(text_of("output", &len));
    assert_int_equal(len, 64 * 1024 * 1024); /* what it may have, and not more */
    unlink(in_folder("output"));
    close_fake(channel);
}

static void test_work_folder_that_vanishes(void **state)
{
    struct sb_ssh_channel *channel = open_fake("honest");
    assert_int_equal(rmdir(sb_ssh_work(channel)), 0);
    struct sb_exec_result result = exec_in(channel, ARGV("true"), 60);
    assert_int_equal(result.outcome, SB_EXEC_LOST);
    assert_non_null(strstr(result.reason, "work folder"));
    close_fake(channel);
}

static void test_master_that_dies(void **state)
{
    struct sb_ssh_channel *channel = open_fake("honest");
    unlink(in_folder("ssh.ctl"));
    assert_int_equal(exec_in(channel, ARGV("true"), 60).outcome, SB_EXEC_LOST);
    sb_ssh_close(channel, false);
    struct sb_process_result result;
    struct sb_process_spec spec = {.argv = ARGV("rm", "-rf", in_folder("work"))};
    assert_true(sb_process_run(&spec, &result, NULL));
}

/* Programs that the fake ssh's commands find first; none of the system's may be called here. */
static void test_who_may_not_switch_off_leaves_nothing(void **state)
{
    static const char *const programs[] = {"sudo", "poweroff", "shutdown", "halt"};
    char name[40], *path = sb_xstrdup(getenv("PATH"));
    struct sb_strbuf first = SB_STRBUF_INIT;
    assert_int_equal(mkdir(in_folder("bin"), 0755), 0);
    for (size_t i = 0; i < SB_ARRAY_SIZE(programs); i++) {
        snprintf(name, sizeof name, "bin/%s", programs[i]);
        write_program(name, "#!/bin/sh\necho \"${0##*/}: may not\" >&2\nexit 1\n");
    }
    write_program("bin/id", "#!/bin/sh\necho 1000\n");
    sb_strbuf_addf(&first, "%s:%s", in_folder("bin"), path);
    setenv("PATH", first.buf, 1);
    struct sb_ssh_spec spec = fake_spec();
    struct sb_err err = {.code = SB_OK};
    spec.sudo = true;
    set_mode("honest", true);
    struct sb_ssh_channel *channel = sb_ssh_open(&spec, 60, NULL, NULL, &err);
    if (!channel) fail_msg("%s", err.msg);
    assert_int_equal(exec_in(channel, SHELL("mkdir left && echo test >left/test_file.0"), 60).status, 0);
    char *work = sb_xstrdup(sb_ssh_work(channel));
    assert_false(sb_ssh_poweroff(channel));
    assert_int_not_equal(access(work, F_OK), 0);
    sb_ssh_close(channel, true);
    setenv("PATH", path, 1);
    free(work);
    free(path);
    sb_strbuf_release(&first);
}

/* ---- that cannot be opened ---- */

static void assert_not_opened(struct sb_ssh_spec spec, double deadline, bool at_once, const char *words)
{
    struct sb_err err = {.code = SB_OK};
    double before = sb_monotonic();
    assert_null(sb_ssh_open(&spec, deadline, NULL, NULL, &err));
    double took = sb_monotonic() - before;
    if (!strstr(err.msg, words)) fail_msg("\"%s\" does not say \"%s\"", err.msg, words);
    assert_true(at_once ? took < deadline : took >= deadline);
    assert_int_not_equal(access(in_folder("ssh.ctl"), F_OK), 0);
}

static void test_not_opened(void **state)
{
    struct sb_ssh_spec spec = fake_spec();
    set_mode("refuse", true);
    assert_not_opened(spec, 1, false, "Permission denied");
    set_mode("hang-master", true);
    assert_not_opened(spec, 1, false, "did not get through");
    set_mode("changed", true);
    assert_not_opened(spec, 60, true, "Host key verification failed");
    set_mode("255", true); /* the master comes up, no command does */
    assert_not_opened(spec, 1, false, "exit status 255");
    set_mode("honest", true);
    spec.work = "/proc/sbstat";
    assert_not_opened(spec, 60, true, "no work folder can be made in /proc/sbstat");
    spec = fake_spec();
    spec.program = "/no/such/ssh";
    assert_not_opened(spec, 60, true, "/no/such/ssh");
    spec = fake_spec();
    spec.host = "-oProxyCommand=touch /tmp/sbstat-owned";
    assert_not_opened(spec, 60, true, "no host's name");
    spec = fake_spec();
    spec.user = "-x";
    assert_not_opened(spec, 60, true, "no user's name");
    spec = fake_spec();
    spec.port = 0;
    assert_not_opened(spec, 60, true, "no port");
    spec = fake_spec();
    stop_flag = 1;
    assert_not_opened(spec, 60, true, "stopped");
}

static bool is_not_alive(void *data)
{
    return ++*(int *)data < 3;
}

static void test_silent_port(void **state)
{
    struct listener silent = listen_saying("");
    struct sb_ssh_spec spec = fake_spec();
    set_mode("honest", true);
    spec.port = silent.port;
    assert_not_opened(spec, 2.2, false, "accepts connections, but no ssh server answers");
    struct sb_err err;
    int asked = 0;
    assert_null(sb_ssh_open(&spec, 60, is_not_alive, &asked, &err));
    assert_non_null(strstr(err.msg, "has ended"));
    end_listener(silent);
    spec.port = free_port();
    assert_not_opened(spec, 0.5, false, "cannot connect");
}

static void test_long_scratch_folder(void **state)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    struct sb_ssh_spec spec = fake_spec();
    set_mode("honest", true);
    sb_strbuf_adds(&path, test_folder);
    for (int i = 0; i < 8; i++)
        sb_strbuf_adds(&path, "/a folder of 20 byte");
    assert_true(sb_make_dirs(path.buf, NULL));
    spec.scratch = path.buf;
    struct sb_err err;
    struct sb_ssh_channel *channel = sb_ssh_open(&spec, 60, NULL, NULL, &err);
    assert_non_null(channel);
    assert_int_equal(exec_in(channel, ARGV("true"), 60).status, 0);
    sb_ssh_close(channel, true);
    sb_strbuf_release(&path);
}

static int start_server(void **state)
{
    if (make_test_folder(state) != 0) return -1;
    server = listen_saying("SSH-2.0-Fake\r\n");
    return 0;
}

static int end_server(void **state)
{
    return end_server_and_folder(server, state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_banner),
        cmocka_unit_test(test_banner_of_the_second_address),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_honest_ssh),
        cmocka_unit_test(test_ssh_that_fails_or_lies),
        cmocka_unit_test(test_ssh_that_hangs),
        cmocka_unit_test(test_ssh_that_floods),
        cmocka_unit_test(test_work_folder_that_vanishes),
        cmocka_unit_test(test_master_that_dies),
        cmocka_unit_test(test_who_may_not_switch_off_leaves_nothing),
        cmocka_unit_test(test_not_opened),
        cmocka_unit_test(test_silent_port),
        cmocka_unit_test(test_long_scratch_folder),
    };
    return cmocka_run_group_tests_name("ssh_channel", tests, start_server, end_server);
}
