/*
 * From a printed token to a value, or to the reason why there is none. The answers (docs/log-grammar.md):
 *
 *   12, 3.20, .5, 5.            the nearest double, any number of digits
 *   nan, -nan, inf              missing, VALUE_NOT_A_NUMBER (sysbench prints them for 0/0)
 *   1e5, 0x1F, 1,234, 1'234     missing, VALUE_MALFORMED (no sysbench prints them: the line was edited)
 *   -1.00                       missing, VALUE_NEGATIVE (no count, time or rate is negative)
 *   from 2^63 units upwards     missing, VALUE_WRAPPED (an unsigned counter that went below zero)
 */
#ifndef SB_PARSERS_READING_H
#define SB_PARSERS_READING_H

#include "parsers/pattern.h"

struct sb_reading {
    double value;      /* in the metric's unit */
    double resolution; /* half the last printed digit, scaled alike */
};

/* NULL when the token reads as a value of `unit`, otherwise the finding's code. */
const char *sb_read_number(struct sb_slice token, const char *unit, double scale, struct sb_reading *reading);

/* What a finding with this code says behind "printed as X: ". */
const char *sb_reading_reason(const char *code);

/* The factor from a printed unit to the metric's: "Mb" (1024-based bytes, sysbench 0.4) to MiB, "ms", "us"
 * ... to ms. 0: unknown. */
double sb_unit_factor(struct sb_slice unit, const char *metric_unit);

#endif
