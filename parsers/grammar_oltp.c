/*
 * 1.0, 1.1: db_driver.c db_report_cumulative(); 0.5: sysbench.c print of "OLTP test statistics:" in
 * sb_lua/script_lua.c; 0.4: tests/oltp/sb_oltp.c oltp_print_mode(), oltp_print_stats().
 */
#include "parsers/grammar.h"

#include "core/alloc.h"
#include "parsers/builder.h"

#define OPTION(p) .name = "oltp option", .pattern = p, .phase = SB_PHASE_OPTIONS
#define SQL(p)                                                                                               \
    .name = "sql result", .pattern = p, .phase = SB_PHASE_RESULT, .kind = "oltp", .flags = SB_RULE_ONCE
#define COUNT_AND_RATE(count, rate)                                                                          \
    .captures = {{.to = SB_TO_METRIC, .name = count}, {.to = SB_TO_METRIC, .name = rate}}

static const struct sb_rule rules[] = {
    {.name = "oltp heading", .pattern = "Doing OLTP test.", .phase = SB_PHASE_OPTIONS, .kind = "oltp"},
    {OPTION("Running %w OLTP test"), .captures = {SB_PARAM("oltp-test-mode")}},
    {OPTION("Running non-transactional test"), .set = {"oltp-test-mode", "nontrx"}},
    {OPTION("Running stored procedure test"), .set = {"oltp-test-mode", "sp"}},
    {OPTION("Doing read-only test"), .set = {"oltp-read-only", "on"}},
    {OPTION("Reconnecting to server on each transaction"), .set = {"oltp-reconnect", "on"}},
    {OPTION("Using %w distribution"), .captures = {SB_PARAM("oltp-dist-type")}},
    {OPTION("Using %w distribution (%*"), .captures = {SB_PARAM("oltp-dist-type"), SB_SKIP}},
    {OPTION("Skipping BEGIN/COMMIT"), .set = {"oltp-skip-trx", "on"}},
    {OPTION("Using \"%t\" for starting transactions")},
    {OPTION("Using auto_inc on the id column"), .set = {"oltp-auto-inc", "on"}},
    {OPTION("Not using auto_inc on the id column"), .set = {"oltp-auto-inc", "off"}},
    {OPTION("Maximum number of requests for OLTP test is limited to %n"), .captures = {SB_PARAM("events")}},
    {OPTION("Validation mode enabled"), .set = {"validate", "on"}},

    {SQL("SQL statistics:"), .opens = SB_SECTION_SQL},
    {SQL("OLTP test statistics:"), .opens = SB_SECTION_SQL},
    {.name = "sql result", .pattern = "queries performed:", .phase = SB_PHASE_RESULT, .in = SB_SECTION_SQL},
    {SQL("read: %n"), .in = SB_SECTION_SQL, .captures = {SB_METRIC("reads")}},
    {SQL("write: %n"), .in = SB_SECTION_SQL, .captures = {SB_METRIC("writes")}},
    {SQL("other: %n"), .in = SB_SECTION_SQL, .captures = {SB_METRIC("others")}},
    {SQL("total: %n"), .in = SB_SECTION_SQL, .captures = {SB_METRIC("queries")}},
    {SQL("transactions: %n (%n per sec.)"), COUNT_AND_RATE("transactions", "transactions_per_second")},
    {SQL("queries: %n (%n per sec.)"), COUNT_AND_RATE("queries", "queries_per_second")},
    {SQL("deadlocks: %n (%n per sec.)"), COUNT_AND_RATE(NULL, "deadlocks_per_second")},
    {SQL("read/write requests: %n (%n per sec.)")},
    {SQL("other operations: %n (%n per sec.)")},
    {SQL("ignored errors: %n (%n per sec.)"), COUNT_AND_RATE(NULL, "ignored_errors_per_second")},
    {SQL("reconnects: %n (%n per sec.)"), COUNT_AND_RATE(NULL, "reconnects_per_second")},
};

const struct sb_family sb_family_oltp = {"oltp", rules, SB_ARRAY_SIZE(rules)};
