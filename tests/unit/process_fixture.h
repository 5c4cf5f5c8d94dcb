/* What the tests of supervised programs share: a folder, fake programs, and a look at what is left. */
#ifndef SBSTAT_TESTS_PROCESS_FIXTURE_H
#define SBSTAT_TESTS_PROCESS_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include "collect/process.h"
#include "core/alloc.h"
#include "io/outfile.h"

#define ARGV(...)  ((const char *const[]){__VA_ARGS__, NULL})
#define SHELL(...) ARGV("sh", "-c", __VA_ARGS__)

static char test_folder[64];

static inline const char *in_folder(const char *name)
{
    static char paths[8][128];
    static unsigned next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", test_folder, name);
    return path;
}

static inline int make_test_folder(void **state)
{
    snprintf(test_folder, sizeof test_folder, "/tmp/sbtp-XXXXXX");
    if (!mkdtemp(test_folder)) return -1;
#ifdef __linux__
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* whoever outlives his parents comes to us */
#endif
    return 0;
}

static inline int remove_test_folder(void **state)
{
    struct sb_process_result result;
    struct sb_process_spec spec = {.argv = ARGV("rm", "-rf", test_folder)};
    return sb_process_run(&spec, &result, NULL) && result.status == 0 ? 0 : -1;
}

/* Text of a file in the test folder, "" when there is none; caller frees. */
static inline char *text_of(const char *name, size_t *len)
{
    char *text = NULL;
    size_t size = 0;
    if (!sb_read_file(in_folder(name), 256u << 20, &text, &size, NULL)) text = sb_xstrdup("");
    if (len) *len = size;
    return text;
}

static inline void assert_file(const char *name, const char *expected)
{
    char *text = text_of(name, NULL);
    assert_string_equal(text, expected);
    free(text);
}

static inline void snooze(double seconds)
{
    struct timespec ts = {.tv_sec = (time_t)seconds,
                          .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9)};
    while (nanosleep(&ts, &ts) != 0 && errno == EINTR) {
    }
}

/* Waits until no process is left that descends from us; false when some still is after that time. Where the
 * system gives us only our own children, only those count. */
static inline bool all_gone(double seconds)
{
    double deadline = sb_monotonic() + seconds;
    for (;;) {
        pid_t pid = waitpid(-1, NULL, WNOHANG);
        if (pid < 0 && errno == ECHILD) return true;
        if (pid == 0) {
            if (sb_monotonic() > deadline) return false;
            snooze(0.005);
        }
    }
}

static inline void write_program(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(in_folder(name), 0755), 0);
}

#endif
