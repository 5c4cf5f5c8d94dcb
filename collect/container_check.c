/* Before the first boot: everything that would otherwise fail in the middle of a night. */
#include "collect/container_driver.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include "collect/platform_needs.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/json.h"

#define ASK 20.0 /* seconds for a question to the engine */
#define TRY 60.0 /* seconds for a first container */
#define MIB (1024.0 * 1024)

static bool program_is_there(const struct sb_container_engine *engine, const struct sb_words *base,
                             struct sb_err *err)
{
    char *path = sb_find_program(base->v[0]);
    bool there = path != NULL;
    free(path);
    return there ||
           sb_fail(err, SB_ERR_STEP, "%s is not installed: there is no program \"%s\" in PATH%s",
                   engine->title, base->v[0],
                   strchr(base->v[0], '/') ? " by that path" : "; install it, or name it with program:");
}

static bool image_is_there(const struct sb_container_engine *engine, const struct sb_words *base,
                           const char *image, struct sb_err *err)
{
    const char *const words[] = {"image", "inspect", image, NULL};
    struct sb_err inner;
    struct json_object *answer = sb_container_json(base, words, ASK, &inner);
    if (answer) {
        json_object_put(answer);
        return true;
    }
    return sb_fail(err, SB_ERR_STEP,
                   "%s has no image \"%s\" (%s): make one with `sbstat image build --container %s --engine "
                   "%s -o FOLDER`, or from "
                   "a Dockerfile with `%s build -t %s .`",
                   engine->title, image, inner.msg, image, engine->name, engine->name, image);
}

/* The first number that is there: docker and podman name the host's size differently. */
static double first_number(struct json_object *info, const char *a, const char *b)
{
    double value = sb_json_at_number(info, a);
    return isnan(value) ? sb_json_at_number(info, b) : value;
}

static bool config_fits(const struct sb_container_engine *engine, const struct sb_plan_config *config,
                        double cpus, double memory, struct sb_err *err)
{
    if (config->vcpus > cpus)
        return sb_fail(
            err, SB_ERR_STEP,
            "config %s wants %u CPUs, but %s has %.0f here: lower vcpus, or exclude it for this platform",
            config->name, config->vcpus, engine->title, cpus);
    if (config->memory_mib > memory / MIB)
        return sb_fail(
            err, SB_ERR_STEP,
            "config %s wants %u MiB of memory, but %s has %.0f MiB here: lower memory_mib, or exclude "
            "it for this platform",
            config->name, config->memory_mib, engine->title, memory / MIB);
    return true;
}

/* Whether the engine is another machine's, by the address that it is asked at: then nothing of this one's
 * disks says anything of its. A socket here may still lead to a virtual machine. */
static bool is_elsewhere(const struct sb_container_engine *engine, const struct sb_plan_platform *platform)
{
    const char *host = sb_plan_option(platform, "host");
    if (!host) host = getenv(engine->host_variable);
    return host && *host && *host != '/' && !sb_has_prefix(host, "unix:");
}

/* `folder` may be one of a virtual machine's: then nothing is known of it. */
static bool has_room(const char *folder, double bytes, struct sb_err *err)
{
    struct statvfs disk;
    if (!folder || statvfs(folder, &disk) != 0) return true;
    double room = (double)disk.f_bavail * (double)disk.f_frsize, need = sb_room_for_files(bytes);
    return need <= room || sb_fail(err, SB_ERR_OUTPUT,
                                   "%s has %.0f MiB free, the tests' files need %.0f MiB; free some, or name "
                                   "another folder with \"storage:\"",
                                   folder, room / MIB, need / MIB);
}

/* What the plan says after storage: */
static bool is_bindable(const char *written, const char *path, struct sb_err *err)
{
    return (sb_plan_is_absolute(written) && *path == '/' && !strchr(path, ':')) ||
           sb_fail(err, SB_ERR_USAGE,
                   "storage: \"%s\" cannot be bound: it must be volume, overlay or the absolute path of a "
                   "folder, without \":\"",
                   written);
}

static bool can_write(const char *path, struct sb_err *err)
{
    struct stat is;
    if (stat(path, &is) != 0) return sb_fail(err, SB_ERR_NO_INPUT, "storage: %s: %s", path, strerror(errno));
    if (S_ISDIR(is.st_mode) && access(path, W_OK | X_OK) == 0) return true;
    return sb_fail(err, SB_ERR_OUTPUT, "storage: %s is no folder that we may write into", path);
}

static bool storage_fits(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                         struct json_object *info, struct sb_err *err)
{
    double bytes = sb_platform_file_bytes(spec->plan, spec->platform);
    if (sb_container_storage_is(spec, "volume") || sb_container_storage_is(spec, "overlay")) {
        const char *docker = sb_json_at_text(info, "DockerRootDir");
        if (is_elsewhere(engine, spec->platform)) return true;
        return has_room(docker ? docker : sb_json_at_text(info, "store.graphRoot"), bytes, err);
    }
    struct sb_arena arena;
    sb_arena_init(&arena);
    const char *path = sb_plan_option_path(spec->plan, spec->platform, "storage", &arena);
    bool ok = is_bindable(sb_plan_option(spec->platform, "storage"), path, err) && can_write(path, err) &&
              has_room(path, bytes, err);
    sb_arena_free(&arena);
    return ok;
}

