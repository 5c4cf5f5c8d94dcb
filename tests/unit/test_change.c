/* E-divisive: the statistic against its definition, p against all permutations, and series made by hand. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <math.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "history/change.h"

enum { MOST = 64, SHUFFLES = 9999 };

static uint64_t state = 1;

static double uniform(void)
{
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(state >> 11) / 9007199254740992.0;
}

/* Q of a split, straight from the definition. */
static double defined_q(const double *x, size_t n, size_t at)
{
    double between = 0, left = 0, right = 0, m = (double)at, k = (double)(n - at);
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) {
            double d = fabs(x[i] - x[j]);
            if (j < at)
                left += d;
            else if (i >= at)
                right += d;
            else
                between += d;
        }
    return m * k / (m + k) * (2 * between / (m * k) - left / (m * (m - 1) / 2) - right / (k * (k - 1) / 2));
}

static double largest_q(const double *x, size_t n, size_t *at)
{
    double most = -INFINITY;
    for (size_t i = SB_CHANGE_LEAST; i + SB_CHANGE_LEAST <= n; i++) {
        double q = defined_q(x, n, i);
        if (q > most * (1 + 1e-12) || most == -INFINITY) {
            most = q;
            *at = i;
        }
    }
    return most;
}

static void the_first_split_is_where_q_is_largest(void **unused)
{
    struct sb_change changes[MOST];
    (void)unused;
    for (int round = 0; round < 500; round++) {
        double x[MOST];
        size_t n = 4 + (size_t)(uniform() * 40), at = 0;
        for (size_t i = 0; i < n; i++)
            x[i] = round % 3 == 0 ? floor(4 * uniform()) : exp(3 * uniform());
        double most = largest_q(x, n, &at);
        sb_find_changes(x, n, 0, 1, 1, changes); /* level 0: nothing stands, the first split is told */
        if (changes[0].at == 0) continue;        /* all equal */
        assert_in_range(changes[0].at, SB_CHANGE_LEAST, n - SB_CHANGE_LEAST);
        double told = defined_q(x, n, changes[0].at);
        assert_true(fabs(told - most) <= 1e-9 * fabs(most) + 1e-12);
    }
}

static size_t count_permutations(double *x, size_t n, size_t from, double q, size_t *all)
{
    size_t at, reached = 0;
    if (from == n) {
        (*all)++;
        return largest_q(x, n, &at) >= q - 1e-9;
    }
    for (size_t i = from; i < n; i++) {
        double swap = x[from];
        x[from] = x[i];
        x[i] = swap;
        reached += count_permutations(x, n, from + 1, q, all);
        swap = x[from];
        x[from] = x[i];
        x[i] = swap;
    }
    return reached;
}

static void p_is_the_share_of_all_permutations(void **unused)
{
    static const double series[][7] = {{1, 2, 1.5, 9, 8, 8.5, 9.5}, {3, 1, 4, 1, 5, 9, 2}, {1, 1, 1, 2, 2, 2, 2}};
    (void)unused;
    for (size_t k = 0; k < SB_ARRAY_SIZE(series); k++) {
        double x[7];
        struct sb_change changes[8];
        size_t at, all = 0;
        for (size_t i = 0; i < 7; i++)
            x[i] = series[k][i];
        double exact = (double)count_permutations(x, 7, 0, largest_q(series[k], 7, &at), &all) / 5040;
        assert_int_equal(all, 5040);
        sb_find_changes(series[k], 7, 0, SHUFFLES, 7, changes);
        /* sequential stopping: 100 of at least 100 / p shuffles; four standard errors */
        double error = sqrt(exact * (1 - exact) / fmin(SHUFFLES, 100 / exact));
        assert_true(fabs(changes[0].p - exact) <= 4 * error + 1e-3);
        assert_true(exact >= sb_change_p_floor(7) - 1e-12);
    }
}

static void the_floor_is_reached_by_a_clean_step_only_when_there_are_enough_points(void **unused)
{
    (void)unused;
    assert_true(sb_change_p_floor(3) > 1);
    assert_true(fabs(sb_change_p_floor(4) - 2.0 / 6) < 1e-12);
    assert_true(fabs(sb_change_p_floor(7) - 2.0 / 35) < 1e-12);
    assert_true(fabs(sb_change_p_floor(8) - 2.0 / 70) < 1e-12);
    assert_int_equal(sb_change_points_needed(0.05), 8);
    assert_int_equal(sb_change_points_needed(0.01), 10);
    for (size_t n = 0; n < 8; n++) {
        double x[8];
        struct sb_change changes[8];
        for (size_t i = 0; i < n; i++)
            x[i] = i < n / 2 ? 1 : 1000 + (double)i;
        assert_int_equal(sb_find_changes(x, n, 0.05, SHUFFLES, 1, changes), 0);
    }
}

