/* Comparisons of a factor's levels as one family; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include "analyze/family.h"
#include "analyze/pair_stats.h"
#include "analyze/pairing.h"
#include "analyze/restating.h"
#include "core/alloc.h"
#include "core/platform.h"
#include "core/strbuf.h"
#include "core/text.h"

static const char *known_param(const struct sb_dataset *ds, const struct sb_summary *s, const char *name)
{
    for (size_t i = 0; i < s->n_runs; i++) {
        const char *text = sb_run_param(&ds->runs[s->runs[i]], name);
        if (text) return text;
    }
    return NULL;
}

static const char *known_version(const struct sb_dataset *ds, const struct sb_summary *s)
{
    for (size_t i = 0; i < s->n_runs; i++)
        if (*ds->runs[s->runs[i]].version) return ds->runs[s->runs[i]].version;
    return NULL;
}

/* Cells were split by parameters, so that the first run that has one speaks for its side; unknown is no
 * difference. */
static bool parameters_differ(const struct sb_dataset *ds, const struct sb_summary *a,
                              const struct sb_summary *b, const char *factor)
{
    for (size_t i = 0; i < a->n_runs; i++) {
        const struct sb_run *run = &ds->runs[a->runs[i]];
        for (size_t p = 0; p < run->params_nr; p++) {
            const char *name = run->params[p].name;
            if (!sb_param_shapes_workload(name) || strcmp(name, factor) == 0) continue;
            const char *here = known_param(ds, a, name), *there = known_param(ds, b, name);
            if (there && !sb_streq(here, there)) return true;
        }
    }
    return false;
}

static void add_code(struct sb_results *results, struct sb_comparison *row, const char *code)
{
    sb_codes_add(&results->arena, &row->findings, code);
}

static void take_codes(const struct sb_dataset *ds, struct sb_results *results, struct sb_comparison *row)
{
    const struct sb_summary *b = &results->summaries[row->summary_baseline],
                            *l = &results->summaries[row->summary_level];
    for (size_t i = 0; i < b->findings.nr; i++)
        if (sb_pairing_code_applies(b->findings.v[i], row->factor)) add_code(results, row, b->findings.v[i]);
    for (size_t i = 0; i < l->findings.nr; i++)
        if (sb_pairing_code_applies(l->findings.v[i], row->factor)) add_code(results, row, l->findings.v[i]);
    const char *vb = known_version(ds, b), *vl = known_version(ds, l);
    if (vb && vl && strcmp(vb, vl) != 0) add_code(results, row, "VERSIONS_DIFFER");
    if (strcmp(b->kind, l->kind) != 0 || parameters_differ(ds, b, l, row->factor))
        add_code(results, row, "PARAMETERS_DIFFER");
    row->barred = sb_pairing_accelerators_differ(b, l);
    if (row->barred) add_code(results, row, "ACCELERATORS_DIFFER");
}

static bool same_group(struct sb_group a, struct sb_group b)
{
    return a.name && b.name && strcmp(a.name, b.name) == 0;
}

static bool names_row(const struct sb_null_control *control, const struct sb_comparison *row)
{
    for (size_t i = 0; i < control->nr; i++) {
        const struct sb_filter *f = &control->filters[i];
        bool matches = strcmp(f->label, row->factor) == 0
                           ? sb_glob_match(f->glob, row->baseline) && sb_glob_match(f->glob, row->level)
                           : sb_labels_match(&row->rest, f, 1);
        if (!matches) return false;
    }
    return true;
}

static void add_row(const struct sb_dataset *ds, struct sb_results *results,
                    const struct sb_compare_request *request, const char *factor, const struct sb_pair *pair)
{
    SB_ALLOC_GROW(results->comparisons, results->comparisons_nr + 1, results->comparisons_alloc);
    struct sb_comparison *row = &results->comparisons[results->comparisons_nr++];
    const struct sb_summary *b = &results->summaries[pair->baseline], *l = &results->summaries[pair->level];
    *row = (struct sb_comparison){.factor = factor,
                                  .baseline = sb_labels_get(&b->cell, factor),
                                  .level = sb_labels_get(&l->cell, factor),
                                  .rest = pair->rest,
                                  .kind = b->kind,
                                  .metric = b->metric,
                                  .unit = b->unit,
                                  .better = b->better == l->better ? b->better : SB_BETTER_NONE,
                                  .summary_baseline = pair->baseline,
                                  .summary_level = pair->level};
    if (same_group(b->group, l->group))
        row->group = (struct sb_group){b->group.name, b->group.primary && l->group.primary};
    row->restates = row->group.name && !row->group.primary && sb_restates_primary(ds, b, l);
    sb_pair_stats(results, row);
    if (!row->group.name) row->p = row->p_floor = row->p_error = NAN; /* descriptive: never tested */
    for (size_t i = 0; i < request->null_controls_nr; i++)
        row->null_control |= names_row(&request->null_controls[i], row);
    take_codes(ds, results, row);
    if (pair->confounded) add_code(results, row, "CONFOUNDED");
    if (row->null_control) add_code(results, row, "NULL_CONTROL");
    if (row->p_error > 0) add_code(results, row, "MONTE_CARLO");
}

