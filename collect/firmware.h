/*
 * UEFI firmware for guests that boot from their own disk and need it (aarch64): where systems keep it, and in
 * the size that QEMU's flash wants.
 */
#ifndef SB_COLLECT_FIRMWARE_H
#define SB_COLLECT_FIRMWARE_H

#include <stddef.h>
#include <stdint.h>
#include "core/arena.h"

/* The flash of QEMU's machine "virt" is exactly as large (hw/arm/virt.c: two banks of 64 MiB). */
#define SB_VIRT_FLASH_BYTES ((uint64_t)64 << 20)

/* The firmware's usual path on a system ("darwin", "linux"), whether or not it is there. */
const char *sb_firmware_usual(const char *system);

/* The first that is there: below the prefix of `program` (a path of QEMU, or NULL), HOMEBREW_PREFIX,
 * /opt/homebrew, /usr/local and /usr. NULL with err (what to install, which option names it). */
const char *sb_firmware_find(const char *program, struct sb_arena *arena, struct sb_err *err) SB_MUST_CHECK;

/* A path of the same firmware as `path` that fits the flash: `path` itself, or a padded copy made as `copy`.
 * NULL with err. *format gets raw or qcow2. */
const char *sb_firmware_fit(const char *path, const char *copy, const char **format,
                            struct sb_err *err) SB_MUST_CHECK;

#endif
