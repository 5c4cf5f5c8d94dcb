# The audit: the checks on data made by hand, then tampered and clean logs.
sbstat_unit_test(audit ROOMS analyze io core)
sbstat_unit_test(audit_logs ROOMS parsers analyze io core)
sbstat_script_test(audit.regenerate audit/regenerate.sh)
