# SPDX-License-Identifier: Apache-2.0
"""What a request brings must not become more than it is: a header of its own, a line of the log, a name, a leak."""
from admission import *
from e2e import *
from serving import *

PATIENCE = 60  # seconds
INJECTED = "X-Injected: yes"
ORIGIN = "https://home.example:8123"


def head_of(answer):
    return answer.split(b"\r\n\r\n", 1)[0].decode("latin-1").lower()


def first_line(answer):
    return answer.split(b"\r\n", 1)[0].decode("latin-1")


@test
def no_request_gets_a_header_of_its_own_into_an_answer(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name, "--allow-origin", ORIGIN)
    breaks = ["%0d%0a", "%0D%0A", "%0a", "%0d", "\r\n", "\n", "%E5%98%8A%E5%98%8D", "%250d%250a", "%00%0a", "\\r\\n"]
    targets = [t for b in breaks for t in
               (f"/stream/video?key=a{b}{INJECTED}", f"/snapshot?key={b}{INJECTED}", f"/s/a{b}{INJECTED}",
                f"/s/a{b}{INJECTED}/", f"/static/a{b}{INJECTED}", f"/{b}{INJECTED}",
                f"/?action=stream{b}{INJECTED}", f"/stream/video?{b}{INJECTED}=1")]
    for target in targets:
        answer = raw(server.port, f"GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode("latin-1"))
        check(not re.search(r"(^|\n)x-injected", head_of(answer)), f"{target}: {answer[:500]!r}")
    for header in ("Host", "Origin", "User-Agent", "If-None-Match", "Authorization", "X-Forwarded-For",
                   "Access-Control-Request-Method", "Cookie"):
        for value in (f"{ORIGIN}\rX-Injected: yes", f"{ORIGIN}\nX-Injected: yes", f"{ORIGIN}\r\n X-Injected: yes",
                      f"{ORIGIN}%0d%0aX-Injected: yes", f"{ORIGIN}\0X-Injected: yes"):
            answer = raw(server.port, b"GET /stream/video/frame HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" +
                         f"{header}: {value}\r\n\r\n".encode("latin-1"))
            check("x-injected" not in head_of(answer), f"{header}: {value!r}: {answer[:500]!r}")
    check(not re.search(r"^\s*X-Injected", server.process.err, re.M), "a line of its own in the log")


@test
def the_cookie_of_a_stream_has_no_more_than_its_key(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = Server(place, name)
    for key, stands in (("a;path=/x", "a%3Bpath%3D%2Fx"), ("a,b c", "a%2Cb%20c"), ("\u00e4", "%C3%A4"),
                        ("a%b", "a%25b"), ('"', "%22"), ("", "0")):
        quoted = "".join(f"%{byte:02x}" for byte in key.encode())
        answer = ask(server.port, f"/stream/video?key={quoted}")
        check_equal(answer.status, 200, key)
        cookie = answer.header("set-cookie")
        check(re.fullmatch(re.escape(f"stream_client={stands}/") + r"[0-9a-f]{16}; path=/; max-age=30", cookie), cookie)
    check_equal(ask(server.port, "/stream/video?key=" + "k" * 65).status, 400, "a key that is too long")


@test
def oversized_requests_are_refused_and_harm_nobody(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    server = guarded(place, name, name, lines=rules("front", name))
    viewer = MjpegStream(server.port, f"/s/{name}/stream/video", timeout=PATIENCE,
                         headers={"Authorization": bearer(GARDEN)})
    next(iter(viewer))
    large = "x" * 100_000
    for line, headers in ((f"GET /{large} HTTP/1.1", ""), ("GET / HTTP/1.1", f"X: {large}\r\n"),
                          ("GET / HTTP/1.1", f"Authorization: Bearer {large}\r\n"),
                          ("GET / HTTP/1.1", "".join(f"X{i}: y\r\n" for i in range(20_000))),
                          (f"{large} / HTTP/1.1", ""), (f"GET / HTTP/1.1{large}", ""),
                          ("GET / HTTP/1.1", f"Cookie: {large}\r\nOrigin: {large}\r\n")):
        with contextlib.suppress(ConnectionError):
            answer = raw(server.port, f"{line}\r\nHost: a\r\n{headers}\r\n".encode())
            check(first_line(answer)[9:12] in ("400", "431"), f"{line[:40]}: {answer[:200]!r}")
    for path in ("/stream/video?key=" + "k" * 8000, "/snapshot?" + "&".join(f"a{i}=1" for i in range(2000)),
                 "/s/" + "n" * 8000 + "/", "/static/" + "f" * 8000, "/?" + "%41" * 2000):
        check(ask(server.port, path, bearer(ADMIN)).status in (200, 400, 404, 431), path[:40])
        check(ask(server.port, path).status in (400, 401, 431), path[:40])
    # As long as a header may be, and longer than any secret.
    for value in ("Bearer " + "x" * 4000, "Basic " + "QUFB" * 1000, basic("a" * 3000, "b"), basic("a", "b" * 600)):
        check_equal(ask(server.port, "/", value).status, 401, value[:20])
    next(iter(viewer))
    viewer.close()


@test
def pages_of_other_servers_may_what_they_are_allowed_to(place):
    name = place.segment()
    start_pattern(place, name, "320x240")
    quiet = Server(place, name)
    for origin in (None, ORIGIN, "null"):
        for path in ("/snapshot", "/stream/video", "/none", "/healthz"):
            answer = ask(quiet.port, path, **({"Origin": origin} if origin else {}))
            check(not [n for n, _ in answer.headers if n.startswith("access-control") or n == "vary"], answer.headers)
    check_equal(ask(quiet.port, "/", method="OPTIONS", Origin=ORIGIN, Access_Control_Request_Method="GET").status, 204,
                "OPTIONS without the option")
    listed = guarded(place, name, name, options=("--allow-origin", ORIGIN, "--allow-origin", "http://other.example"))
    everybody = guarded(place, name, name, options=("--allow-origin", "*"))
    # (server, origin) -> what is allowed, and whether with what the user has typed in
    table = [(listed, ORIGIN, ORIGIN, True), (listed, "http://other.example", "http://other.example", True),
             (listed, "https://home.example", "", False), (listed, "https://home.example:8123.evil", "", False),
             (listed, "https://evil/https://home.example:8123", "", False), (listed, "null", "", False),
             (listed, "", "", False), (everybody, ORIGIN, "*", False), (everybody, "null", "*", False)]
    for server, origin, allowed, with_credentials in table:
        given = {"Origin": origin} if origin else {}
        for path, who in (("/snapshot", ADMIN), ("/stream/video", ADMIN), ("/none", ADMIN), ("/snapshot", None),
                          ("/snapshot?quality=0", ADMIN), ("/stream/video/status", ADMIN)):
            answer = ask(server.port, path, bearer(who) if who else None, **given)
            what = f"{origin} at {path}: {answer.status} {answer.headers}"
            check_equal(answer.header("access-control-allow-origin"), allowed, what)
            check_equal(answer.header("access-control-allow-credentials") == "true", with_credentials, what)
            check("Origin" in answer.header("vary"), what)
            check(not allowed or "X-Timestamp" in answer.header("access-control-expose-headers"), what)
        before = ask(server.port, "/snapshot", method="OPTIONS", Access_Control_Request_Method="GET",
                     Access_Control_Request_Headers="authorization", **given)
        check_equal(before.status, 204 if allowed else 401, f"asking before, from {origin}")
        check_equal("Authorization" in before.header("access-control-allow-headers"), bool(allowed), before.headers)
        check_equal("GET" in before.header("access-control-allow-methods"), bool(allowed), before.headers)
    for origin in ("home.example", "https://home.example/", "null", "https://*.example"):
        result = place.run("shm-mjpeg", name, "--port", 0, "--allow-origin", origin).expect(2)
        check("is no origin" in result.err and result.err.count("\n") == 1, result.err)


main()
