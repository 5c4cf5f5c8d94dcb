/* Labels of all runs, then order and cells; sb_parse_finish() of parse.h. */
#include "parsers/parse.h"

#include "core/alloc.h"
#include "core/metric.h"
#include "core/text.h"
#include "io/number.h"
#include "parsers/label_rules.h"
#include "parsers/notes.h"
#include "parsers/path_labels.h"

enum { NAMED_MAX = 64 }; /* different options in all names together */

struct named_parameter;

struct finish {
    struct sb_dataset *ds;
    const struct sb_parse_options *options;
    const struct sb_label_rules *rules;
    struct sb_path_source *sources;
    size_t sources_nr, sources_alloc;
    const struct sb_run_note **notes; /* by run, NULL none */
    struct sb_label_origin **origins; /* by run: malloc'd lists, only when asked for */
    size_t *origins_nr;
    struct named_parameter *named; /* options that names give */
    size_t named_nr;
    size_t run; /* the current one */
};

/* ---- who said what ---- */

static void trace(struct finish *f, size_t run, const char *name, const char *value, const char *why)
{
    if (!f->origins) return;
    size_t n = f->origins_nr[run];
    for (size_t i = 0; i < n; i++)
        if (strcmp(f->origins[run][i].name, name) == 0) {
            f->origins[run][i].value = value;
            f->origins[run][i].why = why;
            return;
        }
    f->origins[run] = sb_xreallocarray(f->origins[run], n + 1, sizeof **f->origins);
    f->origins[run][n] =
        (struct sb_label_origin){f->ds->runs[run].source, f->ds->runs[run].ordinal, name, value, why};
    f->origins_nr[run]++;
}

/* A label that outranks what is there. */
static void set_label(struct finish *f, size_t run, const char *name, const char *value, const char *why)
{
    sb_run_set_label(f->ds, &f->ds->runs[run], name, value);
    trace(f, run, sb_dataset_intern(f->ds, name), sb_dataset_intern(f->ds, value), why);
}

/* A label that yields to what is there. */
static void infer_label(struct finish *f, size_t run, const char *name, const char *value, const char *why)
{
    const char *given = sb_run_label(&f->ds->runs[run], name);
    if (!given) {
        set_label(f, run, name, value, why);
        return;
    }
    if (strcmp(given, value) != 0 && strcmp(name, "platform") == 0)
        sb_dataset_add_finding(f->ds, "LABEL_CONTRADICTION", SB_WARNING, run, 0,
                               "%s: the manifest says %s=%s, the path says %s (%s)", f->ds->runs[run].source,
                               name, given, value, why);
}

static void copy_origins(struct finish *f)
{
    struct sb_parse_output *out = f->options ? f->options->label_origins : NULL;
    if (!out) return;
    for (size_t r = 0; r < f->ds->runs_nr; r++)
        for (size_t i = 0; i < f->origins_nr[r]; i++) {
            SB_ALLOC_GROW(out->labels, out->labels_nr + 1, out->labels_alloc);
            out->labels[out->labels_nr++] = f->origins[r][i];
        }
}

static int origin_cmp(const void *pa, const void *pb)
{
    const struct sb_label_origin *a = pa, *b = pb;
    int cmp = strcmp(a->source, b->source);
    if (!cmp) cmp = (a->ordinal > b->ordinal) - (a->ordinal < b->ordinal);
    return cmp ? cmp : sb_label_name_cmp(a->name, b->name);
}

static void sort_origins(struct sb_parse_output *out)
{
    if (out->labels_nr) qsort(out->labels, out->labels_nr, sizeof *out->labels, origin_cmp);
}

/* The labels that split cells by parameters, which nobody gave. */
static void add_split_origins(const struct sb_dataset *ds, struct sb_parse_output *out)
{
    sort_origins(out);
    size_t given = out->labels_nr;
    for (size_t r = 0; r < ds->runs_nr; r++)
        for (size_t i = 0; i < ds->runs[r].labels.nr; i++) {
            const struct sb_run *run = &ds->runs[r];
            struct sb_label_origin key = {run->source, run->ordinal, run->labels.v[i].name,
                                          run->labels.v[i].value, "parameters"};
            if (given && bsearch(&key, out->labels, given, sizeof key, origin_cmp)) continue;
            SB_ALLOC_GROW(out->labels, out->labels_nr + 1, out->labels_alloc);
            out->labels[out->labels_nr++] = key;
        }
    sort_origins(out);
}

/* ---- sources ---- */

static bool is_complete(const struct finish *f, size_t run)
{
    return f->notes[run] && f->notes[run]->complete;
}

/* All labels of the file's runs are given. */
static bool is_labelled(const struct finish *f, size_t run)
{
    return f->notes[run] && (f->notes[run]->complete || f->notes[run]->named_by_labels);
}

