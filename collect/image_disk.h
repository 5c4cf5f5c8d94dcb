/* Disk images as files: what format one has, how large it is inside, making them. */
#ifndef SB_COLLECT_IMAGE_DISK_H
#define SB_COLLECT_IMAGE_DISK_H

#include <stdbool.h>
#include <stdint.h>
#include "core/err.h"

/* The size that a guest sees: of a qcow2 file from its header, else the file's own. False with err. */
bool sb_disk_virtual_size(const char *path, uint64_t *bytes, struct sb_err *err) SB_MUST_CHECK;

/* Whether a file of this format with so many bytes inside can be a disk: false with err. */
bool sb_disk_check_size(const char *path, const char *format, uint64_t bytes,
                        struct sb_err *err) SB_MUST_CHECK;

/* Whether the first sector ends as a boot sector does: it does not where nothing is installed. Of a qcow2
 * file qemu-io tells, which must not be asked for one with a backing file. False with err. */
bool sb_disk_check_boot_sector(const char *path, const char *format, struct sb_err *err) SB_MUST_CHECK;

/* Whether a qcow2 file has a backing file, that is, is no whole disk by itself. Raw disks never have. */
bool sb_disk_has_backing(const char *path, bool *backed, struct sb_err *err) SB_MUST_CHECK;

#endif
