#include "analyze_fixture.h"

/* R 4.2: a <- c(100.1,101.2,99.7,100.5,100.9); b <- c(110.3,109.2,111.9,110.1,112.4)
 * t.test(log(b), log(a)); exp() of its interval; exp(mean(log(b)) - mean(log(a))) */
static void ratio_is_welch_on_logs(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw config=c1 test=cpu", "events_per_second", 100.1, 101.2, 99.7, 100.5,
                 100.9);
    FIXTURE_CELL(&f, "cpu", "platform=docker config=c1 test=cpu", "events_per_second", 110.3, 109.2, 111.9,
                 110.1, 112.4);
    fixture_compare(&f, "platform", NULL);
    assert_int_equal(f.results.comparisons_nr, 1);
    const struct sb_comparison *row = &f.results.comparisons[0];
    assert_string_equal(row->baseline, "raw");
    assert_string_equal(row->level, "docker");
    ASSERT_NEAR(row->ratio, 1.1024603480615831, 1e-12);
    ASSERT_NEAR(row->ratio_low, 1.0863291062147877, 1e-12);
    ASSERT_NEAR(row->ratio_high, 1.1188311277814147, 1e-12);
    ASSERT_NEAR(row->ratio_low90, 1.0896471480212244, 1e-12);
    ASSERT_NEAR(row->ratio_high90, 1.1154242189824857, 1e-12);
    ASSERT_NEAR(row->p, 4.1044807970390516e-06, 1e-15);
    ASSERT_NEAR(row->p_adjusted, 4.1044807970390516e-06, 1e-15);
    assert_int_equal(row->verdict, SB_FASTER);
    assert_int_equal(row->runs_needed, 0);
    assert_true(sb_codes_has(&row->findings, "BOOT_UNKNOWN"));
    assert_int_equal(f.results.findings_nr, 1);
    fixture_free(&f);
}

static void equivalence_is_checked_first(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 1000.0, 1000.1, 999.9, 1000.05,
                 999.95);
    FIXTURE_CELL(&f, "cpu", "platform=qcow2 test=cpu", "events_per_second", 1005.0, 1005.1, 1004.9, 1005.05,
                 1004.95);
    fixture_compare(&f, "platform", "raw");
    const struct sb_comparison *row = &f.results.comparisons[0];
    assert_true(row->p_adjusted < 0.05); /* different beyond doubt, and equivalent all the same */
    assert_int_equal(row->verdict, SB_EQUIVALENT);
    ASSERT_NEAR(row->chance_equivalent, 1, 1e-6);
    fixture_free(&f);
}

static void inconclusive_says_how_many_runs(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "latency_p95", 10.0, 10.4, 9.7, 10.2, 9.9);
    FIXTURE_CELL(&f, "cpu", "platform=qcow2 test=cpu", "latency_p95", 10.1, 10.3, 9.6, 10.5, 9.8);
    fixture_compare(&f, "platform", NULL);
    const struct sb_comparison *row = &f.results.comparisons[0];
    assert_string_equal(row->group.name, "percentile");
    assert_int_equal(row->verdict, SB_INCONCLUSIVE);
    assert_int_equal(row->runs_needed, 42);
    fixture_free(&f);
}

static void lower_is_faster_for_latency(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "latency_p95", 10.0, 10.1, 9.9, 10.05, 9.95);
    FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "latency_p95", 5.0, 5.1, 4.9, 5.05, 4.95);
    fixture_compare(&f, "platform", NULL);
    assert_int_equal(f.results.comparisons[0].verdict, SB_FASTER);
    fixture_free(&f);
}

