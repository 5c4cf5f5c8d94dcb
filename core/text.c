#include "core/text.h"

bool sb_has_prefix(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool sb_has_suffix(const char *s, const char *suffix)
{
    size_t len = strlen(s), n = strlen(suffix);
    return len >= n && memcmp(s + len - n, suffix, n) == 0;
}

bool sb_streq(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

char sb_ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool sb_ascii_caseeq(const char *a, const char *b)
{
    while (*a && sb_ascii_lower(*a) == sb_ascii_lower(*b))
        a++, b++;
    return sb_ascii_lower(*a) == sb_ascii_lower(*b);
}

bool sb_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool sb_is_alnum(char c)
{
    char l = sb_ascii_lower(c);
    return sb_is_digit(c) || (l >= 'a' && l <= 'z');
}

bool sb_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Matches the class that starts at p[0] == '[' against c; *end is set behind its ']', or to
 * NULL when it is not closed. */
static bool class_match(const char *p, unsigned char c, const char **end)
{
    bool negate = p[1] == '!' || p[1] == '^', hit = false;
    const char *q = p + 1 + negate, *first = q;
    while (*q && (*q != ']' || q == first)) {
        unsigned char lo = (unsigned char)*q, hi = lo;
        if (q[1] == '-' && q[2] && q[2] != ']') {
            hi = (unsigned char)q[2];
            q += 2;
        }
        hit |= c >= lo && c <= hi;
        q++;
    }
    *end = *q ? q + 1 : NULL;
    return hit != negate;
}

/* The pattern element at p against one byte; *next is the pattern behind the element. */
static bool element_match(const char *p, char c, const char **next)
{
    *next = p + 1;
    if (*p == '?') return true;
    if (*p == '[') {
        const char *end;
        bool hit = class_match(p, (unsigned char)c, &end);
        if (end) {
            *next = end;
            return hit;
        }
    } else if (*p == '\\' && p[1]) {
        *next = p + 2;
        return p[1] == c;
    }
    return *p == c;
}

bool sb_glob_match(const char *pattern, const char *text)
{
    const char *star = NULL, *retry = NULL; /* linear back-tracking: only the last star matters */
    while (*text) {
        const char *next;
        if (*pattern == '*') {
            star = ++pattern;
            retry = text;
        } else if (*pattern && element_match(pattern, *text, &next)) {
            pattern = next;
            text++;
        } else if (star) {
            pattern = star;
            text = ++retry;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static int digits_cmp(const char **a, const char **b)
{
    while (**a == '0' && sb_is_digit((*a)[1]))
        ++*a;
    while (**b == '0' && sb_is_digit((*b)[1]))
        ++*b;
    size_t na = strspn(*a, "0123456789"), nb = strspn(*b, "0123456789");
    int cmp = na != nb ? (na < nb ? -1 : 1) : memcmp(*a, *b, na);
    *a += na;
    *b += nb;
    return cmp;
}

int sb_natural_cmp(const char *a, const char *b)
{
    const char *p = a, *q = b;
    while (*p && *q) {
        if (sb_is_digit(*p) && sb_is_digit(*q)) {
            int cmp = digits_cmp(&p, &q);
            if (cmp) return cmp;
        } else if (*p != *q) {
            break;
        } else {
            p++, q++;
        }
    }
    if (*p != *q) return (unsigned char)*p < (unsigned char)*q ? -1 : 1;
    return strcmp(a, b); /* 01 and 1 differ, somewhere */
}

size_t sb_utf8_decode(const char *s, size_t len, unsigned *code)
{
    static const unsigned smallest[] = {0, 0, 0x80, 0x800, 0x10000};
    unsigned char c = len ? (unsigned char)s[0] : 0xff;
    size_t n = c < 0x80                ? 1
               : c >= 0xc2 && c < 0xe0 ? 2
               : c >= 0xe0 && c < 0xf0 ? 3
               : c >= 0xf0 && c < 0xf5 ? 4
                                       : 0;
    if (!n || n > len) return 0;
    unsigned cp = n == 1 ? c : c & (0xffu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        unsigned char t = (unsigned char)s[i];
        if ((t & 0xc0) != 0x80) return 0;
        cp = cp << 6 | (t & 0x3fu);
    }
    if (cp < smallest[n] || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000)) return 0;
    if (code) *code = cp;
    return n;
}

void sb_text_visible(struct sb_strbuf *out, const char *text, size_t len, bool keep_newlines)
{
    for (size_t i = 0; i < len;) {
        unsigned cp;
        size_t n = sb_utf8_decode(text + i, len - i, &cp);
        if (!n || (cp >= 0x80 && cp < 0xa0)) {
            sb_strbuf_adds(out, "\xef\xbf\xbd");
            i += n ? n : 1;
            continue;
        }
        if (keep_newlines && (cp == '\n' || cp == '\t')) {
            sb_strbuf_addc(out, (char)cp);
        } else if (cp < 0x20 || cp == 0x7f) {
            char picture[] = {(char)0xe2, (char)0x90, (char)(0x80 + (cp == 0x7f ? 0x21 : cp)), '\0'};
            sb_strbuf_adds(out, picture);
        } else {
            sb_strbuf_add(out, text + i, n);
        }
        i += n;
    }
}
