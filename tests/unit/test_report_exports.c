#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <regex.h>
#include "core/text.h"
#include "report_asserts.h"
#include "report_fixture.h"
#include "report_hostile.h"

static void assert_matches(const regex_t *pattern, const char *line, const char *why)
{
    if (regexec(pattern, line, 0, NULL, 0) != 0) fail_msg("%s: %s", why, line);
}

/* Calls `check` for every line, which has no newline then. */
static void each_line(struct sb_strbuf *out, void (*check)(const char *line, void *context), void *context)
{
    assert_int_equal(out->buf[out->len - 1], '\n');
    for (char *line = out->buf, *end; *line; line = end + 1) {
        end = strchr(line, '\n');
        *end = '\0';
        check(line, context);
    }
}

/* ---- LaTeX ---- */

static void latex_has_only_its_own_macros(void **state)
{
    static const char *const macros[] = {"\\documentclass",
                                         "\\usepackage",
                                         "\\IfFileExists",
                                         "\\newcommand",
                                         "\\sbunicode",
                                         "\\sbchart",
                                         "\\footnotesize",
                                         "\\texttt",
                                         "\\includegraphics",
                                         "\\linewidth",
                                         "\\centering",
                                         "\\caption",
                                         "\\setlength",
                                         "\\emergencystretch",
                                         "\\begin",
                                         "\\end",
                                         "\\section",
                                         "\\item",
                                         "\\textbf",
                                         "\\toprule",
                                         "\\midrule",
                                         "\\endhead",
                                         "\\bottomrule",
                                         "\\addlinespace",
                                         "\\endfoot",
                                         "\\scriptsize",
                                         "\\tabcolsep",
                                         "\\normalfont",
                                         "\\raggedright",
                                         "\\par",
                                         "\\medskip",
                                         "\\LARGE",
                                         "\\textbackslash",
                                         "\\textasciicircum",
                                         "\\textasciitilde",
                                         "\\textless",
                                         "\\textgreater",
                                         "\\textbar",
                                         "\\textquotedbl",
                                         "\\textasciigrave",
                                         "\\textquotesingle",
                                         "\\ensuremath",
                                         "\\pm",
                                         "\\times",
                                         "\\textendash",
                                         "\\textemdash",
                                         "\\ldots",
                                         "\\\\",
                                         "\\{",
                                         "\\}",
                                         "\\$",
                                         "\\&",
                                         "\\#",
                                         "\\%",
                                         "\\_"};
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture f;
        struct sb_strbuf out = SB_STRBUF_INIT;
        fixture_init(&f, &(struct fixture_options){.repetitions = 2, .hostile = hostile[i]});
        f.report.command = hostile[i];
        sb_report_latex(&out, &f.report);
        long depth = 0;
        for (const char *s = out.buf; *s; s++) {
            depth += *s == '{' ? 1 : *s == '}' ? -1 : 0;
            if (*s != '\\') continue;
            size_t len = 1, k = 0;
            while (sb_is_alnum(s[len]) && !sb_is_digit(s[len]))
                len++;
            if (len == 1) len = 2;
            while (k < SB_ARRAY_SIZE(macros) &&
                   !(strlen(macros[k]) == len && strncmp(macros[k], s, len) == 0))
                k++;
            if (k == SB_ARRAY_SIZE(macros)) fail_msg("a foreign macro for \"%s\": %.30s", hostile[i], s);
            s += len - 1;
        }
        assert_int_equal(depth, 0);
        assert_int_equal(occurrences(out.buf, "\\end{document}"), 1);
        sb_strbuf_release(&out);
        fixture_free(&f);
    }
}

