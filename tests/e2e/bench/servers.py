# SPDX-License-Identifier: Apache-2.0
"""shm-bench --http against servers that do as they should, each in its way, and against those that do not."""
import json
import re
import signal
import threading

from e2e import *
from bench_runs import parsed
from http_servers import *

SHORT = ["--clients", 3, "--warmup", "500ms", "-t", "2s"]
# Where it is about mistakes that come at once.
QUICK = ["--clients", 3, "--warmup", "500ms", "-t", "1s"]
KEYS = {"verdict", "reasons", "url", "clients", "duration_s", "warmup_s", "ended_early", "wanted_fps", "slow_rate",
        "errors", "broken", "disordered", "from_future", "reconnections", "fast", "slow", "stalled",
        "errors_by_kind", "broken_by_kind", "tester", "per_client"}


def load_json(place, url, *arguments, status=None, timeout=60):
    result = place.run("shm-bench", "--http", url, "--json", *arguments, timeout=timeout)
    found = json.loads(result.out)
    if status is not None:
        parsed(result, status)
    return found


def check_reason(found, *words):
    check(found["verdict"] == "FAIL", lambda: f"no FAIL: {found}")
    check(any(all(word in reason for word in words) for reason in found["reasons"]),
          lambda: f"no reason with {words}: {found['reasons']}")


@test
def every_dialect_of_a_stream_is_understood(place):
    chunks = "Transfer-Encoding: chunked\r\n"
    dialects = {"plain": stream(), "with dashes": stream(before=head("--frame")),
                "in chunks": stream(before=head(version="1.1", extra=chunks), wrap=chunked),
                "as mjpg-streamer": stream(before=head("boundarydonotcross"), boundary=b"--boundarydonotcross"),
                "without lengths": stream(make=lambda number: part(number=number, has_length=False))}
    for name, serve in dialects.items():
        with HttpServer(serve) as server:
            found = load_json(place, server.url, *SHORT, "--slow", 1, "--slow-rate", "1M")
        check(KEYS <= found.keys(), lambda: f"missing: {KEYS - found.keys()}")
        check_equal((found["errors"], found["broken"], found["disordered"]), (0, 0, 0), f"mistakes in {name}")
        check(all(client["frames"] > 0 and client["latency_ms"]["count"] > 0 for client in found["per_client"]),
              lambda: f"{name}: no pictures for somebody: {found}")
        check_equal(len(server.requests), 4, f"connections in {name}")
        check(b"GET /stream HTTP/1.1\r\n" in server.requests[0], lambda: f"{server.requests[0]}")


@test
def a_server_is_found_at_whatever_address_of_its_host_it_listens(place):
    with HttpServer(stream()) as server:  # at 127.0.0.1, which localhost may be in the second place
        found = load_json(place, f"http://localhost:{server.port}/stream", *SHORT)
        check(found["fast"]["frames"] > 0 and found["errors"] == 0, lambda: f"{found}")
    try:
        server = HttpServer(stream(), host="::1")
    except OSError:
        skip("there is no IPv6 here")
    with server:
        found = load_json(place, f"http://[::1]:{server.port}/stream", *SHORT)
    check(found["fast"]["frames"] > 0 and found["errors"] == 0, lambda: f"{found}")
    check(f"Host: [::1]:{server.port}\r\n".encode() in server.requests[0], lambda: f"{server.requests}")


@test
def a_bare_stream_is_read_without_asking(place):
    def serve(connection):
        connection.sendall(b"--ThisRandomString\r\n")
        for number in paced():
            connection.sendall(part(number=number) + b"\r\n--ThisRandomString\r\n")
    with HttpServer(serve, asks=False) as server:
        found = load_json(place, f"tcp://127.0.0.1:{server.port}", *SHORT)
    check(found["fast"]["frames"] > 0 and found["errors"] + found["broken"] == 0, lambda: f"{found}")


