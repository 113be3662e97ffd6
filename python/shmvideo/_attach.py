# SPDX-License-Identifier: Apache-2.0
"""Waiting for a segment to appear, and for a descriptor."""
from __future__ import annotations

import asyncio
import ctypes
import os
import sys
from typing import Optional

from . import _structs as s
from ._deadline import Deadline
from ._errors import AttachTimeout, SegmentNotFound, error, name_bytes
from ._native import lib


def program_name() -> bytes:
    """What people are shown who look at the segment."""
    script = os.path.basename(sys.argv[0]) if sys.argv else ""
    return ("python3" if script in ("", "-c", "-m") else script).encode("utf-8", "replace")


def attach(name: str, options: s.ReaderOptionsStruct, timeout: Optional[float]) -> int:
    """Attaches, waiting in slices for a segment to appear."""
    deadline = Deadline(timeout)
    made = ctypes.c_void_p()
    while True:
        options.attach_timeout_ns = deadline.slice_ns()
        result = lib.reader_attach(name_bytes(name), options, made)
        if result == s.OK and made.value:
            return made.value
        if result != s.NOT_FOUND:
            raise error(result)
        if deadline.is_over:
            raise error(result, kind=AttachTimeout if timeout else SegmentNotFound)


class Doorbell:
    """Wakes a task of the running event loop: by a descriptor that becomes readable, or by ring()."""

    def __init__(self, fd: int) -> None:
        self._loop, self._rung = asyncio.get_running_loop(), asyncio.Event()
        self._fd = os.dup(fd)  # one of our own: who detaches the reader meanwhile closes the other
        self._loop.add_reader(self._fd, self._rung.set)

    def hush(self) -> None:
        """To be called before looking: what comes after the look rings again."""
        self._rung.clear()
        try:
            os.read(self._fd, 8)  # an eventfd that does not block
        except BlockingIOError:
            pass

    def ring(self) -> None:
        """From any thread."""
        try:
            self._loop.call_soon_threadsafe(self._rung.set)
        except RuntimeError:
            pass  # the loop is closed: nobody waits any more

    async def wait(self, timeout: Optional[float]) -> None:
        """Until it rings or the time is up."""
        try:
            await asyncio.wait_for(self._rung.wait(), timeout)
        except asyncio.TimeoutError:
            pass

    def close(self) -> None:
        """To be called by the task."""
        self._loop.remove_reader(self._fd)
        os.close(self._fd)
