# SPDX-License-Identifier: Apache-2.0
"""The short endpoints of shm-mjpeg with frames: pictures, raw frames, status, state, health, and their other names."""
import os
import subprocess

from e2e import *
from serving import *


def ask(server, path, method="GET", headers=None):
    """(status, headers, body)"""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    with contextlib.closing(connection):
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response.status, {k.lower(): v for k, v in response.getheaders()}, response.read()


def serve(place, *options):
    name = place.segment()
    capture = start_pattern(place, name, "640x480", *options)
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a picture")
    return name, capture, server


def start_coded(place, name, form):
    program = os.environ.get("SHMVIDEO_CODED_WRITER") or skip("SHMVIDEO_CODED_WRITER is not set")
    writer = place.start(program, name, form)
    wait_until(lambda: name in os.listdir(place.directory), 30, "the segment")
    return writer


@test
def every_name_of_a_picture_gives_one_with_its_frame(place):
    _, _, server = serve(place)
    for path in ("/stream/video/frame", "/stream/video/shm/frame", "/snapshot", "/snapshot.jpg", "/?action=snapshot",
                 "/?action=snapshot_0"):
        status, headers, body = server.get(path)
        check_equal(status, 200, f"status of {path}")
        check_equal(jpeg_size(body), (640, 480), f"the size of {path}")
        check(int(headers["x-frame-number"]) > 0 and float(headers["x-timestamp"]) > 1e9, headers)
    small = server.get("/?action=snapshot&width=320&quality=30")[2]
    check_equal(jpeg_size(small), (320, 240), "the size with a width")
    check(len(small) < len(server.get("/snapshot?quality=95")[2]), "a small picture is larger")


@test
def every_name_of_the_stream_streams(place):
    _, _, server = serve(place)
    for path in ("/stream", "/stream.mjpg", "/stream/video", "/stream/video/shm", "/?action=stream",
                 "/?action=stream_0&fps=5&width=320"):
        with MjpegStream(server.port, path, timeout=30) as stream:
            size = (320, 240) if "width" in path else (640, 480)
            check_equal(jpeg_size(next(iter(stream))[1]), size, f"the size of {path}")
    check("there are stream and snapshot" in server.detail("/?action=take", 400), "an unknown action")
    check("more than once" in server.detail("/?action=stream&action=stream", 400), "two actions")
    check("from 1 to 60" in server.detail("/?action=stream&fps=0", 400), "a parameter that goes on to the stream")
    check(b"<html" in server.get("/?x=1")[2], "without an action it is the page")


@test
def a_picture_that_the_client_has_is_304_and_not_encoded(place):
    _, _, server = serve(place, "-f", "2")
    _, headers, _ = ask(server, "/snapshot")
    check_equal(headers["cache-control"], "private, no-cache", "Cache-Control")
    first = headers["etag"]
    wait_until(lambda: ask(server, "/snapshot")[1].get("etag") != first, 30, "a tag of a newer frame")
    check_equal(ask(server, "/snapshot", headers={"If-None-Match": first})[0], 200, "status for an old tag")

    # Nobody had this form: it would be encoded for the answer.
    before = server.streaming("encodes")
    for _ in range(5):
        check_equal(ask(server, "/snapshot?quality=33", headers={"If-None-Match": "*"})[0], 304, "status for a star")
    check_equal(server.streaming("encodes"), before, "encodes for who has the picture already")

    def ask_again():
        """True if the frame stayed the newest for long enough."""
        _, headers, _ = ask(server, "/snapshot")
        tag, before = headers["etag"], server.streaming("encodes")
        for given in (tag, f'"x", W/{tag}', "*"):
            for method in ("GET", "HEAD"):
                status, known, body = ask(server, "/snapshot", method, {"If-None-Match": given})
                if known.get("etag") != tag:
                    return False
                check_equal((status, body, "content-length" in known), (304, b"", False), f"{method} with {given}")
                check_equal(known["x-frame-number"], headers["x-frame-number"], "the frame's number")
        others = [ask(server, path, headers={"If-None-Match": tag})
                  for path in ("/snapshot?quality=20", "/snapshot?width=320", "/stream/video/raw")]
        check_equal([other[0] for other in others], 3 * [200], "statuses of other forms")
        return server.streaming("encodes") == before + 2
    wait_until(ask_again, 60, "one frame for all questions, and encodes for other forms alone")


