/*
 * CSV (RFC 4180) through libcsv. Readers address columns by name; unknown columns are kept; a missing
 * value is an empty field. Reads are strict: an unterminated quote or a row with the wrong number of
 * fields is an error with its line.
 */
#ifndef SB_IO_CSV_H
#define SB_IO_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"
#include "core/strbuf.h"

struct sb_csv_row {
    const char *const *names; /* the header's column names */
    const char **fields;      /* one per column, never NULL, NUL-terminated */
    size_t nr;
    size_t line; /* 1-based line on which the row starts */
};

/* The field of a column, NULL when there is no such column. */
const char *sb_csv_get(const struct sb_csv_row *row, const char *name);

/* Called for each data row; returns false (with err filled) to stop. The row is valid during the call. */
typedef bool sb_csv_row_fn(void *context, const struct sb_csv_row *row, struct sb_err *err);

/* Parses a whole text. `name` is for messages. An UTF-8 BOM is skipped. CRLF and LF both end rows;
 * the first row is the header (no column name may stand twice); blank lines are skipped. */
bool sb_csv_read(const char *name, const char *text, size_t len, sb_csv_row_fn *fn, void *context,
                 struct sb_err *err) SB_MUST_CHECK;

/* Appends one text field, quoted when it must be (comma, quote, CR, LF, leading or trailing blank). Malformed
 * UTF-8 and control characters are made visible (text.h). A text that a spreadsheet would run as a formula (=
 * + - @ first) gets a leading apostrophe, which sb_csv_unescape() takes away again. Call for each field with
 * *first = true at the row's start; sb_csv_end_row() ends it with "\n". */
void sb_csv_field(struct sb_strbuf *out, bool *first, const char *text);
const char *sb_csv_unescape(const char *field);                       /* points into `field` */
void sb_csv_number(struct sb_strbuf *out, bool *first, double value); /* shortest; empty when NaN */
void sb_csv_count(struct sb_strbuf *out, bool *first, unsigned long long value);
void sb_csv_end_row(struct sb_strbuf *out, bool *first);

#endif
