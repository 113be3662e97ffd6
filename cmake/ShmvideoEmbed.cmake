# shmvideo_embed_files(FOLDER HEADER files ...)
# Makes files of this folder a library, shmvideo_FOLDER_files, of constants. HEADER is included by what is generated; it
# declares, in namespace shmvideo::sink, the struct EmbeddedFile {name, content, digest} and FOLDER_files(), which gives
# all of them in the order given here.
function(shmvideo_embed_files folder header)
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/${folder}_files.cpp)
  list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE paths)
  set(script ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake)
  add_custom_command(OUTPUT ${generated}
    COMMAND ${CMAKE_COMMAND} "-DFILES=${paths}" -DFUNCTION=${folder}_files -DHEADER=${header} -DOUTPUT=${generated}
      -P ${script}
    DEPENDS ${paths} ${script} VERBATIM COMMENT "Embedding the files of ${folder}/")
  add_library(shmvideo_${folder}_files STATIC ${generated})
  target_include_directories(shmvideo_${folder}_files PRIVATE ${PROJECT_SOURCE_DIR}/libcore/src)
  target_link_libraries(shmvideo_${folder}_files PRIVATE shmvideo_flags)
endfunction()
