/* The numbers behind a chart, for files beside the pictures. */
#include "plot/chart.h"
#include <math.h>

static const struct sb_datum nothing = {.x = NAN, .value = NAN, .low = NAN, .high = NAN};

static void panel_data(const struct sb_chart *chart, const struct sb_panel *panel, sb_datum_fn *fn,
                       void *context)
{
    for (size_t i = 0; i < panel->groups_nr * chart->series_nr; i++) {
        struct sb_datum d = nothing;
        d.panel = panel->title;
        d.unit = panel->unit;
        d.group = panel->groups[i / chart->series_nr];
        d.series = chart->series[i % chart->series_nr];
        if (panel->bars) d.suspect = panel->bars[i].suspect;
        if (chart->kind == SB_CHART_POINTS) {
            for (size_t k = 0; k < panel->points_nr[i]; k++) {
                d.value = panel->points[i][k];
                d.n = 1;
                fn(context, &d);
            }
            continue;
        }
        d.value = panel->bars[i].value;
        d.low = panel->bars[i].low;
        d.high = panel->bars[i].high;
        d.n = panel->bars[i].n;
        fn(context, &d);
    }
}

static void panels_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context)
{
    for (size_t i = 0; i < chart->panels_nr; i++)
        panel_data(chart, &chart->panels[i], fn, context);
}

static void forest_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context)
{
    for (size_t i = 0; i < chart->rows_nr; i++) {
        const struct sb_forest_row *row = &chart->rows[i];
        struct sb_datum d = nothing;
        d.panel = row->heading;
        d.group = row->label;
        d.series = row->verdict;
        d.value = row->ratio;
        d.low = row->low;
        d.high = row->high;
        d.suspect = row->suspect;
        fn(context, &d);
    }
}

static void heat_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context)
{
    const struct sb_heat *h = chart->heat;
    for (size_t i = 0; h && i < h->rows_nr * h->columns_nr; i++) {
        struct sb_datum d = nothing;
        d.group = h->rows[i / h->columns_nr];
        d.series = h->columns[i % h->columns_nr];
        d.unit = h->unit;
        d.value = h->cells[i].value;
        d.suspect = h->cells[i].suspect;
        fn(context, &d);
    }
}

static void xy_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context)
{
    for (size_t i = 0; chart->xy && i < chart->xy->curves_nr; i++) {
        const struct sb_curve *c = &chart->xy->curves[i];
        for (size_t k = 0; k < c->samples_nr; k++) {
            bool interval = c->samples[k].low != 0 || c->samples[k].high != 0;
            struct sb_datum d = nothing;
            d.panel = c->role == SB_CURVE_FIT ? "fit" : NULL;
            d.series = chart->series[c->series];
            d.unit = chart->xy->unit;
            d.x = c->samples[k].x;
            d.value = c->samples[k].y;
            d.low = interval ? c->samples[k].low : NAN;
            d.high = interval ? c->samples[k].high : NAN;
            d.suspect = c->samples[k].suspect;
            fn(context, &d);
        }
    }
}

static void distribution_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context)
{
    for (size_t i = 0; i < chart->distributions_nr; i++) {
        const struct sb_distribution *dist = &chart->distributions[i];
        for (size_t k = 0; k < dist->bins_nr; k++) {
            struct sb_datum d = nothing;
            d.series = chart->series[dist->series];
            d.unit = chart->value_unit;
            d.x = dist->bins[k].value;
            d.value = dist->bins[k].count;
            fn(context, &d);
        }
    }
}

void sb_chart_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context)
{
    static void (*const writers[SB_CHART_KINDS])(const struct sb_chart *, sb_datum_fn *, void *) = {
        [SB_CHART_BARS] = panels_data,       [SB_CHART_POINTS] = panels_data,
        [SB_CHART_FOREST] = forest_data,     [SB_CHART_HEAT] = heat_data,
        [SB_CHART_SCALING] = xy_data,        [SB_CHART_SERIES] = xy_data,
        [SB_CHART_ORDER] = xy_data,          [SB_CHART_HISTOGRAM] = distribution_data,
        [SB_CHART_ECDF] = distribution_data, [SB_CHART_PERCENTILE] = distribution_data,
        [SB_CHART_OVERVIEW] = panels_data,
    };
    writers[chart->kind](chart, fn, context);
}
