#include "collect/image_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "io/outfile.h"

void sb_tree_init(struct sb_tree *tree, const char *path, struct sb_arena *arena)
{
    tree->path = path;
    tree->owners = g_hash_table_new(g_str_hash, g_str_equal);
    tree->arena = arena;
}

void sb_tree_release(struct sb_tree *tree)
{
    if (tree->owners) g_hash_table_destroy(tree->owners);
    tree->owners = NULL;
}

static char *full_path(const struct sb_tree *tree, const char *path)
{
    struct sb_strbuf full = SB_STRBUF_INIT;
    sb_strbuf_addf(&full, "%s%s%s", tree->path, *path ? "/" : "", path);
    return sb_strbuf_detach(&full, NULL);
}

/* ---- staying inside ---- */

static bool leads_inside(const struct sb_tree *tree, const char *full)
{
    char *root = realpath(tree->path, NULL), *real = realpath(full, NULL);
    size_t len = root ? strlen(root) : 0;
    bool inside = root && real && strncmp(real, root, len) == 0 && (real[len] == '/' || !real[len]);
    free(root);
    free(real);
    return inside;
}

bool sb_tree_inside(const struct sb_tree *tree, const char *path, bool whole, struct sb_err *err)
{
    size_t end = 0;
    bool ok = true, there = true;
    while (ok && there && path[end]) {
        end += strspn(path + end, "/");
        end += strcspn(path + end, "/");
        if (!path[end] && !whole) break;
        struct stat st;
        char *prefix = sb_xstrndup(path, end), *full = full_path(tree, prefix);
        there = lstat(full, &st) == 0;
        if (there && S_ISLNK(st.st_mode) && !leads_inside(tree, full))
            ok = sb_fail(err, SB_ERR_FORMAT, "%s goes through the link %s, which leads out of %s", path,
                         prefix, tree->path);
        free(prefix);
        free(full);
    }
    return ok;
}

/* ---- making ---- */

static bool fail_write(const char *path, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", path, strerror(errno));
}

static bool make_parents(const char *full, struct sb_err *err)
{
    const char *slash = strrchr(full, '/');
    if (!slash || slash == full) return true;
    char *parent = sb_xstrndup(full, (size_t)(slash - full));
    bool ok = sb_make_dirs(parent, err);
    free(parent);
    return ok;
}

bool sb_tree_mkdir(const struct sb_tree *tree, const char *path, unsigned mode, struct sb_err *err)
{
    if (!sb_tree_inside(tree, path, true, err)) return false;
    char *full = full_path(tree, path);
    bool ok = sb_make_dirs(full, err);
    if (ok && chmod(full, mode) != 0) ok = fail_write(full, err);
    free(full);
    return ok;
}

static bool write_all(int fd, const char *text, size_t len)
{
    while (len) {
        ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        text += n;
        len -= (size_t)n;
    }
    return true;
}

