#include "cli/view_plan.h"

#include <math.h>
#include "cli/emit.h"
#include "cli/page.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "collect/driver.h"
#include "collect/plan_words.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/table_fill.h"

const char *sb_quoted(struct sb_arena *arena, const char *word)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_word_quote(&text, word);
    const char *quoted = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return quoted;
}

static const char *joined(struct sb_arena *arena, const char *const *argv)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (; argv && *argv; argv++) {
        if (text.len) sb_strbuf_addc(&text, ' ');
        sb_word_quote(&text, *argv);
    }
    const char *line = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return line;
}

/* ---- for programs: one row for each run ---- */

static void add_run(struct sb_table *table, const struct sb_planned_boot *boot, size_t boot_order,
                    const struct sb_planned_run *run)
{
    struct sb_filler f = {sb_table_add_row(table)};
    const char *const *argv = sb_plan_argv(run->test, boot->config, "run", &table->arena);
    unsigned threads = sb_plan_threads(run->test, boot->config);
    sb_put_count(&f, run->order);
    sb_put_count(&f, boot_order);
    sb_put_text(&f, boot->platform->name);
    sb_put_text(&f, boot->config->name);
    sb_put_text(&f, run->test->name);
    sb_put_count(&f, boot->boot);
    sb_put_count(&f, run->repetition);
    sb_put_known(&f, boot->config->vcpus);
    sb_put_known(&f, boot->config->memory_mib);
    sb_put_count(&f, threads ? threads : 1);
    sb_put_count(&f, run->test->prepares);
    sb_put_text(&f, joined(&table->arena, argv));
    sb_put_text(&f, run->log);
}

static int emit_runs(const struct sb_schedule *schedule, const struct sb_options *o, struct sb_err *err)
{
    static const char *const columns[] = {"order",   "boot_order", "platform", "config",     "test",
                                          "boot",    "repetition", "vcpus",    "memory_mib", "threads",
                                          "prepare", "command",    "log"};
    struct sb_table table;
    sb_table_init(&table);
    sb_table_set_columns(&table, columns, SB_ARRAY_SIZE(columns));
    for (size_t b = 0; b < schedule->boots_nr; b++)
        for (size_t i = 0; i < schedule->boots[b].runs_nr; i++)
            add_run(&table, &schedule->boots[b], b, &schedule->boots[b].runs[i]);
    int status = sb_emit_table(&table, "collect", SB_FORMAT_TEXT, o, err);
    sb_table_free(&table);
    return status;
}

/* ---- for people ---- */

static const char *options_text(struct sb_arena *arena, const struct sb_plan_platform *platform)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < platform->options_nr; i++) {
        const struct sb_field *field = platform->driver->fields;
        while (strcmp(field->name, platform->options[i].key) != 0)
            field++;
        if (sb_streq(field->fallback, platform->options[i].value)) continue;
        sb_strbuf_addf(&text, "%s%s=%s", text.len ? " " : "", field->name, platform->options[i].value);
    }
    const char *line = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return line;
}

static void add_platforms(struct sb_page *page, const struct sb_plan *plan)
{
    static const char *const columns[] = {"platform", "runs on", "options"};
    struct sb_table *table = sb_page_add(page, "Platforms");
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < plan->platforms_nr; i++) {
        struct sb_cell *cell = sb_table_add_row(table);
        *cell++ = sb_show_text(plan->platforms[i].name);
        *cell++ = sb_show_text(plan->platforms[i].driver->name);
        *cell++ = sb_show_text(options_text(&table->arena, &plan->platforms[i]));
    }
}

static void add_configs(struct sb_page *page, const struct sb_plan *plan)
{
    static const char *const columns[] = {"config", "vcpus", "memory_mib"};
    struct sb_table *table = sb_page_add(page, "Configurations");
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < plan->configs_nr; i++) {
        struct sb_cell *cell = sb_table_add_row(table);
        *cell++ = sb_show_text(plan->configs[i].name);
        *cell++ = sb_show_known(plan->configs[i].vcpus);
        *cell++ = sb_show_known(plan->configs[i].memory_mib);
    }
}

static void add_tests(struct sb_page *page, const struct sb_plan *plan)
{
    static const char *const columns[] = {"no", "test", "threads", "sysbench ..."};
    struct sb_table *table = sb_page_add(page, "Tests");
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t i = 0; i < plan->tests_nr; i++) {
        const struct sb_plan_test *test = &plan->tests[i];
        struct sb_cell *cell = sb_table_add_row(table);
        const char *threads = test->threads_vcpus
                                  ? "vcpus"
                                  : sb_arena_printf(&table->arena, "%u", test->threads ? test->threads : 1);
        *cell++ = sb_show_count(i + 1);
        *cell++ = sb_show_text(test->name);
        *cell++ = sb_show_figure(threads);
        *cell++ = sb_show_text(joined(&table->arena, test->args));
    }
}

