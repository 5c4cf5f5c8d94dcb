/*
 * Factorial analysis of variance with all interactions, for unbalanced data and empty cells.
 *
 * Sums of squares are type II: a term is compared between the model of all terms that do not contain it, and
 * that model with it (Yates 1934; R: car::Anova(lm(y ~ a * b * c), type = 2)). The error is that of the full
 * model. Columns are sum-to-zero coded and orthogonalised by Gram-Schmidt, twice; a column that lies in the
 * span of the earlier ones adds no degree of freedom, which is how empty cells are dealt with.
 */
#ifndef SB_ANALYZE_ANOVA_H
#define SB_ANALYZE_ANOVA_H

#include <stdbool.h>
#include <stddef.h>
#include "analyze/twosample.h"

enum { SB_ANOVA_FACTORS = 5 };

/* The data: y[i] was observed at level[i * factors + f] (from 0) of factor f, which has levels[f] of them, at
 * least 2. */
struct sb_anova_data {
    const double *y;
    size_t n;
    const size_t *level;
    size_t factors, levels[SB_ANOVA_FACTORS];
};

struct sb_anova_term {
    unsigned factors;              /* bit f is set when factor f is part of the term */
    size_t df;                     /* 0: not estimable */
    double ss, f, p, partial_eta2; /* f, p: NaN without residual degrees of freedom or residual variance */
};

/* The marginal mean of one level less that of another, both averaged over the cells of the other factors with
 * equal weight. */
struct sb_anova_contrast {
    double diff, se;
    struct sb_range range; /* NaN when not estimable or without residual degrees of freedom */
    bool additive;         /* from the model of main effects only, since the full one has empty cells */
};

struct sb_anova {
    struct sb_anova_term terms[(1 << SB_ANOVA_FACTORS) - 1]; /* main effects first, then by order */
    size_t terms_nr;
    size_t df_residual;
    double ss_residual;
    double *residuals; /* n, of the full model; malloc'd */
};

/* False when there are no or too many factors. */
bool sb_anova(const struct sb_anova_data *data, struct sb_anova *result);
void sb_anova_release(struct sb_anova *result);

struct sb_anova_contrast sb_anova_contrast(const struct sb_anova_data *data, const struct sb_anova *result,
                                           size_t factor, size_t baseline, size_t level, double confidence);

#endif
