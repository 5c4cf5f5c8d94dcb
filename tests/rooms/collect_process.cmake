# Programs that we start and answer for, and commands over ssh.
sbstat_unit_test(process ROOMS collect io core)
sbstat_unit_test(process_owner ROOMS collect io core)
sbstat_unit_test(ssh_channel ROOMS collect io core)
