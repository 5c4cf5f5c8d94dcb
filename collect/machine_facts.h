/*
 * What is to be known of a machine that commands run on over ssh: asked by a POSIX shell script, so that
 * nothing but a shell has to be there. What comes back is not trusted: any bytes.
 */
#ifndef SB_COLLECT_MACHINE_FACTS_H
#define SB_COLLECT_MACHINE_FACTS_H

#include <stddef.h>
#include "collect/plan.h"

/* For `sh -c`, in the folder on the storage to measure. Takes no time worth mentioning. */
extern const char sb_machine_script[];

/* NULL, 0, NaN: the machine does not tell. Texts live in the arena and can be printed. */
struct sb_machine {
    const char *kernel;   /* release */
    const char *sysbench; /* version; NULL: it is not there */
    const char *vm; /* as systemd-detect-virt(1) names the hypervisor; "none": it is no virtual machine */
    const char *container;     /* as that names it; "none": it is none */
    unsigned cpus;             /* online */
    double memory, free_bytes; /* bytes; free on the storage of the folder */
};

/* At one moment. */
struct sb_machine_load {
    double averages[3]; /* of 1, 5, 15 minutes, as getloadavg(3) */
    double steal;       /* seconds that the processors were taken away since the machine started */
};

void sb_machine_read(struct sb_machine *machine, const char *text, size_t len, struct sb_arena *arena);

/* "kvm" under KVM, "none" on hardware; NULL: another or not known, as under QEMU without KVM, which emulates
 * (tcg) or not (hvf). */
const char *sb_machine_accelerator(const struct sb_machine *machine);

/* In which way the machine, called `host`, is not what the configuration says or what one would take it for;
 * NULL: in none. */
const char *sb_machine_doubt(const struct sb_machine *machine, const char *host,
                             const struct sb_plan_config *config, struct sb_arena *arena);

/* Prints the first line of /proc/stat twice, a second apart; sb_machine_busy() reads that: how many
 * processors were in use of how many there are (`cpus`). NaN where the machine does not tell. */
extern const char sb_machine_busy_script[];
double sb_machine_busy(const char *text, unsigned cpus);

/* Prints the load averages and the processors' times so far; sb_machine_load_read() reads that. NaN where the
 * machine does not tell (macOS and the BSDs tell the averages only). */
extern const char sb_machine_load_script[];
void sb_machine_load_read(struct sb_machine_load *load, const char *text, size_t len);

#endif
