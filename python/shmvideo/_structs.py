# SPDX-License-Identifier: Apache-2.0
"""The structures of shmvideo/shmv.h, member by member. tests/python/layout.py compares them with the header."""
from __future__ import annotations

import ctypes
from ctypes import c_char_p, c_double, c_int64, c_uint8, c_uint32, c_uint64
from typing import Type, TypeVar

FOREVER = 2**63 - 1
NO_TIME = -(2**63)
PLANES_MAX = 4
DROP_CAUSES = 8
HOLDS_MAX = 4
SET_MAX = 32
EXTRADATA_CAPACITY_BYTES = 2000

OK, TIMEOUT, STALLED, WRITER_GONE, CLOSED, TOO_LARGE, NO_SLOT = range(7)
INVALID_ARGUMENT, NOT_FOUND, REVOKED = -1, -3, -17

FLAG_KEY, FLAG_DISCONTINUITY, FLAG_CORRUPT, FLAG_END_OF_STREAM = 1, 2, 4, 8
KIND_RAW, KIND_CODED = 1, 2


class FrameInfoStruct(ctypes.Structure):
    """shmv_frame_info"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("fourcc", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("payload_bytes", c_uint64),
        ("flags", c_uint32),
        ("plane_count", c_uint32),
        ("plane_offset", c_uint64 * PLANES_MAX),
        ("plane_stride", c_uint32 * PLANES_MAX),
        ("capture_monotonic_ns", c_uint64),
        ("capture_realtime_ns", c_uint64),
        ("pts", c_int64),
        ("dts", c_int64),
        ("duration", c_int64),
        ("timebase_numerator", c_uint32),
        ("timebase_denominator", c_uint32),
        ("source_number", c_uint64),
        ("colour_range", c_uint8),
        ("colour_primaries", c_uint8),
        ("colour_transfer", c_uint8),
        ("colour_matrix", c_uint8),
        ("format_epoch", c_uint32),
        ("number", c_uint64),
        ("generation", c_uint64),
        ("publish_monotonic_ns", c_uint64),
        ("key_number", c_uint64),
    ]


class ReaderOptionsStruct(ctypes.Structure):
    """shmv_reader_options"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("grade", c_uint32),
        ("order", c_uint32),
        ("start", c_uint32),
        ("attach_timeout_ns", c_int64),
        ("follow", c_uint8),
        ("present", c_uint8),
        ("reserved", c_uint8 * 6),
        ("program", c_char_p),
    ]


class StreamInfoStruct(ctypes.Structure):
    """shmv_stream_info"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("kind", c_uint32),
        ("fourcc", c_uint32),
        ("width", c_uint32),
        ("height", c_uint32),
        ("fps_numerator", c_uint32),
        ("fps_denominator", c_uint32),
        ("reserved", c_uint32 * 5),
    ]


class ReaderStatisticsStruct(ctypes.Structure):
    """shmv_reader_statistics"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("is_present", c_uint32),
        ("seen", c_uint64),
        ("missed", c_uint64),
        ("torn", c_uint64),
        ("revoked", c_uint64),
        ("restarts", c_uint64),
    ]


class WriterOptionsStruct(ctypes.Structure):
    """shmv_writer_options"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("slots", c_uint32),
        ("slot_capacity_bytes", c_uint64),
        ("mode", c_uint32),
        ("reserved", c_uint32),
        ("stream", StreamInfoStruct),
        ("group", c_char_p),
        ("program", c_char_p),
        ("source", c_char_p),
    ]


class WriterStatisticsStruct(ctypes.Structure):
    """shmv_writer_statistics"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("sleepers_woken", c_uint32),
        ("published", c_uint64),
        ("revoked", c_uint64),
        ("dropped", c_uint64 * DROP_CAUSES),
        ("generation", c_uint64),
        ("latest", c_uint64),
        ("source_reopened", c_uint64),
    ]


class SegmentInfoStruct(ctypes.Structure):
    """shmv_segment_info"""

    _fields_ = [
        ("struct_bytes", c_uint32),
        ("state", c_uint32),
        ("source_state", c_uint32),
        ("slot_count", c_uint32),
        ("slot_capacity_bytes", c_uint64),
        ("generation", c_uint64),
        ("latest", c_uint64),
        ("published", c_uint64),
        ("revoked", c_uint64),
        ("dropped", c_uint64),
        ("fps", c_double),
        ("last_frame_age_ns", c_uint64),
        ("readers", c_uint32),
        ("writer_pid", c_uint32),
        ("stream", StreamInfoStruct),
        ("name", c_char_p),
        ("path", c_char_p),
        ("program", c_char_p),
        ("source", c_char_p),
    ]


Struct = TypeVar("Struct", bound=ctypes.Structure)


def sized(kind: Type[Struct]) -> Struct:
    """An empty structure that knows its size."""
    made = kind()
    setattr(made, "struct_bytes", ctypes.sizeof(kind))
    return made


def stream_info() -> StreamInfoStruct:
    """As SHMV_STREAM_INFO_INIT."""
    stream = sized(StreamInfoStruct)
    stream.kind, stream.fps_denominator = KIND_RAW, 1
    return stream


def frame_info() -> FrameInfoStruct:
    """As SHMV_FRAME_INFO_INIT."""
    info = sized(FrameInfoStruct)
    info.flags, info.pts, info.dts = FLAG_KEY, NO_TIME, NO_TIME
    info.colour_primaries = info.colour_transfer = info.colour_matrix = 2
    return info
