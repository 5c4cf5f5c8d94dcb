/* What a plan asks of one of its platforms, less what `exclude` leaves out there. */
#ifndef SB_COLLECT_PLATFORM_NEEDS_H
#define SB_COLLECT_PLATFORM_NEEDS_H

#include "collect/plan.h"

/* Whether any test runs in this configuration. */
bool sb_platform_runs(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                      const struct sb_plan_config *config);

/* The most that one test writes into its work folder, in bytes; 0: none has files. */
double sb_platform_file_bytes(const struct sb_plan *plan, const struct sb_plan_platform *platform);

/* What must be free on a file system for files of so many bytes: 2 % and 8 MiB are for its own records. */
double sb_room_for_files(double bytes);

#endif
