/*
 * How often the statistics are right, by simulation: coverage of the intervals, false verdicts in a whole
 * table, false equivalence on the margin, power. Prints Markdown tables; docs/statistics.md holds its output.
 *
 *   simulate_statistics [repetitions]      default 4000; the tables use a quarter of them
 *
 * Everything is seeded: the same build prints the same tables.
 */
#include <math.h>
#include "analyze/analyze.h"
#include "analyze/bootstrap.h"
#include "analyze/family.h"
#include "analyze/interval.h"
#include "analyze/moments.h"
#include "analyze/random_normal.h"
#include "analyze/rank_tests.h"
#include "analyze/tdist.h"
#include "analyze/twosample.h"
#include "core/alloc.h"

enum { ROWS = 72, MOST = 30, LARGE = 2000000 };
static const size_t sizes[] = {3, 5, 10, 30};
static const double level = 0.95, margin = 0.02, alpha = 0.05;

/* A shape of noise, as a multiple of the location, with a coefficient of variation of `cv`. */
struct shape {
    const char *name;
    double (*draw)(struct sb_random *r, double cv);
    double coverage_cv; /* of the coverage table; the lognormal's is large, so that it is skewed */
};

static double normal(struct sb_random *r, double cv)
{
    return 1 + cv * sb_random_normal(r);
}

static double lognormal(struct sb_random *r, double cv)
{
    return exp(sqrt(log1p(cv * cv)) * sb_random_normal(r));
}

/* Two modes: 70 % at one place, 30 % at another three standard deviations (of a mode) to either side, scaled
 * to the cv. */
static double bimodal(struct sb_random *r, double cv)
{
    static const double share = 0.3, gap = 6;
    double mode = sb_random_uniform(r) < share ? gap : 0;
    return 1 + cv * (mode - share * gap + sb_random_normal(r)) / sqrt(1 + share * (1 - share) * gap * gap);
}

/* One value in ten lies ten standard deviations of the others higher. */
static double outlier(struct sb_random *r, double cv)
{
    static const double share = 0.1, size = 10;
    double shift = sb_random_uniform(r) < share ? size : 0;
    return 1 +
           cv * (shift - share * size + sb_random_normal(r)) / sqrt(1 + share * (1 - share) * size * size);
}

static const struct shape shapes[] = {{"normal", normal, 0.1},
                                      {"lognormal", lognormal, 0.8},
                                      {"bimodal", bimodal, 0.1},
                                      {"one outlier in ten", outlier, 0.1}};

static void fill(struct sb_random *r, const struct shape *s, double cv, double location, double *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = 1000 * location * s->draw(r, cv);
}

/* What an interval should cover. */
struct truth {
    double mean, geomean, median;
};

static struct truth find_truth(const struct shape *s, double cv)
{
    struct sb_random r;
    struct truth t;
    double *x = sb_xreallocarray(NULL, LARGE, sizeof *x);
    sb_random_seed(&r, 7);
    fill(&r, s, cv, 1, x, LARGE);
    t.mean = 1000; /* by construction, but for the lognormal */
    if (s->draw == lognormal) t.mean = 1000 * sqrt(1 + cv * cv);
    t.geomean = sb_stat_geomean(x, LARGE);
    t.median = sb_stat_median(x, LARGE);
    free(x);
    return t;
}

/* ---- coverage ---- */

struct tally {
    size_t covered, made;
};

static void count(struct tally *t, struct sb_range range, double truth)
{
    if (isnan(range.low) || isnan(range.high)) return;
    t->made++;
    if (range.low <= truth && truth <= range.high) t->covered++;
}

enum { T, LOG_T, MEDIAN, BCA, PREDICTION, TOLERANCE, RATIO, DIFFERENCE, FIELLER, SHIFT, INTERVALS };
static const char *const interval_names[] = {"t",         "log-t", "median",     "BCa",     "prediction",
                                             "tolerance", "ratio", "difference", "Fieller", "Hodges-Lehmann"};

/* Share of the population between two bounds, from a stored sample of it. */
static double content(const double *sorted, size_t n, struct sb_range range)
{
    size_t inside = 0;
    for (size_t i = 0; i < n; i++)
        inside += range.low <= sorted[i] && sorted[i] <= range.high;
    return (double)inside / (double)n;
}

