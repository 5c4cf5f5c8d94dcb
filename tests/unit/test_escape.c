#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/alloc.h"
#include "core/text.h"
#include "report/escape.h"
#include "report_hostile.h"

typedef void escape_fn(struct sb_strbuf *out, const char *text);

static char *escaped(escape_fn *fn, const char *text)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    fn(&out, text);
    return sb_strbuf_detach(&out, NULL);
}

/* Well-formed UTF-8 without control characters and without characters that reorder or hide text. */
static void assert_safe(const char *out, const char *in)
{
    unsigned cp;
    for (size_t i = 0, n; out[i]; i += n) {
        n = sb_utf8_decode(out + i, strlen(out + i), &cp);
        if (!n || cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0x202a && cp <= 0x202e) ||
            (cp >= 0x2066 && cp <= 0x2069) || cp == 0x200b || cp == 0xfeff || (cp & 0xfffe) == 0xfffe)
            fail_msg("unsafe U+%04X in \"%s\" from \"%s\"", n ? cp : 0, out, in);
    }
}

static size_t unhex(const char *s)
{
    char pair[3] = {s[0], s[1], '\0'};
    return (size_t)strtoul(pair, NULL, 16);
}

/* ---- decoders: what a reader of the format gets ---- */

static const char *const entities[][2] = {
    {"&amp;", "&"}, {"&lt;", "<"},  {"&gt;", ">"},  {"&quot;", "\""}, {"&#39;", "'"}, {"&#124;", "|"},
    {"&#36;", "$"}, {"&#64;", "@"}, {"&#58;", ":"}, {"&#45;", "-"},   {"&#32;", " "}, {"&#46;", "."},
    {"&#35;", "#"}, {"&#43;", "+"}, {"&#61;", "="}, {"&#95;", "_"},   {"&#41;", ")"}};

static size_t entity(const char *s, char *c)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(entities); i++)
        if (sb_has_prefix(s, entities[i][0])) {
            *c = *entities[i][1];
            return strlen(entities[i][0]);
        }
    return 0;
}

static char *decode_html(const char *s)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    while (*s) {
        char c = *s;
        size_t n = 1;
        if (strchr("<>\"'", c)) fail_msg("raw %c in \"%s\"", c, s);
        if (c == '&' && !(n = entity(s, &c))) fail_msg("bare ampersand in \"%s\"", s);
        sb_strbuf_addc(&out, c);
        s += n;
    }
    return sb_strbuf_detach(&out, NULL);
}

static char *decode_markdown(const char *s)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    if (*s && strchr("#+-= ", *s)) fail_msg("\"%s\" begins a block", s);
    while (*s) {
        char c = *s;
        size_t n = 1;
        if (strchr("<>|`*[]~$@", c)) fail_msg("raw %c in \"%s\"", c, s);
        if (sb_has_prefix(s, "://") || sb_has_prefix(s, "www.")) fail_msg("a link in \"%s\"", s);
        if (c == '&' && !(n = entity(s, &c))) fail_msg("bare ampersand in \"%s\"", s);
        if (c == '\\' && n == 1) {
            c = s[1];
            assert_non_null(strchr("\\`*[]~", c));
            n = 2;
        }
        sb_strbuf_addc(&out, c);
        s += n;
    }
    return sb_strbuf_detach(&out, NULL);
}

static char *decode_latex(const char *s)
{
    static const char *const macros[][2] = {{"\\textbackslash{}", "\\"},
                                            {"\\textasciicircum{}", "^"},
                                            {"\\textasciitilde{}", "~"},
                                            {"\\textless{}", "<"},
                                            {"\\textgreater{}", ">"},
                                            {"\\textbar{}", "|"},
                                            {"\\ensuremath{\\pm}", "\xc2\xb1"},
                                            {"\\ensuremath{\\times}", "\xc3\x97"},
                                            {"\\textendash{}", "\xe2\x80\x93"},
                                            {"\\ldots{}", "\xe2\x80\xa6"},
                                            {"\\ensuremath{-}", "\xe2\x88\x92"},
                                            {"\\textquotedbl{}", "\""},
                                            {"\\textasciigrave{}", "`"},
                                            {"\\textquotesingle{}", "'"},
                                            {"-{}", "-"},
                                            {"?{}", "?"},
                                            {"!{}", "!"},
                                            {",{}", ","},
                                            {"{[}", "["},
                                            {"{]}", "]"},
                                            {"\\{", "{"},
                                            {"\\}", "}"},
                                            {"\\$", "$"},
                                            {"\\&", "&"},
                                            {"\\#", "#"},
                                            {"\\%", "%"},
                                            {"\\_", "_"}};
    struct sb_strbuf out = SB_STRBUF_INIT;
    while (*s) {
        size_t i = 0;
        while (i < SB_ARRAY_SIZE(macros) && !sb_has_prefix(s, macros[i][0]))
            i++;
        if (i < SB_ARRAY_SIZE(macros)) {
            sb_strbuf_adds(&out, macros[i][1]);
            s += strlen(macros[i][0]);
        } else if (sb_has_prefix(s, "\\sbunicode{U+")) {
            unsigned cp = (unsigned)strtoul(s + 13, NULL, 16);
            char utf8[5] = {0};
            size_t n = cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
            for (size_t k = n; k-- > 1; cp >>= 6)
                utf8[k] = (char)(0x80 | (cp & 0x3f));
            utf8[0] = (char)((n == 2 ? 0xc0 : n == 3 ? 0xe0 : 0xf0) | cp);
            sb_strbuf_adds(&out, utf8);
            s = strchr(s, '}') + 1;
        } else {
            if (strchr("\\{}$&#%_^~<>|\"`'[]", *s)) fail_msg("raw %c in \"%s\"", *s, s);
            sb_strbuf_addc(&out, *s++);
        }
    }
    return sb_strbuf_detach(&out, NULL);
}

