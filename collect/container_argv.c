#include "collect/container_driver.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include "core/alloc.h"
#include "core/text.h"

#define ENGINE_LIMIT 1048576 /* what podman gives by default: open files, and processes */
#define MOST_FILES   65536
#define MOST_THREADS                                                                                         \
    4096 /* podman lowers its own to the kernel's pid_max, 32768 on many, before it gives any */

const struct sb_field sb_container_fields[] = {
    {.name = "image",
     .type = SB_FIELD_TEXT,
     .required = true,
     .help = "name of the container image; it is never pulled"},
    {.name = "storage",
     .type = SB_FIELD_TEXT,
     .fallback = "volume",
     .help =
         "where test files are: volume (the engine's storage), overlay (the container's own layer), or the "
         "absolute path of a folder"},
    {.name = "program",
     .type = SB_FIELD_TEXT,
     .help = "the engine's program when it is not in PATH by its name"},
    {.name = "host", .type = SB_FIELD_TEXT, .help = "address of the engine, as in DOCKER_HOST"},
    {.name = "cpuset", .type = SB_FIELD_TEXT, .help = "processors it may use: 0-1 or 0,2"},
    {.name = "nofile", .type = SB_FIELD_TEXT, .help = "limit of open files: 1024:1024"},
    {.name = "extra", .type = SB_FIELD_TEXT, .help = "more options of `run`, between blanks"},
    {.name = NULL},
};

void sb_words_add(struct sb_words *words, const char *word)
{
    if (words->nr + 2 > words->alloc) {
        words->alloc = words->alloc * 2 + 32;
        const char **grown = sb_arena_alloc(words->arena, words->alloc * sizeof *grown);
        if (words->nr) memcpy(grown, words->v, words->nr * sizeof *grown);
        words->v = grown;
    }
    words->v[words->nr++] = word;
    words->v[words->nr] = NULL;
}

void sb_words_add_all(struct sb_words *words, const char *const *more)
{
    for (; more && *more; more++)
        sb_words_add(words, *more);
}

void sb_words_addf(struct sb_words *words, const char *format, ...)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    va_list args;
    va_start(args, format);
    sb_strbuf_vaddf(&text, format, args);
    va_end(args);
    sb_words_add(words, sb_arena_strdup(words->arena, text.buf));
    sb_strbuf_release(&text);
}

struct sb_words sb_container_command(const struct sb_container_engine *engine,
                                     const struct sb_plan_platform *platform, struct sb_arena *arena)
{
    struct sb_words words = {.arena = arena};
    const char *program = sb_plan_option(platform, "program"), *host = sb_plan_option(platform, "host");
    sb_words_add(&words, program && *program ? program : engine->name);
    sb_words_add_all(&words, engine->globals);
    if (host && *host) {
        sb_words_add(&words, engine->host_flag);
        sb_words_add(&words, host);
    }
    return words;
}

/* ---- storage ---- */

bool sb_container_storage_is(const struct sb_boot_spec *spec, const char *word)
{
    const char *storage = sb_plan_option(spec->platform, "storage");
    return strcmp(storage && *storage ? storage : "volume", word) == 0;
}

const char *sb_container_bind(const struct sb_boot_spec *spec, struct sb_arena *arena)
{
    if (sb_container_storage_is(spec, "volume") || sb_container_storage_is(spec, "overlay")) return NULL;
    const char *folder = sb_plan_option_path(spec->plan, spec->platform, "storage", arena);
    return sb_arena_printf(arena, "%s%s%s", folder, sb_has_suffix(folder, "/") ? "" : "/", spec->name);
}

static void add_storage(struct sb_words *words, const struct sb_boot_spec *spec)
{
    const char *bind = sb_container_bind(spec, words->arena);
    if (sb_container_storage_is(spec, "overlay")) return;
    sb_words_add(words, "-v");
    if (bind)
        sb_words_addf(words, "%s:%s", bind, SB_CONTAINER_WORK);
    else
        sb_words_add(words, SB_CONTAINER_WORK);
}

/* ---- limits ---- */