@test
def what_was_counted_adds_up(place):
    """The server leaves every fourth number out, and sends every tenth twice."""
    def serve(connection):
        connection.sendall(head() + b"--frame\r\n")
        for number in paced(50):
            for _ in range(0 if number % 4 == 3 else 2 if number % 10 == 0 else 1):
                connection.sendall(part(number=number, timestamp=time.time() - 0.25) + b"\r\n--frame\r\n")
    with HttpServer(serve) as server:
        found = load_json(place, server.url, *SHORT)
    fast = found["fast"]
    check_equal(sum(client["frames"] for client in found["per_client"]), fast["frames"], "the sum of frames")
    check(fast["skipped"] > 0 and fast["repeated"] > 0, lambda: f"nothing skipped or repeated: {fast}")
    check_equal((found["disordered"], found["broken"], found["errors"]), (0, 0, 0), "mistakes")
    check(fast["latency_ms"]["p50"] >= 250 * 0.99, lambda: f"latency below what was sent: {fast}")
    for client in found["per_client"]:
        check(abs(client["fps"] * found["duration_s"] - client["frames"]) < 0.1, lambda: f"{client}")


def hang_up_after(count, how=lambda connection: None):
    def serve(connection):
        connection.sendall(head() + b"--frame\r\n")
        for number in paced():
            connection.sendall(part(number=number) + b"\r\n--frame\r\n")
            if number == count:
                return how(connection)
    return serve


def in_the_middle(connection):
    connection.sendall(part(number=99)[:500])


BROKEN = {
    "no_start": (stream(make=lambda number: part(b"x" + PICTURE[1:], number)), "(SOI)"),
    "no_end": (stream(make=lambda number: part(PICTURE[:-1] + b"x", number)), "(EOI)"),
    "wrong_length": (stream(make=lambda number: part(PICTURE + b"rest", number, len(PICTURE))), "as long as said"),
    "empty": (stream(make=lambda number: part(b"", number)), "empty"),
}


@test
def broken_pictures_fail_each_by_its_kind(place):
    for kind, (serve, words) in BROKEN.items():
        with HttpServer(serve) as server:
            found = load_json(place, server.url, *QUICK, status=1)
        check_reason(found, words)
        check(found["broken_by_kind"][kind] > 0, lambda: f"{kind}: {found['broken_by_kind']}")
        check_equal(sum(found["broken_by_kind"].values()), found["broken"], "the sum of what is broken")
    with HttpServer(stream(make=lambda number: part(number=10_000 - number))) as server:
        check_reason(load_json(place, server.url, *SHORT, status=1), "older than the one before")
    # A length that is too large takes the next part's beginning with it.
    with HttpServer(stream(make=lambda number: part(number=number, length=len(PICTURE) + number % 3))) as server:
        found = load_json(place, server.url, *SHORT, status=1)
    check(found["broken"] > 0 and found["fast"]["frames"] > 0, lambda: f"{found}")