static size_t layout_covers(struct finish *f, const char *source)
{
    struct sb_labels ignored = SB_LABELS_INIT;
    bool covers = sb_layout_match(f->rules, &f->ds->arena, source, &ignored);
    sb_labels_release(&ignored);
    return covers ? sb_layout_components(f->rules) : 0;
}

static void collect_sources(struct finish *f)
{
    for (size_t i = 0; i < f->ds->runs_nr;) {
        const char *source = f->ds->runs[i].source;
        size_t to = i;
        while (to < f->ds->runs_nr && f->ds->runs[to].source == source)
            to++;
        if (!is_labelled(f, i)) {
            SB_ALLOC_GROW(f->sources, f->sources_nr + 1, f->sources_alloc);
            struct sb_path_source *s = &f->sources[f->sources_nr++];
            *s = (struct sb_path_source){.source = source, .first_run = i, .runs_nr = to - i};
            sb_path_words_read(&s->words, &f->ds->arena, source, layout_covers(f, source));
        }
        i = to;
    }
}

/* ---- the test ---- */

static bool same_test(const char *kind, const char *test)
{
    return strcmp(kind, test) == 0 || (sb_kind_is_oltp(kind) && sb_kind_is_oltp(test));
}

/* 1.0 and 1.1 print nothing that tells threads, mutex and scripts apart: there the name may say it. */
static void take_kind_from_name(struct finish *f, struct sb_run *run, const char *test)
{
    bool silent = strcmp(test, "threads") == 0 || strcmp(test, "mutex") == 0 || sb_kind_is_oltp(test);
    if (!*run->kind && silent && run->status == SB_COMPLETE) run->kind = sb_dataset_intern(f->ds, test);
}

static void label_test(struct finish *f, const struct sb_path_source *s, size_t r)
{
    struct sb_run *run = &f->ds->runs[r];
    const struct sb_word_claim *claim = &s->words.claims[SB_WORD_TEST];
    const char *test = NULL, *claimed = claim->value;
    for (size_t i = 0; i < s->words.tests_nr; i++)
        if (s->words.tests[i].kind == claim->value) claimed = s->words.tests[i].name;
    if (claim->value) take_kind_from_name(f, run, claim->value);
    if (!*run->kind) {
        if (claim->value)
            infer_label(f, r, "test", claimed, sb_arena_printf(&f->ds->arena, "path: %s", claim->why));
        return;
    }
    for (size_t i = 0; i < s->words.tests_nr; i++)
        if (same_test(run->kind, s->words.tests[i].kind)) test = s->words.tests[i].name;
    if (test) {
        infer_label(f, r, "test", test, sb_arena_printf(&f->ds->arena, "path and log: %s", test));
        return;
    }
    infer_label(f, r, "test", run->kind, "log");
    if (claim->value && claim->rank >= 2)
        sb_dataset_add_finding(f->ds, "NAME_CONTRADICTS_LOG", SB_WARNING, r, 0,
                               "%s: the name says %s (%s), the log is of %s; the log is believed",
                               run->source, claim->value, claim->why, run->kind);
}

/* ---- headings ---- */

static const char *heading_of(const struct finish *f, size_t r)
{
    return f->notes[r] ? f->notes[r]->heading : "";
}

/* The heading stood above an earlier run of the file already: its contradiction was said there. */
static bool heading_is_old(const struct finish *f, size_t r)
{
    return r && f->ds->runs[r - 1].source == f->ds->runs[r].source &&
           strcmp(heading_of(f, r - 1), heading_of(f, r)) == 0;
}

static void contradiction_of_heading(struct finish *f, size_t r, const struct sb_path_words *words)
{
    const struct sb_run *run = &f->ds->runs[r];
    const struct sb_word_claim *test = &words->claims[SB_WORD_TEST],
                               *platform = &words->claims[SB_WORD_PLATFORM];
    const char *known = sb_run_label(run, "platform");
    /* "threads" in a heading mostly counts them */
    if (test->value && words->tests_nr == 1 && test->rank >= 2 && strcmp(test->value, "threads") != 0 &&
        *run->kind && !same_test(run->kind, test->value))
        sb_dataset_add_finding(f->ds, "NAME_CONTRADICTS_LOG", SB_WARNING, r, run->first_line,
                               "%s:%u: the heading says %s (%s), the log is of %s; the log is believed",
                               run->source, (unsigned)run->first_line, test->value, test->why, run->kind);
    if (known && platform->value && platform->rank >= 3 && sb_platform_word_rank(known) >= 3 &&
        strcmp(known, platform->value) != 0)
        sb_dataset_add_finding(f->ds, "LABEL_CONTRADICTION", SB_WARNING, r, run->first_line,
                               "%s:%u: the heading says %s (%s), the path or manifest says %s", run->source,
                               (unsigned)run->first_line, platform->value, platform->why, known);
}

