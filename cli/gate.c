#include "cli/gate.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>
#include "analyze/analyze.h"
#include "cli/views.h"
#include "core/alloc.h"
#include "core/text.h"

static const char *const reason_texts[SB_GATE_REASONS] = {
    [SB_GATE_FASTER] = "faster",
    [SB_GATE_EQUIVALENT] = "equivalent",
    [SB_GATE_INCONCLUSIVE] = "inconclusive",
    [SB_GATE_SLOWER] = "slower",
    [SB_GATE_MISSING] = "missing",
    [SB_GATE_NOT_COMPARABLE] = "not comparable",
    [SB_GATE_NEW] = "new",
};

const char *sb_gate_reason_text(enum sb_gate_reason reason)
{
    return reason_texts[reason];
}

const char *sb_gate_outcome_text(enum sb_gate_outcome outcome)
{
    return outcome == SB_GATE_PASS ? "pass" : outcome == SB_GATE_FAIL ? "fail" : "new";
}

enum sb_gate_outcome sb_gate_outcome(const struct sb_gate *gate, enum sb_gate_reason reason)
{
    switch (reason) {
    case SB_GATE_SLOWER:
    case SB_GATE_MISSING:
    case SB_GATE_NOT_COMPARABLE: return SB_GATE_FAIL;
    case SB_GATE_INCONCLUSIVE: return gate->strict ? SB_GATE_FAIL : SB_GATE_PASS;
    case SB_GATE_NEW: return SB_GATE_IGNORED;
    default: return SB_GATE_PASS;
    }
}

size_t sb_gate_failures(const struct sb_gate *gate)
{
    size_t failures = 0;
    for (int r = 0; r < SB_GATE_REASONS; r++)
        if (sb_gate_outcome(gate, (enum sb_gate_reason)r) == SB_GATE_FAIL) failures += gate->counts[r];
    return failures;
}

/* ---- the two sides as one dataset ---- */

static bool check_paths(const struct sb_options *o, struct sb_err *err)
{
    struct stat st;
    const char *sides[] = {o->baseline, o->candidate};
    if (o->paths.nr)
        return sb_fail(err, SB_ERR_USAGE, "gate takes no PATH but those of --baseline and --candidate");
    if (!o->baseline || !o->candidate)
        return sb_fail(err, SB_ERR_USAGE, "give both --baseline PATH and --candidate PATH");
    if (strcmp(o->baseline, "-") == 0 && strcmp(o->candidate, "-") == 0)
        return sb_fail(err, SB_ERR_USAGE, "only one side can be standard input");
    for (size_t i = 0; i < SB_ARRAY_SIZE(sides); i++)
        if (strcmp(sides[i], "-") != 0 && stat(sides[i], &st) != 0)
            return sb_fail(err, SB_ERR_NO_INPUT, "%s: %s", sides[i], strerror(errno));
    return true;
}

/* Each side is read, labelled and audited by itself: what the paths of one say nothing about the other. */
static bool add_side(struct sb_gate *gate, const struct sb_options *o, const char *path, struct sb_err *err)
{
    struct sb_loaded loaded;
    struct sb_options side = *o;
    side.paths = (struct sb_text_list){&path, 1, 1};
    if (!sb_load(&loaded, &side, 0, NULL, err)) return false;
    sb_dataset_append(&gate->ds, &loaded.ds, NULL);
    sb_loaded_release(&loaded);
    return true;
}

static void mark_sides(struct sb_gate *gate, size_t candidate_from)
{
    size_t nr, same = 1;
    const char **names = sb_dataset_label_names(&gate->ds, &nr);
    gate->side = "side";
    for (size_t i = 0; i < nr; i++) {
        if (strcmp(names[i], gate->side) != 0) continue;
        gate->side = sb_arena_printf(&gate->arena, "side_%zu", ++same);
        i = (size_t)-1; /* look again from the start */
    }
    for (size_t i = 0; i < gate->ds.runs_nr; i++)
        sb_run_set_label(&gate->ds, &gate->ds.runs[i], gate->side,
                         i < candidate_from ? "baseline" : "candidate");
}

static bool load_sides(struct sb_gate *gate, const struct sb_options *o, struct sb_err *err)
{
    if (!check_paths(o, err) || !add_side(gate, o, o->baseline, err)) return false;
    size_t candidate_from = gate->ds.runs_nr;
    if (!add_side(gate, o, o->candidate, err)) return false;
    mark_sides(gate, candidate_from);
    return true;
}

/* ---- judging ---- */

/* One cell and metric that the gate looks at, on one side or both. */
struct item {
    struct sb_labels rest; /* the cell without the side */
    const char *metric;
    size_t summary;
    bool candidate;
};

static bool judged(const struct sb_options *o, const struct sb_summary *s)
{
    return s->group.name && (o->metrics.nr ? sb_name_wanted(&o->metrics, s->metric) : s->group.primary);
}