static void other_metrics_carry_their_groups_verdict(void **state)
{
    struct fixture f;
    fixture_init(&f);
    for (int i = 0; i < 10; i++) {
        struct sb_run *run =
            fixture_run(&f, "cpu", i < 5 ? "platform=raw test=cpu" : "platform=docker test=cpu");
        double rate = (i < 5 ? 100 : 120) + i % 5 * 0.1;
        fixture_value(&f, run, "events_per_second", rate, 0.005);
        fixture_value(&f, run, "latency_avg", 1000 / rate, 0.005);
        fixture_value(&f, run, "latency_max", 12 + i % 5, 0.005);
    }
    fixture_compare(&f, "platform", NULL);
    assert_int_equal(f.results.comparisons_nr, 3);
    const struct sb_comparison *rate = &f.results.comparisons[0], *average = &f.results.comparisons[1],
                               *most = &f.results.comparisons[2];
    assert_string_equal(average->metric, "latency_avg");
    assert_true(rate->group.primary && !average->group.primary);
    assert_int_equal(rate->verdict, SB_FASTER);
    assert_int_equal(average->verdict, SB_FASTER);
    assert_true(isnan(average->p_adjusted) && !isnan(average->p));
    ASSERT_NEAR(rate->p_adjusted, rate->p, 0); /* a family of one */
    assert_string_equal(most->metric, "latency_max");
    assert_int_equal(most->verdict, SB_VERDICT_NONE);
    assert_true(isnan(most->p) && isnan(most->p_adjusted) && !isnan(most->ratio_low));
    fixture_free(&f);
}

/* Ten runs of cpu, five for each platform, with what ties rate, latency and total time on each side. */
struct loop {
    uint32_t threads;
    const char *events; /* --events, NULL: not given */
    double rate, time;
};

static void add_loop(struct fixture *f, const char *labels, const struct loop *side)
{
    for (int i = 0; i < 5; i++) {
        struct sb_run *run = fixture_run(f, "cpu", labels);
        double rate = side->rate * (1 + i * 0.001);
        double time = side->events ? side->time / (1 + i * 0.001) : side->time * (1 + i * 1e-6);
        run->threads = side->threads;
        if (side->events) sb_run_set_param(&f->ds, run, "events", side->events, 1);
        fixture_value(f, run, "events_per_second", rate, 0.005);
        fixture_value(f, run, "total_time", time, 0.00005);
        fixture_value(f, run, "events", round(rate * time), 0.5);
        fixture_value(f, run, "latency_avg", 1000 * side->threads / rate, 0.005);
    }
}

static enum sb_verdict verdict_of(const struct fixture *f, const char *metric)
{
    for (size_t i = 0; i < f->results.comparisons_nr; i++)
        if (strcmp(f->results.comparisons[i].metric, metric) == 0) return f->results.comparisons[i].verdict;
    fail_msg("no row of %s", metric);
    return SB_VERDICT_NONE;
}

