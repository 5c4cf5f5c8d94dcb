#include "collect/container_driver.h"

#include <dirent.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "collect/image_tree.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"
#include "io/outfile.h"

#define ASK      20.0       /* seconds for a question to the engine */
#define REMOVE   60.0       /* seconds for removing a container */
#define CLIENT   2.0        /* seconds that `run` may take to see that its container is gone */
#define POLL     0.05       /* seconds between attempts while a container starts */
#define TAIL     (4 * 1024) /* bytes at the end of an output that are looked at */
#define NO_REPLY 255        /* what engines' exec ends with when the way to the container broke */

struct sb_target {
    const struct sb_container_engine *engine;
    struct sb_arena arena;
    struct sb_words base;       /* ENGINE and its global options */
    const char *name, *console; /* copies */
    const char *bind;           /* folder to remove at the end; NULL: none */
    const char *const *cleanup; /* argv that removes the container, by its name */
    const char *cid;            /* file that `run` writes the id into */
    const volatile sig_atomic_t *stop;
    struct sb_process *life; /* ENGINE run: ends when the container does */
    char id[65];
    char started[64]; /* State.StartedAt: another one is another life */
    double memory_mib;
    double oom_kills; /* counted before the next command */
};

/* ---- small things ---- */

/* A line into the boot's console file, for people who look why it failed. */
static void note(const struct sb_target *target, const char *words)
{
    FILE *file = target->console ? fopen(target->console, "a") : NULL;
    if (!file) return;
    fprintf(file, "sbstat: %s\n", words);
    fclose(file);
}

/* The end of a file, whole lines as far as they fit, safe to print; "" when there is none. */
static void tail_of(const char *path, long long from, struct sb_strbuf *tail)
{
    FILE *file = path ? fopen(path, "r") : NULL;
    if (!file) return;
    char bytes[TAIL];
    long long start = from;
    if (fseeko(file, 0, SEEK_END) == 0 && ftello(file) - TAIL > start) start = ftello(file) - TAIL;
    size_t len = fseeko(file, (off_t)start, SEEK_SET) == 0 ? fread(bytes, 1, sizeof bytes, file) : 0;
    while (len > 0 && sb_is_space(bytes[len - 1]))
        len--;
    sb_text_visible(tail, bytes, len, true);
    fclose(file);
}

/* What the engine said of a failure: the last line of the tail that begins with one of its words, NULL: none.
 */
static const char *engine_words(char *tail)
{
    static const char *const beginnings[] = {
        "Error",   "error during connect", "Cannot connect", "OCI runtime", "docker:", "podman:", "unable to",
        "time=\"", "exec failed",          "rpc error",      NULL};
    const char *found = NULL;
    for (char *line = tail; line;) {
        char *end = strchr(line, '\n');
        if (end) *end = '\0';
        for (size_t i = 0; beginnings[i]; i++)
            if (sb_has_prefix(line, beginnings[i])) found = line;
        line = end ? end + 1 : NULL;
    }
    return found;
}

static struct json_object *inspect(struct sb_target *target, struct sb_err *err)
{
    const char *const words[] = {"inspect", "--type", "container", target->id, NULL};
    return sb_container_json(&target->base, words, ASK, err);
}

static bool ask(struct sb_target *target, const char *const *words, double deadline, struct sb_err *err)
{
    struct sb_strbuf ignored = SB_STRBUF_INIT;
    bool ok = sb_container_ask(&target->base, words, deadline, &ignored, err);
    sb_strbuf_release(&ignored);
    return ok;
}

/* ---- starting ---- */

/* The id that `run` wrote, when it is one. */
static bool read_id(struct sb_target *target)
{
    FILE *file = fopen(target->cid, "r");
    size_t len = file ? fread(target->id, 1, sizeof target->id - 1, file) : 0;
    if (file) fclose(file);
    target->id[len] = '\0';
    bool whole = len == sizeof target->id - 1 && strspn(target->id, "0123456789abcdef") == len;
    if (!whole) target->id[0] = '\0';
    return whole;
}

