# SPDX-License-Identifier: Apache-2.0
"""video.use_shared_memory=false: /stream/video shows the camera itself, by a shm-capture of the server's own."""
import contextlib
import signal

from e2e import *
from serving import *

PATIENCE = 60  # seconds


def write_config(place, camera=True, **values):
    path = os.path.join(place.scratch, "settings.json")
    content = {"video": {"use_shared_memory": not camera},
               "vision": {"camera": {"device_id": "pattern", "resolution": [320, 240], "fps": 15, **values}}}
    with open(path + ".new", "w", encoding="utf-8") as file:
        json.dump(content, file)
    os.replace(path + ".new", path)
    return path


def start_server(place, *options, **values):
    return Server(place, f"--config={write_config(place, **values)}", *options)


def private_segments(place):
    return [name for name in os.listdir(place.directory)
            if name.startswith("private.") and not name.endswith((".lock", ".readers"))]


def state_and_parent(pid):
    """Of a process; None where there is none."""
    with contextlib.suppress(OSError), open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        state, parent = file.read().rpartition(")")[2].split()[:2]
        return state, int(parent)
    return None


def children(server):
    """Those of the server's processes that run or were not waited for: {pid: state}."""
    known = {int(pid): state_and_parent(pid) for pid in filter(str.isdigit, os.listdir("/proc"))}
    return {pid: each[0] for pid, each in known.items() if each and each[1] == server.process.pid}


def capture_of(server):
    return wait_until(lambda: list(children(server)), PATIENCE, "a shm-capture of the server's own")[0]


def wait_until_gone(place, server):
    wait_until(lambda: not children(server), PATIENCE, lambda: f"the end of {children(server)}")
    wait_until(lambda: not private_segments(place), PATIENCE, lambda: f"the end of {private_segments(place)}")


@test
def the_camera_runs_while_somebody_watches(place):
    server = start_server(place)
    check_equal(children(server), {}, "children without a viewer")
    viewers = [Viewer(server.port) for _ in range(2)]
    for viewer in viewers:
        viewer.wait_for(5, PATIENCE)
    check_equal(len(children(server)), 1, "captures for two viewers")
    check_equal(viewers[0].sizes[0], (320, 240), "the size, which is the configuration's")
    wait_until(lambda: server.get("/snapshot")[0] == 200, PATIENCE, "a snapshot of the camera")
    check(re.search(r"camera: .*publishing", server.process.err), "what it says is in the log")
    for viewer in viewers:
        viewer.close()
    wait_until_gone(place, server)
    again = Viewer(server.port)
    again.wait_for(3, PATIENCE)
    again.close()
    server.process.stop().expect(0)
    check_equal(private_segments(place), [], "what is left when the server ends")


@test
def the_paths_of_shared_memory_show_the_segment(place):
    name = place.segment()
    start_pattern(place, name, "640x480")
    server = start_server(place, "--name", name)
    camera, segment = Viewer(server.port, "/stream/video"), Viewer(server.port, "/stream/video/shm")
    segment.wait_for(3, PATIENCE)
    camera.wait_for(3, PATIENCE)
    by_name = Viewer(server.port, f"/s/{name}/stream/video")
    by_name.wait_for(3, PATIENCE)
    for path, size in (("", (320, 240)), ("/shm", (640, 480))):
        check_equal(jpeg_size(server.get(f"/stream/video{path}/frame")[2]), size, f"one picture of {path}")
        raw = server.get(f"/stream/video{path}/raw")[2]
        check_equal(len(raw), 3 * size[0] * size[1], f"the bytes of one frame of {path}")
    for path in ("/stream", "/stream.mjpg", "/?action=stream"):
        alias = Viewer(server.port, path)
        alias.wait_for(1, PATIENCE)
        alias.close()
        check_equal(alias.sizes[0], (320, 240), f"what {path} shows")
    for path in ("/snapshot.jpg", "/?action=snapshot", "/?action=snapshot_0"):
        check_equal(jpeg_size(server.get(path)[2]), (320, 240), f"what {path} shows")
    for viewer, size in ((camera, (320, 240)), (segment, (640, 480)), (by_name, (640, 480))):
        viewer.close()
        check_equal(set(viewer.sizes), {size}, "the size of the pictures")


@test
def the_first_viewer_chooses_the_size(place):
    server = start_server(place)
    first = Viewer(server.port, "/stream/video?width=200&height=120")
    first.wait_for(3, PATIENCE)
    larger = Viewer(server.port, "/stream/video?width=640&height=480")
    smaller = Viewer(server.port, "/stream/video?width=100&height=60")
    for viewer, size in ((larger, (200, 120)), (smaller, (100, 60)), (first, (200, 120))):
        viewer.wait_for(3, PATIENCE)
        viewer.close()
        check_equal(set(viewer.sizes), {size}, "the size of the pictures")
    seen = json.loads(place.run("shm-inspect", private_segments(place)[0], "--json").out)
    check_equal((seen["width"], seen["height"]), (200, 120), "what the camera was asked for")