static void a_verdict_is_carried_only_where_the_metric_restates(void **state)
{
    static const struct {
        struct loop raw, docker;
        enum sb_verdict latency, total_time, events;
    } cases[] = {
        /* half the threads, half the rate: the latency of one event is as it was */
        {{2, NULL, 100, 10}, {1, NULL, 50, 10}, SB_VERDICT_NONE, SB_VERDICT_NONE, SB_SLOWER},
        /* as many threads for the same time: the time says nothing */
        {{2, NULL, 100, 10}, {2, NULL, 50, 10}, SB_SLOWER, SB_VERDICT_NONE, SB_SLOWER},
        /* a fixed number of events: the time is the rate in other words, the events are not */
        {{2, "1000", 100, 10}, {2, "1000", 50, 20}, SB_SLOWER, SB_SLOWER, SB_VERDICT_NONE},
        /* fixed, but not the same: the time may even be shorter */
        {{2, "1000", 100, 10}, {2, "100", 50, 2}, SB_SLOWER, SB_VERDICT_NONE, SB_VERDICT_NONE},
        /* both limits were given, and the time ended one side before its events were done */
        {{2, "1000", 100, 10}, {2, "1000", 50, 10}, SB_SLOWER, SB_VERDICT_NONE, SB_VERDICT_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        fixture_init(&f);
        add_loop(&f, "platform=raw test=cpu", &cases[i].raw);
        add_loop(&f, "platform=docker test=cpu", &cases[i].docker);
        fixture_compare(&f, "platform", NULL);
        assert_int_equal(verdict_of(&f, "events_per_second"), SB_SLOWER);
        assert_int_equal(verdict_of(&f, "latency_avg"), cases[i].latency);
        assert_int_equal(verdict_of(&f, "total_time"), cases[i].total_time);
        assert_int_equal(verdict_of(&f, "events"), cases[i].events);
        fixture_free(&f);
    }
}

/* Operations restate throughput at one block size only. When the options are not known, the figures may tell.
 */
static void no_row_carries_what_its_figures_rule_out(void **state)
{
    static const struct {
        const char *block;
        double throughput, operations;
        enum sb_verdict verdict;
    } cases[] = {{"1K", 150, 150, SB_FASTER},
                 {"2K", 150, 75, SB_VERDICT_NONE},
                 {NULL, 150, 150, SB_FASTER},
                 {NULL, 150, 75, SB_VERDICT_NONE},
                 {NULL, 100, 50, SB_VERDICT_NONE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        fixture_init(&f);
        for (int k = 0; k < 10; k++) {
            bool raw = k < 5;
            struct sb_run *run =
                fixture_run(&f, "memory", raw ? "platform=raw test=memory" : "platform=docker test=memory");
            const char *block = raw ? "1K" : cases[i].block;
            if (block) sb_run_set_param(&f.ds, run, "memory-block-size", block, 1);
            double noise = 1 + k % 5 * 0.001;
            fixture_value(&f, run, "memory_throughput", (raw ? 100 : cases[i].throughput) * noise, 0.005);
            fixture_value(&f, run, "memory_ops_per_second", (raw ? 100 : cases[i].operations) * noise, 0.005);
        }
        fixture_compare(&f, "platform", NULL);
        assert_int_equal(verdict_of(&f, "memory_ops_per_second"), cases[i].verdict);
        fixture_free(&f);
    }
}

static void choosing_metrics_leaves_the_family_alone(void **state)
{
    for (int only = 0; only < 2; only++) {
        struct fixture f;
        fixture_init(&f);
        for (int i = 0; i < 10; i++) {
            struct sb_run *run =
                fixture_run(&f, "cpu", i < 5 ? "platform=raw test=cpu" : "platform=docker test=cpu");
            fixture_value(&f, run, "events_per_second", 100 + i % 5 + i / 5 * 3, 0.005);
            fixture_value(&f, run, "latency_p95", 10 + i % 5 * 0.1, 0.005);
        }
        fixture_summarise(&f);
        const char *const metrics[] = {"events_per_second", NULL};
        struct sb_compare_request request = {.factor = "platform", .metrics = only ? metrics : NULL};
        assert_true(sb_compare(&f.ds, &f.results, &request, &f.err));
        assert_int_equal(f.results.comparisons_nr, only ? 1 : 2);
        ASSERT_NEAR(f.results.comparisons[0].p_adjusted, 2 * f.results.comparisons[0].p, 1e-15);
        fixture_free(&f);
    }
}

static void zeros_have_no_ratio(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "oltp_read_write", "platform=raw test=oltp", "transactions_per_second", 0.0, 2.5, 3.5,
                 1.5, 2.0);
    FIXTURE_CELL(&f, "oltp_read_write", "platform=docker test=oltp", "transactions_per_second", 30.0, 32.5,
                 31.5, 33.5, 32.0);
    fixture_compare(&f, "platform", NULL);
    const struct sb_comparison *row = &f.results.comparisons[0];
    assert_true(isnan(row->ratio) && isnan(row->ratio_low) && isnan(row->effect_size));
    ASSERT_NEAR(row->p, 3.3671547747516351e-10, 1e-15);
    assert_int_equal(row->verdict, SB_INCONCLUSIVE);
    assert_true(sb_codes_has(&row->findings, "LOG_UNDEFINED"));
    assert_int_equal(row->runs_needed, 0);
    assert_true(isnan(f.results.summaries[0].geomean));
    fixture_free(&f);
}

static void constants_rest_on_the_resolution(void **state)
{
    static const struct {
        double level;
        enum sb_verdict verdict;
    } cases[] = {
        {10.10, SB_EQUIVALENT}, {10.18, SB_EQUIVALENT}, {10.20, SB_INCONCLUSIVE}, {20.0, SB_INCONCLUSIVE}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        double x = cases[i].level;
        fixture_init(&f);
        FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "latency_p95", 10.0, 10.0, 10.0, 10.0, 10.0);
        FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "latency_p95", x, x, x, x, x);
        fixture_compare(&f, "platform", NULL);
        const struct sb_comparison *row = &f.results.comparisons[0];
        ASSERT_NEAR(f.results.summaries[0].ci_low, 9.995, 1e-12);
        ASSERT_NEAR(f.results.summaries[0].ci_high, 10.005, 1e-12);
        ASSERT_NEAR(row->ratio_low, (x - 0.005) / 10.005, 1e-12);
        ASSERT_NEAR(row->ratio_high, (x + 0.005) / 9.995, 1e-12);
        assert_true(isnan(row->p) && isnan(row->p_adjusted));
        assert_true(sb_codes_has(&row->findings, "CONSTANT"));
        assert_int_equal(row->verdict, cases[i].verdict);
        fixture_free(&f);
    }
}

