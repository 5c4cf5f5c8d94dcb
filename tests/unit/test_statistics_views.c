/* The further views of analyze.h, from runs to rows; their arithmetic is checked against R in
 * test_reference.c. */
#include "analyze_fixture.h"
#include "core/alloc.h"

static void design(struct fixture *f, int boots, bool empty_cell)
{
    static const char *const platforms[] = {"raw", "docker"};
    fixture_init(f);
    for (int p = 0; p < 2; p++)
        for (int v = 1; v <= 3; v++)
            for (int b = 0; b < boots; b++) {
                if (empty_cell && p == 1 && v == 3) continue;
                char labels[120];
                snprintf(labels, sizeof labels, "platform=%s config=c%d vcpus=%d test=cpu boot=b%d",
                         platforms[p], v, v, b);
                double noise = 1 + 0.002 * ((b * 7 + p * 3 + v * 5) % 5 - 2);
                struct sb_run *run = fixture_run(f, "cpu", labels);
                fixture_value(f, run, "events_per_second", 100.0 * v * (p ? 1.2 : 1) * noise, 0.005);
                fixture_value(f, run, "latency_max", 10, 0.005);
            }
    fixture_summarise(f);
}

static void effects_of_two_factors(void **state)
{
    struct fixture f;
    design(&f, 4, false);
    struct sb_effects_request request = {NULL, NULL};
    assert_true(sb_effects(&f.ds, &f.results, &request, &f.err));
    assert_int_equal(f.results.effects_nr, 1);
    const struct sb_effects *e = &f.results.effects[0];
    assert_string_equal(e->metric, "events_per_second");
    assert_string_equal(sb_labels_text(&f.results.arena, &e->rest), "test=cpu");
    assert_int_equal(e->n, 24);
    assert_int_equal(e->terms_nr, 3);
    assert_string_equal(e->terms[2].name, "platform:vcpus");
    assert_int_equal(e->terms[1].df, 2);
    assert_int_equal(e->df_residual, 18);
    assert_true(e->terms[0].p_adjusted < 1e-10 && e->terms[0].p_adjusted >= e->terms[0].p);
    assert_true(e->terms[2].p > 0.05);
    assert_int_equal(e->ratios_nr, 3);
    assert_string_equal(e->ratios[0].baseline, "raw");
    ASSERT_NEAR(e->ratios[0].ratio, 1.2, 0.005);
    assert_true(e->ratios[0].low < e->ratios[0].ratio && e->ratios[0].ratio < e->ratios[0].high);
    ASSERT_NEAR(e->ratios[2].ratio, 3, 0.02);
    fixture_free(&f);
}

static void empty_cells_leave_main_effects(void **state)
{
    struct fixture f;
    design(&f, 4, true);
    struct sb_effects_request request = {NULL, NULL};
    assert_true(sb_effects(&f.ds, &f.results, &request, &f.err));
    const struct sb_effects *e = &f.results.effects[0];
    assert_int_equal(e->terms[2].df, 1);
    assert_true(sb_codes_has(&e->findings, "EMPTY_CELLS"));
    assert_true(e->ratios[0].additive);
    ASSERT_NEAR(e->ratios[0].ratio, 1.2, 0.01);
    fixture_free(&f);
}

static void one_value_for_each_cell_tests_nothing(void **state)
{
    struct fixture f;
    design(&f, 1, false);
    struct sb_effects_request request = {NULL, NULL};
    assert_true(sb_effects(&f.ds, &f.results, &request, &f.err));
    const struct sb_effects *e = &f.results.effects[0];
    assert_int_equal(e->df_residual, 0);
    assert_true(isnan(e->terms[0].p) && isnan(e->ratios[0].low) && !isnan(e->ratios[0].ratio));
    assert_true(sb_codes_has(&e->findings, "NO_REPLICATES"));
    fixture_free(&f);
}

