# The runner: journal, logs, manifest, resuming.
sbstat_unit_test(experiment ROOMS collect io core LIBS PkgConfig::JSONC PkgConfig::GLIB)
sbstat_unit_test(experiment_resume ROOMS collect io core LIBS PkgConfig::JSONC PkgConfig::GLIB)
sbstat_unit_test(host_load ROOMS collect io core)
