/*
 * Plans against golden files. tests/golden/collect/plans/bad_<defect>.yaml has every mistake it must be told
 * of in .mistakes, good_<kind>.yaml has its .canonical text, its .schedule and its .warnings.
 * SBSTAT_UPDATE=1 rewrites them. The platforms are made up here, so that the tests of the plan do not change
 * with the platforms' options.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "collect/closest.h"
#include "collect/driver.h"
#include "collect/plan_reader.h"
#include "collect/plan_words.h"
#include "collect/platform_needs.h"
#include "collect/schedule.h"
#include "collect/sysbench_options.h"
#include "core/alloc.h"
#include "core/random.h"
#include "core/text.h"
#include "io/outfile.h"

/* ---- platforms for the tests ---- */

static const char *const caches[] = {"none", "writeback", "writethrough", NULL};

static const struct sb_field disk_fields[] = {
    {"image", SB_FIELD_PATH, NULL, true, NULL, "a disk"},
    {"cache", SB_FIELD_CHOICE, caches, false, "none", "how the host caches"},
    {"disk", SB_FIELD_BYTES, NULL, false, NULL, "size"},
    {"snapshot", SB_FIELD_FLAG, NULL, false, "false", "throw away"},
    {"port", SB_FIELD_COUNT, NULL, false, NULL, "a port"},
    {"accelerator", SB_FIELD_TEXT, NULL, false, NULL, "kvm, tcg"},
    {NULL},
};
static const struct sb_field container_fields[] = {
    {"image", SB_FIELD_TEXT, NULL, true, NULL, "a tag"},
    {NULL},
};
static const struct sb_field no_fields[] = {{NULL}};

static const struct sb_driver fake_raw = {
    .name = "raw", .fields = disk_fields, .needs_config = true, .own_kernel = true};
static const struct sb_driver fake_qcow2 = {
    .name = "qcow2", .fields = disk_fields, .needs_config = true, .own_kernel = true};
static const struct sb_driver fake_docker = {
    .name = "docker", .fields = container_fields, .needs_config = true};
static const struct sb_driver fake_host = {.name = "host", .fields = no_fields};
static const struct sb_driver *const fakes[] = {&fake_raw, &fake_qcow2, &fake_docker, &fake_host};

/* In place of drivers.c. */
const struct sb_driver *const *sb_drivers(size_t *nr)
{
    *nr = SB_ARRAY_SIZE(fakes);
    return fakes;
}

const struct sb_driver *sb_driver_find(const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(fakes); i++)
        if (strcmp(fakes[i]->name, name) == 0) return fakes[i];
    return NULL;
}

/* ---- golden files ---- */

static const char folder[] = SBSTAT_TESTS_DIR "/golden/collect/plans";
static size_t differences;

static void compare(const char *plan, const char *suffix, const struct sb_strbuf *got)
{
    struct sb_strbuf path = SB_STRBUF_INIT;
    struct sb_err err;
    char *want = NULL;
    size_t len = 0;
    sb_strbuf_addf(&path, "%s/%.*s.%s", folder, (int)(strlen(plan) - strlen(".yaml")), plan, suffix);
    if (getenv("SBSTAT_UPDATE")) assert_true(sb_outfile_write(path.buf, got->buf, got->len, &err));
    if (!sb_read_file(path.buf, 1 << 20, &want, &len, &err)) {
        print_error("%s\n", err.msg);
        differences++;
    } else if (len != got->len || memcmp(want, got->buf, len) != 0) {
        print_error("%s differs\n--- expected\n%s--- got\n%s", path.buf, want, got->buf);
        differences++;
    }
    free(want);
    sb_strbuf_release(&path);
}

static void check_bad(const char *name, const struct sb_plan_mistakes *mistakes)
{
    struct sb_strbuf got = SB_STRBUF_INIT;
    for (size_t i = 0; i < mistakes->nr; i++) {
        const struct sb_plan_mistake *m = &mistakes->v[i];
        sb_strbuf_addf(&got, "%u:%u: %s%s%s\n", m->line, m->column, m->field, *m->field ? ": " : "",
                       m->message);
    }
    compare(name, "mistakes", &got);
    sb_strbuf_release(&got);
}

