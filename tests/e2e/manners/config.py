# SPDX-License-Identifier: Apache-2.0
"""Configuration files: where they are looked for, what wins, what is refused and how, what is left alone."""
import json
import os

from e2e import *
from settings import TOOLS, check_refused, printed, write

FPS = "vision.camera.fps"
SEEDS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "seed_config.json")


def fps(value):
    return {"vision": {"camera": {"fps": value}}}


def config_folder(place, *parts):
    folder = os.path.join(place.scratch, *parts, "shm-video")
    os.makedirs(folder, exist_ok=True)
    return folder


@test
def an_option_wins_over_the_environment_over_the_file_over_the_default(place):
    path = write(place, {"video": {"shared_memory_name": "of-file"}})
    key = "video.shared_memory_name"
    named = {"SHM_VIDEO_NAME": "of-environment"}
    check_equal(printed(place, "shm-capture")[key], "billiards_video", "the default")
    check_equal(printed(place, "shm-capture", "--config", path)[key], "of-file", "of the file")
    check_equal(printed(place, "shm-capture", "--config", path, env=named)[key], "of-environment", "of both")
    check_equal(printed(place, "shm-capture", "--config", path, "-n", "of-option", env=named)[key], "of-option",
                "of all three")
    shown = place.run("shm-capture", "--config", path, "--print-config", "-f", "25", env=named).out
    for words in (f"Configuration: {path}", "// environment SHM_VIDEO_NAME", "// option --fps", "// default"):
        check(words in shown, lambda: f"{words!r} in {shown}")
    check(f"// {path}:3" in place.run("shm-capture", "--config", path, "--print-config").out, "file and line")


@test
def how_much_is_said_is_decided_by_the_command_line_before_the_file(place):
    quiet = write(place, {"video": {"log": {"quiet": True}}})
    arguments = ("shm-capture", "-d", "pattern", "-n", place.segment(), "-c", "1", "--config", quiet)
    check_equal(place.run(*arguments).expect(0).err, "", "what a quiet one says")
    for louder in (("--verbose",), ("--log-level", "info")):
        said = place.run(*arguments, *louder).expect(0).err
        check("publishing" in said, lambda: f"{louder}: {said!r}")
    both = place.run(*arguments, "--verbose", "--quiet").expect(2).err
    check("--quiet and --verbose contradict each other" in both, both)


@test
def what_is_printed_is_what_is_done(place):
    name, other = place.segment(), place.segment()
    path = write(place, {"video": {"shared_memory_name": name},
                         "vision": {"camera": {"device_id": "pattern", "resolution": [320, 240], "fps": 20}}})
    capture = place.start("shm-capture", "--config", path)
    capture.wait_for_output(f"publishing pattern as {name} ", 30)
    option = place.start("shm-capture", "--config", path, "-n", other, "-r", "160x120")
    option.wait_for_output(f"publishing pattern as {other} ", 30)
    for segment, width in ((name, 320), (other, 160)):
        look = json.loads(place.run("shm-inspect", segment, "--json").out)
        check_equal(look["width"], width, f"the width of {segment}")
    check(f'"{name}"' in place.run("shm-inspect", "--config", path, "--json").out, "another tool reads the same")


@test
def it_is_looked_for_in_the_usual_places_and_not_in_the_working_directory(place):
    home = {"HOME": place.scratch, "XDG_CONFIG_HOME": ""}
    xdg = {"HOME": place.scratch, "XDG_CONFIG_HOME": os.path.join(place.scratch, "xdg")}
    with open(os.path.join(place.scratch, "config.json"), "w", encoding="utf-8") as file:
        json.dump(fps(11), file)  # the tools run here
    check_equal(printed(place, "shm-capture", env=xdg).get(FPS), None, "with ./config.json alone")
    check_equal(printed(place, "shm-capture", "--config", "config.json", env=xdg)[FPS], 11, "when it is named")
    for parts, value in (((".config",), 12), (("xdg",), 13)):
        with open(os.path.join(config_folder(place, *parts), "config.json"), "w", encoding="utf-8") as file:
            json.dump(fps(value), file)
    check_equal(printed(place, "shm-capture", env=home)[FPS], 12, "of ~/.config")
    check_equal(printed(place, "shm-capture", env=xdg)[FPS], 13, "of XDG_CONFIG_HOME")
    check_equal(printed(place, "shm-capture", env={**home, "XDG_CONFIG_HOME": "xdg"})[FPS], 12,
                "where XDG_CONFIG_HOME is relative, and so to be ignored")
    named = write(place, fps(14))
    check_equal(printed(place, "shm-capture", env={**xdg, "SHM_VIDEO_CONFIG": named})[FPS], 14,
                "of SHM_VIDEO_CONFIG")
    other = write(place, fps(15), "other.json")
    check_equal(printed(place, "shm-capture", "--config", other, env={**xdg, "SHM_VIDEO_CONFIG": named})[FPS], 15,
                "of --config")