/* Two sizes that always go together cannot be told apart: they are one factor, and that is said. */
static void sizes_that_go_together_are_one_factor(void **state)
{
    static const char *const by[][3] = {{NULL}, {"platform", "vcpus", NULL}};
    for (size_t asked = 0; asked < 2; asked++) {
        struct fixture f;
        fixture_init(&f);
        FIXTURE_CELL(&f, "cpu", "platform=raw config=a vcpus=1 memory_mib=512 test=cpu", "events_per_second",
                     100, 101, 102);
        FIXTURE_CELL(&f, "cpu", "platform=raw config=b vcpus=2 memory_mib=1024 test=cpu", "events_per_second",
                     200, 203, 201);
        FIXTURE_CELL(&f, "cpu", "platform=docker config=a vcpus=1 memory_mib=512 test=cpu",
                     "events_per_second", 110, 112, 111);
        FIXTURE_CELL(&f, "cpu", "platform=docker config=b vcpus=2 memory_mib=1024 test=cpu",
                     "events_per_second", 222, 220, 221);
        fixture_summarise(&f);
        struct sb_effects_request request = {asked ? by[1] : NULL, NULL};
        assert_true(sb_effects(&f.ds, &f.results, &request, &f.err));
        assert_int_equal(f.results.effects_nr, 1);
        const struct sb_effects *e = &f.results.effects[0];
        assert_int_equal(e->terms_nr, 3);
        assert_string_equal(e->terms[1].name, asked ? "vcpus" : "config");
        assert_int_equal(e->terms[1].df, 1);
        ASSERT_NEAR(e->ratios[1].ratio, 2, 0.02);
        assert_int_equal(sb_codes_has(&e->findings, "CONFOUNDED") != 0, asked); /* config means both sizes */
        fixture_free(&f);
    }
}

static void effects_across_accelerators_are_marked(void **state)
{
    static const char *const of_docker[] = {"none", "kvm", "tcg"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(of_docker); i++) {
        struct fixture f;
        fixture_init(&f);
        FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100, 101, 102);
        FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "events_per_second", 110, 112, 111);
        for (size_t r = 0; r < f.ds.runs_nr; r++)
            sb_run_set_param(&f.ds, &f.ds.runs[r], "env.accelerator", r < 3 ? "tcg" : of_docker[i], 0);
        fixture_summarise(&f);
        struct sb_effects_request request = {NULL, NULL};
        assert_true(sb_effects(&f.ds, &f.results, &request, &f.err));
        assert_int_equal(sb_codes_has(&f.results.effects[0].findings, "ACCELERATORS_DIFFER") != 0, i < 2);
        fixture_free(&f);
    }
}

static void factors_must_vary(void **state)
{
    struct fixture f;
    design(&f, 2, false);
    const char *const factors[] = {"test", NULL};
    struct sb_effects_request request = {factors, NULL};
    assert_false(sb_effects(&f.ds, &f.results, &request, &f.err));
    assert_int_equal(f.err.code, SB_ERR_USAGE);
    fixture_free(&f);
}

static void repetitions_tell_boots_from_runs(void **state)
{
    struct fixture f;
    fixture_init(&f);
    static const double boots[] = {100, 108, 96, 103, 99};
    for (size_t b = 0; b < SB_ARRAY_SIZE(boots); b++)
        for (int r = 0; r < 4; r++) {
            char labels[100];
            snprintf(labels, sizeof labels, "platform=raw test=cpu boot=b%zu", b);
            fixture_value(&f, fixture_run(&f, "cpu", labels), "events_per_second",
                          boots[b] * (1 + 0.001 * (r - 1.5)), 0.005);
        }
    fixture_summarise(&f);
    struct sb_repetitions_request request = {.half_width = 0.02, .cost_boot = 30, .cost_run = 10};
    assert_true(sb_repetitions(&f.ds, &f.results, &request, &f.err));
    assert_int_equal(f.results.repetitions_nr, 1);
    const struct sb_repetition_plan *p = &f.results.repetitions[0];
    assert_true(p->sd_between > 0.03 && p->sd_within < 0.002 && p->icc > 0.99);
    assert_int_equal(p->runs_per_boot, 1); /* the boots differ, the runs do not */
    assert_true(p->boots > 10 && p->boots < 40);
    assert_true(p->boots_compare > p->boots);
    assert_true(p->half_width > 0.04 && p->half_width < 0.08);
    fixture_free(&f);
}

