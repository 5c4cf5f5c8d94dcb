/* The full tables: every metric of every cell, every comparison. */
#include "report/html.h"

#include <math.h>
#include "core/alloc.h"
#include "io/number.h"
#include "report/words.h"

static void add_metric(struct sb_html *h, const char *metric, const char *unit)
{
    char buf[SB_WORDS_MAX];
    sb_html_put(h, "<td title=\"");
    sb_html_text(h, sb_metric_title(metric, buf, sizeof buf));
    sb_html_put(h, "\"><code>");
    sb_html_text(h, metric);
    sb_html_put(h, "</code></td>");
    sb_html_cell(h, "td", sb_words_unit(metric, unit, buf));
}

static void add_marks_cell(struct sb_html *h, const struct sb_codes *codes, size_t left_out)
{
    sb_html_put(h, "<td>");
    sb_html_marks(h, codes);
    sb_html_left_out(h, left_out);
    sb_html_put(h, "</td>");
}

/* ---- summaries ---- */

static int name_cmp(const void *a, const void *b)
{
    return sb_label_name_cmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the labels in use among the cells, in output order. */
static const char **cell_labels(struct sb_html *h, size_t *nr)
{
    size_t alloc = 0;
    const char **names = NULL;
    *nr = 0;
    for (size_t c = 0; c < h->view.cells_nr; c++)
        for (size_t i = 0; i < h->view.cells[c].labels.nr; i++) {
            size_t k = 0;
            while (k < *nr && strcmp(names[k], h->view.cells[c].labels.v[i].name) != 0)
                k++;
            if (k < *nr) continue;
            SB_ALLOC_GROW(names, *nr + 1, alloc);
            names[(*nr)++] = h->view.cells[c].labels.v[i].name;
        }
    if (*nr) qsort(names, *nr, sizeof *names, name_cmp);
    const char **kept = sb_arena_calloc(&h->arena, *nr + 1, sizeof *kept);
    for (size_t i = 0; i < *nr; i++)
        kept[i] = names[i];
    free(names);
    return kept;
}

static void add_summary(struct sb_html *h, size_t index, const char *const *labels, size_t labels_nr)
{
    const struct sb_summary *s = &h->view.results->summaries[index];
    char buf[SB_WORDS_MAX], low[SB_WORDS_MAX], high[SB_WORDS_MAX], key[SB_NUMBER_MAX];
    int decimals = sb_words_summary_decimals(s);
    sb_html_put(h, "<tr>");
    for (size_t i = 0; i < labels_nr; i++)
        sb_html_cell(h, i ? "td" : "th scope=\"row\"", sb_view_label(&s->cell, labels[i]));
    add_metric(h, s->metric, s->unit);
    sb_html_number(h, (double)s->n, sb_words_count(s->n, buf));
    sb_number_format(s->mean, key);
    sb_html_putf(h, "<td class=\"num\" data-v=\"%s\">", key);
    sb_html_mean(h, s, index, false);
    sb_html_put(h, "</td>");
    snprintf(buf, sizeof buf, isfinite(s->ci_low) ? "%.28s to %.28s" : "\xe2\x80\x93",
             sb_words_fixed(s->ci_low, decimals, low), sb_words_fixed(s->ci_high, decimals, high));
    sb_html_number(h, s->ci_low, buf);
    sb_html_number(h, s->sd, sb_words_fixed(s->sd, decimals, buf));
    sb_html_number(h, s->cv, sb_words_fixed(s->cv * 100, 2, buf));
    sb_html_number(h, s->median, sb_words_fixed(s->median, decimals, buf));
    sb_html_number(h, s->min, sb_words_fixed(s->min, decimals, buf));
    sb_html_number(h, s->max, sb_words_fixed(s->max, decimals, buf));
    add_marks_cell(h, &s->findings, s->runs_excluded);
    sb_html_put(h, "</tr>\n");
}

static void add_summaries(struct sb_html *h)
{
    size_t labels_nr, start = h->out->len, i = 0;
    const char **labels = cell_labels(h, &labels_nr);
    const struct sb_results *r = h->view.results;
    sb_html_put(h, "<h3 id=\"summaries\">Summaries</h3>\n");
    sb_html_open_table(h, "t-summary", "data sortable filterable", "Summaries");
    sb_html_put(h, "<caption><span>Every metric of every cell.</span></caption>\n<thead><tr>");
    for (size_t k = 0; k < labels_nr; k++)
        sb_html_cell(h, "th scope=\"col\" data-choice", sb_view_label_title(labels[k]));
    sb_html_put(
        h, "<th scope=\"col\" data-choice>Metric</th><th scope=\"col\">Unit</th><th scope=\"col\" "
           "class=\"num\">n</th>"
           "<th scope=\"col\" class=\"num\">Mean</th><th scope=\"col\" class=\"num\">Interval</th><th "
           "scope=\"col\" class=\"num\">SD</th>"
           "<th scope=\"col\" class=\"num\">CV, %</th><th scope=\"col\" class=\"num\">Median</th><th "
           "scope=\"col\" class=\"num\">Min</th>"
           "<th scope=\"col\" class=\"num\">Max</th><th scope=\"col\">Notes</th></tr></thead>\n<tbody>\n");
    for (; i < r->summaries_nr && h->out->len - start < SB_HTML_TABLES_MAX * 3 / 8; i++)
        add_summary(h, i, labels, labels_nr);
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (i < r->summaries_nr)
        sb_html_putf(h, "<p class=\"quiet\">%zu further rows stand in summary.csv.</p>\n",
                     r->summaries_nr - i);
}

/* ---- comparisons ---- */

static void add_comparison(struct sb_html *h, const struct sb_comparison *c)
{
    char buf[SB_WORDS_MAX], interval[SB_WORDS_MAX];
    sb_html_put(h, "<tr>");
    sb_html_cell(h, "th scope=\"row\"", sb_view_place(&h->view, &h->arena, &c->rest));
    add_metric(h, c->metric, c->unit);
    sb_html_cell(h, "td", sb_view_level(c->factor, c->baseline));
    sb_html_cell(h, "td", sb_view_level(c->factor, c->level));
    snprintf(buf, sizeof buf, "%zu, %zu", c->n_baseline, c->n_level);
    sb_html_number(h, NAN, buf);
    sb_html_number(h, c->ratio, sb_words_ratio(c->ratio, buf));
    sb_html_number(h, c->ratio_low, sb_words_ratio_ci(c, interval));
    sb_html_number(h, c->p_adjusted, sb_words_p(c->p_adjusted, buf));
    sb_html_number(h, c->effect_size, sb_words_fixed(c->effect_size, 2, buf));
    sb_html_putf(h, "<td class=\"v-%c\">", sb_words_verdict_sign(c));
    sb_html_text(h, sb_words_verdict(c));
    sb_html_put(h, "</td>");
    sb_html_number(h, c->runs_needed ? (double)c->runs_needed : NAN,
                   c->runs_needed ? sb_words_count(c->runs_needed, buf) : "");
    add_marks_cell(h, &c->findings, 0);
    sb_html_put(h, "</tr>\n");
}

static void add_comparisons(struct sb_html *h, const struct sb_results *r, const char *factor,
                            const char *title)
{
    char id[64], level[SB_WORDS_MAX];
    size_t start = h->out->len, i = 0;
    if (!r || !r->comparisons_nr) return;
    snprintf(id, sizeof id, "t-comparison-%s", factor);
    sb_html_putf(h, "<h3 id=\"comparisons-%s\">%s</h3>\n", factor, title);
    sb_html_open_table(h, id, "data sortable filterable", title);
    sb_html_putf(
        h,
        "<caption><span>Ratio of geometric means, level to baseline. Only rows with an adjusted p were "
        "tested; rows that restate "
        "the same measurement carry its verdict.</span></caption>\n<thead><tr><th scope=\"col\" "
        "data-choice>Where</th>"
        "<th scope=\"col\" data-choice>Metric</th><th scope=\"col\">Unit</th><th scope=\"col\" "
        "data-choice>Baseline</th>"
        "<th scope=\"col\" data-choice>Level</th><th scope=\"col\" class=\"num\">n, n</th><th scope=\"col\" "
        "class=\"num\">Ratio</th>"
        "<th scope=\"col\" class=\"num\">%s %% interval</th><th scope=\"col\" class=\"num\">Adjusted p</th>"
        "<th scope=\"col\" class=\"num\">Hedges\xe2\x80\x99 g</th><th scope=\"col\" data-choice>Verdict</th>"
        "<th scope=\"col\" class=\"num\">n needed</th><th scope=\"col\">Notes</th></tr></thead>\n<tbody>\n",
        sb_words_percent(r->settings.confidence, level));
    for (; i < r->comparisons_nr && h->out->len - start < SB_HTML_TABLES_MAX / 4; i++)
        add_comparison(h, &r->comparisons[i]);
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (i < r->comparisons_nr)
        sb_html_putf(h, "<p class=\"quiet\">%zu further rows stand in comparisons.csv.</p>\n",
                     r->comparisons_nr - i);
}

void sb_html_tables(struct sb_html *h)
{
    add_summaries(h);
    add_comparisons(h, h->report->platforms, "platform", "Comparisons of platforms");
    if (h->report->configs != h->report->platforms)
        add_comparisons(h, h->report->configs, "config", "Comparisons of configurations");
}
