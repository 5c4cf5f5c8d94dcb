#define H "io/csv.h"
#include H
