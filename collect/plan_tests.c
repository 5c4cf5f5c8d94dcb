/* tests: what is typed behind "sysbench", checked as far as it can be known before anything runs. */
#include "collect/plan_reader.h"

#include <math.h>
#include <stddef.h>
#include "collect/plan_words.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/text.h"
#include "io/number.h"

#define WEEK 604800.0

struct test_reading {
    struct sb_plan_test test;
    const yaml_node_t *command; /* where the command line stands */
    bool prepares_given;
};

/* ---- words that cannot stand in a test ---- */

static const struct {
    const char *name, *why;
} refused_options[] = {
    {"--threads",
     "give the number of threads as \"threads:\", so that it can follow the vCPUs (threads: vcpus)"},
    {"--num-threads",
     "give the number of threads as \"threads:\", so that it can follow the vCPUs (threads: vcpus)"},
    {"--test", "this is how sysbench 0.4 was called; name the test first: cpu --cpu-max-prime=20000"},
    {"--help", "it only prints a text"},
    {"--version", "it only prints a text"},
};

static const char *const steps[] = {"run", "prepare", "cleanup", "prewarm", "help", "version"};

static bool is_option_named(const char *word, const char *name)
{
    size_t len = strlen(name);
    return strncmp(word, name, len) == 0 && (word[len] == '\0' || word[len] == '=');
}

static bool check_refused(struct sb_plan_reader *r, const yaml_node_t *at, const char *word)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(refused_options); i++)
        if (is_option_named(word, refused_options[i].name)) {
            sb_reader_mistake(r, at, "%s cannot stand in a test: %s", refused_options[i].name,
                              refused_options[i].why);
            return false;
        }
    return true;
}

static bool is_step(const char *word)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(steps); i++)
        if (strcmp(word, steps[i]) == 0) return true;
    return false;
}

static void check_bare_word(struct sb_plan_reader *r, const yaml_node_t *at, const char *word)
{
    if (is_step(word))
        sb_reader_mistake(r, at, "leave \"%s\" out: prepare, run and cleanup are added where they belong",
                          word);
    else
        sb_reader_mistake(r, at, "\"%s\" is neither an option (--name=value) nor a step",
                          sb_reader_shown(r, word, strlen(word)));
}

static bool is_option(const char *word)
{
    return sb_has_prefix(word, "--") && word[2];
}

/* "--time 5" */
static bool lacks_equals(const char *const *word)
{
    return is_option(*word) && !strchr(*word, '=') && word[1] && !is_option(word[1]) && !is_step(word[1]);
}

static void check_pair(struct sb_plan_reader *r, const yaml_node_t *at, const char *word, const char *value)
{
    if (check_refused(r, at, word))
        sb_reader_mistake(r, at, "\"%s %s\" must be written %s=%s", sb_reader_shown(r, word, strlen(word)),
                          sb_reader_shown(r, value, strlen(value)), sb_reader_shown(r, word, strlen(word)),
                          sb_reader_shown(r, value, strlen(value)));
}

/* ---- options ---- */

static bool is_flag_word(const char *value)
{
    static const char *const words[] = {"", "on", "off", "true", "false", "1", "0"};
    for (size_t i = 0; i < SB_ARRAY_SIZE(words); i++)
        if (strcmp(value, words[i]) == 0) return true;
    return false;
}

static bool is_choice(const struct sb_sysbench_option *row, const char *value)
{
    for (const char *const *c = row->choices; c && *c; c++)
        if (strcmp(*c, value) == 0) return true;
    return !row->choices;
}

static void report_choice(struct sb_plan_reader *r, const yaml_node_t *at,
                          const struct sb_sysbench_option *row, const char *value)
{
    size_t nr = 0;
    while (row->choices[nr])
        nr++;
    sb_reader_mistake(r, at, "--%s does not take \"%s\"%s", row->name,
                      sb_reader_shown(r, value, strlen(value)),
                      sb_reader_meant(r, value, row->choices, nr, "; there are "));
}

