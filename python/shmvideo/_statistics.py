# SPDX-License-Identifier: Apache-2.0
"""Counts, and what segments are made for, as tuples with names."""
from __future__ import annotations

from fractions import Fraction
from typing import Dict, NamedTuple, Optional

from . import _structs as s
from ._formats import DROP_CAUSES, FrameFormat


class ReaderStatistics(NamedTuple):
    """What a reader has been through."""

    seen: int
    """Frames delivered."""
    missed: int
    """Published after the first delivered one, but not delivered."""
    torn: int
    """Overwritten while being acquired: refused."""
    revoked: int
    """Holds that were taken back, noticed when released."""
    restarts: int
    """Changes to a new generation."""
    is_present: bool
    """Has an entry in NAME.readers, and so can hold."""


class WriterStatistics(NamedTuple):
    """What a writer has done."""

    published: int
    revoked: int
    dropped: Dict[str, int]
    """Frames that were not published, by cause."""
    generation: int
    latest: int
    """The newest frame's number, 0 without one."""
    sleepers_woken: int
    """By the last publish, as far as known."""


class StreamInfo(NamedTuple):
    """What a segment is made for; each frame has a description of its own."""

    format: FrameFormat
    width: int
    height: int
    fps: Optional[Fraction]
    """None: unknown or variable."""
    is_coded: bool


def stream_of(raw: s.StreamInfoStruct) -> StreamInfo:
    """As a tuple."""
    fps = Fraction(raw.fps_numerator, raw.fps_denominator) if raw.fps_numerator and raw.fps_denominator else None
    return StreamInfo(FrameFormat(raw.fourcc), raw.width, raw.height, fps, raw.kind == s.KIND_CODED)


def reader_statistics_of(raw: s.ReaderStatisticsStruct) -> ReaderStatistics:
    """As a tuple."""
    return ReaderStatistics(raw.seen, raw.missed, raw.torn, raw.revoked, raw.restarts, bool(raw.is_present))


def writer_statistics_of(raw: s.WriterStatisticsStruct) -> WriterStatistics:
    """As a tuple."""
    dropped = {word: raw.dropped[cause] for word, cause in DROP_CAUSES.items()}
    return WriterStatistics(raw.published, raw.revoked, dropped, raw.generation, raw.latest, raw.sleepers_woken)
