#include "analyze/audit.h"

#include "analyze/analyze.h"
#include "analyze/audit_cells.h"
#include "analyze/audit_checks.h"
#include "core/alloc.h"

#define SELF(fn)        .family = SB_CHECK_SELF, .each_run = fn
#define QUALITY(fn)     .family = SB_CHECK_QUALITY, .each_run = fn
#define DESIGN(fn)      .family = SB_CHECK_DESIGN, .whole = fn
#define COPIES(fn)      .family = SB_CHECK_COPIES, .whole = fn
#define REPETITIONS(fn) .family = SB_CHECK_REPETITIONS, .whole = fn

/* clang-format off */
static const struct sb_check checks[] = {
    {.code = "RATE_MISMATCH", .severity = SB_ERROR, SELF(sb_check_rate), .anchor = "rate_mismatch",
     .explanation = "a printed rate is not its count divided by the elapsed time"},
    {.code = "PRINTED_TWICE", .severity = SB_ERROR, SELF(sb_check_printed_twice), .anchor = "printed_twice",
     .explanation = "a figure that the report prints twice has two values"},
    {.code = "SUM_EXCEEDS_TIME", .severity = SB_ERROR, SELF(sb_check_sum_exceeds_time), .anchor = "sum_exceeds_time",
     .explanation = "the workers were busy for longer than they lived"},
    {.code = "IDLE_WORKERS", .severity = SB_ERROR, SELF(sb_check_idle_workers), .anchor = "idle_workers",
     .explanation = "the workers were idle for much of the printed time, in a test that leaves them no time"},
    {.code = "FAIRNESS_EVENTS", .severity = SB_ERROR, SELF(sb_check_fairness_events), .anchor = "fairness_events",
     .explanation = "events per thread times threads is not the number of events"},
    {.code = "FAIRNESS_TIME", .severity = SB_ERROR, SELF(sb_check_fairness_time), .anchor = "fairness_time",
     .explanation = "execution time per thread times threads is not the sum of latencies"},
    {.code = "FAIRNESS_SD", .severity = SB_ERROR, SELF(sb_check_fairness_sd), .anchor = "fairness_sd",
     .explanation = "a standard deviation over threads is larger than their mean allows"},
    {.code = "SERIES_MISMATCH", .severity = SB_WARNING, SELF(sb_check_series), .anchor = "series_mismatch",
     .explanation = "the interval lines do not add up to the final count"},
    {.code = "LATENCY_AVG_MISMATCH", .severity = SB_ERROR, SELF(sb_check_latency_avg), .anchor = "latency_avg_mismatch",
     .explanation = "the average latency is not the sum divided by the events"},
    {.code = "LATENCY_ORDER", .severity = SB_ERROR, SELF(sb_check_latency_order), .anchor = "latency_order",
     .explanation = "minimum, average, maximum, sum and total time are not in order"},
    {.code = "PERCENTILE_RANGE", .severity = SB_ERROR, SELF(sb_check_percentile), .anchor = "percentile_range",
     .explanation = "the percentile lies where minimum, maximum, sum and count do not allow it"},
    {.code = "HISTOGRAM_COUNT", .severity = SB_ERROR, SELF(sb_check_histogram_count), .anchor = "histogram_count",
     .explanation = "the histogram's counts do not add up to the events"},
    {.code = "HISTOGRAM_PERCENTILE", .severity = SB_ERROR, SELF(sb_check_histogram_percentile), .anchor = "histogram_percentile",
     .explanation = "the printed percentile is not the one that the histogram gives"},
    {.code = "HISTOGRAM_RANGE", .severity = SB_ERROR, SELF(sb_check_histogram_range), .anchor = "histogram_range",
     .explanation = "minimum or maximum lies outside the histogram's first or last row"},
    {.code = "MEMORY_SIZE_MISMATCH", .severity = SB_ERROR, SELF(sb_check_memory_size), .anchor = "memory_size_mismatch",
     .explanation = "the MiB moved are not operations times block size"},
    {.code = "MEMORY_REQUEST_EXCEEDED", .severity = SB_ERROR, SELF(sb_check_memory_request), .anchor = "memory_request_exceeded",
     .explanation = "more was moved than was asked for"},
    {.code = "MEMORY_ENDED_EARLY", .severity = SB_WARNING, SELF(sb_check_memory_ended_early), .anchor = "memory_ended_early",
     .explanation = "less was moved than was asked for, and no time limit ended the run"},
    {.code = "EVENTS_MISMATCH", .severity = SB_ERROR, SELF(sb_check_events_count), .anchor = "events_mismatch",
     .explanation = "memory operations and events differ"},
    {.code = "FILEIO_THROUGHPUT_MISMATCH", .severity = SB_ERROR, SELF(sb_check_fileio_throughput), .anchor = "fileio_throughput_mismatch",
     .explanation = "MiB/s is not operations per second times block size"},
    {.code = "FILEIO_EVENTS_MISMATCH", .severity = SB_ERROR, SELF(sb_check_fileio_events), .anchor = "fileio_events_mismatch",
     .explanation = "reads, writes and fsyncs do not make the number of events"},
    {.code = "FSYNC_RATIO", .severity = SB_ERROR, SELF(sb_check_fsync_ratio), .anchor = "fsync_ratio",
     .explanation = "the fsync rate is not what the fsync policy makes of the requests"},
    {.code = "RW_RATIO", .severity = SB_ERROR, SELF(sb_check_rw_ratio), .anchor = "rw_ratio",
     .explanation = "reads and writes are not in the ratio that the test mode asks for"},
    {.code = "QUERIES_SUM", .severity = SB_ERROR, SELF(sb_check_queries_sum), .anchor = "queries_sum",
     .explanation = "read, write and other queries do not add up to the total"},

    {.code = "VALUE_WRAPPED", .severity = SB_WARNING, QUALITY(sb_check_wrapped), .anchor = "value_wrapped",
     .explanation = "a time went below zero and was printed as a huge number"},
    {.code = "RUN_FAILED", .severity = SB_ERROR, QUALITY(sb_check_run_failed), .anchor = "run_failed",
     .explanation = "the run has no final figures"},
    {.code = "STEP_FAILED", .severity = SB_ERROR, QUALITY(sb_check_step_failed), .anchor = "step_failed",
     .explanation = "a step of the run ended with an error, says the manifest"},
    {.code = "RUN_TRUNCATED", .severity = SB_ERROR, QUALITY(sb_check_run_truncated), .anchor = "run_truncated",
     .explanation = "the report is cut: it has a head and no end"},
    {.code = "RUN_PARTIAL", .severity = SB_WARNING, QUALITY(sb_check_run_partial), .anchor = "run_partial",
     .explanation = "only a few lines of a report are there"},
    {.code = "FATAL_IN_REPORT", .severity = SB_ERROR, QUALITY(sb_check_fatal_in_report), .anchor = "fatal_in_report",
     .explanation = "sysbench printed FATAL and a report all the same"},
    {.code = "ERRORS_IN_REPORT", .severity = SB_WARNING, QUALITY(sb_check_errors_in_report), .anchor = "errors_in_report",
     .explanation = "errors were printed in the middle of the run"},
    {.code = "NO_EVENTS", .severity = SB_ERROR, QUALITY(sb_check_no_events), .anchor = "no_events",
     .explanation = "the report says that nothing happened"},
    {.code = "RUN_TOO_SHORT", .severity = SB_WARNING, QUALITY(sb_check_too_short), .anchor = "run_too_short",
     .explanation = "the run took less than a second"},
    {.code = "MEMORY_TOO_SHORT", .severity = SB_WARNING, QUALITY(sb_check_memory_too_short), .anchor = "memory_too_short",
     .explanation = "the memory test moved its total in less than a second"},
    {.code = "RESOLUTION_LIMITED", .severity = SB_NOTE, QUALITY(sb_check_resolution), .anchor = "resolution_limited",
     .explanation = "a latency is printed too coarsely; the average is restored from sum and events"},
    {.code = "PERCENTILE_SATURATED", .severity = SB_WARNING, QUALITY(sb_check_percentile_saturated), .anchor = "percentile_saturated",
     .explanation = "the percentile is the end of sysbench's histogram"},
    {.code = "PAGE_CACHE_BOUND", .severity = SB_WARNING, QUALITY(sb_check_page_cache), .anchor = "page_cache_bound",
     .explanation = "buffered I/O on files smaller than the memory"},
    {.code = "CACHES_NOT_DROPPED", .severity = SB_WARNING, QUALITY(sb_check_caches), .anchor = "caches_not_dropped",
     .explanation = "files may still have been in the page cache when the test began"},
    {.code = "FILEIO_IMPLAUSIBLE", .severity = SB_WARNING, QUALITY(sb_check_fileio_implausible), .anchor = "fileio_implausible",
     .explanation = "file throughput above what any storage device gives"},
    {.code = "CPU_IMPLAUSIBLE", .severity = SB_WARNING, QUALITY(sb_check_cpu_implausible), .anchor = "cpu_implausible",
     .explanation = "more events per second than the divisions allow: the loop was optimised away"},
    {.code = "MEMORY_IMPLAUSIBLE", .severity = SB_WARNING, QUALITY(sb_check_memory_implausible), .anchor = "memory_implausible",
     .explanation = "memory throughput above what the threads can move: the loop was optimised away"},
    {.code = "MEMORY_CACHE_BOUND", .severity = SB_NOTE, QUALITY(sb_check_memory_cache), .anchor = "memory_cache_bound",
     .explanation = "the memory test's buffer fits into a processor cache"},

    {.code = "CELLS_MISSING", .severity = SB_WARNING, DESIGN(sb_check_missing_cells), .anchor = "cells_missing",
     .explanation = "a level was not run in a combination in which other levels were"},
    {.code = "REPETITIONS_UNEQUAL", .severity = SB_NOTE, DESIGN(sb_check_unequal_repetitions), .anchor = "repetitions_unequal",
     .explanation = "cells that are compared have different numbers of runs"},
    {.code = "VERSIONS_DIFFER", .severity = SB_WARNING, DESIGN(sb_check_versions_differ), .anchor = "versions_differ",
     .explanation = "cells that are compared ran different sysbench versions"},
    {.code = "PARAMETERS_DIFFER", .severity = SB_WARNING, DESIGN(sb_check_parameters_differ), .anchor = "parameters_differ",
     .explanation = "cells that are compared ran with different options"},
    {.code = "NAME_CONTRADICTS_LOG", .severity = SB_WARNING, .family = SB_CHECK_DESIGN, .each_run = sb_check_label_contradiction,
     .anchor = "name_contradicts_log", .explanation = "a file or folder name says something else than the log"},
    {.code = "PLATFORM_IMAGE_MISMATCH", .severity = SB_ERROR, DESIGN(sb_check_platform_image), .anchor = "platform_image_mismatch",
     .explanation = "the platform label contradicts the image format or command line in the manifest"},
    {.code = "ACCELERATORS_DIFFER", .severity = SB_WARNING, DESIGN(sb_check_accelerators_differ), .anchor = "accelerators_differ",
     .explanation = "runs with different accelerators are compared"},
    {.code = "VCPUS_CANNOT_ACT", .severity = SB_WARNING, DESIGN(sb_check_vcpus_cannot_act), .anchor = "vcpus_cannot_act",
     .explanation = "the number of processors varies, but only one thread ran"},
    {.code = "MEMORY_SIZE_CANNOT_ACT", .severity = SB_WARNING, DESIGN(sb_check_memory_cannot_act), .anchor = "memory_size_cannot_act",
     .explanation = "the memory size varies, but the memory test's buffer fits into the smallest"},

    {.code = "DUPLICATE_RUN", .severity = SB_ERROR, COPIES(sb_check_duplicate_run), .anchor = "duplicate_run",
     .explanation = "every figure of the run is that of another one"},
    {.code = "COPIED_FIGURES", .severity = SB_ERROR, COPIES(sb_check_copied_figures), .anchor = "copied_figures",
     .explanation = "figures stand, in order, in another cell's run while the rest differs"},
    {.code = "IDENTICAL_REPETITIONS", .severity = SB_WARNING, COPIES(sb_check_identical_repetitions),
     .anchor = "identical_repetitions", .explanation = "repetitions agree in figures that vary from run to run"},

    {.code = "FIRST_RUN_APART", .severity = SB_WARNING, REPETITIONS(sb_check_first_run_apart), .anchor = "first_run_apart",
     .explanation = "the first repetition is apart from the others"},
    {.code = "TREND", .severity = SB_WARNING, REPETITIONS(sb_check_trend), .anchor = "trend",
     .explanation = "the repetitions rise or fall from first to last"},
    {.code = "OUTLIER", .severity = SB_WARNING, REPETITIONS(sb_check_outlier), .anchor = "outlier",
     .explanation = "one repetition is apart from the others"},
    {.code = "NOISY", .severity = SB_WARNING, REPETITIONS(sb_check_noisy), .anchor = "noisy",
     .explanation = "the repetitions spread so much that their mean says little"},
    {.code = "TWO_MODES", .severity = SB_WARNING, REPETITIONS(sb_check_two_modes), .anchor = "two_modes",
     .explanation = "the repetitions fall into two groups"},
};
/* clang-format on */