static struct sb_labels without_side(struct sb_gate *gate, const struct sb_labels *cell)
{
    struct sb_labels rest = {sb_arena_alloc(&gate->arena, (cell->nr + 1) * sizeof *rest.v), 0, cell->nr};
    for (size_t i = 0; i < cell->nr; i++)
        if (strcmp(cell->v[i].name, gate->side) != 0) rest.v[rest.nr++] = cell->v[i];
    return rest;
}

static int item_pair_cmp(const struct item *a, const struct item *b)
{
    int cmp = sb_labels_cmp(&a->rest, &b->rest);
    if (cmp) return cmp;
    size_t ra = sb_metric_rank(a->metric), rb = sb_metric_rank(b->metric);
    return ra != rb ? (ra < rb ? -1 : 1) : sb_natural_cmp(a->metric, b->metric);
}

static int item_cmp(const void *pa, const void *pb)
{
    const struct item *a = pa, *b = pb;
    int cmp = item_pair_cmp(a, b);
    return cmp ? cmp : (int)a->candidate - (int)b->candidate;
}

static struct item *collect_items(struct sb_gate *gate, const struct sb_options *o, size_t *nr)
{
    struct item *items = sb_xreallocarray(NULL, gate->results.summaries_nr, sizeof *items);
    *nr = 0;
    for (size_t i = 0; i < gate->results.summaries_nr; i++) {
        const struct sb_summary *s = &gate->results.summaries[i];
        bool candidate = strcmp(sb_labels_get(&s->cell, gate->side), "candidate") == 0;
        if (!judged(o, s) || (!s->n && !candidate))
            continue; /* a candidate's runs may all have been left out: then it says why */
        items[(*nr)++] = (struct item){without_side(gate, &s->cell), s->metric, i, candidate};
    }
    if (*nr) qsort(items, *nr, sizeof *items, item_cmp);
    return items;
}

/* The comparison of each summary that is a level in one, by summary index. */
static const struct sb_comparison **index_comparisons(const struct sb_results *results)
{
    const struct sb_comparison **of = sb_xcalloc(results->summaries_nr + 1, sizeof *of);
    for (size_t i = 0; i < results->comparisons_nr; i++)
        of[results->comparisons[i].summary_level] = &results->comparisons[i];
    return of;
}

static enum sb_gate_reason judge(const struct sb_comparison *c)
{
    static const char *const incomparable[] = {"PARAMETERS_DIFFER", "LOG_UNDEFINED"};
    if (c->barred || c->better == SB_BETTER_NONE) return SB_GATE_NOT_COMPARABLE;
    for (size_t i = 0; i < SB_ARRAY_SIZE(incomparable); i++)
        if (sb_codes_has(&c->findings, incomparable[i])) return SB_GATE_NOT_COMPARABLE;
    switch (c->verdict) {
    case SB_FASTER: return SB_GATE_FASTER;
    case SB_SLOWER: return SB_GATE_SLOWER;
    case SB_EQUIVALENT: return SB_GATE_EQUIVALENT;
    default: return SB_GATE_INCONCLUSIVE;
    }
}

/* A row for a cell that only one side has. */
static struct sb_comparison one_sided(const struct sb_gate *gate, const struct item *item)
{
    const struct sb_summary *s = &gate->results.summaries[item->summary];
    struct sb_comparison c = {.factor = gate->side,
                              .baseline = "baseline",
                              .level = "candidate",
                              .rest = item->rest,
                              .kind = s->kind,
                              .metric = s->metric,
                              .unit = s->unit,
                              .better = s->better,
                              .group = s->group};
    c.n_baseline = item->candidate ? 0 : s->n;
    c.n_level = item->candidate ? s->n : 0;
    c.mean_baseline = item->candidate ? NAN : s->mean;
    c.mean_level = item->candidate ? s->mean : NAN;
    c.ratio = c.ratio_low = c.ratio_high = c.ratio_low90 = c.ratio_high90 = c.p = c.p_adjusted =
        c.effect_size = NAN;
    c.chance_equivalent = c.estimate = c.estimate_low = c.estimate_high = c.cliffs_delta = c.p_floor =
        c.log_se = c.df = NAN;
    c.findings = s->findings;
    c.summary_baseline = c.summary_level = item->summary;
    return c;
}

static enum sb_gate_reason reason_of(const struct sb_comparison *c, bool both, bool candidate)
{
    if (!both) return candidate ? SB_GATE_NEW : SB_GATE_MISSING;
    return !c ? SB_GATE_NOT_COMPARABLE : c->n_level ? judge(c) : SB_GATE_MISSING;
}

static bool same_values(const struct sb_results *results, const struct item *a, const struct item *b)
{
    const struct sb_summary *x = &results->summaries[a->summary], *y = &results->summaries[b->summary];
    for (size_t i = 0; i < x->n && x->n == y->n; i++)
        if (x->values[i] != y->values[i]) return false;
    return x->n == y->n;
}

