/* What the measurement can and cannot say: failed, cut, short, coarse or implausible runs. */
#include "analyze/audit_checks.h"

#include <math.h>
#include "core/metric.h"
#include "core/platform.h"
#include "core/text.h"
#include "io/number.h"

void sb_check_run_failed(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_run *run = facts->run;
    if (run->status != SB_FAILED) return;
    sb_audit_add(audit, facts, NULL, NULL, "the run that begins at %s has no final figures%s%s",
                 sb_run_where(audit->ds, run, run->first_line), *run->status_reason ? ": " : "",
                 run->status_reason);
}

void sb_check_step_failed(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const char *step = sb_run_param(facts->run, "env.failed_step");
    if (!step) return;
    sb_audit_add(audit, facts, NULL, NULL, "%s: a step of this run ended with %s",
                 sb_run_where(audit->ds, facts->run, facts->run->first_line), step);
}

/* A report that has its head but not its end was cut: its last figure may be half a number, and nothing
 * behind it can be checked. A few lines that somebody's grep kept have no head either. */
static bool is_cut(const struct sb_run *run)
{
    return run->status == SB_PARTIAL && *run->version && run->threads;
}

void sb_check_run_truncated(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_run *run = facts->run;
    if (!is_cut(run)) return;
    struct sb_finding *f =
        sb_audit_add(audit, facts, NULL, NULL, "the report that begins at %s stops at line %u%s%s",
                     sb_run_where(audit->ds, run, run->first_line), (unsigned)run->last_line,
                     *run->status_reason ? ": " : "", run->status_reason);
    f->line = run->last_line;
}

void sb_check_run_partial(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_run *run = facts->run;
    if (run->status != SB_PARTIAL || is_cut(run)) return;
    sb_audit_add(audit, facts, NULL, NULL, "%s is only a part of a report%s%s; its figures cannot be checked",
                 sb_run_where(audit->ds, run, run->first_line), *run->status_reason ? ": " : "",
                 run->status_reason);
}

void sb_check_fatal_in_report(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_run *run = facts->run;
    if (!run->fatals || run->status == SB_FAILED) return;
    sb_audit_add(
        audit, facts, NULL, NULL,
        "%u FATAL line%s between %s and line %u, yet a report follows: sysbench gave up in the middle",
        run->fatals, run->fatals == 1 ? "" : "s", sb_run_where(audit->ds, run, run->first_line),
        (unsigned)run->last_line);
}

void sb_check_errors_in_report(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_run *run = facts->run;
    if (!run->errors || run->status == SB_FAILED) return;
    sb_audit_add(audit, facts, NULL, NULL, "%u error line%s between %s and line %u", run->errors,
                 run->errors == 1 ? "" : "s", sb_run_where(audit->ds, run, run->first_line),
                 (unsigned)run->last_line);
}

void sb_check_no_events(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *events = sb_fact(facts, "events");
    if (!events || events->value != 0) return;
    sb_audit_add(audit, facts, events, NULL, "%s: nothing was measured",
                 sb_audit_figure(audit, facts, events));
}

/* Start-up, the first page faults and one scheduler slice (a few ms each) must be small against the run. */
static const double short_run = 1.0; /* s */

void sb_check_too_short(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *total = sb_fact(facts, "total_time");
    if (!total || total->value >= short_run || facts->run->status == SB_FAILED) return;
    if (strcmp(facts->run->kind, "memory") == 0) return;
    sb_audit_add(audit, facts, total, NULL,
                 "%s: the whole run took less than %s s; start-up and scheduling are a part of it",
                 sb_audit_figure(audit, facts, total), sb_audit_number(audit, short_run, 3));
}

void sb_check_memory_too_short(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *total = sb_fact(facts, "total_time");
    if (strcmp(facts->run->kind, "memory") != 0 || !total || total->value >= short_run) return;
    const char *size = sb_run_param(facts->run, "memory-total-size");
    sb_audit_add(
        audit, facts, total, NULL,
        "%s: moving %s took less than %s s; raise --memory-total-size so that the run lasts ten seconds",
        sb_audit_figure(audit, facts, total), size ? size : "the requested size",
        sb_audit_number(audit, short_run, 3));
}

static bool is_coarse(const struct sb_value *value)
{
    return value && value->resolution > 0 && value->value <= 50 * value->resolution;
}

static void add_coarse(struct sb_audit *audit, const struct sb_run_facts *facts, const struct sb_value *value,
                       const char *more)
{
    struct sb_finding *f = sb_audit_add(
        audit, facts, value, NULL, "%s is printed in steps of %s ms, more than 4 %% of it%s",
        sb_audit_figure(audit, facts, value), sb_audit_number(audit, 2 * value->resolution, 3), more);
    f->metric = value->metric;
}

/* The printed average and percentile have two decimals. sum / events has at least as many digits as its
 * inputs; nothing restores a percentile. */
