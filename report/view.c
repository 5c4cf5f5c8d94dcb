#include "report/view.h"

#include "core/alloc.h"
#include "core/platform.h"
#include "core/text.h"
#include "report/design.h"
#include "report/suspect.h"
#include "report/words.h"

static const struct sb_results no_results;

const char *sb_view_level(const char *factor, const char *level)
{
    return strcmp(factor, "platform") == 0 ? sb_platform_display(level) : level;
}

const char *sb_view_label(const struct sb_labels *labels, const char *name)
{
    const char *value = sb_labels_get(labels, name);
    return value ? sb_view_level(name, value) : "";
}

const char *sb_view_label_title(const char *name)
{
    static const char *const titles[][2] = {
        {"platform", "Platform"}, {"config", "Configuration"}, {"test", "Test"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(titles); i++)
        if (strcmp(titles[i][0], name) == 0) return titles[i][1];
    return name;
}

const char *sb_view_place(const struct sb_view *view, struct sb_arena *arena, const struct sb_labels *rest)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    static const char *const order[] = {"platform", "test", "config"};
    static const char *const joint[] = {"", " ", " in "};
    for (size_t i = 0; i < SB_ARRAY_SIZE(order); i++) {
        const char *value = sb_view_label(rest, order[i]);
        if (*value) sb_strbuf_addf(&out, "%s%s", out.len ? joint[i] : "", value);
    }
    for (size_t i = 0; i < rest->nr; i++) {
        const char *name = rest->v[i].name;
        if (sb_labels_get(rest, "config") && sb_view_is_implied(view, name)) continue;
        if (strcmp(name, "platform") && strcmp(name, "test") && strcmp(name, "config"))
            sb_strbuf_addf(&out, "%s%s %s", out.len ? ", " : "", name, rest->v[i].value);
    }
    const char *text = sb_arena_strdup(arena, out.len ? out.buf : "all runs");
    sb_strbuf_release(&out);
    return text;
}

/* ---- notes ---- */

static int note_cmp(const void *a, const void *b)
{
    return strcmp(((const struct sb_view_note *)a)->code, ((const struct sb_view_note *)b)->code);
}

static struct sb_view_note *find_note(const struct sb_view *view, const char *code)
{
    struct sb_view_note key = {.code = code};
    return view->notes_nr ? bsearch(&key, view->notes, view->notes_nr, sizeof key, note_cmp) : NULL;
}

size_t sb_view_note_number(const struct sb_view *view, const char *code)
{
    const struct sb_view_note *note = find_note(view, code);
    return note ? (size_t)(note - view->notes) + 1 : 0;
}

struct code_list {
    const char **v;
    size_t nr, alloc;
};

static void add_code(struct code_list *list, const char *code)
{
    for (size_t i = 0; i < list->nr; i++)
        if (list->v[i] == code || strcmp(list->v[i], code) == 0) return;
    SB_ALLOC_GROW(list->v, list->nr + 1, list->alloc);
    list->v[list->nr++] = code;
}

static void add_codes_of(struct code_list *list, const struct sb_results *results)
{
    for (size_t i = 0; results && i < results->summaries_nr; i++)
        for (size_t k = 0; k < results->summaries[i].findings.nr; k++)
            add_code(list, results->summaries[i].findings.v[k]);
    for (size_t i = 0; results && i < results->effects_nr; i++)
        for (size_t k = 0; k < results->effects[i].findings.nr; k++)
            add_code(list, results->effects[i].findings.v[k]);
    for (size_t i = 0; results && i < results->comparisons_nr; i++)
        for (size_t k = 0; k < results->comparisons[i].findings.nr; k++)
            add_code(list, results->comparisons[i].findings.v[k]);
}

static const char *text_of_code(const struct sb_view *view, const char *code)
{
    for (size_t i = 0; i < view->report->codes_nr; i++)
        if (strcmp(view->report->codes[i].code, code) == 0) return view->report->codes[i].text;
    const char *known = sb_words_code(code);
    return known ? known : "";
}

