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
#define GIB (1024.0 * 1024 * 1024)

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
    return sb_fail(
        err, SB_ERR_STEP,
        "%s has no image \"%s\" (%s): make one with `sbstat image build --container %s -o FOLDER`, or from a "
        "Dockerfile with `%s build -t %s .`",
        engine->title, image, inner.msg, image, engine->name, image);
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
    if (config->memory_mib > memory / (1024 * 1024))
        return sb_fail(
            err, SB_ERR_STEP,
            "config %s wants %u MiB of memory, but %s has %.0f MiB here: lower memory_mib, or exclude "
            "it for this platform",
            config->name, config->memory_mib, engine->title, memory / (1024 * 1024));
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
    double room = (double)disk.f_bavail * (double)disk.f_frsize;
    return bytes <= room ||
           sb_fail(err, SB_ERR_STEP,
                   "the disk of %s has %.1f GiB left, but the plan's test files need %.1f GiB", folder,
                   room / GIB, bytes / GIB);
}

/* storage: PATH */
static bool can_bind(const char *path, struct sb_err *err)
{
    struct stat is;
    if (strchr(path, ':') || path[0] != '/')
        return sb_fail(err, SB_ERR_STEP,
                       "storage: \"%s\" cannot be bound: it must be volume, overlay or the absolute "
                       "path of a folder, without \":\"",
                       path);
    if (stat(path, &is) == 0 && S_ISDIR(is.st_mode) && access(path, W_OK | X_OK) == 0) return true;
    return sb_fail(err, SB_ERR_STEP, "storage: %s is not a folder that can be written: %s", path,
                   errno ? strerror(errno) : "no folder");
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
    errno = 0;
    bool ok = can_bind(path, err) && has_room(path, bytes, err);
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

bool sb_container_check(const struct sb_container_engine *engine, const struct sb_boot_spec *spec,
                        struct sb_err *err)
{
    struct sb_arena arena;
    sb_arena_init(&arena);
    struct sb_words base = sb_container_command(engine, spec->platform, &arena);
    bool ok = program_is_there(engine, &base, err) && sb_container_version(engine, &base, &arena, err) &&
              image_is_there(engine, &base, sb_plan_option(spec->platform, "image"), err) &&
              engine_fits(engine, spec, &base, err) && first_container(engine, spec, err);
    sb_arena_free(&arena);
    return ok;
}
