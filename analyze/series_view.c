/* Interval series and histograms of the runs; declared in analyze.h. */
#include "analyze/analyze.h"

#include <math.h>
#include "analyze/histogram.h"
#include "analyze/series.h"
#include "core/alloc.h"

enum { SHORTEST_SERIES = 20 };

static const char *keep(struct sb_results *results, const char *s)
{
    return sb_arena_intern(&results->arena, s, strlen(s));
}

static bool is_first_of_metric(const struct sb_run *run, size_t index)
{
    if (run->points[index].checkpoint) return false;
    for (size_t i = 0; i < index; i++)
        if (!run->points[i].checkpoint && strcmp(run->points[i].metric, run->points[index].metric) == 0)
            return false;
    return true;
}

/* The points of one metric, in the order of the log. */
static size_t gather(const struct sb_run *run, const char *metric, double *values, double *elapsed)
{
    size_t n = 0;
    for (size_t i = 0; i < run->points_nr; i++) {
        if (run->points[i].checkpoint || strcmp(run->points[i].metric, metric) != 0) continue;
        values[n] = run->points[i].value;
        elapsed[n++] = run->points[i].elapsed_s;
    }
    return n;
}

static void add_series(struct sb_results *results, size_t run_index, const struct sb_point *model,
                       const double *values, const double *elapsed, size_t n)
{
    struct sb_warmup w = sb_mser5(values, n);
    struct sb_batch_means b = sb_batch_means(values + w.cut, n - w.cut, results->settings.confidence);
    struct sb_series s = {.run = run_index,
                          .metric = keep(results, model->metric),
                          .unit = keep(results, model->unit),
                          .n = n,
                          .cut = w.cut,
                          .cut_s = w.cut ? elapsed[w.cut - 1] : 0,
                          .mean = b.mean,
                          .low = b.range.low,
                          .high = b.range.high,
                          .batches = b.batches,
                          .batch_size = b.size,
                          .lag1 = b.lag1};
    if (!w.found) sb_codes_add(&results->arena, &s.findings, "NO_STEADY_STATE");
    if (b.correlated) sb_codes_add(&results->arena, &s.findings, "BATCHES_CORRELATED");
    SB_ALLOC_GROW(results->series, results->series_nr + 1, results->series_alloc);
    results->series[results->series_nr++] = s;
}

void sb_analyse_series(const struct sb_dataset *ds, struct sb_results *results)
{
    results->series_nr = 0;
    for (size_t r = 0; r < ds->runs_nr; r++) {
        const struct sb_run *run = &ds->runs[r];
        if (run->points_nr < SHORTEST_SERIES || (run->suspect && !results->settings.include_suspect))
            continue;
        double *values = sb_xreallocarray(NULL, run->points_nr, sizeof *values),
               *elapsed = sb_xreallocarray(NULL, run->points_nr, sizeof *elapsed);
        size_t most =
            run->points_nr < 64 ? run->points_nr : 64; /* a line's metrics stand together at the start */
        for (size_t i = 0; i < most; i++) {
            if (!is_first_of_metric(run, i)) continue;
            size_t n = gather(run, run->points[i].metric, values, elapsed);
            if (n >= SHORTEST_SERIES) add_series(results, r, &run->points[i], values, elapsed, n);
        }
        free(values);
        free(elapsed);
    }
}

static void add_percentiles(struct sb_results *results, const struct sb_labels *cell,
                            const struct sb_histogram *h, size_t runs, const double *ranks, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        struct sb_percentile p = sb_histogram_percentile(h, ranks[i]);
        SB_ALLOC_GROW(results->percentiles, results->percentiles_nr + 1, results->percentiles_alloc);
        results->percentiles[results->percentiles_nr++] =
            (struct sb_histogram_summary){*cell, ranks[i], p.value, p.low, p.high, h->total, runs};
    }
}

static bool in_cell(const struct sb_run *run, const struct sb_labels *cell)
{
    size_t splitting = 0;
    for (size_t i = 0; i < run->labels.nr; i++)
        if (sb_label_splits_cells(run->labels.v[i].name)) splitting++;
    if (splitting != cell->nr) return false;
    for (size_t i = 0; i < cell->nr; i++) {
        const char *value = sb_labels_get(&run->labels, cell->v[i].name);
        if (!value || strcmp(value, cell->v[i].value) != 0) return false;
    }
    return true;
}

void sb_merge_histograms(const struct sb_dataset *ds, struct sb_results *results, const double *ranks,
                         size_t nr)
{
    results->percentiles_nr = 0;
    for (size_t c = 0; c < results->summaries_nr; c++) {
        const struct sb_labels *cell = &results->summaries[c].cell;
        if (c && sb_labels_cmp(&results->summaries[c - 1].cell, cell) == 0) continue;
        struct sb_histogram h = SB_HISTOGRAM_INIT;
        size_t runs = 0;
        for (size_t r = 0; r < ds->runs_nr; r++) {
            const struct sb_run *run = &ds->runs[r];
            if (!run->buckets_nr || (run->suspect && !results->settings.include_suspect) ||
                !in_cell(run, cell))
                continue;
            sb_histogram_merge(&h, run->buckets, run->buckets_nr);
            runs++;
        }
        if (runs) add_percentiles(results, cell, &h, runs, ranks, nr);
        sb_histogram_release(&h);
    }
}
