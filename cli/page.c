#include "cli/page.h"

#include <stdarg.h>
#include "cli/emit.h"
#include "core/alloc.h"
#include "report/columns.h"
#include "report/escape.h"

void sb_page_init(struct sb_page *page)
{
    memset(page, 0, sizeof *page);
    sb_arena_init(&page->arena);
}

void sb_page_release(struct sb_page *page)
{
    for (size_t i = 0; i < page->parts_nr; i++)
        sb_table_free(&page->parts[i].table);
    free(page->lines);
    sb_arena_free(&page->arena);
}

struct sb_table *sb_page_add(struct sb_page *page, const char *title)
{
    struct sb_table *table = &page->parts[page->parts_nr].table;
    sb_table_init(table);
    page->parts[page->parts_nr++].title = title;
    return table;
}

static int mark_cmp(const void *a, const void *b)
{
    size_t x = *(const size_t *)a, y = *(const size_t *)b;
    return (x > y) - (x < y);
}

/* The number of a code's footnote, a new one at its first use: unlike sb_codes_add() this keeps the order of
 * use. */
static size_t note_number(struct sb_page *page, const char *code)
{
    struct sb_codes *notes = &page->notes;
    size_t n = 0;
    while (n < notes->nr && strcmp(notes->v[n], code) != 0)
        n++;
    if (n == notes->nr) {
        const char **grown = sb_arena_alloc(&page->arena, (notes->nr + 1) * sizeof *grown);
        if (n) memcpy(grown, notes->v, n * sizeof *grown);
        grown[notes->nr++] = code;
        notes->v = grown;
    }
    return n + 1;
}

const char *sb_page_marks(struct sb_page *page, const struct sb_codes *codes)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    size_t *marks = sb_arena_alloc(&page->arena, (codes->nr + 1) * sizeof *marks), nr = 0;
    for (size_t i = 0; i < codes->nr; i++)
        if (!sb_codes_has(&page->common, codes->v[i])) marks[nr++] = note_number(page, codes->v[i]);
    qsort(marks, nr, sizeof *marks, mark_cmp);
    for (size_t i = 0; i < nr; i++)
        sb_strbuf_addf(&text, "%s%zu", i ? "," : "", marks[i]);
    const char *result = sb_arena_strndup(&page->arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return result;
}

void sb_page_common_begin(struct sb_page *page, const struct sb_results *results)
{
    page->common.nr = 0;
    for (size_t i = 0; i < results->findings_nr; i++)
        sb_codes_add(&page->arena, &page->common, results->findings[i].code);
}

void sb_page_common_keep(struct sb_page *page, const struct sb_codes *row)
{
    size_t kept = 0;
    for (size_t i = 0; i < page->common.nr; i++)
        if (sb_codes_has(row, page->common.v[i])) page->common.v[kept++] = page->common.v[i];
    page->common.nr = kept;
}

static void add_line(struct sb_page *page, const char *line)
{
    page->lines = sb_xreallocarray(page->lines, page->lines_nr + 1, sizeof *page->lines);
    page->lines[page->lines_nr++] = line;
}

void sb_page_say(struct sb_page *page, const char *format, ...)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&text, format, args);
    va_end(args);
    add_line(page, sb_arena_strndup(&page->arena, text.buf, text.len));
    sb_strbuf_release(&text);
}

/* Not through sb_codes_has(): the notes are in the order of their marks. */
static bool is_note(const struct sb_page *page, const char *code)
{
    for (size_t i = 0; i < page->notes.nr; i++)
        if (strcmp(page->notes.v[i], code) == 0) return true;
    return false;
}

static bool is_said(const struct sb_page *page, const char *code)
{
    size_t len = strlen(code);
    for (size_t i = 0; i < page->lines_nr; i++)
        if (strncmp(page->lines[i], code, len) == 0 && page->lines[i][len] == ':') return true;
    return false;
}

void sb_page_say_findings(struct sb_page *page, const struct sb_results *results)
{
    for (size_t i = 0; i < results->findings_nr; i++) {
        const struct sb_finding *f = &results->findings[i];
        if (!is_note(page, f->code) && !is_said(page, f->code))
            sb_page_say(page, "%s: %s.", f->code, f->message);
    }
}

/* ---- output ---- */

static void add_title(struct sb_strbuf *out, const char *title, enum sb_format format, size_t index)
{
    if (index) sb_strbuf_addc(out, '\n');
    if (!title) return;
    if (format == SB_FORMAT_MARKDOWN) {
        sb_strbuf_adds(out, "### ");
        sb_escape_markdown(out, title);
    } else {
        sb_escape_terminal(out, title);
    }
    sb_strbuf_adds(out, "\n\n");
}

static void add_notes(struct sb_strbuf *out, const struct sb_codes *notes, enum sb_format format,
                      size_t width)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    char first[32], rest[32];
    for (size_t i = 0; i < notes->nr; i++) {
        sb_strbuf_clear(&text);
        sb_strbuf_addf(&text, "%s: %s", notes->v[i], sb_code_text(notes->v[i]));
        snprintf(first, sizeof first, "%s%zu%s ", format == SB_FORMAT_MARKDOWN ? "" : "[", i + 1,
                 format == SB_FORMAT_MARKDOWN ? "." : "]");
        snprintf(rest, sizeof rest, "%*s", (int)strlen(first), "");
        if (i == 0) sb_strbuf_addc(out, '\n');
        sb_columns_wrap(out, text.buf, width, first, rest);
    }
    sb_strbuf_release(&text);
}

/* Sentences may quote labels, which may hold anything. */
static void add_lines(struct sb_strbuf *out, const struct sb_page *page, enum sb_format format, size_t width)
{
    struct sb_strbuf safe = SB_STRBUF_INIT;
    for (size_t i = 0; i < page->lines_nr; i++) {
        sb_strbuf_clear(&safe);
        if (format == SB_FORMAT_MARKDOWN)
            sb_escape_markdown(&safe, page->lines[i]);
        else
            sb_escape_terminal(&safe, page->lines[i]);
        if (i == 0 || format == SB_FORMAT_MARKDOWN) sb_strbuf_addc(out, '\n');
        sb_columns_wrap(out, safe.buf, width, "", "");
    }
    sb_strbuf_release(&safe);
}

int sb_page_emit(const struct sb_page *page, enum sb_format format, const struct sb_options *o,
                 struct sb_err *err)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_text_style style = sb_text_style_for(!o->output || strcmp(o->output, "-") == 0);
    size_t width = format == SB_FORMAT_TEXT && style.width > 0 ? (size_t)style.width : 0;
    for (size_t i = 0; i < page->parts_nr; i++) {
        add_title(&out, page->parts[i].title, format, i);
        if (format == SB_FORMAT_MARKDOWN)
            sb_table_write_markdown(&out, &page->parts[i].table);
        else
            sb_table_write_text(&out, &page->parts[i].table, &style);
    }
    add_notes(&out, &page->notes, format, width);
    add_lines(&out, page, format, width);
    int status = sb_emit_bytes(&out, o, err);
    sb_strbuf_release(&out);
    if (!status && page->hidden && !o->quiet)
        fprintf(stderr, "sbstat: %zu rows of other metrics: --metric '*' shows them, csv has all\n",
                page->hidden);
    return status;
}
