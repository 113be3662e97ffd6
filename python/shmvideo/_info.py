# SPDX-License-Identifier: Apache-2.0
"""What a frame is: its number, picture, times."""
from __future__ import annotations

import ctypes
from fractions import Fraction
from typing import Optional, Tuple

from . import _structs as s
from ._formats import FrameFormat


def _stamp(value: int) -> Optional[int]:
    return None if value == s.NO_TIME else value


class FrameInfo:
    """What a frame is. A private copy: it stays as it is, whatever becomes of the frame."""

    __slots__ = ("_raw",)

    def __init__(self, raw: s.FrameInfoStruct) -> None:
        self._raw = raw

    @classmethod
    def _at(cls, address: int) -> "FrameInfo":
        raw = s.FrameInfoStruct()
        ctypes.memmove(ctypes.addressof(raw), address, ctypes.sizeof(raw))
        return cls(raw)

    def __repr__(self) -> str:
        return f"<FrameInfo {self.number}: {self.format.name} {self.width}x{self.height}>"

    @property
    def number(self) -> int:
        """1, 2, 3, ... for each name, going on across restarts of the writer."""
        return int(self._raw.number)

    @property
    def format(self) -> FrameFormat:
        """What the bytes are."""
        return FrameFormat(self._raw.fourcc)

    @property
    def width(self) -> int:
        """Pixels."""
        return int(self._raw.width)

    @property
    def height(self) -> int:
        """Pixels."""
        return int(self._raw.height)

    @property
    def payload_bytes(self) -> int:
        """The length of everything."""
        return int(self._raw.payload_bytes)

    @property
    def capture_time(self) -> float:
        """When it was captured, in seconds since 1970; 0 if nobody knows."""
        return float(self._raw.capture_realtime_ns) / 1e9

    @property
    def capture_realtime_ns(self) -> int:
        """When it was captured: CLOCK_REALTIME (time.time_ns())."""
        return int(self._raw.capture_realtime_ns)

    @property
    def capture_monotonic_ns(self) -> int:
        """When it was captured: CLOCK_MONOTONIC (time.monotonic_ns()), by which frames of one computer compare."""
        return int(self._raw.capture_monotonic_ns)

    @property
    def publish_monotonic_ns(self) -> int:
        """When it was published: CLOCK_MONOTONIC."""
        return int(self._raw.publish_monotonic_ns)

    @property
    def is_key(self) -> bool:
        """True if it can be decoded by itself; so can every raw frame."""
        return bool(self._raw.flags & s.FLAG_KEY)

    @property
    def is_discontinuity(self) -> bool:
        """True if something before it was lost at the source."""
        return bool(self._raw.flags & s.FLAG_DISCONTINUITY)

    @property
    def is_corrupt(self) -> bool:
        """True if the source called it damaged."""
        return bool(self._raw.flags & s.FLAG_CORRUPT)

    @property
    def is_end_of_stream(self) -> bool:
        """True if it was the source's last one."""
        return bool(self._raw.flags & s.FLAG_END_OF_STREAM)

    @property
    def flags(self) -> int:
        """SHMV_FRAME_..., as one number."""
        return int(self._raw.flags)

    @property
    def pts(self) -> Optional[int]:
        """The presentation time in units of `timebase`; None where there is none."""
        return _stamp(self._raw.pts)

    @property
    def dts(self) -> Optional[int]:
        """The decoding time in units of `timebase`; None where there is none."""
        return _stamp(self._raw.dts)

    @property
    def duration(self) -> int:
        """In units of `timebase`; 0 if unknown."""
        return int(self._raw.duration)

    @property
    def timebase(self) -> Optional[Fraction]:
        """Seconds; None where there are no times of the source's own."""
        if not self._raw.timebase_numerator or not self._raw.timebase_denominator:
            return None
        return Fraction(self._raw.timebase_numerator, self._raw.timebase_denominator)

    @property
    def source_number(self) -> int:
        """The source's own count; 0: it has none."""
        return int(self._raw.source_number)

    @property
    def key_number(self) -> int:
        """The number of the key frame that is needed to decode this one."""
        return int(self._raw.key_number)

    @property
    def generation(self) -> int:
        """Goes up by one with each segment made under the name."""
        return int(self._raw.generation)

    @property
    def format_epoch(self) -> int:
        """Goes up when format, size or planes change."""
        return int(self._raw.format_epoch)

    @property
    def plane_layout(self) -> Tuple[Tuple[int, int], ...]:
        """Where each plane begins in the payload, and how far apart its rows are, in bytes; coded: none."""
        planes = zip(self._raw.plane_offset, self._raw.plane_stride)
        return tuple(planes)[: min(self._raw.plane_count, s.PLANES_MAX)]

    @property
    def colour_codes(self) -> Tuple[int, int, int]:
        """Primaries, transfer and matrix as ISO/IEC 23091-2 numbers them; 2: unspecified."""
        return self._raw.colour_primaries, self._raw.colour_transfer, self._raw.colour_matrix

    @property
    def colour_range(self) -> str:
        """ "limited", "full" or "unknown"."""
        return {1: "limited", 2: "full"}.get(self._raw.colour_range, "unknown")
