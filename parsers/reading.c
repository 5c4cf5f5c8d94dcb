#include "parsers/reading.h"

#include <math.h>
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

/* From where on a value can only be an unsigned 64-bit counter that went below zero. Times are counted in
 * nanoseconds, sizes in bytes; a rate is such a count divided by a run time, here at most 2^20 s. */
static const struct {
    const char *unit;
    double limit;
} wrapped[] = {
    {"1", 0x1p63},   {"ms", 0x1p63 / 1e6}, {"s", 0x1p63 / 1e9},
    {"MiB", 0x1p43}, {"1/s", 0x1p43},      {"MiB/s", 0x1p30},
};

static bool is_wrapped(double value, const char *unit)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(wrapped); i++)
        if (strcmp(wrapped[i].unit, unit) == 0) return value >= wrapped[i].limit;
    return false;
}

static bool has_only_digits_and_point(struct sb_slice token)
{
    size_t points = 0;
    for (size_t i = 0; i < token.len; i++) {
        points += token.s[i] == '.';
        if (token.s[i] != '.' && !sb_is_digit(token.s[i])) return false;
    }
    return points <= 1;
}

const char *sb_read_number(struct sb_slice token, const char *unit, double scale, struct sb_reading *reading)
{
    struct sb_slice digits = token;
    bool negative = token.len && token.s[0] == '-';
    if (negative) digits.s++, digits.len--;
    if (digits.len && (sb_ascii_lower(digits.s[0]) == 'n' || sb_ascii_lower(digits.s[0]) == 'i'))
        return "VALUE_NOT_A_NUMBER";
    if (!has_only_digits_and_point(digits) || !sb_number_parse(digits.s, digits.len, &reading->value))
        return "VALUE_MALFORMED";
    if (negative && reading->value > 0) return "VALUE_NEGATIVE";
    reading->resolution = sb_number_resolution(digits.s, digits.len);
    if (scale != 0 && scale != 1) {
        reading->value *= scale;
        reading->resolution *= scale;
    }
    return is_wrapped(reading->value, unit) ? "VALUE_WRAPPED" : NULL;
}

const char *sb_reading_reason(const char *code)
{
    static const struct {
        const char *code, *reason;
    } reasons[] = {
        {"VALUE_NOT_A_NUMBER", "that is no number"},
        {"VALUE_MALFORMED", "sysbench prints no number like that"},
        {"VALUE_NEGATIVE", "it cannot be negative"},
        {"VALUE_WRAPPED", "an unsigned counter went below zero"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(reasons); i++)
        if (strcmp(code, reasons[i].code) == 0) return reasons[i].reason;
    return "";
}

double sb_unit_factor(struct sb_slice unit, const char *metric_unit)
{
    static const struct {
        const char *metric_unit, *unit;
        double factor;
    } factors[] = {
        /* sb_print_value_size() of 0.4 and 0.5: powers of 1024, letters of any taste */
        {"MiB", "b", 0x1p-20},    {"MiB", "B", 0x1p-20},     {"MiB", "Kb", 0x1p-10},
        {"MiB", "KB", 0x1p-10},   {"MiB", "Mb", 1},          {"MiB", "MB", 1},
        {"MiB", "Gb", 0x1p10},    {"MiB", "GB", 0x1p10},     {"MiB", "Tb", 0x1p20},
        {"MiB", "TB", 0x1p20},    {"MiB", "MiB", 1},         {"MiB", "KiB", 0x1p-10},
        {"MiB", "GiB", 0x1p10},   {"MiB", "TiB", 0x1p20},    {"MiB/s", "b", 0x1p-20},
        {"MiB/s", "B", 0x1p-20},  {"MiB/s", "Kb", 0x1p-10},  {"MiB/s", "KB", 0x1p-10},
        {"MiB/s", "Mb", 1},       {"MiB/s", "MB", 1},        {"MiB/s", "Gb", 0x1p10},
        {"MiB/s", "GB", 0x1p10},  {"MiB/s", "Tb", 0x1p20},   {"MiB/s", "TB", 0x1p20},
        {"MiB/s", "MiB", 1},      {"MiB/s", "KiB", 0x1p-10}, {"MiB/s", "GiB", 0x1p10},
        {"MiB/s", "TiB", 0x1p20}, {"ms", "ms", 1},           {"ms", "s", 1e3},
        {"ms", "us", 1e-3},       {"ms", "µs", 1e-3},        {"ms", "ns", 1e-6},
        {"ms", "sec", 1e3},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(factors); i++)
        if (strcmp(metric_unit, factors[i].metric_unit) == 0 && sb_slice_is(unit, factors[i].unit))
            return factors[i].factor;
    return 0;
}
