# SPDX-License-Identifier: Apache-2.0
"""What can go wrong, as exceptions that are also those of Python that fit."""
from __future__ import annotations

from typing import Dict, Optional, Type

from . import _structs as s
from ._native import lib, text


class SegmentError(Exception):
    """Anything that shmvideo raises. `code` is the library's (SHMV_ERROR_..., 0 without one)."""

    code: int = 0

    @property
    def word(self) -> str:
        """The code as a stable lower-case word ("writer_exists")."""
        return text(lib.result_name(self.code))


class SegmentNotFound(SegmentError, FileNotFoundError):
    """There is no segment of that name."""


class AttachTimeout(SegmentNotFound, TimeoutError):
    """There was no segment of that name in the time that was given."""


class InvalidName(SegmentError, ValueError):
    """Not what a segment can be called."""


class InvalidArgument(SegmentError, ValueError):
    """Something that cannot be; the message says what."""


class SegmentPermissionError(SegmentError, PermissionError):
    """The segment is somebody else's."""


class BadSegment(SegmentError):
    """What stands under the name is no segment, one of another major version, or damaged."""


class WriterExists(SegmentError, FileExistsError):
    """A live writer has the name already."""


class NoSpace(SegmentError, OSError):
    """No room, or no folder, for a segment of that size."""


class SystemRefused(SegmentError, OSError):
    """The operating system refused; `errno` says why."""


class OutOfMemory(SegmentError, MemoryError):
    """No memory in this process."""


class FrameRevoked(SegmentError):
    """The frame was overwritten while it was used: what was read of it means nothing."""


class FrameReleased(SegmentError, ValueError):
    """The frame was given back, and its bytes with it."""


class TooManyHolds(SegmentError):
    """This reader holds as many frames as a reader can; release or copy some."""


class FrameTimeout(SegmentError, TimeoutError):
    """No frame in time; the writer lives."""


class WriterStalled(FrameTimeout):
    """No frame in time; the writer lives but does not publish."""


class WriterGone(FrameTimeout):
    """No frame in time; the writer died, and none has taken its place."""


class SegmentClosed(FrameTimeout):
    """No frame in time; the writer has stopped in good order."""


class NoSlot(SegmentError):
    """Every slot is in use; the frame was dropped, and counted."""


class Detached(SegmentError, ValueError):
    """This reader, writer or loan has ended."""


class WrongProcess(SegmentError, RuntimeError):
    """Made in another process: what a parent made stays the parent's after a fork."""


_BY_CODE: Dict[int, Type[SegmentError]] = {
    s.TIMEOUT: FrameTimeout,
    s.STALLED: WriterStalled,
    s.WRITER_GONE: WriterGone,
    s.CLOSED: SegmentClosed,
    s.TOO_LARGE: InvalidArgument,
    s.NO_SLOT: NoSlot,
    s.INVALID_ARGUMENT: InvalidArgument,
    -2: InvalidName,
    s.NOT_FOUND: SegmentNotFound,
    -4: SegmentPermissionError,
    -5: BadSegment,
    -6: BadSegment,
    -7: BadSegment,
    -8: WriterExists,
    -9: SegmentPermissionError,
    -10: NoSpace,
    -11: NoSpace,
    -15: SystemRefused,
    -16: OutOfMemory,
    s.REVOKED: FrameRevoked,
    -18: FrameReleased,
}

_SENTENCES = {
    s.TIMEOUT: "no frame in time; the writer lives",
    s.STALLED: "no frame in time; the writer lives but does not publish",
    s.WRITER_GONE: "no frame in time; the writer died, and none has taken its place",
    s.CLOSED: "no frame in time; the writer has stopped in good order",
    s.TOO_LARGE: "the frame is larger than a slot",
    s.NO_SLOT: "every slot is in use; the frame was dropped",
    s.REVOKED: "the frame was overwritten while it was used: what was read of it means nothing",
}


def error(code: int, sentence: str = "", kind: Optional[Type[SegmentError]] = None) -> SegmentError:
    """The exception for a result. Without a sentence: the library's own about this thread's last error."""
    errno = lib.last_errno() if code < 0 else 0
    sentence = sentence or _SENTENCES.get(code) or text(lib.last_error())
    fitting: Type[SegmentError] = kind if kind is not None else _BY_CODE.get(code, SegmentError)
    made = fitting(sentence)
    made.code = code
    if isinstance(made, OSError) and errno:
        made.errno = errno
    return made


def name_bytes(name: str) -> bytes:
    """A segment's name for the library, which would see the part before a zero only."""
    if not isinstance(name, str) or "\0" in name:
        raise InvalidName(f"{name!r} is no name of a segment")
    return name.encode("utf-8", "surrogateescape")


def check(code: int) -> int:
    """Gives a result that is no error back, and raises for one that is."""
    if code < 0:
        raise error(code)
    return code
