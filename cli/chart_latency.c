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

static const struct {
    enum sb_chart_kind kind;
    const char *name, *what, *subtitle;
} views[] = {
    {SB_CHART_HISTOGRAM, "histogram", "Latency",
     "sysbench's histograms of all runs, merged; its buckets are 1.8 % wide"},
    {SB_CHART_ECDF, "ecdf", "Cumulative latency",
     "share of events that took no longer; histograms of all runs, merged"},
    {SB_CHART_PERCENTILE, "percentiles", "Latency percentiles",
     "from the merged histograms of all runs; the axis opens up the tail"},
};

static void add_views(struct sb_chart_builder *b, const struct sb_distribution *distributions,
                      const struct sb_values *platforms, const char *config, const char *test)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(views); i++) {
        struct sb_chart_item *item = sb_chart_add_item(
            b, "latency",
            sb_with_config(b->arena, sb_arena_printf(b->arena, "%s-%s", views[i].name, test), "-", config));
        struct sb_chart *c = &item->chart;
        item->test = test;
        item->config = config;
        c->kind = views[i].kind;
        c->distributions = distributions;
        c->distributions_nr = platforms->nr;
        c->value_unit = "ms";
        sb_use_platform_series(b, c, platforms);
        c->title = sb_with_config(b->arena, sb_arena_printf(b->arena, "%s of %s", views[i].what, test), ", ",
                                  config);
        c->subtitle = views[i].subtitle;
        c->alt = sb_arena_printf(b->arena, "%s for %zu platforms.", c->title, platforms->nr);
        const char *note = sb_emulation_note(b, platforms, config, test);
        if (note) c->footer_left = note;
    }
}

void sb_add_latency(struct sb_chart_builder *b)
{
    for (size_t t = 0; t < b->tests.nr; t++)
        for (size_t k = 0; k < b->configs.nr; k++) {
            struct sb_distribution *distributions =
                sb_arena_calloc(b->arena, b->platforms.nr, sizeof *distributions);
            struct sb_values platforms = {NULL, 0};
            for (size_t p = 0; p < b->platforms.nr; p++) {
                const struct sb_summary *s =
                    sb_chart_find_cell(b, b->platforms.v[p], b->configs.v[k], b->tests.v[t]);
                struct sb_bin *bins;
                size_t bins_nr = s ? merge(b, s, &bins) : 0;
                if (!bins_nr) continue;
                distributions[platforms.nr] = (struct sb_distribution){platforms.nr, bins, bins_nr};
                sb_values_append(b->arena, &platforms, b->platforms.v[p]);
            }
            if (platforms.nr) add_views(b, distributions, &platforms, b->configs.v[k], b->tests.v[t]);
        }
}
