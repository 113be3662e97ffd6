# How other projects find the library: find_package(shmvideo), pkg-config, or add_subdirectory. The
# target is shmvideo::shmvideo in each case of CMake.
include(CMakePackageConfigHelpers)

add_library(shmvideo::shmvideo ALIAS shmvideo)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/shmvideo)
configure_package_config_file(cmake/shmvideoConfig.cmake.in shmvideoConfig.cmake INSTALL_DESTINATION ${package_dir})
# Before 1.0 a new minor version may change what a program compiles against.
write_basic_package_version_file(shmvideoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(EXPORT shmvideoTargets NAMESPACE shmvideo:: DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/shmvideoConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/shmvideoConfigVersion.cmake
  DESTINATION ${package_dir})

# Relative to where the file lies, so that the installed tree may be moved.
file(RELATIVE_PATH prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
configure_file(cmake/shmvideo.pc.in shmvideo.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/shmvideo.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