static void add_schedule(struct sb_strbuf *out, const struct sb_plan *plan)
{
    struct sb_schedule schedule;
    double assumed;
    sb_schedule_make(&schedule, plan);
    for (size_t b = 0; b < schedule.boots_nr; b++)
        for (size_t i = 0; i < schedule.boots[b].runs_nr; i++)
            sb_strbuf_addf(out, "%zu %s\n", schedule.boots[b].runs[i].order, schedule.boots[b].runs[i].log);
    double seconds = sb_schedule_seconds(&schedule, &assumed);
    sb_strbuf_addf(out, "%zu boots, %zu runs, %.0f s, %.0f s of them assumed\n", schedule.boots_nr,
                   schedule.runs_nr, seconds, assumed);
    sb_schedule_free(&schedule);
}

static void add_warnings(struct sb_strbuf *out, struct sb_plan *plan)
{
    struct sb_plan_warning *warnings;
    size_t nr = sb_plan_warnings(plan, &plan->arena, &warnings);
    for (size_t i = 0; i < nr; i++)
        sb_strbuf_addf(out, "%s: %s\n", warnings[i].code, warnings[i].message);
}

/* The canonical text is a plan, and its own canonical text. */
static void check_canonical(const struct sb_strbuf *canonical)
{
    struct sb_plan again;
    struct sb_err err = {.msg = ""};
    struct sb_strbuf text = SB_STRBUF_INIT;
    if (!sb_plan_parse(&again, "canonical", canonical->buf, canonical->len, NULL, &err))
        print_error("%s\n%s", err.msg, canonical->buf);
    assert_string_equal(err.msg, "");
    sb_plan_canonical(&again, &text);
    assert_string_equal(text.buf, canonical->buf);
    sb_strbuf_release(&text);
    sb_plan_free(&again);
}

static void check_good(const char *name, struct sb_plan *plan)
{
    struct sb_strbuf canonical = SB_STRBUF_INIT, schedule = SB_STRBUF_INIT, warnings = SB_STRBUF_INIT;
    sb_plan_canonical(plan, &canonical);
    add_schedule(&schedule, plan);
    add_warnings(&warnings, plan);
    check_canonical(&canonical);
    compare(name, "canonical", &canonical);
    compare(name, "schedule", &schedule);
    compare(name, "warnings", &warnings);
    sb_strbuf_release(&canonical);
    sb_strbuf_release(&schedule);
    sb_strbuf_release(&warnings);
}

static void check_plan(const char *name)
{
    struct sb_plan plan;
    struct sb_plan_mistakes mistakes;
    struct sb_err err = {.code = SB_OK};
    char *path = sb_xmalloc(sizeof folder + strlen(name) + 2);
    snprintf(path, sizeof folder + strlen(name) + 2, "%s/%s", folder, name);
    bool ok = sb_plan_read(&plan, path, &mistakes, &err);
    if (ok != sb_has_prefix(name, "good_")) {
        print_error("%s: %s\n", name, ok ? "no mistake was found" : err.msg);
        differences++;
    } else if (ok) {
        assert_int_equal(mistakes.nr, 0);
        check_good(name, &plan);
    } else {
        assert_int_equal(err.code, SB_ERR_USAGE);
        assert_true(mistakes.nr > 0);
        check_bad(name, &mistakes);
    }
    sb_plan_free(&plan);
    free(path);
}

static void golden_plans(void **state)
{
    DIR *dir = opendir(folder);
    size_t bad = 0, good = 0;
    (void)state;
    assert_non_null(dir);
    differences = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!sb_has_suffix(entry->d_name, ".yaml")) continue;
        check_plan(entry->d_name);
        *(sb_has_prefix(entry->d_name, "bad_") ? &bad : &good) += 1;
    }
    closedir(dir);
    assert_true(bad >= 100 && good >= 8);
    assert_int_equal(differences, 0);
}

/* ---- the default plan ---- */

static void parse(struct sb_plan *plan, const char *text)
{
    struct sb_err err = {.msg = ""};
    if (!sb_plan_parse(plan, "test", text, strlen(text), NULL, &err)) fail_msg("%s", err.msg);
}

