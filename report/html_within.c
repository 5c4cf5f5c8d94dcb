/* Within one platform and configuration: its charts, its headline metrics, how steady they were. */
#include "report/html.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"
#include "report/words.h"

enum { OPEN_MAX = 6, PLACES_MAX = 120, ROWS_MAX = 60 };

static bool is_headline(const struct sb_summary *s)
{
    return s->group.name && s->group.primary && strcmp(s->group.name, "percentile") != 0;
}

static bool same_place(const struct sb_summary *a, const struct sb_summary *b)
{
    return sb_streq(sb_labels_get(&a->cell, "platform"), sb_labels_get(&b->cell, "platform")) &&
           sb_streq(sb_labels_get(&a->cell, "config"), sb_labels_get(&b->cell, "config"));
}

/* First summary after the place that starts at `from`; summaries are sorted by platform, then config. */
static size_t end_of_place(const struct sb_results *r, size_t from)
{
    size_t end = from;
    while (end < r->summaries_nr && same_place(&r->summaries[from], &r->summaries[end]))
        end++;
    return end;
}

static const char *test_name(struct sb_html *h, const struct sb_summary *s)
{
    struct sb_labels rest = SB_LABELS_INIT;
    sb_labels_copy(&rest, &s->cell);
    sb_labels_set(&rest, "platform", NULL);
    for (size_t i = 0; sb_labels_get(&s->cell, "config") && i < h->view.implied_nr; i++)
        sb_labels_set(&rest, h->view.implied[i], NULL);
    sb_labels_set(&rest, "config", NULL);
    const char *name = sb_view_place(&h->view, &h->arena, &rest);
    sb_labels_release(&rest);
    return name;
}

static void add_steadiness(struct sb_html *h, size_t from, size_t end)
{
    const struct sb_summary *steady = NULL, *noisy = NULL;
    char a[SB_WORDS_MAX], b[SB_WORDS_MAX];
    for (size_t i = from; i < end; i++) {
        const struct sb_summary *s = &h->view.results->summaries[i];
        if (!is_headline(s) || !isfinite(s->cv)) continue;
        if (!steady || s->cv < steady->cv) steady = s;
        if (!noisy || s->cv > noisy->cv) noisy = s;
    }
    if (!noisy) return;
    const char *most = test_name(h, noisy), *least = test_name(h, steady);
    sb_words_fixed(noisy->cv * 100, 2, a);
    sb_words_fixed(steady->cv * 100, 2, b);
    sb_html_prose(
        h, "p",
        noisy == steady
            ? sb_arena_printf(&h->arena,
                              "Repetitions of %s scatter by %s %% (coefficient of variation, n = %zu).", most,
                              a, noisy->n)
            : sb_arena_printf(&h->arena,
                              "Repetitions scatter least in %s (coefficient of variation %s %%, n = %zu) and "
                              "most in %s (%s %%, n = %zu).",
                              least, b, steady->n, most, a, noisy->n));
    sb_html_put(h, "\n");
}

static void add_row(struct sb_html *h, size_t index)
{
    const struct sb_summary *s = &h->view.results->summaries[index];
    char buf[SB_WORDS_MAX], unit[SB_WORDS_MAX], key[SB_NUMBER_MAX];
    int decimals = sb_words_summary_decimals(s);
    sb_html_put(h, "<tr>");
    sb_html_cell(h, "th scope=\"row\"", test_name(h, s));
    sb_html_put(h, "<td class=\"measure\">");
    sb_html_text(h, sb_metric_title(s->metric, buf, sizeof buf));
    sb_html_put(h, " <small>");
    sb_html_text(h, sb_words_unit(s->metric, s->unit, unit));
    sb_html_put(h, "</small></td>");
    sb_number_format(s->mean, key);
    sb_html_putf(h, "<td class=\"num\" data-v=\"%s\">", key);
    sb_html_mean(h, s, index, true);
    sb_html_marks(h, &s->findings);
    if (s->runs_excluded) sb_html_put(h, " ");
    sb_html_left_out(h, s->runs_excluded);
    sb_html_put(h, "</td>");
    sb_html_number(h, s->median, sb_words_fixed(s->median, decimals, buf));
    sb_html_number(h, s->min, sb_words_fixed(s->min, decimals, buf));
    sb_html_number(h, s->max, sb_words_fixed(s->max, decimals, buf));
    sb_html_number(h, s->cv, sb_words_fixed(s->cv * 100, 2, buf));
    sb_html_number(h, (double)s->n, sb_words_count(s->n, buf));
    sb_html_put(h, "</tr>\n");
}

static void add_table(struct sb_html *h, size_t from, size_t end)
{
    char id[64];
    snprintf(id, sizeof id, "w-%zu", from);
    sb_html_open_table(h, id, "data", "Headline metrics of one platform and configuration");
    sb_html_put(
        h,
        "<caption><span>Headline metric of each test, mean \xc2\xb1 half of its "
        "interval.</span></caption>\n<thead><tr>"
        "<th scope=\"col\">Test</th><th scope=\"col\">Measure</th><th scope=\"col\" class=\"num\">Mean</th>"
        "<th scope=\"col\" class=\"num\">Median</th><th scope=\"col\" class=\"num\">Min</th><th "
        "scope=\"col\" class=\"num\">Max</th>"
        "<th scope=\"col\" class=\"num\">CV, %</th><th scope=\"col\" "
        "class=\"num\">n</th></tr></thead>\n<tbody>\n");
    size_t rows = 0, left = 0;
    for (size_t i = from; i < end; i++) {
        if (!is_headline(&h->view.results->summaries[i])) continue;
        if (rows < ROWS_MAX)
            add_row(h, i);
        else
            left++;
        rows++;
    }
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (left) sb_html_putf(h, "<p class=\"quiet\">%zu further rows stand in summary.csv.</p>\n", left);
}

static void add_place(struct sb_html *h, size_t from, size_t end, bool open)
{
    const struct sb_labels *cell = &h->view.results->summaries[from].cell;
    const char *platform = sb_labels_get(cell, "platform"), *config = sb_labels_get(cell, "config");
    sb_html_put(h, open ? "<details class=\"place\" open><summary>" : "<details class=\"place\"><summary>");
    sb_html_text(h, platform ? sb_view_label(cell, "platform") : "No platform named");
    if (config) {
        sb_html_put(h, " \xc2\xb7 ");
        sb_html_text(h, config);
    }
    sb_html_put(h, "</summary>\n");
    add_steadiness(h, from, end);
    if (platform && config) sb_html_charts(h, "within", platform, config);
    add_table(h, from, end);
    sb_html_put(h, "</details>\n");
}

void sb_html_within(struct sb_html *h)
{
    const struct sb_results *r = h->view.results;
    size_t places = 0, shown = 0, start;
    for (size_t i = 0; i < r->summaries_nr; i = end_of_place(r, i))
        places++;
    sb_html_charts(h, "within", NULL, NULL);
    start = h->out->len;
    for (size_t i = 0; i < r->summaries_nr && shown < PLACES_MAX &&
                       h->out->len - start < SB_HTML_CHARTS_MAX + SB_HTML_TABLES_MAX / 2;
         i = end_of_place(r, i), shown++)
        add_place(h, i, end_of_place(r, i), places <= OPEN_MAX);
    if (shown < places)
        sb_html_putf(h, "<p class=\"quiet\">%zu further combinations stand in summary.csv.</p>\n",
                     places - shown);
}
