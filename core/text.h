/* Small questions about text, all bytewise and independent of the locale. */
#ifndef SB_CORE_TEXT_H
#define SB_CORE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "core/strbuf.h"

bool sb_has_prefix(const char *s, const char *prefix);
bool sb_has_suffix(const char *s, const char *suffix);
bool sb_streq(const char *a, const char *b); /* NULL equals only NULL */
bool sb_ascii_caseeq(const char *a, const char *b);
char sb_ascii_lower(char c);
bool sb_is_digit(char c);
bool sb_is_alnum(char c); /* ASCII letters and digits */
bool sb_is_space(char c); /* blank, \t \n \v \f \r */

/* Shell-style match of the whole text: `*` any run of bytes (also '/'), `?` one byte,
 * [abc], [a-z], [!abc]; `\` quotes. An unclosed `[` matches itself. */
bool sb_glob_match(const char *pattern, const char *text);

/* Natural order: runs of digits compare as numbers, everything else bytewise, so that
 * config2 < config10. Equal only when the strings are equal. For strcmp-like use. */
int sb_natural_cmp(const char *a, const char *b);

/* Length in bytes (1 to 4) of the well-formed UTF-8 character at s[0..len), 0 when it is malformed.
 * `*code` (may be NULL) receives the code point. */
size_t sb_utf8_decode(const char *s, size_t len, unsigned *code);

/* Appends `text` with every malformed byte replaced by U+FFFD and every control character
 * (C0, DEL, C1) made visible: \t and \n stay when `keep_newlines`, others become U+2400+c or U+FFFD.
 * What comes out is well-formed UTF-8 without escape sequences: safe for a terminal. */
void sb_text_visible(struct sb_strbuf *out, const char *text, size_t len, bool keep_newlines);

#endif
