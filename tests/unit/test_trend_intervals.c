/* Intervals of a history at one level. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "cli/trend_intervals.h"

static struct sb_trend_point at_confidence(struct sb_trend_point p, double confidence)
{
    struct sb_trend trend = {.points = &p, .nr = 1};
    struct sb_trends trends = {.v = &trend, .nr = 1};
    sb_trends_set_confidence(&trends, confidence);
    return p;
}

static void assert_interval(struct sb_trend_point p, double low, double high)
{
    assert_true(fabs(p.ci_low - low) < 1e-6);
    assert_true(fabs(p.ci_high - high) < 1e-6);
}

/* R: 100 + c(-1, 1) * qt(0.975, 4) * 2 / sqrt(5) */
static void test_anew(void **unused)
{
    struct sb_trend_point p = {
        .n = 5, .n_runs = 15, .mean = 100, .sd = 2, .confidence = 0.8, .ci_low = 99, .ci_high = 101};
    p = at_confidence(p, 0.95);
    assert_interval(p, 97.516672, 102.483328);
    assert_true(p.confidence == 0.95);
}

/* The standard deviation within the only boot is that of its runs. */
static void test_one_boot(void **unused)
{
    struct sb_trend_point p = {.n = 1, .n_runs = 5, .mean = 100, .sd = 2, .confidence = 0.8};
    assert_interval(at_confidence(p, 0.95), 97.516672, 102.483328);
}

static void test_as_stored(void **unused)
{
    struct sb_trend_point same = {
        .n = 5, .mean = 100, .sd = 2, .confidence = 0.95, .ci_low = 1, .ci_high = 2};
    assert_interval(at_confidence(same, 0.95), 1, 2);
    struct sb_trend_point constant = {
        .n = 5, .mean = 100, .sd = 0, .confidence = 0.8, .ci_low = 99.5, .ci_high = 100.5};
    constant = at_confidence(constant, 0.95);
    assert_interval(constant, 99.5, 100.5);
    assert_true(constant.confidence == 0.95); /* the resolution, which has no level */
}

static void test_own_level(void **unused)
{
    struct sb_trend_point p = {
        .n = 5, .mean = 100, .sd = NAN, .confidence = 0.8, .ci_low = 99, .ci_high = 101};
    p = at_confidence(p, 0.95);
    assert_interval(p, 99, 101);
    assert_true(p.confidence == 0.8);
    struct sb_trend_point none = {
        .n = 1, .n_runs = 1, .mean = 100, .sd = NAN, .confidence = 0.8, .ci_low = NAN, .ci_high = NAN};
    none = at_confidence(none, 0.95);
    assert_true(isnan(none.ci_low));
    assert_true(none.confidence == 0.95);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_anew),
        cmocka_unit_test(test_one_boot),
        cmocka_unit_test(test_as_stored),
        cmocka_unit_test(test_own_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
