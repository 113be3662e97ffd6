#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws the time, the frame number and a box around what moves, and publishes that as another segment.

    annotate.py NAME [--output NAME_annotated] [--frames N] [--wait SECONDS]
"""
import argparse
import sys
import time

import cv2
import numpy as np

import shmvideo

TO_BGR = {
    "RGB24": cv2.COLOR_RGB2BGR,
    "GRAY8": cv2.COLOR_GRAY2BGR,
    "YUYV": cv2.COLOR_YUV2BGR_YUY2,
    "UYVY": cv2.COLOR_YUV2BGR_UYVY,
    "NV12": cv2.COLOR_YUV2BGR_NV12,
    "I420": cv2.COLOR_YUV2BGR_I420,
}
GREEN, WHITE, BLACK = (0, 255, 0), (255, 255, 255), (0, 0, 0)


class Motion:
    """Where a picture differs from the moving average of those before."""

    def __init__(self, weight=0.1, threshold=25, scale=4):
        self.weight, self.threshold, self.scale = weight, threshold, scale
        self.average = None

    def box(self, picture):
        """(x, y, width, height) around all that moved, or None."""
        height, width = picture.shape[:2]
        small = cv2.resize(picture, (max(1, width // self.scale), max(1, height // self.scale)))
        gray = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), (5, 5), 0).astype(np.float32)
        if self.average is None or self.average.shape != gray.shape:
            self.average = gray  # the first one, or the first of another size
            return None
        moved = cv2.absdiff(gray, self.average) > self.threshold
        cv2.accumulateWeighted(gray, self.average, self.weight)
        if not moved.any():
            return None
        return tuple(side * self.scale for side in cv2.boundingRect(moved.astype(np.uint8)))


def draw(picture, info, box):
    """Draws into the picture in place."""
    if box is not None:
        x, y, width, height = box
        cv2.rectangle(picture, (x, y), (x + width, y + height), GREEN, 2)
    seconds, milliseconds = divmod(info.capture_realtime_ns // 1_000_000, 1000)
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds)) + f".{milliseconds:03d}  frame {info.number}"
    size = max(0.4, picture.shape[0] / 900)
    (_, text_height), below = cv2.getTextSize(stamp, cv2.FONT_HERSHEY_SIMPLEX, size, 1)
    cv2.rectangle(picture, (0, 0), (picture.shape[1], text_height + below + 8), BLACK, cv2.FILLED)
    cv2.putText(picture, stamp, (4, text_height + 4), cv2.FONT_HERSHEY_SIMPLEX, size, WHITE, 1, cv2.LINE_AA)


def fill(picture, frame):
    """The frame as BGR, in the slot that it will be published in: the only copy, or the conversion."""
    if frame.format.name == "BGR24":
        np.copyto(picture, frame.array)
    elif frame.format.name in TO_BGR:
        cv2.cvtColor(frame.array, TO_BGR[frame.format.name], dst=picture)
    elif frame.format.name == "JPEG":
        decoded = cv2.imdecode(frame.array, cv2.IMREAD_COLOR)
        if decoded is None or decoded.shape != picture.shape:
            raise ValueError(f"frame {frame.number} is no JPEG picture of the size that it tells")
        np.copyto(picture, decoded)
    else:
        raise ValueError(f"cannot read {frame.format.name}: have it decoded first (shm-capture does)")


def annotate(reader, writer, count):
    """Goes on until `count` frames are published (0: for ever)."""
    motion, published, spoiled = Motion(), 0, 0
    while not count or published < count:
        # The frame is held only for as long as it takes to copy it: drawing does not keep the slot from its writer.
        try:
            with reader.hold() as frame, writer.loan(frame.width, frame.height, like=frame) as loan:
                fill(loan.array, frame)
                frame.check()  # now, so that the loan is not published if the frame was overwritten
                info = frame.info
                frame.release()
                draw(loan.array, info, motion.box(loan.array))
            published += 1
        except shmvideo.FrameRevoked:
            spoiled += 1
            writer.drop("corrupt")
    return published, spoiled


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", help="the segment to read")
    parser.add_argument("--output", help="the segment to write (default: NAME_annotated)")
    parser.add_argument("--frames", type=int, default=0, metavar="N", help="end after N frames (default: never)")
    parser.add_argument("--wait", type=float, default=5.0, metavar="SECONDS", help="for the segment to appear")
    options = parser.parse_args()
    output = options.output or f"{options.name}_annotated"
    try:
        with shmvideo.Reader(options.name, timeout=options.wait) as reader:
            source = f"{options.name}, annotated"
            with shmvideo.Writer(output, reader.width, reader.height, fps=reader.stream.fps, source=source) as writer:
                print(f"{options.name} -> {output}, {reader.width}x{reader.height}", flush=True)
                published, spoiled = annotate(reader, writer, options.frames)
                print(f"published {published} frames; {spoiled} were overwritten while being read")
    except KeyboardInterrupt:
        pass  # both segments were left in good order on the way here
    except (shmvideo.SegmentError, ValueError) as why:
        sys.exit(f"annotate: {why}")


if __name__ == "__main__":
    main()