/* Why `run` ended: its last words, or how it ended. */
static bool start_failed(struct sb_target *target, const struct sb_process_result *end, struct sb_err *err)
{
    char how[80];
    struct sb_strbuf tail = SB_STRBUF_INIT;
    tail_of(target->console, 0, &tail);
    const char *words = engine_words(tail.buf);
    sb_fail(err, SB_ERR_STEP, "%s run: the container did not stay up (%s)%s%s", target->base.v[0],
            sb_process_words(end, how, sizeof how), words ? ": " : "", words ? words : "");
    sb_strbuf_release(&tail);
    return false;
}

/* One attempt at a first answer: the version of the program that it is all about. */
static bool try_answer(struct sb_target *target, double left, struct sb_strbuf *answer, struct sb_err *err)
{
    const char *const words[] = {"exec", target->id, "sysbench", "--version", NULL};
    sb_strbuf_clear(answer);
    return sb_container_ask(&target->base, words, fmin(left, ASK), answer, err);
}

/* The engine's statuses for what it cannot execute: waiting does not make that better. */
static bool is_hopeless(const struct sb_err *err)
{
    return strstr(err->msg, "exit status 126") || strstr(err->msg, "exit status 127");
}

static bool wait_ready(struct sb_target *target, const struct sb_boot_spec *spec, struct sb_strbuf *answer,
                       struct sb_err *err)
{
    double end = sb_monotonic() + spec->deadline;
    struct sb_err last = {.msg = "it was not created"};
    for (double left; (left = end - sb_monotonic()) > 0;) {
        struct sb_process_result result;
        if (sb_process_wait(target->life, POLL, &result)) {
            if (spec->stop && *spec->stop) break;
            return start_failed(target, &result, err);
        }
        if (!target->id[0] && !read_id(target)) continue;
        if (try_answer(target, left, answer, &last)) return true;
        if (is_hopeless(&last))
            return sb_fail(err, SB_ERR_STEP, "sysbench cannot be run in the container: %s", last.msg);
        if (spec->stop && *spec->stop) break;
    }
    if (spec->stop && *spec->stop)
        return sb_fail(err, SB_ERR_STEP, "stopped while the container was starting");
    return sb_fail(err, SB_ERR_STEP, "the container %s did not answer within %.0f s: %s", target->name,
                   spec->deadline, last.msg);
}

/* That it is the container which we asked for, and that its limits act. */
static bool verify(struct sb_target *target, const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                   struct sb_err *err)
{
    struct json_object *answer = inspect(target, err);
    if (!answer) return false;
    const char *name = sb_json_at_text(answer, "Name"), *id = sb_json_at_text(answer, "Id");
    const char *image = sb_json_at_text(answer, "Image"),
               *started = sb_json_at_text(answer, "State.StartedAt");
    if (name && *name == '/') name++;
    bool ok = sb_streq(name, target->name) && sb_streq(id, target->id);
    if (!ok)
        sb_fail(err, SB_ERR_STEP,
                "%s inspect answers for another container: \"%.80s\" (%.80s), not \"%s\" (%s)",
                target->base.v[0], name ? name : "", id ? id : "", target->name, target->id);
    if (ok && !sb_json_at_true(answer, "State.Running"))
        ok =
            sb_fail(err, SB_ERR_STEP, "%s inspect says that the container is not running", target->base.v[0]);
    struct sb_container_seen seen;
    struct sb_strbuf doubt = SB_STRBUF_INIT;
    if (ok) {
        sb_container_see(&target->base, target->id, ASK, &seen);
        ok = sb_container_limits_hold(target->engine, spec->config, answer, &seen, &doubt, err);
    }
    if (ok) {
        const char *hash = image && sb_has_prefix(image, "sha256:") ? image + strlen("sha256:") : image;
        facts->image_sha256 = hash ? sb_arena_strndup(facts->arena, hash, strnlen(hash, 64)) : NULL;
        facts->kernel = seen.kernel[0] ? sb_arena_strdup(facts->arena, seen.kernel) : NULL;
        facts->other_kernel = !sb_container_is_here(&seen);
        facts->accelerator = facts->other_kernel ? NULL : "none"; /* what emulates that one is not known */
        facts->doubt = doubt.len ? sb_arena_strdup(facts->arena, doubt.buf) : NULL;
        target->oom_kills = isnan(seen.oom_kills) ? 0 : seen.oom_kills;
        snprintf(target->started, sizeof target->started, "%s", started ? started : "");
    }
    sb_strbuf_release(&doubt);
    json_object_put(answer);
    return ok;
}