static char *decode_quoted(const char *s)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    for (; *s; s++) {
        assert_int_not_equal(*s, '"');
        if (*s == '\\') s++;
        sb_strbuf_addc(&out, *s);
    }
    return sb_strbuf_detach(&out, NULL);
}

static char *decode_percent(const char *s)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    for (; *s; s++) {
        assert_null(strchr(" \t/=\"", *s));
        if (*s == '%') {
            sb_strbuf_addc(&out, (char)unhex(s + 1));
            s += 2;
        } else {
            sb_strbuf_addc(&out, *s);
        }
    }
    return sb_strbuf_detach(&out, NULL);
}

static char *decode_nothing(const char *s)
{
    return sb_xstrdup(s);
}

/* Every format gives back the same text that the terminal would show. */
static void every_format_reads_back_as_text(void **state)
{
    static const struct {
        const char *name;
        escape_fn *escape;
        char *(*decode)(const char *s);
    } formats[] = {{"html", sb_escape_html, decode_html},
                   {"xml", sb_escape_xml, decode_html},
                   {"markdown", sb_escape_markdown, decode_markdown},
                   {"latex", sb_escape_latex, decode_latex},
                   {"openmetrics", sb_escape_openmetrics, decode_quoted},
                   {"benchstat", sb_escape_benchstat, decode_percent},
                   {"terminal", sb_escape_terminal, decode_nothing}};
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        char *visible = escaped(sb_escape_terminal, hostile[i]);
        for (size_t k = 0; k < SB_ARRAY_SIZE(formats); k++) {
            char *out = escaped(formats[k].escape, hostile[i]), *back = formats[k].decode(out);
            assert_safe(out, hostile[i]);
            if (strcmp(back, visible) != 0)
                fail_msg("%s: \"%s\" reads back as \"%s\", not \"%s\"", formats[k].name, out, back, visible);
            free(out);
            free(back);
        }
        free(visible);
    }
}

static void there_are_enough_of_them(void **state)
{
    (void)state;
    assert_true(HOSTILE_NR >= 100);
}

static void assert_escaped(escape_fn *fn, const char *in, const char *expected)
{
    char *out = escaped(fn, in);
    assert_string_equal(out, expected);
    free(out);
}

static void known_answers(void **state)
{
    (void)state;
    assert_escaped(sb_escape_html, "</script>", "&lt;/script&gt;");
    assert_escaped(sb_escape_html, "\x1b[31m", "\xe2\x90\x9b[31m");
    assert_escaped(sb_escape_html, "a\nb",
                   "a\xe2\x90\x8a"
                   "b");
    assert_escaped(sb_escape_markdown, "a|b`c`", "a&#124;b\\`c\\`");
    assert_escaped(sb_escape_markdown, "1. item", "1&#46; item");
    assert_escaped(sb_escape_markdown, "www.x.y", "www&#46;x.y");
    assert_escaped(sb_escape_markdown, "memory_mib 1024 (n = 5): +3.0 %",
                   "memory_mib 1024 (n = 5): +3.0 %"); /* plain text stays plain */
    assert_escaped(sb_escape_markdown, "__init__", "&#95;&#95;init&#95;&#95;");
    assert_escaped(sb_escape_latex, "\\input{x}", "\\textbackslash{}input\\{x\\}");
    assert_escaped(sb_escape_latex, "\xe6\x97\xa5", "\\sbunicode{U+65E5}");
    assert_escaped(sb_escape_benchstat, "c-2", "c%2D2");
    assert_escaped(sb_escape_benchstat, "42", "42");
    assert_escaped(sb_escape_url_path, "a b/\"c\".svg", "a%20b/%22c%22.svg");
    assert_escaped(sb_escape_html, "\xe2\x80\xae", "\xef\xbf\xbd");
}

static void nothing_is_nothing(void **state)
{
    (void)state;
    assert_escaped(sb_escape_html, NULL, "");
    assert_escaped(sb_escape_latex, NULL, "");
    assert_escaped(sb_escape_markdown, NULL, "");
    assert_escaped(sb_escape_url_path, NULL, "");
}

static void lines_keep_tabs_only(void **state)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    sb_escape_html_line(&out, "a\tb\x1b<", 5);
    assert_string_equal(out.buf, "a\tb\xe2\x90\x9b&lt;");
    sb_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_format_reads_back_as_text),
        cmocka_unit_test(there_are_enough_of_them),
        cmocka_unit_test(known_answers),
        cmocka_unit_test(nothing_is_nothing),
        cmocka_unit_test(lines_keep_tabs_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
