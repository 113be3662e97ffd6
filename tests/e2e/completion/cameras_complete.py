# SPDX-License-Identifier: Apache-2.0
"""TAB offers real cameras by their names. (Not in zsh, which takes minutes to set up on an emulated machine.)
"""
from camlab import run_in_camlab
from e2e import *

import scenes
import shell_session
from shell_session import Bash, Fish

shell_session.PATIENCE = 120  # the machine is emulated


@test
def cameras_are_offered_with_their_names_and_once(place):
    for shell_class in (Bash, Fish):
        with shell_class(place) as shell:
            for line in ("shm-capture -d /dev/video", "shm-capture --device=/dev/video"):
                rows = shell.listed(line)
                check(len(rows) == 2 and all("vivid" in row for row in rows), f"{shell.program} lists {rows}")
            scenes.check_lines(shell, ("shm-capture -d /dev/video1", "shm-capture -d /dev/video1 "))
            words = shell.words_listed("shm-capture -d ")
            for word in ("auto", "pattern", "/dev/video0", "/dev/video1"):
                check_equal(words.count(word), 1, f"times that {shell.program} offers {word} among {words}")


run_in_camlab("webcam", "webcam")
