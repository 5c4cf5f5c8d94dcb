/* The caches between prepare and run: in the target when it has a kernel of its own, and on this host. */
#include "collect/experiment_state.h"

#include <math.h>
#include "core/alloc.h"

static const double look_deadline = 60, drop_deadline = 600; /* s; writing back what is dirty can take long */
static const char mark[] = "sbstat: dropped";

bool sb_caches_before(const struct sb_boot_now *now, struct sb_cache_watch *watch,
                      struct sb_exec_result *result)
{
    static const char *const argv[] = {"cat", "/proc/meminfo", NULL};
    char *text;
    size_t len;
    *watch = (struct sb_cache_watch){
        .host_before = sb_host_file_cache(), .target_before = NAN, .deadline = look_deadline};
    if (!now->driver->own_kernel) return true;
    bool ended = sb_ask_target(now, argv, false, look_deadline, &text, &len, result);
    if (text) watch->target_before = sb_meminfo_file_cache(text, len);
    free(text);
    return ended;
}

/* Where the second reading begins in the answer. */
static size_t find_mark(const char *text, size_t len)
{
    for (size_t i = 0; i + sizeof mark <= len; i++)
        if (memcmp(text + i, mark, sizeof mark - 1) == 0) return i;
    return len;
}

static bool drop_in_target(const struct sb_boot_now *now, double before, enum sb_cache_verdict *verdict,
                           struct sb_exec_result *result)
{
    static const char *const argv[] = {"sh", "-c",
                                       "cat /proc/meminfo; sync; echo 3 >/proc/sys/vm/drop_caches || exit 1; "
                                       "echo 'sbstat: dropped'; cat /proc/meminfo",
                                       NULL};
    char *text;
    size_t len;
    bool ended = sb_ask_target(now, argv, true, drop_deadline, &text, &len, result);
    size_t at = text ? find_mark(text, len) : 0;
    bool dropped = ended && result->status == 0 && text && at < len;
    *verdict = dropped ? sb_cache_judge(true, before, sb_meminfo_file_cache(text, at),
                                        sb_meminfo_file_cache(text + at, len - at))
                       : SB_CACHES_NOT_DROPPED;
    free(text);
    return ended;
}

static enum sb_cache_verdict drop_on_host(double before, struct sb_err *why)
{
    double filled = sb_host_file_cache();
    bool dropped = sb_host_drop_caches(why);
    return sb_cache_judge(dropped, before, filled, sb_host_file_cache());
}

/* Said once for each platform. */
static void tell_verdict(struct sb_experiment *e, const struct sb_boot_now *now,
                         enum sb_cache_verdict verdict, const char *why)
{
    bool *told = &e->caches_told[now->planned->platform - e->plan->platforms];
    if (verdict == SB_CACHES_DROPPED || *told) return;
    *told = true;
    sb_warn(e, now->planned, NULL, "file tests of platform %s: caches %s%s%s", now->planned->platform->name,
            sb_cache_words(verdict), *why ? ": " : "", why);
}

/* What lies in two places is gone when it is gone from both. */
bool sb_caches_drop(struct sb_experiment *e, const struct sb_boot_now *now, struct sb_cache_watch *watch,
                    enum sb_cache_verdict *verdict, struct sb_exec_result *result)
{
    enum sb_cache_verdict target = SB_CACHES_DROPPED, host = SB_CACHES_DROPPED;
    struct sb_err why = {.code = SB_OK};
    watch->deadline = drop_deadline;
    if (now->driver->own_kernel) {
        if (!drop_in_target(now, watch->target_before, &target, result)) return false;
        if (target == SB_CACHES_NOT_DROPPED)
            sb_fail(&why, SB_ERR_STEP, "in the target /proc/sys/vm/drop_caches cannot be written");
    }
    if (!now->driver->remote && target != SB_CACHES_NOT_DROPPED)
        host = drop_on_host(watch->host_before, &why);
    *verdict = target == SB_CACHES_NOT_DROPPED                            ? target
               : now->driver->own_kernel && host == SB_CACHES_NOT_DROPPED ? SB_CACHES_NOT_VERIFIED
               : host != SB_CACHES_DROPPED                                ? host
                                                                          : target;
    if (now->other_kernel && *verdict != SB_CACHES_NOT_DROPPED) {
        *verdict = SB_CACHES_NOT_VERIFIED;
        sb_fail(&why, SB_ERR_STEP, "it does not run on this host's kernel, whose caches were dropped");
    }
    tell_verdict(e, now, *verdict, why.msg);
    return true;
}
