/*
 * Images: what guests and containers are started from.
 *
 * A built image is a folder:
 *
 *   image.json            what it is (struct sb_image below)
 *   vmlinuz, initrd       kernel and initial RAM disk for a boot by -kernel
 *   disk.raw, disk.qcow2  the same content: the root file system (kind debian) or an empty ext4 work disk
 *   rootfs.tar            the tree, for a container image
 *   id_ed25519[.pub]      a key made for this image (kind debian)
 *
 * An adopted image is the user's own disk file with FILE.json beside it (sbstat image adopt), or no more than
 * the file and `user:` and `key:` in the plan.
 *
 * image.json: {"schema_version": 1, "kind", "arch", "kernel", "initrd", "append", "user", "key", "container",
 * "disks": {"raw": {"file", "sha256", "bytes"}, "qcow2": {...}}, "facts": {...}}. bytes is the virtual size.
 * Paths are relative to the folder and may not leave it; only the key of an adopted image may be anywhere.
 * "facts" is for people: suite, kernel_version, sysbench_version, packages, sbstat.
 */
#ifndef SB_COLLECT_IMAGE_H
#define SB_COLLECT_IMAGE_H

#include <stdint.h>
#include "collect/process.h"
#include "core/arena.h"

enum sb_image_kind { SB_IMAGE_TINY, SB_IMAGE_DEBIAN, SB_IMAGE_ADOPTED };

struct sb_image {
    enum sb_image_kind kind;
    bool bare;                   /* an adopted file with no FILE.json: nobody said who logs in */
    const char *arch;            /* x86_64, aarch64; NULL: as the host */
    const char *folder;          /* path of the folder, or of the folder of an adopted file */
    const char *disk;            /* path of the disk in the wanted format */
    const char *format;          /* raw or qcow2: what the disk is (adopted: as found out) */
    const char *kernel, *initrd; /* paths; NULL: boots from its disk */
    const char *append;          /* kernel command line, without console and mode; NULL: none */
    const char *user, *key;      /* for ssh; NULL: none. Who logs in looks whether the key can be read */
    const char *container;       /* tag that `image build` gave the container image; NULL: none */
    const char *disk_sha256;     /* as built; NULL: not known */
    uint64_t disk_bytes;         /* virtual size; 0: not known */
};

/* Reads what `path` (folder or disk file) is and finds the disk of `format` ("raw", "qcow2"; NULL: whatever
 * there is). Strings live in `arena`. An adopted file of another format than asked for is an error that says
 * so. */
bool sb_image_load(struct sb_image *image, const char *path, const char *format, struct sb_arena *arena,
                   struct sb_err *err) SB_MUST_CHECK;

/* raw or qcow2 by the file's first bytes ("QFI\xfb": qcow2); NULL with err when it cannot be read. */
const char *sb_disk_format(const char *path, struct sb_err *err);

/* What `sbstat image show` prints: lines "name  value" for people, or one JSON object. */
bool sb_image_describe(const char *path, bool json, struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

/* What the guest's own agent is (guest_agent.c): a POSIX shell script that is PID 1 or a service in job mode.
 */
extern const char sb_guest_agent[];

/* ---- making them; `say` (may be NULL) gets a line for each step ---- */

typedef void sb_image_say(void *data, const char *line);

/* qemu-img create; refuses to overwrite unless `force`. */
bool sb_image_create(const char *path, const char *format, uint64_t bytes, bool force,
                     struct sb_err *err) SB_MUST_CHECK;

struct sb_image_build {
    const char *folder;     /* to make; NULL: only the container image, from `dockerfile` */
    const char *kind;       /* tiny, debian; NULL: debian */
    const char *arch;       /* x86_64, aarch64; NULL: the host's */
    const char *mirror;     /* Debian mirror; NULL: what the system's apt uses, else deb.debian.org */
    const char *suite;      /* NULL: bookworm */
    const char *kernel;     /* tiny: a kernel's .deb, or a folder with boot/vmlinuz-* and lib/modules; NULL:
                               the system's own, else the one that apt has */
    uint64_t disk_bytes;    /* 0: 4G */
    const char *container;  /* tag of the container image; NULL: none is made */
    const char *engine;     /* docker or podman; NULL: docker */
    const char *dockerfile; /* build the container image from this instead; NULL: import the tree */
    const char *version;    /* sbstat's, for image.json and the container's label; NULL: left out */
    bool force;             /* replace an earlier image, and a container image that is not ours of that name;
                               never a folder that is no image */
    sb_image_say *say;
    void *data;
    const volatile sig_atomic_t *stop;
};

/* Works in FOLDER.partial, which becomes FOLDER when all is done; nothing is left behind otherwise. Needs
 * programs of the system and says which packages have those that are missing. */
bool sb_image_build(const struct sb_image_build *build, struct sb_err *err) SB_MUST_CHECK;

struct sb_image_adopt {
    const char *disk; /* the user's file */
    const char *user, *key;
    const char *arch; /* NULL: the host's */
    bool force;
};
/* Writes DISK.json; checks that the file is a disk with a system on it, the key exists and is not readable by
 * others. */
bool sb_image_adopt(const struct sb_image_adopt *adopt, struct sb_err *err) SB_MUST_CHECK;

#endif
