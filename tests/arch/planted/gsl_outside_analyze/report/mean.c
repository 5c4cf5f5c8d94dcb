#include <gsl/gsl_statistics.h>
