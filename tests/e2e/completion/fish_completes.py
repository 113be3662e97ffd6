# SPDX-License-Identifier: Apache-2.0
"""TAB in fish, and what fish says that it would offer."""
from e2e import *

import scenes
from shell_session import Fish


@test
def without_a_segment_nothing_is_offered_and_nothing_said(place):
    scenes.check_loads_quietly(place, Fish)


@test
def options_are_offered_once_with_their_help_and_choices(place):
    with Fish(place) as shell:
        for tool in ("shm-inspect", "shm-record"):
            scenes.check_names(shell, tool)
        scenes.check_once(shell.words_listed("shm-capture --control a=1 --"), "--control", "--device")
        check_equal(shell.listed("shm-inspect --log-format "),
                    ["text\tfor people", "json\tone object a line"], "choices with their meanings")
        check_equal(shell.listed("shm-inspect --js"),
                    ["--json\tPrint JSON for programs"], "an option with its help")
        scenes.check_lines(shell, ("shm-capture -m gr", "shm-capture -m GRAY8 "),
                           ("shm-capture -mGR", "shm-capture -mGRAY8 "),
                           ("shm-capture --quiet --log-fo", "shm-capture --quiet --log-format "),
                           ("shm-capture -- --log-fo", "shm-capture -- --log-fo"))


@test
def segments_are_offered_with_what_they_are(place):
    names = place.segment("cam-hall"), place.segment("cam-yard"), place.segment("zoo")
    captures = [scenes.start_capture(place, name, "-r", "320x240") for name in names[:2]]
    scenes.leave_dead(place, names[2])
    with Fish(place) as shell:
        scenes.check_segments(shell, names)
        rows = shell.listed("shm-inspect ")
        check(all("\tlive, 320x240 BGR24" in row and "shm-capture (pid" in row for row in rows[:2]) and
              rows[2].endswith("\tdead, 320x240 GRAY8"), f"what they are is not told: {rows}")
        scenes.check_lines(shell, (f"shm-inspect -n{names[2][:3]}", f"shm-inspect -n{names[2]} "))
    for capture in captures:
        capture.stop().expect(0)


@test
def files_and_devices_are_offered(place):
    scenes.make_files(place)
    with Fish(place) as shell:
        scenes.check_lines(shell, ("shm-record -o my", "shm-record -o my\\ film.mp4 "),
                           ("shm-record --output=my", "shm-record --output=my\\ film.mp4 "),
                           ("shm-record -o fol", "shm-record -o folder/"),
                           ("shm-capture -d my", "shm-capture -d my\\ film.mp4 "),
                           ("shm-capture --device=pat", "shm-capture --device=pattern "))
        scenes.check_once([word.rstrip("/") for word in shell.words_listed("shm-capture -d ")],
                          "auto", "pattern", "autumn.mkv", "folder", *scenes.cameras())
        scenes.check_once(shell.words_listed("shm-capture -d au"), "auto", "autumn.mkv")


main()
