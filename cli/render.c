#include "cli/render.h"

#include "cli/workers.h"
#include "core/strbuf.h"
#include "io/outfile.h"

static bool run_workers(struct sb_workers *work, const struct sb_render_run *run, struct sb_err *err)
{
    if (!work->nr) return !work->meanwhile || work->meanwhile(work->context, err);
    if (sb_plot_in_use())
        return sb_fail(err, SB_ERR_INTERNAL, "charts were drawn before the drawing processes were started");
    work->wanted = run->workers;
    work->quiet = run->quiet;
    return sb_workers_run(work, err);
}

/* ---- drawing ---- */

struct drawing {
    const struct sb_render_job *jobs;
    const struct sb_render_run *run;
    struct sb_outbatch batch; /* of one drawing process */
};

static bool draw_one(void *context, size_t item, size_t *answer, struct sb_err *err)
{
    struct drawing *drawing = context;
    const struct sb_render_job *job = &drawing->jobs[item];
    struct sb_strbuf bytes = SB_STRBUF_INIT;
    (void)answer;
    bool ok = sb_chart_render(job->chart, job->format, &job->options, &bytes, err) &&
              sb_outbatch_write(&drawing->batch, job->path, bytes.buf, bytes.len, err);
    sb_strbuf_release(&bytes);
    return ok;
}

static bool end_drawing(void *context, bool ok, struct sb_err *err)
{
    struct drawing *drawing = context;
    if (ok) return sb_outbatch_commit(&drawing->batch, err);
    sb_outbatch_abort(&drawing->batch);
    return false;
}

static bool draw_meanwhile(void *context, struct sb_err *err)
{
    const struct sb_render_run *run = ((struct drawing *)context)->run;
    return run->meanwhile(run->context, err);
}

bool sb_render_jobs(const struct sb_render_job *jobs, size_t nr, const struct sb_render_run *run,
                    struct sb_err *err)
{
    struct drawing drawing = {.jobs = jobs, .run = run, .batch = {.nr = 0}};
    struct sb_workers work = {.nr = nr,
                              .what = "drawing",
                              .unit = "files",
                              .context = &drawing,
                              .one = draw_one,
                              .end = end_drawing,
                              .meanwhile = run->meanwhile ? draw_meanwhile : NULL};
    return run_workers(&work, run, err);
}

/* ---- pages ---- */

struct counting {
    const struct sb_chart *const *charts;
    const struct sb_render_options *options;
};

static bool count_one(void *context, size_t item, size_t *answer, struct sb_err *err)
{
    const struct counting *counting = context;
    return sb_chart_pages(counting->charts[item], counting->options, answer, err);
}

bool sb_render_pages(const struct sb_chart *const *charts, size_t nr, const struct sb_render_options *options,
                     const struct sb_render_run *run, size_t *pages, struct sb_err *err)
{
    struct counting counting = {.charts = charts, .options = options};
    struct sb_workers work = {.nr = nr,
                              .what = "laying out",
                              .unit = "charts",
                              .answers = pages,
                              .context = &counting,
                              .one = count_one};
    return run_workers(&work, run, err);
}
