#include "core/platform.h"

#include "core/alloc.h"
#include "core/text.h"

#define ALIASES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct sb_platform table[] = {
    {.name = "host",
     .display = "Host",
     .aliases = ALIASES("metal", "bare", "baremetal", "bare-metal", "bare_metal", "native"),
     .baseline_rank = 1},
    {.name = "raw",
     .display = "QEMU raw",
     .aliases = ALIASES("rawimage", "myrawimage"),
     .virtual_machine = true,
     .baseline_rank = 2},
    {.name = "qcow2",
     .display = "QEMU qcow2",
     .aliases = ALIASES("qcow", "myqcow2image"),
     .virtual_machine = true,
     .baseline_rank = 3},
    {.name = "docker", .display = "Docker", .aliases = ALIASES("dockers"), .baseline_rank = 4},
    {.name = "podman", .display = "Podman", .aliases = ALIASES("podmans")},
    {.name = "ssh", .display = "ssh", .aliases = ALIASES("remote")},
    {.name = "kvm", .display = "KVM", .aliases = ALIASES("qemu-kvm"), .virtual_machine = true},
    {.name = "qemu", .display = "QEMU", .aliases = ALIASES("qemu-system"), .virtual_machine = true},
    {.name = "vm", .display = "VM", .aliases = ALIASES("vms", "guest"), .virtual_machine = true},
    {.name = "lxc", .display = "LXC", .aliases = ALIASES("lxd")},
    {.name = "container", .display = "Container", .aliases = ALIASES("containers")},
    {.name = "gvisor", .display = "gVisor", .aliases = ALIASES("runsc")},
    {.name = "firecracker", .display = "Firecracker", .aliases = ALIASES("fc-vm"), .virtual_machine = true},
    {.name = "kata", .display = "Kata", .aliases = ALIASES("kata-runtime"), .virtual_machine = true},
};

const struct sb_platform *sb_platforms(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(table);
    return table;
}

const struct sb_platform *sb_platform_find(const char *word)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++) {
        if (sb_ascii_caseeq(word, table[i].name)) return &table[i];
        for (const char *const *alias = table[i].aliases; *alias; alias++)
            if (sb_ascii_caseeq(word, *alias)) return &table[i];
    }
    return NULL;
}

static const struct sb_platform *exact(const char *value)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(table); i++)
        if (strcmp(value, table[i].name) == 0) return &table[i];
    return NULL;
}

const char *sb_platform_display(const char *value)
{
    const struct sb_platform *row = exact(value);
    return row ? row->display : value;
}

int sb_platform_cmp(const char *a, const char *b)
{
    const struct sb_platform *ra = exact(a), *rb = exact(b);
    if (ra && rb) return (ra > rb) - (ra < rb);
    if (ra || rb) return ra ? -1 : 1;
    return sb_natural_cmp(a, b);
}

const char *sb_platform_default_baseline(const char *const *values, size_t nr)
{
    const char *best = nr ? values[0] : NULL;
    int best_rank = 0;
    for (size_t i = 0; i < nr; i++) {
        const struct sb_platform *row = exact(values[i]);
        if (row && row->baseline_rank && (!best_rank || row->baseline_rank < best_rank)) {
            best = values[i];
            best_rank = row->baseline_rank;
        }
    }
    return best;
}
