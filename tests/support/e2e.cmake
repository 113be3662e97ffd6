find_package(Python3 REQUIRED COMPONENTS Interpreter)

# shmvideo_add_e2e_test(NAME script.py [TIMEOUT 60] [TOOLS shm-capture ...])
# One Python script that uses tests/support/e2e.py, registered with CTest as e2e.NAME. It is left out
# of builds that leave out one of the TOOLS it needs.
function(shmvideo_add_e2e_test name script)
  cmake_parse_arguments(arg "" "TIMEOUT" "TOOLS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 60)
  endif()
  foreach(tool ${arg_TOOLS})
    if(NOT TARGET ${tool})
      message(STATUS "e2e.${name} is left out: ${tool} is not built")
      return()
    endif()
  endforeach()
  add_test(NAME e2e.${name} COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/${script})
  set_tests_properties(e2e.${name} PROPERTIES LABELS e2e TIMEOUT ${arg_TIMEOUT} SKIP_RETURN_CODE 77
    ENVIRONMENT "SHMVIDEO_BIN=${PROJECT_BINARY_DIR}/bin;PYTHONPATH=${PROJECT_SOURCE_DIR}/tests/support;PYTHONDONTWRITEBYTECODE=1;PYTHONUNBUFFERED=1")
endfunction()
