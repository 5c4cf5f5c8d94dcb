/* What the tests of experiments share: platforms made up here (in place of drivers.c), a folder, a plan. */
#ifndef SBSTAT_TESTS_EXPERIMENT_FIXTURE_H
#define SBSTAT_TESTS_EXPERIMENT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "collect/experiment.h"
#include "collect/host_facts.h"
#include "collect/image_tree.h"
#include "collect/journal.h"
#include "collect/machine_facts.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/manifest.h"
#include "io/outfile.h"

/* ---- a platform that does what it is told ---- */

struct rule {
    const char *words;     /* an exec whose command has them ... */
    unsigned after, times; /* ... first `after` times goes well, then `times` times ends like this */
    struct sb_exec_result result;
};

static struct {
    struct rule rules[6];
    unsigned fail_starts, starts, stops, broken_stops, sweeps, running;
    const char *problem;         /* of check() */
    enum sb_err_code start_code; /* of starts that fail; SB_OK: as platforms do */
    const char *kernel, *doubt, *sha256;
    bool writes_image;
    bool other_kernel;
    size_t output;                           /* bytes that each step prints besides */
    bool drops, prepares_fill, tells_memory; /* what the caches of the target do */
    double cached;                           /* kB */
    volatile sig_atomic_t stop;
    unsigned stop_at_exec, execs; /* the user wants to end during this one */
    const char *loads[2];         /* what it answers when asked how busy it is, in turn */
    unsigned load_asks;
    struct sb_strbuf commands; /* one line each */
    char last_scratch[96];
} act;

struct sb_target {
    char *scratch;
};

static bool act_check(const struct sb_boot_spec *spec, struct sb_err *err)
{
    assert_int_equal(access(spec->scratch, W_OK), 0);
    return !act.problem || sb_fail(err, SB_ERR_STEP, "platform %s: %s", spec->platform->name, act.problem);
}

static bool act_sweep(const struct sb_boot_spec *spec, size_t *removed, struct sb_err *err)
{
    (void)spec, (void)err;
    act.sweeps++;
    *removed = 0;
    return true;
}

static struct sb_target *act_start(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                                   struct sb_err *err)
{
    act.starts++;
    assert_true(strlen(spec->scratch) < 60);
    snprintf(act.last_scratch, sizeof act.last_scratch, "%s", spec->scratch);
    assert_true(sb_outfile_write(spec->console, "console\n", 8, err));
    if (act.fail_starts) {
        act.fail_starts--;
        sb_fail(err, act.start_code ? act.start_code : SB_ERR_STEP, "no answer within 1 s; see %s",
                spec->console);
        return NULL;
    }
    const char **argv = sb_arena_calloc(facts->arena, 3, sizeof *argv);
    argv[0] = "fake-emulator";
    argv[1] = sb_arena_printf(facts->arena, "socket=%s/s", spec->scratch);
    facts->argv = argv;
    facts->accelerator = "tcg";
    facts->image = "/srv/images/guest";
    facts->image_format = "raw";
    facts->image_sha256 = act.sha256 ? act.sha256 : "0123abcd";
    facts->image_is_written = act.writes_image;
    facts->virtual_bytes = 4294967296.0;
    facts->allocated_bytes = 12345678;
    facts->tool = "qemu";
    facts->tool_version = "7.2.22";
    facts->kernel = act.kernel ? act.kernel : "6.1.0";
    facts->sysbench = "1.0.20";
    facts->doubt = act.doubt;
    facts->other_kernel = act.other_kernel;
    facts->ready = 1.5;
    struct sb_target *target = sb_xcalloc(1, sizeof *target);
    target->scratch = sb_xstrdup(spec->scratch);
    act.running++;
    return target;
}

static void act_print(const char *path, const char *text, size_t more)
{
    FILE *file = path ? fopen(path, "a") : NULL;
    if (!file) return;
    fputs(text, file);
    for (size_t i = 0; i < more; i++)
        fputc(i % 80 == 79 ? '\n' : '.', file);
    fclose(file);
}

static void act_memory(const char *path)
{
    char text[200];
    snprintf(text, sizeof text, "MemTotal: 999 kB\nBuffers:  10 kB\nCached:  %.0f kB\nShmem:  10 kB\n",
             act.cached);
    if (act.tells_memory) act_print(path, text, 0);
}

static bool act_caches(const char *command, const char *path)
{
    if (!strstr(command, "/proc/meminfo")) return false;
    act_memory(path);
    if (!strstr(command, "drop_caches")) return true;
    if (act.drops) act.cached = 1000;
    act_print(path, "sbstat: dropped\n", 0);
    act_memory(path);
    return true;
}

