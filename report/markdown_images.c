/* report.md: raw or qcow2? */
#include "report/markdown.h"

#include "core/platform.h"
#include "report/images.h"
#include "report/words.h"

enum { ROWS_MAX = 200, IMAGES_MAX = 500 };

static void paragraph(struct sb_markdown *m, const char *text)
{
    sb_markdown_text(m, text);
    sb_strbuf_adds(m->out, "\n\n");
}

static void add_verdicts(struct sb_markdown *m)
{
    size_t nr;
    const struct sb_images_row *rows = sb_images_rows(m->view, &m->arena, &nr);
    if (!nr) return;
    sb_strbuf_adds(m->out, "| Test | Measure | qcow2 / raw | Verdict |\n| --- | --- | ---: | --- |\n");
    for (size_t i = 0; i < nr && i < ROWS_MAX; i++) {
        char buf[SB_WORDS_MAX];
        const struct sb_comparison *c = rows[i].comparison;
        sb_strbuf_adds(m->out, "| ");
        sb_markdown_text(m, sb_view_place(m->view, &m->arena, &rows[i].row->rest));
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, sb_metric_title(c->metric, buf, sizeof buf));
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, sb_words_ratio(c->ratio, buf));
        sb_strbuf_addc(m->out, ' ');
        sb_markdown_text(m, sb_words_ratio_ci(c, buf));
        sb_strbuf_addf(m->out, " | %s |\n", sb_words_verdict(c));
    }
    if (nr > ROWS_MAX)
        sb_strbuf_addf(m->out, "\n%zu further rows stand in comparisons.csv.\n", nr - ROWS_MAX);
    sb_strbuf_addc(m->out, '\n');
}

static void add_image(struct sb_markdown *m, const struct sb_cell_info *cell)
{
    char buf[SB_WORDS_MAX];
    sb_strbuf_adds(m->out, "| ");
    sb_markdown_text(m, sb_platform_display(cell->platform));
    sb_strbuf_adds(m->out, " | ");
    sb_markdown_text(m, cell->config);
    sb_strbuf_adds(m->out, " | ");
    sb_markdown_text(m, cell->image_format ? cell->image_format : "\xe2\x80\x93");
    sb_strbuf_addf(m->out, " | %s | ", sb_words_bytes(cell->virtual_bytes, buf));
    sb_strbuf_addf(m->out, "%s |\n", sb_words_bytes(cell->allocated_bytes, buf));
}

static void add_images(struct sb_markdown *m)
{
    const struct sb_dataset *ds = m->report->ds;
    const char *missing = sb_images_missing(m->view);
    size_t known = 0;
    for (size_t i = 0; i < ds->cells_nr; i++)
        known += sb_images_has_sizes(&ds->cells[i]);
    if (missing) paragraph(m, missing);
    if (!known) return;
    sb_strbuf_adds(m->out, "| Platform | Configuration | Format | Virtual size | Allocated |\n"
                           "| --- | --- | --- | ---: | ---: |\n");
    for (size_t i = 0; i < ds->cells_nr && i < IMAGES_MAX; i++)
        if (sb_images_has_sizes(&ds->cells[i])) add_image(m, &ds->cells[i]);
    sb_strbuf_addc(m->out, '\n');
}

void sb_markdown_images(struct sb_markdown *m)
{
    size_t nr;
    if (!sb_images_wanted(m->view) && !sb_markdown_has_charts(m, "images")) return;
    const char **sentences = sb_images_sentences(m->view, &m->arena, &nr);
    sb_markdown_heading(m, "Raw or qcow2?");
    for (size_t i = 0; i < nr; i++) {
        sb_markdown_text(m, sentences[i]);
        sb_strbuf_adds(m->out, i + 1 < nr ? " " : "\n\n");
    }
    sb_markdown_charts(m, "images");
    add_verdicts(m);
    add_images(m);
    paragraph(m, sb_images_costs[0]);
    for (size_t i = 1; sb_images_costs[i]; i++) {
        sb_strbuf_adds(m->out, "- ");
        sb_markdown_text(m, sb_images_costs[i]);
        sb_strbuf_addc(m->out, '\n');
    }
}
