# SPDX-License-Identifier: Apache-2.0
"""Pixel formats by name, and the words that stand for numbers in the C interface."""
from __future__ import annotations

import enum
from typing import Dict, Mapping, Union

from ._errors import InvalidArgument
from ._native import lib


def _fourcc(letters: str) -> int:
    return int.from_bytes(letters.encode("ascii"), "little")


class FrameFormat(enum.IntEnum):
    """What a frame's bytes are. The value is the fourcc; other fourccs read as a member named by their letters."""

    BGR24 = _fourcc("BGR3")
    RGB24 = _fourcc("RGB3")
    GRAY8 = _fourcc("GREY")
    YUYV = _fourcc("YUYV")
    UYVY = _fourcc("UYVY")
    NV12 = _fourcc("NV12")
    I420 = _fourcc("YU12")
    JPEG = _fourcc("MJPG")
    H264 = _fourcc("H264")
    H265 = _fourcc("HEVC")

    @classmethod
    def _missing_(cls, value: object) -> "FrameFormat | None":
        if not isinstance(value, int) or not 0 <= value < 2**32:
            return None
        letters = "".join(chr(c) if 0x20 < c < 0x7F else "?" for c in value.to_bytes(4, "little"))
        unknown = int.__new__(cls, value)
        unknown._name_ = letters if value else "unknown"
        unknown._value_ = value
        return unknown

    @property
    def is_coded(self) -> bool:
        """True for JPEG, H264, H265: a run of bytes, not rows of pixels."""
        return self in (FrameFormat.JPEG, FrameFormat.H264, FrameFormat.H265)


def format_of(what: Union[str, int]) -> FrameFormat:
    """The format of a name ("BGR24", or one of its other spellings, in any case), a member or a fourcc."""
    if isinstance(what, str):
        fourcc = lib.format_fourcc(what.encode("utf-8"))
        if not fourcc:
            names = ", ".join(known.name for known in FrameFormat)
            raise InvalidArgument(f"there is no format {what!r}; there are {names}")
        return FrameFormat(fourcc)
    if not lib.format_name(what):
        raise InvalidArgument(f"there is no format with the fourcc {what:#x}")
    return FrameFormat(what)


GRADES = {"observe": 1, "copy": 2, "hold": 3}
ORDERS = {"newest": 0, "in_order": 1}
STARTS = {"next": 0, "newest": 1, "oldest": 2, "key": 3}
SEGMENT_STATES = {"live": 0, "stalled": 1, "dead": 2, "closed": 3}
SOURCE_STATES = {"ok": 1, "reconnecting": 2, "ended": 3}
DROP_CAUSES = {"source": 0, "corrupt": 1, "too_large": 2, "no_slot": 3, "late": 4}


def number_of(words: Mapping[str, int], word: str, what: str) -> int:
    """The number that a word stands for."""
    if word not in words:
        raise InvalidArgument(f"there is no {what} {word!r}; there are {', '.join(words)}")
    return words[word]


def word_of(words: Dict[str, int], number: int) -> str:
    """The word that a number has; one that later versions may add reads as itself."""
    return next((word for word, value in words.items() if value == number), str(number))
