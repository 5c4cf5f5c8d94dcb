# Compiler settings shared by every room.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

option(SBSTAT_WERROR "Treat warnings as errors" OFF)
set(SBSTAT_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")
option(SBSTAT_COVERAGE "Instrument for gcov" OFF)

add_library(sbstat_flags INTERFACE)
target_compile_definitions(sbstat_flags INTERFACE _POSIX_C_SOURCE=200809L _XOPEN_SOURCE=700
  $<$<PLATFORM_ID:Darwin>:_DARWIN_C_SOURCE> $<$<PLATFORM_ID:Linux>:_DEFAULT_SOURCE>)
target_compile_options(sbstat_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes
  -Wold-style-definition -Wundef -Wpointer-arith -Wcast-align -Wwrite-strings -Wvla
  -Wno-unused-parameter -fno-common
  "SHELL:-include \"${CMAKE_SOURCE_DIR}/core/banned.h\"")
if(SBSTAT_WERROR)
  target_compile_options(sbstat_flags INTERFACE -Werror)
endif()
if(SBSTAT_SANITIZE)
  target_compile_options(sbstat_flags INTERFACE -fsanitize=${SBSTAT_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(sbstat_flags INTERFACE -fsanitize=${SBSTAT_SANITIZE})
  if(SBSTAT_SANITIZE MATCHES "undefined")
    target_compile_options(sbstat_flags INTERFACE -fno-sanitize-recover=undefined)
  endif()
endif()
if(SBSTAT_COVERAGE)
  target_compile_options(sbstat_flags INTERFACE --coverage)
  target_link_options(sbstat_flags INTERFACE --coverage)
endif()
# No fused multiply-add behind our back: results must not depend on the machine.
target_compile_options(sbstat_flags INTERFACE -ffp-contract=off)
