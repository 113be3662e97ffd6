# SPDX-License-Identifier: Apache-2.0
"""What shm-mjpeg answers to short requests, good and bad."""
from e2e import *
from serving import *


@test
def without_a_writer_it_starts_and_answers_503_with_the_command_to_start_one(place):
    name = place.segment()
    server = Server(place, name)
    for path in ("/stream/video/shm", "/stream/video", "/snapshot"):
        detail = server.detail(path, 503)
        check(f"shm-capture --device 0 --name {name}" in detail, detail)
    check_equal(server.status()["segment"]["state"], "absent", "the segment's state")
    check_equal(server.get("/")[0], 200, "the page's status")


@test
def a_writer_that_died_is_503_too(place):
    name = place.segment()
    place.leaves_segments = True
    capture = start_pattern(place, name)
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 10, "a snapshot")
    capture.kill()
    wait_until(lambda: server.get("/snapshot")[0] == 503, 10, "a refusal")
    check("died" in server.detail("/stream/video", 503), server.detail("/stream/video", 503))
    check_equal(server.status()["segment"]["state"], "dead", "the segment's state")


@test
def without_a_name_and_without_segments_it_serves_the_usual_name(place):
    server = place.start("shm-mjpeg", "--port", 0)
    port = int(server.wait_for_output(r"listening on http://127.0.0.1:(\d+)/").group(1))
    check("billiards_video" in json.loads(http_get(port, "/snapshot")[2])["detail"], "the usual name")


@test
def parameters_out_of_range_malformed_or_unknown_are_400_with_the_reason(place):
    server = Server(place, place.segment())
    for query, reason in (("quality=0", "from 1 to 100"), ("quality=101", "from 1 to 100"),
                          ("quality=good", "not 'good'"), ("quality=", "from 1 to 100"),
                          ("quality=85.5", "from 1 to 100"), ("fps=0", "from 1 to 60"),
                          ("fps=61", "from 1 to 60"), ("fps=-1", "from 1 to 60"),
                          ("fps=99999999999999999999", "from 1 to 60"), ("fps=5&fps=6", "more than once"),
                          ("speed=5", "unknown parameter 'speed'"), ("key=" + 65 * "a", "at most 64"),
                          ("fps=%zz", "understood")):
        for path in ("/stream/video", "/stream/video/shm"):
            detail = server.detail(f"{path}?{query}", 400)
            check(reason in detail, f"{query}: {detail}")
    check("unknown parameter 'fps'" in server.detail("/snapshot?fps=5", 400), "fps of a snapshot")


@test
def unknown_paths_and_methods_are_told_what_there_is(place):
    server = Server(place, place.segment())
    for path in ("/nothing", "/stream/video/", "/stream%2Fvideo", "/../../etc/passwd", "//snapshot"):
        check("/stream/video/frame" in server.detail(path, 404), path)
    for method in ("POST", "PUT", "DELETE", "BREW"):
        head = f"{method} /snapshot HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        answer = exchange(server.port, head.encode() + b"abc")
        check(answer.startswith(b"HTTP/1.1 405 "), answer)
        check(b"\r\nAllow: GET, HEAD, OPTIONS\r\n" in answer, answer)


