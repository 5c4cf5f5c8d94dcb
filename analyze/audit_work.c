/* A run against itself: what memory, fileio and oltp tests print about the work they did. */
#include "analyze/audit_checks.h"

#include <math.h>
#include "core/metric.h"
#include "core/text.h"
#include "io/number.h"

static const double mib = 1024.0 * 1024.0;

/* "block size: 1024KiB" is the option cut to whole KiB (sb_memory.c), so 0KiB is anything below one KiB. */
static bool memory_block(const struct sb_run_facts *facts, struct sb_span *block)
{
    double bytes;
    if (!sb_fact_bytes(facts, "memory-block-size", &bytes)) return false;
    const char *text = sb_run_param(facts->run, "memory-block-size");
    bool in_kib = strpbrk(text, "kK") != NULL;
    *block = sb_span(bytes, in_kib && bytes < 1024 ? 1023 : bytes);
    return true;
}

void sb_check_memory_size(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *moved = sb_fact(facts, "memory_transferred"), *ops = sb_fact(facts, "memory_ops");
    struct sb_span block;
    if (!moved || !ops || ops->value < 0 || !memory_block(facts, &block)) return;
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s of %s give", sb_audit_figure(audit, facts, ops),
                        sb_run_param(facts->run, "memory-block-size"));
    struct sb_span allowed = sb_span_scale(sb_span_mul(sb_span_of(ops), block), 1 / mib);
    sb_audit_expect(audit, facts, moved, sb_span_of(moved), allowed, ops, because);
}

/* The test ends when the requested total is moved or its time is over, and never moves more than was asked
 * for. */
void sb_check_memory_request(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *moved = sb_fact(facts, "memory_transferred");
    double total;
    struct sb_span block;
    if (!moved || !sb_fact_bytes(facts, "memory-total-size", &total) || total <= 0 ||
        !memory_block(facts, &block))
        return;
    double spare =
        (facts->threads + 1) * block.hi / mib; /* 0.4 and 0.5 hand out one block too many per thread */
    if (sb_span_of(moved).lo <= (total + mib) / mib + spare) return;
    sb_audit_add(audit, facts, moved, NULL, "%s, but only %s were to be moved (--memory-total-size)",
                 sb_audit_figure(audit, facts, moved), sb_run_param(facts->run, "memory-total-size"));
}

/* A run that moved less than was asked for was ended by its time, a whole number of seconds (and the
 * operations then under way), or by --events. */
void sb_check_memory_ended_early(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *moved = sb_fact(facts, "memory_transferred"), *time = sb_fact(facts, "total_time");
    const struct sb_value *max = sb_fact(facts, "latency_max");
    double total, events = 0;
    struct sb_span block;
    if (!moved || !time || !max || facts->carried || !memory_block(facts, &block)) return;
    if (!sb_fact_bytes(facts, "memory-total-size", &total) ||
        (sb_fact_number(facts, "events", &events) && events > 0))
        return;
    double short_of = total / mib - sb_span_of(moved).hi, over = time->value - floor(time->value);
    if (short_of <= 0.001 * total / mib + 2 * facts->threads * block.hi / mib + 1) return;
    if (time->value >= 1 && over <= fmax(0.05, 2 * max->value * 1e-3)) return;
    sb_audit_add(audit, facts, moved, time,
                 "%s of %s (--memory-total-size), yet the run ended after %s: at no time limit",
                 sb_audit_figure(audit, facts, moved), sb_run_param(facts->run, "memory-total-size"),
                 sb_audit_figure(audit, facts, time));
}

/* One memory operation is one event; one transaction is one event of the bundled oltp scripts. */
void sb_check_events_count(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *events = sb_fact(facts, "events"), *ops = sb_fact(facts, "memory_ops");
    if (!events || !ops || ops->value < 0 || ops->value == events->value) return;
    sb_audit_add(audit, facts, ops, events, "%s differ from %s: one operation is one event",
                 sb_audit_figure(audit, facts, ops), sb_audit_figure(audit, facts, events));
}

static bool fileio_block(const struct sb_run_facts *facts, double *block)
{
    double files = 1, total;
    if (sb_run_param(facts->run, "file-merged-requests")) return false;
    if (!sb_fact_bytes(facts, "file-block-size", block) || *block <= 0) return false;
    if (!sb_fact_number(facts, "file-num", &files) || !sb_fact_bytes(facts, "file-total-size", &total))
        return true;
    return fmod(floor(total / fmax(files, 1)), *block) == 0; /* else the last block of each file is shorter */
}

