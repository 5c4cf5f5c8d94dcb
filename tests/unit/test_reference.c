/*
 * The numerical methods against R: every line of tests/reference/statistics/expected.tsv, which generate.R
 * beside it wrote, is computed again. One row of `quantities` per method.
 */
#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "analyze/anova.h"
#include "analyze/bootstrap.h"
#include "analyze/interval.h"
#include "analyze/many_means.h"
#include "analyze/multiplicity.h"
#include "analyze/normality.h"
#include "analyze/rank_tests.h"
#include "analyze/scaling_fit.h"
#include "analyze/series.h"
#include "analyze/tdist.h"
#include "analyze/twosample.h"
#include "analyze/variance.h"
#include "core/alloc.h"

enum { MOST_ROWS = 400, MOST_FIELDS = 8 };

/* A line of a table: name and numbers. */
struct row {
    char *name;
    double *v;
    size_t n;
};

struct table {
    struct row rows[MOST_ROWS];
    size_t nr;
};

static struct table samples, groups, factorial, resamples;

static FILE *open_reference(const char *name)
{
    char path[1024];
    snprintf(path, sizeof path, "%s/reference/statistics/%s", SBSTAT_TESTS_DIR, name);
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("cannot open %s", path);
    return file;
}

static char *read_line(FILE *file)
{
    size_t len = 0, alloc = 0;
    char *line = NULL;
    int c;
    while ((c = getc(file)) != EOF && c != '\n') {
        SB_ALLOC_GROW(line, len + 2, alloc);
        line[len++] = (char)c;
    }
    if (line) line[len] = '\0';
    return line;
}

static size_t parse_numbers(const char *text, double **v)
{
    size_t n = 0, alloc = 0;
    char *end;
    *v = NULL;
    for (double x = strtod(text, &end); end != text; x = strtod(text, &end)) {
        SB_ALLOC_GROW(*v, n + 1, alloc);
        (*v)[n++] = x;
        text = end + (*end == '\t');
    }
    return n;
}

static void read_table(struct table *t, const char *name)
{
    FILE *file = open_reference(name);
    char *line;
    while ((line = read_line(file))) {
        assert_true(t->nr < MOST_ROWS);
        char *tab = strchr(line, '\t');
        *tab = '\0';
        struct row *row = &t->rows[t->nr++];
        row->name = line;
        row->n = parse_numbers(tab + 1, &row->v);
    }
    fclose(file);
}

static const struct row *find(const struct table *t, const char *name)
{
    static const struct row none = {NULL, NULL, 0};
    for (size_t i = 0; i < t->nr; i++)
        if (strcmp(t->rows[i].name, name) == 0) return &t->rows[i];
    return &none;
}

/* What a quantity is computed from. */
struct input {
    const char *a_name, *b_name, *text; /* text: the parameter */
    const double *a, *b;
    size_t na, nb;
    double p[MOST_FIELDS]; /* the parameter's numbers */
};

static struct sb_moments ma(const struct input *i)
{
    return sb_stat_moments(i->a, i->na);
}

static struct sb_moments mb(const struct input *i)
{
    return sb_stat_moments(i->b, i->nb);
}

static struct sb_moments log_moments(const double *x, size_t n)
{
    double *logs = sb_xreallocarray(NULL, n, sizeof *logs);
    sb_stat_log(x, n, logs);
    struct sb_moments m = sb_stat_moments(logs, n);
    free(logs);
    return m;
}

static struct sb_moments la(const struct input *i)
{
    return log_moments(i->a, i->na);
}

static struct sb_moments lb(const struct input *i)
{
    return log_moments(i->b, i->nb);
}

#define QUANTITY(name, expression)                                                                           \
    static double q_##name(const struct input *i)                                                            \
    {                                                                                                        \
        return expression;                                                                                   \
    }

