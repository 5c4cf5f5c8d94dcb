/* report.md: renders on GitHub, charts by relative links. */
#include "report/report.h"

#include "core/alloc.h"
#include "core/text.h"
#include "report/escape.h"
#include "report/headline.h"
#include "report/markdown.h"
#include "report/view.h"
#include "report/method.h"
#include "report/suspect.h"
#include "report/words.h"

enum { ROWS_MAX = 400, FINDINGS_MAX = 200 };

void sb_markdown_text(struct sb_markdown *m, const char *plain)
{
    sb_escape_markdown(m->out, plain);
}

void sb_markdown_heading(struct sb_markdown *m, const char *title)
{
    sb_strbuf_addf(m->out, "\n## %s\n\n", title);
}

static void add_answer(struct sb_markdown *m)
{
    size_t nr;
    const char **sentences = sb_headline_sentences(m->view, &m->arena, &nr);
    for (size_t i = 0; i < nr; i++) {
        sb_strbuf_addf(m->out, "%zu. ", i + 1);
        if (i == 0 && sb_headline_emulated(m->view)) sb_strbuf_adds(m->out, "**");
        sb_markdown_text(m, sentences[i]);
        if (i == 0 && sb_headline_emulated(m->view)) sb_strbuf_adds(m->out, "**");
        sb_strbuf_addc(m->out, '\n');
    }
}

void sb_markdown_charts(struct sb_markdown *m, const char *section)
{
    for (size_t i = 0; i < m->report->charts_nr; i++) {
        const struct sb_report_chart *chart = &m->report->charts[i];
        if (!sb_streq(chart->section, section)) continue;
        sb_strbuf_adds(m->out, "![");
        sb_markdown_text(m, chart->alt ? chart->alt : chart->title);
        sb_strbuf_adds(m->out, "](charts/");
        sb_escape_url_path(m->out, chart->name);
        sb_strbuf_adds(m->out, ".svg)\n\n");
    }
}

bool sb_markdown_has_charts(const struct sb_markdown *m, const char *section)
{
    for (size_t i = 0; i < m->report->charts_nr; i++)
        if (sb_streq(m->report->charts[i].section, section)) return true;
    return false;
}

/* ---- tables ---- */

static void add_marks(struct sb_markdown *m, const struct sb_codes *codes)
{
    for (size_t i = 0; i < codes->nr; i++) {
        size_t number = sb_view_note_number(m->view, codes->v[i]);
        if (number && !m->view->notes[number - 1].everywhere)
            sb_strbuf_addf(m->out, "<sup>%zu</sup>", number);
    }
}

static void add_mean(struct sb_markdown *m, const struct sb_view_matrix *matrix,
                     const struct sb_view_row *row, size_t level)
{
    char mean[SB_WORDS_MAX];
    const struct sb_summary *s = sb_view_summary(matrix, row, level);
    if (!s) {
        size_t left_out = sb_view_left_out(m->view, matrix, row, level);
        if (left_out)
            sb_strbuf_addf(m->out, "%zu %s left out", left_out, sb_words_plural(left_out, "run", "runs"));
        else
            sb_strbuf_adds(m->out, "\xe2\x80\x93");
        return;
    }
    sb_strbuf_addf(m->out, "%s (n = %zu", sb_words_mean(s, mean), s->n);
    if (s->runs_excluded) sb_strbuf_addf(m->out, ", %zu left out", s->runs_excluded);
    sb_strbuf_addc(m->out, ')');
    add_marks(m, &s->findings);
}

static void add_comparison(struct sb_markdown *m, const struct sb_comparison *c)
{
    char ratio[SB_WORDS_MAX], interval[SB_WORDS_MAX];
    if (!c) {
        sb_strbuf_adds(m->out, "\xe2\x80\x93 | ");
        return;
    }
    sb_markdown_text(m, sb_words_ratio(c->ratio, ratio));
    sb_strbuf_addc(m->out, ' ');
    sb_markdown_text(m, sb_words_ratio_ci(c, interval));
    sb_strbuf_addf(m->out, " | %s", sb_words_verdict(c));
    add_marks(m, &c->findings);
}