static size_t search(const double *x, size_t n, struct sb_change *changes)
{
    return sb_find_changes(x, n, 0.05, SHUFFLES, 1, changes);
}

/* A little noise that is the same on every machine. */
static double wobble(size_t i)
{
    return (double)((i * 7 + i / 3) % 5) - 2;
}

static void a_step_is_found_where_it_is(void **unused)
{
    (void)unused;
    for (size_t at = 5; at <= 15; at += 5) {
        double x[20], moved[20];
        struct sb_change changes[16], again[16];
        for (size_t i = 0; i < 20; i++) {
            x[i] = 100 + wobble(i) + (i >= at ? 10 : 0);
            moved[i] = -1e6 + 1e-3 * x[i];
        }
        assert_int_equal(search(x, 20, changes), 1);
        assert_int_equal(changes[0].at, at);
        assert_true(changes[0].p < 0.01);
        assert_int_equal(search(x, 20, again), 1); /* the same answer again */
        assert_true(again[0].p == changes[0].p);
        assert_int_equal(search(moved, 20, again), 1); /* in any unit */
        assert_int_equal(again[0].at, at);
    }
}

static void several_steps_are_found_in_falling_order_of_evidence(void **unused)
{
    double x[45];
    struct sb_change changes[32];
    (void)unused;
    for (size_t i = 0; i < 45; i++)
        x[i] = wobble(i) + (i >= 15 ? 20 : 0) + (i >= 30 ? 12 : 0);
    size_t nr = search(x, 45, changes);
    assert_int_equal(nr, 2);
    assert_int_equal(changes[0].at, 15);
    assert_int_equal(changes[1].at, 30);
    assert_true(changes[1].p >= changes[0].p);
}

static void what_does_not_change_has_no_change(void **unused)
{
    double equal[30], ties[30], outlier[30], tiny[30];
    struct sb_change changes[20];
    (void)unused;
    for (size_t i = 0; i < 30; i++) {
        equal[i] = 42;
        ties[i] = (double)(i * i % 3 == 1);
        outlier[i] = wobble(i) + (i == 17 ? 500 : 0);
        tiny[i] = i % 2 ? 5e-324 : 0; /* too small a difference to scale */
    }
    assert_int_equal(search(equal, 30, changes), 0);
    assert_int_equal(changes[0].at, 0);
    assert_true(changes[0].p == 1);
    assert_int_equal(search(ties, 30, changes), 0);
    assert_int_equal(search(outlier, 30, changes), 0);
    assert_int_equal(search(tiny, 30, changes), 0);
}

static void a_step_among_ties_and_beside_an_outlier_is_found(void **unused)
{
    double ties[24], outlier[24];
    struct sb_change changes[20];
    (void)unused;
    for (size_t i = 0; i < 24; i++) {
        ties[i] = (double)((i < 12 ? 1 : 2) - i % 2);
        outlier[i] = wobble(i) + (i >= 12 ? 12 : 0) + (i == 3 ? 60 : 0);
    }
    assert_int_equal(search(ties, 24, changes), 1);
    assert_int_equal(changes[0].at, 12);
    assert_int_equal(search(outlier, 24, changes), 1);
    assert_int_equal(changes[0].at, 12);
}

static void false_alarms_stay_at_the_level(void **unused)
{
    size_t alarms = 0;
    enum { ROUNDS = 400 };
    (void)unused;
    state = 99;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        double x[20];
        struct sb_change changes[16];
        for (size_t i = 0; i < 20; i++)
            x[i] = -log(1 - uniform()); /* skewed */
        alarms += sb_find_changes(x, 20, 0.05, 1999, round, changes) > 0;
    }
    assert_in_range(alarms, 5, 37); /* 20 expected; four standard errors of a binomial are 17 */
}

static void huge_values_do_not_overflow(void **unused)
{
    double x[16];
    struct sb_change changes[16];
    (void)unused;
    for (size_t i = 0; i < 16; i++)
        x[i] = i < 8 ? -1.7e308 + 1e305 * wobble(i) * 0.01 : 1.7e308;
    assert_int_equal(search(x, 16, changes), 1);
    assert_int_equal(changes[0].at, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_split_is_where_q_is_largest),
        cmocka_unit_test(p_is_the_share_of_all_permutations),
        cmocka_unit_test(the_floor_is_reached_by_a_clean_step_only_when_there_are_enough_points),
        cmocka_unit_test(a_step_is_found_where_it_is),
        cmocka_unit_test(several_steps_are_found_in_falling_order_of_evidence),
        cmocka_unit_test(what_does_not_change_has_no_change),
        cmocka_unit_test(a_step_among_ties_and_beside_an_outlier_is_found),
        cmocka_unit_test(false_alarms_stay_at_the_level),
        cmocka_unit_test(huge_values_do_not_overflow),
    };
    return cmocka_run_group_tests_name("change", tests, NULL, NULL);
}
