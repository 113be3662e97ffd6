# SPDX-License-Identifier: Apache-2.0
"""TAB in bash, without the package bash-completion and with it."""
import os

from e2e import *

import scenes
from shell_session import Bash, BashWithPackage


@test
def without_a_segment_nothing_is_offered_and_nothing_said(place):
    scenes.check_loads_quietly(place, Bash)


@test
def options_are_offered_once_with_their_choices(place):
    with Bash(place) as shell:
        for tool in ("shm-inspect", "shm-record"):
            scenes.check_names(shell, tool)
        scenes.check_once(shell.words_listed("shm-capture --control a=1 --"), "--control", "--device")
        check_equal(shell.listed("shm-inspect --log-format "),
                    ["text  (for people)", "json  (one object a line)"], "choices with their meanings")
        scenes.check_lines(shell, ("shm-capture -m gr", "shm-capture -m GRAY8 "),
                           ("shm-capture -mgr", "shm-capture -mGRAY8 "),
                           ("shm-capture -vmBG", "shm-capture -vmBGR24 "),
                           ("shm-capture --format=\"GR", "shm-capture --format=\"GRAY8\" "),
                           ("shm-capture --quiet --log-fo", "shm-capture --quiet --log-format "),
                           ("shm-capture -- --log-fo", "shm-capture -- --log-fo"))


def check_segments(place, shell_class):
    names = place.segment("cam-hall"), place.segment("cam-yard"), place.segment("zoo")
    captures = [scenes.start_capture(place, name, "-r", "320x240") for name in names[:2]]
    scenes.leave_dead(place, names[2])
    with shell_class(place) as shell:
        scenes.check_segments(shell, names)
        rows = shell.listed("shm-inspect cam")
        check(len(rows) == 2 and
              all("(live, 320x240 BGR24" in row and "shm-capture (pid" in row for row in rows),
              f"what they are is not told: {rows}")
        scenes.check_lines(shell, (f"shm-inspect -n{names[2][:3]}", f"shm-inspect -n{names[2]} "),
                           (f"shm-inspect -vn{names[2][:3]}", f"shm-inspect -vn{names[2]} "))
        # Somebody's own opinion of where words end changes nothing.
        shell.do("COMP_WORDBREAKS=${COMP_WORDBREAKS//[:=]}")
        scenes.check_lines(shell, (f"shm-inspect --name={names[2][:3]}", f"shm-inspect --name={names[2]} "))
    for capture in captures:
        capture.stop().expect(0)


@test
def segments_are_offered_with_what_they_are(place):
    check_segments(place, Bash)


@test
def segments_are_offered_with_the_package_too(place):
    if not os.path.exists(BashWithPackage.package):
        skip("the package bash-completion is not installed")
    check_segments(place, BashWithPackage)


@test
def files_and_devices_are_offered(place):
    scenes.make_files(place)
    with Bash(place) as shell:
        scenes.check_lines(shell, ("shm-record -o my", "shm-record -o my\\ film.mp4 "),
                           ("shm-record --output=my", "shm-record --output=my\\ film.mp4 "),
                           ("shm-record -omy", "shm-record -omy\\ film.mp4 "),
                           ("shm-record -o \"my f", "shm-record -o \"my film.mp4\" "),
                           ("shm-record -o fol", "shm-record -o folder/"),
                           ("shm-capture -d my", "shm-capture -d my\\ film.mp4 "),
                           ("shm-capture --device=pat", "shm-capture --device=pattern "))
        scenes.check_once([word.rstrip("/") for word in shell.words_listed("shm-capture -d ")],
                          "auto", "pattern", "autumn.mkv", "folder", *scenes.cameras())
        scenes.check_once(shell.words_listed("shm-capture -d au"), "auto", "autumn.mkv")


@test
def names_with_colons_are_inserted_whole(place):
    open(os.path.join(place.scratch, "pci-0:1:2-video"), "w", encoding="utf-8").close()
    with Bash(place) as shell:
        scenes.check_lines(shell, ("shm-capture -d pci-0:1", "shm-capture -d pci-0:1:2-video "),
                           ("shm-capture --device=pci-0:1", "shm-capture --device=pci-0:1:2-video "),
                           ("shm-capture --device=\"pci-0:1", "shm-capture --device=\"pci-0:1:2-video\" "))


main()
