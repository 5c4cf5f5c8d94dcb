#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <math.h>
#include "core/alloc.h"
#include "core/dataset.h"
#include "core/metric.h"
#include "core/platform.h"
#include "core/text.h"

static void glob_matches_like_a_shell(void **state)
{
    (void)state;
    assert_true(sb_glob_match("*", ""));
    assert_true(sb_glob_match("cpu*", "cpu_test1"));
    assert_true(sb_glob_match("*test[12]", "cpu_test2"));
    assert_false(sb_glob_match("*test[!12]", "cpu_test2"));
    assert_true(sb_glob_match("a\\*b", "a*b"));
    assert_false(sb_glob_match("a\\*b", "axb"));
    assert_true(sb_glob_match("[", "["));
    assert_true(sb_glob_match("*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaab"));
    assert_false(sb_glob_match("?", ""));
    assert_true(sb_glob_match("[]]", "]"));
}

static void natural_order_compares_numbers(void **state)
{
    (void)state;
    assert_true(sb_natural_cmp("config2", "config10") < 0);
    assert_true(sb_natural_cmp("a", "b") < 0);
    assert_true(sb_natural_cmp("r01", "r1") != 0);
    assert_true(sb_natural_cmp("r01", "r2") < 0);
    assert_true(sb_natural_cmp("r", "r1") < 0);
    assert_int_equal(sb_natural_cmp("x9", "x9"), 0);
    assert_true(sb_natural_cmp("99999999999999999999999998", "99999999999999999999999999") < 0);
}

static void visible_text_has_no_control_characters(void **state)
{
    (void)state;
    struct sb_strbuf out = SB_STRBUF_INIT;
    sb_text_visible(&out, "a\x1b[31m\xff\xc2\x85z", 10, false);
    assert_string_equal(out.buf, "a\xe2\x90\x9b[31m\xef\xbf\xbd\xef\xbf\xbdz");
    sb_strbuf_release(&out);
}

static void utf8_refuses_overlong_and_surrogates(void **state)
{
    (void)state;
    assert_int_equal(sb_utf8_decode("\xc0\x80", 2, NULL), 0);
    assert_int_equal(sb_utf8_decode("\xed\xa0\x80", 3, NULL), 0);
    assert_int_equal(sb_utf8_decode("\xf4\x90\x80\x80", 4, NULL), 0);
    assert_int_equal(sb_utf8_decode("\xe2\x82", 2, NULL), 0);
    assert_int_equal(sb_utf8_decode("\xe2\x82\xac", 3, NULL), 3);
}

static void label_sets_are_sorted_and_unique(void **state)
{
    (void)state;
    struct sb_labels set = SB_LABELS_INIT;
    sb_labels_set(&set, "test", "cpu");
    sb_labels_set(&set, "config", "c1");
    sb_labels_set(&set, "test", "memory");
    assert_int_equal(set.nr, 2);
    assert_string_equal(set.v[0].name, "config");
    assert_string_equal(sb_labels_get(&set, "test"), "memory");
    sb_labels_set(&set, "config", "");
    assert_null(sb_labels_get(&set, "config"));
    sb_labels_release(&set);
}

static void platforms_have_aliases_and_an_order(void **state)
{
    (void)state;
    const char *values[] = {"docker", "qcow2", "raw"};
    assert_string_equal(sb_platform_find("QCOW")->name, "qcow2");
    assert_string_equal(sb_platform_find("BareMetal")->name, "host");
    assert_null(sb_platform_find("banana"));
    assert_string_equal(sb_platform_default_baseline(values, 3), "raw");
    assert_true(sb_platform_cmp("raw", "docker") < 0);
    assert_true(sb_platform_cmp("docker", "banana") < 0);
}

static void metric_groups_follow_the_published_table(void **state)
{
    (void)state;
    struct sb_group g = sb_metric_group("cpu", "latency_avg", true, false);
    assert_string_equal(g.name, "cpu");
    assert_false(g.primary);
    assert_null(sb_metric_group("cpu", "latency_avg", false, false).name); /* under --rate it is its own thing */
    assert_true(sb_metric_group("fileio", "total_throughput", true, false).primary);
    assert_string_equal(sb_metric_group("fileio", "fsyncs_per_second", true, false).name, "fileio");
    assert_string_equal(sb_metric_group("fileio", "latency_p95", true, false).name, "percentile");
    assert_null(sb_metric_group("cpu", "latency_max", true, false).name);
    assert_true(sb_metric_group("mutex", "total_time", true, true).primary);
    assert_string_equal(sb_metric_group("oltp_read_only", "queries_per_second", true, false).name, "oltp");
    char buf[64];
    assert_string_equal(sb_metric_title("latency_p99", buf, sizeof buf), "99th percentile latency");
    assert_int_equal(sb_metric_better("total_time", false), SB_BETTER_NONE);
    assert_int_equal(sb_metric_better("total_time", true), SB_BETTER_LOWER);
}