/* Podman as root gives its containers a million open files and processes, which a root without
 * CAP_SYS_RESOURCE (in a container, say) may not: then what may be given, and enough for sysbench. Without
 * root it looks by itself. */
static void add_ulimit(struct sb_words *words, const char *name, int resource, rlim_t most)
{
    struct rlimit limit;
    if (geteuid() != 0 || getrlimit(resource, &limit) != 0) return;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= ENGINE_LIMIT) return;
    unsigned long hard = (unsigned long)(limit.rlim_max < most ? limit.rlim_max : most);
    sb_words_addf(words, "--ulimit=%s=%lu:%lu", name, hard, hard);
}

static void add_limits(struct sb_words *words, const struct sb_container_engine *engine,
                       const struct sb_boot_spec *spec)
{
    const struct sb_plan_config *config = spec->config;
    const char *cpuset = sb_plan_option(spec->platform, "cpuset");
    const char *nofile = sb_plan_option(spec->platform, "nofile");
    if (config->vcpus) sb_words_addf(words, "--cpus=%u", config->vcpus);
    if (config->memory_mib) {
        sb_words_addf(words, "--memory=%um", config->memory_mib);
        sb_words_addf(words, "--memory-swap=%um", config->memory_mib); /* both together: no swap */
    }
    if (cpuset && *cpuset) sb_words_addf(words, "--cpuset-cpus=%s", cpuset);
    if (nofile && *nofile)
        sb_words_addf(words, "--ulimit=nofile=%s", nofile);
    else if (engine->own_ulimits)
        add_ulimit(words, "nofile", RLIMIT_NOFILE, MOST_FILES);
#ifdef RLIMIT_NPROC
    if (engine->own_ulimits) add_ulimit(words, "nproc", RLIMIT_NPROC, MOST_THREADS);
#endif
}

void sb_container_extra(struct sb_words *words, const char *text)
{
    while (text && *text) {
        size_t blanks = 0, len = 0;
        while (sb_is_space(text[blanks]))
            blanks++;
        while (text[blanks + len] && !sb_is_space(text[blanks + len]))
            len++;
        if (len) sb_words_add(words, sb_arena_strndup(words->arena, text + blanks, len));
        text += blanks + len;
    }
}

/* ---- the whole ---- */

/* Seconds that a boot can take at most, with a minute to spare: how long the container lives unless it is
 * removed. */
static double longest_life(const struct sb_boot_spec *spec)
{
    double steps = 0;
    for (size_t i = 0; i < spec->plan->tests_nr; i++) {
        const struct sb_plan_test *test = &spec->plan->tests[i];
        steps += test->timeout * (test->prepares ? 3 : 1);
    }
    return ceil(spec->deadline + steps * fmax(1, spec->plan->repetitions) + spec->plan->shutdown_timeout) +
           60;
}

const char *const *sb_container_run_argv(const struct sb_container_engine *engine,
                                         const struct sb_boot_spec *spec, const char *scratch,
                                         struct sb_arena *arena)
{
    struct sb_words words = sb_container_command(engine, spec->platform, arena);
    sb_words_add(&words, "run");
    sb_words_addf(&words, "--cidfile=%s/cid", scratch);
    sb_words_addf(&words, "--name=%s", spec->name);
    sb_words_addf(&words, "--label=%s=%s", SB_CONTAINER_LABEL, spec->experiment);
    sb_words_addf(&words, "--label=sbstat.boot=%u", spec->boot);
    add_limits(&words, engine, spec);
    /* Nothing but the test: no network, no health checks, no signals that a `sleep` would ignore. */
    static const char *const fixed[] = {
        "--network=none",        "--no-healthcheck", "--user=0:0",   "--sig-proxy=false",
        "--stop-signal=SIGKILL", "--stop-timeout=1", "--pull=never", NULL};
    sb_words_add_all(&words, fixed);
    add_storage(&words, spec);
    sb_container_extra(&words, sb_plan_option(spec->platform, "extra"));
    sb_words_add(&words, "--entrypoint=sleep");
    sb_words_add(&words, sb_plan_option(spec->platform, "image"));
    sb_words_addf(&words, "%.0f", longest_life(spec));
    return words.v;
}
