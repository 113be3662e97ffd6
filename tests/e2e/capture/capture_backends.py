# SPDX-License-Identifier: Apache-2.0
"""What --device may be and who fetches the frames: GStreamer, standard input, and what does not go together."""
import os
import shutil
import signal
import socket
import time

from e2e import *
from frames import *


def run_fed(place, feeder, *arguments):
    """shm-capture with the output of the shell command `feeder` as its standard input."""
    words = " ".join([tool("shm-capture"), "-d", "-", "-n", place.segment(), *arguments])
    return place.run("/bin/sh", "-c", f"{feeder} | {words}", timeout=60)


def require_gstreamer(place):
    result = place.run("shm-capture", "-d", "videotestsrc num-buffers=1 ! appsink", "-n", place.segment())
    if "no element" in result.err:
        skip(f"GStreamer's plugins are not installed: {result.err}")
    result.expect(0)


@test
def a_gstreamer_pipeline_is_published_to_its_end(place):
    require_gstreamer(place)
    for pipeline in ("videotestsrc num-buffers=30 ! video/x-raw,width=320,height=240",
                     "videotestsrc num-buffers=30 ! video/x-raw,width=320,height=240,format=NV12 ! appsink"):
        for pixel_format in ("BGR24", "NV12"):
            name = place.segment()
            log = start_log(place, name, 1000)
            result = place.run("shm-capture", "-d", pipeline, "-m", pixel_format, "-n", name).expect(0)
            check("published 30 (" in result.err, lambda: f"not 30 frames: {result.err}")
            for frame in frames_of(log, 5):
                check_equal((frame["width"], frame["height"], frame["format"]), (320, 240, pixel_format), "a frame")


@test
def gstreamer_plays_a_file_and_scales_it(place):
    require_gstreamer(place)
    film = make_film(place, frames=40, fps=40)
    name = place.segment()
    log = start_log(place, name, 5)
    capture = place.start("shm-capture", "-d", film, "--backend", "gstreamer", "-r", "320x240", "-n", name)
    for frame in frames_of(log, 5):
        check_equal((frame["width"], frame["height"]), (320, 240), "the size")
    capture.wait(30).expect(0)


@test
def a_pipeline_that_fails_is_told_and_one_that_is_lost_is_started_again(place):
    require_gstreamer(place)
    for pipeline in ("no-such-element ! appsink", "videotestsrc ! fakesink ! appsink"):
        result = place.run("shm-capture", "-d", pipeline, "-n", place.segment()).expect(1)
        check("GStreamer" in result.err and len(result.err.splitlines()) == 1, lambda: result.err)
    name = place.segment()
    failing = "videotestsrc is-live=true ! video/x-raw,width=160,height=120 ! identity error-after=10"
    log = start_log(place, name, 30, 60)
    capture = place.start("shm-capture", "-d", failing, "-n", name)
    frames = frames_of(log, 30)
    capture.stop().expect(0)
    check(any(f["discontinuity"] for f in frames), "no discontinuity")
    check("trying to open it again" in capture.err and "is back after" in capture.err, lambda: capture.err)


