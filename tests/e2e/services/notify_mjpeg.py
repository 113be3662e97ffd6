# SPDX-License-Identifier: Apache-2.0
"""What shm-mjpeg tells its supervisor: a server is not to be started anew because a camera is gone."""
import glob
import json

from supervisor import *

DOG = 1


def start_server(place, supervisor, *arguments):
    server = place.start("shm-mjpeg", "--port", "0", *arguments, env=supervisor.env)
    supervisor.wait_for("READY")
    return server, int(server.wait_for_output(r"listening on http://127\.0\.0\.1:(\d+)/", PATIENCE)[1])


def start_writer(place, name):
    return place.start("shm-capture", "-d", "pattern", "-r", "64x48", "-f", "20", "--name", name)


@test
def a_server_is_ready_when_it_listens_and_tells_who_watches_what(place):
    supervisor, name = Supervisor(place), place.segment()
    server, port = start_server(place, supervisor, name)
    check_equal(http_get(port, "/healthz")[0], 503, "health without a writer")
    supervisor.wait_for_status(f"^{name}: no writer; 0 viewers$")
    start_writer(place, name)
    supervisor.wait_for_status(rf"^{name}: 64x48 BGR24, \d+\.\d/s; 0 viewers$")
    with MjpegStream(port, timeout=PATIENCE) as stream:
        next(iter(stream))
        supervisor.wait_for_status(r"; 1 viewer$")
    check_equal({pid for _, pid, _ in supervisor.messages()}, {server.pid}, "who told")
    server.send_signal(signal.SIGHUP)
    supervisor.wait_for("RELOADING")
    server.stop(signal.SIGTERM).expect()
    kinds = [key for _, _, pairs in supervisor.messages() for key in pairs if key in ("READY", "RELOADING", "STOPPING")]
    check_equal(kinds, ["READY", "RELOADING", "READY", "STOPPING"], "what was told in turn")


@test
def several_segments_are_counted(place):
    supervisor, names = Supervisor(place), [place.segment(), place.segment()]
    start_server(place, supervisor, *names)
    supervisor.wait_for_status("^2 segments, 0 live; 0 viewers$")
    start_writer(place, names[1])
    supervisor.wait_for_status("^2 segments, 1 live; 0 viewers$")


@test
def a_server_is_alive_whatever_becomes_of_the_writer(place):
    supervisor, name = Supervisor(place, DOG), place.segment()
    server, port = start_server(place, supervisor, name)
    supervisor.wait_for("WATCHDOG", times=4)
    writer = start_writer(place, name)
    wait_until(lambda: http_get(port, "/healthz")[0] == 200, PATIENCE, "frames")
    with MjpegStream(port, timeout=PATIENCE) as stream:
        next(iter(stream))
        supervisor.wait_for("WATCHDOG", times=4)
        writer.send_signal(signal.SIGSTOP)
        wait_until(lambda: "stalled" in http_get(port, "/healthz")[2].decode(), PATIENCE, "a writer that is stalled")
        supervisor.wait_for("WATCHDOG", times=8)
        writer.kill()
        supervisor.wait_for_status(f"^{name}: no writer; 1 viewer$")
        supervisor.wait_for("WATCHDOG", times=8)
    check(server.is_running, lambda: server.err)
    place.leaves_segments = True  # its writer was killed


@test
def a_server_that_is_stopped_is_not_alive(place):
    supervisor = Supervisor(place, DOG, is_abstract=True)
    server, _ = start_server(place, supervisor, place.segment())
    supervisor.wait_for("WATCHDOG", times=2)
    server.send_signal(signal.SIGSTOP)
    supervisor.wait_for_silence("WATCHDOG", 2 * DOG)
    server.send_signal(signal.SIGCONT)
    supervisor.wait_for("WATCHDOG", times=2)


@test
def the_capture_of_a_servers_own_camera_has_no_supervisor(place):
    supervisor = Supervisor(place, DOG)
    config = os.path.join(place.scratch, "config.json")
    with open(config, "w", encoding="utf-8") as file:
        json.dump({"vision": {"camera": {"device_id": "pattern", "resolution": [64, 48]}}}, file)
    server, port = start_server(place, supervisor, "--source", "camera", "--config", config)
    with MjpegStream(port, "/stream/video", timeout=PATIENCE) as stream:
        next(iter(stream))
        supervisor.wait_for("WATCHDOG", times=4)
        [child] = [pid for path in glob.glob(f"/proc/{server.pid}/task/*/children") for pid in words_of(path)]
        with open(f"/proc/{child}/environ", "rb") as file:
            given = {variable.split(b"=")[0].decode() for variable in file.read().split(b"\0")}
        check("PATH" in given and not given & {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}, f"given {given}")
    check_equal({pid for _, pid, _ in supervisor.messages()}, {server.pid}, "who told")


def words_of(path):
    with open(path, encoding="ascii") as file:
        return file.read().split()


main()
