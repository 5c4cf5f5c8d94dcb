/* Geometric means of ratios over tests; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include "analyze/tdist.h"
#include "core/alloc.h"
#include "core/text.h"

/* One test's contribution to one pair of levels: the main primary metric, turned so that above 1 is better.
 */
struct part {
    struct sb_labels rest; /* without test */
    const struct sb_comparison *row;
    const char *test;
};

static struct sb_labels without_test(struct sb_results *results, const struct sb_labels *all)
{
    struct sb_labels rest = {sb_arena_alloc(&results->arena, (all->nr + 1) * sizeof *rest.v), 0, all->nr};
    for (size_t i = 0; i < all->nr; i++)
        if (strcmp(all->v[i].name, "test") != 0) rest.v[rest.nr++] = all->v[i];
    return rest;
}

static bool counts(const struct sb_comparison *row)
{
    return row->group.primary && strcmp(row->group.name, "percentile") != 0 &&
           row->better != SB_BETTER_NONE && sb_labels_get(&row->rest, "test");
}

static int frame_cmp(const struct part *a, const struct part *b)
{
    int cmp = strcmp(a->row->factor, b->row->factor);
    if (!cmp) cmp = sb_labels_cmp(&a->rest, &b->rest);
    return cmp ? cmp : sb_label_value_cmp(a->row->factor, a->row->baseline, b->row->baseline);
}

static int part_cmp(const void *pa, const void *pb)
{
    const struct part *a = pa, *b = pb;
    int cmp = frame_cmp(a, b);
    if (!cmp) cmp = sb_label_value_cmp(a->row->factor, a->row->level, b->row->level);
    if (!cmp) cmp = sb_natural_cmp(a->test, b->test);
    return cmp ? cmp : strcmp(a->row->metric, b->row->metric);
}

static bool same_level(const struct part *a, const struct part *b)
{
    return frame_cmp(a, b) == 0 && strcmp(a->row->level, b->row->level) == 0;
}

/* Every level of the frame must have the same tests and metrics, each with a ratio. */
static bool matched(const struct part *frame, size_t nr)
{
    size_t first = 1;
    while (first < nr && same_level(&frame[0], &frame[first]))
        first++;
    if (nr % first) return false;
    for (size_t i = 0; i < nr; i++) {
        const struct part *mine = &frame[i], *model = &frame[i % first];
        bool level_starts = i % first == 0;
        if (isnan(mine->row->ratio) || strcmp(mine->test, model->test) != 0 ||
            strcmp(mine->row->metric, model->row->metric) != 0)
            return false;
        if (!level_starts && !same_level(mine, &frame[i - 1])) return false;
    }
    return true;
}

/*
 * Mean of the log ratios; the tests are these tests, not a sample of all tests, so the interval holds the
 * noise of the measurements only: variance sum(se^2) / k^2 with Satterthwaite's degrees of freedom.
 */
static void average(const struct sb_results *results, struct sb_aggregate *a, const struct part *parts)
{
    double sum = 0, var = 0, spread = 0, k = (double)a->tests;
    for (size_t i = 0; i < a->tests; i++) {
        const struct sb_comparison *row = parts[i].row;
        double v = row->log_se * row->log_se / (k * k);
        sum += row->better == SB_BETTER_HIGHER ? log(row->ratio) : -log(row->ratio);
        var += v;
        spread += v * v / row->df;
    }
    double half = sqrt(var) * sb_t_quantile(1 - (1 - results->settings.confidence) / 2, var * var / spread);
    a->ratio = exp(sum / k);
    a->low = exp(sum / k - half);
    a->high = exp(sum / k + half);
}

static void add_aggregate(struct sb_results *results, const struct part *parts, size_t nr, bool is_matched)
{
    struct sb_aggregate a = {.factor = parts->row->factor,
                             .baseline = parts->row->baseline,
                             .level = parts->row->level,
                             .rest = parts->rest,
                             .tests = nr,
                             .ratio = NAN,
                             .low = NAN,
                             .high = NAN};
    for (size_t i = 0; i < nr; i++) {
        a.barred |= parts[i].row->barred;
        for (size_t c = 0; c < parts[i].row->findings.nr; c++)
            sb_codes_add(&results->arena, &a.findings, parts[i].row->findings.v[c]);
    }
    if (is_matched)
        average(results, &a, parts);
    else
        sb_codes_add(&results->arena, &a.findings, "NOT_MATCHED");
    if (sb_codes_has(&a.findings, "ONE_BOOT")) a.low = a.high = NAN; /* within one boot only */
    SB_ALLOC_GROW(results->aggregates, results->aggregates_nr + 1, results->aggregates_alloc);
    results->aggregates[results->aggregates_nr++] = a;
}

static void add_frame(struct sb_results *results, const struct part *frame, size_t nr)
{
    bool is_matched = matched(frame, nr);
    for (size_t from = 0, to; from < nr; from = to) {
        for (to = from + 1; to < nr && same_level(&frame[from], &frame[to]);)
            to++;
        add_aggregate(results, frame + from, to - from, is_matched);
    }
}

void sb_aggregate(struct sb_results *results)
{
    struct part *parts = sb_xreallocarray(NULL, results->comparisons_nr, sizeof *parts);
    size_t nr = 0;
    results->aggregates_nr = 0;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        const struct sb_comparison *row = &results->comparisons[i];
        if (counts(row))
            parts[nr++] =
                (struct part){without_test(results, &row->rest), row, sb_labels_get(&row->rest, "test")};
    }
    if (nr) qsort(parts, nr, sizeof *parts, part_cmp);
    for (size_t from = 0, to; from < nr; from = to) {
        for (to = from + 1; to < nr && frame_cmp(&parts[from], &parts[to]) == 0;)
            to++;
        add_frame(results, parts + from, to - from);
    }
    free(parts);
}
