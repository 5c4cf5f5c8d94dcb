#include "cli/commands.h"

#include "analyze/audit.h"
#include "cli/chart_set.h"
#include "cli/emit.h"
#include "cli/render.h"
#include "cli/report_dir.h"
#include "cli/sheets.h"
#include "cli/stages.h"
#include "core/alloc.h"
#include "core/code.h"
#include "core/text.h"
#include "io/outfile.h"
#include "io/tidy.h"

/* Everything a report is made of. */
struct work {
    const struct sb_options *options;
    const char *dir; /* as given */
    struct sb_loaded loaded;
    struct sb_experiment experiment;
    struct sb_experiment with_suspect; /* when needed */
    bool suspect_needed;
    struct sb_chart_set set;
    struct sb_sheet *sheets; /* the charts' pages, in the set's arena */
    size_t sheets_nr;
    struct sb_report_chart *charts; /* one per sheet, as the page shows it */
    struct sb_strbuf *svgs;         /* light and dark of each sheet, to embed */
    const char **svg_paths;         /* of each sheet, on disk */
    struct sb_strbuf command;
    struct sb_report_code *codes;
    size_t codes_nr;
    struct sb_report report;
};

/* ---- the command line for the reproduction section ---- */

static void add_word(struct sb_strbuf *out, const char *word)
{
    if (out->len) sb_strbuf_addc(out, ' ');
    if (*word && strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-=%,:@+") ==
                     strlen(word)) {
        sb_strbuf_adds(out, word);
        return;
    }
    sb_strbuf_addc(out, '\'');
    for (; *word; word++)
        if (*word == '\'')
            sb_strbuf_adds(out, "'\\''");
        else
            sb_strbuf_addc(out, *word);
    sb_strbuf_addc(out, '\'');
}

/* Absolute paths are cut to their last component: where files lie is nobody's business. */
static void add_argument(struct sb_strbuf *out, const char *word)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    const char *value = sb_has_prefix(word, "--") ? strchr(word, '=') : NULL;
    value = value ? value + 1 : word;
    sb_strbuf_add(&text, word, (size_t)(value - word));
    if (*value == '/') {
        size_t len = strlen(value);
        while (len > 1 && value[len - 1] == '/')
            len--;
        size_t start = len;
        while (start && value[start - 1] != '/')
            start--;
        sb_strbuf_add(&text, value + start, len - start);
    } else {
        sb_strbuf_adds(&text, value);
    }
    add_word(out, text.buf);
    sb_strbuf_release(&text);
}

/* Output, workers and progress change nothing in the report. Returns how many words the option takes, 0: keep
 * it. */
static int words_left_out(const char *word)
{
    static const char *const with_value[] = {"--output", "--jobs", "--format"};
    static const char letters[] = "ojf";
    size_t name = strcspn(word, "=");
    if (strcmp(word, "-q") == 0 || strcmp(word, "--quiet") == 0) return 1;
    for (size_t i = 0; i < SB_ARRAY_SIZE(with_value); i++) {
        if (name > 3 && strncmp(word, with_value[i], name) == 0) return word[name] ? 1 : 2;
        if (word[0] == '-' && word[1] == letters[i]) return word[2] ? 1 : 2;
    }
    return 0;
}

static void describe_command(struct sb_strbuf *out, const struct sb_invocation *in)
{
    sb_strbuf_adds(out, "sbstat report");
    for (int i = 1; i < in->argc; i++) {
        int skip = words_left_out(in->argv[i]);
        if (skip)
            i += skip - 1;
        else
            add_argument(out, in->argv[i]);
    }
}

/* What each code means: the audit's checks and the other stages' codes. */
static void collect_codes(struct work *w)
{
    size_t checks_nr, others_nr;
    const struct sb_check *checks = sb_audit_checks(&checks_nr);
    const struct sb_code_meaning *others = sb_code_meanings(&others_nr);
    w->codes = sb_xcalloc(checks_nr + others_nr, sizeof *w->codes);
    for (size_t i = 0; i < checks_nr; i++)
        w->codes[w->codes_nr++] = (struct sb_report_code){checks[i].code, checks[i].explanation};
    for (size_t i = 0; i < others_nr; i++)
        w->codes[w->codes_nr++] = (struct sb_report_code){others[i].code, others[i].text};
}

