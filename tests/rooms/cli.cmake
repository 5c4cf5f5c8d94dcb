sbstat_script_test(arch.codes_have_meanings arch/codes_have_meanings.sh)
sbstat_script_test(arch.format arch/test_format.sh)
sbstat_unit_test(chart_words ROOMS cli plot analyze core)
sbstat_unit_test(trend_intervals ROOMS cli history analyze core)
