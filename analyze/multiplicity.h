/* p-values of a family. A NaN p is missing: it is no member of the family and stays NaN. */
#ifndef SB_ANALYZE_MULTIPLICITY_H
#define SB_ANALYZE_MULTIPLICITY_H

#include <stdbool.h>
#include <stddef.h>

void sb_adjust_holm(const double *p, size_t n, double *adjusted); /* Holm 1979: R p.adjust(p, "holm") */
void sb_adjust_bh(const double *p, size_t n, double *adjusted);   /* Benjamini & Hochberg 1995: R "BH" */

/* By name: "holm", "bh", "none"; false for another name. */
bool sb_adjust(const char *correction, const double *p, size_t n, double *adjusted);

#endif