static void repetitions_without_boots_say_so(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0, 102.0, 98.0, 101.0, 99.0);
    fixture_summarise(&f);
    struct sb_repetitions_request request = {0};
    assert_true(sb_repetitions(&f.ds, &f.results, &request, &f.err));
    const struct sb_repetition_plan *p = &f.results.repetitions[0];
    assert_true(isnan(p->sd_between) && isnan(p->icc));
    assert_true(sb_codes_has(&p->findings, "BOOT_UNKNOWN"));
    assert_int_equal(p->boots,
                     5); /* R: the smallest n with qt(.975, n-1) * sd(log(x)) / sqrt(n) <= log(1.02) */
    fixture_free(&f);
}

static void scaling_over_vcpus(void **state)
{
    static const double rate[] = {100, 180, 300}, size[] = {1, 2, 4};
    struct fixture f;
    fixture_init(&f);
    for (int i = 0; i < 3; i++)
        for (int r = 0; r < 3; r++) {
            char labels[100];
            snprintf(labels, sizeof labels, "platform=raw config=c%.0f vcpus=%.0f test=cpu", size[i],
                     size[i]);
            fixture_value(&f, fixture_run(&f, "cpu", labels), "events_per_second",
                          rate[i] * (1 + 0.001 * (r - 1)), 0.005);
        }
    fixture_summarise(&f);
    assert_true(sb_scaling(&f.ds, &f.results, "vcpus", &f.err));
    assert_int_equal(f.results.scaling_nr, 1);
    const struct sb_scaling *s = &f.results.scaling[0];
    assert_int_equal(s->points_nr, 3);
    ASSERT_NEAR(s->points[2].speedup, 3, 1e-9);
    ASSERT_NEAR(s->points[2].efficiency, 0.75, 1e-9);
    ASSERT_NEAR(s->points[0].speedup, 1, 0);
    ASSERT_NEAR(s->amdahl_sigma.value, 1 / 9.0, 1e-3); /* 180 = 200 / (1 + s), 300 = 400 / (1 + 3 s) */
    ASSERT_NEAR(s->usl_kappa.value, 0, 1e-4);
    assert_true(s->amdahl_sigma.low < s->amdahl_sigma.value && s->amdahl_sigma.value < s->amdahl_sigma.high);
    assert_false(sb_scaling(&f.ds, &f.results, "colour", &f.err));
    fixture_free(&f);
}

static void tests(struct fixture *f, bool hole)
{
    fixture_init(f);
    static const struct {
        const char *kind, *metric, *test;
        double docker;
    } rows[] = {{"cpu", "events_per_second", "cpu", 2},
                {"memory", "memory_throughput", "memory", 0.5},
                {"fileio", "total_throughput", "fileio", 8}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++)
        for (int p = 0; p < 2; p++)
            for (int r = 0; r < 4; r++) {
                char labels[100];
                if (hole && p && i == 2) continue;
                snprintf(labels, sizeof labels, "platform=%s test=%s", p ? "docker" : "raw", rows[i].test);
                double value = 100 * (p ? rows[i].docker : 1) * (1 + 0.01 * (r % 2));
                fixture_value(f, fixture_run(f, rows[i].kind, labels), rows[i].metric, value, 0.005);
            }
    for (int r = 0; r < 4; r++) /* a third platform with all tests */
        for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
            char labels[100];
            snprintf(labels, sizeof labels, "platform=qcow2 test=%s", rows[i].test);
            fixture_value(f, fixture_run(f, rows[i].kind, labels), rows[i].metric, 100 * (1 + 0.01 * (r % 2)),
                          0.005);
        }
    fixture_compare(f, "platform", "raw");
}

static void geometric_mean_over_tests(void **state)
{
    struct fixture f;
    tests(&f, false);
    sb_aggregate(&f.results);
    assert_int_equal(f.results.aggregates_nr, 2);
    const struct sb_aggregate *a = &f.results.aggregates[1];
    assert_string_equal(a->level, "docker");
    assert_int_equal(a->tests, 3);
    ASSERT_NEAR(a->ratio, 2, 1e-9); /* (2 * 0.5 * 8)^(1/3) */
    /* R: v <- var(log(c(1, 1.01, 1, 1.01))) / 4; 2 * exp(c(-1, 1) * qt(0.975, 18) * sqrt(3 * 2 * v / 9)) */
    ASSERT_NEAR(a->low, 1.99016958876402, 1e-9);
    ASSERT_NEAR(a->high, 2.00987896839695, 1e-9);
    fixture_free(&f);
}

