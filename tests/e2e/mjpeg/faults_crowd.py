# SPDX-License-Identifier: Apache-2.0
"""Five hundred viewers of shm-mjpeg at one frame a second beside five at thirty: all are served. Nothing is
said about speed."""
import resource
import selectors

from e2e import *
from faults_scene import *

SLOW, FAST = 500, 5


class Crowd:
    """Many connections with streams, read by one thread; of each, the frame numbers."""

    def __init__(self, port, paths):
        self.numbers = [[] for _ in paths]
        self._ends = [b"" for _ in paths]
        self._selector = selectors.DefaultSelector()
        for index, path in enumerate(paths):
            connection = ask(port, path)
            connection.setblocking(False)
            self._selector.register(connection, selectors.EVENT_READ, index)

    def read(self):
        for key, _ in self._selector.select(1):
            data = key.fileobj.recv(1 << 18)
            check(data, f"stream {key.data} ended after the frames {self.numbers[key.data]}")
            text = self._ends[key.data] + data
            found = list(re.finditer(rb"X-Frame-Number: (\d+)\r\n", text))
            self.numbers[key.data] += [int(each.group(1)) for each in found]
            self._ends[key.data] = text[found[-1].end():][-60:] if found else text[-60:]

    def close(self):
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()


@test
def five_hundred_at_one_frame_a_second_beside_five_at_thirty(place):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < 2000:
        skip(f"a process may have {hard} descriptors here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, 2000), hard))  # the server inherits it
    scene = Scene(place, "-q", 40)
    crowd = Crowd(scene.port, ["/stream/video?fps=1"] * SLOW + ["/stream/video?fps=30"] * FAST)
    deadline = time.monotonic() + 90
    while not (all(len(each) >= 4 for each in crowd.numbers) and
               all(len(each) >= 40 for each in crowd.numbers[SLOW:])):
        check(time.monotonic() < deadline, lambda: f"frames so far: {sorted(map(len, crowd.numbers))[:20]} ...")
        crowd.read()
    check_equal(scene.streams(), SLOW + FAST + 1, "streams")
    crowd.close()
    for numbers in crowd.numbers:
        check(all(a < b for a, b in zip(numbers, numbers[1:])), f"frame numbers: {numbers}")
    wait_until(lambda: scene.streams() == 1, 60, lambda: f"all of them to be gone: {scene.streams()}")
    scene.end()


main()
