/* Data quality: notes, findings with file and line, runs left out, files that gave nothing. */
#include "report/html.h"

#include "core/alloc.h"
#include "core/text.h"
#include "report/headline.h"
#include "report/suspect.h"
#include "report/words.h"

static void add_notes(struct sb_html *h)
{
    if (!h->view.notes_nr) return;
    sb_html_put(h, "<h3 id=\"notes\">Notes</h3>\n<ol class=\"notes\">\n");
    for (size_t i = 0; i < h->view.notes_nr; i++) {
        const struct sb_view_note *note = &h->view.notes[i];
        sb_html_putf(h, "<li id=\"note-%zu\"><code>", i + 1);
        sb_html_text(h, note->code);
        sb_html_put(h, "</code>");
        if (note->everywhere) sb_html_put(h, " <em>applies to every number</em>");
        sb_html_put(h, *note->text ? " \xe2\x80\x93 " : "");
        sb_html_text(h, note->text);
        sb_html_put(h, "</li>\n");
    }
    sb_html_put(h, "</ol>\n");
}

static void add_finding(struct sb_html *h, const struct sb_finding *finding)
{
    const char *severity = sb_severity_text(finding->severity);
    sb_html_putf(h, "<tr><td data-v=\"%d\"><span class=\"sev sev-%s\">%s</span></td><th scope=\"row\"><code>",
                 finding->severity, severity, severity);
    sb_html_text(h, finding->code);
    sb_html_put(h, "</code></th><td>");
    if (finding->source) sb_html_where(h, finding->run_index, finding->source, finding->line);
    if (finding->other_source) {
        sb_html_put(h, " and ");
        sb_html_where(h, finding->other_run_index, finding->other_source, finding->other_line);
    }
    sb_html_put(h, "</td><td class=\"message\">");
    sb_html_text(h, finding->message);
    sb_html_put(h, "</td></tr>\n");
}

static void add_findings(struct sb_html *h)
{
    const struct sb_dataset *ds = h->report->ds;
    size_t start = h->out->len, shown = 0;
    sb_html_put(h, "<h3 id=\"audit\">What the audit found</h3>\n");
    if (!ds->findings_nr) {
        sb_html_put(h, "<p>Nothing: every check passed on every run.</p>\n");
        return;
    }
    sb_html_open_table(h, "t-findings", "data sortable filterable", "Findings of the audit");
    sb_html_putf(h,
                 "<caption><span>%zu %s, %zu %s, %zu %s.</span></caption>\n<thead><tr><th scope=\"col\" "
                 "data-choice>Severity</th>"
                 "<th scope=\"col\" data-choice>Finding</th><th scope=\"col\">Where</th><th "
                 "scope=\"col\">What</th></tr></thead>\n<tbody>\n",
                 h->view.errors, sb_words_plural(h->view.errors, "error", "errors"), h->view.warnings,
                 sb_words_plural(h->view.warnings, "warning", "warnings"), h->view.hints,
                 sb_words_plural(h->view.hints, "note", "notes"));
    for (int severity = SB_ERROR; severity >= SB_NOTE; severity--)
        for (size_t i = 0; i < ds->findings_nr && h->out->len - start < SB_HTML_QUALITY_MAX / 2; i++)
            if ((int)ds->findings[i].severity == severity) {
                add_finding(h, &ds->findings[i]);
                shown++;
            }
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (shown < ds->findings_nr)
        sb_html_putf(h, "<p class=\"quiet\">%zu further findings stand in report.json.</p>\n",
                     ds->findings_nr - shown);
}

/* ---- runs that are not in the statistics ---- */

static const char *first_error(const struct sb_dataset *ds, size_t run)
{
    for (size_t i = 0; i < ds->findings_nr; i++)
        if (ds->findings[i].run_index == run && ds->findings[i].severity == SB_ERROR)
            return ds->findings[i].code;
    return NULL;
}

static void add_excluded_run(struct sb_html *h, size_t i)
{
    const struct sb_run *run = &h->report->ds->runs[i];
    const char *code = run->suspect ? first_error(h->report->ds, i) : NULL;
    sb_html_put(h, "<li>");
    sb_html_where(h, i, run->source, run->first_line);
    sb_html_put(h, " \xe2\x80\x93 ");
    sb_html_text(h, sb_view_place(&h->view, &h->arena, &run->labels));
    sb_html_put(h, ": ");
    if (run->suspect) {
        sb_html_put(h, "<code>");
        sb_html_text(h, code ? code : "suspect");
        sb_html_put(h, "</code>");
    } else {
        sb_html_text(h, *run->status_reason ? run->status_reason : "no final figures");
    }
    sb_html_put(h, "</li>\n");
}

