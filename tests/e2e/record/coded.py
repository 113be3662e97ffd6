# SPDX-License-Identifier: Apache-2.0
"""shm-record on segments of coded frames: they are copied as they are, from a key frame on, at their times."""
import re
import subprocess

from e2e import *
from recordings import *

TIMES = [0, 40, 80, 120, 160, 700, 710, 720, 1500, 1540, 1580, 1620, 1700, 1710, 1900]  # milliseconds


def made_by_ffmpeg(*options):
    """Frames that FFmpeg makes of its own test picture: the bytes."""
    made = subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                           f"testsrc=size={SIZE[0]}x{SIZE[1]}:rate=25", "-frames:v", str(len(TIMES)), *options, "-"],
                          stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    if made.returncode:
        skip(f"ffmpeg cannot: {made.stderr!r}")
    return made.stdout


def jpeg_pictures():
    data = made_by_ffmpeg("-c:v", "mjpeg", "-f", "mjpeg")
    starts = [m.start() for m in re.finditer(b"\xff\xd8\xff", data)] + [len(data)]
    return [data[a:b] for a, b in zip(starts, starts[1:])]


def h264_units(codec="libx264", ending="h264"):
    """Access units, each behind its delimiter; a key frame every five."""
    delimiter = b"\x00\x00\x00\x01\x09" if ending == "h264" else b"\x00\x00\x00\x01\x46\x01"
    params = {"libx264": ["-x264-params", "aud=1:keyint=5:min-keyint=5:scenecut=0:bframes=0"],
              "libx265": ["-x265-params", "aud=1:keyint=5:min-keyint=5:scenecut=0:bframes=0:repeat-headers=1:"
                                          "log-level=none"]}[codec]
    data = made_by_ffmpeg("-c:v", codec, "-preset", "ultrafast", "-pix_fmt", "yuv420p", *params, "-f", ending)
    starts = [m.start() for m in re.finditer(re.escape(delimiter), data)] + [len(data)]
    return [data[a:b] for a, b in zip(starts, starts[1:])]


def digests(place, file, *input_options):
    made = subprocess.run(["ffmpeg", "-v", "error", *input_options, "-i", path_of(place, file), "-vsync", "passthrough",
                           "-f", "framemd5", "-"], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          encoding="utf-8", timeout=60)
    check(made.returncode == 0 and not made.stderr, lambda: f"ffmpeg decodes {file} with {made.stderr!r}")
    return [line.split(",")[-1].strip() for line in made.stdout.splitlines() if not line.startswith("#")]


def record_feed(place, kind, units, file, keys=None, *more):
    name = place.segment()
    writer = start_feed(place, name, kind, [(unit, 1 if keys is None else k in keys, at)
                                            for k, (unit, at) in enumerate(zip(units, TIMES))])
    told = place.run("shm-record", name, "-o", file, *more, timeout=30)
    writer.wait(20).expect(0)
    return told


@test
def jpeg_is_copied_bit_by_bit(place):
    require("ffmpeg", "ffprobe")
    pictures = jpeg_pictures()
    for file in ("j.mkv", "j.mp4", "j.avi", "j.mjpeg", "j.raw"):
        record_feed(place, "JPEG", pictures, file).expect(0)
        copied = path_of(place, "copied")
        if file.endswith(("mjpeg", "raw")):
            copied = path_of(place, file)
        else:
            subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", path_of(place, file), "-c", "copy", "-f", "mjpeg",
                            copied], stdin=subprocess.DEVNULL, check=True, timeout=30)
        with open(copied, "rb") as data:
            check(data.read() == b"".join(pictures), f"{file} does not hold the pictures bit by bit")


@test
def jpeg_becomes_numbered_files_as_it_is(place):
    require("ffmpeg")
    pictures = jpeg_pictures()
    record_feed(place, "JPEG", pictures, "p%02d.jpg").expect(0)
    for k, picture in enumerate(pictures, 1):
        with open(path_of(place, f"p{k:02}.jpg"), "rb") as data:
            check(data.read() == picture, f"picture {k} is another")


@test
def h264_and_h265_are_copied_and_decode_to_the_same_pictures(place):
    require("ffmpeg", "ffprobe")
    for codec, ending, kind in (("libx264", "h264", "H264"), ("libx265", "hevc", "H265")):
        units = h264_units(codec, ending)
        check_equal(len(units), len(TIMES), "access units")
        with open(path_of(place, f"true.{ending}"), "wb") as file:
            file.write(b"".join(units))
        true = digests(place, f"true.{ending}", "-f", ending)
        for file in (f"{kind}.mkv", f"{kind}.mp4", f"{kind}.{ending}"):
            record_feed(place, kind, units, file, {0, 5, 10}).expect(0)
            check_equal(digests(place, file), true, f"the pictures of {file}")
        with open(path_of(place, f"{kind}.{ending}"), "rb") as data:
            check(data.read() == b"".join(units), f"the raw {kind} file is not the frames one after the other")


@test
def a_variable_rate_stays_what_it_was(place):
    require("ffmpeg", "ffprobe")
    pictures = jpeg_pictures()
    for file in ("v.mkv", "v.mp4"):
        record_feed(place, "JPEG", pictures, file).expect(0)
        _, times = probe(place, file)
        check_equal([round(t * 1000) for t in times], TIMES, f"the times of {file}")
    record_feed(place, "JPEG", pictures, "v.avi").expect(0)
    _, times = probe(place, "v.avi")
    check(abs(times[-1] * 1000 - TIMES[-1]) < 70, lambda: f"the pauses are not in v.avi: {times}")


@test
def a_copy_begins_with_a_key_frame(place):
    require("ffmpeg", "ffprobe")
    units = h264_units()
    told = record_feed(place, "H264", units[3:] + units[:3], "k.mkv", {2, 7, 12}).expect(0)
    check("wrote 13 frames" in told.err, lambda: f"not the 13 frames from the key frame on: {told}")
    check_equal(len(digests(place, "k.mkv")), 13, "pictures")


@test
def what_cannot_be_done_with_coded_frames_is_said(place):
    require("ffmpeg")
    pictures = jpeg_pictures()
    for file, words in (("x.y4m", "use mkv"), ("x%d.png", "use mkv")):
        told = record_feed(place, "JPEG", pictures, file).expect(1)
        check(words in told.err.splitlines()[-1], lambda: f"it does not say what is possible: {told}")
    told = record_feed(place, "H264", h264_units(), "x.avi", {0, 5, 10}).expect(1)
    check("H264" in told.err and "mkv, mp4 or raw" in told.err, lambda: f"it does not say what is possible: {told}")


@test
def nonsense_is_not_recorded_and_does_no_harm(place):
    require("ffmpeg", "ffprobe")
    told = record_feed(place, "JPEG", [b"no picture" * 10] * 15, "x.mkv").expect(1)
    check("none of the 15 frames" in told.err, lambda: f"not refused: {told}")
    pictures = jpeg_pictures()
    told = record_feed(place, "JPEG", pictures[:7] + [b"no picture"] + pictures[7:14], "y.mkv", None, "--strict")
    check_equal(told.status, 3, f"the status of {told}")
    check("wrote 14 frames" in told.err and "unusable 1" in told.err, lambda: f"not told: {told}")
    for file in ("z.mkv", "z.mp4", "z.raw"):
        told = record_feed(place, "H264", [b"\x00\x00\x00\x01\x65" + b"\xff" * 90] * 15, file)
        check(told.status in (0, 1), lambda: f"it did not end in good order: {told}")


main()
