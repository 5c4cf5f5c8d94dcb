/* JUnit XML as CI systems read it (the Jenkins xUnit schema: testsuites, testsuite, testcase, failure,
 * skipped, system-out). */
#include "report/report.h"

#include "core/alloc.h"
#include "core/text.h"
#include "report/escape.h"
#include "report/view.h"
#include "report/words.h"

enum { FINDINGS_PER_CASE = 50 };

struct junit {
    struct sb_strbuf *out;
    const struct sb_dataset *ds;
    struct sb_view view;
    struct sb_arena arena;
    size_t *cell_of; /* per run: cell + 1 */
    size_t *failed;  /* per cell: error-severity findings */
};

static void text(struct junit *j, const char *plain)
{
    sb_escape_xml(j->out, plain);
}

static void open_case(struct junit *j, const char *class, const char *name)
{
    sb_strbuf_adds(j->out, "    <testcase classname=\"");
    text(j, class);
    sb_strbuf_adds(j->out, "\" name=\"");
    text(j, name);
    sb_strbuf_adds(j->out, "\">\n");
}

/* ---- audit ---- */

static void count_failures(struct junit *j)
{
    j->cell_of = sb_arena_calloc(&j->arena, j->ds->runs_nr + 1, sizeof *j->cell_of);
    j->failed = sb_arena_calloc(&j->arena, j->view.cells_nr + 1, sizeof *j->failed);
    for (size_t c = 0; c < j->view.cells_nr; c++)
        for (size_t i = 0; i < j->view.cells[c].runs_nr; i++)
            j->cell_of[j->view.cells[c].runs[i]] = c + 1;
    for (size_t i = 0; i < j->ds->findings_nr; i++) {
        const struct sb_finding *f = &j->ds->findings[i];
        if (f->severity == SB_ERROR && f->run_index < j->ds->runs_nr)
            j->failed[j->cell_of[f->run_index] - 1]++;
    }
}

static void add_finding(struct junit *j, const struct sb_finding *f)
{
    sb_strbuf_adds(j->out, "      <failure type=\"");
    text(j, f->code);
    sb_strbuf_adds(j->out, "\" message=\"");
    text(j, f->message);
    sb_strbuf_adds(j->out, "\">");
    text(j, f->source);
    if (f->line) sb_strbuf_addf(j->out, ":%u", f->line);
    sb_strbuf_adds(j->out, "</failure>\n");
}

/* Findings of one cell, in the dataset's order; one failure element holds the first, as the schema wants at
 * most one kind. */
static void add_cell_findings(struct junit *j, size_t cell)
{
    size_t nr = 0;
    for (size_t i = 0; i < j->ds->findings_nr && nr < FINDINGS_PER_CASE && nr < j->failed[cell]; i++) {
        const struct sb_finding *f = &j->ds->findings[i];
        if (f->severity != SB_ERROR || f->run_index >= j->ds->runs_nr || j->cell_of[f->run_index] != cell + 1)
            continue;
        add_finding(j, f);
        nr++;
    }
}

/* Error findings about files or the whole design belong to no cell. */
static size_t errors_without_cell(const struct junit *j)
{
    size_t nr = 0;
    for (size_t i = 0; i < j->ds->findings_nr; i++)
        nr += j->ds->findings[i].severity == SB_ERROR && j->ds->findings[i].run_index >= j->ds->runs_nr;
    return nr;
}

static void add_audit(struct junit *j)
{
    size_t failures = 0, loose = errors_without_cell(j);
    for (size_t c = 0; c < j->view.cells_nr; c++)
        failures += j->failed[c] > 0;
    sb_strbuf_addf(j->out,
                   "  <testsuite name=\"audit\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\">\n",
                   j->view.cells_nr + loose, failures + loose);
    for (size_t c = 0; c < j->view.cells_nr; c++) {
        open_case(j, "audit", sb_view_place(&j->view, &j->arena, &j->view.cells[c].labels));
        add_cell_findings(j, c);
        sb_strbuf_adds(j->out, "    </testcase>\n");
    }
    for (size_t i = 0; i < j->ds->findings_nr; i++) {
        const struct sb_finding *f = &j->ds->findings[i];
        if (f->severity != SB_ERROR || f->run_index < j->ds->runs_nr) continue;
        open_case(j, "audit", f->source ? f->source : f->code);
        add_finding(j, f);
        sb_strbuf_adds(j->out, "    </testcase>\n");
    }
    sb_strbuf_adds(j->out, "  </testsuite>\n");
}

/* ---- comparisons ---- */

static bool is_listed(const struct sb_comparison *c)
{
    return c->group.name && c->group.primary && strcmp(c->group.name, "percentile") != 0;
}

static const char *skip_reason(const struct sb_comparison *c)
{
    if (c->barred) return "not comparable: the levels ran under different accelerators";
    if (c->verdict == SB_INCONCLUSIVE)
        return "inconclusive: the data do not decide, which does not mean equal";
    return NULL;
}

static void add_comparison(struct junit *j, const struct sb_comparison *c)
{
    char buf[SB_WORDS_MAX];
    struct sb_strbuf figures = SB_STRBUF_INIT;
    const char *reason = skip_reason(c), *name = sb_arena_printf(&j->arena, "%s: %s against %s, %s",
                                                                 sb_view_place(&j->view, &j->arena, &c->rest),
                                                                 c->level, c->baseline, c->metric);
    open_case(j, "comparisons", name);
    if (reason) sb_strbuf_addf(j->out, "      <skipped message=\"%s\"/>\n", reason);
    sb_strbuf_addf(&figures, "ratio %s, ", sb_words_ratio(c->ratio, buf));
    sb_words_change_ci(&figures, c, j->view.results->settings.confidence);
    sb_strbuf_addf(&figures, ", n = %zu against %zu, %s", c->n_level, c->n_baseline, sb_words_verdict(c));
    sb_strbuf_adds(j->out, "      <system-out>");
    text(j, figures.buf);
    sb_strbuf_adds(j->out, "</system-out>\n    </testcase>\n");
    sb_strbuf_release(&figures);
}

static void add_comparisons(struct junit *j, const struct sb_results *results, const char *factor)
{
    size_t tests = 0, skipped = 0;
    if (!results || !results->comparisons_nr) return;
    for (size_t i = 0; i < results->comparisons_nr; i++) {
        tests += is_listed(&results->comparisons[i]);
        skipped += is_listed(&results->comparisons[i]) && skip_reason(&results->comparisons[i]);
    }
    sb_strbuf_addf(j->out,
                   "  <testsuite name=\"comparisons of %s\" tests=\"%zu\" failures=\"0\" errors=\"0\" "
                   "skipped=\"%zu\">\n",
                   factor, tests, skipped);
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (is_listed(&results->comparisons[i])) add_comparison(j, &results->comparisons[i]);
    sb_strbuf_adds(j->out, "  </testsuite>\n");
}

void sb_report_junit(struct sb_strbuf *out, const struct sb_report *report)
{
    struct junit j = {.out = out, .ds = report->ds};
    sb_arena_init(&j.arena);
    sb_view_init(&j.view, report);
    count_failures(&j);
    sb_strbuf_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"sbstat\">\n");
    add_audit(&j);
    add_comparisons(&j, report->platforms, "platforms");
    add_comparisons(&j, report->configs, "configurations");
    sb_strbuf_adds(out, "</testsuites>\n");
    sb_view_free(&j.view);
    sb_arena_free(&j.arena);
}
