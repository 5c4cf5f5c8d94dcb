/* exclude, and what concerns the plan as a whole. */
#include "collect/plan_reader.h"

#include <stddef.h>
#include "collect/driver.h"
#include "collect/schedule.h"
#include "core/alloc.h"
#include "core/text.h"

enum { MOST_RUNS = 100000, MOST_EXCLUSIONS = 200 };

/* ---- exclude ---- */

static void read_glob(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                      void *into)
{
    const char *text = sb_reader_text(r, value, "a name or a pattern as config*");
    if (text) *(const char **)(void *)((char *)into + field->offset) = sb_arena_strdup(&r->plan->arena, text);
}

#define IN_EXCLUSION(member) offsetof(struct sb_plan_exclusion, member)

const struct sb_plan_field sb_exclude_fields[] = {
    {"platform", read_glob, IN_EXCLUSION(platform), 0, 0, "platforms: a name or a pattern", false},
    {"config", read_glob, IN_EXCLUSION(config), 0, 0, "configurations: a name or a pattern", false},
    {"test", read_glob, IN_EXCLUSION(test), 0, 0, "tests: a name or a pattern", false},
    {NULL},
};

static bool matches(const char *glob, const char *name)
{
    return !glob || sb_glob_match(glob, name);
}

static bool is_covered(const struct sb_plan_exclusion *e, const char *platform, const char *config,
                       const char *test)
{
    return matches(e->platform, platform) && matches(e->config, config) && matches(e->test, test);
}

/* Whether the glob fits one of the names, which lie `stride` bytes apart. */
static void check_glob(struct sb_plan_reader *r, const yaml_node_t *at, const char *what, const char *glob,
                       const void *first, size_t nr, size_t stride)
{
    size_t mark = sb_reader_enter(r, what);
    bool found = !glob || r->nr; /* what was wrong above may be what is meant */
    for (size_t i = 0; i < nr && !found; i++)
        found = sb_glob_match(glob, *(const char *const *)(const void *)((const char *)first + i * stride));
    if (!found)
        sb_reader_mistake(r, at, "\"%s\" fits no %s of this plan", sb_reader_shown(r, glob, strlen(glob)),
                          what);
    sb_reader_leave(r, mark);
}

static void read_exclusion(struct sb_plan_reader *r, const yaml_node_t *item)
{
    struct sb_plan *plan = r->plan;
    struct sb_plan_exclusion e = {NULL, NULL, NULL};
    size_t before = r->nr;
    if (!sb_reader_is_mapping(r, item, "a mapping like {platform: docker, config: config1}")) return;
    sb_reader_fields(r, item, sb_exclude_fields, &e);
    if (r->nr != before) return;
    if (!e.platform && !e.config && !e.test) {
        sb_reader_mistake(r, item, "is empty, which would leave nothing: name platform, config or test");
        return;
    }
    /* The name is the first member of each. */
    check_glob(r, item, "platform", e.platform, plan->platforms, plan->platforms_nr, sizeof *plan->platforms);
    check_glob(r, item, "config", e.config, plan->configs, plan->configs_nr, sizeof *plan->configs);
    check_glob(r, item, "test", e.test, plan->tests, plan->tests_nr, sizeof *plan->tests);
    plan->exclusions[plan->exclusions_nr++] = e;
}

void sb_plan_read_exclude(struct sb_plan_reader *r, const struct sb_plan_field *field,
                          const yaml_node_t *value, void *into)
{
    struct sb_plan *plan = into;
    (void)field;
    if (value->type != YAML_SEQUENCE_NODE) {
        sb_reader_mistake(r, value, "must be a list, as in \"- {platform: docker, config: config1}\"");
        return;
    }
    size_t nr = (size_t)(value->data.sequence.items.top - value->data.sequence.items.start);
    if (nr > MOST_EXCLUSIONS) {
        sb_reader_mistake(r, value, "has %zu entries; at most %d: use patterns", nr, MOST_EXCLUSIONS);
        return;
    }
    plan->exclusions = sb_arena_calloc(&plan->arena, nr + 1, sizeof *plan->exclusions);
    for (size_t i = 0; i < nr; i++) {
        size_t mark = sb_reader_enter_item(r, i);
        read_exclusion(r, sb_reader_node(r, value->data.sequence.items.start[i]));
        sb_reader_leave(r, mark);
    }
}

