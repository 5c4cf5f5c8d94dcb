/* Bare metal: the commands run on this machine, in a fresh folder on the storage to measure. */
#include "collect/driver.h"

#include <errno.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>
#include "collect/image_tree.h"
#include "collect/platform_needs.h"
#include "collect/scratch.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/text.h"

struct sb_target {
    char *work; /* removed at the end */
    const volatile sig_atomic_t *stop;
};

static const struct sb_field fields[] = {
    {.name = "work",
     .type = SB_FIELD_PATH,
     .help = "folder on the storage to measure; a new folder in it is used (default: the scratch folder)"},
    {.name = NULL},
};

/* ---- checks ---- */

static bool check_space(const struct sb_boot_spec *spec, const char *parent, struct sb_err *err)
{
    static const double mib = 1024 * 1024;
    struct statvfs fs;
    double need = sb_room_for_files(sb_platform_file_bytes(spec->plan, spec->platform));
    if (statvfs(parent, &fs) != 0)
        return sb_fail(err, SB_ERR_OUTPUT, "platform %s: %s: %s", spec->platform->name, parent,
                       strerror(errno));
    double free_bytes = (double)fs.f_bavail * (double)fs.f_frsize;
    if (free_bytes >= need) return true;
    return sb_fail(err, SB_ERR_OUTPUT,
                   "platform %s: %s has %.0f MiB free, the tests' files need %.0f MiB; free some, or name "
                   "another folder (work: of the platform, or --scratch)",
                   spec->platform->name, parent, free_bytes / mib, need / mib);
}

/* The option `work` as a path, else the scratch folder. */
static const char *work_parent(const struct sb_boot_spec *spec, struct sb_arena *arena)
{
    const char *given = sb_plan_option_path(spec->plan, spec->platform, "work", arena);
    return given ? given : spec->scratch;
}

static bool host_check(const struct sb_boot_spec *spec, struct sb_err *err)
{
    struct sb_arena arena;
    char *program = sb_find_program("sysbench");
    if (!program)
        return sb_fail(err, SB_ERR_STEP,
                       "platform %s: sysbench is not in PATH; install it (package sysbench)",
                       spec->platform->name);
    free(program);
    sb_arena_init(&arena);
    const char *parent = work_parent(spec, &arena);
    struct stat st;
    bool ok;
    if (stat(parent, &st) != 0)
        ok = sb_fail(err, SB_ERR_NO_INPUT, "platform %s: work: %s: %s", spec->platform->name, parent,
                     strerror(errno));
    else if (!S_ISDIR(st.st_mode) || access(parent, W_OK | X_OK) != 0)
        ok = sb_fail(err, SB_ERR_OUTPUT, "platform %s: work: %s is no folder that we may write into",
                     spec->platform->name, parent);
    else
        ok = check_space(spec, parent, err);
    sb_arena_free(&arena);
    return ok;
}

/* ---- a target ---- */

static const char *sysbench_version(struct sb_arena *arena, struct sb_err *err)
{
    static const char *const argv[] = {"sysbench", "--version", NULL};
    struct sb_strbuf out = SB_STRBUF_INIT;
    const char *version = NULL;
    if (sb_process_capture(argv, 20, NULL, 0, &out, err)) version = sb_sysbench_version(out.buf, arena);
    sb_strbuf_release(&out);
    return version;
}

static bool learn_facts(const struct sb_boot_spec *spec, struct sb_boot_facts *facts, struct sb_err *err)
{
    struct utsname names;
    double start = sb_monotonic();
    (void)spec;
    facts->accelerator = "none";
    if (uname(&names) == 0) facts->kernel = sb_arena_strdup(facts->arena, names.release);
    facts->sysbench = sysbench_version(facts->arena, err);
    facts->ready = sb_monotonic() - start;
    return facts->sysbench != NULL;
}

