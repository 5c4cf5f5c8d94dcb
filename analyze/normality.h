/* Is a sample plausibly normal? */
#ifndef SB_ANALYZE_NORMALITY_H
#define SB_ANALYZE_NORMALITY_H

#include <stddef.h>

/* Shapiro & Wilk (1965) by Royston's approximation (1995, AS R94), 3 <= n <= 5000: R shapiro.test(x). NaN,
 * NaN outside and when all values are equal. */
struct sb_normality {
    double w, p;
};
struct sb_normality sb_shapiro_wilk(const double *x, size_t n);

#endif
