# SPDX-License-Identifier: Apache-2.0
"""python3 -m shmvideo, as people and programs see it."""
import json
import pathlib
import re

from counterpart import *
from e2e import *

PACKAGE = os.path.join(os.environ["SHMVIDEO_SOURCE"], "python")


def listed(place, *arguments):
    return place.run(sys.executable, "-m", "shmvideo", *arguments, timeout=60)


@test
def segments_are_listed_as_a_table(place):
    use(place)
    check("There is no segment" in listed(place).expect().out, "nothing is there")
    with shmvideo.Writer(place.segment("b"), 64, 48, fps=30, source="a camera") as writer:
        with shmvideo.Writer(place.segment("a"), 8, 6, format="NV12"), shmvideo.Reader(writer.name):
            writer.write(np.zeros((48, 64, 3), np.uint8))
            head, first, second = listed(place).expect().out.splitlines()
            expected = "NAME STATE FORMAT SIZE FPS FRAMES AGE READERS SOURCE"
            check_equal(head.split(), expected.split(), "the heading")
            check(first.startswith("a-") and first.split()[1] in LIVING and " NV12 " in first, first)
            told = second.split()
            check_equal((told[0], told[2:6], told[-3:]), (writer.name, ["BGR24", "64x48", "0.0", "1"],
                                                         ["1", "a", "camera"]), "the second")
            check_equal(len(listed(place, writer.name).expect().out.splitlines()), 2, "one by name")


@test
def it_agrees_with_shm_inspect(place):
    use(place)
    with shmvideo.Writer(place.segment(), 64, 48, fps=30, source="a camera") as writer:
        for _ in range(4):
            writer.write(np.zeros((48, 64, 3), np.uint8))
        writer.drop("late", 2)
        [ours] = json.loads(listed(place, "--json").expect().out)
        check_equal((ours["name"], ours["published"], ours["dropped"], ours["nominal_fps"]), (writer.name, 4, 2, 30.0),
                    "ours")
        if not os.access(os.path.join(os.environ["SHMVIDEO_BIN"], "shm-inspect"), os.X_OK):
            skip("shm-inspect is not built")
        [theirs] = json.loads(place.run("shm-inspect", "--json").expect().out)
        check(set(ours) <= set(theirs), f"keys of our own: {set(ours) - set(theirs)}")
        for key in set(ours) - {"fps", "state", "last_frame", "writer", "readers"}:
            check_equal(ours[key], theirs[key], key)
        check(abs(ours["fps"] - theirs["fps"]) < 0.01, "fps")
        for key in ("writer", "last_frame"):
            for part in set(ours[key]) - {"age_ms"}:
                check_equal(ours[key][part], theirs[key][part], part)
        table, known = listed(place).expect().out, place.run("shm-inspect").expect().out
        check_equal(table.splitlines()[0].split(), known.splitlines()[0].split(), "the heading")


@test
def what_is_not_there_is_an_error(place):
    name = place.segment()
    result = listed(place, name).expect(4)
    check(name in result.err and not result.out, lambda: str(result))
    check_equal(json.loads(listed(place, "--json", name).expect(4).out), [], "JSON")
    check("usage: python3 -m shmvideo" in listed(place, "--help").expect().out, "help")


@test
def output_that_cannot_be_written_is_an_error_without_a_traceback(place):
    use(place)
    for target, told in ((">/dev/full", "cannot write"), ("| :", "")):
        line = f"'{sys.executable}' -m shmvideo --json {target}; exit ${{PIPESTATUS[0]}}"
        result = place.run("/bin/bash", "-c", line, timeout=60)
        check(told in result.err and "Traceback" not in result.err, lambda: str(result))
        if told:
            check_equal(result.status, 1, "status")


@test
def the_lines_of_the_page_work(place):
    use(place)
    page = pathlib.Path(PACKAGE).parent / "docs/python.md"
    reading, writing, old = re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.S)
    with shmvideo.Writer("billiards_video", 1920, 1080) as writer:
        writer.write(np.full((1080, 1920, 3), 7, np.uint8))
        child = place.start(sys.executable, "-c", reading)
        child.wait_for_output(r"1 \(1080, 1920, 3\) 7\.0", 60)
        check("KeyboardInterrupt" in child.stop(signal.SIGINT, 60).err, "the loop goes on until it is interrupted")
        before = "import numpy, shmvideo\nwith shmvideo.Reader('billiards_video') as reader:\n" \
                 "    frame = reader.next(60)\npicture = numpy.zeros((1080, 1920, 3), numpy.uint8)\n"
        after = "    assert writer.statistics.published == 2\n"
        place.run(sys.executable, "-c", before + writing + after, timeout=60).expect()
        said = place.run(sys.executable, "-c", old, timeout=60).expect().out
        check_equal(said, "1920 1080 BGR24\n1 (1080, 1920, 3)\n", "what the old calls said")


@test
def isolated_pythons_run_it(place):
    text = f"import runpy, sys; sys.path.insert(0, {PACKAGE!r}); sys.argv = ['shmvideo']; " \
           "runpy.run_module('shmvideo', run_name='__main__')"
    check("There is no segment" in place.run(sys.executable, "-I", "-B", "-c", text).expect().out, "what it said")


main()
