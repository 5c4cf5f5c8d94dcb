/* Any table for the terminal and for Markdown: the same cells, two frames. */
#include "report/report.h"

#include <stdint.h>
#include "core/alloc.h"
#include "io/number.h"
#include "report/columns.h"
#include "report/escape.h"

enum { GAP = 2, NARROWEST = 8, DIGITS = 6 };

static bool is_number(const struct sb_cell *cell)
{
    return cell->kind == SB_CELL_NUMBER || cell->kind == SB_CELL_COUNT || cell->kind == SB_CELL_FIGURE;
}

static void add_plain(struct sb_strbuf *out, const struct sb_cell *cell)
{
    char number[64];
    switch (cell->kind) {
    case SB_CELL_MISSING: break;
    case SB_CELL_TEXT:
    case SB_CELL_FIGURE: sb_strbuf_adds(out, cell->text); break;
    case SB_CELL_NUMBER:
        sb_number_pretty(cell->number, DIGITS, number, sizeof number);
        sb_strbuf_adds(out, number);
        break;
    case SB_CELL_COUNT: sb_strbuf_addf(out, "%llu", cell->count); break;
    case SB_CELL_CODES:
        for (size_t i = 0; i < cell->codes.nr; i++)
            sb_strbuf_addf(out, "%s%s", i ? ";" : "", cell->codes.v[i]);
        break;
    }
}

/* The cell's text, safe for the terminal; valid until the next call with the same buffer. */
static const char *cell_text(struct sb_strbuf *buf, const struct sb_cell *cell)
{
    struct sb_strbuf plain = SB_STRBUF_INIT;
    sb_strbuf_clear(buf);
    add_plain(&plain, cell);
    sb_escape_terminal(buf, plain.buf);
    sb_strbuf_release(&plain);
    return buf->buf;
}

struct layout {
    const struct sb_table *table;
    size_t *widths; /* 0: the column is empty in every row and left out */
    bool *right;
    struct sb_strbuf buf;
};

static void measure_column(struct layout *l, size_t c)
{
    const struct sb_table *t = l->table;
    bool numbers = false, texts = false;
    for (size_t r = 0; r < t->rows_nr; r++) {
        const struct sb_cell *cell = &t->cells[r * t->columns_nr + c];
        size_t width = sb_columns_width(cell_text(&l->buf, cell));
        if (width > l->widths[c]) l->widths[c] = width;
        numbers = numbers || is_number(cell);
        texts = texts || (width && !is_number(cell));
    }
    size_t heading = sb_columns_width(t->columns[c]);
    if (l->widths[c] && heading > l->widths[c]) l->widths[c] = heading;
    l->right[c] = numbers && !texts;
}

static size_t total_width(const struct layout *l)
{
    size_t total = 0;
    for (size_t c = 0; c < l->table->columns_nr; c++)
        if (l->widths[c]) total += l->widths[c] + (total ? GAP : 0);
    return total;
}

/* Takes cells from the widest text column until the table fits; numbers are never cut. */
static bool shrink(struct layout *l, size_t width)
{
    while (total_width(l) > width) {
        size_t widest = SIZE_MAX;
        for (size_t c = 0; c < l->table->columns_nr; c++)
            if (!l->right[c] && l->widths[c] > NARROWEST &&
                (widest == SIZE_MAX || l->widths[c] > l->widths[widest]))
                widest = c;
        if (widest == SIZE_MAX) return false;
        l->widths[widest]--;
    }
    return true;
}

static void add_line(struct sb_strbuf *out, struct layout *l, size_t row, bool heading)
{
    const struct sb_table *t = l->table;
    bool first = true;
    for (size_t c = 0; c < t->columns_nr; c++) {
        if (!l->widths[c]) continue;
        if (!first) sb_strbuf_adds(out, "  ");
        first = false;
        if (heading) {
            sb_strbuf_clear(&l->buf);
            sb_escape_terminal(&l->buf, t->columns[c]);
        } else {
            cell_text(&l->buf, &t->cells[row * t->columns_nr + c]);
        }
        sb_columns_pad(out, l->buf.buf, l->widths[c], l->right[c]);
    }
    while (out->len && out->buf[out->len - 1] == ' ')
        out->len--;
    out->buf[out->len] = '\0';
    sb_strbuf_addc(out, '\n');
}

