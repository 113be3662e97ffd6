# SPDX-License-Identifier: Apache-2.0
"""How much strangers may take of shm-mjpeg: connections, streams, long headers, slow ones, and idle connections."""
import json
import os
import re
import signal
import threading
import time

from doors import *
from e2e import *
from serving import start_pattern

QUICK = ("--header-timeout", "1s", "--idle-timeout", "1500ms")


def opened(place, *options, pattern=True, **more):
    name = place.segment()
    if pattern:
        start_pattern(place, name)
    return Opened(place, name, "--port", 0, *options, **more)


def metric(connection, name):
    text = ask(connection, "/metrics")[2].decode()
    return int(re.search(rf"^{re.escape(name)} (\d+)$", text, re.MULTILINE).group(1))


def open_connections(server):
    """The one that asks among them."""
    with contextlib.closing(connect(server.port)) as asking:
        return metric(asking, "shm_video_http_connections_open")


@test
def clients_beyond_the_limit_are_told_to_come_later(place):
    server = opened(place, "--max-clients", 3, pattern=False)
    guests = [connect(server.port) for _ in range(3)]
    for guest in guests:
        check_equal(ask(guest, "/")[0], 200, "the page for one of three")
    for method in ("GET", "HEAD"):
        late = connect(server.port)
        status, headers, _ = ask(late, "/", method=method)
        check_equal((status, headers["retry-after"], headers["connection"]), (503, "1", "close"), "a fourth one")
        check_equal(hear(late), b"", "what follows")
    wait_until(lambda: metric(guests[0], "shm_video_http_connections_open") == 3, 30, "three open connections")
    check_equal(metric(guests[0], 'shm_video_http_refused_total{limit="clients"}'), 2, "those who were turned away")
    guests.pop().close()

    def is_let_in():
        with contextlib.closing(connect(server.port)) as another:
            return ask(another, "/")[0] == 200
    wait_until(is_let_in, 30, "room for another")
    # A crowd that says nothing is not held: beyond those who are told, the door is shut.
    crowd = [connect(server.port) for _ in range(100)]
    wait_until(lambda: metric(guests[0], "shm_video_http_connections_open") <= 3 + 64, 30, "a door that is shut")
    for one in crowd:
        one.close()
    check("--max-clients allows, which is 3" in server.process.err, server.process.err)


@test
def one_address_does_not_take_the_room_of_all(place):
    path = os.path.join(place.scratch, "door.sock")
    server = opened(place, "--unix", path, "--max-clients-per-address", 2, pattern=False, count=2)
    many = [connect(server.port) for _ in range(10)]
    for one in many:
        check_equal(ask(one, "/")[0], 200, "a connection of this machine's own")
    greedy = [connect(path) for _ in range(3)]
    statuses = [ask(one, "/", "X-Real-IP: 192.0.2.1")[0] for one in greedy]
    check_equal(statuses, [200, 200, 503], "three connections for one")
    # The same connection serves others meanwhile, as a proxy's does.
    check_equal(ask(greedy[2], "/", "X-Real-IP: 192.0.2.2")[0], 200, "for another")
    check_equal(ask(greedy[0], "/", "X-Real-IP: 192.0.2.3")[0], 200, "for a third, which leaves room")
    check_equal(ask(greedy[2], "/", "X-Real-IP: 192.0.2.1")[0], 200, "for the first again")
    check_equal(metric(greedy[0], 'shm_video_http_refused_total{limit="clients_per_address"}'), 1, "turned away")


@test
def streams_have_a_limit_of_their_own_which_a_reload_changes(place):
    config = os.path.join(place.scratch, "config.json")

    def configure(streams):
        with open(config + ".new", "w", encoding="utf-8") as file:
            json.dump({"shm-mjpeg": {"max_streams": streams}}, file)
        os.replace(config + ".new", config)

    configure(1)
    server = opened(place, "--config", config)
    viewer = Watching(connect(server.port))
    viewer.wait_for_more()
    status, headers, body = ask(connect(server.port), "/stream/video")
    check_equal((status, headers["retry-after"]), (503, "1"), f"a second stream: {body}")
    check_equal(ask(connect(server.port), "/healthz")[0], 200, "what is no stream")
    configure(2)
    server.process.send_signal(signal.SIGHUP)
    server.process.wait_for_output("max_streams 1 -> 2", 30)
    second = Watching(connect(server.port))
    second.wait_for_more()
    viewer.wait_for_more()
    for one in (viewer, second):
        one.close()
    third = wait_until(lambda: ask_for_stream(server), 30, "room for a third")
    third.close()