static void one_run_has_no_spread(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0);
    FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "events_per_second", 110.0, 111.0);
    fixture_compare(&f, "platform", NULL);
    const struct sb_summary *s = &f.results.summaries[0];
    assert_true(isnan(s->sd) && isnan(s->sem) && isnan(s->ci_low) && s->mean == 100);
    assert_true(sb_codes_has(&s->findings, "ONE_RUN") && !sb_codes_has(&s->findings, "CONSTANT"));
    const struct sb_comparison *row = &f.results.comparisons[0];
    ASSERT_NEAR(row->ratio, sqrt(110.0 * 111.0) / 100, 1e-12);
    assert_true(isnan(row->p) && isnan(row->ratio_low));
    assert_int_equal(row->verdict, SB_INCONCLUSIVE);
    fixture_free(&f);
}

static void add_boots(struct fixture *f, const char *platform, const double *boots, size_t nr)
{
    for (size_t b = 0; b < nr; b++)
        for (int r = 0; r < 3; r++) {
            char labels[100];
            snprintf(labels, sizeof labels, "platform=%s test=cpu boot=b%zu repetition=%d", platform, b, r);
            fixture_value(f, fixture_run(f, "cpu", labels), "events_per_second",
                          boots[b] * (1 + 0.001 * (r - 1)), 0.005);
        }
}

static void boots_are_the_replicates(void **state)
{
    struct fixture f;
    fixture_init(&f);
    add_boots(&f, "raw", (const double[]){100, 103, 98, 101}, 4);
    add_boots(&f, "docker", (const double[]){104, 107, 102, 101}, 4);
    fixture_compare(&f, "platform", NULL);
    const struct sb_summary *s = &f.results.summaries[0];
    assert_int_equal(s->n, 4);
    assert_int_equal(s->n_runs, 12);
    assert_true(s->boots_known);
    ASSERT_NEAR(s->mean, 100.5, 1e-12);
    ASSERT_NEAR(s->sd, 2.0816659994661326, 1e-12); /* R: sd(c(100,103,98,101)) */
    const struct sb_comparison *row = &f.results.comparisons[0];
    assert_int_equal(row->n_level, 4);
    ASSERT_NEAR(row->p, 0.12593148421506256,
                1e-12); /* the factor of repetitions cancels: Welch on log(boots) */
    assert_false(sb_codes_has(&row->findings, "BOOT_UNKNOWN"));
    assert_int_equal(f.results.findings_nr, 0);
    fixture_free(&f);
}

