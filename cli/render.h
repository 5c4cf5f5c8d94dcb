/*
 * Charts to files, in worker processes: PLplot has global state, so parallel drawing needs processes. Each
 * file is whole or absent (io/outfile.h); the same charts give the same bytes for any number of workers.
 */
#ifndef SB_CLI_RENDER_H
#define SB_CLI_RENDER_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"
#include "plot/chart.h"

struct sb_render_job {
    const struct sb_chart *chart;
    enum sb_chart_format format;
    struct sb_render_options options;
    const char *path;
};

/* Runs all jobs in `workers` processes (0: one per processor). While they draw, `meanwhile` (may be NULL)
 * runs in this process. The first failure is returned, after every worker has ended. */
bool sb_render_jobs(const struct sb_render_job *jobs, size_t nr, unsigned workers, bool quiet,
                    bool (*meanwhile)(void *context, struct sb_err *err), void *context,
                    struct sb_err *err) SB_MUST_CHECK;

/* Ends the drawing processes, if there are any, and waits until they have removed their temporary files.
 * For a process that is about to die: safe in a signal handler, and sb_render_jobs() does not go on after it.
 */
void sb_render_stop(void);

#endif
