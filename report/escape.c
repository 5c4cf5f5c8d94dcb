#include "report/escape.h"

#include <stdint.h>
#include "core/alloc.h"
#include "core/text.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */

/* What each ASCII character becomes in a format; NULL: itself. */
struct escapes {
    const char *to[128];
};

static const struct escapes html = {
    .to = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"}};

/* What may begin markup anywhere; what does so only in some places is left to needs_escape(). */
static const struct escapes markdown = {.to = {['&'] = "&amp;",
                                               ['<'] = "&lt;",
                                               ['>'] = "&gt;",
                                               ['|'] = "&#124;",
                                               ['\\'] = "\\\\",
                                               ['`'] = "\\`",
                                               ['*'] = "\\*",
                                               ['['] = "\\[",
                                               [']'] = "\\]",
                                               ['~'] = "\\~",
                                               ['$'] = "&#36;",
                                               ['@'] = "&#64;"}};

static const struct escapes latex = {.to = {['\\'] = "\\textbackslash{}",
                                            ['{'] = "\\{",
                                            ['}'] = "\\}",
                                            ['$'] = "\\$",
                                            ['&'] = "\\&",
                                            ['#'] = "\\#",
                                            ['%'] = "\\%",
                                            ['_'] = "\\_",
                                            ['^'] = "\\textasciicircum{}",
                                            ['~'] = "\\textasciitilde{}",
                                            ['<'] = "\\textless{}",
                                            ['>'] = "\\textgreater{}",
                                            ['|'] = "\\textbar{}",
                                            ['"'] = "\\textquotedbl{}",
                                            ['`'] = "\\textasciigrave{}",
                                            ['\''] = "\\textquotesingle{}",
                                            ['-'] = "-{}",
                                            ['?'] = "?{}",
                                            ['!'] = "!{}",
                                            [','] = ",{}",
                                            ['['] = "{[}",
                                            [']'] = "{]}"}};

static const struct escapes openmetrics = {.to = {['\\'] = "\\\\", ['"'] = "\\\""}};

static const struct escapes benchstat = {
    .to = {[' '] = "%20", ['%'] = "%25", ['/'] = "%2F", ['='] = "%3D", ['"'] = "%22", ['*'] = "%2A"}};

/* Characters that change how their neighbours are shown, and code points that are no characters. */
static bool is_deceptive(unsigned cp)
{
    static const struct {
        unsigned first, last;
    } ranges[] = {{0x61c, 0x61c},   {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},
                  {0xfdd0, 0xfdef}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(ranges); i++)
        if (cp >= ranges[i].first && cp <= ranges[i].last) return true;
    return (cp & 0xfffe) == 0xfffe;
}

/* One step of each format: how a character above ASCII is written. */
typedef void wide_fn(struct sb_strbuf *out, const char *bytes, size_t len, unsigned cp);

static void wide_as_is(struct sb_strbuf *out, const char *bytes, size_t len, unsigned cp)
{
    (void)cp;
    sb_strbuf_add(out, bytes, len);
}

/* Characters of our own words that pdflatex needs by name. */
static const char *latex_name(unsigned cp)
{
    static const struct {
        unsigned cp;
        const char *name;
    } names[] = {{0xa0, "~"},
                 {0xb1, "\\ensuremath{\\pm}"},
                 {0xd7, "\\ensuremath{\\times}"},
                 {0x2013, "\\textendash{}"},
                 {0x2014, "\\textemdash{}"},
                 {0x2026, "\\ldots{}"},
                 {0x2212, "\\ensuremath{-}"}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++)
        if (names[i].cp == cp) return names[i].name;
    return NULL;
}

static void wide_latex(struct sb_strbuf *out, const char *bytes, size_t len, unsigned cp)
{
    const char *name = latex_name(cp);
    if (name)
        sb_strbuf_adds(out, name);
    else if (cp >= 0xc0 && cp <= 0xff) /* accented letters, which T1 has */
        sb_strbuf_add(out, bytes, len);
    else
        sb_strbuf_addf(out, "\\sbunicode{U+%04X}", cp);
}

static void wide_percent(struct sb_strbuf *out, const char *bytes, size_t len, unsigned cp)
{
    (void)cp;
    for (size_t i = 0; i < len; i++)
        sb_strbuf_addf(out, "%%%02X", (unsigned char)bytes[i]);
}

static void map_visible(struct sb_strbuf *out, const char *text, size_t len, const struct escapes *escapes,
                        wide_fn *wide)
{
    for (size_t i = 0; i < len;) {
        unsigned cp = 0;
        size_t n = sb_utf8_decode(text + i, len - i, &cp);
        if (!n || is_deceptive(cp)) {
            wide(out, REPLACEMENT, 3, 0xfffd);
            i += n ? n : 1;
        } else if (cp < 128) {
            if (escapes && escapes->to[cp])
                sb_strbuf_adds(out, escapes->to[cp]);
            else
                sb_strbuf_addc(out, text[i]);
            i++;
        } else {
            wide(out, text + i, n, cp);
            i += n;
        }
    }
}

static void map(struct sb_strbuf *out, const char *text, size_t len, bool keep_tabs,
                const struct escapes *escapes, wide_fn *wide)
{
    struct sb_strbuf visible = SB_STRBUF_INIT;
    sb_text_visible(&visible, text, len, keep_tabs);
    map_visible(out, visible.buf, visible.len, escapes, wide);
    sb_strbuf_release(&visible);
}

static bool is_plain(const char *text, const struct escapes *escapes, size_t *len)
{
    const unsigned char *s = (const unsigned char *)text;
    for (*len = 0; s[*len]; ++*len)
        if (s[*len] < 0x20 || s[*len] >= 0x7f || (escapes && escapes->to[s[*len]])) return false;
    return true;
}

static void map_text(struct sb_strbuf *out, const char *text, const struct escapes *escapes, wide_fn *wide)
{
    size_t len;
    if (!text) return;
    if (is_plain(text, escapes, &len))
        sb_strbuf_add(out, text, len); /* nearly every text */
    else
        map(out, text, strlen(text), false, escapes, wide);
}

void sb_escape_terminal(struct sb_strbuf *out, const char *text)
{
    map_text(out, text, NULL, wide_as_is);
}

void sb_escape_html(struct sb_strbuf *out, const char *text)
{
    map_text(out, text, &html, wide_as_is);
}

void sb_escape_html_line(struct sb_strbuf *out, const char *text, size_t len)
{
    map(out, text, len, true, &html, wide_as_is);
}

void sb_escape_xml(struct sb_strbuf *out, const char *text)
{
    map_text(out, text, &html, wide_as_is);
}

void sb_escape_openmetrics(struct sb_strbuf *out, const char *text)
{
    map_text(out, text, &openmetrics, wide_as_is);
}

void sb_escape_latex(struct sb_strbuf *out, const char *text)
{
    map_text(out, text, &latex, wide_latex);
}

void sb_escape_url_path(struct sb_strbuf *out, const char *text)
{
    for (const char *s = text ? text : ""; *s; s++) {
        if (sb_is_alnum(*s) || strchr("-._~/", *s))
            sb_strbuf_addc(out, *s);
        else
            wide_percent(out, s, 1, 0);
    }
}

/* Markup that depends on the neighbours: headings, lists, rules and underlines at the start; emphasis by
 * underscores at the edge of a word; automatic links and emoji names. `s` is the text, i the place in it. */
static bool needs_escape(const char *s, size_t i)
{
    char c = s[i], next = s[i + 1];
    switch (c) {
    case '#':
    case '+':
    case '-':
    case '=':
    case ' ': return i == 0;
    case '_': return i == 0 || !sb_is_alnum(s[i - 1]) || !sb_is_alnum(next);
    case ':': return next && next != ' ';
    case '.':
        if (i >= 3 && sb_ascii_lower(s[i - 1]) == 'w' && sb_ascii_lower(s[i - 2]) == 'w') return true;
        return i > 0 && (next == ' ' || !next) && strspn(s, "0123456789") == i;
    case ')': return i > 0 && (next == ' ' || !next) && strspn(s, "0123456789") == i;
    default: return false;
    }
}

void sb_escape_markdown(struct sb_strbuf *out, const char *text)
{
    struct sb_strbuf escaped = SB_STRBUF_INIT;
    map_text(&escaped, text, &markdown, wide_as_is);
    for (size_t i = 0; i < escaped.len; i++) {
        if (needs_escape(escaped.buf, i))
            sb_strbuf_addf(out, "&#%d;", escaped.buf[i]);
        else
            sb_strbuf_addc(out, escaped.buf[i]);
    }
    sb_strbuf_release(&escaped);
}

void sb_escape_benchstat(struct sb_strbuf *out, const char *text)
{
    size_t start = out->len;
    map_text(out, text, &benchstat, wide_as_is);
    size_t digits = out->len;
    while (digits > start && sb_is_digit(out->buf[digits - 1]))
        digits--;
    if (digits == out->len || digits == start || out->buf[digits - 1] != '-') return;
    char *tail = sb_xstrdup(out->buf + digits);
    out->len = digits - 1;
    out->buf[out->len] = '\0';
    sb_strbuf_adds(out, "%2D");
    sb_strbuf_adds(out, tail);
    free(tail);
}
