/* What charts say about how their figures came about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "cli/chart_builder.h"
#include "core/alloc.h"

static struct sb_arena arena;
static struct sb_results results;
static struct sb_chart_builder builder = {.arena = &arena, .results = &results};

static int setup(void **unused)
{
    sb_arena_init(&arena);
    return 0;
}

static int teardown(void **unused)
{
    sb_arena_free(&arena);
    return 0;
}

/* ---- verdicts ---- */

static void test_verdict_note(void **unused)
{
    static const struct {
        const char *correction, *p_method, *note;
    } rows[] = {
        {"holm", "welch", "colours: verdict after correction for all comparisons of the table"},
        {"bh", "permutation",
         "colours: verdict after Benjamini and Hochberg's correction for all comparisons of the table"},
        {"none", "welch", "colours: verdict of each comparison by itself, not corrected for their number"},
        {"holm", "dunnett",
         "colours: verdict after Dunnett's correction within each combination, not for all comparisons of "
         "the "
         "table"},
        {"none", "games-howell",
         "colours: verdict after Games-Howell's correction within each combination, not for all comparisons "
         "of the table"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
        results.settings.correction = rows[i].correction;
        results.settings.p_method = rows[i].p_method;
        assert_string_equal(sb_verdict_note(&builder), rows[i].note);
    }
}

/* ---- replicates ---- */

static void test_counts(void **unused)
{
    static const struct {
        size_t n[2];
        bool boots[2];
        const char *text;
    } rows[] = {
        {{5, 5}, {true, true}, "5 boots each"},          {{5, 3}, {false, false}, "3 to 5 runs each"},
        {{1, 1}, {true, true}, "1 boot each"},           {{5, 5}, {false, true}, "5 boots or runs each"},
        {{5, 5}, {true, false}, "5 boots or runs each"}, {{2, 9}, {true, false}, "2 to 9 boots or runs each"},
        {{1, 1}, {true, false}, "1 boot or run each"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
        struct sb_counts counts = {.most = 0};
        for (size_t k = 0; k < 2; k++) {
            const struct sb_summary s = {.n = rows[i].n[k], .boots_known = rows[i].boots[k]};
            sb_counts_add(&counts, &s);
        }
        assert_string_equal(sb_counts_text(&arena, &counts), rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_verdict_note, setup, teardown),
        cmocka_unit_test_setup_teardown(test_counts, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
