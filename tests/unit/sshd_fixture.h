/* A real ssh server on a loopback port for tests, where sshd is installed; see tests/collect/sshd.sh. */
#ifndef SBSTAT_TESTS_SSHD_FIXTURE_H
#define SBSTAT_TESTS_SSHD_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/process.h"

struct sshd {
    struct sb_process *process; /* NULL: there is none */
    char folder[64], user[64];
    unsigned port;
};

static inline bool sshd_write_program(const struct sshd *sshd, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/bin/%s", sshd->folder, name);
    FILE *file = fopen(path, "w");
    if (!file) return false;
    fputs(text, file);
    return fclose(file) == 0 && chmod(path, 0755) == 0;
}

/* What must never be the machine's own. poweroff leaves a file `off` in the server's folder. */
static inline bool sshd_write_programs(const struct sshd *sshd)
{
    char path[96];
    snprintf(path, sizeof path, "%s/bin", sshd->folder);
    return mkdir(path, 0755) == 0 &&
           sshd_write_program(sshd, "sysbench", "#!/bin/sh\necho 'sysbench 9.8.7 (using fake LuaJIT)'\n") &&
           sshd_write_program(sshd, "poweroff", "#!/bin/sh\n: >\"${0%/bin/*}/off\"\n") &&
           sshd_write_program(sshd, "shutdown", "#!/bin/sh\nexit 1\n") &&
           sshd_write_program(sshd, "halt", "#!/bin/sh\nexit 1\n") &&
           sshd_write_program(sshd, "sudo", "#!/bin/sh\nshift\nexec \"$@\"\n");
}

static inline bool sshd_read_line(const struct sshd *sshd, const char *name, char *line, size_t size)
{
    char path[96];
    snprintf(path, sizeof path, "%s/%s", sshd->folder, name);
    FILE *file = fopen(path, "r");
    bool ok = file && fgets(line, (int)size, file) != NULL;
    if (file) fclose(file);
    if (ok) line[strcspn(line, "\n")] = '\0';
    return ok;
}

/* False when there is no server, which sshd.sh has said why on standard error. `folder` must not be there. */
static inline bool sshd_start(struct sshd *sshd, const char *folder)
{
    char line[64];
    struct sb_process_result end;
    snprintf(sshd->folder, sizeof sshd->folder, "%s", folder);
    if (mkdir(folder, 0755) != 0 || !sshd_write_programs(sshd)) return false;
    char log[96];
    snprintf(log, sizeof log, "%s/said", folder);
    const char *argv[] = {"sh", SBSTAT_TESTS_DIR "/collect/sshd.sh", folder, NULL};
    const struct sb_process_spec spec = {.argv = argv, .output = log};
    sshd->process = sb_process_start(&spec, NULL);
    for (double until = sb_monotonic() + 60; sshd->process && sb_monotonic() < until;) {
        if (sb_process_wait(sshd->process, 0.05, &end)) break;
        if (!sshd_read_line(sshd, "port", line, sizeof line)) continue;
        sshd->port = (unsigned)strtoul(line, NULL, 10);
        return sshd_read_line(sshd, "user", sshd->user, sizeof sshd->user);
    }
    if (sshd_read_line(sshd, "said", line, sizeof line)) fprintf(stderr, "%s\n", line);
    sb_process_free(sshd->process);
    sshd->process = NULL;
    return false;
}

static inline void sshd_end(struct sshd *sshd)
{
    if (sshd->process) sb_process_free(sshd->process);
    sshd->process = NULL;
}

#endif