static void cover_one(struct tally *tallies, struct sb_random *r, const struct shape *s, double cv, size_t n,
                      const struct truth *truth, double factor, const double *population, bool bootstrap)
{
    double a[MOST], b[MOST], la[MOST], lb[MOST], next;
    fill(r, s, cv, 1, a, n);
    fill(r, s, cv, 1, b, n);
    fill(r, s, cv, 1, &next, 1);
    sb_stat_log(a, n, la);
    sb_stat_log(b, n, lb);
    struct sb_moments ma = sb_stat_moments(a, n), mb = sb_stat_moments(b, n);
    struct sb_welch logs = sb_welch_test(sb_stat_moments(la, n), sb_stat_moments(lb, n)),
                    raw = sb_welch_test(ma, mb);
    count(&tallies[T], sb_t_interval(ma, level), truth->mean);
    count(&tallies[LOG_T], sb_log_t_interval(a, n, level), truth->geomean);
    count(&tallies[MEDIAN], sb_median_interval(a, n, level).range, truth->median);
    count(&tallies[PREDICTION], sb_prediction_interval(ma, level), next);
    double half = factor * sqrt(ma.var);
    bool holds = content(population, 2000, (struct sb_range){ma.mean - half, ma.mean + half}) >= 0.9;
    count(&tallies[TOLERANCE], (struct sb_range){0, 1}, holds ? 0.5 : 2);
    count(&tallies[RATIO], sb_welch_interval(&logs, level), 0);
    count(&tallies[DIFFERENCE], sb_welch_interval(&raw, level), 0);
    count(&tallies[FIELLER], sb_fieller_interval(ma, mb, level).range, 1);
    count(&tallies[SHIFT], sb_hodges_lehmann(a, n, b, n, level).range, 0);
    if (bootstrap)
        count(&tallies[BCA], sb_bca(a, n, sb_statistic_mean, NULL, 999, sb_random_bits(r), level).range,
              truth->mean);
}

static void print_share(const struct tally *t, size_t of)
{
    if (t->made < of / 100)
        printf(" — |");
    else
        printf(" %.1f |", 100 * (double)t->covered / (double)t->made);
}

static void print_coverage(size_t repetitions)
{
    printf("\n### Coverage of nominal 95 %% intervals, in percent (%zu repetitions, standard error %.1f)\n\n",
           repetitions, 100 * sqrt(level * (1 - level) / (double)repetitions));
    printf("Coefficient of variation 10 %%, of the lognormal 80 %%; BCa with 999 replicates over a quarter "
           "of the repetitions; tolerance for 90 %% of the "
           "population; a dash where the interval is refused.\n\n| data | n |");
    for (size_t i = 0; i < INTERVALS; i++)
        printf(" %s |", interval_names[i]);
    printf("\n|---|---:|");
    for (size_t i = 0; i < INTERVALS; i++)
        printf("---:|");
    printf("\n");
    for (size_t s = 0; s < SB_ARRAY_SIZE(shapes); s++) {
        double cv = shapes[s].coverage_cv;
        struct truth truth = find_truth(&shapes[s], cv);
        struct sb_random r;
        double population[2000];
        sb_random_seed(&r, 11);
        fill(&r, &shapes[s], cv, 1, population, 2000);
        for (size_t k = 0; k < SB_ARRAY_SIZE(sizes); k++) {
            struct tally tallies[INTERVALS] = {{0, 0}};
            double factor = sb_tolerance_factor(sizes[k], 0.9, level);
            for (size_t i = 0; i < repetitions; i++)
                cover_one(tallies, &r, &shapes[s], cv, sizes[k], &truth, factor, population, i % 4 == 0);
            printf("| %s | %zu |", shapes[s].name, sizes[k]);
            for (size_t i = 0; i < INTERVALS; i++)
                print_share(&tallies[i], i == BCA ? repetitions / 4 : repetitions);
            printf("\n");
        }
    }
}

/* ---- tables of comparisons ---- */

/* One row as sb_compare() makes it, from the logarithms of two cells; the interval only when it is wanted. */
static void make_row(struct sb_comparison *row, const double *a, const double *b, size_t n, bool interval)
{
    double la[MOST], lb[MOST];
    sb_stat_log(a, n, la);
    sb_stat_log(b, n, lb);
    struct sb_welch w = sb_welch_test(sb_stat_moments(la, n), sb_stat_moments(lb, n));
    struct sb_range r = {NAN, NAN};
    if (interval) r = sb_welch_interval(&w, 1 - 2 * alpha);
    *row = (struct sb_comparison){.factor = "platform",
                                  .baseline = "raw",
                                  .level = "docker",
                                  .metric = "events_per_second",
                                  .better = SB_BETTER_HIGHER,
                                  .group = {"cpu", true},
                                  .p = w.p,
                                  .p_floor = 0,
                                  .ratio = exp(w.diff),
                                  .ratio_low90 = exp(r.low),
                                  .ratio_high90 = exp(r.high)};
}

static void judge(struct sb_results *results)
{
    sb_family_adjust(results, 0);
    sb_family_verdicts(results, 0);
}

