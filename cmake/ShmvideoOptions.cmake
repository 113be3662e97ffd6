# What can be switched when building, and what every target of ours is compiled with.
if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

# Without them only libshmvideo is built, which needs no library of others.
option(SHMVIDEO_BUILD_TOOLS "Build the tools and the modules under them" ${PROJECT_IS_TOP_LEVEL})
option(SHMVIDEO_BUILD_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(SHMVIDEO_BUILD_BENCH "Build the benchmarks" ${PROJECT_IS_TOP_LEVEL})
option(SHMVIDEO_WERROR "Treat warnings as errors" OFF)
set(SHMVIDEO_SANITIZE "" CACHE STRING "Sanitizers for everything: 'address,undefined' or 'thread'")

find_program(SHMVIDEO_CCACHE ccache)
if(SHMVIDEO_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SHMVIDEO_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${SHMVIDEO_CCACHE})
endif()

set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_VISIBILITY_PRESET hidden)
set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
# A distribution's own folders are searched anyway, and its checks refuse paths to them. Elsewhere programs find
# the library by its place beside them, so that the installed tree may be moved.
if(CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(CMAKE_SKIP_INSTALL_RPATH ON)
endif()
set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

add_library(shmvideo_flags INTERFACE)
target_compile_features(shmvideo_flags INTERFACE cxx_std_20)
target_compile_options(shmvideo_flags INTERFACE -Wall -Wextra -Wshadow -Wconversion -Wno-sign-conversion
  $<$<BOOL:${SHMVIDEO_WERROR}>:-Werror>)
# What is installed tells nobody where it was built, and is the same wherever that was. The compiler tries the
# last one first, as the folder of the build may lie in that of the source.
target_compile_options(shmvideo_flags INTERFACE
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=.)
if(SHMVIDEO_SANITIZE)
  # What a sanitizer finds ends the program: a line that scrolls by in a test that passes is seen by nobody.
  target_compile_options(shmvideo_flags INTERFACE -fsanitize=${SHMVIDEO_SANITIZE} -fno-sanitize-recover=all
    -fno-omit-frame-pointer)
  target_link_options(shmvideo_flags INTERFACE -fsanitize=${SHMVIDEO_SANITIZE})
endif()
