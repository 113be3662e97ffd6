# Debian's packages, by CPack: which there are, what each needs, and its papers. script/package makes them. What
# lies in which stands at the install() rules: a component is a package.
if(NOT PROJECT_IS_TOP_LEVEL OR NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  return() # folders are settled when configuring: those of packages are /usr's
endif()

set(SHMVIDEO_MAINTAINER "shm-video maintainers <maintainers@shm-video.invalid>" CACHE STRING
  "Who answers for the Debian packages: NAME <ADDRESS>")

# Packages are built for the libraries of one release; those of the next one are newer.
cmake_host_system_information(RESULT release QUERY DISTRIB_INFO)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1+${release_ID}${release_VERSION_ID})
set(package_version ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})

set(CPACK_GENERATOR DEB)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_PACKAGE_CONTACT ${SHMVIDEO_MAINTAINER})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # each package has its own
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SOURCE ${PROJECT_NAME})
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# Without packages of debug information: packing that takes longer than all else, and it can be had again from the
# same sources.
set(CPACK_STRIP_FILES ON)
# What comes from libraries of others is read off the binaries; our own go together in one version, since modules
# and programs exchange C++ objects, and before 1.0 so do the library and its users.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
get_target_property(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS shmvideo BINARY_DIR)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

set(packaging_out ${PROJECT_BINARY_DIR}/packaging)

# shmvideo_package(COMPONENT NAME section [NEEDS component ...])
# The package NAME. Its description lies in packaging/.
macro(shmvideo_package component name section)
  cmake_parse_arguments(arg "" "" "NEEDS" ${ARGN})
  string(TOUPPER ${component} key)
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${name})
  set(CPACK_DEBIAN_${key}_PACKAGE_SECTION ${section})
  set(CPACK_COMPONENT_${key}_DEPENDS ${arg_NEEDS})
  file(READ packaging/${component}.description CPACK_COMPONENT_${key}_DESCRIPTION)
endmacro()

get_target_property(soversion shmvideo SOVERSION)
shmvideo_package(library libshmvideo${soversion} libs)
shmvideo_package(development libshmvideo-dev libdevel NEEDS library)
shmvideo_package(tools shm-video video NEEDS library)
shmvideo_package(gstreamer shm-video-gstreamer video NEEDS tools library)
shmvideo_package(opencv shm-video-opencv video NEEDS tools library)
shmvideo_package(python python3-shmvideo python NEEDS library)

# The same for every kind of computer; bytecode is made where it is installed.
set(CPACK_DEBIAN_PYTHON_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "python3 (>= 3.11), python3-numpy")
set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS python3-opencv)
set(CPACK_DEBIAN_PYTHON_PACKAGE_CONTROL_EXTRA
  ${PROJECT_SOURCE_DIR}/packaging/python/postinst ${PROJECT_SOURCE_DIR}/packaging/python/prerm)

# Suggested, not recommended: apt installs what is recommended, and OpenCV brings 200 libraries that few need, since
# cameras, files and streams are read without them. shm-capture names the package when somebody asks for it.
set(CPACK_DEBIAN_TOOLS_PACKAGE_SUGGESTS "shm-video-gstreamer, shm-video-opencv")
# Its services: users, and what runs. The units themselves need systemd, and the tools do not.
set(CPACK_DEBIAN_TOOLS_PACKAGE_CONTROL_EXTRA ${PROJECT_SOURCE_DIR}/packaging/tools/postinst
  ${PROJECT_SOURCE_DIR}/packaging/tools/prerm ${PROJECT_SOURCE_DIR}/packaging/tools/postrm)
set(CPACK_DEBIAN_GSTREAMER_PACKAGE_RECOMMENDS "gstreamer1.0-plugins-base, gstreamer1.0-plugins-good")
set(CPACK_DEBIAN_GSTREAMER_PACKAGE_ENHANCES shm-video)
set(CPACK_DEBIAN_OPENCV_PACKAGE_ENHANCES shm-video)

# What programs that link the library will depend on: this version, see above.
configure_file(packaging/shlibs.in ${packaging_out}/shlibs)
configure_file(packaging/triggers ${packaging_out}/triggers COPYONLY)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_CONTROL_EXTRA ${packaging_out}/shlibs ${packaging_out}/triggers)

string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH, where that is set
configure_file(packaging/changelog.Debian.in ${packaging_out}/changelog.Debian)
configure_file(packaging/copyright.in ${packaging_out}/copyright)

# Between installing into the packages' folders and packing them.
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/packaging/papers.cmake)
set(CPACK_SHMVIDEO_PACKAGING ${PROJECT_SOURCE_DIR}/packaging)
set(CPACK_SHMVIDEO_PACKAGING_OUT ${packaging_out})
set(CPACK_SHMVIDEO_CHANGELOG ${PROJECT_SOURCE_DIR}/CHANGELOG.md)
include(CPack)