QUANTITY(mean, sb_stat_mean(i->a, i->na))
QUANTITY(sd, sb_stat_sd(i->a, i->na))
QUANTITY(median, sb_stat_median(i->a, i->na))
QUANTITY(mad, sb_stat_mad(i->a, i->na))
QUANTITY(geomean, sb_stat_geomean(i->a, i->na))
QUANTITY(t_low, sb_t_interval(ma(i), i->p[0]).low)
QUANTITY(t_high, sb_t_interval(ma(i), i->p[0]).high)
QUANTITY(log_t_low, sb_log_t_interval(i->a, i->na, i->p[0]).low)
QUANTITY(log_t_high, sb_log_t_interval(i->a, i->na, i->p[0]).high)
QUANTITY(median_low, sb_median_interval(i->a, i->na, i->p[0]).range.low)
QUANTITY(median_high, sb_median_interval(i->a, i->na, i->p[0]).range.high)
QUANTITY(median_attained, sb_median_interval(i->a, i->na, i->p[0]).attained)
QUANTITY(prediction_low, sb_prediction_interval(ma(i), i->p[0]).low)
QUANTITY(prediction_high, sb_prediction_interval(ma(i), i->p[0]).high)
QUANTITY(shapiro_w, sb_shapiro_wilk(i->a, i->na).w)
QUANTITY(shapiro_p, sb_shapiro_wilk(i->a, i->na).p)
QUANTITY(acf, sb_autocorrelation(i->a, i->na, (size_t)i->p[0]))
QUANTITY(mser5, (double)sb_mser5(i->a, i->na).cut)
QUANTITY(batch_low, sb_batch_means(i->a, i->na, i->p[0]).range.low)
QUANTITY(batch_high, sb_batch_means(i->a, i->na, i->p[0]).range.high)
QUANTITY(tolerance_factor, sb_tolerance_factor((size_t)i->p[0], i->p[1], i->p[2]))
QUANTITY(welch_p, sb_welch_test(ma(i), mb(i)).p)
QUANTITY(welch_df, sb_welch_test(ma(i), mb(i)).df)
QUANTITY(hedges_g, sb_hedges_g(ma(i), mb(i)))
QUANTITY(cliffs_delta, sb_cliffs_delta(i->a, i->na, i->b, i->nb))
QUANTITY(mann_whitney_p, sb_mann_whitney(i->a, i->na, i->b, i->nb).p)
QUANTITY(permutation_p, sb_permutation_test(i->a, i->na, i->b, i->nb, 1000, 1).p)
QUANTITY(hodges_lehmann, sb_hodges_lehmann(i->a, i->na, i->b, i->nb, 0.95).shift)
QUANTITY(shift_low, sb_hodges_lehmann(i->a, i->na, i->b, i->nb, i->p[0]).range.low)
QUANTITY(shift_high, sb_hodges_lehmann(i->a, i->na, i->b, i->nb, i->p[0]).range.high)
QUANTITY(fieller_low, sb_fieller_interval(ma(i), mb(i), i->p[0]).range.low)
QUANTITY(fieller_high, sb_fieller_interval(ma(i), mb(i), i->p[0]).range.high)
QUANTITY(ratio, exp(sb_welch_test(la(i), lb(i)).diff))
QUANTITY(log_hedges_g, sb_hedges_g(la(i), lb(i)))
QUANTITY(ratio_p, sb_welch_test(la(i), lb(i)).p)
QUANTITY(t_quantile, sb_t_quantile(i->p[0], i->p[1]))
QUANTITY(t_cdf, sb_t_cdf(i->p[0], i->p[1]))
QUANTITY(noncentral_t, sb_t_noncentral_cdf(i->p[0], i->p[1], i->p[2]))
QUANTITY(welch_power, sb_welch_power(i->p[0], i->p[1], (size_t)i->p[2], i->p[3], (size_t)i->p[4], 0.05))
QUANTITY(sample_size, (double)sb_welch_sample_size(i->p[0], i->p[1], i->p[2], 0.05, 0.8, 10000))
QUANTITY(tost_power,
         sb_tost_power(i->p[0], i->p[1], i->p[2], (size_t)i->p[3], i->p[4], (size_t)i->p[5], 0.05))
