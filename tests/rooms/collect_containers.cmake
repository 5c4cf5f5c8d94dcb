# Containers: a driver by hand (drive), against stand-ins for the engine and against real ones.
add_executable(drive collect/drive.c)
target_link_libraries(drive PRIVATE sbstat_flags sb_collect sb_io sb_core m)

foreach(test fake_docker real_docker real_podman)
  sbstat_script_test(collect.${test} collect/${test}.sh)
  set_tests_properties(collect.${test} PROPERTIES TIMEOUT 900
    ENVIRONMENT "SBSTAT=$<TARGET_FILE:sbstat>;DRIVE=$<TARGET_FILE:drive>;SOURCE_DIR=${CMAKE_SOURCE_DIR};BUILD_DIR=${CMAKE_BINARY_DIR}")
endforeach()
