# SPDX-License-Identifier: Apache-2.0
"""A slot of a segment that is filled in place."""
from __future__ import annotations

import ctypes
from types import TracebackType
from typing import TYPE_CHECKING, Any, Optional, Type

import numpy as np

from . import _structs as s
from ._errors import Detached, InvalidArgument, error
from ._native import lib
from ._picture import Pixels, Planes, array_of, planes_of
from ._stamp import Stamp

if TYPE_CHECKING:
    from ._writer import Writer


class Loan:
    """A slot to be filled in place: `with writer.loan() as frame: frame.array[...] = ...`.

    Published when the block ends; given back, so that nobody sees it, when the block raises or after abandon(). What
    is in it at first is left from an older frame. `array` becomes read-only at the end; a view that was cut out of
    it must not be written to any more, for the frame is everybody's then.
    """

    __slots__ = ("_writer", "_handle", "_info", "_slot", "_own", "_given", "stamp")

    def __init__(self, writer: "Writer", handle: int, info: s.FrameInfoStruct, stamp: Stamp, slot: Any) -> None:
        self._writer, self._info = writer, info
        self._handle: Optional[int] = handle
        self.stamp = stamp
        # Where the segment cannot be mapped once more, memory of our own, copied when it is published.
        self._own: Optional[Pixels] = None if slot is not None else np.zeros(info.payload_bytes, np.uint8)
        self._slot: Pixels = slot if slot is not None else self._own
        self._given: Optional[Pixels] = None

    def __enter__(self) -> "Loan":
        self._open()
        return self

    def __exit__(
        self, kind: Optional[Type[BaseException]], value: Optional[BaseException], trace: Optional[TracebackType]
    ) -> None:
        if self._handle is not None:
            if kind is None:
                self.publish()
            else:
                self.abandon()

    def _open(self) -> int:
        if self._handle is None or not self._writer._handle.is_open:
            raise Detached("this loan has ended")
        return self._handle

    @property
    def array(self) -> Pixels:
        """The picture to fill, of the shape of Frame.array. Coded: all bytes of the slot; see `payload_bytes`."""
        self._open()
        if self._given is None:
            self._given = self._slot if not self._info.plane_count else array_of(self._slot, self._info)
        return self._given

    @property
    def planes(self) -> Planes:
        """The planes to fill."""
        self._open()
        return planes_of(self._slot, self._info)

    @property
    def payload_bytes(self) -> int:
        """How much of the slot is the frame. To be set for coded frames."""
        return int(self._info.payload_bytes)

    @payload_bytes.setter
    def payload_bytes(self, count: int) -> None:
        if self._info.plane_count:
            raise InvalidArgument("the length of a picture follows from its size")
        if not 0 < count <= len(self._slot):
            raise InvalidArgument(f"a frame of {count} bytes does not fit into a slot of {len(self._slot)}")
        self._info.payload_bytes = count

    def publish(self) -> int:
        """Publishes it, and gives its number."""
        with self._writer._handle.lock:
            handle = self._open()
            self.stamp.put_on(self._info)
            if self._own is not None:
                # The copy for want of a mapping of our own.
                ctypes.memmove(lib.loan_bytes(handle), self._own.ctypes.data, self._info.payload_bytes)
            self._end()
            result = lib.loan_publish(handle, self._info)
            if result:
                raise error(result)
            return int(self._writer._counts().latest)

    def abandon(self) -> None:
        """Gives the slot back unpublished."""
        with self._writer._handle.lock:
            handle = self._handle
            self._end()
            if handle is not None and self._writer._handle.is_open:
                lib.loan_abandon(handle)

    def _end(self) -> None:
        self._handle = None
        if self._given is not None:
            self._given.flags.writeable = False
