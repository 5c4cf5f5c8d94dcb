/* Each check of the audit on data made by hand: it fires where it should, and not beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analyze/analyze.h"
#include "analyze/audit.h"
#include "core/metric.h"
#include "io/number.h"
#include "io/outfile.h"

/* ---- data by hand ---- */

static void value(struct sb_dataset *ds, struct sb_run *run, const char *metric, const char *text)
{
    struct sb_value v = {.metric = metric,
                         .unit = sb_metric_unit(metric),
                         .text = text,
                         .origin = SB_PRINTED,
                         .line = (uint32_t)run->values_nr + 1};
    assert_true(sb_number_parse(text, strlen(text), &v.value));
    v.resolution = sb_number_resolution(text, strlen(text));
    sb_run_add_value(ds, run, &v);
}

/* "metric=text metric=text ..."; a name with a '-' at its front is a parameter. */
static void fill(struct sb_dataset *ds, struct sb_run *run, const char *words)
{
    char name[64], text[64];
    int used;
    for (; sscanf(words, " %63[^=]=%63s%n", name, text, &used) == 2; words += used) {
        if (*name == '-')
            sb_run_set_param(ds, run, name + 1, text, 1);
        else
            value(ds, run, name, text);
    }
}

static struct sb_run *add(struct sb_dataset *ds, const char *source, const char *kind, const char *words)
{
    struct sb_run *run = sb_dataset_add_run(ds);
    run->source = sb_dataset_intern(ds, source);
    run->ordinal = run->first_line = 1;
    run->last_line = 40;
    run->kind = kind;
    run->version = "1.0.20";
    run->threads = 1;
    run->status = SB_COMPLETE;
    fill(ds, run, words);
    return run;
}

static void label(struct sb_dataset *ds, struct sb_run *run, const char *platform, const char *config,
                  const char *repetition)
{
    sb_run_set_label(ds, run, "platform", platform);
    sb_run_set_label(ds, run, "config", config);
    sb_run_set_label(ds, run, "test", run->kind);
    sb_run_set_label(ds, run, "repetition", repetition);
}

static size_t count(const struct sb_dataset *ds, const char *code)
{
    size_t nr = 0;
    for (size_t i = 0; i < ds->findings_nr; i++)
        nr += strcmp(ds->findings[i].code, code) == 0;
    return nr;
}

static const struct sb_finding *find(const struct sb_dataset *ds, const char *code)
{
    for (size_t i = 0; i < ds->findings_nr; i++)
        if (strcmp(ds->findings[i].code, code) == 0) return &ds->findings[i];
    return NULL;
}

/* ---- a run against itself, and quality: one run each ---- */

#define CPU                                                                                                  \
    "events_per_second=5073.47 total_time=3.0003 events=15226 latency_min=0.19 latency_avg=0.20 "            \
    "latency_max=0.90 "                                                                                      \
    "latency_p95=0.21 latency_sum=2998.04 thread_events_mean=15226.0000 thread_time_mean=2.9980 "
#define MEMORY                                                                                               \
    "-memory-block-size=1024KiB -memory-total-size=4096MiB total_time=2.1291 latency_sum=2128.18 "           \
    "memory_ops=4096 "
#define FILEIO                                                                                               \
    "-file-num=128 -file-total-size=256MiB -file-block-size=16KiB -file-test-mode=rndrw "                    \
    "-file-fsync-freq=100 "                                                                                  \
    "-file-fsync-end=on -file-rw-ratio=1.50 total_time=3.0071 "