/* "3 1 2 | 2 3 1": the tests of each repetition by their numbers. */
static const char *order_text(struct sb_arena *arena, const struct sb_plan *plan,
                              const struct sb_planned_boot *boot)
{
    struct sb_strbuf text = SB_STRBUF_INIT;
    for (size_t i = 0; i < boot->runs_nr; i++) {
        bool next = i && boot->runs[i].repetition != boot->runs[i - 1].repetition;
        sb_strbuf_addf(&text, "%s%zu",
                       next ? " | "
                       : i  ? " "
                            : "",
                       (size_t)(boot->runs[i].test - plan->tests) + 1);
    }
    const char *line = sb_arena_strndup(arena, text.buf, text.len);
    sb_strbuf_release(&text);
    return line;
}

static void add_order(struct sb_page *page, const struct sb_plan *plan, const struct sb_schedule *schedule)
{
    static const char *const columns[] = {"block", "platform", "config", "tests", "after"};
    struct sb_table *table = sb_page_add(page, "Order: one boot a line");
    double seconds = 0;
    char after[32];
    sb_table_set_columns(table, columns, SB_ARRAY_SIZE(columns));
    for (size_t b = 0; b < schedule->boots_nr; b++) {
        const struct sb_planned_boot *boot = &schedule->boots[b];
        struct sb_cell *cell = sb_table_add_row(table);
        *cell++ = sb_show_count(boot->boot);
        *cell++ = sb_show_text(boot->platform->name);
        *cell++ = sb_show_text(boot->config->name);
        *cell++ = sb_show_text(order_text(&table->arena, plan, boot));
        *cell++ = sb_show_figure(sb_arena_strdup(&table->arena, sb_duration(seconds, after, sizeof after)));
        seconds += sb_boot_seconds(plan, boot);
    }
}

static const char *plural(size_t nr)
{
    return nr == 1 ? "" : "s";
}

static void say_total(struct sb_page *page, const struct sb_plan *plan, const struct sb_schedule *schedule)
{
    char total[32], part[32];
    double assumed, seconds = sb_schedule_seconds(schedule, &assumed);
    sb_page_say(page,
                "%s: %zu platform%s, %zu configuration%s, %zu test%s, %u boot%s: %zu runs in %zu boots.",
                plan->experiment, plan->platforms_nr, plural(plan->platforms_nr), plan->configs_nr,
                plural(plan->configs_nr), plan->tests_nr, plural(plan->tests_nr), plan->boots,
                plural(plan->boots), schedule->runs_nr, schedule->boots_nr);
    sb_page_say(page,
                "It takes about %s; %s of it is a guess (starts, prepare, and tests that end when their work "
                "is done).",
                sb_duration(seconds, total, sizeof total), sb_duration(assumed, part, sizeof part));
    sb_page_say(page, "Logs: <platform>/<config>/<test>_b<boot>_r<repetition>.log");
}

static int emit_people(struct sb_plan *plan, const struct sb_schedule *schedule,
                       const struct sb_plan_warning *warnings, size_t nr, enum sb_format format,
                       const struct sb_options *o, struct sb_err *err)
{
    struct sb_page page;
    sb_page_init(&page);
    add_platforms(&page, plan);
    add_configs(&page, plan);
    add_tests(&page, plan);
    add_order(&page, plan, schedule);
    say_total(&page, plan, schedule);
    if (nr) sb_page_say(&page, "What the audit would say of the results:");
    for (size_t i = 0; i < nr; i++)
        sb_page_say(&page, "%s: %s.", warnings[i].code, warnings[i].message);
    int status = sb_page_emit(&page, format, o, err);
    sb_page_release(&page);
    return status;
}

static void print_warnings(const struct sb_plan_warning *warnings, size_t nr, bool quiet)
{
    for (size_t i = 0; i < nr && !quiet; i++)
        fprintf(stderr, "sbstat: %s: %s\n", warnings[i].code, warnings[i].message);
}

int sb_view_plan(struct sb_plan *plan, enum sb_format format, const struct sb_options *o, struct sb_err *err)
{
    struct sb_schedule schedule;
    struct sb_plan_warning *warnings;
    int status;
    sb_schedule_make(&schedule, plan);
    size_t nr = sb_plan_warnings(plan, &plan->arena, &warnings);
    if (format == SB_FORMAT_TEXT || format == SB_FORMAT_MARKDOWN) {
        status = emit_people(plan, &schedule, warnings, nr, format, o, err);
    } else {
        status = emit_runs(&schedule, o, err);
        print_warnings(warnings, nr, o->quiet);
    }
    sb_schedule_free(&schedule);
    return status;
}

/* ---- --show-argv ---- */

struct started {
    const struct sb_plan_platform *platform;
    const struct sb_plan_config *config;
    struct sb_boot_facts facts;
};

