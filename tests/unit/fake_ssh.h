/* A fake ssh program, and servers that say no more than they are told; for tests. */
#ifndef SBSTAT_TESTS_FAKE_SSH_H
#define SBSTAT_TESTS_FAKE_SSH_H

#include "process_fixture.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

/* ---- servers that say what they are told, and no more ---- */

struct listener {
    pid_t pid;
    unsigned port;
};

static inline int bound_socket(unsigned *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    *port = ntohs(address.sin_port);
    return fd;
}

static inline unsigned free_port(void)
{
    unsigned port;
    close(bound_socket(&port));
    return port;
}

static inline struct listener listen_saying(const char *words)
{
    struct listener listener;
    int fd = bound_socket(&listener.port);
    assert_int_equal(listen(fd, 16), 0);
    listener.pid = fork();
    assert_true(listener.pid >= 0);
    while (listener.pid == 0) {
        int client = accept(fd, NULL, NULL);
        if (client < 0) _exit(1);
        if (write(client, words, strlen(words)) < 0) _exit(1);
        /* and stays open, silent */
    }
    close(fd);
    return listener;
}

static inline void end_listener(struct listener listener)
{
    kill(listener.pid, SIGKILL);
    waitpid(listener.pid, NULL, 0);
}

/* A teardown of a whole group: the server ends, nothing is left running, and the folder goes. */
static inline int end_server_and_folder(struct listener listener, void **state)
{
    end_listener(listener);
    bool gone = all_gone(30);
    if (!gone) print_error("a process is left\n");
    return remove_test_folder(state) == 0 && gone ? 0 : -1;
}

/* ---- a fake ssh, whose behaviour the file `mode` beside it names ---- */

static const char fake_ssh[] =
    "#!/bin/sh\n"
    "[ \"$1\" != -V ] || { echo 'OpenSSH_9.9p9 Fake, OpenSSL 3' >&2; exit 0; }\n"
    "read mode < \"${0%/*}/mode\"\n"
    "control=; master=; last=\n"
    "for word; do\n"
    "  case $word in ControlPath=*) control=${word#*=}; control=${control#\\\"}; control=${control%\\\"};;\n"
    "  ControlMaster=yes) master=1;; esac\n"
    "  last=$word\n"
    "done\n"
    "if [ \"$master\" ]; then\n"
    "  case $mode in refuse) echo 'Permission denied (publickey).' >&2; exit 255;;\n"
    "  nobody) echo 'No ED25519 host key is known for x and you have requested strict checking.' >&2\n"
    "    echo 'Host key verification failed.' >&2; exit 255;;\n"
    "  changed) echo 'Host key verification failed.' >&2; exit 255;;\n"
    "  hang-master) sleep 600;;\n"
    "  esac\n"
    "  trap 'rm -f \"$control\"; exit 255' TERM; : > \"$control\"\n"
    "  while :; do sleep 0.05; done\n"
    "fi\n"
    "[ -e \"$control\" ] || exit 255\n"
    "[ -e \"${0%/*}/opened\" ] || mode=honest\n"
    "case $mode in\n"
    "hang) trap '' TERM; cat >/dev/null; sleep 600;;\n"
    "255) exit 255;;\n"
    "137) exit 137;;\n"
    "die) kill -KILL $$;;\n"
    "lie) echo all is well; exit 0;;\n"
    "mark) echo sbstat-00000000000000000000000000000000 begin;\n"
    "  echo sbstat-00000000000000000000000000000000 end 0 1 2; exit 0;;\n"
    "flood) exec yes;;\n"
    "cut) sh -c \"$last\" | head -c 60; exit 255;;\n"
    "complain) echo 'client_loop: send disconnect: Broken pipe' >&2; exit 255;;\n"
    "noisy) echo 'Welcome!'; echo 'no locale' >&2; sh -c \"$last\"; exit 255;;\n"
    "*) cd / && exec sh -c \"$last\";;\n"
    "esac\n";

/* `from_the_start`: also for the first command, which is honest otherwise until a file `opened` is there. */
static inline void set_mode(const char *mode, bool from_the_start)
{
    FILE *file = fopen(in_folder("mode"), "w");
    assert_non_null(file);
    fprintf(file, "%s\n", mode);
    fclose(file);
    if (from_the_start)
        write_program("opened", "");
    else
        unlink(in_folder("opened"));
}

#endif
