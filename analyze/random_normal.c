#include "analyze/random_normal.h"

#include <gsl/gsl_cdf.h>

double sb_random_normal(struct sb_random *r)
{
    return gsl_cdf_ugaussian_Pinv(sb_random_uniform(r));
}
