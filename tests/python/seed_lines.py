# SPDX-License-Identifier: Apache-2.0
"""The lines of programs of the triple buffer's time, as they stand in seed_lines.md, with only the import changed."""
import pathlib
import re

from counterpart import *
from e2e import *

TEXT = pathlib.Path(__file__).with_name("seed_lines.md").read_text(encoding="utf-8")
IMPORT = "from backend.video.ipc.shared_memory import SharedMemoryFrameReader"
OURS = "from shmvideo import SharedMemoryFrameReader"
NAME = "billiards_video"


def with_our_import(lines):
    check_equal(lines.count(IMPORT), 1, "the import")
    return lines.replace(IMPORT, OURS)


@test
def the_lines_for_people_who_try_it_work(place):
    [lines] = re.findall(r'python -c "\n(.*?)\n"', TEXT, re.S)
    use(place)
    writer = Counterpart(place, NAME, 320, 240)
    writer.tell("pace", 200, 30)
    result = place.run(sys.executable, "-c", with_our_import(lines), timeout=120).expect()
    said = result.out.splitlines()
    check_equal(said[0], "Connected: 320x240 BGR24", "the first line")
    found = [re.fullmatch(r"Frame (\d+): \(240, 320, 3\)", line) for line in said[1:]]
    numbers = [int(match[1]) for match in found if match]
    check(numbers and len(numbers) == len(found), lambda: f"it said {said}")
    check_equal(numbers, sorted(set(numbers)), "numbers, each once")
    writer.expect()
    writer.close()


@test
def the_lines_of_the_vision_module_work(place):
    [lines] = re.findall(r"```python\n(.*?)\n```", TEXT, re.S)
    use(place)
    writer = Counterpart(place, NAME)
    writer.order("write", 3)
    names = {}
    exec(with_our_import(lines), names)  # pylint: disable=exec-used
    check_picture(names["frame"], 3)
    metadata = names["metadata"]
    check_equal((metadata.frame_number, metadata.width, metadata.size), (3, 64, 64 * 48 * 3), "metadata")
    reader = names["reader"]
    check_equal((reader.width, reader.height, reader.frame_format.name), (64, 48, "BGR24"), "the reader")
    check_equal(reader.read_frame(), (None, None), "a frame that was read already")
    writer.order("write", 9)  # all slots anew
    check_picture(names["frame"], 3)  # a copy: nobody overwrites it
    names["frame"][...] = 0
    frame, metadata = reader.read_frame()
    check_picture(frame, 12)
    reader.detach()
    reader.detach()
    writer.close()


@test
def a_writer_that_is_not_there_is_a_timeout(place):
    use(place)
    reader = shmvideo.SharedMemoryFrameReader(NAME)
    try:
        reader.attach(timeout=0.2)
        raise Failure("attached to nothing")
    except TimeoutError as why:
        check(NAME in str(why), f"the message is {why}")
    check(not reader.is_attached, "attached")
    try:
        reader.read_frame()
        raise Failure("read from nothing")
    except RuntimeError:
        pass


@test
def reading_goes_on_after_the_writer_was_killed_and_restarted(place):
    use(place)
    writer = Counterpart(place, NAME)
    writer.order("write", 2)
    reader = shmvideo.SharedMemoryFrameReader(NAME)
    reader.attach()
    check_equal(reader.read_frame()[1].frame_number, 2, "the first")
    writer.kill()
    writer = Counterpart(place, NAME, 32, 16, "NV12")
    writer.order("write", 1)
    frame, metadata = wait_until(lambda: [got for got in [reader.read_frame()] if got[1]], 60, "a frame")[0]
    check_equal((frame.shape, metadata.frame_number, reader.frame_format.name), ((24, 32), 3, "NV12"), "the next one")
    reader.detach()
    writer.close()


main()
