/* Ticks, number text and safe text. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "plot/chart.h"
#include "plot/scale.h"
#include "plot/type.h"

#define COUNT SB_ARRAY_SIZE

static void test_number_text(void **unused)
{
    static const struct {
        double value;
        const char *text;
    } rows[] = {
        {0, "0"},
        {2410, "2,410"},
        {48.81, "48.8"},
        {5.178, "5.18"},
        {0.4126, "0.413"},
        {0.04126, "0.0413"},
        {-1.5, "−1.50"},
        {999999, "999,999"},
        {1.234e6, "1.23 M"},
        {31511.13, "31,511"},
        {2.5e9, "2.50 G"},
        {1e17, "100 P"},
        {1e300, "1.00×10³⁰⁰"},
        {1e-300, "1.00×10⁻³⁰⁰"},
        {4.2e-9, "4.20×10⁻⁹"},
        {NAN, "–"},
        {INFINITY, "∞"},
        {-INFINITY, "−∞"},
        {5e-324, "4.94×10⁻³²⁴"},
        {-0.0, "0"},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        sb_number_text(&text, rows[i].value);
        assert_string_equal(text.buf, rows[i].text);
        sb_strbuf_release(&text);
    }
}

static void test_fixed_text(void **unused)
{
    static const struct {
        double value;
        int decimals;
        bool plus;
        const char *text;
    } rows[] = {{-0.04, 1, true, "0.0"},
                {8.2, 1, true, "+8.2"},
                {-12.6, 1, true, "−12.6"},
                {1234567, 0, false, "1,234,567"},
                {0.5, 2, false, "0.50"}};
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct sb_strbuf text = SB_STRBUF_INIT;
        sb_fixed_text(&text, rows[i].value, rows[i].decimals, rows[i].plus);
        assert_string_equal(text.buf, rows[i].text);
        sb_strbuf_release(&text);
    }
}

static double lead_of(double step)
{
    double e = floor(log10(step) + 1e-9);
    return step / pow(10, e);
}

static void test_linear(void **unused)
{
    static const double limits[] = {0,      1,   -1,       3.7, 1e-300,   1e300, -1e300, DBL_MAX,   -DBL_MAX,
                                    5e-324, NAN, INFINITY, 1e9, 1e9 + 50, 0.1,   42,     42.0000001};
    for (size_t i = 0; i < COUNT(limits); i++) {
        for (size_t k = 0; k < COUNT(limits); k++) {
            for (int from_zero = 0; from_zero < 2; from_zero++) {
                struct sb_scale s;
                sb_scale_linear(&s, limits[i], limits[k], from_zero, 6);
                s.px_low = 0;
                s.px_high = 100;
                assert_true(isfinite(s.low) && isfinite(s.high) && s.low < s.high);
                assert_in_range(s.ticks_nr, 2, 9);
                for (size_t t = 1; t < s.ticks_nr; t++) {
                    assert_true(s.ticks[t].value > s.ticks[t - 1].value);
                    if (strcmp(s.ticks[t].text, s.ticks[t - 1].text) == 0)
                        fail_msg("%g..%g: two ticks \"%s\"", limits[i], limits[k], s.ticks[t].text);
                }
                double lead = lead_of(s.ticks[1].value / 2 - s.ticks[0].value / 2) * 2;
                while (lead >= 9.99)
                    lead /= 10;
                bool nice = fabs(lead - 1) < 1e-6 || fabs(lead - 2) < 1e-6 || fabs(lead - 5) < 1e-6;
                if (!nice) fail_msg("%g..%g: step with %g in front", limits[i], limits[k], lead);
                double px = sb_scale_px(&s, s.low / 2 + s.high / 2);
                assert_true(px > 49 && px < 51);
            }
        }
    }
}

static void test_log(void **unused)
{
    static const double limits[] = {1e-300, 1e-9, 0.1, 1, 3, 100, 1e6, 1e300, 0, -5, NAN, INFINITY};
    for (size_t i = 0; i < COUNT(limits); i++) {
        for (size_t k = 0; k < COUNT(limits); k++) {
            struct sb_scale s;
            sb_scale_log(&s, limits[i], limits[k], 10);
            assert_true(s.log && s.low > 0 && s.low < s.high && isfinite(s.high));
            assert_true(s.ticks_nr <= 14);
            double low = fmin(limits[i], limits[k]);
            if (limits[i] > 0 && limits[k] > limits[i] && isfinite(limits[k]))
                assert_true(s.low <= low * 1.0001 && s.high >= limits[k] * 0.9999);
        }
    }
}

static void test_ratio(void **unused)
{
    static const double spans[][2] = {{0.99, 1.01}, {0.6, 1.25},     {0.1, 3},
                                      {1e-6, 1e6},  {0.999, 1.0005}, {1e-200, 1e250}};
    for (size_t i = 0; i < COUNT(spans); i++) {
        struct sb_scale s;
        sb_scale_ratio(&s, spans[i][0], spans[i][1], 8);
        assert_in_range(s.ticks_nr, 2, 17);
        for (size_t t = 0; t < s.ticks_nr; t++)
            assert_true(sb_scale_inside(&s, s.ticks[t].value) || fabs(s.ticks[t].value / s.high - 1) < 1e-6 ||
                        fabs(s.ticks[t].value / s.low - 1) < 1e-6);
    }
}

static void test_safe_text(void **unused)
{
    static const struct {
        const char *given, *safe;
    } rows[] = {
        {NULL, ""},
        {"plain", "plain"},
        {"a\nb\tc", "a b c"},
        {"\x01\x1b[0m", "\xef\xbf\xbd\xef\xbf\xbd[0m"},
        {"\xff\xfe", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xef\xbf\xbe", "\xef\xbf\xbd"},
        {"a\xe2\x80\xaetxt", "atxt"},
        {"<&>#d", "<&>#d"},
        {"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81", "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81"},
    };
    struct sb_arena arena;
    sb_arena_init(&arena);
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_string_equal(sb_type_safe(&arena, rows[i].given, false), rows[i].safe);
    char *endless = sb_xmalloc(100001);
    memset(endless, 'x', 100000);
    endless[100000] = '\0';
    assert_int_equal(strlen(sb_type_safe(&arena, endless, false)), 2003);
    free(endless);
    sb_arena_free(&arena);
}

static void test_fit_and_wrap(void **unused)
{
    struct sb_arena arena;
    const struct sb_font font = {12, SB_REGULAR, false};
    static const char *const texts[] = {"configuration number twelve", "日本語のラベルはとても長いです",
                                        "naïve café \xcc\x81", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "a"};
    sb_arena_init(&arena);
    for (size_t i = 0; i < COUNT(texts); i++) {
        for (double width = 12; width < 220; width += 9) {
            assert_true(sb_type_width(sb_type_fit(&arena, texts[i], font, width), font) <= fmax(width, 13));
            struct sb_lines lines = sb_type_wrap(&arena, texts[i], font, width, 3);
            assert_in_range(lines.nr, 1, 3);
            for (size_t k = 0; k < lines.nr; k++)
                assert_true(sb_type_width(lines.line[k], font) <= fmax(width, 13) + 0.5);
        }
    }
    assert_int_equal(sb_type_wrap(&arena, "", font, 100, 3).nr, 0);
    assert_false(sb_type_wrap(&arena, "two words", font, 40, 3).broken);
    assert_true(sb_type_wrap(&arena, "indivisible", font, 20, 9).broken);
    sb_arena_free(&arena);
}

static int setup(void **unused)
{
    struct sb_err err;
    return sb_plot_init(&err) ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_number_text),  cmocka_unit_test(test_fixed_text),
        cmocka_unit_test(test_linear),       cmocka_unit_test(test_log),
        cmocka_unit_test(test_ratio),        cmocka_unit_test(test_safe_text),
        cmocka_unit_test(test_fit_and_wrap),
    };
    return cmocka_run_group_tests(tests, setup, NULL);
}
