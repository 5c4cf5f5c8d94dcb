# Tests of the whole: the walls between rooms, the program as people call it, its figures against R.
sbstat_script_test(arch.arrows arch/test_arrows.sh)
sbstat_script_test(arch.portable arch/test_portable.sh)
sbstat_script_test(reference.summary reference/summary/test_summary.sh)