static const struct {
    const char *kind, *words, *code; /* the code that it must raise; NULL: no error at all */
} single[] = {
    {"cpu", CPU, NULL},
    {"cpu", "events_per_second=5173.47 total_time=3.0003 events=15226", "RATE_MISMATCH"},
    {"cpu", "events_per_second=5074.90 total_time=3.0003 events=15226",
     NULL}, /* the rounding of the time allows it */
    {"cpu", "events_per_second=5000.00 total_time=3.0003 events=15226",
     NULL}, /* 45 ms between the two readings */
    {"cpu", "events_per_second=4980.00 total_time=3.0003 events=15226", "RATE_MISMATCH"},
    {"oltp", "transactions=1000 transactions_per_second=100.00 queries=20000 queries_per_second=2003.00",
     "RATE_MISMATCH"},
    {"cpu", "total_time=3.0003 latency_sum=3001.00",
     "SUM_EXCEEDS_TIME"}, /* with 0 slack for 1.0 this is 50 ms beside */
    {"cpu", "-rate=50 total_time=3.0003 latency_sum=9000.00", NULL},
    {"cpu", "total_time=4.0003 events=15226 latency_sum=2998.04", "IDLE_WORKERS"},
    {"memory", "total_time=4.0003 events=15226 latency_sum=2998.04", NULL},
    {"cpu", "events=15226 thread_events_mean=15225.0000", "FAIRNESS_EVENTS"},
    {"cpu", "latency_sum=2998.04 thread_time_mean=2.9970", "FAIRNESS_TIME"},
    {"cpu", "thread_events_mean=15226.0000 thread_events_sd=1.00", "FAIRNESS_SD"},
    {"cpu", "events=15226 latency_sum=2998.04 latency_avg=0.23", "LATENCY_AVG_MISMATCH"},
    {"cpu", "latency_min=0.19 latency_avg=0.20 latency_max=0.18", "LATENCY_ORDER"},
    {"cpu", "latency_min=0.30 latency_avg=0.20 latency_max=0.90", "LATENCY_ORDER"},
    {"cpu", "latency_avg=0.20 latency_max=4090.00 total_time=3.0003", "LATENCY_ORDER"},
    {"cpu", "latency_min=0.10 latency_avg=0.20 latency_max=0.90 latency_p95=1.20", "PERCENTILE_RANGE"},
    {"cpu", "latency_min=0.10 latency_avg=0.20 latency_max=90.00 latency_p95=90.78",
     NULL}, /* the middle of the bucket */
    {"cpu", CPU "latency_p99=0.21", NULL},
    {"memory", MEMORY "memory_transferred=4096.00", NULL},
    {"memory", MEMORY "memory_transferred=4086.00", "MEMORY_SIZE_MISMATCH"},
    {"memory",
     "-memory-block-size=1024KiB -memory-total-size=1024MiB memory_ops=4096 memory_transferred=4096.00",
     "MEMORY_REQUEST_EXCEEDED"},
    {"memory",
     "-memory-block-size=1MiB -memory-total-size=4096MiB memory_transferred=2048.00 total_time=0.5000 "
     "latency_max=0.10",
     "MEMORY_ENDED_EARLY"},
    {"memory", "memory_ops=4096 events=4097", "EVENTS_MISMATCH"},
    {"fileio", "-file-block-size=16KiB reads_per_second=5924.38 read_throughput=92.57", NULL},
    {"fileio", "-file-block-size=16KiB reads_per_second=5924.38 read_throughput=95.57",
     "FILEIO_THROUGHPUT_MISMATCH"},
    {"fileio",
     FILEIO "reads_per_second=5924.38 writes_per_second=3949.59 fsyncs_per_second=12661.96 events=67658",
     NULL},
    {"fileio",
     FILEIO "reads_per_second=5924.38 writes_per_second=3949.59 fsyncs_per_second=12661.96 events=57658",
     "FILEIO_EVENTS_MISMATCH"},
    {"fileio", FILEIO "reads_per_second=5924.38 writes_per_second=3949.59 fsyncs_per_second=11661.96",
     "FSYNC_RATIO"},
    {"fileio", FILEIO "reads_per_second=4924.38 writes_per_second=4949.59 fsyncs_per_second=12661.96",
     "RW_RATIO"},
    {"oltp", "reads=14 writes=4 others=2 queries=20", NULL},
    {"oltp", "reads=14 writes=4 others=3 queries=20", "QUERIES_SUM"},
    {"cpu", "latency_max=18446744073688.26", "VALUE_WRAPPED"},
    {"cpu", "events=0 total_time=10.0000", "NO_EVENTS"},
    {"cpu", "total_time=0.0993", "RUN_TOO_SHORT"},
    {"memory", "total_time=0.0993", "MEMORY_TOO_SHORT"},
    {"memory", "events=4096 latency_sum=128.18 latency_avg=0.03", "RESOLUTION_LIMITED"},
    {"mutex", "latency_p95=100000.00", "PERCENTILE_SATURATED"},
    {"fileio", "read_throughput=20000.00", "FILEIO_IMPLAUSIBLE"},
    {"cpu", "-cpu-max-prime=10000 events_per_second=60000.00", "CPU_IMPLAUSIBLE"},
    {"memory", "memory_throughput=900000.00", "MEMORY_IMPLAUSIBLE"},
    {"oltp", "-warmup-time=5 total_time=15.0003 transactions=1000 transactions_per_second=100.00", NULL},
    {"oltp", "-warmup-time=5 total_time=10.0003 latency_sum=10900.00 latency_max=950.00", NULL},
    {"memory", "-memory-block-size=1024KiB memory_throughput=9000.00", "MEMORY_CACHE_BOUND"},
};

