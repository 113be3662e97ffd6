# SPDX-License-Identifier: Apache-2.0
"""What the scripts about faults share: a server with a witness, and what must be afterwards as it was before
them."""
import dataclasses
import struct

from e2e import *
from serving import *

READERS_LEAVE = 60  # seconds; the server stays a reader for a few after the last viewer
PRIVATE_KIB_MORE = 4096  # what allocators keep; a leak of the things looked for here comes to more


@dataclasses.dataclass
class Footprint:
    """What a server has of its machine."""
    descriptors: int
    threads: int
    generations: int  # of the segment, that it maps
    private_kib: int

    def grown_since(self, before):
        """A sentence; empty when nothing is left of what happened since."""
        grown = [f"{name}: {getattr(before, name)}, now {getattr(self, name)}"
                 for name in ("descriptors", "threads", "generations")
                 if getattr(self, name) > getattr(before, name)]
        if self.private_kib > before.private_kib + PRIVATE_KIB_MORE:
            grown.append(f"private memory: {before.private_kib} KiB, now {self.private_kib} KiB")
        return "; ".join(grown)


def footprint(server):
    folder = f"/proc/{server.process.pid}"
    with open(f"{folder}/maps", encoding="utf-8", errors="replace") as maps:
        inodes = {line.split()[4] for line in maps if "-e2e" in line or "/dev/shm/" in line}
    with open(f"{folder}/smaps_rollup", encoding="ascii") as rollup:
        private = sum(int(line.split()[1]) for line in rollup if line.startswith("Private_Dirty:"))
    return Footprint(len(os.listdir(f"{folder}/fd")), len(os.listdir(f"{folder}/task")), len(inodes), private)


class Witness:
    """A viewer who is there all the time: nothing that happens to others may be seen in its stream."""

    def __init__(self, server, path="/stream/video"):
        self.numbers = []
        self.problem = None
        self._stream = MjpegStream(server.port, path, timeout=60)
        self._should_end = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        self.see_more()

    def _watch(self):
        try:
            for headers, jpeg in self._stream:
                if self._should_end:
                    return
                jpeg_size(jpeg)
                if "x-frame-number" in headers:  # a picture that says that there is none shows no frame
                    self.numbers.append(int(headers["x-frame-number"]))
            self.problem = "its stream ended"
        except Exception as error:  # pylint: disable=broad-except
            self.problem = None if self._should_end else repr(error)

    def see_more(self, frames=3, seconds=60):
        """Waits until it has seen so many newer frames."""
        newest = self.numbers[-1] if self.numbers else 0

        def look():
            check(self.problem is None, f"the witness after {len(self.numbers)} frames: {self.problem}")
            return len({n for n in self.numbers if n > newest}) >= frames
        wait_until(look, seconds, lambda: f"{frames} frames after {newest}, seen {self.numbers[-5:]}")

    def leave(self):
        self.see_more()
        self._should_end = True
        self._thread.join(60)
        self._stream.close()
        pairs = zip(self.numbers, self.numbers[1:])
        check(all(a <= b for a, b in pairs), f"the witness's frame numbers go back: {self.numbers}")


class Scene:
    """A pattern, a server of it and a witness.

        scene = Scene(place)
        scene.is_unharmed_by(lambda: ...)
        scene.end()
    """

    def __init__(self, place, *options, size="320x240"):
        self.place, self.name = place, place.segment()
        self.capture = start_pattern(place, self.name, size)
        self.server = Server(place, self.name, *options)
        wait_until(lambda: self.server.get("/snapshot")[0] == 200, 30, "a snapshot")
        self.witness = Witness(self.server)
        self.port = self.server.port

    def streams(self):
        return self.server.streaming("active_streams")

    def is_unharmed_by(self, fault, warm_up=None, seconds=60):
        """Lets it happen; afterwards the server has what it had before, and the witness goes on seeing frames.
        `warm_up` is the same on a small scale, for what is kept to be used again; if not given, the fault."""
        (warm_up or fault)()
        self._wait_for_calm(seconds)
        before = footprint(self.server)
        fault()
        self._wait_for_calm(seconds)
        wait_until(lambda: not footprint(self.server).grown_since(before), seconds,
                   lambda: "what is left: " + footprint(self.server).grown_since(before))
        check(self.server.process.is_running, "the server has ended")

    def _wait_for_calm(self, seconds):
        wait_until(lambda: self.streams() == 1, seconds, lambda: f"one stream of {self.streams()} to be left")
        self.witness.see_more()

    def readers(self):
        report = json.loads(self.place.run("shm-inspect", self.name, "--json").expect(0).out)
        return report["readers"]

    def end(self, wait_for_readers=False):
        """The witness leaves, and the server ends well; with `wait_for_readers`, once it holds nothing any more."""
        held = [reader["held"] for reader in self.readers()]
        check(len(held) == 1 and held[0] <= 3, f"frames held with one viewer, by each reader: {held}")
        self.witness.leave()
        if wait_for_readers:
            wait_until(lambda: self.readers() == [], READERS_LEAVE, lambda: f"no reader, not {self.readers()}")
        self.server.process.stop(signal.SIGTERM, 20).expect(0)
        check_equal(self.readers(), [], "readers")


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=60)


def reset(connection):
    """Closes so that the other side gets a reset and not an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def ask(port, path="/stream/video", version="1.1"):
    """A connection on which something was asked for."""
    connection = connect(port)
    connection.sendall(f"GET {path} HTTP/{version}\r\nHost: test\r\n\r\n".encode())
    return connection


def hears_end(connection):
    """Reads until the server hangs up, in whatever way, and gives what it said."""
    said = b""
    with contextlib.suppress(ConnectionError):
        while data := connection.recv(65536):
            said += data
    connection.close()
    return said