static void default_plan(void **state)
{
    struct sb_plan plan;
    struct sb_schedule schedule;
    struct sb_plan_warning *warnings;
    static const char *const codes[] = {"VCPUS_CANNOT_ACT", "MEMORY_SIZE_CANNOT_ACT", "MEMORY_TOO_SHORT",
                                        "MEMORY_CACHE_BOUND", "PAGE_CACHE_BOUND"};
    (void)state;
    parse(&plan, sb_plan_default());
    sb_schedule_make(&schedule, &plan);
    assert_int_equal(schedule.boots_nr, 3 * 4 * 5);
    assert_int_equal(schedule.runs_nr, 3 * 4 * 5 * 6);
    size_t nr = sb_plan_warnings(&plan, &plan.arena, &warnings);
    assert_int_equal(nr, SB_ARRAY_SIZE(codes));
    for (size_t i = 0; i < nr; i++)
        assert_string_equal(warnings[i].code, codes[i]);
    const char *const *argv = sb_plan_argv(&plan.tests[4], &plan.configs[0], "prepare", &plan.arena);
    static const char *const want[] = {"sysbench", "fileio", "--file-test-mode=rndrw", "--file-total-size=2G",
                                       "prepare",  NULL};
    for (size_t i = 0; i < SB_ARRAY_SIZE(want); i++)
        assert_true(sb_streq(argv[i], want[i]));
    sb_schedule_free(&schedule);
    sb_plan_free(&plan);
}

/* ---- the schedule ---- */

static const char many[] = "experiment: x\nboots: 4\nrepetitions_per_boot: 2\nseed: 7\n"
                           "platforms: {raw: {image: i}, qcow2: {image: i}, docker: {image: i}}\n"
                           "grid: {vcpus: [1, 2, 3, 4], memory_mib: [512]}\n"
                           "tests: {a: cpu, b: memory, c: mutex}\n";

/* Each block holds each cell once; each boot each test once in every repetition; orders count up. */
static void complete_blocks(void **state)
{
    struct sb_plan plan;
    struct sb_schedule s;
    size_t order = 0, moved = 0;
    (void)state;
    parse(&plan, many);
    sb_schedule_make(&s, &plan);
    assert_int_equal(s.boots_nr, 4 * 12);
    for (size_t b = 0; b < s.boots_nr; b++) {
        const struct sb_planned_boot *boot = &s.boots[b];
        assert_int_equal(boot->boot, b / 12 + 1);
        for (size_t other = b / 12 * 12; other < b; other++)
            assert_false(s.boots[other].platform == boot->platform && s.boots[other].config == boot->config);
        assert_int_equal(boot->runs_nr, 6);
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(boot->runs[i].order, order++);
            assert_int_equal(boot->runs[i].repetition, i / 3 + 1);
            for (size_t k = i / 3 * 3; k < i; k++)
                assert_ptr_not_equal(boot->runs[k].test, boot->runs[i].test);
        }
        moved += boot->platform != s.boots[b % 12].platform;
    }
    assert_true(moved > 6); /* the blocks are shuffled, each by itself */
    sb_schedule_free(&s);
    sb_plan_free(&plan);
}

/* Over many seeds every cell comes first about equally often: 2000 seeds, 12 cells, 166.7 +- 12.4 each. */
static void shuffle_is_fair(void **state)
{
    struct sb_plan plan;
    size_t first[12] = {0};
    (void)state;
    parse(&plan, many);
    for (plan.seed = 0; plan.seed < 2000; plan.seed++) {
        struct sb_schedule s;
        sb_schedule_make(&s, &plan);
        size_t platform = (size_t)(s.boots[0].platform - plan.platforms);
        size_t config = (size_t)(s.boots[0].config - plan.configs);
        first[platform * 4 + config]++;
        sb_schedule_free(&s);
    }
    for (size_t i = 0; i < 12; i++)
        assert_in_range(first[i], 105, 229); /* five standard deviations */
    sb_plan_free(&plan);
}

/* ---- small parts ---- */

static void bytes(void **state)
{
    static const struct {
        const char *text;
        bool ok;
        uint64_t bytes;
    } cases[] = {
        {"0", true, 0},
        {"100", true, 100},
        {"64K", true, 65536},
        {"512m", true, 536870912},
        {"4G", true, 1ULL << 32},
        {"1T", true, 1ULL << 40},
        {"16777215T", true, 16777215ULL << 40},
        {"16777216T", false, 0},
        {"18446744073709551615", true, UINT64_MAX},
        {"18446744073709551616", false, 0},
        {"", false, 0},
        {"G", false, 0},
        {"4GB", false, 0},
        {"4 G", false, 0},
        {"-4G", false, 0},
        {"4.5G", false, 0},
        {"0x10", false, 0},
        {"4g ", false, 0},
    };
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        uint64_t got = 0;
        bool ok = sb_parse_bytes(cases[i].text, &got);
        if (ok != cases[i].ok || (ok && got != cases[i].bytes))
            fail_msg("\"%s\": %d, %llu", cases[i].text, ok, (unsigned long long)got);
    }
}