@test
def head_has_what_get_has(place):
    _, _, server = serve(place)
    for path in ("/", "/stream/video/status", "/state", "/metrics", "/healthz", "/snapshot", "/stream/video/raw",
                 "/stream/video/raw?format=GRAY8", "/nothing", "/snapshot?quality=0", "/s/nobody/snapshot"):
        status, headers, body = ask(server, path, "HEAD")
        wanted = ask(server, path)
        check_equal(status, wanted[0], f"status of {path}")
        check_equal(body, b"", "the body")
        check_equal(set(headers), set(wanted[1]), f"header fields of {path}")
        check_equal(headers["content-type"], wanted[1]["content-type"], f"Content-Type of {path}")
        if "raw" in path or path == "/":
            check_equal(headers["content-length"], wanted[1]["content-length"], f"Content-Length of {path}")


@test
def options_are_told_and_other_methods_are_refused(place):
    server = Server(place, place.segment())
    for path in ("/", "/stream/video", "/healthz", "/s/any/snapshot", "*"):
        answer = exchange(server.port, f"OPTIONS {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        check(answer.startswith(b"HTTP/1.1 204 "), answer)
        check(b"\r\nAllow: GET, HEAD, OPTIONS\r\n" in answer and b"\r\nContent-" not in answer, answer)
    check_equal(ask(server, "/stream/video/raw", "POST")[0], 405, "POST")


def raw_of(server, query=""):
    status, headers, body = ask(server, "/stream/video/raw" + query)
    check_equal(status, 200, f"status of {query}: {body[:200]!r}")
    return headers, body


@test
def raw_frames_come_packed_in_every_format(place):
    for own in ("BGR24", "NV12"):
        _, _, server = serve(place, "-m", own)
        headers, body = raw_of(server)
        check_equal((headers["x-format"], headers["x-width"], headers["x-height"]), (own, "640", "480"), "as it is")
        check_equal(headers["content-type"], "application/octet-stream", "Content-Type")
        check(int(headers["x-frame-number"]) > 0 and headers["etag"], headers)
        for name, bits, strides, offsets in (
                ("BGR24", 24, "1920", "0"), ("rgb24", 24, "1920", "0"), ("gray8", 8, "640", "0"),
                ("YUYV", 16, "1280", "0"), ("UYVY", 16, "1280", "0"), ("nv12", 12, "640,640", "0,307200"),
                ("I420", 12, "640,320,320", "0,307200,384000")):
            headers, body = raw_of(server, f"?format={name}")
            check_equal(headers["x-format"], name.upper(), "X-Format")
            check_equal(len(body), 640 * 480 * bits // 8, f"bytes of {name}")
            check_equal((headers["x-strides"], headers["x-offsets"]), (strides, offsets), f"layout of {name}")
        headers, body = raw_of(server, "?format=bgr24&width=320&height=999")
        check_equal((headers["x-width"], headers["x-height"], len(body)), ("320", "240", 320 * 240 * 3), "smaller")
        check_equal(raw_of(server, "?width=4000")[0]["x-width"], "640", "the width that is never larger")


COMPARE = """
import sys, numpy, cv2
raw = numpy.fromfile(sys.argv[1], numpy.uint8).reshape(480, 640, 3)  # as docs/http.md has it
picture = cv2.imread(sys.argv[2])
print(numpy.abs(raw.astype(int) - picture.astype(int)).mean())
"""


@test
def a_raw_frame_shows_what_the_picture_of_it_shows(place):
    if subprocess.run(["/usr/bin/python3", "-c", "import cv2, numpy"], capture_output=True, check=False).returncode:
        skip("Debian's python3-opencv and python3-numpy are not installed")
    _, _, server = serve(place, "-m", "NV12", "-f", "1")

    def both():
        _, raw, pixels = ask(server, "/stream/video/raw?format=bgr24")
        _, picture, jpeg = ask(server, "/stream/video/frame?quality=95")
        return (pixels, jpeg) if raw.get("x-frame-number") == picture.get("x-frame-number") else None
    files = []
    for index, data in enumerate(wait_until(both, 60, "both of one frame")):
        files.append(os.path.join(place.scratch, str(index)))
        with open(files[-1], "wb") as file:
            file.write(data)
    os.rename(files[1], files[1] + ".jpg")
    done = subprocess.run(["/usr/bin/python3", "-c", COMPARE, files[0], files[1] + ".jpg"], stdout=subprocess.PIPE,
                          check=True, timeout=60)
    check(float(done.stdout) < 6, f"the mean difference of a sample is {done.stdout}")


@test
def raw_says_what_it_cannot_do(place):
    _, _, server = serve(place)
    check("must be one of BGR24" in server.detail("/stream/video/raw?format=png", 400), "an unknown format")
    check("unknown parameter 'quality'" in server.detail("/stream/video/raw?quality=5", 400), "quality")
    check("from 1 to" in server.detail("/stream/video/raw?width=0", 400), "a width of 0")
    check("/stream/video/frame" in server.detail("/stream/video/raw?format=JPEG", 406), "JPEG of raw frames")
    check("cannot make H264" in server.detail("/stream/video/raw?format=h264", 406), "H264 of raw frames")
    nobody = Server(place, place.segment())
    check("start one with" in nobody.detail("/stream/video/raw", 503), "without a writer")


@test
def raw_of_coded_segments_is_the_coded_bytes(place):
    name = place.segment()
    start_coded(place, name, "JPEG")
    server = Server(place, name)
    headers, jpeg = raw_of(server)
    check_equal((jpeg_size(jpeg), headers["x-format"], headers["content-type"]), ((320, 240), "JPEG", "image/jpeg"),
                "the JPEG frame")
    check_equal(jpeg, raw_of(server, "?format=jpeg")[1], "the same, asked for by its name")
    headers, pixels = raw_of(server, "?format=BGR24&width=160")
    check_equal((headers["x-width"], len(pixels)), ("160", 160 * 120 * 3), "decoded and smaller")
    check("add format=BGR24" in server.detail("/stream/video/raw?width=160", 406), "a size without a format")
    name = place.segment()
    start_coded(place, name, "H264")
    server = Server(place, name)
    headers, body = raw_of(server)
    check_equal((headers["x-format"], body), ("H264", 1000 * b"\1"), "the H264 frame")
    check("cannot convert H264" in server.detail("/stream/video/raw?format=BGR24", 406), "H264 decoded")


@test
def raw_waits_for_the_first_frame_and_not_for_ever(place):
    name = place.segment()
    start_coded(place, name, "NONE")
    server = Server(place, name, "--timeout", "1")
    check("publishes no frames" in server.detail("/stream/video/raw", 503), "a writer without frames")


@test
def many_raw_clients_that_do_not_read_leave_the_others_their_frames(place):
    name = place.segment()
    start_pattern(place, name, "1920x1080", "-m", "BGR24", "-f", "10")
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a picture")
    idle = [RawViewer(server.port, "/stream/video/raw", receive_buffer=4096) for _ in range(40)]
    for each in idle:
        check(each.read(12).startswith((b"HTTP/1.1 200", b"HTTP/1.1 503")), each.data)
    refused = sum(each.data.startswith(b"HTTP/1.1 503") for each in idle)
    check(refused > 0, "40 frames of 6 MB were all taken into memory")
    check_equal(server.get("/snapshot")[0], 200, "a picture beside them")
    for each in idle:
        each.close()
    wait_until(lambda: server.get("/stream/video/raw", timeout=30)[0] == 200, 30, "room for a raw frame again")


@test
def status_tells_of_clients_segments_and_losses(place):
    name, capture, server = serve(place)
    viewer = Viewer(server.port, "/stream/video?fps=10&quality=60&key=me")
    viewer.wait_for(5)
    status = server.status()
    for key in ("active_streams", "total_frames_served", "avg_fps", "uptime"):
        check(status["streaming"][key] > 0, f"{key}: {status['streaming']}")
    check(status["streaming"]["frames_received"] >= status["streaming"]["encodes"] > 0, status["streaming"])
    check(status["streaming"]["frames_received"] <= status["segment"]["last_frame"]["number"] + 1,
          f"more frames than there were: {status}")
    (client,) = status["clients"]
    check_equal((client["key"], client["quality"], client["fps_limit"]), ("me", 60, 10), "what the client asked for")
    check(client["frames"] >= 4 and abs(client["since"] - time.time()) < 300, client)
    (segment,) = status["segments"]
    check_equal((segment["name"], segment["state"], segment["active_streams"], segment["lost"]),
                (name, "live", 1, None), "the segment")
    place.leaves_segments = True
    capture.kill()
    lost = wait_until(lambda: server.status()["segments"][0]["lost"], 30, "the loss")
    check("died" in lost["reason"] and abs(lost["since"] - time.time()) < 300, lost)
    capture = start_pattern(place, name, "640x480")  # lets the viewer end in good order
    viewer.close()


@test
def state_has_the_shape_of_ustreamers(place):
    name, _, server = serve(place, "-f", "20")
    viewer = Viewer(server.port, "/stream/video?key=viewer")
    viewer.wait_for(10)
    state = json.loads(server.get("/state")[2])
    viewer.close()
    check_equal((list(state), state["ok"]), (["ok", "result"], True), "what there is")
    result = state["result"]
    check_equal(list(result), ["instance_id", "encoder", "sinks", "source", "stream"], "the result")
    check_equal((result["instance_id"], result["encoder"]), (name, {"type": "CPU", "quality": 85}), "the encoder")
    source = result["source"]
    check_equal((source["resolution"], source["online"], source["desired_fps"]),
                ({"width": 640, "height": 480}, True, 20), "the source")
    check(isinstance(source["captured_fps"], int), source)
    stream = result["stream"]
    check_equal(stream["clients"], 1, "clients")
    (client,) = stream["clients_stat"].values()
    check_equal(set(client), {"fps", "extra_headers", "advance_headers", "dual_final_frames", "zero_data", "key"},
                "a client")
    check_equal(client["key"], "viewer", "its key")
    absent = json.loads(Server(place, place.segment()).get("/state")[2])["result"]["source"]
    check_equal((absent["online"], absent["resolution"]["width"]), (False, 0), "without a writer")


@test
def health_is_that_of_the_newest_frame(place):
    name = place.segment()
    server = Server(place, name)
    status, headers, body = server.get("/healthz")
    health = json.loads(body)
    check_equal((status, headers["content-type"], body.count(b"\n")), (503, "application/json", 1), "an absent segment")
    check_equal((health["ok"], health["age_ms"], health["segments"][0]["state"]), (False, None, "absent"), health)
    capture = start_pattern(place, name)
    wait_until(lambda: server.get("/healthz")[0] == 200, 30, "health")
    health = json.loads(server.get("/healthz")[2])
    check(health["ok"] and 0 <= health["age_ms"] < health["max_age_ms"], health)
    readers = place.run("shm-inspect", "--metrics", name).out
    check("shm_video_reader_frames_seen_total" not in readers, f"asking made the server a reader: {readers}")
    check_equal(server.get(f"/s/{name}/healthz")[0], 200, "by its name")
    check_equal(server.get("/s/nobody/healthz")[0], 404, "by a name that is not served")
    capture.send_signal(signal.SIGSTOP)
    health = json.loads(wait_until(lambda: server.get("/healthz") if server.get("/healthz")[0] == 503 else None, 60,
                                   "a frame that is too old")[2])
    check("old" in health["segments"][0]["reason"] and health["age_ms"] > health["max_age_ms"], health)
    capture.send_signal(signal.SIGCONT)
    wait_until(lambda: server.get("/healthz")[0] == 200, 30, "health again")
    capture.stop().expect(0)
    check_equal(server.get("/healthz")[0], 503, "health after the end")


@test
def what_is_of_a_segment_is_below_its_name_too(place):
    name, _, server = serve(place)
    for path in ("", "stream/video/frame", "stream/video/raw", "stream/video/status", "state", "metrics", "healthz",
                 "snapshot.jpg", "?action=snapshot"):
        check_equal(server.get(f"/s/{name}/{path}")[0], 200, f"status of {path} below the name")
    check_equal(server.get(f"/s/{name}?action=snapshot")[1]["content-type"], "image/jpeg", "an action without slash")
    status, headers, _ = server.get(f"/s/{name}")
    check_equal((status, headers["location"]), (308, f"./{name}/"), "the page without slash")
    for path in ("", "snapshot", "metrics", "state", "stream/video/raw"):
        check(name in server.detail(f"/s/nobody/{path}", 404), f"{path} of a segment that is not served")


@test
def what_a_page_adds_to_get_past_its_browser_is_passed_over(place):
    _, _, server = serve(place)
    for path in ("/?action=snapshot&_=1700000000000", "/snapshot?1700000000", "/snapshot?cacheBust=1&width=320",
                 "/stream/video/status?t=5", "/healthz?ts=1"):
        check_equal(server.get(path)[0], 200, f"status of {path}")


@test
def every_error_is_one_line_of_json(place):
    server = Server(place, place.segment())
    for path in ("/nothing", "/%00", "/snapshot", "/snapshot?quality=0", "/s/x%0ay/snapshot", "/s/" + 500 * "x" + "/",
                 "/stream/video/raw?format=%22", "/metrics?x=1", "/?action=%27"):
        status, headers, body = server.get(path)
        check(status in (400, 404, 503), f"{path}: {status}")
        check_equal((headers["content-type"], body.count(b"\n"), list(json.loads(body))),
                    ("application/json", 1, ["detail"]), path)
    detail = server.detail("/nothing", 404)
    check("/stream/video/frame" in detail and "/snapshot" not in detail and len(detail) < 400, detail)


main()
