/*
 * Interval lines of scripts that set sysbench.hooks.report_intermediate: lua/internal/sysbench.lua
 * report_csv(), report_json().
 *
 *   5,4,95.77,1971.05,1384.30,391.08,195.67,51.02,0.00,0.00     seconds, threads, tps, qps, r, w, o, latency,
 * errors, reconnects {  "time":  5,  "threads": 4,  "tps": 95.77,  "qps": {  "total": ...   one member a line
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "io/number.h"
#include "parsers/builder.h"

enum { COLUMNS = 10 };

static const char *const column_metrics[COLUMNS] = {NULL,
                                                    "threads",
                                                    "transactions_per_second",
                                                    "queries_per_second",
                                                    "reads_per_second",
                                                    "writes_per_second",
                                                    "others_per_second",
                                                    "latency",
                                                    "ignored_errors_per_second",
                                                    "reconnects_per_second"};

static size_t split(struct sb_slice line, struct sb_slice columns[COLUMNS])
{
    struct sb_slice rest = sb_slice_trim(line);
    size_t nr = 0;
    for (;;) {
        size_t comma = sb_slice_find(rest, ",");
        double value;
        if (nr == COLUMNS || !sb_number_parse(rest.s, comma, &value)) return 0;
        columns[nr++] = (struct sb_slice){rest.s, comma};
        if (comma == rest.len) return nr;
        rest = (struct sb_slice){rest.s + comma + 1, rest.len - comma - 1};
    }
}

static bool is_csv(const struct sb_builder *b, const struct sb_match *m)
{
    struct sb_slice columns[COLUMNS];
    return sb_builder_in_run(b) && split(m->line, columns) == COLUMNS;
}

static void take_csv(struct sb_builder *b, const struct sb_match *m)
{
    struct sb_slice columns[COLUMNS];
    double elapsed;
    if (split(m->line, columns) != COLUMNS || !sb_number_parse(columns[0].s, columns[0].len, &elapsed))
        return;
    for (size_t i = 1; i < COLUMNS; i++)
        sb_builder_point(b, column_metrics[i], elapsed, columns[i], 1);
}

static bool in_run(const struct sb_builder *b, const struct sb_match *m)
{
    (void)m;
    return sb_builder_in_run(b);
}

static bool is_bracket(const struct sb_builder *b, const struct sb_match *m)
{
    static const char *const brackets[] = {"[", "]", "{", "}", "},", ","};
    for (size_t i = 0; i < SB_ARRAY_SIZE(brackets); i++)
        if (sb_slice_is(m->captures[0], brackets[i])) return sb_builder_in_run(b);
    return false;
}

static void json_time(struct sb_builder *b, const struct sb_match *m)
{
    double elapsed;
    if (sb_number_parse(m->captures[0].s, m->captures[0].len, &elapsed)) sb_builder_set_elapsed(b, elapsed);
}

#define MEMBER(p) .name = "report hook", .pattern = p, .flags = SB_RULE_CONTEXT
#define FIGURE(key, metric)                                                                                  \
    {                                                                                                        \
        MEMBER("\"" key "\": %n{,}"), .accept = in_run, .captures = { SB_POINT(metric) }                     \
    }

static const struct sb_rule rules[] = {
    {.name = "report hook", .pattern = "%*", .flags = SB_RULE_CONTEXT, .accept = is_csv, .handle = take_csv},
    {MEMBER("\"time\": %n,"), .accept = in_run, .handle = json_time},
    FIGURE("threads", "threads"),
    FIGURE("tps", "transactions_per_second"),
    {MEMBER("\"qps\": %t"), .accept = in_run},
    FIGURE("total", "queries_per_second"),
    FIGURE("reads", "reads_per_second"),
    FIGURE("writes", "writes_per_second"),
    FIGURE("other", "others_per_second"),
    FIGURE("latency", "latency"),
    FIGURE("errors", "ignored_errors_per_second"),
    FIGURE("reconnects", "reconnects_per_second"),
    {MEMBER("%w"), .accept = is_bracket},
};

const struct sb_family sb_family_report_hook = {"report hook", rules, SB_ARRAY_SIZE(rules)};
