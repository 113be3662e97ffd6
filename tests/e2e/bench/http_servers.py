# SPDX-License-Identifier: Apache-2.0
"""Servers of MJPEG streams for the tests of shm-bench --http: one that does all as it should, in the dialects
that there are, and the ways to go wrong."""
import contextlib
import itertools
import socket
import struct
import threading
import time

# A JPEG as far as its ends tell.
PICTURE = b"\xff\xd8" + bytes(range(256)) * 40 + b"\xff\xd9"


class HttpServer:
    """Listens on a free port; each connection is given to `serve(connection)` in a thread of its own,
    after the request was read (unless `asks` is false). Connections end with the test."""

    def __init__(self, serve, asks=True, host="127.0.0.1"):
        self._serve, self._asks = serve, asks
        self._listener = socket.create_server((host, 0), backlog=128,
                                              family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/stream"
        self.requests = []
        self._connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._run, args=(connection,), daemon=True).start()

    def _run(self, connection):
        with contextlib.suppress(OSError):
            if self._asks:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(4096)
                self.requests.append(request)
            self._serve(connection)
        connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


def head(boundary="frame", version="1.0", extra=""):
    return (f"HTTP/{version} 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary={boundary}\r\n"
            f"{extra}\r\n").encode()


def part(picture=PICTURE, number=None, length=None, timestamp=None, has_length=True):
    """The head of a part and its picture."""
    lines = ["Content-Type: image/jpeg"]
    if has_length:
        lines.append(f"Content-Length: {len(picture) if length is None else length}")
    if number is not None:
        lines.append(f"X-Frame-Number: {number}")
    lines.append(f"X-Timestamp: {time.time() if timestamp is None else timestamp:.6f}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + picture


def paced(fps=20):
    """1, 2, 3, ... at this rate."""
    begin = time.monotonic()
    for number in itertools.count(1):
        yield number
        time.sleep(max(0.0, begin + number / fps - time.monotonic()))


def stream(make=part, before=b"", boundary=b"--frame", wrap=lambda data: data, fps=20):
    """How to serve a stream whose parts `make(number=...)` gives: the answer's head is `before`."""
    def serve(connection):
        connection.sendall((before or head()) + wrap(boundary + b"\r\n"))
        for number in paced(fps):
            connection.sendall(wrap(make(number=number) + b"\r\n" + boundary + b"\r\n"))
    return serve


def chunked(data):
    """As HTTP/1.1 sends what has no length, cut at a place where nobody would."""
    cut = max(1, len(data) // 3)
    pieces = [piece for piece in (data[:cut], data[cut:]) if piece]
    return b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)


def reset(connection):
    """Breaks the connection instead of ending it."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
