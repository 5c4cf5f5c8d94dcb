#include "../core/arena.h"
