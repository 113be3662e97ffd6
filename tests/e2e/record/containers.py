# SPDX-License-Identifier: Apache-2.0
"""What shm-record writes: every container holds every frame, at its time, in its colours."""
import os
import subprocess

from e2e import *
from recordings import *


def record(place, file, *more, rate=30, capture=()):
    name = place.segment()
    start_capture(place, name, *capture, rate=rate)
    return place.run("shm-record", name, "-o", file, *more, timeout=40).expect(0)


@test
def each_container_plays_and_has_every_frame(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    start_capture(place, name)
    for file, codec, options in (("h.mkv", "h264", ()), ("h.mp4", "h264", ()), ("j.mkv", "mjpeg", ("--codec", "mjpeg")),
                                 ("j.mp4", "mjpeg", ("--codec", "mjpeg")), ("j.avi", "mjpeg", ()),
                                 ("j.mjpeg", "mjpeg", ()), ("r.y4m", "rawvideo", ())):
        told = place.run("shm-record", name, "-o", file, "-c", 40, *options).expect(0)
        check("wrote 40 frames" in told.err and "missed 0" in told.err, lambda: f"no such conclusion: {told}")
        stream, _ = probe(place, file)
        check_equal((stream["codec_name"], stream["width"], stream["height"]), (codec, *SIZE), f"the track of {file}")
        check_without_gaps(numbers_in(place, file), 40, file)


@test
def raw_frames_follow_each_other_in_the_segment_s_own_format(place):
    require("ffmpeg")
    for pixel_format, theirs, bytes_each in (("BGR24", "bgr24", 3), ("NV12", "nv12", 1.5), ("YUYV", "yuyv422", 2)):
        file = f"{theirs}.raw"
        record(place, file, "-c", 10, capture=("-m", pixel_format))
        check_equal(os.path.getsize(path_of(place, file)), int(10 * SIZE[0] * SIZE[1] * bytes_each), f"bytes of {file}")
        check_without_gaps(numbers_in(place, file, SIZE, "-f", "rawvideo", "-pix_fmt", theirs, "-s",
                                      f"{SIZE[0]}x{SIZE[1]}"), 10, file)


@test
def numbered_pictures_are_a_file_each(place):
    require("ffmpeg")
    for file, ending in (("frame-%04d.jpg", "jpg"), ("100%%-%d.png", "png")):
        told = record(place, file, "-c", 12)
        check("12 files" in told.err, lambda: f"no count of files: {told}")
        names = [file.replace("%04d", f"{k:04}").replace("%d", str(k)).replace("%%", "%") for k in range(1, 13)]
        found = [n for n in os.listdir(place.scratch) if n.endswith(ending)]
        check_equal(sorted(found), sorted(names), "the files")
        check_without_gaps([numbers_in(place, n)[0] for n in names], 12, file)


@test
def times_are_those_of_the_capture(place):
    require("ffprobe", "ffmpeg")
    for file, tick in (("t.mkv", 0.001), ("t.mp4", 1 / 90000)):
        record(place, file, "-c", 50, rate=25)
        stream, times = probe(place, file)
        check_equal(len(times), 50, "times")
        check_equal(times[0], 0, "the first time")
        check(all(a < b for a, b in zip(times, times[1:])), lambda: f"times do not rise: {times}")
        # The pattern stamps its frames when it draws them, so that each is late by a little, but never more
        # and more: 49 frames of 40 ms.
        check(abs(times[-1] - 49 * 0.04) < 0.5, lambda: f"the last time is {times[-1]}")
        numerator, denominator = map(int, stream["time_base"].split("/"))
        check(numerator / denominator <= tick, lambda: f"times of {file} are as coarse as {stream['time_base']}")


@test
def players_are_told_of_the_colours(place):
    require("ffprobe")
    record(place, "c.mp4", "-c", 5)
    stream, _ = probe(place, "c.mp4")
    check_equal((stream.get("color_range"), stream.get("color_space")), ("tv", "smpte170m"), "the colours of H.264")
    record(place, "c.mkv", "-c", 5, "--codec", "mjpeg")
    stream, _ = probe(place, "c.mkv")
    check_equal(stream.get("color_range"), "pc", "the range of JPEG")


@test
def colours_are_right_in_every_format(place):
    require("ffmpeg")

    def mean_of(file, *options):
        made = subprocess.run(["ffmpeg", "-v", "error", *options, "-i", path_of(place, file), "-frames:v", "1",
                               "-vf", "scale=1:1:flags=area:in_color_matrix=bt601", "-f", "rawvideo",
                               "-pix_fmt", "rgb24", "-"], stdin=subprocess.DEVNULL, capture_output=True, check=True,
                              timeout=30)
        return tuple(made.stdout)

    # A picture that does not move: what is compared are different frames of it.
    bars = path_of(place, "bars.mkv")
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "smptebars=size=320x240:rate=10", "-frames:v", "10",
                    "-c:v", "ffv1", bars], stdin=subprocess.DEVNULL, check=True, timeout=30)
    name = place.segment()
    place.start("shm-capture", "-d", bars, "--loop", "-n", name)
    wait_until(lambda: name in place.run("shm-inspect").out, 20, "the segment")
    place.run("shm-record", name, "-o", "true-%d.png", "-c", 1).expect(0)
    true = mean_of("true-1.png")
    for file in ("c.mkv", "c.avi", "c.y4m"):
        place.run("shm-record", name, "-o", file, "-c", 2).expect(0)
        seen = mean_of(file)
        check(all(abs(a - b) <= 4 for a, b in zip(true, seen)), lambda: f"{file}: {seen} instead of {true}")


