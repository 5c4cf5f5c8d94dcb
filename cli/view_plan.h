/* What a plan comes to, for people and for programs. */
#ifndef SB_CLI_VIEW_PLAN_H
#define SB_CLI_VIEW_PLAN_H

#include "cli/options.h"
#include "collect/schedule.h"

/* Platforms, configurations, tests, the order, how long it takes, and warnings. csv and json: one row for
 * each run; the warnings go to standard error. 0, or -1 with err. */
int sb_view_plan(struct sb_plan *plan, enum sb_format format, const struct sb_options *options,
                 struct sb_err *err);

/* The command that starts each platform in each configuration. */
int sb_view_plan_argv(struct sb_plan *plan, enum sb_format format, const struct sb_options *options,
                      struct sb_err *err);

/* "PATH..." quoted for a shell, as messages show commands; in `arena`. */
const char *sb_quoted(struct sb_arena *arena, const char *word);

#endif
