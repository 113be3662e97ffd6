# SPDX-License-Identifier: Apache-2.0
"""shm-bench on segments of others: the test pattern, a numbered film, and another shm-bench's."""
import os
import re

from e2e import *
from bench_runs import *


def y4m_film(place, frames=60, fps=20, width=320, height=240):
    """A film whose picture i says i in squares of 16 pixels."""
    path = os.path.join(place.scratch, "film.y4m")
    with open(path, "wb") as file:
        file.write(f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(frames):
            luma = [bytearray([90]) * width for _ in range(height)]
            for row in luma[16:32]:
                for k in range(16):
                    row[16 + 16 * k:32 + 16 * k] = bytes([235 if number >> k & 1 else 16]) * 16
            file.write(b"FRAME\n" + b"".join(luma) + bytes([128]) * (width * height // 2))
    return path


def capture(place, *arguments):
    name = place.segment()
    process = place.start("shm-capture", "-n", name, *arguments)
    wait_until(lambda: os.path.exists(os.path.join(place.directory, name)), 20, f"segment {name}")
    return name, process


@test
def the_numbers_in_the_test_pattern_are_checked(place):
    name, writer = capture(place, "-d", "pattern", "-r", "320x240", "-f", 20)
    found = bench_json(place, name, "--clients", 3, "-t", "2s", "--allow-missed", 1000)
    check_equal((found["content"], found["source"]), ("pattern", "pattern"), "the subject")
    check(not found["writer"]["is_own"], "the writer is not ours")
    check_equal((found["misnumbered"], found["checked"]), (0, found["frames"]), "numbers")
    check(found["frames"] > 0 and found["writer"]["published"] > 20, lambda: f"too few frames: {found}")
    writer.stop().expect(0)


@test
def a_film_whose_pictures_are_numbered_is_checked_where_that_is_said(place):
    name, writer = capture(place, "-d", y4m_film(place), "--loop")
    found = bench_json(place, name, "--clients", 2, "-t", "4s", "--numbers", "clip", "--allow-missed", 1000)
    check_equal((found["content"], found["misnumbered"]), ("clip", 0), "what was checked, and what was wrong")
    check_equal(found["checked"], found["frames"], "frames that were checked")
    # As the pattern's they are wrong, which shows that they are looked at.
    wrong = bench_json(place, name, "--clients", 1, "-t", "2s", "--numbers", "pattern", "--allow-missed", 1000,
                       status=1)
    check(wrong["misnumbered"] > 0 and "misnumbered" in wrong["reasons"][0], lambda: f"{wrong['reasons']}")
    # And by themselves they are not.
    plain = bench_json(place, name, "--clients", 1, "-t", "1s", "--allow-missed", 1000)
    check_equal((plain["content"], plain["checked"]), ("none", 0), "what was checked")
    writer.stop().expect(0)


@test
def chaos_leaves_a_foreign_writer_alone(place):
    name, writer = capture(place, "-d", "pattern", "-r", "320x240", "-f", 20)
    result = place.run("shm-bench", name, "--json", "--clients", 3, "-t", "5s", "--chaos", timeout=90)
    found = parsed(result)
    check_equal(found["writer_restarts"], 0, "restarts of the writer")
    check("leaves the writer" in result.err, lambda: f"not told: {result.err}")
    check(found["pauses"] + found["kills"] > 0, "nothing was broken")
    check(writer.is_running and os.path.exists(os.path.join(place.directory, name)), "the writer is gone")
    writer.stop().expect(0)


@test
def another_benchs_frames_are_checked_by_their_stamps(place):
    other = place.start("shm-bench", *SMALL, "--clients", 1, "-t", "1h", "-i", "100ms")
    wait_for_measuring(place, other)
    name = re.search(r"of (shm-bench-\d+)", other.err).group(1)
    found = bench_json(place, name, "--clients", 2, "-t", "2s", "--allow-missed", 1000)
    check_equal((found["content"], found["torn"]), ("stamps", 0), "what was checked, and what was wrong")
    check_equal(found["checked"], found["frames"], "frames that were checked")
    check(found["frames"] > 0, "no frames")
    other.stop(seconds=30)


@test
def a_segment_without_a_writer_is_waited_for(place):
    name, writer = capture(place, "-d", "pattern", "-r", "320x240")
    writer.kill()
    place.leaves_segments = True
    result = place.run("shm-bench", name, "--timeout", "200ms").expect(4)
    check("no live writer" in result.err, lambda: f"{result}")
    bench = place.start("shm-bench", name, "--json", "--clients", 1, "-t", "1s", "--timeout", "30s",
                        "--allow-missed", 1000)
    again = place.start("shm-capture", "-n", name, "-d", "pattern", "-r", "320x240")
    check(parsed(bench.wait(60))["frames"] > 0, "no frames")
    again.stop().expect(0)


main()
