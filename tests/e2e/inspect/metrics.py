# SPDX-License-Identifier: Apache-2.0
import os
import random

from actors import dead_segment, kill, signed, start_reader, start_writer
from e2e import check, check_equal, main, test, wait_until
from exposition import parse, value


def metrics(place, *arguments, **more):
    shown = place.run("shm-inspect", "--metrics", *arguments, **more).expect(0)
    check_equal(shown.err, "", "stderr")
    return parse(shown.out)


@test
def without_segments_it_says_so_and_succeeds(place):
    samples = metrics(place)
    check_equal(samples, {("shm_video_segments", frozenset()): 0.0}, "all there is")


@test
def everything_stands_there_for_each_segment(place):
    names = sorted(place.segment(stem) for stem in ("b", "a"))
    writers = [start_writer(place, name) for name in names]
    reader = start_reader(place, names[0])
    wait_until(lambda: value(metrics(place), "shm_video_readers", segment=names[0]) == 1, 20, "the reader")
    samples = metrics(place)
    for name in names:
        expected = {"shm_video_segment_up": 1, "shm_video_frames_published_total": 5, "shm_video_slots": 4,
                    "shm_video_frames_revoked_total": 0, "shm_video_source_reopened_total": 0,
                    "shm_video_nominal_frames_per_second": 25, "shm_video_segment_generation": 1,
                    "shm_video_last_frame_bytes": 32 * 16 * 3}
        for metric, number in expected.items():
            check_equal(value(samples, metric, segment=name), number, f"{metric} of {name}")
        check_equal(value(samples, "shm_video_frames_dropped_total", segment=name, cause="late"), 3, "dropped")
        check_equal(value(samples, "shm_video_segment_state", segment=name, state="dead"), 0, "not dead")
        check(value(samples, "shm_video_last_frame_age_seconds", segment=name) >= 0, "the age of the newest frame")
        info = value(samples, "shm_video_segment_info", segment=name, format="BGR24", width="32", height="16",
                     source="made up", program="segment_actor")
        check_equal(info, 1, "what it is")
        frames = value(samples, "shm_video_stage_duration_seconds_count", segment=name, stage="publish")
        check_equal(frames, 5, "frames whose publishing was measured")
        check_equal(value(samples, "shm_video_stage_duration_seconds_count", segment=name, stage="read"), None, "read")
    who = {"segment": names[0], "program": "segment_actor", "pid": str(reader.pid)}
    check(value(samples, "shm_video_reader_frames_seen_total", **who) is not None, "the reader's frames")
    check_equal(value(samples, "shm_video_segments"), 2, "the number of segments")
    kill(place, writers[0])
    check_equal(value(metrics(place), "shm_video_segment_state", segment=names[0], state="dead"), 1, "dead")


@test
def counters_move_while_frames_come(place):
    name = place.segment()
    place.start("shm-capture", "--device", "pattern", "--name", name, "-r", "320x240", "-f", "50")
    wait_until(lambda: value(metrics(place), "shm_video_frames_published_total", segment=name), 20, "a frame")
    before = metrics(place, name)
    wait_until(lambda: value(metrics(place, name), "shm_video_frames_published_total", segment=name) >
               value(before, "shm_video_frames_published_total", segment=name) + 10, 20, "more frames")
    after = metrics(place, name)
    for stage in ("convert", "publish"):
        for metric in ("shm_video_stage_duration_seconds_count", "shm_video_stage_duration_seconds_sum"):
            check(value(after, metric, segment=name, stage=stage) > value(before, metric, segment=name, stage=stage),
                  f"{metric} of {stage} rose")
    # The two figures are read one after the other, while frames come.
    published = value(after, "shm_video_frames_published_total", segment=name)
    converted = value(after, "shm_video_stage_duration_seconds_count", segment=name, stage="convert")
    check(abs(published - converted) <= 2, f"each published frame was filled: {converted} of {published}")


@test
def a_name_means_that_one_only_and_may_be_away(place):
    names = [place.segment(), place.segment()]
    for name in names:
        start_writer(place, name)
    for shown in (metrics(place, names[1]), metrics(place, env={"SHM_VIDEO_NAME": names[1]})):
        check_equal(value(shown, "shm_video_segments"), 1, "segments")
        check_equal(value(shown, "shm_video_segment_up", segment=names[1]), 1, "the one that was named")
    shown = metrics(place, "--all", env={"SHM_VIDEO_NAME": names[1]})
    check_equal(value(shown, "shm_video_segments"), 2, "all of them")
    away = metrics(place, "nobody")
    check_equal(away, {("shm_video_segments", frozenset()): 1.0,
                       ("shm_video_segment_up", frozenset([("segment", "nobody")])): 0.0}, "one that is not there")


@test
def what_strangers_write_cannot_leave_its_quotes(place):
    name, path, content = dead_segment(place)
    hostile = b'x"} 1\\ \\" \xff\xc3\x28 \xf0\x9f\x8e\xa5 {a="b"}\nevil 1\r\n'
    content[352:352 + 512] = hostile + bytes(512 - len(hostile))
    content[320:352] = b'"},\\' + bytes(28)
    with open(path, "wb") as file:
        file.write(signed(content))
    samples = metrics(place)
    info = [dict(labels) for metric, labels in samples if metric == "shm_video_segment_info"]
    check_equal([entry["segment"] for entry in info], [name], "the segments that are described")
    check_equal(info[0]["source"], 'x"} 1\\ \\" \ufffd\ufffd( \U0001f3a5 {a="b"}?evil 1??', "its source")
    check_equal(info[0]["program"], '"},\\', "its program")
    check(not any(metric == "evil" for metric, _ in samples), "no metric of a stranger's")


@test
def a_damaged_segment_is_down_and_hides_no_other(place):
    bad, path, good = dead_segment(place)
    name = place.segment()
    start_writer(place, name)
    random.seed(4)
    for content in (b"SHMVIDEO", good[:100], good[:5000], good[:-1], b"SHMVIDEO" + random.randbytes(20000),
                    good[:16] + random.randbytes(1000) + good[1016:]):
        with open(path, "wb") as file:
            file.write(content)
        samples = metrics(place)
        check_equal(value(samples, "shm_video_segment_up", segment=bad), 0, f"{len(content)} bytes of a segment")
        check_equal(value(samples, "shm_video_segment_up", segment=name), 1, "the other one")
    for _ in range(8):  # and whatever stands behind the checksum
        content = good[:1024] + random.randbytes(3072) + good[4096:]
        with open(path, "wb") as file:
            file.write(content)
        check_equal(value(metrics(place), "shm_video_segment_up", segment=name), 1, "the other one")


@test
def the_textfile_collectors_line_works(place):
    start_writer(place, place.segment())
    script = "shm-inspect --metrics >shm_video.tmp && mv shm_video.tmp shm_video.prom"
    place.run("/bin/sh", "-c", script, env={"PATH": os.environ["SHMVIDEO_BIN"] + ":" + os.environ["PATH"]}).expect(0)
    with open(os.path.join(place.scratch, "shm_video.prom"), encoding="utf-8") as file:
        check_equal(value(parse(file.read()), "shm_video_segments"), 1, "segments")


@test
def it_goes_with_nothing_else(place):
    for arguments in (["--json"], ["--watch"], ["--perf"], ["--names"]):
        shown = place.run("shm-inspect", "--metrics", *arguments).expect(2)
        check(not shown.out and shown.err.count("\n") == 1, shown)


main()