@test
def a_key_that_nobody_has_is_refused_with_its_place_and_the_nearest_one(place):
    for text, line, words in (
            ('{"vision": {"camera": {\n"fsp": 3}}}', 2, ["unknown key 'vision.camera.fsp'", "vision.camera.fps"]),
            ('{"video": {"shared_memory_nam": "x"}}', 1, ["did you mean video.shared_memory_name?"]),
            ('{"video":\n{"fps": 30}}', 2, ["unknown key 'video.fps'", "vision.camera.fps"]),
            ('{\n"shm-capture": {"slotz": 3}}', 2, ["did you mean shm-capture.slots?"]),
            ('{"video": 5}', 1, ["'video' is a section"]),
            ('{"vision": {"camera": [1]}}', 1, ["'vision.camera' is a section"]),
            ('{"vision": {"camera": {"fps": 3,\n\n"fps": 4}}}', 3, ["stands in line 1 already"]),
            ('{"vision.camera.fps": 3,\n"vision": {"camera": {"fps": 4}}}', 2, ["stands in line 1 already"])):
        check_refused(place, "shm-capture", write(place, text), *words, line=line)


@test
def what_is_no_json_is_refused_with_the_line(place):
    for text, line in (('{"vision": {\n"camera": {\n"fps" 3}}}', 3), ('{"a": 1,\n}', 2), ('{"a": 1}\n{', 2),
                       ('{"a": "b\n"}', 1), ('[1, 2]', 1), ('"text"', 1), ('{"a": 1} // fine\n/* not', 2),
                       ('{"a": nul}', 1)):
        check_refused(place, "shm-capture", write(place, text), line=line)
    for text in ("", " \n", "{}", '{"a": 1} // a comment', "/* one */ {} // two\n"):
        place.run("shm-capture", "--config", write(place, text), "--print-config").expect(0)


@test
def a_value_of_the_wrong_type_is_refused_with_what_it_has_to_be(place):
    camera = lambda key, value: (f'{{"vision": {{"camera": {{"{key}": {value}}}}}}}', f"vision.camera.{key}")
    for (text, key), words in (
            (camera("loop_video", '"often"'), "use"),  # a flag
            (camera("loop_video", "3"), "use true or false"),
            (camera("buffer_size", "true"), "use a number"),
            (camera("buffer_size", "1"), "2 to 32"),
            (camera("buffer_size", "2.5"), "2.5"),
            (camera("fps", '"fast"'), "fast"),
            (camera("fps", "[30]"), "use"),
            (camera("resolution", "[1920]"), "use [width, height]"),
            (camera("resolution", '"wide"'), "wide"),
            (camera("backend", '"v4l3"'), "did you mean v4l2?"),
            (camera("backend", "1"), "1"),
            (camera("auto_reconnect", '"maybe"'), "maybe"),
            (camera("device_id", "true"), "use text"),
            (camera("exposure_mode", '"bright"'), "bright"),
            (('{"video": {"shared_memory_name": "no/good"}}', "video.shared_memory_name"), "no/good"),
            (('{"video": {"log": {"level": "loud"}}}', "video.log.level"), "loud"),
            (('{"video": {"log": {"file": [1]}}}', "video.log.file"), "use text"),
            (('{"shm-capture": {"stall_timeout": -1}}', "shm-capture.stall_timeout"), "-1"),
            (('{"shm-capture": {"stall_timeout": {"s": 1}}}', "shm-capture.stall_timeout"), ""),
            (('{"shm-capture": {"mode": 999}}', "shm-capture.mode"), "999"),
            (('{"shm-capture": {"control": {"a": 1}}}', "shm-capture.control"), "")):
        check_refused(place, "shm-capture", write(place, text), key, words, line=1)
    check_refused(place, "shm-record", write(place, '{"shm-record": {"queue": "large"}}'), "shm-record.queue", line=1)
    check_refused(place, "shm-record", write(place, '{"shm-record": {"bitrate": "much"}}'), "much", line=1)


