# SPDX-License-Identifier: Apache-2.0
import json
import os

from actors import dead_segment, inspect_json, signed, start_writer
from e2e import check, check_equal, main, skip, test, wait_until

MEDIA = os.environ.get("SHMVIDEO_MEDIA", "")


def perf_json(place, *arguments):
    return json.loads(place.run("shm-inspect", "--perf", "--json", *arguments).expect(0).out)


def check_figures(stage, what):
    check_equal(sum(octave["frames"] for octave in stage["octaves"]), stage["frames"], f"{what}: frames")
    check(0 < stage["p50_us"] <= stage["p90_us"] <= stage["p99_us"] <= stage["max_us"], f"{what}: {stage}")
    check(abs(stage["mean_us"] * stage["frames"] - stage["total_ms"] * 1e3) <= 1 + stage["frames"] * 1e-3,
          f"{what}: the mean is that of the sum: {stage}")
    bounds = [octave["up_to_us"] for octave in stage["octaves"]]
    check(bounds == sorted(bounds), f"{what}: {bounds}")


@test
def publishing_is_measured_by_every_writer(place):
    name = place.segment()
    start_writer(place, name, frames=7)
    stages = perf_json(place)["stages"]
    check_equal((stages["read"], stages["convert"]), (None, None), "what this writer does not tell of")
    check_equal(stages["publish"]["frames"], 7, "frames")
    check_figures(stages["publish"], "publish")
    check_equal(inspect_json(place, name)["stages"]["publish"]["frames"], 7, "the same in the report")
    check_equal(inspect_json(place, name)["source_reopened"], 0, "reopened")


@test
def people_see_a_table_and_how_the_times_are_spread(place):
    name = place.segment()
    place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240", "-f", "50")
    wait_until(lambda: any(s.get("name") == name and s.get("published", 0) > 20 for s in inspect_json(place)), 20,
               "frames")
    shown = place.run("shm-inspect", "--perf", name).expect(0).out
    lines = shown.splitlines()
    check(lines[0].startswith(f"{name}, live: BGR24 320x240, ") and "frames a second" in lines[0], shown)
    check_equal(lines[2].split(), ["STAGE", "FRAMES", "MEAN", "P50", "P90", "P99", "LONGEST", "SHARE"], "heading")
    check_equal(lines[3].split(), ["read", "not", "measured"], "there is nothing to read")
    check(lines[4].startswith("convert") and lines[4].endswith("%"), shown)
    check(lines[5].startswith("publish") and lines[5].endswith("%"), shown)
    check("█" in shown and "octaves" in shown, shown)
    check(max(map(len, lines)) <= 80, "as wide as a terminal")
    perf = perf_json(place, name)
    check(15 < perf["frame_time_ms"] < 200, f"the time of a frame: {perf['frame_time_ms']}")
    for stage in ("convert", "publish"):
        check_figures(perf["stages"][stage], stage)
        check(perf["stages"][stage]["share"] > 0, stage)


@test
def a_film_is_read_and_converted_and_none_of_it_is_waiting(place):
    films = [name for name in ("park-720p.mp4", *sorted(os.listdir(MEDIA) if MEDIA else [])) if name.endswith(".mp4")]
    film = next((os.path.join(MEDIA, name) for name in films if os.path.exists(os.path.join(MEDIA, name))), None)
    if not film:
        skip("SHMVIDEO_MEDIA has no film")
    for more, stages in (([], ("read", "convert", "publish")), (["--copy"], ("read", "convert", "publish"))):
        name = place.segment()
        capture = place.start("shm-capture", "--device", film, "--name", name, "--loop", "-f", "10", *more)
        seen = wait_until(lambda: [s for s in inspect_json(place) if s["name"] == name and s.get("published", 0) > 15],
                          30, lambda: f"frames; {capture.err}")[0]
        for stage in stages:
            check_figures(seen["stages"][stage], f"{stage} {more}")
        # Ten frames a second leave 100 ms each, nearly all of it waiting. Half of the frames, because a busy
        # machine may well take its time over the others.
        check(seen["stages"]["read"]["p50_us"] < 60e3, f"reading, without the waiting: {seen['stages']['read']}")
        capture.stop()


@test
def nothing_measured_is_said_so(place):
    name, path, content = dead_segment(place)
    content[1320:2024] = bytes(704)
    content[10:12] = bytes(2)
    with open(path, "wb") as file:  # as a writer of version 1.0 leaves it
        file.write(signed(content))
    report = inspect_json(place, name)
    check_equal((report["abi"], report["state"], report["published"]), ("1.0", "dead", 5), "what it has")
    check_equal((report["stages"], report["source_reopened"]), ({"read": None, "convert": None, "publish": None}, 0),
                "what it has not")
    check("measured nothing" in place.run("shm-inspect", "--perf", name).expect(0).out, "in words")


@test
def nonsense_in_the_counts_does_no_harm(place):
    name, path, good = dead_segment(place)
    for word in (2**64 - 1, 2**63, 1, 0x8000000000000001):
        content = bytearray(good)
        content[1320:2024] = word.to_bytes(8, "little") * 88
        with open(path, "wb") as file:
            file.write(content)
        for arguments in (["--perf"], ["--perf", "--json"], ["--json"], []):
            place.run("shm-inspect", *arguments, name).expect(0)
        check(max(map(len, place.run("shm-inspect", "--perf", name).out.splitlines())) < 200, "lines of some length")


@test
def it_can_be_watched(place):
    name = place.segment()
    start_writer(place, name, frames=100000, interval_ms=5)
    shown = place.run("shm-inspect", "--watch", "--perf", "--interval", "300ms", "--count", "2").expect(0)
    check_equal(shown.out.count("STAGE "), 2, "looks")
    lines = place.run("shm-inspect", "--watch", "--perf", "--json", "--interval", "300ms", "--count", "3",
                      name).expect(0).out.splitlines()
    frames = [json.loads(line)["stages"]["publish"]["frames"] for line in lines]
    check(len(frames) == 3 and frames[0] < frames[2], f"frames are counted on: {frames}")


@test
def without_a_name_it_is_the_only_live_one(place):
    place.run("shm-inspect", "--perf").expect(4)
    names = [place.segment(), place.segment()]
    for name in names:
        start_writer(place, name)
    shown = place.run("shm-inspect", "--perf").expect(4)
    check(all(name in shown.err for name in names), shown)
    for arguments in (["--all"], ["--layout"], ["--picture"]):
        place.run("shm-inspect", "--perf", *arguments).expect(2)


main()
