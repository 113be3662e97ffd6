# SPDX-License-Identifier: Apache-2.0
"""A loaned slot through a mapping of Python's own.

The library's mapping of a segment goes when its writer goes or makes a larger segment, and numpy arrays cannot be
told. So arrays of loans lie in a second mapping of the same file, an `mmap` object that each of them keeps alive:
one that somebody kept can write to a frame that was published, but never to memory that is gone.
"""
from __future__ import annotations

import mmap
import os
import re
from typing import Any, Iterator, Optional, Tuple

import numpy as np

from ._fork import forgetful
from ._list import list_segments
from ._picture import Pixels

_LINE = re.compile(r"([0-9a-f]+)-([0-9a-f]+) \S+ ([0-9a-f]+) ([0-9a-f]+):([0-9a-f]+) (\d+)")


def _mappings() -> Iterator[Tuple[int, ...]]:
    with open("/proc/self/maps", encoding="utf-8", errors="replace") as file:
        for line in file:
            found = _LINE.match(line)
            if found:
                first, last, offset, major, minor = (int(number, 16) for number in found.groups()[:5])
                yield first, last, offset, os.makedev(major, minor), int(found[6])


class SlotMemory:
    """The slots of a writer's newest segment, mapped once."""

    def __init__(self) -> None:
        self._generation = -1
        self._mapped: Optional[Any] = None
        self._to_file = 0  # add it to an address to get the place in the file
        forgetful.add(self)

    def forget(self) -> None:
        """Leaves the mapping to the arrays that there are."""
        self._mapped, self._generation = None, -1

    def slot(self, name: str, generation: int, address: int, count: int) -> Optional[Pixels]:
        """The bytes at an address of the library's mapping; None if the file cannot be had once more."""
        if generation != self._generation:
            self._mapped, self._generation = None, generation
            try:
                self._map(name, address)
            except (OSError, ValueError):
                return None
        if self._mapped is None:
            return None
        return np.frombuffer(self._mapped, np.uint8, count, address + self._to_file)

    def _map(self, name: str, address: int) -> None:
        for first, last, offset, device, inode in _mappings():
            if first <= address < last:
                [segment] = list_segments(name)
                fd = os.open(segment.path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
                try:
                    there = os.fstat(fd)
                    if (there.st_dev, there.st_ino) == (device, inode):  # not its successor
                        self._mapped = mmap.mmap(fd, there.st_size)
                        self._to_file = offset - first
                finally:
                    os.close(fd)
                return
