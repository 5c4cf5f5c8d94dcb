#include "parsers/terminal.h"

#include "core/text.h"

enum { ESC = 0x1b, BEL = 0x07 };

/* OSC, DCS and the like: up to BEL or ESC \. */
static size_t string_sequence(const char *s, size_t len)
{
    for (size_t i = 2; i < len; i++) {
        if (s[i] == BEL) return i + 1;
        if (s[i] == ESC && i + 1 < len && s[i + 1] == '\\') return i + 2;
    }
    return len;
}

/* ESC [ parameters intermediates final; `*final` is 0 for a sequence that is cut off. */
static size_t control_sequence(const char *s, size_t len, char *final)
{
    size_t i = 2;
    while (i < len && (unsigned char)s[i] >= 0x20 && (unsigned char)s[i] < 0x40)
        i++;
    *final = i < len && (unsigned char)s[i] >= 0x40 && (unsigned char)s[i] < 0x7f ? s[i] : 0;
    return *final ? i + 1 : i;
}

/* Length of the escape sequence at s; *final as in control_sequence(), 0 for others. */
static size_t escape_sequence(const char *s, size_t len, char *final)
{
    *final = 0;
    if (len < 2) return len;
    switch (s[1]) {
    case '[': return control_sequence(s, len, final);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_': return string_sequence(s, len);
    case '(':
    case ')':
    case '#':
    case ' ': return len < 3 ? len : 3;
    default: return 2;
    }
}

static bool needs_work(struct sb_slice line)
{
    for (size_t i = 0; i < line.len; i++) {
        unsigned char c = (unsigned char)line.s[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f) return true;
        if (c == 0xc2 && i + 1 < line.len && (unsigned char)line.s[i + 1] == 0xa0) return true;
    }
    return false;
}

struct screen {
    struct sb_strbuf *out;
    size_t kept;  /* length of the last part that was not blank; `out` starts with it */
    size_t start; /* of the current part */
};

/* Back to the line's start: what was written counts unless more comes. */
static void carriage_return(struct screen *screen)
{
    struct sb_slice part = {screen->out->buf + screen->start, screen->out->len - screen->start};
    if (sb_slice_trim(part).len) {
        memmove(screen->out->buf, part.s, part.len);
        screen->kept = part.len;
    }
    screen->out->len = screen->start = screen->kept;
    screen->out->buf[screen->out->len] = '\0';
}

static void backspace(struct screen *screen)
{
    if (screen->out->len > screen->start) screen->out->buf[--screen->out->len] = '\0';
}

/* Carries out the escape sequence at s; returns its length. */
static size_t carry_out(struct screen *screen, const char *s, size_t len)
{
    char final;
    size_t n = escape_sequence(s, len, &final);
    bool to_start = (final == 'G' || final == 'H') && (n == 3 || (n == 4 && s[2] == '1'));
    if (to_start) carriage_return(screen);
    if (final == 'C') sb_strbuf_addc(screen->out, ' ');
    return n;
}

struct sb_slice sb_terminal_line(struct sb_slice line, struct sb_strbuf *store)
{
    struct screen screen = {.out = store};
    if (!needs_work(line)) return line;
    sb_strbuf_clear(store);
    for (size_t i = 0; i < line.len;) {
        unsigned char c = (unsigned char)line.s[i];
        if (c == ESC) {
            i += carry_out(&screen, line.s + i, line.len - i);
            continue;
        }
        if (c == '\r')
            carriage_return(&screen);
        else if (c == '\b' || c == 0x7f)
            backspace(&screen);
        else if (c == 0xc2 && i + 1 < line.len && (unsigned char)line.s[i + 1] == 0xa0)
            sb_strbuf_addc(store, ' '), i++;
        else if (c >= 0x20 || c == '\t')
            sb_strbuf_addc(store, (char)c);
        i++;
    }
    carriage_return(&screen);
    return (struct sb_slice){store->buf, store->len};
}
