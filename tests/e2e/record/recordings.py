# SPDX-License-Identifier: Apache-2.0
"""What the tests of shm-record share: captures to record, and looks into recordings through FFmpeg's tools."""
import json
import os
import subprocess

from e2e import check, wait_until

SIZE = (320, 240)
SIDE = 16  # of the pattern's squares in a picture of this width


def start_capture(place, name, *more, rate=30, size=SIZE):
    # With slots for a while: where processes have to wait for a processor, frames would be missed rightly.
    capture = place.start("shm-capture", "-d", "pattern", "-n", name, "-r", f"{size[0]}x{size[1]}",
                          "-f", rate, "-b", 30, *more)
    wait_until(lambda: os.path.exists(os.path.join(place.directory, name)) or not capture.is_running, 20,
               "the segment")
    return capture


def start_record(place, name, file, *more):
    """A recorder that has begun."""
    recorder = place.start("shm-record", name, "-o", file, *more)
    recorder.wait_for_output("recording ", 20)
    return recorder


def path_of(place, file):
    return os.path.join(place.scratch, file)


def numbers_in(place, file, size=SIZE, *input_options):
    """The frame numbers that stand in the pictures of a recording, in order."""
    picture = size[0] * size[1]
    decoded = subprocess.run(["ffmpeg", "-v", "error", *input_options, "-i", path_of(place, file), "-vsync",
                              "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                             stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=60)
    check(decoded.returncode == 0 and len(decoded.stdout) % picture == 0,
          lambda: f"ffmpeg cannot decode {file}: {decoded.stderr!r}")
    return [number_in(decoded.stdout[at:at + picture], size[0]) for at in range(0, len(decoded.stdout), picture)]


def number_in(gray, width, side=SIDE):
    row = (16 + side // 2) * width
    return sum(1 << k for k in range(16) if gray[row + 16 + k * side + side // 2] >= 128)


def probe(place, file):
    """The one video track of a recording: ffprobe's words for it, and the times of its frames in seconds."""
    command = ["ffprobe", "-v", "error", "-select_streams", "v", "-show_streams", "-show_format", "-show_packets",
               "-of", "json", path_of(place, file)]
    probed = subprocess.run(command, capture_output=True, check=False, timeout=60)
    check(probed.returncode == 0, lambda: f"ffprobe does not like {file}: {probed.stderr!r}")
    found = json.loads(probed.stdout)
    check(len(found["streams"]) == 1, lambda: f"{len(found['streams'])} tracks in {file}")
    times = [float(packet["pts_time"]) for packet in found["packets"] if "pts_time" in packet]
    return found["streams"][0], times


def check_without_gaps(numbers, at_least, what):
    check(len(numbers) >= at_least, lambda: f"{what}: {len(numbers)} frames, {at_least} at least were expected")
    check(numbers == list(range(numbers[0], numbers[0] + len(numbers))), lambda: f"{what}: gaps in {numbers}")


def feed_of(packets):
    """For packet_writer: (bytes, is_key, milliseconds)."""
    return b"".join(b"%d %d %d\n" % (len(data), key, at) + data for data, key, at in packets)


def start_feed(place, name, kind, packets, size=SIZE):
    """A coded segment with these packets, for the one reader that comes."""
    feed = path_of(place, "feed")
    with open(feed, "wb") as file:
        file.write(feed_of(packets))
    writer = place.start("/bin/sh", "-c", '"$0" "$1" "$2" "$3" < "$4"', os.environ["SHMVIDEO_PACKET_WRITER"],
                         name, kind, f"{size[0]}x{size[1]}", feed)
    wait_until(lambda: os.path.exists(os.path.join(place.directory, name)), 20, "the coded segment")
    return writer