void sb_check_fileio_throughput(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    static const char *const pairs[][2] = {{"reads_per_second", "read_throughput"},
                                           {"writes_per_second", "write_throughput"},
                                           {"requests_per_second", "total_throughput"}};
    double block;
    if (!fileio_block(facts, &block)) return;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const struct sb_value *ops = sb_fact(facts, pairs[i][0]), *moved = sb_fact(facts, pairs[i][1]);
        if (!ops || !moved) continue;
        const char *because =
            sb_arena_printf(&audit->ds->arena, "%s of %s give", sb_audit_figure(audit, facts, ops),
                            sb_run_param(facts->run, "file-block-size"));
        sb_audit_expect(audit, facts, moved, sb_span_of(moved), sb_span_scale(sb_span_of(ops), block / mib),
                        ops, because);
    }
}

/* The test mode is kept as it is printed (get_test_mode_str). */
enum fileio_mode { FILEIO_UNKNOWN, FILEIO_READS, FILEIO_WRITES, FILEIO_BOTH };

static enum fileio_mode fileio_mode(const struct sb_run_facts *facts)
{
    static const struct {
        const char *text;
        enum fileio_mode mode;
    } table[] = {
        {"sequential write (creation)", FILEIO_WRITES},
        {"seqwr", FILEIO_WRITES},
        {"sequential rewrite", FILEIO_WRITES},
        {"seqrewr", FILEIO_WRITES},
        {"sequential read", FILEIO_READS},
        {"seqrd", FILEIO_READS},
        {"random read", FILEIO_READS},
        {"rndrd", FILEIO_READS},
        {"random write", FILEIO_WRITES},
        {"rndwr", FILEIO_WRITES},
        {"random r/w", FILEIO_BOTH},
        {"rndrw", FILEIO_BOTH},
    };
    const char *mode = sb_run_param(facts->run, "file-test-mode");
    for (size_t i = 0; mode && i < sizeof table / sizeof *table; i++)
        if (strcmp(mode, table[i].text) == 0) return table[i].mode;
    return FILEIO_UNKNOWN;
}

/* Requests that may be handed out and not counted yet when the run ends: --file-async-backlog is 128 by
 * default. */
static double in_flight(const struct sb_run_facts *facts)
{
    const char *io_mode = sb_run_param(facts->run, "file-io-mode");
    return facts->threads * (io_mode && sb_has_prefix(io_mode, "async") ? 128 : 1);
}

/* What the fsync policy and the counters of a 1.0 or 1.1 fileio run are. */
struct fileio {
    const struct sb_value *reads, *writes, *fsyncs; /* per second */
    struct sb_span requests, all;                   /* per second: reads + writes; with fsyncs */
    double files, freq;                             /* freq 0: no periodic fsync */
    enum fileio_mode mode;
    struct sb_span end; /* fsyncs at the end: every thread syncs every file (file_thread_done) */
};

/* Since when the fsyncs at the end are counted is not recorded: 1.0.11 to 1.0.20 count them, early builds
 * of 1.1 do not. */
static bool counts_fsyncs_at_end(const struct sb_run_facts *facts)
{
    double patch;
    const char *version = facts->run->version;
    return sb_has_prefix(version, "1.0.") && sb_number_parse(version + 4, strlen(version + 4), &patch) &&
           patch >= 11;
}

static bool fileio_init(struct fileio *io, const struct sb_run_facts *facts)
{
    memset(io, 0, sizeof *io);
    io->reads = sb_fact(facts, "reads_per_second");
    io->writes = sb_fact(facts, "writes_per_second");
    io->fsyncs = sb_fact(facts, "fsyncs_per_second");
    io->mode = fileio_mode(facts);
    if (!io->reads || !io->writes || !io->fsyncs || io->mode == FILEIO_UNKNOWN || !facts->threads)
        return false;
    if (!sb_fact_number(facts, "file-num", &io->files) || sb_run_param(facts->run, "file-fsync-all"))
        return false;
    sb_fact_number(facts, "file-fsync-freq", &io->freq);
    bool at_end = io->mode != FILEIO_READS && sb_run_param(facts->run, "file-fsync-end");
    double end = at_end ? io->files * facts->threads : 0;
    io->end = sb_span(counts_fsyncs_at_end(facts) ? end : 0, end);
    io->requests = sb_span_add(sb_span_of(io->reads), sb_span_of(io->writes));
    io->all = sb_span_add(io->requests, sb_span_of(io->fsyncs));
    return true;
}

