# SPDX-License-Identifier: Apache-2.0
"""A viewer that reads as slowly as it is told to, and knows how old each picture was when it had it."""
import bisect
import re
import threading
import time

from serving import RawViewer

_HEAD = re.compile(rb"Content-Length: (\d+)\r\nX-Timestamp: ([0-9.]+)\r\nX-Frame-Number: (\d+)\r\n.*?\r\n\r\n",
                   re.DOTALL)


class Part:
    """A picture as it came: number, bytes, age (s) when its end was there, width if it was told, and
    `allowed`: what draining it and 128 KiB took this reader."""

    def __init__(self, number, size, age, width, allowed):
        self.number, self.size, self.age, self.width, self.allowed = number, size, age, width, allowed


class SlowReader(RawViewer):
    """Reads in a thread, `rate` bytes per second (it may be changed), until close()."""

    CHUNK = 4096

    def __init__(self, port, path, rate, receive_buffer=32 * 1024):
        super().__init__(port, path, receive_buffer)
        self.rate = rate
        self._totals, self._times = [0], [time.time()]
        self._should_end = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            while not self._should_end:
                chunk = self.CHUNK if self.rate < 1e6 else 65536
                self.read(chunk)
                self._totals.append(len(self.data))
                self._times.append(time.time())
                time.sleep(chunk / self.rate)
        except Exception:  # the connection: the test sees that nothing comes any more
            pass

    def _time_at(self, position):
        index = bisect.bisect_left(self._totals, position)
        return self._times[min(index, len(self._times) - 1)]

    def parts(self, since=0):
        """All that came whole, beginning at that byte."""
        data, parts = bytes(self.data), []
        for head in _HEAD.finditer(data, since):
            size, stamp, number = int(head.group(1)), float(head.group(2)), int(head.group(3))
            end = head.end() + size
            if end > self._totals[-1]:
                break
            width = re.search(rb"X-ShmVideo-Width: (\d+)", head.group(0))
            arrival = self._time_at(end)
            allowed = arrival - self._time_at(max(end - size - 128 * 1024, 0))
            parts.append(Part(number, size, arrival - stamp, int(width.group(1)) if width else None, allowed))
        return parts

    def close(self):
        self._should_end = True
        self._thread.join(20)
        super().close()
