/* Labels from names: sets of sources with their logs, and what each run must be called. */
#include "parsers/labels.h"
#include "parsers/parse.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include "core/alloc.h"
#include "core/strbuf.h"
#include "core/text.h"

struct named {
    const char *source, *test;       /* what the log is of: cpu, memory, fileio, silent */
    const char *threads, *parameter; /* NULL: 1; the prime limit or the file mode */
    const char *labels;              /* expected, of the first run; NULL: as the source before */
    unsigned repeats;                /* runs in the file, 0 means 1 */
};

static void write_log(struct sb_strbuf *out, const struct named *n)
{
    sb_strbuf_addf(
        out,
        "sysbench 1.0.20 (using system LuaJIT 2.1.0-beta3)\n\nRunning the test with following options:\n"
        "Number of threads: %s\n\n",
        n->threads ? n->threads : "1");
    if (strcmp(n->test, "cpu") == 0)
        sb_strbuf_addf(out, "Prime numbers limit: %s\n\nCPU speed:\n    events per second:   100.00\n",
                       n->parameter ? n->parameter : "10000");
    if (strcmp(n->test, "memory") == 0) sb_strbuf_adds(out, "Total operations: 10 (   10.00 per second)\n");
    if (strcmp(n->test, "fileio") == 0)
        sb_strbuf_addf(out, "Doing %s test\n\nFile operations:\n    reads/s:                      1.00\n",
                       n->parameter ? n->parameter : "random r/w");
    sb_strbuf_adds(
        out,
        "\nGeneral statistics:\n    total time:                          1.0000s\n"
        "    total number of events:              100\n\nThreads fairness:\n"
        "    events (avg/stddev):           1.0000/0.00\n    execution time (avg/stddev):   1.0000/0.00\n\n");
}

static void read_all(struct sb_dataset *ds, const struct named *set, size_t nr,
                     const struct sb_label_rules *rules)
{
    struct sb_parse_options options = {.labels = rules};
    sb_dataset_init(ds);
    for (size_t i = 0; i < nr; i++) {
        struct sb_strbuf log = SB_STRBUF_INIT;
        for (unsigned r = 0; r < (set[i].repeats ? set[i].repeats : 1); r++)
            write_log(&log, &set[i]);
        sb_parse_log(ds, set[i].source, log.buf, log.len, NULL, NULL);
        sb_strbuf_release(&log);
    }
    assert_true(sb_parse_finish(ds, &options, NULL));
}

static const struct sb_run *first_run(const struct sb_dataset *ds, const char *source)
{
    for (size_t i = 0; i < ds->runs_nr; i++)
        if (strcmp(ds->runs[i].source, source) == 0) return &ds->runs[i];
    fail_msg("no run of %s", source);
    return NULL;
}

static void check(const struct named *set, size_t nr, const struct sb_label_rules *rules)
{
    struct sb_dataset ds;
    read_all(&ds, set, nr, rules);
    for (size_t i = 0; i < nr; i++) {
        const struct sb_run *run = first_run(&ds, set[i].source);
        const char *text = sb_labels_text(&ds.arena, &run->labels);
        if (strcmp(text, set[i].labels) != 0)
            fail_msg("%s\n  is     %s\n  expect %s", set[i].source, text, set[i].labels);
    }
    sb_dataset_free(&ds);
}
#define CHECK(set) check(set, SB_ARRAY_SIZE(set), NULL)

static bool has_finding(const struct sb_dataset *ds, const char *code)
{
    for (size_t i = 0; i < ds->findings_nr; i++)
        if (strcmp(ds->findings[i].code, code) == 0) return true;
    return false;
}

static void test_our_own_names(void **state)
{
    static const struct named set[] = {
        {"p/raw/small/cpu_b1_r2.log", "cpu",
         .labels = "platform=raw config=small test=cpu repetition=2 boot=1"},
        {"p/docker/small/memory_b2_r1.log", "memory",
         .labels = "platform=docker config=small test=memory repetition=1 boot=2"},
    };
    static const struct named flat[] = {
        {"p/raw/c1g1_memory_r3.txt", "memory",
         .labels = "platform=raw config=c1g1 test=memory repetition=3 memory_mib=1024 vcpus=1"},
        {"p/qcow2/c2g2_cpu_r1.txt", "cpu",
         .labels = "platform=qcow2 config=c2g2 test=cpu repetition=1 memory_mib=2048 vcpus=2"},
    };
    (void)state;
    CHECK(set);
    CHECK(flat);
}

