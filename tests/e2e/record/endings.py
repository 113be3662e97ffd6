# SPDX-License-Identifier: Apache-2.0
"""How recordings end: by a signal, with their writer, or not at all when that is replaced."""
import os
import signal
import time

from e2e import *
from recordings import *


def wait_for_bytes(place, file, size, seconds=30):
    path = path_of(place, file)
    wait_until(lambda: os.path.exists(path) and os.path.getsize(path) >= size, seconds, f"{size} bytes in {file}")


@test
def a_signal_ends_it_soon_and_the_file_is_complete(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    start_capture(place, name)
    for number, file in ((signal.SIGTERM, "t.mkv"), (signal.SIGINT, "t.mp4"), (signal.SIGTERM, "t.avi")):
        recorder = start_record(place, name, file)
        time.sleep(1)  # something to record
        result = recorder.stop(number).expect(0)
        numbers = numbers_in(place, file)
        check_without_gaps(numbers, 15, file)
        check(f"wrote {len(numbers)} frames" in result.err, lambda: f"{len(numbers)} frames, but {result}")
        stream, _ = probe(place, file)
        length = float(stream.get("duration") or stream["tags"]["DURATION"].rpartition(":")[2])
        check(abs(length - len(numbers) / 30) < 0.5, lambda: f"{file} says that it is {length} s long")


@test
def what_was_recorded_before_a_kill_plays(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    start_capture(place, name)
    for file in ("k.mkv", "k.mp4"):
        recorder = start_record(place, name, file)
        time.sleep(5.5)  # two key intervals and something
        recorder.kill()
        check_without_gaps(numbers_in(place, file), 60, file)
    place.leaves_segments = True  # the killed reader's entry is nobody's to remove


@test
def it_ends_when_the_writer_stops(place):
    require("ffmpeg")
    name = place.segment()
    capture = start_capture(place, name)
    recorder = start_record(place, name, "w.mkv")
    time.sleep(1)
    capture.stop().expect(0)
    recorder.wait(10).expect(0)
    check_without_gaps(numbers_in(place, "w.mkv"), 15, "w.mkv")


@test
def with_follow_it_waits_for_the_next_writer(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    capture = start_capture(place, name)
    recorder = start_record(place, name, "f.mkv", "--follow")
    time.sleep(1)
    capture.stop().expect(0)
    recorder.wait_for_output("waiting for the next")
    first = start_capture(place, name)
    time.sleep(1.5)
    check(recorder.is_running, "it ended although it follows")
    recorder.stop().expect(0)
    first.stop()
    numbers = numbers_in(place, "f.mkv")
    _, times = probe(place, "f.mkv")
    steps = [b - a for a, b in zip(numbers, numbers[1:])]
    check_equal(sum(step != 1 for step in steps), 1, f"places where the numbers do not go on in {numbers}")
    check(all(a < b for a, b in zip(times, times[1:])), "times do not rise")


@test
def a_writer_that_dies_is_waited_for(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    capture = start_capture(place, name)
    recorder = start_record(place, name, "d.mp4")
    time.sleep(1)
    capture.kill()
    recorder.wait_for_output("died; waiting")
    time.sleep(1)
    start_capture(place, name)
    time.sleep(1.5)
    told = recorder.stop().expect(0)
    check("restarts of the writer 1" in told.err, lambda: f"no restart in: {told}")
    numbers = numbers_in(place, "d.mp4")
    check(len(numbers) > 30 and all(a < b for a, b in zip(numbers, numbers[1:])), lambda: f"numbers: {numbers}")
    _, times = probe(place, "d.mp4")
    gap = max(b - a for a, b in zip(times, times[1:]))
    check(gap > 0.9, lambda: f"the pause of a second is one of {gap} s in the recording")


@test
def another_picture_size_begins_another_file(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    with open(path_of(place, "s-001.mkv"), "w", encoding="utf-8") as file:
        file.write("somebody's")
    capture = start_capture(place, name)
    recorder = start_record(place, name, "s.mkv", "--follow")
    time.sleep(1)
    capture.stop().expect(0)
    start_capture(place, name, size=(352, 288))
    recorder.wait_for_output("s-002.mkv")
    time.sleep(1)
    told = recorder.stop().expect(0)
    check("2 files" in told.err, lambda: f"no two files in: {told}")
    check_without_gaps(numbers_in(place, "s.mkv"), 15, "s.mkv")
    check_without_gaps(numbers_in(place, "s-002.mkv", (352, 288)), 15, "s-002.mkv")
    check_equal(os.path.getsize(path_of(place, "s-001.mkv")), 10, "bytes of the file that was there")


@test
def another_picture_size_ends_standard_output(place):
    name = place.segment()
    capture = start_capture(place, name)
    recorder = place.start("shm-record", name, "-o", "-", "--container", "y4m", "--follow")
    recorder.wait_for_output("recording ")
    time.sleep(0.5)
    capture.stop().expect(0)
    start_capture(place, name, size=(352, 288))
    told = recorder.wait(20).expect(1)
    check("352x288" in told.err.splitlines()[-1], lambda: f"it does not say why: {told}")


@test
def an_existing_file_is_left_alone_unless_it_may_be_replaced(place):
    require("ffmpeg")
    name = place.segment()
    with open(path_of(place, "e.mkv"), "w", encoding="utf-8") as file:
        file.write("precious")
    told = place.run("shm-record", name, "-o", "e.mkv").expect(1)
    check("--overwrite" in told.err, lambda: f"it does not say how to: {told}")
    # Without a segment, not even then.
    place.run("shm-record", name, "-o", "e.mkv", "--overwrite", "--timeout", "300ms").expect(4)
    with open(path_of(place, "e.mkv"), encoding="utf-8") as file:
        check_equal(file.read(), "precious", "the file that was there")
    start_capture(place, name)
    place.run("shm-record", name, "-o", "e.mkv", "--overwrite", "-c", 10).expect(0)
    check_without_gaps(numbers_in(place, "e.mkv"), 10, "e.mkv")


@test
def a_segment_that_comes_in_time_is_waited_for(place):
    name = place.segment()
    recorder = place.start("shm-record", name, "-o", "l.mkv", "-c", 10, "--timeout", "20s")
    time.sleep(0.5)
    start_capture(place, name)
    recorder.wait(20).expect(0)


@test
def a_signal_while_it_waits_ends_it(place):
    recorder = place.start("shm-record", place.segment(), "-o", "n.mkv", "--timeout", "1m")
    time.sleep(0.5)
    result = recorder.stop(seconds=5).expect(0)
    check(result.seconds < 20 and not os.path.exists(path_of(place, "n.mkv")), lambda: f"a file, or too late: {result}")


main()
