# SPDX-License-Identifier: Apache-2.0
"""Several segments at once."""
from __future__ import annotations

import contextlib
import ctypes
from types import TracebackType
from typing import Iterator, List, Optional, Sequence, Tuple, Type

from . import _structs as s
from ._deadline import Deadline
from ._errors import InvalidArgument, check, error
from ._frame import Frame, Shared
from ._handle import Handle
from ._native import lib
from ._reader import Reader


class ReaderSet:
    """Readers to wait for together, at most 32. It ends when one of them is detached."""

    def __init__(self, readers: Sequence[Reader]) -> None:
        if not readers:
            raise InvalidArgument("a set needs at least one reader")
        made = ctypes.c_void_p()
        check(lib.set_new(made))
        self._readers = tuple(readers)
        borrowed = tuple(reader._handle for reader in self._readers)
        self._handle = Handle(made.value, lib.set_free, "set of readers", borrowed)
        for reader in self._readers:
            check(lib.set_add(made, reader._handle.value))
            reader._sets.add(self)

    def __enter__(self) -> "ReaderSet":
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        self.close()

    def close(self) -> None:
        """Gives the readers back."""
        self._handle.end()

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        """The set and all its readers to ourselves, for one slice of waiting."""
        with contextlib.ExitStack() as stack:
            stack.enter_context(self._handle.lock)
            for reader in sorted(set(self._readers), key=id):  # in one order, so that two sets cannot lock each other
                stack.enter_context(reader._handle.lock)
                reader._handle.value  # raises when it has ended  # pylint: disable=pointless-statement
            yield self._handle.value

    def wait(self, timeout: Optional[float] = None) -> List[Reader]:
        """Sleeps until some of the readers are worth a poll(), and gives those; an empty list: none in time."""
        deadline = Deadline(timeout)
        ready = (ctypes.c_uint8 * len(self._readers))()
        while True:
            with self._locked() as handle:
                result = check(lib.set_wait(handle, ready, len(ready), deadline.slice_ns()))
            if result == s.OK:
                return [reader for reader, is_ready in zip(self._readers, ready) if is_ready]
            if deadline.is_over:
                return []

    def pair(self, tolerance: float, timeout: Optional[float] = None) -> Tuple[Frame, ...]:
        """One frame of each reader, captured within `tolerance` seconds of each other; older ones are passed over.

        In the order of the readers. Raises FrameTimeout when there are none in `timeout` seconds, WriterGone or
        SegmentClosed when a reader that does not follow has come to an end. Frames of the grade "copy" are copies.
        """
        deadline, tolerance_ns = Deadline(timeout), _nanoseconds(tolerance)
        while True:
            frames = self._pair_once(tolerance_ns, deadline)
            if frames:
                return frames

    def _pair_once(self, tolerance_ns: int, deadline: Deadline) -> Tuple[Frame, ...]:
        with self._locked() as handle:
            for reader in self._readers:
                reader._check_room()
            places = [Shared() for _ in self._readers]
            pointers = (ctypes.c_void_p * len(places))(*(place.handle for place in places))
            result = check(lib.set_pair(handle, pointers, len(places), tolerance_ns, deadline.slice_ns()))
            if result == s.OK:
                for place, reader in zip(places, self._readers):
                    place.filled(reader._holds)
                frames = tuple(Frame(place) for place in places)
                copies = [f for f, reader in zip(frames, self._readers) if reader._grade == "copy"]
                return frames if all(frame._make_private() for frame in copies) else ()
        ended = result in (s.WRITER_GONE, s.CLOSED) and not all(reader._follow for reader in self._readers)
        if deadline.is_over or ended:
            raise error(result)
        return ()


def _nanoseconds(tolerance: float) -> int:
    if not tolerance >= 0:
        raise InvalidArgument(f"frames cannot be {tolerance} seconds apart")
    return int(min(tolerance * 1e9, 2.0**62))  # which is for ever; the library would see the lowest 64 bits


def wait(readers: Sequence[Reader], timeout: Optional[float] = None) -> List[Reader]:
    """Sleeps until some of the readers are worth a poll(), and gives those; an empty list: none in time.

    Who waits again and again for the same ones makes a ReaderSet once.
    """
    with ReaderSet(readers) as readers_together:
        return readers_together.wait(timeout)


def pair(readers: Sequence[Reader], tolerance: float, timeout: Optional[float] = None) -> Tuple[Frame, ...]:
    """One frame of each reader, captured within `tolerance` seconds of each other. See ReaderSet.pair()."""
    with ReaderSet(readers) as readers_together:
        return readers_together.pair(tolerance, timeout)
