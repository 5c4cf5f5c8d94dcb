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

/* Takes off what is mounted below `folder`, the last mounted first. What cannot be taken off is found by the
 * removal, which stops there. */
static void unmount_below(const char *folder)
{
    char *real = realpath(folder, NULL), *text = NULL;
    size_t len = 0;
    if (!real || !sb_read_file("/proc/self/mountinfo", 16 << 20, &text, &len, NULL)) {
        free(real);
        return;
    }
    struct sb_strbuf point = SB_STRBUF_INIT;
    size_t real_len = strlen(real);
    for (const char *end = text + len; end > text;) {
        const char *line = end - 1;
        while (line > text && line[-1] != '\n')
            line--;
        if (mount_point(line, (size_t)(end - line), &point) && sb_has_prefix(point.buf, real) &&
            point.buf[real_len] == '/')
            umount2(point.buf, MNT_DETACH | UMOUNT_NOFOLLOW);
        end = line;
    }
    sb_strbuf_release(&point);
    free(text);
    free(real);
}
#else
static void unmount_below(const char *folder)
{
    (void)folder;
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

bool sb_remove_folder(const char *path, struct sb_err *err)
{
    struct stat st;
    if (lstat(path, &st) != 0) return true;
    struct removal r = {st.st_dev, err};
    if (S_ISDIR(st.st_mode)) unmount_below(path);
    struct sb_err inner = {.code = SB_OK};
    r.err = &inner;
    if (remove_at(&r, AT_FDCWD, path)) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "%s is left over: %.600s", path, inner.msg);
}

bool sb_tree_remove(const struct sb_tree *tree, const char *path, struct sb_err *err)
{
    struct sb_strbuf full = SB_STRBUF_INIT;
    sb_strbuf_addf(&full, "%s/%s", tree->path, path);
    bool ok = sb_remove_folder(full.buf, err);
    sb_strbuf_release(&full);
    return ok;
}

bool sb_tree_empty(const struct sb_tree *tree, const char *path, struct sb_err *err)
{
    struct stat st;
    struct sb_strbuf full = SB_STRBUF_INIT;
    sb_strbuf_addf(&full, "%s/%s", tree->path, path);
    struct removal r = {0, err};
    bool ok = true;
    if (lstat(full.buf, &st) == 0 && S_ISDIR(st.st_mode)) {
        r.device = st.st_dev;
        ok = empty_folder(&r, AT_FDCWD, full.buf);
    }
    sb_strbuf_release(&full);
    return ok;
}