/* Before and after each run, of which it is no step. */
static bool act_load(const struct sb_exec *exec)
{
    if (!exec->argv[0] || !exec->argv[1] || exec->argv[2] != sb_machine_load_script) return false;
    const char *load = act.loads[act.load_asks++ % SB_ARRAY_SIZE(act.loads)];
    act_print(exec->output, load ? load : "", 0);
    return true;
}

static void act_exec(struct sb_target *target, const struct sb_exec *exec, struct sb_exec_result *result)
{
    struct sb_strbuf command = SB_STRBUF_INIT;
    (void)target;
    *result = (struct sb_exec_result){.outcome = SB_EXEC_ENDED, .wall = 0.01};
    if (act_load(exec)) return;
    for (size_t i = 0; exec->argv[i]; i++)
        sb_strbuf_addf(&command, "%s%s", i ? " " : "", exec->argv[i]);
    sb_strbuf_addf(&act.commands, "%s\n", command.buf);
    if (++act.execs == act.stop_at_exec) {
        act.stop = 1;
        act_print(exec->output, "half a line", 0);
        result->outcome = SB_EXEC_STOPPED;
        sb_strbuf_release(&command);
        return;
    }
    for (size_t i = 0; i < SB_ARRAY_SIZE(act.rules); i++) {
        struct rule *rule = &act.rules[i];
        if (!rule->words || !strstr(command.buf, rule->words)) continue;
        if (rule->after) {
            rule->after--;
        } else if (rule->times) {
            rule->times--;
            *result = rule->result;
        }
    }
    if (sb_has_suffix(command.buf, " prepare") && act.prepares_fill) act.cached += 100000;
    if (!act_caches(command.buf, exec->output)) {
        act_print(exec->output, "output of ", 0);
        act_print(exec->output, command.buf, act.output);
        act_print(exec->output, "\n", 0);
    }
    sb_strbuf_release(&command);
}

static enum sb_stop_way act_stop(struct sb_target *target, bool broken)
{
    act.stops++;
    act.running--;
    act.broken_stops += broken;
    free(target->scratch);
    free(target);
    return SB_STOP_CLEAN;
}

static const struct sb_field fake_fields[] = {{.name = "storage", .type = SB_FIELD_TEXT}, {.name = NULL}};

static struct sb_driver fake_guest = {.name = "raw",
                                      .fields = fake_fields,
                                      .needs_config = true,
                                      .own_kernel = true,
                                      .remote = true,
                                      .check = act_check,
                                      .start = act_start,
                                      .exec = act_exec,
                                      .stop = act_stop,
                                      .sweep = act_sweep};
static const struct sb_driver *const fakes[] = {&fake_guest};

const struct sb_driver *const *sb_drivers(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(fakes);
    return fakes;
}

const struct sb_driver *sb_driver_find(const char *name)
{
    return strcmp(name, "raw") == 0 ? &fake_guest : NULL;
}

/* ---- folder and events ---- */

static char root[64], folder[96], scratch[96];
static struct sb_strbuf told; /* events, a line each */
static double first_left, last_left;
static unsigned kill_at_event, events;

static int set_up(void **state)
{
    (void)state;
    snprintf(root, sizeof root, "/tmp/sbtx-XXXXXX");
    if (!mkdtemp(root)) return -1;
    snprintf(folder, sizeof folder, "%s/out", root);
    snprintf(scratch, sizeof scratch, "%s/s", root);
    memset(&act, 0, sizeof act);
    sb_strbuf_init(&act.commands);
    sb_strbuf_init(&told);
    act.drops = act.prepares_fill = act.tells_memory = true;
    act.cached = 1000;
    first_left = last_left = NAN;
    kill_at_event = events = 0;
    fake_guest.remote = true;
    fake_guest.own_kernel = true;
    return mkdir(scratch, 0700);
}

static int tear_down(void **state)
{
    (void)state;
    sb_strbuf_release(&act.commands);
    sb_strbuf_release(&told);
    return sb_remove_folder(root, NULL) ? 0 : -1;
}

static void listen(void *data, const struct sb_collect_event *event)
{
    static const char *const words[] = {"started", "booting", "running", "done", "warning", "finished"};
    (void)data;
    if (++events == kill_at_event) raise(SIGKILL);
    sb_strbuf_addf(&told, "%zu/%zu %s %s %s\n", event->done, event->total, words[event->kind],
                   event->run ? event->run->log : "", event->text ? event->text : "");
    if (event->kind == SB_COLLECT_STARTED) first_left = event->left;
    if (event->kind == SB_COLLECT_BOOTING) last_left = event->left;
}

/* ---- running ---- */

