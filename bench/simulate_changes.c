/*
 * How often change-point detection raises a false alarm, and how often it sees a real change, by simulation. Prints
 * Markdown tables; docs/history.md holds its output.
 *
 *   simulate_changes [repetitions]      default 2000
 *
 * Everything is seeded: the same build prints the same tables.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "core/alloc.h"
#include "history/change.h"
#include "io/number.h"

/* 1,999 shuffles decide at 0.05 as 9,999 do: a search stops at the hundredth that is as large. Tables need smaller p. */
enum { MOST = 200, SHUFFLES = 1999, TABLE_SHUFFLES = 9999, TABLE = 18 };
static const double level = 0.05;
static const size_t lengths[] = {8, 10, 20, 50, 100};

static uint64_t state;

static double uniform(void) /* (0, 1) */
{
    uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return ((double)((z ^ (z >> 31)) >> 11) + 0.5) / 9007199254740992.0;
}

static double normal(void)
{
    return sqrt(-2 * log(uniform())) * cos(2 * acos(-1) * uniform());
}

/* ---- kinds of noise, with a standard deviation of about 1 ---- */

static double white(double before)
{
    (void)before;
    return normal();
}

static double skewed(double before) /* exponential */
{
    (void)before;
    return -log(uniform());
}

static double heavy(double before) /* Student's t with 3 degrees of freedom */
{
    double chi = 0;
    (void)before;
    for (int i = 0; i < 3; i++)
        chi += pow(normal(), 2);
    return normal() / sqrt(chi / 3) / sqrt(3);
}

static double outliers(double before) /* one in ten lies ten deviations off */
{
    (void)before;
    return normal() + (uniform() < 0.1 ? 10 : 0);
}

static double ties(double before) /* printed so coarsely that few values are left */
{
    (void)before;
    return floor(normal() + 0.5);
}

static double correlated(double before, double rho)
{
    return rho * before + sqrt(1 - rho * rho) * normal();
}

static double correlated_3(double before)
{
    return correlated(before, 0.3);
}

static double correlated_6(double before)
{
    return correlated(before, 0.6);
}

static const struct noise {
    const char *name;
    double (*draw)(double before);
} noises[] = {{"normal", white},
              {"skewed (exponential)", skewed},
              {"heavy tails (t, 3 df)", heavy},
              {"one outlier in ten", outliers},
              {"ties (about five values)", ties},
              {"neighbours correlated 0.3", correlated_3},
              {"neighbours correlated 0.6", correlated_6}};

static void fill(double *x, size_t n, const struct noise *noise)
{
    double before = normal();
    for (size_t i = 0; i < n; i++)
        x[i] = before = noise->draw(before);
}

static void print_heading(const char *first)
{
    printf("\n| %s |", first);
    for (size_t k = 0; k < SB_ARRAY_SIZE(lengths); k++)
        printf(" n = %zu |", lengths[k]);
    printf("\n| --- |");
    for (size_t k = 0; k < SB_ARRAY_SIZE(lengths); k++)
        printf(" ---: |");
    printf("\n");
}

/* ---- one series ---- */

static void false_alarms(size_t repetitions)
{
    struct sb_change changes[MOST];
    double x[MOST];
    printf("### A stable series: how often any change is found at level %g, in percent\n\n", level);
    printf("%zu series each; standard error %.1f.\n", repetitions, 100 * sqrt(level * (1 - level) / (double)repetitions));
    print_heading("noise");
    for (size_t i = 0; i < SB_ARRAY_SIZE(noises); i++) {
        printf("| %s |", noises[i].name);
        for (size_t k = 0; k < SB_ARRAY_SIZE(lengths); k++) {
            size_t alarms = 0;
            state = 1000 * i + k;
            for (size_t r = 0; r < repetitions; r++) {
                fill(x, lengths[k], &noises[i]);
                alarms += sb_find_changes(x, lengths[k], level, SHUFFLES, r, changes) > 0;
            }
            printf(" %.1f |", 100 * (double)alarms / (double)repetitions);
            fflush(stdout);
        }
        printf("\n");
    }
}

