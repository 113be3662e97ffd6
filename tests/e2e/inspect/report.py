# SPDX-License-Identifier: Apache-2.0
import json
import os
import signal

from actors import inspect_json, kill, start_reader, start_writer
from e2e import check, check_equal, main, test, wait_until


@test
def nothing_there_is_a_hint_for_people_and_an_empty_array_for_programs(place):
    shown = place.run("shm-inspect").expect(0)
    check("shm-capture" in shown.out and not shown.err, shown)
    check_equal(inspect_json(place), [], "the array")
    check_equal(place.run("shm-inspect", "--names").expect(0).out, "", "the names")


@test
def a_name_that_is_not_there_is_status_4(place):
    shown = place.run("shm-inspect", "nobody").expect(4)
    check_equal(shown.out, "", "stdout")
    check(shown.err.startswith("shm-inspect: ") and "'nobody'" in shown.err and shown.err.count("\n") == 1, shown)


@test
def a_name_that_is_not_there_is_answered_with_those_that_are_and_how_to_make_it(place):
    for arguments in (["nobody"], ["--save", "now.png", "nobody"], ["--watch", "nobody"]):
        shown = place.run("shm-inspect", *arguments).expect(4)
        check_equal(shown.err, "shm-inspect: there is no segment 'nobody'; "
                    "this makes it: shm-capture --name nobody\n", f"{arguments} without any segment")
    names = sorted(place.segment(stem) for stem in ("b", "a"))
    writers = [start_writer(place, name) for name in names]
    shown = place.run("shm-inspect", "nobody").expect(4)
    check_equal(shown.err, f"shm-inspect: there is no segment 'nobody', but there are: {names[0]}, {names[1]}; "
                "this makes it: shm-capture --name nobody\n", "with others")
    for writer in writers:
        kill(place, writer)
    shown = place.run("shm-inspect", "--save", "now.png").expect(4)
    check(f"({names[0]}, {names[1]})" in shown.err and "'shm-capture'" in shown.err, f"the dead ones in: {shown}")


@test
def a_missing_directory_is_an_error_that_names_it(place):
    for arguments in ([], ["--json"], ["--names"], ["--watch"], ["nobody"], ["--picture"]):
        shown = place.run("shm-inspect", *arguments, env={"SHM_VIDEO_DIR": "/nonexistent"}).expect(1)
        check(shown.err.startswith("shm-inspect: SHM_VIDEO_DIR: there is no directory '/nonexistent'"), shown)
        check(not shown.out and shown.err.count("\n") == 1, shown)


@test
def a_wait_for_a_segment_ends_when_it_comes(place):
    name = place.segment()
    waiting = place.start("shm-inspect", "--wait", "20s", name)
    start_writer(place, name)
    check(name in waiting.wait().expect(0).out, "the report of the segment that came")


@test
def a_wait_in_vain_is_status_4(place):
    check(place.run("shm-inspect", "--wait", "100ms", "nobody").expect(4).seconds >= 0.1, "it waited")


@test
def json_has_all_the_keys_and_true_values(place):
    name = place.segment()
    writer = start_writer(place, name, "BGR24", "33x17", frames=5)
    report = inspect_json(place, name)
    expected = {"name": name, "path": os.path.join(place.directory, name), "state": "live", "source_state": "ok",
                "generation": 1, "kind": "raw", "format": "BGR24", "width": 33, "height": 17, "nominal_fps": 25,
                "slots": 4, "published": 5, "dropped": 3, "revoked": 0, "source": "made up", "readers": [],
                "abi": "1.1", "mode": "0640", "owner": {"uid": os.getuid(), "gid": os.getgid()}}
    for key, value in expected.items():
        check_equal(report[key], value, key)
    check_equal(report["dropped_by_cause"], {"source": 0, "corrupt": 0, "too_large": 0, "no_slot": 0, "late": 3},
                "drops by cause")
    check_equal(report["last_frame"]["number"], 5, "the newest frame")
    check_equal(report["last_frame"]["bytes"], 33 * 17 * 3, "its bytes")
    check(report["last_frame"]["age_ms"] >= 0, "its age")
    check_equal(report["writer"]["pid"], writer.pid, "the writer's pid")
    check_equal(report["writer"]["program"], "segment_actor", "the writer's program")
    check_equal(report["file_bytes"], os.path.getsize(report["path"]), "the size of the file")
    check(report["slot_capacity_bytes"] >= 33 * 17 * 3, "the capacity")


