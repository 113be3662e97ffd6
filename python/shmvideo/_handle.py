# SPDX-License-Identifier: Apache-2.0
"""A C handle of a reader or writer: of one process, and for one thread at a time."""
from __future__ import annotations

import os
import threading
from typing import Any, Optional, Tuple

from ._errors import Detached, WrongProcess


class Handle:
    """Wraps a handle and the function that ends it.

    `lock` is to be held around calls, since the library serves one thread at a time. A forked child has a copy of
    everything, and with it a share in the parent's place in the segment: it may neither use nor end it.
    """

    __slots__ = ("_value", "_end", "_what", "_pid", "_keeps", "_swap", "lock")

    def __init__(self, value: Optional[int], end: Any, what: str, keeps: "Tuple[Handle, ...]" = ()) -> None:
        """`keeps`: handles that must not end before this one."""
        self._value, self._end, self._what, self._keeps = value, end, what, keeps
        self._pid = os.getpid()
        self._swap = threading.Lock()
        self.lock = threading.RLock()

    @property
    def value(self) -> int:
        """The handle, for a call. Raises Detached when it has ended, WrongProcess in a forked child."""
        if self._value is None:
            raise Detached(f"this {self._what} has ended")
        if self._pid != os.getpid():
            raise WrongProcess(f"this {self._what} was made in another process, before it forked; make one in each")
        return self._value

    @property
    def is_open(self) -> bool:
        """True until it ends."""
        return self._value is not None

    def poke(self, function: Any) -> None:
        """Calls what may be called while another thread is in a call, so without the lock."""
        with self._swap:
            if self._value is not None and self._pid == os.getpid():
                function(self._value)

    def end(self, getpid: Any = os.getpid) -> None:
        """Ends it, once; in a forked child only forgets it."""
        if getpid() != self._pid:
            self._value = None  # and its lock may be one that a thread of the parent's had
            return
        with self.lock:
            with self._swap:
                value, self._value = self._value, None
            if value is not None:
                self._end(value)

    def __del__(self) -> None:
        if getattr(self, "_value", None) is not None and hasattr(self, "lock"):
            self.end()