static void add_rule(struct sb_strbuf *out, const struct layout *l)
{
    bool first = true;
    for (size_t c = 0; c < l->table->columns_nr; c++) {
        if (!l->widths[c]) continue;
        if (!first) sb_strbuf_adds(out, "  ");
        first = false;
        for (size_t i = 0; i < l->widths[c]; i++)
            sb_strbuf_addc(out, '-');
    }
    sb_strbuf_addc(out, '\n');
}

/* A table that cannot be made narrow enough: one block per row, one line per value. */
static void add_records(struct sb_strbuf *out, struct layout *l, size_t width)
{
    const struct sb_table *t = l->table;
    size_t names = 0;
    for (size_t c = 0; c < t->columns_nr; c++)
        if (l->widths[c] && sb_columns_width(t->columns[c]) > names) names = sb_columns_width(t->columns[c]);
    if (names + NARROWEST > width) names = width > NARROWEST ? width - NARROWEST : 1;
    for (size_t r = 0; r < t->rows_nr; r++) {
        if (r) sb_strbuf_addc(out, '\n');
        for (size_t c = 0; c < t->columns_nr; c++) {
            const char *text = cell_text(&l->buf, &t->cells[r * t->columns_nr + c]);
            if (!*text) continue;
            struct sb_strbuf name = SB_STRBUF_INIT;
            sb_escape_terminal(&name, t->columns[c]);
            sb_columns_pad(out, name.buf, names, false);
            sb_strbuf_release(&name);
            sb_strbuf_adds(out, "  ");
            sb_columns_cut(out, text, width > names + GAP ? width - names - GAP : 1);
            sb_strbuf_addc(out, '\n');
        }
    }
}

void sb_table_write_text(struct sb_strbuf *out, const struct sb_table *table,
                         const struct sb_text_style *style)
{
    struct layout l = {.table = table, .buf = SB_STRBUF_INIT};
    l.widths = sb_xcalloc(table->columns_nr + 1, sizeof *l.widths);
    l.right = sb_xcalloc(table->columns_nr + 1, sizeof *l.right);
    for (size_t c = 0; c < table->columns_nr; c++)
        measure_column(&l, c);
    if (style && style->width > 0 && !shrink(&l, (size_t)style->width)) {
        add_records(out, &l, (size_t)style->width);
    } else if (table->rows_nr) {
        add_line(out, &l, 0, true);
        add_rule(out, &l);
        for (size_t r = 0; r < table->rows_nr; r++)
            add_line(out, &l, r, false);
    }
    sb_strbuf_release(&l.buf);
    free(l.widths);
    free(l.right);
}

static void add_markdown_row(struct sb_strbuf *out, const struct layout *l, size_t row)
{
    struct sb_strbuf plain = SB_STRBUF_INIT;
    for (size_t c = 0; c < l->table->columns_nr; c++) {
        sb_strbuf_clear(&plain);
        add_plain(&plain, &l->table->cells[row * l->table->columns_nr + c]);
        sb_strbuf_adds(out, "| ");
        sb_escape_markdown(out, plain.buf);
        sb_strbuf_addc(out, ' ');
    }
    sb_strbuf_adds(out, "|\n");
    sb_strbuf_release(&plain);
}

void sb_table_write_markdown(struct sb_strbuf *out, const struct sb_table *table)
{
    struct layout l = {.table = table, .buf = SB_STRBUF_INIT};
    l.widths = sb_xcalloc(table->columns_nr + 1, sizeof *l.widths);
    l.right = sb_xcalloc(table->columns_nr + 1, sizeof *l.right);
    for (size_t c = 0; c < table->columns_nr; c++) {
        measure_column(&l, c);
        sb_strbuf_adds(out, "| ");
        sb_escape_markdown(out, table->columns[c]);
        sb_strbuf_addc(out, ' ');
    }
    sb_strbuf_adds(out, "|\n");
    for (size_t c = 0; c < table->columns_nr; c++)
        sb_strbuf_adds(out, l.right[c] ? "| ---: " : "| --- ");
    sb_strbuf_adds(out, "|\n");
    for (size_t r = 0; r < table->rows_nr; r++)
        add_markdown_row(out, &l, r);
    sb_strbuf_release(&l.buf);
    free(l.widths);
    free(l.right);
}
