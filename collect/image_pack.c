#include "collect/image_pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <unistd.h>
#ifdef __APPLE__
#include <xlocale.h>
#endif
#include "core/alloc.h"
#include "core/text.h"

enum { BLOCK = 1 << 16 };

static const char *reason(struct archive *a)
{
    const char *why = archive_error_string(a);
    return why ? why : "it is empty or cut short";
}

static bool fail_read(const char *file, struct archive *a, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_FORMAT, "cannot read %s: %s", file, reason(a));
}

static bool fail_write(const char *file, struct archive *a, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", file, reason(a));
}

static bool fail_unpack(const char *file, struct archive *to, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "cannot unpack %s: %s", file, reason(to));
}

/* libarchive takes names through the locale's characters, and refuses those of a Debian package that the
 * user's locale does not have. Names are bytes in UTF-8 for us, whatever the locale: this one is in force
 * while archives are read and written, for this thread only. */
struct names {
    locale_t utf8, before;
};

static struct names begin_names(void)
{
    static const char *const locales[] = {"C.UTF-8", "en_US.UTF-8", "UTF-8"};
    struct names names = {(locale_t)0, (locale_t)0};
    for (size_t i = 0; i < SB_ARRAY_SIZE(locales) && !names.utf8; i++)
        names.utf8 = newlocale(LC_CTYPE_MASK, locales[i], (locale_t)0);
    if (names.utf8) names.before = uselocale(names.utf8);
    return names;
}

static void end_names(struct names names)
{
    if (!names.utf8) return;
    uselocale(names.before);
    freelocale(names.utf8);
}

/* ---- writing ---- */

struct packer {
    const struct sb_tree *tree;
    const char *file;
    struct archive *archive;
    struct archive_entry *entry;
    const char *const *leave_out;
    char *block;
};

static bool left_out(const struct packer *p, const char *path)
{
    for (const char *const *glob = p->leave_out; glob && *glob; glob++)
        if (sb_glob_match(*glob, path)) return true;
    return false;
}

/* The header has said how long the file is: one that ends earlier would be filled up with zeros. */
static bool pack_content(const struct packer *p, const char *full, off_t size, struct sb_err *err)
{
    int fd = open(full, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", full, strerror(errno));
    bool ok = true;
    ssize_t n = 0;
    while (ok && size > 0 && (n = read(fd, p->block, size < BLOCK ? (size_t)size : BLOCK)) > 0) {
        ok = archive_write_data(p->archive, p->block, (size_t)n) == n || fail_write(p->file, p->archive, err);
        size -= n;
    }
    if (ok && size > 0)
        ok = sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", full,
                     n < 0 ? strerror(errno) : "it became shorter meanwhile");
    close(fd);
    return ok;
}

static bool set_link_target(struct packer *p, const char *full, struct sb_err *err)
{
    ssize_t n = readlink(full, p->block, BLOCK - 1);
    if (n < 0) return sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", full, strerror(errno));
    p->block[n] = '\0';
    archive_entry_set_symlink(p->entry, p->block);
    return true;
}

static bool pack_entry(void *data, const char *path, const struct stat *st, bool *skip, struct sb_err *err)
{
    struct packer *p = data;
    struct sb_owner owner = sb_tree_owner(p->tree, path);
    bool regular = S_ISREG(st->st_mode);
    *skip = left_out(p, path);
    if (*skip || !(regular || S_ISDIR(st->st_mode) || S_ISLNK(st->st_mode))) return true;
    struct sb_strbuf full = SB_STRBUF_INIT;
    sb_strbuf_addf(&full, "%s/%s", p->tree->path, path);
    archive_entry_clear(p->entry);
    archive_entry_set_pathname(p->entry, path);
    archive_entry_set_mode(p->entry, st->st_mode);
    archive_entry_set_uid(p->entry, owner.uid);
    archive_entry_set_gid(p->entry, owner.gid);
    archive_entry_set_mtime(p->entry, 0, 0);
    archive_entry_set_size(p->entry, regular ? st->st_size : 0);
    bool ok = !S_ISLNK(st->st_mode) || set_link_target(p, full.buf, err);
    ok = ok &&
         (archive_write_header(p->archive, p->entry) == ARCHIVE_OK || fail_write(p->file, p->archive, err));
    ok = ok && (!regular || pack_content(p, full.buf, st->st_size, err));
    sb_strbuf_release(&full);
    return ok;
}

static struct archive *open_packer(const char *file, enum sb_pack_format format, struct sb_err *err)
{
    struct archive *a = archive_write_new();
    int r;
    if (format == SB_PACK_TAR) {
        r = archive_write_set_format_gnutar(a);
    } else {
        r = archive_write_set_format_cpio_newc(a);
        if (r == ARCHIVE_OK) r = archive_write_add_filter_gzip(a);
        if (r == ARCHIVE_OK) r = archive_write_set_options(a, "gzip:compression-level=6,gzip:!timestamp");
    }
    if (r == ARCHIVE_OK) r = archive_write_open_filename(a, file);
    if (r == ARCHIVE_OK) return a;
    fail_write(file, a, err);
    archive_write_free(a);
    return NULL;
}