static void check_limit(struct sb_plan_reader *r, const yaml_node_t *at, const struct sb_sysbench_option *row,
                        double number, const char *shown)
{
    const struct sb_sysbench_limit *limit = sb_sysbench_limit(row);
    if (!limit) return;
    if (limit->power_of_two && (number < limit->least || exp2(round(log2(number))) != number))
        sb_reader_mistake(r, at, "--%s takes a power of two from %.0f bytes, not \"%s\"", row->name,
                          limit->least, shown);
    else if (isfinite(limit->most) && (number < limit->least || number > limit->most))
        sb_reader_mistake(r, at, "--%s takes %.0f to %.0f, not \"%s\"", row->name, limit->least, limit->most,
                          shown);
    else if (number < limit->least)
        sb_reader_mistake(r, at, "--%s takes %.0f or more, not \"%s\"", row->name, limit->least, shown);
}

static void check_value(struct sb_plan_reader *r, const yaml_node_t *at, const struct sb_sysbench_option *row,
                        const char *word)
{
    const char *equals = strchr(word, '='), *value = equals ? equals + 1 : "";
    uint64_t bytes;
    double number;
    const char *shown = sb_reader_shown(r, value, strlen(value));
    if (row->value != SB_SYSBENCH_FLAG && !*value)
        sb_reader_mistake(r, at, "--%s needs a value: --%s=...", row->name, row->name);
    else if (row->choices && !is_choice(row, value))
        report_choice(r, at, row, value);
    else if (row->value == SB_SYSBENCH_COUNT &&
             (strspn(value, "0123456789") != strlen(value) || strlen(value) > 18))
        sb_reader_mistake(r, at, "--%s takes a whole number from 0, written in digits, not \"%s\"", row->name,
                          shown);
    else if (row->value == SB_SYSBENCH_NUMBER &&
             (!sb_number_parse(value, strlen(value), &number) || number < 0))
        sb_reader_mistake(r, at, "--%s takes a number from 0, not \"%s\"", row->name, shown);
    else if (row->value == SB_SYSBENCH_SIZE && (!sb_parse_bytes(value, &bytes) || !bytes))
        sb_reader_mistake(r, at, "--%s takes a size as 8M or 2G (K, M, G, T), not \"%s\"", row->name, shown);
    else if (row->value == SB_SYSBENCH_FLAG && !is_flag_word(value))
        sb_reader_mistake(r, at, "--%s takes on or off, not \"%s\"", row->name, shown);
    else if (row->value == SB_SYSBENCH_COUNT && sb_number_parse(value, strlen(value), &number))
        check_limit(r, at, row, number, shown);
    else if (row->value == SB_SYSBENCH_SIZE)
        check_limit(r, at, row, (double)bytes, shown);
}

static bool same_option(const char *a, const char *b)
{
    size_t len = strcspn(a, "=");
    return len == strcspn(b, "=") && strncmp(a, b, len) == 0;
}

static bool stands_before(const char *const *args, const char *const *word)
{
    for (const char *const *w = args + 1; w < word; w++)
        if (same_option(*w, *word)) return true;
    return false;
}

/* An option that is not known is a mistake when it looks like a known one. Others may be of a sysbench that
 * is not known here: sb_plan_warnings() names them. */
static void check_option(struct sb_plan_reader *r, const yaml_node_t *at, const char *const *args,
                         const char *const *word)
{
    const struct sb_sysbench_option *row = sb_sysbench_option(args[0], *word);
    if (!check_refused(r, at, *word)) return;
    if (stands_before(args, word)) {
        sb_reader_mistake(r, at, "\"%.*s\" stands twice",
                          (int)strcspn(*word, "=") > 60 ? 60 : (int)strcspn(*word, "="), *word);
        return;
    }
    if (row) {
        check_value(r, at, row, *word);
        return;
    }
    if (!sb_sysbench_is_builtin(args[0])) return;
    const char *owner = sb_sysbench_owner(*word), *meant = sb_sysbench_closest(args[0], *word);
    if (owner)
        sb_reader_mistake(r, at, "%s is an option of %s, not of %s",
                          sb_reader_shown(r, *word, strcspn(*word, "=")), owner, args[0]);
    else if (meant)
        sb_reader_mistake(r, at, "sysbench %s has no option %s; did you mean --%s?", args[0],
                          sb_reader_shown(r, *word, strcspn(*word, "=")), meant);
}