/* ---- charts ---- */

enum { FORMATS = 3 };
static const enum sb_chart_format formats[FORMATS] = {SB_CHART_SVG, SB_CHART_PNG, SB_CHART_PDF};

static struct sb_render_options render_options(const struct sb_sheet *sheet, enum sb_theme theme)
{
    return (struct sb_render_options){.theme = theme, .scale = 2, .page = sheet->page};
}

static bool draw_svg(const struct sb_sheet *sheet, enum sb_theme theme, struct sb_strbuf *out,
                     struct sb_err *err)
{
    struct sb_render_options options = render_options(sheet, theme);
    return sb_chart_render(&sheet->item->chart, SB_CHART_SVG, &options, out, err);
}

/* SVGs are quick: this process draws them, to embed and to write, while the workers draw the rest. */
static bool draw_svgs(void *context, struct sb_err *err)
{
    struct work *w = context;
    struct sb_outbatch batch = {.nr = 0};
    for (size_t i = 0; i < w->sheets_nr; i++) {
        struct sb_strbuf *light = &w->svgs[2 * i], *dark = &w->svgs[2 * i + 1];
        if (draw_svg(&w->sheets[i], SB_THEME_LIGHT, light, err) &&
            draw_svg(&w->sheets[i], SB_THEME_DARK, dark, err) &&
            sb_outbatch_write(&batch, w->svg_paths[i], light->buf, light->len, err))
            continue;
        sb_outbatch_abort(&batch);
        return false;
    }
    return sb_outbatch_commit(&batch, err);
}

static void describe_chart(struct sb_report_chart *to, const struct sb_sheet *from,
                           const struct sb_strbuf *svgs)
{
    const struct sb_chart_item *item = from->item;
    *to = (struct sb_report_chart){.name = from->name,
                                   .section = item->section,
                                   .title = from->title,
                                   .subtitle = item->chart.subtitle,
                                   .alt = item->chart.alt,
                                   .svg = svgs[0].buf,
                                   .svg_len = svgs[0].len,
                                   .svg_dark = svgs[1].buf,
                                   .svg_dark_len = svgs[1].len,
                                   .platform = item->platform,
                                   .config = item->config,
                                   .test = item->test};
}

static bool draw_charts(struct work *w, const struct sb_render_job *jobs, size_t jobs_nr, struct sb_err *err)
{
    if (!w->sheets_nr) return true;
    struct sb_render_run run = {
        .workers = w->options->jobs, .quiet = w->options->quiet, .meanwhile = draw_svgs, .context = w};
    if (!sb_render_jobs(jobs, jobs_nr, &run, err)) return false;
    for (size_t i = 0; i < w->sheets_nr; i++)
        describe_chart(&w->charts[i], &w->sheets[i], &w->svgs[2 * i]);
    return true;
}

static bool plan_charts(struct work *w, struct sb_err *err)
{
    sb_chart_set_build(&w->set, &w->loaded.ds, &w->experiment.platforms, &w->experiment.configs, false);
    if (!w->set.nr) return true;
    struct sb_render_options scaled = {.scale = 2};
    struct sb_render_run run = {.workers = w->options->jobs, .quiet = w->options->quiet};
    if (!sb_sheets_make(&w->set, &scaled, &run, &w->sheets, &w->sheets_nr, err)) return false;
    w->charts = sb_xcalloc(w->sheets_nr, sizeof *w->charts);
    w->svgs = sb_xcalloc(2 * w->sheets_nr, sizeof *w->svgs);
    w->svg_paths = sb_xcalloc(w->sheets_nr, sizeof *w->svg_paths);
    for (size_t i = 0; i < 2 * w->sheets_nr; i++)
        sb_strbuf_init(&w->svgs[i]);
    return true;
}

/* ---- files ---- */

static void runs_csv(struct sb_strbuf *out, struct work *w)
{
    sb_tidy_write(out, &w->loaded.ds);
}

static void table_csv(struct sb_strbuf *out, const struct sb_results *results,
                      void (*fill)(struct sb_table *, const struct sb_results *))
{
    struct sb_table table;
    sb_table_init(&table);
    fill(&table, results);
    sb_table_write_csv(out, &table);
    sb_table_free(&table);
}