bool sb_pack_tree(const struct sb_tree *tree, const char *file, enum sb_pack_format format,
                  const char *const *leave_out, struct sb_err *err)
{
    struct packer p = {.tree = tree, .file = file, .leave_out = leave_out};
    p.archive = open_packer(file, format, err);
    if (!p.archive) return false;
    struct names names = begin_names();
    p.entry = archive_entry_new();
    p.block = sb_xmalloc(BLOCK);
    bool ok = sb_tree_walk(tree, "", pack_entry, &p, err);
    if (archive_write_close(p.archive) != ARCHIVE_OK && ok) ok = fail_write(file, p.archive, err);
    archive_write_free(p.archive);
    archive_entry_free(p.entry);
    free(p.block);
    end_names(names);
    return ok;
}

/* ---- reading ---- */

static bool inside(const char *path)
{
    for (const char *at = path; at; at = strchr(at, '/')) {
        if (*at == '/') at++;
        if (at[0] == '.' && at[1] == '.' && (at[2] == '/' || !at[2])) return false;
    }
    return *path != '/';
}

static const char *without_dot(const char *path)
{
    while (path[0] == '.' && path[1] == '/')
        path += 2;
    return strcmp(path, ".") == 0 ? "" : path;
}

static bool copy_content(struct archive *from, struct archive *to, const char *file, struct sb_err *err)
{
    const void *block;
    size_t size;
    la_int64_t offset;
    int r;
    while ((r = archive_read_data_block(from, &block, &size, &offset)) == ARCHIVE_OK)
        if (archive_write_data_block(to, block, size, offset) < ARCHIVE_OK) return fail_unpack(file, to, err);
    return r == ARCHIVE_EOF || fail_read(file, from, err);
}

/* Names of a pax archive are UTF-8, whatever the locale can say. */
static const char *name_of(struct archive_entry *entry)
{
    const char *name = archive_entry_pathname(entry);
    return name ? name : archive_entry_pathname_utf8(entry);
}

/* Nothing is written through a link that leads out: not below it, not onto a folder that it stands for, and
 * no hard link leads there. */
static bool check_entry(const struct sb_tree *tree, const char *path, const char *hard, bool folder,
                        const char *file, struct sb_err *err)
{
    struct sb_err inner;
    if (!inside(path) || (hard && !inside(hard)))
        return sb_fail(err, SB_ERR_FORMAT, "%s: the entry %.200s would leave its folder", file, path);
    if (sb_tree_inside(tree, path, folder, &inner) && (!hard || sb_tree_inside(tree, hard, true, &inner)))
        return true;
    return sb_fail(err, SB_ERR_FORMAT, "%s: %.600s", file, inner.msg);
}

static bool write_entry(struct sb_tree *tree, struct archive *from, struct archive *to,
                        struct archive_entry *entry, const char *path, const char *hard, const char *file,
                        struct sb_err *err)
{
    if (hard) {
        archive_entry_copy_hardlink(entry, sb_arena_printf(tree->arena, "%s/%s", tree->path, hard));
        archive_entry_unset_size(entry); /* the content is that of the other name */
    }
    archive_entry_copy_pathname(entry, sb_arena_printf(tree->arena, "%s/%s", tree->path, path));
    if (archive_write_header(to, entry) < ARCHIVE_WARN) return fail_unpack(file, to, err);
    if (archive_entry_size(entry) > 0 && !copy_content(from, to, file, err)) return false;
    return archive_write_finish_entry(to) >= ARCHIVE_WARN || fail_unpack(file, to, err);
}

/* A change of owner takes set-user-ID and set-group-ID off, and libarchive does so where we are not the
 * owner; sudo in the image needs them. */
static bool keep_special_bits(const char *path, mode_t mode, struct sb_err *err)
{
    if (!(mode & (S_ISUID | S_ISGID)) || chmod(path, mode & 07777) == 0) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", path, strerror(errno));
}

