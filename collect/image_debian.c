#include "collect/image_build.h"

#include <unistd.h>
#include "collect/image_pack.h"
#include "collect/image_tools.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

#define HOME "home/sbstat" /* in the image */

/*
 * Kind debian: a small whole system. Its packages are installed by mmdebstrap (without root too), or by
 * debootstrap where that is what there is; what we add is written into the tree from outside, so nothing of
 * it depends on what runs in there. The RAM disk is ours, not initramfs-tools': it loads the drivers that a
 * guest of QEMU needs, mounts the disk and goes on there: with the agent at once (job mode), or with systemd.
 */

static const char packages[] =
    "systemd-sysv,udev,openssh-server,sysbench,sudo,iproute2,procps,kmod,busybox-static,netbase";

/* ---- what must be there ---- */

static bool have(const char *tool)
{
    char *path = sb_tool_find(tool);
    free(path);
    return path != NULL;
}

/* Programs of another architecture run in the tree only where the kernel hands them to an emulator. */
static bool check_foreign(struct sb_build *build, struct sb_err *err)
{
    static const char *const tools[] = {"arch-test", NULL}; /* by which mmdebstrap sees that it can */
    const char *entry = sb_arena_printf(&build->arena, "/proc/sys/fs/binfmt_misc/qemu-%s", build->arch);
    if (!build->foreign) return true;
    if (have("mmdebstrap") && !sb_tools_need(tools, err)) return false;
    if (access(entry, F_OK) == 0) return true;
    return sb_fail(
        err, SB_ERR_STEP,
        "this machine cannot run programs of %s, which installing packages for it needs: apt install "
        "qemu-user-static, and see that %s is there",
        build->arch, entry);
}

static bool check(struct sb_build *build, struct sb_err *err)
{
    static const char *const tools[] = {"ssh-keygen", "mke2fs", "debugfs", "qemu-img", NULL};
    static const char *const bootstrap[] = {"mmdebstrap", NULL};
    if (!sb_tools_need(tools, err)) return false;
    if (!(geteuid() == 0 && have("debootstrap")) && !sb_tools_need(bootstrap, err)) return false;
    return check_foreign(build, err);
}

/* ---- the packages ---- */

/* What the system's apt uses for this suite, whichever way its sources are written: near, and known to be
 * reachable. */
static const char *find_mirror(struct sb_build *build, const char *suite)
{
    if (build->want->mirror) return build->want->mirror;
    const char *argv[] = {"apt-get",
                          "indextargets",
                          "--format",
                          "$(REPO_URI)",
                          sb_arena_printf(&build->arena, "Release: %s", suite),
                          "Created-By: Packages",
                          NULL};
    const char *found = "http://deb.debian.org/debian";
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (have("apt-get") && sb_process_capture(argv, 60, NULL, 0, &out, NULL) &&
        sb_has_prefix(out.buf, "http"))
        found = sb_arena_strndup(&build->arena, out.buf, strcspn(out.buf, "\r\n"));
    sb_strbuf_release(&out);
    return found;
}

static bool by_mmdebstrap(struct sb_build *build, struct sb_tree *tree, const char *include,
                          const char *mirror, struct sb_err *err)
{
    const char *tar = sb_build_path(build, "tree.tar");
    const char *argv[] = {"mmdebstrap",
                          "--quiet",
                          "--variant=minbase",
                          "--architectures",
                          build->deb_arch,
                          "--include",
                          include,
                          "--dpkgopt=path-exclude=/usr/share/man/*",
                          "--dpkgopt=path-exclude=/usr/share/locale/*",
                          "--dpkgopt=path-exclude=/usr/share/doc/*",
                          "--dpkgopt=path-include=/usr/share/doc/*/copyright",
                          build->record.suite,
                          tar,
                          mirror,
                          NULL};
    bool ok = sb_build_run(build, argv, NULL, NULL, 3600, err) && sb_unpack_tar(tree, tar, err);
    unlink(tar);
    return ok;
}

/* Only root comes here, so owners are those of the files. */
static bool note_owner(void *data, const char *path, const struct stat *st, bool *skip, struct sb_err *err)
{
    struct sb_tree *tree = data;
    (void)skip, (void)err;
    if (st->st_uid || st->st_gid) sb_tree_note_owner(tree, path, st->st_uid, st->st_gid);
    return true;
}

