/* The factorial view; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include "analyze/anova.h"
#include "analyze/many_means.h"
#include "analyze/multiplicity.h"
#include "analyze/normality.h"
#include "analyze/pairing.h"
#include "core/alloc.h"
#include "core/strbuf.h"

/* One factor: its name and the values it takes among the summaries at hand, in output order. */
struct factor {
    const char *name;
    const char **values; /* malloc'd */
    size_t nr, alloc;
};

/* The summaries of one metric within one combination of the labels that are not factors. */
struct block {
    struct sb_labels rest;
    size_t *summaries; /* malloc'd */
    size_t nr, alloc;
};

/* Labels that keep no cells apart for a factor, as for comparisons (pairing.h). */
struct dropped {
    const char **names; /* malloc'd */
    size_t nr;
};

struct view {
    const struct sb_results *results;
    const char *names[SB_ANOVA_FACTORS];
    struct dropped dropped[SB_ANOVA_FACTORS]; /* by factor */
    size_t names_nr;
};

static size_t value_index(const struct factor *f, const char *value)
{
    size_t i = 0;
    while (i < f->nr && strcmp(f->values[i], value) != 0)
        i++;
    return i;
}

static void add_value(struct factor *f, const char *value)
{
    if (value_index(f, value) < f->nr) return;
    SB_ALLOC_GROW(f->values, f->nr + 1, f->alloc);
    size_t at = f->nr++;
    while (at && sb_label_value_cmp(f->name, value, f->values[at - 1]) < 0) {
        f->values[at] = f->values[at - 1];
        at--;
    }
    f->values[at] = value;
}

static size_t distinct_values(const struct sb_results *results, const char *name)
{
    struct factor f = {.name = name};
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const char *value = sb_labels_get(&results->summaries[i].cell, name);
        if (value) add_value(&f, value);
    }
    free(f.values);
    return f.nr;
}

static bool is_dropped(const struct dropped *d, const char *name)
{
    for (size_t i = 0; i < d->nr; i++)
        if (strcmp(d->names[i], name) == 0) return true;
    return false;
}

/* Processors and memory that always change together are one factor. */
static bool sizes_go_together(const struct sb_results *results)
{
    struct dropped by_vcpus, by_memory;
    by_vcpus.names = sb_pairing_dropped(results, "vcpus", &by_vcpus.nr);
    by_memory.names = sb_pairing_dropped(results, "memory_mib", &by_memory.nr);
    bool together = is_dropped(&by_vcpus, "memory_mib") && is_dropped(&by_memory, "vcpus");
    free(by_vcpus.names);
    free(by_memory.names);
    return together;
}

static bool choose_factors(struct view *v, const char *const *asked, struct sb_err *err)
{
    static const char *const sizes[] = {"platform", "vcpus", "memory_mib"}, *const named[] = {"platform",
                                                                                              "config"};
    if (asked) {
        for (; *asked; asked++) {
            if (v->names_nr == SB_ANOVA_FACTORS)
                return sb_fail(err, SB_ERR_USAGE, "at most %d factors", SB_ANOVA_FACTORS);
            if (distinct_values(v->results, *asked) < 2)
                return sb_fail(err, SB_ERR_USAGE, "the factor '%s' needs at least two values among the runs",
                               *asked);
            v->names[v->names_nr++] = *asked;
        }
    } else {
        bool sized =
            (distinct_values(v->results, "vcpus") > 1 || distinct_values(v->results, "memory_mib") > 1) &&
            !(sizes_go_together(v->results) && distinct_values(v->results, "config") > 1);
        for (size_t i = 0; i < (sized ? SB_ARRAY_SIZE(sizes) : SB_ARRAY_SIZE(named)); i++) {
            const char *name = sized ? sizes[i] : named[i];
            if (distinct_values(v->results, name) > 1) v->names[v->names_nr++] = name;
        }
    }
    if (!v->names_nr) return sb_fail(err, SB_ERR_USAGE, "no label varies that could be a factor");
    return true;
}

static bool is_factor(const struct view *v, const char *name)
{
    for (size_t i = 0; i < v->names_nr; i++)
        if (strcmp(v->names[i], name) == 0) return true;
    return false;
}

