/* Latency distributions from the printed histograms, the runs of a cell merged bucket by bucket. */
#include "cli/chart_builder.h"

#include "core/alloc.h"

static int bin_cmp(const void *pa, const void *pb)
{
    const struct sb_bin *a = pa, *b = pb;
    return (a->value > b->value) - (a->value < b->value);
}

/* All buckets of the cell's runs, equal values added up. */
static size_t merge(struct sb_chart_builder *b, const struct sb_summary *s, struct sb_bin **bins)
{
    size_t nr = 0, kept = 0;
    for (size_t i = 0; i < s->n_runs; i++)
        nr += b->ds->runs[s->runs[i]].buckets_nr;
    *bins = sb_arena_calloc(b->arena, nr + 1, sizeof **bins);
    nr = 0;
    for (size_t i = 0; i < s->n_runs; i++) {
        const struct sb_run *run = &b->ds->runs[s->runs[i]];
        for (size_t k = 0; k < run->buckets_nr; k++)
            (*bins)[nr++] = (struct sb_bin){run->buckets[k].value_ms, (double)run->buckets[k].count};
    }
    if (nr) qsort(*bins, nr, sizeof **bins, bin_cmp);
    for (size_t i = 0; i < nr; i++)
        if (kept && (*bins)[kept - 1].value == (*bins)[i].value)
            (*bins)[kept - 1].count += (*bins)[i].count;
        else
            (*bins)[kept++] = (*bins)[i];
    return kept;
}

static size_t runs_with_buckets(const struct sb_chart_builder *b, const struct sb_summary *s)
{
    size_t nr = 0;
    for (size_t i = 0; i < s->n_runs; i++)
        nr += b->ds->runs[s->runs[i]].buckets_nr > 0;
    return nr;
}

static const struct {
    enum sb_chart_kind kind;
    const char *name, *what, *before, *after; /* the subtitle has the runs in between */
} views[] = {
    {SB_CHART_HISTOGRAM, "histogram", "Latency", "sysbench's histograms of ",
     ", merged; its buckets are 1.8 % wide"},
    {SB_CHART_ECDF, "ecdf", "Cumulative latency", "share of events that took no longer; histograms of ",
     ", merged"},
    {SB_CHART_PERCENTILE, "percentiles", "Latency percentiles", "from the merged histograms of ",
     "; the axis opens up the tail"},
};

/* What the views of one test and configuration share. */
struct merged {
    struct sb_distribution *distributions;
    struct sb_values platforms;
    struct sb_extent extent;
};

static void add_views(struct sb_chart_builder *b, const struct merged *m, const char *config,
                      const char *test)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(views); i++) {
        struct sb_chart_item *item = sb_chart_add_item(
            b, "latency",
            sb_with_config(b->arena, sb_arena_printf(b->arena, "%s-%s", views[i].name, test), "-", config));
        struct sb_chart *c = &item->chart;
        item->test = test;
        item->config = config;
        c->kind = views[i].kind;
        c->distributions = m->distributions;
        c->distributions_nr = m->platforms.nr;
        c->value_unit = "ms";
        sb_use_platform_series(b, c, &m->platforms);
        c->title = sb_with_config(b->arena, sb_arena_printf(b->arena, "%s of %s", views[i].what, test), ", ",
                                  config);
        c->subtitle = sb_arena_printf(b->arena, "%s%s%s", views[i].before,
                                      sb_extent_text(b->arena, &m->extent, "all runs"), views[i].after);
        c->alt = sb_arena_printf(b->arena, "%s for %zu platforms.", c->title, m->platforms.nr);
        const char *note = sb_emulation_note(b, &m->platforms, config, test);
        if (note) c->footer_left = note;
    }
}

static void merge_cell(struct sb_chart_builder *b, struct merged *m, const char *platform, const char *config,
                       const char *test)
{
    const struct sb_summary *s = sb_chart_find_cell(b, platform, config, test);
    struct sb_bin *bins;
    size_t bins_nr = s ? merge(b, s, &bins) : 0;
    if (!bins_nr) return;
    m->distributions[m->platforms.nr] = (struct sb_distribution){m->platforms.nr, bins, bins_nr};
    m->extent.shown += runs_with_buckets(b, s);
    m->extent.left_out += s->runs_excluded;
    sb_values_append(b->arena, &m->platforms, platform);
}

void sb_add_latency(struct sb_chart_builder *b)
{
    for (size_t t = 0; t < b->tests.nr; t++)
        for (size_t k = 0; k < b->configs.nr; k++) {
            const char *config = b->configs.v[k], *test = b->tests.v[t];
            struct merged m = {.distributions =
                                   sb_arena_calloc(b->arena, b->platforms.nr, sizeof *m.distributions),
                               .extent = {0, sb_chart_lost_runs(b, NULL, config, test)}};
            for (size_t p = 0; p < b->platforms.nr; p++)
                merge_cell(b, &m, b->platforms.v[p], config, test);
            if (m.platforms.nr) add_views(b, &m, config, test);
        }
}
