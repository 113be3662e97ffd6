# SPDX-License-Identifier: Apache-2.0
"""What viewers of shm-mjpeg see when its writer is lost: the last frame, dark, with words on it, once a second."""
import os
import subprocess
import time

from e2e import *
from serving import *


class Parts:
    """The parts of a stream, one after the other."""

    def __init__(self, port, path="/stream/video"):
        self._stream = MjpegStream(port, path, timeout=40)
        self._parts = iter(self._stream)

    def next(self):
        """(headers, picture); fails if the stream ends."""
        part = next(self._parts, None)
        check(part is not None, "the stream ended")
        return part

    def next_still(self):
        """The next one that says it is none of now, after at most so many that were under way."""
        return self._next_where(lambda headers: headers.get("x-shmvideo-online") == "false", "still")

    def next_live(self):
        return self._next_where(lambda headers: "x-shmvideo-online" not in headers, "frame")

    def _next_where(self, condition, what):
        for _ in range(200):
            headers, jpeg = self.next()
            if condition(headers):
                return headers, jpeg
        raise Failure(f"200 parts and no {what}")

    def close(self):
        self._stream.close()


def brightness(jpeg, size, rows):
    """The mean of the luma of some rows, and its largest."""
    require("ffmpeg")
    done = subprocess.run(["ffmpeg", "-v", "error", "-f", "mjpeg", "-i", "-",
                           "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                          input=jpeg, stdout=subprocess.PIPE, timeout=60, check=True)
    check_equal(len(done.stdout), size[0] * size[1], "the bytes of a decoded picture")
    part = done.stdout[rows[0] * size[0]:rows[1] * size[0]]
    return sum(part) / len(part), max(part)


def check_stills(parts, last):
    """Looks at three of them, which must show the frame `last`."""
    pictures, times = [], []
    for _ in range(3):
        headers, jpeg = parts.next_still()
        times.append(time.monotonic())
        check_equal((headers["x-frame-number"], headers["x-timestamp"]),
                    (last["x-frame-number"], last["x-timestamp"]), "the frame that a still shows")
        check_equal(jpeg_size(jpeg), (640, 480), "the size of a still")
        pictures.append(jpeg)
    check(len(set(pictures)) > 1, "the stills do not say for how long")
    check(times[2] - times[0] > 0.8, f"three stills within {times[2] - times[0]} s")
    return pictures[-1]


def lose(place, end_writer):
    """A stream across a loss: gives the last still, what was live before and what is live afterwards."""
    name = place.segment()
    capture = start_pattern(place, name, "640x480")
    server = Server(place, name)
    parts = Parts(server.port)
    for _ in range(5):
        live = parts.next_live()
    end_writer(capture)
    headers, _ = parts.next_still()
    still = check_stills(parts, headers)
    check(float(headers["x-timestamp"]) >= float(live[0]["x-timestamp"]), "the still is older than a frame before it")
    return name, server, capture, parts, live[1], still


@test
def a_writer_that_is_killed_leaves_its_last_frame(place):
    place.leaves_segments = True
    name, server, _, parts, live, still = lose(place, lambda capture: capture.kill())
    check_equal(server.get("/snapshot")[0], 503, "a snapshot meanwhile")
    check_equal(server.get("/stream/video")[0], 503, "another stream meanwhile")
    start_pattern(place, name, "640x480")
    headers, jpeg = parts.next_live()
    check_equal(jpeg_size(jpeg), (640, 480), "the size afterwards")
    for _ in range(5):
        check("x-shmvideo-online" not in parts.next()[0], "a still among frames")
    parts.close()
    # The colour bars of the pattern's upper part, away from its text and from the caption.
    before, _ = brightness(live, (640, 480), (100, 150))
    dark, _ = brightness(still, (640, 480), (100, 150))
    check(dark < before * 0.6, f"the still is not dark: {dark} beside {before}")
    _, brightest = brightness(still, (640, 480), (200, 280))
    check(brightest > 200, f"there are no words on the still: nothing is brighter than {brightest}")


@test
def a_writer_that_stops_leaves_its_last_frame(place):
    name, _, _, parts, _, _ = lose(place, lambda capture: capture.stop().expect(0))
    start_pattern(place, name, "320x240")
    check_equal(jpeg_size(parts.next_live()[1]), (320, 240), "the size of another writer's frames")
    parts.close()


@test
def a_writer_that_hangs_is_shown_to_hang_until_it_goes_on(place):
    _, _, capture, parts, _, _ = lose(place, lambda capture: capture.send_signal(signal.SIGSTOP))
    capture.send_signal(signal.SIGCONT)
    parts.next_live()
    parts.close()


@test
def jpeg_frames_are_shown_as_stills_too_and_in_each_size(place):
    writer = os.environ.get("SHMVIDEO_CODED_WRITER") or skip("SHMVIDEO_CODED_WRITER is not set")
    name = place.segment()
    process = place.start(writer, name, "JPEG")
    wait_until(lambda: name in os.listdir(place.directory), 20, "the segment")
    server = Server(place, name)
    viewers = [Parts(server.port), Parts(server.port, "/stream/video?width=160&quality=50")]
    for viewer in viewers:
        viewer.next_live()
    process.stop(signal.SIGTERM)
    sizes = [jpeg_size(viewer.next_still()[1]) for viewer in viewers]
    check_equal(sizes, [(320, 240), (160, 120)], "the sizes of the stills")
    for viewer in viewers:
        viewer.close()


@test
def streams_end_instead_where_that_is_asked_for(place):
    place.leaves_segments = True
    name = place.segment()
    capture = start_pattern(place, name)
    server = Server(place, name, "--on-loss", "close")
    parts = Parts(server.port)
    for _ in range(3):
        parts.next_live()
    capture.kill()
    try:
        for _ in range(200):
            headers, _ = parts.next()
            check("x-shmvideo-online" not in headers, "a still, though the stream was to end")
        raise Failure("the stream goes on")
    except (Failure, JpegError) as end:
        check("ended" in str(end), f"how it ended: {end}")
    parts.close()


main()
