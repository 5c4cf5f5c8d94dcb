#include "collect/sysbench_options.h"

#include <math.h>
#include <string.h>
#include "collect/closest.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

#define CHOICES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const char *const builtins[] = {"cpu", "memory", "fileio", "threads", "mutex"};

/* "sysbench --help" and "sysbench <test> help" of 1.0.20 and of 1.1 (master). */
static const struct sb_sysbench_option table[] = {
    {"threads", NULL, SB_SYSBENCH_COUNT, NULL},
    {"events", NULL, SB_SYSBENCH_COUNT, NULL},
    {"time", NULL, SB_SYSBENCH_COUNT, NULL},
    {"warmup-time", NULL, SB_SYSBENCH_COUNT, NULL},
    {"forced-shutdown", NULL, SB_SYSBENCH_TEXT, NULL},
    {"thread-stack-size", NULL, SB_SYSBENCH_SIZE, NULL},
    {"thread-init-timeout", NULL, SB_SYSBENCH_COUNT, NULL},
    {"rate", NULL, SB_SYSBENCH_COUNT, NULL},
    {"report-interval", NULL, SB_SYSBENCH_COUNT, NULL},
    {"report-checkpoints", NULL, SB_SYSBENCH_TEXT, NULL},
    {"debug", NULL, SB_SYSBENCH_FLAG, NULL},
    {"validate", NULL, SB_SYSBENCH_FLAG, NULL},
    {"config-file", NULL, SB_SYSBENCH_TEXT, NULL},
    {"luajit-cmd", NULL, SB_SYSBENCH_TEXT, NULL},
    {"tx-rate", NULL, SB_SYSBENCH_COUNT, NULL},
    {"max-requests", NULL, SB_SYSBENCH_COUNT, NULL},
    {"max-time", NULL, SB_SYSBENCH_COUNT, NULL},
    {"num-threads", NULL, SB_SYSBENCH_COUNT, NULL},
    {"rand-type", NULL, SB_SYSBENCH_TEXT, CHOICES("uniform", "gaussian", "special", "pareto", "zipfian")},
    {"rand-spec-iter", NULL, SB_SYSBENCH_COUNT, NULL},
    {"rand-spec-pct", NULL, SB_SYSBENCH_COUNT, NULL},
    {"rand-spec-res", NULL, SB_SYSBENCH_COUNT, NULL},
    {"rand-seed", NULL, SB_SYSBENCH_COUNT, NULL},
    {"rand-pareto-h", NULL, SB_SYSBENCH_NUMBER, NULL},
    {"rand-zipfian-exp", NULL, SB_SYSBENCH_NUMBER, NULL},
    {"verbosity", NULL, SB_SYSBENCH_COUNT, NULL},
    {"percentile", NULL, SB_SYSBENCH_COUNT, NULL},
    {"histogram", NULL, SB_SYSBENCH_FLAG, NULL},
    {"cpu-max-prime", "cpu", SB_SYSBENCH_COUNT, NULL},
    {"memory-block-size", "memory", SB_SYSBENCH_SIZE, NULL},
    {"memory-total-size", "memory", SB_SYSBENCH_SIZE, NULL},
    {"memory-scope", "memory", SB_SYSBENCH_TEXT, CHOICES("global", "local")},
    {"memory-hugetlb", "memory", SB_SYSBENCH_FLAG, NULL},
    {"memory-oper", "memory", SB_SYSBENCH_TEXT, CHOICES("read", "write", "none")},
    {"memory-access-mode", "memory", SB_SYSBENCH_TEXT, CHOICES("seq", "rnd")},
    {"file-num", "fileio", SB_SYSBENCH_COUNT, NULL},
    {"file-block-size", "fileio", SB_SYSBENCH_SIZE, NULL},
    {"file-total-size", "fileio", SB_SYSBENCH_SIZE, NULL},
    {"file-test-mode", "fileio", SB_SYSBENCH_TEXT,
     CHOICES("seqwr", "seqrewr", "seqrd", "rndrd", "rndwr", "rndrw")},
    {"file-io-mode", "fileio", SB_SYSBENCH_TEXT, CHOICES("sync", "async", "mmap")},
    {"file-async-backlog", "fileio", SB_SYSBENCH_COUNT, NULL},
    {"file-extra-flags", "fileio", SB_SYSBENCH_TEXT, NULL},
    {"file-fsync-freq", "fileio", SB_SYSBENCH_COUNT, NULL},
    {"file-fsync-all", "fileio", SB_SYSBENCH_FLAG, NULL},
    {"file-fsync-end", "fileio", SB_SYSBENCH_FLAG, NULL},
    {"file-fsync-mode", "fileio", SB_SYSBENCH_TEXT, CHOICES("fsync", "fdatasync")},
    {"file-merged-requests", "fileio", SB_SYSBENCH_COUNT, NULL},
    {"file-rw-ratio", "fileio", SB_SYSBENCH_NUMBER, NULL},
    {"thread-yields", "threads", SB_SYSBENCH_COUNT, NULL},
    {"thread-locks", "threads", SB_SYSBENCH_COUNT, NULL},
    {"mutex-num", "mutex", SB_SYSBENCH_COUNT, NULL},
    {"mutex-locks", "mutex", SB_SYSBENCH_COUNT, NULL},
    {"mutex-loops", "mutex", SB_SYSBENCH_COUNT, NULL},
};

