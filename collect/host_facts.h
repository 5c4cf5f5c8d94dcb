/* What is to be known of the machine that an experiment runs on, for the manifest. */
#ifndef SB_COLLECT_HOST_FACTS_H
#define SB_COLLECT_HOST_FACTS_H

#include <stdbool.h>
#include "core/arena.h"

/* Texts live in the arena; NULL, 0: not known. */
struct sb_host_facts {
    const char *name; /* of the host, as uname(2) has it */
    const char *cpu_model;
    unsigned cores; /* processors online */
    unsigned memory_mib;
    const char *kernel;     /* release */
    const char *os;         /* "Debian GNU/Linux 12 (bookworm)", "macOS 14.5" */
    const char *governor;   /* of the first processor's frequency */
    const char *cgroup;     /* v1, v2 */
    const char *filesystem; /* of `scratch`: ext4, overlay, tmpfs, apfs ... */
};

/* Memory of this machine; 0: not known. */
unsigned sb_host_memory_mib(void);

/* Whether `path` lies on tmpfs or ramfs. */
bool sb_is_in_memory(const char *path);

void sb_host_facts_read(struct sb_host_facts *facts, const char *scratch, struct sb_arena *arena);

#endif
