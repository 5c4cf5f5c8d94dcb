/*
 * The little pattern language in which the grammar's tables are written: one pattern describes one shape of
 * line.
 *
 *   blank   zero or more blanks or tabs
 *   %n      a number as somebody may have printed it: see sb_number_token()
 *   %w      one or more bytes that are not blank, the fewest behind which the rest of the pattern matches
 *   %t      one or more bytes, the fewest behind which the rest of the pattern matches
 *   %*      the rest of the line, may be empty
 *   %%      a percent sign
 *   {x}     the text x (blanks as above, no items), or nothing
 *   else    itself, case-sensitive
 *
 * A pattern matches a whole line: leading and trailing blanks of the line do not count.
 */
#ifndef SB_PARSERS_PATTERN_H
#define SB_PARSERS_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct sb_slice {
    const char *s; /* not NUL-terminated */
    size_t len;
};

enum { SB_MATCH_MAX = 14 };

struct sb_match {
    struct sb_slice line;                   /* the whole line, with its leading blanks */
    struct sb_slice captures[SB_MATCH_MAX]; /* one per % item */
    size_t captures_nr;
};

bool sb_pattern_match(const char *pattern, struct sb_slice line, struct sb_match *match);

/* The first byte that a matching line must have after its blanks; 0 when the pattern does not say. */
char sb_pattern_first(const char *pattern);

/* Length of the number-like token at the start of [s, s+len): digits with whatever people write into numbers
 * (sign, points, commas or apostrophes between digits, exponent, hex digits after 0x), or nan or inf with a
 * sign. 0 when there is none. A token is only what stands there; whether it is a number is decided in
 * reading.h. */
size_t sb_number_token(const char *s, size_t len);

bool sb_slice_is(struct sb_slice slice, const char *text);
bool sb_slice_has_prefix(struct sb_slice slice, const char *prefix);
struct sb_slice sb_slice_trim(struct sb_slice slice); /* without blanks at both ends */

/* Where `needle` starts in the slice, or slice.len when it is not there. */
size_t sb_slice_find(struct sb_slice slice, const char *needle);

#endif
