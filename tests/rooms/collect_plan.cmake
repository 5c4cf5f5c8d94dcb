# The plan: golden plans, good and bad; the manual against the tables.
sbstat_unit_test(plan ROOMS collect io core LIBS PkgConfig::YAML)
sbstat_unit_test(manual ROOMS collect io core LIBS PkgConfig::YAML)
sbstat_unit_test(collect_run ROOMS cli collect io core)
sbstat_script_test(arch.plan_codes_explained arch/plan_codes_explained.sh)
