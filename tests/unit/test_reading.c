/* The number policy of docs/log-grammar.md, row by row. */
#include "parsers/reading.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void test_policy(void **state)
{
    static const struct {
        const char *text, *unit, *code;
        double value, resolution;
    } rows[] = {
        {"12", "1", NULL, 12, 0.5},
        {"3.20", "ms", NULL, 3.2, 0.005},
        {".5", "s", NULL, 0.5, 0.05},
        {"5.", "s", NULL, 5, 0.5},
        {"0.00", "ms", NULL, 0, 0.005},
        {"-0.00", "ms", NULL, 0, 0.005},
        {"0.1000000000000000055511151231257827021181583404541015625", "ms", NULL, 0.1, 5e-56},
        {"9007199254740993", "1", NULL, 9007199254740992.0, 0.5}, /* rounds to even, as IEEE 754 says */
        {"nan", "ms", "VALUE_NOT_A_NUMBER", 0, 0},
        {"-nan", "ms", "VALUE_NOT_A_NUMBER", 0, 0},
        {"inf", "MiB/s", "VALUE_NOT_A_NUMBER", 0, 0},
        {"1e5", "1/s", "VALUE_MALFORMED", 0, 0},
        {"0x1F", "1", "VALUE_MALFORMED", 0, 0},
        {"1,234.50", "1/s", "VALUE_MALFORMED", 0, 0},
        {"1'234", "1/s", "VALUE_MALFORMED", 0, 0},
        {"1.2.3", "1/s", "VALUE_MALFORMED", 0, 0},
        {"+3", "1", "VALUE_MALFORMED", 0, 0},
        {"-1.00", "ms", "VALUE_NEGATIVE", 0, 0},
        {"9223372036854.00", "ms", NULL, 9223372036854.0, 0.005},
        {"9223372036854.78", "ms", "VALUE_WRAPPED", 0, 0},
        {"18446744073688.26", "ms", "VALUE_WRAPPED", 0, 0},
        {"18446744073.7096", "s", "VALUE_WRAPPED", 0, 0},
        {"18446744073709551615", "1", "VALUE_WRAPPED", 0, 0},
        {"4294967295", "1", NULL, 4294967295.0, 0.5},
        {"17592186044415.99", "MiB", "VALUE_WRAPPED", 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sb_reading r = {0, 0};
        struct sb_slice token = {rows[i].text, strlen(rows[i].text)};
        const char *code = sb_read_number(token, rows[i].unit, 1, &r);
        if ((code == NULL) != (rows[i].code == NULL) || (code && strcmp(code, rows[i].code) != 0))
            fail_msg("%s %s: %s", rows[i].text, rows[i].unit, code ? code : "a value");
        if (!code &&
            (r.value != rows[i].value || fabs(r.resolution - rows[i].resolution) > 1e-9 * rows[i].resolution))
            fail_msg("%s: %.17g, %.17g", rows[i].text, r.value, r.resolution);
        if (code && !*sb_reading_reason(code)) fail_msg("%s has no reason", code);
    }
}

static void test_scale(void **state)
{
    struct sb_reading r;
    (void)state;
    assert_null(sb_read_number((struct sb_slice){"832.05", 6}, "MiB/s", 0x1p-10, &r));
    assert_true(r.value == 832.05 / 1024 && r.resolution == 0.005 / 1024);
    assert_true(sb_unit_factor((struct sb_slice){"Kb", 2}, "MiB/s") == 0x1p-10);
    assert_true(sb_unit_factor((struct sb_slice){"us", 2}, "ms") == 1e-3);
    assert_true(sb_unit_factor((struct sb_slice){"furlongs", 8}, "ms") == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_policy), cmocka_unit_test(test_scale)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
