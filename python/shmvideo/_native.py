# SPDX-License-Identifier: Apache-2.0
"""libshmvideo.so.0, found, loaded, and its functions with their types."""
from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p
from typing import Any, Dict, Sequence, Tuple

from . import _structs as s

SONAME = "libshmvideo.so.0"

_out = POINTER(c_void_p)
_stream = POINTER(s.StreamInfoStruct)
_frame_info = POINTER(s.FrameInfoStruct)

# Function: what it returns, what it takes. CDLL lets go of the interpreter's lock during every call.
_FUNCTIONS: Dict[str, Tuple[Any, Sequence[Any]]] = {
    "result_name": (c_char_p, [c_int]),
    "last_error": (c_char_p, []),
    "last_errno": (c_int, []),
    "version": (c_char_p, []),
    "frame_info_packed": (c_int, [c_uint32, c_uint32, c_uint32, _frame_info]),
    "format_name": (c_char_p, [c_uint32]),
    "format_fourcc": (c_uint32, [c_char_p]),
    "format_row_bytes": (c_uint32, [c_uint32, c_uint32, c_uint32]),
    "format_rows": (c_uint32, [c_uint32, c_uint32, c_uint32]),
    "frame_new": (c_void_p, []),
    "frame_free": (None, [c_void_p]),
    "frame_info_of": (c_void_p, [c_void_p]),
    "frame_bytes": (c_void_p, [c_void_p]),
    "frame_valid": (c_int, [c_void_p]),
    "frame_is_held": (c_int, [c_void_p]),
    "frame_copy": (c_int, [c_void_p, c_void_p, c_size_t]),
    "reader_attach": (c_int, [c_char_p, POINTER(s.ReaderOptionsStruct), _out]),
    "reader_detach": (None, [c_void_p]),
    "reader_next": (c_int, [c_void_p, c_void_p, c_int64]),
    "reader_fd": (c_int, [c_void_p]),
    "reader_interrupt": (None, [c_void_p]),
    "reader_stream": (c_int, [c_void_p, _stream]),
    "reader_statistics_of": (c_int, [c_void_p, POINTER(s.ReaderStatisticsStruct)]),
    "reader_state": (c_int, [c_void_p]),
    "reader_source_state": (c_int, [c_void_p]),
    "reader_generation": (c_uint64, [c_void_p]),
    "reader_extradata": (c_int, [c_void_p, c_void_p, POINTER(c_size_t)]),
    "reader_request_key": (c_int, [c_void_p]),
    "set_new": (c_int, [_out]),
    "set_free": (None, [c_void_p]),
    "set_add": (c_int, [c_void_p, c_void_p]),
    "set_wait": (c_int, [c_void_p, POINTER(c_uint8), c_size_t, c_int64]),
    "set_pair": (c_int, [c_void_p, _out, c_size_t, c_int64, c_int64]),
    "writer_create": (c_int, [c_char_p, POINTER(s.WriterOptionsStruct), _out]),
    "writer_close": (None, [c_void_p]),
    "writer_publish": (c_int, [c_void_p, _frame_info, c_void_p]),
    "writer_loan": (c_int, [c_void_p, _out]),
    "loan_bytes": (c_void_p, [c_void_p]),
    "loan_capacity": (c_size_t, [c_void_p]),
    "loan_publish": (c_int, [c_void_p, _frame_info]),
    "loan_abandon": (None, [c_void_p]),
    "writer_reserve": (c_int, [c_void_p, _stream, c_uint64]),
    "writer_drop": (c_int, [c_void_p, c_uint32, c_uint64]),
    "writer_progress": (None, [c_void_p]),
    "writer_set_source_state": (c_int, [c_void_p, c_uint32]),
    "writer_set_extradata": (c_int, [c_void_p, c_void_p, c_size_t]),
    "writer_key_requests": (c_uint64, [c_void_p]),
    "writer_statistics_of": (c_int, [c_void_p, POINTER(s.WriterStatisticsStruct)]),
    "list_open": (c_int, [c_char_p, _out]),
    "list_count": (c_size_t, [c_void_p]),
    "list_at": (POINTER(s.SegmentInfoStruct), [c_void_p, c_size_t]),
    "list_free": (None, [c_void_p]),
    "remove": (c_int, [c_char_p]),
}


class Library:
    """The loaded library: lib.reader_next is shmv_reader_next."""

    def __init__(self) -> None:
        asked = os.environ.get("SHMVIDEO_LIBRARY")
        try:
            self.loaded = ctypes.CDLL(asked or SONAME)
            self._bind()
        except (OSError, AttributeError) as why:
            what = f"{asked}, which SHMVIDEO_LIBRARY names," if asked else SONAME
            raise ImportError(
                f"shmvideo needs shm-video's library, and {what} is not to be had: {why}. The package libshmvideo0 has "
                "it; SHMVIDEO_LIBRARY in the environment names one that lies elsewhere."
            ) from None

    def _bind(self) -> None:
        for name, (returns, takes) in _FUNCTIONS.items():
            function = getattr(self.loaded, f"shmv_{name}")
            function.restype, function.argtypes = returns, takes
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:  # for type checkers: what _bind() sets is found without it
        raise AttributeError(name)


lib = Library()


def text(raw: Any) -> str:
    """What the library tells: UTF-8, and readable whatever it is."""
    return (raw or b"").decode("utf-8", "replace")
