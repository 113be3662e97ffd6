# SPDX-License-Identifier: Apache-2.0
"""A tool on a pseudo-terminal, as a person sees it."""
import contextlib
import fcntl
import os
import pty
import re
import signal
import struct
import subprocess
import termios
import threading

from e2e import Failure, check, skip, tool, wait_until

COLOUR = re.compile(r"\033\[[0-9;]*m")


class OnTerminal:
    """`with OnTerminal(place, "shm-capture", ...) as seen:` — its standard streams are a terminal of its own.

    Whatever is still running at the end is ended.
    """

    def __init__(self, place, program, *arguments, columns=100, env=None, stdout=None):
        try:
            self._master, slave = pty.openpty()
        except OSError as reason:  # a chroot without /dev/pts
            skip(f"no pseudo-terminal: {reason}")
        self._bytes = b""
        self.resize(columns)
        environment = {k: v for k, v in place.env.items() if k != "NO_COLOR"}
        self.child = subprocess.Popen([tool(program), *map(str, arguments)],
                                      env={**environment, "TERM": "xterm", **(env or {})}, cwd=place.scratch,
                                      stdin=slave, stdout=stdout or slave, stderr=slave, start_new_session=True,
                                      preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        os.close(slave)
        self._thread = threading.Thread(target=self._collect)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.child.wait(15)
        if self.child.poll() is None:
            self.child.kill()
            self.child.wait(10)
        self._thread.join(10)
        os.close(self._master)

    def _collect(self):
        try:
            while chunk := os.read(self._master, 65536):
                self._bytes += chunk
        except OSError:
            pass  # the other side is closed

    def resize(self, columns):
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))

    @property
    def raw(self):
        return self._bytes.decode(errors="replace")

    @property
    def lines(self):
        """What stayed: each line as it was when the cursor left it, without what was drawn over."""
        return [re.split(r"\r\033\[J", line.rstrip("\r"))[-1] for line in COLOUR.sub("", self.raw).split("\n")]

    @property
    def drawn(self):
        """Every state of the line that is drawn anew."""
        return re.findall(r"\033\[J([^\r\n\033]+)\r(?!\n)", self.raw)

    def wait_for(self, pattern, seconds=30):
        """Waits until what was written matches."""
        def look():
            ended = self.child.poll() is not None
            found = re.search(pattern, self.raw)
            check(found or not ended, lambda: f"ended without {pattern!r}: {self.raw!r}")
            return found
        return wait_until(look, seconds, lambda: f"{pattern!r}, seen was {self.raw!r}")

    def wait_for_drawn(self, pattern, seconds=30):
        """Waits for a state of the line that matches, and gives it."""
        return wait_until(lambda: next((d for d in self.drawn if re.search(pattern, d)), None), seconds,
                          lambda: f"a line with {pattern!r}, drawn were {self.drawn}, of {self.raw!r}")

    def finish(self, number=None, seconds=30):
        """Its status, after the signal where one is given."""
        if number is not None:
            self.child.send_signal(number)
        try:
            status = self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure(f"still running after {seconds} s: {self.raw!r}") from None
        self._thread.join(10)
        return status