static bool by_debootstrap(struct sb_build *build, struct sb_tree *tree, const char *include,
                           const char *mirror, struct sb_err *err)
{
    const char *argv[] = {"debootstrap",
                          "--variant=minbase",
                          sb_arena_printf(&build->arena, "--arch=%s", build->deb_arch),
                          sb_arena_printf(&build->arena, "--include=%s", include),
                          build->record.suite,
                          tree->path,
                          mirror,
                          NULL};
    return sb_build_run(build, argv, NULL, NULL, 3600, err) && sb_tree_walk(tree, "", note_owner, tree, err);
}

static bool install(struct sb_build *build, struct sb_tree *tree, struct sb_err *err)
{
    const char *tool = have("mmdebstrap") ? "mmdebstrap" : "debootstrap";
    const char *mirror = find_mirror(build, build->record.suite);
    const char *include =
        sb_arena_printf(&build->arena, "%s,linux-image-cloud-%s", packages, build->deb_arch);
    sb_build_say(build, "%s %s from %s; this takes a minute or more", tool, build->record.suite, mirror);
    return strcmp(tool, "mmdebstrap") == 0 ? by_mmdebstrap(build, tree, include, mirror, err)
                                           : by_debootstrap(build, tree, include, mirror, err);
}

/* ---- what the packages are: dpkg's status ---- */

/* "1.0.20+ds-5" -> "1.0.20" */
static const char *upstream(const char *version, struct sb_arena *arena)
{
    return sb_arena_strndup(arena, version, strcspn(version, "+-~\n"));
}

static bool read_status(struct sb_build *build, const struct sb_tree *tree, struct sb_err *err)
{
    char *text;
    size_t len;
    bool in_sysbench = false;
    const char *path = sb_arena_printf(&build->arena, "%s/var/lib/dpkg/status", tree->path);
    if (!sb_read_file(path, 64 << 20, &text, &len, err)) return false;
    for (const char *line = text; *line;) {
        if (sb_has_prefix(line, "Package: ")) {
            build->record.packages++;
            in_sysbench = sb_has_prefix(line, "Package: sysbench\n");
        }
        if (in_sysbench && sb_has_prefix(line, "Version: "))
            build->record.sysbench_version = upstream(line + strlen("Version: "), &build->arena);
        line += strcspn(line, "\n");
        line += *line == '\n';
    }
    free(text);
    if (build->record.sysbench_version) return true;
    return sb_fail(err, SB_ERR_STEP, "the suite %s gave no sysbench", build->record.suite);
}

/* ---- what we add ---- */

static const struct {
    const char *path;
    unsigned mode;
    const char *text;
} files[] = {
    {"etc/hostname", 0644, "sbstat\n"},
    {"etc/hosts", 0644, "127.0.0.1 localhost sbstat\n::1 localhost\n"},
    {"etc/fstab", 0644, "LABEL=sbstat-root / ext4 defaults 0 1\n"},
    {"etc/machine-id", 0444, ""}, /* each boot makes its own; an empty file: not a first boot */
    {"etc/systemd/network/10-sbstat.network", 0644, "[Match]\nType=ether\n\n[Network]\nDHCP=ipv4\n"},
    {"etc/ssh/sshd_config.d/sbstat.conf", 0644, "PasswordAuthentication no\nUseDNS no\n"},
    {"etc/sudoers.d/sbstat", 0440, "sbstat ALL=(ALL) NOPASSWD: ALL\n"},
    {"etc/apt/sources.list", 0644, ""},
};

/* What would use processor or disk in the middle of a measurement. */
static const char *const masked[] = {"apt-daily.timer",
                                     "apt-daily-upgrade.timer",
                                     "dpkg-db-backup.timer",
                                     "e2scrub_all.timer",
                                     "fstrim.timer",
                                     "logrotate.timer",
                                     "man-db.timer",
                                     "systemd-tmpfiles-clean.timer",
                                     "systemd-timesyncd.service",
                                     "e2scrub_reap.service"};

static const char *const emptied[] = {"var/cache/apt", "var/lib/apt/lists", "var/log", "tmp", "run"};

static bool add_files(struct sb_tree *tree, struct sb_err *err)
{
    bool ok = sb_tree_write(tree, "sbin/sbstat-agent", 0755, sb_guest_agent, err);
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(files); i++)
        ok = sb_tree_write(tree, files[i].path, files[i].mode, files[i].text, err);
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(masked); i++)
        ok = sb_tree_link(tree, sb_arena_printf(tree->arena, "etc/systemd/system/%s", masked[i]), "/dev/null",
                          err);
    return ok && sb_tree_link(tree, "etc/systemd/system/multi-user.target.wants/systemd-networkd.service",
                              "/lib/systemd/system/systemd-networkd.service", err);
}

