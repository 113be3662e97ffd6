# Units for systemd, and the users that they run as. Below the prefix: systemd looks in /usr and in /usr/local.
foreach(unit shm-capture@.service shm-mjpeg@.service)
  configure_file(packaging/systemd/${unit}.in ${PROJECT_BINARY_DIR}/systemd/${unit} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/systemd/${unit} DESTINATION lib/systemd/system COMPONENT tools)
endforeach()
install(FILES packaging/systemd/shm-mjpeg@.socket DESTINATION lib/systemd/system COMPONENT tools)
install(FILES packaging/systemd/shm-video.sysusers DESTINATION lib/sysusers.d RENAME shm-video.conf COMPONENT tools)