def ask_for_stream(server):
    """A connection on which a stream has begun; None where it has not."""
    connection = connect(server.port)
    connection.sendall(b"GET /stream/video HTTP/1.1\r\nHost: a\r\n\r\n")
    if hear(connection, lambda heard: b"\r\n\r\n" in heard).startswith(b"HTTP/1.1 200 "):
        return connection
    connection.close()
    return None


@test
def a_header_has_to_be_short_and_whole_in_time_however_slowly_it_drips(place):
    server = opened(place, *QUICK, "--max-header", "2K", pattern=False)
    good = connect(server.port)
    check_equal(ask(good, "/", "X-Long: " + "a" * 1800)[0], 200, "a header of nearly 2 KiB")
    status, headers, body = ask(good, "/", "X-Long: " + "a" * 2100)
    check_equal((status, headers["connection"]), (431, "close"), "a header of more")
    check(b"longer than 2048 bytes" in body, body)
    began = time.monotonic()
    dripping = connect(server.port)
    dripping.sendall(b"GET / HTTP/1.1\r\nHost: a\r\nX: ")
    dripping.settimeout(0.1)
    said = b""
    while not said:  # each byte comes well within a second of the one before
        check(time.monotonic() - began < 30, "it may drip on for ever")
        with contextlib.suppress(TimeoutError):
            dripping.sendall(b"a")
            said = dripping.recv(1000)
    check(said.startswith(b"HTTP/1.1 408 "), said)
    check(time.monotonic() - began > 0.9, "it was given up too soon")
    silent = connect(server.port)
    check_equal(hear(silent), b"", "the answer to one who says nothing")
    check_equal(metric(connect(server.port), "shm_video_http_late_headers_total"), 2, "late headers")


def keep_busy(port, stop):
    """Has a server make long answers, one after the other."""
    with contextlib.closing(connect(port)) as connection:
        while not stop.is_set():
            connection.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n" * 20)
            heard = b""
            while heard.count(b"HTTP/1.1 200") < 20:
                heard += connection.recv(1 << 20)


@test
def a_deadline_counts_also_for_what_comes_just_then(place):
    # Reading that has succeeded cannot be cancelled. With a server that is busy, that is what most deadlines meet.
    server = opened(place, "--header-timeout", "300ms", "--max-clients-per-address", 1000, pattern=False)
    stop = threading.Event()
    busy = [threading.Thread(target=keep_busy, args=(server.port, stop)) for _ in range(3)]
    for one in busy:
        one.start()
    late = []
    for _ in range(10):
        crowd = [connect(server.port) for _ in range(20)]
        for one in crowd:
            one.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        time.sleep(0.29)  # not waited for: so that what follows meets the deadline
        for one in crowd:
            with contextlib.suppress(OSError):
                one.sendall(b"X: " + b"a" * 13000)
        late += crowd
    stop.set()
    for one in busy:
        one.join()
    wait_until(lambda: open_connections(server) == 1, 30, "the end of all that came too late")
    for one in late:
        one.close()


@test
def a_connection_may_idle_for_a_while_and_the_next_header_has_its_own_time(place):
    server = opened(place, *QUICK, pattern=False)
    idle, busy = connect(server.port), connect(server.port)
    check_equal((ask(idle, "/")[0], ask(busy, "/")[0]), (200, 200), "first answers")
    began = time.monotonic()
    check_equal(hear(idle), b"", "what a connection that idles is told")
    check(time.monotonic() - began > 1.4, "it was closed too soon")
    check_equal(metric(connect(server.port), "shm_video_http_idle_closed_total"), 2, "idle connections, with busy")
    fresh = connect(server.port)
    check_equal(ask(fresh, "/")[0], 200, "an answer")
    fresh.sendall(b"GET / HTTP/1.1\r\n")
    check(hear(fresh).startswith(b"HTTP/1.1 408 "), "a second header that does not come to its end")


@test
def streams_do_not_idle(place):
    server = opened(place, *QUICK)
    viewer = Watching(connect(server.port), "/stream/video?fps=2")
    viewer.wait_for_more(5)
    viewer.close()


main()
