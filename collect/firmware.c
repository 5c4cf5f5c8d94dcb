#include "collect/firmware.h"

#include <sys/stat.h>
#include <unistd.h>
#include "collect/image.h"
#include "collect/qemu_disks.h"
#include "core/alloc.h"
#include "core/text.h"

/* Below a prefix. The first row is what QEMU itself installs (Homebrew, builds from source). */
static const char *const below[] = {
    "share/qemu/edk2-aarch64-code.fd",        /* QEMU's own */
    "share/AAVMF/AAVMF_CODE.fd",              /* Debian, Ubuntu, Fedora */
    "share/edk2/aarch64/QEMU_EFI-pflash.raw", /* Fedora */
    "share/edk2/aarch64/QEMU_EFI-silent-pflash.qcow2",
    "share/edk2/aarch64/QEMU_CODE.fd",    /* Arch */
    "share/qemu/aavmf-aarch64-code.bin",  /* openSUSE */
    "share/qemu-efi-aarch64/QEMU_EFI.fd", /* Debian, not padded */
    "share/edk2/aarch64/QEMU_EFI.fd",
};

static const char *const prefixes[] = {"/opt/homebrew", "/usr/local", "/usr"};

const char *sb_firmware_usual(const char *system)
{
    return sb_streq(system, "darwin") ? "/opt/homebrew/share/qemu/edk2-aarch64-code.fd"
                                      : "/usr/share/AAVMF/AAVMF_CODE.fd";
}

static const char *find_below(const char *prefix, struct sb_arena *arena)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(below); i++) {
        const char *path = sb_arena_printf(arena, "%s/%s", prefix, below[i]);
        if (access(path, R_OK) == 0) return path;
    }
    return NULL;
}

/* PREFIX of PREFIX/bin/qemu-system-aarch64. */
static const char *prefix_of(const char *program, struct sb_arena *arena)
{
    const char *name = program ? strstr(program, "/bin/qemu-system-") : NULL;
    return name && name > program ? sb_arena_strndup(arena, program, (size_t)(name - program)) : NULL;
}

const char *sb_firmware_find(const char *program, struct sb_arena *arena, struct sb_err *err)
{
    const char *first[2] = {prefix_of(program, arena), getenv("HOMEBREW_PREFIX")};
    const char *path = NULL;
    for (size_t i = 0; i < SB_ARRAY_SIZE(first) && !path; i++)
        if (first[i] && first[i][0] == '/') path = find_below(first[i], arena);
    for (size_t i = 0; i < SB_ARRAY_SIZE(prefixes) && !path; i++)
        path = find_below(prefixes[i], arena);
    if (!path)
        sb_fail(
            err, SB_ERR_NO_INPUT,
            "no UEFI firmware for aarch64 guests: not found as %s or %s and elsewhere; install it (Debian: "
            "qemu-efi-aarch64, Fedora: edk2-aarch64, Homebrew: qemu) or name it with \"firmware:\"",
            sb_firmware_usual("linux"), sb_firmware_usual("darwin"));
    return path;
}

const char *sb_firmware_fit(const char *path, const char *copy, const char **format, struct sb_err *err)
{
    struct stat st;
    *format = sb_disk_format(path, err);
    if (!*format) return NULL;
    if (strcmp(*format, "qcow2") == 0) return path;
    if (stat(path, &st) != 0) {
        sb_fail(err, SB_ERR_NO_INPUT, "%s: cannot be read", path);
        return NULL;
    }
    if ((uint64_t)st.st_size == SB_VIRT_FLASH_BYTES) return path;
    if ((uint64_t)st.st_size > SB_VIRT_FLASH_BYTES) {
        sb_fail(err, SB_ERR_FORMAT, "%s: larger than the 64 MiB of the machine's flash: no firmware", path);
        return NULL;
    }
    if (!sb_disk_copy(path, copy, NULL, err)) return NULL;
    if (truncate(copy, (off_t)SB_VIRT_FLASH_BYTES) == 0) return copy;
    sb_fail(err, SB_ERR_OUTPUT, "%s: cannot be made 64 MiB large", copy);
    return NULL;
}
