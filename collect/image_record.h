/*
 * image.json, and DISK.json of an adopted disk: reading and writing what image.h shows.
 */
#ifndef SB_COLLECT_IMAGE_RECORD_H
#define SB_COLLECT_IMAGE_RECORD_H

#include "collect/image.h"

enum { SB_DISK_RAW, SB_DISK_QCOW2, SB_DISKS };
extern const char *const sb_disk_formats[SB_DISKS];

struct sb_image_record {
    enum sb_image_kind kind;
    bool bare; /* made up for a disk with no record beside it; never written */
    const char *arch, *kernel, *initrd, *append, *user, *key, *container; /* as written; NULL: absent */
    struct sb_image_disk {
        const char *file, *sha256; /* file NULL: there is none of this format */
        uint64_t bytes;
    } disks[SB_DISKS];
    /* facts, for people */
    const char *suite, *kernel_version, *sysbench_version, *sbstat;
    unsigned packages; /* 0: not known */
};

/* A user's name, and a container image's tag (registry:port/name:tag), that no program takes for an option.
 */
bool sb_image_is_user(const char *text);
bool sb_image_is_tag(const char *text);

/* x86_64 or aarch64, also by Debian's and Apple's names (amd64, arm64); NULL: neither. */
const char *sb_image_arch(const char *name);
/* The host's likewise; NULL when it is another. */
const char *sb_image_host_arch(void);

const char *sb_image_kind_name(enum sb_image_kind kind);

/* Checks everything: what it lets through is safe to use as a path, an argument, a kernel's command line. */
bool sb_image_record_read(struct sb_image_record *record, const char *path, struct sb_arena *arena,
                          struct sb_err *err) SB_MUST_CHECK;
void sb_image_record_text(const struct sb_image_record *record, struct sb_strbuf *out);
bool sb_image_record_write(const struct sb_image_record *record, const char *path,
                           struct sb_err *err) SB_MUST_CHECK;

#endif