bool sb_plan_excludes(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                      const struct sb_plan_config *config, const struct sb_plan_test *test)
{
    for (size_t i = 0; i < plan->exclusions_nr; i++)
        if (is_covered(&plan->exclusions[i], platform->name, config->name, test->name)) return true;
    return false;
}

/* ---- the whole ---- */

static size_t tests_left(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                         const struct sb_plan_config *config)
{
    size_t nr = 0;
    for (size_t t = 0; t < plan->tests_nr; t++)
        nr += !sb_plan_excludes(plan, platform, config, &plan->tests[t]);
    return nr;
}

static void require(struct sb_plan_reader *r, const struct sb_plan_config *config, const char *field,
                    const char *who, const char *why)
{
    size_t mark = sb_reader_enter(r, r->grid_line ? "grid" : "configs");
    if (!r->grid_line) sb_reader_enter(r, config->name);
    sb_reader_enter(r, field);
    sb_reader_mistake_at(r, config->line, 0, "is missing: %s%s", who, why);
    sb_reader_leave(r, mark);
}

/* A platform that sets the machine's size must be told it. */
static void check_sizes(struct sb_plan_reader *r, const struct sb_plan_config *config)
{
    const struct sb_plan *plan = r->plan;
    const char *wants_vcpus = NULL, *wants_memory = NULL, *threads = NULL;
    for (size_t p = 0; p < plan->platforms_nr; p++) {
        const struct sb_plan_platform *platform = &plan->platforms[p];
        if (!tests_left(plan, platform, config)) continue;
        if (platform->driver->needs_config && !config->vcpus) wants_vcpus = platform->name;
        if (platform->driver->needs_config && !config->memory_mib) wants_memory = platform->name;
        for (size_t t = 0; t < plan->tests_nr; t++)
            if (plan->tests[t].threads_vcpus && !config->vcpus &&
                !sb_plan_excludes(plan, platform, config, &plan->tests[t]))
                threads = plan->tests[t].name;
    }
    if (wants_vcpus)
        require(r, config, "vcpus", wants_vcpus, " needs it");
    else if (threads)
        require(r, config, "vcpus", threads, " says threads: vcpus");
    if (wants_memory) require(r, config, "memory_mib", wants_memory, " needs it");
}

static void report_size(struct sb_plan_reader *r, const yaml_node_t *root, double runs)
{
    const struct sb_plan *plan = r->plan;
    sb_reader_mistake(r, root,
                      "comes to %.0f runs (%zu platforms x %zu configurations x %zu tests x %u boots x %u "
                      "repetitions, less what is excluded); at most %d",
                      runs, plan->platforms_nr, plan->configs_nr, plan->tests_nr, plan->boots,
                      plan->repetitions, MOST_RUNS);
}

/* Exclusions are looked at only when there are not too many combinations to do so. */
static void check_size_of_plan(struct sb_plan_reader *r, const yaml_node_t *root)
{
    const struct sb_plan *plan = r->plan;
    double runs = 0, all = (double)plan->platforms_nr * (double)plan->configs_nr * (double)plan->tests_nr;
    if (all > MOST_RUNS) {
        report_size(r, root, all * plan->boots * plan->repetitions);
        return;
    }
    for (size_t p = 0; p < plan->platforms_nr; p++)
        for (size_t c = 0; c < plan->configs_nr; c++)
            runs += (double)tests_left(plan, &plan->platforms[p], &plan->configs[c]);
    runs *= (double)plan->boots * plan->repetitions;
    if (runs == 0)
        sb_reader_mistake(r, root, "exclude leaves nothing to run");
    else if (runs > MOST_RUNS)
        report_size(r, root, runs);
}

void sb_plan_check_whole(struct sb_plan_reader *r, const yaml_node_t *root)
{
    struct sb_plan *plan = r->plan;
    if (!r->sizes_given) {
        size_t mark = sb_reader_enter(r, "configs");
        sb_reader_mistake(r, root,
                          "is missing: give configs or grid, as in \"configs: {small: {vcpus: 1, memory_mib: "
                          "1024}}\" (host and ssh take \"configs: {native: {}}\")");
        sb_reader_leave(r, mark);
    }
    if (r->nr) return;
    check_size_of_plan(r, root);
    if (r->nr) return;
    for (size_t c = 0; c < plan->configs_nr && !(r->nr && r->grid_line); c++)
        check_sizes(r, &plan->configs[c]);
}
