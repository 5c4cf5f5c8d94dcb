#include "gallery_parts.h"
#include "core/alloc.h"
#include <math.h>

#define COUNT SB_ARRAY_SIZE

const char *const gallery_platforms[3] = {"QEMU raw", "QEMU qcow2", "Docker"};
static const int platform_slots[] = {0, 1, 2};
static const char *const alt = "Docker is fastest in every test, QEMU with qcow2 is slowest.";

static const struct sb_bar fileio_bars[] = {
    {2410, 2350, 2470, false, 10}, {2140, 2070, 2210, false, 10}, {2655, 2607, 2703, false, 10},
    {1120, 1082, 1158, false, 10}, {870, 816, 924, false, 10},    {1190, 1154, 1226, false, 10},
    {612, 590, 634, false, 10},    {488, 457, 519, false, 10},    {655, 636, 674, false, 10},
    {402, 386, 418, false, 10},    {301, 281, 321, false, 10},    {431, 417, 445, false, 10},
};
static const char *const fileio_groups[] = {"Sequential read", "Sequential write", "Random read",
                                            "Random write"};
static const struct sb_panel fileio_panel = {.title = "",
                                             .unit = "MiB/s",
                                             .better = "higher",
                                             .groups = fileio_groups,
                                             .groups_nr = 4,
                                             .bars = fileio_bars};
static const struct sb_chart bars = {
    .kind = SB_CHART_BARS,
    .title = "Docker leads raw images by 6–10 %, qcow2 trails by 11–25 %",
    .subtitle = "sysbench fileio throughput, MiB/s — mean of 10 runs, whiskers 95 % CI, higher is better",
    .footer_left = "4 vCPU · 8 GiB · ext4 on NVMe · direct I/O",
    .footer_right = "sbstat 0.1",
    .alt = alt,
    .series = gallery_platforms,
    .series_slot = platform_slots,
    .series_nr = 3,
    .panels = &fileio_panel,
    .panels_nr = 1,
    .id = "fileio"};

static const char *const one_group[] = {"config1"};
static const struct sb_bar at_a_glance[][3] = {
    {{1150, 1130, 1170, false, 10}, {1130, 1090, 1170, false, 10}, {1180, 1160, 1200, false, 10}},
    {{11820, 11600, 12040, false, 10}, {11300, 10900, 11700, false, 10}, {12400, 12170, 12630, false, 10}},
    {{8400, 8240, 8560, false, 10}, {7630, 7350, 7910, true, 10}, {9300, 9130, 9470, false, 10}},
    {{0.412, 0.404, 0.42, false, 10}, {0.431, 0.415, 0.447, false, 10}, {0.378, 0.371, 0.385, false, 10}},
    {{2410, 2350, 2470, false, 10}, {NAN, NAN, NAN, false, 0}, {2655, 2607, 2703, false, 10}},
    {{402, 386, 418, false, 10}, {301, 281, 321, false, 10}, {431, NAN, NAN, false, 1}},
};
static const struct sb_panel glance_panels[] = {
    {.title = "cpu",
     .unit = "events/s",
     .better = "higher",
     .groups = one_group,
     .groups_nr = 1,
     .bars = at_a_glance[0]},
    {.title = "memory",
     .unit = "MiB/s",
     .better = "higher",
     .groups = one_group,
     .groups_nr = 1,
     .bars = at_a_glance[1]},
    {.title = "threads",
     .unit = "events/s",
     .better = "higher",
     .groups = one_group,
     .groups_nr = 1,
     .bars = at_a_glance[2]},
    {.title = "mutex",
     .unit = "s",
     .better = "lower",
     .groups = one_group,
     .groups_nr = 1,
     .bars = at_a_glance[3]},
    {.title = "fileio seq read",
     .unit = "MiB/s",
     .better = "higher",
     .groups = one_group,
     .groups_nr = 1,
     .bars = at_a_glance[4]},
    {.title = "fileio rnd write",
     .unit = "MiB/s",
     .better = "higher",
     .groups = one_group,
     .groups_nr = 1,
     .bars = at_a_glance[5]},
};
static const struct sb_chart facets = {
    .kind = SB_CHART_BARS,
    .title = "Six sysbench tests at a glance",
    .subtitle = "Mean with 95 % CI, 10 runs; each panel has its own unit and starts at zero",
    .footer_left = "4 vCPU · 8 GiB",
    .footer_right = "sbstat 0.1",
    .alt = alt,
    .series = gallery_platforms,
    .series_slot = platform_slots,
    .series_nr = 3,
    .panels = glance_panels,
    .panels_nr = 6,
    .id = "facets"};

