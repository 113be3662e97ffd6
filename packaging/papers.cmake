# Run by CPack when each package's files lie in a folder of its own: what Debian's policy wants beside them, and
# in which form.
cmake_minimum_required(VERSION 3.22)
find_program(gzip gzip REQUIRED)

# As small as it gets and without name or time, so that the same file always becomes the same package.
function(compress)
  if(ARGN)
    execute_process(COMMAND ${gzip} -9 --no-name --force ${ARGN} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endfunction()

file(GLOB folders LIST_DIRECTORIES true ${CPACK_TEMPORARY_DIRECTORY}/*)
foreach(folder IN LISTS folders)
  get_filename_component(component ${folder} NAME)
  string(TOUPPER ${component} key)
  set(package ${CPACK_DEBIAN_${key}_PACKAGE_NAME})
  set(papers ${folder}/usr/share/doc/${package})
  file(COPY ${CPACK_SHMVIDEO_PACKAGING_OUT}/copyright ${CPACK_SHMVIDEO_PACKAGING_OUT}/changelog.Debian
    DESTINATION ${papers} FILE_PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
  configure_file(${CPACK_SHMVIDEO_CHANGELOG} ${papers}/changelog COPYONLY)

  set(overrides ${CPACK_SHMVIDEO_PACKAGING}/${component}.lintian-overrides)
  if(EXISTS ${overrides})
    configure_file(${overrides} ${folder}/usr/share/lintian/overrides/${package} COPYONLY)
  endif()

  file(GLOB manuals ${folder}/usr/share/man/man*/*.[1-8])
  compress(${papers}/changelog ${papers}/changelog.Debian ${manuals})
endforeach()