FAULTY = {
    "closed": [(hang_up_after(5), "the server hung up between pictures"),
               (hang_up_after(5, in_the_middle), "in the middle of a picture"),
               (lambda connection: None, "before there was an answer"),
               (hang_up_after(5, reset), "Connection reset")],
    "status": [(lambda connection: connection.sendall(b"HTTP/1.1 503 Busy\r\n\r\n"), "503 Busy")],
    "malformed": [(lambda connection: connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n"), "no HTTP"),
                  (lambda connection: connection.sendall(head() + b"x" * 100_000), "no boundary"),
                  (lambda connection: connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: image/png\r\n\r\n"),
                   "image/png")],
    "timeout": [(lambda connection: time.sleep(20), "no answer in time")],
}


@test
def errors_fail_each_by_its_kind(place):
    for kind, cases in FAULTY.items():
        for serve, words in cases:
            with HttpServer(serve) as server:
                patience = "300ms" if kind == "timeout" else "10s"
                found = load_json(place, server.url, *QUICK, "--timeout", patience, status=1)
            check_reason(found, words)
            check(found["errors_by_kind"][kind] >= 1, lambda: f"{kind}: {found['errors_by_kind']}")
            check_equal(sum(found["errors_by_kind"].values()), found["errors"], "the sum of errors")


@test
def who_lost_the_connection_comes_back(place):
    with HttpServer(hang_up_after(5)) as server:
        found = load_json(place, server.url, "--clients", 1, "--warmup", "100ms", "-t", "5s", status=1)
    check(found["reconnections"] >= 2 and found["fast"]["frames"] > 5, lambda: f"{found}")


@test
def nobody_there_is_told_at_once(place):
    began = time.monotonic()
    found = load_json(place, f"http://127.0.0.1:{free_port()}/", "--clients", 2, "-t", "1h", status=1)
    check_reason(found, "Connection refused", "clients 0, 1")
    check(time.monotonic() - began < 30, "it waited for the end of its time")
    result = place.run("shm-bench", "--quiet", "--http", "http://no-such-host.invalid/")
    check_equal((result.status, len(result.err.splitlines())), (1, 1), f"an unknown host: {result}")


@test
def slow_clients_read_slowly_and_stalled_ones_stop(place):
    sent = {}

    def serve(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 32 * 1024)
        connection.sendall(head() + b"--frame\r\n")
        sent[connection] = 0
        for number in itertools.count():
            data = part(number=number) + b"\r\n--frame\r\n"
            connection.sendall(data)
            sent[connection] += len(data)
            time.sleep(0.02)
    with HttpServer(serve) as server:
        found = load_json(place, server.url, "--clients", 1, "--slow", 2, "--slow-rate", "100K", "--stalled", 2,
                          "--warmup", "1s", "-t", "4s")
    kinds = [client["kind"] for client in found["per_client"]]
    check_equal(kinds, ["fast", "slow", "slow", "stalled", "stalled"], "the clients")
    check_equal((found["errors"], found["broken"]), (0, 0), "mistakes")
    for client in found["per_client"][1:3]:
        rate = client["bytes"] / found["duration_s"]
        check(0 < rate <= 102_400 * 1.5, lambda: f"a slow client read {rate:.0f} B/s")
        check(client["frames"] > 0, lambda: f"a slow client got nothing: {client}")
    check(all(client["bytes"] == 0 for client in found["per_client"][3:]), lambda: f"{found['per_client'][3:]}")
    # What a stalled client's kernel took is bounded: the server was held up.
    check(min(sent.values()) < 1_000_000, lambda: f"sent {sent.values()}")


@test
def a_server_may_hang_up_on_who_does_not_read(place):
    def serve(connection):
        connection.sendall(head() + b"--frame\r\n")
        time.sleep(1)
    with HttpServer(serve) as server:
        found = load_json(place, server.url, "--clients", 1, "--stalled", 1, "--warmup", "100ms", "-t", "3s")
    check(found["stalled"]["hang_ups"] > 0, lambda: f"{found['stalled']}")
    stalled = found["per_client"][1]
    check_equal(stalled["errors"], 0, "errors of the stalled one")


@test
def a_client_that_is_starved_fails_and_is_named(place):
    lock, count = threading.Lock(), itertools.count()

    def serve(connection):
        with lock:
            fps = 2 if next(count) == 2 else 20
        stream(fps=fps)(connection)
    with HttpServer(serve) as server:
        found = load_json(place, server.url, "--clients", 3, "-t", "4s", status=1)
    check_reason(found, "below 95 % of the clients' median")
    with HttpServer(stream(fps=10)) as server:
        check_reason(load_json(place, server.url, *SHORT, "-f", 30, status=1), "below 95 % of the wanted 30.00")


@test
def pictures_can_be_decoded(place):
    with HttpServer(stream()) as server:  # a JPEG by its ends only
        found = load_json(place, server.url, *SHORT, "--check-pictures", status=1)
    check_reason(found, "cannot be decoded")
    check(found["decoding"]["undecodable"] > 0, lambda: f"{found['decoding']}")


@test
def the_text_ends_as_concurrent_client_results_do(place):
    with HttpServer(stream()) as server:
        result = place.run("shm-bench", "--http", server.url, *SHORT, "--interval", "200ms", timeout=60)
    lines = result.out.splitlines()
    end = re.search(r"Concurrent Client Results:\n  Total Clients: 3\n  Average FPS per Client: [0-9.]+\n"
                    r"  Total Errors: 0\nTEST RESULT: (PASS|FAIL)\n", result.out)
    check(end, lambda: f"{result}")
    check(all(len(line) <= 80 for line in lines if "http://" not in line), "a line of more than 80 columns")
    check("3 clients streaming, p99" in result.err, lambda: f"no progress: {result}")
    check("\r" not in result.err and "\x1b" not in result.err, "escape sequences where no terminal is")


@test
def a_signal_ends_it_early_with_what_was_measured(place):
    page = f"{place.scratch}/report.html"
    with HttpServer(stream()) as server:
        bench = place.start("shm-bench", "--http", server.url, "--json", "--clients", 2, "-t", "1h", "-i", "100ms",
                            "--report", page)
        bench.wait_for_output(r"received \d+ .*, [2-9]\.\d s of", 30)
        found = json.loads(bench.stop(signal.SIGINT, seconds=30).out)
    check(found["ended_early"] and found["fast"]["frames"] > 0, lambda: f"not an early end: {found}")
    check(found["duration_s"] < 60, lambda: f"measured {found['duration_s']} s")
    with open(page, encoding="utf-8") as file:
        text = file.read()
    check("ended early" in text and "<polyline" in text, "the page has no plot")


@test
def memory_does_not_grow_with_time(place):
    """Many pictures a second, each of which is counted in several ways."""
    def memory(pid):
        with open(f"/proc/{pid}/status", encoding="ascii") as file:
            return int(re.search(r"RssAnon:\s+(\d+)", file.read()).group(1))
    with HttpServer(stream(fps=500)) as server:
        bench = place.start("shm-bench", "--http", server.url, "--clients", 4, "-t", "1h", "-i", "100ms")
        bench.wait_for_output(r"received [1-9]\d\d+ ", 30)
        before = memory(bench.pid)
        bench.wait_for_output(r"received [4-9]\d\d\d ", 60)
        check(memory(bench.pid) < before + 512, lambda: f"{before} KiB grew to {memory(bench.pid)}")
        bench.stop(signal.SIGINT, seconds=30)


@test
def wrong_use_is_refused_in_one_line(place):
    url = "http://127.0.0.1:1/"
    for arguments, words in ((["--http", "camera:80"], "no URL"),
                             (["--http", "https://camera/"], "TLS"),
                             (["--http", url, "--grade", "copy"], "--grade"),
                             (["--http", url, "--chaos"], "--chaos"),
                             (["--http", url, "some-segment"], "--name"),
                             (["--http", url, "-r", "640x480"], "--resolution"),
                             (["--http", url, "--allow-missed", "3"], "--allow-missed"),
                             (["--http", url, "--slow-rate", "5K"], "--slow"),
                             (["--http", url, "--slow", "1", "--slow-rate", "0"], "--slow-rate"),
                             (["--http", url, "--clients", "10001"], "--clients"),
                             (["--slow", "3"], "--http"), (["--stalled", "3"], "--http"),
                             (["--report", "x.html"], "--http"), (["--check-pictures"], "--http")):
        result = place.run("shm-bench", "--quiet", *arguments)
        check_equal(result.status, 2, f"the status of {arguments}: {result.err!r}")
        check(words in result.err, lambda: f"{arguments}: no {words!r} in {result.err!r}")
        check_equal((len(result.err.splitlines()), result.out), (1, ""), f"what {arguments} says: {result}")
    result = place.run("shm-bench", "--quiet", "--http", url, "--report", "/no/such/folder/x.html")
    check_equal(result.status, 1, f"the status: {result}")
    check("/no/such/folder/x.html" in result.err and not result.out, lambda: f"{result}")


main()