static void single_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof single / sizeof *single; i++) {
        struct sb_dataset ds;
        sb_dataset_init(&ds);
        add(&ds, "a.txt", single[i].kind, single[i].words);
        if (single[i].code && strcmp(single[i].code, "SUM_EXCEEDS_TIME") == 0) {
            ds.runs[0].version = "0.4.12"; /* whose clocks leave no room */
            fill(&ds, &ds.runs[0], "latency_min=0.1");
        }
        sb_audit(&ds);
        bool severe = false;
        for (size_t f = 0; f < ds.findings_nr; f++)
            severe |= ds.findings[f].severity == SB_ERROR;
        if (single[i].code && !find(&ds, single[i].code))
            fail_msg("no %s for %s", single[i].code, single[i].words);
        if (!single[i].code && severe) fail_msg("%s for %s", ds.findings[0].message, single[i].words);
        sb_dataset_free(&ds);
    }
}

static void messages_have_evidence(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    add(&ds, "raw/a.txt", "cpu", "events_per_second=5173.47 total_time=3.0003 events=15226");
    sb_audit(&ds);
    const struct sb_finding *f = find(&ds, "RATE_MISMATCH");
    assert_non_null(f);
    assert_true(ds.runs[0].suspect);
    assert_int_equal(f->line, 1);
    assert_int_equal(f->other_line, 3);
    assert_string_equal(
        f->message,
        "events_per_second 5173.47 1/s (raw/a.txt:1), but events 15226 (raw/a.txt:3) in total_time 3.0003 s "
        "(raw/a.txt:2) give: between 4991.55835 and 5074.91042 after rounding and clock slack; 1.94 % "
        "outside");
    sb_dataset_free(&ds);
}

static void checkpoints_reset_the_counts(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    struct sb_run *run = add(&ds, "a.txt", "cpu", "events_per_second=100.00 total_time=10.0003 events=500");
    struct sb_point point = {
        .elapsed_s = 5, .metric = "events", .unit = "1", .value = 500, .checkpoint = true};
    sb_run_add_point(&ds, run, &point);
    sb_audit(&ds);
    assert_null(find(&ds, "RATE_MISMATCH"));
    sb_dataset_free(&ds);
}

static void figures_printed_twice(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    add(&ds, "a.txt", "cpu", "events_per_second=5161.78 events_per_second=5161.7755");
    add(&ds, "b.txt", "cpu", "events_per_second=5161.78 events_per_second=5171.7755");
    sb_audit(&ds);
    assert_int_equal(count(&ds, "PRINTED_TWICE"), 1);
    assert_string_equal(find(&ds, "PRINTED_TWICE")->source, "b.txt");
    sb_dataset_free(&ds);
}

static void histograms(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    for (int i = 0; i < 2; i++) {
        struct sb_run *run = add(&ds, i ? "b.txt" : "a.txt", "cpu",
                                 i ? "events=101 latency_min=0.19 latency_max=0.90 latency_p95=0.50"
                                   : "events=100 latency_min=0.19 latency_max=0.21 latency_p95=0.21");
        sb_run_add_bucket(run, 0.189, 90, 5);
        sb_run_add_bucket(run, 0.211, 10, 6);
    }
    sb_audit(&ds);
    static const char *const codes[] = {"HISTOGRAM_COUNT", "HISTOGRAM_PERCENTILE", "HISTOGRAM_RANGE"};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(count(&ds, codes[i]), 1);
        assert_string_equal(find(&ds, codes[i])->source, "b.txt");
    }
    sb_dataset_free(&ds);
}

static void intervals_add_up_to_the_whole(void **state)
{
    static const char *const words[] = {"events=600 total_time=3.0003", "events=300 total_time=3.0003",
                                        "events=900 total_time=3.0003", "events=900 total_time=5.0003"};
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    for (size_t r = 0; r < 4; r++) {
        struct sb_run *run = add(&ds, r == 0 || r == 3 ? "good.txt" : "bad.txt", "oltp", words[r]);
        for (int i = 1; i <= 3; i++) {
            struct sb_point point = {.elapsed_s = i,
                                     .metric = "events_per_second",
                                     .unit = "1/s",
                                     .value = 200,
                                     .line = (uint32_t)i};
            sb_run_add_point(&ds, run, &point);
        }
    }
    sb_audit(&ds);
    assert_int_equal(count(&ds, "SERIES_MISMATCH"), 2);
    assert_string_equal(find(&ds, "SERIES_MISMATCH")->source, "bad.txt");
    sb_dataset_free(&ds);
}

