/* Archives: trees into cpio (initial RAM disks) and tar (container images), Debian packages and tars into
 * trees.
 */
#ifndef SB_COLLECT_IMAGE_PACK_H
#define SB_COLLECT_IMAGE_PACK_H

#include "collect/image_tree.h"
#include "core/strbuf.h"

enum sb_pack_format { SB_PACK_CPIO_GZ, SB_PACK_TAR };

/* Writes the tree to `file`. Times are zero and names sorted, so equal trees give equal files. `leave_out`
 * (NULL-terminated, may be NULL): globs of paths; a folder that matches is left out with its content, one
 * that only matches with its content ("dev/?*") is kept empty. Sockets and devices are left out. */
bool sb_pack_tree(const struct sb_tree *tree, const char *file, enum sb_pack_format format,
                  const char *const *leave_out, struct sb_err *err) SB_MUST_CHECK;

/* Unpacks a tar (any compression) into the tree and writes owners down. Devices are left out; entries that
 * would leave the tree are an error. */
bool sb_unpack_tar(struct sb_tree *tree, const char *file, struct sb_err *err) SB_MUST_CHECK;

/* The content of a Debian package, likewise. Uses a temporary file beside the tree. */
bool sb_unpack_deb(struct sb_tree *tree, const char *deb, struct sb_err *err) SB_MUST_CHECK;

/* The content of a file that may be compressed (.xz, .zst, .gz). */
bool sb_read_compressed(const char *path, struct sb_strbuf *out, struct sb_err *err) SB_MUST_CHECK;

#endif