QUANTITY(tukey_upper, sb_tukey_upper(i->p[0], (size_t)i->p[1], i->p[2]))
QUANTITY(tukey_quantile, sb_tukey_quantile(i->p[0], (size_t)i->p[1], i->p[2]))

static double q_quantile(const struct input *i)
{
    double *sorted = sb_xreallocarray(NULL, i->na, sizeof *sorted);
    memcpy(sorted, i->a, i->na * sizeof *sorted);
    sb_stat_sort(sorted, i->na);
    double q = sb_stat_quantile(sorted, i->na, i->p[0]);
    free(sorted);
    return q;
}

static struct sb_range welch_range(const struct input *i)
{
    struct sb_welch w = sb_welch_test(ma(i), mb(i));
    return sb_welch_interval(&w, 0.95);
}

static struct sb_range ratio_range(const struct input *i)
{
    struct sb_welch w = sb_welch_test(la(i), lb(i));
    return sb_welch_interval(&w, i->p[0]);
}

QUANTITY(welch_low, welch_range(i).low)
QUANTITY(welch_high, welch_range(i).high)
QUANTITY(ratio_low, exp(ratio_range(i).low))
QUANTITY(ratio_high, exp(ratio_range(i).high))

static double adjusted(const struct input *i, const char *name)
{
    double *q = sb_xreallocarray(NULL, i->na, sizeof *q);
    assert_true(sb_adjust(name, i->a, i->na, q));
    double value = q[(size_t)i->p[0] - 1];
    free(q);
    return value;
}

QUANTITY(holm, adjusted(i, "holm"))
QUANTITY(bh, adjusted(i, "bh"))

static double q_dunnett_upper(const struct input *i)
{
    size_t n[MOST_FIELDS], nr = (size_t)i->p[2], df = (size_t)i->p[1];
    for (size_t k = 0; k < nr; k++)
        df += n[k] = (size_t)i->p[3 + k];
    return sb_dunnett_upper(i->p[0], (size_t)i->p[1], n, nr, (double)(df - 1 - nr));
}

/* The groups called `name`, one after another. */
struct grouped {
    double x[200];
    size_t sizes[10], nr, n;
};

static struct grouped find_groups(const char *name)
{
    struct grouped g = {.nr = 0};
    for (size_t i = 0; i < groups.nr; i++) {
        if (strcmp(groups.rows[i].name, name) != 0) continue;
        memcpy(g.x + g.n, groups.rows[i].v, groups.rows[i].n * sizeof *g.x);
        g.sizes[g.nr++] = groups.rows[i].n;
        g.n += groups.rows[i].n;
    }
    return g;
}

static struct sb_moments group_moments(const struct grouped *g, size_t index)
{
    size_t at = 0;
    for (size_t i = 0; i < index; i++)
        at += g->sizes[i];
    return sb_stat_moments(g->x + at, g->sizes[index]);
}

static struct sb_components components(const struct input *i)
{
    struct grouped g = find_groups(i->a_name);
    return sb_variance_components(g.x, g.sizes, g.nr);
}

QUANTITY(component_within, components(i).within)
QUANTITY(component_between, components(i).between)
QUANTITY(component_icc, components(i).icc)

static double q_brown_forsythe(const struct input *i)
{
    struct grouped g = find_groups(i->a_name);
    return sb_brown_forsythe(g.x, g.sizes, g.nr);
}

static double q_games_howell(const struct input *i)
{
    struct grouped g = find_groups(i->a_name);
    return sb_games_howell(group_moments(&g, 0), group_moments(&g, (size_t)i->p[0] - 1), g.nr);
}

