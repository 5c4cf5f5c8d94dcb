# sbstat_room(NAME SOURCES ... [ROOMS ...] [LIBS ...])
#
# A static library `sb_NAME` from the folder NAME. Its headers are included as
# "NAME/header.h". The include directory handed to users of the room is a folder in
# the build tree that holds one link, NAME -> source folder, so a room can only reach the
# headers of rooms it names in ROOMS: the arrows are enforced by the compiler.
function(sbstat_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;ROOMS;LIBS" ${ARGN})
  set(inc "${CMAKE_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${inc}")
  file(CREATE_LINK "${CMAKE_SOURCE_DIR}/${name}" "${inc}/${name}" SYMBOLIC)
  add_library(sb_${name} STATIC ${ROOM_SOURCES})
  target_include_directories(sb_${name} PUBLIC "${inc}")
  target_link_libraries(sb_${name} PRIVATE sbstat_flags)
  foreach(room ${ROOM_ROOMS})
    target_link_libraries(sb_${name} PUBLIC sb_${room})
  endforeach()
  target_link_libraries(sb_${name} PRIVATE ${ROOM_LIBS})
endfunction()
