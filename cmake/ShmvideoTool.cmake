# shmvideo_add_tool(FOLDER [SOURCES ...] [LINKS ...] [NOT_INSTALLED])
# The program shm-FOLDER: about.cpp, options.cpp and run.cpp from that folder, and what else it names. A
# tool with an engine of its own has a CMakeLists.txt there that makes it a library to link. Built, and
# installed with its man page and completions.
function(shmvideo_add_tool folder)
  cmake_parse_arguments(arg "NOT_INSTALLED" "" "SOURCES;LINKS" ${ARGN})
  set(name shm-${folder})
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/CMakeLists.txt)
    add_subdirectory(${folder})
  endif()
  list(TRANSFORM arg_SOURCES PREPEND ${folder}/)
  add_executable(${name} ${PROJECT_SOURCE_DIR}/tools/main.cpp
    ${folder}/about.cpp ${folder}/options.cpp ${folder}/run.cpp ${arg_SOURCES})
  target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/${folder} ${PROJECT_SOURCE_DIR}/tools)
  target_link_libraries(${name} PRIVATE shmvideo_toolkit ${arg_LINKS})
  if(arg_NOT_INSTALLED)  # only for tests: not among those that script/generate documents either
    return()
  endif()
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/bin
    INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
  install(TARGETS ${name} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT tools)
  install(FILES ${PROJECT_SOURCE_DIR}/man/${name}.1
    DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT tools OPTIONAL)
  install(FILES ${PROJECT_SOURCE_DIR}/completions/bash/${name}
    DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions COMPONENT tools OPTIONAL)
  install(FILES ${PROJECT_SOURCE_DIR}/completions/zsh/_${name}
    DESTINATION ${SHMVIDEO_ZSH_FOLDER} COMPONENT tools OPTIONAL)
  install(FILES ${PROJECT_SOURCE_DIR}/completions/fish/${name}.fish
    DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT tools OPTIONAL)
  set_property(GLOBAL APPEND PROPERTY SHMVIDEO_TOOLS ${name})
endfunction()
