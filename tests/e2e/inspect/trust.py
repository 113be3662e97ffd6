# SPDX-License-Identifier: Apache-2.0
"""What others put where segments are must not make shm-inspect crash, hang or lie."""
import json
import os
import random
import shutil

from actors import dead_segment, inspect_json, start_reader, start_writer
from e2e import check, check_equal, main, require, skip, test, tool


def put(place, name, content, mode=0o644):
    path = os.path.join(place.directory, name)
    with open(path, "wb") as file:
        file.write(content)
    os.chmod(path, mode)
    return path


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
    name, path, good = dead_segment(place)
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
    name, path, good = dead_segment(place)
    for size in (0, 100, 1024, 4095, 4096, 5000, len(good) // 2, len(good) - 1):
        os.truncate(path, size)
        check_survives(place, name)
        check_survives(place)
        with open(path, "wb") as file:
            file.write(good)
    check_equal(inspect_json(place, name)["published"], 5, "whole again")


def run_as_nobody(place, *arguments):
    """shm-inspect as a user who owns nothing here."""
    if os.getuid() != 0:
        skip("only root may become another user")
    require("setpriv")
    os.chmod(place.directory, 0o755)
    os.chmod(place.scratch, 0o777)
    as_nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--", tool("shm-inspect")]
    if place.run(shutil.which("setpriv"), *as_nobody, "--version").status != 0:
        skip("the build folder is closed to other users")
    return place.run(shutil.which("setpriv"), *as_nobody, *arguments)


@test
def permission_to_read_is_all_it_takes(place):
    name = place.segment()
    start_writer(place, name)
    start_reader(place, name)
    os.chmod(os.path.join(place.directory, name), 0o644)
    report = json.loads(run_as_nobody(place, "--json", name).expect(0).out)
    check_equal(report["last_frame"]["number"], 5, "what another user sees")
    run_as_nobody(place, "--save", "x.png", name).expect(0)
    check(name in run_as_nobody(place).expect(0).out, "the list of another user")


@test
def without_permission_to_read_there_is_a_reason(place):
    name = place.segment()
    start_writer(place, name)
    shown = run_as_nobody(place, name).expect(1)
    check("permi" in shown.err.lower() or "may not" in shown.err, shown)
    check_equal(run_as_nobody(place, "--names").expect(0).out, "", "names that it cannot read")
    shown = run_as_nobody(place, "--remove", name).expect(1)
    check(shown.err.count("\n") == 1, shown)


@test
def a_newer_format_is_a_reason(place):
    name, path, good = dead_segment(place)
    good[8:10] = (2).to_bytes(2, "little")
    with open(path, "wb") as file:
        file.write(good)
    check("version" in place.run("shm-inspect", name).expect(1).err, "the version in the reason")
    entry = json.loads(place.run("shm-inspect", "--json").expect(0).out)[0]
    check_equal((entry["name"], entry["state"]), (name, "unreadable"), "its entry in the list")
    check_equal(entry["error"]["code"], "incompatible", "the code")


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


@test
def texts_of_others_cannot_move_the_cursor(place):
    name, path, bad = dead_segment(place)
    bad[352:352 + 16] = b"\x1b[2J\x07evil\xff\xfe\n\r\x9b"[:16].ljust(16, b"\0")
    bad[1020:1024] = crc32c(bad[:1020]).to_bytes(4, "little")
    with open(path, "r+b") as file:
        file.write(bad)
    shown = place.run("shm-inspect", name).expect(0)
    check("evil" in shown.out, f"the source in: {shown}")
    for arguments in ([name], [], ["--watch", "-c", "1", name], ["--json", name]):
        out = place.run("shm-inspect", *arguments).expect(0).out
        check(not any(ord(c) < 32 and c != "\n" for c in out) and "\x9b" not in out, repr(out))
    check_equal(inspect_json(place, name)["name"], name, "it is JSON all the same")


main()
