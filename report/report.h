/*
 * From results to pages: index.html, report.md, report.json, and text for the terminal. Report reads the
 * model only; it computes no statistic. Whatever comes from a log or a path is escaped for the format it goes
 * into.
 */
#ifndef SB_REPORT_REPORT_H
#define SB_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include "core/dataset.h"
#include "core/results.h"
#include "core/strbuf.h"
#include "io/table.h"

/* A chart that is embedded or linked. */
struct sb_report_chart {
    const char *name;    /* file name without extension, below charts/ */
    const char *section; /* overview, within, configs, platforms, effects, images */
    const char *title, *subtitle, *alt;
    const char *svg, *svg_dark; /* whole SVG documents to embed; svg_dark may be NULL */
    size_t svg_len, svg_dark_len;
    /* what it shows, for headings and filters; NULL when it spans several */
    const char *platform, *config, *test;
};

/* What a code of a finding means, in a sentence; the caller takes it from the stage that defines the code. */
struct sb_report_code {
    const char *code, *text;
};

struct sb_report {
    struct sb_dataset *ds;
    /* comparisons of platforms against the default baseline first, then other families */
    /* Of several baselines in one of them, its `baseline` is shown first. */
    const struct sb_results *platforms; /* factor platform; comparisons_nr 0 when there is one platform */
    const struct sb_results *configs;   /* factor config; NULL or empty when there is one configuration */
    const struct sb_report_chart *charts;
    size_t charts_nr;
    const char *const *paths; /* the PATH arguments' public names, for the title and reproduction */
    size_t paths_nr;
    const char *command; /* the command line for the reproduction section, without output paths */
    const char *version; /* of sbstat */
    /* optional: */
    const struct sb_report_code
        *codes; /* meanings of codes; without one the first finding's message is shown */
    size_t codes_nr;
    /* The same comparisons with the suspect runs kept, when some were left out: the report then says which
     * verdicts rest on leaving them out. */
    const struct sb_results *platforms_with_suspect, *configs_with_suspect;
};

void sb_report_html(struct sb_strbuf *out, const struct sb_report *report);
void sb_report_markdown(struct sb_strbuf *out, const struct sb_report *report);
void sb_report_json(struct sb_strbuf *out, const struct sb_report *report);

/* A whole LaTeX document for pdflatex (booktabs, longtable); charts are read from charts/NAME.pdf when they
 * are there. */
void sb_report_latex(struct sb_strbuf *out, const struct sb_report *report);

/* JUnit XML for CI: suite `audit` has a case for each cell, which fails on error-severity findings; suite
 * `comparisons` has a case for each headline comparison, skipped with a reason when it decides nothing.
 * Slower is no failure: that is the gate's task. */
void sb_report_junit(struct sb_strbuf *out, const struct sb_report *report);

/* golang.org/x/perf/benchfmt text, one line for each run in the statistics; the units are the metric names,
 * `platform` and the other labels but the test are configuration keys: `benchstat -col platform FILE`. */
void sb_report_benchstat(struct sb_strbuf *out, const struct sb_report *report);

/* OpenMetrics 1.0 text: means with intervals, ratios with intervals, counts of runs and findings. What is
 * undefined is left out. */
void sb_report_openmetrics(struct sb_strbuf *out, const struct sb_report *report);

/* Headline sentences: the answer in at most five, each carried by verdicts. The first says, when it applies,
 * that the data were made under emulation and what cannot be concluded. Arrays and text live in the arena. */
const char **sb_report_findings(struct sb_arena *arena, const struct sb_report *report, size_t *nr);

/* The short table that `sbstat report` prints and the text forms of the stages' tables. width 0: unlimited.
 * color: ANSI colours may be used. */
struct sb_text_style {
    int width;
    bool color;
};
void sb_report_text(struct sb_strbuf *out, const struct sb_report *report, const struct sb_text_style *style);
void sb_table_write_text(struct sb_strbuf *out, const struct sb_table *table,
                         const struct sb_text_style *style);
void sb_table_write_markdown(struct sb_strbuf *out, const struct sb_table *table);

#endif
