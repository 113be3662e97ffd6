# SPDX-License-Identifier: Apache-2.0
"""shm-capture with video files: pacing, looping, the end, and files that do not answer."""
import os
import signal
import time

from e2e import *
from frames import *


@test
def a_file_plays_at_its_own_rate_to_its_end(place):
    film = make_film(place, frames=30, fps=20)
    name = place.segment()
    log = start_log(place, name, 1000)
    capture = place.start("shm-capture", "-d", film, "-n", name)
    frames = frames_of(log, 20)
    capture.wait(20).expect(0)
    check(all(f["squares"] == f["source_number"] - 1 for f in frames), lambda: f"wrong pictures: {frames}")
    check_equal([f["end"] for f in frames].count(True), 1, "frames flagged as the last one")
    check(frames[-1]["end"] and frames[-1]["squares"] == 29, lambda: f"the last frame: {frames[-1]}")
    intervals = [(b["capture_ns"] - a["capture_ns"]) / (b["source_number"] - a["source_number"])
                 for a, b in zip(frames, frames[1:])]
    mean = sum(intervals) / len(intervals) / 1e6
    print(f"  {len(frames)} frames, {mean:.2f} ms apart on average (50 asked for)")
    check(mean > 45, lambda: f"too fast: {mean} ms a frame")


@test
def a_looping_file_starts_over_and_frame_numbers_go_on(place):
    film = make_film(place, frames=7, fps=100)
    name = place.segment()
    log = start_log(place, name, 40)
    capture = place.start("shm-capture", "-d", film, "--loop", "-n", name, "-b", 16)
    frames = frames_of(log, 40)
    capture.stop().expect(0)
    check(all((f["source_number"] - 1) % 7 == f["squares"] for f in frames), lambda: f"wrong pictures: {frames}")
    check(frames[-1]["number"] >= 40, "frame numbers started over")
    check(all(a["pts"] < b["pts"] for a, b in zip(frames, frames[1:])), "time stamps do not go on")
    check(not any(f["end"] for f in frames), "a looping file has no last frame")


@test
def fast_plays_without_pacing(place):
    film = make_film(place, frames=200, fps=1)
    result = place.run("shm-capture", "-d", film, "--fast", "-n", place.segment(), timeout=60).expect(0)
    check("published 200 (" in result.err, lambda: f"not 200 frames: {result.err}")


@test
def a_rate_that_is_asked_for_replaces_the_files_own(place):
    film = make_film(place, frames=30, fps=1)
    result = place.run("shm-capture", "-d", film, "-f", 60, "-n", place.segment(), timeout=25).expect(0)
    check(result.seconds >= 0.45, lambda: f"too fast: {result.seconds} s")


@test
def a_file_is_scaled_and_converted_when_asked(place):
    film = make_film(place, frames=300, fps=30)
    for pixel_format in ("BGR24", "NV12", "GRAY8"):
        name = place.segment()
        log = start_log(place, name, 5)
        capture = place.start("shm-capture", "-d", film, "-r", "320x240", "-m", pixel_format, "-n", name)
        for frame in frames_of(log, 5):
            check_equal((frame["width"], frame["height"], frame["format"]), (320, 240, pixel_format), "the frame")
        capture.stop().expect(0)


@test
def the_environment_names_the_file(place):
    film = make_film(place, frames=5, fps=50)
    result = place.run("shm-capture", "-n", place.segment(), env={"VIDEO_FILE": film}).expect(0)
    check("film.y4m" in result.err and "published 5 (" in result.err, lambda: result.err)


@test
def a_file_that_does_not_open_keeps_nobody_from_stopping(place):
    pipe = os.path.join(place.scratch, "pipe.y4m")
    os.mkfifo(pipe)
    capture = place.start("shm-capture", "-d", pipe, "-n", place.segment())
    wait_until(lambda: len(os.listdir(f"/proc/{capture.pid}/task")) > 1, 10, "the thread that opens the file")
    asked = time.monotonic()
    capture.stop(signal.SIGTERM, seconds=5).expect(0)
    print(f"  stopped after {(time.monotonic() - asked) * 1000:.0f} ms")


def is_silent(log, frames):
    """True if so many frames came, and for a while no more."""
    seen = log.out.count("\n")
    time.sleep(0.3)
    return frames <= seen == log.out.count("\n")


@test
def a_file_that_stops_delivering_keeps_nobody_from_stopping(place):
    pipe = os.path.join(place.scratch, "pipe.y4m")
    os.mkfifo(pipe)
    name = place.segment()
    log = start_log(place, name, 1000)
    capture = place.start("shm-capture", "-d", pipe, "-n", name)
    with open(pipe, "wb", buffering=0) as feed:
        feed.write(y4m_head(640, 480, 100))
        for number in range(40):
            feed.write(y4m_frame(640, 480, number))
        wait_for_segment(place, name)
        # FFmpeg keeps the last ones for itself, and waits for more that never comes.
        wait_until(lambda: is_silent(log, 1), 30, "the read that hangs")
        asked = time.monotonic()
        capture.send_signal(signal.SIGTERM)
        wait_until(lambda: not os.path.exists(segment_path(place, name)), 5, "the segment to go")
        gone = time.monotonic() - asked
        capture.wait(5).expect(0)
    print(f"  segment gone after {gone * 1000:.0f} ms, process after {(time.monotonic() - asked) * 1000:.0f} ms")
    check(gone < 1, f"the segment stayed for {gone} s")


@test
def a_real_film_arrives_with_the_right_numbers(place):
    media = os.environ.get("SHMVIDEO_MEDIA")
    film = os.path.join(media or "", "garden-1080p30.mp4")
    if not media or not os.path.exists(film):
        skip("SHMVIDEO_MEDIA names no folder with garden-1080p30.mp4")
    name = place.segment()
    log = start_log(place, name, 45)
    capture = place.start("shm-capture", "-d", film, "-n", name)
    frames = frames_of(log, 45)
    capture.stop().expect(0)
    check(all(f["squares"] == f["source_number"] - 1 for f in frames), lambda: f"wrong pictures: {frames}")


main()
