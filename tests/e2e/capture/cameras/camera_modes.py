# SPDX-License-Identifier: Apache-2.0
"""shm-capture with cameras: which are there, what they can do, and what is made of it."""
import json
import os
import shutil

from camlab import *
from e2e import *
from frames import *

ALL_RED, NO_TEXT = 7, 2


def capture_once(place, *arguments, frames=3):
    """Captures a few frames and gives the result."""
    return place.run("shm-capture", *arguments, "-c", frames, "-n", place.segment(), timeout=PATIENCE)


def check_camera(place, device, size, pixel_format=None, wanted=3):
    name = place.segment()
    log = start_log(place, name, wanted, PATIENCE)
    arguments = ["-m", pixel_format] if pixel_format else []
    capture = place.start("shm-capture", "-d", device, "-r", "x".join(map(str, size)), *arguments, "-n", name)
    for frame in frames_of(log, wanted, PATIENCE):
        check_equal((frame["width"], frame["height"]), size, "the size")
        check_equal(frame["format"], pixel_format or "BGR24", "the format")
        check(frame["source_number"] > 0 and frame["capture_ns"] > 0, lambda: f"no number or time in {frame}")
    return capture, name


@test
def a_camera_by_number_delivers_the_sizes_that_are_asked_for(place):
    for size in ((640, 480), (1920, 1080)):
        capture, _ = check_camera(place, "0", size)
        result = capture.stop(seconds=PATIENCE).expect(0)
        check(f"camera mode: BGR24 {size[0]}x{size[1]} at " in result.err, lambda: result.err)


@test
def each_format_of_a_camera_is_passed_on_with_its_colours(place):
    set_control(place, 0, test_pattern=ALL_RED, osd_text_mode=NO_TEXT)
    for pixel_format in ("BGR24", "RGB24", "YUYV", "UYVY", "NV12", "I420", "GRAY8"):
        name = place.segment()
        capture = place.start("shm-capture", "-d", "/dev/video0", "-r", "640x480", "-m", pixel_format, "-n", name)
        picture = os.path.join(place.scratch, f"{pixel_format}.png")
        wait_for_segment(place, name, PATIENCE)
        place.run("shm-inspect", name, "--wait", "60s", "--save", picture, timeout=2 * PATIENCE).expect(0)
        result = capture.stop(seconds=PATIENCE).expect(0)
        check(f"camera mode: {pixel_format} 640x480 at 25/s: passed on" in result.err, lambda: result.err)
        red, green, blue = first_pixel(picture)
        is_right = red == green == blue if pixel_format == "GRAY8" else red > 180 and green < 70 and blue < 70
        check(is_right, f"the picture in {pixel_format} is {red} {green} {blue}")
    set_control(place, 0, test_pattern=0, osd_text_mode=0)


@test
def the_best_rate_is_taken_and_told(place):
    result = capture_once(place, "-d", "0", "-r", "320x180", "-f", "50", frames=20).expect(0)
    check("320x180 at 50/s" in result.err, lambda: result.err)
    result = capture_once(place, "-d", "0", "-r", "1280x720", "-f", "30").expect(0)
    check("the camera gives 12.5 frames a second instead of 30" in result.err, lambda: result.err)


@test
def a_camera_without_the_size_gives_another_and_says_so(place):
    result = capture_once(place, "-d", "0", "-r", "641x479").expect(0)
    check("the camera gives 640x480 instead of 641x479" in result.err, lambda: result.err)


@test
def a_capture_card_gives_the_size_and_the_rate_of_its_signal(place):
    result = capture_once(place, "-d", "1", "-m", "YUYV", "-f", "30").expect(0)
    check("camera mode: YUYV 1920x1080 at 60/s" in result.err, lambda: result.err)
    check("60 frames a second instead of 30" in result.err, lambda: result.err)


@test
def the_cameras_are_listed_with_sizes_and_rates(place):
    listed = place.run("shm-capture", "--list-devices", timeout=PATIENCE).expect(0).out
    for part in ("/dev/video0  vivid (driver vivid, platform:vivid-000)", "/dev/video1", "YUYV", "640x480",
                 "25 15 12.5 10 5 4 2 1 /s", "16x16 to 16384x8640"):
        check(part in listed, lambda: f"{part!r} is not in:\n{listed}")
    check(max(map(len, listed.splitlines())) <= 80, "a line is too long for 80 columns")
    cameras = json.loads(place.run("shm-capture", "--list-devices", "--json", timeout=PATIENCE).expect(0).out)
    check_equal([c["path"] for c in cameras], ["/dev/video0", "/dev/video1"], "the paths")
    check(all(c["problem"] is None for c in cameras), "a camera has a problem")
    formats = {f["format"]: f for f in cameras[0]["formats"] if f["format"]}
    check_equal(sorted(formats), ["BGR24", "GRAY8", "I420", "NV12", "RGB24", "UYVY", "YUYV"], "the formats")
    rates = {(s["width"], s["height"]): s["fps"] for s in formats["NV12"]["sizes"]}
    check_equal(rates[(1920, 1080)], [5, 4, 2, 1], "the rates of 1920x1080")
    check_equal(cameras[1]["formats"][0]["sizes"][0]["width"]["max"], 16384, "the largest width of a range")


