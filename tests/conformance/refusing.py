# SPDX-License-Identifier: Apache-2.0
"""docs/reader.py refuses what nobody may believe."""
import os
import pathlib
import struct
import time

from e2e import *
from stranger import *


def copied(place):
    """A name and the bytes of a good segment with three frames, whose writer was killed."""
    name = place.segment()
    writer = Writer(place, name)
    writer.order("publish 3")
    writer.process.kill()
    path = pathlib.Path(place.directory, name)
    good = path.read_bytes()
    for entry in os.listdir(place.directory):
        os.unlink(os.path.join(place.directory, entry))
    place.leaves_segments = True
    return path, good


def changed(good, *changes, right_checksum=True):
    """A copy with (offset, struct code, value) changed in it."""
    block = bytearray(good)
    for offset, code, value in changes:
        struct.pack_into("<" + code, block, offset, value)
    if right_checksum:
        struct.pack_into("<I", block, 1020, reader_module.crc32c(bytes(block[:1020])))
    return bytes(block)


def expect_refusal(place, path, content, words, *options):
    path.write_bytes(content)
    result = run_reader(place, path.name, *options).expect(1)
    is_one_line = len(result.err.splitlines()) == 1
    check(is_one_line and words in result.err, lambda: f"expected one line with {words!r}: {result}")


def field(good, offset, code):
    return struct.unpack_from("<" + code, good, offset)[0]


@test
def the_checksum_is_the_castagnoli_one(place):
    check_equal(reader_module.crc32c(b"123456789"), 0xE3069283, "CRC-32C of the digits")


@test
def a_segment_that_is_not_there_is_status_4_and_a_bad_name_status_2(place):
    missing = run_reader(place, place.segment()).expect(4)
    check_equal(len(missing.err.splitlines()), 1, "lines")
    for bad in ("../x", ".x", "a.lock", "a.readers", "", "a" * 101):
        run_reader(place, "--", bad).expect(2)


@test
def what_is_no_segment_is_refused(place):
    path, good = copied(place)
    for content in (b"", b"SHMVIDE", b"x" * 8192, bytes(8192)):
        expect_refusal(place, path, content, "not a segment", "--json")
    path.unlink()
    path.mkdir()
    check("not a segment" in run_reader(place, path.name).expect(1).err, "a folder")
    path.rmdir()
    path.symlink_to("elsewhere")
    run_reader(place, path.name).expect(1)


@test
def what_comes_from_another_version_is_incompatible(place):
    path, good = copied(place)
    for change in ((8, "H", 2), (8, "H", 0), (12, "I", 0x04030201), (24, "Q", 1), (24, "Q", 1 << 63)):
        expect_refusal(place, path, changed(good, change), "incompatible", "--json")
    for change in ((10, "H", 9), (32, "Q", 2**64 - 1), (24, "Q", 0)):
        path.write_bytes(changed(good, change))
        describe(place, path.name)


@test
def a_segment_of_1_0_reads_as_one_that_measured_nothing(place):
    path, good = copied(place)
    path.write_bytes(changed(good[:1320] + bytes(704) + good[2024:], (10, "H", 0)))
    seen = describe(place, path.name)
    check_equal((seen["abi_minor"], seen["latest"], seen["source_reopened"]), (0, 3, 0), "what it has")
    for stage in ("read", "convert", "publish"):
        check_equal(seen[f"{stage}_times"], {"frames": 0, "sum_ns": 0, "max_ns": 0, "buckets": [0] * 27}, stage)


@test
def a_flipped_byte_anywhere_in_the_immutable_block_is_noticed(place):
    path, good = copied(place)
    expected = {**dict.fromkeys(range(8), "not a segment"),
                **dict.fromkeys([8, 9, *range(12, 16), *range(24, 32)], "incompatible")}
    for at in (0, 7, 8, 10, 12, 16, 20, *range(24, 1020, 83), 1019, 1020, 1023):
        block = changed(good, (at, "B", good[at] ^ 0x10), right_checksum=False)
        expect_refusal(place, path, block, expected.get(at, "damaged"), "--json")
    path.write_bytes(changed(good, (1024 + 12, "B", 0x10), right_checksum=False))  # a reserved byte behind it
    describe(place, path.name)


