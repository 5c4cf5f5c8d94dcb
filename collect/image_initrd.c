#include "collect/image_build.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "collect/image_tools.h"
#include "core/alloc.h"
#include "core/text.h"

const char *const sb_not_in_containers[] = {"boot",
                                            "lib/modules",
                                            "usr/lib/modules",
                                            "init",
                                            "etc/sbstat-modules",
                                            "vmlinuz*",
                                            "initrd.img*",
                                            "dev/?*",
                                            "proc/?*",
                                            "sys/?*",
                                            "run/?*",
                                            "tmp/?*",
                                            "etc/ssh/ssh_host_*",
                                            "root/.ssh",
                                            "home/sbstat/.ssh",
                                            "etc/fstab",
                                            "etc/resolv.conf",
                                            "var/lib/apt/lists/?*",
                                            NULL};

/* What guests boot from and talk through. "?": where the kernel has it. */
static const char *const modules[] = {"virtio_pci?",     "virtio_mmio?",  "virtio_blk", "virtio_console",
                                      "crc32c_generic?", "crc32c_intel?", "ext4",       NULL};

/*
 * The init of the RAM disk. LABEL and NEXT are put in front of it: NEXT says where the system goes on:
 * "agent": here, with the agent, which mounts the disk; "switch": in the disk of that label, with the
 * kernel's init=, or in job mode with the agent at once, without waiting for the services of a whole system.
 * When the disk is not there it says so and switches off, so that nobody waits for a deadline.
 */
static const char init_script[] =
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin\n"
    "export PATH\n"
    "mount -t proc proc /proc\n"
    "mount -t sysfs sysfs /sys\n"
    "mount -t devtmpfs devtmpfs /dev 2>/dev/null\n"
    "exec </dev/console >/dev/console 2>&1\n"
    "\n"
    "give_up() {\n"
    "    echo \"sbstat: $*\"\n"
    "    poweroff -f\n"
    "    sleep 3600\n"
    "}\n"
    "\n"
    "while read -r module; do\n"
    "    insmod \"$module\" || echo \"sbstat: cannot load $module\"\n"
    "done </etc/sbstat-modules\n"
    "\n"
    "[ \"$NEXT\" = switch ] || exec /sbin/sbstat-agent\n"
    "\n"
    "root=LABEL=$LABEL init='' mode=rw job=''\n"
    "read -r line </proc/cmdline\n"
    "for word in $line; do\n"
    "    case $word in\n"
    "    root=*) root=${word#root=} ;;\n"
    "    init=*) init=${word#init=} ;;\n"
    "    ro | rw) mode=$word ;;\n"
    "    sbstat.mode=job) job=1 ;;\n"
    "    esac\n"
    "done\n"
    "[ -z \"$job\" ] || init=${init:-/sbin/sbstat-agent}\n"
    "init=${init:-/sbin/init}\n"
    "\n"
    "find_disk() {\n"
    "    case $1 in\n"
    "    LABEL=* | UUID=*) findfs \"$1\" 2>/dev/null ;;\n"
    "    *) [ -b \"$1\" ] && echo \"$1\" ;;\n"
    "    esac\n"
    "}\n"
    "tries=0\n"
    "until disk=$(find_disk \"$root\") && [ -n \"$disk\" ]; do\n"
    "    tries=$((tries + 1))\n"
    "    [ \"$tries\" -le 100 ] || give_up \"no disk $root\"\n"
    "    sleep 0.1\n"
    "done\n"
    "mount -t ext4 -o \"$mode\" \"$disk\" /root || give_up \"cannot mount $disk\"\n"
    "for fs in dev proc sys; do mount -o move /$fs /root/$fs; done\n"
    "exec switch_root /root \"$init\"\n"
    "give_up \"cannot go on in $disk\"\n";

/* ---- programs ---- */

/* Of a 64-bit ELF file in the host's byte order: where the header says how its parts are laid out. */
enum { ELF_HEAD = 64, ELF_CLASS_AT = 4, ELF_PARTS_AT = 32, ELF_PART_SIZE_AT = 54, ELF_PARTS_NR_AT = 56 };
enum { ELF_CLASS_64 = 2, ELF_INTERPRETER = 3, ELF_PARTS_MOST = 64 };

