#include "welch.h"