@test
def head_gives_the_headers_of_get_and_no_body(place):
    name = place.segment()
    server = Server(place, name)
    answer = exchange(server.port, b"HEAD /stream/video HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    check(answer.startswith(b"HTTP/1.1 503 ") and answer.endswith(b"\r\n\r\n"), answer)
    start_pattern(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 10, "a snapshot")
    for path, kind in (("/", b"text/html"), ("/snapshot", b"image/jpeg"),
                       ("/stream/video/status", b"application/json"),
                       ("/stream/video", b"multipart/x-mixed-replace; boundary=frame")):
        request = f"HEAD {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        answer = exchange(server.port, request.encode())
        check(answer.startswith(b"HTTP/1.1 200 ") and answer.endswith(b"\r\n\r\n"), answer)
        check(b"\r\nContent-Type: " + kind in answer, answer)
        check((b"\r\nContent-Length: " in answer) == (path != "/stream/video"), answer)
    check_equal(server.streaming("active_streams"), 0, "streams that HEAD left behind")


@test
def short_answers_keep_the_connection_and_streams_do_not(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    with contextlib.closing(connection):
        for path in ("/", "/snapshot", "/nothing", "/stream/video/status", "/snapshot?quality=0", "/"):
            connection.request("GET", path)
            response = connection.getresponse()
            response.read()
            check(response.getheader("connection") is None, f"{path} closes the connection")
    with MjpegStream(server.port) as stream:
        check_equal(stream.headers["connection"], "close", "Connection of a stream")
        check_equal(stream.headers["x-accel-buffering"], "no", "X-Accel-Buffering of a stream")
        check_equal(stream.headers["cache-control"], "no-cache, no-store, must-revalidate", "Cache-Control")


@test
def requests_may_come_in_a_row_and_in_pieces(place):
    server = Server(place, place.segment())
    request = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
    last = request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answer = exchange(server.port, request * 3 + last)
    check_equal(answer.count(b"HTTP/1.1 200 OK"), 4, "answers")
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        for byte in request:
            connection.sendall(bytes([byte]))
        check(connection.recv(100).startswith(b"HTTP/1.1 200 "), "an answer to a request of single bytes")


@test
def http_1_0_is_served(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    answer = exchange(server.port, b"GET /snapshot HTTP/1.0\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    check(b"\r\nConnection: close" in head, head)
    check_equal(jpeg_size(body), (640, 480), "the snapshot's size")
    viewer = RawViewer(server.port)
    viewer.socket.close()
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(b"GET /stream/video HTTP/1.0\r\n\r\n")
        data = b""
        while data.count(b"--frame\r\n") < 3:
            data += connection.recv(65536)


@test
def requests_that_are_too_long_or_no_http_are_refused(place):
    server = Server(place, place.segment())
    for request in (b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 100_000 + b"\r\n\r\n",
                    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
                    b"GET / HTTP/1.1\r\n" + b"X-Many: 1\r\n" * 10_000 + b"\r\n"):
        answer = exchange(server.port, request)
        check(answer.startswith(b"HTTP/1.1 431 "), answer[:200])
    for request in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"nonsense\r\n\r\n",
                    b"GET / HTTP/7.7\r\n\r\n", b"GET  HTTP/1.1\r\n\r\n",
                    b"GET / HTTP/1.1\r\nContent-Length: x\r\n\r\n", b"GET stream HTTP/1.1\r\n\r\n"):
        answer = exchange(server.port, request)
        check(answer.startswith(b"HTTP/1.1 400 "), f"{request!r}: {answer[:200]!r}")
    check_equal(server.get("/")[0], 200, "the page's status afterwards")


@test
def a_request_that_does_not_end_is_given_up(place):
    server = Server(place, place.segment(), "--header-timeout", "2s")
    began = time.monotonic()
    answer = exchange(server.port, b"GET / HTTP/1.1\r\nX-Slow: ", 60)
    check(answer.startswith(b"HTTP/1.1 408 "), answer)
    check(time.monotonic() - began > 1.5, "it was given up too soon")


@test
def a_port_that_is_taken_is_one_clear_line_and_status_1(place):
    name = place.segment()
    server = Server(place, name)
    result = place.run("shm-mjpeg", name, "--port", server.port).expect(1)
    check_equal(result.out, "", "standard output")
    check_equal(len(result.err.splitlines()), 1, "lines of standard error")
    check(f"127.0.0.1:{server.port} is taken" in result.err, result.err)


@test
def an_address_that_is_none_is_one_clear_line_and_status_1(place):
    for host in ("no.such.host.invalid", "192.0.2.1"):
        result = place.run("shm-mjpeg", place.segment(), "--port", 0, "--host", host).expect(1)
        check_equal(len(result.err.splitlines()), 1, "lines of standard error")
        check(host in result.err, result.err)


@test
def it_listens_on_ipv6_too(place):
    server = place.start("shm-mjpeg", place.segment(), "--port", 0, "--host", "::1")
    with contextlib.suppress(Failure):
        port = int(server.wait_for_output(r"listening on http://\[::1\]:(\d+)/", 5).group(1))
        check_equal(http_get(port, "/", host="::1")[0], 200, "the page's status")
        return
    skip("there is no IPv6 here")


@test
def a_signal_stops_it_at_once_with_viewers_attached(place):
    for number in (signal.SIGTERM, signal.SIGINT):
        name = place.segment()
        capture = start_pattern(place, name)
        server = Server(place, name)
        viewers = [RawViewer(server.port) for _ in range(5)]
        for viewer in viewers:
            viewer.read(1000)
        server.process.stop(number, 5).expect(0)
        for viewer in viewers:
            viewer.close()
        capture.stop().expect(0)


main()
