# SPDX-License-Identifier: Apache-2.0
"""shm-capture with standard input: what is piped into it, and files that are redirected."""
import re
import os
import pty
import signal
import time

from films import *


def capture_pipe(place, producer, *arguments, wanted=40, slots=64, stays_open=True):
    """The frames that come out of `producer | shm-capture -d -`, and what it said."""
    require("ffmpeg")
    name = place.segment()
    log = start_log(place, name, 10000)
    options = " ".join(map(str, arguments))
    # The pipe stays open until somebody has seen a frame: a short film would be over before anybody looked.
    gate = os.path.join(place.scratch, f"{name}-gate")
    os.mkfifo(gate)
    if stays_open:
        producer = f"{{ {producer}; cat {gate}; }}"
    piped = shell(place, f"{producer} | shm-capture -d - -n {name} -b {slots} {options}")
    if stays_open:
        log.wait_for_output('"number"', 30)
        with open(gate, "wb"):  # comes back when the producer is through, and cat waits
            pass
    frames = frames_of(log, wanted)
    return frames, piped.wait(30).expect(0).err


def check_all(frames, count=40):
    check_equal([f["squares"] for f in frames], list(range(count)), "the pictures")
    check_equal([f["source_number"] for f in frames], list(range(1, count + 1)), "their numbers")


@test
def ffmpeg_pipes_yuv4mpeg2(place):
    film = make_film(place, 40, 1)
    frames, said = capture_pipe(place, f"ffmpeg -v error -i {film} -f yuv4mpegpipe -")
    check_all(frames)
    check("publishing standard input" in said, lambda: said)


@test
def a_pipe_that_is_slower_than_asked_for_loses_nothing(place):
    film = make_film(place, 40, 20)
    frames, _ = capture_pipe(place, f"ffmpeg -v error -re -i {film} -f yuv4mpegpipe -", "-f", 50)
    check_all(frames)


@test
def a_pipe_is_held_back_to_the_rate_that_is_asked_for(place):
    film = make_film(place, 40, 1000)
    frames, _ = capture_pipe(place, f"cat {film}", "-f", 40)
    check_all(frames)
    took = (frames[-1]["capture_ns"] - frames[0]["capture_ns"]) / 1e9
    print(f"  39 intervals of 25 ms took {took:.2f} s between the first arrival and the last")


@test
def motion_jpeg_and_containers_are_recognised(place):
    for name, options in (("film.mjpeg", ["-c:v", "mjpeg", "-q:v", "2"]),
                          ("film.mkv", ["-c:v", "libx264"]),
                          ("film.ts", ["-c:v", "libx264"])):
        # What kind of film it is tells its whole beginning, here all of it; so it takes its time afterwards.
        frames, _ = capture_pipe(place, f"cat {film_as(place, name, *options)}", "-f", 50, stays_open=False)
        check_all(frames)


@test
def a_jpeg_header_that_asks_for_too_much_costs_its_frame_only(place):
    film = film_as(place, "film.mjpeg", "-c:v", "mjpeg", "-q:v", "2")
    with open(film, "rb") as file:
        data = bytearray(file.read())
    at = -1
    for _ in range(10):
        at = data.index(b"\xff\xc0", at + 1)
    data[at + 5:at + 9] = b"\x3f\xff\x3f\xff"  # 16383x16383
    damaged = os.path.join(place.scratch, "damaged.mjpeg")
    with open(damaged, "wb") as file:
        file.write(data)
    result = shell(place, f"cat {damaged} | shm-capture -d - -n {place.segment()}").wait(60).expect(0)
    check(re.search(r"published 39 .*dropped 1 \(corrupt 1\)", result.err) and "the picture is" not in result.err,
          lambda: result.err)