/* `config` with vcpus or memory_mib among the factors, and the other way round, says the same twice. */
static bool follows(const struct view *v, const char *name)
{
    bool size = strcmp(name, "vcpus") == 0 || strcmp(name, "memory_mib") == 0;
    if (size) return is_factor(v, "config");
    return strcmp(name, "config") == 0 && (is_factor(v, "vcpus") || is_factor(v, "memory_mib"));
}

static bool says_the_same(const struct view *v, const char *name)
{
    for (size_t i = 0; i < v->names_nr; i++)
        if (is_dropped(&v->dropped[i], name)) return true;
    return false;
}

static struct sb_labels rest_of(struct sb_results *results, const struct view *v,
                                const struct sb_labels *cell)
{
    struct sb_labels rest = {sb_arena_alloc(&results->arena, (cell->nr + 1) * sizeof *rest.v), 0, cell->nr};
    for (size_t i = 0; i < cell->nr; i++)
        if (!is_factor(v, cell->v[i].name) && !follows(v, cell->v[i].name) &&
            !says_the_same(v, cell->v[i].name))
            rest.v[rest.nr++] = cell->v[i];
    return rest;
}

static bool has_all_factors(const struct view *v, const struct sb_labels *cell)
{
    for (size_t i = 0; i < v->names_nr; i++)
        if (!sb_labels_get(cell, v->names[i])) return false;
    return true;
}

static bool wanted(const struct sb_summary *s, const char *const *metrics)
{
    if (!metrics) return s->group.primary && s->group.name && strcmp(s->group.name, "percentile") != 0;
    while (*metrics && strcmp(*metrics, s->metric) != 0)
        metrics++;
    return *metrics != NULL;
}

/* The factors that vary within the block, with their values. */
static size_t block_factors(const struct view *v, const struct block *b, struct factor *factors)
{
    size_t nr = 0;
    for (size_t i = 0; i < v->names_nr; i++) {
        struct factor f = {.name = v->names[i]};
        for (size_t j = 0; j < b->nr; j++)
            add_value(&f, sb_labels_get(&v->results->summaries[b->summaries[j]].cell, f.name));
        if (f.nr > 1)
            factors[nr++] = f;
        else
            free(f.values);
    }
    return nr;
}

struct observations {
    double *y;
    size_t *level, *cell_sizes, n, cells;
};

/* Every replicate's mean logarithm, with the levels of its cell. */
static struct observations observe(const struct sb_results *results, const struct block *b,
                                   const struct factor *factors, size_t nr)
{
    struct observations o = {0};
    size_t total = 0;
    for (size_t j = 0; j < b->nr; j++)
        total += results->summaries[b->summaries[j]].n;
    o.y = sb_xreallocarray(NULL, total, sizeof *o.y);
    o.level = sb_xreallocarray(NULL, total * nr, sizeof *o.level);
    o.cell_sizes = sb_xcalloc(b->nr, sizeof *o.cell_sizes);
    for (size_t j = 0; j < b->nr; j++) {
        const struct sb_summary *s = &results->summaries[b->summaries[j]];
        if (!s->n || !s->log_values) continue;
        o.cell_sizes[o.cells++] = s->n;
        for (size_t r = 0; r < s->n; r++, o.n++) {
            o.y[o.n] = s->log_values[r];
            for (size_t f = 0; f < nr; f++)
                o.level[o.n * nr + f] = value_index(&factors[f], sb_labels_get(&s->cell, factors[f].name));
        }
    }
    return o;
}

static const char *term_name(struct sb_results *results, const struct factor *factors, size_t nr,
                             unsigned term)
{
    struct sb_strbuf name = SB_STRBUF_INIT;
    for (size_t f = 0; f < nr; f++)
        if (term >> f & 1) sb_strbuf_addf(&name, "%s%s", name.len ? ":" : "", factors[f].name);
    const char *kept = sb_arena_strndup(&results->arena, name.buf, name.len);
    sb_strbuf_release(&name);
    return kept;
}

static void take_terms(struct sb_results *results, struct sb_effects *e, const struct sb_anova *a,
                       const struct factor *factors, size_t nr)
{
    e->terms = sb_arena_calloc(&results->arena, a->terms_nr, sizeof *e->terms);
    e->terms_nr = a->terms_nr;
    for (size_t i = 0; i < a->terms_nr; i++) {
        const struct sb_anova_term *t = &a->terms[i];
        e->terms[i] = (struct sb_effect_term){
            term_name(results, factors, nr, t->factors), t->df, t->ss, t->f, t->p, NAN, t->partial_eta2};
    }
}

