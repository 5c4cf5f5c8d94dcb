/* report.md: effects of the factors. */
#include "report/markdown.h"

#include <math.h>
#include "report/factor_effects.h"
#include "report/words.h"

static void add_terms(struct sb_markdown *m, const struct sb_effects *e)
{
    char buf[SB_WORDS_MAX];
    for (size_t k = 0; k < e->terms_nr; k++) {
        const struct sb_effect_term *t = &e->terms[k];
        sb_strbuf_adds(m->out, "| ");
        if (k == 0) sb_markdown_text(m, sb_effects_place(m->view, &m->arena, e));
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, t->name);
        sb_strbuf_addf(m->out, " | %zu | %s | ", t->df, t->df ? sb_words_ratio(t->f, buf) : "\xe2\x80\x93");
        sb_markdown_text(m, sb_words_p(t->df ? t->p_adjusted : NAN, buf));
        sb_strbuf_addf(m->out, " | %s |\n",
                       t->df && isfinite(t->partial_eta2) ? sb_words_fixed(t->partial_eta2, 3, buf)
                                                          : "\xe2\x80\x93");
    }
}

static void add_ratios(struct sb_markdown *m, const struct sb_effects *e)
{
    for (size_t k = 0; k < e->ratios_nr; k++) {
        const struct sb_effect_ratio *r = &e->ratios[k];
        sb_strbuf_adds(m->out, "| ");
        if (k == 0) sb_markdown_text(m, sb_effects_place(m->view, &m->arena, e));
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, sb_view_label_title(r->factor));
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, sb_effects_levels(&m->arena, r));
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, sb_effects_ratio(&m->arena, r));
        sb_strbuf_addf(m->out, " | %s |\n",
                       !isfinite(r->ratio) ? ""
                       : r->additive       ? "main effects"
                                           : "all cells");
    }
}

void sb_markdown_effects(struct sb_markdown *m)
{
    size_t nr, effects = m->view->results->effects_nr;
    const struct sb_effects *v = m->view->results->effects;
    if (!effects && !sb_markdown_has_charts(m, "effects")) return;
    const char **sentences = sb_effects_sentences(m->view, &m->arena, &nr);
    sb_markdown_heading(m, "Effects of the factors");
    for (size_t i = 0; i < nr; i++) {
        sb_markdown_text(m, sentences[i]);
        sb_strbuf_adds(m->out, "\n\n");
    }
    sb_markdown_charts(m, "effects");
    if (!effects) return;
    sb_strbuf_adds(m->out, "| Measure | Term | df | F | p adjusted | partial \xce\xb7\xc2\xb2 |\n"
                           "| --- | --- | ---: | ---: | ---: | ---: |\n");
    for (size_t i = 0; i < effects && i < SB_EFFECTS_SHOWN; i++)
        add_terms(m, &v[i]);
    sb_strbuf_adds(m->out,
                   "\n| Measure | Factor | Levels | Ratio | From |\n| --- | --- | --- | ---: | --- |\n");
    for (size_t i = 0; i < effects && i < SB_EFFECTS_SHOWN; i++)
        add_ratios(m, &v[i]);
    sb_strbuf_addc(m->out, '\n');
    sb_markdown_text(m, sb_effects_caption(m->view, &m->arena));
    sb_strbuf_adds(m->out, "\n\n");
    if (effects > SB_EFFECTS_SHOWN)
        sb_strbuf_addf(m->out, "%zu further measures stand in report.json.\n\n", effects - SB_EFFECTS_SHOWN);
}
