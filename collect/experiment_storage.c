/* Test files that lie in memory: whoever measures a disk there measures RAM, and is told so. */
#include "collect/experiment_state.h"

#include <sys/stat.h>
#include "collect/host_facts.h"
#include "core/text.h"

/* An image that is a file and not a folder is a disk of the user's own, which boots write to by default. */
static bool is_written_itself(const char *mode, const char *image)
{
    struct stat st;
    if (mode) return strcmp(mode, "direct") == 0;
    return image && stat(image, &st) == 0 && !S_ISDIR(st.st_mode);
}

static const char *guest_folder(struct sb_experiment *e, const struct sb_plan_platform *platform)
{
    const char *image = sb_plan_option_path(e->plan, platform, "image", &e->arena);
    return is_written_itself(sb_plan_option(platform, "disk"), image) ? image : e->scratch_parent;
}

/* Where on this machine the files of a platform's tests are; NULL: not here, or the engine's business. */
static const char *files_of(struct sb_experiment *e, const struct sb_plan_platform *platform)
{
    const struct sb_driver *driver = platform->driver;
    if (driver->remote) return NULL;
    if (driver->own_kernel) return guest_folder(e, platform);
    if (driver->needs_config) {
        const char *storage = sb_plan_option(platform, "storage");
        return storage && sb_plan_is_absolute(storage)
                   ? sb_plan_option_path(e->plan, platform, "storage", &e->arena)
                   : NULL;
    }
    const char *work = sb_plan_option_path(e->plan, platform, "work", &e->arena);
    return work ? work : e->scratch_parent;
}

static bool writes_files(const struct sb_experiment *e, const struct sb_plan_platform *platform)
{
    for (size_t b = 0; b < e->schedule.boots_nr; b++) {
        const struct sb_planned_boot *boot = &e->schedule.boots[b];
        for (size_t r = 0; boot->platform == platform && r < boot->runs_nr; r++)
            if (boot->runs[r].test->prepares && e->standings[boot->runs[r].order].state == SB_STATE_PENDING)
                return true;
    }
    return false;
}

void sb_warn_of_memory_storage(struct sb_experiment *e)
{
    for (size_t i = 0; i < e->plan->platforms_nr; i++) {
        const struct sb_plan_platform *platform = &e->plan->platforms[i];
        const char *folder = writes_files(e, platform) ? files_of(e, platform) : NULL;
        if (!folder || !sb_is_in_memory(folder)) continue;
        bool scratch = folder == e->scratch_parent;
        sb_warn(e, NULL, NULL,
                "file tests of platform %s measure memory and no disk: %s is on a file system in RAM; name a "
                "folder on the disk to measure with %s",
                platform->name, folder,
                scratch ? "--scratch" : "the platform's options, or leave it to --scratch");
    }
}