const struct sb_check *sb_audit_checks(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(checks);
    return checks;
}

const char *sb_check_family_text(enum sb_check_family family)
{
    static const char *const texts[] = {
        [SB_CHECK_SELF] = "a run against itself",      [SB_CHECK_COPIES] = "runs against each other",
        [SB_CHECK_DESIGN] = "runs against the design", [SB_CHECK_QUALITY] = "measurement quality",
        [SB_CHECK_REPETITIONS] = "over repetitions",
    };
    return texts[family];
}

static int text_cmp(const char *a, const char *b)
{
    if (!a || !b) return (a != NULL) - (b != NULL);
    return strcmp(a, b);
}

static int number_cmp(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* source, run, line, code, then everything else that can differ: no two different findings are equal. */
static int finding_cmp(const void *pa, const void *pb)
{
    const struct sb_finding *a = pa, *b = pb;
    int cmp = text_cmp(a->source, b->source);
    if (!cmp) cmp = number_cmp(a->ordinal, b->ordinal);
    if (!cmp) cmp = number_cmp(a->line, b->line);
    if (!cmp) cmp = text_cmp(a->code, b->code);
    if (!cmp) cmp = text_cmp(a->other_source, b->other_source);
    if (!cmp) cmp = number_cmp(a->other_ordinal, b->other_ordinal);
    if (!cmp) cmp = number_cmp(a->other_line, b->other_line);
    return cmp ? cmp : text_cmp(a->message, b->message);
}

static void check_each_run(struct sb_audit *audit)
{
    for (size_t i = 0; i < audit->ds->runs_nr; i++) {
        struct sb_run_facts facts;
        sb_run_facts_init(&facts, audit->ds, i);
        for (size_t c = 0; c < SB_ARRAY_SIZE(checks); c++) {
            audit->check = &checks[c];
            if (checks[c].each_run) checks[c].each_run(audit, &facts);
        }
    }
}

void sb_audit(struct sb_dataset *ds)
{
    struct sb_audit audit = {.ds = ds};
    check_each_run(&audit);
    for (size_t c = 0; c < SB_ARRAY_SIZE(checks); c++) {
        audit.check = &checks[c];
        if (checks[c].whole) checks[c].whole(&audit);
    }
    sb_audit_release_cells(&audit);
    if (ds->findings_nr) qsort(ds->findings, ds->findings_nr, sizeof *ds->findings, finding_cmp);
}
