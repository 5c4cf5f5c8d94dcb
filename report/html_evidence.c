/*
 * Where every number comes from: below each number its runs, each with the figure as printed and its file and
 * line, and below those the log lines themselves. What is embedded is decided once, before the first link is
 * written.
 */
#include "report/html.h"

#include <math.h>
#include "core/alloc.h"
#include "report/escape.h"
#include "report/words.h"

enum { NUMBER_BYTES = 420, RUN_BYTES = 190, EXCERPT_BYTES = 420, LINE_BYTES = 36 };

static size_t listed_runs(const struct sb_summary *s)
{
    return s->n_runs < SB_HTML_RUNS_PER_NUMBER ? s->n_runs : SB_HTML_RUNS_PER_NUMBER;
}

static size_t excerpt_cost(const struct sb_run *run)
{
    size_t bytes = EXCERPT_BYTES + strlen(run->source) * 2, lines = 1;
    for (const char *s = run->excerpt; *s; s++) {
        lines += *s == '\n';
        bytes += *s == '<' || *s == '>' || *s == '&' || *s == '"' || *s == '\'' || (unsigned char)*s < 0x20
                     ? 6
                     : 1;
    }
    return bytes + lines * LINE_BYTES;
}

static void take_excerpt(struct sb_html *h, size_t run, size_t *left)
{
    const struct sb_dataset *ds = h->report->ds;
    if (run >= ds->runs_nr || h->has_excerpt[run] || !ds->runs[run].excerpt) return;
    size_t cost = excerpt_cost(&ds->runs[run]);
    if (cost > *left) return;
    *left -= cost;
    h->has_excerpt[run] = true;
}

/* First come the runs with findings, then one run of every number, then a second one ... */
static void plan_excerpts(struct sb_html *h)
{
    const struct sb_dataset *ds = h->report->ds;
    size_t left = SB_HTML_EXCERPTS_MAX;
    for (size_t i = 0; i < ds->findings_nr; i++) {
        take_excerpt(h, ds->findings[i].run_index, &left);
        take_excerpt(h, ds->findings[i].other_run_index, &left);
    }
    for (size_t place = 0; place < SB_HTML_RUNS_PER_NUMBER && left > EXCERPT_BYTES; place++)
        for (size_t c = 0; c < h->view.cells_nr && left > EXCERPT_BYTES; c++)
            if (place < h->view.cells[c].runs_nr) take_excerpt(h, h->view.cells[c].runs[place], &left);
    for (size_t i = 0; i < ds->runs_nr; i++)
        h->excerpts_left_out += ds->runs[i].excerpt && !h->has_excerpt[i];
}

void sb_html_plan_evidence(struct sb_html *h)
{
    const struct sb_results *r = h->view.results;
    size_t left = SB_HTML_EVIDENCE_MAX;
    h->has_evidence = sb_arena_calloc(&h->arena, r->summaries_nr + 1, sizeof *h->has_evidence);
    h->has_excerpt = sb_arena_calloc(&h->arena, h->report->ds->runs_nr + 1, sizeof *h->has_excerpt);
    for (int headline = 1; headline >= 0; headline--)
        for (size_t i = 0; i < r->summaries_nr; i++) {
            size_t cost = NUMBER_BYTES + listed_runs(&r->summaries[i]) * RUN_BYTES;
            if (r->summaries[i].group.primary != headline || cost > left) continue;
            left -= cost;
            h->has_evidence[i] = true;
        }
    plan_excerpts(h);
}

/* ---- a number and its runs ---- */

static void add_run_of_number(struct sb_html *h, const struct sb_summary *s, size_t i)
{
    char buf[SB_WORDS_MAX];
    if (s->runs[i] >= h->report->ds->runs_nr) return;
    const struct sb_run *run = &h->report->ds->runs[s->runs[i]];
    const struct sb_value *value = sb_run_value(run, s->metric);
    sb_html_put(h, "<tr><td class=\"num\">");
    if (value && value->text)
        sb_html_text(h, value->text);
    else
        sb_html_text(h, sb_words_fixed(s->run_values ? s->run_values[i] : NAN,
                                       sb_words_decimals(s->mean, s->sd), buf));
    sb_html_put(h, value && value->origin == SB_DERIVED ? "</td><td>derived</td><td>"
                                                        : "</td><td>printed</td><td>");
    sb_html_where(h, s->runs[i], run->source, value ? value->line : run->first_line);
    sb_html_put(h, "</td></tr>\n");
}

