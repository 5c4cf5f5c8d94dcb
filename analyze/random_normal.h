/* Standard normal random numbers from the uniform ones of core/random.h. */
#ifndef SB_ANALYZE_RANDOM_NORMAL_H
#define SB_ANALYZE_RANDOM_NORMAL_H

#include "core/random.h"

double sb_random_normal(struct sb_random *r); /* by inversion: one number for one draw */

#endif
