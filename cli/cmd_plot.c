#include "cli/commands.h"

#include <math.h>
#include "cli/chart_set.h"
#include "cli/render.h"
#include "cli/sheets.h"
#include "cli/stages.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/csv.h"
#include "io/number.h"
#include "io/outfile.h"

static const enum sb_chart_format all_formats[] = {SB_CHART_SVG, SB_CHART_PNG, SB_CHART_PDF};

struct wanted {
    bool format[SB_ARRAY_SIZE(all_formats)];
    struct sb_render_options render;
};

/* ---- options ---- */

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
            return sb_fail(err, SB_ERR_USAGE, "--format takes svg, png, pdf, joined by commas, not \"%.*s\"",
                           (int)len, text);
        wanted->format[i] = true;
        text += len + (text[len] == ',');
    }
    return true;
}

/* Index of a word in a NULL-terminated list; a usage error when it is not there. NULL text: 0. */
static bool one_of(const char *option, const char *text, const char *const *words, size_t *index,
                   struct sb_err *err)
{
    struct sb_strbuf known = SB_STRBUF_INIT;
    for (*index = 0; text && words[*index] && strcmp(text, words[*index]) != 0;)
        ++*index;
    if (!text || words[*index]) return true;
    for (size_t i = 0; words[i]; i++)
        sb_strbuf_addf(&known, "%s%s", i == 0 ? "" : words[i + 1] ? ", " : " or ", words[i]);
    sb_fail(err, SB_ERR_USAGE, "--%s takes %s, not \"%.40s\"", option, known.buf, text);
    sb_strbuf_release(&known);
    return false;
}

/* "800x500" */
static bool parse_size(const char *text, struct sb_render_options *render, struct sb_err *err)
{
    const char *x = text ? strchr(text, 'x') : NULL;
    if (!text) return true;
    if (x && sb_number_parse(text, (size_t)(x - text), &render->width) &&
        sb_number_parse(x + 1, strlen(x + 1), &render->height) && render->width >= 240 &&
        render->width <= 4000 && render->height >= 160 && render->height <= 4000)
        return true;
    return sb_fail(err, SB_ERR_USAGE, "--size takes WIDTHxHEIGHT from 240x160 to 4000x4000, not \"%.40s\"",
                   text);
}

static bool read_wanted(const struct sb_options *o, struct wanted *wanted, struct sb_err *err)
{
    static const char *const themes[] = {"light", "dark", "print", NULL}, *const palettes[] = {"okabe-ito",
                                                                                               "tol", "grey",
                                                                                               NULL};
    size_t theme, palette;
    memset(wanted, 0, sizeof *wanted);
    if (!parse_formats(o->format ? o->format : "svg,png,pdf", wanted, err) ||
        !parse_size(o->size, &wanted->render, err) || !one_of("theme", o->theme, themes, &theme, err) ||
        !one_of("palette", o->palette, palettes, &palette, err))
        return false;
    if (o->scale > 4 || o->dpi > 600)
        return sb_fail(err, SB_ERR_USAGE, "--scale takes a number up to 4, --dpi one up to 600");
    wanted->render.theme = (enum sb_theme)theme;
    wanted->render.palette = (enum sb_palette)palette;
    wanted->render.dpi = isnan(o->dpi) ? 0 : o->dpi;
    wanted->render.scale = isnan(o->scale) ? (isnan(o->dpi) ? 2 : 0) : o->scale;
    return true;
}

/* ---- the data beside a chart ---- */

struct data_writer {
    struct sb_strbuf *out;
    bool first;
};

static void write_datum(void *context, const struct sb_datum *d)
{
    struct data_writer *w = context;
    const char *const texts[] = {d->panel, d->group, d->series, d->unit};
    const double numbers[] = {d->x, d->value, d->low, d->high};
    for (size_t i = 0; i < SB_ARRAY_SIZE(texts); i++)
        sb_csv_field(w->out, &w->first, texts[i] ? texts[i] : "");
    for (size_t i = 0; i < SB_ARRAY_SIZE(numbers); i++)
        sb_csv_number(w->out, &w->first, numbers[i]);
    sb_csv_count(w->out, &w->first, d->n);
    sb_csv_field(w->out, &w->first, d->suspect ? "1" : "0");
    sb_csv_end_row(w->out, &w->first);
}

static bool write_data(const struct sb_chart_set *set, const char *dir, struct sb_err *err)
{
    static const char heading[] = "panel,group,series,unit,x,value,low,high,n,suspect\n";
    bool ok = true;
    for (size_t i = 0; i < set->nr && ok; i++) {
        struct sb_strbuf out = SB_STRBUF_INIT, path = SB_STRBUF_INIT;
        struct data_writer writer = {&out, true};
        sb_strbuf_adds(&out, heading);
        sb_chart_data(&set->items[i].chart, write_datum, &writer);
        sb_strbuf_addf(&path, "%s/%s.csv", dir, set->items[i].name);
        ok = sb_outfile_write(path.buf, out.buf, out.len, err);
        sb_strbuf_release(&path);
        sb_strbuf_release(&out);
    }
    return ok;
}

