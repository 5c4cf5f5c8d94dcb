/* How long a schedule takes. What the plan does not tell is assumed, and said to be. */
#include "collect/schedule.h"

#include <math.h>
#include "collect/driver.h"
#include "collect/sysbench_options.h"

#define GIB (1024.0 * 1024 * 1024)

static const double guest_boot = 25;           /* s: start and shutdown of a system with systemd */
static const double container_boot = 2;        /* s */
static const double connection = 1;            /* s: host, ssh */
static const double memory_rate = 5 * GIB;     /* bytes/s of a memory test */
static const double prepare_rate = 0.25 * GIB; /* bytes/s of writing test files */
static const double cleanup = 2;               /* s: removing files, dropping caches */

struct estimate {
    double known, assumed; /* s */
};

static double boot_overhead(const struct sb_driver *driver)
{
    if (!driver->needs_config) return connection;
    return driver->own_kernel ? guest_boot : container_boot;
}

/* How many threads work at a time. */
static double workers(const struct sb_plan_test *test, const struct sb_plan_config *config)
{
    double threads = fmax(1, sb_plan_threads(test, config));
    return config->vcpus ? fmin(threads, config->vcpus) : threads;
}

/* How long the work of a test takes that ends when it is done; INFINITY where that is not known. */
static double work_seconds(const struct sb_plan_test *test, const struct sb_plan_config *config)
{
    if (strcmp(test->kind, "memory") == 0)
        return sb_test_bytes(test, "memory-total-size", 100 * GIB) / memory_rate;
    if (strcmp(test->kind, "mutex") == 0) return sb_test_mutex_seconds(test);
    double events = sb_test_events(test);
    return events > 0 ? events * sb_test_event_seconds(test) / workers(test, config) : INFINITY;
}

/* A test that ends by its time takes it; one that ends by its work takes the time at most. Neither runs
 * longer than a step may take. */
static void add_run(struct estimate *sum, const struct sb_plan_test *test,
                    const struct sb_plan_config *config)
{
    double limit = sb_test_time(test), work = work_seconds(test, config);
    if (test->prepares)
        sum->assumed += sb_test_bytes(test, "file-total-size", 2 * GIB) / prepare_rate + cleanup;
    sum->known += sb_test_warmup(test);
    if (limit > 0 && limit <= work && sb_test_events(test) == 0)
        sum->known += limit;
    else
        sum->assumed += fmin(limit > 0 ? limit : test->timeout, work);
}

static struct estimate estimate_boot(const struct sb_planned_boot *boot)
{
    struct estimate sum = {.known = 0, .assumed = boot_overhead(boot->platform->driver)};
    for (size_t i = 0; i < boot->runs_nr; i++)
        add_run(&sum, boot->runs[i].test, boot->config);
    return sum;
}

double sb_boot_seconds(const struct sb_plan *plan, const struct sb_planned_boot *boot)
{
    struct estimate sum = estimate_boot(boot);
    (void)plan;
    return sum.known + sum.assumed;
}

double sb_schedule_seconds(const struct sb_schedule *schedule, double *assumed)
{
    double known = 0, guessed = 0;
    for (size_t i = 0; i < schedule->boots_nr; i++) {
        struct estimate sum = estimate_boot(&schedule->boots[i]);
        known += sum.known;
        guessed += sum.assumed;
    }
    if (assumed) *assumed = guessed;
    return known + guessed;
}
