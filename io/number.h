/*
 * Exact number text, independent of the locale and correctly rounded.
 */
#ifndef SB_IO_NUMBER_H
#define SB_IO_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

enum { SB_NUMBER_MAX = 32 }; /* bytes that hold any formatted double and its NUL */

/* Reads one decimal number that fills the whole text [s, s+len): optional sign, digits, at most one
 * point, optional decimal exponent. Refuses everything else: empty text, blanks, hex, nan, inf,
 * thousands separators, and what overflows a double. `*value` is the nearest double. */
bool sb_number_parse(const char *s, size_t len, double *value);

/* Half of the last digit's place: "3.20" -> 0.005, "12" -> 0.5, "1.5e3" -> 50. The text must be one
 * that sb_number_parse() accepts. */
double sb_number_resolution(const char *s, size_t len);

/* The shortest decimal that reads back the same double: "0.1", "31511.13", "1e+300". Positional for
 * 1e-7 <= |x| < 1e21. NaN and infinities give "" (missing). Returns the length. */
size_t sb_number_format(double value, char buf[SB_NUMBER_MAX]);

/* For people: `digits` significant digits (1..17) without exponent where |x| < 1e15, with commas between
 * thousands when |x| >= 10,000: "31,511", "0.0316", "5.18". NaN gives "–" (en dash). The integer part is
 * never cut: 31511.13 at 3 digits is "31,511". Returns the length; at most size-1 bytes are written. */
size_t sb_number_pretty(double value, int digits, char *buf, size_t size);

/* A byte count with binary suffix as sysbench's options take it and logs print it: "8M", "1024KiB", "16Kb",
 * "2G", "4096MiB", "1048576". Bytes. Refuses what is not one. */
bool sb_bytes_parse(const char *s, double *bytes);

#endif
