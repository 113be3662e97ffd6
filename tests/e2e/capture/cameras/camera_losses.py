# SPDX-License-Identifier: Apache-2.0
"""shm-capture with cameras that fail, hang, are unplugged and come back: the segment stays, its readers go on."""
import json
import os
import signal

from camlab import *
from e2e import *
from frames import *

MANY = 1_000_000  # frames: a reader that goes on until the test ends
NO_SIGNAL, SELECTED_SIGNAL = 1, 4
SIGNAL_720P24 = 5


def start_capture(place, *arguments):
    """A capture, its segment's name, and a reader that has seen its first frames."""
    name = place.segment()
    log = start_log(place, name, MANY, 2 * PATIENCE)
    capture = place.start("shm-capture", *(arguments or CAMERA), "-m", "YUYV", "-n", name)
    wait_for_frames(log, 3)
    return capture, name, log


def finish(capture, log, losses=0, has_all=True):
    """The capture has survived, and its readers have seen one stream, told where something is missing.

    `has_all`: the pictures are small and slow enough for a reader to see each, on an emulated machine too.
    """
    result = capture.stop(seconds=PATIENCE).expect(0)
    check_numbers(log)
    discontinuities = [frame["discontinuity"] for frame in seen(log)[1:]].count(True)
    check(discontinuities <= losses, f"{discontinuities} discontinuities after {losses} losses")
    check(not has_all or discontinuities == losses, f"{discontinuities} discontinuities instead of {losses}")
    check_equal(result.err.count("is back after"), losses, "times that the camera is told to be back")
    return result


@test
def frames_flagged_as_errors_are_counted_and_the_capture_goes_on(place):
    capture, name, log = start_capture(place)
    set_control(place, 0, inject_v4l2_buf_flag_error=1)
    wait_until(lambda: report(place, name)["dropped_by_cause"]["corrupt"] == 1, PATIENCE, "a corrupt frame")
    wait_for_frames(log)
    check_equal(report(place, name)["source_state"], "ok", "the state of the source")
    result = finish(capture, log)
    check("input/output" not in result.err, "it was opened again for nothing")


@test
def frames_that_a_camera_loses_are_counted_even_when_its_own_count_wraps(place):
    capture, name, log = start_capture(place)
    with controls_at(place, 0, wrap_sequence_number=1, percentage_of_dropped_buffers=40):
        wait_until(lambda: report(place, name)["dropped"] >= 5, PATIENCE, "frames that are lost")
    check_numbers(log)
    capture.stop(seconds=PATIENCE).expect(0)
    frames = seen(log)
    missing = sum(b["source_number"] - a["source_number"] - 1 for a, b in zip(frames, frames[1:]))
    check(5 <= missing < 1000, f"{missing} frames are missing in the source's numbers")


@test
def a_fatal_streaming_error_is_recovered_from(place):
    capture, name, log = start_capture(place)
    set_control(place, 0, inject_fatal_streaming_error=1)
    capture.wait_for_output("input/output error", PATIENCE)
    wait_for_frames(log)
    wait_for_state(place, name, "ok")
    check_equal(len({frame["generation"] for frame in seen(log)}), 1, "segments that were needed")
    finish(capture, log, losses=1)


@test
def one_camera_that_is_unplugged_is_waited_for(place):
    capture, name, log = start_capture(place)
    kept = os.open("/dev/video0", os.O_RDWR)  # while somebody has it open, it stays away
    try:
        set_control(place, 0, disconnect=1)
        wait_for_state(place, name, "reconnecting")
        check("the camera was unplugged" in capture.err, lambda: capture.err)
        check_equal(report(place, name)["state"], "live", "the state of the segment")
    finally:
        os.close(kept)
    wait_for_frames(log)
    wait_for_state(place, name, "ok")
    finish(capture, log, losses=1)


@test
def all_cameras_may_be_unplugged_and_plugged_in_again(place):
    capture, name, log = start_capture(place)
    set_plugged(False)
    try:
        wait_for_state(place, name, "reconnecting")
        wait_until(lambda: not uses_camera(capture), PATIENCE, "the capture to let go of the camera")
        check(not os.path.exists("/dev/video0"), "the camera is still there")
    finally:
        set_plugged(True)
    wait_for_frames(log)
    wait_for_state(place, name, "ok")
    finish(capture, log, losses=1)


@test
def a_camera_that_hangs_is_opened_again_until_it_delivers(place):
    capture, name, log = start_capture(place, *CAMERA, "--stall-timeout", "1s")
    with controls_at(place, 0, percentage_of_dropped_buffers=100):
        wait_for_state(place, name, "reconnecting")
        check("no frame for 1 s" in capture.err, lambda: capture.err)
    wait_for_frames(log)
    wait_for_state(place, name, "ok")
    finish(capture, log, losses=1)