void sb_check_resolution(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *avg = sb_fact(facts, "latency_avg"), *sum = sb_fact(facts, "latency_sum");
    const struct sb_value *events = sb_fact(facts, "events"), *percentile = sb_fact_percentile(facts);
    if (is_coarse(percentile))
        add_coarse(audit, facts, percentile, "; nothing else in the report restores it");
    if (!is_coarse(avg)) return;
    const char *restored = "";
    if (sum && events && events->value > 0)
        restored = sb_arena_printf(&audit->ds->arena, "; %s over %s gives %s ms, which latency_mean holds",
                                   sb_audit_figure(audit, facts, sum), sb_audit_figure(audit, facts, events),
                                   sb_audit_number(audit, sum->value / events->value, 4));
    add_coarse(audit, facts, avg, restored);
}

/* The guest's memory (or the container's limit) in bytes, from the label; a container without limit has the
 * host's. */
static bool ram_bytes(const struct sb_run_facts *facts, double *bytes)
{
    const char *mib = sb_run_label(facts->run, "memory_mib");
    if (!mib || !sb_number_parse(mib, strlen(mib), bytes) || *bytes <= 0) return false;
    *bytes *= 1024 * 1024;
    return true;
}

static bool is_direct(const struct sb_run_facts *facts)
{
    const char *flags = sb_run_param(facts->run, "file-extra-flags");
    return flags && strstr(flags, "direct") != NULL;
}

void sb_check_page_cache(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    double files, ram;
    if (strcmp(facts->run->kind, "fileio") != 0 || facts->run->status == SB_FAILED || is_direct(facts))
        return;
    if (!sb_fact_bytes(facts, "file-total-size", &files) || !ram_bytes(facts, &ram) || files >= ram) return;
    sb_audit_add(audit, facts, NULL, NULL,
                 "%s of files, read and written through the page cache of %s MiB of memory: the disk is "
                 "hardly measured",
                 sb_run_param(facts->run, "file-total-size"), sb_run_label(facts->run, "memory_mib"));
}

/* Faster than any single storage device sold: the page cache answered. */
static const double storage_limit = 16000; /* MiB/s */

void sb_check_caches(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const char *caches = sb_run_param(facts->run, "env.caches");
    if (!caches || strcmp(caches, "dropped") == 0) return;
    sb_audit_add(audit, facts, NULL, NULL,
                 "%s: the caches before the test: %s; reads may have come from memory",
                 sb_run_where(audit->ds, facts->run, facts->run->first_line), caches);
}

void sb_check_fileio_implausible(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    static const char *const metrics[] = {"read_throughput", "write_throughput"};
    for (size_t i = 0; i < sizeof metrics / sizeof *metrics; i++) {
        const struct sb_value *value = sb_fact(facts, metrics[i]);
        if (!value || value->value <= storage_limit) continue;
        sb_audit_add(audit, facts, value, NULL,
                     "%s is more than any storage device gives: memory was measured",
                     sb_audit_figure(audit, facts, value));
    }
}

/* One core cannot store or load more than two 64-byte lines per cycle at some 6 GHz. */
static const double core_limit = 2.0 * 64 * 6e9 / (1024.0 * 1024.0); /* MiB/s */

void sb_check_memory_implausible(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *value = sb_fact(facts, "memory_throughput");
    if (!value || !facts->threads || value->value <= core_limit * facts->threads) return;
    sb_audit_add(audit, facts, value, NULL,
                 "%s is more than %s threads can move from the nearest cache (%s MiB/s each): the loop was "
                 "optimised away",
                 sb_audit_figure(audit, facts, value), sb_audit_number(audit, facts->threads, 6),
                 sb_audit_number(audit, core_limit, 3));
}

/*
 * One event of the cpu test (cpu_execute_event) divides every number up to the limit by 2, 3, ... until a
 * divisor or its root is reached: limit^1.5 / ln(limit) divisions, within 16 % of the count from 1,000 to
 * 50,000 (117,526 for 10,000). Cores do up to a billion 64-bit divisions a second; five billion are allowed.
 * Some compilers see that nobody needs the result.
 */
static double cpu_limit(double prime_limit)
{
    return 5e9 / (pow(prime_limit, 1.5) / log(prime_limit));
}

void sb_check_cpu_implausible(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *value = sb_fact(facts, "events_per_second");
    double prime;
    if (!value || !facts->threads || strcmp(facts->run->kind, "cpu") != 0) return;
    if (!sb_fact_number(facts, "cpu-max-prime", &prime) || prime < 1000) return;
    double limit = facts->threads * cpu_limit(prime);
    if (value->value <= limit) return;
    sb_audit_add(
        audit, facts, value, NULL,
        "%s is more than %s threads can do with a prime limit of %s (%s 1/s): the loop was optimised away",
        sb_audit_figure(audit, facts, value), sb_audit_number(audit, facts->threads, 6),
        sb_audit_number(audit, prime, 9), sb_audit_number(audit, limit, 3));
}

/* Each thread (--memory-scope=local) or all together work on one buffer of the block size, again and again.
 */
void sb_check_memory_cache(struct sb_audit *audit, const struct sb_run_facts *facts)
{
    const struct sb_value *value = sb_fact(facts, "memory_throughput");
    double block;
    if (!value || !sb_fact_bytes(facts, "memory-block-size", &block) || block > 4 * 1024 * 1024) return;
    sb_audit_add(audit, facts, value, NULL,
                 "%s was measured on one buffer of %s, over and over: it fits into a processor cache, so "
                 "this is cache bandwidth",
                 sb_audit_figure(audit, facts, value), sb_run_param(facts->run, "memory-block-size"));
}