static void summary_csv(struct sb_strbuf *out, struct work *w)
{
    table_csv(out, &w->experiment.all, sb_table_of_summaries);
}

static void comparisons_csv(struct sb_strbuf *out, struct work *w)
{
    table_csv(out, &w->experiment.all, sb_table_of_comparisons);
}

static void report_json(struct sb_strbuf *out, struct work *w)
{
    sb_report_json(out, &w->report);
}

static void report_md(struct sb_strbuf *out, struct work *w)
{
    sb_report_markdown(out, &w->report);
}

static void report_tex(struct sb_strbuf *out, struct work *w)
{
    sb_report_latex(out, &w->report);
}

static void index_html(struct sb_strbuf *out, struct work *w)
{
    sb_report_html(out, &w->report);
}

typedef void make_fn(struct sb_strbuf *out, struct work *w);

/* The page comes last: when it is there, what it links to is there. */
static const struct {
    const char *name;
    make_fn *make;
} files[] = {{"runs.csv", runs_csv},       {"summary.csv", summary_csv}, {"comparisons.csv", comparisons_csv},
             {"report.json", report_json}, {"report.md", report_md},     {"report.tex", report_tex},
             {"index.html", index_html}};

static bool write_file(struct work *w, size_t i, const char *path, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    files[i].make(&text, w);
    bool ok = sb_outfile_write(path, text.buf, text.len, err);
    sb_strbuf_release(&text);
    return ok;
}

static bool write_report(struct work *w, struct sb_report_dir *dir, struct sb_err *err)
{
    const char *paths[SB_ARRAY_SIZE(files)];
    struct sb_render_job *jobs = sb_arena_calloc(&dir->arena, FORMATS * w->sheets_nr, sizeof *jobs);
    size_t jobs_nr = 0;
    for (size_t i = 0; i < SB_ARRAY_SIZE(files); i++)
        paths[i] = sb_report_dir_add(dir, files[i].name);
    for (size_t i = 0; i < w->sheets_nr; i++)
        for (size_t f = 0; f < FORMATS; f++) {
            const struct sb_sheet *sheet = &w->sheets[i];
            const char *path =
                sb_report_dir_add(dir, sb_arena_printf(&dir->arena, "charts/%s.%s", sheet->name,
                                                       sb_chart_extension(formats[f])));
            if (formats[f] == SB_CHART_SVG)
                w->svg_paths[i] = path;
            else
                jobs[jobs_nr++] = (struct sb_render_job){&sheet->item->chart, formats[f],
                                                         render_options(sheet, SB_THEME_LIGHT), path};
        }
    if (!sb_report_dir_check(dir, err) || !sb_report_dir_begin(dir, err) ||
        !draw_charts(w, jobs, jobs_nr, err))
        return false;
    for (size_t i = 0; i < SB_ARRAY_SIZE(files); i++)
        if (!write_file(w, i, paths[i], err)) return false;
    return sb_report_dir_finish(dir, err);
}

/* ---- what is printed ---- */

static void summary_text(struct sb_strbuf *out, struct work *w)
{
    struct sb_text_style style = sb_text_style_for(true);
    const char *dir = w->dir;
    sb_report_text(out, &w->report, &style);
    sb_strbuf_adds(out, "\nReport: ");
    sb_text_visible(out, dir, strlen(dir), false);
    sb_strbuf_adds(out, "/index.html\n");
}

static void junit_xml(struct sb_strbuf *out, struct work *w)
{
    sb_report_junit(out, &w->report);
}

static void benchstat_text(struct sb_strbuf *out, struct work *w)
{
    sb_report_benchstat(out, &w->report);
}

static void openmetrics_text(struct sb_strbuf *out, struct work *w)
{
    sb_report_openmetrics(out, &w->report);
}

static const struct {
    const char *name;
    make_fn *make;
} printed[] = {{"text", summary_text},        {"csv", comparisons_csv},
               {"json", report_json},         {"markdown", report_md},
               {"latex", report_tex},         {"junit", junit_xml},
               {"benchstat", benchstat_text}, {"openmetrics", openmetrics_text}};

