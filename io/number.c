#include "io/number.h"
