# SPDX-License-Identifier: Apache-2.0
"""Reads what an MJPEG server sends, byte by byte as the standards say, and says what is wrong with it."""
import http.client


class JpegError(Exception):
    """What is wrong with bytes that should be a JPEG picture, or with a stream of them."""


def jpeg_size(data):
    """(width, height) of one whole JPEG; JpegError if its markers do not lead from SOI to EOI."""
    if data[:2] != b"\xff\xd8":
        raise JpegError(f"no SOI marker: begins with {data[:4]!r}")
    position, size = 2, None
    while True:
        marker = data[position:position + 4]
        if len(marker) < 4 or marker[0] != 0xFF:
            raise JpegError(f"no marker at byte {position} of {len(data)}")
        length = int.from_bytes(marker[2:4], "big")
        if 0xC0 <= marker[1] <= 0xCF and marker[1] not in (0xC4, 0xC8, 0xCC):
            height, width = (int.from_bytes(data[position + i:position + i + 2], "big") for i in (5, 7))
            size = width, height
        position += 2 + length
        if marker[1] == 0xDA:  # start of scan: coded data up to the end
            break
    if size is None or 0 in size:
        raise JpegError("no picture size before the coded data")
    if data.find(b"\xff\xd9", position) != len(data) - 2:
        raise JpegError("the EOI marker is missing, or not at the end")
    return size


def http_get(port, path="/", host="127.0.0.1", timeout=10):
    """(status, headers with lower-case names, body) of one request."""
    connection = http.client.HTTPConnection(host, port, timeout=timeout)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()
    finally:
        connection.close()


class MjpegStream:
    """A client of a multipart/x-mixed-replace stream. Iterating gives (headers, bytes) of each part.

        with MjpegStream(port) as stream:
            for headers, jpeg in stream: ...
    """

    def __init__(self, port, path="/stream/video/shm", host="127.0.0.1", timeout=10, headers=None):
        self._connection = http.client.HTTPConnection(host, port, timeout=timeout)
        self._connection.request("GET", path, headers=headers or {})
        self._response = self._connection.getresponse()
        self.headers = {k.lower(): v for k, v in self._response.getheaders()}
        if self._response.status != 200:
            body = self._response.read(1000)
            self.close()
            raise JpegError(f"GET {path} gave {self._response.status}: {body.decode(errors='replace')}")
        kind, _, boundary = self.headers.get("content-type", "").partition("boundary=")
        if not kind.startswith("multipart/x-mixed-replace") or not boundary:
            self.close()
            raise JpegError(f"GET {path} is no MJPEG stream but {self.headers.get('content-type')!r}")
        self._boundary = b"--" + boundary.strip().strip('"').encode()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._response.close()  # has the socket, once the response says that the connection ends with it
        self._connection.close()

    def _line(self):
        line = self._response.readline(65536)
        if not line.endswith(b"\n"):
            raise JpegError(f"the stream ended in {line!r}")
        return line.strip()

    def __iter__(self):
        while True:
            while (line := self._line()) == b"":  # line ends before a boundary belong to it
                pass
            if line == self._boundary + b"--":
                return
            if line != self._boundary:
                raise JpegError(f"expected the boundary {self._boundary!r}, got {line[:80]!r}")
            headers = {}
            while (line := self._line()):
                name, _, value = line.decode("latin-1").partition(":")
                headers[name.strip().lower()] = value.strip()
            if "content-length" not in headers:
                raise JpegError(f"a part without Content-Length: {headers}")
            length = int(headers["content-length"])
            data = self._response.read(length)
            if len(data) != length:
                raise JpegError(f"a part ended after {len(data)} of {length} bytes")
            yield headers, data
