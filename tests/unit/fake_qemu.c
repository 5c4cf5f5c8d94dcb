/*
 * A program that looks like QEMU to sbstat: as told by the environment's FAKE_QEMU it works, hangs, ends,
 * lies, floods, crashes. Words in FAKE_QEMU, any of them:
 *
 *   noprobe     prints no marker when probed          exit     ends at once with an error
 *   hang        does nothing, and ignores SIGTERM     noqmp    its monitor accepts and says nothing
 *   junkqmp     its monitor says no JSON              kvm      says that KVM is in force
 *   mute        its guest says nothing                error    its guest's agent cannot work
 *   junk        its guest says something else         endless  its guest never ends its first line
 *   flood       its guest floods the console          reset    its guest says that it is ready a second time
 *   huge        answers with 1 TiB of output          liar     answers another question
 *   crash       crashes in the second command         stuck    never answers the second command
 *   nopoweroff  ignores poweroff                      noquit   ignores quit
 *   noterm      ignores SIGTERM                       badenv   the second command ends with status 7
 *   shell       its guest's commands are run here, by a shell, and answered with what they print
 *   acpi        ends when the power button is pressed nokvm    cannot use kvm, and says so
 *   slowkvm     hangs when probed with kvm            oldqmp   does not tell its processors and memory
 *
 * Its machine has what -smp and -m said last. With FAKE_QEMU_MACHINE only that machine (-M) runs the probe.
 *
 * A word with "@FILE" behind it (hang@first) holds until FILE is there, which the first that finds it absent
 * makes: one boot goes wrong, the next goes well.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LISTEN_QMP, LISTEN_JOB, QMP, JOB, ENDS };
static int ends[ENDS] = {-1, -1, -1, -1};
static char lines[ENDS][4096];
static size_t filled[ENDS];
static int commands;
static char **arguments;

/* "@FILE": true for the process that makes FILE. */
static bool is_first(const char *path)
{
    static char made[200];
    char file[200];
    snprintf(file, sizeof file, "%.*s", (int)strcspn(path, " "), path);
    if (strcmp(file, made) == 0) return true;
    int fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0) return false;
    close(fd);
    memcpy(made, file, sizeof made);
    return true;
}

static bool told(const char *word)
{
    const char *text = getenv("FAKE_QEMU");
    size_t len = strlen(word);
    for (const char *at = text ? strstr(text, word) : NULL; at; at = strstr(at + 1, word)) {
        if (at != text && at[-1] != ' ') continue;
        if (at[len] == ' ' || at[len] == '\0') return true;
        if (at[len] == '@') return is_first(at + len + 1);
    }
    return false;
}

/* The path in the argument that begins with `start`; NULL. */
static char *path_in(char **argv, const char *start)
{
    static char path[4][200];
    static int nr;
    for (; *argv; argv++) {
        const char *at = strncmp(*argv, start, strlen(start)) == 0 ? strstr(*argv, "path=") : NULL;
        if (!at) continue;
        char *copy = path[nr++ % 4];
        snprintf(copy, sizeof path[0], "%.*s", (int)strcspn(at + 5, ","), at + 5);
        return copy;
    }
    return NULL;
}

/* What stands behind the last `option`; "" when it is not there. */
static const char *last_value(const char *option)
{
    const char *value = "";
    for (char **arg = arguments; arg[0] && arg[1]; arg++)
        if (strcmp(*arg, option) == 0) value = arg[1];
    return value;
}

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0) exit(9);
    return fd;
}

static void say(int end, const char *text)
{
    ssize_t n = write(ends[end], text, strlen(text));
    (void)n;
}

static void sleep_for_ever(void)
{
    for (;;)
        pause();
}

/* ---- the monitor ---- */

static void greet(void)
{
    if (told("noqmp")) return;
    if (told("junkqmp")) {
        say(QMP, "SSH-2.0-OpenSSH\n");
        return;
    }
    say(QMP, "{\"QMP\": {\"version\": {\"qemu\": {\"micro\": 3, \"minor\": 2, \"major\": 1}, \"package\": "
             "\"\"}, \"capabilities\": []}}\r\n");
}

