#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/text.h"
#include "io/json.h"
#include "report/columns.h"
#include "report_asserts.h"
#include "report_fixture.h"
#include "report_hostile.h"

typedef void report_fn(struct sb_strbuf *out, const struct sb_report *report);

/* ---- headline sentences ---- */

static const char *sentences_of(struct fixture *f, struct sb_arena *arena, size_t *nr)
{
    const char **v = sb_report_findings(arena, &f->report, nr), *all = "";
    assert_in_range(*nr, 1, 5);
    for (size_t i = 0; i < *nr; i++)
        all = sb_arena_printf(arena, "%s%s\n", all, v[i]);
    return all;
}

static void emulation_comes_first(void **state)
{
    struct fixture f;
    struct sb_arena arena;
    size_t nr;
    (void)state;
    sb_arena_init(&arena);
    fixture_init(&f, &(struct fixture_options){.emulated = true});
    const char *all = sentences_of(&f, &arena, &nr);
    assert_true(sb_has_prefix(all, "QEMU raw and QEMU qcow2 were measured under software emulation (TCG), so "
                                   "nothing about virtualisation overhead can be concluded"));
    assert_has(all, "Against QEMU raw, QEMU qcow2 was slower in 2 of 4 headline comparisons");
    assert_lacks(all, "Docker was"); /* barred: never in a headline */
    fixture_free(&f);
    sb_arena_free(&arena);
}

static void barred_without_emulation_is_said_too(void **state)
{
    struct fixture f;
    struct sb_arena arena;
    size_t nr;
    (void)state;
    sb_arena_init(&arena);
    fixture_init(&f, NULL);
    for (size_t i = 0; i < f.platforms.comparisons_nr; i++)
        f.platforms.comparisons[i].barred = true;
    const char *all = sentences_of(&f, &arena, &nr);
    assert_has(all, "different accelerators");
    assert_has(all, "nothing about virtualisation overhead can be concluded");
    assert_lacks(all, "Against QEMU raw");
    fixture_free(&f);
    sb_arena_free(&arena);
}

static void verdicts_carry_the_sentences(void **state)
{
    struct fixture f;
    struct sb_arena arena;
    size_t nr;
    (void)state;
    sb_arena_init(&arena);
    fixture_init(&f, NULL);
    const char *all = sentences_of(&f, &arena, &nr);
    assert_has(all, "Against QEMU raw, Docker was faster in 4 of 4 headline comparisons (largest: ");
    assert_has(all, "equivalent within 2 % in 2");
    assert_has(all, "n = 5 each");
    assert_has(all, "95 % CI");
    assert_has(all, "1 has errors that the audit found, and is left out");
    assert_has(all, "1 file gave no run");
    f.platforms.settings.include_suspect = true;
    assert_has(sentences_of(&f, &arena, &nr), "1 has errors that the audit found, and was kept on request");
    f.ds.runs[0].suspect = f.ds.runs[1].suspect = true;
    assert_has(sentences_of(&f, &arena, &nr), " have errors that the audit found, and were kept on request");
    f.ds.runs[0].suspect = f.ds.runs[1].suspect = false;
    f.platforms.settings.include_suspect = false;
    for (size_t i = 0; i < f.platforms.comparisons_nr; i++)
        if (f.platforms.comparisons[i].verdict) f.platforms.comparisons[i].verdict = SB_INCONCLUSIVE;
    all = sentences_of(&f, &arena, &nr);
    assert_has(all, "inconclusive in 4 of 4 headline comparisons (largest: ");
    assert_has(all, "n = 5 each; undecided by these data, which does not mean equal)");
    assert_lacks(all, "Docker was faster");
    fixture_free(&f);
    sb_arena_free(&arena);
}

