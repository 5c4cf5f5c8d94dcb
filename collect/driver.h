/*
 * Platforms that experiments run on: one file and one row in drivers.c each. A driver starts a target (a
 * guest, a container, a connection), runs commands in it, and stops it. It knows nothing of tests, logs or
 * the plan's order; those are experiment.c's, the same for all.
 *
 * To add one: write driver_<name>.c with a struct sb_driver, declare it at the end of this file, add it to
 * the table in drivers.c and to CMakeLists.txt.
 */
#ifndef SB_COLLECT_DRIVER_H
#define SB_COLLECT_DRIVER_H

#include <signal.h>
#include <stdint.h>
#include "collect/plan.h"
#include "collect/process.h"

/* ---- the options that a platform takes in a plan ---- */

enum sb_field_type {
    SB_FIELD_TEXT,
    SB_FIELD_PATH,
    SB_FIELD_COUNT,
    SB_FIELD_BYTES,
    SB_FIELD_FLAG,
    SB_FIELD_CHOICE
};

struct sb_field {
    const char *name;
    enum sb_field_type type;
    const char *const *choices; /* NULL-terminated; for SB_FIELD_CHOICE */
    bool required;
    const char *fallback; /* the default's text; NULL: none */
    const char *help;     /* one line, for docs and messages */
};

/* ---- a boot ---- */

struct sb_boot_spec {
    const struct sb_plan *plan;
    const struct sb_plan_platform *platform;
    const struct sb_plan_config *config;
    unsigned boot, attempt; /* attempt from 0 */
    const char *experiment; /* id of this experiment: label of everything that could be left behind */
    const char *name;       /* unique name of this boot, [a-z0-9._-]: sbstat-<experiment>-<n> */
    const char *scratch; /* an empty folder for this boot, on the disk to measure; a short path (sockets) */
    const char *console; /* file for what the boot prints (console, daemon messages): kept when it fails */
    double deadline;     /* seconds until it must be ready */
    bool allow_busy;     /* check() does not mind when other programs use the processors of another machine */
    const volatile sig_atomic_t *stop; /* the user wants to end */
};

/* What became known of a cell when it was started, for the manifest. Strings live in `arena`; NULL, NaN: not
 * known. */
struct sb_boot_facts {
    struct sb_arena *arena;
    const char *accelerator;               /* kvm, hvf, tcg; none where nothing is emulated */
    const char *image, *image_format;      /* as the plan names it; raw, qcow2, container ... */
    const char *image_sha256;              /* of the image's file, or the container image's id */
    bool image_is_written;                 /* by each boot, so that its digest changes (disk: direct) */
    double virtual_bytes, allocated_bytes; /* of the disk at the start of the boot */
    const char *const *argv; /* the command that started it, paths of the scratch folder as $RUN/... */
    const char *tool, *tool_version; /* qemu "7.2.22", docker "20.10.24" */
    const char *kernel, *sysbench;   /* versions in the target */
    double ready;                    /* seconds from the start to the first answer */
    const char *doubt; /* what could not be verified of what the configuration asks for, or is not what one
                          would take it for (emulation that nobody asked for); NULL: nothing */
    bool other_kernel; /* of a driver without own_kernel that is not `remote`: the target does not run on this
                          host's kernel after all (an engine elsewhere, or in a virtual machine), or does not
                          tell, so dropping this host's caches need not empty those that its files are in */
};

/* ---- a command in a target ---- */

struct sb_exec {
    const char *const
        *argv;          /* NULL-terminated; runs in the target's work folder, on the storage to measure */
    const char *output; /* file to append its standard output and error to; NULL: dropped */
    double deadline;    /* seconds */
    bool privileged; /* needs root (dropping caches): where commands run as another user, through sudo -n */
};

enum sb_exec_outcome {
    SB_EXEC_ENDED,   /* it ended: `status` */
    SB_EXEC_TIMEOUT, /* the deadline passed: the target cannot be trusted any more and must be stopped */
    SB_EXEC_LOST,    /* the target or the way to it broke */
    SB_EXEC_FLOOD,   /* more output than 64 MiB: as TIMEOUT */
    SB_EXEC_STOPPED, /* the user wants to end */
};

struct sb_exec_result {
    enum sb_exec_outcome outcome;
    int status;       /* exit status in the target; 128 + signal */
    double wall;      /* seconds; measured in the target where it can be */
    char reason[200]; /* for people, when there is more to say than the status: "killed: out of memory (limit
                         64 MiB)" */
};

/* How stopping went, for the journal. */
enum sb_stop_way { SB_STOP_CLEAN, SB_STOP_ASKED, SB_STOP_TERM, SB_STOP_KILL };

struct sb_target; /* each driver's own; begins with nothing in common */

struct sb_driver {
    const char *name;
    const char *summary;           /* one line */
    const struct sb_field *fields; /* ended by a NULL name */
    bool needs_config;             /* vcpus and memory_mib must be given and are enforced */
    bool own_kernel;               /* caches are dropped in the target as well as on the host */
    bool remote;                   /* the target is another machine: the caches of this one do not matter */

    /* The command that start() would run, without running anything or needing the image to be there; argv as
     * in sb_boot_facts. `host` may name another system for --show-argv ("darwin-arm64"); NULL: this one. */
    bool (*show_argv)(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                      struct sb_err *err);

    /* Before the first boot of an experiment: tools, image, its lock, disk space; whether another machine is
     * quiet (this one is looked at for all). Called once for each platform. */
    bool (*check)(const struct sb_boot_spec *spec, struct sb_err *err);

    /* Starts it and waits until it answers; NULL with err (what, and the last lines of the console). Nothing
     * is left running then. SB_ERR_OUTPUT (this machine's disk is full or cannot be written) ends the
     * experiment, everything else is tried again. */
    struct sb_target *(*start)(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                               struct sb_err *err);

    void (*exec)(struct sb_target *target, const struct sb_exec *exec, struct sb_exec_result *result);

    /* Ends it, at latest after the plan's shutdown timeout and the grace of signals, and frees the target.
     * `broken`: an exec timed out or was lost, so do not ask politely for long. */
    enum sb_stop_way (*stop)(struct sb_target *target, bool broken);

    /* Removes what an earlier, killed sbstat left of this experiment (containers with its label); may be
     * NULL. Gives how many it removed in *removed. */
    bool (*sweep)(const struct sb_boot_spec *spec, size_t *removed, struct sb_err *err);
};

const struct sb_driver *sb_driver_find(const char *name); /* NULL when there is none */
const struct sb_driver *const *sb_drivers(size_t *nr);    /* all rows */

extern const struct sb_driver sb_driver_raw, sb_driver_qcow2, sb_driver_docker, sb_driver_podman,
    sb_driver_host, sb_driver_ssh;

#endif
