#include "core/metric.h"

#include "core/alloc.h"
#include "core/text.h"

static const struct sb_metric table[] = {
    {"events_per_second", "1/s", SB_BETTER_HIGHER, "Events per second"},
    {"memory_throughput", "MiB/s", SB_BETTER_HIGHER, "Memory throughput"},
    {"total_throughput", "MiB/s", SB_BETTER_HIGHER, "File throughput, read + written"},
    {"transactions_per_second", "1/s", SB_BETTER_HIGHER, "Transactions per second"},
    {"latency_pNN", "ms", SB_BETTER_LOWER, "Latency percentile"},
    {"events", "1", SB_BETTER_NONE, "Events"},
    {"total_time", "s", SB_BETTER_LOWER, "Total time"},
    {"latency_min", "ms", SB_BETTER_LOWER, "Minimum latency"},
    {"latency_avg", "ms", SB_BETTER_LOWER, "Average latency, as printed"},
    {"latency_mean", "ms", SB_BETTER_LOWER, "Average latency"},
    {"latency_max", "ms", SB_BETTER_LOWER, "Maximum latency"},
    {"latency_sum", "ms", SB_BETTER_NONE, "Sum of latencies"},
    {"reads_per_second", "1/s", SB_BETTER_HIGHER, "Reads per second"},
    {"writes_per_second", "1/s", SB_BETTER_HIGHER, "Writes per second"},
    {"fsyncs_per_second", "1/s", SB_BETTER_HIGHER, "fsyncs per second"},
    {"read_throughput", "MiB/s", SB_BETTER_HIGHER, "Read throughput"},
    {"write_throughput", "MiB/s", SB_BETTER_HIGHER, "Write throughput"},
    {"requests_per_second", "1/s", SB_BETTER_HIGHER, "Requests per second"},
    {"memory_ops", "1", SB_BETTER_NONE, "Memory operations"},
    {"memory_ops_per_second", "1/s", SB_BETTER_HIGHER, "Memory operations per second"},
    {"memory_transferred", "MiB", SB_BETTER_NONE, "Memory transferred"},
    {"transactions", "1", SB_BETTER_NONE, "Transactions"},
    {"queries", "1", SB_BETTER_NONE, "Queries"},
    {"queries_per_second", "1/s", SB_BETTER_HIGHER, "Queries per second"},
    {"reads", "1", SB_BETTER_NONE, "Reads"},
    {"writes", "1", SB_BETTER_NONE, "Writes"},
    {"others", "1", SB_BETTER_NONE, "Other operations"},
    {"ignored_errors_per_second", "1/s", SB_BETTER_LOWER, "Ignored errors per second"},
    {"reconnects_per_second", "1/s", SB_BETTER_LOWER, "Reconnects per second"},
    {"deadlocks_per_second", "1/s", SB_BETTER_LOWER, "Deadlocks per second"},
    {"thread_events_mean", "1", SB_BETTER_NONE, "Events per thread, mean"},
    {"thread_events_sd", "1", SB_BETTER_NONE, "Events per thread, SD"},
    {"thread_time_mean", "s", SB_BETTER_NONE, "Execution time per thread, mean"},
    {"thread_time_sd", "s", SB_BETTER_NONE, "Execution time per thread, SD"},
};

bool sb_metric_is_percentile(const char *name)
{
    return sb_has_prefix(name, "latency_p") && sb_is_digit(name[9]);
}

const struct sb_metric *sb_metric_find(const char *name)
{
    if (sb_metric_is_percentile(name)) name = "latency_pNN";
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}

const char *sb_metric_unit(const char *name)
{
    const struct sb_metric *row = sb_metric_find(name);
    return row ? row->unit : "";
}

static const char *ordinal_suffix(const char *rank)
{
    size_t len = strlen(rank);
    char last = len ? rank[len - 1] : '0';
    if (strchr(rank, '.') || (len > 1 && rank[len - 2] == '1')) return "th";
    return last == '1' ? "st" : last == '2' ? "nd" : last == '3' ? "rd" : "th";
}

const char *sb_metric_title(const char *name, char *buf, size_t size)
{
    const struct sb_metric *row = sb_metric_find(name);
    if (!row) return name;
    if (!sb_metric_is_percentile(name)) return row->title;
    snprintf(buf, size, "%s%s percentile latency", name + 9, ordinal_suffix(name + 9));
    return buf;
}

enum sb_better sb_metric_better(const char *name, bool bounded_by_events)
{
    const struct sb_metric *row = sb_metric_find(name);
    if (!row || (!bounded_by_events && strcmp(name, "total_time") == 0)) return SB_BETTER_NONE;
    return row->better;
}

const char *sb_better_text(enum sb_better better)
{
    return better == SB_BETTER_HIGHER ? "higher" : better == SB_BETTER_LOWER ? "lower" : "";
}

size_t sb_metric_rank(const char *name)
{
    const struct sb_metric *row = sb_metric_find(name);
    return row ? (size_t)(row - table) : SB_ARRAY_SIZE(table);
}

bool sb_kind_is_oltp(const char *kind)
{
    static const char *const others[] = {"cpu", "memory", "fileio", "threads", "mutex"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(others); i++)
        if (strcmp(kind, others[i]) == 0) return false;
    return *kind != '\0';
}

const char *sb_kind_primary_metric(const char *kind, bool bounded_by_events)
{
    if (strcmp(kind, "memory") == 0) return "memory_throughput";
    if (strcmp(kind, "fileio") == 0) return "total_throughput";
    if (strcmp(kind, "threads") == 0 || strcmp(kind, "mutex") == 0)
        return bounded_by_events ? "total_time" : "events_per_second";
    return sb_kind_is_oltp(kind) ? "transactions_per_second" : "events_per_second";
}

static bool in_list(const char *metric, const char *const *list)
{
    while (*list && strcmp(*list, metric) != 0)
        list++;
    return *list != NULL;
}

/* Does the metric restate what the kind's primary metric measures? */
static bool restates_primary(const char *kind, const char *metric, bool closed_loop)
{
    static const char *const rate[] = {"events_per_second", "events", "total_time", NULL};
    static const char *const latency[] = {"latency_avg", "latency_mean", NULL};
    static const char *const memory[] = {"memory_ops_per_second", NULL};
    static const char *const fileio[] = {"reads_per_second",
                                         "writes_per_second",
                                         "fsyncs_per_second",
                                         "read_throughput",
                                         "write_throughput",
                                         "requests_per_second",
                                         NULL};
    static const char *const oltp[] = {"queries_per_second", NULL};
    if (strcmp(kind, "memory") == 0) return in_list(metric, memory);
    if (strcmp(kind, "fileio") == 0) return in_list(metric, fileio);
    if (strcmp(kind, "cpu") == 0 || strcmp(kind, "threads") == 0 || strcmp(kind, "mutex") == 0)
        return in_list(metric, rate) || (closed_loop && in_list(metric, latency));
    return in_list(metric, oltp);
}

struct sb_group sb_metric_group(const char *kind, const char *metric, bool closed_loop,
                                bool bounded_by_events)
{
    if (sb_metric_is_percentile(metric)) return (struct sb_group){"percentile", true};
    const char *group = sb_kind_is_oltp(kind) ? "oltp" : kind;
    if (!*kind) return (struct sb_group){NULL, false};
    if (strcmp(metric, sb_kind_primary_metric(kind, bounded_by_events)) == 0)
        return (struct sb_group){group, true};
    if (restates_primary(kind, metric, closed_loop)) return (struct sb_group){group, false};
    return (struct sb_group){NULL, false};
}
