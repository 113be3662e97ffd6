# SPDX-License-Identifier: Apache-2.0
"""docs/reader.py reads and follows what libshmvideo writes."""
import os
import pathlib
import shutil
import signal
import time

from e2e import *
from stranger import *

BURST = 50_000
ALIVE = ("live", "stalled")  # a busy machine may keep a writer that waits for orders from saying that it lives


@test
def the_header_reads_as_layout_h_has_it(place):
    name = place.segment()
    before = Writer(place, name)
    before.order("publish 4")
    before.process.kill()
    writer = Writer(place, name)
    writer.order("drop 7")
    writer.order("publish 5")
    expected, seen = writer.header(), describe(place, name)
    for key, value in expected.items():
        check_equal(str(seen[key]), value, key)
    check(len(expected) > 30, "the writer printed its header")
    check_equal((seen["width"], seen["height"], seen["fourcc"]), (*SIZE, "BGR3"), "format")
    texts = (seen["name"], seen["program"], seen["source"])
    check_equal(texts, (name, "conformance", "numbers, ü"), "texts")
    check_equal((seen["latest"], seen["published"]), (9, 5), "numbers")
    check(seen["state"] in ALIVE, f"state {seen['state']}")
    check_equal(seen["dropped"], [0, 7, 0, 0, 0, 0, 0, 0], "dropped")
    check_equal(seen["writer_pid"], writer.process.pid, "pid")
    check_equal(seen["path"], os.path.join(place.directory, name), "path")
    boot_id = pathlib.Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    check_equal(seen["boot_id"], boot_id, "boot_id")
    writer.order("close")


@test
def what_frames_cost_reads_as_the_writer_counted_it(place):
    name = place.segment()
    writer = Writer(place, name)
    for order in ("publish 5", "take 0 1024", "take 0 1025", "take 1 3000000", "reopen", "reopen"):
        writer.order(order)
    seen = describe(place, name)
    check_equal((seen["abi_major"], seen["abi_minor"], seen["source_reopened"]), (1, 1, 2), "version, reopened")
    check_equal(seen["read_times"], {"frames": 2, "sum_ns": 2049, "max_ns": 1025, "buckets": [1, 1] + [0] * 25}, "read")
    convert = seen["convert_times"]
    bucket = next(i for i, frames in enumerate(convert["buckets"]) if frames)
    check(1024 << bucket - 1 < 3000000 <= 1024 << bucket, f"the octave of 3 ms: {convert}")
    publish = seen["publish_times"]
    check(publish["frames"] == 5 and 0 < publish["max_ns"] <= publish["sum_ns"], f"publish: {publish}")
    writer.order("close")


@test
def every_frame_of_a_writer_that_waits_arrives_whole(place):
    name = place.segment()
    writer = Writer(place, name)
    reader = Reader(place, name)
    for number in range(1, 31):
        check_equal(writer.order("publish 1"), number, "number")
        reader.wait_for_frame(number)
    writer.order("close")
    result = reader.process.wait().expect(0)
    check(result.out.endswith("generation 1 is closed\n"), f"it ends with its writer: {result}")
    reader.check_payloads()
    check_equal([frame[0] for frame in reader.frames()], list(range(1, 31)), "numbers")


@test
def the_reader_sleeps_until_there_is_a_frame(place):
    name = place.segment()
    writer = Writer(place, name)
    reader = Reader(place, name)
    writer.order("publish 1")
    reader.wait_for_frame(1)
    syscall = pathlib.Path(f"/proc/{reader.process.pid}/syscall")
    try:
        syscall.read_text()
    except OSError:
        skip("the system calls of one's own child cannot be seen here")
    futex_waitv = f"{reader_module.SYS_FUTEX_WAITV} "
    wait_until(lambda: syscall.read_text().startswith(futex_waitv), 10, "the reader asleep on the futex")
    writer.order("close")
    reader.process.wait().expect(0)


@test
def a_writer_that_outruns_the_reader_costs_frames_but_never_a_byte(place):
    name = place.segment()
    writer = Writer(place, name, OTHER_SIZE, slots=2)
    reader = Reader(place, name)
    writer.order("publish 1")
    reader.wait_for_frame(1)
    published, deadline = 1, time.monotonic() + 60
    while len(reader.frames()) <= 10:  # on a busy machine one burst may pass while the reader waits for a processor
        check(time.monotonic() < deadline, f"the reader gets frames between stops: {reader.frames()}")
        burst = f"publish {BURST}"
        writer.begin(burst)
        while not writer.is_done(burst):  # stopped anywhere, also between a look at a frame and its copy
            reader.process.send_signal(signal.SIGSTOP)
            time.sleep(0.001)
            reader.process.send_signal(signal.SIGCONT)
            time.sleep(0.001)
        published += BURST
        reader.wait_for_frame(published)
    writer.order("close")
    reader.process.wait().expect(0)
    reader.check_payloads()
    check(len(reader.frames()) < published, f"some frames, not all {published}: {len(reader.frames())}")