static void add_head(struct sb_markdown *m, const struct sb_view_matrix *matrix)
{
    for (size_t i = 0; i < matrix->columns_nr; i++) {
        sb_strbuf_adds(m->out, "| ");
        sb_markdown_text(m, sb_view_label_title(matrix->columns[i]));
        sb_strbuf_addc(m->out, ' ');
    }
    sb_strbuf_adds(m->out, "| Measure ");
    for (size_t l = 0; l < matrix->levels_nr; l++) {
        sb_strbuf_adds(m->out, "| ");
        sb_markdown_text(m, sb_view_level(matrix->factor, matrix->levels[l]));
        sb_strbuf_addc(m->out, ' ');
    }
    for (size_t l = 0; l < matrix->levels_nr; l++) {
        if (!matrix->baselines_nr || strcmp(matrix->levels[l], matrix->baselines[0]) == 0) continue;
        sb_strbuf_adds(m->out, "| ");
        sb_markdown_text(m, sb_view_level(matrix->factor, matrix->levels[l]));
        sb_strbuf_adds(m->out, " / ");
        sb_markdown_text(m, sb_view_level(matrix->factor, matrix->baselines[0]));
        sb_strbuf_adds(m->out, " | Verdict ");
    }
    sb_strbuf_adds(m->out, "|\n");
    for (size_t i = 0; i < matrix->columns_nr + 1; i++)
        sb_strbuf_adds(m->out, "| --- ");
    for (size_t l = 0; l < matrix->levels_nr; l++)
        sb_strbuf_adds(m->out, "| ---: ");
    for (size_t l = 0; l < matrix->levels_nr; l++)
        if (matrix->baselines_nr && strcmp(matrix->levels[l], matrix->baselines[0]) != 0)
            sb_strbuf_adds(m->out, "| ---: | --- ");
    sb_strbuf_adds(m->out, "|\n");
}

static void add_row(struct sb_markdown *m, const struct sb_view_matrix *matrix, const struct sb_view_row *row)
{
    char title[SB_WORDS_MAX], unit_buf[SB_WORDS_MAX];
    const char *unit = sb_words_unit(row->metric, row->unit, unit_buf);
    for (size_t i = 0; i < matrix->columns_nr; i++) {
        sb_strbuf_adds(m->out, "| ");
        sb_markdown_text(m, sb_view_label(&row->rest, matrix->columns[i]));
        sb_strbuf_addc(m->out, ' ');
    }
    sb_strbuf_adds(m->out, "| ");
    sb_markdown_text(m, sb_metric_title(row->metric, title, sizeof title));
    if (*unit) {
        sb_strbuf_adds(m->out, ", ");
        sb_markdown_text(m, unit);
    }
    for (size_t l = 0; l < matrix->levels_nr; l++) {
        sb_strbuf_adds(m->out, " | ");
        add_mean(m, matrix, row, l);
    }
    for (size_t l = 0; l < matrix->levels_nr; l++) {
        if (!matrix->baselines_nr || strcmp(matrix->levels[l], matrix->baselines[0]) == 0) continue;
        sb_strbuf_adds(m->out, " | ");
        add_comparison(m, sb_view_comparison(matrix, 0, row, l));
    }
    sb_strbuf_adds(m->out, " |\n");
}

static void add_matrix(struct sb_markdown *m, const struct sb_view_matrix *matrix)
{
    size_t rows = 0, left = 0;
    add_head(m, matrix);
    for (size_t r = 0; r < matrix->rows_nr; r++) {
        if (!matrix->rows[r].headline) continue;
        if (rows++ < ROWS_MAX)
            add_row(m, matrix, &matrix->rows[r]);
        else
            left++;
    }
    if (left) sb_strbuf_addf(m->out, "\n%zu further rows stand in summary.csv and comparisons.csv.\n", left);
    sb_strbuf_adds(m->out, "\nMean \xc2\xb1 half of its interval. All metrics: [summary.csv](summary.csv), "
                           "[comparisons.csv](comparisons.csv).\n\n");
}

/* ---- quality and the rest ---- */

static void add_finding(struct sb_markdown *m, const struct sb_finding *finding)
{
    sb_strbuf_addf(m->out, "| %s | ", sb_severity_text(finding->severity));
    sb_markdown_text(m, finding->code);
    sb_strbuf_adds(m->out, " | ");
    sb_markdown_text(m, finding->source);
    if (finding->line) sb_strbuf_addf(m->out, "&#58;%u", finding->line);
    sb_strbuf_adds(m->out, " | ");
    sb_markdown_text(m, finding->message);
    sb_strbuf_adds(m->out, " |\n");
}

static void add_flips(struct sb_markdown *m)
{
    const char *sentence = sb_suspect_sentence(m->view, &m->arena);
    if (!sentence) return;
    sb_markdown_text(m, sentence);
    sb_strbuf_adds(m->out, "\n\n");
    for (size_t i = 0; i < m->view->flips_nr && i < FINDINGS_MAX; i++) {
        sb_strbuf_adds(m->out, "- ");
        sb_markdown_text(m, sb_suspect_place(m->view, &m->arena, &m->view->flips[i]));
        sb_strbuf_adds(m->out, ": ");
        sb_markdown_text(m, sb_suspect_verdicts(&m->arena, &m->view->flips[i]));
        sb_strbuf_addc(m->out, '\n');
    }
    if (m->view->flips_nr > FINDINGS_MAX)
        sb_strbuf_addf(m->out, "- and %zu further ones; --include-suspect computes them all\n",
                       m->view->flips_nr - FINDINGS_MAX);
    if (m->view->flips_nr) sb_strbuf_addc(m->out, '\n');
}

