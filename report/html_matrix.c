/* A factor's table: a row per test and metric, a column per level, ratios with their intervals drawn small.
 */
#include "report/html.h"

#include <math.h>
#include "core/alloc.h"
#include "io/number.h"
#include "report/words.h"

enum { PLOT_WIDTH = 96, PLOT_HEIGHT = 14, ROWS_MAX = 1500 };

/* ---- the small interval plot ---- */

static double clamp_log(double ratio, double reach)
{
    double x = log(ratio);
    return x > reach ? reach : x < -reach ? -reach : x;
}

/* The reach of the log axis: the widest interval of the comparisons that may be quoted, from 5 % to a factor
 * of 4. */
static double axis_reach(const struct sb_view_matrix *m, size_t baseline)
{
    double reach = log(1.05);
    for (size_t r = 0; r < m->rows_nr; r++)
        for (size_t l = 0; l < m->levels_nr; l++) {
            const struct sb_comparison *c = sb_view_comparison(m, baseline, &m->rows[r], l);
            if (!c || c->barred || !m->rows[r].headline || !isfinite(c->ratio_low) ||
                !isfinite(c->ratio_high))
                continue;
            if (-log(c->ratio_low) > reach) reach = -log(c->ratio_low);
            if (log(c->ratio_high) > reach) reach = log(c->ratio_high);
        }
    return reach * 1.05 < log(4) ? reach * 1.05 : log(4);
}

static const char *at(double ratio, double reach, char buf[SB_WORDS_MAX])
{
    return sb_words_fixed(4 + (clamp_log(ratio, reach) / reach + 1) / 2 * (PLOT_WIDTH - 8), 1, buf);
}

static void add_plot(struct sb_html *h, const struct sb_comparison *c, double margin, double reach)
{
    char a[SB_WORDS_MAX], b[SB_WORDS_MAX], w[SB_WORDS_MAX], middle[SB_WORDS_MAX];
    if (!isfinite(c->ratio) || c->ratio <= 0 || !isfinite(c->ratio_low) || !(c->ratio_low > 0)) return;
    double band = clamp_log(1 + margin, reach) / reach * (PLOT_WIDTH - 8);
    sb_html_putf(h,
                 "<svg class=\"ci\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" aria-hidden=\"true\" "
                 "focusable=\"false\">",
                 PLOT_WIDTH, PLOT_HEIGHT, PLOT_WIDTH, PLOT_HEIGHT);
    sb_html_putf(h, "<rect class=\"band\" x=\"%s\" y=\"0\" width=\"%s\" height=\"%d\"/>",
                 sb_words_fixed((PLOT_WIDTH - band) / 2, 1, a), sb_words_fixed(band, 1, w), PLOT_HEIGHT);
    sb_html_putf(h, "<path class=\"one\" d=\"M%s 0V%d\"/>", at(1, reach, middle), PLOT_HEIGHT);
    sb_html_putf(h, "<path class=\"line\" d=\"M%s 7H%s\"/>", at(c->ratio_low, reach, a),
                 at(c->ratio_high, reach, b));
    if (fabs(log(c->ratio)) > reach) /* beyond the axis: an arrowhead */
        sb_html_putf(h,
                     c->ratio > 1 ? "<path class=\"dot\" d=\"M%d 3l7 4l-7 4z\"/>"
                                  : "<path class=\"dot\" d=\"M%d 3l-7 4l7 4z\"/>",
                     c->ratio > 1 ? PLOT_WIDTH - 8 : 8);
    else
        sb_html_putf(h, "<circle class=\"dot\" cx=\"%s\" cy=\"7\" r=\"3\"/>", at(c->ratio, reach, a));
    sb_html_put(h, "</svg>");
}

/* ---- cells ---- */

static void add_mean(struct sb_html *h, const struct sb_view_matrix *m, const struct sb_view_row *row,
                     size_t level)
{
    const struct sb_summary *s = sb_view_summary(m, row, level);
    char key[SB_NUMBER_MAX];
    if (!s) {
        size_t left_out = sb_view_left_out(&h->view, m, row, level);
        sb_html_put(h, "<td class=\"num none\">");
        sb_html_put(h, left_out ? "" : "<span title=\"no data\">\xe2\x80\x93</span>");
        sb_html_left_out(h, left_out);
        sb_html_put(h, "</td>");
        return;
    }
    sb_number_format(s->mean, key);
    sb_html_putf(h, "<td class=\"num\" data-v=\"%s\">", key);
    sb_html_mean(h, s, row->summaries[level], row->headline);
    sb_html_marks(h, &s->findings);
    sb_html_putf(h, " <small>n = %zu</small>", s->n);
    if (s->runs_excluded) {
        sb_html_put(h, " ");
        sb_html_left_out(h, s->runs_excluded);
    }
    sb_html_put(h, "</td>");
}

