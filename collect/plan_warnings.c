/* What the audit would say of the results, said before anything runs: one table row for each code. */
#include "collect/schedule.h"

#include <math.h>
#include <stdarg.h>
#include "collect/driver.h"
#include "collect/host_facts.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/text.h"

#define MIB (1024.0 * 1024)
#define GIB (1024.0 * MIB)

struct warner {
    const struct sb_plan *plan;
    struct sb_arena *arena;
    const char *code;
    struct sb_plan_warning *v;
    size_t nr, alloc;
};

static void warn(struct warner *w, const char *format, ...) SB_PRINTF(2, 3);
static void warn(struct warner *w, const char *format, ...)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&text, format, args);
    va_end(args);
    SB_ALLOC_GROW(w->v, w->nr + 1, w->alloc);
    w->v[w->nr++] = (struct sb_plan_warning){w->code, sb_arena_strdup(w->arena, text.buf)};
    sb_strbuf_release(&text);
}

/* "a, b, c" of what is added one by one. */
static void add_item(struct sb_strbuf *list, const char *format, ...) SB_PRINTF(2, 3);
static void add_item(struct sb_strbuf *list, const char *format, ...)
{
    va_list args;
    if (list->len) sb_strbuf_adds(list, ", ");
    va_start(args, format);
    sb_strbuf_vaddf(list, format, args);
    va_end(args);
}

static bool is_kind(const struct sb_plan_test *test, const char *kind)
{
    return strcmp(test->kind, kind) == 0;
}

/* "4G" of 2^32 bytes: the largest unit that divides it. */
static const char *size_text(struct warner *w, double bytes)
{
    static const char suffixes[] = "KMGT";
    int unit = -1;
    while (unit < 3 && bytes >= 1024 && fmod(bytes, 1024) == 0) {
        bytes /= 1024;
        unit++;
    }
    return unit < 0 ? sb_arena_printf(w->arena, "%.0f", bytes)
                    : sb_arena_printf(w->arena, "%.0f%c", bytes, suffixes[unit]);
}

/* Whether some platform runs the test in the configuration. */
static bool is_run(const struct sb_plan *plan, const struct sb_plan_config *config,
                   const struct sb_plan_test *test)
{
    for (size_t p = 0; p < plan->platforms_nr; p++)
        if (!sb_plan_excludes(plan, &plan->platforms[p], config, test)) return true;
    return false;
}

struct range {
    unsigned low, high;
};

static struct range range_of(const struct sb_plan *plan, const struct sb_plan_test *test, bool memory)
{
    struct range range = {UINT32_MAX, 0};
    for (size_t c = 0; c < plan->configs_nr; c++) {
        unsigned value = memory ? plan->configs[c].memory_mib : plan->configs[c].vcpus;
        if (!value || !is_run(plan, &plan->configs[c], test)) continue;
        if (value < range.low) range.low = value;
        if (value > range.high) range.high = value;
    }
    return range;
}

static unsigned most_threads(const struct sb_plan *plan, const struct sb_plan_test *test)
{
    return test->threads_vcpus ? range_of(plan, test, false).high : test->threads;
}

/* ---- too short ---- */

/* The most that one thread moves: 6 GiB/s under emulation, 31 GiB/s in a container on the same machine. */
static const double memory_rate = 32; /* GiB/s */

static void warn_memory_too_short(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    double enough = 1024 * GIB;
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        unsigned threads = most_threads(w->plan, test);
        double total = sb_test_bytes(test, "memory-total-size", 100 * GIB);
        double rate = memory_rate * GIB * (threads ? threads : 1);
        if (!is_kind(test, "memory") || total >= rate) continue;
        add_item(&list, "%s moves %s in %.2g s", test->name, size_text(w, total), total / rate);
        while (enough < 10 * rate)
            enough *= 2;
    }
    if (list.len)
        warn(w,
             "at up to %.0f GiB/s for each thread, %s; runs below a second measure start-up as well: give "
             "--memory-total-size=%s --time=10, and the time ends them",
             memory_rate, list.buf, size_text(w, enough));
    sb_strbuf_release(&list);
}

