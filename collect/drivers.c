#include "collect/driver.h"

#include <string.h>
#include "core/alloc.h"

/* One row each, in the order of --help; a NULL ends it. */
static const struct sb_driver *const table[] = {
    &sb_driver_raw, &sb_driver_qcow2, &sb_driver_docker, &sb_driver_podman, &sb_driver_host, &sb_driver_ssh,
    NULL,
};

const struct sb_driver *const *sb_drivers(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(table) - 1;
    return table;
}

const struct sb_driver *sb_driver_find(const char *name)
{
    for (size_t i = 0; table[i]; i++)
        if (strcmp(table[i]->name, name) == 0) return table[i];
    return NULL;
}
