#include "parsers/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static bool match(const char *pattern, const char *line, struct sb_match *m)
{
    return sb_pattern_match(pattern, (struct sb_slice){line, strlen(line)}, m);
}

static void test_matches(void **state)
{
    static const struct {
        const char *pattern, *line, *first; /* first capture; NULL: no match */
    } rows[] = {
        {"total time: %ns", "    total time:                          10.0012s", "10.0012"},
        {"total time: %ns", "    total time:                          10.0012", NULL},
        {"total time: %ns", "the total time: 1s", NULL},
        {"events (avg/stddev): %n/%n", "    events (avg/stddev):           5000.0000/12.00", "5000.0000"},
        {"( %n per second)", "(  12.34 per second)", "12.34"},
        {"Doing %t test", "Doing sequential write (creation) test", "sequential write (creation)"},
        {"Doing %t test", "Doing  test", NULL},
        {"%w total file size", "1.1719GiB total file size", "1.1719GiB"},
        {"%w total file size", "two words total file size", NULL},
        {"lat (ms,%n%%): %n", "lat (ms,95%): 0.20", "95"},
        {"err/s{:} %n", "err/s 0.50", "0.50"},
        {"err/s{:} %n", "err/s: 0.50", "0.50"},
        {"err/s{:} %n", "err/s; 0.50", NULL},
        {"FATAL: %*", "FATAL: ", ""},
        {"min: %n%w", "min:   0.96ms", "0.96"},
        {"min: %n%w", "min:   0.96", NULL},
        {"%n Requests/sec executed", "   52.00 Requests/sec executed  ", "52.00"},
        {"Done.", "Done.", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sb_match m;
        bool ok = match(rows[i].pattern, rows[i].line, &m);
        if (ok != (rows[i].first != NULL)) fail_msg("'%s' on '%s': %d", rows[i].pattern, rows[i].line, ok);
        if (ok && m.captures_nr && !sb_slice_is(m.captures[0], rows[i].first))
            fail_msg("'%s': '%.*s'", rows[i].pattern, (int)m.captures[0].len, m.captures[0].s);
    }
}

static void test_number_tokens(void **state)
{
    static const struct {
        const char *text;
        size_t len;
    } rows[] = {{"12.50ms", 5}, {"-nan ", 4}, {"nan", 3}, {"inf/s", 3}, {"0x1F", 4}, {"1,234.5", 7},
                {"1,", 1},      {"1e5", 3},   {"1e", 1},  {".5", 2},    {"-", 0},    {"", 0},
                {"abc", 0},     {"1'234", 5}, {"+3", 2},  {"1.2.3", 5}, {"5.", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (sb_number_token(rows[i].text, strlen(rows[i].text)) != rows[i].len) fail_msg("%s", rows[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_matches), cmocka_unit_test(test_number_tokens)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
