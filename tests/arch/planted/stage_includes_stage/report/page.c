#include "analyze/analyze.h"