static bool check_kind(struct sb_plan_reader *r, const yaml_node_t *at, const char *kind)
{
    size_t nr;
    const char *const *names = sb_sysbench_builtins(&nr);
    const char *shown = sb_reader_shown(r, kind, strlen(kind));
    if (strcmp(kind, "sysbench") == 0) {
        sb_reader_mistake(r, at,
                          "leave \"sysbench\" out: it is added; begin with the test, as cpu or fileio");
        return false;
    }
    if (kind[0] == '-') {
        if (check_refused(r, at, kind))
            sb_reader_mistake(r, at, "begins with the option %s; name the test first, as cpu or fileio",
                              shown);
        return false;
    }
    if (is_step(kind)) {
        check_bare_word(r, at, kind);
        return false;
    }
    const char *meant =
        sb_sysbench_is_builtin(kind) || strchr(kind, '_') || strchr(kind, '/') || sb_has_suffix(kind, ".lua")
            ? ""
            : sb_reader_meant(r, kind, names, nr, "");
    if (!sb_has_prefix(meant, "; did")) return true; /* a Lua script */
    sb_reader_mistake(r, at, "\"%s\" is not a test of sysbench%s", shown, meant);
    return false;
}

/* Tests that go on until they are told to end. */
static bool never_ends(const struct sb_plan_test *test)
{
    const char *mode = sb_test_value(test, "file-test-mode");
    if (sb_test_time(test) > 0 || sb_test_events(test) > 0) return false;
    return strcmp(test->kind, "cpu") == 0 || strcmp(test->kind, "threads") == 0 ||
           (strcmp(test->kind, "fileio") == 0 && mode && sb_has_prefix(mode, "rnd"));
}

static void read_command(struct sb_plan_reader *r, const struct sb_plan_field *field,
                         const yaml_node_t *value, void *into)
{
    struct test_reading *reading = into;
    struct sb_plan_test *test = &reading->test;
    const char *problem, *text = sb_reader_words(r, value, "a test as typed behind \"sysbench\"");
    size_t nr, before = r->nr;
    (void)field;
    reading->command = value;
    if (!text) return;
    const char *const *args = sb_words_split(text, &r->plan->arena, &nr, &problem);
    if (!args || !nr) {
        sb_reader_mistake(r, value, "%s", args ? "is blank: name a test, as cpu or fileio" : problem);
        return;
    }
    if (!check_kind(r, value, args[0])) return;
    for (size_t i = 1; i < nr; i++) {
        if (lacks_equals(args + i))
            check_pair(r, value, args[i], args[i + 1]), i++;
        else if (is_option(args[i]))
            check_option(r, value, args, args + i);
        else
            check_bare_word(r, value, args[i]);
    }
    if (r->nr != before) return;
    test->kind = args[0];
    test->args = args;
}

static void read_threads(struct sb_plan_reader *r, const struct sb_plan_field *field,
                         const yaml_node_t *value, void *into)
{
    struct test_reading *reading = into;
    if (value->type == YAML_SCALAR_NODE && sb_streq((const char *)value->data.scalar.value, "vcpus")) {
        reading->test.threads_vcpus = true;
        return;
    }
    uint64_t count;
    size_t before = r->nr;
    if (sb_reader_count(r, value, field->min, field->max, &count))
        reading->test.threads = (unsigned)count;
    else if (r->nr > before)
        r->v[r->nr - 1].message = sb_arena_printf(
            &r->plan->arena, "%s (or vcpus, to follow the configuration)", r->v[r->nr - 1].message);
}