@test
def readers_are_shown_with_what_they_do(place):
    name = place.segment()
    start_writer(place, name, frames=100000, interval_ms=5)
    reader = start_reader(place, name, "hold", 200)
    wait_until(lambda: any(r["missed"] > 0 for r in inspect_json(place, name)["readers"]), 20, "frames that it missed")
    shown = inspect_json(place, name)["readers"][0]
    check_equal((shown["pid"], shown["program"], shown["grade"]), (reader.pid, "segment_actor", "hold"), "who it is")
    check(shown["seen"] > 0 and shown["held"] == 1, f"it holds one frame of those that it saw: {shown}")
    text = place.run("shm-inspect", name).expect(0).out
    check(str(reader.pid) in text and "hold" in text, text)


@test
def the_list_has_a_line_for_each_and_the_names_alone(place):
    names = sorted(place.segment(stem) for stem in ("b", "a"))
    for name in names:
        start_writer(place, name)
    lines = place.run("shm-inspect").expect(0).out.splitlines()
    check_equal(len(lines), 3, "a heading and two lines")
    check([line.split()[0] for line in lines[1:]] == names, lines)
    check_equal([entry["name"] for entry in inspect_json(place)], names, "the array")
    check_equal(place.run("shm-inspect", "--names").out.split(), names, "the names")


@test
def the_environment_names_the_segment_and_all_overrides_it(place):
    names = [place.segment(), place.segment()]
    for name in names:
        start_writer(place, name)
    shown = place.run("shm-inspect", "--json", env={"SHM_VIDEO_NAME": names[1]}).expect(0)
    check_equal(json.loads(shown.out)["name"], names[1], "the one in the environment")
    shown = place.run("shm-inspect", "--json", "--all", env={"SHM_VIDEO_NAME": names[1]}).expect(0)
    check_equal(len(json.loads(shown.out)), 2, "all of them")


@test
def a_dead_writer_is_a_report(place):
    name = place.segment()
    writer = start_writer(place, name)
    kill(place, writer)
    report = inspect_json(place, name)
    check_equal(report["state"], "dead", "the state")
    check_equal(report["last_frame"]["number"], 5, "what it left")
    check("dead" in place.run("shm-inspect", name).expect(0).out, "the word for people")
    check("dead" in place.run("shm-inspect").expect(0).out, "the word in the list")


@test
def a_stalled_writer_is_a_report(place):
    name = place.segment()
    writer = start_writer(place, name)
    writer.send_signal(signal.SIGSTOP)
    wait_until(lambda: inspect_json(place, name)["state"] == "stalled", 20, "the state of a stopped writer")
    check("stalled" in place.run("shm-inspect", name).expect(0).out, "the word for people")


@test
def a_closed_output_is_a_quiet_stop(place):
    start_writer(place, place.segment())
    # The shell gives the status of head; what shm-inspect thinks of it goes to a file.
    script = "{ shm-inspect --watch --interval 10ms; echo $? >status; } | head -n 1"
    shown = place.run("/bin/sh", "-c", script, env={"PATH": os.environ["SHMVIDEO_BIN"] + ":" + os.environ["PATH"]})
    check_equal(open(os.path.join(place.scratch, "status"), encoding="ascii").read(), "0\n", "the status")
    check_equal((shown.status, shown.err), (0, ""), "status and stderr")


@test
def the_layout_is_that_of_the_header(place):
    layout = json.loads(place.run("shm-inspect", "--layout", "--json").expect(0).out)
    sizes = {name: structure["bytes"] for name, structure in layout["structures"].items()}
    check_equal(sizes, {"shmv_header": 4096, "shmv_stage_times": 232, "shmv_descriptor": 256,
                        "shmv_readers_header": 128, "shmv_reader_entry": 128}, "sizes")
    fields = {field["name"]: field for field in layout["structures"]["shmv_header"]["fields"]}
    check_equal(fields["latest"], {"name": "latest", "offset": 1024, "bytes": 8, "type": "uint64"}, "one field")
    check_equal(layout["constants"]["SHMV_MAGIC"], int.from_bytes(b"SHMVIDEO", "little"), "the magic number")
    text = place.run("shm-inspect", "--layout").expect(0).out
    check("shmv_header, 4096 bytes" in text and "latest" in text, text)


@test
def two_things_at_once_are_wrong_use(place):
    for arguments in (["--watch", "--layout"], ["--remove"], ["--save", "x.gif"], ["--count", "1"],
                      ["--interval", "1ms"], ["--all", "--picture"], ["--watch", "--duration", "0"]):
        shown = place.run("shm-inspect", *arguments).expect(2)
        check(not shown.out and shown.err.count("\n") == 1, shown)


main()