static void say_port(void)
{
    char text[300];
    const char *port = getenv("FAKE_QEMU_PORT");
    snprintf(
        text, sizeof text,
        "{\"return\": \"Hub -1 (net0):\\r\\n  Protocol[State]    FD  Source Address  Port   Dest. Address  "
        "Port RecvQ SendQ\\r\\n  TCP[HOST_FORWARD]  14       127.0.0.1 %s       10.0.2.15    22     0     "
        "0\\r\\n\"}\r\n",
        port && !told("noport") ? port : "none");
    say(QMP, text);
}

/* false: the question is another one */
static bool say_size(const char *line)
{
    char text[4096] = "";
    size_t len = 0;
    if (told("oldqmp")) return false;
    if (strstr(line, "query-memory-size-summary")) {
        snprintf(text, sizeof text, "{\"return\": {\"base-memory\": %llu, \"plugged-memory\": 0}}\r\n",
                 strtoull(last_value("-m"), NULL, 10) << 20);
        say(QMP, text);
        return true;
    }
    if (!strstr(line, "query-cpus-fast")) return false;
    unsigned long nr = strtoul(last_value("-smp"), NULL, 10);
    for (unsigned long i = 0; i < nr && len < sizeof text - 100; i++)
        len += (size_t)snprintf(text + len, sizeof text - len, "%s{\"cpu-index\": %lu}", i ? ", " : "", i);
    say(QMP, "{\"return\": [");
    say(QMP, text);
    say(QMP, "]}\r\n");
    return true;
}

static void monitor_line(const char *line)
{
    say(QMP, "{\"timestamp\": {\"seconds\": 1, \"microseconds\": 2}, \"event\": \"RTC_CHANGE\"}\r\n");
    if (strstr(line, "query-kvm")) {
        say(QMP, told("kvm") ? "{\"return\": {\"enabled\": true, \"present\": true}}\r\n"
                             : "{\"return\": {\"enabled\": false, \"present\": true}}\r\n");
    } else if (strstr(line, "qmp_capabilities")) {
        say(QMP, "{\"return\": {}}\r\n");
    } else if (strstr(line, "info usernet")) {
        say_port();
    } else if (say_size(line)) {
        return;
    } else if (strstr(line, "system_powerdown")) {
        say(QMP, "{\"return\": {}}\r\n");
        if (told("acpi")) exit(0);
    } else if (strstr(line, "quit")) {
        say(QMP, "{\"return\": {}}\r\n");
        if (!told("noquit")) exit(0);
    } else {
        say(QMP, "{\"error\": {\"class\": \"CommandNotFound\", \"desc\": \"unknown\"}}\r\n");
    }
}

/* ---- the guest ---- */

static void boot_guest(void)
{
    if (told("mute")) return;
    if (told("error"))
        say(JOB, "sbstat 1 error cannot mount \x1b[31mLABEL=x\n");
    else if (told("junk"))
        say(JOB, "login: \n");
    else if (told("endless"))
        for (int i = 0; i < 100; i++)
            say(JOB, "..................................................................................");
    else
        say(JOB, "sbstat 1 ready 6.1-fake\n");
}

/* What the command prints, of the line "exec ID 'word' ...". */
static void answer_by_shell(unsigned id, const char *line)
{
    static char output[1 << 20];
    char head[100];
    const char *command = strchr(line, '\'');
    FILE *pipe = popen(command ? command : "false", "r");
    size_t len = pipe ? fread(output, 1, sizeof output - 1, pipe) : 0;
    int status = pipe ? pclose(pipe) : 0;
    output[len] = '\0';
    snprintf(head, sizeof head, "done %u %d 1.25 %zu\n", id,
             WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), len);
    say(JOB, head);
    say(JOB, output);
}

/* What no agent says, in place of an answer; false: it is honest. */
static bool lie(unsigned id)
{
    char text[100];
    if (told("reset"))
        snprintf(text, sizeof text, "sbstat 1 ready 6.1-fake\n");
    else if (told("huge"))
        snprintf(text, sizeof text, "done %u 0 1.00 1099511627776\nxxx", id);
    else if (told("liar"))
        snprintf(text, sizeof text, "done %u 0 1.00 3\nxxx", id + 1);
    else
        return false;
    say(JOB, text);
    return true;
}