static bool make_work(struct sb_target *target, const struct sb_boot_spec *spec, struct sb_err *err)
{
    const char *const words[] = {"exec", target->id, "mkdir", "-p", SB_CONTAINER_WORK, NULL};
    return !sb_container_storage_is(spec, "overlay") || ask(target, words, ASK, err);
}

static struct sb_target *new_target(const struct sb_container_engine *engine, const struct sb_boot_spec *spec)
{
    struct sb_target *target = sb_xcalloc(1, sizeof *target);
    sb_arena_init(&target->arena);
    target->engine = engine;
    target->base = sb_container_command(engine, spec->platform, &target->arena);
    target->name = sb_arena_strdup(&target->arena, spec->name);
    target->console = spec->console ? sb_arena_strdup(&target->arena, spec->console) : NULL;
    target->bind = sb_container_bind(spec, &target->arena);
    target->cid = sb_arena_printf(&target->arena, "%s/cid", spec->scratch);
    target->stop = spec->stop;
    target->memory_mib = spec->config->memory_mib;
    struct sb_words cleanup = sb_container_command(engine, spec->platform, &target->arena);
    const char *const remove[] = {"rm", "--force", "--volumes", target->name, NULL};
    sb_words_add_all(&cleanup, remove);
    target->cleanup = cleanup.v;
    return target;
}

static bool launch(struct sb_target *target, const struct sb_boot_spec *spec, struct sb_err *err)
{
    /* An earlier attempt that could not be removed has the same name. */
    if (!sb_container_sweep(&target->base, spec->experiment, spec->name, NULL, err)) return false;
    struct sb_process_spec run = {
        .argv = sb_container_run_argv(target->engine, spec, spec->scratch, &target->arena),
        .output = spec->console,
        .cleanup = target->cleanup,
        .stop = spec->stop,
    };
    unlink(target->cid);
    if (target->bind && !sb_make_dirs(target->bind, err)) return false;
    target->life = sb_process_start(&run, err);
    return target->life != NULL;
}

struct sb_target *sb_container_start(const struct sb_container_engine *engine,
                                     const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                                     struct sb_err *err)
{
    struct sb_target *target = new_target(engine, spec);
    struct sb_strbuf answer = SB_STRBUF_INIT;
    sb_container_show_argv(engine, spec, facts);
    facts->tool_version = sb_container_version(engine, &target->base, facts->arena, err);
    double start = sb_monotonic();
    bool ok = facts->tool_version && launch(target, spec, err) && wait_ready(target, spec, &answer, err);
    if (ok) {
        facts->ready = sb_monotonic() - start;
        facts->sysbench =
            sb_has_prefix(answer.buf, "sysbench ") ? sb_sysbench_version(answer.buf, facts->arena) : NULL;
        ok = make_work(target, spec, err) && verify(target, spec, facts, err);
    }
    sb_strbuf_release(&answer);
    if (ok) return target;
    sb_container_stop(target, true);
    return NULL;
}

/* ---- commands ---- */

static void set_reason(struct sb_exec_result *result, const char *format, ...) SB_PRINTF(2, 3);
static void set_reason(struct sb_exec_result *result, const char *format, ...)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&text, format, args);
    va_end(args);
    snprintf(result->reason, sizeof result->reason, "%s", text.buf);
    sb_strbuf_release(&text);
}

/* The engine's words among what this command added to its output, else `other`. */
static void set_lost(struct sb_exec_result *result, const struct sb_exec *exec, long long from,
                     const char *other)
{
    struct sb_strbuf tail = SB_STRBUF_INIT;
    tail_of(exec->output, from, &tail);
    const char *words = engine_words(tail.buf);
    result->outcome = SB_EXEC_LOST;
    set_reason(result, "%s", words ? words : other);
    sb_strbuf_release(&tail);
}

