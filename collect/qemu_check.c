/* What can be known before the first boot. */
#include "collect/qemu_setup.h"

#include <math.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>
#include "collect/host_facts.h"
#include "collect/platform_needs.h"
#include "collect/qemu_disks.h"
#include "collect/ssh_argv.h"
#include "core/alloc.h"
#include "core/text.h"

static const double mib = 1 << 20;

/* ---- programs and keys ---- */

static bool check_programs(const struct sb_qemu_setup *setup, struct sb_err *err)
{
    const char *const names[] = {setup->program, "qemu-io"};
    for (size_t i = 0; i < 2; i++) {
        char *path = sb_find_program(names[i]);
        if (!path)
            return sb_fail(err, SB_ERR_STEP,
                           "%s: not found; install QEMU (Debian: %s and qemu-utils, Fedora: qemu-kvm and "
                           "qemu-img, Homebrew: qemu)",
                           names[i],
                           strcmp(setup->arch, "aarch64") == 0 ? "qemu-system-arm" : "qemu-system-x86");
        free(path);
    }
    return true;
}

static bool fail_login(const struct sb_qemu_setup *setup, const char *platform, struct sb_err *err)
{
    const char *disk = setup->image.disk;
    if (!setup->image.bare)
        return sb_fail(err, SB_ERR_USAGE, "platform %s: ssh mode needs \"user:\" (and \"key:\")", platform);
    return sb_fail(
        err, SB_ERR_USAGE,
        "platform %s: nobody said who logs in: %s was not adopted (sbstat image adopt %s --user NAME "
        "--key FILE), nor has the plan \"user:\" and \"key:\"",
        platform, disk, disk);
}

static bool check_login(const struct sb_qemu_setup *setup, const char *platform, struct sb_err *err)
{
    if (setup->job) return true;
    if (!setup->user) return fail_login(setup, platform, err);
    char *ssh = sb_find_program("ssh");
    free(ssh);
    if (!ssh)
        return sb_fail(err, SB_ERR_STEP,
                       "platform %s: ssh is not in PATH; install it (package openssh-client)", platform);
    return !setup->key || sb_ssh_check_key(setup->key, platform, err);
}

/* ---- room ---- */

static bool check_space(const struct sb_qemu_setup *setup, const struct sb_boot_spec *spec, double files,
                        struct sb_err *err)
{
    const double spare = 64 * mib;
    uint64_t have, copied = 0;
    const char *folder = setup->copy ? spec->scratch : setup->image.folder;
    if (!folder || access(folder, F_OK) != 0) return true;
    if (!sb_disk_space(folder, &have, err)) return false;
    if (setup->copy && !sb_disk_allocated(setup->image.disk, &copied, err)) return false;
    double need = (double)copied + files + spare;
    if ((double)have >= need) return true;
    return sb_fail(err, SB_ERR_OUTPUT,
                   "%s: %.0f MiB are free, but platform %s needs %.0f MiB (the disk's copy %.0f, the tests' "
                   "files %.0f)",
                   folder, (double)have / mib, spec->platform->name, need / mib, (double)copied / mib,
                   files / mib);
}

/* About what is taken of a disk before a test's files come: of a tiny image by the file system, of a Debian
 * one by the system, which is what its file takes, but not more than it can be where a copy lost its holes.
 * Of a disk of the user's own nothing is known. */
static double taken_of(const struct sb_image *image)
{
    uint64_t allocated;
    switch (image->kind) {
    case SB_IMAGE_TINY: return fmin(64 * mib, (double)image->disk_bytes / 4);
    case SB_IMAGE_DEBIAN:
        return sb_disk_allocated(image->disk, &allocated, NULL) ? fmin((double)allocated, 1024 * mib) : 0;
    case SB_IMAGE_ADOPTED: break;
    }
    return 0;
}

/* With `work` and `extra` the tests may run on another disk. */
static bool check_capacity(const struct sb_qemu_setup *setup, const struct sb_boot_spec *spec, double files,
                           struct sb_err *err)
{
    const struct sb_image *image = &setup->image;
    double taken = taken_of(image), size = (double)image->disk_bytes;
    if (files <= 0 || size <= 0 || files + taken <= size || (setup->work && *setup->extra)) return true;
    return sb_fail(err, SB_ERR_STEP,
                   "platform %s: the guest's disk %s has %.0f MiB, but the tests' files need %.0f MiB%s; "
                   "%s, or give tests a smaller --file-total-size",
                   spec->platform->name, image->disk, size / mib, (files + taken) / mib,
                   taken > 0 ? " with what is on it" : "",
                   image->kind == SB_IMAGE_ADOPTED ? "make it larger (qemu-img resize, and in the guest its "
                                                     "file system)"
                                                   : "build a larger image (image build --size)");
}

