/* How busy a host is, what is in its caches, what it is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <math.h>
#ifdef __linux__
#include <sys/vfs.h>
#endif
#include <unistd.h>
#include "collect/cache_drop.h"
#include "collect/host_facts.h"
#include "collect/host_load.h"

static void test_proc_stat(void **state)
{
    (void)state;
    struct sb_cpu_times times;
    double hz = (double)sysconf(_SC_CLK_TCK);
    assert_true(sb_cpu_times_parse("cpu  100 20 30 4000 50 6 7 80 9 1\ncpu0 1 2 3\n", &times));
    assert_true(fabs(times.busy - 163 / hz) < 1e-9); /* user nice system irq softirq */
    assert_true(fabs(times.steal - 80 / hz) < 1e-9);
    assert_true(fabs(times.total - 4293 / hz) < 1e-9);
    assert_true(sb_cpu_times_parse("cpu 1 2 3 4\n", &times));
    assert_false(sb_cpu_times_parse("cpu 1 2 3\n", &times));
    assert_false(sb_cpu_times_parse("cpu0 1 2 3 4\n", &times));
    assert_false(sb_cpu_times_parse("", &times));
}

static void test_busy(void **state)
{
    (void)state;
    struct sb_err err = {.code = SB_OK};
    assert_true(sb_quiet_enough(0.19, 2, "during one second", &err));
    assert_false(sb_quiet_enough(0.5, 2, "during one second", &err));
    assert_int_equal(err.code, SB_ERR_STEP);
    assert_string_equal(
        err.msg, "the host is busy: during one second, other programs use 0.50 of 2 processors (25 %; at "
                 "most 10 % leave the measurements alone); end them, or run with --allow-busy");
}

static void test_meminfo(void **state)
{
    (void)state;
    static const char text[] =
        "MemTotal:  100 kB\nBuffers:   7 kB\nCached:   50 kB\nSwapCached: 9 kB\nShmem:  3 kB\n";
    assert_true(sb_meminfo_file_cache(text, sizeof text - 1) == 54 * 1024);
    assert_true(isnan(sb_meminfo_file_cache(text, 30))); /* cut before Cached */
    assert_true(isnan(sb_meminfo_file_cache("", 0)));
    assert_true(isnan(sb_meminfo_file_cache("Cached:\nBuffers: x\nShmem: 1", 28)));
}

static void test_verdict(void **state)
{
    (void)state;
    assert_int_equal(sb_cache_judge(true, 100, 1100, 200), SB_CACHES_DROPPED);
    assert_int_equal(sb_cache_judge(true, 100, 1100, 201), SB_CACHES_NOT_VERIFIED);
    assert_int_equal(sb_cache_judge(true, 100, 50, 90), SB_CACHES_DROPPED);
    assert_int_equal(sb_cache_judge(true, 100, 50, 101), SB_CACHES_NOT_VERIFIED);
    assert_int_equal(sb_cache_judge(true, NAN, 50, 1), SB_CACHES_NOT_VERIFIED);
    assert_int_equal(sb_cache_judge(true, 1, NAN, 1), SB_CACHES_NOT_VERIFIED);
    assert_int_equal(sb_cache_judge(true, 1, 1, NAN), SB_CACHES_NOT_VERIFIED);
    assert_int_equal(sb_cache_judge(false, 100, 1100, 100), SB_CACHES_NOT_DROPPED);
}

static void test_facts(void **state)
{
    (void)state;
    struct sb_arena arena;
    struct sb_host_facts facts;
    sb_arena_init(&arena);
    sb_host_facts_read(&facts, "/", &arena);
    assert_non_null(facts.name);
    assert_non_null(facts.kernel);
    assert_non_null(facts.os);
    assert_true(facts.cores >= 1);
    assert_true(facts.memory_mib >= 64);
    assert_non_null(facts.filesystem);
    sb_arena_free(&arena);
}

static void test_in_memory(void **state)
{
    (void)state;
    assert_false(sb_is_in_memory("/proc"));
    assert_false(sb_is_in_memory("/nowhere/at/all"));
#ifdef __linux__
    struct statfs fs;
    if (statfs("/dev/shm", &fs) == 0 && fs.f_type == 0x01021994) assert_true(sb_is_in_memory("/dev/shm"));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proc_stat), cmocka_unit_test(test_busy),  cmocka_unit_test(test_meminfo),
        cmocka_unit_test(test_verdict),   cmocka_unit_test(test_facts), cmocka_unit_test(test_in_memory),
    };
    return cmocka_run_group_tests_name("host_load", tests, NULL, NULL);
}