void sb_html_verdict(struct sb_html *h, const struct sb_comparison *c)
{
    static const char *const signs[] = {
        ['f'] = "\xe2\x96\xb2", ['s'] = "\xe2\x96\xbc", ['e'] = "=", ['i'] = "?", ['b'] = "\xe2\x8a\x98"};
    char sign = sb_words_verdict_sign(c);
    if (sign == 'n') return;
    sb_html_putf(h, "<span class=\"verdict v-%c\"><span aria-hidden=\"true\">%s</span> %s</span>", sign,
                 signs[(unsigned char)sign], sb_words_verdict(c));
}

static void add_comparison_tip(struct sb_html *h, const struct sb_comparison *c, double confidence)
{
    char p[SB_WORDS_MAX];
    sb_html_putf(h, "n = %zu against %zu, ", c->n_level, c->n_baseline);
    struct sb_strbuf interval = SB_STRBUF_INIT;
    sb_words_change_ci(&interval, c, confidence);
    sb_html_text(h, interval.buf);
    sb_strbuf_release(&interval);
    if (!isnan(c->p_adjusted)) {
        sb_html_put(h, ", adjusted p ");
        sb_html_text(h, sb_words_p(c->p_adjusted, p));
    }
    if (c->runs_needed) sb_html_putf(h, ", about %zu replicates per level would be needed", c->runs_needed);
    if (c->barred) sb_html_put(h, "; the levels ran under different accelerators, so nothing is concluded");
}

/* Marks of the comparison that do not stand beside one of its two means already. */
static void add_own_marks(struct sb_html *h, const struct sb_view_matrix *m, const struct sb_comparison *c)
{
    struct sb_codes own = {NULL, 0};
    const struct sb_results *r = m->results;
    for (size_t i = 0; i < c->findings.nr; i++) {
        const char *code = c->findings.v[i];
        bool shown = (c->summary_level < r->summaries_nr &&
                      sb_codes_has(&r->summaries[c->summary_level].findings, code)) ||
                     (c->summary_baseline < r->summaries_nr &&
                      sb_codes_has(&r->summaries[c->summary_baseline].findings, code));
        if (!shown) sb_codes_add(&h->arena, &own, code);
    }
    sb_html_marks(h, &own);
}

static void add_comparison(struct sb_html *h, const struct sb_view_matrix *m, const struct sb_comparison *c,
                           double reach, bool drawn)
{
    char key[SB_NUMBER_MAX], ratio[SB_WORDS_MAX], interval[SB_WORDS_MAX];
    if (!c) {
        sb_html_put(h, "<td class=\"cmp none\">\xe2\x80\x93</td>");
        return;
    }
    sb_number_format(c->ratio, key);
    sb_html_putf(h, "<td class=\"cmp v-%c\" data-v=\"%s\" title=\"", sb_words_verdict_sign(c), key);
    add_comparison_tip(h, c, m->results->settings.confidence);
    sb_html_put(h, "\">");
    if (drawn) add_plot(h, c, m->results->settings.margin, reach);
    sb_html_putf(h, "<span class=\"ratio\">%s <span class=\"pm\">%s</span></span> ",
                 sb_words_ratio(c->ratio, ratio), sb_words_ratio_ci(c, interval));
    sb_html_verdict(h, c);
    add_own_marks(h, m, c);
    sb_html_put(h, "</td>");
}

/* ---- rows and head ---- */

static bool is_baseline(const struct sb_view_matrix *m, size_t baseline, size_t level)
{
    return baseline < m->baselines_nr && strcmp(m->levels[level], m->baselines[baseline]) == 0;
}

static void add_head(struct sb_html *h, const struct sb_view_matrix *m, size_t baseline)
{
    sb_html_put(h, "<thead><tr>");
    for (size_t i = 0; i < m->columns_nr; i++)
        sb_html_cell(h, "th scope=\"col\"", sb_view_label_title(m->columns[i]));
    sb_html_put(h, "<th scope=\"col\">Measure</th>");
    for (size_t l = 0; l < m->levels_nr; l++)
        sb_html_cell(h, "th scope=\"col\" class=\"num\"", sb_view_level(m->factor, m->levels[l]));
    for (size_t l = 0; l < m->levels_nr && m->baselines_nr; l++) {
        if (is_baseline(m, baseline, l)) continue;
        sb_html_put(h, "<th scope=\"col\" class=\"cmp\">");
        sb_html_text(h, sb_view_level(m->factor, m->levels[l]));
        sb_html_put(h, " / ");
        sb_html_text(h, sb_view_level(m->factor, m->baselines[baseline]));
        sb_html_put(h, "</th>");
    }
    sb_html_put(h, "</tr></thead>\n");
}