static void unmatched_tests_are_refused(void **state)
{
    struct fixture f;
    tests(&f, true);
    sb_aggregate(&f.results);
    assert_int_equal(f.results.aggregates_nr, 2);
    for (int i = 0; i < 2; i++) {
        assert_true(isnan(f.results.aggregates[i].ratio) && isnan(f.results.aggregates[i].low));
        assert_true(sb_codes_has(&f.results.aggregates[i].findings, "NOT_MATCHED"));
    }
    fixture_free(&f);
}

static void series_lose_their_warm_up(void **state)
{
    struct fixture f;
    fixture_init(&f);
    struct sb_run *run = fixture_run(&f, "oltp_read_write", "platform=raw test=oltp");
    for (int i = 0; i < 100; i++) {
        double value = (i < 20 ? 50 + 2.5 * i : 100) + (i * 37 % 11 - 5) * 0.2;
        struct sb_point p = {
            .elapsed_s = i + 1, .metric = "transactions_per_second", .unit = "1/s", .value = value};
        sb_run_add_point(&f.ds, run, &p);
    }
    sb_analyse_series(&f.ds, &f.results);
    assert_int_equal(f.results.series_nr, 1);
    const struct sb_series *s = &f.results.series[0];
    assert_int_equal(s->n, 100);
    assert_int_equal(s->cut, 20);
    ASSERT_NEAR(s->cut_s, 20, 0);
    ASSERT_NEAR(s->mean, 100, 0.1);
    assert_true(s->low < s->mean && s->mean < s->high);
    fixture_free(&f);
}

static void histograms_merge_before_percentiles(void **state)
{
    struct fixture f;
    fixture_init(&f);
    for (int r = 0; r < 2; r++) {
        struct sb_run *run = fixture_run(&f, "cpu", "platform=raw test=cpu");
        fixture_value(&f, run, "events_per_second", 100 + r, 0.005);
        sb_run_add_bucket(run, 1.0, r ? 10 : 90, 1);
        sb_run_add_bucket(run, 2.0, r ? 90 : 10, 2);
        sb_run_add_bucket(run, 4.0, 0, 3);
    }
    fixture_summarise(&f);
    sb_merge_histograms(&f.ds, &f.results, (const double[]){50, 95, 100}, 3);
    assert_int_equal(f.results.percentiles_nr, 3);
    const struct sb_histogram_summary *p = f.results.percentiles;
    assert_int_equal(p[0].events, 200);
    assert_int_equal(p[0].runs, 2);
    ASSERT_NEAR(p[0].value, 1, 0);
    ASSERT_NEAR(p[1].value, 2, 0);
    ASSERT_NEAR(p[2].value, 2, 0);
    ASSERT_NEAR(p[1].low, 1.9995 * exp(-log(1e8) / 2046), 1e-12);
    ASSERT_NEAR(p[1].high, 2.0005 * exp(log(1e8) / 2046), 1e-12);
    fixture_free(&f);
}

static void exact_tests_know_their_floor(void **state)
{
    struct fixture f;
    tests(&f, false); /* 4 v 4: the smallest p is 2 / 70, six rows */
    f.results.comparisons_nr = 0;
    f.results.settings.p_method = "permutation";
    struct sb_compare_request request = {.factor = "platform", .baseline = "raw"};
    assert_true(sb_compare(&f.ds, &f.results, &request, &f.err));
    const struct sb_comparison *docker = NULL;
    for (size_t i = 0; i < f.results.comparisons_nr; i++)
        if (strcmp(f.results.comparisons[i].level, "docker") == 0) docker = &f.results.comparisons[i];
    ASSERT_NEAR(docker->p, 2 / 70.0, 1e-12);
    ASSERT_NEAR(docker->p_floor, 2 / 70.0, 1e-12);
    assert_true(sb_codes_has(&docker->findings, "P_FLOOR"));
    assert_int_equal(docker->verdict, SB_INCONCLUSIVE);
    fixture_free(&f);
}

