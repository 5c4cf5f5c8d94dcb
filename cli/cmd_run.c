/* The experiment and its report in one go. */
#include <sys/stat.h>
#include <unistd.h>
#include "cli/collect_run.h"
#include "cli/commands.h"
#include "cli/report_dir.h"
#include "core/arena.h"

/* The report command, as if it had been typed behind collect. */
static int make_report(const struct sb_options *o, const char *folder, struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_options options = *o;
    const char *paths[] = {folder, NULL};
    sb_arena_init(&arena);
    char *argv[] = {sb_arena_strdup(&arena, "report"), sb_arena_strdup(&arena, folder), NULL};
    const struct sb_invocation in = {.options = &options, .argc = 2, .argv = argv};
    options.output = sb_report_folder_of(&arena, folder);
    options.paths = (struct sb_text_list){.v = paths, .nr = 1};
    int status = sb_cmd_report.run(&in, err);
    sb_arena_free(&arena);
    return status;
}

/* Said before an experiment that takes hours, and not after it. Nothing is made yet. */
static bool can_report(const char *folder, struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_report_dir dir;
    struct stat st;
    sb_arena_init(&arena);
    const char *path = sb_report_folder_of(&arena, folder);
    bool ok = true;
    if (stat(path, &st) == 0) {
        if (!S_ISDIR(st.st_mode) || access(path, W_OK | X_OK) != 0) {
            ok = sb_fail(err, SB_ERR_OUTPUT,
                         "the report goes to %s, which is no folder that we may write into; move it away, or "
                         "name another folder with -o",
                         path);
        } else {
            ok = sb_report_dir_open(&dir, path, err);
            sb_report_dir_add(&dir, "index.html");
            ok = ok && sb_report_dir_check(&dir, err);
            sb_report_dir_release(&dir);
        }
    }
    sb_arena_free(&arena);
    return ok;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    if (o->paths.nr != 1)
        return sb_fail(err, SB_ERR_USAGE,
                       o->paths.nr ? "run takes one PLAN"
                                   : "name a PLAN; \"sbstat collect init\" writes one to begin with") -
               1;
    if (!o->output || !*o->output || strcmp(o->output, "-") == 0)
        return sb_fail(err, SB_ERR_USAGE, "-o DIR says where the logs go; the report goes to DIR-report") - 1;
    if (!can_report(o->output, err)) return -1;
    int collected = sb_cli_collect("run", o->paths.v[0], o, o->output, err);
    if (collected < 0) return -1;
    int reported = make_report(o, o->output, err);
    if (reported < 0 && collected) err->code = SB_ERR_STEP; /* what failed first */
    return reported ? reported : collected;
}

static const char *const options[] = {"output",  "resume", "retry-failed", "allow-busy",
                                      "scratch", "jobs",   "quiet",        NULL};

static const struct sb_option_help helps[] = {
    {"output", "DIR", "where logs, manifest and journal go; the report goes to DIR-report"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_run = {
    .name = "run",
    .summary = "collect and report in one go",
    .usage = "PLAN -o DIR [options]",
    .description =
        "Runs the experiment of a PLAN as collect does, into DIR, and makes its report as report does, "
        "into DIR-report. Options of the analysis: make the report again, sbstat report DIR.",
    .options = options,
    .helps = helps,
    .run = run,
};