static double q_dunnett_p(const struct input *i)
{
    struct grouped g = find_groups(i->a_name);
    struct sb_moments levels[10];
    double p[10];
    for (size_t k = 1; k < g.nr; k++)
        levels[k - 1] = group_moments(&g, k);
    sb_dunnett_test(group_moments(&g, 0), levels, g.nr - 1, p);
    return p[(size_t)i->p[0] - 2];
}

/* A design: rows of (factors, levels ..., y). */
struct design {
    struct sb_anova_data data;
    double y[200];
    size_t level[200 * SB_ANOVA_FACTORS];
};

static struct design *find_design(const char *name)
{
    struct design *d = sb_xcalloc(1, sizeof *d);
    d->data.y = d->y;
    d->data.level = d->level;
    for (size_t i = 0; i < factorial.nr; i++) {
        const struct row *row = &factorial.rows[i];
        if (strcmp(row->name, name) != 0) continue;
        size_t k = d->data.factors = (size_t)row->v[0];
        for (size_t f = 0; f < k; f++) {
            size_t level = (size_t)row->v[1 + f];
            d->level[d->data.n * k + f] = level - 1;
            if (level > d->data.levels[f]) d->data.levels[f] = level;
        }
        d->y[d->data.n++] = row->v[1 + k];
    }
    return d;
}

static double anova_field(const struct input *i, const char *field)
{
    struct design *d = find_design(i->a_name);
    struct sb_anova a;
    double value = NAN;
    assert_true(sb_anova(&d->data, &a));
    if (strcmp(field, "df_residual") == 0) value = (double)a.df_residual;
    if (strcmp(field, "ss_residual") == 0) value = a.ss_residual;
    for (size_t t = 0; t < a.terms_nr; t++) {
        if (a.terms[t].factors != (unsigned)i->p[0]) continue;
        if (strcmp(field, "df") == 0) value = (double)a.terms[t].df;
        if (strcmp(field, "ss") == 0) value = a.terms[t].ss;
        if (strcmp(field, "f") == 0) value = a.terms[t].f;
        if (strcmp(field, "p") == 0) value = a.terms[t].p;
        if (strcmp(field, "eta2") == 0) value = a.terms[t].partial_eta2;
    }
    sb_anova_release(&a);
    free(d);
    return value;
}

QUANTITY(anova_df_residual, anova_field(i, "df_residual"))
QUANTITY(anova_ss_residual, anova_field(i, "ss_residual"))
QUANTITY(anova_df, anova_field(i, "df"))
QUANTITY(anova_ss, anova_field(i, "ss"))
QUANTITY(anova_f, anova_field(i, "f"))
QUANTITY(anova_p, anova_field(i, "p"))
QUANTITY(anova_eta2, anova_field(i, "eta2"))

static struct sb_anova_contrast contrast(const struct input *i)
{
    struct design *d = find_design(i->a_name);
    struct sb_anova a;
    assert_true(sb_anova(&d->data, &a));
    struct sb_anova_contrast c =
        sb_anova_contrast(&d->data, &a, (size_t)i->p[0] - 1, 0, (size_t)i->p[1] - 1, 0.95);
    sb_anova_release(&a);
    free(d);
    return c;
}

QUANTITY(contrast, contrast(i).diff)
QUANTITY(contrast_low, contrast(i).range.low)

static double fit_field(const struct sb_scaling_fit *fit, const char *field)
{
    const struct {
        const char *name;
        double value;
    } fields[] = {{"lambda", fit->lambda.value}, {"sigma", fit->sigma.value}, {"sigma_se", fit->sigma.se},
                  {"kappa", fit->kappa.value},   {"kappa_se", fit->kappa.se}, {"rss", fit->rss}};
    for (size_t i = 0; i < SB_ARRAY_SIZE(fields); i++)
        if (strcmp(fields[i].name, field) == 0) return fields[i].value;
    fail_msg("no field %s", field);
    return NAN;
}