enum { USER = 1000 };

static bool add_user(struct sb_build *build, struct sb_tree *tree, struct sb_err *err)
{
    char *key;
    size_t len;
    if (!sb_read_file(sb_build_path(build, "id_ed25519.pub"), 4096, &key, &len, err)) return false;
    bool ok = sb_tree_append(tree, "etc/passwd", "sbstat:x:1000:1000:sbstat:/" HOME ":/bin/sh\n", err) &&
              sb_tree_append(tree, "etc/group", "sbstat:x:1000:\n", err) &&
              sb_tree_append(tree, "etc/shadow", "sbstat:*:19700:0:99999:7:::\n", err) &&
              sb_tree_mkdir(tree, HOME, 0755, err) && sb_tree_mkdir(tree, HOME "/.ssh", 0700, err) &&
              sb_tree_write(tree, HOME "/.ssh/authorized_keys", 0600, key, err);
    free(key);
    static const char *const owned[] = {HOME, HOME "/.ssh", HOME "/.ssh/authorized_keys"};
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(owned); i++)
        sb_tree_own(tree, owned[i], USER, USER);
    return ok;
}

static bool make_key(struct sb_build *build, struct sb_err *err)
{
    const char *argv[] = {"ssh-keygen", "-q", "-t",     "ed25519", "-N",
                          "",           "-C", "sbstat", "-f",      sb_build_path(build, "id_ed25519"),
                          NULL};
    build->record.user = "sbstat";
    build->record.key = "id_ed25519";
    return sb_build_run(build, argv, NULL, NULL, 60, err);
}

static bool customise(struct sb_build *build, struct sb_tree *tree, struct sb_err *err)
{
    bool ok = make_key(build, err) && read_status(build, tree, err);
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(emptied); i++)
        ok = sb_tree_empty(tree, emptied[i], err);
    return ok && sb_tree_remove(tree, "etc/resolv.conf", err) && add_files(tree, err) &&
           add_user(build, tree, err);
}

/* ---- kernel and RAM disk ---- */

static bool make_initrd(struct sb_build *build, const struct sb_tree *root, const struct sb_kernel *kernel,
                        struct sb_err *err)
{
    struct sb_tree tree;
    const char *busybox = sb_arena_printf(&build->arena, "%s/bin/busybox", root->path);
    sb_tree_init(&tree, sb_build_path(build, "initrd-tree"), &build->arena);
    bool ok = sb_initrd_fill(build, &tree, busybox, kernel, sb_recipe_debian.disk_label, true, err) &&
              sb_pack_tree(&tree, sb_build_path(build, "initrd"), SB_PACK_CPIO_GZ, NULL, err) &&
              sb_remove_folder(tree.path, err);
    sb_tree_release(&tree);
    return ok;
}

static bool take_kernel(struct sb_build *build, const struct sb_tree *tree, struct sb_err *err)
{
    struct sb_kernel kernel;
    if (!sb_kernel_in(tree->path, &kernel, &build->arena))
        return sb_fail(err, SB_ERR_STEP, "the suite %s gave no kernel", build->record.suite);
    build->record.kernel_version = kernel.version;
    sb_build_say(build, "kernel %s", kernel.version);
    /* The image boots from files beside its disk; /boot in it would only be read by nobody. */
    return sb_copy_file(kernel.vmlinuz, sb_build_path(build, "vmlinuz"), 0644, err) &&
           make_initrd(build, tree, &kernel, err) && sb_tree_empty(tree, "boot", err);
}

/* ---- the whole ---- */

static bool make(struct sb_build *build, struct sb_err *err)
{
    struct sb_tree tree;
    build->record.suite = build->want->suite ? build->want->suite : "bookworm";
    build->record.append = "quiet";
    sb_tree_init(&tree, sb_build_path(build, "rootfs"), &build->arena);
    bool ok =
        sb_make_dirs(tree.path, err) && install(build, &tree, err) && customise(build, &tree, err) &&
        take_kernel(build, &tree, err) && !sb_build_stopped(build, err) &&
        sb_pack_tree(&tree, sb_build_path(build, "rootfs.tar"), SB_PACK_TAR, sb_not_in_containers, err) &&
        sb_build_disk(build, sb_recipe_debian.disk_label, &tree, err) && sb_remove_folder(tree.path, err);
    sb_tree_release(&tree);
    return ok;
}

const struct sb_image_recipe sb_recipe_debian = {
    .name = "debian",
    .kind = SB_IMAGE_DEBIAN,
    .disk_label = "sbstat-root",
    .check = check,
    .make = make,
};
