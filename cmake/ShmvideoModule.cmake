# shmvideo_add_module(NAME SOURCES ... [LINKS ...] [PUBLIC_LINKS ...])
# A rung of the ladder: the static library shmvideo_NAME from this folder, which sees the installed
# headers, this src folder and the rungs it names, and nothing else.
function(shmvideo_add_module name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PUBLIC_LINKS" ${ARGN})
  set(target shmvideo_${name})
  add_library(${target} STATIC ${arg_SOURCES})
  # Calls of libc without a detour through another page of code.
  target_compile_options(${target} PRIVATE -fno-plt)
  target_include_directories(${target} PUBLIC
    ${PROJECT_SOURCE_DIR}/libcore/include ${PROJECT_SOURCE_DIR}/libcore/src)
  target_link_libraries(${target} PUBLIC shmvideo_flags ${arg_PUBLIC_LINKS} PRIVATE ${arg_LINKS})
endfunction()
