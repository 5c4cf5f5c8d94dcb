/*
 * A report's folder. It keeps an index of its own files (files.txt); a later report into the same folder
 * replaces only what that index lists, removes listed files that it does not write again, and touches nothing
 * else.
 */
#ifndef SB_CLI_REPORT_DIR_H
#define SB_CLI_REPORT_DIR_H

#include <stdbool.h>
#include <stddef.h>
#include "core/arena.h"
#include "core/err.h"

struct sb_report_dir {
    struct sb_arena arena;
    const char *path;
    const char **before; /* listed by the previous report, relative */
    size_t before_nr, before_alloc;
    const char **files; /* of this report, relative */
    size_t nr, alloc;
};

/* Makes the folder if needed and reads its index. */
bool sb_report_dir_open(struct sb_report_dir *dir, const char *path, struct sb_err *err) SB_MUST_CHECK;

/* Announces a file of this report ("charts/overview.svg") and gives its path on disk. */
const char *sb_report_dir_add(struct sb_report_dir *dir, const char *name);

/* False when an announced file exists that no earlier report here listed: it is not ours to replace. */
bool sb_report_dir_check(const struct sb_report_dir *dir, struct sb_err *err) SB_MUST_CHECK;

/* Writes the index (old and new names, so that an interrupted report can be replaced too). Call before the
 * files. */
bool sb_report_dir_begin(struct sb_report_dir *dir, struct sb_err *err) SB_MUST_CHECK;

/* Removes the previous report's other files and writes the final index. */
bool sb_report_dir_finish(struct sb_report_dir *dir, struct sb_err *err) SB_MUST_CHECK;

void sb_report_dir_release(struct sb_report_dir *dir);

#endif