static struct sb_run *add(struct sb_dataset *ds, const char *source, const char *prime)
{
    struct sb_run *run = sb_dataset_add_run(ds);
    run->source = sb_dataset_intern(ds, source);
    run->ordinal = 1;
    run->first_line = 1;
    run->kind = "cpu";
    run->version = "1.0.20";
    run->status = SB_COMPLETE;
    sb_run_set_label(ds, run, "platform", "raw");
    sb_run_set_param(ds, run, "cpu-max-prime", prime, 3);
    sb_run_set_param(ds, run, "seed", prime, 4);
    return run;
}

static void different_parameters_split_a_cell(void **state)
{
    (void)state;
    struct sb_dataset ds;
    sb_dataset_init(&ds);
    add(&ds, "b", "10000");
    add(&ds, "a", "10000");
    add(&ds, "c", "20000");
    sb_dataset_sort(&ds);
    assert_string_equal(ds.runs[0].source, "a");
    sb_dataset_split_by_parameters(&ds);
    assert_string_equal(sb_run_label(&ds.runs[0], "cpu-max-prime"), "10000");
    assert_string_equal(sb_run_label(&ds.runs[2], "cpu-max-prime"), "20000");
    assert_null(sb_run_label(&ds.runs[0], "seed")); /* not part of the workload */
    assert_true(sb_run_same_cell(&ds.runs[0], &ds.runs[1]));
    assert_false(sb_run_same_cell(&ds.runs[0], &ds.runs[2]));
    assert_int_equal(ds.findings_nr, 1);
    assert_string_equal(ds.findings[0].code, "PARAMETERS_SPLIT");
    sb_dataset_split_by_parameters(&ds); /* idempotent */
    assert_int_equal(ds.findings_nr, 1);
    sb_dataset_free(&ds);
}

static void values_are_finite_and_first_wins(void **state)
{
    (void)state;
    struct sb_dataset ds;
    sb_dataset_init(&ds);
    struct sb_run *run = add(&ds, "a", "1");
    assert_true(sb_run_add_value(&ds, run, &(struct sb_value){.metric = "events", .unit = "1", .value = 1}));
    assert_false(sb_run_add_value(&ds, run, &(struct sb_value){.metric = "events", .unit = "1", .value = 2}));
    assert_false(sb_run_add_value(&ds, run, &(struct sb_value){.metric = "latency_avg", .value = NAN}));
    assert_int_equal(run->values_nr, 1);
    assert_true(sb_run_value(run, "events")->value == 1);
    assert_null(sb_run_value(run, "total_time"));
    sb_dataset_free(&ds);
}

static void filtering_renumbers_findings(void **state)
{
    (void)state;
    struct sb_dataset ds;
    sb_dataset_init(&ds);
    add(&ds, "a", "1");
    struct sb_run *b = add(&ds, "b", "1");
    sb_run_set_label(&ds, b, "platform", "docker");
    sb_dataset_add_finding(&ds, "X", SB_NOTE, 0, 1, "about a");
    sb_dataset_add_finding(&ds, "Y", SB_ERROR, 1, 1, "about b");
    assert_true(ds.runs[1].suspect);
    sb_dataset_filter(&ds, &(struct sb_filter){"platform", "dock*"}, 1);
    assert_int_equal(ds.runs_nr, 1);
    assert_int_equal(ds.findings_nr, 1);
    assert_string_equal(ds.findings[0].code, "Y");
    assert_int_equal(ds.findings[0].run_index, 0);
    sb_dataset_free(&ds);
}

