# SPDX-License-Identifier: Apache-2.0
"""HTTP as shm-mjpeg speaks it: HEAD, OPTIONS, 1.0, connections that stay, and requests of those who mean harm."""
import re

from doors import *
from e2e import *
from serving import exchange, start_pattern

PATHS = ("/", "/snapshot", "/stream/video/frame", "/stream/video/raw", "/stream/video/status", "/state", "/metrics",
         "/healthz", "/openapi.json", "/nothing", "/snapshot?quality=0", "/s/nobody/snapshot", "/?action=snapshot")
# Those whose body is another one a moment later, perhaps of another length.
CHANGING = ("/snapshot", "/stream/video/frame", "/stream/video/status", "/state", "/metrics", "/healthz",
            "/?action=snapshot")


def opened(place, pattern=True):
    name = place.segment()
    if pattern:
        start_pattern(place, name)
    server = Opened(place, name, "--port", 0)
    if pattern:
        wait_until(lambda: ask(connect(server.port), "/snapshot")[0] == 200, 30, "a picture")
    return server


@test
def head_is_get_without_the_body_and_options_is_answered_everywhere(place):
    server = opened(place)
    connection = connect(server.port)
    for path in PATHS:
        get = ask(connection, path)
        head = ask(connection, path, method="HEAD")  # a body would be taken for the beginning of the next answer
        check_equal(head[0], get[0], f"status of HEAD {path}")
        check_equal(set(head[1]) - {"date"}, set(get[1]) - {"date"}, f"header lines of HEAD {path}")
        check(int(head[1]["content-length"]) > 0, f"HEAD {path}: {head[1]}")
        if path not in CHANGING:
            check_equal(head[1]["content-length"], get[1]["content-length"], f"Content-Length of HEAD {path}")
        options = ask(connection, path, method="OPTIONS")
        is_there = get[0] != 404 or path.startswith("/s/")
        check_equal((options[0], options[2]), (204, b"") if is_there else (404, options[2]), f"OPTIONS {path}")
        if is_there:
            check_equal(options[1]["allow"], "GET, HEAD, OPTIONS", f"Allow of {path}")
            check("content-length" not in options[1] and "content-type" not in options[1], options[1])
    check_equal(ask(connection, "*", method="OPTIONS")[0], 204, "OPTIONS *")
    head = ask(connection, "/stream/video", method="HEAD")
    check(head[0] == 200 and "content-length" not in head[1] and head[1]["connection"] == "close", head)
    check_equal(hear(connection), b"", "what follows the head of a stream")


@test
def short_answers_keep_the_connection_and_requests_in_a_row_are_answered_in_order(place):
    server = opened(place)
    connection = connect(server.port)
    kinds = ["/", "/snapshot", "/nothing", "/healthz", "/snapshot?quality=101", "/stream/video/raw"] * 5
    connection.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for path in kinds[1:]))
    statuses = [int(line.split()[1]) for line in status_lines(connection, len(kinds) - 1)]
    check_equal(statuses, [{"/nothing": 404, "/snapshot?quality=101": 400}.get(path, 200) for path in kinds[1:]],
                "statuses in order")
    check_equal(ask(connect(server.port), "/", "Expect: 100-continue")[0], 200, "status with Expect")
    check_equal(ask(connect(server.port), "http://elsewhere.example/healthz?")[0], 200, "status of an absolute target")
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"):
        status, headers, _ = ask(connect(server.port), "/snapshot", method=method)
        check_equal((status, headers["allow"]), (405, "GET, HEAD, OPTIONS"), method)


def status_lines(connection, count):
    """Of so many answers; goes by the length of each."""
    heard, lines = b"", []
    while len(lines) < count:
        head, end, rest = heard.partition(b"\r\n\r\n")
        length = re.search(rb"Content-Length: (\d+)", head)
        if end and len(rest) >= int(length.group(1)):
            lines.append(head.partition(b"\r\n")[0].decode())
            heard = rest[int(length.group(1)):]
            continue
        data = connection.recv(65536)
        check(data, lambda: f"hung up after {len(lines)} answers")
        heard += data
    return lines


