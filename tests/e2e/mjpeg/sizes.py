# SPDX-License-Identifier: Apache-2.0
"""Pictures of shm-mjpeg in the size that a viewer asks for: fits inside, keeps the ratio, made once for all."""
import os
import re
import subprocess

from e2e import *
from serving import *


def decoded_sizes(pictures):
    """(width, height) of JPEG pictures as a decoder finds them; fails on one that is damaged."""
    program = os.environ.get("SHMVIDEO_PICTURE_NUMBERS") or skip("SHMVIDEO_PICTURE_NUMBERS is not set")
    data = b"".join(b"%d\n%s" % (len(jpeg), jpeg) for jpeg in pictures)
    done = subprocess.run([program], input=data, stdout=subprocess.PIPE, check=True, timeout=60)
    lines = done.stdout.decode().splitlines()
    found = [re.fullmatch(r"(\d+)x(\d+) -?\d+", line) for line in lines]
    check(len(found) == len(pictures) and all(found), f"pictures that cannot be decoded: {lines!r}")
    return [tuple(map(int, each.groups())) for each in found]


def snapshot(server, path="/snapshot"):
    status, _, body = server.get(path, timeout=30)
    check_equal(status, 200, f"the status of {path}: {body[:200]!r}")
    return body


def wait_for_more(viewers, count):
    wanted = [len(viewer.parts) + count for viewer in viewers]
    for viewer, parts in zip(viewers, wanted):
        viewer.wait_for(parts, 60)


def sizes_of_format(place, *options):
    name = place.segment()
    start_pattern(place, name, "1280x720", *options)
    server = Server(place, name)
    for path, size in (("?width=640", (640, 360)), ("?height=360", (640, 360)), ("?width=640&height=90", (160, 90)),
                       ("?width=333", (332, 188)), ("?width=5000", (1280, 720)), ("", (1280, 720)),
                       ("?width=1", (2, 2))):
        check_equal(decoded_sizes([snapshot(server, "/snapshot" + path)]), [size], f"the size of {path or 'a picture'}")
    viewer = Viewer(server.port, "/stream/video?width=640", keep_pictures=True)
    viewer.wait_for(5, 40)
    viewer.close()
    check_equal(set(decoded_sizes(viewer.pictures)), {(640, 360)}, "the sizes of a stream")


@test
def frames_of_three_bytes_a_pixel(place):
    sizes_of_format(place, "-m", "BGR24")


@test
def frames_in_planes(place):
    sizes_of_format(place, "-m", "NV12")


@test
def packed_frames(place):
    sizes_of_format(place, "-m", "YUYV")


@test
def grey_frames(place):
    sizes_of_format(place, "-m", "GRAY8")


@test
def odd_frames(place):
    name = place.segment()
    start_pattern(place, name, "641x359")
    server = Server(place, name)
    check_equal(decoded_sizes([snapshot(server)]), [(641, 359)], "the size of an odd picture")
    check_equal(decoded_sizes([snapshot(server, "/snapshot?width=641")]), [(641, 359)], "the size it has already")
    check_equal(decoded_sizes([snapshot(server, "/snapshot?width=320")]), [(320, 180)], "half the size")


@test
def other_programs_read_a_smaller_picture(place):
    require("ffprobe")
    name = place.segment()
    start_pattern(place, name, "1280x720")
    server = Server(place, name)
    path = os.path.join(place.scratch, "small.jpg")
    with open(path, "wb") as file:
        file.write(snapshot(server, "/snapshot?width=640&quality=60"))
    seen = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", path],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, check=True)
    check_equal((seen.stdout.decode().strip(), seen.stderr), ("640,360", b""), "what ffprobe says")


@test
def each_size_is_made_once_for_all_who_want_it(place):
    name = place.segment()
    start_pattern(place, name, "640x480", "-f", "10")
    server = Server(place, name)
    viewers = [Viewer(server.port, f"/stream/video?width={width}") for width in (320, 320, 320, 160, 160, 640)]
    before = server.status()
    wait_for_more(viewers, 15)
    after = server.status()
    for viewer in viewers:
        viewer.close()
    frames = after["segment"]["published"] - before["segment"]["published"]
    encodes = after["streaming"]["encodes"] - before["streaming"]["encodes"]
    served = after["streaming"]["total_frames_served"] - before["streaming"]["total_frames_served"]
    # The two looks are not at one moment of the server's.
    check(encodes <= 3 * (frames + 4), f"{encodes} pictures were made of {frames} frames in three sizes")
    check(served > encodes, f"{served} parts were sent of {encodes} pictures: nothing was shared")


@test
def a_servers_own_size_holds_for_those_who_ask_for_none(place):
    name = place.segment()
    start_pattern(place, name, "640x480")
    server = Server(place, name, "--resolution", "320x240")
    check_equal(decoded_sizes([snapshot(server), snapshot(server, "/snapshot?width=160&height=120")]),
                [(320, 240), (160, 120)], "the sizes")


def private_dirty_mib(pid):
    """What a process has in memory for itself alone."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        return int(re.search(r"Private_Dirty:\s+(\d+) kB", file.read()).group(1)) / 1024


@test
def many_sizes_of_large_frames_take_little_memory_and_no_more_with_time(place):
    name = place.segment()
    start_pattern(place, name, "1920x1080", "-f", "10")
    server = Server(place, name)
    viewers = [Viewer(server.port, "/stream/video" + size) for size in
               ("", "", "?width=1280", "?width=960", "?width=640", "?width=320", "?quality=50&width=640")]
    seen = []
    for _ in range(3):
        wait_for_more(viewers, 10)
        seen.append(private_dirty_mib(server.process.pid))
    for viewer in viewers:
        viewer.close()
    check(max(seen) < 30, f"MiB of private memory: {seen}")
    check(seen[2] < seen[0] + 4, f"MiB of private memory, one after the other: {seen}")


@test
def what_is_no_size_is_refused(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name)
    for parameter in ("width=0", "width=-1", "height=x", "width=", "height=99999"):
        detail = server.detail("/snapshot?" + parameter, 400)
        check(parameter.split("=", maxsplit=1)[0] in detail, f"the detail of {parameter}: {detail!r}")


main()