static void judge_all(struct sb_gate *gate, const struct item *items, size_t nr)
{
    struct sb_results *results = &gate->results;
    struct sb_comparison *rows = sb_xcalloc(nr + 1, sizeof *rows);
    const struct sb_comparison **of = index_comparisons(results);
    size_t rows_nr = 0;
    gate->reasons = sb_xcalloc(nr + 1, sizeof *gate->reasons);
    gate->same_figures = true;
    for (size_t i = 0; i < nr; i++) {
        bool both = i + 1 < nr && item_pair_cmp(&items[i], &items[i + 1]) == 0;
        const struct sb_comparison *c = both ? of[items[i + 1].summary] : NULL;
        if (c && c->summary_baseline != items[i].summary) c = NULL;
        if (!both && !results->summaries[items[i].summary].n) continue;
        rows[rows_nr] = c ? *c : one_sided(gate, &items[i]);
        rows[rows_nr].rest = items[i].rest;
        gate->reasons[rows_nr] = reason_of(c, both, items[i].candidate);
        gate->same_figures = gate->same_figures && both && same_values(results, &items[i], &items[i + 1]);
        gate->counts[gate->reasons[rows_nr++]]++;
        i += both;
    }
    gate->same_figures = gate->same_figures && rows_nr;
    free(of);
    free(results->comparisons);
    results->comparisons = rows;
    results->comparisons_nr = rows_nr;
    results->comparisons_alloc = nr + 1;
}

/* ---- when nothing pairs: why ---- */

static bool has_value(const struct item *items, size_t nr, bool candidate, const char *name,
                      const char *value)
{
    for (size_t i = 0; i < nr; i++)
        if (items[i].candidate == candidate && sb_streq(sb_labels_get(&items[i].rest, name), value))
            return true;
    return false;
}

/* No value of the label, nor its absence, is on both sides. */
static bool separates(const struct item *items, size_t nr, const char *name)
{
    for (size_t i = 0; i < nr; i++)
        if (!items[i].candidate && has_value(items, nr, true, name, sb_labels_get(&items[i].rest, name)))
            return false;
    return true;
}

static void explain_difference(struct sb_gate *gate, const struct item *items, size_t nr)
{
    struct sb_labels names = SB_LABELS_INIT;
    struct sb_strbuf list = SB_STRBUF_INIT;
    bool compared = gate->counts[SB_GATE_MISSING] + gate->counts[SB_GATE_NEW] < gate->results.comparisons_nr;
    for (size_t i = 0; i < nr && !compared; i++)
        for (size_t j = 0; j < items[i].rest.nr; j++)
            sb_labels_set(&names, items[i].rest.v[j].name, "1");
    bool both = gate->counts[SB_GATE_MISSING] && gate->counts[SB_GATE_NEW];
    for (size_t i = 0; i < names.nr && both; i++)
        if (separates(items, nr, names.v[i].name))
            sb_strbuf_addf(&list, "%s%s", list.len ? ", " : "", names.v[i].name);
    gate->sides_differ = sb_arena_strndup(&gate->arena, list.buf, list.len);
    sb_labels_release(&names);
    sb_strbuf_release(&list);
}

/* ---- all of it ---- */

static bool has_baseline(const struct sb_gate *gate, const struct item *items, size_t nr,
                         const struct sb_options *o, struct sb_err *err)
{
    for (size_t i = 0; i < nr; i++)
        if (!items[i].candidate) return true;
    if (o->metrics.nr && gate->results.summaries_nr)
        return sb_fail(err, SB_ERR_USAGE,
                       "no figure of the baseline that can be tested is called '%.60s'; see 'sbstat analyze'",
                       o->metrics.v[0]);
    return sb_fail(err, SB_ERR_NO_INPUT, "the baseline has no usable figure");
}

static bool compare(struct sb_gate *gate, const struct sb_options *o, struct sb_err *err)
{
    struct sb_compare_request request = {.factor = gate->side, .baseline = "baseline"};
    size_t nr = 0;
    if (!sb_settings_of(&gate->results.settings, o, err) || !sb_summarise(&gate->ds, &gate->results, err))
        return false;
    struct item *items = collect_items(gate, o, &nr);
    bool ok = has_baseline(gate, items, nr, o, err) && sb_compare(&gate->ds, &gate->results, &request, err);
    if (ok) {
        judge_all(gate, items, nr);
        explain_difference(gate, items, nr);
    }
    free(items);
    return ok;
}

bool sb_gate_run(struct sb_gate *gate, const struct sb_options *o, struct sb_err *err)
{
    *gate = (struct sb_gate){.strict = o->strict};
    sb_arena_init(&gate->arena);
    sb_dataset_init(&gate->ds);
    sb_results_init(&gate->results);
    return load_sides(gate, o, err) && compare(gate, o, err);
}

void sb_gate_release(struct sb_gate *gate)
{
    free(gate->reasons);
    sb_results_free(&gate->results);
    sb_dataset_free(&gate->ds);
    sb_arena_free(&gate->arena);
}
