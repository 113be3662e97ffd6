# SPDX-License-Identifier: Apache-2.0
"""Everything at once, as a user would have it: a numbered film in a loop, many readers, viewers, a recording.

For a look at the promise in full: SHMVIDEO_CHAIN_SIZE=1920x1080 SHMVIDEO_CHAIN_SECONDS=60 SHMVIDEO_CHAIN_SLOTS=6.
By default it is smaller and has room for two seconds, because machines that run tests are busy ones.
"""
import json
import os
import shutil
import signal
import threading

from e2e import *

CLIENTS = 20
VIEWERS = 5
FILM_FRAMES = 300
SIZE = os.environ.get("SHMVIDEO_CHAIN_SIZE", "960x540")
SECONDS = int(os.environ.get("SHMVIDEO_CHAIN_SECONDS", "8"))
SLOTS = os.environ.get("SHMVIDEO_CHAIN_SLOTS", "60")


def film():
    folder = os.environ.get("SHMVIDEO_MEDIA")
    path = os.path.join(folder, "garden-1080p30.mp4") if folder else ""
    if not os.path.exists(path):
        skip("SHMVIDEO_MEDIA has no garden-1080p30.mp4")
    return path


class Viewer(threading.Thread):
    """Counts the frames of one HTTP stream until it is told to stop."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.port, self.frames, self.problem, self.is_over = port, 0, None, False

    def run(self):
        try:
            with MjpegStream(self.port) as stream:
                for _, jpeg in stream:
                    jpeg_size(jpeg)
                    self.frames += 1
                    if self.is_over:
                        return
        except (JpegError, OSError) as problem:
            self.problem = problem


def numbers_in(place, recording):
    """The number in each frame of a recording, read off the 16 squares (scaled with the picture)."""
    width = int(SIZE.partition("x")[0])
    left, side = 16 * width // 1920, 32 * width // 1920
    # Each square becomes the one pixel that is its mean.
    squares = f"crop={16 * side}:{side}:{left}:{left}:exact=1,scale=16:1:flags=area,format=gray"
    path = os.path.join(place.scratch, "numbers")
    place.run(shutil.which("ffmpeg"), "-v", "error", "-i", recording, "-vf", squares, "-fps_mode", "passthrough",
              "-f", "rawvideo", path, timeout=30 + 4 * SECONDS).expect(0)
    with open(path, "rb") as file:
        data = file.read()
    rows = [data[i:i + 16] for i in range(0, len(data), 16)]
    return [sum(1 << bit for bit, light in enumerate(row) if light >= 128) for row in rows]


@test
def a_film_goes_to_everybody_without_a_gap(place):
    require("ffmpeg")
    name, port = place.segment(), free_port()
    place.start("shm-capture", "-d", film(), "--loop", "-r", SIZE, "-b", SLOTS, "-n", name)
    wait_until(lambda: name in place.run("shm-inspect").out, 20, "the segment")
    place.start("shm-mjpeg", name, "-p", port)
    recording = os.path.join(place.scratch, "film.mkv")
    recorder = place.start("shm-record", name, "-o", recording)
    wait_until(lambda: os.path.exists(recording), 20, "the recording")
    viewers = [Viewer(port) for _ in range(VIEWERS)]
    wait_until(lambda: http_answers(port), 20, "the server")
    for viewer in viewers:
        viewer.start()

    result = place.run("shm-bench", name, "--clients", CLIENTS, "--duration", f"{SECONDS}s", "--json",
                       timeout=SECONDS + 60)
    for viewer in viewers:
        viewer.is_over = True
    for viewer in viewers:
        viewer.join(timeout=20)
    recorded = recorder.stop(signal.SIGTERM, seconds=30).expect(0)
    dropped = json.loads(place.run("shm-inspect", name, "--json").expect(0).out)["dropped"]

    report = json.loads(result.expect(0).out)
    check_equal((report["verdict"], report["torn"], report["missed"]), ("PASS", 0, 0), "the verdict on the readers")
    check_equal(len(report["per_client"]), CLIENTS, "the readers")
    for viewer in viewers:
        check(viewer.problem is None, lambda: f"a viewer's stream broke: {viewer.problem}")
        check(viewer.frames > 5 * SECONDS, lambda: f"a viewer got {viewer.frames} frames only")
    numbers = numbers_in(place, recording)
    check(len(numbers) > 20 * SECONDS, lambda: f"{len(numbers)} frames recorded only")
    # What the writer left out because the machine was too busy to decode it, nobody can have.
    lost = sum((b - a - 1) % FILM_FRAMES for a, b in zip(numbers, numbers[1:]))
    print(f"{len(numbers)} frames recorded; {lost} numbers are missing, {dropped} were left out by the writer")
    check(lost <= dropped, "the recording has gaps of its own")
    check("missed 0" in recorded.err, lambda: recorded.err)


def http_answers(port):
    try:
        return http_get(port, "/stream/video/status")[0] == 200
    except OSError:
        return False


main()