static void add_excluded(struct sb_html *h)
{
    const struct sb_dataset *ds = h->report->ds;
    bool kept = h->view.results->settings.include_suspect;
    size_t start = h->out->len, shown = 0, total = 0;
    sb_html_put(h, kept ? "<h3 id=\"excluded\">Doubtful runs, kept on request</h3>\n"
                        : "<h3 id=\"excluded\">Runs left out</h3>\n");
    for (size_t i = 0; i < ds->runs_nr; i++)
        total += ds->runs[i].suspect || ds->runs[i].status == SB_FAILED;
    if (!total) {
        sb_html_put(h, "<p>None: every run that was read stands in the statistics.</p>\n");
        return;
    }
    sb_html_put(h, "<ul class=\"files\">\n");
    for (size_t i = 0; i < ds->runs_nr && shown < 1000 && h->out->len - start < SB_HTML_QUALITY_MAX / 8; i++)
        if (ds->runs[i].suspect || ds->runs[i].status == SB_FAILED) {
            add_excluded_run(h, i);
            shown++;
        }
    sb_html_put(h, "</ul>\n");
    if (shown < total)
        sb_html_putf(h, "<p class=\"quiet\">%zu further runs; runs.csv and report.json name them.</p>\n",
                     total - shown);
}

/* ---- with and without suspect runs ---- */

static void add_flips(struct sb_html *h)
{
    enum { FLIPS_MAX = 200 };
    const struct sb_view *view = &h->view;
    const char *sentence = sb_suspect_sentence(view, &h->arena);
    if (!sentence) return;
    sb_html_put(h, "<h3 id=\"suspect\">With and without suspect runs</h3>\n");
    sb_html_prose(h, "p", sentence);
    if (!view->flips_nr) return;
    sb_html_put(h, "<ul class=\"files\" id=\"flips\">\n");
    for (size_t i = 0; i < view->flips_nr && i < FLIPS_MAX; i++) {
        sb_html_put(h, "<li>");
        sb_html_cell(h, "strong", sb_suspect_place(view, &h->arena, &view->flips[i]));
        sb_html_put(h, ": ");
        sb_html_text(h, sb_suspect_verdicts(&h->arena, &view->flips[i]));
        sb_html_put(h, "</li>\n");
    }
    sb_html_put(h, "</ul>\n");
    if (view->flips_nr > FLIPS_MAX)
        sb_html_putf(h, "<p class=\"quiet\">and %zu further ones; --include-suspect computes them all.</p>\n",
                     view->flips_nr - FLIPS_MAX);
}

/* ---- files without a run ---- */

static void add_file_reason(struct sb_html *h, const char *source)
{
    const struct sb_dataset *ds = h->report->ds;
    for (size_t i = 0; i < ds->findings_nr; i++)
        if (ds->findings[i].source && ds->findings[i].ordinal == 0 &&
            strcmp(ds->findings[i].source, source) == 0) {
            sb_html_put(h, " \xe2\x80\x93 ");
            sb_html_text(h, ds->findings[i].message);
            return;
        }
}

static void add_files(struct sb_html *h)
{
    size_t shown = 0, start = h->out->len;
    if (!h->view.sources_without_runs_nr) return;
    sb_html_put(h, "<h3 id=\"files\">Files that gave no run</h3>\n<ul class=\"files\">\n");
    for (; shown < h->view.sources_without_runs_nr && h->out->len - start < SB_HTML_QUALITY_MAX / 8 &&
           shown < 500;
         shown++) {
        sb_html_put(h, "<li>");
        sb_html_cell(h, "span class=\"where\"", h->view.sources_without_runs[shown]);
        add_file_reason(h, h->view.sources_without_runs[shown]);
        sb_html_put(h, "</li>\n");
    }
    sb_html_put(h, "</ul>\n");
    if (shown < h->view.sources_without_runs_nr)
        sb_html_putf(h, "<p class=\"quiet\">and %zu further files.</p>\n",
                     h->view.sources_without_runs_nr - shown);
}

void sb_html_quality(struct sb_html *h)
{
    sb_html_put(h, "<p>");
    sb_html_text(h, sb_headline_quality(&h->view, &h->arena));
    sb_html_put(h, "</p>\n");
    add_notes(h);
    add_findings(h);
    add_excluded(h);
    add_flips(h);
    add_files(h);
    sb_html_coverage(h);
}
