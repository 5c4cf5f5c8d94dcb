#include "cli/commands.h"

#include <math.h>
#include "cli/chart_set.h"
#include "cli/render.h"
#include "cli/stages.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

static const enum sb_chart_format all_formats[] = {SB_CHART_SVG, SB_CHART_PNG, SB_CHART_PDF};

struct wanted {
    bool format[SB_ARRAY_SIZE(all_formats)];
    struct sb_render_options render;
};

/* "svg,png" */
static bool parse_formats(const char *text, struct wanted *wanted, struct sb_err *err)
{
    while (*text) {
        size_t len = strcspn(text, ","), i = 0;
        for (i = 0; i < SB_ARRAY_SIZE(all_formats); i++) {
            const char *name = sb_chart_extension(all_formats[i]);
            if (strlen(name) == len && strncmp(name, text, len) == 0) break;
        }
        if (i == SB_ARRAY_SIZE(all_formats))
            return sb_fail(err, SB_ERR_USAGE, "--format takes svg, png, pdf, joined by commas, not \"%.*s\"", (int)len, text);
        wanted->format[i] = true;
        text += len + (text[len] == ',');
    }
    return true;
}

static bool read_wanted(const struct sb_options *o, struct wanted *wanted, struct sb_err *err)
{
    static const char *const themes[] = {"light", "dark", "print"};
    memset(wanted, 0, sizeof *wanted);
    if (!parse_formats(o->format ? o->format : "svg,png,pdf", wanted, err)) return false;
    wanted->render.scale = isnan(o->scale) ? 2 : o->scale;
    if (wanted->render.scale > 4) return sb_fail(err, SB_ERR_USAGE, "--scale takes a number up to 4");
    size_t theme = 0;
    while (o->theme && theme < SB_ARRAY_SIZE(themes) && strcmp(o->theme, themes[theme]) != 0)
        theme++;
    if (theme == SB_ARRAY_SIZE(themes)) return sb_fail(err, SB_ERR_USAGE, "--theme takes light, dark or print, not \"%.40s\"", o->theme);
    wanted->render.theme = (enum sb_theme)theme;
    return true;
}

static bool draw(const struct sb_chart_set *set, const struct sb_options *o, const struct wanted *wanted, struct sb_err *err)
{
    const char *dir = o->output ? o->output : "charts";
    struct sb_render_job *jobs = sb_xcalloc(set->nr * SB_ARRAY_SIZE(all_formats), sizeof *jobs);
    struct sb_arena paths;
    size_t nr = 0;
    sb_arena_init(&paths);
    for (size_t i = 0; i < set->nr; i++)
        for (size_t f = 0; f < SB_ARRAY_SIZE(all_formats); f++)
            if (wanted->format[f])
                jobs[nr++] = (struct sb_render_job){&set->items[i].chart, all_formats[f], wanted->render,
                                                    sb_arena_printf(&paths, "%s/%s.%s", dir, set->items[i].name, sb_chart_extension(all_formats[f]))};
    bool ok = sb_make_dirs(dir, err) && sb_render_jobs(jobs, nr, o->jobs, o->quiet, NULL, NULL, err);
    if (ok && !o->quiet) printf("%zu charts, %zu files in %s\n", set->nr, nr, dir);
    sb_arena_free(&paths);
    free(jobs);
    return ok;
}

/* Keeps the charts that --chart names; all when it was not given. */
static void keep_named(struct sb_chart_set *set, const struct sb_text_list *globs)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->nr; i++)
        if (sb_name_wanted(globs, set->items[i].name)) set->items[kept++] = set->items[i];
    set->nr = kept;
}

static int draw_or_list(struct sb_chart_set *set, const struct sb_options *o, const struct wanted *wanted, struct sb_err *err)
{
    keep_named(set, &o->charts);
    if (!set->nr) return sb_fail(err, o->charts.nr ? SB_ERR_USAGE : SB_ERR_NO_INPUT, "no chart %s; --list shows the names", o->charts.nr ? "has that name" : "can be drawn from these runs") - 1;
    if (!o->list) return draw(set, o, wanted, err) ? 0 : -1;
    for (size_t i = 0; i < set->nr; i++)
        printf("%-32s %s\n", set->items[i].name, set->items[i].chart.title);
    return 0;
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct sb_loaded loaded;
    struct sb_experiment experiment;
    struct sb_chart_set set;
    struct wanted wanted;
    int status = -1;
    if (!read_wanted(o, &wanted, err) || !sb_load(&loaded, o, 0, NULL, err)) return -1;
    if (sb_run_experiment(&experiment, &loaded, o, false, err)) {
        sb_chart_set_build(&set, &loaded.ds, &experiment.platforms, &experiment.configs);
        status = draw_or_list(&set, o, &wanted, err);
        sb_chart_set_free(&set);
    }
    sb_experiment_release(&experiment);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "chart", "list", "theme", "scale", "baseline", "margin",
                                      "confidence", "jobs", NULL};

const struct sb_command sb_cmd_plot = {
    .name = "plot",
    .summary = "the charts, as SVG, PNG and PDF",
    .usage = "PATH... -o DIR [options]",
    .description = "Draws the set of charts that fits the runs: an overview, platforms side by side, one "
                   "platform and configuration, one platform across configurations, ratios with verdicts, "
                   "and every run.",
    .options = options,
    .format_help = "svg, png, pdf, joined by commas (default: all three)",
    .output_help = "the folder for the files (default: charts)",
    .run = run,
};