static bool find_printed(const char *format, make_fn **make, struct sb_err *err)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(printed); i++)
        if (strcmp(format, printed[i].name) == 0) {
            *make = printed[i].make;
            return true;
        }
    return sb_fail(
        err, SB_ERR_USAGE,
        "--format takes text, csv, json, markdown, latex, junit, benchstat or openmetrics, not \"%.40s\"",
        format);
}

static int print_summary(struct work *w, make_fn *make, struct sb_err *err)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    make(&text, w);
    bool ok = sb_outfile_write("-", text.buf, text.len, err);
    sb_strbuf_release(&text);
    return ok ? 0 : -1;
}

/* ---- the command ---- */

static int make_report(struct work *w, const struct sb_invocation *in, make_fn *make, struct sb_err *err)
{
    struct sb_report_dir dir;
    w->dir = in->options->output ? in->options->output : "report";
    describe_command(&w->command, in);
    collect_codes(w);
    sb_run_effects(&w->experiment, &w->loaded);
    if (!plan_charts(w, err)) return -1;
    w->report =
        (struct sb_report){.ds = &w->loaded.ds,
                           .platforms = &w->experiment.platforms,
                           .configs = &w->experiment.configs,
                           .charts = w->charts,
                           .charts_nr = w->sheets_nr,
                           .paths = w->loaded.names.v,
                           .paths_nr = w->loaded.names.nr,
                           .command = w->command.buf,
                           .version = SBSTAT_VERSION,
                           .codes = w->codes,
                           .codes_nr = w->codes_nr,
                           .platforms_with_suspect = w->suspect_needed ? &w->with_suspect.platforms : NULL,
                           .configs_with_suspect = w->suspect_needed ? &w->with_suspect.configs : NULL};
    bool ok = sb_report_dir_open(&dir, w->dir, err) && write_report(w, &dir, err);
    sb_report_dir_release(&dir);
    return ok ? print_summary(w, make, err) : -1;
}

static void work_release(struct work *w)
{
    for (size_t i = 0; w->svgs && i < 2 * w->sheets_nr; i++)
        sb_strbuf_release(&w->svgs[i]);
    free(w->svgs);
    free(w->svg_paths);
    free(w->charts);
    free(w->codes);
    sb_strbuf_release(&w->command);
    sb_chart_set_free(&w->set);
    sb_experiment_release(&w->experiment);
    sb_experiment_release(&w->with_suspect);
    sb_loaded_release(&w->loaded);
}

static int run(const struct sb_invocation *in, struct sb_err *err)
{
    const struct sb_options *o = in->options;
    struct work w;
    make_fn *make = NULL;
    int status = -1;
    memset(&w, 0, sizeof w);
    sb_strbuf_init(&w.command);
    w.options = o;
    if (!find_printed(o->format ? o->format : "text", &make, err)) return -1;
    if (o->output && strcmp(o->output, "-") == 0)
        return sb_fail(err, SB_ERR_USAGE, "a report is a folder: give -o DIR") - 1;
    if (!sb_load(&w.loaded, o, SB_LOAD_EXCERPTS, NULL, err)) return -1;
    if (sb_run_experiment(&w.experiment, &w.loaded, o, true, err) &&
        sb_run_experiment_with_suspect(&w.with_suspect, &w.loaded, o, &w.suspect_needed, err))
        status = make_report(&w, in, make, err);
    work_release(&w);
    return status;
}

static const char *const options[] = {
    SB_OPTIONS_OUTPUT, SB_OPTIONS_INPUT, "baseline", "all-pairs", "margin", "alpha",
    "confidence",      "correction",     "test",     "jobs",      NULL};

const struct sb_command sb_cmd_report = {
    .name = "report",
    .summary = "one page with findings, charts, tables and their evidence",
    .usage = "PATH... [-o DIR] [options]",
    .description = "Reads every log below the PATHs and writes DIR/index.html (one self-contained page), "
                   "report.md, report.tex, runs.csv, summary.csv, comparisons.csv, report.json and charts/ "
                   "as SVG, PNG and PDF. Prints a short summary, or another form of the report.",
    .options = options,
    .output_help = "the folder for the report (default: report)",
    .format_help = "of what is printed: text, csv, json, markdown, latex, junit, benchstat or openmetrics",
    .run = run,
};