/* A program that names no interpreter (PT_INTERP) needs no libraries. */
static bool needs_libraries(const char *program, bool *needs, struct sb_err *err)
{
    unsigned char head[ELF_HEAD];
    uint64_t parts = 0;
    uint16_t size = 0, nr = 0;
    int fd = open(program, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", program, strerror(errno));
    bool ok = read(fd, head, sizeof head) == (ssize_t)sizeof head && memcmp(head, "\177ELF", 4) == 0 &&
              head[ELF_CLASS_AT] == ELF_CLASS_64;
    if (ok) {
        memcpy(&parts, head + ELF_PARTS_AT, sizeof parts);
        memcpy(&size, head + ELF_PART_SIZE_AT, sizeof size);
        memcpy(&nr, head + ELF_PARTS_NR_AT, sizeof nr);
    }
    *needs = false;
    for (unsigned i = 0; ok && i < nr && i < ELF_PARTS_MOST; i++) {
        uint32_t type = 0;
        ok = pread(fd, &type, sizeof type, (off_t)(parts + (uint64_t)i * size)) == (ssize_t)sizeof type;
        if (ok && type == ELF_INTERPRETER) *needs = true;
    }
    close(fd);
    return ok || sb_fail(err, SB_ERR_STEP, "%s is no 64-bit program", program);
}

/* Lines of ldd: "libm.so.6 => /lib/libm.so.6 (0x7f...)", "/lib64/ld.so (0x7f...)", "x => not found", and what
 * has no file. */
static bool copy_library(struct sb_tree *tree, const char *line, size_t len, struct sb_err *err)
{
    char *text = sb_arena_strndup(tree->arena, line, len);
    if (strstr(text, "not found"))
        return sb_fail(err, SB_ERR_STEP, "a library is missing on this machine:%s", text);
    char *path = strchr(text, '/');
    if (!path) return true;
    path[strcspn(path, " ")] = '\0';
    return sb_tree_has(tree, path + 1) || sb_tree_copy(tree, path + 1, 0755, path, err);
}

static bool copy_libraries(struct sb_build *build, struct sb_tree *tree, const char *program,
                           struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    const char *argv[] = {"ldd", program, NULL};
    bool ok = sb_build_ask(build, argv, &out, err);
    for (const char *line = out.buf; ok && *line;) {
        size_t len = strcspn(line, "\n");
        ok = copy_library(tree, line, len, err);
        line += len + (line[len] == '\n');
    }
    sb_strbuf_release(&out);
    return ok;
}

bool sb_copy_program(struct sb_build *build, struct sb_tree *tree, const char *program, const char *path,
                     struct sb_err *err)
{
    bool needs = false;
    return needs_libraries(program, &needs, err) && sb_tree_copy(tree, path, 0755, program, err) &&
           (!needs || copy_libraries(build, tree, program, err));
}

/* ---- the tree ---- */

/* Commands that init and the agent use when busybox cannot be asked (another architecture's). */
static const char usual_commands[] =
    "sh\nmount\numount\ninsmod\nswitch_root\nfindfs\nsleep\ncat\necho\npoweroff\nmkdir\nls\n";

static bool link_commands(struct sb_build *build, struct sb_tree *tree, const char *busybox,
                          struct sb_err *err)
{
    struct sb_strbuf names = SB_STRBUF_INIT;
    const char *argv[] = {busybox, "--list", NULL};
    bool ok = true;
    if (build->foreign)
        sb_strbuf_adds(&names, usual_commands);
    else
        ok = sb_build_ask(build, argv, &names, err);
    for (const char *at = names.buf; ok && *at;) {
        size_t len = strcspn(at, "\n");
        char *path = sb_arena_printf(tree->arena, "bin/%.*s", (int)len, at);
        if (len && !memchr(at, '/', len) && strcmp(path, "bin/busybox") != 0 && !sb_tree_has(tree, path))
            ok = sb_tree_link(tree, path, "busybox", err);
        at += len + (at[len] == '\n');
    }
    if (ok && !sb_tree_has(tree, "bin/sh"))
        ok = sb_fail(err, SB_ERR_STEP, "%s has no shell: install Debian's busybox-static or one like it",
                     busybox);
    sb_strbuf_release(&names);
    return ok;
}

static bool make_folders(struct sb_tree *tree, struct sb_err *err)
{
    static const struct {
        const char *path;
        unsigned mode;
    } folders[] = {{"bin", 0755},  {"sbin", 0755}, {"etc", 0755},     {"dev", 0755},
                   {"proc", 0755}, {"sys", 0755},  {"run", 0755},     {"root", 0700},
                   {"work", 0755}, {"tmp", 01777}, {"var/tmp", 01777}};
    bool ok = true;
    for (size_t i = 0; ok && i < SB_ARRAY_SIZE(folders); i++)
        ok = sb_tree_mkdir(tree, folders[i].path, folders[i].mode, err);
    return ok;
}

bool sb_initrd_fill(struct sb_build *build, struct sb_tree *tree, const char *busybox,
                    const struct sb_kernel *kernel, const char *label, bool switch_root, struct sb_err *err)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    const char *script = sb_arena_printf(&build->arena, "#!/bin/sh\nLABEL=%s\nNEXT=%s\n%s", label,
                                         switch_root ? "switch" : "agent", init_script);
    bool ok = make_folders(tree, err) && sb_copy_program(build, tree, busybox, "bin/busybox", err) &&
              link_commands(build, tree, busybox, err) &&
              sb_kernel_modules(kernel, modules, tree, &list, err) &&
              sb_tree_write(tree, "etc/sbstat-modules", 0644, list.buf, err) &&
              sb_tree_write(tree, "init", 0755, script, err);
    sb_strbuf_release(&list);
    return ok;
}
