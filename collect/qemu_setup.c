#include "collect/qemu_setup.h"

#include <unistd.h>
#include "collect/accelerator.h"
#include "collect/plan_words.h"
#include "core/alloc.h"
#include "core/text.h"

/* ---- options ---- */

static const char *const modes[] = {"job", "ssh", NULL};
static const char *const caches[] = {"none", "writeback", "writethrough", "directsync", "unsafe", NULL};
static const char *const aios[] = {"threads", "native", "io_uring", NULL};
static const char *const disks[] = {"copy", "direct", NULL};
static const char *const accelerators[] = {"auto", "kvm", "hvf", "tcg", NULL};

/* cache: writeback is QEMU's own default, what the classic experiment ran with, and like a container's disk
 * it goes through the host's page cache; so the platforms differ in one thing less. */
const struct sb_field sb_qemu_fields[] = {
    {.name = "image",
     .type = SB_FIELD_PATH,
     .required = true,
     .help = "folder of a built image (sbstat image build), or a disk of your own (sbstat image adopt)"},
    {.name = "mode",
     .type = SB_FIELD_CHOICE,
     .choices = modes,
     .help = "how commands reach the guest: job (a virtio port, no network; built images) or ssh (a disk of "
             "your own)"},
    {.name = "cache",
     .type = SB_FIELD_CHOICE,
     .choices = caches,
     .fallback = "writeback",
     .help =
         "QEMU's cache mode of the disk; writeback, QEMU's default, goes through the host's page cache as "
         "containers do; none and directsync pass it by"},
    {.name = "aio",
     .type = SB_FIELD_CHOICE,
     .choices = aios,
     .fallback = "threads",
     .help = "how QEMU reads and writes the disk; native needs cache none or directsync"},
    {.name = "disk",
     .type = SB_FIELD_CHOICE,
     .choices = disks,
     .help =
         "copy: each boot starts from a fresh copy (default for built images); direct: boots write to the "
         "image itself (default for a disk of your own)"},
    {.name = "accelerator",
     .type = SB_FIELD_CHOICE,
     .choices = accelerators,
     .fallback = "auto",
     .help = "auto: the first of kvm, hvf, tcg under which a small guest really boots"},
    {.name = "cpu", .type = SB_FIELD_TEXT, .help = "QEMU's CPU model; host under kvm and hvf, else max"},
    {.name = "machine",
     .type = SB_FIELD_TEXT,
     .help = "QEMU's machine: pc for x86_64, virt for aarch64 (under hvf with highmem=off up to 3072 MiB)"},
    {.name = "firmware",
     .type = SB_FIELD_PATH,
     .help =
         "UEFI code; for aarch64 disks searched for in the usual places, for x86_64 the BIOS unless given"},
    {.name = "program", .type = SB_FIELD_TEXT, .help = "QEMU's program; qemu-system-ARCH in PATH"},
    {.name = "user", .type = SB_FIELD_TEXT, .help = "ssh mode: who to log in as; the image's"},
    {.name = "key", .type = SB_FIELD_PATH, .help = "ssh mode: file of the private key; the image's"},
    {.name = "port",
     .type = SB_FIELD_COUNT,
     .fallback = "0",
     .help = "ssh mode: port on this machine's loopback; 0: QEMU chooses a free one"},
    {.name = "work",
     .type = SB_FIELD_TEXT,
     .help = "folder in the guest where tests run; job mode: also a device (/dev/vdb, LABEL=x) to mount"},
    {.name = "extra", .type = SB_FIELD_TEXT, .help = "further arguments for QEMU, quoted as for a shell"},
    {.name = NULL},
};

/* ---- the host ---- */

