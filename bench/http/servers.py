# SPDX-License-Identifier: Apache-2.0
"""What is measured: our server, and those of others that do the same work."""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.request

from processes import CannotMeasure, Program

HERE = pathlib.Path(__file__).resolve().parent
QUALITY = 85


def get(url, timeout=10):
    with urllib.request.urlopen(url, timeout=timeout) as answer:
        return answer.read()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A server of one clip: its `program` (see Program), the `url` of its stream, and the programs beside it."""
    label = ""
    formats = ()  # of clips that it takes

    def __init__(self, bench, clip, fps):
        self.programs = []
        try:
            self.start(bench, clip, fps)
        except BaseException:
            self.stop()
            raise

    def run(self, command, **options):
        self.programs.append(Program(command, **options))
        return self.programs[-1]

    def stop(self):
        for program in reversed(self.programs):
            program.stop()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def counts(self):
        """What it counts itself: (encodes, frames of the source), or None."""
        return None

    @staticmethod
    def is_encoder(thread):
        """Whether a thread of that name does nothing but encode."""
        return False


class ShmMjpeg(Server):
    label = "shm-mjpeg"
    formats = ("BGR24", "I420", "JPEG")

    def start(self, bench, clip, fps):
        segment = bench.new_name()
        if fps:
            self.run([bench.helper, "feed", segment, clip, fps])
        self.program = self.run([bench.bin / "shm-mjpeg", segment, "--port", 0, "--fps", min(fps or 30, 60), "--quiet"])
        self.base = self.program.first_line.split()[-1].rstrip("/")
        self.url = f"{self.base}/stream/video"

    def counts(self):
        status = json.loads(get(f"{self.base}/stream/video/status"))
        return status["streaming"]["encodes"], status["segment"]["published"]

    @staticmethod
    def is_encoder(thread):
        return thread == "jpeg-encoder"


class GStreamer(Server):
    label = "GStreamer"
    formats = ("BGR24", "I420", "JPEG")

    @staticmethod
    def prepare(bench):
        """Builds the program, or says what is missing for that."""
        packages = ["gstreamer-1.0", "gstreamer-app-1.0", "gio-2.0"]
        found = subprocess.run(["pkg-config", "--cflags", "--libs", *packages], capture_output=True, text=True)
        if found.returncode != 0:
            raise CannotMeasure("it needs Debian's libgstreamer-plugins-base1.0-dev, gstreamer1.0-plugins-good")
        GStreamer.binary, source = bench.work / "gstreamer", HERE / "gstreamer.cpp"
        compiler = os.environ.get("CXX", "c++")
        subprocess.run([compiler, "-std=c++20", "-O2", "-Wall", "-Wextra", source, "-o", GStreamer.binary,
                        *found.stdout.split(), "-pthread"], check=True)

    @staticmethod
    def is_encoder(thread):
        return thread == "source:src"  # converts and packs, too; others send

    def start(self, bench, clip, fps):
        word = {"BGR24": "BGR"}.get(clip.suffix[1:], clip.suffix[1:])
        self.program = self.run([self.binary, clip, word, fps])
        self.url = self.program.first_line


class UStreamer(Server):
    """Debian's ustreamer with a stand-in for a camera, which shows it the clip as a driver would."""
    label = "ustreamer"
    formats = ("YUYV", "JPEG")

    @staticmethod
    def prepare(bench):
        folder = os.environ.get("SHMVIDEO_PEERS")
        source = pathlib.Path(folder or "/nonexistent") / "fakev4l2/fakev4l2.c"
        if not shutil.which("ustreamer") or not source.exists():
            raise CannotMeasure("it needs Debian's ustreamer, and SHMVIDEO_PEERS naming a folder with "
                                "fakev4l2/fakev4l2.c, a stand-in for /dev/video0")
        UStreamer.camera = bench.work / "fakev4l2.so"
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, "-O2", "-w", "-shared", "-fPIC", source, "-o", UStreamer.camera, "-lpthread"],
                       check=True)

    @staticmethod
    def is_encoder(thread):
        return thread.startswith("jw-")

    def start(self, bench, clip, fps):
        is_coded = clip.suffix == ".JPEG"
        environment = dict(os.environ, LD_PRELOAD=str(self.camera), FAKEV4L2_MAXFPS=str(fps), FAKEV4L2_FPS=str(fps))
        environment["FAKEV4L2_MJPEG" if is_coded else "FAKEV4L2_YUYV"] = str(clip)
        port = free_port()
        how = ["-m", "MJPEG", "-c", "HW"] if is_coded else ["-m", "YUYV", "-c", "CPU", "-q", QUALITY]
        self.program = self.run(["ustreamer", "-d", "/dev/video0", "-r", "1920x1080", *how, "-s", "127.0.0.1",
                                 "-p", port], environment=environment, is_ready_at_once=True)
        base = f"http://127.0.0.1:{port}"
        # With these headers each part says when its frame came from the driver.
        self.url = f"{base}/stream?extra_headers=1"
        deadline = time.monotonic() + 20
        while True:
            try:
                if json.loads(get(f"{base}/state"))["result"]["source"]["online"]:
                    return
            except (OSError, ValueError, KeyError):
                pass
            if time.monotonic() > deadline:
                raise CannotMeasure("ustreamer does not get going")
            time.sleep(0.1)


class BareSend(Server):
    """A plain program that sends ready pictures: see send_bare() in roles.hpp."""
    label = "bare send"
    formats = ("JPEG",)

    def start(self, bench, clip, fps):
        self.program = self.run([bench.helper, "send", clip.with_suffix(".JPEG"), fps])
        self.url = self.program.first_line
