#include "collect/host_load.h"

#include <math.h>
#ifdef __APPLE__
#include <mach/mach.h>
#endif
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "collect/process.h"
#include "core/text.h"
#include "io/outfile.h"

/* "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guests are in user and nice too. */
enum { IDLE = 3, IOWAIT = 4, STEAL = 7, FIELDS = 8 };

bool sb_cpu_times_parse(const char *text, struct sb_cpu_times *times)
{
    double ticks[FIELDS] = {0}, sum = 0, hz = (double)sysconf(_SC_CLK_TCK);
    int nr = 0;
    if (!sb_has_prefix(text, "cpu ") || hz <= 0) return false;
    const char *at = text + 3;
    for (; nr < FIELDS; nr++) {
        while (*at == ' ')
            at++;
        if (!sb_is_digit(*at)) break;
        while (sb_is_digit(*at))
            ticks[nr] = ticks[nr] * 10 + (*at++ - '0');
        sum += ticks[nr];
    }
    if (nr <= IDLE) return false; /* kernels before 2.6 had four fields */
    *times = (struct sb_cpu_times){.busy = (sum - ticks[IDLE] - ticks[IOWAIT] - ticks[STEAL]) / hz,
                                   .steal = ticks[STEAL] / hz,
                                   .total = sum / hz};
    return true;
}

#ifdef __APPLE__

/* Ticks of all processors since the machine started, as host_statistics(HOST_CPU_LOAD_INFO) counts them. */
bool sb_cpu_times_now(struct sb_cpu_times *times)
{
    host_cpu_load_info_data_t info;
    mach_msg_type_number_t nr = HOST_CPU_LOAD_INFO_COUNT;
    mach_port_t host = mach_host_self();
    kern_return_t result = host_statistics(host, HOST_CPU_LOAD_INFO, (host_info_t)&info, &nr);
    mach_port_deallocate(mach_task_self(), host);
    double hz = (double)sysconf(_SC_CLK_TCK), sum = 0;
    if (result != KERN_SUCCESS || hz <= 0) return false;
    for (int i = 0; i < CPU_STATE_MAX; i++)
        sum += (double)info.cpu_ticks[i];
    *times = (struct sb_cpu_times){
        .busy = (sum - (double)info.cpu_ticks[CPU_STATE_IDLE]) / hz, .steal = NAN, .total = sum / hz};
    return true;
}

#else

bool sb_cpu_times_now(struct sb_cpu_times *times)
{
    char *text;
    size_t len;
    if (access("/proc/stat", R_OK) != 0 || !sb_read_file("/proc/stat", 16 << 20, &text, &len, NULL))
        return false;
    bool ok = sb_cpu_times_parse(text, times);
    free(text);
    return ok;
}

#endif

void sb_load_averages(double load[3])
{
    if (getloadavg(load, 3) == 3) return;
    load[0] = load[1] = load[2] = NAN;
}

bool sb_quiet_enough(double busy, double cores, const char *how, struct sb_err *err)
{
    double share = cores > 0 ? busy / cores : 0;
    if (share <= SB_BUSY_SHARE) return true;
    return sb_fail(
        err, SB_ERR_STEP,
        "the host is busy: %s, other programs use %.2f of %.0f processors (%.0f %%; at most %.0f %% "
        "leave the measurements alone); end them, or run with --allow-busy",
        how, busy, cores, share * 100, SB_BUSY_SHARE * 100);
}

static void pause_for(double seconds, const volatile sig_atomic_t *stop)
{
    const struct timespec tick = {.tv_nsec = 50 * 1000 * 1000};
    for (double end = sb_monotonic() + seconds; sb_monotonic() < end && !(stop && *stop);)
        nanosleep(&tick, NULL);
}

bool sb_host_is_quiet(const volatile sig_atomic_t *stop, struct sb_err *err)
{
    struct sb_cpu_times before, after;
    double cores = (double)sysconf(_SC_NPROCESSORS_ONLN), load[3];
    if (sb_cpu_times_now(&before)) {
        pause_for(1, stop);
        if (stop && *stop) return true;
        if (sb_cpu_times_now(&after) && after.total > before.total)
            return sb_quiet_enough((after.busy - before.busy) / (after.total - before.total) * cores, cores,
                                   "during one second", err);
    }
    sb_load_averages(load);
    if (!isfinite(load[0])) return true;
    return sb_quiet_enough(load[0], cores, "by the load average of the last minute", err);
}
