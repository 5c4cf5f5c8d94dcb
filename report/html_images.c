/* Raw or qcow2? */
#include "report/html.h"

#include <math.h>
#include "core/platform.h"
#include "report/images.h"
#include "report/words.h"

enum { ROWS_MAX = 200, IMAGES_MAX = 500 };

/* ---- verdicts ---- */

static void add_mean(struct sb_html *h, const struct sb_view_matrix *m, const struct sb_summary *s)
{
    sb_html_put(h, "<td class=\"num\">");
    if (s)
        sb_html_mean(h, s, (size_t)(s - m->results->summaries), false);
    else
        sb_html_put(h, "\xe2\x80\x93");
    sb_html_put(h, "</td>");
}

static void add_verdict_row(struct sb_html *h, const struct sb_images_row *row)
{
    char title[SB_WORDS_MAX], ratio[SB_WORDS_MAX], interval[SB_WORDS_MAX];
    const struct sb_view_matrix *m = &h->view.platforms;
    const struct sb_comparison *c = row->comparison;
    sb_html_put(h, "<tr>");
    for (size_t i = 0; i < m->columns_nr; i++)
        sb_html_cell(h, i == 0 ? "th scope=\"row\"" : "td", sb_view_label(&row->row->rest, m->columns[i]));
    sb_html_cell(h, "td", sb_metric_title(c->metric, title, sizeof title));
    add_mean(h, m, row->raw);
    add_mean(h, m, row->qcow2);
    sb_html_putf(h, "<td class=\"num\">%s <span class=\"pm\">%s</span></td><td>",
                 sb_words_ratio(c->ratio, ratio), sb_words_ratio_ci(c, interval));
    sb_html_verdict(h, c);
    sb_html_put(h, "</td></tr>\n");
}

static void add_verdicts(struct sb_html *h)
{
    size_t nr;
    char level[SB_WORDS_MAX];
    const struct sb_view_matrix *m = &h->view.platforms;
    const struct sb_images_row *rows = sb_images_rows(&h->view, &h->arena, &nr);
    if (!nr) return;
    sb_html_open_table(h, "t-raw-qcow2", "data", "qcow2 against raw");
    sb_html_putf(h,
                 "<caption><span>qcow2 against raw: ratio with its %s %% interval, and the "
                 "verdict.</span></caption>\n<thead><tr>",
                 sb_words_percent(m->results->settings.confidence, level));
    for (size_t i = 0; i < m->columns_nr; i++)
        sb_html_cell(h, "th scope=\"col\"", sb_view_label_title(m->columns[i]));
    sb_html_put(h, "<th scope=\"col\">Measure</th><th scope=\"col\" class=\"num\">raw</th><th scope=\"col\" "
                   "class=\"num\">qcow2</th><th scope=\"col\" class=\"num\">qcow2 / raw</th><th "
                   "scope=\"col\">Verdict</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < nr && i < ROWS_MAX; i++)
        add_verdict_row(h, &rows[i]);
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (nr > ROWS_MAX)
        sb_html_putf(h, "<p class=\"quiet\">%zu further rows stand in comparisons.csv.</p>\n", nr - ROWS_MAX);
}

/* ---- images ---- */

static void add_image_row(struct sb_html *h, const struct sb_cell_info *cell)
{
    char buf[SB_WORDS_MAX];
    double share = cell->virtual_bytes > 0 ? cell->allocated_bytes / cell->virtual_bytes : NAN;
    sb_html_put(h, "<tr>");
    sb_html_cell(h, "th scope=\"row\"", sb_platform_display(cell->platform));
    sb_html_cell(h, "td", cell->config);
    sb_html_cell(h, "td", cell->image_format ? cell->image_format : "\xe2\x80\x93");
    sb_html_number(h, cell->virtual_bytes, sb_words_bytes(cell->virtual_bytes, buf));
    sb_html_number(h, cell->allocated_bytes, sb_words_bytes(cell->allocated_bytes, buf));
    sb_html_number(h, share, isnan(share) ? "\xe2\x80\x93" : sb_words_fixed(share * 100, 1, buf));
    sb_html_put(h, "</tr>\n");
}

static void add_images(struct sb_html *h)
{
    const struct sb_dataset *ds = h->report->ds;
    const char *missing = sb_images_missing(&h->view);
    size_t known = 0;
    for (size_t i = 0; i < ds->cells_nr; i++)
        known += sb_images_has_sizes(&ds->cells[i]);
    sb_html_put(h, "<h3>Size of the images</h3>\n");
    if (missing) sb_html_prose(h, "p", missing);
    if (!known) return;
    sb_html_open_table(h, "t-images", "data", "Disk images");
    sb_html_put(h, "<caption><span>Disk images as the manifest records "
                   "them.</span></caption>\n<thead><tr><th scope=\"col\">Platform</th>"
                   "<th scope=\"col\">Configuration</th><th scope=\"col\">Format</th><th scope=\"col\" "
                   "class=\"num\">Virtual size</th>"
                   "<th scope=\"col\" class=\"num\">Allocated</th><th scope=\"col\" class=\"num\">Allocated, "
                   "%</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < ds->cells_nr && i < IMAGES_MAX; i++)
        if (sb_images_has_sizes(&ds->cells[i])) add_image_row(h, &ds->cells[i]);
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
}

void sb_html_images(struct sb_html *h)
{
    size_t nr;
    const char **sentences = sb_images_sentences(&h->view, &h->arena, &nr);
    const char *text = "";
    for (size_t i = 0; i < nr; i++)
        text = sb_arena_printf(&h->arena, "%s%s%s", text, i ? " " : "", sentences[i]);
    if (nr) sb_html_prose(h, "p", text);
    sb_html_charts(h, "images", "*", NULL);
    add_verdicts(h);
    add_images(h);
    sb_html_put(h, "<h3>What each format costs</h3>\n");
    sb_html_cell(h, "p class=\"quiet\"", sb_images_costs[0]);
    sb_html_put(h, "<ul class=\"files\">\n");
    for (size_t i = 1; sb_images_costs[i]; i++)
        sb_html_cell(h, "li", sb_images_costs[i]);
    sb_html_put(h, "</ul>\n");
}
