# How other projects find the library: find_package(shmvideo), pkg-config, or add_subdirectory. The
# target is shmvideo::shmvideo in each case of CMake.
include(CMakePackageConfigHelpers)

add_library(shmvideo::shmvideo ALIAS shmvideo)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/shmvideo)
configure_package_config_file(cmake/shmvideoConfig.cmake.in shmvideoConfig.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 a new minor version may change what a program compiles against.
write_basic_package_version_file(shmvideoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT shmvideoTargets NAMESPACE shmvideo:: DESTINATION ${package_dir} COMPONENT development)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/shmvideoConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/shmvideoConfigVersion.cmake
  DESTINATION ${package_dir} COMPONENT development)

# Relative to where the file lies, so that the installed tree may be moved; but a distribution's own folders, which
# pkg-config leaves out of its answers, it knows by their usual names.
file(RELATIVE_PATH prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" pc_prefix "\${pcfiledir}/${prefix_from_pc}")
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(pc_prefix /usr)
endif()
configure_file(cmake/shmvideo.pc.in shmvideo.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/shmvideo.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
  COMPONENT development)

# Debian's zsh looks for completions of packages elsewhere than for those of its administrator.
set(SHMVIDEO_ZSH_FOLDER ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr" AND EXISTS /etc/debian_version)
  set(SHMVIDEO_ZSH_FOLDER ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
endif()

# What is there to read. Each tool installs the page of its own.
install(FILES docs/segment-format.md docs/c-abi.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)
install(FILES docs/reader.py DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT development)
install(DIRECTORY examples/minimal-c examples/motion examples/two-cameras
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT development PATTERN build EXCLUDE)
if(SHMVIDEO_BUILD_TOOLS)
  file(GLOB manuals CONFIGURE_DEPENDS man/*.5 man/*.7)
  foreach(manual IN LISTS manuals)
    string(REGEX MATCH "[57]$" section ${manual})
    install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section} COMPONENT tools)
  endforeach()
  install(FILES README.md docs/services.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tools)
  # For what stands around the server: docs/monitoring.md, docs/proxies.md.
  install(DIRECTORY share/caddy share/grafana share/nginx share/prometheus
    DESTINATION ${CMAKE_INSTALL_DATADIR}/shm-video COMPONENT tools)
  install(FILES docs/configuration.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT tools OPTIONAL)
endif()
