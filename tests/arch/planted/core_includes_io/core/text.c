#include <string.h>
#include "io/number.h"