/* What the lines above a run say: believed where the log and the path are silent, else compared. */
static void label_from_heading(struct finish *f, size_t r)
{
    struct sb_path_words words;
    struct sb_run *run = &f->ds->runs[r];
    char *text = sb_arena_strdup(&f->ds->arena, heading_of(f, r));
    for (char *p = text; *p; p++)
        if (*p == '/' || *p == '!') *p = ' ';
    if (!*text) return;
    sb_path_words_read(&words, &f->ds->arena, text, 0);
    const struct sb_word_claim *test = &words.claims[SB_WORD_TEST],
                               *platform = &words.claims[SB_WORD_PLATFORM];
    if (test->value && words.tests_nr == 1) take_kind_from_name(f, run, test->value);
    if (!heading_is_old(f, r)) contradiction_of_heading(f, r, &words);
    if (platform->value && platform->rank >= 3 && !sb_run_label(run, "platform"))
        set_label(f, r, "platform", platform->value,
                  sb_arena_printf(&f->ds->arena, "heading: %s", heading_of(f, r)));
}

/* ---- parameters in names ---- */

/* Does the text that the log printed say what the name says? */
static bool same_parameter(const char *named, const char *printed)
{
    const char *mode = sb_fileio_mode_text(named);
    double a, b;
    if (strcmp(named, printed) == 0 || (mode && strcmp(mode, printed) == 0)) return true;
    return sb_bytes_parse(named, &a) && sb_bytes_parse(printed, &b) && a == b;
}

/* A parameter that the names give differently for different logs is a label; one that all share says nothing
 * new. */
struct named_parameter {
    const char *name, *text;
    size_t sources;
    bool varies;
};

static struct named_parameter *find_named(struct finish *f, const char *name)
{
    for (size_t i = 0; i < f->named_nr; i++)
        if (strcmp(f->named[i].name, name) == 0) return &f->named[i];
    return NULL;
}

static void collect_named_parameters(struct finish *f)
{
    for (size_t i = 0; i < f->sources_nr; i++)
        for (size_t j = 0; j < f->sources[i].words.params_nr; j++) {
            const struct sb_path_param *p = &f->sources[i].words.params[j];
            struct named_parameter *known = find_named(f, p->name);
            if (!known && f->named_nr == NAMED_MAX) continue;
            if (!known) {
                known = &f->named[f->named_nr++];
                *known = (struct named_parameter){.name = p->name, .text = p->text};
            }
            known->sources++;
            if (strcmp(known->text, p->text) != 0) known->varies = true;
        }
    for (size_t i = 0; i < f->named_nr; i++)
        if (f->named[i].sources < f->sources_nr) f->named[i].varies = true;
}

static void check_parameters(struct finish *f, const struct sb_path_source *s)
{
    for (size_t i = 0; i < s->words.params_nr; i++) {
        const struct sb_path_param *p = &s->words.params[i];
        const char *why = sb_arena_printf(&f->ds->arena, "path: %s", p->why);
        const struct named_parameter *named = find_named(f, p->name);
        bool varies = named && named->varies;
        for (size_t r = s->first_run; r < s->first_run + s->runs_nr; r++) {
            const char *printed = sb_run_param(&f->ds->runs[r], p->name);
            if (printed && !same_parameter(p->text, printed))
                sb_dataset_add_finding(f->ds, "NAME_CONTRADICTS_LOG", SB_WARNING, r, 0,
                                       "%s: the name says %s=%s (%s), the log says %s; the log is believed",
                                       f->ds->runs[r].source, p->name, p->text, p->why, printed);
            if (varies) infer_label(f, r, p->name, printed ? printed : p->text, why);
        }
    }
}

/* ---- the repetition ---- */

struct signed_run {
    const char *signature;
    size_t run;
};

static int signed_run_cmp(const void *pa, const void *pb)
{
    const struct signed_run *a = pa, *b = pb;
    int cmp = a->signature == b->signature ? 0 : strcmp(a->signature, b->signature);
    return cmp ? cmp : (a->run > b->run) - (a->run < b->run);
}

