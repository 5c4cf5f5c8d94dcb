# The runner: journal, logs, manifest, resuming.
sbstat_unit_test(experiment ROOMS collect io core LIBS PkgConfig::JSONC PkgConfig::GLIB)
sbstat_unit_test(experiment_resume ROOMS collect io core LIBS PkgConfig::JSONC PkgConfig::GLIB)
sbstat_unit_test(host_load ROOMS collect io core)

# The whole program, killed at random moments; its file calls can be counted where a library can be preloaded.
add_executable(kill_at collect/kill_at.c)
target_link_libraries(kill_at PRIVATE sbstat_flags)
set(kill_at_call "")
if(CMAKE_SYSTEM_NAME STREQUAL "Linux" AND NOT SBSTAT_SANITIZE)
  add_library(kill_at_call MODULE collect/kill_at_call.c)
  target_link_libraries(kill_at_call PRIVATE ${CMAKE_DL_LIBS})
  set(kill_at_call "$<TARGET_FILE:kill_at_call>")
endif()

foreach(test killed_and_resumed run_and_report misbehaving)
  sbstat_script_test(collect.${test} collect/${test}.sh)
  set_tests_properties(collect.${test} PROPERTIES TIMEOUT 600
    ENVIRONMENT "SBSTAT=$<TARGET_FILE:sbstat>;SOURCE_DIR=${CMAKE_SOURCE_DIR};FAKE_QEMU=$<TARGET_FILE:fake_qemu>;KILL_AT=$<TARGET_FILE:kill_at>;KILL_AT_CALL=${kill_at_call}")
endforeach()
