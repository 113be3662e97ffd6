# SPDX-License-Identifier: Apache-2.0
"""What a running tool takes over from its configuration when SIGHUP tells it to read it again."""
import json
import os
import signal
import socket

from e2e import *
from settings import write

LOG = os.environ.get("SHMVIDEO_FRAME_LOG", "")


def camera(**values):
    return {"vision": {"camera": {"device_id": "pattern", **values}}}


def frames(log):
    return [json.loads(line) for line in log.out.splitlines() if '"number"' in line]


def start_capture(place, content, *arguments):
    name = place.segment()
    path = write(place, content)
    capture = place.start("shm-capture", "--config", path, "-n", name, *arguments)
    capture.wait_for_output("publishing", 30)
    return name, path, capture


def start_log(place, name):
    if not os.access(LOG, os.X_OK):
        skip("SHMVIDEO_FRAME_LOG names no program")
    return place.start(LOG, name, 1_000_000, 60)


def hang_up(process, pattern, seconds=30):
    """Sends SIGHUP and waits for what is said after it."""
    seen = len(process.err)
    process.send_signal(signal.SIGHUP)
    wait_until(lambda: re.search(pattern, process.err[seen:]) or not process.is_running, seconds,
               lambda: f"{pattern!r}, instead of {process.err[seen:]!r}")
    check(process.is_running, lambda: f"it goes on: {process.err[-500:]!r}")
    return process.err[seen:]


@test
def a_reader_stays_when_a_capture_takes_over_another_size(place):
    name, path, capture = start_capture(place, camera(resolution=[320, 240], fps=30))
    log = start_log(place, name)
    wait_until(lambda: len(frames(log)) > 5, 30, "frames before")
    write(place, camera(resolution=[640, 480], fps=10))
    said = hang_up(capture, r"frames come from pattern now")
    check("configuration read again: vision.camera.resolution 320x240 -> 640x480" in said, said)
    check("vision.camera.fps 30 -> 10" in said, said)
    wait_until(lambda: frames(log)[-1]["width"] == 640 and len(frames(log)) > 10, 30, "frames of the new size")
    wait_until(lambda: sum(f["width"] == 640 for f in frames(log)) > 2, 30, "more of them")
    check(log.is_running, "the reader was not dropped")
    seen = frames(log)
    numbers = [f["number"] for f in seen]
    check(all(a < b for a, b in zip(numbers, numbers[1:])), "numbers go on")
    first = next(f for f in seen if f["width"] == 640)
    before = [f for f in seen if f["width"] == 320][-1]
    check(first["generation"] == before["generation"] + 1, "one new generation")
    check_equal(first["number"], before["number"] + 1, "the number of the first new frame")
    check(first["discontinuity"] and not before["discontinuity"], "the first new frame says that it is one")
    check(f'"{name}"' in place.run("shm-inspect", "--json").out, "the name stays")
    capture.stop().expect(0)


@test
def a_wrong_configuration_changes_nothing(place):
    name, path, capture = start_capture(place, camera(resolution=[320, 240], fps=30))
    log = start_log(place, name)
    for content, words in (('{"vision": {"camera": {\n"fsp": 3}}}', r"settings\.json:2: unknown key"),
                           ('{"vision": {"camera":\n\n', r"settings\.json:3: "),
                           ({"vision": {"camera": {"fps": "fast"}}}, r"settings\.json:4: vision\.camera\.fps: ")):
        write(place, content)
        said = hang_up(capture, words + r".*everything stays as it was")
        check_equal(said.count("everything stays"), 1, "one line says so")
    os.unlink(path)
    hang_up(capture, r"cannot be read: No such file.*everything stays")
    count = len(frames(log))
    wait_until(lambda: len(frames(log)) > count + 5, 30, "frames go on")
    check_equal({f["generation"] for f in frames(log)}, {1}, "generations")
    capture.stop().expect(0)


@test
def a_configuration_that_was_taken_away_from_its_usual_place_leaves_the_defaults(place):
    path = os.path.join(place.env["XDG_CONFIG_HOME"], "shm-video", "config.json")
    os.mkdir(os.path.dirname(path))
    with open(path, "w", encoding="utf-8") as file:
        json.dump(camera(resolution=[320, 240], fps=10), file)
    capture = place.start("shm-capture", "-n", place.segment(), "-d", "pattern")
    capture.wait_for_output("320x240 BGR24 at 10/s", 30)
    os.unlink(path)
    hang_up(capture, "configuration read again: vision.camera.resolution 320x240 -> unset; vision.camera.fps 10 -> ")
    hang_up(capture, "SIGHUP: there is no configuration file to read again")
    capture.stop().expect(0)


