/* Running a plan, for `collect` and for `run`. */
#ifndef SB_CLI_COLLECT_RUN_H
#define SB_CLI_COLLECT_RUN_H

#include "cli/options.h"
#include "core/arena.h"

/* Where the report of an experiment's folder goes: beside it, "logs/" -> "logs-report". A folder that is
 * named by dots only is looked up: "." in /srv/a -> "../a-report". In the arena. */
const char *sb_report_folder_of(struct sb_arena *arena, const char *folder);

/*
 * Runs the plan into `folder`: progress on standard error (a line on a terminal, else one line for each
 * event), a summary on standard output. While it runs SIGINT, SIGTERM and SIGHUP end what runs first; when
 * one came, this does not return but dies of it.
 *
 * `command`, "collect" or "run", is the subcommand in what is said to be typed next; after "run" the report
 * is made anyway and is not said, unless the experiment was stopped or could not go on.
 *
 * 0; 5 when a run or boot failed or is missing; -1 with err when it could not begin or go on.
 */
int sb_cli_collect(const char *command, const char *plan_path, const struct sb_options *options,
                   const char *folder, struct sb_err *err);

#endif