@test
def the_reader_follows_frames_that_outgrow_the_slots(place):
    name = place.segment()
    writer = Writer(place, name)
    reader = Reader(place, name)
    for size in (SIZE, OTHER_SIZE, (320, 240), SIZE):
        writer.order(f"resize {size[0]} {size[1]}")
        reader.wait_for_frame(writer.order("publish 1"))
    check(describe(place, name)["generation"] > 2, "the writer made new generations")
    writer.order("close")
    reader.process.wait().expect(0)
    reader.check_payloads()
    sizes = [w * h * 3 for w, h in (SIZE, OTHER_SIZE, (320, 240), SIZE)]
    check_equal([f[:2] for f in reader.frames()], list(enumerate(sizes, 1)), "frames")
    check("is superseded" in reader.process.out, "it says so")


@test
def the_reader_survives_a_killed_writer_and_goes_on_with_the_next(place):
    name = place.segment()
    first = Writer(place, name)
    reader = Reader(place, name)
    first.order("publish 3")
    reader.wait_for_frame(3)
    old = describe(place, name)
    first.process.kill()
    reader.process.wait_for_output("generation 1 is dead")
    check_equal(describe(place, name)["state"], "dead", "state")
    second = Writer(place, name, OTHER_SIZE)
    check_equal(second.order("publish 1"), 4, "numbers go on")
    reader.wait_for_frame(4)
    new = describe(place, name)
    check_equal((new["generation"], new["first_number"]), (2, 4), "the new generation")
    check(new["state"] in ALIVE, f"state {new['state']}")
    check(new["stream_uuid"] != old["stream_uuid"], "a stream_uuid of its own")
    second.order("close")
    reader.process.wait().expect(0)
    reader.check_payloads()


@test
def the_reader_notices_numbers_that_begin_anew(place):
    name = place.segment()
    first = Writer(place, name)
    reader = Reader(place, name)
    first.order("publish 7")
    reader.wait_for_frame(7)
    first.process.kill()
    reader.process.wait_for_output("generation 1 is dead")
    for entry in os.listdir(place.directory):  # as shm-inspect --remove does
        os.unlink(os.path.join(place.directory, entry))
    second = Writer(place, name)
    second.order("publish 1")
    wait_until(lambda: reader.frames()[-1][0] == 1, 20, "frame 1 of the second writer")
    second.order("publish 1")
    wait_until(lambda: reader.frames()[-1] == (2, SIZE[0] * SIZE[1] * 3, 0), 20, "frame 2, none missed")
    second.order("close")
    reader.process.wait().expect(0)


@test
def the_reader_finds_the_segment_again_that_was_unlinked_by_hand(place):
    name = place.segment()
    writer = Writer(place, name)
    reader = Reader(place, name)
    writer.order("publish 1")
    reader.wait_for_frame(1)
    path = os.path.join(place.directory, name)
    os.unlink(path)
    wait_until(lambda: writer.order("publish 1") and os.path.exists(path), 20, "the writer's repair")
    check_equal(describe(place, name)["generation"], 2, "generation")
    reader.wait_for_frame(writer.order("publish 1"))
    writer.order("close")
    reader.process.wait().expect(0)
    reader.check_payloads()


@test
def the_reader_notices_another_file_under_the_name_that_nobody_tells_it_of(place):
    name, other = place.segment(), place.segment()
    writers = Writer(place, name), Writer(place, other)
    reader = Reader(place, name)
    writers[0].order("publish 1")
    reader.wait_for_frame(1)
    writers[1].order("publish 5")
    os.rename(os.path.join(place.directory, other), os.path.join(place.directory, name))
    reader.wait_for_frame(5)
    for writer in writers:
        writer.order("close")
    reader.process.wait().expect(0)
    os.unlink(os.path.join(place.directory, name))


@test
def a_stopped_writer_is_stalled_and_comes_back(place):
    name = place.segment()
    writer = Writer(place, name)
    writer.process.send_signal(signal.SIGSTOP)
    wait_until(lambda: describe(place, name)["state"] == "stalled", 20, "stalled")
    writer.process.send_signal(signal.SIGCONT)
    writer.order("publish 1")
    wait_until(lambda: writer.order("publish 1") and describe(place, name)["state"] == "live", 20, "life")
    writer.order("close")


@test
def the_reader_looks_where_the_writer_writes(place):
    name = place.segment()
    place.use_default_directory()
    writer = Writer(place, name)
    check_equal(describe(place, name)["path"], f"/dev/shm/{name}", "path")
    private = pathlib.Path(place.scratch, "run/shm-video")
    private.mkdir(parents=True, mode=0o700)
    place.env["XDG_RUNTIME_DIR"] = str(private.parent)
    shutil.copy(f"/dev/shm/{name}", private / name)
    check_equal(describe(place, name)["path"], f"/dev/shm/{name}", "the first place comes first")
    writer.order("close")
    check_equal(describe(place, name)["path"], str(private / name), "the second place")


main()