/* "darwin-arm64" -> darwin, aarch64 */
static bool read_host(struct sb_qemu_setup *setup, const char *host, struct sb_arena *arena,
                      struct sb_err *err)
{
    static const char *const systems[] = {"linux", "darwin"}, *const archs[] = {"x86_64", "aarch64"};
    setup->here = !host;
    if (!host) {
        setup->system = sb_host_system(arena);
        setup->host_arch = sb_host_arch(arena);
        return true;
    }
    const char *dash = strchr(host, '-');
    const char *arch = dash ? sb_arch_name(dash + 1, arena) : "";
    for (size_t i = 0; dash && i < SB_ARRAY_SIZE(systems); i++)
        if (strlen(systems[i]) == (size_t)(dash - host) && sb_has_prefix(host, systems[i]))
            setup->system = systems[i];
    for (size_t i = 0; i < SB_ARRAY_SIZE(archs); i++)
        if (strcmp(arch, archs[i]) == 0) setup->host_arch = archs[i];
    if (setup->system && setup->host_arch) return true;
    return sb_fail(err, SB_ERR_USAGE,
                   "\"%s\" is no host that is known: say linux-x86_64, linux-aarch64, darwin-arm64 or "
                   "darwin-x86_64",
                   host);
}

/* ---- the image ---- */

static bool names_a_disk(const char *path)
{
    static const char *const ends[] = {".img", ".raw", ".qcow2", ".qcow"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(ends); i++)
        if (sb_has_suffix(path, ends[i])) return true;
    return false;
}

/* As it will be when it has been made: for show_argv before there is an image. */
static void imagine_image(struct sb_qemu_setup *setup, const char *path, const char *format, bool adopted,
                          struct sb_arena *arena)
{
    setup->image = (struct sb_image){.kind = adopted ? SB_IMAGE_ADOPTED : SB_IMAGE_DEBIAN,
                                     .arch = adopted ? NULL : setup->host_arch,
                                     .folder = path,
                                     .format = format,
                                     .disk = path};
    if (adopted) return;
    setup->image.disk = sb_arena_printf(arena, "%s/disk.%s", path, format);
    setup->image.kernel = sb_arena_printf(arena, "%s/vmlinuz", path);
    setup->image.initrd = sb_arena_printf(arena, "%s/initrd", path);
}

static bool read_image(struct sb_qemu_setup *setup, const struct sb_boot_spec *spec, bool need,
                       struct sb_arena *arena, struct sb_err *err)
{
    const struct sb_plan_platform *platform = spec->platform;
    const char *format = platform->driver->name, *mode = sb_plan_option(platform, "mode");
    const char *path = sb_plan_option_path(spec->plan, platform, "image", arena);
    if (!path) return sb_fail(err, SB_ERR_USAGE, "platform %s: \"image:\" is missing", platform->name);
    if (!need && access(path, F_OK) != 0) {
        imagine_image(setup, path, format, mode ? strcmp(mode, "ssh") == 0 : names_a_disk(path), arena);
        return true;
    }
    struct sb_err why = {.code = SB_OK};
    return sb_image_load(&setup->image, path, format, arena, &why) ||
           sb_fail(err, why.code, "platform %s: image: %.940s", platform->name, why.msg);
}

/* ---- all together ---- */

static bool read_extra(struct sb_qemu_setup *setup, const struct sb_plan_platform *platform,
                       struct sb_arena *arena, struct sb_err *err)
{
    static const char *const none[] = {NULL};
    const char *text = sb_plan_option(platform, "extra"), *problem;
    size_t nr;
    setup->extra = text ? sb_words_split(text, arena, &nr, &problem) : none;
    if (setup->extra) return true;
    return sb_fail(err, SB_ERR_USAGE, "platform %s: extra: %s", platform->name, problem);
}

/* "/opt/qemu/bin/qemu-system-aarch64" -> aarch64; NULL when the name does not say. */
static const char *arch_of_program(const char *program)
{
    static const char *const archs[] = {"x86_64", "aarch64"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(archs); i++) {
        size_t len = strlen(program), most = strlen("qemu-system-") + strlen(archs[i]);
        const char *name = len >= most ? program + len - most : "";
        if (sb_has_prefix(name, "qemu-system-") && sb_has_suffix(name, archs[i])) return archs[i];
    }
    return NULL;
}

