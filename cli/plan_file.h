/* A plan's file for the commands: reads it and prints every mistake where it stands. */
#ifndef SB_CLI_PLAN_FILE_H
#define SB_CLI_PLAN_FILE_H

#include "collect/plan.h"

struct sb_plan_file {
    struct sb_plan plan;
    char *text;
    size_t len;
};

/* False with err; when there are several mistakes they are on standard error then, one a line. Release it
 * also after failure. */
bool sb_plan_file_read(struct sb_plan_file *file, const char *path, struct sb_err *err) SB_MUST_CHECK;
void sb_plan_file_release(struct sb_plan_file *file);

#endif
