# SPDX-License-Identifier: Apache-2.0
"""shm-capture with the test pattern, its options, and how it stops."""
import os
import signal
import stat
import time

from e2e import *
from frames import *

RAW_FORMATS = ["BGR24", "RGB24", "GRAY8", "YUYV", "UYVY", "NV12", "I420"]
PATTERN = ["--device", "pattern", "-r", "320x240", "-f", "100"]


def lines_of(text):
    return [line for line in text.splitlines() if line.strip()]


@test
def the_pattern_shows_each_frame_its_number_in_every_format(place):
    for pixel_format in RAW_FORMATS:
        name = place.segment()
        log = start_log(place, name, 20)
        capture = place.start("shm-capture", *PATTERN, "-n", name, "-m", pixel_format)
        for frame in frames_of(log, 20):
            check_equal(frame["format"], pixel_format, "the format")
            check_equal((frame["width"], frame["height"]), (320, 240), "the size")
            check_equal(frame["squares"], frame["number"] % 65536, f"the squares of {pixel_format}")
        capture.stop().expect(0)


@test
def it_stops_after_a_count_of_frames(place):
    name = place.segment()
    result = place.run("shm-capture", *PATTERN, "-n", name, "-c", 25).expect(0)
    check("published 25 (" in result.err, lambda: f"no count of 25 in: {result.err}")
    check_equal(result.out, "", "standard output")


@test
def it_stops_after_a_duration(place):
    result = place.run("shm-capture", *PATTERN, "-n", place.segment(), "-t", "600ms").expect(0)
    check(result.seconds >= 0.6, lambda: f"ended after {result.seconds} s")


@test
def it_stops_soon_after_a_signal_and_leaves_nothing(place):
    for number in (signal.SIGTERM, signal.SIGINT):
        name = place.segment()
        capture = place.start("shm-capture", "-d", "pattern", "-r", "1920x1080", "-n", name)
        wait_for_segment(place, name)
        asked = time.monotonic()
        capture.send_signal(number)
        wait_until(lambda: not os.path.exists(segment_path(place, name)), 5, "the segment to go")
        gone = time.monotonic() - asked
        result = capture.wait(5).expect(0)
        ended = time.monotonic() - asked
        print(f"  {signal.Signals(number).name}: segment gone after {gone * 1000:.0f} ms, "
              f"process after {ended * 1000:.0f} ms")
        check(ended < 1, lambda: f"took {ended} s: {result}")
        check_equal(os.listdir(place.directory), [], "what is left")


@test
def a_signal_while_memory_is_being_reserved_leaves_nothing(place):
    """Half a gigabyte takes some hundred milliseconds; the signal comes when the name is being taken."""
    for _ in range(3):
        name = place.segment()
        capture = place.start("shm-capture", "-d", "pattern", "-r", "3840x2160", "-b", "20", "-n", name)
        wait_until(lambda: os.path.exists(segment_path(place, name) + ".lock"), 10, "the lock")
        capture.send_signal(signal.SIGTERM)
        capture.wait(10).expect(0)
        check_equal(os.listdir(place.directory), [], "what is left")


@test
def a_picture_that_no_machine_has_room_for_is_refused(place):
    for size, why in (("60000x60000", "16384x16384"), ("7680x4320", "MiB")):
        result = place.run("shm-capture", "-d", "pattern", "-r", size, "-b", "1024", "-n", place.segment()).expect(1)
        check(why in result.err, lambda: f"no {why} in {result.err!r}")
        check_equal(os.listdir(place.directory), [], "what is left")


@test
def a_second_capture_of_the_same_name_is_refused_with_the_pid_of_the_first(place):
    name = place.segment()
    first = place.start("shm-capture", *PATTERN, "-n", name)
    wait_for_segment(place, name)
    second = place.run("shm-capture", *PATTERN, "-n", name).expect(1)
    check(str(first.pid) in second.err, lambda: f"no pid {first.pid} in {second.err!r}")
    check_equal(len(lines_of(second.err)), 1, "lines on standard error")
    check(first.is_running, "the first one ended")
    first.stop().expect(0)


