# SPDX-License-Identifier: Apache-2.0
"""What a writer says of a frame beside its picture."""
from __future__ import annotations

from fractions import Fraction
from typing import Optional, Tuple, Union

from . import _structs as s
from ._errors import InvalidArgument
from ._frame import Frame
from ._info import FrameInfo

_LIKE = (
    *("capture_monotonic_ns", "capture_realtime_ns", "pts", "dts", "duration", "timebase_numerator"),
    *("timebase_denominator", "source_number", "flags"),
)
_COLOURS = ("colour_range", "colour_primaries", "colour_transfer", "colour_matrix")
_FLAGS = {
    "key": s.FLAG_KEY,
    "discontinuity": s.FLAG_DISCONTINUITY,
    "corrupt": s.FLAG_CORRUPT,
    "end_of_stream": s.FLAG_END_OF_STREAM,
}

Like = Union[Frame, FrameInfo]


class Stamp:
    """Times, flags and numbers for a frame to be published. All are optional.

    like: a frame or its info, whose times, flags, source number (and colours, for the same format) are taken over:
        what was made out of a frame was captured when that was.
    capture_monotonic_ns, capture_realtime_ns: 0: now, and the one derived from the other.
    key, discontinuity, corrupt, end_of_stream: flags. pts, dts, duration, timebase: the source's own times.
    """

    __slots__ = ("like", "numbers", "flags", "timebase")

    def __init__(
        self,
        like: Optional[Like] = None,
        *,
        capture_monotonic_ns: Optional[int] = None,
        capture_realtime_ns: Optional[int] = None,
        key: Optional[bool] = None,
        discontinuity: Optional[bool] = None,
        corrupt: Optional[bool] = None,
        end_of_stream: Optional[bool] = None,
        pts: Optional[int] = None,
        dts: Optional[int] = None,
        duration: Optional[int] = None,
        timebase: Optional[Fraction] = None,
        source_number: Optional[int] = None,
    ) -> None:
        self.like = like.info if isinstance(like, Frame) else like
        self.timebase = timebase
        self.flags = {"key": key, "discontinuity": discontinuity, "corrupt": corrupt, "end_of_stream": end_of_stream}
        self.numbers = {
            "capture_monotonic_ns": capture_monotonic_ns,
            "capture_realtime_ns": capture_realtime_ns,
            "pts": pts,
            "dts": dts,
            "duration": duration,
            "source_number": source_number,
        }

    def put_on(self, info: s.FrameInfoStruct) -> None:
        """Fills in what was given."""
        if self.like is not None:
            source = self.like._raw
            for name in _LIKE + (_COLOURS if source.fourcc == info.fourcc else ()):
                setattr(info, name, getattr(source, name))
        for name, number in self.numbers.items():
            if number is not None:
                setattr(info, name, _checked(name, number))
        for name, is_set in self.flags.items():
            if is_set is not None:
                info.flags = info.flags | _FLAGS[name] if is_set else info.flags & ~_FLAGS[name]
        if self.timebase is not None:
            info.timebase_numerator, info.timebase_denominator = _ratio(self.timebase)


def _checked(name: str, number: int) -> int:
    low, high = (-(2**63), 2**63) if name in ("pts", "dts", "duration") else (0, 2**64)
    if not low <= number < high:
        raise InvalidArgument(f"{name} cannot be {number}")
    return number


def _ratio(value: Fraction) -> Tuple[int, int]:
    ratio = Fraction(value)
    if not 0 < ratio.numerator < 2**32 or not ratio.denominator < 2**32:
        raise InvalidArgument(f"the timebase cannot be {value}")
    return ratio.numerator, ratio.denominator
