#include "io/json.h"
