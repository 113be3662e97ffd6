# SPDX-License-Identifier: Apache-2.0
"""What shm-capture tells its supervisor: that it is ready, how it goes, and that it is alive while frames come."""
from supervisor import *

DOG = 1  # seconds of the supervisor's patience


def start(place, supervisor, *arguments, env=None):
    name = place.segment()
    return name, place.start("shm-capture", "--name", name, *arguments, env={**supervisor.env, **(env or {})})


@test
def a_capture_is_ready_when_its_first_frame_is_there(place):
    supervisor, feeder = Supervisor(place), Feeder(place)
    name, capture = start(place, supervisor, "-d", feeder.path)
    supervisor.wait_for_status("^opening ")
    check_equal(supervisor.count("READY"), 0, "READY=1 without a frame")
    feeder.flows = True
    supervisor.wait_for("READY")
    check('"latest": 0,' not in place.run("shm-inspect", name, "--json").expect().out, "ready without a frame")
    supervisor.wait_for_status(r"^64x48 BGR24, \d+\.\d/s, 0 readers$")
    check_equal({pid for _, pid, _ in supervisor.messages()}, {capture.pid}, "who told")
    feeder.close()


@test
def a_capture_is_alive_while_frames_come_and_at_no_other_time(place):
    supervisor, feeder = Supervisor(place, DOG, is_abstract=True), Feeder(place)
    feeder.flows = True
    start(place, supervisor, "-d", feeder.path)
    supervisor.wait_for("WATCHDOG", times=3)
    feeder.flows = False
    supervisor.wait_for_silence("WATCHDOG", 2 * DOG)
    feeder.flows = True
    supervisor.wait_for("WATCHDOG", times=3)
    feeder.close()


@test
def a_capture_that_is_stopped_is_not_alive(place):
    supervisor = Supervisor(place, DOG)
    _, capture = start(place, supervisor, "-d", "pattern", "-r", "64x48")
    supervisor.wait_for("WATCHDOG", times=2)
    capture.send_signal(signal.SIGSTOP)
    supervisor.wait_for_silence("WATCHDOG", 2 * DOG)
    capture.send_signal(signal.SIGCONT)
    supervisor.wait_for("WATCHDOG", times=2)


@test
def a_capture_that_waits_for_its_device_is_ready_and_alive_and_says_so(place):
    supervisor = Supervisor(place, DOG)
    start(place, supervisor, "-d", "/dev/video-none", "--wait-device")
    supervisor.wait_for("READY")
    supervisor.wait_for_status(r"^waiting for '/dev/video-none' since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")
    supervisor.wait_for("WATCHDOG", times=6)
    check_equal(len({pairs["STATUS"] for _, _, pairs in supervisor.messages() if "waiting" in pairs.get("STATUS", "")}),
                1, "ways to say that it waits")


@test
def a_source_that_was_lost_and_is_looked_for_leaves_a_capture_alive(place):
    supervisor = Supervisor(place, DOG)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        _, capture = start(place, supervisor, "-d", f"http://127.0.0.1:{port}/video.mjpg", "--stall-timeout", "1s",
                           "--wait-device")
        picture = jpeg(place)
        connection = accepted(server)
        connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: multipart/x-mixed-replace;boundary=b\r\n\r\n")
        for _ in range(100):
            if supervisor.count("READY") and "readers" in supervisor.status():
                break
            connection.sendall(b"--b\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(picture))
            connection.sendall(picture + b"\r\n")
            time.sleep(0.1)
        connection.close()
    supervisor.wait_for_status("^waiting for 'http")
    supervisor.wait_for("WATCHDOG", times=6)
    check(capture.is_running, lambda: capture.err)


def accepted(server):
    server.settimeout(PATIENCE)
    connection, _ = server.accept()
    connection.recv(4096)
    return connection


def jpeg(place):
    """Any picture."""
    name = place.segment()
    capture = place.start("shm-capture", "-d", "pattern", "-r", "64x48", "--name", name)
    path = os.path.join(place.scratch, "picture.jpg")
    wait_until(lambda: place.run("shm-inspect", name, "--save", path).status == 0, PATIENCE, "a picture")
    capture.stop()
    with open(path, "rb") as file:
        return file.read()


@test
def a_capture_that_cannot_open_its_device_ends_without_being_ready(place):
    supervisor = Supervisor(place, DOG)
    _, capture = start(place, supervisor, "-d", "/dev/video-none")
    check_equal(capture.wait(PATIENCE).status, 1, "status")
    check_equal(supervisor.count("READY"), 0, "READY=1")
    check("/dev/video-none" in supervisor.status(), f"the last status is {supervisor.status()!r}")


@test
def a_configuration_that_is_read_again_is_announced_and_so_is_the_end(place):
    supervisor = Supervisor(place)
    config = os.path.join(place.scratch, "config.json")
    with open(config, "w", encoding="utf-8") as file:
        file.write('{"vision": {"camera": {"device_id": "pattern", "resolution": [64, 48]}}}')
    _, capture = start(place, supervisor, "--config", config)
    supervisor.wait_for("READY")
    before = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
    capture.send_signal(signal.SIGHUP)
    supervisor.wait_for("READY")
    after = time.clock_gettime(time.CLOCK_MONOTONIC) * 1e6
    [reloading] = [pairs for _, _, pairs in supervisor.messages() if "RELOADING" in pairs]
    check_equal(reloading["RELOADING"], "1", "RELOADING")
    check(before <= int(reloading["MONOTONIC_USEC"]) <= after, f"{before} {reloading} {after}")
    kinds = [key for _, _, pairs in supervisor.messages() for key in pairs if key in ("READY", "RELOADING")]
    check_equal(kinds, ["READY", "RELOADING", "READY"], "what was told in turn")
    capture.stop(signal.SIGTERM).expect()
    check_equal(supervisor.count("STOPPING"), 1, "STOPPING=1")
    check_equal(list(supervisor.messages()[-1][2])[0], "STOPPING", "the last that was told")


@test
def a_watchdog_that_is_somebody_elses_is_not_fed(place):
    supervisor = Supervisor(place, DOG)
    _, capture = start(place, supervisor, "-d", "pattern", "-r", "64x48", env={"WATCHDOG_PID": "1"})
    supervisor.wait_for("READY")
    supervisor.wait_for_silence("WATCHDOG", DOG)
    check_equal(supervisor.count("WATCHDOG"), 0, "WATCHDOG=1")
    check(capture.is_running, lambda: capture.err)


@test
def a_capture_without_a_supervisor_or_with_one_that_is_not_there_just_works(place):
    for where in ("", "nonsense", "@", os.path.join(place.scratch, "nobody"), "/" + "x" * 200):
        name = place.segment()
        capture = place.start("shm-capture", "-d", "pattern", "-r", "64x48", "--count", "5", "--name", name,
                              env={"NOTIFY_SOCKET": where, "WATCHDOG_USEC": "never"})
        capture.wait(PATIENCE).expect()


main()