static void add_measure(struct sb_html *h, const struct sb_view_row *row)
{
    char title[SB_WORDS_MAX], unit_buf[SB_WORDS_MAX];
    const char *unit = sb_words_unit(row->metric, row->unit, unit_buf), *better = sb_better_text(row->better);
    sb_html_put(h, "<td class=\"measure\">");
    sb_html_text(h, sb_metric_title(row->metric, title, sizeof title));
    sb_html_put(h, " <small>");
    sb_html_text(h, unit);
    if (*better) sb_html_putf(h, "%s%s is better", *unit ? ", " : "", better);
    sb_html_put(h, "</small></td>");
}

static void add_row(struct sb_html *h, const struct sb_view_matrix *m, size_t baseline,
                    const struct sb_view_row *row, double reach)
{
    sb_html_put(h, "<tr data-metric=\"");
    sb_html_text(h, row->metric);
    sb_html_put(h, row->headline ? "\" data-headline>" : "\" hidden>");
    for (size_t i = 0; i < m->columns_nr; i++)
        sb_html_cell(h, i == 0 ? "th scope=\"row\"" : "td", sb_view_label(&row->rest, m->columns[i]));
    add_measure(h, row);
    for (size_t l = 0; l < m->levels_nr; l++)
        add_mean(h, m, row, l);
    for (size_t l = 0; l < m->levels_nr && m->baselines_nr; l++)
        if (!is_baseline(m, baseline, l))
            add_comparison(h, m, sb_view_comparison(m, baseline, row, l), reach, row->headline);
    sb_html_put(h, "</tr>\n");
}

static void add_caption(struct sb_html *h, const struct sb_view_matrix *m, size_t baseline)
{
    char number[SB_WORDS_MAX];
    sb_html_putf(h, "<caption><span>Mean \xc2\xb1 half of its %s %% interval",
                 sb_words_percent(m->results->settings.confidence, number));
    if (m->baselines_nr) {
        sb_html_put(h, "; ratio to ");
        sb_html_text(h, sb_view_level(m->factor, m->baselines[baseline]));
        sb_html_putf(h, " with its %s %% interval, the grey band is ",
                     sb_words_percent(m->results->settings.confidence, number));
        sb_html_putf(h, "\xc2\xb1 %s %%", sb_words_percent(m->results->settings.margin, number));
    }
    for (size_t i = 0; i < m->constant_nr && m->rows_nr; i++) {
        sb_html_put(h, i ? ", " : ". Throughout: ");
        sb_html_text(h, m->constant[i]);
        sb_html_put(h, " ");
        sb_html_text(h, sb_view_label(&m->rows[0].rest, m->constant[i]));
    }
    sb_html_put(h, ".</span></caption>\n");
}

static void add_variant(struct sb_html *h, const struct sb_view_matrix *m, const char *id, size_t baseline)
{
    char table_id[64];
    double reach = axis_reach(m, baseline);
    size_t start = h->out->len, rows = 0;
    snprintf(table_id, sizeof table_id, "%s-%zu", id, baseline);
    sb_html_put(h, "<div class=\"variant\" data-baseline=\"");
    sb_html_text(h, m->baselines_nr ? sb_view_level(m->factor, m->baselines[baseline]) : "");
    sb_html_put(h, baseline ? "\" hidden>" : "\">");
    sb_html_open_table(h, table_id, "data matrix sortable", "Comparison table");
    add_caption(h, m, baseline);
    add_head(h, m, baseline);
    sb_html_put(h, "<tbody>\n");
    for (; rows < m->rows_nr && rows < ROWS_MAX && h->out->len - start < SB_HTML_TABLES_MAX / 8; rows++)
        add_row(h, m, baseline, &m->rows[rows], reach);
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (rows < m->rows_nr)
        sb_html_putf(h, "<p class=\"quiet\">%zu further rows stand in summary.csv and comparisons.csv.</p>",
                     m->rows_nr - rows);
    sb_html_put(h, "</div>\n");
}

void sb_html_matrix(struct sb_html *h, const struct sb_view_matrix *m, const char *id)
{
    size_t variants = m->baselines_nr > 1 ? m->baselines_nr : 1;
    if (!m->rows_nr) return;
    sb_html_putf(h, "<div class=\"chooser\" id=\"%s\">\n", id);
    for (size_t b = 0; b < variants && b < 4; b++)
        add_variant(h, m, id, b);
    sb_html_put(h, "</div>\n");
}
