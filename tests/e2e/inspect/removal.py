# SPDX-License-Identifier: Apache-2.0
import os

from actors import kill, start_reader, start_writer
from e2e import check, check_equal, main, test


@test
def a_dead_segment_is_removed_with_its_companions(place):
    name = place.segment()
    writer = start_writer(place, name, frames=5)
    start_reader(place, name)
    kill(place, writer)
    place.leaves_segments = False
    check(name in os.listdir(place.directory), "the dead one is there")
    shown = place.run("shm-inspect", "--remove", name).expect(0)
    check(name in shown.err and not shown.out, shown)
    check_equal(os.listdir(place.directory), [], "what is left")


@test
def a_live_segment_is_not_removed(place):
    name = place.segment()
    writer = start_writer(place, name)
    shown = place.run("shm-inspect", "--remove", name).expect(1)
    check_equal(shown.err, f"shm-inspect: segment '{name}' has a live writer (pid {writer.pid}); stop it first\n",
                "what it says")
    check(name in os.listdir(place.directory), "it is still there")


@test
def only_a_name_on_the_command_line_is_removed(place):
    refused = place.run("shm-inspect", "--remove", env={"SHM_VIDEO_NAME": "nobody"}).expect(2)
    check_equal(refused.err, "shm-inspect: --remove needs the NAME of a segment\n", "the refusal")


@test
def what_is_not_there_cannot_be_removed(place):
    place.run("shm-inspect", "--remove", "nobody").expect(4)


@test
def a_file_that_is_no_segment_is_left_alone(place):
    path = os.path.join(place.directory, "notes")
    with open(path, "w", encoding="ascii") as file:
        file.write("not a segment" * 1000)
    check(place.run("shm-inspect", "--remove", "notes").status in (1, 4), "it is refused")
    check(os.path.exists(path), "it is still there")
    os.unlink(path)


main()
