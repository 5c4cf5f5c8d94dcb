#include "parsers/lines.h"

#include "core/text.h"
#include "parsers/terminal.h"
#include "parsers/unwrap.h"

/* A line that its logger cut into pieces, until the last piece comes. */
struct joined {
    struct sb_strbuf text;
    uint32_t number;
    bool open;
};

struct reader {
    sb_line_fn *fn;
    void *context;
    uint32_t number;
    struct sb_strbuf unwrapped, visible;
    struct joined streams[SB_STREAMS];
};

/* A code fence that stands behind the last word of a line is a line of its own. */
static size_t without_fence(struct sb_slice line)
{
    size_t len = line.len;
    while (len && line.s[len - 1] == '`')
        len--;
    if (line.len - len < 3) return line.len;
    struct sb_slice before = sb_slice_trim((struct sb_slice){line.s, len});
    return before.len ? len : line.len;
}

static void emit(struct reader *r, struct sb_slice line, uint32_t number)
{
    struct sb_slice visible = sb_terminal_line(line, &r->visible);
    size_t len = without_fence(visible);
    r->fn(r->context, visible.s, len, number);
    if (len < visible.len) r->fn(r->context, visible.s + len, visible.len - len, number);
}

/* Text that may hold several lines. */
static void emit_text(struct reader *r, struct sb_slice text, uint32_t number)
{
    for (size_t at = 0; at <= text.len;) {
        const char *newline = at < text.len ? memchr(text.s + at, '\n', text.len - at) : NULL;
        size_t end = newline ? (size_t)(newline - text.s) : text.len;
        emit(r, (struct sb_slice){text.s + at, end - at}, number);
        at = end + 1;
    }
}

static void flush(struct reader *r, struct joined *j)
{
    if (!j->open) return;
    j->open = false;
    emit_text(r, (struct sb_slice){j->text.buf, j->text.len}, j->number);
    sb_strbuf_clear(&j->text);
}

static void take_physical_line(struct reader *r, struct sb_slice line)
{
    struct sb_unwrapped u;
    sb_unwrap_line(line, &r->unwrapped, &u);
    struct joined *j = &r->streams[u.stream];
    if (!u.partial && !j->open) {
        emit_text(r, u.text, r->number);
        return;
    }
    if (!j->open) j->number = r->number;
    j->open = true;
    sb_strbuf_add(&j->text, u.text.s, u.text.len);
    if (!u.partial) flush(r, j);
}

/* A file without a single newline may end its lines as old Macintoshes did. */
static char line_end(const char *text, size_t len)
{
    return !memchr(text, '\n', len) && memchr(text, '\r', len) ? '\r' : '\n';
}

void sb_lines_each(const char *text, size_t len, sb_line_fn *fn, void *context)
{
    struct reader r = {.fn = fn, .context = context};
    char stop_byte = line_end(text, len);
    sb_strbuf_init(&r.unwrapped);
    sb_strbuf_init(&r.visible);
    for (size_t i = 0; i < SB_STREAMS; i++)
        sb_strbuf_init(&r.streams[i].text);
    for (size_t at = 0; at < len;) {
        const char *newline = memchr(text + at, stop_byte, len - at);
        size_t end = newline ? (size_t)(newline - text) : len, stop = end;
        while (stop > at && text[stop - 1] == '\r')
            stop--;
        if (r.number < UINT32_MAX) r.number++;
        take_physical_line(&r, (struct sb_slice){text + at, stop - at});
        at = end + 1;
    }
    for (size_t i = 0; i < SB_STREAMS; i++) {
        flush(&r, &r.streams[i]);
        sb_strbuf_release(&r.streams[i].text);
    }
    sb_strbuf_release(&r.unwrapped);
    sb_strbuf_release(&r.visible);
}
