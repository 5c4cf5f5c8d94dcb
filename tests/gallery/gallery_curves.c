/* Demo charts with numeric axes, distributions and the heat map. */
#include "gallery_parts.h"
#include "core/alloc.h"
#include <math.h>

#define COUNT SB_ARRAY_SIZE

double gallery_noise(unsigned *state)
{
    double sum = 0;
    for (int i = 0; i < 6; i++) {
        *state = *state * 1664525u + 1013904223u;
        sum += (double)(*state >> 8) / 16777216.0 - 0.5;
    }
    return sum;
}

static struct sb_chart base(enum sb_chart_kind kind, const char *id, const char *title, const char *subtitle)
{
    static const int slots[] = {0, 1, 2};
    return (struct sb_chart){.kind = kind,
                             .title = title,
                             .subtitle = subtitle,
                             .footer_left = "Host: 16 cores, SMT off",
                             .footer_right = "sbstat 0.1",
                             .alt = "The three platforms differ.",
                             .series = gallery_platforms,
                             .series_slot = slots,
                             .series_nr = 3,
                             .id = id,
                             .parameters = "metric=demo confidence=0.95"};
}

const struct sb_chart *gallery_scaling(void)
{
    static const double cpus[] = {1, 2, 4, 8, 12, 16};
    static const double means[3][6] = {{410, 815, 1560, 2880, 3420, 3610},
                                       {400, 770, 1430, 2390, 2560, 2590},
                                       {420, 840, 1660, 3170, 4010, 4460}};
    static struct sb_sample samples[4][7];
    static struct sb_curve curves[4];
    for (size_t s = 0; s < 3; s++) {
        for (size_t k = 0; k < 6; k++)
            samples[s][k] = (struct sb_sample){cpus[k], means[s][k], means[s][k] * 0.955, means[s][k] * 1.045,
                                               s == 1 && k == 3};
        curves[s] = (struct sb_curve){s, samples[s], 6, SB_CURVE_DATA};
    }
    for (size_t k = 0; k < 7; k++) { /* Gunther's law fitted to Docker */
        double n = k == 0 ? 1 : 2.6 * (double)k;
        samples[3][k] =
            (struct sb_sample){.x = n, .y = 424 * n / (1 + 0.012 * (n - 1) + 0.0014 * n * (n - 1))};
    }
    curves[3] = (struct sb_curve){2, samples[3], 7, SB_CURVE_FIT};
    static const struct sb_xy xy = {.x_title = "vCPUs",
                                    .unit = "transactions/s",
                                    .better = "higher",
                                    .curves = curves,
                                    .curves_nr = 4,
                                    .ideal = true};
    static struct sb_chart chart;
    chart = base(SB_CHART_SCALING, "scaling", "All three scale to 8 vCPU; qcow2 flattens first",
                 "sysbench oltp-like mixed load, transactions/s by vCPU count — mean and 95 % CI of 8 runs");
    chart.xy = &xy;
    return &chart;
}

const struct sb_chart *gallery_series(void)
{
    enum { SECONDS = 181, RUNS = 5 };
    static struct sb_sample samples[RUNS][SECONDS];
    static struct sb_curve curves[RUNS];
    static const size_t series[RUNS] = {0, 1, 2, 2, 0};
    unsigned state = 3;
    for (size_t r = 0; r < RUNS; r++) {
        double level = series[r] == 0 ? 400 : series[r] == 1 ? 315 : 445;
        for (size_t t = 0; t < SECONDS; t++) {
            double warm = t < 20 ? 0.55 + 0.45 * (double)t / 20 : 1,
                   stall = series[r] == 1 && t % 41 >= 36 ? 0.5 : 1;
            samples[r][t] =
                (struct sb_sample){.x = (double)t, .y = level * warm * stall + 25 * gallery_noise(&state)};
        }
        if (r == 0) samples[r][90].y = NAN;
        curves[r] = (struct sb_curve){series[r], samples[r], SECONDS, SB_CURVE_DATA};
    }
    static const struct sb_xy xy = {.x_title = "Elapsed",
                                    .unit = "MiB/s",
                                    .better = "higher",
                                    .curves = curves,
                                    .curves_nr = RUNS,
                                    .warmup = 20};
    static struct sb_chart chart;
    chart =
        base(SB_CHART_SERIES, "series", "Writeback stalls hit qcow2 every ~40 s",
             "sysbench fileio rndwr, MiB/s per 1-s interval report — thin: every run, thick: running median");
    chart.xy = &xy;
    return &chart;
}

