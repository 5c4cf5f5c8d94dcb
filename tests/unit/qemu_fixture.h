/* A plan's platform, config and boot for the QEMU driver, made by hand; for tests. */
#ifndef SB_QEMU_FIXTURE_H
#define SB_QEMU_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "collect/driver.h"
#include "core/alloc.h"

struct qemu_fixture {
    struct sb_plan plan;
    struct sb_plan_platform platform;
    struct sb_plan_option options[32];
    struct sb_plan_config config;
    struct sb_boot_spec spec;
    struct sb_boot_facts facts;
    struct sb_err err;
    char folder[64]; /* everything of the test; removed at the end */
    char scratch[80], console[96], output[96];
};

static inline void set_option(struct qemu_fixture *f, const char *key, const char *value)
{
    size_t i = 0;
    while (i < f->platform.options_nr && strcmp(f->options[i].key, key) != 0)
        i++;
    f->options[i] = (struct sb_plan_option){.key = key, .value = value, .line = 1};
    if (i == f->platform.options_nr) f->platform.options_nr++;
}

static inline void fixture_init(struct qemu_fixture *f, const struct sb_driver *driver)
{
    *f = (struct qemu_fixture){.folder = "/tmp/sbq.XXXXXX"};
    assert_non_null(mkdtemp(f->folder));
    snprintf(f->scratch, sizeof f->scratch, "%s/run", f->folder);
    snprintf(f->console, sizeof f->console, "%s/console", f->folder);
    snprintf(f->output, sizeof f->output, "%s/output", f->folder);
    assert_int_equal(mkdir(f->scratch, 0700), 0);
    sb_arena_init(&f->plan.arena);
    f->plan.folder = "";
    f->plan.experiment = "test";
    f->plan.shutdown_timeout = 30;
    f->platform = (struct sb_plan_platform){.name = driver->name, .driver = driver, .options = f->options};
    for (const struct sb_field *field = driver->fields; field->name; field++)
        if (field->fallback) set_option(f, field->name, field->fallback);
    f->config = (struct sb_plan_config){.name = "config1", .vcpus = 2, .memory_mib = 512};
    f->plan.configs = &f->config;
    f->plan.configs_nr = 1;
    f->facts.arena = &f->plan.arena;
    f->spec = (struct sb_boot_spec){.plan = &f->plan,
                                    .platform = &f->platform,
                                    .config = &f->config,
                                    .boot = 1,
                                    .experiment = "test",
                                    .name = "sbstat-test-1",
                                    .scratch = f->scratch,
                                    .console = f->console,
                                    .deadline = 120};
}

static inline void remove_tree(const char *path)
{
    struct sb_process_result result;
    const char *argv[] = {"rm", "-rf", path, NULL};
    struct sb_process_spec spec = {.argv = argv};
    assert_true(sb_process_run(&spec, &result, NULL));
}

static inline void fixture_release(struct qemu_fixture *f)
{
    sb_arena_free(&f->plan.arena);
    remove_tree(f->folder);
}

static inline void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static inline const char *read_text(const char *path)
{
    static char text[1 << 16];
    FILE *file = fopen(path, "r");
    size_t len = file ? fread(text, 1, sizeof text - 1, file) : 0;
    text[len] = '\0';
    if (file) fclose(file);
    return text;
}

static inline void assert_says(const char *text, const char *part)
{
    if (!strstr(text, part)) fail_msg("\"%s\" does not say \"%s\"", text, part);
}

#endif
