# SPDX-License-Identifier: Apache-2.0
"""What a forked child gets of frames that its parent looks at.

The library keeps its mappings out of children, who must not keep whole segments alive. An array that a child finds in
a variable of its parent's would then crash it, as numpy cannot know. So the bytes of frames that have arrays are left
to children, in Python's own forks (os.fork, multiprocessing); they show the frame for as long as the parent holds it.
"""
from __future__ import annotations

import ctypes
import mmap
import os
import weakref
from typing import Any, Dict, Tuple

_PAGE = mmap.PAGESIZE
_madvise = ctypes.CDLL(None, use_errno=True).madvise
_madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

# Address and length of the bytes that arrays show, by an owner's id.
lent: Dict[int, Tuple[int, int]] = {}
# What has a forget() for the child to call.
forgetful: "weakref.WeakSet[Any]" = weakref.WeakSet()


def _advise(advice: int) -> None:
    for address, count in list(lent.values()):
        first = address // _PAGE * _PAGE
        _madvise(first, -(-(address + count) // _PAGE) * _PAGE - first, advice)


def _forget() -> None:
    for memory in list(forgetful):
        memory.forget()


os.register_at_fork(
    before=lambda: _advise(mmap.MADV_DOFORK),
    after_in_parent=lambda: _advise(mmap.MADV_DONTFORK),
    after_in_child=_forget,
)
