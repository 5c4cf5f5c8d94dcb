/*
 * Charts from plain arrays and labels. A chart is described completely by a struct sb_chart, which borrows
 * everything it points to; sb_chart_render() turns it into SVG, PNG or PDF bytes.
 *
 * Axes: bars stand on zero and are linear. Points, trends and run order start at zero when the smallest value
 * is at most 45 % of the largest, else near the data, and the footer says so. Ratios are logarithmic; x of a
 * scaling chart is when its largest level is 20 times its smallest; distributions are when their values are
 * positive and span a factor of 20.
 *
 * Same chart, same bytes. NaN is "no value": nothing is drawn in its place. Any UTF-8 may stand in a text;
 * malformed bytes and control characters are made visible.
 */
#ifndef SB_PLOT_CHART_H
#define SB_PLOT_CHART_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"
#include "core/strbuf.h"

enum sb_chart_format { SB_CHART_SVG, SB_CHART_PNG, SB_CHART_PDF };
enum sb_theme { SB_THEME_LIGHT, SB_THEME_DARK, SB_THEME_PRINT };

/* One value with its interval. */
struct sb_bar {
    double value, low, high; /* NaN: absent; low/high NaN: no whisker */
    bool suspect;            /* drawn with a mark */
    size_t n;
};

/* Grouped bars in one panel: groups on the x axis, series side by side inside a group. */
struct sb_panel {
    const char *title;  /* "cpu" */
    const char *unit;   /* "events/s" */
    const char *better; /* "higher", "lower", "" */
    const char *const *groups;
    size_t groups_nr;
    const struct sb_bar *bars; /* groups_nr x series_nr, row-major by group */
    /* scatter + box: every value; NULL in bar charts. points[g * series_nr + s] has points_nr[...] values */
    const double *const *points;
    const size_t *points_nr;
};

/* One row of a ratio (forest) plot. */
struct sb_forest_row {
    const char *heading; /* starts a section when it differs from the row before; NULL none */
    const char *label;
    double ratio, low, high;
    const char *verdict; /* faster, slower, equivalent, inconclusive, "" */
    const char *note;    /* right column under "change" when not NULL, else made from the ratio */
    bool suspect;
};

/* One point of a curve. */
struct sb_sample {
    double x, y;
    double low, high; /* interval of y; NaN: none. 0, 0 also means none */
    bool suspect;
};

enum sb_curve_role {
    SB_CURVE_DATA, /* one run, or the means of a factor's levels */
    SB_CURVE_FIT,  /* a fitted model, a level: dashed, no markers */
};

struct sb_curve {
    size_t series;                   /* index into the chart's series */
    const struct sb_sample *samples; /* by rising x */
    size_t samples_nr;
    enum sb_curve_role role;
};

/* Curves over a numeric x axis. A series may have several curves (several runs). */
struct sb_xy {
    const char *x_title;       /* "vCPUs", "Elapsed", "Run order" */
    const char *unit, *better; /* of y */
    const struct sb_curve *curves;
    size_t curves_nr;
    double warmup;        /* time series: the stretch before it is shaded; 0 or NaN none */
    const char *fit_name; /* scaling, legend: what is dashed; NULL "fitted model" */
    bool ideal;           /* scaling: draw linear scaling of the first series' first point */
};

/* One bucket of a latency histogram: `count` events around `value`. */
struct sb_bin {
    double value, count;
};

/* The distribution of one series; buckets by rising value. */
struct sb_distribution {
    size_t series;
    const struct sb_bin *bins;
    size_t bins_nr;
};

/* One cell of a heat map. */
struct sb_heat_cell {
    double value; /* signed change, e.g. in %; NaN: no data */
    bool hatched; /* as hatch_name says */
    bool suspect;
};

/* Factor x factor. Colours diverge from 0; blue is good, orange is bad. */
struct sb_heat {
    const char *const *rows, *const *columns;
    size_t rows_nr, columns_nr;
    const struct sb_heat_cell *cells; /* rows_nr x columns_nr, row-major */
    const char *unit;                 /* "%" */
    const char *better; /* "higher": positive values are good (also when ""), "lower": negative ones are */
    const char *hatch_name; /* legend: what is hatched; NULL "inconclusive" */
};

