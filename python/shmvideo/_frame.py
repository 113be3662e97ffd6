# SPDX-License-Identifier: Apache-2.0
"""One frame, in shared memory or in memory of our own.

Who keeps what: a frame and every array of it share one `Shared`, which has the C handle, and with it the hold and
the mapping. It goes when the last of them goes, so an array can never point to memory that is gone.
"""
from __future__ import annotations

import ctypes
import os
from types import TracebackType
from typing import Any, Optional, Set, Type

import numpy as np

from . import _fork
from ._errors import FrameReleased, WrongProcess, error
from ._formats import FrameFormat
from ._info import FrameInfo
from ._native import lib
from ._picture import Pixels, Planes, array_of, copy_planes, is_one_array, is_picture, packed, planes_of


class Shared:
    """A place for a frame in shared memory. Gives it back when nobody has it any more."""

    __slots__ = ("handle", "pid", "holds")

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.holds: Optional[Set[int]] = None
        self.handle: Optional[int] = lib.frame_new()
        if not self.handle:
            raise MemoryError("no memory for a frame")

    def filled(self, holds: Set[int]) -> None:
        """Takes note that there is a frame in it now; `holds` are those of the reader that are alive."""
        if lib.frame_is_held(self.handle):
            self.holds = holds
            holds.add(id(self))  # one step for the interpreter, whatever thread gives it back

    # The names are bound here because modules may be gone already when the interpreter ends.
    def __del__(self, getpid: Any = os.getpid, free: Any = lib.frame_free, lent: Any = _fork.lent) -> None:
        # The hold stands in a file that a forked child shares: there it must not be ended for the parent.
        if getattr(self, "handle", None) and getpid() == self.pid:
            lent.pop(id(self), None)
            free(self.handle)
            if self.holds is not None:
                self.holds.discard(id(self))


class Frame:
    """One frame of a segment, which its `array` shows without copying it.

    As a context manager it ends with the block, and raises FrameRevoked there if the writer had to overwrite
    it meanwhile, because what was read of it then means nothing. Arrays are read-only and keep the frame's hold
    for as long as they live. Not for two threads at once, but arrays may go anywhere.
    """

    __slots__ = ("_shared", "_private", "_info", "_buffer", "_lent")

    def __init__(self, shared: Shared) -> None:
        self._shared: Optional[Shared] = shared
        self._private: Optional[Pixels] = None
        self._info = FrameInfo._at(lib.frame_info_of(shared.handle))
        self._buffer: Optional[Pixels] = None
        self._lent = False

    def __repr__(self) -> str:
        state = "released" if self._shared is None and self._private is None else "valid" if self.valid else "revoked"
        return f"<Frame {self.number}: {self.format.name} {self.width}x{self.height}, {state}>"

    def __enter__(self) -> "Frame":
        self._handle()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        try:
            if kind is None and (self._shared or self._private is not None):
                self.check()
        finally:
            self.release()

    @property
    def info(self) -> FrameInfo:
        """Everything that is known of it."""
        return self._info

    @property
    def number(self) -> int:
        """1, 2, 3, ... for each name, going on across restarts of the writer."""
        return self._info.number

    @property
    def format(self) -> FrameFormat:
        """What the bytes are."""
        return self._info.format

    @property
    def width(self) -> int:
        """Pixels."""
        return self._info.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self._info.height

    @property
    def array(self) -> Pixels:
        """The picture, without a copy and read-only.

        BGR24 and RGB24: (height, width, 3). GRAY8: (height, width). YUYV and UYVY: (height, width, 2). NV12 and
        I420: (height * 3 / 2, width), as cv2.cvtColor() takes it; ValueError if the planes lie otherwise. Coded
        frames: their bytes. The shape is right for a picture that has changed its size, too.
        """
        return array_of(self._bytes(), self._info._raw)

    @property
    def planes(self) -> Planes:
        """The planes, without a copy and read-only. NV12: (height, width) and (height / 2, width / 2, 2)."""
        return planes_of(self._bytes(), self._info._raw)

    @property
    def payload(self) -> Pixels:
        """All bytes as they lie, in one dimension, without a copy and read-only; with what is between rows."""
        return self._bytes()[:]

    @property
    def valid(self) -> bool:
        """True if every byte that was read so far was this frame's. Ask after the work."""
        shared = self._handle()
        return shared is None or lib.frame_valid(shared.handle) == 0

    @property
    def held(self) -> bool:
        """True if the writer was asked to go round this frame; it does so while it has another slot."""
        shared = self._handle()
        return shared is not None and lib.frame_is_held(shared.handle) == 1

    def check(self) -> None:
        """Raises FrameRevoked if the frame was overwritten since it was got."""
        shared = self._handle()
        if shared is not None:
            result = lib.frame_valid(shared.handle)
            if result:
                raise error(result)

    def copy(self) -> Pixels:
        """The array as a copy that is yours, without gaps between rows. Raises FrameRevoked if it got mixed up.

        Pictures of an odd size in several planes make no array of rows: of them, their packed bytes.
        """
        lent, info = self._lent, self._info._raw
        shape = packed(info.fourcc, info.width, info.height) if is_picture(info) else info
        made = np.empty(shape.payload_bytes, np.uint8)
        # The copy that was asked for: yours stays whole whatever the writer does.
        copy_planes(planes_of(made, shape), planes_of(self._bytes(), info))
        self._lent = lent  # nobody else has seen the bytes
        self.check()
        return array_of(made, shape) if is_one_array(shape) else made

    def release(self) -> None:
        """Gives the frame back. Its hold ends when no array of it is left; asking for more raises FrameReleased."""
        self._shared = self._private = self._buffer = None
        self._lent = False

    def _handle(self) -> Optional[Shared]:
        shared = self._shared
        if shared is None:
            if self._private is None:
                raise FrameReleased(f"frame {self.number} was released")
        elif shared.pid != os.getpid():
            raise WrongProcess("this frame was got in another process, before it forked; attach in each process")
        return shared

    def _bytes(self) -> Pixels:
        """The payload as an array that cannot be written to and keeps what it needs."""
        shared = self._handle()
        self._lent = True
        if shared is None:
            assert self._private is not None
            return self._private
        if self._buffer is None:
            address, count = lib.frame_bytes(shared.handle), self._info.payload_bytes
            view = (ctypes.c_ubyte * count).from_address(address)
            view._shared = shared  # type: ignore[attr-defined]
            _fork.lent[id(shared)] = (address, count)
            # By way of frombuffer(): arrays made right of a memoryview could be switched back to writable.
            self._buffer = np.frombuffer(memoryview(view).toreadonly(), np.uint8) if count else np.empty(0, np.uint8)
        return self._buffer

    def _make_private(self) -> bool:
        """Moves the frame to memory of our own and ends its hold. False: it was overwritten meanwhile."""
        shared = self._handle()
        if shared is None:
            return True
        private = np.empty(self._info.payload_bytes, np.uint8)
        # The copy that the grade "copy" is for.
        if lib.frame_copy(shared.handle, private.ctypes.data, private.nbytes):
            return False
        self._private, self._shared, self._buffer = private, None, None
        return True

    def _own_array(self) -> Pixels:
        """What the seed's reader gives: of a private frame the array itself, else a copy."""
        if self._private is not None and is_one_array(self._info._raw):
            return self.array
        return self.copy()

    def _ended_well(self) -> None:
        """What a loop asks of the frame before: raises if something was read of it that may be wrong."""
        if self._lent and self._shared is not None:
            self.check()
