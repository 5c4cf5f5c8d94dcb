/* NIST's Statistical Reference Datasets: correct digits of means and standard deviations. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "analyze/moments.h"
#include "core/alloc.h"

static double digits(double got, double certified)
{
    return got == certified ? 16 : -log10(fabs(got - certified) / fabs(certified));
}

static double wanted_sd_digits(const char *name)
{
    return strcmp(name, "NumAcc4") == 0 ? 8 : strcmp(name, "NumAcc3") == 0 ? 9 : 13;
}

static void check_set(char *line)
{
    static double x[6000];
    size_t n = 0;
    char *name = line, *at = strchr(line, '\t'), *end;
    *at = '\0';
    double mean = strtod(at + 1, &at), sd = strtod(at, &at);
    for (double v = strtod(at, &end); end != at; v = strtod(at, &end)) {
        x[n++] = v;
        at = end;
    }
    double mean_digits = digits(sb_stat_mean(x, n), mean), sd_digits = digits(sb_stat_sd(x, n), sd);
    print_message("%-9s n %4zu  mean %4.1f digits  sd %4.1f digits\n", name, n, mean_digits, sd_digits);
    if (mean_digits < 13 || sd_digits < wanted_sd_digits(name)) fail_msg("%s is not accurate enough", name);
}

static void all_nine_sets(void **state)
{
    static char line[200000];
    int sets = 0;
    FILE *file = fopen(SBSTAT_TESTS_DIR "/reference/nist/univariate.tsv", "r");
    assert_non_null(file);
    for (; fgets(line, sizeof line, file); sets++)
        check_set(line);
    fclose(file);
    assert_int_equal(sets, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_nine_sets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
