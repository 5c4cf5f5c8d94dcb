/*
 * The parts of index.html. Each function appends one section (or nothing when there is nothing to say); texts
 * of the data go through sb_escape_html() at the last moment, in put_text().
 */
#ifndef SB_REPORT_HTML_H
#define SB_REPORT_HTML_H

#include "report/report.h"
#include "report/view.h"

/* Bytes that each part may take, so that a page of a million runs stays below 20 MB. */
enum {
    SB_HTML_CHARTS_MAX = 6 * 1000 * 1000,
    SB_HTML_TABLES_MAX = 4 * 1000 * 1000,
    SB_HTML_EVIDENCE_MAX = 3 * 1000 * 1000,
    SB_HTML_EXCERPTS_MAX = 4 * 1000 * 1000,
    SB_HTML_QUALITY_MAX = 2 * 1000 * 1000,
    SB_HTML_RUNS_PER_NUMBER = 60, /* runs listed below one number */
};

struct sb_html {
    struct sb_strbuf *out;
    const struct sb_report *report;
    struct sb_view view;
    struct sb_arena arena;
    bool *has_evidence; /* per summary: its runs are listed under #sN */
    bool *has_excerpt;  /* per run: its log lines are embedded under #rN */
    size_t excerpts_left_out;
};

/* ---- html_write.c: the pen ---- */
void sb_html_put(struct sb_html *h, const char *markup); /* as it is */
void sb_html_putf(struct sb_html *h, const char *format, ...)
    SB_PRINTF(2, 3);                                    /* numbers and own words only */
void sb_html_text(struct sb_html *h, const char *text); /* escaped */
void sb_html_cell(struct sb_html *h, const char *tag_attributes, const char *text); /* <TAG ...>text</TAG> */
void sb_html_prose(struct sb_html *h, const char *tag_attributes,
                   const char *text); /* a sentence of our own words */
void sb_html_number(struct sb_html *h, double sort_key,
                    const char *text); /* a right-aligned cell; NaN: no key */
void sb_html_open_table(struct sb_html *h, const char *id, const char *classes,
                        const char *label); /* with its scroller */
void sb_html_close_table(struct sb_html *h);
void sb_html_marks(struct sb_html *h, const struct sb_codes *codes); /* superscripts that lead to the notes */
void sb_html_left_out(struct sb_html *h,
                      size_t runs); /* "2 runs left out", leads to the quality section; 0: nothing */

/* A summary's mean, a link to its evidence when that is embedded, with n, interval and, when asked, the first
 * source lines as tooltip. */
void sb_html_mean(struct sb_html *h, const struct sb_summary *summary, size_t index, bool with_sources);

void sb_html_verdict(struct sb_html *h, const struct sb_comparison *comparison); /* with its sign */

/* "file:line", a link to the embedded excerpt where there is one. */
void sb_html_where(struct sb_html *h, size_t run_index, const char *source, uint32_t line);

/* ---- html_chart.c ---- */
/* The charts of a section: all with platform "*"; those of one platform and configuration; or, with NULL for
 * either, those that span several. */
size_t sb_html_charts(struct sb_html *h, const char *section, const char *platform,
                      const char *config); /* how many */
bool sb_html_has_charts(const struct sb_html *h, const char *section);

/* ---- the sections ---- */
void sb_html_matrix(struct sb_html *h, const struct sb_view_matrix *matrix, const char *id);
void sb_html_within(struct sb_html *h);
void sb_html_effects(struct sb_html *h);
void sb_html_images(struct sb_html *h);
void sb_html_tables(struct sb_html *h);
void sb_html_quality(struct sb_html *h);
void sb_html_coverage(struct sb_html *h);
void sb_html_method(struct sb_html *h);
void sb_html_plan_evidence(struct sb_html *h); /* first of all: decides which anchors there will be */
void sb_html_evidence(struct sb_html *h);

#endif