/* The comparisons are those of a second experiment, with the runs kept: its verdicts are set by hand. */
static void verdicts_that_hang_on_suspect_runs(void **state)
{
    struct fixture f, kept;
    struct sb_arena arena;
    struct sb_strbuf html = SB_STRBUF_INIT, markdown = SB_STRBUF_INIT;
    size_t nr;
    (void)state;
    sb_arena_init(&arena);
    fixture_init(&f, NULL);
    fixture_init(&kept, NULL);
    assert_lacks(sentences_of(&f, &arena, &nr), "kept");
    f.report.platforms_with_suspect = &kept.platforms;
    f.report.configs_with_suspect = &kept.configs;
    const char *all = sentences_of(&f, &arena, &nr);
    assert_has(all, "With the 1 suspect run kept, all 14 headline verdicts are the same.");
    for (size_t i = 0; i < kept.platforms.comparisons_nr; i++) {
        struct sb_comparison *c = &kept.platforms.comparisons[i];
        if (c->group.primary && strcmp(c->baseline, "raw") == 0 && strcmp(c->level, "docker") == 0 &&
            strcmp(sb_labels_get(&c->rest, "test"), "cpu") == 0 &&
            strcmp(sb_labels_get(&c->rest, "config"), "c2g2") == 0 && c->metric[0] == 'e')
            c->verdict = SB_INCONCLUSIVE;
    }
    all = sentences_of(&f, &arena, &nr);
    assert_has(all, "With the 1 suspect run kept, 1 of 14 headline verdicts would differ.");
    sb_report_html(&html, &f.report);
    sb_report_markdown(&markdown, &f.report);
    assert_has(html.buf,
               "<strong>Docker against QEMU raw, cpu in c2g2, events per second</strong>: without the "
               "suspect runs: faster (ratio ");
    assert_has(html.buf, "; with them: inconclusive (ratio ");
    assert_has(markdown.buf, "; with them: inconclusive (ratio ");
    assert_int_equal(occurrences(html.buf, "with them: "), 1);
    sb_strbuf_release(&html);
    sb_strbuf_release(&markdown);
    fixture_free(&f);
    fixture_free(&kept);
    sb_arena_free(&arena);
}

/* One analysis of the fixture's results, by hand. */
static void give_effects(struct fixture *f, struct sb_effects *e, const char *code)
{
    struct sb_results *r = &f->platforms;
    struct sb_arena *a = &r->arena;
    *e = (struct sb_effects){
        .metric = "events_per_second", .unit = "1/s", .better = SB_BETTER_HIGHER, .n = 20};
    e->rest.v = sb_arena_calloc(a, 1, sizeof *e->rest.v);
    e->rest.v[e->rest.nr++] = (struct sb_label){"test", "cpu"};
    e->terms_nr = 3;
    e->terms = sb_arena_calloc(a, 3, sizeof *e->terms);
    e->terms[0] = (struct sb_effect_term){"platform", 1, 1, 99, 1e-6, 1e-5, 0.9};
    e->terms[1] = (struct sb_effect_term){"vcpus", 1, 1, 5.5, 0.03, 0.04, 0.2};
    e->terms[2] = (struct sb_effect_term){"platform:vcpus", 1, 1, 0.5, 0.5, 0.5, 0.02};
    e->ratios_nr = 2;
    e->ratios = sb_arena_calloc(a, 2, sizeof *e->ratios);
    e->ratios[0] = (struct sb_effect_ratio){"platform", "raw", "qcow2", 0.8, 0.7, 0.9, false};
    e->ratios[1] = (struct sb_effect_ratio){"vcpus", "1", "4", 3.88, 3.80, 3.97, false};
    if (code) sb_codes_add(a, &e->findings, code);
    r->effects = sb_xcalloc(1, sizeof *e);
    r->effects[0] = *e;
    r->effects_nr = r->effects_alloc = 1;
}

static void effects_say_what_their_ratios_average(void **state)
{
    static const struct {
        bool first, second;
        const char *has;
    } cases[] = {
        {false, false, "95 % interval, averaged over the other factors with equal weight."},
        {true, false, "with equal weight, or from main effects only where combinations of them are empty."},
        {true, true, "95 % interval, from main effects only, since combinations of the factors are empty."}};
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        struct fixture f;
        struct sb_effects e;
        struct sb_strbuf html = SB_STRBUF_INIT;
        fixture_init(&f, NULL);
        give_effects(&f, &e, NULL);
        f.platforms.effects[0].ratios[0].additive = cases[i].first;
        f.platforms.effects[0].ratios[1].additive = cases[i].second;
        sb_report_html(&html, &f.report);
        assert_has(html.buf, cases[i].has);
        sb_strbuf_release(&html);
        fixture_free(&f);
    }
}

