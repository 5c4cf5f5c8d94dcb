sbstat_unit_test(core ROOMS core)
sbstat_unit_test(io ROOMS io core)
