# The README's small experiment, from images to the report.
sbstat_script_test(collect.small_experiment collect/small_experiment.sh)
set_tests_properties(collect.small_experiment PROPERTIES TIMEOUT 1800)

# Real guests and containers take minutes, and what runs in them is not ours: a sanitizer shows nothing new there that the
# tests against stand-ins do not.
set_tests_properties(unit.qemu_guest collect.aarch64 collect.image_build collect.image_container collect.image_debian
  collect.real_docker collect.real_podman collect.small_experiment PROPERTIES LABELS release-only)

# They measure how fast a container is with one processor and with two: nothing else may use them meanwhile.
set_tests_properties(collect.real_docker collect.real_podman PROPERTIES RUN_SERIAL TRUE)