static void effects_are_read_as_far_as_they_carry(void **state)
{
    static const struct {
        const char *code, *has, *has_too;
        double p;
    } cases[] = {
        {NULL, "vcpus: it shows in 1 of 1 measure (cpu, events per second: 4 / 1, ratio 3.88 [3.80, 3.97]).",
         "Platform: it shows in 1 of 1 measure", 0.04},
        {NULL, "vcpus: no effect shows in 1 of 1 measure, which does not mean that there is none.",
         "Platform: it", 0.06},
        {"VCPUS_CANNOT_ACT",
         "vcpus: it cannot act in 1 of 1, as the audit says (cpu, events per second), so what "
         "differs there in 1 of them has another cause.",
         "Platform: it", 0.04},
        {"MEMORY_SIZE_CANNOT_ACT", "vcpus: it shows in 1 of 1 measure", "Platform: it", 0.04},
        {"ACCELERATORS_DIFFER",
         "Platform: not interpreted, because platforms with different accelerators are mixed",
         "vcpus: it shows", 0.04},
        {"CONFOUNDED", "something else changed along with it", "vcpus: it shows", 0.04},
    };
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        struct fixture f;
        struct sb_effects e;
        struct sb_strbuf html = SB_STRBUF_INIT, markdown = SB_STRBUF_INIT;
        fixture_init(&f, NULL);
        give_effects(&f, &e, cases[i].code);
        f.platforms.effects[0].terms[1].p_adjusted = cases[i].p;
        sb_report_html(&html, &f.report);
        sb_report_markdown(&markdown, &f.report);
        assert_has(html.buf, cases[i].has);
        assert_has(html.buf, cases[i].has_too);
        assert_has(markdown.buf, "| cpu, events per second | platform | 1 | 99.0 | &lt; 0.001 | 0.900 |");
        assert_has(markdown.buf, "4 / 1 | 3.88 ");
        sb_strbuf_release(&html);
        sb_strbuf_release(&markdown);
        fixture_free(&f);
    }
}

static void set_image_verdicts(struct fixture *f, enum sb_verdict cpu, enum sb_verdict memory)
{
    for (size_t i = 0; i < f->platforms.comparisons_nr; i++) {
        struct sb_comparison *c = &f->platforms.comparisons[i];
        if (c->verdict && strcmp(c->baseline, "raw") == 0 && strcmp(c->level, "qcow2") == 0)
            c->verdict = strcmp(sb_labels_get(&c->rest, "test"), "cpu") == 0 ? cpu : memory;
    }
}

static void raw_or_qcow2_follows_from_verdicts(void **state)
{
    static const struct {
        enum sb_verdict cpu, memory;
        const char *counts, *advice;
    } cases[] = {
        {SB_SLOWER, SB_EQUIVALENT, "slower in 2, equivalent in 2 of 4 headline", "it speaks for raw; none"},
        {SB_FASTER, SB_EQUIVALENT, "faster in 2, equivalent in 2 of 4", "it speaks for qcow2; none"},
        {SB_FASTER, SB_SLOWER, "faster in 2, slower in 2 of 4", "The verdicts point both ways"},
        {SB_EQUIVALENT, SB_EQUIVALENT, "equivalent in 4 of 4", "speed is no reason to prefer"},
        {SB_EQUIVALENT, SB_INCONCLUSIVE, "inconclusive in 2 of 4", "No verdict prefers a format"},
        {SB_INCONCLUSIVE, SB_INCONCLUSIVE, "inconclusive in 4 of 4", "These data do not decide"},
    };
    (void)state;
    for (size_t i = 0; i < SB_ARRAY_SIZE(cases); i++) {
        struct fixture f;
        struct sb_strbuf html = SB_STRBUF_INIT, markdown = SB_STRBUF_INIT;
        fixture_init(&f, NULL);
        set_image_verdicts(&f, cases[i].cpu, cases[i].memory);
        f.ds.cells_nr = 0;
        sb_report_html(&html, &f.report);
        sb_report_markdown(&markdown, &f.report);
        const char *section = strstr(html.buf, "<section id=\"images\"");
        assert_non_null(section);
        assert_has(section, cases[i].counts);
        assert_has(section, cases[i].advice);
        assert_has(section, "None of these tests works on the disk");
        assert_has(section, "No manifest describes the images");
        assert_has(section, "not measured here");
        assert_lacks(section, "software emulation (TCG) only");
        assert_has(markdown.buf, cases[i].counts);
        assert_has(markdown.buf, "| cpu in c1g1 | Events per second | 1.001 ");
        sb_strbuf_release(&html);
        sb_strbuf_release(&markdown);
        fixture_free(&f);
    }
}

