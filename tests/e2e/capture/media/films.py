# SPDX-License-Identifier: Apache-2.0
"""What the tests of media share: films made with ffmpeg whose picture i says i, and servers on loopback."""
import contextlib
import http.server
import json
import os
import socket
import subprocess
import threading

from e2e import *
from frames import *


def convert(place, source, name, *options):
    """Another file made of a film."""
    require("ffmpeg")
    path = os.path.join(place.scratch, name)
    command = ["ffmpeg", "-v", "error", "-nostdin", "-y", "-i", source, *options, path]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    check(done.returncode == 0, lambda: f"{' '.join(command)}: {done.stderr}")
    return path


def film_as(place, name, *options, frames=40, fps=20):
    return convert(place, make_film(place, frames, fps), name, *options)


def numbers_of_bytes(path, *options, width=160, height=120):
    """What the squares of 8 pixels say in each picture that ffmpeg decodes from a file."""
    done = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", *options, "-i", path, "-f", "rawvideo", "-pix_fmt",
                           "gray", "-fps_mode", "passthrough", "-"], capture_output=True, check=True)
    luma = done.stdout
    size = width * height
    return [sum((luma[at + 20 * width + 16 + 8 * k + 4] > 128) << k for k in range(16))
            for at in range(0, len(luma), size)]


def start_dump(place, name, frames, seconds=20):
    """A reader that keeps the bytes of coded frames; packets_of() gives what stood beside them."""
    path = os.path.join(place.scratch, f"{name}.bytes")
    return place.start(os.environ["SHMVIDEO_PACKET_DUMP"], name, frames, seconds, path), path


def packets_of(dump, wanted, seconds=40):
    result = dump.wait(seconds).expect(0)
    packets = [json.loads(line) for line in result.out.splitlines()]
    check(len(packets) >= wanted, lambda: f"only {len(packets)} of {wanted} packets")
    check(all(p["valid"] for p in packets), "a packet was overwritten while it was read")
    return packets


def shell(place, command):
    """A pipeline with the tools in it, in the background."""
    path = f"{os.environ['SHMVIDEO_BIN']}:{os.environ['PATH']}"
    return place.start("/bin/sh", "-c", command, env={"PATH": path})


@contextlib.contextmanager
def http_folder(folder):
    """Serves the files of a folder; gives the URL before their names."""
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=folder)

        def log_message(self, *_):
            pass

        def copyfile(self, source, outputfile):
            with contextlib.suppress(ConnectionError):
                super().copyfile(source, outputfile)

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


MULTIPART = (b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=frame\r\n"
             b"Connection: close\r\n\r\n")


def multipart(jpeg):
    return b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(jpeg), jpeg)


@contextlib.contextmanager
def one_client(serve):
    """A server whose clients are given to serve(connection), which runs in a thread; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        def accept():
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = server.accept()
                    with connection, contextlib.suppress(OSError):
                        serve(connection)
        thread = threading.Thread(target=accept)
        thread.start()
        try:
            yield server.getsockname()[1]
        finally:
            server.shutdown(socket.SHUT_RDWR)
            thread.join()
