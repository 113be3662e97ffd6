# SPDX-License-Identifier: Apache-2.0
"""shm-capture with real V4L2 devices, in a machine that has some.

SHMVIDEO_CAMLAB names a program that runs "PROGRAM -- COMMAND..." on a machine with a camera
/dev/video0 that has BGR3, YUYV, UYVY, NV12, YU12 and GREY at 640x480, with the same files; without it these
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
    check("passed on as it is" in result.err, lambda: f"it has the format, but: {result.err}")


@test
def a_camera_by_number_delivers_the_size_that_is_asked_for(place):
    check_camera(place, "0", None)


@test
def a_camera_by_path_passes_on_its_own_formats(place):
    for pixel_format in ("YUYV", "UYVY", "NV12", "I420", "GRAY8"):
        check_camera(place, "/dev/video0", pixel_format)


@test
def a_camera_without_the_size_gives_another_and_says_so(place):
    result = place.run("shm-capture", "-d", "0", "-r", "641x479", "-c", 3, "-n", place.segment(), timeout=90)
    result.expect(0)
    check("instead of 641x479" in result.err, lambda: f"no note of the size in {result.err}")


@test
def a_camera_that_is_not_there_is_told_with_those_that_are(place):
    result = place.run("shm-capture", "-d", "7", "-n", place.segment(), timeout=90).expect(1)
    check("no camera /dev/video7" in result.err and "/dev/video0 (" in result.err, lambda: result.err)


def inject(place, control, device="0"):
    """A fault of the camera: "disconnect=1"."""
    place.run(shutil.which("v4l2-ctl"), f"-d{device}", "-c", control, timeout=60).expect(0)


def check_returns(place, lose, restore, *options):
    """A camera that is lost by lose() and comes back after restore(): its segment stays, and frames go on."""
    require("v4l2-ctl")
    name = place.segment()
    log = start_log(place, name, 100000, 120)
    capture = place.start("shm-capture", "-d", "0", *CAMERA, "-n", name, *options)
    wait_until(lambda: log.out.count("\n") > 3, 90, "the first frames")
    lose()
    capture.wait_for_output(r"trying to open it again", 60)
    check(os.path.exists(segment_path(place, name)), "the segment went")
    restore()
    capture.wait_for_output(r"/dev/video0 is back after", 60)
    seen = log.out.count("\n")
    wait_until(lambda: log.out.count("\n") > seen + 3, 60, "frames after the return")
    result = capture.stop(seconds=30).expect(0)
    frames = frames_of(log, 8, 60)
    check_equal([f["discontinuity"] for f in frames[1:]].count(True), 1, "discontinuities")
    numbers = [f["source_number"] for f in frames]
    check(all(a < b for a, b in zip(numbers, numbers[1:])), lambda: f"source numbers start over: {numbers}")
    return result


@test
def a_camera_that_is_unplugged_and_plugged_in_again_goes_on(place):
    result = check_returns(place, lambda: inject(place, "disconnect=1"), lambda: None)
    check("unplugged" in result.err, lambda: result.err)


@test
def all_cameras_may_go_and_come_back(place):
    def write(action):
        with open(f"/sys/bus/platform/drivers/vivid/{action}", "w", encoding="ascii") as file:
            file.write("vivid.0")
    check_returns(place, lambda: write("unbind"), lambda: write("bind"))
    wait_until(lambda: os.path.exists("/dev/video0"), 30, "the camera for the next test")


@test
def a_camera_that_stops_with_an_error_is_started_again(place):
    check_returns(place, lambda: inject(place, "inject_fatal_streaming_error=1"), lambda: None)


@test
def a_camera_that_hangs_is_noticed_and_goes_on_when_it_does(place):
    result = check_returns(place, lambda: inject(place, "percentage_of_dropped_buffers=100"),
                           lambda: inject(place, "percentage_of_dropped_buffers=0"), "--stall-timeout", "2s")
    check("no frame for 2 s" in result.err, lambda: result.err)


@test
def a_camera_that_goes_away_ends_the_capture_for_those_who_want_that(place):
    require("v4l2-ctl")
    name = place.segment()
    log = start_log(place, name, 3, 60)
    capture = place.start("shm-capture", "-d", "0", *CAMERA, "-n", name, "--on-loss", "exit")
    frames_of(log, 3, 90)
    inject(place, "disconnect=1")
    result = capture.wait(60).expect(1)
    check("/dev/video0: the camera was unplugged" in result.err.splitlines()[-1], lambda: result.err)


@test
def an_exposure_and_other_controls_are_set(place):
    require("v4l2-ctl")
    capture = place.start("shm-capture", "-d", "0", *CAMERA, "--control", "brightness=77", "--control", "hue=-5",
                          "-n", place.segment())
    capture.wait_for_output("publishing", 60)
    shown = place.run(shutil.which("v4l2-ctl"), "-d0", "-C", "brightness,hue", timeout=60).expect(0).out
    check("brightness: 77" in shown and "hue: -5" in shown, lambda: shown)
    capture.stop(seconds=30).expect(0)
    result = place.run("shm-capture", "-d", "0", "--control", "no_such_control=1", timeout=60).expect(1)
    check("no_such_control" in result.err, lambda: result.err)


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