static int comparison_cmp(const void *pa, const void *pb)
{
    const struct sb_comparison *a = pa, *b = pb;
    int cmp = strcmp(a->factor, b->factor);
    if (!cmp) cmp = sb_labels_cmp(&a->rest, &b->rest);
    if (!cmp) cmp = sb_label_value_cmp(a->factor, a->baseline, b->baseline);
    if (!cmp) cmp = sb_label_value_cmp(a->factor, a->level, b->level);
    if (cmp) return cmp;
    size_t ra = sb_metric_rank(a->metric), rb = sb_metric_rank(b->metric);
    return ra != rb ? (ra < rb ? -1 : 1) : sb_natural_cmp(a->metric, b->metric);
}

static void sort_rows(struct sb_results *results, size_t from)
{
    size_t nr = results->comparisons_nr - from;
    if (nr) qsort(results->comparisons + from, nr, sizeof *results->comparisons, comparison_cmp);
}

static bool wanted(const char *const *metrics, const char *metric)
{
    while (metrics && *metrics && strcmp(*metrics, metric) != 0)
        metrics++;
    return !metrics || *metrics;
}

/* Only now: the family does not depend on which of its rows are shown. */
static void keep_metrics(struct sb_results *results, size_t from, const char *const *metrics)
{
    size_t kept = from;
    for (size_t i = from; i < results->comparisons_nr; i++)
        if (wanted(metrics, results->comparisons[i].metric))
            results->comparisons[kept++] = results->comparisons[i];
    results->comparisons_nr = kept;
}

static bool fail_values(struct sb_err *err, const char *what, const char *of, const char *const *values,
                        size_t nr)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (size_t i = 0; i < nr; i++)
        sb_strbuf_addf(&list, "%s%s", i ? ", " : "", values[i]);
    sb_fail(err, SB_ERR_USAGE, "%s '%s'; known: %s", what, of, nr ? list.buf : "none");
    sb_strbuf_release(&list);
    return false;
}

static bool fail_factor(const struct sb_results *results, const char *factor, struct sb_err *err)
{
    struct sb_labels names = SB_LABELS_INIT;
    for (size_t i = 0; i < results->summaries_nr; i++)
        for (size_t j = 0; j < results->summaries[i].cell.nr; j++)
            sb_labels_set(&names, results->summaries[i].cell.v[j].name, "1");
    const char **list = sb_xreallocarray(NULL, names.nr, sizeof *list);
    for (size_t i = 0; i < names.nr; i++)
        list[i] = names.v[i].name;
    fail_values(err, "no run has the label", factor, list, names.nr);
    free(list);
    sb_labels_release(&names);
    return false;
}

/* The baseline as one of the levels (the same pointer), or NULL. */
static const char *find_baseline(const struct sb_pairing *p, const char *factor, const char *asked)
{
    if (!asked) {
        return strcmp(factor, "platform") == 0
                   ? sb_platform_default_baseline((const char *const *)p->levels, p->levels_nr)
                   : p->levels[0];
    }
    for (size_t i = 0; i < p->levels_nr; i++)
        if (strcmp(p->levels[i], asked) == 0) return p->levels[i];
    return NULL;
}

bool sb_compare(const struct sb_dataset *ds, struct sb_results *results,
                const struct sb_compare_request *request, struct sb_err *err)
{
    if (!sb_family_check_settings(&results->settings, request->all_pairs, err)) return false;
    const char *factor = sb_arena_intern(&results->arena, request->factor, strlen(request->factor));
    struct sb_pairing pairing = {0};
    sb_pairing_levels(&pairing, results, factor);
    if (!pairing.levels_nr) return fail_factor(results, factor, err);
    const char *baseline = find_baseline(&pairing, factor, request->baseline);
    if (!baseline)
        return fail_values(err, "no run has the baseline", request->baseline,
                           (const char *const *)pairing.levels, pairing.levels_nr);
    results->factor = factor;
    results->baseline = baseline;
    sb_pairing_make(&pairing, results, factor, baseline, request->all_pairs);
    size_t from = results->comparisons_nr;
    for (size_t i = 0; i < pairing.nr; i++)
        add_row(ds, results, request, factor, &pairing.pairs[i]);
    if (pairing.ambiguous)
        sb_results_add_finding(
            results, "AMBIGUOUS_CELLS", SB_WARNING,
            "some cells cannot be compared by %s: several of them have the same level and remaining labels",
            factor);
    sb_pairing_release(&pairing);
    sb_family_adjust(results, from);
    sort_rows(results, from);
    sb_family_verdicts(results, from);
    keep_metrics(results, from, request->metrics);
    sort_rows(results, 0);
    return true;
}
