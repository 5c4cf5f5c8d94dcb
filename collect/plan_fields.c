/* The plan's own fields; sections are read in files of their own. */
#include "collect/plan_reader.h"

#include <stddef.h>
#include "core/alloc.h"
#include "core/text.h"

#define WEEK         604800.0
#define LARGEST_SEED 9007199254740992.0 /* 2^53: whole numbers are exact in JSON up to here */

enum { EXPERIMENT_BYTES = 40 };

static void read_experiment(struct sb_plan_reader *r, const struct sb_plan_field *field,
                            const yaml_node_t *value, void *into)
{
    struct sb_plan *plan = into;
    const char *name = sb_reader_text(r, value, "a name");
    (void)field;
    if (!name) return;
    size_t len = strlen(name);
    bool good =
        len && len <= EXPERIMENT_BYTES && (sb_is_digit(name[0]) || (name[0] >= 'a' && name[0] <= 'z'));
    for (size_t i = 0; i < len; i++)
        good = good && (sb_is_digit(name[i]) || (name[i] >= 'a' && name[i] <= 'z') || strchr("._-", name[i]));
    if (good)
        plan->experiment = sb_arena_strdup(&plan->arena, name);
    else
        sb_reader_mistake(r, value,
                          "\"%s\" cannot name an experiment: use small letters, digits, \"_\", \"-\" and "
                          "\".\", a letter or digit first, at most %d characters",
                          sb_reader_shown(r, name, len), EXPERIMENT_BYTES);
}

static void read_seed(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                      void *into)
{
    sb_reader_count(r, value, field->min, field->max, &((struct sb_plan *)into)->seed);
}

static void read_order(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                       void *into)
{
    static const char *const names[] = {"randomised", "listed"};
    static const enum sb_plan_order orders[] = {SB_PLAN_RANDOMISED, SB_PLAN_LISTED};
    const char *text = sb_reader_text(r, value, "randomised or listed");
    (void)field;
    if (!text) return;
    for (size_t i = 0; i < SB_ARRAY_SIZE(names); i++)
        if (strcmp(text, names[i]) == 0) {
            ((struct sb_plan *)into)->order = orders[i];
            return;
        }
    sb_reader_mistake(r, value, "must be randomised or listed, not \"%s\"%s",
                      sb_reader_shown(r, text, strlen(text)),
                      sb_reader_meant(r, text, names, SB_ARRAY_SIZE(names), "; there are "));
}

#define IN_PLAN(member) offsetof(struct sb_plan, member)

const struct sb_plan_field sb_timeout_fields[] = {
    {"boot", sb_read_seconds, IN_PLAN(boot_timeout), 1, WEEK, "seconds until a boot must be ready", false},
    {"step", sb_read_seconds, IN_PLAN(step_timeout), 1, WEEK,
     "seconds that a step (prepare, run, cleanup) may take", false},
    {"shutdown", sb_read_seconds, IN_PLAN(shutdown_timeout), 0, WEEK,
     "seconds that a guest may take to power off before it is ended", false},
    {NULL},
};

static void read_timeouts(struct sb_plan_reader *r, const struct sb_plan_field *field,
                          const yaml_node_t *value, void *into)
{
    (void)field;
    if (sb_reader_is_mapping(r, value, "a mapping like {boot: 120, step: 600}"))
        sb_reader_fields(r, value, sb_timeout_fields, into);
}

const struct sb_plan_field sb_plan_fields[] = {
    {"experiment", read_experiment, 0, 0, 0, "give the experiment a name", true},
    {"seed", read_seed, 0, 0, LARGEST_SEED, "seed of the random order", false},
    {"order", read_order, 0, 0, 0, "randomised (complete blocks) or listed", false},
    {"boots", sb_read_unsigned, IN_PLAN(boots), 1, 1000, "boots of every platform and configuration", false},
    {"repetitions_per_boot", sb_read_unsigned, IN_PLAN(repetitions), 1, 1000, "runs of a test in a boot",
     false},
    {"retries", sb_read_unsigned, IN_PLAN(retries), 0, 10, "how often a failed boot is tried again", false},
    {"drop_caches", sb_read_flag, IN_PLAN(drop_caches), 0, 0, "drop the page caches between prepare and run",
     false},
    {"timeouts", read_timeouts, 0, 0, 0, "limits in seconds", false},
    {"platforms", sb_plan_read_platforms, 0, 0, 0, "name at least one, as in \"platforms: [raw, docker]\"",
     true},
    {"configs", sb_plan_read_configs, 0, 0, 0, "the configurations, each with a name", false},
    {"grid", sb_plan_read_grid, 0, 0, 0, "instead of configs: every combination", false},
    {"tests", sb_plan_read_tests, 0, 0, 0, "name at least one, as in \"cpu: cpu --time=30\"", true},
    {"exclude", sb_plan_read_exclude, 0, 0, 0, "combinations that are left out", false},
    {NULL},
};