@test
def opencv_plays_a_sequence_of_pictures_to_its_end(place):
    require("ffmpeg")
    pictures = os.path.join(place.scratch, "picture-%03d.png")
    place.run(shutil.which("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "testsrc=size=320x240:rate=30",
              "-frames:v", "30", pictures).expect(0)
    name = place.segment()
    log = start_log(place, name, 5)
    result = place.run("shm-capture", "-d", pictures, "--backend", "opencv", "-r", "160x120", "-n", name, timeout=60)
    check("published 30 (" in result.expect(0).err, lambda: f"not 30 frames: {result.err}")
    for frame in frames_of(log, 5):
        check_equal((frame["width"], frame["height"], frame["format"]), (160, 120, "BGR24"), "a frame")


@test
def a_stop_does_not_wait_for_opencv_which_waits_for_a_silent_server(place):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(8)  # the kernel accepts, and nobody ever answers
        url = f"http://127.0.0.1:{server.getsockname()[1]}/film"
        capture = place.start("shm-capture", "-d", url, "--backend", "opencv", "-n", place.segment(), "-v")
        connected = server.accept()[0]
        began = time.monotonic()
        capture.stop(signal.SIGTERM, seconds=10).expect(0)
        connected.close()
        print(f"stopped after {1000 * (time.monotonic() - began):.0f} ms")  # OpenCV would have waited for 30 s


@test
def standard_input_says_what_it_is_or_is_told(place):
    require("ffmpeg")
    source = "ffmpeg -v error -f lavfi -i testsrc=size=320x240:rate=30 -frames:v 20"
    for coded in ("-pix_fmt yuv420p -f yuv4mpegpipe", "-c:v mjpeg -f mjpeg"):
        result = run_fed(place, f"{source} {coded} -").expect(0)
        check("320x240 BGR24" in result.err and "published 20 (" in result.err, lambda: f"{coded}: {result.err}")
    result = run_fed(place, f"{source} -f rawvideo -pix_fmt nv12 -", "-r", "320x240", "-m", "NV12").expect(0)
    check("320x240 NV12" in result.err and "published 20 (" in result.err, lambda: result.err)
    run_fed(place, f"{source} -f rawvideo -pix_fmt nv12 -").expect(1)


@test
def coded_frames_pass_through_into_more_slots(place):
    require("ffmpeg")
    source = "ffmpeg -v error -f lavfi -i testsrc=size=320x240:rate=30 -frames:v 20 -c:v mjpeg -f mjpeg -"
    for options, slots in ((("--copy",), 30), (("--copy", "-b", "4"), 4), ((), 6)):
        result = run_fed(place, source, *options).expect(0)
        check(f", {slots} slots" in result.err, lambda: f"not {slots} slots: {result.err}")
        check_equal("JPEG" in result.err, "--copy" in options, "whether it is coded")


@test
def a_backend_that_does_not_take_the_device_is_wrong_use(place):
    film = make_film(place, frames=1)
    for device, backend, right in ((film, "v4l2", "ffmpeg"), ("/dev/video7", "ffmpeg", "v4l2"),
                                   ("-", "gstreamer", "ffmpeg"), ("a ! appsink", "opencv", "gstreamer"),
                                   ("-", "opencv", "ffmpeg"), ("rtsp://127.0.0.1/x", "v4l2", "ffmpeg"),
                                   ("a ! appsink", "ffmpeg", "gstreamer"),
                                   ("pattern", "gstreamer", "needs none")):
        result = place.run("shm-capture", "-d", device, "--backend", backend, "-n", place.segment()).expect(2)
        check(right in result.err, lambda: f"no {right} in {result.err}")


@test
def passwords_in_urls_are_shown_to_nobody(place):
    result = place.run("shm-capture", "-d", f"http://user:secret@127.0.0.1:{free_port()}/x", "-n", place.segment())
    check("secret" not in result.expect(1).err, lambda: result.err)


@test
def options_of_cameras_are_checked_and_elsewhere_ignored_with_a_word(place):
    for arguments in (["--exposure", "bright"], ["--exposure", "0"], ["--control", "gain"],
                      ["--control", "gain=high"], ["--json"], ["--list-controls", "-d", "pattern"],
                      ["--list-devices", "--list-controls"]):
        place.run("shm-capture", *arguments).expect(2)
    told = place.run("shm-capture", "-d", "pattern", "-c", 3, "-n", place.segment(), "--exposure", "auto",
                     "--control", "gain=1", "--control", "hue=2", "--copy").expect(0)
    for name in ("exposure", "control", "copy"):
        check_equal(told.err.count(f"--{name} is ignored"), 1, f"warnings of --{name} in {told.err}")


@test
def without_its_module_a_backend_is_refused_with_the_package_to_install(place):
    folder = os.path.join(place.scratch, "bin")
    os.mkdir(folder)
    alone = os.path.join(folder, "shm-capture")
    shutil.copy2(tool("shm-capture"), alone)
    for library, package, *arguments in [("GStreamer", "shm-video-gstreamer", "-d", "videotestsrc ! appsink"),
                                         ("OpenCV", "shm-video-opencv", "-d", "x.avi", "--backend", "opencv")]:
        result = place.run(alone, *arguments, "-n", place.segment())
        if "error while loading shared libraries" in result.err:
            skip("the tool cannot be moved away from its library")
        for words in (f"no {library} backend", f"on Debian, the package {package})", "--backend auto"):
            check(words in result.expect(1).err, lambda: result.err)


main()
