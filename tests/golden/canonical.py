# SPDX-License-Identifier: Apache-2.0
"""The canonical form of README.md, from what Python programs read."""
import json

COLOURS = ("colour_range", "colour_primaries", "colour_transfer", "colour_matrix")
SEGMENT = ("name", "kind", "fourcc", "width", "height", "fps", "generation", "state", "source_state", "extradata")
FRAME = ("number", "fourcc", "width", "height", "flags", "format_epoch", "planes", "capture_monotonic_ns",
         "capture_realtime_ns", "publish_monotonic_ns", "pts", "dts", "duration", "timebase", "key_number",
         "source_number", "colour", "bytes", "sha256")
UNKNOWN_TIME = -2**63
# docs/reader.py says in a sentence what the library has codes for.
CODES = {"not a segment": "not_a_segment", "incompatible": "incompatible", "damaged": "corrupt"}


def line(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def text(segment, frames):
    """`segment` and each of `frames` have the keys above, in any order."""
    listed = ",".join("\n" + line({key: frame[key] for key in FRAME}) for frame in frames)
    return f'{{"segment":{line({key: segment[key] for key in SEGMENT})},\n"frames":[{listed}]}}\n'


def refused(code):
    return line({"refused": code}) + "\n"


def time_or_none(value):
    return None if value in (None, UNKNOWN_TIME) else value


def of_frame(frame):
    """From the fields of a descriptor, a dictionary."""
    planes = zip(frame["plane_offset"], frame["plane_stride"])
    return {**frame, "planes": [list(plane) for plane in planes][:frame["plane_count"]],
            "pts": time_or_none(frame["pts"]), "dts": time_or_none(frame["dts"]),
            "timebase": [frame["timebase_numerator"], frame["timebase_denominator"]],
            "colour": [frame[key] for key in COLOURS], "bytes": frame["payload_bytes"]}


def of_page(seen):
    """From what `docs/reader.py --json --all` printed."""
    state = "closed" if seen["state"] == "superseded" else seen["state"]
    segment = {**seen, "kind": "coded" if seen["kind"] == 2 else "raw", "state": state,
               "fps": [seen["fps_numerator"], seen["fps_denominator"]]}
    return text(segment, map(of_frame, seen["frames"]))


def of_refusal(sentence):
    """From what docs/reader.py said when it refused: `reader.py: NAME: why`."""
    why = sentence.split(": ", 2)[2]
    return refused(next(code for words, code in CODES.items() if why.startswith(words)))