static void power(size_t repetitions)
{
    static const double steps[] = {1, 2, 3, 5};
    struct sb_change changes[MOST];
    double x[MOST];
    printf("\n### A step in the middle, normal noise: how often a change is found, and within one entry of its place, in percent\n");
    print_heading("step, in standard deviations of the entries");
    for (size_t s = 0; s < SB_ARRAY_SIZE(steps); s++) {
        printf("| %g |", steps[s]);
        for (size_t k = 0; k < SB_ARRAY_SIZE(lengths); k++) {
            size_t n = lengths[k], found = 0, placed = 0;
            state = 100000 + 1000 * s + k;
            for (size_t r = 0; r < repetitions; r++) {
                fill(x, n, &noises[0]);
                for (size_t i = n / 2; i < n; i++)
                    x[i] += steps[s];
                if (!sb_find_changes(x, n, level, SHUFFLES, r, changes)) continue;
                found++;
                placed += changes[0].at + 1 >= n / 2 && changes[0].at <= n / 2 + 1;
            }
            printf(" %.0f, %.0f |", 100 * (double)found / (double)repetitions, 100 * (double)placed / (double)repetitions);
            fflush(stdout);
        }
        printf("\n");
    }
}

/* ---- a whole answer: Benjamini-Hochberg over the series, as sb_history_trends() does it ---- */

static int double_cmp(const void *pa, const void *pb)
{
    double a = *(const double *)pa, b = *(const double *)pb;
    return (a > b) - (a < b);
}

static bool any_rejected(double p[TABLE])
{
    qsort(p, TABLE, sizeof *p, double_cmp);
    for (size_t k = 0; k < TABLE; k++)
        if (p[k] <= level * (double)(k + 1) / TABLE) return true;
    return false;
}

static void whole_tables(size_t repetitions)
{
    static const double shared[] = {0, 0.5, 0.9};
    struct sb_change changes[MOST];
    double x[MOST], common[MOST], p[TABLE];
    printf("\n### %d stable series together: how often any change is found, in percent\n\n", TABLE);
    printf("%zu histories each. Shared: the part of the variance that all series have in common, as a busy host gives.\n", repetitions / 4);
    print_heading("shared");
    for (size_t s = 0; s < SB_ARRAY_SIZE(shared); s++) {
        printf("| %.0f %% |", 100 * shared[s]);
        for (size_t k = 0; k < SB_ARRAY_SIZE(lengths); k++) {
            size_t n = lengths[k], alarms = 0;
            state = 200000 + 1000 * s + k;
            for (size_t r = 0; r < repetitions / 4; r++) {
                fill(common, n, &noises[0]);
                for (size_t t = 0; t < TABLE; t++) {
                    fill(x, n, &noises[0]);
                    for (size_t i = 0; i < n; i++)
                        x[i] = sqrt(shared[s]) * common[i] + sqrt(1 - shared[s]) * x[i];
                    sb_find_changes(x, n, level, TABLE_SHUFFLES, r, changes);
                    p[t] = changes[0].p;
                }
                alarms += any_rejected(p);
            }
            printf(" %.1f |", 100 * (double)alarms / (double)(repetitions / 4));
            fflush(stdout);
        }
        printf("\n");
    }
}

int main(int argc, char **argv)
{
    double repetitions = 2000;
    if (argc > 1 && (!sb_number_parse(argv[1], strlen(argv[1]), &repetitions) || !(repetitions >= 10 && repetitions <= 1e7))) {
        fprintf(stderr, "usage: simulate_changes [repetitions, at least 10]\n");
        return 2;
    }
    false_alarms((size_t)repetitions);
    power((size_t)repetitions);
    whole_tables((size_t)repetitions);
    return 0;
}
