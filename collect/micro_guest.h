/*
 * The smallest guests there are: a few instructions that print SB_MICRO_MARKER on the first serial port and
 * switch the machine off. What an accelerator must be able to run to be chosen. They know where the serial
 * port of pc and virt is.
 */
#ifndef SB_COLLECT_MICRO_GUEST_H
#define SB_COLLECT_MICRO_GUEST_H

#include <stddef.h>

#define SB_MICRO_MARKER "SBSTAT-PROBE"

struct sb_micro_guest {
    const char *arch;           /* x86_64, aarch64 */
    const unsigned char *bytes; /* the file to hand to QEMU */
    size_t len;
    const char *const *argv; /* how: "FILE" stands for the file's path; NULL-terminated */
};

const struct sb_micro_guest *sb_micro_guest(const char *arch); /* NULL when there is none */

#endif