static void broken_runs(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    add(&ds, "failed.txt", "cpu", "")->status = SB_FAILED;
    add(&ds, "cut.txt", "cpu", "events_per_second=5073.47")->status = SB_PARTIAL;
    struct sb_run *kept = add(&ds, "kept.txt", "cpu", "events_per_second=1223.11");
    kept->status = SB_PARTIAL;
    kept->version = "";
    kept->threads = 0;
    add(&ds, "fatal.txt", "cpu", "events=5")->fatals = 1;
    add(&ds, "errors.txt", "cpu", "events=6")->errors = 2;
    sb_audit(&ds);
    static const char *const codes[][2] = {{"RUN_FAILED", "failed.txt"},
                                           {"RUN_TRUNCATED", "cut.txt"},
                                           {"RUN_PARTIAL", "kept.txt"},
                                           {"FATAL_IN_REPORT", "fatal.txt"},
                                           {"ERRORS_IN_REPORT", "errors.txt"}};
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(count(&ds, codes[i][0]), 1);
        assert_string_equal(find(&ds, codes[i][0])->source, codes[i][1]);
    }
    sb_dataset_free(&ds);
}

static void buffered_files_smaller_than_memory(void **state)
{
    static const char *const words[] = {"-file-total-size=256MiB", "-file-total-size=2GiB",
                                        "-file-total-size=256MiB -file-extra-flags=directio"};
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    for (size_t i = 0; i < 3; i++)
        sb_run_set_label(&ds, add(&ds, "a.txt", "fileio", words[i]), "memory_mib", "1024");
    sb_audit(&ds);
    assert_int_equal(count(&ds, "PAGE_CACHE_BOUND"), 1);
    sb_dataset_free(&ds);
}

/* ---- design ---- */

static void design(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    static const char *const platforms[] = {"raw", "qcow2", "docker"}, *const configs[] = {"c1", "c2"};
    for (size_t p = 0; p < 3; p++)
        for (size_t c = 0; c < 2; c++) {
            if (p == 2 && c == 1) continue; /* docker c2 is missing */
            struct sb_run *run =
                add(&ds, "a.txt", "cpu", p == 1 ? "-cpu-max-prime=20000" : "-cpu-max-prime=10000");
            label(&ds, run, platforms[p], configs[c], "1");
            sb_run_set_label(&ds, run, "vcpus", c ? "2" : "1");
            sb_run_set_param(&ds, run, "env.accelerator", p == 2 ? "none" : "tcg", 0);
            if (p == 2) run->version = "1.1.0";
        }
    struct sb_run *extra = add(&ds, "b.txt", "cpu", "-cpu-max-prime=10000");
    label(&ds, extra, "raw", "c1", "2");
    sb_run_set_label(&ds, extra, "vcpus", "1");
    sb_audit(&ds);
    assert_int_equal(count(&ds, "CELLS_MISSING"), 1);
    assert_non_null(strstr(find(&ds, "CELLS_MISSING")->message, "platform=docker"));
    assert_int_equal(count(&ds, "REPETITIONS_UNEQUAL"),
                     2); /* qcow2 c1 and docker c1 have one run, raw c1 two */
    assert_int_equal(count(&ds, "PARAMETERS_DIFFER"), 2);
    assert_int_equal(count(&ds, "VERSIONS_DIFFER"), 1);
    assert_int_equal(count(&ds, "ACCELERATORS_DIFFER"), 1);
    assert_int_equal(count(&ds, "VCPUS_CANNOT_ACT"), 4); /* docker ran with one number of processors only */
    sb_dataset_free(&ds);
}

