/*
 * What must hold for any data: random tables with ties, zeros, constants, one run, one boot, missing cells
 * and huge factors go through summaries and comparisons.
 */
#include "analyze_fixture.h"
#include "analyze/random_normal.h"
#include "analyze/rank_tests.h"
#include "core/alloc.h"

enum { TABLES = 400 };

static const char *const platforms[] = {"raw", "qcow2", "docker"};

/* One random number of the kind the cell is made of. */
static double draw(struct sb_random *r, size_t kind, double location)
{
    double z = sb_random_normal(r);
    switch (kind) {
    case 0: return location;
    case 1: return location * exp(0.01 * z);
    case 2: return floor(location * (1 + 0.02 * z));
    case 3: return sb_random_below(r, 3) ? location * exp(z) : 0;
    case 4: return -location + z;
    default: return location * (1 + 0.001 * z);
    }
}

static void random_table(struct fixture *f, uint64_t seed, double factor)
{
    static const char *const metrics[] = {"events_per_second", "latency_p95", "latency_avg", "latency_max"};
    struct sb_random r;
    sb_random_seed(&r, seed);
    fixture_init(f);
    for (size_t p = 0; p < 3; p++)
        for (size_t c = 0; c < 3; c++) {
            size_t runs = sb_random_below(&r, 7), boots = sb_random_below(&r, 4),
                   kind = sb_random_below(&r, 6);
            double location = 100 * exp(3 * sb_random_normal(&r));
            for (size_t i = 0; i < runs; i++) {
                char labels[120], boot[40] = "";
                if (boots) snprintf(boot, sizeof boot, " boot=b%zu", i % boots);
                snprintf(labels, sizeof labels, "platform=%s config=c%zu test=cpu%s", platforms[p], c, boot);
                struct sb_run *run = fixture_run(f, "cpu", labels);
                for (size_t m = 0; m < SB_ARRAY_SIZE(metrics); m++)
                    fixture_value(f, run, metrics[m], factor * draw(&r, kind, location),
                                  m % 2 ? NAN : factor * 0.005);
                run->suspect = sb_random_below(&r, 12) == 0;
            }
        }
}

static bool compare(struct fixture *f, bool all_pairs)
{
    struct sb_compare_request request = {.factor = "platform", .baseline = NULL, .all_pairs = all_pairs};
    fixture_summarise(f);
    return sb_compare(&f->ds, &f->results, &request, &f->err);
}

/* Undefined is missing with a reason. */
static void check_summary(const struct sb_summary *s)
{
    bool excused = s->findings.nr > 0;
    const double figures[] = {s->mean, s->sd, s->ci_low, s->ci_high, s->median, s->geomean, s->cv};
    for (size_t i = 0; i < SB_ARRAY_SIZE(figures); i++)
        assert_true(!isnan(figures[i]) || excused);
    if (!s->n) {
        assert_true(sb_codes_has(&s->findings, "RUNS_EXCLUDED"));
        return;
    }
    assert_true(s->min <= s->q1 && s->q1 <= s->median && s->median <= s->q3 && s->q3 <= s->max);
    assert_true(s->mean >= s->min - 1e-9 * fabs(s->min) && s->mean <= s->max + 1e-9 * fabs(s->max));
    if (!isnan(s->ci_low)) assert_true(s->ci_low <= s->mean && s->mean <= s->ci_high);
    if (isnan(s->ci_low))
        assert_true(sb_codes_has(&s->findings, "ONE_RUN") ||
                    sb_codes_has(&s->findings, "RESOLUTION_UNKNOWN"));
    assert_int_equal(isnan(s->geomean), sb_codes_has(&s->findings, "LOG_UNDEFINED") != 0);
    assert_true(s->n <= s->n_runs);
}

