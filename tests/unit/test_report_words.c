#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <math.h>
#include "core/alloc.h"
#include "report/columns.h"
#include "report/words.h"

static void fixed_decimals(void **state)
{
    static const struct {
        double value;
        int decimals;
        const char *text;
    } cases[] = {{0, 0, "0"},
                 {0, 2, "0.00"},
                 {1.005, 1, "1.0"},
                 {-1.25, 1,
                  "\xe2\x88\x92"
                  "1.3"},
                 {9999, 0, "9999"},
                 {10000, 0, "10,000"},
                 {9999.96, 1, "10,000.0"},
                 {1234567.891, 2, "1,234,567.89"},
                 {-0.001, 1, "0.0"},
                 {0.05, 3, "0.050"},
                 {123456789, 0, "123,456,789"},
                 {NAN, 2, "\xe2\x80\x93"},
                 {INFINITY, 0, "\xe2\x80\x93"}};
    char buf[SB_WORDS_MAX];
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++)
        assert_string_equal(sb_words_fixed(cases[i].value, cases[i].decimals, buf), cases[i].text);
    for (double x = 1e-320; x < 1e300; x *= 1e7) /* never writes past the buffer, whatever the size */
        for (int d = -1; d < 15; d++)
            assert_true(strlen(sb_words_fixed(-x, d, buf)) < SB_WORDS_MAX);
}

static void numbers_ignore_the_locale(void **state)
{
    char buf[SB_WORDS_MAX];
    (void)state;
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) skip();
    assert_string_equal(sb_words_fixed(1234.5, 1, buf), "1234.5");
    setlocale(LC_ALL, "C");
}

static void mean_with_interval(void **state)
{
    char buf[SB_WORDS_MAX];
    struct sb_summary s = {.mean = 1204.137, .ci_low = 1194.34, .ci_high = 1213.94};
    (void)state;
    assert_string_equal(sb_words_mean(&s, buf), "1204.1 \xc2\xb1 9.8");
    s.ci_low = s.ci_high = NAN;
    assert_string_equal(sb_words_mean(&s, buf), "1204.1");
    s = (struct sb_summary){.mean = 0.83, .ci_low = 0.82999999999999996, .ci_high = 0.83};
    assert_string_equal(sb_words_mean(&s, buf), "0.83000 \xc2\xb1 0");
    s = (struct sb_summary){.mean = 31511.13, .ci_low = 31000, .ci_high = 32022.26};
    assert_string_equal(sb_words_mean(&s, buf), "31,511 \xc2\xb1 511");
}

static void ratios_and_changes(void **state)
{
    char buf[SB_WORDS_MAX];
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_comparison c = {.ratio = 0.888, .ratio_low = 0.858, .ratio_high = 0.92};
    (void)state;
    assert_string_equal(sb_words_ratio(0.8881, buf), "0.888");
    assert_string_equal(sb_words_ratio(3.876, buf), "3.88");
    assert_string_equal(sb_words_ratio(0.0123, buf), "0.0123");
    assert_string_equal(sb_words_ratio(NAN, buf), "\xe2\x80\x93");
    assert_string_equal(sb_words_ratio_ci(&c, buf), "[0.858, 0.920]");
    assert_string_equal(sb_words_change(0.888, buf), "\xe2\x88\x92"
                                                     "11.2 %");
    assert_string_equal(sb_words_change(1.0004, buf), "+0.04 %");
    assert_string_equal(sb_words_change(3.88, buf), "\xc3\x97 3.88");
    sb_words_change_ci(&out, &c, 0.995);
    assert_string_equal(out.buf, "99.5 % CI \xe2\x88\x92"
                                 "14.2 to \xe2\x88\x92"
                                 "8.0 %");
    sb_strbuf_release(&out);
    c.ratio_low = NAN;
    assert_string_equal(sb_words_ratio_ci(&c, buf), "");
}

