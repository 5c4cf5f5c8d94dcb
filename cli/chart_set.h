/*
 * Which charts an experiment asks for, and the charts themselves, made from results. This is where analysis
 * and plotting meet: neither knows the other.
 *
 *   overview               one panel per test: configurations x platforms
 *   platforms-CONFIG       all platforms side by side in one configuration, one panel per kind of test
 *   within-PLATFORM-CONFIG one platform and configuration, all tests
 *   configs-PLATFORM       one platform across configurations
 *   ratios-LEVEL-vs-BASE   ratio plot of one level against the baseline, with verdicts
 *   heat-LEVEL-vs-BASE     its changes, tests x configurations
 *   scaling-TEST           throughput over threads or vCPUs, when there are at least three sizes
 *   runs-TEST              every repetition of one test
 *   order-PLATFORM-TEST    the repetitions in the order in which they ran, when the manifest knows it
 *   series-TEST-CONFIG     interval reports over time
 *   histogram-, ecdf-, percentiles-TEST-CONFIG   latency distributions
 *
 * With all metrics, also an overview and the runs of every other metric (overview-METRIC, runs-TEST-METRIC).
 */
#ifndef SB_CLI_CHART_SET_H
#define SB_CLI_CHART_SET_H

#include <stddef.h>
#include "core/arena.h"
#include "core/dataset.h"
#include "core/results.h"
#include "plot/chart.h"

struct sb_chart_item {
    struct sb_chart chart;
    const char *name;                     /* file name without extension: [a-z0-9.-], unique in the set */
    const char *section;                  /* as in report/report.h */
    const char *platform, *config, *test; /* what it is about; NULL: spans several */
};

struct sb_chart_set {
    struct sb_arena arena;
    struct sb_chart_item *items;
    size_t nr, alloc;
};

/* `platforms` and `configs` hold the comparisons by those factors; their summaries are the same. The set
 * borrows from ds and results. */
void sb_chart_set_build(struct sb_chart_set *set, const struct sb_dataset *ds,
                        const struct sb_results *platforms, const struct sb_results *configs,
                        bool all_metrics);
void sb_chart_set_free(struct sb_chart_set *set);

#endif