/* ---- the host ---- */

/* Sockets to QEMU lie in the scratch folder of each boot, whose name is as long as this one's. */
static bool check_scratch(const struct sb_boot_spec *spec, struct sb_err *err)
{
    size_t most = sizeof((struct sockaddr_un *)NULL)->sun_path - 1 - strlen("/qmp"),
           len = strlen(spec->scratch);
    return len <= most || sb_fail(err, SB_ERR_USAGE,
                                  "platform %s: the scratch folder %s is too long for the sockets in it (%zu "
                                  "bytes, at most %zu): name a shorter one with --scratch",
                                  spec->platform->name, spec->scratch, len, most);
}

static bool check_memory(const struct sb_boot_spec *spec, struct sb_arena *arena, struct sb_err *err)
{
    struct sb_host_facts host;
    sb_host_facts_read(&host, spec->scratch, arena);
    for (size_t i = 0; host.memory_mib && i < spec->plan->configs_nr; i++) {
        const struct sb_plan_config *config = &spec->plan->configs[i];
        if (config->memory_mib <= host.memory_mib || !sb_platform_runs(spec->plan, spec->platform, config))
            continue;
        return sb_fail(
            err, SB_ERR_STEP,
            "config %s wants %u MiB of memory, but this host has %u MiB: lower memory_mib, or exclude "
            "it for platform %s",
            config->name, config->memory_mib, host.memory_mib, spec->platform->name);
    }
    return true;
}

static void add_doubt(struct sb_strbuf *doubt, const char *format, ...) SB_PRINTF(2, 3);
static void add_doubt(struct sb_strbuf *doubt, const char *format, ...)
{
    va_list args;
    if (doubt->len) sb_strbuf_adds(doubt, "; ");
    va_start(args, format);
    sb_strbuf_vaddf(doubt, format, args);
    va_end(args);
}

void sb_qemu_doubt(const struct sb_qemu_setup *setup, const char *accelerator, const char *tried,
                   struct sb_strbuf *doubt)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    if (strcmp(setup->wanted, "auto") == 0 && *tried && strcmp(accelerator, "tcg") == 0)
        add_doubt(doubt, "emulated (tcg); %s", tried);
    if (cores > 0 && setup->vcpus > (unsigned long)cores)
        add_doubt(doubt, "%u vcpus take turns on the %ld processors of this host", setup->vcpus, cores);
}

/* ---- the whole ---- */

/* Why `auto` comes to what it does is said when a boot has started: the answer is remembered until then. */
static bool check_setup(const struct sb_boot_spec *spec, struct sb_arena *arena, struct sb_err *err)
{
    struct sb_qemu_setup setup;
    if (!sb_qemu_setup(&setup, spec, NULL, true, arena, err) || !check_scratch(spec, err)) return false;
    double files = sb_platform_file_bytes(spec->plan, spec->platform);
    if (!check_programs(&setup, err) || !check_login(&setup, spec->platform->name, err)) return false;
    if (!sb_disk_check_lock(setup.image.disk, setup.image.format, err)) return false;
    if (!check_memory(spec, arena, err) || !check_capacity(&setup, spec, files, err)) return false;
    if (!check_space(&setup, spec, files, err)) return false;
    if (sb_qemu_needs_firmware(&setup)) {
        const char *firmware = sb_qemu_firmware(&setup, arena, err);
        if (!firmware) return false;
        if (access(firmware, R_OK) != 0)
            return sb_fail(err, SB_ERR_NO_INPUT, "%s: the firmware cannot be read", firmware);
    }
    return sb_qemu_accelerator(&setup, spec, NULL, err) != NULL;
}

bool sb_qemu_check(const struct sb_boot_spec *spec, struct sb_err *err)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    bool ok = check_setup(spec, &arena, err);
    sb_arena_free(&arena);
    return ok;
}