static void units_and_counts(void **state)
{
    char buf[SB_WORDS_MAX];
    (void)state;
    assert_string_equal(sb_words_unit("events_per_second", "1/s", buf), "events/s");
    assert_string_equal(sb_words_unit("memory_ops_per_second", "1/s", buf), "memory ops/s");
    assert_string_equal(sb_words_unit("latency_avg", "ms", buf), "ms");
    assert_string_equal(sb_words_unit("events", "1", buf), "");
    assert_string_equal(sb_words_bytes(1503238553.0, buf), "1.40 GiB");
    assert_string_equal(sb_words_bytes(512, buf), "512 B");
    assert_string_equal(sb_words_bytes(NAN, buf), "\xe2\x80\x93");
    assert_string_equal(sb_words_percent(0.025, buf), "2.5");
    assert_string_equal(sb_words_percent(0.95, buf), "95");
    assert_string_equal(sb_words_percent(0.29, buf), "29"); /* 100 * 0.29 is 28.999999999999996 */
    assert_string_equal(sb_words_percent(1, buf), "100");
    assert_string_equal(sb_words_percent(0.9999999, buf), "99.99999");
    assert_string_equal(sb_words_percent(0.999999996, buf), "99.9999996");
    for (double below = 0.1; 1 - below < 1; below /= 10)
        assert_string_not_equal(sb_words_percent(1 - below, buf), "100");
    assert_string_equal(sb_words_p(0.0004, buf), "< 0.001");
    assert_string_equal(sb_words_p(0.0123, buf), "0.012");
}

static void settings_in_words(void **state)
{
    static const struct {
        const char *method, *correction, *test, *adjusted;
        bool by_itself;
    } cases[] = {
        {"welch", "holm", "Welch's t test", "Holm's method over all headline", false},
        {"permutation", "bh", "a permutation test", "share of false verdicts", false},
        {"mann-whitney", "none", "the Mann-Whitney U test", "not adjusted", false},
        {"games-howell", "holm", "Games and Howell's test", "within each combination and metric, not", true},
        {"dunnett", "none", "Dunnett's test", "within each combination and metric, not", true},
    };
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        struct sb_analysis_settings s = {.p_method = cases[i].method, .correction = cases[i].correction};
        assert_non_null(strstr(sb_words_test(&s), cases[i].test));
        assert_non_null(strstr(sb_words_correction(&s), cases[i].adjusted));
        assert_int_equal(sb_words_adjusts_itself(&s), cases[i].by_itself);
    }
}

static void barred_is_never_a_verdict(void **state)
{
    struct sb_comparison c = {.verdict = SB_FASTER, .barred = true};
    (void)state;
    assert_string_equal(sb_words_verdict(&c), "not comparable");
    assert_int_equal(sb_words_verdict_sign(&c), 'b');
    c.barred = false;
    assert_string_equal(sb_words_verdict(&c), "faster");
}

static void widths(void **state)
{
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    assert_int_equal(sb_columns_width("abc"), 3);
    assert_int_equal(sb_columns_width("\xe6\x97\xa5\xe6\x9c\xac"), 4);
    assert_int_equal(sb_columns_width("e\xcc\x81"), 1);
    sb_columns_pad(&out, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e", 4,
                   false); /* a wide character is never halved */
    assert_string_equal(out.buf, "\xe6\x97\xa5\xe2\x80\xa6 ");
    sb_strbuf_clear(&out);
    sb_columns_pad(&out, "12", 4, true);
    assert_string_equal(out.buf, "  12");
    sb_strbuf_clear(&out);
    sb_columns_wrap(&out, "one two three four", 9, "* ", "  ");
    assert_string_equal(out.buf, "* one two\n  three\n  four\n");
    sb_strbuf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fixed_decimals),
        cmocka_unit_test(numbers_ignore_the_locale),
        cmocka_unit_test(mean_with_interval),
        cmocka_unit_test(ratios_and_changes),
        cmocka_unit_test(units_and_counts),
        cmocka_unit_test(settings_in_words),
        cmocka_unit_test(barred_is_never_a_verdict),
        cmocka_unit_test(widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