static void one_boot_concludes_nothing(void **state)
{
    struct fixture f;
    fixture_init(&f);
    add_boots(&f, "raw", (const double[]){100}, 1);
    add_boots(&f, "docker", (const double[]){200}, 1);
    fixture_compare(&f, "platform", NULL);
    const struct sb_summary *s = &f.results.summaries[0];
    assert_int_equal(s->n, 1);
    assert_int_equal(s->n_runs, 3);
    ASSERT_NEAR(s->sd, 0.1, 1e-12); /* within the boot */
    assert_true(s->ci_low < 100 && s->ci_high > 100);
    const struct sb_comparison *row = &f.results.comparisons[0];
    assert_true(row->ratio_low > 1.9 && row->ratio_high < 2.1);
    assert_true(isnan(row->p));
    assert_int_equal(row->verdict, SB_INCONCLUSIVE);
    assert_int_equal(row->runs_needed, 0);
    assert_true(sb_codes_has(&row->findings, "ONE_BOOT"));
    fixture_free(&f);
}

static void emulation_against_native_is_barred(void **state)
{
    static const struct {
        const char *a, *b;
        bool barred;
    } cases[] = {{"tcg", "none", true}, {"tcg", "kvm", true}, {"kvm", "hvf", true}, {"kvm", "none", false},
                 {"kvm", "kvm", false}, {"tcg", NULL, true},  {"kvm", NULL, false}, {NULL, NULL, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture f;
        fixture_init(&f);
        for (int r = 0; r < 3; r++) {
            struct sb_run *run = fixture_run(&f, "cpu", "platform=raw test=cpu");
            if (cases[i].a) sb_run_set_param(&f.ds, run, "env.accelerator", cases[i].a, 0);
            fixture_value(&f, run, "events_per_second", 100 + r, 0.005);
            run = fixture_run(&f, "cpu", "platform=docker test=cpu");
            if (cases[i].b) sb_run_set_param(&f.ds, run, "env.accelerator", cases[i].b, 0);
            fixture_value(&f, run, "events_per_second", 200 + r, 0.005);
        }
        fixture_compare(&f, "platform", NULL);
        assert_int_equal(f.results.comparisons[0].barred, cases[i].barred);
        assert_int_equal(sb_codes_has(&f.results.comparisons[0].findings, "ACCELERATORS_DIFFER") != 0,
                         cases[i].barred);
        fixture_free(&f);
    }
}

static void labels_that_follow_the_factor_do_not_stand_in_the_way(void **state)
{
    struct fixture f;
    fixture_init(&f);
    const char *const cells[] = {"platform=raw config=c1g1 vcpus=1 memory_mib=1024 test=cpu",
                                 "platform=raw config=c2g1 vcpus=2 memory_mib=1024 test=cpu",
                                 "platform=raw config=c1g2 vcpus=1 memory_mib=2048 test=cpu",
                                 "platform=raw config=c2g2 vcpus=2 memory_mib=2048 test=cpu"};
    for (int i = 0; i < 4; i++)
        FIXTURE_CELL(&f, "cpu", cells[i], "events_per_second", 100.0 + 50 * i, 101.0 + 50 * i, 99.0 + 50 * i);
    fixture_compare(&f, "config", NULL);
    assert_int_equal(f.results.comparisons_nr, 3);
    assert_null(sb_labels_get(&f.results.comparisons[0].rest, "vcpus"));
    assert_string_equal(sb_labels_get(&f.results.comparisons[0].rest, "platform"), "raw");
    assert_false(sb_codes_has(&f.results.comparisons[0].findings, "CONFOUNDED"));
    fixture_free(&f);
    fixture_init(&f);
    for (int i = 0; i < 4; i++)
        FIXTURE_CELL(&f, "cpu", cells[i], "events_per_second", 100.0 + 50 * i, 101.0 + 50 * i, 99.0 + 50 * i);
    fixture_compare(&f, "vcpus", NULL);
    assert_int_equal(f.results.comparisons_nr, 2); /* once for each memory size */
    assert_null(sb_labels_get(&f.results.comparisons[0].rest, "config"));
    assert_string_equal(sb_labels_get(&f.results.comparisons[1].rest, "memory_mib"), "2048");
    fixture_free(&f);
}

static void a_level_bound_to_another_label_is_confounded(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw config=c1g1 vcpus=1 memory_mib=1024 test=cpu", "events_per_second",
                 1.0, 1.1, 1.2);
    FIXTURE_CELL(&f, "cpu", "platform=raw config=c2g2 vcpus=2 memory_mib=2048 test=cpu", "events_per_second",
                 2.0, 2.1, 2.2);
    fixture_compare(&f, "vcpus", NULL);
    assert_int_equal(f.results.comparisons_nr, 1);
    assert_true(sb_codes_has(&f.results.comparisons[0].findings, "CONFOUNDED"));
    fixture_free(&f);
}

