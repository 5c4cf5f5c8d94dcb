#include "history/timestamp.h"

#include <stdio.h>
#include "core/text.h"

static const int64_t day_ms = INT64_C(86400000);

/* Days from 1970-01-01 in the Gregorian calendar; Howard Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms". */
static int64_t days_from_civil(int64_t y, int m, int d)
{
    y -= m <= 2;
    int64_t era = (y >= 0 ? y : y - 399) / 400, year = y - era * 400;
    int64_t day = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + year * 365 + year / 4 - year / 100 + day - 719468;
}

static void civil_from_days(int64_t days, int64_t *y, int *m, int *d)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, rest = days - era * 146097;
    int64_t year = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
    int64_t day = rest - (365 * year + year / 4 - year / 100), month = (5 * day + 2) / 153;
    *d = (int)(day - (153 * month + 2) / 5 + 1);
    *m = (int)(month < 10 ? month + 3 : month - 9);
    *y = year + era * 400 + (*m <= 2);
}

static int days_in_month(int64_t y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);
    return days[m - 1] + (m == 2 && leap);
}

/* Exactly `n` digits. */
static bool take_digits(const char **s, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (!sb_is_digit(**s)) return false;
        *value = *value * 10 + (**s - '0');
    }
    return true;
}

static bool take_char(const char **s, char c)
{
    if (**s != c) return false;
    (*s)++;
    return true;
}

static bool take_date(const char **s, int64_t *ms)
{
    int y, m, d;
    if (!take_digits(s, 4, &y) || !take_char(s, '-') || !take_digits(s, 2, &m) || !take_char(s, '-') ||
        !take_digits(s, 2, &d))
        return false;
    if (y < 1900 || m < 1 || m > 12 || d < 1 || d > days_in_month(y, m)) return false;
    *ms = days_from_civil(y, m, d) * day_ms;
    return true;
}

static bool take_fraction(const char **s, int64_t *ms)
{
    int64_t unit = 100;
    if (!sb_is_digit(**s)) return false;
    for (; sb_is_digit(**s); (*s)++, unit /= 10)
        *ms += (**s - '0') * unit;
    return true;
}

static bool take_clock(const char **s, int64_t *ms)
{
    int h, m, sec = 0;
    if (!take_digits(s, 2, &h) || !take_char(s, ':') || !take_digits(s, 2, &m) || h > 23 || m > 59)
        return false;
    if (take_char(s, ':')) {
        if (!take_digits(s, 2, &sec) || sec > 60) return false;
        if (sec == 60) sec = 59;
        if (take_char(s, '.') && !take_fraction(s, ms)) return false;
    }
    *ms += ((h * INT64_C(60) + m) * 60 + sec) * 1000;
    return true;
}

static bool take_zone(const char **s, int64_t *ms)
{
    int h, m, sign = **s == '+' ? -1 : **s == '-' ? 1 : 0;
    if (!**s || take_char(s, 'Z')) return true;
    if (!sign) return false;
    (*s)++;
    if (!take_digits(s, 2, &h) || !take_char(s, ':') || !take_digits(s, 2, &m) || h > 23 || m > 59)
        return false;
    *ms += sign * (h * INT64_C(60) + m) * 60000;
    return true;
}

bool sb_time_parse(const char *text, int64_t *ms)
{
    const char *s = text;
    if (!take_date(&s, ms)) return false;
    if (!*s) return true;
    if (!take_char(&s, 'T') && !take_char(&s, ' ')) return false;
    return take_clock(&s, ms) && take_zone(&s, ms) && !*s && sb_time_in_range(*ms);
}

bool sb_time_in_range(int64_t ms)
{
    return ms >= days_from_civil(1900, 1, 1) * day_ms - day_ms &&
           ms <= days_from_civil(10000, 1, 1) * day_ms + day_ms; /* and the zones */
}

void sb_time_format(int64_t ms, char buf[SB_TIME_MAX])
{
    int64_t days = (ms >= 0 ? ms : ms - day_ms + 1) / day_ms, rest = ms - days * day_ms, y;
    int m, d;
    civil_from_days(days, &y, &m, &d);
    int seconds = (int)(rest / 1000), fraction = (int)(rest % 1000);
    int len = snprintf(buf, SB_TIME_MAX, "%04d-%02d-%02dT%02d:%02d:%02d", (int)y, m, d, seconds / 3600,
                       seconds / 60 % 60, seconds % 60);
    if (fraction) len += snprintf(buf + len, SB_TIME_MAX - (size_t)len, ".%03d", fraction);
    snprintf(buf + len, SB_TIME_MAX - (size_t)len, "Z");
}
