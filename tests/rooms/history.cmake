sbstat_unit_test(change ROOMS history io core)
sbstat_unit_test(history ROOMS history io core LIBS PkgConfig::SQLITE)
set_tests_properties(unit.history PROPERTIES TIMEOUT 300)
