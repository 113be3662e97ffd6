# SPDX-License-Identifier: Apache-2.0
"""A writer in a process of its own, which does what it is told over a pipe; and what the tests here share.

As a program: counterpart.py NAME WIDTH HEIGHT FORMAT SLOTS. Orders: "write COUNT", "pace COUNT MILLISECONDS",
"size WIDTH HEIGHT", "state WORD", "close". It answers each with a line, "ok LATEST".
"""
import os
import subprocess
import sys
import time

try:
    import numpy as np

    import shmvideo
except ModuleNotFoundError as missing:
    print(f"skipped: {missing}")
    sys.exit(77)

from e2e import Failure, check, wait_until


LIVING = ("live", "stalled")  # the latter on a machine that is busy with other things


def picture(number, shape):
    """What the counterpart's frame of this number looks like: each is unlike the ones before."""
    made = np.full(shape, number * 7 % 251, np.uint8)
    made.reshape(-1)[:8] = np.frombuffer(number.to_bytes(8, "little"), np.uint8)
    return made


def check_picture(array, number):
    check(np.array_equal(array, picture(number, array.shape)), lambda: f"frame {number} is {array.reshape(-1)[:16]}")


class Counterpart:
    """The process, seen from the test."""

    def __init__(self, place, name, width=64, height=48, pixels="BGR24", slots=6):
        command = [sys.executable, os.path.abspath(__file__), name, width, height, pixels, slots]
        self.place, self.name = place, name
        self._child = subprocess.Popen([str(word) for word in command], env=place.env, stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, text=True, cwd=place.scratch)
        place._processes.append(self)  # ended with the test
        self.expect()

    pid = property(lambda self: self._child.pid)
    is_running = property(lambda self: self._child.poll() is None)
    command, out, err = ("counterpart",), "", ""

    def expect(self):
        line = self._child.stdout.readline().split()
        if not line or line[0] != "ok":
            raise Failure(f"the counterpart said {line}, status {self._child.poll()}")
        return int(line[1])

    def tell(self, *words):
        """Gives an order without waiting for the answer."""
        self._child.stdin.write(" ".join(map(str, words)) + "\n")
        self._child.stdin.flush()

    def order(self, *words):
        """Gives an order; the newest frame's number after it."""
        self.tell(*words)
        return self.expect()

    def close(self):
        """Ends it in good order."""
        self.order("close")
        self._child.wait(20)

    def send_signal(self, number):
        if self.is_running:
            self._child.send_signal(number)

    def kill(self):
        self._child.kill()
        self._child.wait(20)

    def wait(self, seconds=20):
        try:
            self._child.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failure("the counterpart runs on") from None


def use(place):
    """Lets shmvideo in this process use the test's own place for segments."""
    os.environ["SHM_VIDEO_DIR"] = place.directory


def without_segments_left(place):
    """After a kill: removes what the dead writer left."""
    for segment in shmvideo.list_segments():
        wait_until(lambda name=segment.name: shmvideo.list_segments(name)[0].state == "dead", 20, "its death")
        shmvideo.remove_segment(segment.name)
    place.leaves_segments = True  # a lock file may stay


def main():
    name, width, height, pixels, slots = sys.argv[1:]
    writer = shmvideo.Writer(name, int(width), int(height), format=pixels, slots=int(slots), program="counterpart")
    size = [int(width), int(height)]
    print("ok 0", flush=True)
    for line in sys.stdin:
        order, *words = line.split()
        if order in ("write", "pace"):
            for _ in range(int(words[0])):
                number = writer.statistics.latest + 1
                with writer.loan(*size) as loan:
                    loan.array[...] = picture(number, loan.array.shape)
                if order == "pace":
                    time.sleep(int(words[1]) / 1e3)
        elif order == "size":
            size = [int(word) for word in words]
        elif order == "state":
            writer.set_source_state(words[0])
        elif order == "close":
            print(f"ok {writer.statistics.latest}", flush=True)
            writer.close()
            return
        print(f"ok {writer.statistics.latest}", flush=True)


if __name__ == "__main__":
    main()
