# SPDX-License-Identifier: Apache-2.0
"""What is there to complete, and what every shell must make of it."""
import contextlib
import os
import pathlib
import re

from e2e import check, check_equal, wait_until

from shell_session import TOOLS


def is_offered(place, pattern):
    """True if a line of what the tools say of segments matches."""
    return re.search(pattern, place.run("shm-inspect", "--complete", "segments").out, re.MULTILINE)


def start_capture(place, name, *arguments):
    """A segment with a writer, and with two frames at least, so that it has a rate."""
    capture = place.start("shm-capture", "-d", "pattern", "-n", name, *arguments)
    wait_until(lambda: is_offered(place, rf"^{name}\tlive.*/s"), 20, f"frames in {name}")
    return capture


def leave_dead(place, name):
    """A segment whose writer was killed."""
    place.leaves_segments = True
    start_capture(place, name, "-r", "320x240", "-m", "GRAY8").kill()
    wait_until(lambda: is_offered(place, rf"^{name}\tdead"), 20, f"the death of the writer of {name}")


def check_loads_quietly(place, shell_class):
    """Without a segment nothing is offered, and nothing is said."""
    with shell_class(place) as shell:
        for tool in TOOLS:
            if tool == "shm-capture":
                continue
            check_equal(shell.completed(f"{tool} x"), f"{tool} x", f"{tool} without a segment")
            check_equal(shell.listed(f"{tool} x"), [], f"{tool} without a segment")


def check_lines(shell, *pairs):
    for line, wanted in pairs:
        check_equal(shell.completed(line), wanted, f"TAB in {shell.program} behind {line!r}")


def check_once(words, *wanted):
    """All that is wanted is there, and nothing twice."""
    for word in wanted:
        check(word in words, f"{word!r} is not among {words}")
    check_equal(sorted(words), sorted(set(words)), "what is offered, without what is there twice")


def check_names(shell, tool):
    """Options of a tool, and that none is offered again that cannot be given again."""
    check_once(shell.words_listed(f"{tool} --"), "--name", "--log-level", "--quiet", "--help", "--version")
    check(not [word for word in shell.words_listed(f"{tool} --") if word in ("--generate", "--complete")],
          "hidden options are shown")
    given = shell.words_listed(f"{tool} --quiet --log-level=debug -v --config x --")
    for name in ("--quiet", "--log-level", "--verbose", "--config"):
        check(name not in given, f"{name} is offered again: {given}")
    check_once(given, "--name", "--version")
    check_lines(shell, (f"{tool} --versio", f"{tool} --version "),
                (f"{tool} --log-level de", f"{tool} --log-level debug "),
                (f"{tool} --log-level=de", f"{tool} --log-level=debug "))


def check_segments(shell, names):
    """`names` are those of two live segments and a dead one, the first letters of the live ones alike."""
    hall, _, old = names
    by_path = os.environ["SHMVIDEO_BIN"] + "/shm-inspect"
    common = os.path.commonprefix(names[:2])
    for tool in TOOLS:
        if tool == "shm-capture":
            continue
        check_equal(shell.words_listed(f"{tool} "), list(names), f"segments, live ones first, for {tool}")
    check_lines(shell, (f"shm-inspect {hall[:3]}", f"shm-inspect {common}"),
                (f"shm-inspect {hall[:-2]}", f"shm-inspect {hall} "),
                (f"shm-inspect --name {hall[:-2]}", f"shm-inspect --name {hall} "),
                (f"shm-inspect --name={hall[:-2]}", f"shm-inspect --name={hall} "),
                (f"shm-inspect -n {old[:3]}", f"shm-inspect -n {old} "),
                (f"shm-inspect -- {hall[:-2]}", f"shm-inspect -- {hall} "),
                (f"{by_path} {old[:3]}", f"{by_path} {old} "),
                # A second NAME would be wrong use.
                (f"shm-inspect {hall} {old[:3]}", f"shm-inspect {hall} {old[:3]}"),
                (f"shm-inspect -n {hall} {old[:3]}", f"shm-inspect -n {hall} {old[:3]}"),
                (f"shm-inspect {hall} --nam", f"shm-inspect {hall} --names "),
                # Except for a tool that takes several.
                (f"shm-mjpeg {hall} {old[:3]}", f"shm-mjpeg {hall} {old} "),
                (f"shm-mjpeg -n {hall} {old[:3]}", f"shm-mjpeg -n {hall} {old} "),
                (f"shm-mjpeg {old} {old} --also {hall[:-2]}", f"shm-mjpeg {old} {old} --also {hall} "),
                (f"shm-mjpeg {old} --also {old} {hall[:-2]}", f"shm-mjpeg {old} --also {old} {hall} "))


def make_files(place):
    for name in ("my film.mp4", "house.json", "autumn.mkv"):
        pathlib.Path(place.scratch, name).touch()
    os.mkdir(os.path.join(place.scratch, "folder"))


def cameras():
    with contextlib.suppress(FileNotFoundError):
        return [f"/dev/{name}" for name in sorted(os.listdir("/dev")) if re.fullmatch(r"video\d+", name)]
    return []