/* 0.4 and 0.5 print counts, and an fsync is no event there. */
static void old_fileio_events(struct sb_audit *audit, const struct sb_run_facts *facts,
                              const struct sb_value *reads, const struct sb_value *writes)
{
    const struct sb_value *events = sb_fact(facts, "events");
    if (!events || fabs(reads->value + writes->value - events->value) <= in_flight(facts)) return;
    sb_audit_add(audit, facts, events, reads, "%s, but %s + %s make %s",
                 sb_audit_figure(audit, facts, events), sb_audit_figure(audit, facts, reads),
                 sb_audit_figure(audit, facts, writes),
                 sb_audit_number(audit, reads->value + writes->value, 12));
}

/* reads + writes + fsyncs = events + the fsyncs at the end, which are counted but are no events. */
void sb_check_fileio_events(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *reads = sb_fact(facts, "reads"), *writes = sb_fact(facts, "writes");
    if (strcmp(facts->run->kind, "fileio") == 0 && reads && writes)
        old_fileio_events(audit, facts, reads, writes);
    const struct sb_value *events = sb_fact(facts, "events"), *total = sb_fact(facts, "total_time");
    struct fileio io;
    if (!events || !facts->elapsed_known || !fileio_init(&io, facts)) return;
    struct sb_span counted = sb_span_mul(io.all, facts->elapsed);
    struct sb_span allowed = sb_span(fmax(0, counted.lo - io.end.hi - in_flight(facts)),
                                     counted.hi - io.end.lo + in_flight(facts));
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s + %s + %s in %s give", sb_audit_figure(audit, facts, io.reads),
                        sb_audit_figure(audit, facts, io.writes), sb_audit_figure(audit, facts, io.fsyncs),
                        sb_audit_figure(audit, facts, total));
    sb_audit_expect(audit, facts, events, sb_span_of(events), allowed, io.reads, because);
}

/*
 * 0.4 prints the count of fsyncs as "Other". Random tests sync all files after every `freq` requests, but no
 * more once
 * --max-requests is reached; sequential ones sync each file once at the end; reading ones never (sb_fileio.c
 * of 0.4.12).
 */
static void old_fsyncs(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *others = sb_fact(facts, "others"), *reads = sb_fact(facts, "reads"),
                          *writes = sb_fact(facts, "writes");
    const char *mode = sb_run_param(facts->run, "file-test-mode");
    double files, freq, limit;
    if (!others || !reads || !writes || !mode || !facts->threads ||
        sb_run_param(facts->run, "file-fsync-all"))
        return;
    if (fileio_mode(facts) == FILEIO_UNKNOWN || !sb_fact_number(facts, "file-num", &files)) return;
    if (!sb_fact_number(facts, "file-fsync-freq", &freq) || freq <= 0) return;
    double requests = reads->value + writes->value, counted = requests;
    if (sb_fact_number(facts, "events", &limit) && limit > 0) counted = fmin(counted, limit);
    struct sb_span allowed = sb_span(0, files + facts->threads);
    if (fileio_mode(facts) == FILEIO_READS)
        allowed.hi = 0;
    else if (sb_has_prefix(mode, "random") || sb_has_prefix(mode, "rnd"))
        allowed = sb_span(fmax(0, (floor(counted / freq) - 1) * files),
                          (floor(requests / freq) + 1) * files + facts->threads);
    const char *because = sb_arena_printf(
        &audit->ds->arena, "a %s test with %s, %s, %s files and an fsync of all each %s requests gives", mode,
        sb_audit_figure(audit, facts, reads), sb_audit_figure(audit, facts, writes),
        sb_audit_number(audit, files, 6), sb_audit_number(audit, freq, 6));
    sb_audit_expect(audit, facts, others, sb_span_of(others), allowed, reads, because);
}

/*
 * Every `freq` requests all files are synced once (file_get_rnd_request, file_get_seq_request), so
 * fsyncs = files * requests / freq + end, less the part of a cycle that had not begun or ended.
 */