const struct sb_chart *gallery_order(void)
{
    enum { N = 10 };
    static struct sb_sample samples[3][N];
    static struct sb_curve curves[3];
    unsigned state = 5;
    for (size_t s = 0; s < 3; s++) {
        for (size_t k = 0; k < N; k++) {
            double x = (double)(k * 3 + s + 1);
            samples[s][k] = (struct sb_sample){.x = x,
                                               .y = 1150 + 40 * (double)s - (s == 1 ? 3.0 * x : 0) +
                                                    14 * gallery_noise(&state),
                                               .suspect = s == 1 && k == 9};
        }
        curves[s] = (struct sb_curve){s, samples[s], N, SB_CURVE_DATA};
    }
    static const struct sb_xy xy = {
        .x_title = "", .unit = "events/s", .better = "higher", .curves = curves, .curves_nr = 3};
    static struct sb_chart chart;
    chart = base(SB_CHART_ORDER, "order", "qcow2 slows down as the session goes on",
                 "sysbench cpu, events/s, 10 runs of each platform in the order they were made");
    chart.xy = &xy;
    return &chart;
}

enum { BINS = 120 };

static const struct sb_distribution *latencies(void)
{
    static struct sb_bin bins[3][BINS];
    static struct sb_distribution d[3];
    static const double centre[] = {1.1, 1.5, 0.8}, tail[] = {0.02, 0.05, 0.01};
    for (size_t s = 0; s < 3; s++) {
        for (size_t i = 0; i < BINS; i++) {
            double v = 0.1 * pow(10, (double)i * 3 / BINS), z = log(v / centre[s]) / 0.38,
                   y = log(v / (12 * centre[s])) / 0.5;
            bins[s][i] =
                (struct sb_bin){v, floor(20000 * exp(-z * z / 2) + 20000 * tail[s] * exp(-y * y / 2))};
        }
        d[s] = (struct sb_distribution){s, bins[s], BINS};
    }
    return d;
}

static struct sb_chart distribution(enum sb_chart_kind kind, const char *id, const char *title,
                                    const char *subtitle)
{
    struct sb_chart chart = base(kind, id, title, subtitle);
    chart.distributions = latencies();
    chart.distributions_nr = 3;
    chart.value_unit = "ms";
    return chart;
}

const struct sb_chart *gallery_histogram(void)
{
    static struct sb_chart chart;
    chart = distribution(SB_CHART_HISTOGRAM, "histogram", "Random writes have a second hump near 15 ms",
                         "Random-write latency, share of events by bucket of sysbench's histogram");
    return &chart;
}

const struct sb_chart *gallery_ecdf(void)
{
    static struct sb_chart chart;
    chart = distribution(SB_CHART_ECDF, "ecdf", "The tail tells the platforms apart, not the median",
                         "Random-write latency, cumulative share of requests by latency (log scale)");
    return &chart;
}

const struct sb_chart *gallery_percentile(void)
{
    static struct sb_chart chart;
    chart =
        distribution(SB_CHART_PERCENTILE, "percentile", "One request in a hundred takes ten times the median",
                     "Random-write latency by percentile; the axis gives every further nine the same room");
    return &chart;
}

const struct sb_chart *gallery_heat(void)
{
    static const char *const rows[] = {"1 vCPU · 2 GiB", "2 vCPU · 4 GiB", "4 vCPU · 4 GiB",
                                       "4 vCPU · 8 GiB", "8 vCPU · 8 GiB", "8 vCPU · 16 GiB"};
    static const char *const columns[] = {"cpu", "memory", "threads", "mutex", "file rd", "file wr"};
    static const struct sb_heat_cell cells[] = {
        {-3.3, 0, 0}, {-1.6, 1, 0}, {-1.9, 1, 0}, {-1.9, 1, 0}, {-14.3, 0, 0}, {-25.4, 0, 0},
        {0.8, 1, 0},  {-3.1, 0, 0}, {-4.1, 0, 0}, {-5.6, 0, 0}, {-15.8, 0, 0}, {-25.9, 0, 0},
        {-1.2, 1, 0}, {-2.4, 0, 0}, {-7.7, 0, 0}, {-4.1, 0, 1}, {-16.4, 0, 0}, {-19.5, 0, 0},
        {-1.5, 1, 0}, {-1.2, 1, 0}, {NAN, 0, 0},  {-0.2, 1, 0}, {-12.5, 0, 0}, {-19.3, 0, 0},
        {0.4, 1, 0},  {-1.3, 1, 0}, {3.6, 0, 0},  {-3.3, 0, 0}, {-12.1, 0, 0}, {-21.6, 0, 0},
        {-1.6, 1, 0}, {1.6, 1, 0},  {12.0, 0, 0}, {-2.5, 0, 0}, {-11.6, 0, 0}, {-24.4, 0, 0},
    };
    static const struct sb_heat heat = {.rows = rows,
                                        .columns = columns,
                                        .rows_nr = 6,
                                        .columns_nr = 6,
                                        .cells = cells,
                                        .unit = "%",
                                        .better = "higher",
                                        .hatch_name = "not significant at 5 %"};
    static struct sb_chart chart;
    chart = base(SB_CHART_HEAT, "heat", "qcow2 loses most on file I/O, whatever the guest size",
                 "QEMU qcow2 relative to QEMU raw, % change of geometric mean");
    chart.heat = &heat;
    return &chart;
}
