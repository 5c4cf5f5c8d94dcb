sbstat_unit_test(compare ROOMS core analyze)
sbstat_unit_test(reference ROOMS core analyze)
sbstat_unit_test(nist ROOMS core analyze)
sbstat_unit_test(statistics_views ROOMS core analyze)