static const char *const configs[] = {"1 vCPU · 1 GiB", "2 vCPU · 2 GiB", "4 vCPU · 4 GiB"};
static const struct sb_bar config_bars[] = {
    {812.3, 800, 824.6, false, 5}, {798.5, 781, 816, false, 5}, {851.2, 845, 857, false, 5},
    {1601, 1580, 1622, false, 5},  {1540, 1490, 1590, true, 5}, {1688, 1670, 1706, false, 5},
    {3140, 3060, 3220, false, 5},  {NAN, NAN, NAN, false, 0},   {3302, 3270, 3334, false, 5},
};
static const struct sb_bar latency_bars[] = {
    {1.23, 1.20, 1.26, false, 5}, {1.25, 1.20, 1.30, false, 5}, {1.17, 1.16, 1.18, false, 5},
    {1.25, 1.20, 1.30, false, 5}, {1.29, 1.22, 1.36, false, 5}, {1.18, 1.16, 1.20, false, 5},
    {1.27, 1.21, 1.33, false, 5}, {NAN, NAN, NAN, false, 0},    {1.21, 1.17, 1.25, false, 5},
};
static const struct sb_panel config_panels[] = {
    {.title = "cpu",
     .unit = "events/s",
     .better = "higher",
     .groups = configs,
     .groups_nr = 3,
     .bars = config_bars},
    {.title = "cpu, 95th percentile latency",
     .unit = "ms",
     .better = "lower",
     .groups = configs,
     .groups_nr = 3,
     .bars = latency_bars},
};
static const struct sb_chart grouped = {.kind = SB_CHART_BARS,
                                        .title = "cpu: three platforms across three configurations",
                                        .subtitle = "Mean of 5 runs, whiskers 95 % confidence interval",
                                        .footer_left = "TCG emulation: no conclusion about virtualisation",
                                        .footer_right = "sbstat 0.1",
                                        .alt = alt,
                                        .series = gallery_platforms,
                                        .series_slot = platform_slots,
                                        .series_nr = 3,
                                        .panels = config_panels,
                                        .panels_nr = 2,
                                        .id = "grouped"};

static const struct sb_chart *points(void)
{
    enum { CELLS = 3, N = 30 };
    static double values[3][CELLS][N];
    static const double *pointers[3][CELLS];
    static const size_t nrs[CELLS] = {N, N, N};
    static const double means[3][CELLS] = {{1146, 1128, 1181}, {2244, 2215, 2326}, {4282, 4240, 4415}};
    static const double sds[CELLS] = {18, 34, 12};
    static const char *const titles[] = {"1 thread", "2 threads", "4 threads"};
    static struct sb_panel panels[3];
    unsigned state = 7;
    for (size_t p = 0; p < 3; p++) {
        for (size_t c = 0; c < CELLS; c++) {
            for (size_t i = 0; i < N; i++)
                values[p][c][i] = means[p][c] + gallery_noise(&state) * sds[c] * (double)(p + 1);
            pointers[p][c] = values[p][c];
        }
        panels[p] = (struct sb_panel){.title = titles[p],
                                      .unit = "events/s",
                                      .better = "higher",
                                      .groups = one_group,
                                      .groups_nr = 1,
                                      .points = pointers[p],
                                      .points_nr = nrs};
    }
    static struct sb_chart chart;
    chart = facets;
    chart.kind = SB_CHART_POINTS;
    chart.title = "CPU events are steady everywhere; qcow2 guests scatter most";
    chart.subtitle =
        "sysbench cpu, events/s per run — 30 runs each, box = quartiles, whiskers 1.5 IQR, every run shown";
    chart.panels = panels;
    chart.panels_nr = 3;
    chart.id = "points";
    return &chart;
}