@test
def controls_are_listed_and_set(place):
    listed = place.run("shm-capture", "--list-controls", "-d", "0", timeout=PATIENCE).expect(0).out
    for part in ("User Controls", "brightness", "0 to 255", "128 (default 128)", "3: Menu Item 3"):
        check(part in listed, lambda: f"{part!r} is not in:\n{listed}")
    arguments = ["--list-controls", "--json", "-d", "/dev/video0"]
    told = json.loads(place.run("shm-capture", *arguments, timeout=PATIENCE).expect(0).out)
    controls = {c["name"]: c for c in told["controls"]}
    check_equal((controls["hue"]["min"], controls["hue"]["max"], controls["hue"]["value"]), (-128, 128, 0), "hue")
    check_equal([m["value"] for m in controls["menu"]["menu"]], [1, 3, 4], "the entries of a menu with holes")
    wanted = ["--control", "brightness=99", "--control", "Hue=-7", "--control", "menu=4"]
    capture_once(place, "-d", "0", "-r", "640x480", *wanted).expect(0)
    check_equal([get_control(place, 0, n) for n in ("brightness", "hue", "menu")], [99, -7, 4], "what was set")
    set_control(place, 0, brightness=128, hue=0, menu=3)


@test
def controls_that_cannot_be_are_refused_with_what_can(place):
    for setting, answer in (("britness=1", "did you mean brightness?"), ("hue=300", "it takes -128 to 128"),
                            ("menu=2", "it takes 1 (Menu Item 1), 3 (Menu Item 3)")):
        result = capture_once(place, "-d", "0", "--control", setting).expect(1)
        check(answer in result.err, lambda: f"{answer!r} is not in {result.err!r}")
    for exposure in ("auto", "100"):
        result = capture_once(place, "-d", "0", "--exposure", exposure).expect(1)
        check("exposure cannot be set: it has no control for it" in result.err, lambda: result.err)


@test
def a_camera_that_codes_nothing_has_nothing_to_copy(place):
    result = capture_once(place, "-d", "0", "--copy").expect(1)
    check("codes nothing that could be copied" in result.err and "YUYV" in result.err, lambda: result.err)


@test
def a_camera_is_opened_by_its_stable_link(place):
    os.makedirs("/dev/v4l/by-id", exist_ok=True)
    link = "/dev/v4l/by-id/usb-Test_Camera_1234-video-index0"
    os.symlink("../../video0", link)
    capture, name = check_camera(place, link, (640, 480))
    check_equal(report(place, name)["source"], link, "the source's name")
    capture.stop(seconds=PATIENCE).expect(0)
    cameras = json.loads(place.run("shm-capture", "--list-devices", "--json", timeout=PATIENCE).expect(0).out)
    check_equal([c["links"] for c in cameras], [[link], []], "the links")
    shutil.rmtree("/dev/v4l")


@test
def auto_is_the_first_camera_that_delivers_and_a_busy_one_is_told_with_its_user(place):
    result = capture_once(place, "-d", "auto", "-r", "640x480").expect(0)
    check("auto: /dev/video0 (vivid)" in result.err, lambda: result.err)
    user, _ = check_camera(place, "0", (640, 480))
    busy = f"camera /dev/video0 is used by shm-capture (pid {user.pid})"
    result = capture_once(place, "-d", "0").expect(1)
    check(busy in result.err, lambda: result.err)
    result = capture_once(place, "-d", "auto", "-r", "640x480").expect(0)
    check("auto: /dev/video1 (vivid)" in result.err and busy in result.err, lambda: result.err)
    with controls_at(place, 1, percentage_of_dropped_buffers=100):
        result = capture_once(place, "-d", "auto").expect(1)
    for part in ("no camera delivers frames", busy, "camera /dev/video1 gives no frame within 2 s"):
        check(part in result.err, lambda: f"{part!r} is not in {result.err!r}")
    wait_for_frames(start_log(place, user.command[-1], 1000, PATIENCE))  # nobody has disturbed it
    user.stop(seconds=PATIENCE).expect(0)


@test
def what_is_no_camera_is_told_with_those_that_are(place):
    result = capture_once(place, "-d", "7").expect(1)
    check("no camera /dev/video7" in result.err and "/dev/video0 (" in result.err, lambda: result.err)


@test
def a_server_shows_the_camera_itself_while_somebody_watches(place):
    server = place.start("shm-mjpeg", "--source=camera", "--port", 0)
    port = int(server.wait_for_output(r"listening on http://\S+:(\d+)/", PATIENCE).group(1))
    with MjpegStream(port, "/stream/video?width=640&height=360&fps=5", timeout=PATIENCE) as stream:
        check_equal(jpeg_size(next(iter(stream))[1]), (640, 360), "the size, which the camera was asked for")
        # Nobody else can have the camera meanwhile.
        busy = capture_once(place, "-d", "0").expect(1)
        check("is used by shm-capture" in busy.err, lambda: busy.err)
    wait_until(lambda: "camera: shm-capture has ended" in server.err, PATIENCE, "the end of the capture")
    capture_once(place, "-d", "0", "-r", "640x360").expect(0)
    check("camera mode: BGR24 640x360" in server.err, lambda: server.err)
    server.stop(seconds=PATIENCE).expect(0)


@test
def a_driver_with_the_multi_planar_calls_is_a_camera_too(place):
    set_modules(place, "multiplanar=2")  # the last test: there is one camera from now on
    set_control(place, 0, test_pattern=ALL_RED, osd_text_mode=NO_TEXT)
    name = place.segment()
    capture = place.start("shm-capture", "-d", "auto", "-r", "640x480", "-m", "NV12", "-n", name)
    picture = os.path.join(place.scratch, "planar.png")
    wait_for_segment(place, name, PATIENCE)
    place.run("shm-inspect", name, "--wait", "60s", "--save", picture, timeout=2 * PATIENCE).expect(0)
    capture.stop(seconds=PATIENCE).expect(0)
    red, green, blue = first_pixel(picture)
    check(red > 180 and green < 70 and blue < 70, f"the picture is {red} {green} {blue}")


run_in_camlab("webcam", "hdmi")
