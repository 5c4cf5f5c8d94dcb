/* report.tex: the answer, the charts and the headline tables for a paper. */
#include "report/report.h"

#include "core/alloc.h"
#include "core/text.h"
#include "report/escape.h"
#include "report/headline.h"
#include "report/method.h"
#include "report/view.h"
#include "report/words.h"

enum { ROWS_MAX = 400 };

struct latex {
    struct sb_strbuf *out;
    const struct sb_report *report;
    struct sb_view view;
    struct sb_arena arena;
};

static const char preamble[] =
    "\\documentclass[a4paper,10pt]{article}\n"
    "\\usepackage[T1]{fontenc}\n\\usepackage[utf8]{inputenc}\n\\usepackage{textcomp}\n"
    "\\IfFileExists{lmodern.sty}{\\usepackage{lmodern}}{}\n"
    "\\usepackage[margin=22mm]{geometry}\n\\usepackage{graphicx}\n\\usepackage{booktabs}\n\\usepackage{"
    "longtable}\n"
    "\\newcommand{\\sbunicode}[1]{{\\footnotesize\\texttt{<#1>}}} % a character that pdflatex has no glyph "
    "for\n"
    "\\newcommand{\\sbchart}[2]{\\IfFileExists{charts/#1.pdf}{\\begin{figure}[htbp]\\centering"
    "\\includegraphics[width=\\linewidth]{charts/#1.pdf}\\caption{#2}\\end{figure}}{}}\n"
    "\\setlength{\\emergencystretch}{3em}\n\\begin{document}\n";

static void put(struct latex *t, const char *markup)
{
    sb_strbuf_adds(t->out, markup);
}

static void text(struct latex *t, const char *plain)
{
    sb_escape_latex(t->out, plain);
}

static void add_answer(struct latex *t)
{
    size_t nr;
    const char **sentences = sb_headline_sentences(&t->view, &t->arena, &nr);
    put(t, "\\section*{Findings}\n\\begin{itemize}\n");
    for (size_t i = 0; i < nr; i++) {
        put(t, "\\item ");
        if (i == 0 && sb_headline_emulated(&t->view)) put(t, "\\textbf{");
        text(t, sentences[i]);
        if (i == 0 && sb_headline_emulated(&t->view)) put(t, "}");
        put(t, "\n");
    }
    put(t, "\\end{itemize}\n");
}

/* A chart's file name goes into a path, where only plain characters are safe; others are not asked for. */
static bool is_plain_name(const char *name)
{
    for (const char *s = name; *s; s++)
        if (!sb_is_alnum(*s) && *s != '-' && *s != '_') return false;
    return *name != '\0';
}

static void add_charts(struct latex *t, const char *section)
{
    for (size_t i = 0; i < t->report->charts_nr; i++) {
        const struct sb_report_chart *chart = &t->report->charts[i];
        if (!sb_streq(chart->section, section) || !chart->name || !is_plain_name(chart->name)) continue;
        sb_strbuf_addf(t->out, "\\sbchart{%s}{", chart->name);
        text(t, chart->alt ? chart->alt : chart->title);
        put(t, "}\n");
    }
}

/* One line per level, so that the table fits the page however many levels there are. */
static void add_head(struct latex *t, const struct sb_view_matrix *m)
{
    put(t, "\\begin{longtable}{@{}");
    for (size_t i = 0; i <= m->columns_nr; i++)
        put(t, "l");
    put(t, "lrrrl@{}}\n\\toprule\n");
    for (size_t i = 0; i < m->columns_nr; i++) {
        text(t, sb_view_label_title(m->columns[i]));
        put(t, " & ");
    }
    put(t, "Unit & ");
    text(t, sb_view_label_title(m->factor));
    put(t, " & Mean & n & ");
    if (m->baselines_nr) put(t, "Ratio to ");
    if (m->baselines_nr) text(t, sb_view_level(m->factor, m->baselines[0]));
    put(t, " & Verdict \\\\\n\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n");
}

static void add_comparison(struct latex *t, const struct sb_comparison *c)
{
    char buf[SB_WORDS_MAX];
    text(t, sb_words_ratio(c->ratio, buf));
    put(t, " ");
    text(t, sb_words_ratio_ci(c, buf));
    put(t, " & ");
    text(t, sb_words_verdict(c));
}