/* 137: whether it was the limit of memory. With the container gone only inspect knows; while it runs only its
 * cgroup does. */
static bool was_out_of_memory(struct sb_target *target, struct json_object *state)
{
    if (sb_json_at_true(state, "State.OOMKilled")) return true;
    struct sb_container_seen seen;
    sb_container_see(&target->base, target->id, ASK, &seen);
    bool more = !isnan(seen.oom_kills) && seen.oom_kills > target->oom_kills;
    if (more) target->oom_kills = seen.oom_kills;
    return more;
}

/* A status other than 0 may be the command's or the engine's: the state of the container tells. */
static void explain_status(struct sb_target *target, const struct sb_exec *exec, long long from,
                           struct sb_exec_result *result)
{
    struct sb_err err;
    struct json_object *state = inspect(target, &err);
    if (!state) {
        set_lost(result, exec, from, err.msg);
        return;
    }
    const char *started = sb_json_at_text(state, "State.StartedAt");
    bool same = sb_json_at_true(state, "State.Running") && sb_streq(started ? started : "", target->started);
    char words[100];
    snprintf(words, sizeof words, "the container ended during the command (exit status %.0f)",
             sb_json_at_number(state, "State.ExitCode"));
    if (result->status == 137 && was_out_of_memory(target, state))
        set_reason(result, "killed: out of memory (limit %.0f MiB)", target->memory_mib);
    else if (!same)
        set_lost(result, exec, from, words);
    else if (result->status == NO_REPLY || result->status == 125)
        set_lost(result, exec, from, "the way to the container broke");
    else if (result->status == 137)
        set_reason(result, "killed by SIGKILL, not for lack of memory");
    else if (result->status == 126 || result->status == 127) {
        set_lost(result, exec, from, "the command cannot be executed in the container");
        result->outcome = SB_EXEC_ENDED;
    }
    json_object_put(state);
}

/* Killing the client would leave the command running, so the container goes. */
static void end_container(struct sb_target *target, struct sb_exec_result *result)
{
    const char *const words[] = {"kill", target->id, NULL};
    struct sb_err err;
    struct sb_process_result end;
    if (ask(target, words, ASK, &err)) {
        sb_process_wait(target->life, CLIENT, &end);
        return;
    }
    note(target, err.msg);
    if (!result->reason[0]) set_reason(result, "it could not be ended at once: %.150s", err.msg);
}

static const enum sb_exec_outcome outcomes[] = {
    [SB_PROCESS_EXITED] = SB_EXEC_ENDED,    [SB_PROCESS_SIGNALED] = SB_EXEC_LOST,
    [SB_PROCESS_TIMEOUT] = SB_EXEC_TIMEOUT, [SB_PROCESS_FLOOD] = SB_EXEC_FLOOD,
    [SB_PROCESS_STOPPED] = SB_EXEC_STOPPED, [SB_PROCESS_RUNNING] = SB_EXEC_LOST,
};

static long long size_of(const char *path)
{
    struct stat info;
    return path && stat(path, &info) == 0 ? (long long)info.st_size : 0;
}

void sb_container_exec(struct sb_target *target, const struct sb_exec *exec, struct sb_exec_result *result)
{
    *result = (struct sb_exec_result){.outcome = SB_EXEC_LOST};
    struct sb_process_result end;
    if (sb_process_wait(target->life, 0, &end)) {
        bool stopped = end.outcome == SB_PROCESS_STOPPED;
        result->outcome = stopped ? SB_EXEC_STOPPED : SB_EXEC_LOST;
        char how[80];
        set_reason(result, "the container had ended before the command (%s)",
                   sb_process_words(&end, how, sizeof how));
        return;
    }
    struct sb_words argv = {.arena = &target->arena};
    const char *const words[] = {"exec", "--workdir", SB_CONTAINER_WORK, target->id, NULL};
    sb_words_add_all(&argv, target->base.v);
    sb_words_add_all(&argv, words);
    sb_words_add_all(&argv, exec->argv);
    struct sb_process_spec spec = {.argv = argv.v,
                                   .output = exec->output,
                                   .cleanup = target->cleanup,
                                   .deadline = exec->deadline,
                                   .stop = target->stop};
    long long from = size_of(exec->output);
    struct sb_err err;
    if (!sb_process_run(&spec, &end, &err)) {
        set_reason(result, "%s", err.msg);
        return;
    }
    result->outcome = outcomes[end.outcome];
    result->status = end.status;
    result->wall = end.wall;
    if (end.outcome == SB_PROCESS_SIGNALED)
        set_reason(result, "%s exec was killed by signal %d", target->base.v[0], end.status - 128);
    if (end.outcome == SB_PROCESS_EXITED && end.status != 0) explain_status(target, exec, from, result);
    if (end.outcome != SB_PROCESS_EXITED) end_container(target, result);
}