static void warn_run_too_short(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        double seconds = sb_test_mutex_seconds(test);
        if (is_kind(test, "mutex") && seconds < 1) add_item(&list, "%s (about %.2g s)", test->name, seconds);
    }
    if (list.len)
        warn(w,
             "a mutex test ends when its work is done, and less than a second measures start-up as well: %s; "
             "raise --mutex-locks",
             list.buf);
    sb_strbuf_release(&list);
}

/* ---- what is measured ---- */

static void warn_cache_bound(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        double block = sb_test_bytes(test, "memory-block-size", 1024);
        if (is_kind(test, "memory") && block <= 4 * MIB)
            add_item(&list, "%s (%s)", test->name, size_text(w, block));
    }
    if (list.len)
        warn(w,
             "one buffer of at most 4 MiB, over and over, is cache bandwidth: %s; give "
             "--memory-block-size=64M for memory",
             list.buf);
    sb_strbuf_release(&list);
}

/* The largest memory that a test's files can be cached in, in MiB. */
struct cacher {
    double configured, here; /* of a configuration; of this machine, which host measures. 0: not known */
};

static bool sizes_are_labels(const struct sb_driver *driver)
{
    return !driver->needs_config && !driver->remote;
}

static struct cacher cacher_of(const struct sb_plan *plan, const struct sb_plan_test *test)
{
    struct cacher cacher = {0, 0};
    for (size_t p = 0; p < plan->platforms_nr; p++)
        for (size_t c = 0; c < plan->configs_nr; c++) {
            const struct sb_plan_config *config = &plan->configs[c];
            if (sb_plan_excludes(plan, &plan->platforms[p], config, test)) continue;
            if (sizes_are_labels(plan->platforms[p].driver))
                cacher.here = sb_host_memory_mib();
            else
                cacher.configured = fmax(cacher.configured, config->memory_mib);
        }
    return cacher;
}

/* What else is needed for the advice to work. */
static void add_file_advice(struct warner *w, struct sb_strbuf *out, double bytes)
{
    bool guests = false, cached = false;
    for (size_t p = 0; p < w->plan->platforms_nr; p++) {
        const struct sb_plan_platform *platform = &w->plan->platforms[p];
        const char *cache = sb_plan_option(platform, "cache");
        if (!platform->driver->own_kernel || platform->driver->remote) continue;
        guests = true;
        if (!sb_streq(cache, "none") && !sb_streq(cache, "directsync")) cached = true;
    }
    if (bytes > 0)
        sb_strbuf_addf(out, "--file-total-size=%s", size_text(w, bytes));
    else
        sb_strbuf_adds(out, "a --file-total-size of twice the memory");
    if (guests && bytes > 2 * GIB)
        sb_strbuf_addf(out, " (guests need a disk for it: image build --size %s)", size_text(w, 2 * bytes));
    sb_strbuf_adds(out, " or --file-extra-flags=direct");
    if (cached)
        sb_strbuf_adds(out, " (under QEMU with \"cache: none\" of the platform, else this host caches)");
}

static void warn_page_cache(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT, advice = SB_STRBUF_INIT;
    double wanted = 0;
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        const char *flags = sb_test_value(test, "file-extra-flags");
        double files = sb_test_bytes(test, "file-total-size", 2 * GIB);
        if (!is_kind(test, "fileio") || (flags && strstr(flags, "direct"))) continue;
        struct cacher cacher = cacher_of(w->plan, test);
        if (files < cacher.configured * MIB)
            add_item(&list, "%s (%s in up to %s of memory)", test->name, size_text(w, files),
                     size_text(w, cacher.configured * MIB));
        else if (files < cacher.here * MIB)
            add_item(&list, "%s (%s in this machine's memory)", test->name, size_text(w, files));
        else
            continue;
        if (files < cacher.configured * MIB) wanted = fmax(wanted, 2 * cacher.configured * MIB);
    }
    add_file_advice(w, &advice, wanted);
    if (list.len)
        warn(w, "the files fit into the page cache, so the disk is hardly measured: %s; give %s", list.buf,
             advice.buf);
    sb_strbuf_release(&list);
    sb_strbuf_release(&advice);
}

/* ---- factors that cannot act ---- */