static void latex_says_what_the_others_say(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    struct sb_report_chart charts[] = {
        {.name = "overview", .section = "overview", .title = "All", .alt = "Bars."},
        {.name = "../../evil}", .section = "overview", .title = "Never asked for."}};
    (void)state;
    fixture_init(&f, &(struct fixture_options){.emulated = true});
    f.report.charts = charts;
    f.report.charts_nr = 2;
    sb_report_latex(&out, &f.report);
    assert_has(out.buf,
               "\\textbf{QEMU raw and QEMU qcow2 were measured under software emulation (TCG),{} so nothing");
    assert_has(out.buf, "\\sbchart{overview}{Bars.}");
    assert_int_equal(occurrences(out.buf, "\\sbchart{"), 1);
    assert_has(out.buf, "\\toprule");
    assert_has(out.buf, "not comparable");
    assert_has(out.buf, "\\ensuremath{\\pm}");
    assert_has(out.buf, "(1 left out)");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

/* ---- JUnit ---- */

static void check_xml(const char *s)
{
    static const char *const tags[] = {"?xml",    "testsuites", "testsuite", "testcase",
                                       "failure", "skipped",    "system-out"};
    const char *open[16];
    size_t depth = 0;
    for (s = strchr(s, '<'); s; s = strchr(s, '<')) {
        bool closing = s[1] == '/';
        const char *name = s + 1 + closing, *end = strchr(name, '>');
        size_t len = strcspn(name, " />"), k = 0;
        while (k < SB_ARRAY_SIZE(tags) && !(strlen(tags[k]) == len && strncmp(tags[k], name, len) == 0))
            k++;
        if (k == SB_ARRAY_SIZE(tags)) fail_msg("a foreign element: %.40s", s);
        if (closing) {
            assert_true(depth > 0 && open[--depth] == tags[k]);
        } else if (end[-1] != '/' && end[-1] != '?') {
            assert_true(depth < SB_ARRAY_SIZE(open));
            open[depth++] = tags[k];
        }
        s = end;
    }
    assert_int_equal(depth, 0);
}

static void junit_is_well_formed(void **state)
{
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture f;
        struct sb_strbuf out = SB_STRBUF_INIT;
        fixture_init(&f, &(struct fixture_options){.repetitions = 2, .hostile = hostile[i]});
        sb_report_junit(&out, &f.report);
        check_xml(out.buf);
        sb_strbuf_release(&out);
        fixture_free(&f);
    }
}

static void junit_fails_what_is_wrong(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, &(struct fixture_options){.emulated = true});
    sb_report_junit(&out, &f.report);
    assert_has(out.buf, "<testsuite name=\"audit\" tests=\"12\" failures=\"1\" errors=\"0\" skipped=\"0\">");
    assert_has(out.buf, "<failure type=\"RATE_MISMATCH\" message=\"the printed rate");
    assert_has(out.buf, ">logs/docker/c2g2_memory_r5.txt:7</failure>");
    assert_has(out.buf, "<skipped message=\"not comparable: the levels ran under different accelerators\"/>");
    assert_int_equal(occurrences(out.buf, "<testcase "), occurrences(out.buf, "</testcase>"));
    assert_int_equal(occurrences(out.buf, "classname=\"comparisons\""), 4 * 6 + 6);
    sb_strbuf_release(&out);
    fixture_free(&f);
}

/* ---- benchstat ---- */

static void check_bench_line(const char *line, void *patterns)
{
    const regex_t *p = patterns;
    if (sb_has_prefix(line, "Benchmark"))
        assert_matches(&p[0], line, "no benchmark line");
    else if (sb_has_prefix(line, "Unit "))
        assert_matches(&p[1], line, "no unit line");
    else
        assert_matches(&p[2], line, "no configuration line");
}

static void benchstat_lines_are_what_go_reads(void **state)
{
    regex_t patterns[3];
    (void)state;
    assert_int_equal(regcomp(&patterns[0],
                             "^Benchmark[^a-z \t][^ \t]* 1( -?[0-9.]+(e[+-][0-9]+)? [^ \t0-9][^ \t]*)+$",
                             REG_EXTENDED | REG_NOSUB),
                     0);
    assert_int_equal(
        regcomp(&patterns[1], "^Unit [a-z0-9_]+ better=(higher|lower)$", REG_EXTENDED | REG_NOSUB), 0);
    assert_int_equal(regcomp(&patterns[2], "^[a-z][a-z0-9_-]*:( .*)?$", REG_EXTENDED | REG_NOSUB), 0);
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture f;
        struct sb_strbuf out = SB_STRBUF_INIT;
        fixture_init(&f, &(struct fixture_options){.repetitions = 2, .hostile = hostile[i]});
        for (size_t r = 0; r < f.ds.runs_nr; r += 2)
            sb_run_set_label(&f.ds, &f.ds.runs[r], "test", hostile[i]);
        sb_report_benchstat(&out, &f.report);
        each_line(&out, check_bench_line, patterns);
        sb_strbuf_release(&out);
        fixture_free(&f);
    }
    for (size_t i = 0; i < SB_ARRAY_SIZE(patterns); i++)
        regfree(&patterns[i]);
}