/* ---- the end ---- */

static bool is_gone(const struct sb_err *err)
{
    return strstr(err->msg, "o such container") || strstr(err->msg, "no container with");
}

/* By its id, which is the one that was started whatever it is called; by its name while there is none. */
static bool remove_container(struct sb_target *target, double deadline, struct sb_err *err)
{
    bool known = target->id[0] || read_id(target);
    const char *const words[] = {"rm", "--force", "--volumes", known ? target->id : target->name, NULL};
    return ask(target, words, deadline, err) || is_gone(err);
}

enum sb_stop_way sb_container_stop(struct sb_target *target, bool broken)
{
    struct sb_err err;
    struct sb_process_result ignored;
    bool removed = !target->life || remove_container(target, broken ? ASK : REMOVE, &err);
    if (!removed) {
        struct sb_strbuf words = SB_STRBUF_INIT;
        sb_strbuf_addf(&words,
                       "the container %s could not be removed (%s); it ends by itself, and the next start of "
                       "this experiment removes it",
                       target->name, err.msg);
        note(target, words.buf);
        sb_strbuf_release(&words);
    }
    /* Its client ends with it; when it does not, it is not worth waiting for. */
    if (target->life && !sb_process_wait(target->life, removed ? CLIENT : 0, &ignored))
        sb_process_end(target->life, 0.2, &ignored);
    sb_process_free(target->life);
    if (target->bind && !sb_remove_folder(target->bind, &err)) note(target, err.msg);
    sb_arena_free(&target->arena);
    free(target);
    return removed ? SB_STOP_CLEAN : SB_STOP_KILL;
}

/* Folders that storage: PATH left: all begin with this experiment's name. */
static bool sweep_binds(const struct sb_boot_spec *spec, struct sb_arena *arena, size_t *removed,
                        struct sb_err *err)
{
    if (!sb_container_bind(spec, arena)) return true;
    const char *parent = sb_plan_option_path(spec->plan, spec->platform, "storage", arena);
    const char *prefix = sb_arena_printf(arena, "sbstat-%s-", spec->experiment);
    DIR *folder = opendir(parent);
    bool ok = true;
    for (struct dirent *entry; folder && ok && (entry = readdir(folder));) {
        if (!sb_has_prefix(entry->d_name, prefix)) continue;
        ok = sb_remove_folder(sb_arena_printf(arena, "%s/%s", parent, entry->d_name), err);
        *removed += ok;
    }
    if (folder) closedir(folder);
    return ok;
}

bool sb_container_sweep_all(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                            size_t *removed, struct sb_err *err)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    struct sb_words base = sb_container_command(engine, spec->platform, &arena);
    size_t containers = 0, folders = 0;
    bool ok = sb_container_sweep(&base, spec->experiment, NULL, &containers, err) &&
              sweep_binds(spec, &arena, &folders, err);
    if (removed) *removed = containers + folders;
    sb_arena_free(&arena);
    return ok;
}

bool sb_container_show_argv(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                            struct sb_boot_facts *facts)
{
    facts->argv = sb_container_run_argv(engine, spec, "$RUN", facts->arena);
    facts->image = sb_plan_option(spec->platform, "image");
    facts->image_format = "container";
    facts->tool = engine->name;
    return true;
}
