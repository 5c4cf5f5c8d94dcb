#include "plot/distribution.h"
#include <math.h>

bool sb_distribution_check(const struct sb_chart *chart, struct sb_err *err)
{
    if (chart->distributions_nr && !chart->distributions)
        return sb_fail(err, SB_ERR_INTERNAL, "chart without distributions");
    for (size_t i = 0; i < chart->distributions_nr; i++) {
        const struct sb_distribution *d = &chart->distributions[i];
        if (d->series >= chart->series_nr || (d->bins_nr && !d->bins))
            return sb_fail(err, SB_ERR_INTERNAL, "distribution %zu of the chart has no series or no buckets",
                           i + 1);
    }
    return true;
}

static int by_value(const void *a, const void *b)
{
    const struct sb_bin *p = a, *q = b;
    return (p->value > q->value) - (p->value < q->value);
}

struct sb_spread *sb_spreads(struct sb_canvas *cv, size_t *nr)
{
    const struct sb_chart *chart = cv->chart;
    struct sb_spread *spreads = sb_arena_calloc(cv->arena, chart->distributions_nr + 1, sizeof *spreads);
    *nr = 0;
    for (size_t i = 0; i < chart->distributions_nr; i++) {
        const struct sb_distribution *d = &chart->distributions[i];
        struct sb_bin *bins = sb_arena_alloc(cv->arena, (d->bins_nr + 1) * sizeof *bins);
        struct sb_spread spread = {.series = d->series, .bins = bins};
        for (size_t k = 0; k < d->bins_nr; k++) {
            if (!isfinite(d->bins[k].value) || !(d->bins[k].count > 0) || !isfinite(d->bins[k].count))
                continue;
            spread.total += d->bins[k].count;
            bins[spread.nr++] = d->bins[k];
        }
        qsort(bins, spread.nr, sizeof *bins, by_value);
        if (spread.nr && isfinite(spread.total)) spreads[(*nr)++] = spread;
    }
    return spreads;
}

void sb_spreads_extent(const struct sb_spread *spreads, size_t nr, double *low, double *high)
{
    *low = INFINITY;
    *high = -INFINITY;
    for (size_t i = 0; i < nr; i++) {
        *low = fmin(*low, spreads[i].bins[0].value);
        *high = fmax(*high, spreads[i].bins[spreads[i].nr - 1].value);
    }
}

double sb_spread_quantile(const struct sb_spread *spread, double p)
{
    double below = 0;
    for (size_t i = 0; i < spread->nr; i++) {
        below += spread->bins[i].count;
        if (below >= p * spread->total * (1 - 1e-12)) return spread->bins[i].value;
    }
    return spread->bins[spread->nr - 1].value;
}

void sb_spreads_scale(struct sb_scale *scale, double low, double high, int want)
{
    if (low > 0 && high / low > 20)
        sb_scale_log(scale, low, high, want);
    else
        sb_scale_linear(scale, low, high, low >= 0 && low < high * 0.5, want);
}

const char *sb_value_title(struct sb_canvas *cv)
{
    const char *name = *cv->chart->value_name ? cv->chart->value_name : "Latency",
               *unit = cv->chart->value_unit;
    return *unit ? sb_arena_printf(cv->arena, "%s, %s", name, unit) : name;
}

struct sb_legend_item *sb_spreads_legend(struct sb_canvas *cv, const struct sb_spread *spreads,
                                         size_t spreads_nr, size_t *nr)
{
    struct sb_legend_item *items = sb_arena_calloc(cv->arena, spreads_nr + 1, sizeof *items);
    *nr = spreads_nr;
    for (size_t i = 0; i < spreads_nr; i++) {
        const char *name =
            sb_type_fit(cv->arena, cv->chart->series[spreads[i].series], sb_font_label, cv->width * 0.3);
        items[i] = (struct sb_legend_item){
            .key = SB_KEY_STROKE,
            .slot = sb_slot_of(cv->chart, spreads[i].series),
            .text = sb_arena_printf(cv->arena, "%s: p50 %s, p99 %s%s%s", name,
                                    sb_canvas_number(cv, sb_spread_quantile(&spreads[i], 0.50)),
                                    sb_canvas_number(cv, sb_spread_quantile(&spreads[i], 0.99)),
                                    *cv->chart->value_unit ? " " : "", cv->chart->value_unit)};
    }
    return items;
}
