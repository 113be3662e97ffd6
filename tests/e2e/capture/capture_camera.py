# SPDX-License-Identifier: Apache-2.0
"""shm-capture with real V4L2 devices, in a machine that has some.

SHMVIDEO_CAMLAB names a program that runs "PROGRAM -- COMMAND..." on a machine with a camera
/dev/video0 that has YUYV, UYVY, NV12, YU12 and GREY at 640x480, with the same files; without it these
tests are skipped. Inside, this script runs itself again.
"""
import os
import shutil
import sys

from e2e import *
from frames import *

INSIDE = "--inside"
CAMERA = ["-r", "640x480", "-f", "25"]


def check_camera(place, device, pixel_format, wanted=5):
    name = place.segment()
    log = start_log(place, name, wanted, 60)
    arguments = ["-m", pixel_format] if pixel_format else []
    capture = place.start("shm-capture", "-d", device, *CAMERA, *arguments, "-n", name)
    for frame in frames_of(log, wanted, 90):
        check_equal((frame["width"], frame["height"]), (640, 480), "the size")
        check_equal(frame["format"], pixel_format or "BGR24", "the format")
    result = capture.stop(seconds=30).expect(0)
    check_equal("converted" in result.err, pixel_format == "RGB24", "whether it was converted")


@test
def a_camera_by_number_delivers_the_size_that_is_asked_for(place):
    check_camera(place, "0", None)


@test
def a_camera_by_path_passes_on_its_own_formats(place):
    for pixel_format in ("YUYV", "UYVY", "NV12", "I420", "GRAY8"):
        check_camera(place, "/dev/video0", pixel_format)


@test
def a_camera_without_the_format_is_converted(place):
    check_camera(place, "0", "RGB24")


@test
def a_camera_without_the_size_gives_another_and_says_so(place):
    result = place.run("shm-capture", "-d", "0", "-r", "641x479", "-c", 3, "-n", place.segment(), timeout=90)
    result.expect(0)
    check("instead of 641x479" in result.err, lambda: f"no note of the size in {result.err}")


@test
def a_camera_that_is_not_there_is_told_with_those_that_are(place):
    result = place.run("shm-capture", "-d", "7", "-n", place.segment(), timeout=90).expect(1)
    check("no camera /dev/video7" in result.err and "/dev/video0 (" in result.err, lambda: result.err)


@test
def a_camera_that_goes_away_ends_the_capture(place):
    require("v4l2-ctl")
    name = place.segment()
    log = start_log(place, name, 3, 60)
    capture = place.start("shm-capture", "-d", "0", *CAMERA, "-n", name)
    frames_of(log, 3, 90)
    place.run(shutil.which("v4l2-ctl"), "-d0", "-c", "disconnect=1", timeout=60)
    result = capture.wait(60).expect(1)
    check("delivers no more frames" in result.err, lambda: result.err)


def run_in_camlab():
    camlab = os.environ.get("SHMVIDEO_CAMLAB")
    if not camlab:
        print("skipped: SHMVIDEO_CAMLAB is not set")
        sys.exit(77)
    command = [camlab, "--timeout", "800", "--", sys.executable, os.path.abspath(__file__), INSIDE, *sys.argv[1:]]
    os.chdir(os.environ["SHMVIDEO_BIN"])
    os.execvp(command[0], command)


if INSIDE in sys.argv:
    sys.argv.remove(INSIDE)
    main()
else:
    run_in_camlab()
