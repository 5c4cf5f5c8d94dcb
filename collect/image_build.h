/*
 * A build of an image while it goes on: shared by the files image_build.c (order of the steps, nothing left
 * behind), image_tiny.c, image_debian.c, image_kernel.c, image_initrd.c, image_container.c.
 */
#ifndef SB_COLLECT_IMAGE_BUILD_H
#define SB_COLLECT_IMAGE_BUILD_H

#include "collect/image.h"
#include "collect/image_record.h"
#include "collect/image_tree.h"

struct sb_build {
    const struct sb_image_build *want;
    struct sb_arena arena;
    const char *folder;   /* FOLDER.partial, absolute: where it is made */
    const char *log;      /* file that programs write to; removed at the end */
    const char *arch;     /* x86_64, aarch64 */
    const char *deb_arch; /* amd64, arm64 */
    bool foreign;         /* not the host's */
    struct sb_image_record record;
};

/* A kind of image. */
struct sb_image_recipe {
    const char *name;
    enum sb_image_kind kind;
    const char *disk_label;
    /* What must be there, checked before anything is done. */
    bool (*check)(struct sb_build *build, struct sb_err *err);
    /* Makes vmlinuz, initrd, rootfs.tar and disk.raw in build->folder, and fills the record but for disks'
     * digests. */
    bool (*make)(struct sb_build *build, struct sb_err *err);
};

extern const struct sb_image_recipe sb_recipe_tiny, sb_recipe_debian;

void sb_build_say(const struct sb_build *build, const char *format, ...) SB_PRINTF(2, 3);
char *sb_build_path(struct sb_build *build, const char *name); /* in build->folder; in the arena */

/* Runs a program; its output goes to the log. Unless it ends with 0: false, with the last lines of what it
 * said. `env` and `cwd` may be NULL. */
bool sb_build_run(struct sb_build *build, const char *const *argv, const char *const *env, const char *cwd,
                  double deadline, struct sb_err *err) SB_MUST_CHECK;
/* The same, with its standard output, read whole, into `out`. */
bool sb_build_ask(struct sb_build *build, const char *const *argv, struct sb_strbuf *out,
                  struct sb_err *err) SB_MUST_CHECK;
/* True, with err, when the user wants to end. */
bool sb_build_stopped(const struct sb_build *build, struct sb_err *err);

/* disk.raw: an ext4 file system of the wanted size with the tree in it (NULL: empty). */
bool sb_build_disk(struct sb_build *build, const char *label, const struct sb_tree *tree,
                   struct sb_err *err) SB_MUST_CHECK;

/* ---- kernels (image_kernel.c) ---- */

struct sb_kernel {
    const char *version, *vmlinuz, *modules; /* paths; modules: the folder lib/modules/VERSION */
};

/* In a tree or the system ("/"): boot/vmlinuz-* with its modules; the newest when there are several. False
 * without err when there is none. */
bool sb_kernel_in(const char *root, struct sb_kernel *kernel, struct sb_arena *arena);
/* Wherever `image build --kernel` or its default finds one. */
bool sb_kernel_find(struct sb_build *build, struct sb_kernel *kernel, struct sb_err *err) SB_MUST_CHECK;
/* Copies the named modules and what they depend on, uncompressed, to lib/modules in the tree, and adds their
 * paths to `list` in the order of loading, a line each. Those built into the kernel are left out; one that is
 * neither is an error, unless its name ends in "?". */
bool sb_kernel_modules(const struct sb_kernel *kernel, const char *const *names, struct sb_tree *tree,
                       struct sb_strbuf *list, struct sb_err *err) SB_MUST_CHECK;

/* ---- initial RAM disks (image_initrd.c) ---- */

/* Copies a program of the host to `path` in the tree, and the libraries it needs. */
bool sb_copy_program(struct sb_build *build, struct sb_tree *tree, const char *program, const char *path,
                     struct sb_err *err) SB_MUST_CHECK;
/* Folders, busybox with its commands, drivers, and an init that mounts the disk labelled as the recipe says
 * and goes on there (`switch_root`) or with the agent in this tree. */
bool sb_initrd_fill(struct sb_build *build, struct sb_tree *tree, const char *busybox,
                    const struct sb_kernel *kernel, const char *label, bool switch_root,
                    struct sb_err *err) SB_MUST_CHECK;

/* The tree as a container image sees it: without kernel, drivers, keys. */
extern const char *const sb_not_in_containers[];

/* ---- containers (image_container.c) ---- */

/* The engine is there and answers, and the name is free, ours, or may be taken (force); before a long build.
 */
bool sb_image_container_check(struct sb_build *build, struct sb_err *err) SB_MUST_CHECK;
/* Imports `rootfs` (a tar), or builds from the Dockerfile when there is one. */
bool sb_image_container_make(struct sb_build *build, const char *rootfs, struct sb_err *err) SB_MUST_CHECK;

#endif