@test
def a_capture_that_dies_is_started_again_and_its_viewer_goes_on(place):
    server = start_server(place)
    viewer = Viewer(server.port)
    viewer.wait_for(3, PATIENCE)
    pid = capture_of(server)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: set(children(server)) - {pid}, PATIENCE, "another one")
    seen = len(viewer.parts)
    viewer.wait_for(seen + 5, PATIENCE)
    check_equal(len(children(server)), 1, "captures, none a zombie")
    viewer.close()
    os.kill(capture_of(server), signal.SIGSTOP)  # it does not end when it is told to, and so leaves its segment
    wait_until_gone(place, server)


@test
def a_server_that_is_killed_leaves_no_capture_and_no_segment(place):
    server = start_server(place)
    viewer = Viewer(server.port)
    viewer.wait_for(3, PATIENCE)
    pid = capture_of(server)
    server.process.kill()
    wait_until(lambda: (state_and_parent(pid) or "Z")[0] == "Z", PATIENCE, "its end")
    wait_until(lambda: not private_segments(place), PATIENCE, lambda: f"the end of {private_segments(place)}")


@test
def a_camera_that_nobody_watches_is_healthy(place):
    server = start_server(place)
    status, _, body = server.get("/healthz")
    (camera,) = json.loads(body)["segments"]
    check_equal((status, camera["ok"], camera["state"]), (200, True, "idle"), "while nobody watches")
    viewer = Viewer(server.port)
    viewer.wait_for(5, PATIENCE)
    (camera,) = json.loads(wait_until(lambda: b'"live"' in server.get("/healthz")[2] and server.get("/healthz")[2],
                                      PATIENCE, "a camera at work"))["segments"]
    check(camera["ok"] and camera["age_ms"] >= 0, camera)
    viewer.close()


@test
def a_camera_that_does_not_work_is_not(place):
    server = start_server(place, device_id="/dev/no-such-camera")
    check_equal(server.get("/healthz")[0], 200, "before anybody asked for it")
    wait_until(lambda: reason_of(server, "/snapshot"), PATIENCE, "a reason")
    status, _, body = server.get("/healthz")
    check_equal(status, 503, body)


@test
def without_a_camera_the_reason_is_told(place):
    # Who waits for the camera is told as soon as it is known, and not when it has waited long enough.
    server = start_server(place, "--timeout", 3600, device_id="/dev/no-such-camera")
    for path in ("/snapshot", "/stream/video"):
        detail = wait_until(lambda path=path: reason_of(server, path), PATIENCE, "a reason")
        check("no-such-camera" in detail and "\n" not in detail, f"what is told: {detail}")


def reason_of(server, path):
    """The detail of a 503 that names what is wrong."""
    status, _, body = server.get(path, timeout=PATIENCE)
    detail = json.loads(body)["detail"] if status == 503 else ""
    return detail if "starting" not in detail else ""


@test
def without_shm_capture_the_reason_is_told(place):
    alone = os.path.join(place.scratch, "shm-mjpeg")
    shutil.copy(tool("shm-mjpeg"), alone)
    process = place.start(alone, "--source=camera", "--timeout", 3600, "--port", 0, env={"PATH": "/nonexistent"})
    port = int(process.wait_for_output(r"listening on http://\S+:(\d+)/").group(1))

    def detail():
        status, _, body = http_get(port, "/snapshot", timeout=PATIENCE)
        return status == 503 and "shm-capture" in body.decode() and json.loads(body)["detail"]
    said = wait_until(detail, PATIENCE, "an answer that says so")
    check("PATH" in said, f"what is told: {said}")


@test
def the_switch_works_both_ways_while_it_runs(place):
    name = place.segment()
    start_pattern(place, name, "640x480")
    server = start_server(place, "--name", name)
    segment, camera = Viewer(server.port, "/stream/video/shm"), Viewer(server.port, "/stream/video")
    segment.wait_for(3, PATIENCE)
    camera.wait_for(3, PATIENCE)
    write_config(place, camera=False)
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: camera.problem, PATIENCE, "the end of the camera's stream")
    wait_until(lambda: jpeg_size(server.get("/snapshot")[2]) == (640, 480), PATIENCE, "the segment at /snapshot")
    wait_until_gone(place, server)
    on_segment = Viewer(server.port, "/stream/video")
    on_segment.wait_for(3, PATIENCE)
    write_config(place, camera=True)
    server.process.send_signal(signal.SIGHUP)
    server.process.wait_for_output(r"video\.use_shared_memory segment -> camera", PATIENCE)
    again = Viewer(server.port, "/stream/video")
    again.wait_for(3, PATIENCE)
    check_equal(set(again.sizes), {(320, 240)}, "the size of the camera's pictures")
    for viewer in (segment, on_segment):  # neither was dropped
        viewer.wait_for(len(viewer.parts) + 3, PATIENCE)
        check_equal(set(viewer.sizes), {(640, 480)}, "the size of the segment's pictures")
        viewer.close()
    again.close()


@test
def the_camera_follows_its_configuration(place):
    server = start_server(place)
    viewer = Viewer(server.port)
    viewer.wait_for(3, PATIENCE)
    write_config(place, resolution=[160, 120])
    server.process.send_signal(signal.SIGHUP)
    wait_until(lambda: viewer.sizes[-1] == (160, 120), PATIENCE, "pictures of the new size")
    viewer.close()


main()