@test
def a_wrong_field_under_a_right_checksum_is_refused(place):
    path, good = copied(place)
    slots, index = field(good, 48, "I"), field(good, 52, "I")
    offsets = [field(good, at, "Q") for at in (56, 64, 72)]
    bad = [(16, "I", 4095), (16, "I", 0), (16, "I", 4097), (20, "I", 512), (48, "I", 0), (48, "I", 1),
           (48, "I", 4097), (48, "I", 2**32 - 1), (48, "I", index), (52, "I", 0), (52, "I", slots),
           (52, "I", index + 1), (52, "I", 131072), (96, "I", 0), (96, "I", 128), (96, "I", 257), (80, "Q", 0),
           (80, "Q", 4097),
           (80, "Q", 2**64 - 4096), (88, "Q", 0), (88, "Q", field(good, 80, "Q") + 1), (88, "Q", 2**64 - 1),
           (56, "Q", 0), (56, "Q", offsets[0] + 1), (56, "Q", 2**64 - 64), (56, "Q", offsets[1]),
           (64, "Q", offsets[1] + 8), (64, "Q", offsets[0]), (64, "Q", 2**64 - 64), (64, "Q", offsets[2]),
           (72, "Q", offsets[2] + 64), (72, "Q", 0), (72, "Q", 2**64 - 4096), (72, "Q", offsets[2] + 4096),
           (40, "Q", 0), (40, "Q", field(good, 40, "Q") - 1), (40, "Q", len(good) + 1), (40, "Q", 2**64 - 1)]
    for change in bad:
        expect_refusal(place, path, changed(good, change), "damaged", "--json")


@test
def a_cut_file_is_refused_before_and_while_it_is_read(place):
    path, good = copied(place)
    sizes = [field(good, at, "Q") for at in (56, 64, 72, 40)]
    for size in (8, 4095, *sizes[:3], len(good) // 2, sizes[3] - 1):
        expect_refusal(place, path, good[:size], "damaged", "--json")
    path.write_bytes(good + bytes(4096))  # longer it may be
    describe(place, path.name)
    path.unlink()
    writer = Writer(place, path.name)
    reader = Reader(place, path.name)
    writer.order("publish 1")
    reader.wait_for_frame(1)
    writer.process.send_signal(signal.SIGSTOP)
    os.truncate(path, field(path.read_bytes(), 72, "Q"))
    result = reader.process.wait().expect(1)
    check("damaged" in result.err and len(result.err.splitlines()) == 1, f"one line: {result}")
    writer.process.kill()


@test
def a_frame_with_a_wrong_descriptor_is_refused_unless_it_was_overwritten(place):
    path, good = copied(place)
    good = changed(good, (1152, "I", 3))  # closed: the reader ends when it finds no frame
    word = field(good, 64, "Q") + 3 % field(good, 52, "I") * 8
    slot = field(good, word, "Q") & 0xFFFF
    at = field(good, 56, "Q") + slot * field(good, 96, "I")
    capacity = field(good, 88, "Q")
    for change in ((8, "Q", 0), (8, "Q", capacity + 1), (8, "Q", 2**64 - 1), (64, "I", 5), (72, "I", 65536),
                   (76, "I", 65536), (16, "Q", SIZE[0] * SIZE[1] * 3), (16, "Q", 2**64 - 1), (16, "Q", 1),
                   (48, "I", 3 * SIZE[0] - 1), (48, "I", 2**32 - 1), (64, "I", 2), (76, "I", SIZE[1] + 1)):
        block = changed(good, (at + change[0], *change[1:]))
        expect_refusal(place, path, block, "damaged", "--frames", "1")
    run = lambda: run_reader(place, path.name, "--frames", "1").expect(0).out
    path.write_bytes(changed(good, (at, "Q", 3 << 2 | 1)))
    check("frame 3 " in run(), "a claimed frame is still that frame")
    for change in ((at, "Q", 3 << 2 | 2), (at, "Q", 4 << 2), (at, "Q", 0), (word, "Q", 3 << 16 | 0xFFFF),
                   (word, "Q", 2 << 16 | slot), (word, "Q", 0)):
        path.write_bytes(changed(good, change, (at + 8, "Q", 0)))
        check("frame" not in run(), f"a frame that is not to be had: {change}")


@test
def the_states_follow_from_the_words_in_the_header(place):
    path, good = copied(place)
    alive = changed(good, (1088, "I", 0x80000000 | 77), (1168, "Q", 2**62), (1176, "Q", 2**62))
    earlier = time.monotonic_ns() - 2 * 10**9
    for state, changes in (("live", []), ("live", [(1152, "I", 77)]), ("dead", [(1088, "I", 0x80000000)]),
                           ("dead", [(1088, "I", 0xC000004D)]), ("dead", [(136, "Q", 1)]),
                           ("superseded", [(1152, "I", 2)]), ("closed", [(1152, "I", 3)]),
                           ("closed", [(1152, "I", 3), (1088, "I", 0)]), ("stalled", [(1168, "Q", earlier)]),
                           ("stalled", [(1176, "Q", earlier)]),
                           ("stalled", [(1176, "Q", earlier), (1184, "Q", 0)]),
                           ("live", [(1176, "Q", earlier), (1184, "Q", 3600 * 10**9)])):
        path.write_bytes(changed(alive, *changes))
        check_equal(describe(place, path.name)["state"], state, f"state with {changes}")


main()
