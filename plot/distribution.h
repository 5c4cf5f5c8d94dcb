/* What the three charts of latency distributions share. */
#ifndef SB_PLOT_DISTRIBUTION_H
#define SB_PLOT_DISTRIBUTION_H

#include "plot/canvas.h"
#include "plot/scale.h"

/* A distribution as its finite buckets with positive counts, by rising value. */
struct sb_spread {
    size_t series;
    const struct sb_bin *bins;
    size_t nr;
    double total; /* of the counts */
};

bool sb_distribution_check(const struct sb_chart *chart, struct sb_err *err);
/* The chart's distributions that hold anything; in the arena. */
struct sb_spread *sb_spreads(struct sb_canvas *cv, size_t *nr);
void sb_spreads_extent(const struct sb_spread *spreads, size_t nr, double *low, double *high);
/* The smallest bucket value at or below which at least the share p of the events lies. */
double sb_spread_quantile(const struct sb_spread *spread, double p);
/* A log scale when all values are positive and span more than a factor of 20, else linear. */
void sb_spreads_scale(struct sb_scale *scale, double low, double high, int want);
const char *sb_value_title(struct sb_canvas *cv); /* "Latency, ms" */
/* The series with their median and 99th percentile as a legend; *nr items. */
struct sb_legend_item *sb_spreads_legend(struct sb_canvas *cv, const struct sb_spread *spreads,
                                         size_t spreads_nr, size_t *nr);

#endif