static const char *work_prefix(const struct sb_boot_spec *spec, struct sb_arena *arena)
{
    return sb_arena_printf(arena, "sbstat-%s", spec->experiment);
}

static struct sb_target *host_start(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                                    struct sb_err *err)
{
    if (!learn_facts(spec, facts, err)) return NULL;
    char *work = sb_scratch_make(work_parent(spec, facts->arena), work_prefix(spec, facts->arena), err);
    if (!work) return NULL;
    struct sb_target *target = sb_xcalloc(1, sizeof *target);
    target->work = work;
    target->stop = spec->stop;
    return target;
}

static enum sb_exec_outcome outcome_of(enum sb_process_outcome outcome)
{
    static const enum sb_exec_outcome map[] = {
        [SB_PROCESS_EXITED] = SB_EXEC_ENDED,    [SB_PROCESS_SIGNALED] = SB_EXEC_ENDED,
        [SB_PROCESS_TIMEOUT] = SB_EXEC_TIMEOUT, [SB_PROCESS_FLOOD] = SB_EXEC_FLOOD,
        [SB_PROCESS_STOPPED] = SB_EXEC_STOPPED, [SB_PROCESS_RUNNING] = SB_EXEC_LOST,
    };
    return map[outcome];
}

enum { MAX_WORDS = 256 };

/* The words of a command that needs root, where we are not. */
static const char *const *with_sudo(const char *const *argv, const char **words)
{
    size_t nr = 0;
    words[nr++] = "sudo";
    words[nr++] = "-n";
    while (*argv && nr < MAX_WORDS - 1)
        words[nr++] = *argv++;
    words[nr] = NULL;
    return words;
}

static void host_exec(struct sb_target *target, const struct sb_exec *exec, struct sb_exec_result *result)
{
    const char *words[MAX_WORDS];
    struct sb_err err = {.code = SB_OK};
    struct sb_process_result end;
    struct sb_process_spec spec = {.argv = exec->argv,
                                   .cwd = target->work,
                                   .output = exec->output,
                                   .deadline = exec->deadline,
                                   .stop = target->stop};
    if (exec->privileged && geteuid() != 0) spec.argv = with_sudo(exec->argv, words);
    *result = (struct sb_exec_result){.outcome = SB_EXEC_ENDED};
    if (!sb_process_run(&spec, &end, &err)) { /* as a shell: it could not be executed */
        result->status = 127;
        snprintf(result->reason, sizeof result->reason, "%.190s", err.msg);
        return;
    }
    result->outcome = outcome_of(end.outcome);
    result->status = end.status;
    result->wall = end.wall;
    if (end.outcome == SB_PROCESS_SIGNALED) sb_process_words(&end, result->reason, sizeof result->reason);
}

static enum sb_stop_way host_stop(struct sb_target *target, bool broken)
{
    (void)broken;                                         /* what an exec started has ended with it */
    if (!sb_remove_folder(target->work, NULL)) errno = 0; /* the next sweep finds it */
    free(target->work);
    free(target);
    return SB_STOP_CLEAN;
}

static bool host_sweep(const struct sb_boot_spec *spec, size_t *removed, struct sb_err *err)
{
    struct sb_arena arena;
    (void)err;
    sb_arena_init(&arena);
    *removed = sb_scratch_sweep(work_parent(spec, &arena), work_prefix(spec, &arena));
    sb_arena_free(&arena);
    return true;
}

/* Nothing is started before the commands themselves. */
static bool host_show_argv(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                           struct sb_err *err)
{
    (void)spec, (void)host, (void)err;
    facts->accelerator = "none";
    return true;
}

const struct sb_driver sb_driver_host = {
    .name = "host",
    .summary = "this machine itself, without a guest or container",
    .fields = fields,
    .show_argv = host_show_argv,
    .check = host_check,
    .start = host_start,
    .exec = host_exec,
    .stop = host_stop,
    .sweep = host_sweep,
};
