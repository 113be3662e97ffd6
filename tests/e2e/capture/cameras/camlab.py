# SPDX-License-Identifier: Apache-2.0
"""What the tests with cameras share: a machine that has some, and ways to look at them and to trouble them.

SHMVIDEO_CAMLAB names a program that runs "PROGRAM [--cameras N] [--input KIND,...] -- COMMAND..." on a machine
with cameras of the kernel's driver `vivid` and the same files; without it these tests are skipped. A script
ends in run_in_camlab(kinds), which runs the same script again inside.
"""
import contextlib
import glob
import json
import os
import shutil
import sys
import zlib

from e2e import SKIPPED, check, main, wait_until

INSIDE = "--inside"
PATIENCE = 60  # seconds; the machine is emulated, and its host may be busy
CAMERA = ["-d", "0", "-r", "640x480", "-f", "10"]
DRIVER = "/sys/bus/platform/drivers/vivid"


def run_in_camlab(*kinds):
    """Runs the tests of this script with a camera of each kind ("webcam", "hdmi"): /dev/video0, ..."""
    if INSIDE in sys.argv:
        sys.argv.remove(INSIDE)
        main()
    camlab = os.environ.get("SHMVIDEO_CAMLAB")
    if not camlab:
        print("skipped: SHMVIDEO_CAMLAB is not set")
        sys.exit(SKIPPED)
    if not shutil.which("v4l2-ctl"):
        print("skipped: v4l2-ctl is not installed")
        sys.exit(SKIPPED)
    script = os.path.abspath(sys.argv[0])
    os.chdir(os.environ["SHMVIDEO_BIN"])
    os.execvp(camlab, [camlab, "--cameras", str(len(kinds)), "--input", ",".join(kinds), "--timeout", "800", "--",
                       sys.executable, script, INSIDE, *sys.argv[1:]])


def set_control(place, camera, **controls):
    """By v4l2-ctl, as somebody else would."""
    wanted = ",".join(f"{name}={value}" for name, value in controls.items())
    place.run(shutil.which("v4l2-ctl"), f"-d{camera}", "-c", wanted, timeout=PATIENCE).expect(0)


@contextlib.contextmanager
def controls_at(place, camera, **controls):
    """Sets controls, and sets them to 0 afterwards, so that a test that fails leaves a camera that works."""
    try:
        set_control(place, camera, **controls)
        yield
    finally:
        set_control(place, camera, **dict.fromkeys(controls, 0))


def get_control(place, camera, name):
    result = place.run(shutil.which("v4l2-ctl"), f"-d{camera}", "-C", name, timeout=PATIENCE).expect(0)
    return int(result.out.split(":")[1].split()[0])


def seen(log):
    """The frames that a log has seen so far."""
    lines = [json.loads(line) for line in log.out.splitlines(keepends=True) if line.endswith("\n")]
    return [line for line in lines if "number" in line]


def wait_for_frames(log, count=5):
    """Waits for `count` frames more than the log has seen by now, and gives those."""
    before = len(seen(log))
    def more():
        frames = seen(log)[before:]
        check(log.is_running or len(frames) >= count, lambda: f"the reader ended: {log.out[-300:]!r} {log.err!r}")
        return frames if len(frames) >= count else None
    return wait_until(more, PATIENCE, f"{count} more frames")


def report(place, name):
    """What shm-inspect says of a segment."""
    return json.loads(place.run("shm-inspect", name, "--json", timeout=PATIENCE).expect(0).out)


def wait_for_state(place, name, state):
    wait_until(lambda: report(place, name)["source_state"] == state, PATIENCE, f"source_state {state}")


def check_numbers(log):
    """A reader saw one stream: its numbers go up, and so do the source's."""
    frames = seen(log)
    for one, next_one in zip(frames, frames[1:]):
        check(one["number"] < next_one["number"], lambda: f"numbers go back: {one} {next_one}")
        check(one["source_number"] < next_one["source_number"], lambda: f"source numbers: {one} {next_one}")


def uses_camera(process):
    """True if a process has a camera open."""
    def target(path):
        try:
            return os.readlink(path)
        except OSError:
            return ""
    return any(target(path).startswith("/dev/video") for path in glob.glob(f"/proc/{process.pid}/fd/*"))


def set_plugged(is_plugged):
    """Plugs all cameras of the machine in, or pulls them out."""
    with open(os.path.join(DRIVER, "bind" if is_plugged else "unbind"), "w", encoding="ascii") as file:
        file.write("vivid.0")


def set_modules(place, *settings):
    """One camera of other settings in the place of all."""
    place.run(shutil.which("rmmod") or "/sbin/rmmod", "vivid", timeout=PATIENCE).expect(0)
    place.run(shutil.which("modprobe") or "/sbin/modprobe", "vivid", "n_devs=1", "node_types=0x1", *settings,
              timeout=PATIENCE).expect(0)
    wait_until(lambda: os.path.exists("/dev/video0"), PATIENCE, "the new camera")


def first_pixel(path):
    """Red, green and blue of a PNG file's first pixel, which no filter changes."""
    with open(path, "rb") as file:
        data = file.read()[8:]
    packed = b""
    while data:
        length = int.from_bytes(data[:4], "big")
        if data[4:8] == b"IDAT":
            packed += data[8:8 + length]
        data = data[12 + length:]
    return tuple(zlib.decompress(packed)[1:4])