static const char *message_of(const struct fixture *f, const char *code)
{
    for (size_t i = 0; i < f->results.findings_nr; i++)
        if (strcmp(f->results.findings[i].code, code) == 0) return f->results.findings[i].message;
    fail_msg("%s is not said", code);
    return NULL;
}

static void a_floor_is_corrected_only_where_p_is(void **state)
{
    static const char *const corrections[] = {"none", "holm"};
    for (size_t i = 0; i < 2; i++) {
        struct fixture f;
        fixture_init(&f); /* 2 v 2: the smallest p is 2 / 6 */
        FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0, 101.0);
        FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "events_per_second", 200.0, 201.0);
        f.results.settings.p_method = "permutation";
        f.results.settings.correction = corrections[i];
        fixture_compare(&f, "platform", NULL);
        const char *message = message_of(&f, "P_FLOOR");
        assert_int_equal(strstr(message, "so many comparisons") != NULL, i == 1);
        assert_int_equal(strstr(message, "corrected") != NULL, i == 1);
        fixture_free(&f);
    }
}

static void dunnett_and_games_howell_replace_holm(void **state)
{
    struct fixture f;
    tests(&f, false);
    double welch = f.results.comparisons[0].p;
    static const char *const methods[] = {"dunnett", "games-howell"};
    for (int m = 0; m < 2; m++) {
        f.results.comparisons_nr = 0;
        f.results.settings.p_method = methods[m];
        struct sb_compare_request request = {.factor = "platform", .baseline = "raw", .all_pairs = m == 1};
        assert_true(sb_compare(&f.ds, &f.results, &request, &f.err));
        assert_int_equal(f.results.comparisons_nr, m ? 9 : 6);
        for (size_t i = 0; i < f.results.comparisons_nr; i++) {
            const struct sb_comparison *row = &f.results.comparisons[i];
            assert_true(row->p_adjusted >= row->p * (1 - 1e-9) || row->p_adjusted < 1e-9);
        }
        ASSERT_NEAR(f.results.comparisons[0].p, welch, 0.2);
    }
    struct sb_compare_request request = {.factor = "platform", .all_pairs = true};
    f.results.settings.p_method = "dunnett";
    assert_false(sb_compare(&f.ds, &f.results, &request, &f.err));
    f.results.settings.p_method = "guess";
    assert_false(sb_compare(&f.ds, &f.results, &request, &f.err));
    fixture_free(&f);
}

static void a_null_control_that_differs_is_said(void **state)
{
    struct fixture f;
    tests(&f, false);
    f.results.comparisons_nr = 0;
    struct sb_filter filter = {"test", "cpu"};
    struct sb_null_control control = {&filter, 1};
    struct sb_compare_request request = {
        .factor = "platform", .baseline = "raw", .null_controls = &control, .null_controls_nr = 1};
    assert_true(sb_compare(&f.ds, &f.results, &request, &f.err));
    size_t marked = 0;
    for (size_t i = 0; i < f.results.comparisons_nr; i++) {
        assert_int_equal(f.results.comparisons[i].null_control,
                         strcmp(sb_labels_get(&f.results.comparisons[i].rest, "test"), "cpu") == 0);
        marked += sb_codes_has(&f.results.comparisons[i].findings, "NULL_CONTROL_DIFFERS") != 0;
    }
    assert_int_equal(marked, 1); /* docker; qcow2 equals raw */
    fixture_free(&f);
}

