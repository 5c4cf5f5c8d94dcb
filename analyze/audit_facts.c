#include "analyze/audit_facts.h"

#include <math.h>
#include <stdarg.h>
#include "core/metric.h"
#include "core/strbuf.h"
#include "core/text.h"
#include "io/number.h"

struct sb_span sb_span(double lo, double hi)
{
    return (struct sb_span){lo, hi};
}

struct sb_span sb_span_exact(double value)
{
    return sb_span(value, value);
}

struct sb_span sb_span_add(struct sb_span a, struct sb_span b)
{
    return sb_span(a.lo + b.lo, a.hi + b.hi);
}

struct sb_span sb_span_mul(struct sb_span a, struct sb_span b)
{
    return sb_span(a.lo * b.lo, a.hi * b.hi);
}

struct sb_span sb_span_div(struct sb_span a, struct sb_span b)
{
    return sb_span(b.hi > 0 ? a.lo / b.hi : HUGE_VAL, b.lo > 0 ? a.hi / b.lo : HUGE_VAL);
}

struct sb_span sb_span_scale(struct sb_span a, double factor)
{
    return sb_span(a.lo * factor, a.hi * factor);
}

bool sb_spans_meet(struct sb_span a, struct sb_span b)
{
    double margin = 1e-9 * (fabs(a.lo) + fabs(b.lo));
    return a.lo <= b.hi + margin && b.lo <= a.hi + margin;
}

static bool is_count(const struct sb_value *value)
{
    return strcmp(value->unit, "1") == 0 && value->value == floor(value->value) && !(value->resolution < 0.5);
}

struct sb_span sb_span_of(const struct sb_value *value)
{
    if (is_count(value)) return sb_span_exact(value->value);
    double half = isnan(value->resolution) ? fabs(value->value) * 1e-3 : value->resolution;
    double lo = value->value - half;
    return sb_span(lo > 0 ? lo : 0, value->value + half);
}

