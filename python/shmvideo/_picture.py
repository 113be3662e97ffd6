# SPDX-License-Identifier: Apache-2.0
"""Bytes as numpy arrays: the planes of a picture, and the one array that OpenCV wants of it.

Nothing is copied here. What a frame says of itself comes from another process: numpy checks each array against
the buffer that it lies in, so that none can reach beyond the payload.
"""
from __future__ import annotations

from functools import lru_cache
from typing import Any, Tuple

import numpy as np
from numpy.typing import NDArray

from . import _structs as s
from ._errors import BadSegment, InvalidArgument
from ._formats import FrameFormat
from ._native import lib

Pixels = NDArray[np.uint8]
Planes = Tuple[Pixels, ...]

_INTERLEAVED = {FrameFormat.BGR24: 3, FrameFormat.RGB24: 3, FrameFormat.YUYV: 2, FrameFormat.UYVY: 2}
_TWELVE_BITS = (FrameFormat.NV12, FrameFormat.I420)


def _lay(buffer: Any, offset: int, shape: Tuple[int, ...], strides: Tuple[int, ...]) -> Pixels:
    try:
        return np.ndarray(shape, np.uint8, buffer, offset, strides)
    except (ValueError, TypeError, OverflowError) as why:
        raise BadSegment(f"the frame describes rows that do not lie in it: {why}") from None


@lru_cache(maxsize=64)
def _planes_in(fourcc: int) -> int:
    """How many planes a format has; 0 for what is coded or unknown."""
    return next(index for index in range(s.PLANES_MAX + 1) if not lib.format_rows(fourcc, index, 1))


@lru_cache(maxsize=256)
def _extent(fourcc: int, index: int, width: int, height: int) -> Tuple[int, int]:
    """Rows of a plane, and bytes in each."""
    return lib.format_rows(fourcc, index, height), lib.format_row_bytes(fourcc, index, width)


def _plane(buffer: Any, info: s.FrameInfoStruct, index: int) -> Pixels:
    """One plane: rows of bytes, or of groups of bytes where pixels have several."""
    fourcc, stride, offset = info.fourcc, info.plane_stride[index], info.plane_offset[index]
    rows, row_bytes = _extent(fourcc, index, info.width, info.height)
    group = 2 if fourcc == FrameFormat.NV12 and index == 1 else _INTERLEAVED.get(fourcc, 1)
    if rows > 1 and stride < row_bytes:
        raise BadSegment(f"the frame describes rows of {row_bytes} bytes that are {stride} bytes apart")
    if group == 1:
        return _lay(buffer, offset, (rows, row_bytes), (stride, 1))
    # The row is longer than the picture where two pixels share their colour and the width is odd.
    columns = info.width if fourcc in _INTERLEAVED else row_bytes // group
    return _lay(buffer, offset, (rows, columns, group), (stride, group, 1))


def is_picture(info: s.FrameInfoStruct) -> bool:
    """True for rows of pixels of a format that is known. BadSegment if it has not as many planes as are described."""
    count, known = info.plane_count, _planes_in(info.fourcc)
    if not count or not known:
        return False
    if count != known:
        raise BadSegment(f"the frame describes {count} planes of {FrameFormat(info.fourcc).name}")
    return True


def planes_of(buffer: Any, info: s.FrameInfoStruct) -> Planes:
    """The planes; of what is coded or unknown, all bytes as the only one."""
    if not is_picture(info):
        return (_lay(buffer, 0, (info.payload_bytes,), (1,)),)
    return tuple(_plane(buffer, info, index) for index in range(info.plane_count))


def is_one_array(info: s.FrameInfoStruct) -> bool:
    """True if the planes lie so that one array has them all."""
    if not is_picture(info) or info.plane_count == 1:
        return True
    if info.width % 2 or info.height % 2 or info.fourcc not in _TWELVE_BITS:
        return False
    stride, offset = info.plane_stride, info.plane_offset
    if offset[1] != offset[0] + stride[0] * info.height:
        return False
    if info.fourcc == FrameFormat.NV12:
        return bool(stride[1] == stride[0])
    half = info.width // 2  # two rows of U or V in each row of the array: without gaps between them only
    behind_u = offset[1] + half * (info.height // 2)
    return bool(stride[0] == info.width and stride[1] == half and stride[2] == half and offset[2] == behind_u)


def array_of(buffer: Any, info: s.FrameInfoStruct) -> Pixels:
    """The picture as one array, as OpenCV takes it. InvalidArgument where its planes lie too far apart for that."""
    if not is_one_array(info):
        raise InvalidArgument(
            f"the planes of this {FrameFormat(info.fourcc).name} picture of {info.width}x{info.height} do not lie as "
            "one array: use .planes, or .copy()"
        )
    if not is_picture(info) or info.plane_count == 1:
        return planes_of(buffer, info)[0]
    return _lay(buffer, info.plane_offset[0], (info.height * 3 // 2, info.width), (info.plane_stride[0], 1))


def packed(fourcc: int, width: int, height: int) -> s.FrameInfoStruct:
    """The description of a picture without gaps."""
    info = s.frame_info()
    if max(width, height) >= 2**32 or min(width, height) < 0 or lib.frame_info_packed(fourcc, width, height, info):
        raise InvalidArgument(f"there is no {FrameFormat(fourcc).name} picture of {width}x{height}")
    return info


@lru_cache(maxsize=64)
def smallest_shape(fourcc: int) -> Tuple[int, ...]:
    """The shape of the array of a picture of 2x2, by which others are known."""
    info = packed(fourcc, 2, 2)
    return array_of(np.empty(info.payload_bytes, np.uint8), info).shape


def copy_planes(to: Planes, source: Planes) -> None:
    """Row by row, whatever gaps there are on either side."""
    for target, plane in zip(to, source):
        np.copyto(target, plane)
