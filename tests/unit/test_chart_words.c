/* What charts say about how their figures came about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "cli/chart_builder.h"
#include "core/alloc.h"

static struct sb_arena arena;
static struct sb_results results;
static struct sb_chart_builder builder = {.arena = &arena, .results = &results};

static int setup(void **unused)
{
    sb_arena_init(&arena);
    return 0;
}

static int teardown(void **unused)
{
    sb_arena_free(&arena);
    return 0;
}

/* ---- verdicts ---- */

static void test_verdict_note(void **unused)
{
    static const struct {
        const char *correction, *p_method, *note;
    } rows[] = {
        {"holm", "welch", "colours: verdict after correction for all comparisons of the table"},
        {"bh", "permutation",
         "colours: verdict after Benjamini and Hochberg's correction for all comparisons of the table"},
        {"none", "welch", "colours: verdict of each comparison by itself, not corrected for their number"},
        {"holm", "dunnett",
         "colours: verdict after Dunnett's correction within each combination, not for all comparisons of "
         "the "
         "table"},
        {"none", "games-howell",
         "colours: verdict after Games-Howell's correction within each combination, not for all comparisons "
         "of the table"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
        results.settings.correction = rows[i].correction;
        results.settings.p_method = rows[i].p_method;
        assert_string_equal(sb_verdict_note(&builder), rows[i].note);
    }
}

/* ---- replicates ---- */

static void test_counts(void **unused)
{
    static const struct {
        size_t n[2];
        bool boots[2];
        const char *text;
    } rows[] = {
        {{5, 5}, {true, true}, "5 boots each"},          {{5, 3}, {false, false}, "3 to 5 runs each"},
        {{1, 1}, {true, true}, "1 boot each"},           {{5, 5}, {false, true}, "5 boots or runs each"},
        {{5, 5}, {true, false}, "5 boots or runs each"}, {{2, 9}, {true, false}, "2 to 9 boots or runs each"},
        {{1, 1}, {true, false}, "1 boot or run each"},
    };
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
        struct sb_counts counts = {.most = 0};
        for (size_t k = 0; k < 2; k++) {
            const struct sb_summary s = {.n = rows[i].n[k], .boots_known = rows[i].boots[k]};
            sb_counts_add(&counts, &s);
        }
        assert_string_equal(sb_counts_text(&arena, &counts), rows[i].text);
    }
}

/* ---- accelerators ---- */

static struct sb_summary cell_of(const char *platform, const char *config, const char *accelerator)
{
    struct sb_label *labels = sb_arena_calloc(&arena, 2, sizeof *labels);
    labels[0] = (struct sb_label){"config", config};
    labels[1] = (struct sb_label){"platform", platform};
    return (struct sb_summary){.cell = {labels, 2, 0}, .accelerator = accelerator, .n = 5};
}

static void test_emulation(void **unused)
{
    static const struct {
        const char *accelerators[4]; /* raw c1, raw c2, qcow2 c1, docker c1 */
        const char *config, *note;
    } rows[] = {
        {{"tcg", "tcg", "tcg", "none"},
         NULL,
         "QEMU raw and QEMU qcow2: software emulation (TCG), not comparable with Docker"},
        {{"tcg", "tcg", "tcg", "tcg"}, NULL, "QEMU raw, QEMU qcow2 and Docker: software emulation (TCG)"},
        {{"tcg", "kvm", "tcg", "none"},
         "c1",
         "QEMU raw and QEMU qcow2: software emulation (TCG), not comparable with Docker"},
        {{"tcg", "kvm", "tcg", "none"}, "c2", NULL},
        {{"tcg", "kvm", "kvm", "none"},
         NULL,
         "QEMU raw: software emulation (TCG) in part; emulated and native figures are not comparable"},
        {{"tcg", "kvm", "tcg", "none"},
         NULL,
         "QEMU qcow2: software emulation (TCG), QEMU raw in part; emulated and native figures are not "
         "comparable"},
        {{"kvm", "kvm", "hvf", NULL}, NULL, NULL},
    };
    const char *names[] = {"raw", "qcow2", "docker"}, *tests[] = {"cpu", "cpu", "cpu", "cpu"};
    const struct sb_values platforms = {names, 3};
    for (size_t i = 0; i < SB_ARRAY_SIZE(rows); i++) {
        const struct sb_summary cells[] = {cell_of("raw", "c1", rows[i].accelerators[0]),
                                           cell_of("raw", "c2", rows[i].accelerators[1]),
                                           cell_of("qcow2", "c1", rows[i].accelerators[2]),
                                           cell_of("docker", "c1", rows[i].accelerators[3])};
        const struct sb_summary *list[] = {&cells[0], &cells[1], &cells[2], &cells[3]};
        builder.cells = list;
        builder.tests_of = tests;
        builder.cells_nr = SB_ARRAY_SIZE(list);
        const char *note = sb_emulation_note(&builder, &platforms, rows[i].config, NULL);
        if (rows[i].note)
            assert_string_equal(note, rows[i].note);
        else
            assert_null(note);
        assert_null(sb_emulation_note(&builder, &platforms, NULL, "memory"));
    }
}

static void test_barred(void **unused)
{
    const struct sb_summary docker = {.accelerator = NULL}, raw = {.accelerator = "tcg"},
                            kvm = {.accelerator = "kvm"}, mixed = {.accelerator = "mixed"};
    struct sb_barred barred = {.nr = 0};
    sb_barred_add(&builder, &barred, &docker, &raw);
    sb_barred_add(&builder, &barred, &docker, &raw);
    assert_string_equal(sb_barred_text(&builder, &barred, "platform"),
                        "native against software emulation (TCG): not a property of the platforms");
    sb_barred_add(&builder, &barred, &kvm, &mixed);
    assert_int_equal(barred.nr, 3);
    assert_string_equal(sb_barred_text(&builder, &barred, "config"),
                        "KVM against several accelerators and native against software emulation (TCG): not a "
                        "property of the configurations");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_verdict_note, setup, teardown),
        cmocka_unit_test_setup_teardown(test_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_emulation, setup, teardown),
        cmocka_unit_test_setup_teardown(test_barred, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
