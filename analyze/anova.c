#include "analyze/anova.h"

#include <math.h>
#include <gsl/gsl_cdf.h>
#include "analyze/tdist.h"
#include "core/alloc.h"

/* An orthonormal basis that grows column by column, and what it leaves of y. */
struct basis {
    size_t n, rank, alloc;
    double **q;
    double *rest;
};

static void basis_init(struct basis *b, const double *y, size_t n)
{
    *b = (struct basis){.n = n, .rest = sb_xreallocarray(NULL, n, sizeof *b->rest)};
    memcpy(b->rest, y, n * sizeof *y);
}

static void basis_release(struct basis *b)
{
    for (size_t i = 0; i < b->rank; i++)
        free(b->q[i]);
    free(b->q);
    free(b->rest);
}

static double dot(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static void subtract(double *from, const double *what, double times, size_t n)
{
    for (size_t i = 0; i < n; i++)
        from[i] -= times * what[i];
}

/* Takes ownership of the column. `r` (may be NULL) receives its coordinates in the basis; false when it adds
 * nothing. */
static bool basis_add(struct basis *b, double *column, double *r)
{
    double before = sqrt(dot(column, column, b->n));
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < b->rank; i++) {
            double share = dot(b->q[i], column, b->n);
            subtract(column, b->q[i], share, b->n);
            if (r) r[i] = pass ? r[i] + share : share;
        }
    double after = sqrt(dot(column, column, b->n));
    if (!(after > 1e-9 * before)) {
        free(column);
        return false;
    }
    for (size_t i = 0; i < b->n; i++)
        column[i] /= after;
    if (r) r[b->rank] = after;
    SB_ALLOC_GROW(b->q, b->rank + 1, b->alloc);
    b->q[b->rank++] = column;
    for (int pass = 0; pass < 2; pass++)
        subtract(b->rest, column, dot(column, b->rest, b->n), b->n);
    return true;
}

/* Sum-to-zero: level l < last has 1 in column l, the last level -1 everywhere. */
static double code(size_t level, size_t levels, size_t column)
{
    if (level == levels - 1) return -1;
    return level == column ? 1 : 0;
}

static size_t term_columns(const struct sb_anova_data *d, unsigned term)
{
    size_t nr = 1;
    for (size_t f = 0; f < d->factors; f++)
        if (term >> f & 1) nr *= d->levels[f] - 1;
    return nr;
}

/* Column `index` of a term: the product of one column of each of its factors. Term 0 is the intercept. */
static double *term_column(const struct sb_anova_data *d, unsigned term, size_t index)
{
    double *column = sb_xreallocarray(NULL, d->n, sizeof *column);
    for (size_t i = 0; i < d->n; i++)
        column[i] = 1;
    for (size_t f = 0; f < d->factors; f++) {
        if (!(term >> f & 1)) continue;
        size_t mine = index % (d->levels[f] - 1);
        index /= d->levels[f] - 1;
        for (size_t i = 0; i < d->n; i++)
            column[i] *= code(d->level[i * d->factors + f], d->levels[f], mine);
    }
    return column;
}

static void add_term(struct basis *b, const struct sb_anova_data *d, unsigned term)
{
    for (size_t c = 0; c < term_columns(d, term); c++)
        basis_add(b, term_column(d, term, c), NULL);
}

static int bits(unsigned term)
{
    int nr = 0;
    for (; term; term >>= 1)
        nr += term & 1;
    return nr;
}

/* Terms by order, then by factor; returns how many. */
static size_t list_terms(size_t factors, unsigned *terms)
{
    size_t nr = 0;
    for (int order = 1; order <= (int)factors; order++)
        for (unsigned t = 1; t < 1u << factors; t++)
            if (bits(t) == order) terms[nr++] = t;
    return nr;
}

static struct sb_anova_term test_term(const struct sb_anova_data *d, const unsigned *all, size_t nr,
                                      unsigned term)
{
    struct sb_anova_term result = {.factors = term, .f = NAN, .p = NAN, .partial_eta2 = NAN};
    struct basis b;
    basis_init(&b, d->y, d->n);
    basis_add(&b, term_column(d, 0, 0), NULL);
    for (size_t i = 0; i < nr; i++)
        if ((all[i] & term) != term) add_term(&b, d, all[i]);
    size_t rank = b.rank;
    add_term(&b, d, term);
    result.df = b.rank - rank;
    for (size_t i = rank; i < b.rank; i++) { /* y's share along the new directions */
        double share = dot(b.q[i], d->y, d->n);
        result.ss += share * share;
    }
    if (!result.df) result.ss = NAN;
    basis_release(&b);
    return result;
}