static bool put_text(const struct sb_tree *tree, const char *path, int flags, unsigned mode, const char *text,
                     struct sb_err *err)
{
    char *full = full_path(tree, path);
    bool ok = sb_tree_inside(tree, path, false, err) && make_parents(full, err);
    if (ok) {
        if (!(flags & O_APPEND)) unlink(full);
        int fd = open(full, flags | O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
        ok = fd >= 0 && write_all(fd, text, strlen(text)) &&
             ((flags & O_APPEND) || fchmod(fd, (mode_t)mode) == 0);
        if (!ok) fail_write(full, err);
        if (fd >= 0) close(fd);
    }
    free(full);
    return ok;
}

bool sb_tree_write(const struct sb_tree *tree, const char *path, unsigned mode, const char *text,
                   struct sb_err *err)
{
    return put_text(tree, path, O_EXCL, mode, text, err);
}

bool sb_tree_append(const struct sb_tree *tree, const char *path, const char *text, struct sb_err *err)
{
    return put_text(tree, path, O_APPEND, 0644, text, err);
}

bool sb_tree_link(const struct sb_tree *tree, const char *path, const char *target, struct sb_err *err)
{
    char *full = full_path(tree, path);
    bool ok = sb_tree_inside(tree, path, false, err) && make_parents(full, err);
    if (ok) {
        unlink(full);
        ok = symlink(target, full) == 0 || fail_write(full, err);
    }
    free(full);
    return ok;
}

bool sb_tree_copy(const struct sb_tree *tree, const char *path, unsigned mode, const char *from,
                  struct sb_err *err)
{
    char *full = full_path(tree, path);
    bool ok = sb_tree_inside(tree, path, false, err) && make_parents(full, err);
    if (ok) unlink(full);
    ok = ok && sb_copy_file(from, full, mode, err);
    free(full);
    return ok;
}

bool sb_copy_file(const char *from, const char *to, unsigned mode, struct sb_err *err)
{
    enum { BLOCK = 1 << 16 };
    static const char zeros[BLOCK];
    int in = open(from, O_RDONLY | O_CLOEXEC);
    if (in < 0) return sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", from, strerror(errno));
    int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    char *block = sb_xmalloc(BLOCK);
    off_t size = 0;
    ssize_t n = 0;
    bool ok = out >= 0;
    while (ok && (n = read(in, block, BLOCK)) > 0) {
        size += n;
        if (n == BLOCK && memcmp(block, zeros, BLOCK) == 0)
            ok = lseek(out, n, SEEK_CUR) >= 0;
        else
            ok = write_all(out, block, (size_t)n);
    }
    if (ok && n < 0)
        ok = sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", from, strerror(errno));
    else if (!ok || ftruncate(out, size) != 0 || fchmod(out, (mode_t)mode) != 0)
        ok = fail_write(to, err);
    free(block);
    if (out >= 0 && close(out) != 0 && ok) ok = fail_write(to, err);
    close(in);
    return ok;
}

void sb_tree_note_owner(struct sb_tree *tree, const char *path, unsigned uid, unsigned gid)
{
    struct sb_owner *owner = sb_arena_alloc(tree->arena, sizeof *owner);
    *owner = (struct sb_owner){uid, gid};
    g_hash_table_insert(tree->owners, sb_arena_strdup(tree->arena, path), owner);
}

void sb_tree_own(struct sb_tree *tree, const char *path, unsigned uid, unsigned gid)
{
    sb_tree_note_owner(tree, path, uid, gid);
    if (geteuid() != 0) return;
    struct stat st;
    char *full = full_path(tree, path);
    /* Allowed to fail: the table is what counts. Giving a file away takes its set-id bits off, root or not.
     */
    if (lstat(full, &st) == 0 && (st.st_uid != uid || st.st_gid != gid) && lchown(full, uid, gid) == 0 &&
        !S_ISLNK(st.st_mode) && chmod(full, st.st_mode & 07777) != 0)
        errno = 0;
    free(full);
}

struct sb_owner sb_tree_owner(const struct sb_tree *tree, const char *path)
{
    const struct sb_owner *owner = g_hash_table_lookup(tree->owners, path);
    return owner ? *owner : (struct sb_owner){0, 0};
}

bool sb_tree_has(const struct sb_tree *tree, const char *path)
{
    struct stat st;
    char *full = full_path(tree, path);
    bool there = lstat(full, &st) == 0;
    free(full);
    return there;
}

/* ---- walking ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted; NULL when it cannot be read. Each and the array are the caller's. */
static char **list_folder(const char *full, size_t *nr)
{
    DIR *dir = opendir(full);
    if (!dir) return NULL;
    char **names = sb_xcalloc(1, sizeof *names);
    size_t alloc = 1;
    const struct dirent *entry;
    *nr = 0;
    while ((entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        SB_ALLOC_GROW(names, *nr + 1, alloc);
        names[(*nr)++] = sb_xstrdup(entry->d_name);
    }
    closedir(dir);
    qsort(names, *nr, sizeof *names, by_name);
    return names;
}

static bool walk_folder(const struct sb_tree *tree, const char *path, sb_tree_visit *visit, void *data,
                        struct sb_err *err);

static bool walk_entry(const struct sb_tree *tree, const char *path, sb_tree_visit *visit, void *data,
                       struct sb_err *err)
{
    struct stat st;
    bool skip = false;
    char *full = full_path(tree, path);
    bool ok =
        lstat(full, &st) == 0 || sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", full, strerror(errno));
    free(full);
    ok = ok && visit(data, path, &st, &skip, err);
    return ok && (skip || !S_ISDIR(st.st_mode) || walk_folder(tree, path, visit, data, err));
}

static bool walk_folder(const struct sb_tree *tree, const char *path, sb_tree_visit *visit, void *data,
                        struct sb_err *err)
{
    size_t nr = 0;
    char *full = full_path(tree, path);
    char **names = list_folder(full, &nr);
    bool ok = names || sb_fail(err, SB_ERR_NO_INPUT, "cannot read %s: %s", full, strerror(errno));
    for (size_t i = 0; i < nr; i++) {
        struct sb_strbuf child = SB_STRBUF_INIT;
        sb_strbuf_addf(&child, "%s%s%s", path, *path ? "/" : "", names[i]);
        ok = ok && walk_entry(tree, child.buf, visit, data, err);
        sb_strbuf_release(&child);
        free(names[i]);
    }
    free(names);
    free(full);
    return ok;
}

bool sb_tree_walk(const struct sb_tree *tree, const char *below, sb_tree_visit *visit, void *data,
                  struct sb_err *err)
{
    return walk_folder(tree, below, visit, data, err);
}
