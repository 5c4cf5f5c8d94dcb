#include "cli/commands.h"

#include <unistd.h>
#include "cli/collect_run.h"
#include "cli/plan_file.h"
#include "cli/view_plan.h"
#include "core/alloc.h"
#include "io/outfile.h"

/* ---- init ---- */

static int run_init(const struct sb_options *o, struct sb_err *err)
{
    const char *path = o->output ? o->output : "plan.yaml", *text = sb_plan_default();
    if (o->paths.nr)
        return sb_fail(err, SB_ERR_USAGE, "collect init takes no PLAN; -o FILE names the file to write") - 1;
    if (strcmp(path, "-") != 0 && access(path, F_OK) == 0)
        return sb_fail(err, SB_ERR_OUTPUT, "%s is there already, and is left as it is; -o FILE names another",
                       path) -
               1;
    if (!sb_outfile_write(path, text, strlen(text), err)) return -1;
    if (strcmp(path, "-") != 0)
        printf("%s: the classic experiment; edit it, then: sbstat collect plan %s\n", path, path);
    return 0;
}

/* ---- plan ---- */

static int run_plan(const struct sb_options *o, struct sb_err *err)
{
    struct sb_plan_file file;
    enum sb_format format;
    int status = -1;
    if (o->paths.nr != 1) return sb_fail(err, SB_ERR_USAGE, "collect plan takes one PLAN") - 1;
    if (o->host && !o->show_argv) return sb_fail(err, SB_ERR_USAGE, "--host goes with --show-argv") - 1;
    if (!sb_options_format(o, SB_FORMAT_TEXT, &format, err)) return -1;
    if (sb_plan_file_read(&file, o->paths.v[0], err))
        status = o->show_argv ? sb_view_plan_argv(&file.plan, format, o, err)
                              : sb_view_plan(&file.plan, format, o, err);
    sb_plan_file_release(&file);
    return status;
}

/* ---- run ---- */

static int run_collect(const struct sb_options *o, struct sb_err *err)
{
    if (o->paths.nr != 1)
        return sb_fail(err, SB_ERR_USAGE,
                       o->paths.nr ? "collect takes one PLAN"
                                   : "name a PLAN; \"sbstat collect init\" writes one to begin with") -
               1;
    if (!o->output || !*o->output || strcmp(o->output, "-") == 0)
        return sb_fail(err, SB_ERR_USAGE, "-o DIR says where the logs go") - 1;
    return sb_cli_collect("collect", o->paths.v[0], o, o->output, err);
}

/* ---- the command ---- */

/* Options that only some of the words take, in each word's own order. */
static const struct {
    const char *name;
    int (*run)(const struct sb_options *o, struct sb_err *err);
    bool views; /* takes --format, --show-argv and --host */
    bool runs;  /* takes --resume and its like */
} actions[] = {
    {"init", run_init, false, false}, {"plan", run_plan, true, false}, {"", run_collect, false, true}};

static bool check_options(const struct sb_options *o, size_t action, struct sb_err *err)
{
    const char *wrong = NULL;
    if (!actions[action].views && (o->format || o->show_argv || o->host))
        wrong = o->format ? "--format" : o->show_argv ? "--show-argv" : "--host";
    if (!actions[action].runs && (o->resume || o->retry_failed || o->allow_busy || o->scratch))
        wrong = o->resume         ? "--resume"
                : o->retry_failed ? "--retry-failed"
                : o->allow_busy   ? "--allow-busy"
                                  : "--scratch";
    if (!wrong) return true;
    return sb_fail(err, SB_ERR_USAGE, "%s does not go with collect%s%s", wrong,
                   *actions[action].name ? " " : " PLAN", actions[action].name);
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    struct sb_options o = *in->options;
    const char *word = o.paths.nr ? o.paths.v[0] : "";
    size_t action = 0;
    while (*actions[action].name && strcmp(actions[action].name, word) != 0)
        action++;
    if (!check_options(&o, action, err)) return -1;
    if (*actions[action].name) {
        o.paths.v++;
        o.paths.nr--;
    }
    return actions[action].run(&o, err);
}

static const char *const options[] = {"output", "resume",    "retry-failed", "allow-busy", "scratch",
                                      "format", "show-argv", "host",         "quiet",      NULL};

static const struct sb_option_help helps[] = {
    {"output", "DIR",
     "where logs, manifest and journal go; init: the plan to write (default: plan.yaml); "
     "plan: a file"},
    {"format", "FORMAT", "plan: text, csv, json or markdown; csv and json have one row for each run"},
    {NULL, NULL, NULL},
};

const struct sb_command sb_cmd_collect = {
    .name = "collect",
    .summary = "runs an experiment and gathers its logs",
    .usage = "PLAN -o DIR [--resume] | init | plan PLAN [options]",
    .description =
        "Runs every test of a PLAN (YAML) on every platform in every configuration: starts guests and "
        "containers, waits until they answer, runs sysbench, keeps each log, and leaves nothing behind. It "
        "can be stopped at any time; --resume goes on where it stopped. init writes a plan to begin with, "
        "plan shows what a plan comes to: order, time, and what it cannot show. docs/collect.md is the "
        "manual.",
    .options = options,
    .helps = helps,
    .run = run,
};
