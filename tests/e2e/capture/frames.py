# SPDX-License-Identifier: Apache-2.0
"""What the tests of shm-capture share: reading frames, and films that number their pictures."""
import json
import os

from e2e import check, wait_until


def start_log(place, name, frames, seconds=20):
    """A reader of `frames` frames in the background; frames_of() gives what it saw."""
    return place.start(os.environ["SHMVIDEO_FRAME_LOG"], name, frames, seconds)


def frames_of(log, wanted, seconds=40):
    """Waits until a log has ended, checks that it saw at least `wanted` frames and gives them."""
    result = log.wait(seconds).expect(0)
    lines = [json.loads(line) for line in result.out.splitlines()]
    frames = [line for line in lines if "number" in line]
    check(len(frames) >= wanted, lambda: f"only {len(frames)} of {wanted} frames: {lines[-1:]}")
    check(all(f["valid"] for f in frames), "a frame was overwritten while it was read")
    return frames


def segment_path(place, name):
    return os.path.join(place.directory, name)


def wait_for_segment(place, name, seconds=20):
    wait_until(lambda: os.path.exists(segment_path(place, name)), seconds, f"segment {name}")


def y4m_head(width, height, fps):
    return f"YUV4MPEG2 W{width} H{height} F{fps}:1 Ip A1:1 C420jpeg\n".encode()


def y4m_frame(width, height, number):
    """A grey picture whose 16 squares of 8 pixels say `number`."""
    luma = [bytearray([90]) * width for _ in range(height)]
    for row in luma[16:24]:
        for k in range(16):
            row[16 + 8 * k:24 + 8 * k] = bytes([235 if number >> k & 1 else 16]) * 8
    return b"FRAME\n" + b"".join(luma) + bytes([128]) * (width // 2 * (height // 2) * 2)


def make_film(place, frames=30, fps=20, width=160, height=120, name="film.y4m"):
    """A video file that needs no encoder: picture i says i."""
    path = os.path.join(place.scratch, name)
    with open(path, "wb") as file:
        file.write(y4m_head(width, height, fps))
        for number in range(frames):
            file.write(y4m_frame(width, height, number))
    return path
