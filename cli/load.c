#include "cli/load.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include <unistd.h>
#include "analyze/analyze.h"
#include "cli/progress.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"
#include "parsers/labels.h"

enum { LABEL_FILE_LIMIT = 64 << 20 };

static bool paths_exist(const struct sb_options *o, struct sb_err *err)
{
    struct stat st;
    if (!o->paths.nr)
        return sb_fail(err, SB_ERR_USAGE,
                       "name at least one PATH: a log, a folder of logs, a tidy CSV, or -");
    for (size_t i = 0; i < o->paths.nr; i++)
        if (strcmp(o->paths.v[i], "-") != 0 && stat(o->paths.v[i], &st) != 0)
            return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", o->paths.v[i], strerror(errno));
    return true;
}

/* The last component of the PATH as typed; a second PATH with the same name gets "#2". */
static const char *public_name(struct sb_loaded *loaded, const char *path)
{
    size_t len = strlen(path), same = 1;
    while (len > 1 && path[len - 1] == '/')
        len--;
    size_t start = len;
    while (start && path[start - 1] != '/')
        start--;
    const char *base = sb_arena_intern(&loaded->ds.arena, path + start, len - start);
    if (strcmp(path, "-") == 0) base = "stdin";
    if (!*base) base = "root"; /* the path "/" */
    const char *name = base;
    for (size_t i = 0; i < loaded->names.nr; i++) {
        if (strcmp(loaded->names.v[i], name) != 0) continue;
        name = sb_arena_printf(&loaded->ds.arena, "%s#%zu", base, ++same);
        i = (size_t)-1; /* look again from the start */
    }
    SB_ALLOC_GROW(loaded->names.v, loaded->names.nr + 1, loaded->names.alloc);
    return loaded->names.v[loaded->names.nr++] = name;
}

static bool read_label_rules(struct sb_label_rules *rules, const struct sb_options *o, struct sb_err *err)
{
    if (o->layout && !sb_label_rules_set_layout(rules, o->layout, err)) return false;
    for (size_t i = 0; i < o->label_files.nr; i++) {
        char *text;
        size_t len;
        if (!sb_read_file(o->label_files.v[i], LABEL_FILE_LIMIT, &text, &len, err)) return false;
        bool ok = sb_label_rules_add_csv(rules, o->label_files.v[i], text, len, err);
        free(text);
        if (!ok) {
            err->code = SB_ERR_USAGE;
            return false;
        }
    }
    return true;
}

/* Files that gave nothing, one line each on standard error. */
static void say_unread_files(const struct sb_dataset *ds, const struct sb_options *o)
{
    struct sb_strbuf line = SB_STRBUF_INIT;
    for (size_t i = 0; i < ds->findings_nr && !o->quiet; i++) {
        const struct sb_finding *f = &ds->findings[i];
        if (f->run_index != SB_NO_RUN || !f->source) continue;
        sb_strbuf_clear(&line);
        sb_text_visible(&line, f->source, strlen(f->source), false);
        sb_strbuf_adds(&line, ": ");
        sb_text_visible(&line, f->message, strlen(f->message), false);
        fprintf(stderr, "sbstat: %s\n", line.buf);
    }
    sb_strbuf_release(&line);
}

static bool usable(const struct sb_dataset *ds, bool points_count)
{
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const struct sb_run *run = &ds->runs[i];
        if (run->values_nr || (points_count && (run->points_nr || run->buckets_nr))) return true;
    }
    return false;
}

static bool load_paths(struct sb_loaded *loaded, const struct sb_options *o,
                       const struct sb_parse_options *parse, struct sb_err *err)
{
    for (size_t i = 0; i < o->paths.nr; i++)
        if (!sb_parse_path(&loaded->ds, o->paths.v[i], public_name(loaded, o->paths.v[i]), parse,
                           &loaded->output, err))
            return false;
    return sb_parse_finish(&loaded->ds, parse, err);
}

static bool no_usable_run(const struct sb_options *o, struct sb_err *err)
{
    if (o->filters_nr)
        return sb_fail(err, SB_ERR_NO_INPUT,
                       "no usable sysbench run passes --where (see 'sbstat parse --labels-only')");
    return sb_fail(err, SB_ERR_NO_INPUT, "no usable sysbench run in %s%s", o->paths.v[0],
                   o->paths.nr > 1 ? " and the other PATHs" : "");
}

