/* The agent's own shell script under each shell that it may meet, at a terminal in place of a virtio port. */
#include "qemu_fixture.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>

#include "collect/guest_port.h"
#include "collect/image.h"
#include "core/text.h"

static char folder[] = "/tmp/sba.XXXXXX", script[64], work[64], listener[64], output[64];
static pid_t bridge;

/* ---- a bridge between a socket, as QEMU makes one, and a terminal ---- */

static int open_terminal(char *name, size_t size)
{
    struct termios raw;
    int fd = posix_openpt(O_RDWR | O_NOCTTY);
    assert_true(fd >= 0 && grantpt(fd) == 0 && unlockpt(fd) == 0);
    snprintf(name, size, "%s", ptsname(fd));
    int guest = open(name, O_RDWR | O_NOCTTY);
    assert_true(guest >= 0 && tcgetattr(guest, &raw) == 0);
    raw.c_iflag = raw.c_oflag = raw.c_lflag = 0;
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    assert_int_equal(tcsetattr(guest, TCSANOW, &raw), 0);
    return fd; /* `guest` stays open, so that the settings stay */
}

static bool carry(int from, int to)
{
    char buf[512];
    ssize_t n = read(from, buf, sizeof buf);
    for (ssize_t at = 0; at < n;) {
        ssize_t w = write(to, buf + at, (size_t)(n - at));
        if (w <= 0) return false;
        at += w;
    }
    return n > 0;
}

static void run_bridge(int listening, int terminal, char *const argv[])
{
    pid_t agent = fork();
    if (agent == 0) {
        execvp(argv[0], argv);
        _exit(126);
    }
    int host = accept(listening, NULL, NULL), status;
    for (;;) {
        struct pollfd p[] = {{.fd = host, .events = POLLIN}, {.fd = terminal, .events = POLLIN}};
        poll(p, 2, 100);
        if (p[0].revents && !carry(host, terminal)) break;
        if (p[1].revents && !carry(terminal, host)) break;
        if (waitpid(agent, &status, WNOHANG) == agent) _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
    }
    kill(agent, SIGKILL);
    _exit(98);
}

static struct sb_guest_port *open_agent(const char *shell)
{
    char terminal[64], *const argv[] = {shell[0] == 'b' ? (char *)"busybox" : (char *)shell,
                                        shell[0] == 'b' ? (char *)"sh" : script,
                                        shell[0] == 'b' ? script : terminal,
                                        shell[0] == 'b' ? terminal : work,
                                        shell[0] == 'b' ? work : NULL,
                                        NULL};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct sb_strbuf kernel = SB_STRBUF_INIT;
    struct sb_err err = {.code = SB_OK};
    int fd = open_terminal(terminal, sizeof terminal), listening = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", listener);
    unlink(listener);
    assert_int_equal(bind(listening, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(listening, 1), 0);
    bridge = fork();
    if (bridge == 0) run_bridge(listening, fd, argv);
    close(listening);
    close(fd);
    struct sb_guest_port *port = sb_guest_port_open(listener, 60, NULL, NULL, NULL, &kernel, &err);
    if (!port) fail_msg("%s: %s", shell, err.msg);
    assert_true(kernel.len > 0 && !strchr(kernel.buf, ' '));
    sb_strbuf_release(&kernel);
    return port;
}

/* ---- what it does ---- */

static struct sb_exec_result run(struct sb_guest_port *port, const char *const *argv)
{
    struct sb_exec exec = {.argv = argv, .output = output, .deadline = 60};
    struct sb_exec_result result;
    unlink(output);
    sb_guest_port_exec(port, &exec, &result);
    if (result.outcome != SB_EXEC_ENDED) fail_msg("%s: %s", argv[0], result.reason);
    return result;
}
#define RUN(...) run(port, (const char *const[]){__VA_ARGS__, NULL})

static void assert_commands_work(struct sb_guest_port *port)
{
    struct stat st;
    assert_int_equal(
        RUN("printf", "%s|", "a b", "it's", "$HOME `x` \"y\" \\n *", "two\nlines\n", "", "-e").status, 0);
    assert_string_equal(read_text(output), "a b|it's|$HOME `x` \"y\" \\n *|two\nlines\n||-e|");
    assert_int_equal(RUN("pwd").status, 0);
    assert_says(read_text(output), work);
    assert_int_equal(RUN("sh", "-c", "echo out; echo err >&2; exit 7").status, 7);
    assert_string_equal(read_text(output), "out\nerr\n");
    assert_int_equal(RUN("sh", "-c", "kill -9 $$").status, 137);
    assert_int_equal(RUN("no-such-program").status, 127);
    assert_int_equal(RUN("cat").status, 0); /* nothing on its standard input */
    assert_int_equal(RUN("sh", "-c", "printf 'done 9 0 1.00 0\\nno newline'; exit 0").status, 0);
    assert_string_equal(read_text(output), "done 9 0 1.00 0\nno newline");
    struct sb_exec_result result = RUN("sleep", "1.2");
    assert_true(result.wall >= 1.1 && result.wall < 30);
    RUN("sh", "-c", "head -c 1000000 /dev/zero");
    assert_int_equal(stat(output, &st), 0);
    assert_int_equal(st.st_size, 1000000);
}

static void serves_under(const char *shell)
{
    int status;
    struct sb_guest_port *port = open_agent(shell);
    assert_commands_work(port);
    assert_true(sb_guest_port_poweroff(port));
    assert_int_equal(waitpid(bridge, &status, 0), bridge);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    sb_guest_port_close(port);
}

static void serves_under_each_shell(void **state)
{
    (void)state;
    static const char *const shells[] = {"sh", "dash", "bash", "busybox"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(shells); i++) {
        char *there = sb_find_program(shells[i]);
        if (there)
            serves_under(shells[i]);
        else
            print_message("SKIPPED: no %s\n", shells[i]);
        free(there);
    }
}

static void is_clean_shell(void **state)
{
    (void)state;
    struct sb_process_result result;
    char *there = sb_find_program("shellcheck");
    if (!there) {
        print_message("SKIPPED: no shellcheck\n");
        skip();
    }
    free(there);
    const char *argv[] = {"shellcheck", "-s", "sh", script, NULL};
    struct sb_process_spec spec = {.argv = argv, .output = output};
    unlink(output);
    assert_true(sb_process_run(&spec, &result, NULL));
    if (result.status != 0) fail_msg("%s", read_text(output));
}

static int setup(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN);
    assert_non_null(mkdtemp(folder));
    setenv("TMPDIR", folder, 1);
    snprintf(script, sizeof script, "%s/agent", folder);
    snprintf(work, sizeof work, "%s/work", folder);
    snprintf(listener, sizeof listener, "%s/port", folder);
    snprintf(output, sizeof output, "%s/output", folder);
    write_text(script, sb_guest_agent);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    remove_tree(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(serves_under_each_shell),
        cmocka_unit_test(is_clean_shell),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