static void what_the_collector_recorded(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    static const char *const caches[] = {"dropped", "not dropped", "not verified", NULL};
    for (size_t i = 0; i < 4; i++) {
        struct sb_run *run = add(&ds, "a.txt", "fileio", "-file-total-size=8GiB");
        if (caches[i]) sb_run_set_param(&ds, run, "env.caches", caches[i], 0);
        if (i == 3)
            sb_run_set_param(&ds, run, "env.failed_step", "exit status 137: killed: out of memory", 0);
    }
    sb_audit(&ds);
    assert_int_equal(count(&ds, "CACHES_NOT_DROPPED"), 2);
    assert_non_null(strstr(find(&ds, "CACHES_NOT_DROPPED")->message, "not dropped"));
    assert_int_equal(count(&ds, "STEP_FAILED"), 1);
    assert_non_null(strstr(find(&ds, "STEP_FAILED")->message, "137: killed: out of memory"));
    sb_dataset_free(&ds);
}

static void memory_size_that_cannot_act(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    for (int i = 0; i < 4; i++) {
        struct sb_run *run =
            add(&ds, "a.txt", "memory", i < 2 ? "-memory-block-size=1MiB" : "-memory-block-size=1536MiB");
        label(&ds, run, i < 2 ? "raw" : "qcow2", i % 2 ? "c2" : "c1", "1");
        sb_run_set_label(&ds, run, "memory_mib", i % 2 ? "2048" : "1024");
    }
    sb_audit(&ds);
    assert_int_equal(count(&ds, "MEMORY_SIZE_CANNOT_ACT"), 2);
    sb_dataset_free(&ds);
}

static void labels_against_log_and_manifest(void **state)
{
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    struct sb_run *run = add(&ds, "raw/memory.txt", "cpu", "");
    label(&ds, run, "raw", "c1", "1");
    sb_run_set_label(&ds, run, "test", "memory");
    label(&ds, add(&ds, "qcow2/cpu.txt", "cpu", ""), "qcow2", "c1", "1");
    ds.cells = calloc(2, sizeof *ds.cells);
    ds.cells_nr = ds.cells_alloc = 2;
    ds.cells[0] = (struct sb_cell_info){.platform = "raw", .config = "c1", .image_format = "qcow2"};
    ds.cells[1] = (struct sb_cell_info){.platform = "qcow2",
                                        .config = "c1",
                                        .image_format = "qcow2",
                                        .argv = "qemu-system-x86_64 -drive file=d.img,format=qcow2"};
    sb_audit(&ds);
    assert_int_equal(count(&ds, "NAME_CONTRADICTS_LOG"), 1);
    assert_int_equal(count(&ds, "PLATFORM_IMAGE_MISMATCH"), 1);
    assert_string_equal(find(&ds, "PLATFORM_IMAGE_MISMATCH")->source, "raw/memory.txt");
    sb_dataset_free(&ds);
}

/* ---- repetitions ---- */

static void audit_cell(struct sb_dataset *ds, const double *rates, size_t nr)
{
    sb_dataset_init(ds);
    for (size_t i = 0; i < nr; i++) {
        char words[64], repetition[24], source[32];
        snprintf(words, sizeof words, "events_per_second=%.2f", rates[i]);
        snprintf(repetition, sizeof repetition, "%zu", i + 1);
        snprintf(source, sizeof source, "r%02zu.txt", i + 1);
        label(ds, add(ds, source, "cpu", words), "raw", "c1", repetition);
    }
    sb_audit(ds);
}

static void repetitions_at_five(void **state)
{
    static const struct {
        double rates[5];
        const char *code; /* NULL: none of the four */
    } cases[] = {
        {{100.11, 101.32, 99.73, 100.54, 100.25}, NULL},
        {{90.11, 101.32, 99.73, 100.54, 100.25}, "FIRST_RUN_APART"},
        {{100.11, 101.32, 99.73, 90.54, 100.25}, "OUTLIER"},
        {{100.11, 101.32, 102.73, 103.54, 104.25}, "TREND"},
        {{104.11, 103.32, 102.73, 101.54, 100.25}, "TREND"},
        {{100.01, 100.02, 100.03, 100.04, 100.05}, NULL}, /* in order, but by nothing */
        {{50.11, 101.32, 140.73, 80.54, 120.25}, "NOISY"},
    };
    static const char *const codes[] = {"FIRST_RUN_APART", "OUTLIER", "TREND", "NOISY"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct sb_dataset ds;
        audit_cell(&ds, cases[i].rates, 5);
        for (size_t c = 0; c < 4; c++) {
            bool wanted = cases[i].code && strcmp(cases[i].code, codes[c]) == 0;
            if ((count(&ds, codes[c]) != 0) != wanted)
                fail_msg("case %zu: %s %s", i, codes[c], wanted ? "missing" : "raised");
        }
        sb_dataset_free(&ds);
    }
}

