#include "collect/image_build.h"

#include "collect/image_pack.h"
#include "collect/image_tools.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/text.h"

/*
 * Kind tiny: everything is in the initial RAM disk: busybox, the host's sysbench with its libraries, drivers
 * and the agent; the disk is empty and there to be measured. No network, no root, seconds to make and boot.
 */

static bool check(struct sb_build *build, struct sb_err *err)
{
    static const char *const tools[] = {"busybox", "sysbench", "ldd", "mke2fs", "qemu-img", NULL};
    if (build->foreign)
        return sb_fail(err, SB_ERR_USAGE,
                       "kind tiny takes the host's own programs, so it cannot be %s here; use --kind debian",
                       build->arch);
    return sb_tools_need(tools, err);
}

static bool sysbench_version(struct sb_build *build, const char *program, struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    const char *argv[] = {program, "--version", NULL};
    bool ok = sb_build_ask(build, argv, &out, err);
    if (ok) build->record.sysbench_version = sb_sysbench_version(out.buf, &build->arena);
    sb_strbuf_release(&out);
    return ok;
}

static bool add_sysbench(struct sb_build *build, struct sb_tree *tree, struct sb_err *err)
{
    char *program = sb_tool_need("sysbench", err);
    bool ok = program && sb_copy_program(build, tree, program, "usr/bin/sysbench", err) &&
              sysbench_version(build, program, err);
    free(program);
    return ok;
}

static bool add_files(struct sb_tree *tree, struct sb_err *err)
{
    return sb_tree_write(tree, "etc/passwd", 0644, "root:x:0:0:root:/root:/bin/sh\n", err) &&
           sb_tree_write(tree, "etc/group", 0644, "root:x:0:\n", err) &&
           sb_tree_write(tree, "etc/hostname", 0644, "sbstat\n", err) &&
           sb_tree_write(tree, "sbin/sbstat-agent", 0755, sb_guest_agent, err);
}

static bool fill(struct sb_build *build, struct sb_tree *tree, const struct sb_kernel *kernel,
                 struct sb_err *err)
{
    char *busybox = sb_tool_need("busybox", err);
    bool ok = busybox &&
              sb_initrd_fill(build, tree, busybox, kernel, sb_recipe_tiny.disk_label, false, err) &&
              add_sysbench(build, tree, err) && add_files(tree, err);
    free(busybox);
    return ok;
}

static bool make(struct sb_build *build, struct sb_err *err)
{
    struct sb_kernel kernel;
    struct sb_tree tree;
    if (!sb_kernel_find(build, &kernel, err)) return false;
    sb_build_say(build, "kernel %s", kernel.version);
    sb_tree_init(&tree, sb_build_path(build, "rootfs"), &build->arena);
    build->record.kernel_version = kernel.version;
    build->record.append = "quiet sbstat.work=LABEL=sbstat-work";
    bool ok =
        sb_copy_file(kernel.vmlinuz, sb_build_path(build, "vmlinuz"), 0644, err) &&
        fill(build, &tree, &kernel, err) && !sb_build_stopped(build, err) &&
        sb_pack_tree(&tree, sb_build_path(build, "initrd"), SB_PACK_CPIO_GZ, NULL, err) &&
        sb_pack_tree(&tree, sb_build_path(build, "rootfs.tar"), SB_PACK_TAR, sb_not_in_containers, err) &&
        sb_build_disk(build, sb_recipe_tiny.disk_label, NULL, err) && sb_remove_folder(tree.path, err) &&
        sb_remove_folder(sb_build_path(build, "kernel"), err);
    sb_tree_release(&tree);
    return ok;
}

const struct sb_image_recipe sb_recipe_tiny = {
    .name = "tiny",
    .kind = SB_IMAGE_TINY,
    .disk_label = "sbstat-work",
    .check = check,
    .make = make,
};
