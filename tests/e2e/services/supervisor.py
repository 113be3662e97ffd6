# SPDX-License-Identifier: Apache-2.0
"""The other end of systemd's notification protocol, as a test holds it; and frames that come when a test wants."""
import socket
import struct
import threading
import time

from e2e import *

PATIENCE = 60  # seconds: for what takes moments, on a machine that is busy


class Supervisor:
    """A socket for notifications. Each message is kept with its sender's pid and when it was read."""

    def __init__(self, place, watchdog=None, is_abstract=False):
        name = place.segment("notify")
        path = f"\0{name}" if is_abstract else os.path.join(place.scratch, name)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self._socket.bind(path)
        self._socket.setblocking(False)
        self._messages = []
        self.env = {"NOTIFY_SOCKET": path.replace("\0", "@")}
        if watchdog:
            self.env["WATCHDOG_USEC"] = str(int(watchdog * 1e6))

    def messages(self):
        """All that came so far: (when, pid, {key: value})."""
        while True:
            try:
                data, extra, _, _ = self._socket.recvmsg(4096, socket.CMSG_SPACE(12))
            except BlockingIOError:
                return self._messages
            pid = struct.unpack("iII", extra[0][2])[0]
            pairs = dict(line.split("=", 1) for line in data.decode().splitlines())
            self._messages.append((time.monotonic(), pid, pairs))

    def count(self, key, value="1"):
        return sum(pairs.get(key) == value for _, _, pairs in self.messages())

    def status(self):
        told = [pairs["STATUS"] for _, _, pairs in self.messages() if "STATUS" in pairs]
        return told[-1] if told else ""

    def wait_for(self, key, value="1", times=1):
        """Waits until so many more of these have come."""
        before = self.count(key, value)
        wait_until(lambda: self.count(key, value) >= before + times, PATIENCE,
                   lambda: f"{times} of {key}={value} among {self.messages()[-5:]}")

    def wait_for_status(self, pattern):
        return wait_until(lambda: re.search(pattern, self.status()), PATIENCE,
                          lambda: f"a status like {pattern!r}, not {self.status()!r}")

    def wait_for_silence(self, key, seconds):
        """Waits until none of these has come for so long."""
        seen = [self.count(key), time.monotonic()]

        def is_silent():
            count = self.count(key)
            if count != seen[0]:
                seen[:] = count, time.monotonic()
            return time.monotonic() - seen[1] >= seconds
        wait_until(is_silent, PATIENCE, f"no {key} for {seconds} s")


class Feeder:
    """A film in a pipe, whose frames come as long as `flows`."""

    HEADER = b"YUV4MPEG2 W64 H48 F20:1 Ip A1:1 C420\n"
    FRAME = b"FRAME\n" + bytes(64 * 48 * 3 // 2)

    def __init__(self, place):
        self.path = os.path.join(place.scratch, "film.pipe")
        os.mkfifo(self.path)
        self.flows = False
        self._is_over = False
        # For reading too: opening does not wait, and a reader never sees the end.
        self._pipe = os.open(self.path, os.O_RDWR)
        self._thread = threading.Thread(target=self._feed, daemon=True)
        self._thread.start()

    def _feed(self):
        os.write(self._pipe, self.HEADER)
        while not self._is_over:
            if self.flows:
                os.write(self._pipe, self.FRAME)
            time.sleep(0.05)

    def close(self):
        """Only when nobody waits for room in the pipe any more: after the reader was told to stop, say."""
        self._is_over = True