static const struct sb_forest_row forest_rows[] = {
    {"CPU", "cpu 1 thread", 0.985, 0.979, 0.991, "equivalent", NULL, false},
    {"CPU", "cpu 4 threads", 0.961, 0.951, 0.971, "slower", NULL, false},
    {"Memory", "memory seq read", 0.993, 0.981, 1.005, "inconclusive", NULL, false},
    {"Memory", "memory rnd write", 0.942, 0.922, 0.963, "slower", NULL, false},
    {"Scheduler", "threads, 64 locks", 0.874, 0.843, 0.907, "slower", NULL, true},
    {"Scheduler", "mutex", 0.913, 0.884, 0.944, "slower", NULL, false},
    {"File I/O", "seq read", 0.806, 0.782, 0.831, "slower", NULL, false},
    {"File I/O", "seq write", 0.731, 0.691, 0.773, "slower", NULL, false},
    {"File I/O", "rnd read", NAN, NAN, NAN, "", NULL, false},
    {"File I/O", "rnd write", 1.082, 1.030, 1.136, "faster", NULL, false},
};
static const struct sb_chart forest = {
    .kind = SB_CHART_FOREST,
    .title = "QEMU qcow2 relative to Docker: file I/O pays, CPU barely",
    .subtitle = "Ratio of geometric means with 95 % CI, log scale — left of 1.0 means qcow2 is slower",
    .footer_left = "Grey: inconclusive or equivalent",
    .footer_right = "sbstat 0.1",
    .alt = alt,
    .rows = forest_rows,
    .rows_nr = COUNT(forest_rows),
    .margin = 0.02,
    .baseline = "Docker",
    .id = "forest"};

/* groups x series of made-up bars with a few holes. */
static const struct sb_chart *many(struct sb_chart *chart, size_t groups_nr, size_t series_nr,
                                   const char *name)
{
    if (chart->panels) return chart; /* made before */
    struct sb_bar *made = sb_xcalloc(groups_nr * series_nr, sizeof *made);
    const char **groups = sb_xcalloc(groups_nr, sizeof *groups),
               **series = sb_xcalloc(series_nr, sizeof *series);
    struct sb_panel *panel = sb_xcalloc(1, sizeof *panel);
    unsigned state = 11;
    for (size_t i = 0; i < groups_nr * series_nr; i++) {
        double v = 500 + 60 * (double)(i % 7) + 50 * gallery_noise(&state);
        made[i] = (struct sb_bar){v, v - 20, v + 20, i % 23 == 5, 5};
        if (i % 31 == 9) made[i].value = NAN;
    }
    for (size_t i = 0; i < groups_nr || i < series_nr; i++) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        sb_strbuf_addf(&text, "%s %zu", name, i + 1);
        if (i < groups_nr) groups[i] = sb_xstrdup(text.buf);
        sb_strbuf_clear(&text);
        sb_strbuf_addf(&text, "level %zu", i + 1);
        if (i < series_nr) series[i] = sb_xstrdup(text.buf);
        sb_strbuf_release(&text);
    }
    *panel = (struct sb_panel){.title = "cpu",
                               .unit = "events/s",
                               .better = "higher",
                               .groups = groups,
                               .groups_nr = groups_nr,
                               .bars = made};
    *chart = bars;
    chart->title = "Many groups, many levels";
    chart->series = series;
    chart->series_slot = NULL;
    chart->series_nr = series_nr;
    chart->panels = panel;
    chart->id = "many";
    return chart;
}

static const struct sb_chart *many_levels(void)
{
    static struct sb_chart chart;
    return many(&chart, 5, 12, "configuration");
}

static const struct sb_chart *many_groups(void)
{
    static struct sb_chart chart;
    return many(&chart, 60, 12, "vm-template-with-a-long-name");
}

static const struct sb_chart *hostile(void)
{
    static char endless[5001];
    static const char *names[] = {"日本語のラベル",
                                  "עברית שלום",
                                  "😀 emoji",
                                  "a#u<b>&c; \"q\"",
                                  "tab\there\x1b[31m\x01",
                                  endless,
                                  "bad \xff\xfe\xc3 bytes",
                                  "العربية"};
    static const char *const series[] = {"<script>alert(1)</script>", "#d#gamma & co"};
    static const struct sb_bar values[] = {
        {1e-300, NAN, NAN, false, 1}, {3, 2, 4, false, 2},     {INFINITY, 0, 1, false, 3},
        {-4, -5, -3, false, 4},       {0, 0, 0, false, 5},     {5, -INFINITY, 7, true, 6},
        {NAN, NAN, NAN, false, 0},    {2, 1, 3, false, 2},     {1, 1, 1, false, 1},
        {2.5, 2, 3, false, 9},        {1.5, 1, 2, true, 2},    {-2, -3, -1, false, 2},
        {6, 5, 7, false, 2},          {3, 2.5, 3.5, false, 1}, {4, 3, 5, false, 1},
        {1, 0.5, 1.5, false, 1},
    };
    static struct sb_panel panel = {.title = "µ ± × ≤ — & <t>",
                                    .unit = "#u/s",
                                    .better = "higher",
                                    .groups = names,
                                    .groups_nr = 8,
                                    .bars = values};
    memset(endless, 'x', 5000);
    static struct sb_chart chart;
    chart = bars;
    chart.title = "Hostile <texts> & \"numbers\" #1: 汉字 עברית\n\x02 second line";
    chart.subtitle = endless;
    chart.footer_left = "\xf0\x28\x8c\x28 broken UTF-8 · emoji 🎉";
    chart.series = series;
    chart.series_slot = NULL;
    chart.series_nr = 2;
    chart.panels = &panel;
    chart.id = "hostile";
    return &chart;
}