static void add_quality(struct sb_markdown *m)
{
    const struct sb_dataset *ds = m->report->ds;
    sb_markdown_heading(m, "Data quality");
    sb_markdown_text(m, sb_headline_quality(m->view, &m->arena));
    sb_strbuf_adds(m->out, "\n\n");
    add_flips(m);
    for (size_t i = 0; i < m->view->sources_without_runs_nr; i++) {
        sb_strbuf_adds(m->out, "- No run in ");
        sb_markdown_text(m, m->view->sources_without_runs[i]);
        sb_strbuf_addc(m->out, '\n');
    }
    for (size_t i = 0; i < m->view->notes_nr; i++) {
        const struct sb_view_note *note = &m->view->notes[i];
        sb_strbuf_addf(m->out, "- <sup>%zu</sup> ", i + 1);
        sb_markdown_text(m, note->code);
        if (note->everywhere) sb_strbuf_adds(m->out, " (every number)");
        sb_strbuf_adds(m->out, " \xe2\x80\x93 ");
        sb_markdown_text(m, note->text);
        sb_strbuf_addc(m->out, '\n');
    }
    if (!ds->findings_nr) return;
    sb_strbuf_adds(m->out, "\n| Severity | Finding | Where | What |\n| --- | --- | --- | --- |\n");
    for (size_t i = 0; i < ds->findings_nr && i < FINDINGS_MAX; i++)
        add_finding(m, &ds->findings[i]);
    if (ds->findings_nr > FINDINGS_MAX)
        sb_strbuf_addf(m->out, "\n%zu further findings stand in report.json.\n",
                       ds->findings_nr - FINDINGS_MAX);
}

static void add_method(struct sb_markdown *m)
{
    size_t nr;
    const char **paragraphs = sb_method_paragraphs(m->view, &m->arena, &nr);
    sb_markdown_heading(m, "Method");
    for (size_t i = 0; i < nr; i++) {
        sb_markdown_text(m, paragraphs[i]);
        sb_strbuf_adds(m->out, "\n\n");
    }
    if (m->report->ds->env_nr) {
        sb_markdown_heading(m, "Environment");
        sb_strbuf_adds(m->out, "| | | |\n| --- | --- | --- |\n");
    }
    for (size_t i = 0; i < m->report->ds->env_nr; i++) {
        const struct sb_env *env = &m->report->ds->env[i];
        sb_strbuf_adds(m->out, "| ");
        sb_markdown_text(m, env->section);
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, env->name);
        sb_strbuf_adds(m->out, " | ");
        sb_markdown_text(m, env->value);
        sb_strbuf_adds(m->out, " |\n");
    }
    sb_markdown_heading(m, "Reproduction");
    sb_markdown_text(m, m->report->command ? m->report->command : "The command line is not known.");
    sb_strbuf_addc(m->out, '\n');
}

static void add_section(struct sb_markdown *m, const char *section, const char *title,
                        const struct sb_view_matrix *matrix)
{
    if (!sb_markdown_has_charts(m, section) && (!matrix || !matrix->rows_nr)) return;
    sb_markdown_heading(m, title);
    sb_markdown_charts(m, section);
    if (matrix && matrix->rows_nr) add_matrix(m, matrix);
}

void sb_report_markdown(struct sb_strbuf *out, const struct sb_report *report)
{
    struct sb_view view;
    struct sb_markdown m = {.out = out, .report = report, .view = &view};
    sb_arena_init(&m.arena);
    sb_view_init(&view, report);
    sb_strbuf_adds(out, "# ");
    sb_markdown_text(&m, sb_method_title(&view, &m.arena));
    sb_strbuf_adds(out, "\n\n");
    add_answer(&m);
    add_section(&m, "overview", "Overview", NULL);
    add_section(&m, "platforms", "Across platforms", &view.platforms);
    add_section(&m, "within", "Within one platform and configuration", NULL);
    add_section(&m, "configs", "Across configurations", view.configs.levels_nr > 1 ? &view.configs : NULL);
    sb_markdown_effects(&m);
    sb_markdown_images(&m);
    add_quality(&m);
    add_method(&m);
    sb_view_free(&view);
    sb_arena_free(&m.arena);
}
