# The audit: tampered and clean logs, and the checks on data made by hand.
sbstat_unit_test(audit_logs ROOMS parsers analyze io core)