static void take_ratios(struct sb_results *results, struct sb_effects *e, const struct sb_anova_data *data,
                        const struct sb_anova *a, const struct factor *factors, size_t nr)
{
    size_t most = 0;
    for (size_t f = 0; f < nr; f++)
        most += factors[f].nr - 1;
    e->ratios = sb_arena_calloc(&results->arena, most, sizeof *e->ratios);
    for (size_t f = 0; f < nr; f++)
        for (size_t l = 1; l < factors[f].nr; l++) {
            struct sb_anova_contrast c = sb_anova_contrast(data, a, f, 0, l, results->settings.confidence);
            e->ratios[e->ratios_nr++] =
                (struct sb_effect_ratio){factors[f].name, factors[f].values[0], factors[f].values[l],
                                         exp(c.diff),     exp(c.range.low),     exp(c.range.high),
                                         c.additive};
            if (c.additive) sb_codes_add(&results->arena, &e->findings, "EMPTY_CELLS");
        }
}

static void check_residuals(struct sb_results *results, struct sb_effects *e, const struct sb_anova *a,
                            const struct observations *o)
{
    e->df_residual = a->df_residual;
    e->residual_sd = e->df_residual ? sqrt(a->ss_residual / (double)e->df_residual) : NAN;
    e->normality_p = e->df_residual ? sb_shapiro_wilk(a->residuals, o->n).p : NAN;
    e->equal_spread_p = sb_brown_forsythe(o->y, o->cell_sizes, o->cells);
    if (!e->df_residual) sb_codes_add(&results->arena, &e->findings, "NO_REPLICATES");
    if (e->normality_p < results->settings.alpha)
        sb_codes_add(&results->arena, &e->findings, "RESIDUALS_NOT_NORMAL");
    if (e->equal_spread_p < results->settings.alpha)
        sb_codes_add(&results->arena, &e->findings, "SPREAD_DIFFERS");
}

/* What the summaries already carry, "the factor cannot act" from the audit among it. */
static void take_codes(struct sb_results *results, struct sb_effects *e, const struct block *b,
                       const struct factor *factors, size_t nr)
{
    for (size_t j = 0; j < b->nr; j++) {
        const struct sb_codes *codes = &results->summaries[b->summaries[j]].findings;
        for (size_t i = 0; i < codes->nr; i++)
            for (size_t f = 0; f < nr; f++)
                if (sb_pairing_code_applies(codes->v[i], factors[f].name))
                    sb_codes_add(&results->arena, &e->findings, codes->v[i]);
    }
}

/* Does something else change with a factor that is not part of its meaning? */
static void check_confounding(struct sb_results *results, struct sb_effects *e, const struct view *v,
                              const struct block *b)
{
    for (size_t f = 0; f < v->names_nr; f++)
        for (size_t j = 1; j < b->nr; j++)
            if (sb_pairing_confounded(results, v->names[f], (const char *const *)v->dropped[f].names,
                                      v->dropped[f].nr, b->summaries[0], b->summaries[j])) {
                sb_codes_add(&results->arena, &e->findings, "CONFOUNDED");
                return;
            }
}

static void check_accelerators(struct sb_results *results, struct sb_effects *e, const struct block *b)
{
    for (size_t j = 1; j < b->nr; j++)
        for (size_t i = 0; i < j; i++)
            if (sb_pairing_accelerators_differ(&results->summaries[b->summaries[i]],
                                               &results->summaries[b->summaries[j]])) {
                sb_codes_add(&results->arena, &e->findings, "ACCELERATORS_DIFFER");
                return;
            }
}

static void keep_names(struct sb_results *results, struct factor *f)
{
    f->name = sb_arena_intern(&results->arena, f->name, strlen(f->name));
}

