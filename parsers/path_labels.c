#include "parsers/path_labels.h"

#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

enum role { ROLE_CONSTANT, ROLE_PARAMETER, ROLE_REPETITION, ROLE_LABEL };

/* A place in the paths where some source has words that nobody took. */
struct place {
    size_t component, index;
    bool counter; /* all its words have one shape but for digits */
    enum role role;
    const char *name; /* of the label or parameter */
};

struct comparison {
    struct sb_dataset *ds;
    struct sb_path_source *sources;
    size_t nr;
    struct place *places;
    size_t places_nr, places_alloc;
    size_t shared; /* leading components that all sources have in common */
};

const char *sb_run_signature(struct sb_dataset *ds, const struct sb_run *run)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_addf(&text, "%s %u", run->kind, (unsigned)run->threads);
    for (size_t i = 0; i < run->params_nr; i++)
        if (!sb_has_prefix(run->params[i].name, "env.") && strcmp(run->params[i].name, "rand-seed") != 0)
            sb_strbuf_addf(&text, "\n%s=%s", run->params[i].name, run->params[i].text);
    const char *kept = sb_arena_intern(&ds->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return kept;
}

static const char *piece_at(const struct comparison *c, const struct sb_path_source *s, const struct place *p)
{
    for (size_t i = 0; i < s->words.pieces_nr; i++) {
        const struct sb_path_piece *piece = &s->words.pieces[i];
        if (piece->component == p->component && piece->index == p->index)
            return piece->depth < c->shared ? NULL : piece->text;
    }
    return NULL;
}

static void add_place(struct comparison *c, const struct sb_path_piece *piece)
{
    for (size_t i = 0; i < c->places_nr; i++)
        if (c->places[i].component == piece->component && c->places[i].index == piece->index) return;
    SB_ALLOC_GROW(c->places, c->places_nr + 1, c->places_alloc);
    c->places[c->places_nr++] = (struct place){.component = piece->component, .index = piece->index};
}