static void test_machine_sizes(void **state)
{
    static const struct named set[] = {
        {"d/qcow2/cpu2ram3/cpu_--cpu-max-prime=1000_.txt", "cpu", .parameter = "1000",
         .labels = "platform=qcow2 config=cpu2ram3 test=cpu cpu-max-prime=1000 memory_mib=3072 vcpus=2"},
        {"d/QEMU_QCOW2_CPU2_RAM2018620.txt", "cpu", .parameter = "2000",
         .labels =
             "platform=qcow2 config=CPU2_RAM2018620 test=cpu cpu-max-prime=2000 memory_mib=1971 vcpus=2"},
        {"d/DOCKER_CPU1_RAM4G.txt", "cpu", .parameter = "2000",
         .labels = "platform=docker config=CPU1_RAM4G test=cpu cpu-max-prime=2000 memory_mib=4096 vcpus=1"},
        {"d/vm_cpu_test_results(2core).txt", "cpu", .parameter = "2000",
         .labels = "platform=vm config=2core test=cpu cpu-max-prime=2000 vcpus=2"},
    };
    struct sb_dataset ds;
    (void)state;
    read_all(&ds, set, SB_ARRAY_SIZE(set), NULL);
    for (size_t i = 0; i < SB_ARRAY_SIZE(set); i++) {
        const struct sb_run *run = first_run(&ds, set[i].source);
        assert_non_null(strstr(set[i].labels, sb_run_label(run, "config")));
        assert_non_null(strstr(set[i].labels, sb_run_label(run, "vcpus")));
        if (sb_run_label(run, "memory_mib"))
            assert_non_null(strstr(set[i].labels, sb_run_label(run, "memory_mib")));
        assert_string_equal(sb_run_label(run, "test"), "cpu");
    }
    sb_dataset_free(&ds);
}

static void test_platform_words(void **state)
{
    static const struct {
        const char *source, *platform;
    } rows[] = {
        {"x/QEMU_RAW_1.txt", "raw"},
        {"x/raw/qemu_cpu.txt", "raw"},
        {"x/myqcow/cpu.txt", NULL},
        {"x/QCOW/cpu.txt", "qcow2"},
        {"x/bare-metal/cpu.txt", "host"},
        {"x/Metal/cpu.txt", "host"},
        {"x/my_container_cpu.txt", "container"},
        {"x/t-docker-gvisor-cpu.log", "gvisor"},
        {"x/host_machine_cpu.txt", "host"},
        {"x/vm/docker/cpu.txt", "docker"},
        {"x/firecracker-cpu.txt", "firecracker"},
        {"x/drawing/cpu.txt", NULL},
        {"x/KVM guest/cpu.txt", "kvm"},
        {"x/podman/cpu.txt", "podman"},
    };
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
        struct named one = {rows[i].source, "cpu", .labels = ""};
        struct sb_dataset ds;
        read_all(&ds, &one, 1, NULL);
        const char *platform = sb_run_label(&ds.runs[0], "platform");
        if (!sb_streq(platform, rows[i].platform))
            fail_msg("%s: %s", rows[i].source, platform ? platform : "none");
        sb_dataset_free(&ds);
    }
}

static void test_repetitions(void **state)
{
    static const struct named stamps[] = {
        {"d/2026-11-02T10:00:01Z-docker-cpu.log", "cpu",
         .labels = "platform=docker test=cpu repetition=2026-11-02T10:00:01Z"},
        {"d/2026-11-02T10:00:02Z-docker-cpu.log", "cpu",
         .labels = "platform=docker test=cpu repetition=2026-11-02T10:00:02Z"},
        {"d/2026-11-02T10:00:03Z-raw-cpu.log", "cpu",
         .labels = "platform=raw test=cpu repetition=2026-11-02T10:00:03Z"},
    };
    static const struct named instances[] = {
        {"d/m5.xlarge/run1.log", "cpu", .labels = "test=cpu repetition=1 folder1=m5.xlarge"},
        {"d/m5.xlarge/run2.log", "cpu", .labels = "test=cpu repetition=2 folder1=m5.xlarge"},
        {"d/c6g.large/run1.log", "cpu", .labels = "test=cpu repetition=1 folder1=c6g.large"},
    };
    static const struct named scenarios[] = {
        {"d/DOCKER/scenario_1/CPU2_1.txt", "cpu",
         .labels = "platform=docker config=scenario_1 test=cpu repetition=1"},
        {"d/DOCKER/scenario_1/CPU2_2.txt", "cpu",
         .labels = "platform=docker config=scenario_1 test=cpu repetition=2"},
        {"d/DOCKER/scenario_2/CPU2_1.txt", "cpu",
         .labels = "platform=docker config=scenario_2 test=cpu repetition=1"},
        {"d/DOCKER/scenario_2/CPU2_2.txt", "cpu",
         .labels = "platform=docker config=scenario_2 test=cpu repetition=2"},
    };
    (void)state;
    CHECK(stamps);
    CHECK(instances);
    CHECK(scenarios);
}