@test
def a_file_that_cannot_be_read_is_refused(place):
    missing = os.path.join(place.scratch, "missing.json")
    check_refused(place, "shm-capture", missing, missing, "No such file")
    check_refused(place, "shm-capture", None, missing, "No such file", env={"SHM_VIDEO_CONFIG": missing})
    check_refused(place, "shm-capture", place.scratch, "Is a directory")
    large = write(place, "{}" + " " * (2 << 20), "large.json")
    check_refused(place, "shm-capture", large, "1 MiB")
    if os.geteuid() != 0:
        secret = write(place, "{}", "secret.json")
        os.chmod(secret, 0)
        check_refused(place, "shm-capture", secret, "Permission denied")
    # Help is to be had whatever else is wrong.
    place.run("shm-capture", "--help", env={"SHM_VIDEO_CONFIG": missing}).expect(0)
    place.run("shm-capture", "--version", env={"SHM_VIDEO_CONFIG": missing}).expect(0)


@test
def sections_of_others_are_left_alone_and_keys_without_effect_are_said_to_be(place):
    path = write(place, {"audio": {"volume": 11}, "vision": {"detection": [{"a": [1]}]}, "api": {"port": 1},
                         "video": {"process": {"main_loop_sleep": 0.001}, "use_shared_memory": True}})
    for tool in TOOLS:
        printed(place, tool, "--config", path)
    capture = place.start("shm-capture", "-d", "pattern", "-n", place.segment(), "--config", path)
    capture.wait_for_output(r"video\.process\.main_loop_sleep has no effect: a new frame wakes", 30)
    check("use_shared_memory" not in capture.err, "what has an effect, if not here, is no remark")
    capture.stop().expect(0)


@test
def what_is_printed_is_read_again_to_the_same_values(place):
    arguments = {"shm-capture": ["-d", "pattern", "-r", "320x240", "-f", "30000/1001", "--on-loss", "exit",
                                 "--control", "gain=3", "--control", "power_line_frequency=1", "--mode", "0600"],
                 "shm-inspect": ["--interval", "1500ms"], "shm-mjpeg": ["-q", "70", "--max-fps", "50"],
                 "shm-record": ["-o", 'a "quoted" \\ name.mkv', "--bitrate", "800k", "--queue", "12M"],
                 "shm-bench": ["--clients", "3"]}
    for tool in TOOLS:
        for given in ([], arguments[tool]):
            shown = place.run(tool, "--print-config", *given).expect(0).out
            before = printed(place, tool, *given)
            again = printed(place, tool, "--config", write(place, shown))
            check_equal(again, before, f"what {tool} {given} prints, read again")
            check(before, f"{tool} prints something")


@test
def all_tools_take_the_seeds_configuration(place):
    for tool in TOOLS:
        values = printed(place, tool, "--config", SEEDS)
        check(values, f"{tool} reads it")
    values = printed(place, "shm-capture", "--config", SEEDS)
    check_equal((values["vision.camera.resolution"], values[FPS], values["vision.camera.buffer_size"],
                 values["vision.camera.auto_reconnect"], values["frame_log_interval"]),
                ([1920, 1080], 30, 2, True, 1), "what shm-capture makes of it")
    values = printed(place, "shm-record", "--config", SEEDS)
    check_equal(values["video.process.shutdown_timeout"], 10, "what shm-record makes of it")


@test
def a_capture_runs_with_the_seeds_configuration_from_a_pattern_and_from_a_film(place):
    name = place.segment()
    capture = place.start("shm-capture", "--config", SEEDS, "--device", "pattern", "--name", name)
    capture.wait_for_output("publishing pattern .*1920x1080", 30)
    capture.wait_for_output(r"frame \d+: 1 in ", 30)
    server = place.start("shm-mjpeg", "--config", SEEDS, name, "-p", free_port())
    server.wait_for_output("listening on", 30)
    film = os.path.join(place.scratch, "seed.mkv")
    recorded = place.run("shm-record", "--config", SEEDS, "--name", name, "-o", film, "--codec", "mjpeg",
                         "-c", "10", timeout=60)
    recorded.expect(0)
    capture.stop().expect(0)
    server.stop().expect(0)
    other = os.path.join(place.scratch, "small.y4m")
    with open(other, "wb") as file:
        file.write(b"YUV4MPEG2 W160 H120 F50:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + bytes([90]) * 28800) * 200)
    played = place.start("shm-capture", "--config", SEEDS, "--name", name, "--log-level", "debug",
                         env={"VIDEO_FILE": other})
    played.wait_for_output("publishing .*160x120 .* at 50/s", 30)
    check("is for cameras" in played.err, lambda: f"it is said why: {played.err[-800:]}")
    played.stop().expect(0)
    asked = place.start("shm-capture", "--config", SEEDS, "--name", name, "-r", "320x240", "-d", other)
    asked.wait_for_output("publishing .*320x240", 30)
    asked.stop().expect(0)


main()