static void count_findings(struct sb_view *view)
{
    const struct sb_dataset *ds = view->report->ds;
    for (size_t i = 0; i < ds->findings_nr; i++) {
        const struct sb_finding *finding = &ds->findings[i];
        struct sb_view_note *note = find_note(view, finding->code);
        if (finding->severity > note->severity) note->severity = finding->severity;
        if (!*note->text) note->text = finding->message ? finding->message : "";
        *(finding->severity == SB_ERROR     ? &view->errors
          : finding->severity == SB_WARNING ? &view->warnings
                                            : &view->hints) += 1;
    }
}

static void make_notes(struct sb_view *view)
{
    struct code_list codes = {NULL, 0, 0};
    const struct sb_dataset *ds = view->report->ds;
    add_codes_of(&codes, view->report->platforms);
    add_codes_of(&codes, view->report->configs);
    for (size_t i = 0; i < ds->findings_nr; i++)
        add_code(&codes, ds->findings[i].code);
    view->notes_nr = codes.nr;
    view->notes = sb_arena_calloc(&view->arena, codes.nr + 1, sizeof *view->notes);
    for (size_t i = 0; i < codes.nr; i++)
        view->notes[i] = (struct sb_view_note){.code = codes.v[i], .text = text_of_code(view, codes.v[i])};
    free(codes.v);
    if (view->notes_nr) qsort(view->notes, view->notes_nr, sizeof *view->notes, note_cmp);
    count_findings(view);
    for (size_t i = 0; i < view->results->summaries_nr; i++)
        for (size_t k = 0; k < view->results->summaries[i].findings.nr; k++)
            find_note(view, view->results->summaries[i].findings.v[k])->rows++;
    for (size_t i = 0; i < view->notes_nr; i++)
        view->notes[i].everywhere =
            view->notes[i].rows > 1 && view->notes[i].rows == view->results->summaries_nr;
}

/* ---- the whole ---- */

static void count_runs(struct sb_view *view)
{
    const struct sb_dataset *ds = view->report->ds;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        view->runs_complete += ds->runs[i].status == SB_COMPLETE;
        view->runs_partial += ds->runs[i].status == SB_PARTIAL;
        view->runs_failed += ds->runs[i].status == SB_FAILED;
        view->runs_suspect += ds->runs[i].suspect;
    }
    view->sources_without_runs =
        sb_arena_calloc(&view->arena, ds->sources_nr + 1, sizeof *view->sources_without_runs);
    for (size_t i = 0; i < ds->sources_nr; i++)
        if (!ds->sources[i].runs)
            view->sources_without_runs[view->sources_without_runs_nr++] = ds->sources[i].name;
}

void sb_view_init(struct sb_view *view, const struct sb_report *report)
{
    *view = (struct sb_view){.report = report};
    sb_arena_init(&view->arena);
    view->results = report->platforms && report->platforms->summaries_nr ? report->platforms
                    : report->configs                                    ? report->configs
                    : report->platforms                                  ? report->platforms
                                                                         : &no_results;
    const struct sb_results *platforms = report->platforms ? report->platforms : &no_results;
    const struct sb_results *configs = report->configs ? report->configs : &no_results;
    sb_view_design(view);
    sb_view_matrix(view, &view->platforms, platforms, "platform", platforms->baseline);
    sb_view_matrix(view, &view->configs, configs, "config", configs->baseline);
    count_runs(view);
    make_notes(view);
    sb_suspect_compare(view);
}

void sb_view_free(struct sb_view *view)
{
    sb_arena_free(&view->arena);
    *view = (struct sb_view){.report = NULL};
}

static void labels_with(struct sb_labels *out, const struct sb_labels *rest, const char *factor,
                        const char *level)
{
    sb_labels_copy(out, rest);
    sb_labels_set(out, factor, level);
}

size_t sb_view_left_out(const struct sb_view *view, const struct sb_view_matrix *matrix,
                        const struct sb_view_row *row, size_t level)
{
    struct sb_labels labels = SB_LABELS_INIT;
    size_t left_out = 0;
    labels_with(&labels, &row->rest, matrix->factor, matrix->levels[level]);
    const struct sb_view_cell *cell = sb_view_find_cell(view, &labels);
    for (size_t i = 0; cell && i < cell->runs_nr; i++) {
        const struct sb_run *run = &view->report->ds->runs[cell->runs[i]];
        left_out += run->suspect && sb_run_value(run, row->metric);
    }
    sb_labels_release(&labels);
    return left_out;
}