static void answer(unsigned id, const char *line)
{
    char text[200];
    const char *out = strstr(line, "'uname'")      ? "6.1-fake\n"
                      : strstr(line, "'sysbench'") ? "sysbench 1.0.20\n"
                                                   : "fake\n";
    commands += strstr(line, "'uname'") || strstr(line, "'--version'") ? 0 : 1;
    bool second = commands == 2;
    if (second && told("crash")) {
        fprintf(stderr, "qemu: cannot set up guest memory 'pc.ram'\n");
        signal(SIGSEGV, SIG_DFL); /* where a sanitizer would catch it */
        raise(SIGSEGV);
    }
    if (second && (told("stuck") || lie(id))) return;
    if (told("shell") && strstr(line, "'sysbench'")) {
        answer_by_shell(id, line);
        return;
    }
    snprintf(text, sizeof text, "done %u %d 1.25 %zu\n%s", id, second && told("badenv") ? 7 : 0, strlen(out),
             out);
    say(JOB, text);
}

static void guest_line(const char *line)
{
    unsigned id;
    if (sscanf(line, "exec %9u ", &id) == 1) answer(id, line);
    if (strcmp(line, "poweroff") == 0 && !told("nopoweroff")) exit(0);
}

/* ---- the loop ---- */

static void take(int end)
{
    ssize_t n = read(ends[end], lines[end] + filled[end], sizeof lines[end] - 1 - filled[end]);
    if (n <= 0) {
        close(ends[end]);
        ends[end] = -1;
        return;
    }
    filled[end] += (size_t)n;
    lines[end][filled[end]] = '\0';
    for (char *nl; (nl = strchr(lines[end], '\n')) != NULL;) {
        *nl = '\0';
        (end == QMP ? monitor_line : guest_line)(lines[end]);
        memmove(lines[end], nl + 1, strlen(nl + 1) + 1);
        filled[end] = strlen(lines[end]);
    }
}

static bool is_off(void)
{
    const char *path = getenv("FAKE_QEMU_OFF");
    return path && access(path, F_OK) == 0 && !told("nopoweroff");
}

static void serve(void)
{
    while (!is_off()) {
        struct pollfd p[ENDS];
        for (int i = 0; i < ENDS; i++)
            p[i] = (struct pollfd){.fd = ends[i], .events = POLLIN};
        poll(p, ENDS, 50);
        for (int i = QMP; i < ENDS; i++)
            if (ends[i] >= 0 && (p[i].revents & (POLLIN | POLLHUP))) take(i);
        for (int i = 0; i < QMP; i++) {
            if (!(p[i].revents & POLLIN)) continue;
            ends[i + QMP] = accept(ends[i], NULL, NULL);
            (i == LISTEN_QMP ? greet : boot_guest)();
        }
    }
}

static void print_on_console(const char *path)
{
    FILE *console = fopen(path, "a");
    if (!console) exit(9);
    fprintf(console, "[    0.0] fake kernel\nlast words of the console\n");
    if (told("flood"))
        for (int i = 0; i < 66 * 1024; i++)
            fprintf(console, "%01023d\n", i);
    fclose(console);
}

/* As a QEMU that runs the micro guest. */
static int probe(void)
{
    const char *machine = getenv("FAKE_QEMU_MACHINE");
    bool kvm = strcmp(last_value("-accel"), "kvm") == 0;
    if (kvm && told("nokvm")) {
        fprintf(stderr, "qemu: Could not access KVM kernel module: Permission denied\n");
        return 1;
    }
    if (kvm && told("slowkvm")) sleep_for_ever();
    if (!told("noprobe") && (!machine || strcmp(machine, last_value("-M")) == 0)) puts("SBSTAT-PROBE");
    return 33;
}

int main(int argc, char **argv)
{
    (void)argc;
    signal(SIGPIPE, SIG_IGN);
    arguments = argv;
    if (strcmp(last_value("-serial"), "stdio") == 0) return probe();
    if (told("hang") || told("noterm")) signal(SIGTERM, SIG_IGN);
    if (told("hang")) sleep_for_ever();
    if (told("exit")) {
        fprintf(stderr, "qemu: first line\nqemu: -M: unsupported machine type \x1b[1mpc\n");
        return 1;
    }
    const char *qmp = path_in(argv, "socket,id=qmp"), *job = path_in(argv, "socket,id=job");
    const char *console = path_in(argv, "file,id=console");
    if (!qmp || !console) return 8;
    /* QEMU needs a moment. */
    nanosleep(&(struct timespec){.tv_nsec = 50000000}, NULL);
    ends[LISTEN_QMP] = listen_at(qmp);
    if (job) ends[LISTEN_JOB] = listen_at(job); /* else in ssh mode */
    print_on_console(console);
    serve();
    return 0;
}
