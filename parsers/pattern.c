#include "parsers/pattern.h"

#include "core/text.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

bool sb_slice_is(struct sb_slice slice, const char *text)
{
    size_t len = strlen(text);
    return slice.len == len && memcmp(slice.s, text, len) == 0;
}

bool sb_slice_has_prefix(struct sb_slice slice, const char *prefix)
{
    size_t len = strlen(prefix);
    return slice.len >= len && memcmp(slice.s, prefix, len) == 0;
}

struct sb_slice sb_slice_trim(struct sb_slice slice)
{
    while (slice.len && sb_is_space(slice.s[0]))
        slice.s++, slice.len--;
    while (slice.len && sb_is_space(slice.s[slice.len - 1]))
        slice.len--;
    return slice;
}

size_t sb_slice_find(struct sb_slice slice, const char *needle)
{
    size_t len = strlen(needle);
    for (const char *at = slice.s, *end = slice.s + slice.len; (size_t)(end - at) >= len; at++) {
        at = memchr(at, needle[0], (size_t)(end - at) - len + 1);
        if (!at) break;
        if (memcmp(at, needle, len) == 0) return (size_t)(at - slice.s);
    }
    return slice.len;
}

/* "nan" or "inf" in lower or upper case, not followed by more letters. */
static size_t not_finite_token(const char *s, size_t len)
{
    static const char *const words[] = {"infinity", "inf", "nan"};
    for (size_t w = 0; w < 3; w++) {
        size_t n = strlen(words[w]), i = 0;
        while (i < n && i < len && sb_ascii_lower(s[i]) == words[w][i])
            i++;
        if (i == n) return n;
    }
    return 0;
}

static bool is_hex_digit(char c)
{
    char lower = sb_ascii_lower(c);
    return sb_is_digit(c) || (lower >= 'a' && lower <= 'f');
}

static size_t exponent_token(const char *s, size_t len)
{
    size_t i = 1;
    if (!len || (s[0] != 'e' && s[0] != 'E')) return 0;
    if (i < len && (s[i] == '+' || s[i] == '-')) i++;
    size_t digits = i;
    while (i < len && sb_is_digit(s[i]))
        i++;
    return i > digits ? i : 0;
}

size_t sb_number_token(const char *s, size_t len)
{
    size_t i = len && (s[0] == '-' || s[0] == '+');
    if (i < len && !sb_is_digit(s[i]) && s[i] != '.') {
        size_t n = not_finite_token(s + i, len - i);
        return n ? i + n : 0;
    }
    if (len - i > 2 && s[i] == '0' && (s[i + 1] == 'x' || s[i + 1] == 'X') && is_hex_digit(s[i + 2])) {
        for (i += 3; i < len && is_hex_digit(s[i]);)
            i++;
        return i;
    }
    size_t digits = 0;
    for (; i < len; i++) {
        bool separator = s[i] == ',' || s[i] == '\'';
        if (separator && !(digits && i + 1 < len && sb_is_digit(s[i + 1]))) break;
        if (!separator && s[i] != '.' && !sb_is_digit(s[i])) break;
        digits += sb_is_digit(s[i]);
    }
    return digits ? i + exponent_token(s + i, len - i) : 0;
}

static const char *skip_blanks(const char *at, const char *end)
{
    while (at < end && is_blank(*at))
        at++;
    return at;
}

char sb_pattern_first(const char *pattern)
{
    while (*pattern == ' ')
        pattern++;
    if (*pattern == '{' || (*pattern == '%' && pattern[1] != '%')) return 0;
    return *pattern;
}

static bool match_from(const char *pattern, const char *at, const char *end, struct sb_match *match);

static bool capture(struct sb_match *match, const char *from, const char *to)
{
    if (match->captures_nr == SB_MATCH_MAX) return false;
    match->captures[match->captures_nr++] = (struct sb_slice){from, (size_t)(to - from)};
    return true;
}

/* %w and %t: the shortest text behind which the rest of the pattern matches. */
static bool match_text(const char *rest, bool blanks, const char *from, const char *end,
                       struct sb_match *match)
{
    size_t nr = match->captures_nr;
    for (const char *at = from + 1; from < end && at <= end; at++) {
        if (!blanks && is_blank(at[-1])) return false;
        if (*rest && *rest != ' ' && *rest != '%' && *rest != '{' && (at == end || *at != *rest)) continue;
        match->captures_nr = nr;
        if (capture(match, from, at) && match_from(rest, at, end, match)) return true;
    }
    return false;
}

/* The % item at `pattern` (on the letter) and all behind it. */
static bool match_item(const char *pattern, const char *at, const char *end, struct sb_match *match)
{
    size_t n;
    switch (*pattern) {
    case '*': return capture(match, at, end);
    case 'n':
        n = sb_number_token(at, (size_t)(end - at));
        return n && capture(match, at, at + n) && match_from(pattern + 1, at + n, end, match);
    case 'w':
    case 't': return match_text(pattern + 1, *pattern == 't', at, end, match);
    default: return false;
    }
}

/* Skips the group {text} that may be missing; returns the line behind it. */
static const char *match_optional(const char *pattern, const char *close, const char *at, const char *end)
{
    const char *from = at;
    for (const char *p = pattern + 1; p < close; p++) {
        if (*p == ' ')
            at = skip_blanks(at, end);
        else if (at < end && *at == *p)
            at++;
        else
            return from;
    }
    return at;
}

static bool match_from(const char *pattern, const char *at, const char *end, struct sb_match *match)
{
    for (; *pattern; pattern++) {
        if (*pattern == ' ') {
            at = skip_blanks(at, end);
        } else if (*pattern == '{') {
            const char *close = strchr(pattern, '}');
            at = match_optional(pattern, close, at, end);
            pattern = close;
        } else if (*pattern == '%' && pattern[1] != '%') {
            return match_item(pattern + 1, at, end, match);
        } else {
            pattern += *pattern == '%';
            if (at == end || *at != *pattern) return false;
            at++;
        }
    }
    return at == end;
}

bool sb_pattern_match(const char *pattern, struct sb_slice line, struct sb_match *match)
{
    const char *end = line.s + line.len, *at = skip_blanks(line.s, end);
    match->line = line;
    match->captures_nr = 0;
    while (end > at && sb_is_space(end[-1]))
        end--;
    return match_from(pattern, at, end, match);
}
