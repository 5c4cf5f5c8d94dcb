# Tests of the whole: the walls between rooms, the program as people call it, its figures against R.
sbstat_script_test(arch.arrows arch/test_arrows.sh)
sbstat_script_test(arch.portable arch/test_portable.sh)
sbstat_script_test(arch.symbols arch/test_symbols.sh)
sbstat_script_test(reference.summary reference/summary/test_summary.sh)

# A disk that fails at any byte, locks that are held for long; cannot be preloaded under a sanitizer, whose runtime must
# come first.
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT SBSTAT_SANITIZE)
  add_library(fault_write MODULE e2e/fault_write.c)
  target_link_libraries(fault_write PRIVATE ${CMAKE_DL_LIBS})
  set(fault_write "$<TARGET_FILE:fault_write>")
  add_library(slow_lock MODULE e2e/slow_lock.c)
  target_link_libraries(slow_lock PRIVATE ${CMAKE_DL_LIBS})
  set(slow_lock "$<TARGET_FILE:slow_lock>")
endif()

# Every tests/e2e/cases/*.sh is a case; see tests/e2e/run_case.sh for the files beside it.
file(GLOB e2e_cases CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/e2e/cases/*.sh")
foreach(case ${e2e_cases})
  get_filename_component(name "${case}" NAME_WE)
  add_test(NAME "e2e.${name}" COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/e2e/run_case.sh" "${case}")
  set_tests_properties("e2e.${name}" PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 600
    ENVIRONMENT "SBSTAT=$<TARGET_FILE:sbstat>;SOURCE_DIR=${CMAKE_SOURCE_DIR};FAULT_WRITE=${fault_write};SLOW_LOCK=${slow_lock}")
endforeach()

# The run script, under each shell that it may meet.
foreach(shell dash bash busybox)
  add_test(NAME "run.${shell}" COMMAND sh "${CMAKE_CURRENT_SOURCE_DIR}/run/test_run.sh" ${shell})
  set_tests_properties("run.${shell}" PROPERTIES SKIP_RETURN_CODE 77 ENVIRONMENT "SOURCE_DIR=${CMAKE_SOURCE_DIR}")
endforeach()
sbstat_script_test(run.shellcheck run/test_shellcheck.sh)
sbstat_script_test(readme e2e/test_readme.sh)
sbstat_script_test(run.blank_path run/test_blank_path.sh)
