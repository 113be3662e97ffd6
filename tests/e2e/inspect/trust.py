# SPDX-License-Identifier: Apache-2.0
"""What others put where segments are must not make shm-inspect crash, hang or lie."""
import json
import os
import random
import stat

from actors import inspect_json, kill, start_writer
from e2e import check, check_equal, main, skip, test


def put(place, name, content, mode=0o644):
    path = os.path.join(place.directory, name)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)
    return path


def segment_bytes(place, **writer):
    """The bytes of a segment whose writer died."""
    name = place.segment()
    kill(place, start_writer(place, name, **writer))
    path = os.path.join(place.directory, name)
    with open(path, "rb") as file:
        return name, path, bytearray(file.read())


def check_survives(place, *arguments):
    for extra in ([], ["--json"]):
        shown = place.run("shm-inspect", *arguments, *extra)
        check(shown.status in (0, 1, 4), shown)
        check(shown.err.count("\n") <= 1, shown)


@test
def foreign_files_are_not_listed(place):
    place.leaves_segments = True
    put(place, "empty", b"")
    put(place, "text", b"hello" * 10000)
    put(place, "short", b"SHMVIDEO")
    os.mkdir(os.path.join(place.directory, "folder"))
    os.mkfifo(os.path.join(place.directory, "fifo"))
    os.symlink("/etc/passwd", os.path.join(place.directory, "link"))
    name = place.segment()
    start_writer(place, name)
    check(name in [entry["name"] for entry in inspect_json(place)], "the real one")
    check("text" not in place.run("shm-inspect", "--names").out.split(), "no text file")
    for other in ("empty", "text", "short", "folder", "fifo", "link"):
        check(place.run("shm-inspect", other).status in (1, 4), f"{other} is refused")
    os.rmdir(os.path.join(place.directory, "folder"))


@test
def any_single_wrong_word_in_the_header_is_a_report_or_a_reason(place):
    name, path, good = segment_bytes(place)
    random.seed(1)
    for at in list(range(0, 256, 8)) + list(range(1016, 1340, 8)) + list(range(2048, 2064, 8)) + [4096, 4104, 4112]:
        for value in (0, 2**64 - 1, random.getrandbits(64)):
            bad = bytearray(good)
            bad[at:at + 8] = value.to_bytes(8, "little")
            with open(path, "r+b") as file:
                file.write(bad)
            shown = place.run("shm-inspect", "--json", name)
            check(shown.status in (0, 1, 4) and shown.err.count("\n") <= 1, lambda: f"word {at} = {value:#x}: {shown}")


@test
def a_segment_that_was_cut_is_a_reason(place):
    name, path, good = segment_bytes(place)
    for size in (0, 100, 1024, 4095, 4096, 5000, len(good) // 2, len(good) - 1):
        os.truncate(path, size)
        check_survives(place, name)
        check_survives(place)
        with open(path, "wb") as file:
            file.write(good)
    check_equal(inspect_json(place, name)["published"], 5, "whole again")


@test
def a_segment_that_cannot_be_read_is_named_with_the_reason(place):
    if os.getuid() == 0:
        skip("root may read everything")
    name, path, _ = segment_bytes(place)
    os.chmod(path, 0)
    shown = place.run("shm-inspect", name).expect(1)
    check("permission" in shown.err.lower() or "not for" in shown.err, shown)


@test
def a_newer_format_is_a_reason(place):
    name, path, good = segment_bytes(place)
    good[8:10] = (2).to_bytes(2, "little")
    with open(path, "wb") as file:
        file.write(good)
    check("version" in place.run("shm-inspect", name).expect(1).err, "the version in the reason")
    entry = json.loads(place.run("shm-inspect", "--json").expect(0).out)[0]
    check_equal((entry["name"], entry["state"]), (name, "unreadable"), "its entry in the list")
    check_equal(entry["error"]["code"], "incompatible", "the code")


@test
def texts_of_others_cannot_move_the_cursor(place):
    name = place.segment()
    writer = start_writer(place, name)
    shown = place.run("shm-inspect", name).expect(0).out + place.run("shm-inspect").expect(0).out
    check("\033" not in shown, repr(shown))
    check(stat.S_ISREG(os.stat(os.path.join(place.directory, name)).st_mode) and writer.is_running, "it lives on")


main()
