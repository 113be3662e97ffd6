# SPDX-License-Identifier: Apache-2.0
"""What the scripts about shm-mjpeg's door share: certificates, connections of all kinds, and servers anywhere."""
import contextlib
import os
import re
import socket
import ssl
import subprocess
import threading

from e2e import check, require, wait_until


def make_certificate(place, stem="server", days=90, extra=()):
    """(certificate, key): self-signed, for localhost."""
    require("openssl")
    certificate, key = (os.path.join(place.scratch, f"{stem}.{kind}") for kind in ("crt", "key"))
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", certificate, "-days", str(days), "-subj", f"/CN={stem}",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", *extra],
                   check=True, capture_output=True, timeout=60)
    os.chmod(key, 0o600)
    return certificate, key


class Opened:
    """A running shm-mjpeg, wherever it listens: `urls` in the order in which it says them."""

    def __init__(self, place, name, *options, count=1, env=None, program="shm-mjpeg", before=()):
        self.process = place.start(program, *before, name, *options, env=env)
        wait_until(lambda: len(self._urls()) >= count or not self.process.is_running, 60, "where it listens")
        self.urls = self._urls()
        check(len(self.urls) == count, lambda: f"{self.urls}: {self.process.err}")
        found = [re.search(r":(\d+)/$", url) for url in self.urls]
        self.ports = [int(match.group(1)) for match in found if match]
        self.port = self.ports[0] if self.ports else None

    def _urls(self):
        return re.findall(r"^listening on (\S+)$", self.process.out, re.MULTILINE)


def connect(to, seconds=30):
    """A socket, to a port of this machine or to a unix socket's path."""
    if isinstance(to, int):
        return socket.create_connection(("127.0.0.1", to), timeout=seconds)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(seconds)
    connection.connect(to)
    return connection


def connect_tls(port, certificate=None, seconds=30, receive_buffer=None, **settings):
    """The same with TLS; the server is believed if its certificate is this one, or whatever it has."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = certificate is not None
    context.verify_mode = ssl.CERT_REQUIRED if certificate else ssl.CERT_NONE
    if certificate:
        context.load_verify_locations(certificate)
    for name, value in settings.items():
        setattr(context, name, value)
    plain = socket.socket()
    if receive_buffer:
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    plain.settimeout(seconds)
    plain.connect(("127.0.0.1", port))
    return context.wrap_socket(plain, server_hostname="localhost")


def hear(connection, enough=None):
    """All that comes until the other side hangs up, or until `enough` of it is there."""
    heard = b""
    with contextlib.suppress(ConnectionResetError):
        while data := connection.recv(65536):
            heard += data
            if enough and enough(heard):
                break
    return heard


def ask(connection, path="/healthz", *lines, method="GET", version="1.1"):
    """(status, headers with lower-case names, body) of one request on a connection that stays open."""
    head = "".join(f"{line}\r\n" for line in (f"{method} {path} HTTP/{version}", "Host: test", *lines))
    connection.sendall(head.encode() + b"\r\n")
    heard = b""
    while b"\r\n\r\n" not in heard:
        data = connection.recv(65536)
        check(data, lambda: f"hung up after {heard!r}")
        heard += data
    head, _, body = heard.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    length = 0 if method == "HEAD" else int(headers.get("content-length", 0))
    while len(body) < length:
        data = connection.recv(65536)
        check(data, lambda: f"hung up within the body of {path}")
        body += data
    return int(first.split()[1]), headers, body


class Watching:
    """A stream on a connection, read in a thread; knows how many parts have come."""

    MARK = b"\r\nX-Timestamp: "

    def __init__(self, connection, path="/stream/video"):
        self.connection, self.problem = connection, None
        self.parts, self.beginning = 0, b""
        self._should_end = False
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n".encode())
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self):
        try:
            rest = b""  # what may be the beginning of a mark
            while not self._should_end and (data := self.connection.recv(65536)):
                self.beginning += data[:300 - min(len(self.beginning), 300)]
                self.parts += (rest + data).count(self.MARK)
                rest = (rest + data)[1 - len(self.MARK):]
            self.problem = None if self._should_end else "it was dropped"
        except OSError as error:
            self.problem = None if self._should_end else repr(error)

    def wait_for_more(self, count=5, seconds=60):
        before = self.parts

        def look():
            check(self.problem is None, f"a viewer after {self.parts} parts: {self.problem}; {self.beginning!r}")
            return self.parts >= before + count
        wait_until(look, seconds, lambda: f"{count} more parts")

    def close(self):
        self._should_end = True
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(20)
        self.connection.close()
