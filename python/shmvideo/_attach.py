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

def clear(fd: int) -> None:
    """Makes a descriptor unreadable until something new comes."""
    try:
        os.read(fd, 8)  # an eventfd that does not block
    except BlockingIOError:
        pass


async def readable(loop: asyncio.AbstractEventLoop, fd: int, timeout: Optional[float]) -> None:
    """Until the descriptor is readable or the time is up."""
    came: "asyncio.Future[None]" = loop.create_future()

    def arrived() -> None:
        if not came.done():
            came.set_result(None)

    loop.add_reader(fd, arrived)
    try:
        await asyncio.wait_for(came, timeout)
    except asyncio.TimeoutError:
        pass
    finally:
        loop.remove_reader(fd)