static void appended_runs_are_copies_with_their_findings(void **state)
{
    (void)state;
    struct sb_dataset from, to;
    bool keep[] = {false, true};
    sb_dataset_init(&from);
    sb_dataset_init(&to);
    add(&from, "a", "1");
    struct sb_run *b = add(&from, "b", "2");
    sb_run_set_label(&from, b, "platform", "docker");
    sb_run_add_value(&from, b, &(struct sb_value){.metric = "events", .unit = "1", .value = 5, .line = 3, .text = "5"});
    sb_run_add_value(&from, b, &(struct sb_value){.metric = "events", .unit = "1", .value = 6}); /* a repeat */
    sb_run_add_point(&from, b, &(struct sb_point){.elapsed_s = 1, .metric = "events_per_second", .value = 9});
    sb_run_add_bucket(b, 0.5, 7, 4);
    b->excerpt = "as printed";
    sb_dataset_add_finding(&from, "X", SB_NOTE, 0, 1, "about a");
    sb_dataset_add_finding(&from, "Y", SB_ERROR, 1, 1, "about b")->other_run_index = 0;
    sb_dataset_add_file_finding(&from, "Z", SB_NOTE, "c", 0, "about a file");
    add(&to, "z", "1");
    sb_dataset_append(&to, &from, keep);
    assert_int_equal(to.runs_nr, 2);
    assert_int_equal(to.findings_nr, 1);
    assert_int_equal(to.findings[0].run_index, 1);
    assert_true(to.findings[0].other_run_index == SB_NO_RUN);
    sb_dataset_append(&to, &from, NULL);
    assert_int_equal(to.runs_nr, 4);
    assert_int_equal(to.findings_nr, 4);
    assert_int_equal(to.findings[2].run_index, 3);
    assert_int_equal(to.findings[2].other_run_index, 2);
    sb_dataset_free(&from); /* the copies stay */
    const struct sb_run *copy = &to.runs[1];
    assert_string_equal(copy->source, "b");
    assert_string_equal(sb_run_label(copy, "platform"), "docker");
    assert_true(sb_run_value(copy, "events")->value == 5);
    assert_string_equal(sb_run_value(copy, "events")->text, "5");
    assert_int_equal(copy->repeats_nr, 1);
    assert_true(copy->points[0].value == 9 && copy->buckets[0].count == 7);
    assert_string_equal(copy->excerpt, "as printed");
    assert_true(copy->suspect);
    sb_dataset_free(&to);
}

static void codes_are_a_sorted_set(void **state)
{
    (void)state;
    struct sb_arena arena;
    struct sb_codes codes = {NULL, 0};
    sb_arena_init(&arena);
    sb_codes_add(&arena, &codes, "ONE_BOOT");
    sb_codes_add(&arena, &codes, "CONSTANT");
    sb_codes_add(&arena, &codes, "ONE_BOOT");
    assert_string_equal(sb_codes_join(&arena, &codes), "CONSTANT;ONE_BOOT");
    sb_arena_free(&arena);
}

static void arena_interns_and_serves_large_blocks(void **state)
{
    (void)state;
    struct sb_arena arena;
    sb_arena_init(&arena);
    const char *first = sb_arena_intern(&arena, "abc", 3);
    for (int i = 0; i < 5000; i++) {
        char text[16];
        int len = snprintf(text, sizeof text, "s%d", i);
        sb_arena_intern(&arena, text, (size_t)len);
    }
    assert_ptr_equal(first, sb_arena_intern(&arena, "abcdef", 3));
    char *large = sb_arena_alloc(&arena, 1 << 20);
    memset(large, 1, 1 << 20);
    assert_string_equal(sb_arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    sb_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(glob_matches_like_a_shell),
        cmocka_unit_test(natural_order_compares_numbers),
        cmocka_unit_test(visible_text_has_no_control_characters),
        cmocka_unit_test(utf8_refuses_overlong_and_surrogates),
        cmocka_unit_test(label_sets_are_sorted_and_unique),
        cmocka_unit_test(platforms_have_aliases_and_an_order),
        cmocka_unit_test(metric_groups_follow_the_published_table),
        cmocka_unit_test(different_parameters_split_a_cell),
        cmocka_unit_test(values_are_finite_and_first_wins),
        cmocka_unit_test(filtering_renumbers_findings),
        cmocka_unit_test(appended_runs_are_copies_with_their_findings),
        cmocka_unit_test(codes_are_a_sorted_set),
        cmocka_unit_test(arena_interns_and_serves_large_blocks),
    };
    return cmocka_run_group_tests_name("core", tests, NULL, NULL);
}