static void add_number(struct sb_html *h, size_t index)
{
    const struct sb_summary *s = &h->view.results->summaries[index];
    char mean[SB_WORDS_MAX], unit_buf[SB_WORDS_MAX];
    sb_html_putf(h, "<details class=\"number\" id=\"s%zu\"><summary>", index);
    sb_html_text(h, sb_view_place(&h->view, &h->arena, &s->cell));
    sb_html_put(h, " \xc2\xb7 <code>");
    sb_html_text(h, s->metric);
    sb_html_putf(h, "</code> \xc2\xb7 <b>%s</b>", sb_words_mean(s, mean));
    const char *unit = sb_words_unit(s->metric, s->unit, unit_buf);
    if (*unit) sb_html_put(h, " ");
    sb_html_text(h, unit);
    sb_html_putf(h,
                 ", n = %zu</summary>\n<table class=\"runs\"><thead><tr><th scope=\"col\">Value</th><th "
                 "scope=\"col\">Origin</th>"
                 "<th scope=\"col\">File and line</th></tr></thead><tbody>\n",
                 s->n);
    for (size_t i = 0; i < listed_runs(s); i++)
        add_run_of_number(h, s, i);
    sb_html_put(h, "</tbody></table>");
    if (s->n_runs > listed_runs(s))
        sb_html_putf(h, "<p class=\"quiet\">and %zu further runs in runs.csv.</p>",
                     s->n_runs - listed_runs(s));
    sb_html_put(h, "</details>\n");
}

/* ---- a run and its lines ---- */

static void add_lines(struct sb_html *h, size_t index)
{
    const struct sb_run *run = &h->report->ds->runs[index];
    uint32_t line = run->excerpt_line ? run->excerpt_line : 1;
    for (const char *s = run->excerpt; *s; line++) {
        size_t len = strcspn(s, "\n");
        size_t shown = len && s[len - 1] == '\r' ? len - 1 : len;
        sb_html_putf(h, "<span id=\"r%zu-%u\"><i>%u</i>", index, line, line);
        sb_escape_html_line(h->out, s, shown);
        sb_html_put(h, "\n</span>");
        s += len + (s[len] == '\n');
    }
}

static void add_run(struct sb_html *h, size_t index)
{
    const struct sb_run *run = &h->report->ds->runs[index];
    sb_html_putf(h, "<details class=\"run%s\" id=\"r%zu\"><summary>", run->suspect ? " suspect" : "", index);
    sb_html_cell(h, "span class=\"where\"", run->source);
    sb_html_putf(h, ", run %u, lines %u\xe2\x80\x93%u <small>", run->ordinal, run->first_line,
                 run->last_line);
    sb_html_text(h, sb_view_place(&h->view, &h->arena, &run->labels));
    sb_html_putf(h, ", %s%s</small></summary>\n<pre class=\"log\" tabindex=\"0\">",
                 sb_status_text(run->status), run->suspect ? ", doubtful" : "");
    add_lines(h, index);
    sb_html_put(h, "</pre></details>\n");
}

void sb_html_evidence(struct sb_html *h)
{
    const struct sb_results *r = h->view.results;
    size_t numbers = 0, runs = 0;
    sb_html_put(
        h, "<section id=\"evidence\" aria-labelledby=\"h-evidence\"><h2 id=\"h-evidence\">Evidence</h2>\n"
           "<p>Every mean in the tables leads here: to the runs it was made from, their figures as printed, "
           "and the log lines.</p>\n"
           "<h3 id=\"numbers\">Numbers and their runs</h3>\n");
    for (size_t i = 0; i < r->summaries_nr; i++) {
        if (h->has_evidence[i]) add_number(h, i);
        numbers += !h->has_evidence[i];
    }
    if (numbers)
        sb_html_putf(h,
                     "<p class=\"quiet\">%zu further numbers are not listed here (the page keeps %d MB for "
                     "this); runs.csv has them with file and line.</p>\n",
                     numbers, SB_HTML_EVIDENCE_MAX / 1000000);
    sb_html_put(h, "<h3 id=\"logs\">Log lines</h3>\n");
    for (size_t i = 0; i < h->report->ds->runs_nr; i++) {
        if (h->has_excerpt[i]) add_run(h, i);
        runs += h->has_excerpt[i];
    }
    if (h->excerpts_left_out)
        sb_html_putf(h,
                     "<p class=\"quiet\">The lines of %zu further runs are not embedded (the page keeps %d "
                     "MB for log lines); their file and line stand in runs.csv.</p>\n",
                     h->excerpts_left_out, SB_HTML_EXCERPTS_MAX / 1000000);
    else if (!runs)
        sb_html_put(h, "<p class=\"quiet\">The input holds no log lines (figures read from CSV).</p>\n");
    sb_html_put(h, "</section>\n");
}
