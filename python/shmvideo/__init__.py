# SPDX-License-Identifier: Apache-2.0
"""Live video through named shared-memory segments, as numpy arrays.

    import shmvideo

    with shmvideo.Reader("billiards_video", timeout=5.0) as reader:
        for frame in reader:
            print(frame.number, frame.array.mean())

    with shmvideo.Writer("annotated", 1920, 1080) as writer:
        writer.write(picture)

Waits let other threads run, and notice Ctrl-C within a tenth of a second. docs/python.md has the rules about holds
and copies. Needs libshmvideo.so.0; SHMVIDEO_LIBRARY names one that the loader would not find.
"""
from ._errors import (
    AttachTimeout,
    BadSegment,
    Detached,
    FrameReleased,
    FrameRevoked,
    FrameTimeout,
    InvalidArgument,
    InvalidName,
    NoSlot,
    NoSpace,
    OutOfMemory,
    SegmentClosed,
    SegmentError,
    SegmentNotFound,
    SegmentPermissionError,
    SystemRefused,
    TooManyHolds,
    WriterExists,
    WriterGone,
    WriterStalled,
    WrongProcess,
)
from ._formats import FrameFormat
from ._frame import Frame
from ._info import FrameInfo
from ._list import SegmentInfo, list_segments, remove_segment
from ._loan import Loan
from ._reader import Reader
from ._seed import FrameMetadata, SharedMemoryFrameReader
from ._set import ReaderSet, pair, wait
from ._stamp import Stamp
from ._statistics import ReaderStatistics, StreamInfo, WriterStatistics
from ._version import __version__
from ._writer import Writer

__all__ = [
    "AttachTimeout",
    "BadSegment",
    "Detached",
    "Frame",
    "FrameFormat",
    "FrameInfo",
    "FrameMetadata",
    "FrameReleased",
    "FrameRevoked",
    "FrameTimeout",
    "InvalidArgument",
    "InvalidName",
    "Loan",
    "NoSlot",
    "NoSpace",
    "OutOfMemory",
    "Reader",
    "ReaderSet",
    "ReaderStatistics",
    "SegmentClosed",
    "SegmentError",
    "SegmentInfo",
    "SegmentNotFound",
    "SegmentPermissionError",
    "SharedMemoryFrameReader",
    "Stamp",
    "StreamInfo",
    "SystemRefused",
    "TooManyHolds",
    "Writer",
    "WriterExists",
    "WriterGone",
    "WriterStalled",
    "WriterStatistics",
    "WrongProcess",
    "__version__",
    "list_segments",
    "pair",
    "remove_segment",
    "wait",
]
