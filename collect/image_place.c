#include "collect/image_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/syscall.h>
#endif
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

#define MARK ".sbstat-partial"

static const char *mark_in(const char *folder, struct sb_arena *arena)
{
    return sb_arena_printf(arena, "%s/" MARK, folder);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool is_there(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

/* ---- what stands at the place ---- */

/* What image.h says that an image has in it. */
static bool is_of_an_image(const char *name)
{
    static const char *const names[] = {"image.json", "vmlinuz",    "initrd",     "disk.raw",
                                        "disk.qcow2", "rootfs.tar", "id_ed25519", "id_ed25519.pub",
                                        MARK,         ".",          ".."};
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++)
        if (strcmp(name, names[i]) == 0) return true;
    return false;
}

/* A name in the folder that `accept` does not know, in the arena; NULL when there is none. */
static const char *other_name(const char *folder, bool (*accept)(const char *), struct sb_arena *arena)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    const char *other = NULL;
    while (dir && !other && (entry = readdir(dir)) != NULL)
        if (!accept(entry->d_name)) other = sb_arena_strdup(arena, entry->d_name);
    if (dir) closedir(dir);
    return other;
}

bool sb_place_check(const struct sb_place *place, struct sb_arena *arena, struct sb_err *err)
{
    struct sb_image_record record;
    const char *folder = place->folder, *json = sb_arena_printf(arena, "%s/image.json", folder);
    if (!is_there(folder)) return true;
    if (!is_folder(folder) || access(json, F_OK) != 0)
        return sb_fail(err, SB_ERR_OUTPUT, "%s exists and is no image: not touched", folder);
    if (!place->force)
        return sb_fail(err, SB_ERR_OUTPUT, "there is an image in %s already; --force replaces it", folder);
    struct sb_err why;
    if (!sb_image_record_read(&record, json, arena, &why))
        return sb_fail(err, SB_ERR_OUTPUT, "%s is no image that is known here: not touched (%.600s)", folder,
                       why.msg);
    const char *other = other_name(folder, is_of_an_image, arena);
    if (!other) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "%s has %s in it, which is not the image's: not touched", folder,
                   other);
}

/* ---- the partial folder ---- */

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static bool check_partial(const struct sb_place *place, struct sb_arena *arena, struct sb_err *err)
{
    const char *partial = place->partial;
    if (!is_there(partial)) return true;
    bool marked = is_folder(partial) && is_there(mark_in(partial, arena));
    if (marked || (is_folder(partial) && !other_name(partial, is_dots, arena))) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "%s is in the way and not from a build: not touched", partial);
}

/* A build that ended between our looking and locking has taken the folder away, mark and all. */
static bool still_there(int fd, const char *mark)
{
    struct stat ours, there;
    return fstat(fd, &ours) == 0 && lstat(mark, &there) == 0 && ours.st_ino == there.st_ino &&
           ours.st_dev == there.st_dev;
}

static bool lock_mark(struct sb_place *place, const char *mark, struct sb_err *err)
{
    place->lock = open(mark, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (place->lock < 0) return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", mark, strerror(errno));
    bool locked = flock(place->lock, LOCK_EX | LOCK_NB) == 0;
    if (!locked && errno != EWOULDBLOCK)
        sb_fail(err, SB_ERR_OUTPUT, "cannot lock %s: %s", mark, strerror(errno));
    else if (!locked || !still_there(place->lock, mark))
        locked = sb_fail(err, SB_ERR_OUTPUT, "%s: another build is at work there", place->partial);
    if (locked) return true;
    close(place->lock);
    place->lock = -1;
    return false;
}

/* What an earlier, killed build left. The mark stays: it is the lock. */
static bool remove_remains(const struct sb_place *place, struct sb_arena *arena, struct sb_err *err)
{
    DIR *dir = opendir(place->partial);
    const struct dirent *entry;
    bool ok = dir || sb_fail(err, SB_ERR_OUTPUT, "cannot read %s: %s", place->partial, strerror(errno));
    while (ok && (entry = readdir(dir)) != NULL)
        if (!is_dots(entry->d_name) && strcmp(entry->d_name, MARK) != 0)
            ok = sb_remove_folder(sb_arena_printf(arena, "%s/%s", place->partial, entry->d_name), err);
    if (dir) closedir(dir);
    return ok;
}

bool sb_place_take(struct sb_place *place, struct sb_arena *arena, struct sb_err *err)
{
    place->lock = -1;
    if (!check_partial(place, arena, err) || !sb_make_dirs(place->partial, err) ||
        !lock_mark(place, mark_in(place->partial, arena), err))
        return false;
    /* Once more, since another build may have ended meanwhile. */
    return sb_place_check(place, arena, err) && remove_remains(place, arena, err);
}

bool sb_place_leave(struct sb_place *place, struct sb_arena *arena, struct sb_err *err)
{
    bool ok = true;
    if (place->lock < 0) return true;
    if (still_there(place->lock, mark_in(place->partial, arena))) ok = sb_remove_folder(place->partial, err);
    close(place->lock);
    place->lock = -1;
    return ok;
}

/* ---- the end ---- */

/* Two names change places in one step; false where the system or file system cannot. */
static bool exchange(const char *a, const char *b)
{
#if defined(__linux__) && defined(SYS_renameat2)
    enum { EXCHANGE = 2 };
    return syscall(SYS_renameat2, AT_FDCWD, a, AT_FDCWD, b, EXCHANGE) == 0;
#elif defined(__APPLE__)
    return renamex_np(a, b, RENAME_SWAP) == 0;
#else
    (void)a;
    (void)b;
    return false;
#endif
}

static bool fail_replace(const char *folder, struct sb_err *err)
{
    return sb_fail(err, SB_ERR_OUTPUT, "cannot replace %s: %s", folder, strerror(errno));
}

/* With a moment in which there is none: FOLDER.replaced has the earlier image until it is over. */
static bool replace_in_steps(const struct sb_place *place, const char *old, struct sb_err *err)
{
    if (is_there(old))
        return sb_fail(err, SB_ERR_OUTPUT, "%s is in the way: not touched; look what it is and remove it",
                       old);
    if (rename(place->folder, old) != 0) return fail_replace(place->folder, err);
    if (rename(place->partial, place->folder) == 0) return sb_remove_folder(old, err);
    fail_replace(place->folder, err);
    if (rename(old, place->folder) != 0)
        sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s; the earlier image is in %s", place->folder,
                strerror(errno), old);
    return false;
}

/* The earlier image gets a mark first, so that it is known for remains when we are killed before it is gone.
 */
static bool mark_old(const char *mark, struct sb_err *err)
{
    int fd = open(mark, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", mark, strerror(errno));
    close(fd);
    return true;
}

bool sb_place_swap(struct sb_place *place, struct sb_arena *arena, struct sb_err *err)
{
    const char *folder = place->folder, *mark = mark_in(folder, arena);
    if (!is_folder(folder)) {
        if (rename(place->partial, folder) != 0)
            return sb_fail(err, SB_ERR_OUTPUT, "cannot write %s: %s", folder, strerror(errno));
        unlink(mark);
        return true;
    }
    if (!mark_old(mark, err)) return false;
    if (exchange(place->partial, folder)) {
        unlink(mark);
        return sb_remove_folder(place->partial, err);
    }
    bool ok = replace_in_steps(place, sb_arena_printf(arena, "%s.replaced", folder), err);
    unlink(mark);
    return ok;
}