static void add_effects(struct sb_results *results, const struct view *v, const struct block *b)
{
    struct factor factors[SB_ANOVA_FACTORS];
    size_t nr = block_factors(v, b, factors);
    const struct sb_summary *first = &results->summaries[b->summaries[0]];
    struct sb_effects e = {
        .rest = b->rest, .metric = first->metric, .unit = first->unit, .better = first->better};
    for (size_t f = 0; f < nr; f++)
        keep_names(results, &factors[f]);
    struct observations o = observe(results, b, factors, nr);
    struct sb_anova_data data = {.y = o.y, .n = o.n, .level = o.level, .factors = nr};
    for (size_t f = 0; f < nr; f++)
        data.levels[f] = factors[f].nr;
    struct sb_anova a;
    e.n = o.n;
    if (nr && sb_anova(&data, &a)) {
        take_codes(results, &e, b, factors, nr);
        check_confounding(results, &e, v, b);
        check_accelerators(results, &e, b);
        take_terms(results, &e, &a, factors, nr);
        take_ratios(results, &e, &data, &a, factors, nr);
        check_residuals(results, &e, &a, &o);
        SB_ALLOC_GROW(results->effects, results->effects_nr + 1, results->effects_alloc);
        results->effects[results->effects_nr++] = e;
        sb_anova_release(&a);
    }
    free(o.y);
    free(o.level);
    free(o.cell_sizes);
    for (size_t f = 0; f < nr; f++)
        free(factors[f].values);
}

/* One family: all terms of all views. */
static void adjust_terms(struct sb_results *results)
{
    size_t nr = 0, at = 0;
    for (size_t i = 0; i < results->effects_nr; i++)
        nr += results->effects[i].terms_nr;
    double *p = sb_xreallocarray(NULL, nr, sizeof *p),
           *adjusted = sb_xreallocarray(NULL, nr, sizeof *adjusted);
    for (size_t i = 0; i < results->effects_nr; i++)
        for (size_t t = 0; t < results->effects[i].terms_nr; t++)
            p[at++] = results->effects[i].terms[t].p;
    if (sb_adjust(results->settings.correction, p, nr, adjusted)) {
        at = 0;
        for (size_t i = 0; i < results->effects_nr; i++)
            for (size_t t = 0; t < results->effects[i].terms_nr; t++)
                results->effects[i].terms[t].p_adjusted = adjusted[at++];
    }
    free(p);
    free(adjusted);
}

/* The block of this metric and rest, or a new one. */
static struct block *find_block(struct block **blocks, size_t *nr, size_t *alloc,
                                const struct sb_results *results, struct sb_labels rest, const char *metric)
{
    for (size_t i = 0; i < *nr; i++)
        if (results->summaries[(*blocks)[i].summaries[0]].metric == metric &&
            sb_labels_cmp(&(*blocks)[i].rest, &rest) == 0)
            return &(*blocks)[i];
    SB_ALLOC_GROW(*blocks, *nr + 1, *alloc);
    (*blocks)[*nr] = (struct block){.rest = rest};
    return &(*blocks)[(*nr)++];
}

static int effects_cmp(const void *pa, const void *pb)
{
    const struct sb_effects *a = pa, *b = pb;
    int cmp = sb_labels_cmp(&a->rest, &b->rest);
    if (cmp) return cmp;
    size_t ra = sb_metric_rank(a->metric), rb = sb_metric_rank(b->metric);
    return ra != rb ? (ra < rb ? -1 : 1) : strcmp(a->metric, b->metric);
}

bool sb_effects(const struct sb_dataset *ds, struct sb_results *results,
                const struct sb_effects_request *request, struct sb_err *err)
{
    struct view v = {.results = results};
    struct block *blocks = NULL;
    size_t nr = 0, alloc = 0;
    results->effects_nr = 0;
    if (!choose_factors(&v, request->factors, err)) return false;
    for (size_t f = 0; f < v.names_nr; f++)
        v.dropped[f].names = sb_pairing_dropped(results, v.names[f], &v.dropped[f].nr);
    for (size_t i = 0; i < results->summaries_nr; i++) {
        const struct sb_summary *s = &results->summaries[i];
        if (!s->n || !has_all_factors(&v, &s->cell) || !wanted(s, request->metrics)) continue;
        struct block *b =
            find_block(&blocks, &nr, &alloc, results, rest_of(results, &v, &s->cell), s->metric);
        SB_ALLOC_GROW(b->summaries, b->nr + 1, b->alloc);
        b->summaries[b->nr++] = i;
    }
    for (size_t i = 0; i < nr; i++) {
        add_effects(results, &v, &blocks[i]);
        free(blocks[i].summaries);
    }
    free(blocks);
    for (size_t f = 0; f < v.names_nr; f++)
        free(v.dropped[f].names);
    adjust_terms(results);
    if (results->effects_nr)
        qsort(results->effects, results->effects_nr, sizeof *results->effects, effects_cmp);
    return true;
}
