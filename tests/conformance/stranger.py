# SPDX-License-Identifier: Apache-2.0
"""What the tests of docs/reader.py share: the reader, and a writer that does as it is told.

docs/reader.py was written from docs/segment-format.md alone, before anything else was read: where it and
libshmvideo agree, the document says enough.
"""
import importlib.util
import json
import os
import pathlib
import re
import struct

from e2e import check, check_equal, wait_until

READER = str(pathlib.Path(__file__).resolve().parents[2] / "docs/reader.py")
WRITER = os.environ["SHMVIDEO_CONFORMANCE_WRITER"]
SIZE, OTHER_SIZE = (64, 48), (160, 96)  # the bytes of a frame are a multiple of 8: whole words of the pattern

_spec = importlib.util.spec_from_file_location("reader", READER)
reader_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(reader_module)


def pattern(number, size):
    """The bytes of that frame: tests/support/patterned_frame.hpp."""
    seed, step = number * 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9
    return struct.pack(f"<{size // 8}Q", *((seed + at * step) % 2**64 for at in range(0, size, 8)))


class Writer:
    """conformance_writer and the pipe that it takes its orders from."""

    def __init__(self, place, name, size=SIZE, slots=4):
        self._fifo = os.path.join(place.scratch, f"orders-{len(os.listdir(place.scratch))}")
        os.mkfifo(self._fifo)
        self._orders = os.open(self._fifo, os.O_RDWR)
        self.process = place.start("/bin/sh", "-c", f'exec "$0" "$@" < {self._fifo}',
                                   WRITER, name, *size, slots)
        self._done = 0
        self.answer("ready")

    def _found(self, what):
        return re.compile(rf"^{re.escape(what)}: (\d+)$", re.M).search(self.process.out, self._done)

    def answer(self, what):
        """The newest frame's number after the order was carried out."""
        found = wait_until(lambda: self._found(what), 20, lambda: f"'{what}' to be done; {self.process.err}")
        self._done = found.end()
        return int(found.group(1))

    def begin(self, line):
        os.write(self._orders, line.encode() + b"\n")

    def is_done(self, line):
        return self._found(line) is not None

    def order(self, line):
        self.begin(line)
        return self.answer(line)

    def header(self):
        self.order("header")
        return dict(re.findall(r"^header (\w+) (.*)$", self.process.out, re.M))


class Reader:
    """docs/reader.py in the background, with the payloads that it copied."""

    def __init__(self, place, name):
        self._payloads = os.path.join(place.scratch, f"payloads-{name}")
        self.process = place.start("/usr/bin/env", "python3", READER, name, "--output", self._payloads)

    def frames(self):
        """(number, bytes, missed) of each frame so far."""
        found = re.findall(r"^frame (\d+) bytes (\d+) age -?[\d.]+ ms missed (\d+)$", self.process.out, re.M)
        return [tuple(map(int, frame)) for frame in found]

    def wait_for_frame(self, number):
        wait_until(lambda: [f for f in self.frames() if f[0] >= number], 20, f"frame {number}")

    def check_payloads(self):
        """Every byte of every frame; and that what it says it missed are the gaps."""
        self.process.stop()
        last = None
        with open(self._payloads, "rb") as payloads:
            for number, size, missed in self.frames():
                check(payloads.read(size) == pattern(number, size), f"frame {number} has bytes of another")
                check_equal(missed, number - last - 1 if last else 0, f"missed before frame {number}")
                last = number
            check_equal(payloads.read(), b"", "payloads without a frame")


def run_reader(place, *arguments):
    return place.run("/usr/bin/env", "python3", READER, *arguments)


def describe(place, name):
    return json.loads(run_reader(place, name, "--json").expect(0).out)