@test
def clients_of_http_1_0_are_served(place):
    server = opened(place)
    for lines in (b"", b"Host: a\r\n"):
        said = exchange(server.port, b"GET /snapshot HTTP/1.0\r\n" + lines + b"\r\n")
        head, _, body = said.partition(b"\r\n\r\n")
        check(b"\r\nConnection: close" in head and b"Transfer-Encoding" not in head, head)
        check_equal(jpeg_size(body), (640, 480), "the picture")
    connection = connect(server.port)
    for _ in range(3):
        status, headers, _ = ask(connection, "/", "Connection: keep-alive", version="1.0")
        check_equal((status, headers["connection"]), (200, "keep-alive"), "a connection that 1.0 asks to keep")
    connection.sendall(b"GET /stream/video HTTP/1.0\r\n\r\n")
    said = hear(connection, lambda heard: heard.count(b"X-Timestamp") > 2)
    head = said.partition(b"\r\n\r\n")[0]
    check(b"Connection: close" in head and b"Transfer-Encoding" not in head, head)


def answers(said):
    return len(re.findall(rb"HTTP/1\.1 [1-5][0-9][0-9] ", said))


@test
def shapes_by_which_requests_are_smuggled_are_refused_and_the_connection_ends(place):
    server = opened(place, pattern=False)
    smuggled = b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"
    first = b"GET / HTTP/1.1\r\n"
    for lines in (b"Host: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                  b"Host: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n",
                  b"Host: a\r\nTransfer-Encoding: identity\r\n", b"Host: a\r\nTransfer-Encoding: \x0bchunked\r\n",
                  b"Host: a\r\nTransfer-Encoding: chunked, identity\r\n", b"Host: a\r\nTransfer-Encoding : chunked\r\n",
                  b"Host: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n", b"Host: a\r\nContent-Length: 4, 4\r\n",
                  b"Host: a\r\nContent-Length: 0x4\r\n", b"Host: a\r\nContent-Length: -4\r\n",
                  b"Host: a\r\nContent-Length: 4 4\r\n", b"Host: a\nX: b\r\n", b"Host: a\r\nX: b\n",
                  b"Host: a\rX: b\r\n",
                  b"Host: a\r\nX: b\r\n c\r\n", b"Host: a\r\nX: b\r\n c: d\r\n", b" Host: a\r\n",
                  b"Host: a\r\nX: \0\r\n", b"Host: a\r\nHost: b\r\n",
                  b"Host: a\r\nhost: a\r\n", b"X: y\r\n", b"Host : a\r\n", b"Host: a b\r\n", b"Host\r\n"):
        said = exchange(server.port, first + lines + b"\r\n" + smuggled)
        check(said.startswith(b"HTTP/1.1 400 "), f"{lines}: {said[:300]}")
        check_equal(answers(said), 1, f"answers to {lines}")
        check(b"\r\nConnection: close\r\n" in said and b'{"detail":"' in said, said)
    for lines in (b"Content-Length: 4\r\n\r\nGET ", b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
        said = exchange(server.port, first + b"Host: a\r\n" + lines + smuggled)
        check_equal(answers(said), 1, f"answers to a body, by {lines}")
    for whole in (b"GET / HTTP/1.1\nHost: a\n\n", b"GET / HTTP/1.1\r\n\r\n", b"GET /\r\n\r\n",
                  b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
                  b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\x16\x03\x01\x00\xff\x01"):
        said = exchange(server.port, whole)
        check(said.startswith(b"HTTP/1.1 400 "), f"{whole}: {said[:300]}")
    said = exchange(server.port, b"\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    check(said.startswith(b"HTTP/1.1 200 "), f"empty lines before a request: {said[:300]}")


main()