static void closest(void **state)
{
    static const char *const names[] = {"boots", "platforms", "repetitions_per_boot", NULL, "drop_caches"};
    static const struct {
        const char *word, *want;
    } cases[] = {
        {"boot", "boots"},
        {"BOOTS", "boots"},
        {"botos", "boots"},
        {"platform", "platforms"},
        {"plaforms", "platforms"},
        {"drop", "drop_caches"},
        {"repetitions", "repetitions_per_boot"},
        {"weather", NULL},
        {"b", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        const char *got = sb_closest(cases[i].word, names, SB_ARRAY_SIZE(names));
        if (!sb_streq(got, cases[i].want)) fail_msg("\"%s\": \"%s\"", cases[i].word, got ? got : "nothing");
    }
    char *huge = sb_xmalloc(100001);
    memset(huge, 'a', 100000);
    huge[100000] = '\0';
    assert_null(sb_closest(huge, names, SB_ARRAY_SIZE(names)));
    free(huge);
}

/* What is quoted is read back; 20,000 random words of nasty characters. */
static void words_round_trip(void **state)
{
    static const char alphabet[] = "ab '\"\\$`|&;<>()*?#~=-\t\n%\xc3\xa4";
    struct sb_random random;
    struct sb_arena arena;
    (void)state;
    sb_random_seed(&random, 1);
    sb_arena_init(&arena);
    for (size_t i = 0; i < 20000; i++) {
        char word[2][9];
        const char *problem;
        size_t nr;
        struct sb_strbuf line = SB_STRBUF_INIT;
        for (size_t k = 0; k < 2; k++) {
            size_t len = sb_random_below(&random, 9);
            for (size_t c = 0; c < len; c++)
                word[k][c] = alphabet[sb_random_below(&random, sizeof alphabet - 1)];
            word[k][len] = '\0';
            if (k) sb_strbuf_addc(&line, ' ');
            sb_word_quote(&line, word[k]);
        }
        const char *const *got = sb_words_split(line.buf, &arena, &nr, &problem);
        if (!got || nr != 2 || strcmp(got[0], word[0]) != 0 || strcmp(got[1], word[1]) != 0)
            fail_msg("[%s] of [%s] [%s]: %s", line.buf, word[0], word[1], got ? "other words" : problem);
        sb_strbuf_release(&line);
    }
    sb_arena_free(&arena);
}

/* Any byte changed in a plan gives a plan or mistakes with a place, and never anything else. */
static void damaged_plans(void **state)
{
    struct sb_random random;
    char *text = sb_xstrdup(sb_plan_default());
    size_t len = strlen(text), good = 0;
    (void)state;
    sb_random_seed(&random, 3);
    for (size_t i = 0; i < 4000; i++) {
        struct sb_plan plan;
        struct sb_plan_mistakes mistakes;
        struct sb_err err = {.msg = ""};
        size_t at = sb_random_below(&random, len), cut = sb_random_below(&random, 8) ? len : at;
        char before = text[at];
        text[at] = (char)sb_random_below(&random, 256);
        bool ok = sb_plan_parse(&plan, "damaged.yaml", text, cut, &mistakes, &err);
        text[at] = before;
        assert_int_equal(ok, mistakes.nr == 0);
        good += ok;
        for (size_t m = 0; m < mistakes.nr; m++)
            assert_true(mistakes.v[m].line > 0 && *mistakes.v[m].message);
        assert_true(ok || sb_has_prefix(err.msg, "damaged.yaml:"));
        sb_plan_free(&plan);
    }
    free(text);
    assert_true(good > 500); /* comments */
}

static void paths_and_options(void **state)
{
    static const char text[] = "experiment: x\nplatforms: {raw: {image: images/g, snapshot: on, disk: 2G}}\n"
                               "configs: {c: {vcpus: 1, memory_mib: 512}}\ntests: {a: cpu}\n";
    static const struct {
        const char *name, *folder, *image;
    } cases[] = {{"plan.yaml", ".", "images/g"},
                 {"a/b/plan.yaml", "a/b", "a/b/images/g"},
                 {"/plan.yaml", "/", "/images/g"},
                 {"-", "", "images/g"}};
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        struct sb_plan plan;
        struct sb_err err = {.msg = ""};
        assert_true(sb_plan_parse(&plan, cases[i].name, text, strlen(text), NULL, &err));
        const struct sb_plan_platform *raw = &plan.platforms[0];
        assert_string_equal(plan.folder, cases[i].folder);
        assert_string_equal(sb_plan_option_path(&plan, raw, "image", &plan.arena), cases[i].image);
        assert_null(sb_plan_option_path(&plan, raw, "key", &plan.arena));
        assert_string_equal(sb_plan_option(raw, "cache"), "none");
        assert_null(sb_plan_option(raw, "port"));
        assert_true(sb_plan_option_flag(raw, "snapshot"));
        assert_true(sb_plan_option_bytes(raw, "disk") == 1ULL << 31);
        assert_true(sb_plan_option_bytes(raw, "size") == 0);
        sb_plan_free(&plan);
    }
}