static void suspect_failed_and_partial_runs(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0, 101.0, 102.0, 900.0, 800.0);
    f.ds.runs[2].status = SB_PARTIAL;
    f.ds.runs[4].status = SB_FAILED;
    sb_dataset_add_finding(&f.ds, "RATE_TIME", SB_ERROR, 3, 1, "does not fit");
    fixture_summarise(&f);
    const struct sb_summary *s = &f.results.summaries[0];
    assert_int_equal(s->n, 3);
    assert_int_equal(s->runs_excluded, 1);
    ASSERT_NEAR(s->mean, 101, 1e-12);
    assert_true(sb_codes_has(&s->findings, "PARTIAL_RUNS") && sb_codes_has(&s->findings, "RUNS_EXCLUDED") &&
                sb_codes_has(&s->findings, "RATE_TIME"));
    f.results.settings.include_suspect = true;
    fixture_summarise(&f);
    assert_int_equal(f.results.summaries[0].n, 4);
    fixture_free(&f);
}

static void a_cell_without_usable_runs_still_has_its_row(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0);
    FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "events_per_second", 100.0, 101.0);
    f.ds.runs[0].suspect = true;
    fixture_compare(&f, "platform", NULL);
    assert_int_equal(f.results.summaries[0].n, 0);
    assert_true(isnan(f.results.summaries[0].mean));
    assert_int_equal(f.results.comparisons[0].verdict, SB_INCONCLUSIVE);
    assert_true(isnan(f.results.comparisons[0].ratio));
    fixture_free(&f);
}

static void different_work_is_said(void **state)
{
    struct fixture f;
    fixture_init(&f);
    for (int i = 0; i < 4; i++) {
        struct sb_run *run =
            fixture_run(&f, "cpu", i < 2 ? "platform=raw test=cpu" : "platform=docker test=cpu");
        sb_run_set_param(&f.ds, run, "cpu-max-prime", i < 2 ? "10000" : "20000", 3);
        run->version = i < 2 ? "1.0.20" : "0.4.12";
        fixture_value(&f, run, "events_per_second", 100 + i, 0.005);
    }
    fixture_compare(&f, "platform", NULL);
    assert_true(sb_codes_has(&f.results.comparisons[0].findings, "PARAMETERS_DIFFER"));
    assert_true(sb_codes_has(&f.results.comparisons[0].findings, "VERSIONS_DIFFER"));
    fixture_free(&f);
}

/* The audit's findings stand on the runs; a row must carry only those that concern it. */
static void findings_go_where_they_belong(void **state)
{
    static const char *const factors[] = {"platform", "vcpus"};
    for (int i = 0; i < 2; i++) {
        struct fixture f;
        fixture_init(&f);
        FIXTURE_CELL(&f, "cpu", "platform=raw vcpus=1 test=cpu", "events_per_second", 100.0, 101.0);
        FIXTURE_CELL(&f, "cpu", "platform=raw vcpus=2 test=cpu", "events_per_second", 100.0, 101.0);
        FIXTURE_CELL(&f, "cpu", "platform=docker vcpus=1 test=cpu", "events_per_second", 100.0, 101.0);
        sb_dataset_add_finding(&f.ds, "VCPUS_CANNOT_ACT", SB_NOTE, 0, 0, "one thread");
        sb_dataset_add_finding(&f.ds, "ACCELERATORS_DIFFER", SB_WARNING, 0, 0, "tcg and none");
        sb_dataset_add_finding(&f.ds, "NOISY", SB_WARNING, 0, 0, "cv 30 %%");
        fixture_compare(&f, factors[i], NULL);
        const struct sb_codes *codes = &f.results.comparisons[0].findings;
        assert_int_equal(sb_codes_has(codes, "VCPUS_CANNOT_ACT") != 0, i == 1);
        assert_false(sb_codes_has(codes, "ACCELERATORS_DIFFER"));
        assert_true(sb_codes_has(codes, "NOISY"));
        fixture_free(&f);
    }
}

