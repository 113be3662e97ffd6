#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs the tests of sticky directories in a virtual machine with fs.protected_regular=2, as systemd sets it.
#   14e_protected_regular.sh TEST_PROGRAM
if ! [ -x "${SHMVIDEO_CAMLAB:-}" ]; then
  echo "skipped: SHMVIDEO_CAMLAB names no program that makes such a machine"
  exit 77
fi
cd "$(dirname "$1")" || exit
exec "$SHMVIDEO_CAMLAB" --cameras 0 --timeout 500 -- sh -c '
  chmod 1777 /dev/shm
  echo 2 >/proc/sys/fs/protected_regular || exit
  SHMVIDEO_PROTECTED=1 exec "$1"' sh "$1"