void sb_check_fsync_ratio(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    struct fileio io;
    if (facts->generation == SB_GENERATION_0_4) old_fsyncs(audit, facts);
    const struct sb_value *sum = sb_fact(facts, "latency_sum");
    if (!fileio_init(&io, facts) || facts->generation < SB_GENERATION_1_0) return;
    double seconds = facts->elapsed_known ? facts->elapsed.lo
                     : sum                ? sb_span_of(sum).lo / 1e3 / facts->threads
                                          : 0;
    if (seconds <= 0 || !facts->closed_loop) return;
    double periodic = io.mode != FILEIO_READS && io.freq > 0 ? io.files / io.freq : 0;
    double cycle = periodic > 0 ? io.files + facts->threads : 0;
    struct sb_span fsyncs = sb_span_of(io.fsyncs), steady = sb_span_scale(io.requests, periodic);
    double least = io.end.lo - cycle, most = io.end.hi + cycle;
    struct sb_span allowed =
        sb_span(fmax(0, steady.lo + fmin(0, least) / seconds), steady.hi + fmax(0, most) / seconds);
    if (facts->elapsed_known && least > 0) allowed.lo = fmax(0, steady.lo + least / facts->elapsed.hi);
    const char *because = sb_arena_printf(
        &audit->ds->arena, "%s + %s with %s files, an fsync of all each %s requests and %s at the end give",
        sb_audit_figure(audit, facts, io.reads), sb_audit_figure(audit, facts, io.writes),
        sb_audit_number(audit, io.files, 6), sb_audit_number(audit, io.freq, 6),
        sb_audit_number(audit, io.end.hi, 6));
    sb_audit_expect(audit, facts, io.fsyncs, fsyncs, allowed, io.reads, because);
}

/* rndrw: each thread writes as soon as (reads + 1) / (writes + 1) has reached the ratio; the other modes only
 * read or only write. */
void sb_check_rw_ratio(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    struct fileio io;
    double ratio;
    if (!fileio_init(&io, facts) || facts->generation < SB_GENERATION_1_0) return;
    if (io.mode != FILEIO_BOTH) {
        const struct sb_value *other = io.mode == FILEIO_READS ? io.writes : io.reads;
        if (other->value <= 0) return;
        sb_audit_add(audit, facts, other, NULL, "%s, but a %s test only %s",
                     sb_audit_figure(audit, facts, other), sb_run_param(facts->run, "file-test-mode"),
                     io.mode == FILEIO_READS ? "reads" : "writes");
        return;
    }
    const struct sb_value *sum = sb_fact(facts, "latency_sum");
    double seconds = facts->elapsed_known ? facts->elapsed.lo
                     : sum                ? sb_span_of(sum).lo / 1e3 / facts->threads
                                          : 0;
    if (!sb_fact_number(facts, "file-rw-ratio", &ratio) || ratio <= 0 || seconds <= 0) return;
    double spare = in_flight(facts) * (ratio + 2) / seconds;
    struct sb_span writing = sb_span_of(io.writes);
    struct sb_span allowed =
        sb_span(fmax(0, writing.lo * (ratio - 0.005) - spare), writing.hi * (ratio + 0.005) + spare);
    const char *because =
        sb_arena_printf(&audit->ds->arena, "%s at a read/write ratio of %s give",
                        sb_audit_figure(audit, facts, io.writes), sb_run_param(facts->run, "file-rw-ratio"));
    sb_audit_expect(audit, facts, io.reads, sb_span_of(io.reads), allowed, io.writes, because);
}

/* SQL statistics: read + write + other = total, which the log repeats as `queries:`. */
void sb_check_queries_sum(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *queries = sb_fact(facts, "queries"), *reads = sb_fact(facts, "reads");
    const struct sb_value *writes = sb_fact(facts, "writes"), *others = sb_fact(facts, "others");
    if (!queries || !reads || !writes || !others || strcmp(facts->run->kind, "fileio") == 0) return;
    double sum = reads->value + writes->value + others->value;
    if (sum == queries->value) return;
    sb_audit_add(audit, facts, queries, reads, "%s, but %s + %s + %s make %s",
                 sb_audit_figure(audit, facts, queries), sb_audit_figure(audit, facts, reads),
                 sb_audit_figure(audit, facts, writes), sb_audit_figure(audit, facts, others),
                 sb_audit_number(audit, sum, 12));
}
