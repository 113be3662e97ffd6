# SPDX-License-Identifier: Apache-2.0
"""Reading one segment."""
from __future__ import annotations

import ctypes
import gc
import weakref
from types import TracebackType
from typing import TYPE_CHECKING, AsyncIterator, Iterator, Optional, Set, Type

from . import _structs as s
from ._attach import Doorbell, attach, program_name
from ._deadline import Deadline
from ._errors import FrameTimeout, InvalidArgument, SegmentClosed, TooManyHolds, check, error
from ._formats import GRADES, ORDERS, SEGMENT_STATES, SOURCE_STATES, STARTS, FrameFormat, number_of, word_of
from ._frame import Frame, Shared
from ._handle import Handle
from ._native import lib
from ._statistics import ReaderStatistics, StreamInfo, reader_statistics_of, stream_of

if TYPE_CHECKING:
    from ._set import ReaderSet


class Reader:
    """A reader of a segment name, across restarts of its writer.

    name: as tools have it ("billiards_video").
    grade: "hold": frames in place, which the writer goes round while it has another slot. "copy": frames are copied
        to memory of yours, and are never revoked. "observe": in place, overwritten when their turn comes.
    order: "newest": always the newest frame. "in_order": the next one that is still there.
    start: where to begin: "next" (what is published from now on), "newest", "oldest", "key".
    timeout: seconds to wait for the segment to appear (AttachTimeout, a TimeoutError); 0: SegmentNotFound at once;
        None: waits for ever.
    follow: go on with the successor when the writer restarts, whatever its size.
    present: be seen by others in shm-inspect; without it there are no holds.

    Threads may share one, but get frames one after the other. A forked child cannot use its parent's.
    """

    def __init__(
        self,
        name: str,
        *,
        grade: str = "hold",
        order: str = "newest",
        start: str = "newest",
        timeout: Optional[float] = 0.0,
        follow: bool = True,
        present: bool = True,
        program: Optional[str] = None,
    ) -> None:
        options = s.sized(s.ReaderOptionsStruct)
        options.grade = number_of(GRADES, grade, "grade")
        options.order = number_of(ORDERS, order, "order")
        options.start = number_of(STARTS, start, "start")
        options.follow, options.present = follow, present
        options.program = program.encode("utf-8", "replace") if program is not None else program_name()
        self._name, self._grade, self._follow = name, grade, follow
        self._holds: Set[int] = set()
        self._spare: Optional[Shared] = None  # a place that nothing came into
        self._sets: "weakref.WeakSet[ReaderSet]" = weakref.WeakSet()  # that wait for it
        self._interrupted = False
        self._bell: Optional[Doorbell] = None  # of the task that waits
        self._handle = Handle(attach(name, options, timeout), lib.reader_detach, "reader")

    def __repr__(self) -> str:
        return f"<Reader of {self._name!r}, {self.state if self._handle.is_open else 'detached'}>"

    def __enter__(self) -> "Reader":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.detach()

    def detach(self) -> None:
        """Ends reading; again does nothing. Frames and arrays that are there live on. From any thread."""
        if self._handle.is_open:
            self.interrupt()
            for readers in list(self._sets):
                readers.close()
            self._handle.end()

    close = detach

    def _once(self, wait_ns: int) -> "tuple[int, Optional[Frame]]":
        """One call for a frame, and what came of it."""
        with self._handle.lock:
            self._check_room()
            handle, shared = self._handle.value, self._spare or Shared()
            self._spare = None
            result = lib.reader_next(handle, shared.handle, wait_ns)
            if result == s.OK:
                shared.filled(self._holds)
                frame = Frame(shared)
                if self._grade != "copy" or frame._make_private():
                    return result, frame
                return s.TIMEOUT, None  # torn, therefore refused
            self._spare = shared
            return check(result), None

    def _check_room(self) -> None:
        """A frame without a hold would be overwritten soon, where its user counts on more."""
        if len(self._holds) >= s.HOLDS_MAX:
            gc.collect()  # some may hang in cycles that nobody has any more
        if len(self._holds) >= s.HOLDS_MAX:
            raise TooManyHolds(
                f"{len(self._holds)} frames of {self._name} are held by frames or arrays that are still there, and a "
                "reader can hold no more: copy what you keep"
            )

    def _judge(self, result: int, deadline: Deadline) -> None:
        """Raises when there is no sense in waiting on."""
        if self._interrupted:
            self._interrupted = False
            raise FrameTimeout("the wait for a frame was interrupted")
        if deadline.is_over or (not self._follow and result in (s.WRITER_GONE, s.CLOSED)):
            raise error(result)

    def next(self, timeout: Optional[float] = None) -> Frame:
        """Waits for a frame that this reader has not had, at most `timeout` seconds (None: for ever).

        Raises FrameTimeout, or one of its kinds that say why: WriterStalled, WriterGone, SegmentClosed; without
        `follow` the last two at once. All are TimeoutErrors. Ctrl-C ends it within a tenth of a second.
        """
        deadline = Deadline(timeout)
        while True:
            result, frame = self._once(deadline.slice_ns())
            if frame is not None:
                return frame
            self._judge(result, deadline)

    def poll(self) -> Optional[Frame]:
        """A frame that this reader has not had, if there is one now."""
        return self._once(0)[1]

    def hold(self, timeout: Optional[float] = None) -> Frame:
        """As next(), for readers that hold: `with reader.hold() as frame:`.

        The block raises FrameRevoked at its end if the writer had to take the frame back meanwhile.
        """
        if self._grade != "hold":
            raise InvalidArgument(f"this reader's grade is {self._grade!r}: hold() needs one of the grade 'hold'")
        return self.next(timeout)

    def __iter__(self) -> Iterator[Frame]:
        return self.frames()

    def frames(self, timeout: Optional[float] = None) -> Iterator[Frame]:
        """Frame after frame, as `for frame in reader:`, each within `timeout` seconds.

        When the loop comes for the next one, the frame before is checked, if its bytes were looked at: FrameRevoked
        if it was overwritten meanwhile. Ends when the writer has stopped in good order, if the reader does not
        follow; a reader that follows waits for the next writer.
        """
        while True:
            try:
                frame = self.next(timeout)
            except SegmentClosed:
                if self._follow:
                    raise
                return
            yield frame
            frame._ended_well()
            del frame

    async def next_async(self, timeout: Optional[float] = None) -> Frame:
        """As next(), in an event loop, by the reader's descriptor: no thread waits. One task at a time."""
        if self._bell is not None:
            raise InvalidArgument("another task waits for this reader's next frame")
        deadline, bell = Deadline(timeout), Doorbell(self.fileno())
        self._bell = bell
        try:
            while True:
                bell.hush()
                result, frame = self._once(0)
                if frame is not None:
                    return frame
                self._judge(result, deadline)
                await bell.wait(deadline.left)
        finally:
            self._bell = None
            bell.close()

    async def __aiter__(self) -> AsyncIterator[Frame]:
        """As the loop without async."""
        while True:
            try:
                frame = await self.next_async()
            except SegmentClosed:
                return  # raised without follow only, as there is no time limit
            yield frame
            frame._ended_well()
            del frame

    def fileno(self) -> int:
        """A descriptor for poll, epoll or an event loop: readable when poll() is worth a call. Read 8 bytes before."""
        with self._handle.lock:
            return check(lib.reader_fd(self._handle.value))

    def interrupt(self) -> None:
        """Makes a running or the following wait raise FrameTimeout at once. From any thread."""
        self._interrupted = True
        self._handle.poke(lib.reader_interrupt)
        bell = self._bell
        if bell is not None:
            bell.ring()

    @property
    def name(self) -> str:
        """The segment's."""
        return self._name

    @property
    def closed(self) -> bool:
        """True after detach()."""
        return not self._handle.is_open

    @property
    def stream(self) -> StreamInfo:
        """What the segment is made for; of the generation read last."""
        raw = s.stream_info()
        with self._handle.lock:
            check(lib.reader_stream(self._handle.value, raw))
        return stream_of(raw)

    @property
    def width(self) -> int:
        """Pixels."""
        return self.stream.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.stream.height

    @property
    def format(self) -> FrameFormat:
        """What the frames' bytes are."""
        return self.stream.format

    @property
    def state(self) -> str:
        """ "live", "stalled", "dead" or "closed"."""
        with self._handle.lock:
            return word_of(SEGMENT_STATES, check(lib.reader_state(self._handle.value)))

    @property
    def source_state(self) -> str:
        """ "ok", "reconnecting" or "ended"."""
        with self._handle.lock:
            return word_of(SOURCE_STATES, check(lib.reader_source_state(self._handle.value)))

    @property
    def generation(self) -> int:
        """Goes up by one with each segment made under the name."""
        with self._handle.lock:
            return int(lib.reader_generation(self._handle.value))

    @property
    def statistics(self) -> ReaderStatistics:
        """What it has been through."""
        raw = s.sized(s.ReaderStatisticsStruct)
        with self._handle.lock:
            check(lib.reader_statistics_of(self._handle.value, raw))
        return reader_statistics_of(raw)

    @property
    def extradata(self) -> bytes:
        """The codec parameters (SPS, PPS, ...), empty without any."""
        room = ctypes.create_string_buffer(s.EXTRADATA_CAPACITY_BYTES)
        count = ctypes.c_size_t(len(room))
        with self._handle.lock:
            check(lib.reader_extradata(self._handle.value, room, count))
        return room.raw[: count.value]

    def request_key(self) -> None:
        """Asks the writer for a key frame. SegmentPermissionError for one that only observes."""
        with self._handle.lock:
            check(lib.reader_request_key(self._handle.value))
