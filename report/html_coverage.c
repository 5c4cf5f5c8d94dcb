/* The coverage matrix: every cell of the design and its repetitions. */
#include "report/html.h"

#include "core/alloc.h"
#include "report/words.h"

enum { COLUMNS_MAX = 24, CELLS_MAX = 3000 };

static int value_cmp(const void *a, const void *b)
{
    return sb_label_value_cmp("repetition", *(const char *const *)a, *(const char *const *)b);
}

struct coverage {
    const char *repetitions[COLUMNS_MAX];
    size_t columns;
    bool named; /* the columns are values of the label repetition; else positions in the cell */
};

/* Named columns need every run to have a repetition, few different ones, and none twice in a cell. */
static bool collect_names(struct sb_html *h, struct coverage *cover)
{
    const struct sb_dataset *ds = h->report->ds;
    for (size_t i = 0; i < ds->runs_nr; i++) {
        const char *name = sb_run_label(&ds->runs[i], "repetition");
        size_t k = 0;
        if (!name) return false;
        while (k < cover->columns && strcmp(cover->repetitions[k], name) != 0)
            k++;
        if (k < cover->columns) continue;
        if (cover->columns == COLUMNS_MAX) return false;
        cover->repetitions[cover->columns++] = name;
    }
    return cover->columns > 0;
}

static bool has_twice(struct sb_html *h, const struct sb_view_cell *cell)
{
    const struct sb_dataset *ds = h->report->ds;
    for (size_t i = 0; i < cell->runs_nr; i++)
        for (size_t k = 0; k < i; k++)
            if (strcmp(sb_run_label(&ds->runs[cell->runs[i]], "repetition"),
                       sb_run_label(&ds->runs[cell->runs[k]], "repetition")) == 0)
                return true;
    return false;
}

static void plan_columns(struct sb_html *h, struct coverage *cover)
{
    cover->named = collect_names(h, cover);
    for (size_t c = 0; c < h->view.cells_nr && cover->named; c++)
        cover->named = h->view.cells[c].runs_nr <= COLUMNS_MAX && !has_twice(h, &h->view.cells[c]);
    if (cover->named) {
        qsort(cover->repetitions, cover->columns, sizeof *cover->repetitions, value_cmp);
        return;
    }
    cover->columns = 0;
    for (size_t c = 0; c < h->view.cells_nr; c++)
        if (h->view.cells[c].runs_nr > cover->columns) cover->columns = h->view.cells[c].runs_nr;
    if (cover->columns > COLUMNS_MAX) cover->columns = COLUMNS_MAX;
}

static size_t run_at(struct sb_html *h, const struct coverage *cover, const struct sb_view_cell *cell,
                     size_t column)
{
    if (!cover->named) return column < cell->runs_nr ? cell->runs[column] : SB_NO_RUN;
    for (size_t i = 0; i < cell->runs_nr; i++)
        if (strcmp(sb_run_label(&h->report->ds->runs[cell->runs[i]], "repetition"),
                   cover->repetitions[column]) == 0)
            return cell->runs[i];
    return SB_NO_RUN;
}

struct mark {
    const char *class, *sign, *word;
};

static struct mark mark_of(const struct sb_run *run)
{
    if (!run) return (struct mark){"c-absent", "\xc2\xb7", "absent"};
    if (run->suspect) return (struct mark){"c-suspect", "!", "doubtful"};
    if (run->status == SB_FAILED) return (struct mark){"c-failed", "\xc3\x97", "failed"};
    if (run->status == SB_PARTIAL) return (struct mark){"c-partial", "\xe2\x97\x90", "partial"};
    return (struct mark){"c-used", "\xe2\x97\x8f", "complete"};
}

static void add_mark(struct sb_html *h, size_t run_index)
{
    const struct sb_run *run = run_index == SB_NO_RUN ? NULL : &h->report->ds->runs[run_index];
    struct mark mark = mark_of(run);
    bool linked = run && h->has_excerpt[run_index];
    sb_html_putf(h, "<td class=\"%s\">", mark.class);
    if (linked) {
        sb_html_putf(h, "<a href=\"#r%zu\" title=\"%s: ", run_index, mark.word);
        sb_html_text(h, run->source);
        sb_html_put(h, "\">");
    }
    sb_html_putf(h, "<span aria-hidden=\"true\">%s</span><span class=\"sr\">%s</span>%s</td>", mark.sign,
                 mark.word, linked ? "</a>" : "");
}

static void add_row(struct sb_html *h, const struct coverage *cover, const struct sb_view_cell *cell)
{
    char buf[SB_WORDS_MAX];
    sb_html_put(h, "<tr>");
    sb_html_cell(h, "th scope=\"row\"", sb_view_place(&h->view, &h->arena, &cell->labels));
    for (size_t k = 0; k < cover->columns; k++)
        add_mark(h, run_at(h, cover, cell, k));
    sb_html_number(h, (double)cell->used, sb_words_count(cell->used, buf));
    sb_html_number(h, (double)cell->runs_nr, sb_words_count(cell->runs_nr, buf));
    sb_html_put(h, "</tr>\n");
}

void sb_html_coverage(struct sb_html *h)
{
    struct coverage cover = {.columns = 0};
    size_t shown = 0, start = h->out->len;
    char buf[SB_WORDS_MAX];
    if (!h->view.cells_nr) return;
    plan_columns(h, &cover);
    sb_html_put(h, "<h3 id=\"coverage\">Coverage</h3>\n");
    sb_html_open_table(h, "t-coverage", "data coverage", "Coverage of the design");
    sb_html_putf(h,
                 "<caption><span>Every cell and its %s: <span class=\"c-used\">\xe2\x97\x8f</span> complete, "
                 "<span class=\"c-partial\">"
                 "\xe2\x97\x90</span> partial, <span class=\"c-suspect\">!</span> doubtful, <span "
                 "class=\"c-failed\">\xc3\x97</span> "
                 "failed, \xc2\xb7 absent.</span></caption>\n<thead><tr><th scope=\"col\">Cell</th>",
                 cover.named ? "repetitions" : "runs, in the order read");
    for (size_t k = 0; k < cover.columns; k++)
        sb_html_cell(h, "th scope=\"col\"", cover.named ? cover.repetitions[k] : sb_words_count(k + 1, buf));
    sb_html_put(h, "<th scope=\"col\" class=\"num\">Used</th><th scope=\"col\" "
                   "class=\"num\">Runs</th></tr></thead>\n<tbody>\n");
    for (; shown < h->view.cells_nr && shown < CELLS_MAX && h->out->len - start < SB_HTML_QUALITY_MAX / 2;
         shown++)
        add_row(h, &cover, &h->view.cells[shown]);
    sb_html_put(h, "</tbody>");
    sb_html_close_table(h);
    if (shown < h->view.cells_nr)
        sb_html_putf(h, "<p class=\"quiet\">and %zu further cells.</p>\n", h->view.cells_nr - shown);
}