static void table_init(struct sb_results *results, const char *correction)
{
    sb_results_init(results);
    sb_analysis_defaults(&results->settings);
    results->settings.correction = correction;
    SB_ALLOC_GROW(results->comparisons, ROWS, results->comparisons_alloc);
}

/* 36 combinations of two levels against one baseline; level 1 of the first combination is `ratio` times as
 * fast. */
static void fill_table(struct sb_results *results, struct sb_random *r, const struct shape *s, double cv,
                       size_t n, double ratio, bool all_intervals)
{
    results->comparisons_nr = 0;
    for (size_t i = 0; i < ROWS; i += 2) {
        double base[MOST], one[MOST], two[MOST];
        fill(r, s, cv, 1, base, n);
        fill(r, s, cv, i ? 1 : ratio, one, n);
        fill(r, s, cv, 1, two, n);
        make_row(&results->comparisons[results->comparisons_nr++], base, one, n, all_intervals || !i);
        make_row(&results->comparisons[results->comparisons_nr++], base, two, n, all_intervals);
    }
    judge(results);
}

static bool any_difference(const struct sb_results *results)
{
    for (size_t i = 0; i < results->comparisons_nr; i++)
        if (results->comparisons[i].verdict == SB_FASTER || results->comparisons[i].verdict == SB_SLOWER)
            return true;
    return false;
}

static void print_family(size_t tables)
{
    static const double cvs[] = {0.02, 0.2};
    printf("\n### Tables of 72 comparisons without any difference: percent with at least one `faster` or "
           "`slower` (%zu tables, "
           "standard error %.1f at 5 %%)\n\n| data | n | CV 2 %%, Holm | CV 20 %%, Holm | CV 2 %%, no "
           "correction |\n"
           "|---|---:|---:|---:|---:|\n",
           tables, 100 * sqrt(0.05 * 0.95 / (double)tables));
    for (size_t s = 0; s < SB_ARRAY_SIZE(shapes); s++)
        for (size_t k = 0; k < SB_ARRAY_SIZE(sizes); k++) {
            printf("| %s | %zu |", shapes[s].name, sizes[k]);
            for (int c = 0; c < 3; c++) {
                struct sb_results results;
                struct sb_random r;
                size_t wrong = 0;
                table_init(&results, c == 2 ? "none" : "holm");
                sb_random_seed(&r, 1000 * s + 10 * k + (size_t)c);
                for (size_t t = 0; t < tables; t++) {
                    fill_table(&results, &r, &shapes[s], cvs[c % 2], sizes[k], 1, true);
                    wrong += any_difference(&results);
                }
                printf(" %.1f |", 100 * (double)wrong / (double)tables);
                sb_results_free(&results);
            }
            printf("\n");
        }
}

static double equivalent_share(const struct shape *s, double cv, size_t n, double ratio, size_t repetitions,
                               uint64_t seed)
{
    struct sb_results results;
    struct sb_random r;
    size_t equivalent = 0;
    table_init(&results, "holm");
    sb_random_seed(&r, seed);
    for (size_t i = 0; i < repetitions; i++) {
        double a[MOST], b[MOST];
        fill(&r, s, cv, 1, a, n);
        fill(&r, s, cv, ratio, b, n);
        make_row(&results.comparisons[0], a, b, n, true);
        results.comparisons_nr = 1;
        judge(&results);
        equivalent += results.comparisons[0].verdict == SB_EQUIVALENT;
    }
    sb_results_free(&results);
    return 100 * (double)equivalent / (double)repetitions;
}

static void print_equivalence(size_t repetitions)
{
    static const double cvs[] = {0.005, 0.01, 0.02};
    printf("\n### `equivalent` at a margin of 2 %%, in percent: false at a true ratio of exactly 1.02, and "
           "right at 1.00 (%zu "
           "repetitions)\n\n| data | n | CV 0.5 %%: at 1.02 | at 1.00 | CV 1 %%: at 1.02 | at 1.00 | CV 2 "
           "%%: at 1.02 | at 1.00 |\n"
           "|---|---:|---:|---:|---:|---:|---:|---:|\n",
           repetitions);
    for (size_t s = 0; s < SB_ARRAY_SIZE(shapes); s++)
        for (size_t k = 0; k < SB_ARRAY_SIZE(sizes); k++) {
            printf("| %s | %zu |", shapes[s].name, sizes[k]);
            for (size_t c = 0; c < SB_ARRAY_SIZE(cvs); c++)
                printf(" %.1f | %.1f |",
                       equivalent_share(&shapes[s], cvs[c], sizes[k], 1 + margin, repetitions, 31 + c),
                       equivalent_share(&shapes[s], cvs[c], sizes[k], 1, repetitions, 51 + c));
            printf("\n");
        }
}