static void benchstat_leaves_suspects_out(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, NULL);
    sb_report_benchstat(&out, &f.report);
    assert_int_equal(occurrences(out.buf, "\nBenchmark"), 59);
    assert_has(out.buf, "Unit events_per_second better=higher\n");
    assert_has(out.buf, "config: c1g1\nplatform: raw\nBenchmarkCpu 1 ");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

/* ---- OpenMetrics ---- */

struct families {
    regex_t sample, comment;
    char current[64], seen[4096];
    bool ended;
};

static void check_metric_line(const char *line, void *context)
{
    struct families *f = context;
    assert_false(f->ended);
    if (strcmp(line, "# EOF") == 0) {
        f->ended = true;
    } else if (sb_has_prefix(line, "# TYPE ")) {
        size_t len = strcspn(line + 7, " ");
        char needle[80];
        snprintf(f->current, sizeof f->current, "%.*s", (int)len, line + 7);
        snprintf(needle, sizeof needle, " %s ", f->current);
        assert_null(strstr(f->seen, needle)); /* a family stands in one piece */
        size_t used = strlen(f->seen);
        snprintf(f->seen + used, sizeof f->seen - used, "%s", needle);
    } else if (*line == '#') {
        assert_matches(&f->comment, line, "no comment of the format");
    } else {
        assert_matches(&f->sample, line, "no sample");
        assert_true(sb_has_prefix(line, f->current));
        char after = line[strlen(f->current)];
        assert_true(after == '{' || after == ' ');
    }
}

static void openmetrics_lines_follow_the_grammar(void **state)
{
    static struct families f;
    (void)state;
    for (size_t i = 0; i < HOSTILE_NR; i++) {
        struct fixture x;
        struct sb_strbuf out = SB_STRBUF_INIT;
        memset(&f, 0, sizeof f);
        assert_int_equal(regcomp(&f.sample,
                                 "^sbstat_[a-z_]+(\\{([a-zA-Z_][a-zA-Z0-9_]*=\"([^\"\\\\]|\\\\[\\\\\"n])*\",?"
                                 ")+\\})? -?[0-9.]+(e[+-][0-9]+)?$",
                                 REG_EXTENDED | REG_NOSUB),
                         0);
        assert_int_equal(regcomp(&f.comment, "^# (HELP|TYPE) sbstat_[a-z_]+ .+$", REG_EXTENDED | REG_NOSUB),
                         0);
        fixture_init(&x, &(struct fixture_options){.repetitions = 2, .hostile = hostile[i]});
        for (size_t r = 0; r < x.ds.runs_nr; r++)
            if (*hostile[i])
                sb_run_set_label(&x.ds, &x.ds.runs[r], hostile[i], "x"); /* label names are hostile too */
        sb_results_free(&x.platforms);
        fixture_summarise(&x, &x.platforms);
        sb_report_openmetrics(&out, &x.report);
        each_line(&out, check_metric_line, &f);
        assert_true(f.ended);
        regfree(&f.sample);
        regfree(&f.comment);
        sb_strbuf_release(&out);
        fixture_free(&x);
    }
}

static void openmetrics_known_sample(void **state)
{
    struct fixture f;
    struct sb_strbuf out = SB_STRBUF_INIT;
    (void)state;
    fixture_init(&f, &(struct fixture_options){.emulated = true});
    sb_report_openmetrics(&out, &f.report);
    assert_has(out.buf, "sbstat_runs 60\n");
    assert_has(out.buf, "sbstat_replicates{platform=\"raw\",config=\"c1g1\",test=\"cpu\",metric=\"events_per_"
                        "second\",metric_unit=\"1/s\"} 5\n");
    assert_has(out.buf, "sbstat_ratio{factor=\"platform\",baseline=\"raw\",level=\"docker\",config=\"c1g1\","
                        "test=\"cpu\",metric=\"events_per_second\",verdict=\"not comparable\"} 4.");
    sb_strbuf_release(&out);
    fixture_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(latex_has_only_its_own_macros),
        cmocka_unit_test(latex_says_what_the_others_say),
        cmocka_unit_test(junit_is_well_formed),
        cmocka_unit_test(junit_fails_what_is_wrong),
        cmocka_unit_test(benchstat_lines_are_what_go_reads),
        cmocka_unit_test(benchstat_leaves_suspects_out),
        cmocka_unit_test(openmetrics_lines_follow_the_grammar),
        cmocka_unit_test(openmetrics_known_sample),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