static void images_need_both_formats_or_sizes(void **state)
{
    static const char *const platforms[] = {"raw", "docker", NULL};
    struct fixture f;
    struct sb_strbuf html = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, &(struct fixture_options){.platforms = platforms});
    f.ds.cells_nr = 0;
    sb_report_html(&html, &f.report);
    assert_lacks(html.buf, "Raw or qcow2?");
    fixture_free(&f);
    sb_strbuf_clear(&html);
    fixture_init(&f, &(struct fixture_options){.emulated = true});
    sb_report_html(&html, &f.report);
    assert_has(html.buf, "Raw or qcow2?");
    assert_has(html.buf, "software emulation (TCG) only");
    sb_strbuf_release(&html);
    fixture_free(&f);
}

static void one_platform_is_compared_with_nothing(void **state)
{
    static const char *const platforms[] = {"docker", NULL}, *const configs[] = {"c1g1", NULL};
    struct fixture f;
    struct sb_arena arena;
    struct sb_strbuf out = SB_STRBUF_INIT;
    size_t nr;
    (void)state;
    sb_arena_init(&arena);
    fixture_init(&f, &(struct fixture_options){.platforms = platforms, .configs = configs});
    const char *all = sentences_of(&f, &arena, &nr);
    assert_has(all, "The logs hold one platform, Docker: no platform is compared with another.");
    sb_report_html(&out, &f.report);
    assert_lacks(out.buf, "id=\"configs\"");
    assert_has(out.buf, "id=\"within\"");
    sb_strbuf_release(&out);
    fixture_free(&f);
    sb_arena_free(&arena);
}

static void nothing_at_all_is_a_report_too(void **state)
{
    static report_fn *const formats[] = {sb_report_html, sb_report_markdown, sb_report_json};
    struct sb_dataset ds;
    struct sb_report report = {.ds = &ds};
    struct sb_strbuf out = SB_STRBUF_INIT;
    const struct sb_text_style style = {.width = 80};
    (void)state;
    sb_dataset_init(&ds);
    for (size_t i = 0; i < SB_ARRAY_SIZE(formats); i++)
        formats[i](&out, &report);
    sb_report_text(&out, &report, &style);
    assert_int_equal(occurrences(out.buf, "No run could be used"), 4);
    sb_strbuf_release(&out);
    sb_dataset_free(&ds);
}

/* ---- html ---- */

/* Every tag of the page is one that the report writes. */
static void assert_own_tags(const char *html)
{
    static const char *const tags[] = {
        "!DOCTYPE", "a",       "b",     "body", "caption", "circle", "clipPath",   "code",   "dd",
        "defs",     "details", "div",   "dl",   "dt",      "em",     "figcaption", "figure", "footer",
        "g",        "h1",      "h2",    "h3",   "head",    "header", "html",       "i",      "li",
        "link",     "main",    "meta",  "nav",  "ol",      "p",      "path",       "pre",    "rect",
        "script",   "section", "small", "span", "strong",  "style",  "summary",    "sup",    "svg",
        "table",    "tbody",   "td",    "text", "th",      "thead",  "title",      "tr",     "ul"};
    const char *script = strstr(html, "<script>");
    assert_non_null(script);
    /* No functions of strings on the page: a strict sanitizer reads it to its end in each call. */
    for (const char *s = html; (s = memchr(s, '<', (size_t)(script - s))) != NULL; s++) {
        const char *name = s[1] == '/' ? s + 2 : s + 1;
        size_t len = 0, i = 0;
        while (name[len] && !strchr(" >\n", name[len]))
            len++;
        while (i < SB_ARRAY_SIZE(tags) && !(strlen(tags[i]) == len && memcmp(tags[i], name, len) == 0))
            i++;
        if (i == SB_ARRAY_SIZE(tags)) fail_msg("a foreign tag: %.60s", s);
    }
}

static void hostile_text_stays_text(void **state)
{
    static const char *const configs[] = {"c1g1", NULL};
    const struct sb_text_style style = {.width = 80};
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture f;
        struct sb_strbuf html = SB_STRBUF_INIT, rest = SB_STRBUF_INIT;
        fixture_init(&f,
                     &(struct fixture_options){.configs = configs, .repetitions = 2, .hostile = hostile[i]});
        f.report.command = hostile[i];
        f.report.paths = &hostile[i];
        sb_report_html(&html, &f.report);
        assert_own_tags(html.buf);
        assert_int_equal(occurrences(html.buf, "<script"), 1);
        assert_int_equal(occurrences(html.buf, "</script"), 1);
        assert_no_controls(html.buf);
        sb_report_markdown(&rest, &f.report);
        sb_report_text(&rest, &f.report, &style);
        assert_no_controls(rest.buf);
        assert_lacks(rest.buf, "\xe2\x80\xae");
        sb_strbuf_release(&html);
        sb_strbuf_release(&rest);
        fixture_free(&f);
    }
}

