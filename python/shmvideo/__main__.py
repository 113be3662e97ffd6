# SPDX-License-Identifier: Apache-2.0
"""python3 -m shmvideo: which segments there are, as a table or as JSON."""
from __future__ import annotations

import argparse
import json
import os
import sys
from typing import List, Sequence

from . import SegmentError, SegmentInfo, SegmentNotFound, __version__, list_segments
from ._list import as_json

HEADINGS = ("NAME", "STATE", "FORMAT", "SIZE", "FPS", "FRAMES", "AGE", "READERS", "SOURCE")
ON_THE_RIGHT = {"FPS", "FRAMES", "READERS"}
NOT_THERE = 4  # the exit status of shm-inspect for a segment that is not there


def age_text(seconds: "float | None") -> str:
    """As shm-inspect has it: "2.0 ms"."""
    if seconds is None:
        return "-"
    for limit, divisor, unit, digits in ((1, 1e-3, "ms", 1), (120, 1, "s", 1), (7200, 60, "min", 0)):
        if seconds < limit:
            return f"{seconds / divisor:.{digits}f} {unit}"
    return f"{seconds / 3600:.0f} h" if seconds < 172800 else f"{seconds / 86400:.0f} days"


def row_of(segment: SegmentInfo) -> Sequence[str]:
    """A segment's cells, below HEADINGS."""
    stream = segment.stream
    size, fps = f"{stream.width}x{stream.height}", f"{segment.fps:.1f}"
    age, readers = age_text(segment.last_frame_age), str(segment.readers)
    counted = str(segment.published)
    return segment.name, segment.state, stream.format.name, size, fps, counted, age, readers, segment.source


def table_of(segments: List[SegmentInfo]) -> str:
    """Columns two spaces apart, numbers on the right."""
    rows = [HEADINGS, *(row_of(segment) for segment in segments)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = []
    for row in rows:
        cells = zip(HEADINGS, row, widths)
        padded = (cell.rjust(width) if heading in ON_THE_RIGHT else cell.ljust(width) for heading, cell, width in cells)
        lines.append("  ".join(padded).rstrip())
    return "\n".join(lines)


def main() -> int:
    """Prints, and gives the exit status."""
    parser = argparse.ArgumentParser(prog="python3 -m shmvideo", description="Lists shm-video segments.")
    parser.add_argument("name", nargs="*", help="segments to list (default: all)")
    parser.add_argument("--json", action="store_true", help="an array of objects, with the keys of shm-inspect --json")
    parser.add_argument("--version", action="version", version=__version__)
    options = parser.parse_args()
    status, segments = 0, [] if options.name else list_segments()
    for name in options.name:
        try:
            segments += list_segments(name)
        except SegmentError as why:
            print(f"shmvideo: {why}", file=sys.stderr)
            status = NOT_THERE if isinstance(why, SegmentNotFound) else status or 1
    if options.json:
        print(json.dumps([as_json(segment) for segment in segments], indent=2))
    elif segments:
        print(table_of(segments))
    elif not status:
        print("There is no segment. This makes one: shm-capture --device pattern --name test")
    return status


def entry() -> int:
    """main(), for whom its output may not be written to the end."""
    try:
        status = main()
        if sys.stdout is not None:  # as it is where it was closed before
            sys.stdout.flush()
        return status
    except SegmentError as why:
        print(f"shmvideo: {why}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        pass  # who reads it has seen enough
    except OSError as why:
        print(f"shmvideo: cannot write to standard output: {why.strerror}", file=sys.stderr)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left in the buffer is written when the interpreter ends
    return 1


if __name__ == "__main__":
    sys.exit(entry())
