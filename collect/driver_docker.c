#include "collect/container_driver.h"

static const struct sb_container_engine docker = {
    .name = "docker",
    .title = "Docker",
    .host_flag = "--host",
    .host_variable = "DOCKER_HOST",
    .start_hint = "start it (`systemctl start docker`, or Docker Desktop), see that this user may use it "
                  "(group docker), "
                  "or name its socket with host:",
    .daemon = true,
};

static bool show_argv(const struct sb_boot_spec *spec, const char *host, struct sb_boot_facts *facts,
                      struct sb_err *err)
{
    (void)host, (void)err; /* the same everywhere */
    return sb_container_show_argv(&docker, spec, facts);
}

static bool check(const struct sb_boot_spec *spec, struct sb_err *err)
{
    return sb_container_check(&docker, spec, err);
}

static struct sb_target *start(const struct sb_boot_spec *spec, struct sb_boot_facts *facts,
                               struct sb_err *err)
{
    return sb_container_start(&docker, spec, facts, err);
}

static bool sweep(const struct sb_boot_spec *spec, size_t *removed, struct sb_err *err)
{
    return sb_container_sweep_all(&docker, spec, removed, err);
}

const struct sb_driver sb_driver_docker = {
    .name = "docker",
    .summary = "a container of Docker, with limits of CPUs and memory",
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