/* Several declarations, each of several filters; one on the factor names both of its values. */
static void null_controls_can_name_levels(void **state)
{
    struct fixture f;
    tests(&f, false);
    f.results.comparisons_nr = 0;
    struct sb_filter formats[] = {{"test", "cpu"}, {"platform", "[rq]*"}},
                     one_side[] = {{"test", "fileio"}, {"platform", "qcow2"}}, memory = {"test", "mem*"};
    struct sb_null_control controls[] = {{formats, 2}, {one_side, 2}, {&memory, 1}};
    struct sb_compare_request request = {
        .factor = "platform", .baseline = "raw", .null_controls = controls, .null_controls_nr = 3};
    assert_true(sb_compare(&f.ds, &f.results, &request, &f.err));
    assert_int_equal(f.results.comparisons_nr, 6);
    for (size_t i = 0; i < f.results.comparisons_nr; i++) {
        const struct sb_comparison *row = &f.results.comparisons[i];
        const char *test = sb_labels_get(&row->rest, "test");
        bool wanted =
            strcmp(test, "memory") == 0 || (strcmp(test, "cpu") == 0 && strcmp(row->level, "qcow2") == 0);
        assert_int_equal(row->null_control, wanted);
    }
    fixture_free(&f);
}

static void estimates_on_request(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.1, 101.2, 99.7, 100.5, 100.9);
    FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "events_per_second", 110.3, 109.2, 111.9, 110.1,
                 112.4);
    static const struct {
        const char *name;
        double estimate;
    } cases[] = {{"difference", 10.3}, {"fieller", 1.1024661}, {"hodges-lehmann", 10.0}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        f.results.comparisons_nr = 0;
        f.results.settings.estimate = cases[i].name;
        fixture_compare(&f, "platform", NULL);
        const struct sb_comparison *row = &f.results.comparisons[0];
        ASSERT_NEAR(row->estimate, cases[i].estimate, 0.25);
        assert_true(row->estimate_low < row->estimate && row->estimate < row->estimate_high);
        ASSERT_NEAR(row->cliffs_delta, 1, 0);
    }
    f.results.settings.estimate = "mode";
    struct sb_compare_request request = {.factor = "platform"};
    assert_false(sb_compare(&f.ds, &f.results, &request, &f.err));
    fixture_free(&f);
}

static void intervals_on_request(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.1, 101.2, 99.7, 100.5, 100.9,
                 101.5, 99.9);
    fixture_summarise(&f);
    const struct sb_summary *s = &f.results.summaries[0];
    assert_true(isnan(s->bca_low) && isnan(s->prediction_low) && isnan(s->tolerance_low));
    ASSERT_NEAR(s->median_low, 99.7, 1e-12);
    ASSERT_NEAR(s->median_attained, 1 - 2 / 128.0, 1e-12);
    assert_true(s->geo_low < s->geomean && s->geomean < s->geo_high);
    f.results.settings.bootstrap = 999;
    f.results.settings.prediction = true;
    f.results.settings.content = 0.9;
    double low[2];
    for (int i = 0; i < 2; i++) {
        fixture_summarise(&f);
        low[i] = f.results.summaries[0].bca_low;
    }
    s = &f.results.summaries[0];
    ASSERT_NEAR(low[0], low[1], 0); /* seeded */
    assert_true(s->prediction_low < s->ci_low && s->tolerance_low < s->prediction_low);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(effects_of_two_factors),
        cmocka_unit_test(empty_cells_leave_main_effects),
        cmocka_unit_test(one_value_for_each_cell_tests_nothing),
        cmocka_unit_test(sizes_that_go_together_are_one_factor),
        cmocka_unit_test(effects_across_accelerators_are_marked),
        cmocka_unit_test(factors_must_vary),
        cmocka_unit_test(repetitions_tell_boots_from_runs),
        cmocka_unit_test(repetitions_without_boots_say_so),
        cmocka_unit_test(scaling_over_vcpus),
        cmocka_unit_test(geometric_mean_over_tests),
        cmocka_unit_test(unmatched_tests_are_refused),
        cmocka_unit_test(series_lose_their_warm_up),
        cmocka_unit_test(histograms_merge_before_percentiles),
        cmocka_unit_test(exact_tests_know_their_floor),
        cmocka_unit_test(a_floor_is_corrected_only_where_p_is),
        cmocka_unit_test(dunnett_and_games_howell_replace_holm),
        cmocka_unit_test(a_null_control_that_differs_is_said),
        cmocka_unit_test(null_controls_can_name_levels),
        cmocka_unit_test(estimates_on_request),
        cmocka_unit_test(intervals_on_request),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
