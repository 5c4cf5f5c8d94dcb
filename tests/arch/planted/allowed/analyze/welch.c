#include "analyze/welch.h"
#include <math.h>
#include <gsl/gsl_cdf.h>
#include "core/arena.h"
