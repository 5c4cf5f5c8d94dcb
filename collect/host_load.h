/* How busy the machine is: before an experiment, and around each run. */
#ifndef SB_COLLECT_HOST_LOAD_H
#define SB_COLLECT_HOST_LOAD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include "core/err.h"

/* Above this share of all processors a host is busy. */
#define SB_BUSY_SHARE 0.10

/* Processor time since the machine started, in seconds of all processors together: proc_stat(5); on macOS
 * host_statistics() of mach/mach_host.h. */
struct sb_cpu_times {
    double busy;  /* all but idle, waiting for disks, and stolen */
    double steal; /* taken by the hypervisor we run under; NaN: the system does not tell */
    double total;
};

/* Reads the text of /proc/stat; false when it has no usable first line. */
bool sb_cpu_times_parse(const char *text, struct sb_cpu_times *times);
bool sb_cpu_times_now(struct sb_cpu_times *times); /* false where the system does not tell */

void sb_load_averages(double load[3]); /* NaN where there are none */

/* Fails (SB_ERR_STEP, with what was measured) when others use more than SB_BUSY_SHARE of the processors:
 * measured over about a second; where that cannot be measured, by the load average of the last minute. `stop`
 * ends the waiting. */
bool sb_host_is_quiet(const volatile sig_atomic_t *stop, struct sb_err *err) SB_MUST_CHECK;

/* The decision and its message: `busy` processors (of `cores`) in use; how it was measured, in words. */
bool sb_quiet_enough(double busy, double cores, const char *how, struct sb_err *err);

#endif