static double q_amdahl_fit(const struct input *i)
{
    struct sb_scaling_fit fit = sb_fit_amdahl(i->a, i->b, i->na, 0.95);
    return fit_field(&fit, i->text);
}

static double q_usl_fit(const struct input *i)
{
    struct sb_scaling_fit fit = sb_fit_usl(i->a, i->b, i->na, 0.95);
    return fit_field(&fit, i->text);
}

static struct sb_bca bca(const struct input *i)
{
    static const struct {
        const char *name;
        sb_statistic *statistic;
    } statistics[] = {{"mean", sb_statistic_mean}, {"median", sb_statistic_median}, {"sd", sb_statistic_sd}};
    const struct row *stored = find(&resamples, i->a_name);
    size_t *indices = sb_xreallocarray(NULL, stored->n, sizeof *indices), s = 0;
    for (size_t k = 0; k < stored->n; k++)
        indices[k] = (size_t)stored->v[k];
    while (strcmp(statistics[s].name, i->b_name) != 0)
        s++;
    struct sb_bca b =
        sb_bca_from_indices(i->a, i->na, statistics[s].statistic, NULL, stored->n / i->na, indices, i->p[0]);
    free(indices);
    return b;
}

QUANTITY(bca_low, bca(i).range.low)
QUANTITY(bca_high, bca(i).range.high)

/*
 * Tolerances: |got - want| <= tolerance * max(|want|, scale), where the scale is the SD of the first sample
 * for what is measured in its unit (`in_unit`), and `least` for what is not.
 */
static const struct quantity {
    const char *name;
    double (*compute)(const struct input *i);
    double tolerance;
    bool in_unit;
    double least;
} quantities[] = {
#define CLOSED(name)                                                                                         \
    {                                                                                                        \
#name, q_##name, 1e-9, true, 0                                                                       \
    }
#define EXACT_P(name)                                                                                        \
    {                                                                                                        \
#name, q_##name, 1e-9, false, 1e-6                                                                   \
    }
#define ITERATIVE(name)                                                                                      \
    {                                                                                                        \
#name, q_##name, 1e-6, false, 1e-3                                                                   \
    }
    CLOSED(mean),
    CLOSED(sd),
    CLOSED(median),
    CLOSED(mad),
    CLOSED(geomean),
    CLOSED(quantile),
    CLOSED(t_low),
    CLOSED(t_high),
    CLOSED(log_t_low),
    CLOSED(log_t_high),
    CLOSED(median_low),
    CLOSED(median_high),
    CLOSED(median_attained),
    CLOSED(prediction_low),
    CLOSED(prediction_high),
    EXACT_P(shapiro_w),
    EXACT_P(shapiro_p),
    EXACT_P(acf),
    CLOSED(mser5),
    CLOSED(batch_low),
    CLOSED(batch_high),
    {"tolerance_factor", q_tolerance_factor, 1e-8, false, 1},
    EXACT_P(welch_p),
    CLOSED(welch_df),
    CLOSED(welch_low),
    CLOSED(welch_high),
    CLOSED(hedges_g),
    CLOSED(cliffs_delta),
    EXACT_P(mann_whitney_p),
    EXACT_P(permutation_p),
    CLOSED(hodges_lehmann),
    CLOSED(shift_low),
    CLOSED(shift_high),
    CLOSED(fieller_low),
    CLOSED(fieller_high),
    EXACT_P(ratio),
    EXACT_P(ratio_p),
    EXACT_P(ratio_low),
    EXACT_P(ratio_high),
    EXACT_P(log_hedges_g),
    CLOSED(t_quantile),
    EXACT_P(t_cdf),
    {"noncentral_t", q_noncentral_t, 1e-9, false, 1e-2},
    {"welch_power", q_welch_power, 1e-9, false, 1e-2},
    CLOSED(sample_size),
    ITERATIVE(tost_power),
    ITERATIVE(tukey_upper),
    ITERATIVE(tukey_quantile),
    ITERATIVE(dunnett_upper),
    EXACT_P(holm),
    EXACT_P(bh),
    CLOSED(component_within),
    CLOSED(component_between),
    EXACT_P(component_icc),
    EXACT_P(brown_forsythe),
    ITERATIVE(games_howell),
    ITERATIVE(dunnett_p),
    CLOSED(anova_df_residual),
    EXACT_P(anova_ss_residual),
    CLOSED(anova_df),
    EXACT_P(anova_ss),
    EXACT_P(anova_f),
    EXACT_P(anova_p),
    EXACT_P(anova_eta2),
    EXACT_P(contrast),
    EXACT_P(contrast_low),
    ITERATIVE(amdahl_fit),
    ITERATIVE(usl_fit),
    CLOSED(bca_low),
    CLOSED(bca_high),
};

