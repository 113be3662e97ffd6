# SPDX-License-Identifier: Apache-2.0
"""What the scripts about shm-mjpeg share: a running server, and viewers in threads."""
import http.client
import json
import os
import re
import socket
import subprocess
import threading
import time

from e2e import check, skip, wait_until
from mjpeg_client import JpegError, MjpegStream, http_get, jpeg_size


class Server:
    """A running shm-mjpeg."""

    def __init__(self, place, name, *options):
        self.process = place.start("shm-mjpeg", name, "--port", 0, *options)
        self.url = self.process.wait_for_output(r"listening on (http://\S+/)").group(1)
        self.port = int(re.search(r":(\d+)/", self.url).group(1))

    def get(self, path, timeout=10):
        return http_get(self.port, path, timeout=timeout)

    def detail(self, path, status):
        """The detail of an answer that must be an error with this status."""
        got, headers, body = self.get(path)
        check(got == status, f"GET {path}: expected {status}, got {got}: {body!r}")
        check(headers["content-type"] == "application/json", f"GET {path}: {headers}")
        return json.loads(body)["detail"]

    def status(self):
        return json.loads(self.get("/stream/video/status")[2])

    def streaming(self, key):
        return self.status()["streaming"][key]


def start_pattern(place, name, size="640x480", *options):
    """shm-capture on the test pattern, once the first frame is there."""
    capture = place.start("shm-capture", "--device", "pattern", "--name", name, "-r", size, *options)
    wait_until(lambda: name in os.listdir(place.directory), 10, "the segment")
    return capture


def served(place, *options):
    """A server of a test pattern, whose pictures are there."""
    name = place.segment()
    start_pattern(place, name, "640x480")
    server = Server(place, name, *options)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a snapshot")
    return server


class Viewer:
    """Watches a stream in a thread and keeps what the parts say; every picture is checked to be one."""

    def __init__(self, port, path="/stream/video", keep_pictures=False, pause=0.0):
        self.parts = []  # (number, timestamp, size in pixels, arrival)
        self.pictures = []
        self.problem = None
        self._keep_pictures, self._pause = keep_pictures, pause
        self._stream = MjpegStream(port, path, timeout=30)
        self.headers = self._stream.headers
        self._should_end = False
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        try:
            for headers, jpeg in self._stream:
                if self._should_end:
                    return
                check(headers["content-type"] == "image/jpeg", f"a part of type {headers['content-type']}")
                self.parts.append((int(headers["x-frame-number"]), float(headers["x-timestamp"]),
                                   jpeg_size(jpeg), time.time()))
                if self._keep_pictures:
                    self.pictures.append(jpeg)
                time.sleep(self._pause)
            self.problem = "the stream ended"
        except Exception as error:  # pylint: disable=broad-except
            self.problem = None if self._should_end else repr(error)

    numbers = property(lambda self: [part[0] for part in self.parts])
    sizes = property(lambda self: [part[2] for part in self.parts])

    def wait_for(self, count, seconds=20):
        """Waits until so many parts came in all."""
        def look():
            check(self.problem is None, f"a viewer after {len(self.parts)} parts: {self.problem}")
            return len(self.parts) >= count
        wait_until(look, seconds, lambda: f"{count} parts, {len(self.parts)} so far")

    def close(self):
        self._should_end = True
        self._thread.join(10)
        self._stream.close()
        check(self.problem is None, f"a viewer: {self.problem}")


class RawViewer:
    """A connection on which a stream was asked for and that is read at will."""

    def __init__(self, port, path="/stream/video", receive_buffer=None):
        self.socket = self.connect(port, receive_buffer)
        self.socket.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        self.data = b""

    def connect(self, port, receive_buffer):
        connection = socket.socket()
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", port))
        return connection

    def read(self, count):
        data = self.socket.recv(count)
        check(data, "the server hung up")
        self.data += data
        return data

    def heads(self):
        """(X-Frame-Number, X-Timestamp) of every part that has come so far."""
        return [(int(number), float(stamp)) for stamp, number in
                re.findall(rb"X-Timestamp: ([0-9.]+)\r\nX-Frame-Number: (\d+)\r\n", self.data)]

    def close(self):
        self.socket.close()


def exchange(port, request, seconds=20):
    """Sends bytes and gives all that comes back until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(request)
        answer = b""
        while data := connection.recv(65536):
            answer += data
        return answer


def drawn_numbers(pictures):
    """(width, height, number) that stands in each of the JPEG pictures of the test pattern."""
    program = os.environ.get("SHMVIDEO_PICTURE_NUMBERS") or skip("SHMVIDEO_PICTURE_NUMBERS is not set")
    data = b"".join(b"%d\n%s" % (len(jpeg), jpeg) for jpeg in pictures)
    done = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True, timeout=60)
    lines = done.stdout.decode()
    found = [re.fullmatch(r"(\d+)x(\d+) (\d+)", line) for line in lines.splitlines()]
    check(all(found), f"a picture without a number: {lines!r}")
    return [tuple(map(int, each.groups())) for each in found]
