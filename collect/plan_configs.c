/* configs and grid: how large the machines are. */
#include "collect/plan_reader.h"

#include <stddef.h>
#include "core/alloc.h"
#include "core/text.h"

#define MOST_VCPUS      1024
#define LEAST_MEMORY    16.0
#define MOST_MEMORY     16777216.0 /* 16 TiB */
#define IN_CONFIG(name) offsetof(struct sb_plan_config, name)

const struct sb_plan_field sb_config_fields[] = {
    {"vcpus", sb_read_unsigned, IN_CONFIG(vcpus), 1, MOST_VCPUS, "number of processors", false},
    {"memory_mib", sb_read_unsigned, IN_CONFIG(memory_mib), LEAST_MEMORY, MOST_MEMORY, "memory in MiB",
     false},
    {NULL},
};

static bool name_is_free(struct sb_plan_reader *r, const yaml_node_t *at, const char *name)
{
    for (size_t i = 0; i < r->plan->configs_nr; i++)
        if (!sb_reader_names_differ(r, at, name, r->plan->configs[i].name, r->plan->configs[i].line))
            return false;
    return true;
}

static void read_config(struct sb_plan_reader *r, const yaml_node_t *at, const char *name,
                        const yaml_node_t *value)
{
    struct sb_plan_config config = {.line = sb_node_line(at)};
    size_t mark = sb_reader_enter(r, name);
    bool good = sb_reader_safe_name(r, at, name) && name_is_free(r, at, name);
    if (!sb_node_is_empty(value)) {
        if (sb_reader_is_mapping(r, value, "a mapping like {memory_mib: 2048, vcpus: 2}"))
            sb_reader_fields(r, value, sb_config_fields, &config);
    }
    if (good) {
        config.name = sb_arena_strdup(&r->plan->arena, name);
        r->plan->configs[r->plan->configs_nr++] = config;
    }
    sb_reader_leave(r, mark);
}

void sb_plan_read_configs(struct sb_plan_reader *r, const struct sb_plan_field *field,
                          const yaml_node_t *value, void *into)
{
    struct sb_plan *plan = into;
    (void)field;
    r->sizes_given = true;
    if (!sb_reader_is_mapping(r, value,
                              "a mapping of names to configurations (small: {vcpus: 1, memory_mib: 1024})"))
        return;
    size_t nr = (size_t)(value->data.mapping.pairs.top - value->data.mapping.pairs.start);
    if (!nr) sb_reader_mistake(r, value, "is empty: name at least one configuration");
    plan->configs = sb_arena_calloc(&plan->arena, nr + 1, sizeof *plan->configs);
    for (const yaml_node_pair_t *p = value->data.mapping.pairs.start; p < value->data.mapping.pairs.top;
         p++) {
        const char *name;
        if (sb_reader_key(r, value, p, &name))
            read_config(r, sb_reader_node(r, p->key), name, sb_reader_node(r, p->value));
    }
}

/* ---- grid ---- */

enum { GRID_VALUES = 64 };

struct grid_axis {
    unsigned v[GRID_VALUES];
    size_t nr;
};

struct grid {
    struct grid_axis vcpus, memory;
};

static void add_value(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *node,
                      struct grid_axis *axis)
{
    uint64_t value;
    if (!sb_reader_count(r, node, field->min, field->max, &value)) return;
    for (size_t i = 0; i < axis->nr; i++)
        if (axis->v[i] == value) {
            sb_reader_mistake(r, node, "%u stands twice", axis->v[i]);
            return;
        }
    axis->v[axis->nr++] = (unsigned)value;
}

static void read_axis(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                      void *into)
{
    struct grid_axis *axis = (struct grid_axis *)(void *)((char *)into + field->offset);
    if (value->type != YAML_SEQUENCE_NODE) {
        add_value(r, field, value, axis);
        return;
    }
    size_t nr = (size_t)(value->data.sequence.items.top - value->data.sequence.items.start);
    if (!nr || nr > GRID_VALUES) {
        sb_reader_mistake(r, value, nr ? "has %zu values; at most %d" : "is an empty list", nr, GRID_VALUES);
        return;
    }
    for (size_t i = 0; i < nr; i++) {
        size_t mark = sb_reader_enter_item(r, i);
        add_value(r, field, sb_reader_node(r, value->data.sequence.items.start[i]), axis);
        sb_reader_leave(r, mark);
    }
}

static const struct sb_plan_field grid_fields[] = {
    {"vcpus", read_axis, offsetof(struct grid, vcpus), 1, MOST_VCPUS, "numbers of processors", false},
    {"memory_mib", read_axis, offsetof(struct grid, memory), LEAST_MEMORY, MOST_MEMORY, "memory sizes in MiB",
     false},
    {NULL},
};

static const char *grid_name(struct sb_arena *arena, unsigned vcpus, unsigned memory)
{
    if (!memory) return sb_arena_printf(arena, "c%u", vcpus);
    return vcpus ? sb_arena_printf(arena, "c%um%u", vcpus, memory) : sb_arena_printf(arena, "m%u", memory);
}

/* An axis that is not given has one value: 0, not given. */
static void add_combinations(struct sb_plan *plan, const struct grid *grid, unsigned line)
{
    size_t rows = grid->vcpus.nr ? grid->vcpus.nr : 1, columns = grid->memory.nr ? grid->memory.nr : 1;
    plan->configs = sb_arena_calloc(&plan->arena, rows * columns, sizeof *plan->configs);
    for (size_t v = 0; v < rows; v++)
        for (size_t m = 0; m < columns; m++) {
            struct sb_plan_config *config = &plan->configs[plan->configs_nr++];
            *config = (struct sb_plan_config){.vcpus = grid->vcpus.nr ? grid->vcpus.v[v] : 0,
                                              .memory_mib = grid->memory.nr ? grid->memory.v[m] : 0,
                                              .line = line};
            config->name = grid_name(&plan->arena, config->vcpus, config->memory_mib);
        }
}

void sb_plan_read_grid(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                       void *into)
{
    struct sb_plan *plan = into;
    struct grid grid = {.vcpus = {.nr = 0}};
    size_t before = r->nr;
    (void)field;
    r->sizes_given = true;
    r->grid_line = sb_node_line(value);
    if (!sb_reader_is_mapping(r, value, "a mapping like {vcpus: [1, 2], memory_mib: [1024, 2048]}")) return;
    sb_reader_fields(r, value, grid_fields, &grid);
    if (r->nr != before) return;
    if (plan->configs)
        sb_reader_mistake(r, value, "stands beside configs: give one of the two");
    else if (!grid.vcpus.nr && !grid.memory.nr)
        sb_reader_mistake(r, value, "is empty: give vcpus, memory_mib or both");
    else
        add_combinations(plan, &grid, sb_node_line(value));
}
