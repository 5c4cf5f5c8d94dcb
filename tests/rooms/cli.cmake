sbstat_script_test(arch.codes_have_meanings arch/codes_have_meanings.sh)
sbstat_script_test(arch.format arch/test_format.sh)