/* Outermost component first, then from left to right. */
static int place_cmp(const void *pa, const void *pb)
{
    const struct place *a = pa, *b = pb;
    if (a->component != b->component) return a->component > b->component ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

/* Length of the first `components` components with their slashes, 0 when there are not as many folders. */
static size_t leading(const char *source, size_t components)
{
    const char *p = source;
    for (; components; components--) {
        p += strcspn(p, "/!");
        if (!*p) return 0;
        p++;
    }
    return (size_t)(p - source);
}

/* Folders above everything say nothing, however deep the files below them lie. */
static size_t shared_components(const struct comparison *c)
{
    for (size_t n = 1;; n++) {
        size_t len = leading(c->sources[0].source, n);
        if (!len) return n - 1;
        for (size_t i = 1; i < c->nr; i++)
            if (strncmp(c->sources[0].source, c->sources[i].source, len) != 0) return n - 1;
    }
}

static void find_places(struct comparison *c)
{
    c->shared = shared_components(c);
    for (size_t i = 0; i < c->nr; i++)
        for (size_t j = 0; j < c->sources[i].words.pieces_nr; j++)
            if (c->sources[i].words.pieces[j].depth >= c->shared)
                add_place(c, &c->sources[i].words.pieces[j]);
    if (c->places_nr) qsort(c->places, c->places_nr, sizeof *c->places, place_cmp);
}

/* ---- what the words at one place look like ---- */

static bool varies(const struct comparison *c, const struct place *p)
{
    const char *first = piece_at(c, &c->sources[0], p);
    for (size_t i = 1; i < c->nr; i++)
        if (!sb_streq(first, piece_at(c, &c->sources[i], p))) return true;
    return false;
}

/* The same text but for its digits, whose number may differ. */
static bool same_shape(const char *a, const char *b)
{
    for (;;) {
        if (sb_is_digit(*a) && sb_is_digit(*b)) {
            while (sb_is_digit(*a))
                a++;
            while (sb_is_digit(*b))
                b++;
        } else if (*a != *b) {
            return false;
        } else if (!*a) {
            return true;
        } else {
            a++, b++;
        }
    }
}

static bool has_digit(const char *s)
{
    return s[strcspn(s, "0123456789")] != '\0';
}

static bool is_counter(const struct comparison *c, const struct place *p)
{
    const char *shape = NULL;
    for (size_t i = 0; i < c->nr; i++) {
        const char *text = piece_at(c, &c->sources[i], p);
        if (!text) continue;
        if (!shape) shape = text;
        if (!has_digit(text) || !same_shape(shape, text)) return false;
    }
    return shape != NULL;
}

/* The single number in a piece ("BP100" -> "100"), or NULL. */
static const char *only_number(struct sb_arena *arena, const char *text)
{
    size_t from = strcspn(text, "0123456789"), len = strspn(text + from, "0123456789");
    if (!len || has_digit(text + from + len)) return NULL;
    return sb_arena_strndup(arena, text + from, len);
}

/* ---- parameters ---- */

static bool says_parameter(struct comparison *c, const struct sb_path_source *s, const struct place *p,
                           const char *param)
{
    const char *piece = piece_at(c, s, p);
    double a, b;
    if (!piece) return true;
    const char *number = only_number(&c->ds->arena, piece);
    for (size_t r = s->first_run; r < s->first_run + s->runs_nr; r++) {
        const char *text = sb_run_param(&c->ds->runs[r], param);
        if (!text) return false;
        if (number && strcmp(number, text) == 0) continue;
        if (!sb_bytes_parse(piece, &a) || !sb_bytes_parse(text, &b) || a != b) return false;
    }
    return true;
}

/* The parameter that the place repeats in every source. */
static const char *parameter_of(struct comparison *c, const struct place *p)
{
    const struct sb_path_source *first = &c->sources[0];
    const struct sb_run *run = &c->ds->runs[first->first_run];
    for (size_t i = 0; i < run->params_nr; i++) {
        const char *name = run->params[i].name;
        size_t s = 0;
        if (sb_has_prefix(name, "env.") || strcmp(name, "percentile") == 0) continue;
        while (s < c->nr && says_parameter(c, &c->sources[s], p, name))
            s++;
        if (s == c->nr) return name;
    }
    return NULL;
}

/* ---- the repetition ---- */

struct keyed {
    const char *key, *value;
};

static int keyed_cmp(const void *pa, const void *pb)
{
    const struct keyed *a = pa, *b = pb;
    int cmp = strcmp(a->key, b->key);
    return cmp ? cmp : strcmp(a->value, b->value);
}

/* Everything about a source but the words at one place. */
static const char *rest_of(struct comparison *c, const struct sb_path_source *s, const struct place *without)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < SB_WORD_LABELS; i++)
        sb_strbuf_addf(&text, "%s\n", s->words.claims[i].value ? s->words.claims[i].value : "");
    for (size_t i = 0; i < c->places_nr; i++) {
        const char *piece = &c->places[i] == without ? NULL : piece_at(c, s, &c->places[i]);
        if (piece && c->places[i].role != ROLE_REPETITION) sb_strbuf_addf(&text, "%zu %s\n", i, piece);
    }
    sb_strbuf_adds(&text, s->signature);
    const char *kept = sb_arena_intern(&c->ds->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return kept;
}

/* Several equal runs in one file are counted by their position in it. */
static bool has_repeated_runs(struct comparison *c)
{
    for (size_t i = 0; i < c->nr; i++) {
        const struct sb_path_source *s = &c->sources[i];
        if (s->runs_nr > 1 && sb_run_signature(c->ds, &c->ds->runs[s->first_run]) ==
                                  sb_run_signature(c->ds, &c->ds->runs[s->first_run + 1]))
            return true;
    }
    return false;
}

struct uniqueness {
    bool in_cells; /* no two sources of one cell share the words */
    bool overall;  /* no two sources do */
    size_t largest_cell;
};

static struct uniqueness measure(struct comparison *c, const struct place *p)
{
    struct keyed *all = sb_xcalloc(c->nr, sizeof *all);
    struct uniqueness u = {true, true, 0};
    for (size_t i = 0; i < c->nr; i++) {
        const char *value = piece_at(c, &c->sources[i], p);
        all[i] = (struct keyed){rest_of(c, &c->sources[i], p), value ? value : ""};
    }
    qsort(all, c->nr, sizeof *all, keyed_cmp);
    for (size_t i = 0, run = 1; i < c->nr; i++, run++) {
        if (i && strcmp(all[i].key, all[i - 1].key) != 0) run = 1;
        if (i && run > 1 && strcmp(all[i].value, all[i - 1].value) == 0) u.in_cells = false;
        if (run > u.largest_cell) u.largest_cell = run;
    }
    for (size_t i = 0; i < c->nr; i++)
        all[i].key = "";
    qsort(all, c->nr, sizeof *all, keyed_cmp);
    for (size_t i = 1; i < c->nr; i++)
        if (strcmp(all[i].value, all[i - 1].value) == 0) u.overall = false;
    free(all);
    return u;
}