static void read_options(struct sb_qemu_setup *setup, const struct sb_boot_spec *spec, struct sb_arena *arena)
{
    const struct sb_plan_platform *platform = spec->platform;
    bool adopted = setup->image.kind == SB_IMAGE_ADOPTED;
    const char *mode = sb_plan_option(platform, "mode"), *disk = sb_plan_option(platform, "disk");
    const char *port = sb_plan_option(platform, "port");
    setup->job = mode ? strcmp(mode, "job") == 0 : !adopted;
    setup->copy = disk ? strcmp(disk, "copy") == 0 : !adopted;
    setup->program = sb_plan_option(platform, "program");
    setup->arch = setup->image.arch;
    if (!setup->arch && setup->program) setup->arch = arch_of_program(setup->program);
    if (!setup->arch) setup->arch = setup->host_arch;
    if (!setup->program) setup->program = sb_arena_printf(arena, "qemu-system-%s", setup->arch);
    setup->wanted = sb_plan_option(platform, "accelerator");
    if (!setup->wanted) setup->wanted = "auto";
    setup->machine = sb_plan_option(platform, "machine");
    setup->cpu = sb_plan_option(platform, "cpu");
    setup->firmware = sb_plan_option_path(spec->plan, platform, "firmware", arena);
    setup->cache = sb_plan_option(platform, "cache");
    setup->aio = sb_plan_option(platform, "aio");
    setup->user = sb_plan_option(platform, "user");
    if (!setup->user) setup->user = setup->image.user;
    setup->key = sb_plan_option_path(spec->plan, platform, "key", arena);
    if (!setup->key) setup->key = setup->image.key;
    setup->work = sb_plan_option(platform, "work");
    setup->port = port ? (unsigned)strtoul(port, NULL, 10) : 0;
    setup->vcpus = spec->config ? spec->config->vcpus : 0;
    setup->memory_mib = spec->config ? spec->config->memory_mib : 0;
}

/* What cannot work together, said before anything is started. */
static bool check_options(const struct sb_qemu_setup *setup, const struct sb_boot_spec *spec,
                          struct sb_err *err)
{
    const char *name = spec->platform->name;
    bool past_cache = sb_streq(setup->cache, "none") || sb_streq(setup->cache, "directsync");
    if (setup->job && setup->image.kind == SB_IMAGE_ADOPTED)
        return sb_fail(
            err, SB_ERR_USAGE,
            "platform %s: nothing answers on the port of \"mode: job\" in a disk of your own: leave "
            "it out (mode: ssh), or use an image that sbstat has built",
            name);
    if (!setup->job && setup->image.kind == SB_IMAGE_TINY)
        return sb_fail(err, SB_ERR_USAGE,
                       "platform %s: a tiny image has no ssh server: leave \"mode: ssh\" out, or build the "
                       "image with --kind debian",
                       name);
    if (sb_streq(setup->aio, "native") && !past_cache)
        return sb_fail(err, SB_ERR_USAGE, "platform %s: \"aio: native\" needs \"cache: none\" or directsync",
                       name);
    if (sb_streq(setup->aio, "io_uring") && !sb_streq(setup->system, "linux"))
        return sb_fail(err, SB_ERR_USAGE, "platform %s: \"aio: io_uring\" is for Linux only", name);
    if (setup->port > 65535)
        return sb_fail(err, SB_ERR_USAGE, "platform %s: port: %u is no port (0 to 65535)", name, setup->port);
    if (setup->work && strpbrk(setup->work, " \t\n\""))
        return sb_fail(err, SB_ERR_USAGE, "platform %s: work: blanks and quotes cannot be in it", name);
    return true;
}

bool sb_qemu_setup(struct sb_qemu_setup *setup, const struct sb_boot_spec *spec, const char *host,
                   bool need_image, struct sb_arena *arena, struct sb_err *err)
{
    *setup = (struct sb_qemu_setup){.here = true};
    if (!read_host(setup, host, arena, err)) return false;
    if (!read_image(setup, spec, need_image, arena, err)) return false;
    read_options(setup, spec, arena);
    return read_extra(setup, spec->platform, arena, err) && check_options(setup, spec, err);
}

const char *sb_qemu_accelerator(const struct sb_qemu_setup *setup, const struct sb_boot_spec *spec,
                                struct sb_strbuf *tried, struct sb_err *err)
{
    const struct sb_accelerator_query query = {.program = setup->program,
                                               .arch = setup->arch,
                                               .wanted = setup->wanted,
                                               .cpu = setup->cpu,
                                               .machine = setup->machine,
                                               .memory_mib = setup->memory_mib,
                                               .scratch = spec->scratch,
                                               .stop = spec->stop};
    return sb_accelerator_choose(&query, tried, err);
}
