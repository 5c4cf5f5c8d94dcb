/*
 * Which accelerator works here: found out by booting the micro guest (micro_guest.h) under each, with a
 * deadline, because a device that can be opened and an accelerator that QEMU accepts can still hang or abort.
 */
#ifndef SB_COLLECT_ACCELERATOR_H
#define SB_COLLECT_ACCELERATOR_H

#include <signal.h>
#include <stdbool.h>
#include "core/arena.h"
#include "core/strbuf.h"

struct sb_accelerator_query {
    const char *program; /* of QEMU */
    const char *arch;    /* of the guest: x86_64, aarch64 */
    const char *wanted;  /* auto, kvm, hvf, tcg */
    const char *cpu;     /* model; NULL: host under kvm and hvf, max under tcg (sb_accelerator_cpu) */
    const char *machine; /* of QEMU; NULL: by the next (sb_accelerator_machine) */
    unsigned memory_mib; /* of the guest */
    const char *scratch; /* folder for a file or two; NULL: TMPDIR or /tmp */
    const volatile sig_atomic_t *stop;
};

/* The CPU model that is taken with an accelerator when the plan names none. */
const char *sb_accelerator_cpu(const char *accelerator, const char *guest_arch);

/* The machine likewise: pc for x86_64, virt for aarch64; under hvf with highmem=off as far as that has room.
 */
const char *sb_accelerator_machine(const char *accelerator, const char *guest_arch, unsigned memory_mib);

/* Whether `accelerator` could work on this system at all: kvm on Linux and hvf on macOS for guests of the
 * host's own kind; tcg always. Runs nothing. */
bool sb_accelerator_possible(const char *accelerator, const char *system, const char *host_arch,
                             const char *guest_arch);

/* "kvm", "hvf" or "tcg": the first that prints the marker. NULL with err, which says what became of each. kvm
 * and hvf get a second chance when they were too slow: a host that has just been busy is. A result is
 * remembered in this process. `tried` (may be NULL) gets what became of those that did not work, in words:
 * "kvm: exit status 1: Could not access KVM kernel module: Permission denied". */
const char *sb_accelerator_choose(const struct sb_accelerator_query *query, struct sb_strbuf *tried,
                                  struct sb_err *err) SB_MUST_CHECK;

/* "linux", "darwin" ... and "x86_64", "aarch64": what uname(2) says, in QEMU's words. In `arena`. */
const char *sb_host_system(struct sb_arena *arena);
const char *sb_host_arch(struct sb_arena *arena);
const char *sb_arch_name(const char *machine, struct sb_arena *arena); /* arm64 -> aarch64, amd64 -> x86_64 */

#endif
