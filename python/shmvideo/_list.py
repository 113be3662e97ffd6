# SPDX-License-Identifier: Apache-2.0
"""Which segments there are."""
from __future__ import annotations

import ctypes
from typing import Dict, List, NamedTuple, Optional

from . import _structs as s
from ._errors import check, name_bytes
from ._formats import SEGMENT_STATES, SOURCE_STATES, word_of
from ._native import lib, text
from ._statistics import StreamInfo, stream_of

_UNKNOWN_AGE = 2**64 - 1


class SegmentInfo(NamedTuple):
    """One segment, as it was when it was looked at."""

    name: str
    path: str
    state: str
    """ "live", "stalled", "dead" or "closed"."""
    source_state: str
    """ "ok", "reconnecting" or "ended"."""
    stream: StreamInfo
    fps: float
    """By the frames that are there; 0 with fewer than two."""
    latest: int
    """The newest frame's number, 0 without one."""
    last_frame_age: Optional[float]
    """Seconds since its capture; None if unknown."""
    published: int
    dropped: int
    revoked: int
    generation: int
    slots: int
    slot_bytes: int
    readers: int
    writer_pid: int
    program: str
    source: str


def _info_of(raw: s.SegmentInfoStruct) -> SegmentInfo:
    return SegmentInfo(
        name=text(raw.name),
        path=(raw.path or b"").decode("utf-8", "surrogateescape"),
        state=word_of(SEGMENT_STATES, raw.state),
        source_state=word_of(SOURCE_STATES, raw.source_state),
        stream=stream_of(raw.stream),
        fps=raw.fps,
        latest=raw.latest,
        last_frame_age=None if raw.last_frame_age_ns == _UNKNOWN_AGE else raw.last_frame_age_ns / 1e9,
        published=raw.published,
        dropped=raw.dropped,
        revoked=raw.revoked,
        generation=raw.generation,
        slots=raw.slot_count,
        slot_bytes=raw.slot_capacity_bytes,
        readers=raw.readers,
        writer_pid=raw.writer_pid,
        program=text(raw.program),
        source=text(raw.source),
    )


def list_segments(name: Optional[str] = None) -> List[SegmentInfo]:
    """All segments that may be read, or the one of that name (SegmentNotFound, BadSegment, ...)."""
    made = ctypes.c_void_p()
    check(lib.list_open(None if name is None else name_bytes(name), made))
    try:
        return [_info_of(lib.list_at(made, index).contents) for index in range(lib.list_count(made))]
    finally:
        lib.list_free(made)


def remove_segment(name: str) -> None:
    """Removes a segment without a live writer, with its companions."""
    check(lib.remove(name_bytes(name)))


def as_json(segment: SegmentInfo) -> Dict[str, object]:
    """Under the keys that `shm-inspect --json` uses."""
    stream, age = segment.stream, segment.last_frame_age
    return {
        "name": segment.name,
        "path": segment.path,
        "state": segment.state,
        "source_state": segment.source_state,
        "source": segment.source,
        "generation": segment.generation,
        "kind": "coded" if stream.is_coded else "raw",
        "format": stream.format.name,
        "width": stream.width,
        "height": stream.height,
        "fps": round(segment.fps, 3),
        "nominal_fps": None if stream.fps is None else float(stream.fps),
        "slots": segment.slots,
        "slot_capacity_bytes": segment.slot_bytes,
        "published": segment.published,
        "dropped": segment.dropped,
        "revoked": segment.revoked,
        "last_frame": {"number": segment.latest, "age_ms": None if age is None else round(age * 1e3, 3)}
        if segment.latest
        else None,
        "writer": {"pid": segment.writer_pid, "program": segment.program},
        "readers": segment.readers,
    }