static void read_prepare(struct sb_plan_reader *r, const struct sb_plan_field *field,
                         const yaml_node_t *value, void *into)
{
    struct test_reading *reading = into;
    (void)field;
    reading->prepares_given = sb_reader_flag(r, value, &reading->test.prepares);
}

#define IN_TEST(member) offsetof(struct test_reading, test.member)

const struct sb_plan_field sb_test_fields[] = {
    {"run", read_command, 0, 0, 0, "the test as typed behind \"sysbench\"", true},
    {"threads", read_threads, 0, 1, 4096, "number of threads, or vcpus", false},
    {"timeout", sb_read_seconds, IN_TEST(timeout), 1, WEEK, "seconds that a step of this test may take",
     false},
    {"prepare", read_prepare, 0, 0, 0, "whether the test has steps prepare and cleanup", false},
    {NULL},
};

/* ---- a whole test ---- */

static void check_test(struct sb_plan_reader *r, struct test_reading *reading)
{
    struct sb_plan_test *test = &reading->test;
    bool files = strcmp(test->kind, "fileio") == 0;
    const yaml_node_t *at = reading->command;
    if (!reading->prepares_given) test->prepares = files;
    if (files && !test->prepares) sb_reader_mistake(r, at, "fileio cannot run without prepare");
    if (files && !sb_test_value(test, "file-test-mode"))
        sb_reader_mistake(r, at,
                          "fileio needs --file-test-mode= (seqwr, seqrewr, seqrd, rndrd, rndwr, rndrw)");
    if (never_ends(test)) sb_reader_mistake(r, at, "never ends: give --time or --events");
    double seconds = sb_test_warmup(test) + sb_test_time(test);
    if (seconds >= test->timeout)
        sb_reader_mistake(
            r, at,
            "runs %.0f s, but a step may take %.0f s only: raise timeouts.step or give the test "
            "a timeout",
            seconds, test->timeout);
}

static bool name_is_free(struct sb_plan_reader *r, const yaml_node_t *at, const char *name)
{
    for (size_t i = 0; i < r->plan->tests_nr; i++)
        if (!sb_reader_names_differ(r, at, name, r->plan->tests[i].name, r->plan->tests[i].line))
            return false;
    return true;
}

static void read_test(struct sb_plan_reader *r, const yaml_node_t *at, const char *name,
                      const yaml_node_t *value)
{
    struct sb_plan *plan = r->plan;
    size_t mark = sb_reader_enter(r, name);
    struct test_reading reading = {.test = {.line = sb_node_line(at), .timeout = plan->step_timeout},
                                   .command = value};
    bool good = sb_reader_safe_name(r, at, name) && name_is_free(r, at, name);
    if (value->type == YAML_SCALAR_NODE)
        read_command(r, NULL, value, &reading);
    else if (sb_reader_is_mapping(r, value, "a test, or a mapping with run:"))
        sb_reader_fields(r, value, sb_test_fields, &reading);
    if (reading.test.kind) check_test(r, &reading);
    if (good) {
        reading.test.name = sb_arena_strdup(&plan->arena, name);
        plan->tests[plan->tests_nr++] = reading.test;
    }
    sb_reader_leave(r, mark);
}

void sb_plan_read_tests(struct sb_plan_reader *r, const struct sb_plan_field *field, const yaml_node_t *value,
                        void *into)
{
    struct sb_plan *plan = into;
    if (!sb_reader_is_mapping(r, value, "a mapping of names to tests (cpu1: cpu --time=30)")) return;
    size_t nr = (size_t)(value->data.mapping.pairs.top - value->data.mapping.pairs.start);
    if (!nr) sb_reader_mistake(r, value, "is empty: %s", field->help);
    plan->tests = sb_arena_calloc(&plan->arena, nr + 1, sizeof *plan->tests);
    for (const yaml_node_pair_t *p = value->data.mapping.pairs.start; p < value->data.mapping.pairs.top;
         p++) {
        const char *name;
        if (sb_reader_key(r, value, p, &name))
            read_test(r, sb_reader_node(r, p->key), name, sb_reader_node(r, p->value));
    }
}