static bool limits_fit(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                       struct json_object *info, struct sb_err *err)
{
    double cpus = first_number(info, "NCPU", "host.cpus");
    double memory = first_number(info, "MemTotal", "host.memTotal");
    for (size_t i = 0; i < spec->plan->configs_nr; i++) {
        const struct sb_plan_config *config = &spec->plan->configs[i];
        if (!sb_platform_runs(spec->plan, spec->platform, config)) continue;
        if (!config_fits(engine, config, cpus, memory, err)) return false;
    }
    return true;
}

static bool engine_fits(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                        const struct sb_words *base, struct sb_err *err)
{
    static const char *const words[] = {"info", "--format", "{{json .}}", NULL};
    struct json_object *info = sb_container_json(base, words, ASK, err);
    if (!info) return false;
    bool ok = limits_fit(engine, spec, info, err) && storage_fits(engine, spec, info, err);
    json_object_put(info);
    return ok;
}

/* A first container, for a moment: that the engine can start one at all with these limits and options, and
 * that the program is in the image. */
static bool first_container(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                            struct sb_err *err)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    struct sb_boot_facts facts = {.arena = &arena, .ready = NAN};
    struct sb_boot_spec first = *spec;
    first.deadline = TRY;
    first.name = sb_arena_printf(&arena, "%s-check", spec->name);
    struct sb_target *target = sb_container_start(engine, &first, &facts, err);
    if (target) sb_container_stop(target, false);
    sb_arena_free(&arena);
    return target != NULL;
}

/* ---- the plan's own options ---- */

/* Options of `run` that take away what sbstat needs of a container, and why. */
static const struct {
    const char *option, *why;
} refused[] = {
    {"--name", "sbstat names its containers, to find them again"},
    {"--cidfile", "sbstat reads there which container it is"},
    {"--detach", "sbstat waits for the container's end"},
    {"--rm", "sbstat removes the container itself, when it knows why it ended"},
    {"--rmi", "the image is needed again"},
    {"--restart", "a container that starts again is another one"},
    {"--entrypoint", "sbstat keeps the container up with `sleep`"},
    {"--pull", "images are never pulled"},
    {"--cpus", "\"vcpus\" of the configurations says it"},
    {"--memory", "\"memory_mib\" of the configurations says it"},
};

/* The long name of -d and -m, also behind letters that take no value: -itd. */
static const char *short_option(const char *word)
{
    word += 1 + strspn(word + 1, "itPq");
    return *word == 'd' ? "--detach" : *word == 'm' ? "--memory" : "";
}

static bool is_own_label(const char *word, const char *next)
{
    const char *value = sb_has_prefix(word, "--label=")                     ? word + strlen("--label=")
                        : sb_streq(word, "--label") || sb_streq(word, "-l") ? next
                        : sb_has_prefix(word, "-l")                         ? word + 2
                                                                            : NULL;
    return value && sb_has_prefix(value, "sbstat.");
}

static bool word_may_be(const char *word, const char *next, struct sb_err *err)
{
    bool is_short = word[0] == '-' && word[1] != '-';
    const char *option = is_short ? short_option(word) : word;
    for (size_t i = 0; i < SB_ARRAY_SIZE(refused); i++) {
        size_t len = strlen(refused[i].option);
        if (strcspn(option, "=") != len || strncmp(option, refused[i].option, len) != 0) continue;
        return sb_fail(err, SB_ERR_USAGE, "extra: %.80s cannot be there: %s", word, refused[i].why);
    }
    return !is_own_label(word, next) ||
           sb_fail(err, SB_ERR_USAGE, "extra: labels that begin with \"sbstat.\" are sbstat's own");
}

static bool extra_fits(const struct sb_boot_spec *spec, struct sb_arena *arena, struct sb_err *err)
{
    struct sb_words words = {.arena = arena};
    sb_container_extra(&words, sb_plan_option(spec->platform, "extra"));
    for (size_t i = 0; i < words.nr; i++)
        if (!word_may_be(words.v[i], words.v[i + 1], err)) return false;
    return true;
}

bool sb_container_check(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                        struct sb_err *err)
{
    struct sb_arena arena;
    struct sb_err why = {.code = SB_OK};
    sb_arena_init(&arena);
    struct sb_words base = sb_container_command(engine, spec->platform, &arena);
    bool ok = extra_fits(spec, &arena, &why) && program_is_there(engine, &base, &why) &&
              sb_container_version(engine, &base, &arena, &why) &&
              image_is_there(engine, &base, sb_plan_option(spec->platform, "image"), &why) &&
              engine_fits(engine, spec, &base, &why) && first_container(engine, spec, &why);
    sb_arena_free(&arena);
    return ok || sb_fail(err, why.code, "platform %s: %.940s", spec->platform->name, why.msg);
}