@test
def raw_frames_need_their_size_and_format(place):
    film = make_film(place, 40, 20)
    for pixel_format, theirs in (("I420", "yuv420p"), ("BGR24", "bgr24"), ("GRAY8", "gray"), ("YUYV", "yuyv422")):
        frames, _ = capture_pipe(place, f"ffmpeg -v error -i {film} -f rawvideo -pix_fmt {theirs} -",
                                 "-r", "160x120", "-m", pixel_format)
        check_all(frames)
        check_equal({f["format"] for f in frames}, {pixel_format}, "the format")


@test
def yuv4mpeg2_whose_size_and_format_are_given_too_is_not_taken_for_raw_frames(place):
    film = make_film(place, 40, 20)
    frames, _ = capture_pipe(place, f"cat {film}", "-r", "160x120", "-m", "I420")
    check_all(frames)


@test
def a_file_that_is_redirected_plays_at_its_own_pace(place):
    film = make_film(place, 20, 20)
    capture = shell(place, f"exec shm-capture -d - -n {place.segment()} < {film}")
    result = capture.wait(30).expect(0)
    check(result.seconds > 0.9, lambda: f"20 frames of 50 ms took {result.seconds} s")
    check("published 20 (" in result.err or "late" in result.err, lambda: result.err)


@test
def a_redirected_file_can_loop(place):
    film = film_as(place, "film.mp4", "-c:v", "libx264", frames=10, fps=50)
    name = place.segment()
    log = start_log(place, name, 35)
    capture = shell(place, f"exec shm-capture -d - --loop -n {name} -b 32 < {film}")
    frames = frames_of(log, 35)
    capture.stop().expect(0)
    check(all((f["source_number"] - 1) % 10 == f["squares"] for f in frames), lambda: f"wrong pictures: {frames}")


@test
def a_silent_pipe_keeps_nobody_from_stopping(place):
    capture = shell(place, f"mkfifo silent; sleep 30 > silent & exec shm-capture -d - -n {place.segment()} < silent")
    wait_until(lambda: b"shm-capture" in open(f"/proc/{capture.pid}/cmdline", "rb").read().split(b"\0")[0], 10,
               "shm-capture")
    wait_until(lambda: len(os.listdir(f"/proc/{capture.pid}/task")) > 2, 10, "the threads of the source")
    asked = time.monotonic()
    capture.stop(signal.SIGTERM, seconds=5).expect(0)
    print(f"  stopped after {(time.monotonic() - asked) * 1000:.0f} ms")


@test
def a_pipe_that_stops_in_the_middle_keeps_nobody_from_stopping(place):
    film = make_film(place, 10, 20)
    name = place.segment()
    log = start_log(place, name, 10)
    capture = shell(place, f"mkfifo half; (cat {film}; echo FRAME; head -c 1000 /dev/zero; sleep 30) > half & "
                           f"exec shm-capture -d - -n {name} -b 16 < half")
    frames_of(log, 10)
    asked = time.monotonic()
    capture.send_signal(signal.SIGTERM)
    wait_until(lambda: not os.path.exists(segment_path(place, name)), 5, "the segment to go")
    gone = time.monotonic() - asked
    capture.wait(5).expect(0)
    print(f"  segment gone after {gone * 1000:.0f} ms, process after {(time.monotonic() - asked) * 1000:.0f} ms")


@test
def what_is_no_video_is_told_in_one_line(place):
    for command, words in ((f"shm-capture -d - -n {place.segment()} < /dev/null", "ended before anything came"),
                           (f"printf 'no film%2000s' | shm-capture -d - -n {place.segment()}", "no video"),
                           (f"shm-capture -d - -n {place.segment()} <&-", "ended before anything came")):
        result = shell(place, command).wait(20).expect(1)
        check(words in result.err and result.err.count("\n") == 1, lambda: f"{command}: {result.err!r}")


@test
def a_terminal_is_refused(place):
    ours, theirs = pty.openpty()
    try:
        capture = shell(place, f"exec shm-capture -d - -n {place.segment()} < {os.ttyname(theirs)}")
        result = capture.wait(20).expect(1)
    finally:
        os.close(ours)
        os.close(theirs)
    check("terminal" in result.err and result.err.count("\n") == 1, lambda: result.err)


main()