static void two_modes_from_ten(void **state)
{
    static const double apart[] = {100.1, 120.3, 100.7, 121.2, 99.5, 119.4, 100.9, 120.8, 99.2, 121.5};
    static const double one[] = {100.1, 101.3, 100.7, 98.2, 99.5, 99.4, 100.9, 102.8, 99.2, 101.5};
    struct sb_dataset ds;
    (void)state;
    audit_cell(&ds, apart, 10);
    assert_int_equal(count(&ds, "TWO_MODES"), 1);
    sb_dataset_free(&ds);
    audit_cell(&ds, one, 10);
    assert_int_equal(count(&ds, "TWO_MODES"), 0);
    sb_dataset_free(&ds);
}

/* The stated false-alarm rates, on cells of normal noise from a fixed generator. */
static double uniform(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return ((double)(*seed >> 11) + 0.5) / 9007199254740992.0;
}

static void false_alarm_rates(void **state)
{
    enum { CELLS = 20000, RUNS = 5 };
    static const struct {
        const char *code;
        double rate;
    } stated[] = {{"FIRST_RUN_APART", 0.01}, {"OUTLIER", 0.01}, {"TREND", 0.02}};
    uint64_t seed = 7;
    struct sb_dataset ds;
    (void)state;
    sb_dataset_init(&ds);
    for (size_t cell = 0; cell < CELLS; cell++)
        for (size_t i = 0; i < RUNS; i++) {
            char words[64], config[32], repetition[24];
            double normal = sqrt(-2 * log(uniform(&seed))) * cos(6.283185307179586 * uniform(&seed));
            snprintf(words, sizeof words, "events_per_second=%.6f", 1000 * exp(0.03 * normal));
            snprintf(config, sizeof config, "c%zu", cell);
            snprintf(repetition, sizeof repetition, "%zu", i + 1);
            label(&ds, add(&ds, config, "cpu", words), "raw", config, repetition);
        }
    sb_audit(&ds);
    for (size_t i = 0; i < sizeof stated / sizeof *stated; i++) {
        double seen = (double)count(&ds, stated[i].code) / CELLS, error = sqrt(stated[i].rate / CELLS);
        print_message("%s: %.4f of cells\n", stated[i].code, seen);
        assert_true(seen <= stated[i].rate + 4 * error);
        assert_true(seen >= stated[i].rate / 2);
    }
    sb_dataset_free(&ds);
}

/* ---- the table and its documentation ---- */

static void every_check_is_documented(void **state)
{
    size_t nr, len;
    char *text;
    struct sb_err err;
    const struct sb_check *checks = sb_audit_checks(&nr);
    (void)state;
    if (!sb_read_file(SBSTAT_SOURCE_DIR "/docs/audit.md", 1 << 20, &text, &len, &err))
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < nr; i++) {
        char heading[128];
        snprintf(heading, sizeof heading, "\n### %s\n", checks[i].code);
        const char *section = strstr(text, heading);
        if (!section) fail_msg("docs/audit.md has no section %s", checks[i].code);
        static const char *const words[] = {"Note", "Warning", "Error"};
        section += strlen(heading);
        if (strncmp(section, words[checks[i].severity], strlen(words[checks[i].severity])) != 0)
            fail_msg("docs/audit.md gives %s another severity", checks[i].code);
        for (const char *c = checks[i].code, *a = checks[i].anchor; *c || *a; c++, a++)
            assert_int_equal(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c, *a);
        assert_true(!checks[i].each_run != !checks[i].whole);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(checks[i].code, checks[j].code);
    }
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(single_runs),
        cmocka_unit_test(messages_have_evidence),
        cmocka_unit_test(checkpoints_reset_the_counts),
        cmocka_unit_test(figures_printed_twice),
        cmocka_unit_test(histograms),
        cmocka_unit_test(intervals_add_up_to_the_whole),
        cmocka_unit_test(broken_runs),
        cmocka_unit_test(buffered_files_smaller_than_memory),
        cmocka_unit_test(design),
        cmocka_unit_test(what_the_collector_recorded),
        cmocka_unit_test(memory_size_that_cannot_act),
        cmocka_unit_test(labels_against_log_and_manifest),
        cmocka_unit_test(repetitions_at_five),
        cmocka_unit_test(two_modes_from_ten),
        cmocka_unit_test(false_alarm_rates),
        cmocka_unit_test(every_check_is_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
