# SPDX-License-Identifier: Apache-2.0
"""read_python.py NAME...: what the package `shmvideo` reads in segments, in the canonical form of ../README.md, with
a form feed on a line of its own between them."""
import hashlib
import sys

try:
    import shmvideo
except ImportError as error:
    print(f"skipped: {error}", file=sys.stderr)
    sys.exit(77)
import canonical


RANGES = {"unknown": 0, "limited": 1, "full": 2}


def letters(fourcc):
    return int(fourcc).to_bytes(4, "little").rstrip(b"\0").decode("ascii")


def segment_of(reader):
    stream = reader.stream
    fps = [stream.fps.numerator, stream.fps.denominator] if stream.fps else [0, 1]
    return {"name": reader.name, "kind": "coded" if stream.is_coded else "raw", "fourcc": letters(stream.format),
            "width": stream.width, "height": stream.height, "fps": fps, "generation": reader.generation,
            "state": reader.state, "source_state": reader.source_state, "extradata": reader.extradata.hex()}


def frame_of(frame):
    info = frame.info
    payload = frame.payload.tobytes()
    frame.check()
    timebase = [info.timebase.numerator, info.timebase.denominator] if info.timebase else [0, 0]
    named = {key: getattr(info, key) for key in canonical.FRAME if hasattr(info, key)}
    return {**named, "fourcc": letters(info.format), "planes": [list(plane) for plane in info.plane_layout],
            "timebase": timebase, "colour": [RANGES[info.colour_range], *info.colour_codes], "bytes": len(payload),
            "sha256": hashlib.sha256(payload).hexdigest()}


def frames_of(reader):
    while True:
        frame = reader.poll()
        if frame is None:
            return
        yield frame_of(frame)


def read(name):
    try:
        with shmvideo.Reader(name, grade="copy", order="in_order", start="oldest", present=False) as reader:
            return canonical.text(segment_of(reader), list(frames_of(reader)))
    except shmvideo.SegmentError as refusal:
        return canonical.refused(refusal.word)


sys.stdout.write("\f\n".join(map(read, sys.argv[1:])))