static void add_level(struct latex *t, const struct sb_view_matrix *m, const struct sb_view_row *row,
                      size_t level)
{
    char buf[SB_WORDS_MAX];
    const struct sb_summary *s = sb_view_summary(m, row, level);
    const struct sb_comparison *c = sb_view_comparison(m, 0, row, level);
    size_t left_out = s ? s->runs_excluded : sb_view_left_out(&t->view, m, row, level);
    text(t, sb_view_level(m->factor, m->levels[level]));
    put(t, " & ");
    text(t, s ? sb_words_mean(s, buf) : "\xe2\x80\x93");
    sb_strbuf_addf(t->out, " & %zu", s ? s->n : 0);
    if (left_out) sb_strbuf_addf(t->out, " (%zu left out)", left_out);
    put(t, " & ");
    if (c)
        add_comparison(t, c);
    else
        put(t, m->baselines_nr && strcmp(m->levels[level], m->baselines[0]) == 0 ? "baseline & " : " & ");
    put(t, " \\\\\n");
}

static void add_row(struct latex *t, const struct sb_view_matrix *m, const struct sb_view_row *row)
{
    char buf[SB_WORDS_MAX], unit_buf[SB_WORDS_MAX];
    const char *unit = sb_words_unit(row->metric, row->unit, unit_buf);
    for (size_t l = 0; l < m->levels_nr; l++) {
        for (size_t i = 0; i < m->columns_nr; i++) {
            if (l == 0) text(t, sb_view_label(&row->rest, m->columns[i]));
            put(t, " & ");
        }
        if (l == 0) text(t, *unit ? unit : sb_metric_title(row->metric, buf, sizeof buf));
        put(t, " & ");
        add_level(t, m, row, l);
    }
    put(t, "\\addlinespace\n");
}

static void add_matrix(struct latex *t, const struct sb_view_matrix *m)
{
    size_t rows = 0;
    put(t, "{\\footnotesize\\setlength{\\tabcolsep}{4pt}\n");
    add_head(t, m);
    for (size_t r = 0; r < m->rows_nr && rows < ROWS_MAX; r++) {
        if (!m->rows[r].headline) continue;
        rows++;
        add_row(t, m, &m->rows[r]);
    }
    put(t, "\\end{longtable}}\n");
}

static void add_section(struct latex *t, const char *section, const char *title,
                        const struct sb_view_matrix *m)
{
    bool charts = false;
    for (size_t i = 0; i < t->report->charts_nr; i++)
        charts = charts || sb_streq(t->report->charts[i].section, section);
    if (!charts && !(m && m->rows_nr)) return;
    sb_strbuf_addf(t->out, "\\section*{%s}\n", title);
    add_charts(t, section);
    if (m && m->rows_nr) add_matrix(t, m);
}

static void add_notes(struct latex *t)
{
    put(t, "\\section*{Data quality}\n");
    text(t, sb_headline_quality(&t->view, &t->arena));
    if (t->view.notes_nr) put(t, "\n\\begin{description}\n");
    for (size_t i = 0; i < t->view.notes_nr; i++) {
        put(t, "\\item[{\\normalfont\\texttt{");
        text(t, t->view.notes[i].code);
        put(t, "}}] ");
        text(t, t->view.notes[i].text);
        put(t, "\n");
    }
    put(t, t->view.notes_nr ? "\\end{description}\n" : "\n");
}

static void add_method(struct latex *t)
{
    size_t nr;
    const char **paragraphs = sb_method_paragraphs(&t->view, &t->arena, &nr);
    put(t, "\\section*{Method}\n");
    for (size_t i = 0; i < nr; i++) {
        text(t, paragraphs[i]);
        put(t, "\n\n");
    }
    put(t, "\\section*{Reproduction}\n{\\raggedright\\texttt{");
    text(t, t->report->command ? t->report->command : "sbstat report");
    put(t, "}\\par}\n");
}

void sb_report_latex(struct sb_strbuf *out, const struct sb_report *report)
{
    struct latex t = {.out = out, .report = report};
    sb_arena_init(&t.arena);
    sb_view_init(&t.view, report);
    put(&t, preamble);
    put(&t, "\\begin{center}{\\LARGE ");
    text(&t, sb_method_title(&t.view, &t.arena));
    put(&t, "\\par}\\medskip ");
    text(&t, sb_method_extent(&t.view, &t.arena));
    put(&t, "\\end{center}\n");
    add_answer(&t);
    add_section(&t, "overview", "Overview", NULL);
    add_section(&t, "platforms", "Across platforms", &t.view.platforms);
    add_section(&t, "configs", "Across configurations",
                t.view.configs.levels_nr > 1 ? &t.view.configs : NULL);
    add_section(&t, "effects", "Effects of the factors", NULL);
    add_notes(&t);
    add_method(&t);
    put(&t, "\\end{document}\n");
    sb_view_free(&t.view);
    sb_arena_free(&t.arena);
}