static void check_row(const struct sb_results *results, const struct sb_comparison *row)
{
    double m = results->settings.margin;
    if (!isnan(row->p)) assert_true(row->p >= 0 && row->p <= 1);
    if (!isnan(row->p_adjusted))
        assert_true(row->p_adjusted >= row->p && row->p_adjusted <= 1 && row->group.primary);
    if (!isnan(row->ratio_low)) assert_true(row->ratio_low <= row->ratio && row->ratio <= row->ratio_high);
    if (!isnan(row->ratio_low90) && !isnan(row->ratio_low))
        assert_true(row->ratio_low <= row->ratio_low90 && row->ratio_high90 <= row->ratio_high);
    if (!row->group.name) assert_true(row->verdict == SB_VERDICT_NONE && isnan(row->p));
    if (row->group.primary) assert_true(row->verdict != SB_VERDICT_NONE);
    if (!row->group.primary && row->verdict != SB_VERDICT_NONE)
        assert_true(row->restates || sb_codes_has(&row->findings, "PRIMARY_MISSING"));
    if (row->group.primary && row->verdict == SB_EQUIVALENT)
        assert_true(row->ratio_low90 >= 1 / (1 + m) && row->ratio_high90 <= 1 + m);
    if (row->group.primary && (row->verdict == SB_FASTER || row->verdict == SB_SLOWER))
        assert_true(row->p_adjusted < results->settings.alpha && row->n_baseline > 1 && row->n_level > 1);
    if (row->runs_needed) assert_int_equal(row->verdict, SB_INCONCLUSIVE);
    if (isnan(row->ratio) || isnan(row->ratio_low) || (row->group.name && isnan(row->p)))
        assert_true(row->findings.nr > 0);
    assert_true(row->effect_size <= 0 || row->effect_size >= 0 || isnan(row->effect_size));
    if (!isnan(row->chance_equivalent))
        assert_true(row->chance_equivalent >= -1e-9 && row->chance_equivalent <= 1 + 1e-9);
}

static void what_must_hold_for_any_table(void **state)
{
    static const char *const methods[] = {"welch", "permutation", "mann-whitney", "games-howell"};
    static const char *const estimates[] = {"ratio", "difference", "fieller", "hodges-lehmann"};
    size_t rows = 0;
    for (uint64_t seed = 1; seed <= TABLES; seed++) {
        struct fixture f;
        random_table(&f, seed, 1);
        f.results.settings.p_method = methods[seed % 4];
        f.results.settings.estimate = estimates[seed / 4 % 4];
        if (compare(&f, seed % 3 == 0)) {
            for (size_t i = 0; i < f.results.summaries_nr; i++)
                check_summary(&f.results.summaries[i]);
            for (size_t i = 0; i < f.results.comparisons_nr; i++)
                check_row(&f.results, &f.results.comparisons[i]);
            rows += f.results.comparisons_nr;
        }
        sb_aggregate(&f.results);
        fixture_free(&f);
    }
    assert_true(rows > 3000);
}

static void same(double a, double b, double tolerance)
{
    if (isnan(a) && isnan(b)) return;
    ASSERT_NEAR(a, b, tolerance * fmax(fabs(b), 1e-6));
}

/* Another unit changes no ratio, no p and no verdict. */
static void units_do_not_matter(void **state)
{
    for (uint64_t seed = 1; seed <= TABLES / 4; seed++) {
        struct fixture f, g;
        random_table(&f, seed, 1);
        random_table(&g, seed, 1024);
        bool ok = compare(&f, true);
        assert_int_equal(compare(&g, true), ok);
        assert_int_equal(f.results.comparisons_nr, g.results.comparisons_nr);
        for (size_t i = 0; i < f.results.comparisons_nr; i++) {
            const struct sb_comparison *a = &f.results.comparisons[i], *b = &g.results.comparisons[i];
            same(b->ratio, a->ratio, 1e-9);
            same(b->p_adjusted, a->p_adjusted, 1e-6);
            assert_int_equal(a->verdict, b->verdict);
            assert_int_equal(a->runs_needed, b->runs_needed);
        }
        fixture_free(&f);
        fixture_free(&g);
    }
}

