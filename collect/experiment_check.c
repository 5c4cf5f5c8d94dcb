/* What can be known to be wrong before the first boot. */
#include "collect/experiment_state.h"

#include <errno.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "collect/host_load.h"
#include "collect/image_tree.h"
#include "collect/scratch.h"
#include "core/alloc.h"
#include "core/text.h"

static const double mib = 1024 * 1024;
static const double log_bytes = 64 * 1024; /* a generous log with intervals and histogram */
static const double scratch_bytes =
    64 * 1024 * 1024; /* consoles, sockets, small disks; drivers check the rest */

static bool has_pending(const struct sb_experiment *e, const struct sb_planned_boot *boot)
{
    for (size_t r = 0; r < boot->runs_nr; r++)
        if (e->standings[boot->runs[r].order].state == SB_STATE_PENDING) return true;
    return false;
}

/* The first boot of a platform, or the first that has runs left; NULL: none. */
static const struct sb_planned_boot *first_boot(const struct sb_experiment *e,
                                                const struct sb_plan_platform *platform, bool pending)
{
    for (size_t b = 0; b < e->schedule.boots_nr; b++) {
        const struct sb_planned_boot *boot = &e->schedule.boots[b];
        if (boot->platform == platform && (!pending || has_pending(e, boot))) return boot;
    }
    return NULL;
}

static struct sb_boot_spec check_spec(struct sb_experiment *e, const struct sb_planned_boot *boot,
                                      const char *scratch)
{
    return (struct sb_boot_spec){.plan = e->plan,
                                 .platform = boot->platform,
                                 .config = boot->config,
                                 .boot = boot->boot,
                                 .experiment = e->id,
                                 .name = sb_arena_printf(&e->arena, "sbstat-%s-check", e->id),
                                 .scratch = scratch,
                                 .console = sb_arena_printf(&e->arena, "%s/console", scratch),
                                 .deadline = e->plan->boot_timeout,
                                 .allow_busy = e->options->allow_busy,
                                 .stop = e->options->stop};
}

static void sweep(struct sb_experiment *e, const struct sb_boot_spec *spec)
{
    struct sb_err why = {.code = SB_OK};
    size_t removed = 0;
    const struct sb_driver *driver = spec->platform->driver;
    if (!driver->sweep) return;
    if (!driver->sweep(spec, &removed, &why))
        sb_warn(e, NULL, NULL, "platform %s: what an earlier sbstat left could not be looked for: %s",
                spec->platform->name, why.msg);
    else if (removed)
        sb_warn(e, NULL, NULL, "platform %s: removed %zu that an earlier sbstat left", spec->platform->name,
                removed);
}

/* Scratch folders that are left tell of an sbstat that was killed: then every platform is swept, those
 * without runs to make too (their checks sweep the others). */
static void sweep_after_kill(struct sb_experiment *e)
{
    size_t left_over = sb_scratch_sweep(e->scratch_parent, e->scratch_prefix);
    if (!left_over) return;
    sb_warn(e, NULL, NULL, "removed %zu scratch folder%s that an earlier sbstat left", left_over,
            left_over == 1 ? "" : "s");
    for (size_t i = 0; i < e->plan->platforms_nr; i++) {
        const struct sb_planned_boot *boot = first_boot(e, &e->plan->platforms[i], false);
        if (!boot || first_boot(e, &e->plan->platforms[i], true)) continue;
        const struct sb_boot_spec spec = check_spec(e, boot, e->scratch_parent);
        sweep(e, &spec);
    }
}

/* All problems are said together: each costs another start otherwise. */
static bool check_platforms(struct sb_experiment *e, const char *scratch, struct sb_err *err)
{
    struct sb_err all = {.code = SB_OK};
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < e->plan->platforms_nr && !sb_wants_stop(e); i++) {
        const struct sb_planned_boot *boot = first_boot(e, &e->plan->platforms[i], true);
        if (!boot) continue;
        struct sb_err one = {.code = SB_OK};
        const struct sb_boot_spec spec = check_spec(e, boot, scratch);
        bool ok = !spec.platform->driver->check || spec.platform->driver->check(&spec, &one);
        if (ok) {
            sweep(e, &spec);
            continue;
        }
        if (all.code == SB_OK) all.code = one.code;
        if (!strstr(text.buf, one.msg)) sb_strbuf_addf(&text, "%s%s", text.len ? "; " : "", one.msg);
    }
    if (all.code != SB_OK) sb_fail(err, all.code, "%s", text.buf);
    sb_strbuf_release(&text);
    return all.code == SB_OK;
}

static bool check_space(const char *folder, double need, const char *what, struct sb_err *err)
{
    struct statvfs fs;
    if (statvfs(folder, &fs) != 0) return sb_fail(err, SB_ERR_OUTPUT, "%s: %s", folder, strerror(errno));
    double free_bytes = (double)fs.f_bavail * (double)fs.f_frsize;
    if (free_bytes >= need) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "%s has %.1f MiB free, the %s need %.1f MiB", folder, free_bytes / mib,
                   what, need / mib);
}

static bool check_disks(struct sb_experiment *e, struct sb_err *err)
{
    size_t left = e->schedule.runs_nr - e->summary->done - e->summary->failed;
    return check_space(e->options->folder, mib + (double)left * log_bytes, "logs may", err) &&
           check_space(e->scratch_parent, scratch_bytes, "scratch files", err);
}

/* Not /tmp: that is memory on many systems, and disks are to be measured. */
static bool find_scratch(struct sb_experiment *e, struct sb_err *err)
{
    const char *tmp = getenv("TMPDIR");
    const char *given = e->options->scratch ? e->options->scratch : tmp && *tmp ? tmp : "/var/tmp";
    char *real = realpath(given, NULL);
    if (!real || access(real, W_OK | X_OK) != 0) {
        free(real);
        return sb_fail(err, SB_ERR_OUTPUT, "the scratch folder %s: %s; --scratch names another", given,
                       strerror(errno));
    }
    e->scratch_parent = sb_arena_strdup(&e->arena, real);
    free(real);
    return true;
}

void sb_experiment_tidy(struct sb_experiment *e)
{
    struct sb_err ignored = {.code = SB_OK};
    if (find_scratch(e, &ignored)) sweep_after_kill(e);
}

bool sb_experiment_check(struct sb_experiment *e, struct sb_err *err)
{
    if (!find_scratch(e, err)) return false;
    sweep_after_kill(e);
    if (!check_disks(e, err)) return false;
    char *scratch = sb_scratch_make(e->scratch_parent, e->scratch_prefix, err);
    if (!scratch) return false;
    sb_host_facts_read(&e->manifest.host, scratch, &e->manifest.arena);
    bool ok = check_platforms(e, scratch, err);
    if (!sb_remove_folder(scratch, NULL)) rmdir(scratch);
    free(scratch);
    if (!ok || e->options->allow_busy || sb_wants_stop(e)) return ok;
    return sb_host_is_quiet(e->options->stop, err);
}