static const struct quantity *find_quantity(const char *name)
{
    for (size_t i = 0; i < SB_ARRAY_SIZE(quantities); i++)
        if (strcmp(quantities[i].name, name) == 0) return &quantities[i];
    fail_msg("expected.tsv has an unknown quantity %s", name);
    return NULL;
}

/* Splits at tabs, in place. */
static size_t split(char *line, char **fields)
{
    size_t nr = 0;
    for (char *at = line; at && nr < MOST_FIELDS; nr++) {
        fields[nr] = at;
        at = strchr(at, '\t');
        if (at) *at++ = '\0';
    }
    return nr;
}

static struct input make_input(char *const *fields)
{
    const struct row *a = find(&samples, fields[1]), *b = find(&samples, fields[2]);
    struct input i = {.a_name = fields[1],
                      .b_name = fields[2],
                      .text = fields[3],
                      .a = a->v,
                      .na = a->n,
                      .b = b->v,
                      .nb = b->n};
    double *p;
    size_t n = parse_numbers(fields[3], &p);
    for (size_t k = 0; k < n && k < MOST_FIELDS; k++)
        i.p[k] = p[k];
    free(p);
    return i;
}

static bool close_enough(const struct quantity *q, const struct input *i, double got, double want)
{
    if (isnan(want) || isnan(got)) return isnan(want) && isnan(got);
    if (got == want) return true;
    double scale = q->in_unit && i->na > 1 ? sb_stat_sd(i->a, i->na) : q->least;
    return fabs(got - want) <= q->tolerance * fmax(fabs(want), scale);
}

static void every_value_agrees_with_r(void **state)
{
    FILE *file = open_reference("expected.tsv");
    size_t checked = 0, off = 0;
    char *line;
    while ((line = read_line(file))) {
        char *fields[MOST_FIELDS];
        assert_int_equal(split(line, fields), 5);
        const struct quantity *q = find_quantity(fields[0]);
        struct input i = make_input(fields);
        double want = strtod(fields[4], NULL), got = q->compute(&i);
        if (!close_enough(q, &i, got, want)) {
            print_error("%s(%s, %s; %s): got %.17g, R has %.17g\n", fields[0], fields[1], fields[2],
                        fields[3], got, want);
            off++;
        }
        checked++;
        free(line);
    }
    fclose(file);
    print_message("%zu values of R checked\n", checked);
    assert_true(checked > 3000);
    assert_int_equal(off, 0);
}

/* The reference must stay as varied as it is. */
static void there_are_many_data_sets(void **state)
{
    assert_true(samples.nr >= 50);
}

static void release(struct table *t)
{
    for (size_t i = 0; i < t->nr; i++) {
        free(t->rows[i].name);
        free(t->rows[i].v);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_value_agrees_with_r),
                                       cmocka_unit_test(there_are_many_data_sets)};
    read_table(&samples, "samples.tsv");
    read_table(&groups, "groups.tsv");
    read_table(&factorial, "factorial.tsv");
    read_table(&resamples, "resamples.tsv");
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    release(&samples);
    release(&groups);
    release(&factorial);
    release(&resamples);
    return failed;
}