bool sb_anova(const struct sb_anova_data *data, struct sb_anova *result)
{
    unsigned all[(1 << SB_ANOVA_FACTORS) - 1];
    *result = (struct sb_anova){0};
    if (!data->factors || data->factors > SB_ANOVA_FACTORS || !data->n) return false;
    double *centred = sb_xreallocarray(NULL, data->n, sizeof *centred), mean = sb_stat_mean(data->y, data->n);
    for (size_t i = 0; i < data->n; i++)
        centred[i] = data->y[i] - mean; /* so that a large common offset costs no digits */
    struct sb_anova_data d = *data;
    d.y = centred;
    result->terms_nr = list_terms(d.factors, all);
    struct basis full;
    basis_init(&full, d.y, d.n);
    basis_add(&full, term_column(&d, 0, 0), NULL);
    for (size_t i = 0; i < result->terms_nr; i++)
        add_term(&full, &d, all[i]);
    result->df_residual = d.n - full.rank;
    result->ss_residual = dot(full.rest, full.rest, d.n);
    result->residuals = full.rest;
    full.rest = NULL;
    basis_release(&full);
    bool testable = result->df_residual && result->ss_residual > 1e-24 * dot(d.y, d.y, d.n);
    for (size_t i = 0; i < result->terms_nr; i++) {
        struct sb_anova_term *t = &result->terms[i];
        *t = test_term(&d, all, result->terms_nr, all[i]);
        if (!t->df || !testable) continue;
        t->partial_eta2 = t->ss / (t->ss + result->ss_residual);
        t->f = t->ss / (double)t->df / (result->ss_residual / (double)result->df_residual);
        t->p = gsl_cdf_fdist_Q(t->f, (double)t->df, (double)result->df_residual);
    }
    free(centred);
    return true;
}

void sb_anova_release(struct sb_anova *result)
{
    free(result->residuals);
    *result = (struct sb_anova){0};
}

struct model {
    struct basis basis;
    size_t columns, factor_at; /* where the columns of the factor's main effect start */
    double *r;                 /* columns x columns, column by column: R of X = QR */
    bool full_rank;
};

/* The model of the terms up to this order; columns of main effects come right after the intercept. */
static void model_init(struct model *m, const struct sb_anova_data *d, size_t order, size_t factor)
{
    unsigned all[(1 << SB_ANOVA_FACTORS) - 1];
    size_t nr = list_terms(d->factors, all), column = 0;
    *m = (struct model){.columns = 1, .full_rank = true};
    for (size_t i = 0; i < nr; i++) {
        if (all[i] == 1u << factor) m->factor_at = m->columns;
        if (bits(all[i]) <= (int)order) m->columns += term_columns(d, all[i]);
    }
    m->r = sb_xcalloc(m->columns * m->columns, sizeof *m->r);
    basis_init(&m->basis, d->y, d->n);
    m->full_rank = basis_add(&m->basis, term_column(d, 0, 0), m->r);
    for (size_t i = 0; i < nr && m->full_rank; i++)
        for (size_t c = 0; bits(all[i]) <= (int)order && c < term_columns(d, all[i]) && m->full_rank; c++)
            m->full_rank = basis_add(&m->basis, term_column(d, all[i], c), m->r + ++column * m->columns);
}

static void model_release(struct model *m)
{
    basis_release(&m->basis);
    free(m->r);
}

/* w = R^-T c, so that c'beta = w'Q'y with variance sigma^2 w'w. */
static void solve_transposed(const struct model *m, const double *c, double *w)
{
    for (size_t j = 0; j < m->columns; j++) {
        double sum = c[j];
        for (size_t i = 0; i < j; i++)
            sum -= m->r[j * m->columns + i] * w[i];
        w[j] = sum / m->r[j * m->columns + j];
    }
}

static struct sb_anova_contrast estimate(const struct model *m, const struct sb_anova_data *d, size_t factor,
                                         size_t baseline, size_t level)
{
    struct sb_anova_contrast result = {0, 0, {NAN, NAN}, false};
    double *c = sb_xcalloc(m->columns, sizeof *c), *w = sb_xcalloc(m->columns, sizeof *w);
    for (size_t k = 0; k + 1 < d->levels[factor]; k++)
        c[m->factor_at + k] = code(level, d->levels[factor], k) - code(baseline, d->levels[factor], k);
    solve_transposed(m, c, w);
    for (size_t i = 0; i < m->columns; i++)
        result.diff += w[i] * dot(m->basis.q[i], d->y, d->n);
    result.se = sqrt(dot(w, w, m->columns)); /* times sigma, later */
    free(c);
    free(w);
    return result;
}

struct sb_anova_contrast sb_anova_contrast(const struct sb_anova_data *data, const struct sb_anova *result,
                                           size_t factor, size_t baseline, size_t level, double confidence)
{
    struct sb_anova_contrast none = {NAN, NAN, {NAN, NAN}, true};
    for (size_t order = data->factors; order; order = order > 1 ? 1 : 0) {
        struct model m;
        model_init(&m, data, order, factor);
        bool additive = order < data->factors;
        double df = additive ? (double)data->n - (double)m.columns : (double)result->df_residual;
        double ss = additive ? dot(m.basis.rest, m.basis.rest, data->n) : result->ss_residual;
        struct sb_anova_contrast c = none;
        if (m.full_rank) {
            c = estimate(&m, data, factor, baseline, level);
            c.additive = additive;
            c.se *= df > 0 ? sqrt(ss / df) : NAN;
            double half = c.se * sb_t_quantile(1 - (1 - confidence) / 2, df);
            c.range = (struct sb_range){c.diff - half, c.diff + half};
        }
        bool done = m.full_rank;
        model_release(&m);
        if (done) return c;
    }
    return none;
}