static void warn_vcpus(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    struct range range = {0, 0};
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        struct range one = range_of(w->plan, test, false);
        if (!sb_sysbench_is_builtin(test->kind) || is_kind(test, "fileio") || test->threads_vcpus ||
            test->threads > 1 || one.low >= one.high)
            continue;
        range = one;
        add_item(&list, "%s", test->name);
    }
    if (list.len)
        warn(w,
             "vcpus varies from %u to %u, but one thread runs on one processor whatever their number: %s; "
             "give "
             "these tests \"threads: vcpus\"",
             range.low, range.high, list.buf);
    sb_strbuf_release(&list);
}

/* One buffer for all threads, or (--memory-scope=local) one for each. The audit counts one for each. */
static double buffers(const struct sb_plan_test *test, unsigned threads)
{
    return sb_test_bytes(test, "memory-block-size", 1024) * (threads ? threads : 1);
}

static void warn_memory_size(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    struct range range = {0, 0};
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        struct range one = range_of(w->plan, test, true);
        double bytes = buffers(test, most_threads(w->plan, test));
        if (!is_kind(test, "memory") || one.low >= one.high || bytes >= one.low * MIB) continue;
        range = one;
        add_item(&list, "%s (%s)", test->name, size_text(w, bytes));
    }
    if (list.len)
        warn(w,
             "memory_mib varies from %u to %u, but the buffers of these tests fit into the smallest: %s; "
             "their "
             "configurations are null controls",
             range.low, range.high, list.buf);
    sb_strbuf_release(&list);
}

static void warn_out_of_memory(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        const char *scope = sb_test_value(test, "memory-scope");
        bool local = scope && strcmp(scope, "local") == 0;
        for (size_t c = 0; c < w->plan->configs_nr && is_kind(test, "memory"); c++) {
            const struct sb_plan_config *config = &w->plan->configs[c];
            double bytes = buffers(test, local ? sb_plan_threads(test, config) : 1);
            if (config->memory_mib && bytes >= config->memory_mib * MIB && is_run(w->plan, config, test))
                add_item(&list, "%s (%s) in %s (%u MiB)", test->name, size_text(w, bytes), config->name,
                         config->memory_mib);
        }
    }
    if (list.len) warn(w, "will be killed for want of memory: %s", list.buf);
    sb_strbuf_release(&list);
}

/* ---- design ---- */

static void warn_one_boot(struct warner *w)
{
    if (w->plan->boots == 1)
        warn(w,
             "with one boot the difference between boots is unknown, so there will be no verdict; five is a "
             "good number to begin with");
}

/* Half the 95 % interval of the difference of two means of n values, in standard deviations:
 * t(0.975, 2n - 2) sqrt(2/n). */
static void warn_few_boots(struct warner *w)
{
    static const double halves[] = {[2] = 4.3, [3] = 2.3, [4] = 1.7};
    if (w->plan->boots < 2 || w->plan->boots >= SB_ARRAY_SIZE(halves)) return;
    warn(
        w,
        "with %u boots two platforms must differ by %.1f standard deviations before it shows; with 5 by 1.5, "
        "with 10 by 0.9",
        w->plan->boots, halves[w->plan->boots]);
}

static void warn_repetitions(struct warner *w)
{
    if (w->plan->repetitions > 1)
        warn(w,
             "%u repetitions in a boot share it and are not independent: each cell counts %u boots, not %u "
             "runs; more boots say more than more repetitions",
             w->plan->repetitions, w->plan->boots, w->plan->boots * w->plan->repetitions);
}

static void warn_listed(struct warner *w)
{
    if (w->plan->order == SB_PLAN_LISTED)
        warn(w, "in the listed order whatever drifts in the host falls on the same platforms in every block, "
                "and looks like a difference between them; order: randomised spreads it");
}

static void warn_missing_cells(struct warner *w)
{
    const struct sb_plan *plan = w->plan;
    size_t left_out = 0, all = plan->platforms_nr * plan->configs_nr * plan->tests_nr;
    for (size_t p = 0; p < plan->platforms_nr; p++)
        for (size_t c = 0; c < plan->configs_nr; c++)
            for (size_t t = 0; t < plan->tests_nr; t++)
                left_out += sb_plan_excludes(plan, &plan->platforms[p], &plan->configs[c], &plan->tests[t]);
    if (left_out)
        warn(w, "exclude leaves %zu of %zu combinations out; what stands alone cannot be compared", left_out,
             all);
}