bool sb_load(struct sb_loaded *loaded, const struct sb_options *o, unsigned wants, const char *explain_source,
             struct sb_err *err)
{
    struct sb_analysis_settings settings;
    memset(loaded, 0, sizeof *loaded);
    if (!sb_settings_of(&settings, o, err)) return false; /* before any work */
    sb_dataset_init(&loaded->ds);
    if (!paths_exist(o, err)) return false;
    struct sb_progress progress;
    sb_progress_start(&progress, "reading", o->quiet);
    struct sb_label_rules *rules = sb_label_rules_new();
    struct sb_parse_options parse = {.labels = rules,
                                     .keep_excerpts = wants & SB_LOAD_EXCERPTS,
                                     .collect_unread = wants & SB_LOAD_UNREAD,
                                     .explain_source = explain_source,
                                     .progress = sb_progress_files,
                                     .progress_context = &progress,
                                     .label_origins = wants & SB_LOAD_LABELS ? &loaded->output : NULL};
    bool ok = read_label_rules(rules, o, err) && load_paths(loaded, o, &parse, err);
    sb_progress_end(&progress);
    sb_label_rules_free(rules);
    if (ok) {
        if (!(wants & SB_LOAD_NO_AUDIT))
            sb_audit(&loaded->ds); /* before the filter: copies are found across everything */
        if (o->filters_nr) sb_dataset_filter(&loaded->ds, o->filters, o->filters_nr);
        say_unread_files(&loaded->ds, o);
        ok = wants & SB_LOAD_ALLOW_EMPTY || usable(&loaded->ds, wants & SB_LOAD_POINTS) ||
             no_usable_run(o, err);
    }
    if (!ok) sb_loaded_release(loaded);
    return ok;
}

void sb_loaded_release(struct sb_loaded *loaded)
{
    sb_parse_output_release(&loaded->output);
    free(loaded->names.v);
    loaded->names.v = NULL;
    sb_dataset_free(&loaded->ds);
}

static bool one_of(const char *option, const char *given, const char *const *known, struct sb_err *err)
{
    for (const char *const *k = known; *k; k++)
        if (strcmp(given, *k) == 0) return true;
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (const char *const *k = known; *k; k++)
        sb_strbuf_addf(&list, "%s%s", k == known ? "" : k[1] ? ", " : " or ", *k);
    sb_fail(err, SB_ERR_USAGE, "--%s takes %s, not \"%.40s\"", option, list.buf, given);
    sb_strbuf_release(&list);
    return false;
}

bool sb_settings_of(struct sb_analysis_settings *settings, const struct sb_options *o, struct sb_err *err)
{
    static const char *const corrections[] = {"holm", "bh", "none", NULL};
    static const char *const methods[] = {"welch",        "permutation", "mann-whitney",
                                          "games-howell", "dunnett",     NULL};
    static const char *const centers[] = {"mean", "geomean", "median", NULL};
    static const char *const estimates[] = {"ratio", "difference", "fieller", "hodges-lehmann", NULL};
    sb_analysis_defaults(settings);
    if (o->center && !one_of("center", o->center, centers, err)) return false;
    if (o->correction && !one_of("correction", o->correction, corrections, err)) return false;
    if (o->p_method && !one_of("test", o->p_method, methods, err)) return false;
    if (o->estimate && !one_of("estimate", o->estimate, estimates, err)) return false;
    if (o->all_pairs && o->p_method && strcmp(o->p_method, "dunnett") == 0)
        return sb_fail(err, SB_ERR_USAGE,
                       "--test dunnett compares with one baseline; for --all-pairs take games-howell");
    if (o->correction) settings->correction = o->correction;
    if (o->p_method) settings->p_method = o->p_method;
    if (!isnan(o->confidence)) settings->confidence = o->confidence;
    if (!isnan(o->alpha)) settings->alpha = o->alpha;
    if (!isnan(o->margin)) settings->margin = o->margin;
    if (!isnan(o->tolerance)) settings->content = o->tolerance;
    settings->include_suspect = o->include_suspect;
    settings->estimate = o->estimate;
    settings->seed = o->seed;
    settings->permutations = o->permutations;
    settings->bootstrap = o->bootstrap;
    settings->center = o->center;
    settings->prediction = o->prediction || o->all_columns;
    return true;
}
