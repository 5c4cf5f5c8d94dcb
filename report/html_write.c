#include "report/html.h"

#include <math.h>
#include "core/alloc.h"
#include "io/number.h"
#include "report/escape.h"
#include "report/words.h"

enum { TIP_SOURCES = 3 };

void sb_html_put(struct sb_html *h, const char *markup)
{
    sb_strbuf_adds(h->out, markup);
}

void sb_html_putf(struct sb_html *h, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(h->out, format, args);
    va_end(args);
}

void sb_html_text(struct sb_html *h, const char *text)
{
    sb_escape_html(h->out, text);
}

/* Where a line must not break: before a percent sign, around "=". */
void sb_html_prose(struct sb_html *h, const char *tag_attributes, const char *text)
{
    struct sb_strbuf joined = SB_STRBUF_INIT;
    for (const char *s = text; *s; s++) {
        bool joins = *s == ' ' && (s[1] == '%' || s[1] == '=' || (s > text && s[-1] == '='));
        sb_strbuf_adds(&joined, joins ? "\xc2\xa0" : (char[]){*s, '\0'});
    }
    sb_html_cell(h, tag_attributes, joined.buf);
    sb_strbuf_release(&joined);
}

void sb_html_cell(struct sb_html *h, const char *tag_attributes, const char *text)
{
    sb_html_putf(h, "<%s>", tag_attributes);
    sb_html_text(h, text);
    sb_html_putf(h, "</%.*s>", (int)strcspn(tag_attributes, " "), tag_attributes);
}

void sb_html_number(struct sb_html *h, double sort_key, const char *text)
{
    char key[SB_NUMBER_MAX];
    if (sb_number_format(sort_key, key))
        sb_html_putf(h, "<td class=\"num\" data-v=\"%s\">", key);
    else
        sb_html_put(h, "<td class=\"num\">");
    sb_html_text(h, text);
    sb_html_put(h, "</td>");
}

void sb_html_open_table(struct sb_html *h, const char *id, const char *classes, const char *label)
{
    sb_html_put(h, "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"");
    sb_html_text(h, label);
    sb_html_putf(h, "\"><table id=\"%s\" class=\"%s\">\n", id, classes);
}

void sb_html_close_table(struct sb_html *h)
{
    sb_html_put(h, "</table></div>\n");
}

void sb_html_marks(struct sb_html *h, const struct sb_codes *codes)
{
    for (size_t i = 0; i < codes->nr; i++) {
        size_t number = sb_view_note_number(&h->view, codes->v[i]);
        if (!number || h->view.notes[number - 1].everywhere) continue;
        sb_html_putf(h, "<sup><a href=\"#note-%zu\" title=\"", number);
        sb_html_text(h, codes->v[i]);
        sb_html_putf(h, "\">%zu</a></sup>", number);
    }
}

void sb_html_left_out(struct sb_html *h, size_t runs)
{
    if (runs)
        sb_html_putf(h, "<a class=\"out\" href=\"#excluded\">%zu %s left out</a>", runs,
                     sb_words_plural(runs, "run", "runs"));
}

static void add_tip(struct sb_html *h, const struct sb_summary *s, bool with_sources)
{
    char low[SB_WORDS_MAX], high[SB_WORDS_MAX], confidence[SB_WORDS_MAX];
    const struct sb_dataset *ds = h->report->ds;
    int decimals = sb_words_summary_decimals(s);
    sb_html_putf(h, "n = %zu", s->n);
    if (s->n_runs != s->n) sb_html_putf(h, " (%zu runs)", s->n_runs);
    if (isfinite(s->ci_low))
        sb_html_putf(h, ", %s %% CI %s to %s", sb_words_percent(s->confidence, confidence),
                     sb_words_fixed(s->ci_low, decimals, low), sb_words_fixed(s->ci_high, decimals, high));
    if (!with_sources) return; /* they stand in the evidence */
    for (size_t i = 0; i < s->n_runs && i < TIP_SOURCES; i++) {
        if (s->runs[i] >= ds->runs_nr) continue;
        const struct sb_run *run = &ds->runs[s->runs[i]];
        const struct sb_value *value = sb_run_value(run, s->metric);
        sb_html_put(h, i ? ", " : " \xc2\xb7 ");
        sb_html_text(h, run->source);
        if (value && value->line) sb_html_putf(h, ":%u", value->line);
    }
    if (s->n_runs > TIP_SOURCES) sb_html_put(h, " \xe2\x80\xa6");
}

void sb_html_mean(struct sb_html *h, const struct sb_summary *s, size_t index, bool with_sources)
{
    char mean[SB_WORDS_MAX], half[SB_WORDS_MAX];
    const char *width = sb_words_half_width(s, half);
    if (h->has_evidence[index])
        sb_html_putf(h, "<a class=\"mean\" href=\"#s%zu\" title=\"", index);
    else
        sb_html_put(h, "<span class=\"mean\" title=\"");
    add_tip(h, s, with_sources);
    sb_html_putf(h, "\">%s</%s>", sb_words_mean_alone(s, mean), h->has_evidence[index] ? "a" : "span");
    if (*width) sb_html_putf(h, " <span class=\"pm\">\xc2\xb1 %s</span>", width);
}

void sb_html_where(struct sb_html *h, size_t run_index, const char *source, uint32_t line)
{
    bool linked = run_index < h->report->ds->runs_nr && h->has_excerpt[run_index];
    const struct sb_run *run = linked ? &h->report->ds->runs[run_index] : NULL;
    if (linked && line >= run->excerpt_line && line)
        sb_html_putf(h, "<a class=\"where\" href=\"#r%zu-%u\">", run_index, line);
    else if (linked)
        sb_html_putf(h, "<a class=\"where\" href=\"#r%zu\">", run_index);
    else
        sb_html_put(h, "<span class=\"where\">");
    sb_html_text(h, source);
    if (line) sb_html_putf(h, ":%u", line);
    sb_html_put(h, linked ? "</a>" : "</span>");
}
