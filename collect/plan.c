#include "collect/plan.h"

#include <glib.h>
#include "collect/driver.h"
#include "collect/plan_yaml.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/outfile.h"

enum { LARGEST_PLAN = 256 * 1024 };

/* ---- reading ---- */

static void set_defaults(struct sb_plan *plan, const char *name)
{
    memset(plan, 0, sizeof *plan);
    sb_arena_init(&plan->arena);
    plan->seed = 1;
    plan->boots = 5;
    plan->repetitions = 1;
    plan->retries = 2;
    plan->drop_caches = true;
    plan->boot_timeout = 120;
    plan->step_timeout = 600;
    plan->shutdown_timeout = 30;
    const char *slash = strrchr(name, '/');
    if (strcmp(name, "-") == 0)
        plan->folder = "";
    else if (!slash)
        plan->folder = ".";
    else
        plan->folder = sb_arena_strndup(&plan->arena, name, slash == name ? 1 : (size_t)(slash - name));
}

static int by_place(const void *a, const void *b)
{
    const struct sb_plan_mistake *x = a, *y = b;
    int cmp = (x->line > y->line) - (x->line < y->line);
    if (!cmp) cmp = (x->column > y->column) - (x->column < y->column);
    return cmp ? cmp : strcmp(x->field, y->field);
}

/* The first in the text, which may not be the first that was found. */
static bool report_first(const char *name, const struct sb_plan_reader *r, struct sb_err *err)
{
    const struct sb_plan_mistake *m = &r->v[0];
    struct sb_strbuf text = SB_STRBUF_INIT;
    sb_strbuf_addf(&text, "%s:", strcmp(name, "-") == 0 ? "standard input" : name);
    if (m->line) sb_strbuf_addf(&text, "%u:", m->line);
    if (m->column) sb_strbuf_addf(&text, "%u:", m->column);
    sb_strbuf_addf(&text, " %s%s%s", m->field, *m->field ? ": " : "", m->message);
    if (r->nr > 1) sb_strbuf_addf(&text, " (and %zu more mistake%s)", r->nr - 1, r->nr == 2 ? "" : "s");
    sb_fail(err, SB_ERR_USAGE, "%s", text.buf);
    sb_strbuf_release(&text);
    return false;
}

static bool end_reading(struct sb_plan_reader *r, const char *name, struct sb_plan_mistakes *mistakes,
                        struct sb_err *err)
{
    if (r->nr) qsort(r->v, r->nr, sizeof *r->v, by_place);
    if (mistakes) {
        mistakes->nr = r->nr;
        mistakes->v = sb_arena_calloc(&r->plan->arena, r->nr + 1, sizeof *mistakes->v);
        if (r->nr) memcpy(mistakes->v, r->v, r->nr * sizeof *r->v);
    }
    bool ok = !r->nr || report_first(name, r, err);
    free(r->v);
    sb_strbuf_release(&r->path);
    return ok;
}

bool sb_plan_parse(struct sb_plan *plan, const char *name, const char *text, size_t len,
                   struct sb_plan_mistakes *mistakes, struct sb_err *err)
{
    yaml_document_t doc;
    const yaml_node_t *root = NULL;
    struct sb_plan_reader r = {.plan = plan, .doc = &doc, .path = SB_STRBUF_INIT};
    set_defaults(plan, name);
    if (len > LARGEST_PLAN) {
        sb_reader_mistake_at(&r, 0, 0, "larger than %d KiB: is this a plan?", LARGEST_PLAN / 1024);
    } else if (sb_yaml_load(&r, text, len, &root)) {
        sb_reader_fields(&r, root, sb_plan_fields, plan);
        sb_plan_check_whole(&r, root);
        yaml_document_delete(&doc);
    }
    return end_reading(&r, name, mistakes, err);
}

