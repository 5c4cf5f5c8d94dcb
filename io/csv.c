#include "io/csv.h"