@test
def what_needs_a_restart_is_told_and_the_rest_is_taken_over(place):
    _, _, capture = start_capture(place, {**camera(fps=30), "shm-capture": {"slots": 4}})
    write(place, {**camera(fps=30), "shm-capture": {"slots": 9}, "video": {"log": {"level": "debug"}}})
    said = hang_up(capture, r"this needs a restart: .*")
    check("this needs a restart: shm-capture.slots 4 -> 9" in said, said)
    check("configuration read again: video.log.level info -> debug" in said, said)
    check("frames come from" not in said, "the source stays where only the log changes")
    write(place, {**camera(fps=30), "shm-capture": {"slots": 8}, "video": {"log": {"level": "debug"}}})
    hang_up(capture, "needs a restart: shm-capture.slots 4 -> 8")
    write(place, {**camera(fps=30), "shm-capture": {"slots": 4}, "video": {"log": {"level": "debug"}}})
    hang_up(capture, "configuration read again: nothing changed")
    capture.stop().expect(0)


@test
def a_source_that_does_not_open_is_retried_until_it_does(place):
    name, _, capture = start_capture(place, camera(resolution=[320, 240]))
    film = os.path.join(place.scratch, "film.y4m")
    write(place, camera(device_id=film))
    hang_up(capture, r"film\.y4m.*trying again")
    look = json.loads(place.run("shm-inspect", name, "--json").out)
    check_equal(look["source_state"], "reconnecting", "what readers are told")
    with open(film, "wb") as file:
        file.write(b"YUV4MPEG2 W160 H120 F20:1 Ip A1:1 C420jpeg\n" + (b"FRAME\n" + bytes([90]) * 28800) * 400)
    capture.wait_for_output(r"frames come from .*film\.y4m now", 30)
    look = json.loads(place.run("shm-inspect", name, "--json").out)
    check_equal(look["width"], 160, "the width: what a configuration says is for cameras")
    check("film.y4m" in look["source"], lambda: f"readers are told where frames come from: {look['source']}")
    capture.stop().expect(0)


@test
def frames_are_logged_as_often_as_the_configuration_says(place):
    _, _, capture = start_capture(place, {**camera(fps=50), "frame_log_interval": 10})
    capture.wait_for_output(r"frame \d+: 10 in \d+\.\d+ s, \d+\.\d/s", 30)
    write(place, {**camera(fps=50), "frame_log_interval": 7})
    hang_up(capture, r"frame \d+: 7 in ")
    capture.stop().expect(0)


@test
def a_viewer_stays_when_a_server_takes_over_other_defaults(place):
    name = place.segment()
    place.start("shm-capture", "-d", "pattern", "-n", name, "-r", "320x240").wait_for_output("publishing", 30)
    port = free_port()
    path = write(place, {"api": {"stream": {"framerate": {"default_fps": 5}}}})
    server = place.start("shm-mjpeg", name, "--config", path, "-p", port)
    server.wait_for_output("listening on", 30)
    with socket.create_connection(("127.0.0.1", port), 30) as viewer:
        viewer.sendall(b"GET /stream/video HTTP/1.0\r\n\r\n")
        viewer.settimeout(30)
        check(viewer.recv(65536), "the viewer gets something")
        write(place, {"api": {"stream": {"framerate": {"default_fps": 20, "max_fps": 25},
                                         "quality": {"min_jpeg_quality": 40},
                                         "performance": {"frame_log_interval": 20}}},
                      "shm-mjpeg": {"host": "127.0.0.2"}})
        said = hang_up(server, "needs a restart: shm-mjpeg.host 127.0.0.1 -> 127.0.0.2")
        check("api.stream.framerate.default_fps 5 -> 20" in said, said)

        def log_line():
            check(viewer.recv(1 << 20), "the viewer is not dropped")
            return re.search(r"frame \d+, 20 since the last such line, [\d.]+ s, ([\d.]+)/s", server.err)
        check(float(wait_until(log_line, 30, "a line about 20 frames").group(1)) > 5.5,
              "who asked for nothing gets the new rate")
    # requests for what is not allowed any more are answered with what is
    for query, limits in (("fps=26", "from 1 to 25"), ("quality=39", "from 40 to 100")):
        status, _, body = http_get(port, f"/stream/video?{query}")
        check(status == 400 and limits in body.decode(), lambda: f"{query}: {body!r}")
    server.stop().expect(0)


@test
def watching_takes_over_its_interval(place):
    path = write(place, {"shm-inspect": {"interval": 3600}})
    watching = place.start("shm-inspect", "--watch", "--json", "--config", path)
    wait_until(lambda: watching.out, 20, "the first look")
    write(place, {"shm-inspect": {"interval": "20ms"}})
    hang_up(watching, "shm-inspect.interval 1h -> 20ms")
    wait_until(lambda: watching.out.count("\n") > 3, 20, "more looks")
    watching.stop().expect(0)


@test
def a_log_file_that_was_moved_away_is_opened_again(place):
    log = os.path.join(place.scratch, "log")
    name = place.segment()
    capture = place.start("shm-capture", "-d", "pattern", "-n", name, "--log-file", log)
    wait_until(lambda: os.path.exists(log) and "publishing" in open(log, encoding="utf-8").read(), 30, "the log")
    os.rename(log, log + ".1")
    capture.send_signal(signal.SIGHUP)
    wait_until(lambda: os.path.exists(log) and "SIGHUP: there is no configuration file" in
               open(log, encoding="utf-8").read(), 30, "the new log")
    capture.stop().expect(0)


main()
