#include "collect/plan.h"

#include "collect/driver.h"
#include "collect/plan_words.h"
#include "core/text.h"

/* A YAML text that reads back the same whatever it holds: plain where nothing can be mistaken, else in double
 * quotes, where YAML and JSON agree. Values have no control characters. */
static void add_text(struct sb_strbuf *out, const char *text)
{
    bool plain = *text && !strchr("-?.", text[0]) && strcmp(text, "null") != 0;
    for (const char *at = text; *at; at++)
        plain = plain && (sb_is_alnum(*at) || strchr("_-./", *at));
    if (plain) {
        sb_strbuf_adds(out, text);
        return;
    }
    sb_strbuf_addc(out, '"');
    for (const char *at = text; *at; at++) {
        if (*at == '"' || *at == '\\') sb_strbuf_addc(out, '\\');
        sb_strbuf_addc(out, *at);
    }
    sb_strbuf_addc(out, '"');
}

/* Sorted by key, defaults left out: a new option with a default does not change the text of older plans. */
static void add_platform(struct sb_strbuf *out, const struct sb_plan_platform *platform)
{
    sb_strbuf_adds(out, "  ");
    add_text(out, platform->name);
    sb_strbuf_addf(out, ": {driver: %s", platform->driver->name);
    for (size_t i = 0; i < platform->options_nr; i++) {
        const struct sb_plan_option *option = &platform->options[i];
        const struct sb_field *field = platform->driver->fields;
        while (field->name && strcmp(field->name, option->key) != 0)
            field++;
        if (sb_streq(field->fallback, option->value)) continue;
        sb_strbuf_addf(out, ", %s: ", option->key);
        add_text(out, option->value);
    }
    sb_strbuf_adds(out, "}\n");
}

static void add_config(struct sb_strbuf *out, const struct sb_plan_config *config)
{
    sb_strbuf_adds(out, "  ");
    add_text(out, config->name);
    sb_strbuf_adds(out, ": {");
    if (config->memory_mib) sb_strbuf_addf(out, "memory_mib: %u", config->memory_mib);
    if (config->vcpus) sb_strbuf_addf(out, "%svcpus: %u", config->memory_mib ? ", " : "", config->vcpus);
    sb_strbuf_adds(out, "}\n");
}

static void add_test(struct sb_strbuf *out, const struct sb_plan_test *test)
{
    struct sb_strbuf command = SB_STRBUF_INIT;
    for (const char *const *arg = test->args; *arg; arg++) {
        if (command.len) sb_strbuf_addc(&command, ' ');
        sb_word_quote(&command, *arg);
    }
    sb_strbuf_adds(out, "  ");
    add_text(out, test->name);
    sb_strbuf_adds(out, ": {run: ");
    add_text(out, command.buf);
    if (test->threads) sb_strbuf_addf(out, ", threads: %u", test->threads);
    if (test->threads_vcpus) sb_strbuf_adds(out, ", threads: vcpus");
    if (test->prepares != (strcmp(test->kind, "fileio") == 0))
        sb_strbuf_addf(out, ", prepare: %s", test->prepares ? "true" : "false");
    sb_strbuf_adds(out, "}\n");
    sb_strbuf_release(&command);
}

static void add_exclusion(struct sb_strbuf *out, const struct sb_plan_exclusion *e)
{
    const char *const names[] = {"platform", "config", "test"};
    const char *const globs[] = {e->platform, e->config, e->test};
    const char *separator = "  - {";
    for (size_t i = 0; i < 3; i++) {
        if (!globs[i]) continue;
        sb_strbuf_addf(out, "%s%s: ", separator, names[i]);
        add_text(out, globs[i]);
        separator = ", ";
    }
    sb_strbuf_adds(out, "}\n");
}

void sb_plan_canonical(const struct sb_plan *plan, struct sb_strbuf *out)
{
    sb_strbuf_adds(out, "experiment: ");
    add_text(out, plan->experiment);
    sb_strbuf_addf(out, "\nseed: %llu\norder: %s\nboots: %u\nrepetitions_per_boot: %u\ndrop_caches: %s\n",
                   (unsigned long long)plan->seed, plan->order == SB_PLAN_LISTED ? "listed" : "randomised",
                   plan->boots, plan->repetitions, plan->drop_caches ? "true" : "false");
    sb_strbuf_adds(out, "platforms:\n");
    for (size_t i = 0; i < plan->platforms_nr; i++)
        add_platform(out, &plan->platforms[i]);
    sb_strbuf_adds(out, "configs:\n");
    for (size_t i = 0; i < plan->configs_nr; i++)
        add_config(out, &plan->configs[i]);
    sb_strbuf_adds(out, "tests:\n");
    for (size_t i = 0; i < plan->tests_nr; i++)
        add_test(out, &plan->tests[i]);
    if (plan->exclusions_nr) sb_strbuf_adds(out, "exclude:\n");
    for (size_t i = 0; i < plan->exclusions_nr; i++)
        add_exclusion(out, &plan->exclusions[i]);
}