static bool start_of(struct started *s, const struct sb_plan *plan, struct sb_arena *arena, const char *host,
                     struct sb_err *err)
{
    const struct sb_boot_spec spec = {.plan = plan,
                                      .platform = s->platform,
                                      .config = s->config,
                                      .boot = 1,
                                      .experiment = plan->experiment,
                                      .name = sb_arena_printf(arena, "sbstat-%s-1", plan->experiment),
                                      .scratch = "$RUN",
                                      .console = "$RUN/console.log",
                                      .deadline = plan->boot_timeout};
    s->facts =
        (struct sb_boot_facts){.arena = arena, .virtual_bytes = NAN, .allocated_bytes = NAN, .ready = NAN};
    return !s->platform->driver->show_argv || s->platform->driver->show_argv(&spec, host, &s->facts, err);
}

/* Whether some test is left for the cell. */
static bool is_used(const struct sb_plan *plan, const struct started *s)
{
    for (size_t t = 0; t < plan->tests_nr; t++)
        if (!sb_plan_excludes(plan, s->platform, s->config, &plan->tests[t])) return true;
    return false;
}

/* As sb_word_quote(), but that a shell replaces $RUN, which stands for the boot's folder. */
static void quote_word(struct sb_strbuf *out, const char *word)
{
    static const char folder[] = "$RUN";
    if (!strstr(word, folder)) {
        sb_word_quote(out, word);
        return;
    }
    sb_strbuf_addc(out, '"');
    for (const char *at = word; *at; at++) {
        bool special = strchr("\"\\`", *at) || (*at == '$' && !sb_has_prefix(at, folder));
        if (special) sb_strbuf_addc(out, '\\');
        sb_strbuf_addc(out, *at);
    }
    sb_strbuf_addc(out, '"');
}

/* "qemu-system-x86_64 \" and the options that fit in a line; an option stays with its value. */
static void add_command(struct sb_strbuf *out, const char *const *argv)
{
    struct sb_strbuf group = SB_STRBUF_INIT;
    size_t column = 0;
    while (argv && *argv) {
        sb_strbuf_clear(&group);
        quote_word(&group, *argv++);
        while (*argv && group.buf[0] == '-' && **argv != '-') {
            sb_strbuf_addc(&group, ' ');
            quote_word(&group, *argv++);
        }
        if (column && column + 1 + group.len > 77) {
            sb_strbuf_adds(out, " \\\n ");
            column = 1;
        }
        if (column) sb_strbuf_addc(out, ' ');
        sb_strbuf_add(out, group.buf, group.len);
        column += 1 + group.len;
    }
    sb_strbuf_release(&group);
    sb_strbuf_addc(out, '\n');
}

static void add_started_text(struct sb_strbuf *out, const struct started *s)
{
    if (out->len) sb_strbuf_addc(out, '\n');
    sb_strbuf_addf(out, "# %s, %s", s->platform->name, s->config->name);
    if (s->facts.accelerator) sb_strbuf_addf(out, ", accelerator %s", s->facts.accelerator);
    sb_strbuf_addc(out, '\n');
    if (s->facts.argv)
        add_command(out, s->facts.argv);
    else
        sb_strbuf_adds(out, "# nothing is started\n");
}

static void add_started_row(struct sb_table *table, const struct started *s)
{
    struct sb_filler f = {sb_table_add_row(table)};
    sb_put_text(&f, s->platform->name);
    sb_put_text(&f, s->config->name);
    sb_put_known(&f, s->config->vcpus);
    sb_put_known(&f, s->config->memory_mib);
    sb_put_text(&f, s->facts.accelerator);
    sb_put_text(&f, joined(&table->arena, s->facts.argv));
}

static bool add_all_started(struct sb_table *table, struct sb_strbuf *text, const struct sb_plan *plan,
                            const char *host, struct sb_err *err)
{
    for (size_t p = 0; p < plan->platforms_nr; p++)
        for (size_t c = 0; c < plan->configs_nr; c++) {
            struct started s = {.platform = &plan->platforms[p], .config = &plan->configs[c]};
            if (!is_used(plan, &s)) continue;
            if (!start_of(&s, plan, &table->arena, host, err)) return false;
            add_started_text(text, &s);
            add_started_row(table, &s);
        }
    return true;
}

int sb_view_plan_argv(struct sb_plan *plan, enum sb_format format, const struct sb_options *o,
                      struct sb_err *err)
{
    static const char *const columns[] = {"platform", "config", "vcpus", "memory_mib", "accelerator", "argv"};
    struct sb_table table;
    struct sb_strbuf text = SB_STRBUF_INIT;
    int status = -1;
    sb_table_init(&table);
    sb_table_set_columns(&table, columns, SB_ARRAY_SIZE(columns));
    if (add_all_started(&table, &text, plan, o->host, err))
        status = format == SB_FORMAT_TEXT ? sb_emit_bytes(&text, o, err)
                                          : sb_emit_table(&table, "collect", SB_FORMAT_TEXT, o, err);
    sb_strbuf_release(&text);
    sb_table_free(&table);
    return status;
}
