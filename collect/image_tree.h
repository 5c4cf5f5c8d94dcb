/*
 * Folders that become images: files in them, and their removal.
 *
 * Owners: an unprivileged user cannot give files away. What belongs to others than root in the image is kept
 * in a table beside the tree (path below it, without a leading slash -> owner), which packing and making the
 * file system follow; every other file is root's.
 */
#ifndef SB_COLLECT_IMAGE_TREE_H
#define SB_COLLECT_IMAGE_TREE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include "core/arena.h"
#include "core/err.h"

struct sb_tree {
    const char *path;   /* of its folder */
    GHashTable *owners; /* path -> struct sb_owner; keys and values in `arena` */
    struct sb_arena *arena;
};

struct sb_owner {
    unsigned uid, gid;
};

void sb_tree_init(struct sb_tree *tree, const char *path, struct sb_arena *arena);
void sb_tree_release(struct sb_tree *tree); /* the table only; the folder stays */

/* True when nothing on the way to `path` (with `whole`: nor `path` itself) is a link that leads out of the
 * tree, or nowhere; links inside it, as /lib -> usr/lib, are fine. An absolute link counts as leading out:
 * what is "/" in the image is not "/" here. */
bool sb_tree_inside(const struct sb_tree *tree, const char *path, bool whole,
                    struct sb_err *err) SB_MUST_CHECK;

/* All of these take paths below the tree, and refuse those that are not inside (see above); folders above are
 * made (0755). Files are replaced. */
bool sb_tree_mkdir(const struct sb_tree *tree, const char *path, unsigned mode,
                   struct sb_err *err) SB_MUST_CHECK;
bool sb_tree_write(const struct sb_tree *tree, const char *path, unsigned mode, const char *text,
                   struct sb_err *err) SB_MUST_CHECK;
bool sb_tree_append(const struct sb_tree *tree, const char *path, const char *text,
                    struct sb_err *err) SB_MUST_CHECK;
bool sb_tree_link(const struct sb_tree *tree, const char *path, const char *target,
                  struct sb_err *err) SB_MUST_CHECK;
/* Copies a file from outside, following links. */
bool sb_tree_copy(const struct sb_tree *tree, const char *path, unsigned mode, const char *from,
                  struct sb_err *err) SB_MUST_CHECK;
/* The owner is written down, and set where we may. */
void sb_tree_own(struct sb_tree *tree, const char *path, unsigned uid, unsigned gid);
/* The owner is written down only: the file is his already. */
void sb_tree_note_owner(struct sb_tree *tree, const char *path, unsigned uid, unsigned gid);
/* Removes what is there, folders with their content; nothing there is fine. */
bool sb_tree_remove(const struct sb_tree *tree, const char *path, struct sb_err *err) SB_MUST_CHECK;
/* The same, but keeps the folder itself. */
bool sb_tree_empty(const struct sb_tree *tree, const char *path, struct sb_err *err) SB_MUST_CHECK;
bool sb_tree_has(const struct sb_tree *tree, const char *path);

/* Who owns a file in the image. */
struct sb_owner sb_tree_owner(const struct sb_tree *tree, const char *path);

/* Calls `visit` for everything below the tree in bytewise order, a folder before its content; links are not
 * followed. When it gives false the walk ends with false; *skip set leaves a folder's content out. `below` ""
 * is the whole tree. */
typedef bool sb_tree_visit(void *data, const char *path, const struct stat *st, bool *skip,
                           struct sb_err *err);
bool sb_tree_walk(const struct sb_tree *tree, const char *below, sb_tree_visit *visit, void *data,
                  struct sb_err *err) SB_MUST_CHECK;

/* Copies a file; holes stay holes as far as blocks of zeros go. */
bool sb_copy_file(const char *from, const char *to, unsigned mode, struct sb_err *err) SB_MUST_CHECK;

/* Removes a folder (or file) and all below it, but never what is mounted on it or below: that is taken off
 * first where we may, and else an error. Nothing there is fine. */
bool sb_remove_folder(const char *path, struct sb_err *err) SB_MUST_CHECK;

#endif
