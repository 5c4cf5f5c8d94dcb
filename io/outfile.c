#include "io/outfile.h"