/* As many cells in every row as in the head of its table. */
static void markdown_rows_keep_their_cells(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture f;
        struct sb_strbuf out = SB_STRBUF_INIT;
        size_t cells = 0;
        fixture_init(&f, &(struct fixture_options){.repetitions = 2, .hostile = hostile[i]});
        sb_report_markdown(&out, &f.report);
        for (char *line = out.buf, *end; *line; line = end + 1) {
            end = strchr(line, '\n');
            *end = '\0';
            size_t bars = occurrences(line, "|");
            if (*line == '|' && cells && bars != cells)
                fail_msg("%zu cells, not %zu, for \"%s\": %s", bars, cells, hostile[i], line);
            cells = *line == '|' ? bars : 0;
            assert_lacks(line, "<script");
            assert_lacks(line, "<img");
        }
        sb_strbuf_release(&out);
        fixture_free(&f);
    }
}

static void json_can_be_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture f;
        struct sb_strbuf out = SB_STRBUF_INIT;
        struct json_object *member;
        struct sb_err err = {.code = SB_OK};
        fixture_init(&f, &(struct fixture_options){.repetitions = 2, .hostile = hostile[i]});
        sb_report_json(&out, &f.report);
        struct json_object *root = sb_json_parse("report.json", out.buf, out.len, &err);
        if (!root) fail_msg("%s", err.msg);
        assert_true(json_object_object_get_ex(root, "runs", &member));
        size_t rows = 0;
        for (size_t k = 0; k < f.ds.runs_nr; k++)
            rows += f.ds.runs[k].values_nr + f.ds.runs[k].params_nr;
        assert_int_equal(json_object_array_length(member), rows);
        assert_true(json_object_object_get_ex(root, "comparisons", &member));
        assert_int_equal(json_object_array_length(member),
                         f.platforms.comparisons_nr + f.configs.comparisons_nr);
        assert_true(json_object_object_get_ex(root, "audit", &member));
        assert_int_equal(json_object_array_length(member), 3);
        json_object_put(root);
        sb_strbuf_release(&out);
        fixture_free(&f);
    }
}

static void every_number_leads_to_its_line(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, NULL);
    sb_report_html(&out, &f.report);
    for (const char *s = strstr(out.buf, "href=\"#"); s; s = strstr(s + 1, "href=\"#")) {
        char id[64], anchor[80];
        size_t len = strcspn(s + 7, "\"");
        assert_true(len < sizeof id);
        snprintf(id, sizeof id, "%.*s", (int)len, s + 7);
        snprintf(anchor, sizeof anchor, "id=\"%s\"", id);
        if (occurrences(out.buf, anchor) != 1)
            fail_msg("%s stands %zu times", anchor, occurrences(out.buf, anchor));
    }
    assert_has(out.buf, "<a class=\"where\" href=\"#r0-10\">logs/raw/c1g1_cpu_r1.txt:10</a>");
    assert_has(out.buf, "<span id=\"r0-10\"><i>10</i>    events per second:  ");
    assert_has(out.buf, "1 run left out</a>");
    assert_has(out.buf, "default-src 'none'");
    assert_has(out.buf, "<code>BOOT_UNKNOWN</code> <em>applies to every number</em>");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