@test
def standard_output_goes_into_other_programs(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    start_capture(place, name)
    for container in ("y4m", "mkv", "mp4", "mjpeg"):
        piped = place.run("/bin/sh", "-c", '"$0" "$1" -o - --container "$2" -c 30 | ffmpeg -v error -i - -f framecrc -',
                          tool("shm-record"), name, container).expect(0)
        frames = [line for line in piped.out.splitlines() if line and not line.startswith("#")]
        check_equal(len(frames), 30, f"frames of {container} that ffmpeg got; it said {piped.err!r}")


@test
def it_stops_after_a_duration(place):
    require("ffprobe")
    told = record(place, "d.mkv", "-t", "2s", rate=50)
    check(told.seconds >= 2, lambda: f"ended after {told.seconds} s")
    _, times = probe(place, "d.mkv")
    check(1.5 < times[-1] < 2.01, lambda: f"the last frame is at {times[-1]} s")


@test
def odd_sizes_are_recorded(place):
    require("ffprobe")
    name = place.segment()
    start_capture(place, name, size=(321, 241))
    for file, size in (("o.mp4", (320, 240)), ("o.avi", (321, 241)), ("o.y4m", (321, 241))):
        place.run("shm-record", name, "-o", file, "-c", 5).expect(0)
        stream, times = probe(place, file)
        check_equal((stream["width"], stream["height"], len(times)), (*size, 5), file)


@test
def bit_rate_and_preset_are_obeyed(place):
    sizes = {}
    for rate in ("100k", "2M"):
        told = record(place, f"{rate}.mkv", "-c", 60, "--bitrate", rate, "--preset", "ultrafast")
        sizes[rate] = os.path.getsize(path_of(place, f"{rate}.mkv"))
    check(sizes["100k"] * 2 < sizes["2M"], lambda: f"sizes by bit rate: {sizes}; {told}")


@test
def what_cannot_be_is_told_in_one_line(place):
    name = place.segment()
    start_capture(place, name)
    os.mkdir(path_of(place, "folder.mkv"))
    for arguments, status, words in (([name], 2, "-o film.mp4"), ([name, "-o", "x.foo"], 2, "--container"),
                                     ([name, "-o", "-"], 2, "--container"),
                                     ([name, "-o", "-", "--container", "avi"], 2, "standard output"),
                                     ([name, "-o", "%d-%d.jpg"], 2, "more than one"),
                                     ([name, "-o", "%s.jpg"], 2, "no number"), ([name, "-o", "%n.png"], 2, "no number"),
                                     ([name, "-o", "%999d.png"], 2, "no number"),
                                     ([name, "-o", "x.jpg"], 2, "no place"),
                                     ([name, "-o", "x%d.mkv"], 2, "pictures"),
                                     ([name, "-o", "x.mkv", "--bitrate", "fast"], 2, "800k"),
                                     ([name, "-o", "folder.mkv"], 1, "folder"),
                                     ([name, "-o", "missing/x.mkv"], 1, "no folder 'missing'"),
                                     (["no-such", "-o", "x.mkv", "--timeout", "200ms"], 4, "no-such")):
        result = place.run("shm-record", *arguments)
        check_equal(result.status, status, f"the status of {arguments}: {result.err!r}")
        check(words in result.err, lambda: f"{arguments}: no {words!r} in {result.err!r}")
        check_equal(len(result.err.splitlines()), 1, f"lines on standard error of {arguments}: {result.err!r}")
    check_equal(os.listdir(place.scratch), ["folder.mkv"], "files that were made")


main()