/* Baseline and level exchanged: the ratio is turned over, the p stays. */
static void sides_can_be_exchanged(void **state)
{
    for (uint64_t seed = 1; seed <= TABLES / 4; seed++) {
        struct fixture f;
        random_table(&f, seed, 1);
        fixture_summarise(&f);
        struct sb_compare_request there = {.factor = "platform", .baseline = "raw"},
                                  back = {.factor = "platform", .baseline = "docker"};
        if (sb_compare(&f.ds, &f.results, &there, &f.err) && sb_compare(&f.ds, &f.results, &back, &f.err))
            for (size_t i = 0; i < f.results.comparisons_nr; i++)
                for (size_t j = 0; j < f.results.comparisons_nr; j++) {
                    const struct sb_comparison *a = &f.results.comparisons[i], *b = &f.results.comparisons[j];
                    if (a->summary_baseline != b->summary_level || a->summary_level != b->summary_baseline)
                        continue;
                    same(b->ratio, 1 / a->ratio, 1e-12);
                    same(b->ratio_low, 1 / a->ratio_high, 1e-9);
                    same(b->p, a->p, 1e-12);
                    same(b->effect_size, -a->effect_size, 1e-9);
                    same(b->cliffs_delta, -a->cliffs_delta, 1e-12);
                }
        fixture_free(&f);
    }
}

/* The order in which runs are read changes nothing that is printed. */
static void order_of_runs_does_not_matter(void **state)
{
    for (uint64_t seed = 1; seed <= TABLES / 4; seed++) {
        struct fixture f, g;
        random_table(&f, seed, 1);
        random_table(&g, seed, 1);
        for (size_t i = 0; i < g.ds.runs_nr / 2; i++) {
            struct sb_run swap = g.ds.runs[i];
            g.ds.runs[i] = g.ds.runs[g.ds.runs_nr - 1 - i];
            g.ds.runs[g.ds.runs_nr - 1 - i] = swap;
        }
        assert_int_equal(compare(&f, false), compare(&g, false));
        assert_int_equal(f.results.comparisons_nr, g.results.comparisons_nr);
        for (size_t i = 0; i < f.results.comparisons_nr; i++) {
            const struct sb_comparison *a = &f.results.comparisons[i], *b = &g.results.comparisons[i];
            assert_string_equal(a->level, b->level);
            assert_string_equal(a->metric, b->metric);
            same(b->ratio, a->ratio, 1e-12);
            same(b->p_adjusted, a->p_adjusted, 1e-8);
            assert_int_equal(a->verdict, b->verdict);
        }
        fixture_free(&f);
        fixture_free(&g);
    }
}

static void drawn_permutations_come_near_the_exact_p(void **state)
{
    struct sb_random r;
    double a[9], b[9];
    sb_random_seed(&r, 5);
    for (size_t i = 0; i < 9; i++) {
        a[i] = 100 + sb_random_normal(&r);
        b[i] = 101 + sb_random_normal(&r);
    }
    struct sb_exact_test exact = sb_permutation_test(a, 9, b, 9, 0, 1); /* 48,620 divisions */
    assert_true(exact.exact && exact.error == 0);
    double more_a[12], more_b[12]; /* 2,704,156 divisions */
    for (size_t i = 0; i < 12; i++) {
        more_a[i] = a[i % 9] + 0.01 * (double)i;
        more_b[i] = b[i % 9] + 0.02 * (double)i;
    }
    struct sb_exact_test one = sb_permutation_test(more_a, 12, more_b, 12, 99999, 1),
                         two = sb_permutation_test(more_a, 12, more_b, 12, 99999, 2),
                         again = sb_permutation_test(more_a, 12, more_b, 12, 99999, 1);
    assert_true(!one.exact && one.error > 0);
    assert_true(one.p == again.p && one.p != two.p);
    ASSERT_NEAR(one.p, two.p, 6 * one.error + 1e-5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_must_hold_for_any_table),
        cmocka_unit_test(units_do_not_matter),
        cmocka_unit_test(sides_can_be_exchanged),
        cmocka_unit_test(order_of_runs_does_not_matter),
        cmocka_unit_test(drawn_permutations_come_near_the_exact_p),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
