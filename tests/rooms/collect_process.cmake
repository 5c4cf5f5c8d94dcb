# Programs that we start and answer for, and commands over ssh.
sbstat_unit_test(process ROOMS collect io core)
sbstat_unit_test(process_owner ROOMS collect io core)
sbstat_unit_test(ssh_channel ROOMS collect io core)
sbstat_unit_test(driver_ssh ROOMS collect io core)
sbstat_unit_test(driver_ssh_real ROOMS collect io core)
set_tests_properties(unit.driver_ssh_real PROPERTIES SKIP_RETURN_CODE 77)
set_tests_properties(unit.ssh_channel unit.driver_ssh unit.driver_ssh_real PROPERTIES TIMEOUT 900)

# An experiment on a machine that is this one.
sbstat_script_test(collect.real_ssh collect/real_ssh.sh)
set_tests_properties(collect.real_ssh PROPERTIES TIMEOUT 900)
