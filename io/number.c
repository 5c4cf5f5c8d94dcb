#include "io/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include "core/alloc.h"
#include "core/text.h"

/* The C locale as an object, so that neither setlocale() by a library nor the user's choice changes a number.
 */
static locale_t c_locale(void)
{
    static locale_t loc;
    if (!loc) loc = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return loc;
}

/* Checks the shape of a decimal number; sets *point to the digits behind the point and *exponent. */
static bool decimal_shape(const char *s, size_t len, size_t *fraction, long *exponent)
{
    size_t i = 0, digits = 0;
    *fraction = 0;
    *exponent = 0;
    if (i < len && (s[i] == '+' || s[i] == '-')) i++;
    for (; i < len && sb_is_digit(s[i]); i++)
        digits++;
    if (i < len && s[i] == '.') {
        for (i++; i < len && sb_is_digit(s[i]); i++)
            ++*fraction;
        digits += *fraction;
    }
    if (!digits) return false;
    if (i < len && (s[i] == 'e' || s[i] == 'E')) {
        bool negative = ++i < len && s[i] == '-';
        if (i < len && (s[i] == '+' || s[i] == '-')) i++;
        if (i == len) return false;
        for (; i < len && sb_is_digit(s[i]); i++)
            if (*exponent < 100000) *exponent = *exponent * 10 + (s[i] - '0');
        if (negative) *exponent = -*exponent;
    }
    return i == len;
}

static double c_strtod(const char *text)
{
    locale_t before = uselocale(c_locale());
    double value = strtod(text, NULL);
    uselocale(before);
    return value;
}

bool sb_number_parse(const char *s, size_t len, double *value)
{
    size_t fraction;
    long exponent;
    char small[64];
    if (!decimal_shape(s, len, &fraction, &exponent)) return false;
    char *copy = len < sizeof small ? small : sb_xmalloc(len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    double parsed = c_strtod(copy);
    if (copy != small) free(copy);
    if (!isfinite(parsed)) return false;
    *value = parsed;
    return true;
}

double sb_number_resolution(const char *s, size_t len)
{
    size_t fraction;
    long exponent;
    char text[48];
    if (!decimal_shape(s, len, &fraction, &exponent)) return NAN;
    if (fraction > 400) fraction = 400;
    snprintf(text, sizeof text, "5e%ld", exponent - (long)fraction - 1);
    return c_strtod(text);
}

/* Splits a finite nonzero |value| into its shortest digits and the decimal exponent of the first digit. */
static int shortest_digits(double value, char digits[20], int *exponent)
{
    char text[40];
    locale_t before = uselocale(c_locale());
    for (int precision = 0; precision <= 16; precision++) {
        snprintf(text, sizeof text, "%.*e", precision, value);
        if (strtod(text, NULL) == value) break;
    }
    uselocale(before);
    int n = 0;
    char *p = text;
    for (; *p && *p != 'e'; p++)
        if (sb_is_digit(*p)) digits[n++] = *p;
    *exponent = (int)strtol(p + 1, NULL, 10);
    while (n > 1 && digits[n - 1] == '0')
        n--;
    digits[n] = '\0';
    return n;
}

size_t sb_number_format(double value, char buf[SB_NUMBER_MAX])
{
    char digits[20], *p = buf;
    int exponent;
    buf[0] = '\0';
    if (!isfinite(value)) return 0;
    if (value == 0) {
        buf[0] = '0';
        buf[1] = '\0';
        return 1;
    }
    if (value < 0) *p++ = '-';
    int n = shortest_digits(fabs(value), digits, &exponent);
    if (exponent < -7 || exponent >= 21) {
        *p++ = digits[0];
        if (n > 1) *p++ = '.';
        memcpy(p, digits + 1, (size_t)n - 1);
        p += n - 1;
        p += snprintf(p, 8, "e%+03d", exponent);
    } else if (exponent < 0) {
        *p++ = '0';
        *p++ = '.';
        for (int i = -1; i > exponent; i--)
            *p++ = '0';
        memcpy(p, digits, (size_t)n);
        p += n;
    } else {
        for (int i = 0; i <= exponent || i < n; i++) {
            if (i == exponent + 1) *p++ = '.';
            *p++ = i < n ? digits[i] : '0';
        }
    }
    *p = '\0';
    return (size_t)(p - buf);
}

/* Inserts commas between thousands of the integer part. */
static size_t with_thousands(const char *plain, char *buf, size_t size)
{
    size_t start = plain[0] == '-', point = strcspn(plain, "."), out = 0;
    for (size_t i = 0; plain[i] && out + 2 < size; i++) {
        if (i > start && i < point && (point - i) % 3 == 0) buf[out++] = ',';
        buf[out++] = plain[i];
    }
    buf[out] = '\0';
    return out;
}

size_t sb_number_pretty(double value, int digits, char *buf, size_t size)
{
    char plain[400];
    if (!size) return 0;
    if (!isfinite(value)) return (size_t)snprintf(buf, size, "\xe2\x80\x93");
    locale_t before = uselocale(c_locale());
    double magnitude = fabs(value);
    if (value != 0 && (magnitude >= 1e15 || magnitude < 1e-6)) {
        snprintf(plain, sizeof plain, "%.*e", digits - 1, value);
    } else {
        char rounded[40]; /* rounding may carry into another digit: take the exponent after it */
        snprintf(rounded, sizeof rounded, "%.*e", digits - 1, value);
        int exponent = value == 0 ? 0 : (int)strtol(strchr(rounded, 'e') + 1, NULL, 10);
        int decimals = digits - 1 - exponent;
        snprintf(plain, sizeof plain, "%.*f", decimals > 0 ? decimals : 0, value);
    }
    uselocale(before);
    if (magnitude >= 9999.5 && magnitude < 1e15) return with_thousands(plain, buf, size);
    return (size_t)snprintf(buf, size, "%s", plain);
}

bool sb_bytes_parse(const char *s, double *bytes)
{
    static const char *const suffixes[] = {"", "k", "m", "g", "t"};
    size_t len = strspn(s, "0123456789.");
    if (!len || !sb_number_parse(s, len, bytes)) return false;
    const char *unit = s + len;
    while (*unit == ' ')
        unit++;
    for (size_t i = 0; i < SB_ARRAY_SIZE(suffixes); i++) {
        size_t n = strlen(suffixes[i]);
        if (n && sb_ascii_lower(unit[0]) != suffixes[i][0]) continue;
        const char *rest = unit + n;
        if (*rest == 'i') rest++;
        if (sb_ascii_lower(*rest) == 'b') rest++;
        if (*rest) continue;
        *bytes = ldexp(*bytes, 10 * (int)i);
        return true;
    }
    return false;
}
