/*
 * Charts to files, in drawing processes (cli/workers.h). Each file is whole or absent (io/outfile.h); the
 * same charts give the same bytes for any number of processes.
 *
 * Pango asks fontconfig in threads. A process that is forked while such a thread has one of fontconfig's
 * locks waits for it for ever, and no call tells when they are done: so the process that starts drawing
 * processes has not laid out or drawn a chart itself, not even to count its pages (SB_ERR_INTERNAL when it
 * has). While and after they draw it may.
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

/* How the drawing processes work. */
struct sb_render_run {
    unsigned workers; /* processes; 0: one per processor */
    bool quiet;       /* no progress line */
    /* Of sb_render_jobs(): runs in this process while they draw; may be NULL. */
    bool (*meanwhile)(void *context, struct sb_err *err);
    void *context;
};

/* Runs all jobs. The first failure is returned, after every process has ended. */
bool sb_render_jobs(const struct sb_render_job *jobs, size_t nr, const struct sb_render_run *run,
                    struct sb_err *err) SB_MUST_CHECK;

/* Pages of each chart at these options, as sb_chart_pages(). */
bool sb_render_pages(const struct sb_chart *const *charts, size_t nr, const struct sb_render_options *options,
                     const struct sb_render_run *run, size_t *pages, struct sb_err *err) SB_MUST_CHECK;

#endif
