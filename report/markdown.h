/* The parts of report.md that have a file of their own. */
#ifndef SB_REPORT_MARKDOWN_H
#define SB_REPORT_MARKDOWN_H

#include "report/view.h"

struct sb_markdown {
    struct sb_strbuf *out;
    const struct sb_report *report;
    const struct sb_view *view;
    struct sb_arena arena;
};

void sb_markdown_text(struct sb_markdown *m, const char *plain); /* escaped */
void sb_markdown_heading(struct sb_markdown *m, const char *title);
void sb_markdown_charts(struct sb_markdown *m, const char *section);
bool sb_markdown_has_charts(const struct sb_markdown *m, const char *section);

/* Whole sections, or nothing. */
void sb_markdown_effects(struct sb_markdown *m);
void sb_markdown_images(struct sb_markdown *m);

#endif