static void paths_in_the_home_folder(void **state)
{
    static const char text[] = "experiment: x\nplatforms: {raw: {image: ~/images/g}}\n"
                               "configs: {c: {vcpus: 1, memory_mib: 512}}\ntests: {a: cpu}\n";
    struct sb_plan plan;
    struct sb_err err = {.msg = ""};
    const char *home = getenv("HOME");
    char *before = home ? sb_xstrdup(home) : NULL;
    (void)state;
    assert_int_equal(setenv("HOME", "/home/jo", 1), 0);
    assert_true(sb_plan_parse(&plan, "a/plan.yaml", text, strlen(text), NULL, &err));
    assert_string_equal(sb_plan_option(&plan.platforms[0], "image"),
                        "~/images/g"); /* the plan stays as it is */
    assert_string_equal(sb_plan_option_path(&plan, &plan.platforms[0], "image", &plan.arena),
                        "/home/jo/images/g");
    sb_plan_free(&plan);
    if (before)
        setenv("HOME", before, 1);
    else
        unsetenv("HOME");
    free(before);
}

/* What a platform does not run needs no room on it. */
static void largest_files(void **state)
{
    struct sb_plan plan;
    (void)state;
    parse(&plan, "experiment: x\nplatforms: {raw: {image: i}, host: {}, docker: {image: i}}\n"
                 "configs: {a: {vcpus: 1, memory_mib: 512}, b: {vcpus: 2, memory_mib: 512}}\n"
                 "tests: {large: fileio --file-test-mode=rndrd --file-total-size=8G, cpu: cpu,\n"
                 "  usual: fileio --file-test-mode=rndrd}\n"
                 "exclude: [{platform: host, test: large}, {platform: raw, config: a, test: large},\n"
                 "  {platform: docker, test: '[lu]*'}]\n");
    assert_true(sb_platform_file_bytes(&plan, &plan.platforms[0]) == 8589934592.0);
    assert_true(sb_platform_file_bytes(&plan, &plan.platforms[1]) == 2147483648.0);
    assert_true(sb_platform_file_bytes(&plan, &plan.platforms[2]) == 0);
    sb_plan_free(&plan);
}

static void missing_file(void **state)
{
    struct sb_plan plan;
    struct sb_plan_mistakes mistakes;
    struct sb_err err = {.code = SB_OK};
    (void)state;
    assert_false(sb_plan_read(&plan, "/no/such/plan.yaml", &mistakes, &err));
    assert_int_equal(err.code, SB_ERR_NO_INPUT);
    assert_int_equal(mistakes.nr, 0);
    sb_plan_free(&plan);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_plans),
        cmocka_unit_test(default_plan),
        cmocka_unit_test(complete_blocks),
        cmocka_unit_test(shuffle_is_fair),
        cmocka_unit_test(bytes),
        cmocka_unit_test(closest),
        cmocka_unit_test(words_round_trip),
        cmocka_unit_test(damaged_plans),
        cmocka_unit_test(paths_and_options),
        cmocka_unit_test(paths_in_the_home_folder),
        cmocka_unit_test(largest_files),
        cmocka_unit_test(missing_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
