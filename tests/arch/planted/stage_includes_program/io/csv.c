  #  include "cli/options.h"
