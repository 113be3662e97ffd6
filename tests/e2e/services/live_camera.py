# SPDX-License-Identifier: Apache-2.0
"""The camera's unit with a camera, under a real systemd in a virtual machine: it may open that and no other device, and
outlives its being unplugged.

It takes a machine of its own for two minutes, so it runs where SHMVIDEO_SLOW is set, and where there is a camlab.
"""
from camlab import run_in_camlab, set_plugged
from machine import *

UNIT = "shm-capture@front.service"


@test
def a_camera_of_the_unit_is_opened_unplugged_and_found_again(place):
    place.use_default_directory()
    with Machine(place) as machine:
        machine.run("systemd-sysusers").expect()
        machine.be_quick("shm-capture@.service", watchdog=30)
        machine.run("chgrp", "video", "/dev/video0").expect()
        machine.run("chmod", "660", "/dev/video0").expect()
        machine.write("/etc/shm-video/capture/front.conf",
                      'VIDEO_FILE=/dev/video0\nOPTIONS="--resolution 320x180 --fps 10"\n')
        machine.systemctl("start", UNIT)
        machine.wait_for(UNIT, "StatusText", r"320x180 BGR24, \d+\.\d/s, 0 readers")
        pid = machine.show(UNIT, "MainPID")
        set_plugged(False)
        machine.wait_for(UNIT, "StatusText", "waiting for '/dev/video0' since .*")
        set_plugged(True)
        wait_until(lambda: os.path.exists("/dev/video0"), PATIENCE, "the camera's node")
        machine.run("chgrp", "video", "/dev/video0").expect()
        machine.run("chmod", "660", "/dev/video0").expect()
        machine.wait_for(UNIT, "StatusText", "320x180 .*")
        check_equal((machine.show(UNIT, "MainPID"), machine.show(UNIT, "NRestarts")), (pid, "0"), "process, restarts")


if not os.environ.get("SHMVIDEO_SLOW"):
    print("skipped: SHMVIDEO_SLOW is not set")
    sys.exit(SKIPPED)
run_in_camlab("webcam")
