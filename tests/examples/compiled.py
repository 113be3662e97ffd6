# SPDX-License-Identifier: Apache-2.0
"""Builds the examples in C and C++ with the installed library, and runs them beside shm-capture.

SHMVIDEO_SOURCE and SHMVIDEO_BUILD name the source and what was built from it, SHMVIDEO_PEER the writer that does what
it is told (tests/capi/peer.c); CMAKE, CC and CXX are the programs to use.
"""
import contextlib
import pathlib

from e2e import *

SOURCE = pathlib.Path(os.environ["SHMVIDEO_SOURCE"])
BUILD = pathlib.Path(os.environ["SHMVIDEO_BUILD"])
CMAKE, CC, CXX, PEER = (os.environ[name] for name in ("CMAKE", "CC", "CXX", "SHMVIDEO_PEER"))
FLAGS = "-Wall -Wextra -pedantic -Werror"
_SHARED = tempfile.TemporaryDirectory(prefix="shm-video-examples-")


def installed(place):
    """The tree that the library is installed in."""
    tree = pathlib.Path(_SHARED.name) / "installed"
    if not tree.exists():
        for component in ("library", "development"):
            place.run(CMAKE, "--install", BUILD, "--prefix", tree, "--component", component, timeout=60).expect()
    return tree


def built(place, example, program):
    """The program of an example, from a copy of its folder, so that nothing of ours is beside it."""
    folder = pathlib.Path(_SHARED.name) / example
    if not (folder / "build" / program).exists():
        shutil.copytree(SOURCE / "examples" / example, folder, dirs_exist_ok=True)
        place.run(CMAKE, "-S", folder, "-B", folder / "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                  f"-DCMAKE_PREFIX_PATH={installed(place)}", f"-DCMAKE_C_COMPILER={CC}",
                  f"-DCMAKE_CXX_COMPILER={CXX}", f"-DCMAKE_C_FLAGS={FLAGS}", f"-DCMAKE_CXX_FLAGS={FLAGS}",
                  timeout=120).expect()
        place.run(CMAKE, "--build", folder / "build", timeout=300).expect()
    return str(folder / "build" / program)


def pattern(place, *options):
    """A segment that shm-capture writes; its name, and the capture."""
    name = place.segment()
    return name, place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240", *options)


@contextlib.contextmanager
def told(place, name):
    """A writer of 32x16 that does what it is told."""
    with subprocess.Popen([PEER, name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                          env=place.env) as peer:
        check_equal(peer.stdout.readline(), "ready\n", "what the peer says")

        def tell(line):
            peer.stdin.write(line + "\n")
            peer.stdin.flush()
            check_equal(peer.stdout.readline(), "done\n", "what the peer says")
        yield tell
        peer.stdin.close()


@test
def the_consumer_in_c_prints_frames_until_it_has_enough(place):
    minimal = built(place, "minimal-c", "minimal")
    name, _ = pattern(place)
    result = place.run(minimal, name, 5, timeout=60).expect()
    *frames, last = [line for line in result.out.splitlines() if not line.startswith("no frame")]
    numbers = [int(re.fullmatch(r"frame (\d+) 320x240 BGR24 mean \d+\.\d captured -?[\d.]+ ms ago", line)[1])
               for line in frames]
    check(len(numbers) == 5 and numbers == sorted(set(numbers)), f"numbers {numbers}")
    check(re.fullmatch(r"ok: 5 frames seen, \d+ missed", last), last)


@test
def the_consumer_in_c_sees_the_bytes_that_were_published_and_ends_with_its_writer(place):
    minimal = built(place, "minimal-c", "minimal")
    name = place.segment()
    with told(place, name) as tell:
        tell("publish 77 0")
        consumer = place.start(minimal, name)
        consumer.wait_for_output(r"frame 1 32x16 BGR24 mean 77\.0 ", 30)
    check("closed: 1 frames seen, 0 missed" in consumer.wait(30).expect().out, consumer.out)


@test
def the_consumer_in_c_says_what_is_wrong(place):
    minimal = built(place, "minimal-c", "minimal")
    check("usage:" in place.run(minimal).expect(2).err, "usage")
    wrong = place.run(minimal, "../x").expect(1).err
    check(wrong.startswith("minimal: ../x: "), wrong)


@test
def motion_is_found_where_the_pattern_moves(place):
    motion = built(place, "motion", "motion")
    name, _ = pattern(place, "-f", "30")
    result = place.run(motion, name, 12, 40, timeout=120).expect()
    *lines, last = result.out.splitlines()
    looked, moving = map(int, re.fullmatch(r"(\d+) frames looked at, motion in (\d+)", last).groups())
    check(looked == 40 and moving == len(lines) > 0, last)
    for line in lines:
        left, top, width, height = map(int, re.search(r"motion at (\d+),(\d+) (\d+)x(\d+) ", line).groups())
        check(width > 0 and height > 0 and left + width <= 320 and top + height <= 240, line)


@test
def motion_is_not_found_where_nothing_moves(place):
    motion = built(place, "motion", "motion")
    name = place.segment()
    with told(place, name) as tell:
        tell("publish 50 0")
        detector = place.start(motion, name)
        wait_until(lambda: re.search(r"readers +1|\"program\": \"motion\"",
                                     place.run("shm-inspect", name, "--json").out),
                   30, "the detector among the readers")
        # Each at its time, as the detector would miss those that come too soon after each other.
        def seen(frames):
            found = re.search(r'"seen": (\d+)', place.run("shm-inspect", name, "--json").out)
            return found and int(found[1]) >= frames
        for frames in range(2, 6):
            tell("publish 55 0")
            wait_until(lambda: seen(frames), 30, f"{frames} frames that were looked at")
        tell("publish 200 0")
        detector.wait_for_output(r"frame 6  motion at 0,0 32x16 \(100\.0 %\)", 30)
    result = detector.wait(30).expect()
    check("6 frames looked at, motion in 1" in result.out, result)


@test
def two_cameras_are_paired_by_their_capture_times(place):
    pairing = built(place, "two-cameras", "two-cameras")
    left, _ = pattern(place, "-f", "25")
    right, _ = pattern(place, "-f", "50")
    result = place.run(pairing, left, right, 12, 10, timeout=120).expect()
    found = [re.fullmatch(rf"pair (\d+): {left} (\d+), {right} (\d+), ([+-][\d.]+) ms apart", line)
             for line in result.out.splitlines() if line.startswith("pair ")]
    check(len(found) == 10 and all(found), result)
    check(all(abs(float(pair[4])) <= 12 for pair in found), result.out)
    for group in (1, 2, 3):
        numbers = [int(pair[group]) for pair in found]
        check(numbers == sorted(set(numbers)), f"{numbers} of {result.out}")
    check(re.search(r"^10 pairs of \d+ frames left and \d+ right$", result.out, re.M), result)


@test
def two_cameras_end_when_one_of_them_dies(place):
    pairing = built(place, "two-cameras", "two-cameras")
    left, _ = pattern(place)
    right, dying = pattern(place)
    process = place.start(pairing, left, right, 20)
    process.wait_for_output(r"pair 1:", 60)
    dying.kill()
    check("a camera ended: writer_gone" in process.wait(60).expect().out, process.out)
    place.run("shm-inspect", "--remove", right)


main()