static bool unpack_entry(struct sb_tree *tree, struct archive *from, struct archive *to,
                         struct archive_entry *entry, const char *file, struct sb_err *err)
{
    const char *path = name_of(entry), *hard = archive_entry_hardlink(entry);
    unsigned type = archive_entry_filetype(entry);
    if (!path) return sb_fail(err, SB_ERR_FORMAT, "%s: an entry without a name", file);
    path = sb_arena_strdup(tree->arena, without_dot(path));
    if (hard) hard = sb_arena_strdup(tree->arena, without_dot(hard));
    if (!check_entry(tree, path, hard, type == AE_IFDIR, file, err)) return false;
    if (!*path || type == AE_IFCHR || type == AE_IFBLK || type == AE_IFSOCK || type == AE_IFIFO) return true;
    unsigned uid = (unsigned)archive_entry_uid(entry), gid = (unsigned)archive_entry_gid(entry);
    mode_t mode = type == AE_IFREG && !hard ? archive_entry_mode(entry) : 0;
    if (!write_entry(tree, from, to, entry, path, hard, file, err)) return false;
    if (uid || gid) sb_tree_own(tree, path, uid, gid);
    return keep_special_bits(sb_arena_printf(tree->arena, "%s/%s", tree->path, path), mode, err);
}

static bool unpack_all(struct sb_tree *tree, struct archive *from, const char *file, struct sb_err *err)
{
    struct archive *to = archive_write_disk_new();
    struct archive_entry *entry;
    int r = ARCHIVE_OK;
    bool ok = true;
    int flags = ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_UNLINK | ARCHIVE_EXTRACT_SECURE_NODOTDOT;
    if (geteuid() == 0) flags |= ARCHIVE_EXTRACT_OWNER;
    archive_write_disk_set_options(to, flags);
    while (ok && (r = archive_read_next_header(from, &entry)) == ARCHIVE_OK)
        ok = unpack_entry(tree, from, to, entry, file, err);
    if (ok && r != ARCHIVE_EOF) ok = fail_read(file, from, err);
    if (archive_write_close(to) < ARCHIVE_WARN && ok) ok = fail_unpack(file, to, err);
    archive_write_free(to);
    return ok;
}

static struct archive *open_reader(const char *file, int (*format)(struct archive *), struct sb_err *err)
{
    struct archive *a = archive_read_new();
    archive_read_support_filter_all(a);
    format(a);
    if (archive_read_open_filename(a, file, BLOCK) == ARCHIVE_OK) return a;
    fail_read(file, a, err);
    archive_read_free(a);
    return NULL;
}

bool sb_unpack_tar(struct sb_tree *tree, const char *file, struct sb_err *err)
{
    struct names names = begin_names();
    struct archive *a = open_reader(file, archive_read_support_format_tar, err);
    bool ok = a && unpack_all(tree, a, file, err);
    archive_read_free(a);
    end_names(names);
    return ok;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* The content of the archive's current member into a file. */
static bool save_member(struct archive *a, const char *archive, const char *to, struct sb_err *err)
{
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    char *block = sb_xmalloc(BLOCK);
    la_ssize_t n = 0;
    bool ok = fd >= 0;
    while (ok && (n = archive_read_data(a, block, BLOCK)) > 0)
        ok = write_all(fd, block, (size_t)n);
    if (fd >= 0 && close(fd) != 0) ok = false;
    if (!ok)
        sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", to, strerror(errno));
    else if (n < 0)
        ok = fail_read(archive, a, err);
    free(block);
    return ok;
}

/* A Debian package is an ar archive whose member data.tar.* has the files. */
static bool save_data_member(const char *deb, const char *to, struct sb_err *err)
{
    struct archive *a = open_reader(deb, archive_read_support_format_ar, err);
    struct archive_entry *entry;
    bool found = false, ok = a != NULL;
    while (ok && !found && archive_read_next_header(a, &entry) == ARCHIVE_OK) {
        const char *name = archive_entry_pathname(entry);
        found = name && sb_has_prefix(name, "data.tar");
    }
    if (!found && access(deb, R_OK) == 0) ok = sb_fail(err, SB_ERR_FORMAT, "%s is no Debian package", deb);
    ok = ok && save_member(a, deb, to, err);
    archive_read_free(a);
    return ok;
}

bool sb_unpack_deb(struct sb_tree *tree, const char *deb, struct sb_err *err)
{
    const char *data = sb_arena_printf(tree->arena, "%s.data.tar", tree->path);
    bool ok = save_data_member(deb, data, err) && sb_unpack_tar(tree, data, err);
    unlink(data);
    return ok;
}

bool sb_read_compressed(const char *path, struct sb_strbuf *out, struct sb_err *err)
{
    struct archive *a = archive_read_new();
    struct archive_entry *entry;
    char *block = sb_xmalloc(BLOCK);
    la_ssize_t n = -1;
    archive_read_support_filter_all(a);
    archive_read_support_format_raw(a);
    if (archive_read_open_filename(a, path, BLOCK) == ARCHIVE_OK &&
        archive_read_next_header(a, &entry) == ARCHIVE_OK)
        while ((n = archive_read_data(a, block, BLOCK)) > 0)
            sb_strbuf_add(out, block, (size_t)n);
    bool ok = n == 0 || fail_read(path, a, err);
    archive_read_free(a);
    free(block);
    return ok;
}
