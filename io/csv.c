#include "io/csv.h"

#include <csv.h>
#include <math.h>
#include "core/alloc.h"
#include "core/arena.h"
#include "core/text.h"
#include "io/number.h"

struct reader {
    const char *name;
    struct sb_arena header; /* owns the column names */
    const char **names;
    size_t names_nr, names_alloc;
    struct sb_strbuf data; /* the row's fields, each with a NUL behind it */
    size_t *offsets;
    size_t nr, alloc;
    const char **fields;
    size_t fields_alloc;
    size_t line, row_line; /* of the byte being read; of the row's start */
    sb_csv_row_fn *fn;
    void *context;
    struct sb_err *err;
    bool failed;
};

const char *sb_csv_get(const struct sb_csv_row *row, const char *name)
{
    for (size_t i = 0; i < row->nr; i++)
        if (strcmp(row->names[i], name) == 0) return row->fields[i];
    return NULL;
}

static void on_field(void *field, size_t len, void *data)
{
    struct reader *r = data;
    SB_ALLOC_GROW(r->offsets, r->nr + 1, r->alloc);
    r->offsets[r->nr++] = r->data.len;
    for (size_t i = 0; i < len; i++) /* a NUL would cut the field silently */
        if (!((const char *)field)[i] && !r->failed)
            r->failed = !sb_fail(r->err, SB_ERR_FORMAT, "%s:%zu: a NUL byte in field %zu", r->name,
                                 r->row_line, r->nr);
    sb_strbuf_add(&r->data, field, len);
    sb_strbuf_addc(&r->data, '\0');
}

static void take_header(struct reader *r)
{
    for (size_t i = 0; i < r->nr; i++) {
        const char *name = sb_arena_strdup(&r->header, r->fields[i]);
        for (size_t j = 0; j < r->names_nr && !r->failed; j++)
            if (strcmp(r->names[j], name) == 0)
                r->failed = !sb_fail(r->err, SB_ERR_FORMAT, "%s:%zu: the column name \"%s\" stands twice",
                                     r->name, r->row_line, name);
        SB_ALLOC_GROW(r->names, r->names_nr + 1, r->names_alloc);
        r->names[r->names_nr++] = name;
    }
}

static void on_row(int terminator, void *data)
{
    struct reader *r = data;
    bool blank = r->nr == 0 || (r->nr == 1 && r->data.len == 1);
    SB_ALLOC_GROW(r->fields, r->nr, r->fields_alloc);
    for (size_t i = 0; i < r->nr; i++)
        r->fields[i] = r->data.buf + r->offsets[i];
    if (r->failed || blank) {
        /* nothing to hand over */
    } else if (!r->names) {
        take_header(r);
    } else if (r->nr != r->names_nr) {
        r->failed = !sb_fail(r->err, SB_ERR_FORMAT, "%s:%zu: %zu fields where the header has %zu columns",
                             r->name, r->row_line, r->nr, r->names_nr);
    } else {
        struct sb_csv_row row = {r->names, r->fields, r->nr, r->row_line};
        r->failed = !r->fn(r->context, &row, r->err);
    }
    (void)terminator;
    r->nr = 0;
    sb_strbuf_clear(&r->data);
    r->row_line = r->line + 1;
}

static int no_space(unsigned char c)
{
    (void)c;
    return 0; /* blanks belong to the field (RFC 4180) */
}

/* One line at a time, so that the row callbacks know on which line they are. */
static bool feed(struct reader *r, struct csv_parser *parser, const char *text, size_t len)
{
    while (len && !r->failed) {
        const char *newline = memchr(text, '\n', len);
        size_t n = newline ? (size_t)(newline - text) + 1 : len;
        if (csv_parse(parser, text, n, on_field, on_row, r) != n)
            return r->failed || sb_fail(r->err, SB_ERR_FORMAT, "%s:%zu: malformed CSV: %s", r->name, r->line,
                                        csv_strerror(csv_error(parser)));
        text += n;
        len -= n;
        if (newline) r->line++;
        if (!r->nr && !parser->entry_pos && !parser->quoted) r->row_line = r->line;
    }
    return true;
}

bool sb_csv_read(const char *name, const char *text, size_t len, sb_csv_row_fn *fn, void *context,
                 struct sb_err *err)
{
    struct csv_parser parser;
    struct reader r = {.name = name,
                       .data = SB_STRBUF_INIT,
                       .line = 1,
                       .row_line = 1,
                       .fn = fn,
                       .context = context,
                       .err = err};
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return sb_fail(err, SB_ERR_INTERNAL, "%s: cannot start the CSV reader", name);
    csv_set_space_func(&parser, no_space);
    sb_arena_init(&r.header);
    bool ok = feed(&r, &parser, text, len);
    if (ok && !r.failed && csv_fini(&parser, on_field, on_row, &r) != 0)
        ok = sb_fail(err, SB_ERR_FORMAT, "%s:%zu: malformed CSV: %s in the row that starts here", name,
                     r.row_line, csv_strerror(csv_error(&parser)));
    csv_free(&parser);
    sb_strbuf_release(&r.data);
    sb_arena_free(&r.header);
    free(r.names);
    free(r.offsets);
    free(r.fields);
    return ok && !r.failed;
}

static bool needs_quotes(const char *text, size_t len)
{
    if (!len) return false;
    return strpbrk(text, ",\"\r\n") || sb_is_space(text[0]) || sb_is_space(text[len - 1]);
}

/* Characters with which a spreadsheet starts a formula. */
static bool starts_formula(const char *text)
{
    const char *p = text;
    while (*p == '\'')
        p++;
    return *p && strchr("=+-@\t\r", *p);
}

static void raw_field(struct sb_strbuf *out, bool *first, const char *text, size_t len)
{
    if (!*first) sb_strbuf_addc(out, ',');
    *first = false;
    if (!needs_quotes(text, len)) {
        sb_strbuf_add(out, text, len);
        return;
    }
    size_t need = csv_write(NULL, 0, text, len);
    sb_strbuf_reserve(out, need);
    csv_write(out->buf + out->len, need, text, len);
    out->len += need;
    out->buf[out->len] = '\0';
}

void sb_csv_field(struct sb_strbuf *out, bool *first, const char *text)
{
    struct sb_strbuf safe = SB_STRBUF_INIT;
    if (starts_formula(text)) sb_strbuf_addc(&safe, '\'');
    sb_text_visible(&safe, text, strlen(text), true);
    raw_field(out, first, safe.buf, safe.len);
    sb_strbuf_release(&safe);
}

const char *sb_csv_unescape(const char *field)
{
    return field[0] == '\'' && starts_formula(field) ? field + 1 : field;
}

void sb_csv_number(struct sb_strbuf *out, bool *first, double value)
{
    char buf[SB_NUMBER_MAX];
    size_t len = sb_number_format(value, buf);
    raw_field(out, first, buf, len);
}

void sb_csv_count(struct sb_strbuf *out, bool *first, unsigned long long value)
{
    char buf[24];
    int len = snprintf(buf, sizeof buf, "%llu", value);
    raw_field(out, first, buf, (size_t)len);
}

void sb_csv_end_row(struct sb_strbuf *out, bool *first)
{
    sb_strbuf_addc(out, '\n');
    *first = true;
}
