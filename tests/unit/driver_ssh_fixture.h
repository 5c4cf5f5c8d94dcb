/* A boot on the platform ssh made by hand, against a fake ssh program or a real server; for tests. */
#ifndef SBSTAT_TESTS_DRIVER_SSH_FIXTURE_H
#define SBSTAT_TESTS_DRIVER_SSH_FIXTURE_H

#include "fake_ssh.h"

#include <string.h>
#include "collect/driver.h"

static volatile sig_atomic_t wish;

/* ---- a boot by hand ---- */

struct by_hand {
    struct sb_plan plan;
    struct sb_plan_platform platform;
    struct sb_plan_option options[16];
    struct sb_plan_config config;
    struct sb_plan_test test;
    struct sb_boot_spec spec;
    struct sb_boot_facts facts;
    struct sb_err err;
};
static struct by_hand h;

static inline void set_option(const char *key, const char *value)
{
    size_t i = 0;
    while (i < h.platform.options_nr && strcmp(h.options[i].key, key) != 0)
        i++;
    h.options[i] = (struct sb_plan_option){.key = key, .value = value, .line = 1};
    if (i == h.platform.options_nr) h.platform.options_nr++;
}

static const char *keep(const char *text)
{
    return sb_arena_strdup(&h.plan.arena, text);
}

static inline int setup(void **state)
{
    (void)state;
    memset(&h, 0, sizeof h);
    sb_arena_init(&h.plan.arena);
    h.plan.folder = "";
    h.plan.shutdown_timeout = 20;
    h.platform = (struct sb_plan_platform){.name = "far", .driver = &sb_driver_ssh, .options = h.options};
    for (const struct sb_field *field = sb_driver_ssh.fields; field->name; field++)
        if (field->fallback) set_option(field->name, field->fallback);
    h.config.name = "native";
    h.plan.configs = &h.config;
    h.plan.configs_nr = 1;
    h.facts.arena = &h.plan.arena;
    h.spec = (struct sb_boot_spec){.plan = &h.plan,
                                   .platform = &h.platform,
                                   .config = &h.config,
                                   .experiment = "x-0123",
                                   .name = "sbstat-x-0123-1",
                                   .scratch = test_folder,
                                   .console = keep(in_folder("console")),
                                   .deadline = 60,
                                   .allow_busy = true,
                                   .stop = &wish};
    wish = 0;
    return mkdir(in_folder("base"), 0755) == 0 || errno == EEXIST ? 0 : -1;
}

static inline int teardown(void **state)
{
    (void)state;
    sb_arena_free(&h.plan.arena);
    return 0;
}

static inline void write_line(const char *name, const char *text)
{
    FILE *file = fopen(in_folder(name), "w");
    assert_non_null(file);
    fprintf(file, "%s\n", text);
    assert_int_equal(fclose(file), 0);
}

static inline struct sb_target *start(void)
{
    struct sb_target *t = sb_driver_ssh.start(&h.spec, &h.facts, &h.err);
    if (!t) fail_msg("%s", h.err.msg);
    return t;
}

static inline struct sb_exec_result command(struct sb_target *t, double deadline, const char *const *argv)
{
    struct sb_exec_result result;
    unlink(in_folder("output"));
    sb_driver_ssh.exec(
        t, &(struct sb_exec){.argv = argv, .output = in_folder("output"), .deadline = deadline}, &result);
    return result;
}

static inline void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" does not say \"%s\"", text, part);
}

/* The work folder's parent, which stays. */
static inline bool base_is_empty(void)
{
    if (rmdir(in_folder("base")) != 0) return false;
    assert_int_equal(mkdir(in_folder("base"), 0755), 0);
    return true;
}

static inline void assert_nothing_left(void)
{
    double until = sb_monotonic() + 30;
    while (!base_is_empty() && sb_monotonic() < until)
        snooze(0.05);
    assert_true(base_is_empty());
    static const char *const left[] = {"ssh.ctl", "ssh.log", "ssh.out", "ssh.err", "ssh.version"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(left); i++)
        assert_int_not_equal(access(in_folder(left[i]), F_OK), 0);
}

static inline void stop(struct sb_target *t, bool broken)
{
    double before = sb_monotonic();
    assert_int_equal(sb_driver_ssh.stop(t, broken), SB_STOP_CLEAN);
    assert_true(sb_monotonic() - before < h.plan.shutdown_timeout + 10);
    assert_nothing_left();
}

#define NO_CHECK(...)                                                                                        \
    do {                                                                                                     \
        h.err.code = SB_OK;                                                                                  \
        assert_false(sb_driver_ssh.check(&h.spec, &h.err));                                                  \
        assert_int_not_equal(h.err.code, SB_OK);                                                             \
        for (const char *const *says = ARGV("platform far: ", __VA_ARGS__); *says; says++)                   \
            assert_says(h.err.msg, *says);                                                                   \
    } while (0)

#endif