bool sb_plan_read(struct sb_plan *plan, const char *path, struct sb_plan_mistakes *mistakes,
                  struct sb_err *err)
{
    char *text = NULL;
    size_t len = 0;
    if (mistakes) *mistakes = (struct sb_plan_mistakes){.v = NULL};
    if (!sb_read_file(path, LARGEST_PLAN + 1, &text, &len, err)) {
        set_defaults(plan, path);
        return false;
    }
    bool ok = sb_plan_parse(plan, path, text, len, mistakes, err);
    free(text);
    return ok;
}

void sb_plan_free(struct sb_plan *plan)
{
    sb_arena_free(&plan->arena);
    memset(plan, 0, sizeof *plan);
}

/* ---- options ---- */

const char *sb_plan_option(const struct sb_plan_platform *platform, const char *key)
{
    for (size_t i = 0; i < platform->options_nr; i++)
        if (strcmp(platform->options[i].key, key) == 0) return platform->options[i].value;
    return NULL;
}

static const char *home_folder(void)
{
    const char *home = getenv("HOME");
    return home && *home ? home : g_get_home_dir();
}

bool sb_plan_is_absolute(const char *path)
{
    return *path == '/' || sb_has_prefix(path, "~/");
}

const char *sb_plan_option_path(const struct sb_plan *plan, const struct sb_plan_platform *platform,
                                const char *key, struct sb_arena *arena)
{
    const char *value = sb_plan_option(platform, key);
    bool here = !*plan->folder || strcmp(plan->folder, ".") == 0;
    if (!value) return NULL;
    if (sb_has_prefix(value, "~/")) return sb_arena_printf(arena, "%s%s", home_folder(), value + 1);
    if (sb_plan_is_absolute(value) || here) return sb_arena_strdup(arena, value);
    return sb_arena_printf(arena, "%s%s%s", plan->folder, sb_has_suffix(plan->folder, "/") ? "" : "/", value);
}

bool sb_plan_option_flag(const struct sb_plan_platform *platform, const char *key)
{
    const char *value = sb_plan_option(platform, key);
    return value &&
           (sb_ascii_caseeq(value, "true") || sb_ascii_caseeq(value, "yes") || sb_ascii_caseeq(value, "on"));
}

uint64_t sb_plan_option_bytes(const struct sb_plan_platform *platform, const char *key)
{
    const char *value = sb_plan_option(platform, key);
    uint64_t bytes;
    return value && sb_parse_bytes(value, &bytes) ? bytes : 0;
}

bool sb_parse_bytes(const char *text, uint64_t *bytes)
{
    static const char suffixes[] = "KMGT";
    uint64_t value = 0;
    const char *at = text;
    unsigned shift = 0;
    for (; sb_is_digit(*at); at++) {
        unsigned digit = (unsigned)(*at - '0');
        if (value > (UINT64_MAX - digit) / 10) return false;
        value = value * 10 + digit;
    }
    if (at == text) return false;
    if (*at) {
        const char *suffix = strchr(suffixes, *at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
        if (!suffix || at[1]) return false;
        shift = 10 * (unsigned)(suffix - suffixes + 1);
    }
    if (value > UINT64_MAX >> shift) return false;
    *bytes = value << shift;
    return true;
}

/* ---- tests ---- */

unsigned sb_plan_threads(const struct sb_plan_test *test, const struct sb_plan_config *config)
{
    return test->threads_vcpus ? config->vcpus : test->threads;
}

const char *const *sb_plan_argv(const struct sb_plan_test *test, const struct sb_plan_config *config,
                                const char *step, struct sb_arena *arena)
{
    size_t nr = 0, at = 0;
    unsigned threads = sb_plan_threads(test, config);
    while (test->args[nr])
        nr++;
    const char **argv = sb_arena_calloc(arena, nr + 4, sizeof *argv);
    argv[at++] = "sysbench";
    for (size_t i = 0; i < nr; i++)
        argv[at++] = test->args[i];
    if (threads) argv[at++] = sb_arena_printf(arena, "--threads=%u", threads);
    argv[at++] = step;
    return argv;
}