static const struct sb_sysbench_limit limits[] = {
    {"threads", 1, INFINITY, false},
    {"num-threads", 1, INFINITY, false},
    {"percentile", 0, 100, false},
    {"verbosity", 0, 5, false},
    {"cpu-max-prime", 1, INFINITY, false},
    {"file-num", 1, INFINITY, false},
    {"memory-block-size", 8, INFINITY, true},
};

const struct sb_sysbench_limit *sb_sysbench_limit(const struct sb_sysbench_option *option)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(limits); i++)
        if (strcmp(option->name, limits[i].name) == 0) return &limits[i];
    return NULL;
}

bool sb_sysbench_is_builtin(const char *kind)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(builtins); i++)
        if (strcmp(kind, builtins[i]) == 0) return true;
    return false;
}

const char *const *sb_sysbench_builtins(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(builtins);
    return builtins;
}

static bool fits(const struct sb_sysbench_option *row, const char *kind)
{
    return !row->kind || strcmp(row->kind, kind) == 0;
}

/* The length of the name in "--name=value", from behind the dashes. */
static size_t name_length(const char *word)
{
    return strcspn(word + 2, "=");
}

static bool is_named(const char *word, const char *name)
{
    size_t len = strlen(name);
    return sb_has_prefix(word, "--") && name_length(word) == len && strncmp(word + 2, name, len) == 0;
}

const struct sb_sysbench_option *sb_sysbench_option(const char *kind, const char *word)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (is_named(word, table[i].name) && fits(&table[i], kind)) return &table[i];
    return NULL;
}

const char *sb_sysbench_owner(const char *word)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (is_named(word, table[i].name)) return table[i].kind;
    return NULL;
}

const char *sb_sysbench_closest(const char *kind, const char *word)
{
    const char *names[SB_ARRAY_SIZE(table)] = {NULL};
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (fits(&table[i], kind)) names[i] = table[i].name;
    char *name = sb_xstrndup(word + 2, name_length(word));
    const char *closest = sb_closest(name, names, SB_ARRAY_SIZE(names));
    free(name);
    return closest;
}

const char *sb_test_value(const struct sb_plan_test *test, const char *name)
{
    for (const char *const *arg = test->args + 1; *arg; arg++)
        if (is_named(*arg, name)) {
            const char *value = *arg + 2 + strlen(name);
            return *value == '=' ? value + 1 : value;
        }
    return NULL;
}

double sb_test_number(const struct sb_plan_test *test, const char *name, double fallback)
{
    const char *text = sb_test_value(test, name);
    double value;
    return text && sb_number_parse(text, strlen(text), &value) ? value : fallback;
}

double sb_test_bytes(const struct sb_plan_test *test, const char *name, double fallback)
{
    const char *text = sb_test_value(test, name);
    uint64_t bytes;
    return text && sb_parse_bytes(text, &bytes) ? (double)bytes : fallback;
}

double sb_test_time(const struct sb_plan_test *test)
{
    return sb_test_number(test, "time", sb_test_number(test, "max-time", 10));
}

double sb_test_warmup(const struct sb_plan_test *test)
{
    return sb_test_number(test, "warmup-time", 0);
}

double sb_test_events(const struct sb_plan_test *test)
{
    return sb_test_number(test, "events", sb_test_number(test, "max-requests", 0));
}

/* Finding the primes up to n by trial division takes about n^1.5. */
double sb_test_event_seconds(const struct sb_plan_test *test)
{
    if (strcmp(test->kind, "cpu") == 0)
        return 1e-3 * pow(sb_test_number(test, "cpu-max-prime", 10000) / 10000, 1.5);
    if (strcmp(test->kind, "threads") == 0) return 1e-6 * sb_test_number(test, "thread-yields", 1000);
    if (strcmp(test->kind, "fileio") == 0) return 1e-4;
    return INFINITY;
}

double sb_test_mutex_seconds(const struct sb_plan_test *test)
{
    return sb_test_number(test, "mutex-locks", 50000) * (sb_test_number(test, "mutex-loops", 10000) + 20) /
           2e9;
}

double sb_test_file_bytes(const struct sb_plan_test *test)
{
    return test->prepares ? sb_test_bytes(test, "file-total-size", 2147483648.0) : 0;
}

const char *sb_sysbench_version(const char *printed, struct sb_arena *arena)
{
    static const char name[] = "sysbench ";
    const size_t most = 60;
    if (sb_has_prefix(printed, name)) printed += sizeof name - 1;
    size_t len = strcspn(printed, " \r\n");
    return sb_arena_strndup(arena, printed, len < most ? len : most);
}