static void warn_caches(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (size_t t = 0; t < w->plan->tests_nr && !w->plan->drop_caches; t++)
        if (is_kind(&w->plan->tests[t], "fileio")) add_item(&list, "%s", w->plan->tests[t].name);
    if (list.len)
        warn(w, "without drop_caches the files of prepare are still in memory when the run begins: %s",
             list.buf);
    sb_strbuf_release(&list);
}

static void warn_names(struct warner *w)
{
    size_t nr;
    const char *const *kinds = sb_sysbench_builtins(&nr);
    for (size_t t = 0; t < w->plan->tests_nr; t++)
        for (size_t k = 0; k < nr; k++)
            if (sb_ascii_caseeq(w->plan->tests[t].name, kinds[k]) && !is_kind(&w->plan->tests[t], kinds[k]))
                warn(w, "the test \"%s\" runs %s: the audit will take it for a mix-up",
                     w->plan->tests[t].name, w->plan->tests[t].kind);
}

static void warn_unknown_options(struct warner *w)
{
    struct sb_strbuf list = SB_STRBUF_INIT;
    for (size_t t = 0; t < w->plan->tests_nr; t++) {
        const struct sb_plan_test *test = &w->plan->tests[t];
        for (const char *const *arg = test->args + 1; *arg && sb_sysbench_is_builtin(test->kind); arg++)
            if (!sb_sysbench_option(test->kind, *arg))
                add_item(&list, "%.*s (%s)", (int)strcspn(*arg, "="), *arg, test->name);
    }
    if (list.len)
        warn(w, "neither sysbench 1.0 nor 1.1 has these options, and refuses to run with them: %s", list.buf);
    sb_strbuf_release(&list);
}

/* Emulation that the plan asks for, beside platforms that run on the processor itself. */
static void warn_accelerators(struct warner *w)
{
    size_t emulated = 0, other = 0;
    const struct sb_plan_platform *named = NULL;
    for (size_t p = 0; p < w->plan->platforms_nr; p++) {
        const struct sb_plan_platform *platform = &w->plan->platforms[p];
        bool tcg = sb_streq(sb_plan_option(platform, "accelerator"), "tcg");
        emulated += tcg;
        other += !tcg;
        if (tcg && !named) named = platform;
    }
    if (emulated && other)
        warn(w,
             "%s emulates the processor (tcg) and other platforms do not: the distance between them is the "
             "emulator's, and no verdict will be given on it",
             named->name);
}

static const struct {
    const char *code;
    void (*check)(struct warner *w);
} checks[] = {
    {"ONE_BOOT", warn_one_boot},
    {"FEW_BOOTS", warn_few_boots},
    {"REPETITIONS_SHARE_BOOT", warn_repetitions},
    {"ORDER_LISTED", warn_listed},
    {"CELLS_MISSING", warn_missing_cells},
    {"VCPUS_CANNOT_ACT", warn_vcpus},
    {"MEMORY_SIZE_CANNOT_ACT", warn_memory_size},
    {"MEMORY_TOO_SHORT", warn_memory_too_short},
    {"RUN_TOO_SHORT", warn_run_too_short},
    {"MEMORY_CACHE_BOUND", warn_cache_bound},
    {"MEMORY_EXCEEDED", warn_out_of_memory},
    {"PAGE_CACHE_BOUND", warn_page_cache},
    {"CACHES_KEPT", warn_caches},
    {"ACCELERATORS_DIFFER", warn_accelerators},
    {"NAME_CONTRADICTS_LOG", warn_names},
    {"OPTION_UNKNOWN", warn_unknown_options},
};

size_t sb_plan_warnings(const struct sb_plan *plan, struct sb_arena *arena, struct sb_plan_warning **warnings)
{
    struct warner w = {.plan = plan, .arena = arena};
    for (size_t i = 0; i < SB_ARRAY_SIZE(checks); i++) {
        w.code = checks[i].code;
        checks[i].check(&w);
    }
    *warnings = sb_arena_calloc(arena, w.nr + 1, sizeof **warnings);
    if (w.nr) memcpy(*warnings, w.v, w.nr * sizeof **warnings);
    free(w.v);
    return w.nr;
}
