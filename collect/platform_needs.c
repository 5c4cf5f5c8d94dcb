#include "collect/platform_needs.h"

#include "collect/sysbench_options.h"

bool sb_platform_runs(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                      const struct sb_plan_config *config)
{
    for (size_t t = 0; t < plan->tests_nr; t++)
        if (!sb_plan_excludes(plan, platform, config, &plan->tests[t])) return true;
    return false;
}

static bool runs_anywhere(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                          const struct sb_plan_test *test)
{
    for (size_t c = 0; c < plan->configs_nr; c++)
        if (!sb_plan_excludes(plan, platform, &plan->configs[c], test)) return true;
    return false;
}

double sb_platform_file_bytes(const struct sb_plan *plan, const struct sb_plan_platform *platform)
{
    double most = 0;
    for (size_t t = 0; t < plan->tests_nr; t++) {
        double bytes = sb_test_file_bytes(&plan->tests[t]);
        if (bytes > most && runs_anywhere(plan, platform, &plan->tests[t])) most = bytes;
    }
    return most;
}

double sb_room_for_files(double bytes)
{
    return bytes * 1.02 + 8 * 1024 * 1024;
}
