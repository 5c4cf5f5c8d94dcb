#include "io/tidy.h"