/* "1.0.20" and "1.1.0-df89d34" by their first two numbers. */
static enum sb_generation generation_of(const char *version)
{
    static const struct {
        const char *prefix;
        enum sb_generation generation;
    } table[] = {
        {"0.4", SB_GENERATION_0_4}, {"0.5", SB_GENERATION_0_5}, {"1.0", SB_GENERATION_1_0},
        {"1.1", SB_GENERATION_1_1}, {"1.2", SB_GENERATION_1_1},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (sb_has_prefix(version, table[i].prefix)) return table[i].generation;
    return SB_GENERATION_UNKNOWN;
}

/*
 * Seconds by which the clock that divides the counts may be ahead of (`behind`: behind) the printed total
 * time: 0.4   one stopped timer serves both (sysbench.c, sb_timer_value(&exec_timer)): only rounding 0.5 two
 * timers, split one after the other (cumulative_timer1, cumulative_timer2) 1.0   report_cumulative() reads
 * total_time first, then empties 128 histogram slots of 1024 cells, then reads time_interval: 1 ms on
 * hardware, 8 to 19 ms under emulation, and 122 ms there on a busy host. A container whose quota is spent
 * waits for its next period, 100 ms (the kernel's cfs_period_us). 1.1   both are read one after the other
 */
static const struct {
    double behind, ahead;
} clock_slack[] = {
    [SB_GENERATION_UNKNOWN] = {0.005, 0.05}, [SB_GENERATION_0_4] = {0.0001, 0.0001},
    [SB_GENERATION_0_5] = {0.005, 0.005},    [SB_GENERATION_1_0] = {0, 0.05},
    [SB_GENERATION_1_1] = {0.001, 0.005},
};

/* An emulated guest is several times as slow, whatever it does between two readings of its clock, and waits
 * for the emulator's threads too. */
static double slack_of(const struct sb_run *run)
{
    return sb_streq(sb_run_param(run, "env.accelerator"), "tcg") ? 10 : 1;
}

/*
 * With --report-checkpoints the final counts began at the last checkpoint. 1.0 and 1.1 still print the whole
 * run's time; 0.5 splits that timer too. The checkpoint's time is printed in whole seconds. --warmup-time
 * resets the counts as well, and builds of 1.1 differ in whether the printed time has the warm-up in it.
 */
static void elapsed_init(struct sb_run_facts *facts)
{
    const struct sb_value *total = sb_fact(facts, "total_time");
    double last = -1, warm_up = 0;
    for (size_t i = 0; i < facts->run->points_nr; i++)
        if (facts->run->points[i].checkpoint) last = fmax(last, facts->run->points[i].elapsed_s);
    sb_fact_number(facts, "warmup-time", &warm_up);
    facts->carried = last >= 0 || warm_up > 0;
    if (!total || (last < 0 && sb_run_param(facts->run, "report-checkpoints"))) return;
    struct sb_span elapsed = sb_span_of(total);
    if (last >= 0 && facts->generation != SB_GENERATION_0_5)
        elapsed = sb_span(fmax(0, elapsed.lo - last - 0.6), fmax(0, elapsed.hi - last + 0.6));
    if (warm_up > 0) elapsed.lo = fmax(0, elapsed.lo - warm_up - 0.1);
    elapsed.lo = fmax(0, elapsed.lo - clock_slack[facts->generation].behind);
    elapsed.hi += clock_slack[facts->generation].ahead * facts->slack;
    facts->elapsed = elapsed;
    facts->elapsed_known = true;
}

void sb_run_facts_init(struct sb_run_facts *facts, const struct sb_dataset *ds, size_t run_index)
{
    const struct sb_run *run = &ds->runs[run_index];
    *facts = (struct sb_run_facts){.index = run_index,
                                   .run = run,
                                   .generation = generation_of(run->version),
                                   .threads = run->threads,
                                   .slack = slack_of(run),
                                   .closed_loop = sb_run_closed_loop(run)};
    elapsed_init(facts);
}

const struct sb_value *sb_run_printed(const struct sb_run *run, const char *metric)
{
    const struct sb_value *value = sb_run_value(run, metric);
    return value && value->origin == SB_PRINTED ? value : NULL;
}

const struct sb_value *sb_fact(const struct sb_run_facts *facts, const char *metric)
{
    return sb_run_printed(facts->run, metric);
}

const struct sb_value *sb_fact_percentile(const struct sb_run_facts *facts)
{
    for (size_t i = 0; i < facts->run->values_nr; i++) {
        const struct sb_value *value = &facts->run->values[i];
        if (value->origin == SB_PRINTED && sb_metric_is_percentile(value->metric)) return value;
    }
    return NULL;
}

bool sb_fact_bytes(const struct sb_run_facts *facts, const char *param, double *bytes)
{
    const char *text = sb_run_param(facts->run, param);
    return text && sb_bytes_parse(text, bytes);
}

bool sb_fact_number(const struct sb_run_facts *facts, const char *param, double *number)
{
    const char *text = sb_run_param(facts->run, param);
    return text && sb_number_parse(text, strlen(text), number);
}

const char *sb_audit_number(struct sb_audit *audit, double value, int digits)
{
    char buf[64];
    size_t len = sb_number_pretty(value, digits, buf, sizeof buf);
    if (strchr(buf, '.')) { /* 64.000 says no more than 64 here */
        while (len && buf[len - 1] == '0')
            buf[--len] = '\0';
        if (len && buf[len - 1] == '.') buf[--len] = '\0';
    }
    return sb_arena_strdup(&audit->ds->arena, buf);
}

const char *sb_audit_figure(struct sb_audit *audit, const struct sb_run_facts *facts,
                            const struct sb_value *value)
{
    const char *unit = strcmp(value->unit, "1") == 0 ? "" : value->unit;
    return sb_arena_printf(&audit->ds->arena, "%s %s%s%s (%s)", value->metric,
                           value->text ? value->text : sb_audit_number(audit, value->value, 9),
                           *unit ? " " : "", unit, sb_run_where(audit->ds, facts->run, value->line));
}

static struct sb_finding *add_finding(struct sb_audit *audit, const struct sb_run_facts *facts,
                                      const struct sb_value *value, const struct sb_value *other,
                                      const char *message)
{
    struct sb_finding *f = sb_dataset_add_finding(audit->ds, audit->check->code, audit->check->severity,
                                                  facts->index, value ? value->line : 0, "%s", message);
    if (other) sb_finding_set_other(f, audit->ds, facts->index, other->line);
    return f;
}

struct sb_finding *sb_audit_add(struct sb_audit *audit, const struct sb_run_facts *facts,
                                const struct sb_value *value, const struct sb_value *other,
                                const char *format, ...)
{
    struct sb_strbuf message = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&message, format, args);
    va_end(args);
    struct sb_finding *f = add_finding(audit, facts, value, other, message.buf);
    sb_strbuf_release(&message);
    return f;
}

void sb_finding_set_other(struct sb_finding *finding, const struct sb_dataset *ds, size_t run_index,
                          uint32_t line)
{
    const struct sb_run *run = &ds->runs[run_index];
    finding->other_run_index = run_index;
    finding->other_source = run->source;
    finding->other_ordinal = run->ordinal;
    finding->other_line = line ? line : run->first_line;
}

/* "to 0.3 %" apart: how far the nearer ends of two spans that do not meet are apart, as a percentage of the
 * allowed end. */
static const char *distance_text(struct sb_audit *audit, struct sb_span found, struct sb_span allowed)
{
    double edge = found.lo > allowed.hi ? allowed.hi : allowed.lo;
    double apart = found.lo > allowed.hi ? found.lo - allowed.hi : allowed.lo - found.hi;
    if (edge > 0 && isfinite(apart / edge))
        return sb_arena_printf(&audit->ds->arena, "%s %% outside",
                               sb_audit_number(audit, 100 * apart / edge, 3));
    return sb_arena_printf(&audit->ds->arena, "%s outside", sb_audit_number(audit, apart, 3));
}

void sb_audit_expect(struct sb_audit *audit, const struct sb_run_facts *facts, const struct sb_value *found,
                     struct sb_span found_span, struct sb_span allowed, const struct sb_value *from,
                     const char *because)
{
    if (sb_spans_meet(found_span, allowed)) return;
    sb_audit_add(audit, facts, found, from,
                 "%s, but %s: between %s and %s after rounding and clock slack; %s",
                 sb_audit_figure(audit, facts, found), because, sb_audit_number(audit, allowed.lo, 9),
                 sb_audit_number(audit, allowed.hi, 9), distance_text(audit, found_span, allowed));
}
