# SPDX-License-Identifier: Apache-2.0
"""What all measurements here share: where things are, the clip, who is measured, and the time that is left."""
import itertools
import json
import os
import statistics
import time

from processes import CannotMeasure, Program
from servers import BareSend, GStreamer, ShmMjpeg, UStreamer, QUALITY

FRAMES = 16
FORMATS = ("BGR24", "I420", "YUYV", "JPEG")


class Bench:
    """Folders, programs and time of one run of everything."""

    def __init__(self, build, work, arguments, deadline):
        self.bin, self.helper, self.work, self.deadline = build / "bin", build / "bench/bench_http", work, deadline
        self.is_smoke = arguments.smoke
        self.seconds, self.warmup = (1, 0.3) if arguments.smoke else (arguments.seconds, 1.5)
        self.names = itertools.count(1)
        self.peers = []
        os.environ["SHM_VIDEO_DIR"] = str(work)

    def new_name(self):
        return f"bench-http-{os.getpid()}-{next(self.names)}"

    def prepare_clip(self, film):
        """Makes the clip in all formats and says what it is."""
        name = self.new_name()
        device = ["-d", film, "--loop"] if film else ["-d", "pattern", "-r", "1920x1080"]
        raw = self.clip("BGR24")
        capture = Program([self.bin / "shm-capture", *device, "-n", name, "--quiet"], is_ready_at_once=True)
        with capture:
            deadline = time.monotonic() + 20
            while not (self.work / name).exists():
                if time.monotonic() > deadline or capture.child.poll() is not None:
                    raise CannotMeasure(f"shm-capture does not show {film or 'the pattern'}")
                time.sleep(0.02)
            self.helper_output("take", name, FRAMES, raw)
        for format in FORMATS[1:]:
            self.helper_output("convert", raw, format, QUALITY, self.clip(format))
        with open(f"{self.clip('JPEG')}.sizes", encoding="utf-8") as sizes:
            self.frame_bytes = statistics.mean(int(line) for line in sizes)
        return (f"{FRAMES} frames of {film.name if film else 'the test pattern'} with some noise, "
                f"{self.frame_bytes / 1000:.0f} KB each as JPEG of quality {QUALITY}")

    def clip(self, format):
        return self.work / f"clip.{format}"

    def helper_output(self, *words, timeout=60):
        with Program([self.helper, *words], is_ready_at_once=True) as program:
            return program.output(timeout)

    def prepare_peers(self):
        """Says which are left out, and why."""
        for peer in (GStreamer, UStreamer):
            try:
                peer.prepare(self)
                self.peers.append(peer)
            except CannotMeasure as missing:
                yield f"{peer.label} is left out: {missing}."

    def servers(self, format):
        """(server, format that it is given) of all who can serve such frames, in the order of their turns."""
        given = [(ShmMjpeg, format), *((peer, format) for peer in self.peers if format in peer.formats)]
        if format == "BGR24" and UStreamer in self.peers:
            given.append((UStreamer, "YUYV"))  # the nearest that it takes
        return [*given, (BareSend, "JPEG")]

    def has_time(self, seconds):
        return time.monotonic() + seconds < self.deadline

    def encode_bare(self, format, fps, seconds):
        """(processor ms, ms) of TurboJPEG's bare call for such a frame."""
        name = self.new_name()
        with Program([self.helper, "feed", name, self.clip(format), fps]):
            cost = json.loads(self.helper_output("encode", name, QUALITY, seconds))
        return cost["cpu_ms"], cost["wall_ms"]
