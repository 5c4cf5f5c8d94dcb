#include "collect/image_disk.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/image.h"
#include "collect/image_tools.h"
#include "core/alloc.h"
#include "core/text.h"

/* The first 32 bytes of a qcow2 file, all big-endian (QEMU's docs/interop/qcow2.txt): magic "QFI\xfb",
 * version (4 bytes), backing file's offset (8) and size (4), cluster bits (4), virtual size (8). */
enum { QCOW2_BACKING_AT = 8, QCOW2_SIZE_AT = 24, QCOW2_HEAD = 32 };
static const unsigned char qcow2_magic[4] = {'Q', 'F', 'I', 0xfb};

struct head {
    unsigned char bytes[QCOW2_HEAD];
    size_t len;
    off_t size; /* of the whole file or device */
};

static bool read_head(const char *path, struct head *head, struct sb_err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not make us wait */
    struct stat st;
    bool ok = fd >= 0 && fstat(fd, &st) == 0;
    if (ok && !S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
        close(fd);
        return sb_fail(err, SB_ERR_FORMAT, "%s is no disk image: it is not a regular file", path);
    }
    ssize_t n = ok ? pread(fd, head->bytes, sizeof head->bytes, 0) : -1;
    head->size = n < 0 ? -1 : lseek(fd, 0, SEEK_END); /* a device's size is not in its status */
    head->len = n < 0 ? 0 : (size_t)n;
    ok = n >= 0 && head->size >= 0;
    if (!ok) sb_fail(err, SB_ERR_NO_INPUT, "cannot read the disk image %s: %s", path, strerror(errno));
    if (fd >= 0) close(fd);
    return ok;
}

static bool is_qcow2(const struct head *head)
{
    return head->len >= sizeof qcow2_magic && memcmp(head->bytes, qcow2_magic, sizeof qcow2_magic) == 0;
}

/* A whole head, or the first part of a raw disk. */
static bool read_whole_head(const char *path, struct head *head, struct sb_err *err)
{
    if (!read_head(path, head, err)) return false;
    if (!is_qcow2(head) || head->len == QCOW2_HEAD) return true;
    return sb_fail(err, SB_ERR_FORMAT, "%s: a qcow2 file that is cut short", path);
}

static uint64_t number_at(const struct head *head, size_t at)
{
    uint64_t number = 0;
    for (size_t i = 0; i < 8; i++)
        number = number << 8 | head->bytes[at + i];
    return number;
}

const char *sb_disk_format(const char *path, struct sb_err *err)
{
    struct head head;
    if (!read_head(path, &head, err)) return NULL;
    return is_qcow2(&head) ? "qcow2" : "raw";
}

bool sb_disk_virtual_size(const char *path, uint64_t *bytes, struct sb_err *err)
{
    struct head head;
    if (!read_whole_head(path, &head, err)) return false;
    *bytes = is_qcow2(&head) ? number_at(&head, QCOW2_SIZE_AT) : (uint64_t)head.size;
    return true;
}

bool sb_disk_has_backing(const char *path, bool *backed, struct sb_err *err)
{
    struct head head;
    if (!read_whole_head(path, &head, err)) return false;
    *backed = is_qcow2(&head) && number_at(&head, QCOW2_BACKING_AT) != 0;
    return true;
}

bool sb_disk_check_size(const char *path, const char *format, uint64_t bytes, struct sb_err *err)
{
    enum { SECTOR = 512, LEAST = 1 << 20 };
    if (bytes >= LEAST && bytes <= INT64_MAX && bytes % SECTOR == 0) return true;
    return sb_fail(err, SB_ERR_FORMAT,
                   "%s is no disk with a system on it: as %s it would have %" PRIu64
                   " bytes (a disk has whole sectors of %d bytes, and at least 1 MiB)",
                   path, format, bytes, SECTOR);
}

/* ---- the boot sector ---- */

/* Where a BIOS and a partition table, GPT's included, have 55 AA. A file of another program's format has
 * nothing there, nor has a disk that was only created. */
enum { MARK_AT = 510 };

