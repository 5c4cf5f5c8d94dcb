/*
 * tests/fileio/sb_fileio.c file_print_mode(), file_print_stats() (0.4, 0.5), file_report_cumulative()
 * (1.0, 1.1).
 *
 * The report of 1.1 ends behind its latency block. The b, Kb, Mb and Gb of 0.4 and 0.5 are powers of 1024
 * bytes (sb_util.c sb_print_value_size()).
 */
#include "parsers/grammar.h"

#include "core/alloc.h"

#define OPTION(p) .name = "fileio option", .pattern = p, .phase = SB_PHASE_OPTIONS, .kind = "fileio"
#define RESULT(p) .name = "fileio result", .pattern = p, .phase = SB_PHASE_RESULT, .kind = "fileio"

static bool is_test_mode(const struct sb_builder *b, const struct sb_match *m)
{
    static const char *const modes[] = {"sequential write (creation)",
                                        "sequential rewrite",
                                        "sequential read",
                                        "random read",
                                        "random write",
                                        "random r/w",
                                        "mixed",
                                        "(unknown)"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(modes); i++)
        if (sb_slice_is(m->captures[0], modes[i])) return true;
    return false;
}

static const struct sb_rule rules[] = {
    {.name = "fileio option",
     .pattern = "Extra file open flags: %t",
     .phase = SB_PHASE_OPTIONS,
     .kind = "fileio",
     .flags = SB_RULE_CONTEXT,
     .captures = {SB_PARAM("file-extra-flags")}}, /* prepare prints it too */
    {OPTION("%n files, %w each"), .captures = {SB_PARAM("file-num"), SB_SKIP}},
    {OPTION("%w total file size"), .captures = {SB_PARAM("file-total-size")}},
    {OPTION("Block size %w"), .captures = {SB_PARAM("file-block-size")}},
    {OPTION("Merging requests up to %w for sequential IO."), .captures = {SB_PARAM("file-merged-requests")}},
    {OPTION("Number of IO requests: %n"), .captures = {SB_PARAM("events")}},
    {OPTION("Number of random requests for random IO: %n"), .captures = {SB_PARAM("events")}},
    {OPTION("Read/Write ratio for combined random IO test: %n"), .captures = {SB_PARAM("file-rw-ratio")}},
    {OPTION("Periodic FSYNC enabled, calling fsync() each %n requests."),
     .captures = {SB_PARAM("file-fsync-freq")}},
    {OPTION("Calling fsync() at the end of test, Enabled."), .set = {"file-fsync-end", "on"}},
    {OPTION("Calling fsync() after each write operation."), .set = {"file-fsync-all", "on"}},
    {OPTION("Using %t I/O mode"), .captures = {SB_PARAM("file-io-mode")}},
    {OPTION("Using checksums validation."), .set = {"validate", "on"}},
    {OPTION("Doing %t test"), .accept = is_test_mode, .captures = {SB_PARAM("file-test-mode")}},

    {RESULT("File operations:"), .opens = SB_SECTION_FILE_OPERATIONS, .flags = SB_RULE_ONCE},
    {RESULT("reads/s: %n"), .flags = SB_RULE_ONCE, .captures = {SB_METRIC("reads_per_second")}},
    {RESULT("writes/s: %n"), .flags = SB_RULE_ONCE, .captures = {SB_METRIC("writes_per_second")}},
    {RESULT("fsyncs/s: %n"), .flags = SB_RULE_ONCE, .captures = {SB_METRIC("fsyncs_per_second")}},
    {RESULT("read, MiB/s: %n"), .flags = SB_RULE_ONCE, .captures = {SB_METRIC("read_throughput")}},
    {RESULT("written, MiB/s: %n"), .flags = SB_RULE_ONCE, .captures = {SB_METRIC("write_throughput")}},

    {RESULT("read:  IOPS=%n %n MiB/s (%n MB/s)"), .flags = SB_RULE_ONCE | SB_RULE_SHORT,
     .captures = {SB_METRIC("reads_per_second"), SB_METRIC("read_throughput")}},
    {RESULT("write: IOPS=%n %n MiB/s (%n MB/s)"), .flags = SB_RULE_ONCE | SB_RULE_SHORT,
     .captures = {SB_METRIC("writes_per_second"), SB_METRIC("write_throughput")}},
    {RESULT("fsync: IOPS=%n"), .flags = SB_RULE_ONCE | SB_RULE_SHORT,
     .captures = {SB_METRIC("fsyncs_per_second")}},

    {RESULT("Operations performed: %n reads, %n writes, %n Other = %n Total"), .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("reads"), SB_METRIC("writes"), SB_METRIC("others")}},
    {RESULT("Operations performed: %n Read, %n Write, %n Other = %n Total"), .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("reads"), SB_METRIC("writes"), SB_METRIC("others")}},
    {RESULT("Read %n%w Written %n%w Total transferred %n%w (%n%w/sec)"), .flags = SB_RULE_ONCE,
     .captures = {SB_SKIP,
                  SB_SKIP,
                  SB_SKIP,
                  SB_SKIP,
                  SB_SKIP,
                  SB_SKIP,
                  {.to = SB_TO_METRIC_UNIT, .name = "total_throughput"},
                  {.to = SB_TO_UNIT}}},
    {RESULT("%n Requests/sec executed"), .flags = SB_RULE_ONCE,
     .captures = {SB_METRIC("requests_per_second")}},
};

const struct sb_family sb_family_fileio = {"fileio", rules, SB_ARRAY_SIZE(rules)};