static void label_repetition(struct finish *f, const struct sb_path_source *s)
{
    const struct sb_word_claim *claim = &s->words.claims[SB_WORD_REPETITION];
    const char *base = claim->value ? claim->value : s->repetition,
               *words = claim->value ? claim->why : s->repetition_why;
    struct signed_run *runs = sb_xcalloc(s->runs_nr, sizeof *runs);
    for (size_t i = 0; i < s->runs_nr; i++)
        runs[i] =
            (struct signed_run){sb_run_signature(f->ds, &f->ds->runs[s->first_run + i]), s->first_run + i};
    qsort(runs, s->runs_nr, sizeof *runs, signed_run_cmp);
    for (size_t from = 0, to; from < s->runs_nr; from = to) {
        for (to = from; to < s->runs_nr && runs[to].signature == runs[from].signature;)
            to++;
        for (size_t i = from; i < to; i++) {
            const char *why =
                base ? sb_arena_printf(&f->ds->arena, "path: %s", words) : "position in the file";
            if (to - from == 1 && base)
                infer_label(f, runs[i].run, "repetition", base, why);
            else if (to - from > 1)
                infer_label(f, runs[i].run, "repetition",
                            base ? sb_arena_printf(&f->ds->arena, "%s-%zu", base, i - from + 1)
                                 : sb_arena_printf(&f->ds->arena, "%zu", i - from + 1),
                            why);
        }
    }
    free(runs);
}

/* ---- all of it ---- */

static void label_from_paths(struct finish *f, const struct sb_path_source *s)
{
    static const enum sb_word_label plain[] = {SB_WORD_PLATFORM, SB_WORD_CONFIG, SB_WORD_BOOT, SB_WORD_VCPUS,
                                               SB_WORD_MEMORY};
    for (size_t r = s->first_run; r < s->first_run + s->runs_nr; r++) {
        for (size_t i = 0; i < SB_ARRAY_SIZE(plain); i++) {
            const struct sb_word_claim *c = &s->words.claims[plain[i]];
            if (c->value)
                infer_label(f, r, sb_word_label_name(plain[i]), c->value,
                            sb_arena_printf(&f->ds->arena, "path: %s", c->why));
        }
        label_from_heading(f, r);
        label_test(f, s, r);
        for (size_t i = 0; i < s->labels_nr; i++)
            infer_label(f, r, s->labels[i].name, s->labels[i].value,
                        sb_arena_printf(&f->ds->arena, "path: %s", s->labels[i].why));
    }
    check_parameters(f, s);
    label_repetition(f, s);
}

static void set_from_file(void *context, const char *name, const char *value, const char *why)
{
    struct finish *f = context;
    set_label(f, f->run, name, value, why);
}

static void apply_rules(struct finish *f, size_t r)
{
    struct sb_labels labels = SB_LABELS_INIT;
    if (!is_complete(f, r) && sb_layout_match(f->rules, &f->ds->arena, f->ds->runs[r].source, &labels))
        for (size_t i = 0; i < labels.nr; i++)
            set_label(f, r, labels.v[i].name, labels.v[i].value, "layout");
    sb_labels_release(&labels);
    f->run = r;
    sb_label_file_apply(f->rules, f->ds, &f->ds->runs[r], set_from_file, f);
}

static void trace_given(struct finish *f, size_t r)
{
    const struct sb_run *run = &f->ds->runs[r];
    for (size_t i = 0; i < run->labels.nr; i++)
        trace(f, r, run->labels.v[i].name, run->labels.v[i].value,
              is_complete(f, r) ? "tidy CSV" : "manifest");
}

bool sb_parse_finish(struct sb_dataset *ds, const struct sb_parse_options *options, struct sb_err *err)
{
    struct finish f = {.ds = ds, .options = options, .rules = options ? options->labels : NULL};
    f.notes = sb_xcalloc(ds->runs_nr + 1, sizeof *f.notes);
    for (const struct sb_run_note *note = sb_notes_first(ds); note; note = note->next)
        if (note->run < ds->runs_nr) f.notes[note->run] = note;
    if (options && options->label_origins) {
        f.origins = sb_xcalloc(ds->runs_nr + 1, sizeof *f.origins);
        f.origins_nr = sb_xcalloc(ds->runs_nr + 1, sizeof *f.origins_nr);
    }
    collect_sources(&f);
    f.named = sb_xcalloc(NAMED_MAX, sizeof *f.named);
    collect_named_parameters(&f);
    sb_path_labels_compare(ds, f.sources, f.sources_nr);
    for (size_t r = 0; r < ds->runs_nr; r++)
        trace_given(&f, r);
    for (size_t i = 0; i < f.sources_nr; i++)
        label_from_paths(&f, &f.sources[i]);
    for (size_t r = 0; r < ds->runs_nr; r++)
        apply_rules(&f, r);
    copy_origins(&f);
    for (size_t r = 0; f.origins && r < ds->runs_nr; r++)
        free(f.origins[r]);
    free(f.origins);
    free(f.origins_nr);
    free(f.sources);
    free(f.named);
    free(f.notes);
    sb_dataset_sort(ds);
    sb_dataset_split_by_parameters(ds);
    if (options && options->label_origins) add_split_origins(ds, options->label_origins);
    return true;
}