static bool raw_has_mark(const char *path)
{
    unsigned char mark[2] = {0, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool is = fd >= 0 && pread(fd, mark, sizeof mark, MARK_AT) == (ssize_t)sizeof mark && mark[0] == 0x55 &&
              mark[1] == 0xaa;
    if (fd >= 0) close(fd);
    return is;
}

/* qemu-io prints "000001fe:  55 aa  U.". The "./" in front keeps it from taking "nbd:x" for a protocol. */
static bool qcow2_has_mark(const char *path, bool *is, struct sb_err *err)
{
    struct sb_strbuf named = SB_STRBUF_INIT, said = SB_STRBUF_INIT;
    char *program = sb_tool_need("qemu-io", err), read[40];
    snprintf(read, sizeof read, "read -v %d 2", MARK_AT);
    sb_strbuf_addf(&named, "%s%s", *path == '/' ? "" : "./", path);
    const char *const argv[] = {program, "-r", "-U", "-f", "qcow2", "-c", read, named.buf, NULL};
    bool ok = program && sb_process_capture(argv, 60, NULL, 0, &said, err);
    *is = ok && strstr(said.buf, ":  55 aa ");
    free(program);
    sb_strbuf_release(&named);
    sb_strbuf_release(&said);
    return ok;
}

bool sb_disk_check_boot_sector(const char *path, const char *format, struct sb_err *err)
{
    bool is;
    if (!sb_streq(format, "qcow2"))
        is = raw_has_mark(path);
    else if (!qcow2_has_mark(path, &is, err))
        return false;
    if (is) return true;
    return sb_fail(err, SB_ERR_FORMAT,
                   "%s has no boot sector: no system is installed on it, or it is neither raw nor qcow2 "
                   "('qemu-img convert -O qcow2 %s NEW' makes a disk of VMware's or VirtualBox's)",
                   path, path);
}

/* ---- making one ---- */

static bool known_format(const char *format)
{
    return sb_streq(format, "raw") || sb_streq(format, "qcow2");
}

static bool check_target(const char *path, bool force, struct sb_err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0) return true;
    if (!force) return sb_fail(err, SB_ERR_OUTPUT, "%s exists already; --force replaces it", path);
    return S_ISREG(st.st_mode) || sb_fail(err, SB_ERR_OUTPUT, "%s is not a regular file: not replaced", path);
}

/* A new, empty file beside the target, of the mode that the user's files have. */
static bool make_beside(const char *path, struct sb_strbuf *beside, struct sb_err *err)
{
    mode_t mask = umask(0);
    umask(mask);
    sb_strbuf_addf(beside, "%s%s.XXXXXX", *path == '/' ? "" : "./", path);
    int fd = mkstemp(beside->buf);
    if (fd < 0) return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", path, strerror(errno));
    bool ok = fchmod(fd, 0666 & ~mask) == 0;
    if (!ok) sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", path, strerror(errno));
    close(fd);
    return ok;
}

static bool create_beside(const char *path, const char *format, uint64_t bytes, const char *program,
                          struct sb_err *err)
{
    char size[24];
    struct sb_strbuf beside = SB_STRBUF_INIT, output = SB_STRBUF_INIT;
    snprintf(size, sizeof size, "%" PRIu64, bytes);
    bool made = make_beside(path, &beside, err);
    const char *argv[] = {program, "create", "-q", "-f", format, beside.buf, size, NULL};
    bool ok = made && sb_process_capture(argv, 120, NULL, 0, &output, err);
    if (ok && rename(beside.buf, path) != 0)
        ok = sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", path, strerror(errno));
    if (made && !ok) unlink(beside.buf);
    sb_strbuf_release(&beside);
    sb_strbuf_release(&output);
    return ok;
}

/* qemu-img leaves a file behind when it fails midway: it writes beside the target, which is renamed. The "./"
 * in front keeps it from taking "nbd:x" for a protocol and "-x" for an option. */
bool sb_image_create(const char *path, const char *format, uint64_t bytes, bool force, struct sb_err *err)
{
    if (!known_format(format))
        return sb_fail(err, SB_ERR_USAGE, "a disk's format is raw or qcow2, not \"%.40s\"", format);
    if (bytes < 512 || bytes % 512)
        return sb_fail(err, SB_ERR_USAGE,
                       "a disk has a whole number of 512-byte sectors, not %" PRIu64 " bytes", bytes);
    if (!check_target(path, force, err)) return false;
    char *program = sb_tool_need("qemu-img", err);
    bool ok = program && create_beside(path, format, bytes, program, err);
    free(program);
    return ok;
}