static double found_share(const struct shape *s, double cv, size_t n, double ratio, size_t tables,
                          uint64_t seed, bool alone)
{
    struct sb_results results;
    struct sb_random r;
    size_t found = 0;
    table_init(&results, "holm");
    sb_random_seed(&r, seed);
    for (size_t t = 0; t < tables; t++) {
        if (alone) {
            double a[MOST], b[MOST];
            fill(&r, s, cv, 1, a, n);
            fill(&r, s, cv, ratio, b, n);
            make_row(&results.comparisons[0], a, b, n, true);
            results.comparisons_nr = 1;
            judge(&results);
        } else {
            fill_table(&results, &r, s, cv, n, ratio, false);
        }
        found += results.comparisons[0].verdict == SB_FASTER;
    }
    sb_results_free(&results);
    return 100 * (double)found / (double)tables;
}

static void print_power(size_t tables)
{
    static const double ratios[] = {1.02, 1.05, 1.10};
    printf("\n### Power: percent `faster` at true ratios of 1.02, 1.05 and 1.10, CV 2 %%, alone / as one of "
           "72 comparisons under "
           "Holm (%zu tables)\n\n| data | n | 1.02 | 1.05 | 1.10 |\n|---|---:|---:|---:|---:|\n",
           tables);
    for (size_t s = 0; s < SB_ARRAY_SIZE(shapes); s++)
        for (size_t k = 0; k < SB_ARRAY_SIZE(sizes); k++) {
            printf("| %s | %zu |", shapes[s].name, sizes[k]);
            for (size_t i = 0; i < SB_ARRAY_SIZE(ratios); i++)
                printf(" %.1f / %.1f |",
                       found_share(&shapes[s], 0.02, sizes[k], ratios[i], tables, 71 + i, true),
                       found_share(&shapes[s], 0.02, sizes[k], ratios[i], tables, 91 + i, false));
            printf("\n");
        }
}

/* ---- boots ---- */

/* Runs of one boot share an error, so that two of them correlate by `icc`. */
static void fill_boots(struct sb_random *r, double icc, size_t boots, size_t runs, double *x, double *means)
{
    for (size_t b = 0; b < boots; b++) {
        double shared = sqrt(icc) * sb_random_normal(r);
        for (size_t i = 0; i < runs; i++)
            x[b * runs + i] = shared + sqrt(1 - icc) * sb_random_normal(r);
        means[b] = sb_stat_mean(x + b * runs, runs);
    }
}

static void print_boots(size_t repetitions)
{
    static const struct {
        size_t boots, runs;
    } designs[] = {{1, 5}, {2, 5}, {3, 5}, {5, 5}};
    printf(
        "\n### Runs of one boot are not independent: percent of false p < 0.05, no difference (%zu "
        "repetitions)\n\n"
        "| boots × runs | correlation | runs as independent | boots as replicates |\n|---|---:|---:|---:|\n",
        repetitions);
    for (size_t d = 0; d < SB_ARRAY_SIZE(designs); d++)
        for (int c = 0; c < 2; c++) {
            double icc = c ? 0.6 : 0.2, a[25], b[25], ma[5], mb[5];
            size_t boots = designs[d].boots, runs = designs[d].runs, naive = 0, right = 0;
            struct sb_random r;
            sb_random_seed(&r, 100 + d);
            for (size_t i = 0; i < repetitions; i++) {
                fill_boots(&r, icc, boots, runs, a, ma);
                fill_boots(&r, icc, boots, runs, b, mb);
                naive += sb_welch_test(sb_stat_moments(a, boots * runs), sb_stat_moments(b, boots * runs)).p <
                         alpha;
                right += sb_welch_test(sb_stat_moments(ma, boots), sb_stat_moments(mb, boots)).p < alpha;
            }
            printf("| %zu × %zu | %.1f | %.1f |", boots, runs, icc,
                   100 * (double)naive / (double)repetitions);
            if (boots > 1)
                printf(" %.1f |\n", 100 * (double)right / (double)repetitions);
            else
                printf(" no p, no verdict (`ONE_BOOT`) |\n");
        }
}

int main(int argc, char **argv)
{
    size_t repetitions = argc > 1 ? (size_t)strtoul(argv[1], NULL, 10) : 4000;
    if (repetitions < 100) {
        fprintf(stderr, "usage: simulate_statistics [repetitions, at least 100]\n");
        return 2;
    }
    print_coverage(repetitions);
    print_family(repetitions / 4);
    print_equivalence(repetitions);
    print_power(repetitions / 4);
    print_boots(repetitions);
    return 0;
}
