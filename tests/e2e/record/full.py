# SPDX-License-Identifier: Apache-2.0
"""shm-record when what it writes to takes no more, or not fast enough: nothing is lost in silence."""
import os
import re
import signal
import subprocess
import time

from e2e import *
from recordings import *


def limited(place, name, file, kilobytes, *more):
    """A recorder whose files may not become larger."""
    return place.run("/bin/bash", "-c", 'ulimit -f "$1"; shift; exec "$@"', "bash", kilobytes,
                     tool("shm-record"), name, "-o", file, *more, timeout=60)


@test
def a_file_that_may_not_grow_ends_whole(place):
    require("ffmpeg", "ffprobe")
    name = place.segment()
    start_capture(place, name)
    for file, options, kilobytes in (("f.mkv", ("--codec", "mjpeg"), 400), ("f.mp4", ("--codec", "mjpeg"), 400),
                                     ("f.avi", (), 400), ("f.y4m", (), 2000),
                                     ("h.mp4", ("--bitrate", "2M", "--preset", "ultrafast"), 60)):
        told = limited(place, name, file, kilobytes, *options).expect(1)
        last = told.err.splitlines()[-1]
        check(f"'{file}'" in last and "File too large" in last, lambda: f"it does not say what and why: {told}")
        whole = int(last.split("the first ")[1].split()[0])
        numbers = numbers_in(place, file)
        check_without_gaps(numbers, 10, file)
        check(len(numbers) >= whole, lambda: f"{whole} frames should be whole, {len(numbers)} play: {told}")


@test
def a_full_disk_is_told_and_what_was_written_plays(place):
    require("ffmpeg")
    disk = path_of(place, "disk")
    os.mkdir(disk)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        skip(f"cannot mount a small disk: {mounted.stderr!r}")
    try:
        name = place.segment()
        start_capture(place, name)
        told = place.run("shm-record", name, "-o", "disk/f.mkv", "--codec", "mjpeg", timeout=60).expect(1)
        check("'disk/f.mkv': No space left on device" in told.err, lambda: f"it does not say what and why: {told}")
        numbers = numbers_in(place, "disk/f.mkv")
        check_without_gaps(numbers, 20, "f.mkv")
        whole = int(re.search(r"the first (\d+) frames are whole", told.err).group(1))
        check(f"wrote {whole} frames" in told.err and whole <= len(numbers),
              lambda: f"{len(numbers)} play, which is told in two ways: {told}")
        os.unlink(os.path.join(disk, "f.mkv"))
        told = place.run("shm-record", name, "-o", "disk/%d.png", timeout=60).expect(1)
        check("No space left on device" in told.err, lambda: f"it does not say why: {told}")
        pictures = len(os.listdir(disk))
        check(f"{pictures} files are whole" in told.err, lambda: f"{pictures} pictures are there: {told}")
        for k in (1, pictures - 1, pictures):
            numbers_in(place, f"disk/{k}.png")
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


@test
def a_device_that_is_full_is_told(place):
    name = place.segment()
    start_capture(place, name)
    for container in ("mkv", "mp4", "y4m"):
        told = place.run("shm-record", name, "-o", "/dev/full", "--container", container, timeout=60).expect(1)
        check("/dev/full" in told.err and "No space left" in told.err, lambda: f"not told: {told}")


@test
def a_standard_output_that_was_never_open_is_told(place):
    name = place.segment()
    start_capture(place, name)
    told = place.run("/bin/sh", "-c", 'exec "$0" "$1" -o - --container raw <&- >&-', tool("shm-record"), name,
                     timeout=60).expect(1)
    check("standard output: Bad file descriptor" in told.err, lambda: f"written to something else: {told}")


@test
def a_closed_pipe_is_told(place):
    name = place.segment()
    start_capture(place, name)
    told = place.run("/bin/bash", "-c",
                     '"$0" "$1" -o - --container "$2" | head -c 300000 | wc -c; echo ${PIPESTATUS[0]}',
                     tool("shm-record"), name, "y4m", timeout=60)
    check_equal(told.out.split(), ["300000", "1"], "what went through and the status")
    check("closed by its reader" in told.err, lambda: f"not told: {told}")


@test
def a_burst_waits_in_the_queue(place):
    require("ffmpeg")
    name = place.segment()
    start_capture(place, name, rate=100)
    os.mkfifo(path_of(place, "pipe"))
    # Nobody takes anything for two seconds: 200 frames, of which a pipe has room for less than one.
    opened = os.open(path_of(place, "pipe"), os.O_RDONLY | os.O_NONBLOCK)
    recorder = place.start("shm-record", name, "-o", "pipe", "--container", "y4m", "-c", 300)
    recorder.wait_for_output("recording ")
    time.sleep(2)
    os.set_blocking(opened, True)
    with open(path_of(place, "taken.y4m"), "wb") as taken:
        while chunk := os.read(opened, 1 << 16):
            taken.write(chunk)
    os.close(opened)
    told = recorder.wait(30).expect(0)
    check("missed 0" in told.err, lambda: f"frames were missed: {told}")
    check_without_gaps(numbers_in(place, "taken.y4m"), 300, "what went through the pipe")


@test
def frames_that_find_the_queue_full_are_counted(place):
    name = place.segment()
    start_capture(place, name, rate=100)
    os.mkfifo(path_of(place, "pipe"))
    opened = os.open(path_of(place, "pipe"), os.O_RDONLY | os.O_NONBLOCK)
    recorder = place.start("shm-record", name, "-o", "pipe", "--container", "y4m", "-c", 30, "--queue", "4K",
                           "--strict")
    recorder.wait_for_output("recording ")
    time.sleep(1)
    os.set_blocking(opened, True)
    while os.read(opened, 1 << 16):
        pass
    os.close(opened)
    told = recorder.wait(30).expect(3)
    check("queue full" in told.err, lambda: f"no cause is told: {told}")


@test
def strict_tells_of_frames_that_were_missed(place):
    name = place.segment()
    start_capture(place, name, rate=100)
    recorder = start_record(place, name, "s.mkv", "--strict")
    recorder.send_signal(signal.SIGSTOP)
    time.sleep(1)
    recorder.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    told = recorder.stop().expect(3)
    check("not looked at in time" in told.err, lambda: f"no cause is told: {told}")


@test
def a_stop_ends_it_although_nobody_takes_what_is_written(place):
    name = place.segment()
    start_capture(place, name)
    os.mkfifo(path_of(place, "pipe"))
    opened = os.open(path_of(place, "pipe"), os.O_RDONLY | os.O_NONBLOCK)
    recorder = start_record(place, name, "pipe", "--container", "y4m")
    time.sleep(0.5)
    told = recorder.stop(seconds=30).expect(1)
    os.close(opened)
    check("takes nothing any more" in told.err, lambda: f"not told: {told}")


main()