static bool write_book(const struct sb_chart_set *set, const struct wanted *wanted, const char *dir,
                       struct sb_err *err)
{
    const struct sb_chart **charts = sb_xcalloc(set->nr, sizeof *charts);
    struct sb_strbuf out = SB_STRBUF_INIT, path = SB_STRBUF_INIT;
    for (size_t i = 0; i < set->nr; i++)
        charts[i] = &set->items[i].chart;
    sb_strbuf_addf(&path, "%s/book.pdf", dir);
    bool ok = sb_chart_book(charts, set->nr, "sysbench charts", &wanted->render, &out, err) &&
              sb_outfile_write(path.buf, out.buf, out.len, err);
    sb_strbuf_release(&path);
    sb_strbuf_release(&out);
    free(charts);
    return ok;
}

/* ---- drawing ---- */

static size_t make_jobs(struct sb_chart_set *set, const struct sb_sheet *sheets, size_t sheets_nr,
                        const struct wanted *wanted, const char *dir, struct sb_render_job *jobs)
{
    size_t nr = 0;
    for (size_t i = 0; i < sheets_nr; i++)
        for (size_t f = 0; f < SB_ARRAY_SIZE(all_formats); f++) {
            if (!wanted->format[f]) continue;
            struct sb_render_job *job = &jobs[nr++];
            *job = (struct sb_render_job){&sheets[i].item->chart, all_formats[f], wanted->render,
                                          sb_arena_printf(&set->arena, "%s/%s.%s", dir, sheets[i].name,
                                                          sb_chart_extension(all_formats[f]))};
            job->options.page = sheets[i].page;
        }
    return nr;
}

static bool draw(struct sb_chart_set *set, const struct sb_options *o, const struct wanted *wanted,
                 struct sb_err *err)
{
    const char *dir = o->output ? o->output : "charts";
    struct sb_sheet *sheets;
    size_t sheets_nr;
    struct sb_render_run run = {.workers = o->jobs, .quiet = o->quiet};
    if (!sb_make_dirs(dir, err) || !sb_sheets_make(set, &wanted->render, &run, &sheets, &sheets_nr, err))
        return false;
    struct sb_render_job *jobs = sb_xcalloc(sheets_nr * SB_ARRAY_SIZE(all_formats), sizeof *jobs);
    size_t nr = make_jobs(set, sheets, sheets_nr, wanted, dir, jobs);
    bool ok = sb_render_jobs(jobs, nr, &run, err) && (!o->data || write_data(set, dir, err)) &&
              (!o->book || write_book(set, wanted, dir, err));
    free(jobs);
    if (ok && !o->quiet)
        printf("%zu charts, %zu files in %s\n", set->nr, nr + (o->data ? set->nr : 0) + o->book, dir);
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

static int draw_or_list(struct sb_chart_set *set, const struct sb_options *o, const struct wanted *wanted,
                        struct sb_err *err)
{
    keep_named(set, &o->charts);
    if (!set->nr && o->charts.nr)
        return sb_fail(err, SB_ERR_USAGE, "no chart has that name; --list shows the names") - 1;
    if (!set->nr)
        return sb_fail(err, SB_ERR_NO_INPUT,
                       "no chart can be drawn from these runs: no test's headline metric is there") -
               1;
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
        sb_chart_set_build(&set, &loaded.ds, &experiment.platforms, &experiment.configs, o->all);
        status = draw_or_list(&set, o, &wanted, err);
        sb_chart_set_free(&set);
    }
    sb_experiment_release(&experiment);
    sb_loaded_release(&loaded);
    return status;
}

static const char *const options[] = {
    SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "chart",      "all",  "list", "theme",
    "palette",         "size",           "scale",      "dpi",  "data", "book",
    "baseline",        "margin",         "confidence", "jobs", NULL};

const struct sb_command sb_cmd_plot = {
    .name = "plot",
    .summary = "the charts, as SVG, PNG and PDF",
    .usage = "PATH... -o DIR [options]",
    .description = "Draws the set of charts that fits the runs: an overview, platforms side by side, "
                   "one platform and configuration, one platform across configurations, ratios with "
                   "verdicts, every run, and what interval reports, histograms and sizes allow.",
    .options = options,
    .format_help = "svg, png, pdf, joined by commas (default: all three)",
    .output_help = "the folder for the files (default: charts)",
    .run = run,
};