/* Six runs of two boots: a cpu test, a memory test and a file test. */
static const char plan_text[] =
    "experiment: small\nboots: 2\nretries: 2\ntimeouts: {step: 7}\nplatforms: {raw: {}}\n"
    "configs: {c1: {vcpus: 1, memory_mib: 512}}\ntests:\n"
    "  cpu1: cpu --time=1\n  mem1: memory --memory-total-size=1G --time=2\n"
    "  file1: fileio --file-test-mode=rndrw --file-total-size=8M --time=1\n";

struct outcome {
    bool ok;
    struct sb_collect_summary summary;
    struct sb_err err;
};

static struct sb_collect_options usual_options(const char *text)
{
    return (struct sb_collect_options){.plan_text = text,
                                       .plan_len = strlen(text),
                                       .folder = folder,
                                       .scratch = scratch,
                                       .allow_busy = true,
                                       .stop = &act.stop,
                                       .event = listen,
                                       .version = "0.1"};
}

static struct outcome run_with(const struct sb_collect_options *options)
{
    struct outcome out = {.ok = false};
    struct sb_plan plan;
    if (!sb_plan_parse(&plan, "plan.yaml", options->plan_text, options->plan_len, NULL, &out.err))
        fail_msg("%s", out.err.msg);
    out.ok = sb_collect_run(&plan, options, &out.summary, &out.err);
    sb_plan_free(&plan);
    return out;
}

static struct outcome run_plan(const char *text, bool resume)
{
    struct sb_collect_options options = usual_options(text);
    options.resume = resume;
    return run_with(&options);
}

#define assert_ran(out)                                                                                      \
    do {                                                                                                     \
        if (!(out).ok) fail_msg("%s", (out).err.msg);                                                        \
    } while (0)

/* ---- looking ---- */

static char *content(const char *name)
{
    char path[200], *text = NULL;
    size_t len;
    struct sb_err err = {.code = SB_OK};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!sb_read_file(path, 1 << 24, &text, &len, &err)) fail_msg("%s", err.msg);
    return text;
}

static inline bool exists(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return access(path, F_OK) == 0;
}

static inline void put(const char *name, const char *text)
{
    char path[200];
    struct sb_err err = {.code = SB_OK};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    if (!sb_make_dirs(folder, &err) || !sb_outfile_write(path, text, strlen(text), &err))
        fail_msg("%s", err.msg);
}

static inline void assert_has(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" is not in:\n%s", part, text);
}

static inline void assert_has_not(const char *text, const char *part)
{
    if (strstr(text, part)) fail_msg("\"%s\" is in:\n%s", part, text);
}

static size_t count_of(const char *text, const char *part)
{
    size_t nr = 0;
    for (; (text = strstr(text, part)) != NULL; text += strlen(part))
        nr++;
    return nr;
}

static size_t entries(const char *path)
{
    size_t nr = 0;
    DIR *dir = opendir(path);
    for (const struct dirent *entry; dir && (entry = readdir(dir)) != NULL;)
        nr += strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
    if (dir) closedir(dir);
    return nr;
}

static const char *const logs[] = {"raw/c1/cpu1_b1_r1.log",  "raw/c1/mem1_b1_r1.log",
                                   "raw/c1/file1_b1_r1.log", "raw/c1/cpu1_b2_r1.log",
                                   "raw/c1/mem1_b2_r1.log",  "raw/c1/file1_b2_r1.log"};

/* Every planned run made exactly once, its log whole, nothing else lying about. */
static void assert_complete(void)
{
    char *journal = content("journal.jsonl"), *manifest = content("manifest.json");
    for (size_t i = 0; i < SB_ARRAY_SIZE(logs); i++) {
        char part[64];
        char *log = content(logs[i]);
        assert_has(log, " run\noutput of sysbench ");
        assert_int_equal(log[strlen(log) - 1], '\n');
        if (strstr(logs[i], "file1")) {
            assert_has(log, " prepare\noutput of sysbench ");
            assert_has(log, " cleanup\noutput of sysbench ");
        }
        free(log);
        snprintf(part, sizeof part, "%s.part", logs[i]);
        assert_false(exists(part));
        assert_int_equal(count_of(manifest, logs[i]), 1);
        size_t made = 0;
        for (const char *at = journal; (at = strstr(at, logs[i])) != NULL; at++) {
            const char *end = strchr(at, '\n');
            const char *done = strstr(at, "\"status\":\"done\"");
            made += done && done < end;
        }
        if (made != 1) fail_msg("%s was made %zu times:\n%s", logs[i], made, journal);
    }
    assert_int_equal(entries(scratch), 0);
    assert_int_equal(act.running, 0);
    free(journal);
    free(manifest);
}

#endif
