# Images: trees and archives, records and disks, and building one for real.
sbstat_unit_test(image_tree ROOMS collect io core LIBS PkgConfig::GLIB PkgConfig::ARCHIVE)
sbstat_unit_test(image ROOMS collect io core LIBS PkgConfig::GLIB)
foreach(test image_build image_container image_tag)
  sbstat_script_test(collect.${test} collect/${test}.sh)
  set_tests_properties(collect.${test} PROPERTIES TIMEOUT 900)
endforeach()
