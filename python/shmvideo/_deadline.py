# SPDX-License-Identifier: Apache-2.0
"""Waiting in slices, so that Ctrl-C is noticed: the library waits on when a signal comes, Python handles it after."""
from __future__ import annotations

import time
from typing import Optional

SLICE = 0.1  # seconds; the longest time that Ctrl-C goes unnoticed


class Deadline:
    """A time limit in seconds; None: there is none, 0: just looks."""

    __slots__ = ("_end",)

    def __init__(self, timeout: Optional[float]) -> None:
        self._end = None if timeout is None else time.monotonic() + max(0.0, timeout)

    @property
    def left(self) -> Optional[float]:
        """Seconds that are left, 0 or more; None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def is_over(self) -> bool:
        """True when the time is up."""
        return self._end is not None and time.monotonic() >= self._end

    def slice_ns(self) -> int:
        """How long to wait now before looking round."""
        left = self.left
        return int(min(SLICE, SLICE if left is None else left) * 1e9)