@test
def whoever_asks_to_exit_gets_the_reason(place):
    capture, _, _ = start_capture(place, *CAMERA, "--on-loss", "exit")
    set_control(place, 0, disconnect=1)
    result = capture.wait(PATIENCE).expect(1)
    check("/dev/video0: the camera was unplugged" in result.err, lambda: result.err)


@test
def a_lost_signal_comes_back_in_the_same_segment(place):
    capture, name, log = start_capture(place, "-d", "1")
    with controls_at(place, 1, dv_timings_signal_mode=NO_SIGNAL):
        wait_for_state(place, name, "reconnecting")
        check("no signal on input HDMI" in capture.err, lambda: capture.err)
    wait_for_frames(log)
    wait_for_state(place, name, "ok")
    check_equal(len({frame["generation"] for frame in seen(log)}), 1, "segments that were needed")
    finish(capture, log, losses=1, has_all=False)


@test
def a_signal_that_comes_back_larger_gets_a_segment_that_it_fits_and_the_readers_follow(place):
    set_control(place, 1, dv_timings_signal_mode=SELECTED_SIGNAL)
    set_control(place, 1, dv_timings=SIGNAL_720P24)
    capture, name, log = start_capture(place, "-d", "1")
    check_equal((seen(log)[-1]["width"], seen(log)[-1]["height"]), (1280, 720), "the first size")
    set_control(place, 1, dv_timings_signal_mode=NO_SIGNAL)
    wait_for_state(place, name, "reconnecting")
    set_control(place, 1, dv_timings=12)  # 1920x1080 at 30/s; changes nothing yet
    set_control(place, 1, dv_timings_signal_mode=SELECTED_SIGNAL)
    wait_until(lambda: seen(log)[-1]["width"] == 1920, PATIENCE, "the new size")
    check(seen(log)[-1]["generation"] > seen(log)[0]["generation"], "the segment did not change")
    set_control(place, 1, dv_timings=SIGNAL_720P24)  # without a gap this time
    wait_until(lambda: seen(log)[-1]["width"] == 1280, PATIENCE, "the old size")
    wait_for_state(place, name, "ok")
    finish(capture, log, losses=2, has_all=False)
    set_control(place, 1, dv_timings_signal_mode=0)


@test
def a_signal_that_is_not_there_at_the_start_is_told_or_waited_for(place):
    set_control(place, 1, dv_timings_signal_mode=NO_SIGNAL)
    result = place.run("shm-capture", "-d", "1", "-n", place.segment(), timeout=PATIENCE).expect(1)
    check("camera /dev/video1 delivers nothing: no signal on input HDMI" in result.err, lambda: result.err)
    name = place.segment()
    log = start_log(place, name, 3, 2 * PATIENCE)
    capture = place.start("shm-capture", "-d", "1", "--wait-device", "-n", name)
    capture.wait_for_output("no signal on input HDMI", PATIENCE)
    set_control(place, 1, dv_timings_signal_mode=0)
    frames_of(log, 3, 2 * PATIENCE)
    capture.stop(seconds=PATIENCE).expect(0)


@test
def a_camera_takes_over_another_size_and_other_controls_while_its_readers_stay(place):
    path = os.path.join(place.scratch, "settings.json")

    def configure(**values):
        settings = {"vision": {"camera": {"device_id": 0, "fps": 10, **values}},
                    "shm-capture": {"format": "YUYV", "control": [f"brightness={values['resolution'][1] // 10}"]}}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(settings, file)
    configure(resolution=[640, 480], buffer_size=2)
    capture, _, log = start_capture(place, "--config", path)
    check_equal(get_control(place, 0, "brightness"), 48, "what the configuration set")
    configure(resolution=[1280, 720], buffer_size=8)
    capture.send_signal(signal.SIGHUP)
    capture.wait_for_output("frames come from /dev/video0 now", PATIENCE)
    wait_until(lambda: seen(log)[-1]["width"] == 1280, PATIENCE, "frames of the new size")
    check_equal(get_control(place, 0, "brightness"), 72, "what the new one sets")
    frames = seen(log)
    numbers = [f["number"] for f in frames]
    check(numbers == sorted(set(numbers)), "numbers go on")
    check(next(f for f in frames if f["width"] == 1280)["discontinuity"], "the first of them does not follow")
    set_control(place, 0, brightness=128)
    capture.stop(seconds=PATIENCE).expect(0)


run_in_camlab("webcam", "hdmi")