static void a_cell_without_numbers_says_why(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    const struct sb_text_style style = {.width = 80};
    (void)state;
    fixture_init(&f, NULL);
    sb_results_free(&f.platforms);
    sb_results_free(&f.configs);
    for (size_t i = 0; i < f.ds.runs_nr; i++)
        if (strcmp(sb_run_label(&f.ds.runs[i], "platform"), "docker") == 0 &&
            strcmp(f.ds.runs[i].kind, "memory") == 0)
            f.ds.runs[i].suspect = true;
    fixture_summarise(&f, &f.platforms);
    fixture_compare(&f.platforms, "platform", "raw");
    sb_report_html(&out, &f.report);
    assert_has(out.buf, "5 runs left out</a></td>");
    sb_strbuf_clear(&out);
    sb_report_text(&out, &f.report, &style);
    assert_has(out.buf, "5 left out");
    sb_strbuf_clear(&out);
    sb_report_markdown(&out, &f.report);
    assert_has(out.buf, "5 runs left out");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

static void same_input_same_bytes(void **state)
{
    static report_fn *const formats[] = {sb_report_html, sb_report_markdown, sb_report_json};
    struct sb_strbuf first = SB_STRBUF_INIT, second = SB_STRBUF_INIT;
    (void)state;
    for (int round = 0; round < 2; round++) {
        struct fixture f;
        fixture_init(&f, &(struct fixture_options){.emulated = true});
        for (size_t i = 0; i < SB_ARRAY_SIZE(formats); i++)
            formats[i](round ? &second : &first, &f.report);
        fixture_free(&f);
    }
    assert_int_equal(first.len, second.len);
    assert_memory_equal(first.buf, second.buf, first.len);
    sb_strbuf_release(&first);
    sb_strbuf_release(&second);
}

/* 100,000 runs in 50 cells, each with an excerpt. Beyond the budgets nothing grows with the runs:
 * `report_page html big` writes the page of a million. */
static void many_runs_stay_small(void **state)
{
    static const char *const platforms[] = {"raw", "qcow2", "docker", "podman", "host", NULL};
    static const char *const configs[] = {"c1g1", "c2g2", "c4g4", "c8g8", "c16g16", NULL};
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f,
                 &(struct fixture_options){
                     .platforms = platforms, .configs = configs, .repetitions = 2000, .no_excerpts = true});
    for (size_t i = 0; i < f.ds.runs_nr; i++) {
        f.ds.runs[i].excerpt = "sysbench 1.0.20\nCPU speed:\n    events per second:  1204.10\n";
        f.ds.runs[i].excerpt_line = 1;
    }
    assert_int_equal(f.ds.runs_nr, 100000);
    sb_report_html(&out, &f.report);
    assert_in_range(out.len, 100000, 20000000);
    sb_strbuf_release(&out);
    fixture_free(&f);
}

/* Every run its own cell, long names, a finding for each: every part of the page meets its budget. */
static void many_cells_stay_small(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    char name[64];
    (void)state;
    fixture_init(&f, &(struct fixture_options){.repetitions = 2000});
    for (size_t i = 0; i < f.ds.runs_nr; i++) {
        snprintf(name, sizeof name, "a-rather-long-label-value-%zu", i);
        sb_run_set_label(&f.ds, &f.ds.runs[i], "variant", sb_dataset_intern(&f.ds, name));
        sb_dataset_add_finding(&f.ds, "SHORT_RUN", SB_WARNING, i, 10,
                               "the run took 0.19 s; its start and end weigh too much, so much is sure");
    }
    sb_results_free(&f.platforms);
    sb_results_free(&f.configs);
    fixture_summarise(&f, &f.platforms);
    sb_report_html(&out, &f.report);
    if (getenv("SBSTAT_KEEP")) fwrite(out.buf, 1, out.len, stderr);
    assert_in_range(out.len, 1000000, 20000000);
    assert_has(out.buf, "further rows stand in summary.csv");
    assert_has(out.buf, "further findings stand in report.json");
    assert_has(out.buf, "further numbers are not listed here");
    assert_has(out.buf, "further runs are not embedded");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(emulation_comes_first),
        cmocka_unit_test(barred_without_emulation_is_said_too),
        cmocka_unit_test(verdicts_carry_the_sentences),
        cmocka_unit_test(verdicts_that_hang_on_suspect_runs),
        cmocka_unit_test(effects_say_what_their_ratios_average),
        cmocka_unit_test(effects_are_read_as_far_as_they_carry),
        cmocka_unit_test(raw_or_qcow2_follows_from_verdicts),
        cmocka_unit_test(images_need_both_formats_or_sizes),
        cmocka_unit_test(one_platform_is_compared_with_nothing),
        cmocka_unit_test(nothing_at_all_is_a_report_too),
        cmocka_unit_test(hostile_text_stays_text),
        cmocka_unit_test(markdown_rows_keep_their_cells),
        cmocka_unit_test(json_can_be_read),
        cmocka_unit_test(every_number_leads_to_its_line),
        cmocka_unit_test(a_cell_without_numbers_says_why),
        cmocka_unit_test(same_input_same_bytes),
        cmocka_unit_test(many_runs_stay_small),
        cmocka_unit_test(many_cells_stay_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