@test
def readers_go_on_when_a_killed_capture_is_started_again_with_another_size(place):
    name = place.segment()
    log = start_log(place, name, 100000, 5)
    first = place.start("shm-capture", *PATTERN, "-n", name)
    wait_until(lambda: log.out.count("\n") > 10, 20, "frames of the first capture")
    first.kill()
    second = place.start("shm-capture", "-d", "pattern", "-r", "640x480", "-f", "100", "-n", name)
    wait_until(lambda: '"width": 640' in log.out, 20, "frames of the second capture")
    second.stop().expect(0)
    frames = frames_of(log, 12)
    numbers = [f["number"] for f in frames]
    check(all(a < b for a, b in zip(numbers, numbers[1:])), "frame numbers do not go on")
    check_equal({f["squares"] - f["number"] for f in frames}, {0}, "squares less number")
    check_equal({f["width"] for f in frames}, {320, 640}, "the sizes seen")


@test
def mode_says_who_may_read(place):
    name = place.segment()
    capture = place.start("shm-capture", *PATTERN, "-n", name, "--mode", "600", "-b", 3)
    wait_for_segment(place, name)
    check_equal(stat.S_IMODE(os.stat(segment_path(place, name)).st_mode), 0o600, "the mode")
    check("3 slots" in capture.wait_for_output(r".*publishing.*").group(0), "the number of slots")
    capture.stop().expect(0)


@test
def quiet_says_nothing_and_otherwise_there_is_a_line_of_statistics(place):
    quiet = place.run("shm-capture", *PATTERN, "-n", place.segment(), "-c", 5, "--quiet").expect(0)
    check_equal(quiet.err, "", "standard error")
    told = place.run("shm-capture", *PATTERN, "-n", place.segment(), "-c", 5).expect(0)
    check("published 5 (" in told.err and "dropped 0" in told.err, lambda: f"no statistics in {told.err}")


@test
def an_option_that_the_source_has_no_use_for_is_warned_of_once(place):
    told = place.run("shm-capture", *PATTERN, "-n", place.segment(), "-c", 5, "--loop", "--fast").expect(0)
    check_equal((told.err.count("--loop is ignored"), told.err.count("--fast")), (1, 0), f"warnings in {told.err!r}")
    told = place.run("shm-capture", "-d", "987", "-n", place.segment(), "--loop", "--fast").expect(1)
    check_equal((told.err.count("--loop is ignored"), told.err.count("--fast is ignored")), (1, 1),
                f"warnings in {told.err!r}")


@test
def what_cannot_be_is_told_in_one_line(place):
    garbage = os.path.join(place.scratch, "garbage.mp4")
    with open(garbage, "wb") as file:
        file.write(b"this is no film\n" * 1000)
    for arguments, status, words in ((["-d", "no-such-film.mp4"], 1, "No such file"),
                                     (["-d", "patern"], 1, "did you mean pattern?"),
                                     (["-d", place.scratch], 1, "folder"),
                                     (["-d", garbage], 1, "no video file"),
                                     (["-d", "/dev/video987"], 1, "no camera /dev/video987"),
                                     (["-d", "987"], 1, "no camera /dev/video987"),
                                     (["-d", "/dev/null"], 1, "/dev/null"),
                                     (["-d", "pattern", "--group", "no-such-group"], 1, "no-such-group"),
                                     (["-d", "pattern", "-m", "H264"], 2, "BGR24"),
                                     (["-d", "pattern", "-r", "0x0"], 2, "0x0"),
                                     (["-d", "pattern", "--mode", "777"], 2, "--mode: '777'"),
                                     (["-d", "pattern", "-t", "0"], 2, "--duration"),
                                     (["-d", ""], 2, "--device"),
                                     (["-d", "pattern", "-n", "../x"], 2, "../x")):
        result = place.run("shm-capture", "-n", place.segment(), *arguments)
        check_equal(result.status, status, f"the status of {arguments}: {result.err!r}")
        check(words in result.err, lambda: f"{arguments}: no {words!r} in {result.err!r}")
        check_equal(len(lines_of(result.err)), 1, f"lines on standard error of {arguments}: {result.err!r}")


main()
