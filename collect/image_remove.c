#include "collect/image_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/mount.h>
#endif
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/outfile.h"

/*
 * Removal goes by open folders, so that a link swapped in meanwhile is never followed, and never crosses into
 * another file system: a /proc or /dev that a killed debootstrap left mounted must not be emptied.
 */

#ifdef __linux__
/* The mount point of a line of /proc/self/mountinfo (its fifth field; "\040" is a blank), in `out`. */
static bool mount_point(const char *line, size_t len, struct sb_strbuf *out)
{
    const char *at = line, *end = line + len;
    for (int field = 1; field < 5; field++) {
        at = memchr(at, ' ', (size_t)(end - at));
        if (!at) return false;
        at++;
    }
    sb_strbuf_clear(out);
    while (at < end && *at != ' ') {
        if (*at == '\\' && end - at > 3) {
            sb_strbuf_addc(out, (char)((at[1] - '0') << 6 | (at[2] - '0') << 3 | (at[3] - '0')));
            at += 4;
        } else {
            sb_strbuf_addc(out, *at++);
        }
    }
    return true;
}

/* Calls `visit` for every mount point that is `real` or below it, the last mounted first, until it gives
 * false.
 */
static bool each_mount(const char *real, bool (*visit)(const char *point, struct sb_err *err),
                       struct sb_err *err)
{
    char *text;
    size_t len = 0, real_len = strlen(real);
    bool ok = true;
    if (!sb_read_file("/proc/self/mountinfo", 16 << 20, &text, &len, NULL)) return true;
    struct sb_strbuf point = SB_STRBUF_INIT;
    for (const char *end = text + len; ok && end > text;) {
        const char *line = end - 1;
        while (line > text && line[-1] != '\n')
            line--;
        if (mount_point(line, (size_t)(end - line), &point) && sb_has_prefix(point.buf, real) &&
            (point.buf[real_len] == '/' || !point.buf[real_len]))
            ok = visit(point.buf, err);
        end = line;
    }
    sb_strbuf_release(&point);
    free(text);
    return ok;
}

static bool take_off(const char *point, struct sb_err *err)
{
    (void)err;
    umount2(point, MNT_DETACH | UMOUNT_NOFOLLOW); /* what stays is found next */
    return true;
}

static bool fail_mounted(const char *point, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "something is mounted on %s", point);
}

static bool unmount(const char *path, struct sb_err *err)
{
    char *real = realpath(path, NULL);
    bool ok = !real || (each_mount(real, take_off, err) && each_mount(real, fail_mounted, err));
    free(real);
    return ok;
}
#else
static bool unmount(const char *path, struct sb_err *err)
{
    (void)path;
    (void)err;
    return true;
}
#endif

struct removal {
    dev_t device;
    struct sb_err *err;
};

static bool fail_remove(const struct removal *r, const char *name)
{
    return sb_fail(r->err, SB_ERR_OUTPUT, "cannot remove %s: %s", name, strerror(errno));
}

static bool remove_at(const struct removal *r, int parent, const char *name);

static bool empty_folder(const struct removal *r, int parent, const char *name)
{
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (!dir) {
        if (fd >= 0) close(fd);
        return fail_remove(r, name);
    }
    bool ok = true, again = true;
    const struct dirent *entry;
    while (ok && again) { /* entries may be skipped while others are removed */
        again = false;
        rewinddir(dir);
        while (ok && (entry = readdir(dir)) != NULL) {
            if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
            ok = remove_at(r, fd, entry->d_name);
            again = true;
        }
    }
    closedir(dir);
    return ok;
}

static bool remove_at(const struct removal *r, int parent, const char *name)
{
    struct stat st;
    if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT || fail_remove(r, name);
    if (!S_ISDIR(st.st_mode))
        return unlinkat(parent, name, 0) == 0 || errno == ENOENT || fail_remove(r, name);
    if (st.st_dev != r->device)
        return sb_fail(r->err, SB_ERR_OUTPUT, "cannot remove %s: something is mounted there", name);
    if ((st.st_mode & 0700) != 0700 && fchmodat(parent, name, 0700, 0) != 0) return fail_remove(r, name);
    if (!empty_folder(r, parent, name)) return false;
    return unlinkat(parent, name, AT_REMOVEDIR) == 0 || fail_remove(r, name);
}

/* The file system that the folder above a path is on. */
static bool device_above(const char *path, dev_t *device)
{
    struct stat st;
    const char *slash = strrchr(path, '/');
    char *above = !slash          ? sb_xstrdup(".")
                  : slash == path ? sb_xstrdup("/")
                                  : sb_xstrndup(path, (size_t)(slash - path));
    bool ok = stat(above, &st) == 0;
    if (ok) *device = st.st_dev;
    free(above);
    return ok;
}

/* Removes what is at the path, or only what is in it. */
static bool clear(const char *path, bool itself, struct sb_err *err)
{
    struct stat st;
    struct removal r = {0, err};
    if (lstat(path, &st) != 0) return true;
    if (!itself && !S_ISDIR(st.st_mode)) return true;
    if (!S_ISLNK(st.st_mode) && !unmount(path, err)) return false;
    if (!device_above(path, &r.device)) return fail_remove(&r, path);
    if (itself) return remove_at(&r, AT_FDCWD, path);
    if (lstat(path, &st) == 0 && st.st_dev != r.device)
        return sb_fail(err, SB_ERR_OUTPUT, "something is mounted on %s", path);
    return empty_folder(&r, AT_FDCWD, path);
}

bool sb_remove_folder(const char *path, struct sb_err *err)
{
    struct sb_err inner = {.code = SB_OK};
    if (clear(path, true, &inner)) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "%s is left over: %.600s", path, inner.msg);
}

static bool clear_in_tree(const struct sb_tree *tree, const char *path, bool itself, struct sb_err *err)
{
    struct sb_strbuf full = SB_STRBUF_INIT;
    sb_strbuf_addf(&full, "%s/%s", tree->path, path);
    bool ok = sb_tree_inside(tree, path, false, err) && clear(full.buf, itself, err);
    sb_strbuf_release(&full);
    return ok;
}

bool sb_tree_remove(const struct sb_tree *tree, const char *path, struct sb_err *err)
{
    return clear_in_tree(tree, path, true, err);
}

bool sb_tree_empty(const struct sb_tree *tree, const char *path, struct sb_err *err)
{
    return clear_in_tree(tree, path, false, err);
}
