# The plan: golden plans, good and bad; the manual against the tables.
sbstat_unit_test(plan ROOMS collect io core LIBS PkgConfig::YAML)
sbstat_unit_test(manual ROOMS collect io core LIBS PkgConfig::YAML)
