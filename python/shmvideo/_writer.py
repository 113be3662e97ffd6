# SPDX-License-Identifier: Apache-2.0
"""Writing one segment."""
from __future__ import annotations

import ctypes
from fractions import Fraction
from types import TracebackType
from typing import Any, Optional, Tuple, Type, Union

import numpy as np

from . import _structs as s
from ._attach import program_name
from ._errors import InvalidArgument, NoSlot, check, error, name_bytes
from ._formats import DROP_CAUSES, SOURCE_STATES, FrameFormat, format_of, number_of
from ._handle import Handle
from ._loan import Loan
from ._mapping import SlotMemory
from ._native import lib
from ._picture import Pixels, array_of, packed, smallest_shape
from ._stamp import Stamp
from ._statistics import WriterStatistics, writer_statistics_of

_CODED_SLOT_BYTES = 1 << 20  # at first; larger frames make a larger segment


def _optional(text: Optional[str]) -> Optional[bytes]:
    return None if text is None else text.encode("utf-8", "surrogateescape")


class Writer:
    """The one writer of a segment name.

    width, height: the frames' size; a raw frame of another one starts a new generation, which readers follow.
    format: "BGR24", "NV12", ... or "JPEG", "H264", ... for coded frames.
    fps: the nominal rate, shown to people. slots: how many frames lie in the segment. slot_bytes: the largest coded
        frame (more is made room for when it comes). mode, group: of the file. program, source: shown to people.

    As a context manager it closes the segment at the end: readers are told, and the name is free. Threads may share
    one. A forked child cannot use its parent's.
    """

    def __init__(
        self,
        name: str,
        width: int,
        height: int,
        *,
        format: Union[str, FrameFormat] = "BGR24",  # pylint: disable=redefined-builtin
        fps: Union[int, float, Fraction, None] = None,
        slots: int = 6,
        slot_bytes: int = 0,
        mode: int = 0o640,
        group: Optional[str] = None,
        program: Optional[str] = None,
        source: Optional[str] = None,
    ) -> None:
        self._name, self._format, self._size = name, format_of(format), (width, height)
        self._fps = Fraction(fps).limit_denominator(1001) if fps else Fraction(0)
        if not (0 <= self._fps.numerator < 2**32):
            raise InvalidArgument(f"there is no rate of {fps} frames a second")
        self._slot_bytes = max(slot_bytes, _CODED_SLOT_BYTES) if self._format.is_coded else slot_bytes
        if not (0 < width < 2**16 and 0 < height < 2**16 and 0 < slots < 2**16 and 0 <= mode < 2**12):
            raise InvalidArgument(f"there is no segment of {slots} slots of {width}x{height} with the mode {mode:o}")
        options = s.sized(s.WriterOptionsStruct)
        options.slots, options.slot_capacity_bytes, options.mode = slots, self._slot_bytes, mode
        options.stream = self._stream()
        options.group, options.source = _optional(group), _optional(source)
        options.program = program_name() if program is None else _optional(program)
        made = ctypes.c_void_p()
        check(lib.writer_create(name_bytes(name), options, made))
        self._memory = SlotMemory()
        self._handle = Handle(made.value, lib.writer_close, "writer")

    def __repr__(self) -> str:
        size = "x".join(map(str, self._size))
        return f"<Writer of {self._name!r}, {self._format.name} {size}{'' if self._handle.is_open else ', closed'}>"

    def __enter__(self) -> "Writer":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the segment in good order; again does nothing. A loan that is open is not published any more."""
        self._handle.end()

    def write(self, frame: Any, stamp: Optional[Stamp] = None, **stamps: Any) -> int:
        """Publishes a copy of a frame and gives its number.

        frame: an array of uint8 of the shape that Frame.array has for the format, or all bytes of a packed picture in
        one dimension; for coded formats anything with bytes. Rows may have gaps. Keywords are those of Stamp.
        """
        stamp = _stamp_of(stamp, stamps)
        if self._format.is_coded:
            return self._write_coded(np.frombuffer(frame, np.uint8), stamp)
        array = np.asarray(frame)
        if array.dtype != np.uint8:
            raise InvalidArgument(f"frames are arrays of uint8, not of {array.dtype}")
        size = self._size if array.ndim == 1 else self._size_of(array)
        with self._handle.lock:
            info = packed(self._format, *size)
            if array.ndim == 1 and array.size != info.payload_bytes:
                raise InvalidArgument(f"{array.size} bytes are no {self._format.name} picture of {size[0]}x{size[1]}")
            handle, slot = self._slot(size, info)
            try:
                # The copy for a picture that was not made in a loan.
                np.copyto(slot if array.ndim == 1 else array_of(slot, info), array)
                stamp.put_on(info)
            except BaseException:
                lib.loan_abandon(handle)
                raise
            self._publish(lib.loan_publish(handle, info))
            return int(self._counts().latest)

    def loan(
        self, width: int = 0, height: int = 0, stamp: Optional[Stamp] = None, **stamps: Any
    ) -> Loan:
        """A slot to be filled in place: `with writer.loan() as frame: frame.array[...] = ...`. One at a time.

        For a picture of another size than the writer's: width and height. Keywords are those of Stamp.
        """
        stamp = _stamp_of(stamp, stamps)
        size = (width or self._size[0], height or self._size[1])
        with self._handle.lock:
            info = self._coded_info(self._slot_bytes) if self._format.is_coded else packed(self._format, *size)
            handle, _ = self._slot(size, info)
            try:
                address, generation = lib.loan_bytes(handle), int(self._counts().generation)
                slot = self._memory.slot(self._name, generation, address, info.payload_bytes)
                return Loan(self, handle, info, stamp, slot)
            except BaseException:
                lib.loan_abandon(handle)
                raise

    def _slot(self, size: Tuple[int, int], info: s.FrameInfoStruct) -> Tuple[int, Pixels]:
        """A loan that is large enough, and its bytes, which must not be kept."""
        if size != self._size and not self._format.is_coded:
            self._reserve(size, info.payload_bytes)
        for _ in range(2):
            made = ctypes.c_void_p()
            self._publish(lib.writer_loan(self._handle.value, made))
            handle = made.value
            if handle is None:
                raise NoSlot("every slot is in use")
            if lib.loan_capacity(handle) >= info.payload_bytes:
                address = lib.loan_bytes(handle)
                slot = (ctypes.c_ubyte * info.payload_bytes).from_address(address)
                return handle, np.frombuffer(slot, np.uint8)
            lib.loan_abandon(handle)
            self._reserve(size, info.payload_bytes)
        raise error(s.TOO_LARGE)

    def _write_coded(self, data: Pixels, stamp: Stamp) -> int:
        with self._handle.lock:
            if len(data) > self._slot_bytes:
                self._slot_bytes = len(data) * 3 // 2
                self._reserve(self._size, self._slot_bytes)
            info = self._coded_info(len(data))
            stamp.put_on(info)
            self._publish(lib.writer_publish(self._handle.value, info, data.ctypes.data))
            return int(self._counts().latest)

    def _coded_info(self, count: int) -> s.FrameInfoStruct:
        info = s.frame_info()
        info.fourcc, (info.width, info.height), info.payload_bytes = self._format, self._size, count
        return info

    def _publish(self, result: int) -> None:
        if result:
            raise error(result)

    def _reserve(self, size: Tuple[int, int], payload_bytes: int) -> None:
        before, self._size = self._size, size
        try:
            check(lib.writer_reserve(self._handle.value, self._stream(), payload_bytes))
        except BaseException:
            self._size = before
            raise

    def _stream(self) -> s.StreamInfoStruct:
        stream = s.stream_info()
        stream.kind = s.KIND_CODED if self._format.is_coded else s.KIND_RAW
        stream.fourcc, (stream.width, stream.height) = self._format, self._size
        stream.fps_numerator, stream.fps_denominator = self._fps.numerator, self._fps.denominator
        return stream

    def _size_of(self, array: Pixels) -> Tuple[int, int]:
        """Width and height of a picture, by its array's shape."""
        smallest = smallest_shape(self._format)
        if array.ndim == len(smallest) and array.shape[2:] == smallest[2:] and array.size:
            return int(array.shape[1]), int(array.shape[0] * 2 // smallest[0])  # 3 rows of 2: two planes in one array
        raise InvalidArgument(f"an array of the shape {array.shape} is no {self._format.name} picture")

    def drop(self, cause: str = "source", frames: int = 1) -> None:
        """Counts frames that were not published: "source", "corrupt", "too_large", "no_slot", "late"."""
        if not 0 <= frames < 2**64:
            raise InvalidArgument(f"{frames} frames cannot be counted")
        with self._handle.lock:
            check(lib.writer_drop(self._handle.value, number_of(DROP_CAUSES, cause, "cause"), frames))

    def progress(self) -> None:
        """Says that the loop turns although there is nothing to publish; else readers take it for stalled."""
        with self._handle.lock:
            lib.writer_progress(self._handle.value)

    def set_source_state(self, state: str) -> None:
        """Tells readers how the source is: "ok", "reconnecting" or "ended"."""
        with self._handle.lock:
            number = number_of(SOURCE_STATES, state, "state of a source")
            check(lib.writer_set_source_state(self._handle.value, number))

    def set_extradata(self, data: bytes) -> None:
        """Codec parameters for those who join late, at most 2000 bytes."""
        data = bytes(memoryview(data))  # ctypes would take a text as well, by the address of its wide characters
        with self._handle.lock:
            check(lib.writer_set_extradata(self._handle.value, data, len(data)))

    @property
    def key_requests(self) -> int:
        """How often readers asked for a key frame: one is wanted when it rises."""
        with self._handle.lock:
            return int(lib.writer_key_requests(self._handle.value))

    @property
    def name(self) -> str:
        """The segment's."""
        return self._name

    @property
    def format(self) -> FrameFormat:
        """What the frames' bytes are."""
        return self._format

    @property
    def width(self) -> int:
        """Pixels, of the newest frame."""
        return self._size[0]

    @property
    def height(self) -> int:
        """Pixels, of the newest frame."""
        return self._size[1]

    @property
    def closed(self) -> bool:
        """True after close()."""
        return not self._handle.is_open

    @property
    def statistics(self) -> WriterStatistics:
        """What it has done."""
        return writer_statistics_of(self._counts())

    def _counts(self) -> s.WriterStatisticsStruct:
        raw = s.sized(s.WriterStatisticsStruct)
        with self._handle.lock:
            check(lib.writer_statistics_of(self._handle.value, raw))
        return raw


def _stamp_of(stamp: Optional[Stamp], stamps: Any) -> Stamp:
    if stamp is not None and stamps:
        raise InvalidArgument("a stamp, or its keywords, but not both")
    return stamp if stamp is not None else Stamp(**stamps)
