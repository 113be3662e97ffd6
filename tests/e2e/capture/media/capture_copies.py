# SPDX-License-Identifier: Apache-2.0
"""shm-capture --copy: coded frames that pass through as they are."""
import os

from films import *


def copied(place, film, wanted, *arguments):
    """The packets of a film, and the file with their bytes."""
    name = place.segment()
    dump, path = start_dump(place, name, 10000)
    capture = place.start("shm-capture", "-d", film, "--copy", "-n", name, *arguments)
    packets = packets_of(dump, wanted)
    capture.wait(20).expect(0)
    return packets, path


def content(path):
    with open(path, "rb") as file:
        return file.read()


@test
def jpeg_pictures_of_an_avi_arrive_byte_for_byte(place):
    film = film_as(place, "film.avi", "-c:v", "mjpeg", "-q:v", "2")
    expected = convert(place, film, "expected.mjpeg", "-c", "copy")
    packets, path = copied(place, film, 40)
    check_equal(content(path), content(expected), "the bytes")
    check_equal({(p["format"], p["width"], p["height"], p["key"], p["planes"]) for p in packets},
                {("JPEG", 160, 120, True, 0)}, "the frames")
    check_equal([p["end"] for p in packets], [False] * 39 + [True], "the end")
    check_equal(numbers_of_bytes(path, "-f", "mjpeg"), list(range(40)), "the pictures")


@test
def h264_of_an_mp4_arrives_as_annex_b_byte_for_byte(place):
    film = film_as(place, "film.mp4", "-c:v", "libx264", "-g", "10", "-bf", "2", "-sc_threshold", "0")
    expected = convert(place, film, "expected.264", "-c", "copy", "-bsf:v", "h264_mp4toannexb")
    packets, path = copied(place, film, 40)
    check_equal(content(path), content(expected), "the bytes")
    check_equal([i for i, p in enumerate(packets) if p["key"]], [0, 10, 20, 30], "the key frames")
    check_equal({(p["format"], p["width"], p["height"]) for p in packets}, {("H264", 160, 120)}, "the frames")
    times = [p["dts"] * p["tick"][0] / p["tick"][1] for p in packets]
    steps = {round(b - a, 6) for a, b in zip(times, times[1:])}
    check_equal(steps, {0.05}, "seconds between decoding times")
    check(all(p["pts"] >= p["dts"] for p in packets), "shown before it is decoded")
    check_equal(numbers_of_bytes(path, "-f", "h264"), list(range(40)), "the pictures")


@test
def it_is_paced_and_loops(place):
    film = film_as(place, "film.mkv", "-c:v", "libx264", "-g", "5", frames=10, fps=50)
    name = place.segment()
    dump, path = start_dump(place, name, 35)
    capture = place.start("shm-capture", "-d", film, "--copy", "--loop", "-n", name)
    packets = packets_of(dump, 35)
    capture.stop().expect(0)
    check_equal([p["number"] for p in packets], list(range(1, 36)), "the numbers")
    check(all(a["dts"] < b["dts"] for a, b in zip(packets, packets[1:])), "decoding times do not go on")
    check_equal(numbers_of_bytes(path, "-f", "h264"), [i % 10 for i in range(35)], "the pictures")


@test
def jpeg_pictures_are_served_without_being_encoded_again(place):
    film = film_as(place, "film.avi", "-c:v", "mjpeg", "-q:v", "2", frames=30, fps=30)
    data = content(convert(place, film, "all.mjpeg", "-c", "copy"))
    starts = [i for i in range(len(data) - 2) if data[i:i + 3] == b"\xff\xd8\xff"] + [len(data)]
    jpegs = {data[a:b] for a, b in zip(starts, starts[1:])}
    check_equal(len(jpegs), 30, "pictures in the film")
    name = place.segment()
    capture = place.start("shm-capture", "-d", film, "--copy", "--loop", "-n", name)
    wait_for_segment(place, name)
    port = free_port()
    server = place.start("shm-mjpeg", name, "-p", port)
    server.wait_for_output(str(port))
    with MjpegStream(port) as stream:
        for _, (_, jpeg) in zip(range(20), stream):
            check(jpeg in jpegs, "a picture was encoded again")
    server.stop().expect(0)
    capture.stop().expect(0)


@test
def what_cannot_be_copied_is_named(place):
    film = film_as(place, "film.mkv", "-c:v", "ffv1")
    result = place.run("shm-capture", "-d", film, "--copy", "-n", place.segment()).expect(1)
    check("ffv1" in result.err and "leave out --copy" in result.err, lambda: result.err)
    check_equal(result.err.count("\n"), 1, "lines")


main()
