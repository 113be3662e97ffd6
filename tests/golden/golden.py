# SPDX-License-Identifier: Apache-2.0
"""Every reader reads the committed segments alike, to the letter: see README.md."""
import json
import os
import pathlib
import tempfile

import canonical
import golden_set
from e2e import *

MAKER, READ_CPP, READ_C = (os.environ[f"GOLDEN_{what}"] for what in ("MAKER", "READ_CPP", "READ_C"))
# With numpy: it may be another one than that which runs this.
PYTHON = os.environ.get("GOLDEN_PYTHON", "/usr/bin/python3")
SET = [(version, name) for version in golden_set.versions() for name in golden_set.names(version)]


def laid_out(place, version):
    for name in golden_set.names(version):
        golden_set.put(place.directory, name, golden_set.content(version, name))
    place.leaves_segments = True


def is_refused(version, name):
    return "refused" in json.loads(golden_set.expected(version, name, "frames"))


def expect_the_same(place, read):
    """`read(name)` gives what a reader prints in the canonical form, or an e2e result whose `out` is it."""
    for version in golden_set.versions():
        laid_out(place, version)
        for name in golden_set.names(version):
            check_equal(read(name), golden_set.expected(version, name, "frames"), f"{version}/{name}")


@test
def the_sets_are_whole_and_their_bytes_are_those_that_were_committed_first(place):
    check(len(SET) > 20 and golden_set.CURRENT in golden_set.versions(), f"there are segments: {SET}")
    for version in golden_set.versions():
        found = {name: golden_set.digest_of(golden_set.content(version, name)) for name in golden_set.names(version)}
        check_equal(found, golden_set.digests(version), f"set {version}")
    states = {json.loads(golden_set.expected(*one, "inspect")).get("state") for one in SET if not is_refused(*one)}
    check_equal(states, {"dead", "closed"}, "states of segments of another boot")


@test
def the_writer_still_makes_the_same_bytes(place):
    with tempfile.TemporaryDirectory() as output:
        made = golden_set.made(MAKER, place.directory, output)
    check_equal(sorted(made), golden_set.names(golden_set.CURRENT), "segments")
    for name, data in made.items():
        committed = golden_set.content(golden_set.CURRENT, name)
        differing = [at for at in range(min(len(data), len(committed))) if data[at] != committed[at]]
        check(data == committed,
              f"{name}: {len(data)} bytes, committed are {len(committed)}; other ones at {differing[:8]}")


@test
def shm_inspect_tells_of_them_what_it_always_told(place):
    if not os.access(os.path.join(os.environ["SHMVIDEO_BIN"], "shm-inspect"), os.X_OK):
        skip("shm-inspect is not built")
    for version in golden_set.versions():
        laid_out(place, version)
        refusals = {}
        for name in golden_set.names(version):
            result = place.run("shm-inspect", "--json", name)
            seen = golden_set.without_place(result.out or result.err, place.directory)
            check_equal(seen, golden_set.expected(version, name, "inspect"), f"{version}/{name}")
            check_equal(result.status, int(is_refused(version, name)), f"exit status for {version}/{name}")
            if is_refused(version, name):
                refusals[name] = {"code": json.loads(golden_set.expected(version, name, "frames"))["refused"],
                                  "message": result.err.removeprefix("shm-inspect: ").rstrip("\n")}
        listed = json.loads(place.run("shm-inspect", "--json").expect(0).out)
        check_equal({one["name"]: one["error"] for one in listed if one["state"] == "unreadable"},
                    {name: why for name, why in refusals.items() if name != "bad-magic"}, "refusals in the list")


@test
def no_age_is_told_of_what_another_boot_left(place):
    if not os.access(os.path.join(os.environ["SHMVIDEO_BIN"], "shm-inspect"), os.X_OK):
        skip("shm-inspect is not built")
    laid_out(place, golden_set.CURRENT)
    name = "raw-bgr24"
    text = place.run("shm-inspect", name).expect(0).out
    check("frame 2, of an earlier boot, " in text and "before this boot" in text, text)
    check_equal(place.run("shm-inspect").expect(0).out.split(name)[1].split()[5], "-", "age in the list")
    watched = place.run("shm-inspect", "--watch", "--count", "1", name).expect(0).out
    check("frame 2, of an earlier boot, " in watched, watched)
    metrics = place.run("shm-inspect", "--metrics", name).expect(0).out
    check("age_seconds{" not in metrics and "shm_video_last_frame_bytes{" in metrics, metrics)


@test
def the_c_plus_plus_library_reads_them(place):
    expect_the_same(place, lambda name: place.run(READ_CPP, name).out)


@test
def the_c_interface_reads_them_and_refuses_in_the_same_words(place):
    expect_the_same(place, lambda name: place.run(READ_C, name).out)
    for name in golden_set.names(golden_set.CURRENT):
        if is_refused(golden_set.CURRENT, name):
            check_equal(place.run(READ_C, name).expect(1).err, place.run(READ_CPP, name).expect(1).err, name)


@test
def a_stranger_with_only_the_document_reads_them(place):
    def read(name):
        result = place.run("/usr/bin/env", "python3", golden_set.READER, name, "--json", "--all")
        return canonical.of_page(json.loads(result.out)) if result.status == 0 else canonical.of_refusal(result.err)

    expect_the_same(place, read)


@test
def the_python_package_reads_them(place):
    if not os.access(PYTHON, os.X_OK):
        skip("there is no Python that can load the library")
    for version in golden_set.versions():
        laid_out(place, version)
        names = golden_set.names(version)
        # All in one: to start numpy takes longer than to read everything.
        reader = os.path.join(os.path.dirname(__file__), "readers/read_python.py")
        result = place.run(PYTHON, reader, *names, timeout=60)
        if result.status == 77:
            skip(result.err)
        expected = {name: golden_set.expected(version, name, "frames") for name in names}
        check_equal(dict(zip(names, result.expect(0).out.split("\f\n"))), expected, f"set {version}")


@test
def one_other_bit_anywhere_in_a_frame_or_its_description_is_told_from_the_golden_one(place):
    """What the comparisons above are worth."""
    name = "raw-bgr24"
    good = golden_set.content("1.1", name)
    expected = golden_set.expected("1.1", name, "frames")
    descriptor, payload = (int.from_bytes(good[at:at + 8], "little") for at in (56, 72))
    within = (72, 76, 80, 84, 88, 96, 104, 112, 120, 128, 136, 140, 144, 152, *range(160, 164))
    fields = [descriptor + at for at in within]
    for at in (*fields, payload, payload + 200, payload + 16 * 8 * 3 - 1):
        other = bytearray(good)
        other[at] ^= 1
        golden_set.put(place.directory, name, other)
        for reader in (READ_CPP, READ_C):
            check(place.run(reader, name).out != expected, f"{os.path.basename(reader)} sees the change at {at}")
    place.leaves_segments = True


main()