static void test_runs_in_one_file(void **state)
{
    static const struct named set[] = {
        {"d/result_raw_1/config1_cpu_test1.txt", "cpu", .repeats = 5,
         .labels = "platform=raw config=config1 test=cpu_test1 repetition=1"},
        {"d/result_raw_1/config1_cpu_test2.txt", "cpu", .repeats = 5, .parameter = "20000",
         .labels = "platform=raw config=config1 test=cpu_test2 repetition=1"},
    };
    struct sb_dataset ds;
    (void)state;
    CHECK(set);
    read_all(&ds, set, SB_ARRAY_SIZE(set), NULL);
    assert_int_equal(ds.runs_nr, 10);
    assert_string_equal(sb_run_label(&ds.runs[4], "repetition"), "5");
    sb_dataset_free(&ds);
}

static void test_parameters_in_names(void **state)
{
    static const struct named numbers[] = {
        {"d/results_1_1000.txt", "cpu", .threads = "1", .parameter = "1000",
         .labels = "test=cpu cpu-max-prime=1000 threads=1"},
        {"d/results_2_1000.txt", "cpu", .threads = "2", .parameter = "1000",
         .labels = "test=cpu cpu-max-prime=1000 threads=2"},
        {"d/results_2_2000.txt", "cpu", .threads = "2", .parameter = "2000",
         .labels = "test=cpu cpu-max-prime=2000 threads=2"},
    };
    static const struct named words[] = {
        {"d/BP50/thr1/res.txt", "cpu", .threads = "1", .labels = "test=cpu bp=50 threads=1"},
        {"d/BP50/thr64/res.txt", "cpu", .threads = "64", .labels = "test=cpu bp=50 threads=64"},
        {"d/BP100/thr64/res.txt", "cpu", .threads = "64", .labels = "test=cpu bp=100 threads=64"},
    };
    (void)state;
    CHECK(numbers);
    CHECK(words);
}

static void test_what_nobody_understands_stays(void **state)
{
    static const struct named set[] = {
        {"d/Gerät #2/cpu.txt", "cpu", .labels = "test=cpu folder1=Gerät #2"},
        {"d/weird (x)/cpu.txt", "cpu", .labels = "test=cpu folder1=weird (x)"},
    };
    (void)state;
    CHECK(set);
}

/* Folders at different depths, and words that only repeat what the platform says, must not keep platforms
 * apart. */
static void test_comparable_across_platforms(void **state)
{
    static const struct named set[] = {
        {"top/HW1/Docker/results/final/DOCKER_CPU1_RAM2G.txt", "cpu",
         .labels = "platform=docker config=CPU1_RAM2G test=cpu memory_mib=2048 vcpus=1"},
        {"top/HW1/Docker/results/final/DOCKER_CPU2_RAM4G.txt", "cpu",
         .labels = "platform=docker config=CPU2_RAM4G test=cpu memory_mib=4096 vcpus=2"},
        {"top/HW1/QEMU/QEMU_RAW_CPU1_RAM2G.txt", "cpu",
         .labels = "platform=raw config=CPU1_RAM2G test=cpu memory_mib=2048 vcpus=1"},
        {"top/HW1/QEMU/QEMU_RAW_CPU2_RAM4G.txt", "cpu",
         .labels = "platform=raw config=CPU2_RAM4G test=cpu memory_mib=4096 vcpus=2"},
    };
    static const struct named words[] = {
        {"d/host_machine_cpu.txt", "cpu", .labels = "platform=host test=cpu"},
        {"d/my_container_cpu.txt", "cpu", .labels = "platform=container test=cpu"},
        {"d/my_container_memory.txt", "memory", .labels = "platform=container test=memory"},
    };
    (void)state;
    CHECK(set);
    CHECK(words);
}

static void test_contradictions(void **state)
{
    static const struct named wrong_test[] = {
        {"d/docker/memory.txt", "cpu", .labels = "platform=docker test=cpu"}};
    static const struct named wrong_mode[] = {{"d/fileio_rndrd.txt", "fileio", .parameter = "random write",
                                               .labels = "test=fileio file-test-mode=random write"},
                                              {"d/fileio_seqrd.txt", "fileio", .parameter = "sequential read",
                                               .labels = "test=fileio file-test-mode=sequential read"}};
    struct sb_dataset ds;
    (void)state;
    CHECK(wrong_test);
    CHECK(wrong_mode);
    read_all(&ds, wrong_test, 1, NULL);
    assert_true(has_finding(&ds, "NAME_CONTRADICTS_LOG"));
    sb_dataset_free(&ds);
    read_all(&ds, wrong_mode, 2, NULL);
    assert_true(has_finding(&ds, "NAME_CONTRADICTS_LOG"));
    sb_dataset_free(&ds);
}

