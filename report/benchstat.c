/*
 * Go's benchmark format (golang.org/design/14313-benchmark-format, golang.org/x/perf/benchfmt):
 *
 *   Unit events_per_second better=higher
 *   platform: raw
 *   config: c1g1
 *   BenchmarkCpu 1 1204.1 events_per_second 0.83 latency_avg
 */
#include "report/report.h"

#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"
#include "report/escape.h"
#include "report/view.h"

static int metric_cmp(const void *pa, const void *pb)
{
    const char *a = *(const char *const *)pa, *b = *(const char *const *)pb;
    size_t ra = sb_metric_rank(a), rb = sb_metric_rank(b);
    return ra != rb ? (ra < rb ? -1 : 1) : strcmp(a, b);
}

/* One Unit line for each metric that has a direction. */
static void add_units(struct sb_strbuf *out, const struct sb_results *results)
{
    size_t nr = 0, alloc = 0;
    const char **names = NULL;
    for (size_t i = 0; i < results->summaries_nr; i++) {
        size_t k = 0;
        while (k < nr && strcmp(names[k], results->summaries[i].metric) != 0)
            k++;
        if (k < nr || results->summaries[i].better == SB_BETTER_NONE) continue;
        SB_ALLOC_GROW(names, nr + 1, alloc);
        names[nr++] = results->summaries[i].metric;
    }
    if (nr) qsort(names, nr, sizeof *names, metric_cmp);
    for (size_t i = 0; i < nr; i++) {
        sb_strbuf_adds(out, "Unit ");
        sb_escape_benchstat(out, names[i]);
        sb_strbuf_addf(out, " better=%s\n", sb_better_text(sb_metric_better(names[i], true)));
    }
    free(names);
}

/* A key starts with a lower-case letter and has no blank, upper-case letter or colon. */
static void add_key(struct sb_strbuf *out, const char *name)
{
    if (*name < 'a' || *name > 'z') sb_strbuf_adds(out, "label-");
    for (const char *s = name; *s; s++)
        sb_strbuf_addc(out, sb_is_alnum(*s) || *s == '_' ? sb_ascii_lower(*s) : '-');
}

static void add_keys(struct sb_strbuf *out, const struct sb_labels *cell, const struct sb_labels *before)
{
    for (size_t i = 0; before && i < before->nr; i++)
        if (!sb_labels_get(cell, before->v[i].name) && strcmp(before->v[i].name, "test") != 0) {
            add_key(out, before->v[i].name);
            sb_strbuf_adds(out, ":\n"); /* an empty value removes the key */
        }
    for (size_t i = 0; i < cell->nr; i++) {
        const char *old = before ? sb_labels_get(before, cell->v[i].name) : NULL;
        if (strcmp(cell->v[i].name, "test") == 0 || sb_streq(old, cell->v[i].value)) continue;
        add_key(out, cell->v[i].name);
        sb_strbuf_adds(out, ": ");
        sb_escape_terminal(out, cell->v[i].value);
        sb_strbuf_addc(out, '\n');
    }
}

static void add_name(struct sb_strbuf *out, const struct sb_run *run)
{
    const char *test = sb_run_label(run, "test");
    if (!test || !*test) test = *run->kind ? run->kind : "run";
    sb_strbuf_adds(out, "Benchmark");
    size_t first = out->len;
    sb_escape_benchstat(out, test);
    char c = out->buf[first]; /* a name may not go on with a lower-case letter */
    if (c >= 'a' && c <= 'z') out->buf[first] = (char)(c - 'a' + 'A');
}

static void add_run(struct sb_strbuf *out, const struct sb_run *run)
{
    char number[SB_NUMBER_MAX];
    size_t start = out->len;
    add_name(out, run);
    sb_strbuf_adds(out, " 1");
    size_t bare = out->len;
    for (size_t i = 0; i < run->values_nr; i++) {
        if (!sb_number_format(run->values[i].value, number)) continue;
        sb_strbuf_addf(out, " %s ", number);
        sb_escape_benchstat(out, run->values[i].metric);
    }
    if (out->len == bare) { /* no figure, no line */
        out->len = start;
        out->buf[start] = '\0';
        return;
    }
    sb_strbuf_addc(out, '\n');
}

void sb_report_benchstat(struct sb_strbuf *out, const struct sb_report *report)
{
    struct sb_view view;
    const struct sb_labels *before = NULL;
    sb_view_init(&view, report);
    add_units(out, view.results);
    for (size_t c = 0; c < view.cells_nr; c++) {
        const struct sb_view_cell *cell = &view.cells[c];
        if (!cell->used && !view.results->settings.include_suspect) continue;
        add_keys(out, &cell->labels, before);
        before = &cell->labels;
        for (size_t i = 0; i < cell->runs_nr; i++) {
            const struct sb_run *run = &report->ds->runs[cell->runs[i]];
            if (!run->suspect || view.results->settings.include_suspect) add_run(out, run);
        }
    }
    sb_view_free(&view);
}
