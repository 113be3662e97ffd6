# SPDX-License-Identifier: Apache-2.0
"""shm-mjpeg as curl sees it: every path, HEAD, connections kept, HTTP/1.0, ranges, mistakes."""
from e2e import *
from serving import *

ALIASES = ["/stream", "/snapshot", "/stream.mjpg", "/snapshot.jpg", "/?action=stream", "/?action=snapshot"]


def curl(place, *arguments, timeout=60):
    program = shutil.which("curl") or skip("curl is not installed")
    return place.run(program, "-sS", *arguments, timeout=timeout)


def served(place):
    name = place.segment()
    start_pattern(place, name)
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a snapshot")
    return server


def every_path(server):
    """All that the server has, in its own words, and below a segment's name."""
    told = server.detail("/no-such-path", 404).partition("there are ")[2].split(", ")
    told[-1] = told[-1].partition(";")[0]
    check("/stream/video/frame" in told and "/metrics" in told, told)
    name = server.status()["segment"]["name"]
    return told + ALIASES + [f"/s/{name}{path}" for path in told + ALIASES]


def header(path):
    """The headers that curl wrote there, the last answer's: lower-case names."""
    with open(path, encoding="latin-1") as file:
        lines = file.read().strip().split("\r\n\r\n")[-1].splitlines()
    return lines[0], {k.lower(): v for k, _, v in (line.partition(": ") for line in lines[1:])}


def content(path):
    with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
        return file.read()
    return b""


@test
def every_path_answers_get_and_head_alike(place):
    server = served(place)
    for path in every_path(server):
        url = server.url + path[1:]
        heads, body = os.path.join(place.scratch, "heads"), os.path.join(place.scratch, "body")
        curl(place, "-I", "-o", "/dev/null", "-D", heads, url).expect(0)
        asked, announced = header(heads)
        if announced.get("content-type", "").startswith("multipart/"):
            # Endless: curl writes until nobody reads any more.
            with contextlib.suppress(FileNotFoundError):
                os.unlink(body)
            stream = place.start(shutil.which("curl"), "-sN", "-D", heads, "-o", body, url)
            wait_until(lambda: content(body).count(b"\r\n\r\n") >= 3, 30, f"parts from {path}")
            check(stream.is_running, f"{path} ended: {stream.err}")
            stream.stop()
        else:
            curl(place, "-o", body, "-D", heads, url).expect(0)
        status, headers = header(heads)
        check_equal((status, headers.get("content-type")), (asked, announced.get("content-type")), f"of {path}")
        check(" 200 " in status, f"{path}: {status}")


@test
def two_pages_come_over_one_connection(place):
    server = served(place)
    snapshot = server.url + "snapshot"
    for paths in ((snapshot, server.url), (server.url + "nothing", snapshot), (snapshot, snapshot)):
        outputs = [word for path in paths for word in ("-o", "/dev/null", path)]
        made = curl(place, "-w", "%{num_connects} %{http_code}\n", *outputs).expect(0).out
        connections = [line.split()[0] for line in made.splitlines()]
        check_equal(connections, ["1", "0"], f"connections made for {paths}")


@test
def a_hundred_snapshots_at_a_time(place):
    server = served(place)
    told = curl(place, "-Z", "--parallel-max", 30, "-w", "%{http_code} %{content_type}\n", "-o", "/dev/null",
                server.url + "snapshot?key=[1-100]", timeout=120).expect(0).out
    check_equal(told.splitlines(), ["200 image/jpeg"] * 100, "answers")


@test
def http_1_0_gets_whole_answers(place):
    server = served(place)
    picture = os.path.join(place.scratch, "picture.jpg")
    for options in (["-0"], ["-0", "-H", "Connection: keep-alive"]):
        curl(place, *options, "-o", picture, "-D", picture + ".heads", server.url + "snapshot").expect(0)
        with open(picture, "rb") as file:
            check_equal(jpeg_size(file.read()), (640, 480), "the picture's size")
    url = server.url + "snapshot"
    made = curl(place, "-0", "-H", "Connection: keep-alive", "-w", "%{num_connects}\n",
                "-o", "/dev/null", url, "-o", "/dev/null", url).expect(0).out
    check_equal(made.split(), ["1", "0"], "connections made by a client of 1.0 that asks to keep it")


@test
def a_range_is_answered_by_the_whole(place):
    server = served(place)
    picture = os.path.join(place.scratch, "picture.jpg")
    told = curl(place, "-r", "0-99", "-w", "%{http_code}", "-o", picture, server.url + "snapshot").expect(0).out
    check_equal(told, "200", "the status")
    with open(picture, "rb") as file:
        check_equal(jpeg_size(file.read()), (640, 480), "the picture's size")


@test
def mistakes_are_told_in_a_line_of_json(place):
    server = served(place)
    url = server.url + "snapshot"
    for query, status in (("snapshot?quality=0", 400), ("stream/video?fps=1000", 400),
                          ("snapshot?quality=1&quality=2", 400), ("stream/video?width=-1", 400),
                          ("snapshot?nonsense=1", 400), ("s/nobody/snapshot", 404),
                          ("stream/video?key=" + "k" * 3000, 400), ("snapshot?%zz", 400),
                          ("snapshot?a=%00", 400)):
        result = curl(place, "--fail-with-body", "-w", "\n%{http_code}", server.url + query).expect(22)
        said, _, code = result.out.rpartition("\n")
        check_equal(int(code), status, f"the status of {query[:80]}")
        detail = json.loads(said)["detail"]
        check(detail and "\n" not in detail, f"{query[:80]}: {detail!r}")
    for options in (["-d", "x=1"], ["-X", "DELETE"], ["-T", "/etc/hostname"]):
        told = curl(place, *options, "-o", "/dev/null", "-w", "%{http_code}", url).expect(0).out
        check_equal(told, "405", f"the status of curl {options}")


@test
def a_snapshot_shows_the_frame_that_its_headers_name(place):
    server = served(place)
    picture, heads = os.path.join(place.scratch, "picture.jpg"), os.path.join(place.scratch, "heads")
    numbers = []
    for _ in range(5):
        curl(place, "-o", picture, "-D", heads, server.url + "snapshot").expect(0)
        with open(picture, "rb") as file:
            drawn = drawn_numbers([file.read()])[0]
        numbers.append(int(header(heads)[1]["x-frame-number"]))
        check_equal(drawn, (640, 480, numbers[-1] % 65536), "what the picture shows")
    check(all(a <= b for a, b in zip(numbers, numbers[1:])), f"frame numbers: {numbers}")


main()
