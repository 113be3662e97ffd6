# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, spoken to as its developer tools do, with nothing but Python's own library."""
import base64
import http.client
import json
import os
import shutil
import socket
import tempfile

from e2e import check, skip, wait_until

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
         "--hide-scrollbars", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--disable-dev-shm-usage", "--disable-extensions", "--remote-debugging-port=0"]


class Page:
    """One page of a browser of its own."""

    def __init__(self, place, url, width=1280, height=900):
        program = shutil.which("chromium") or skip("chromium is not installed")
        home = tempfile.mkdtemp(dir=place.scratch)
        place.start(program, *FLAGS, f"--user-data-dir={home}", "about:blank", env={"HOME": home})
        self._port = int(wait_until(lambda: self._announced(home), 30, "the browser"))
        target = wait_until(self._target, 20, "the browser's page")
        self._connect(target["webSocketDebuggerUrl"])
        self._calls = 0
        self.resize(width, height)
        self.call("Page.navigate", url=url)

    @staticmethod
    def _announced(home):
        """The port that the browser wrote down, once the line is whole."""
        try:
            with open(os.path.join(home, "DevToolsActivePort"), encoding="ascii") as file:
                line = file.readline()
        except FileNotFoundError:
            return None
        return line if line.endswith("\n") else None

    def _target(self):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        connection.request("GET", "/json/list")
        pages = [t for t in json.loads(connection.getresponse().read()) if t["type"] == "page"]
        connection.close()
        return pages[0] if pages else None

    def _connect(self, url):
        path = url.split(f":{self._port}", 1)[1]
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=20)
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nUpgrade: websocket\r\n"
                             f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                             "Sec-WebSocket-Version: 13\r\n\r\n".encode())
        self._file = self._socket.makefile("rb")
        check(b" 101 " in self._file.readline(), "the browser refuses to talk")
        while self._file.readline().strip():
            pass

    def _send(self, text):
        data, mask = text.encode(), os.urandom(4)
        head = bytes([0x81, 0x80 | 127]) + len(data).to_bytes(8, "big") + mask
        self._socket.sendall(head + bytes(byte ^ mask[i % 4] for i, byte in enumerate(data)))

    def _receive(self):
        message = b""
        while True:
            first, length = self._file.read(2)
            length &= 0x7F
            if length >= 126:
                length = int.from_bytes(self._file.read(2 if length == 126 else 8), "big")
            message += self._file.read(length)
            if first & 0x80:
                return json.loads(message)

    def call(self, method, **parameters):
        self._calls += 1
        self._send(json.dumps({"id": self._calls, "method": method, "params": parameters}))
        while True:
            answer = self._receive()
            if answer.get("id") == self._calls:
                check("error" not in answer, lambda: f"{method}: {answer}")
                return answer["result"]

    def value(self, expression):
        """What a JavaScript expression comes to."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def text(self, element):
        return self.value(f"(document.getElementById('{element}') || {{}}).textContent")

    def resize(self, width, height, dark=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=False)
        self.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def screenshot(self, path):
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))
