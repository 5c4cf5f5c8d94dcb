sbstat_unit_test(compare ROOMS core analyze)
