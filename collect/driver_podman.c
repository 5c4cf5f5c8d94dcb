#include "collect/container_driver.h"

/* Its warnings go to standard error, which would stand in every log. */
static const char *const globals[] = {"--log-level=error", NULL};

static const struct sb_container_engine podman = {
    .name = "podman",
    .title = "Podman",
    .host_flag = "--url",
    .host_variable = "CONTAINER_HOST",
    .start_hint = "see what `podman info` says (without root it needs /etc/subuid, and cgroup version 2 for "
                  "limits), or "
                  "name another service's socket with host:",
    .globals = globals,
    .daemon = false,
    .own_ulimits = true,
};

static bool show_argv(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                      struct sb_err *err)
{
    (void)host, (void)err; /* the same everywhere */
    return sb_container_show_argv(&podman, spec, facts);
}

static bool check(const struct sb_boot_spec *spec, struct sb_err *err)
{
    return sb_container_check(&podman, spec, err);
}

static struct sb_target *start(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                               struct sb_err *err)
{
    return sb_container_start(&podman, spec, facts, err);
}

static bool sweep(const struct sb_boot_spec *spec, size_t *removed, struct sb_err *err)
{
    return sb_container_sweep_all(&podman, spec, removed, err);
}

const struct sb_driver sb_driver_podman = {
    .name = "podman",
    .summary = "a container of Podman, with or without root",
    .fields = sb_container_fields,
    .needs_config = true,
    .own_kernel = false,
    .show_argv = show_argv,
    .check = check,
    .start = start,
    .exec = sb_container_exec,
    .stop = sb_container_stop,
    .sweep = sweep,
};