/* The word before a counter's only number, in lower case: "BP100" -> "bp". NULL when there is none. */
static char *counter_word(struct comparison *c, const struct place *p)
{
    for (size_t i = 0; i < c->nr; i++) {
        const char *text = piece_at(c, &c->sources[i], p);
        if (!text) continue;
        size_t len = strcspn(text, "0123456789");
        const char *number = only_number(&c->ds->arena, text);
        if (!number || strcmp(text + len, number) != 0) return NULL;
        while (len && !sb_is_alnum(text[len - 1]))
            len--;
        char *word = sb_arena_strndup(&c->ds->arena, text, len);
        for (char *w = word; *w; w++)
            *w = sb_is_alnum(*w) ? sb_ascii_lower(*w) : '_';
        return len && !sb_is_digit(word[0]) ? word : NULL;
    }
    return NULL;
}

/* Words that number runs, not things. */
static bool counts_runs(const char *word)
{
    static const char *const words[] = {
        "test", "result",     "results",     "output",  "out",       "log",       "res",   "sample",
        "exp",  "experiment", "measurement", "measure", "execution", "benchmark", "bench", "data"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(words); i++)
        if (strcmp(words[i], word) == 0) return true;
    return false;
}

static int number_cmp(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

/* 1, 2, 3 ... or 0, 1, 2 ...: what a loop counts. A size or a rate leaves gaps. */
static bool counts_without_gaps(struct comparison *c, const struct place *p)
{
    double *numbers = sb_xcalloc(c->nr, sizeof *numbers);
    size_t nr = 0;
    bool ok = true;
    for (size_t i = 0; i < c->nr && ok; i++) {
        const char *text = piece_at(c, &c->sources[i], p),
                   *number = text ? only_number(&c->ds->arena, text) : NULL;
        if (text) ok = number && sb_number_parse(number, strlen(number), &numbers[nr++]);
    }
    qsort(numbers, nr, sizeof *numbers, number_cmp);
    ok = ok && nr && numbers[0] <= 1;
    for (size_t i = 1; i < nr && ok; i++)
        ok = numbers[i] - numbers[i - 1] <= 1;
    free(numbers);
    return ok;
}

/* May the place count repetitions? Bare numbers and time stamps may; a number behind a word only when it
 * counts runs. */
static bool may_be_repetition(struct comparison *c, const struct place *p)
{
    const char *word = counter_word(c, p);
    return p->counter && (!word || counts_runs(word) || counts_without_gaps(c, p));
}

static bool any_claimed_repetition(const struct comparison *c)
{
    for (size_t i = 0; i < c->nr; i++)
        if (c->sources[i].words.claims[SB_WORD_REPETITION].value) return true;
    return false;
}

/* From the file name outwards: one counter that tells apart the runs of a cell is the repetition, and so is
 * whatever is different for every single run. */
static void find_repetition(struct comparison *c)
{
    bool have = any_claimed_repetition(c) || has_repeated_runs(c);
    for (size_t i = c->places_nr; i-- > 0;) {
        struct place *p = &c->places[i];
        if (p->role != ROLE_LABEL || !may_be_repetition(c, p)) continue;
        struct uniqueness u = measure(c, p);
        bool counts = !have && u.in_cells && u.largest_cell > 1;
        if (!counts && !(u.overall && u.largest_cell > 1)) continue;
        p->role = ROLE_REPETITION;
        have = true;
    }
}

/* ---- what another label says already ---- */

static int keyed_key_cmp(const void *pa, const void *pb)
{
    const struct keyed *a = pa, *b = pb;
    return strcmp(a->key, b->key);
}

/* Do the words at a place follow from a label that the names give ("docker/results" against "qemu")? Then
 * they are no label beside it: cells that differ in the one alone could not be compared. */
static bool follows_from(struct comparison *c, const struct place *p, enum sb_word_label label)
{
    struct keyed *all = sb_xcalloc(c->nr, sizeof *all);
    bool follows = true, differs = false;
    for (size_t i = 0; i < c->nr; i++) {
        const char *key = c->sources[i].words.claims[label].value, *value = piece_at(c, &c->sources[i], p);
        all[i] = (struct keyed){key ? key : "", value ? value : ""};
        if (!key) follows = false; /* a name that is silent leaves the log to say it */
    }
    qsort(all, c->nr, sizeof *all, keyed_key_cmp);
    for (size_t i = 1; i < c->nr && follows; i++) {
        bool same = strcmp(all[i].key, all[i - 1].key) == 0;
        differs = differs || !same;
        follows = !same || strcmp(all[i].value, all[i - 1].value) == 0;
    }
    free(all);
    return follows && differs;
}

static void drop_what_follows(struct comparison *c)
{
    static const enum sb_word_label labels[] = {SB_WORD_PLATFORM, SB_WORD_CONFIG, SB_WORD_TEST};
    for (size_t i = 0; i < c->places_nr; i++)
        for (size_t l = 0; l < SB_ARRAY_SIZE(labels) && c->places[i].role == ROLE_LABEL; l++)
            if (follows_from(c, &c->places[i], labels[l])) c->places[i].role = ROLE_CONSTANT;
}

/* ---- names ---- */

static bool name_is_taken(const struct comparison *c, const char *name)
{
    static const char *const fixed[] = {
        "source",  "run",     "line",   "platform",   "config", "test", "repetition", "kind",
        "version", "threads", "status", "metric",     "value",  "unit", "resolution", "origin",
        "boot",    "host",    "vcpus",  "memory_mib", "n",      "name"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(fixed); i++)
        if (strcmp(fixed[i], name) == 0) return true;
    for (size_t i = 0; i < c->places_nr; i++)
        if (c->places[i].name && strcmp(c->places[i].name, name) == 0) return true;
    return false;
}

static void name_place(struct comparison *c, struct place *p)
{
    char *word = p->counter ? counter_word(c, p) : NULL;
    const char *base = word           ? word
                       : p->component ? sb_arena_printf(&c->ds->arena, "folder%zu", p->component)
                                      : "file";
    const char *name = base;
    for (size_t n = 2; name_is_taken(c, name); n++)
        name = sb_arena_printf(&c->ds->arena, "%s_%zu", base, n);
    p->name = name;
    if (!word) p->counter = false; /* the whole text is the value */
}

/* ---- putting it together ---- */

static void decide_roles(struct comparison *c)
{
    for (size_t i = 0; i < c->places_nr; i++) {
        struct place *p = &c->places[i];
        p->counter = is_counter(c, p);
        if (!varies(c, p)) continue;
        const char *param = p->counter ? parameter_of(c, p) : NULL;
        p->role = param ? ROLE_PARAMETER : ROLE_LABEL;
        p->name = param;
    }
    find_repetition(c);
    drop_what_follows(c);
    for (size_t i = 0; i < c->places_nr; i++)
        if (c->places[i].role == ROLE_LABEL) name_place(c, &c->places[i]);
}

static void add_label(struct comparison *c, struct sb_path_source *s, const char *name, const char *value,
                      const char *why)
{
    struct sb_path_label *more = sb_arena_alloc(&c->ds->arena, (s->labels_nr + 1) * sizeof *more);
    if (s->labels_nr) memcpy(more, s->labels, s->labels_nr * sizeof *more);
    more[s->labels_nr++] = (struct sb_path_label){name, value, why};
    s->labels = more;
}

static void label_source(struct comparison *c, struct sb_path_source *s)
{
    for (size_t i = 0; i < c->places_nr; i++) {
        const struct place *p = &c->places[i];
        const char *text = piece_at(c, s, p);
        if (!text || p->role == ROLE_CONSTANT) continue;
        if (p->role == ROLE_PARAMETER) {
            add_label(c, s, p->name, sb_run_param(&c->ds->runs[s->first_run], p->name), text);
            continue;
        }
        if (p->role == ROLE_REPETITION) {
            s->repetition =
                s->repetition ? sb_arena_printf(&c->ds->arena, "%s-%s", s->repetition, text) : text;
            s->repetition_why = text;
            continue;
        }
        add_label(c, s, p->name, p->counter ? only_number(&c->ds->arena, text) : text, text);
    }
}

void sb_path_labels_compare(struct sb_dataset *ds, struct sb_path_source *sources, size_t nr)
{
    struct comparison c = {.ds = ds, .sources = sources, .nr = nr};
    if (!nr) return;
    for (size_t i = 0; i < nr; i++)
        sources[i].signature = sb_run_signature(ds, &ds->runs[sources[i].first_run]);
    find_places(&c);
    decide_roles(&c);
    for (size_t i = 0; i < nr; i++)
        label_source(&c, &sources[i]);
    free(c.places);
}
