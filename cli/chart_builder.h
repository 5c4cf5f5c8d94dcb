/*
 * How the chart set is built: what the experiment holds (chart_survey.c), words and names (chart_words.c),
 * and one file for each family of charts. Private to chart_*.c.
 */
#ifndef SB_CLI_CHART_BUILDER_H
#define SB_CLI_CHART_BUILDER_H

#include "cli/chart_set.h"

/* A sorted list of distinct texts, in an arena. */
struct sb_values {
    const char **v;
    size_t nr;
};

/* The experiment as the charts see it: primary summaries and the values of its three dimensions. */
struct sb_chart_builder {
    struct sb_chart_set *set;
    struct sb_arena *arena;
    const struct sb_dataset *ds;
    const struct sb_results *results, *config_results; /* comparisons by platform; by config */
    const char *metric; /* NULL: what stands for each test; else this one, and it is part of every name */
    const struct sb_summary **cells; /* the summaries that are drawn */
    const char **tests_of;           /* parallel to cells: test and what else tells cells apart */
    size_t cells_nr;
    const struct sb_summary **lost; /* cells of which every run was left out: nothing to draw */
    const char **tests_of_lost;
    size_t lost_nr;
    struct sb_values platforms, configs, tests; /* "" stands for an absent label */
    struct sb_values
        needed; /* further labels that tell cells apart; the others follow from platform, config and test */
    bool *run_suspect; /* per run: an error-severity finding, or not complete */
};

/* How many replicates the cells of a chart have. */
struct sb_counts {
    size_t least, most;
    bool boots, runs; /* some cells count boots; some count runs, as their boots are unknown */
};

/* The runs that stand in a chart, and those that do not because of what the audit found. */
struct sb_extent {
    size_t shown, left_out;
};

/* The platforms of a chart's cells; one with both kinds of cells stands in both lists. */
struct sb_emulation {
    struct sb_values emulated, native;
};

/* Comparisons of a chart that have no verdict, as their sides ran under different accelerators. */
struct sb_barred {
    size_t nr;
    struct sb_values pairs; /* "KVM against HVF" */
};

/* chart_survey.c */
void sb_values_add(struct sb_arena *arena, struct sb_values *list, const char *value,
                   int (*cmp)(const char *a, const char *b));
void sb_values_append(struct sb_arena *arena, struct sb_values *list,
                      const char *value);                                /* at the end, even twice */
const char *sb_cell_label(const struct sb_summary *s, const char *name); /* "" when absent */
void sb_chart_survey(struct sb_chart_builder *b);
const struct sb_summary *sb_chart_find_cell(const struct sb_chart_builder *b, const char *platform,
                                            const char *config,
                                            const char *test); /* NULL when there is none */
/* Runs of the cells that have no other; NULL: any. */
size_t sb_chart_lost_runs(const struct sb_chart_builder *b, const char *platform, const char *config,
                          const char *test);
/* A number to be read with care: a run of the cell was left out, is not complete, or has an error-severity
 * finding. */
bool sb_chart_cell_suspect(const struct sb_chart_builder *b, const struct sb_summary *s);

/* chart_words.c */
const char *sb_platform_name(const char *platform);
const char *sb_config_name(const char *config); /* "one configuration" when it is "" */
/* `text` with the configuration behind it: "cpu over time, c1g1", "series-cpu-c1g1"; just `text` when config
 * is "". */
const char *sb_with_config(struct sb_arena *arena, const char *text, const char *separator,
                           const char *config);
const char *sb_axis_unit(const char *metric, const char *unit); /* "events/s" for 1/s of events */
const char *sb_values_joined(struct sb_arena *arena, const struct sb_values *list,
                             const char *(*show)(const char *)); /* "A, B and C"; NULL: as they are */
void sb_counts_add(struct sb_counts *c, const struct sb_summary *s);
const char *sb_counts_text(struct sb_arena *arena, const struct sb_counts *c); /* "5 boots each" */
/* "28 runs, 2 left out (audit)"; `all` when none was. */
const char *sb_extent_text(struct sb_arena *arena, const struct sb_extent *e, const char *all);
/* The level of the intervals in percent: "95". */
const char *sb_chart_level_text(const struct sb_chart_builder *b);
const char *sb_means_subtitle(const struct sb_chart_builder *b, const struct sb_counts *c, const char *more);
/* What the colours of verdicts rest on, by the settings. */
const char *sb_verdict_note(const struct sb_chart_builder *b);
/* A new item with a safe, unique name. */
struct sb_chart_item *sb_chart_add_item(struct sb_chart_builder *b, const char *section,
                                        const char *wanted_name);

/* chart_accelerators.c */
void sb_emulation_add(const struct sb_chart_builder *b, struct sb_emulation *e, const struct sb_summary *s);
/* Emulated and native figures in one picture: said in the picture. NULL when nothing is emulated. */
const char *sb_emulation_text(const struct sb_chart_builder *b, const struct sb_emulation *e);
/* The same for the cells of these platforms in `config` and of `test`; NULL: in any, of any. */
const char *sb_emulation_note(const struct sb_chart_builder *b, const struct sb_values *platforms,
                              const char *config, const char *test);
void sb_barred_add(const struct sb_chart_builder *b, struct sb_barred *barred, const struct sb_summary *level,
                   const struct sb_summary *baseline);
/* "KVM against HVF: not a property of the platforms"; one comparison at least was added. */
const char *sb_barred_text(const struct sb_chart_builder *b, const struct sb_barred *barred,
                           const char *factor);

/* chart_bars.c */
struct sb_bar sb_bar_of(const struct sb_chart_builder *b,
                        const struct sb_summary *s); /* NULL: an absent bar */
void sb_use_platform_series(struct sb_chart_builder *b, struct sb_chart *chart,
                            const struct sb_values *platforms);

/* The families of charts, one table row each in chart_set.c. Each adds what the data call for, or nothing. */
typedef void sb_chart_family(struct sb_chart_builder *b);
sb_chart_family sb_add_overview, sb_add_platforms, sb_add_within, sb_add_configs; /* chart_bars.c */
sb_chart_family sb_add_platform_ratios, sb_add_config_ratios, sb_add_heat; /* chart_ratios.c, chart_heat.c */
sb_chart_family sb_add_runs, sb_add_order;                                 /* chart_runs.c, chart_order.c */
sb_chart_family sb_add_series, sb_add_latency,
    sb_add_scaling; /* chart_series.c, chart_latency.c, chart_scaling.c */

#endif
