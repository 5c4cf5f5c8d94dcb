/* Effects of the factors: a sentence for each, the analysis of variance, the ratios. */
#include "report/html.h"

#include <math.h>
#include "report/factor_effects.h"
#include "report/words.h"

static void add_place(struct sb_html *h, const struct sb_effects *e, size_t rows)
{
    sb_html_putf(h, "<th scope=\"rowgroup\" rowspan=\"%zu\">", rows);
    sb_html_text(h, sb_effects_place(&h->view, &h->arena, e));
    sb_html_marks(h, &e->findings);
    sb_html_putf(h, " <small>n = %zu</small></th>", e->n);
}

static void add_term(struct sb_html *h, const struct sb_effect_term *t)
{
    char buf[SB_WORDS_MAX];
    sb_html_cell(h, "td", t->name);
    sb_html_putf(h, "<td class=\"num\">%zu</td>", t->df);
    sb_html_number(h, t->f, t->df ? sb_words_ratio(t->f, buf) : "\xe2\x80\x93");
    sb_html_number(h, t->p_adjusted, sb_words_p(t->df ? t->p_adjusted : NAN, buf));
    sb_html_number(h, t->partial_eta2,
                   t->df && isfinite(t->partial_eta2) ? sb_words_fixed(t->partial_eta2, 3, buf)
                                                      : "\xe2\x80\x93");
}

static void add_terms(struct sb_html *h)
{
    const struct sb_results *r = h->view.results;
    sb_html_open_table(h, "t-effects", "data", "Analysis of variance");
    sb_html_put(h, "<caption><span>");
    sb_html_text(h, sb_effects_caption(&h->view, &h->arena));
    sb_html_put(h, "</span></caption>\n<thead><tr><th scope=\"col\">Measure</th><th scope=\"col\">Term</th>"
                   "<th scope=\"col\" class=\"num\">df</th><th scope=\"col\" class=\"num\">F</th>"
                   "<th scope=\"col\" class=\"num\">p adjusted</th><th scope=\"col\" class=\"num\">partial "
                   "\xce\xb7\xc2\xb2</th></tr></thead>\n");
    for (size_t i = 0; i < r->effects_nr && i < SB_EFFECTS_SHOWN; i++) {
        const struct sb_effects *e = &r->effects[i];
        sb_html_put(h, "<tbody>\n");
        for (size_t k = 0; k < e->terms_nr; k++) {
            sb_html_put(h, "<tr>");
            if (k == 0) add_place(h, e, e->terms_nr);
            add_term(h, &e->terms[k]);
            sb_html_put(h, "</tr>\n");
        }
        sb_html_put(h, "</tbody>\n");
    }
    sb_html_close_table(h);
}

static void add_ratios(struct sb_html *h)
{
    const struct sb_results *r = h->view.results;
    sb_html_open_table(h, "t-effect-ratios", "data", "Effect ratios");
    sb_html_put(
        h, "<caption><span>Each level against its factor\xe2\x80\x99s first.</span></caption>\n<thead><tr>"
           "<th scope=\"col\">Measure</th><th scope=\"col\">Factor</th><th scope=\"col\">Levels</th>"
           "<th scope=\"col\" class=\"num\">Ratio</th><th scope=\"col\">From</th></tr></thead>\n");
    for (size_t i = 0; i < r->effects_nr && i < SB_EFFECTS_SHOWN; i++) {
        const struct sb_effects *e = &r->effects[i];
        sb_html_put(h, "<tbody>\n");
        for (size_t k = 0; k < e->ratios_nr; k++) {
            const struct sb_effect_ratio *ratio = &e->ratios[k];
            sb_html_put(h, "<tr>");
            if (k == 0) add_place(h, e, e->ratios_nr);
            sb_html_cell(h, "td", sb_view_label_title(ratio->factor));
            sb_html_cell(h, "td", sb_effects_levels(&h->arena, ratio));
            sb_html_number(h, ratio->ratio, sb_effects_ratio(&h->arena, ratio));
            sb_html_cell(h, "td",
                         !isfinite(ratio->ratio) ? ""
                         : ratio->additive       ? "main effects"
                                                 : "all cells");
            sb_html_put(h, "</tr>\n");
        }
        sb_html_put(h, "</tbody>\n");
    }
    sb_html_close_table(h);
}

void sb_html_effects(struct sb_html *h)
{
    size_t nr, effects = h->view.results->effects_nr;
    const char **sentences = sb_effects_sentences(&h->view, &h->arena, &nr);
    for (size_t i = 0; i < nr; i++)
        sb_html_prose(h, "p", sentences[i]);
    sb_html_charts(h, "effects", "*", NULL);
    if (!effects) return;
    add_terms(h);
    add_ratios(h);
    if (effects > SB_EFFECTS_SHOWN)
        sb_html_putf(h, "<p class=\"quiet\">%zu further measures stand in report.json.</p>\n",
                     effects - SB_EFFECTS_SHOWN);
}