static void test_silent_kinds(void **state)
{
    struct named one = {"d/mutex.txt", "silent", .labels = ""};
    struct sb_dataset ds;
    (void)state;
    read_all(&ds, &one, 1, NULL);
    assert_string_equal(ds.runs[0].kind, "mutex");
    sb_dataset_free(&ds);
    one.source = "d/something.txt";
    read_all(&ds, &one, 1, NULL);
    assert_string_equal(ds.runs[0].kind, "");
    sb_dataset_free(&ds);
}

static void test_layout(void **state)
{
    static const struct named other[] = {
        {"d/one/two_three.txt", "cpu", .labels = "platform=one config=two test=three"}};
    static const char *const bad[] = {"", "{platform", "{Platform}.txt", "platform}", "{9}"};
    struct sb_err err;
    struct sb_label_rules *rules = sb_label_rules_new();
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(bad); i++) {
        assert_false(sb_label_rules_set_layout(rules, bad[i], &err));
        assert_int_equal(err.code, SB_ERR_USAGE);
    }
    assert_true(sb_label_rules_set_layout(rules, "{platform}/{config}_{test}.txt", &err));
    check(other, 1, rules);
    assert_true(sb_label_rules_set_layout(rules, "{}/{test}_{repetition}.txt", &err));
    static const struct named dropped[] = {
        {"d/one/two_three.txt", "cpu", .labels = "test=two repetition=three"}};
    check(dropped, 1, rules);
    sb_label_rules_free(rules);
}

static void test_label_file(void **state)
{
    static const char csv[] = "source,platform,=>,vcpus,config\n*/docker/*,,=>,4,big\n,docker,=>,8,\n";
    static const struct named set[] = {
        {"d/docker/cpu.txt", "cpu", .labels = "platform=docker test=cpu vcpus=8"},
        {"d/raw/cpu.txt", "cpu", .labels = "platform=raw test=cpu"},
    };
    struct sb_err err;
    struct sb_label_rules *rules = sb_label_rules_new();
    (void)state;
    assert_true(sb_label_rules_add_csv(rules, "labels.csv", csv, sizeof csv - 1, &err));
    check(set, 2, rules);
    assert_false(sb_label_rules_add_csv(rules, "labels.csv", "a,b\n1,2\n", 8, &err));
    assert_non_null(strstr(err.msg, "=>"));
    sb_label_rules_free(rules);
}

/* Names are hostile: nothing but labels may come of them. */
static void test_hostile_names(void **state)
{
    static const char *const names[] = {
        "",
        "/",
        "//!//",
        "....",
        "a!b!c",
        "--=--=",
        "cpu--x=",
        "\xff\xfe/\x80.txt",
        "run",
        "cpu",
        "b1_r",
        "r1",
        "c1g",
        "c1g99999999999999999999",
        "999999999999999999999999r1",
        "{}",
        "=>",
        "--a=b_--c=d e",
        "2026-11",
        "2026-11-",
        "1",
        "1_2_3_4_5_6_7_8_9_0_1_2_3_4_5_6_7_8_9_0_1_2_3_4_5_"
        "6_7_8_9_0_1_2_3_4_5_6_7_8_9_0_1_2_3_4_5_6_7_8_9_0_1_2_3_4_5_6_7_8_9_0_1_2_3_4_5"};
    struct named set[SB_ARRAY_SIZE(names)] = {{0}};
    struct sb_dataset ds;
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++)
        set[i] = (struct named){names[i], "cpu", .labels = ""};
    read_all(&ds, set, SB_ARRAY_SIZE(set), NULL);
    assert_int_equal(ds.runs_nr, SB_ARRAY_SIZE(set));
    sb_dataset_free(&ds);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_our_own_names),
        cmocka_unit_test(test_machine_sizes),
        cmocka_unit_test(test_platform_words),
        cmocka_unit_test(test_repetitions),
        cmocka_unit_test(test_runs_in_one_file),
        cmocka_unit_test(test_parameters_in_names),
        cmocka_unit_test(test_what_nobody_understands_stays),
        cmocka_unit_test(test_contradictions),
        cmocka_unit_test(test_comparable_across_platforms),
        cmocka_unit_test(test_silent_kinds),
        cmocka_unit_test(test_layout),
        cmocka_unit_test(test_label_file),
        cmocka_unit_test(test_hostile_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
