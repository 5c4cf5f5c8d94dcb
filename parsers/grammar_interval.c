/*
 * What --report-interval and --report-checkpoints print while the test runs.
 *
 *   [ 5s ] thds: 2 eps: 10551.70 lat (ms,95%): 0.20                   sysbench.c sb_report_intermediate()
 *   [ 1s ] 12063.94 MiB/sec                                           sb_memory.c
 * memory_report_intermediate() [ 2s ] reads: 733.28 MiB/s writes: 488.85 MiB/s fsyncs: 6259.32/s latency
 * (ms,95%): 0.123 [ 1s ] thds: 4 tps: 95.77 qps: 1971.05 (r/w/o: 1384.30/391.08/195.67) lat (ms,95%): 51.02
 * err/s: 0.00 reconn/s: 0.00 [   5s] threads: 1, tps: 361.44, reads/s: 5061.10, writes/s: 0.00, response
 * time: 3.35ms (99%)
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "io/number.h"
#include "parsers/builder.h"

#define INTERVAL(p) .name = "interval", .pattern = p, .phase = SB_PHASE_INTERVAL
#define ELAPSED                                                                                              \
    {                                                                                                        \
        .to = SB_TO_ELAPSED                                                                                  \
    }
#define RANK                                                                                                 \
    {                                                                                                        \
        .to = SB_TO_RANK                                                                                     \
    }

static void checkpoint(struct sb_builder *b, const struct sb_match *m)
{
    double elapsed;
    if (sb_number_parse(m->captures[0].s, m->captures[0].len, &elapsed))
        sb_builder_begin_checkpoint(b, elapsed);
}

/* 0.5: sb_lua.c and script_lua.c of the branch; 0.4.12.10: sb_oltp.c oltp_print_stats(). The rank stands
 * behind its figure. */
#define OLTP_05(head, tail)                                                                                  \
    INTERVAL("[ %ns] {Intermediate results: }" head                                                          \
             ", tps: %n, reads{/s}: %n, writes{/s}: %n{,} response time: %n" tail)
#define OLTP_05_POINTS(scale_)                                                                               \
    ELAPSED, SB_POINT("threads"), SB_POINT("transactions_per_second"), SB_POINT("reads_per_second"),         \
        SB_POINT("writes_per_second"), {.to = SB_TO_POINT, .name = "latency_p", .scale = scale_}, RANK

static const struct sb_rule rules[] = {
    {INTERVAL("[ %ns ] thds: %n eps: %n lat (ms,%n%%): %n"),
     .captures = {ELAPSED, SB_POINT("threads"), SB_POINT("events_per_second"), RANK, SB_POINT("latency_p")}},
    {INTERVAL(
         "[ %ns ] thds: %n tps: %n qps: %n (r/w/o: %n/%n/%n) lat (ms,%n%%): %n err/s{:} %n reconn/s{:} %n"),
     .kind = "oltp",
     .captures = {ELAPSED, SB_POINT("threads"), SB_POINT("transactions_per_second"),
                  SB_POINT("queries_per_second"), SB_POINT("reads_per_second"), SB_POINT("writes_per_second"),
                  SB_POINT("others_per_second"), RANK, SB_POINT("latency_p"),
                  SB_POINT("ignored_errors_per_second"), SB_POINT("reconnects_per_second")}},
    {INTERVAL("[ %ns ] %n MiB/sec"), .kind = "memory", .captures = {ELAPSED, SB_POINT("memory_throughput")}},
    {INTERVAL("[ %ns ] %n MB/sec{,}"), .kind = "memory",
     .captures = {ELAPSED, SB_POINT("memory_throughput")}},
    {INTERVAL("[ %ns ] reads: %n MiB/s writes: %n MiB/s fsyncs: %n/s latency (ms,%n%%): %n"),
     .kind = "fileio",
     .captures = {ELAPSED, SB_POINT("read_throughput"), SB_POINT("write_throughput"),
                  SB_POINT("fsyncs_per_second"), RANK, SB_POINT("latency_p")}},
    {INTERVAL("[ %ns ] reads: %n MB/s writes: %n MB/s fsyncs: %n/s response time: %nms (%n%%)"),
     .kind = "fileio",
     .captures = {ELAPSED, SB_POINT("read_throughput"), SB_POINT("write_throughput"),
                  SB_POINT("fsyncs_per_second"), SB_POINT("latency_p"), RANK}},
    {OLTP_05("threads: %n", "ms (%n%%), errors{/s}: %n{,} reconnects{/s}: %n"), .kind = "oltp",
     .captures = {OLTP_05_POINTS(1), SB_POINT("ignored_errors_per_second"),
                  SB_POINT("reconnects_per_second")}},
    {OLTP_05("threads: %n", "us (%n%%), errors{/s}: %n{,} reconnects{/s}: %n"), .kind = "oltp",
     .captures = {OLTP_05_POINTS(1e-3), SB_POINT("ignored_errors_per_second"),
                  SB_POINT("reconnects_per_second")}},
    {OLTP_05("threads: %n", "ms (%n%%)"), .kind = "oltp", .captures = {OLTP_05_POINTS(1)}},
    {OLTP_05("threads: %n", "us (%n%%)"), .kind = "oltp", .captures = {OLTP_05_POINTS(1e-3)}},
    {OLTP_05("%n threads", "ms (%n%%)"), .kind = "oltp", .captures = {OLTP_05_POINTS(1)}},
    {OLTP_05("%n threads", "ms (%n%%), min: %nms, max: %nms"), .kind = "oltp",
     .captures = {OLTP_05_POINTS(1)}},
    {INTERVAL("[ %ns ] queue length: %n{,} concurrency: %n"),
     .captures = {ELAPSED, SB_POINT("queue_length"), SB_POINT("concurrency")}},
    {INTERVAL("[ %ns ] Checkpoint report:"), .captures = {ELAPSED}, .handle = checkpoint},
};

const struct sb_family sb_family_interval = {"interval", rules, SB_ARRAY_SIZE(rules)};
