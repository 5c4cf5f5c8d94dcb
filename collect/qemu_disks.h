/* Disks of QEMU guests: a fresh copy for each boot, and what is known of them. */
#ifndef SB_COLLECT_QEMU_DISKS_H
#define SB_COLLECT_QEMU_DISKS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include "core/err.h"

/* Copies a disk's file: by reference where the file system can (btrfs, xfs, APFS), else its data without its
 * holes; on the disk when it returns, so that writing it out does not disturb what is measured next. Replaces
 * `to`; leaves nothing there on failure. `stop` may be NULL. */
bool sb_disk_copy(const char *from, const char *to, const volatile sig_atomic_t *stop,
                  struct sb_err *err) SB_MUST_CHECK;

/* Bytes that the file takes on its file system. False with err. */
bool sb_disk_allocated(const char *path, uint64_t *bytes, struct sb_err *err) SB_MUST_CHECK;

/* SHA-256 of the file as 64 hexadecimal digits, computed once in a process: again only when the file has
 * changed since and `refresh` (of a disk that guests write to, the first one counts). */
bool sb_disk_sha256(const char *path, bool refresh, const volatile sig_atomic_t *stop, char digits[65],
                    struct sb_err *err) SB_MUST_CHECK;

/* Bytes that are free for us on the file system of `folder`. */
bool sb_disk_space(const char *folder, uint64_t *bytes, struct sb_err *err) SB_MUST_CHECK;

/* Refuses a disk that another program has open for writing, by the lock that QEMU's programs take; says which
 * file. Also checks that it is a sound image of `format`. */
bool sb_disk_check_lock(const char *path, const char *format, struct sb_err *err) SB_MUST_CHECK;

#endif
