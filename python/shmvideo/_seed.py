# SPDX-License-Identifier: Apache-2.0
"""The reader that programs of the triple buffer's time know, over segments."""
from __future__ import annotations

from typing import NamedTuple, Optional, Tuple

from ._formats import FrameFormat
from ._picture import Pixels
from ._reader import Reader


class FrameMetadata(NamedTuple):
    """What read_frame() tells of a frame."""

    frame_number: int
    timestamp: float
    """When it was captured, in seconds since 1970."""
    width: int
    height: int
    frame_format: FrameFormat
    size: int
    """Bytes."""
    is_keyframe: bool


class SharedMemoryFrameReader:
    """Reads a segment in the calls that programs of the triple buffer's time use; only their import changes.

        reader = SharedMemoryFrameReader('billiards_video')
        reader.attach(timeout=5.0)
        frame, metadata = reader.read_frame()
        reader.detach()

    Frames are copies, so they are never overwritten. New programs are better off with Reader.
    """

    def __init__(self, name: str = "billiards_video") -> None:
        self._name = name
        self._reader: Optional[Reader] = None

    def attach(self, timeout: float = 5.0) -> None:
        """Attaches, waiting `timeout` seconds for the segment to appear; TimeoutError if it does not."""
        self.detach()
        self._reader = Reader(self._name, grade="copy", timeout=timeout)

    def detach(self) -> None:
        """Ends reading; again does nothing."""
        if self._reader is not None:
            self._reader.detach()
            self._reader = None

    def read_frame(self) -> Tuple[Optional[Pixels], Optional[FrameMetadata]]:
        """The newest frame and what is known of it, at once; (None, None) if there is none that was not read yet."""
        frame = self._attached().poll()
        if frame is None:
            return None, None
        info = frame.info
        told = FrameMetadata(
            *(info.number, info.capture_time, info.width, info.height, info.format, info.payload_bytes, info.is_key)
        )
        return frame._own_array(), told

    def _attached(self) -> Reader:
        if self._reader is None:
            raise RuntimeError(f"not attached to {self._name}: call attach() first")
        return self._reader

    @property
    def is_attached(self) -> bool:
        """True between attach() and detach()."""
        return self._reader is not None

    @property
    def name(self) -> str:
        """The segment's."""
        return self._name

    @property
    def width(self) -> int:
        """Pixels."""
        return self._attached().width

    @property
    def height(self) -> int:
        """Pixels."""
        return self._attached().height

    @property
    def frame_format(self) -> FrameFormat:
        """Its name is "BGR24", or what the frames are."""
        return self._attached().format

    def __enter__(self) -> "SharedMemoryFrameReader":
        if self._reader is None:
            self.attach()
        return self

    def __exit__(self, *_: object) -> None:
        self.detach()