static const struct sb_chart *empty(void)
{
    static struct sb_chart chart;
    chart = bars;
    chart.title = "Nothing was measured";
    chart.subtitle = "";
    chart.panels_nr = 0;
    chart.series_nr = 0;
    chart.id = "empty";
    return &chart;
}

/* A whole experiment: tests x configurations x platforms. */
static const struct sb_chart *overview(void)
{
    enum { PANELS = 11, GROUPS = 3, SERIES = 3 };
    static const char *const titles[PANELS] = {"cpu",       "memory read", "memory write",  "threads",
                                               "mutex",     "seq read",    "seq write",     "rnd read",
                                               "rnd write", "rnd r/w",     "oltp read only"};
    static const char *const units[PANELS] = {"events/s", "MiB/s", "MiB/s",         "events/s",
                                              "s",        "MiB/s", "MiB/s",         "MiB/s",
                                              "MiB/s",    "MiB/s", "transactions/s"};
    static const char *const names[GROUPS] = {"small", "medium", "large"};
    static struct sb_bar made[PANELS][GROUPS * SERIES];
    static struct sb_panel panels[PANELS];
    unsigned state = 17;
    for (size_t p = 0; p < PANELS; p++) {
        double level = pow(10, 1 + (double)((p * 7) % 5) * 0.8);
        for (size_t i = 0; i < GROUPS * SERIES; i++) {
            double v = level * (1 + (double)(i / SERIES) * 0.8) * (1 + 0.1 * gallery_noise(&state));
            made[p][i] = (struct sb_bar){v, v * 0.95, v * 1.05, p == 6 && i == 4, 5};
            if (p == 3 && i == 7) made[p][i].value = NAN;
        }
        panels[p] = (struct sb_panel){.title = titles[p],
                                      .unit = units[p],
                                      .better = p == 4 ? "lower" : "higher",
                                      .groups = names,
                                      .groups_nr = GROUPS,
                                      .bars = made[p]};
    }
    static struct sb_chart chart;
    chart = facets;
    chart.kind = SB_CHART_OVERVIEW;
    chart.title = "The whole experiment on one page";
    chart.subtitle =
        "11 tests, 3 configurations, 3 platforms; mean of 5 runs with 95 % CI; every panel starts at zero";
    chart.panels = panels;
    chart.panels_nr = PANELS;
    chart.id = "overview";
    return &chart;
}

struct entry {
    const char *name;
    const struct sb_chart *chart;
    const struct sb_chart *(*make)(void);
};

static const struct entry entries[] = {
    {"bars", &bars, NULL},
    {"facets", &facets, NULL},
    {"grouped", &grouped, NULL},
    {"points", NULL, points},
    {"forest", &forest, NULL},
    {"many-levels", NULL, many_levels},
    {"heat", NULL, gallery_heat},
    {"scaling", NULL, gallery_scaling},
    {"series", NULL, gallery_series},
    {"order", NULL, gallery_order},
    {"histogram", NULL, gallery_histogram},
    {"ecdf", NULL, gallery_ecdf},
    {"percentile", NULL, gallery_percentile},
    {"overview", NULL, overview},
    {"many-groups", NULL, many_groups},
    {"hostile", NULL, hostile},
    {"empty", NULL, empty},
};

size_t gallery_nr(void)
{
    return COUNT(entries);
}

const char *gallery_name(size_t i)
{
    return entries[i].name;
}

const struct sb_chart *gallery_chart(size_t i)
{
    return entries[i].chart ? entries[i].chart : entries[i].make();
}