enum sb_chart_kind {
    SB_CHART_BARS,       /* panels of grouped bars with intervals, one panel per unit or test */
    SB_CHART_POINTS,     /* panels of box + every point */
    SB_CHART_FOREST,     /* ratios against a baseline, log scale */
    SB_CHART_HEAT,       /* factor x factor, some cells hatched; needs `heat` */
    SB_CHART_SCALING,    /* y over threads, vCPUs or RAM with interval ribbons and fits; needs `xy` */
    SB_CHART_SERIES,     /* interval reports over time, runs overlaid, warm-up shaded; needs `xy`, x in s */
    SB_CHART_ORDER,      /* values in the order of their runs, with a trend per series; needs `xy` */
    SB_CHART_HISTOGRAM,  /* latency histograms, one row per series; needs `distributions` */
    SB_CHART_ECDF,       /* cumulative share of events by latency; needs `distributions` */
    SB_CHART_PERCENTILE, /* latency over percentile on a 1/(1-p) axis; needs `distributions` */
    SB_CHART_OVERVIEW,   /* small multiples of bars of a whole experiment on one page; needs `panels` */
    SB_CHART_KINDS
};

struct sb_chart {
    enum sb_chart_kind kind;
    const char *title;    /* a sentence or a name; wrapped when long */
    const char *subtitle; /* what is measured, unit, n, interval, direction */
    const char *footer_left, *footer_right;
    const char *alt;           /* one or two sentences for screen readers: the finding */
    const char *const *series; /* names in the legend; one series: no legend */
    /* Colour slot of each series, so that docker is the same colour in every chart; NULL: position. */
    const int *series_slot;
    size_t series_nr;
    const struct sb_panel *panels;
    size_t panels_nr;
    const struct sb_forest_row *rows;
    size_t rows_nr;
    const struct sb_xy *xy;
    const struct sb_heat *heat;
    const struct sb_distribution *distributions;
    size_t distributions_nr;
    const char *value_name; /* distributions: what is measured, "Latency"; NULL "Latency" */
    const char *value_unit; /* distributions: "ms" */
    double margin;          /* forest: equivalence band [1/(1+m), 1+m]; 0 none */
    const char *baseline;   /* forest: name of the baseline */
    const char *id;         /* unique, [a-z0-9-]: prefix of the SVG's ids */
    const char *parameters; /* what made the chart ("metric=latency_avg confidence=0.95"), into the metadata;
                               or NULL */
};

enum sb_palette {
    SB_PALETTE_OKABE_ITO, /* the default; in the print theme greys and hatches stand in its place */
    SB_PALETTE_TOL,       /* Paul Tol's bright and muted schemes */
    SB_PALETTE_GREY,      /* greys and hatches on any theme */
};

struct sb_render_options {
    enum sb_theme theme;
    enum sb_palette palette;
    double scale; /* PNG pixels per logical px: 1, 2, 3; others are rounded to n/32; 0: from dpi, else 2 */
    double width, height; /* logical px, 240..4000 x 160..4000; 0: chosen from the content */
    double dpi;  /* resolution noted in a PNG; with scale 0 it also sets the scale, dpi / 96; 0: 96 x scale */
    size_t page; /* which page of a chart that needs several; 0 is the first */
};

/* Appends the file's bytes to out. False with err when something could not be drawn; out is then unchanged.
 * Not thread-safe (PLplot has global state): render in one thread or in child processes. */
bool sb_chart_render(const struct sb_chart *chart, enum sb_chart_format format,
                     const struct sb_render_options *options, struct sb_strbuf *out,
                     struct sb_err *err) SB_MUST_CHECK;

/* How many pages the chart takes at these options (at least 1): a chart with too many groups or rows
 * continues. */
bool sb_chart_pages(const struct sb_chart *chart, const struct sb_render_options *options, size_t *pages,
                    struct sb_err *err) SB_MUST_CHECK;

/* All pages of all charts in one PDF, with an outline entry for each chart. */
bool sb_chart_book(const struct sb_chart *const *charts, size_t charts_nr, const char *title,
                   const struct sb_render_options *options, struct sb_strbuf *out,
                   struct sb_err *err) SB_MUST_CHECK;

/* The data behind a chart, one drawn value at a time, in the order of the description. Texts are as given,
 * NULL where the kind has no such thing; numbers are NaN where there is none. */
struct sb_datum {
    const char *panel, *group, *series, *unit;
    double x, value, low, high;
    size_t n;
    bool suspect;
};
typedef void sb_datum_fn(void *context, const struct sb_datum *datum);
void sb_chart_data(const struct sb_chart *chart, sb_datum_fn *fn, void *context);

const char *sb_chart_kind_name(enum sb_chart_kind kind);     /* "bars", "points", "forest" ... */
const char *sb_chart_extension(enum sb_chart_format format); /* "svg", "png", "pdf" */

/* Finds drivers and fonts. False when one is missing, with what to install. Whatever lays out or draws does
 * it first; from then on threads of Pango come and go, and sb_plot_in_use() is true: a process that is forked
 * now may wait for ever in any of these functions. */
bool sb_plot_init(struct sb_err *err) SB_MUST_CHECK;
bool sb_plot_in_use(void);

#endif