static void unknown_words_are_usage_errors(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0, 101.0);
    fixture_summarise(&f);
    struct sb_compare_request request = {.factor = "colour"};
    assert_false(sb_compare(&f.ds, &f.results, &request, &f.err));
    assert_int_equal(f.err.code, SB_ERR_USAGE);
    assert_string_equal(f.err.msg, "no run has the label 'colour'; known: platform, test");
    request = (struct sb_compare_request){.factor = "platform", .baseline = "docker"};
    assert_false(sb_compare(&f.ds, &f.results, &request, &f.err));
    assert_string_equal(f.err.msg, "no run has the baseline 'docker'; known: raw");
    f.results.settings.correction = "sidak";
    request.baseline = "raw";
    assert_false(sb_compare(&f.ds, &f.results, &request, &f.err));
    fixture_free(&f);
}

static void all_pairs_put_the_baseline_first(void **state)
{
    struct fixture f;
    fixture_init(&f);
    FIXTURE_CELL(&f, "cpu", "platform=raw test=cpu", "events_per_second", 100.0, 101.0);
    FIXTURE_CELL(&f, "cpu", "platform=qcow2 test=cpu", "events_per_second", 90.0, 91.0);
    FIXTURE_CELL(&f, "cpu", "platform=docker test=cpu", "events_per_second", 120.0, 121.0);
    fixture_summarise(&f);
    struct sb_compare_request request = {.factor = "platform", .baseline = "docker", .all_pairs = true};
    assert_true(sb_compare(&f.ds, &f.results, &request, &f.err));
    assert_int_equal(f.results.comparisons_nr, 3);
    assert_string_equal(f.results.comparisons[0].baseline, "raw");
    assert_string_equal(f.results.comparisons[0].level, "qcow2");
    assert_string_equal(f.results.comparisons[1].baseline, "docker");
    assert_string_equal(f.results.comparisons[1].level, "raw");
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ratio_is_welch_on_logs),
        cmocka_unit_test(equivalence_is_checked_first),
        cmocka_unit_test(inconclusive_says_how_many_runs),
        cmocka_unit_test(lower_is_faster_for_latency),
        cmocka_unit_test(other_metrics_carry_their_groups_verdict),
        cmocka_unit_test(a_verdict_is_carried_only_where_the_metric_restates),
        cmocka_unit_test(no_row_carries_what_its_figures_rule_out),
        cmocka_unit_test(choosing_metrics_leaves_the_family_alone),
        cmocka_unit_test(zeros_have_no_ratio),
        cmocka_unit_test(constants_rest_on_the_resolution),
        cmocka_unit_test(one_run_has_no_spread),
        cmocka_unit_test(boots_are_the_replicates),
        cmocka_unit_test(one_boot_concludes_nothing),
        cmocka_unit_test(emulation_against_native_is_barred),
        cmocka_unit_test(labels_that_follow_the_factor_do_not_stand_in_the_way),
        cmocka_unit_test(a_level_bound_to_another_label_is_confounded),
        cmocka_unit_test(suspect_failed_and_partial_runs),
        cmocka_unit_test(a_cell_without_usable_runs_still_has_its_row),
        cmocka_unit_test(different_work_is_said),
        cmocka_unit_test(findings_go_where_they_belong),
        cmocka_unit_test(unknown_words_are_usage_errors),
        cmocka_unit_test(all_pairs_put_the_baseline_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
