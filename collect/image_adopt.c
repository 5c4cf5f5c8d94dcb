/*
 * A disk of the user's own: DISK.json says who may log in. Nothing but that file is written; the disk is only
 * looked at.
 */
#include "collect/image.h"

#include <errno.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/image_disk.h"
#include "collect/image_record.h"
#include "collect/ssh_argv.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

/* ---- the key ---- */

/* What stands in the file: a key's head and foot are lines of their own, "-----BEGIN OPENSSH PRIVATE
 * KEY-----".
 */
static bool check_key_text(const char *key, struct sb_err *err)
{
    enum { LIMIT = 1 << 16 };
    char *text;
    size_t len;
    if (!sb_ssh_check_key_is_not_public(key, SB_ERR_FORMAT, err)) return false;
    if (!sb_read_file(key, LIMIT, &text, &len, err)) return false;
    const char *begin = strstr(text, "-----BEGIN ");
    bool private = begin && strstr(begin, "PRIVATE KEY-----");
    free(text);
    return private || sb_fail(err, SB_ERR_FORMAT, "%s is no private key (ssh-keygen makes one)", key);
}

static bool check_key(const char *key, struct sb_err *err)
{
    struct stat st;
    if (stat(key, &st) != 0) return sb_fail(err, SB_ERR_NO_INPUT, "no key at %s: %s", key, strerror(errno));
    if (!S_ISREG(st.st_mode)) return sb_fail(err, SB_ERR_FORMAT, "the key %s is not a regular file", key);
    if (access(key, R_OK) != 0)
        return sb_fail(err, SB_ERR_NO_INPUT, "cannot read the key %s: %s", key, strerror(errno));
    if (!check_key_text(key, err)) return false;
    if (!(st.st_mode & 077)) return true;
    return sb_fail(err, SB_ERR_FORMAT, "others can read the key %s, so ssh will not use it: chmod 600 %s",
                   key, key);
}

/* Plans, guests and ssh start in other folders than the user did. */
static const char *absolute(const char *path, struct sb_arena *arena)
{
    char here[PATH_MAX];
    if (*path == '/' || !getcwd(here, sizeof here)) return path;
    return sb_arena_printf(arena, "%s/%s", strcmp(here, "/") == 0 ? "" : here, path);
}

/* ---- the disk ---- */

static bool check_backing(const char *disk, struct sb_err *err)
{
    bool backed;
    if (!sb_disk_has_backing(disk, &backed, err)) return false;
    if (!backed) return true;
    return sb_fail(err, SB_ERR_FORMAT,
                   "%s is an overlay: a part of it is in another file, which is another thing to measure; "
                   "'qemu-img convert -O qcow2 %s NEW' makes a whole disk of it",
                   disk, disk);
}

/* ---- the record ---- */

static bool check_words(const struct sb_image_adopt *adopt, struct sb_err *err)
{
    if (!adopt->user || !adopt->key)
        return sb_fail(err, SB_ERR_USAGE, "an adopted disk needs a user and a key");
    if (!sb_image_is_user(adopt->user))
        return sb_fail(err, SB_ERR_USAGE,
                       "\"%.64s\" is no user's name (letters, digits, \".\", \"_\", \"-\")", adopt->user);
    return !adopt->arch || sb_image_arch(adopt->arch) ||
           sb_fail(err, SB_ERR_USAGE, "guests can be x86_64 and aarch64, not \"%.40s\"", adopt->arch);
}

/* JSON is UTF-8: a name that is not would come back as another. */
static bool check_name(const char *path, const char *what, struct sb_err *err)
{
    struct sb_strbuf shown = SB_STRBUF_INIT;
    sb_text_visible(&shown, path, strlen(path), false);
    bool ok = sb_streq(shown.buf, path);
    if (!ok)
        sb_fail(err, SB_ERR_FORMAT,
                "the name of the %s, %s, has control characters or is not UTF-8: rename it", what, shown.buf);
    sb_strbuf_release(&shown);
    return ok;
}

static bool write_record(const struct sb_image_adopt *adopt, struct sb_arena *arena, struct sb_err *err)
{
    struct sb_image_record record = {.kind = SB_IMAGE_ADOPTED};
    const char *json = sb_arena_printf(arena, "%s.json", adopt->disk);
    const char *slash = strrchr(adopt->disk, '/'), *format = sb_disk_format(adopt->disk, err);
    struct stat st;
    if (!format) return false;
    struct sb_image_disk *disk = &record.disks[sb_streq(format, "qcow2") ? SB_DISK_QCOW2 : SB_DISK_RAW];
    disk->file = slash ? slash + 1 : adopt->disk;
    record.user = adopt->user;
    record.key = absolute(adopt->key, arena);
    record.arch = adopt->arch ? sb_image_arch(adopt->arch) : sb_image_host_arch();
    if (!sb_disk_virtual_size(adopt->disk, &disk->bytes, err) ||
        !sb_disk_check_size(adopt->disk, format, disk->bytes, err) || !check_backing(adopt->disk, err) ||
        !sb_disk_check_boot_sector(adopt->disk, format, err) || !check_key(adopt->key, err) ||
        !check_name(adopt->disk, "disk", err) || !check_name(record.key, "key", err))
        return false;
    if (lstat(json, &st) == 0 && !adopt->force)
        return sb_fail(err, SB_ERR_OUTPUT, "%s exists already; --force replaces it", json);
    return sb_image_record_write(&record, json, err);
}

bool sb_image_adopt(const struct sb_image_adopt *adopt, struct sb_err *err)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    bool ok = check_words(adopt, err) && write_record(adopt, &arena, err);
    sb_arena_free(&arena);
    return ok;
}
