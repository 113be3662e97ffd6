# SPDX-License-Identifier: Apache-2.0
"""What shm-mjpeg behind a proxy must be, whichever it is: tests for proxy_nginx.py and proxy_caddy.py."""
import functools
import ssl
import urllib.parse

from e2e import *
from proxy import AUTHORIZATION, SHARE, files_in_docs
from serving import *

DOCS = SHARE.parent / "docs/proxies.md"


def site(place, kind, is_site=True, *capture):
    """(segment, server, its unix socket) and a proxy in front of its TCP port or, below a path, of its socket."""
    kind.require()
    name = place.segment()
    start_pattern(place, name, "640x480", *capture)
    socket_path = os.path.join(place.scratch, "http.sock")
    server = Server(place, name, "--unix", socket_path, "--trusted-proxy", "127.0.0.1")
    return name, server, kind(place, is_site).run(f"127.0.0.1:{server.port}" if is_site else f"unix:{socket_path}")


def a_site_of_its_own_asks_for_a_password_and_speaks_tls(kind, place):
    name, server, proxy = site(place, kind)
    for headers in ({}, {"Authorization": "Basic bm86bm8="}):
        check_equal(proxy.get("/", headers=headers)[0], 401, f"status with {headers}")
        check_equal(proxy.get("/snapshot", headers=headers)[0], 401, f"status of a picture with {headers}")
    status, headers, body = proxy.get("/")
    check_equal((status, headers["content-type"]), (200, "text/html; charset=utf-8"), "the page")
    for file in set(re.findall(r'(?:src|href)="(page/[^"]+)"', body.decode())):
        check_equal(proxy.get("/" + file)[0], 200, f"status of {file}, which the page needs")
    status, headers, body = proxy.get("/snapshot?width=320")
    check_equal((status, jpeg_size(body)), (200, (320, 240)), "a picture")
    known = proxy.get("/snapshot?width=320", method="HEAD")
    check_equal((known[0], known[2]), (200, b""), "HEAD")
    check("there are none here" in json.loads(proxy.get("/stream/video/status?x=1")[2])["detail"], "a reason")
    check_equal(proxy.get(f"/s/{name}/healthz")[0], 200, "health of the segment")
    with proxy.stream(f"/s/{name}/stream/video?key=seen") as stream:
        first = [next(parts) for parts in [iter(stream)] for _ in range(5)]
        numbers = [int(head["x-frame-number"]) for head, _ in first]
        check(numbers == sorted(set(numbers)), f"the numbers of frames: {numbers}")
        check_equal(jpeg_size(first[0][1]), (640, 480), "its size")
        [client] = [each for each in server.status()["clients"] if each["key"] == "seen"]
        check_equal(client["peer"], "127.0.0.1", "whom it is for, as the proxy says")
    wait_until(lambda: server.streaming("active_streams") == 0, 20, "the end of the stream behind the proxy")


def below_a_path_and_through_a_unix_socket_it_is_the_same(kind, place):
    name, server, proxy = site(place, kind, False)
    connection = proxy.connection()
    for path, target in (("/cameras", "/cameras/"), (f"/cameras/s/{name}", f"/cameras/s/{name}/")):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        check_equal(response.status, 308, f"status of {path}")
        found = urllib.parse.urljoin(f"http://127.0.0.1:{proxy.port}{path}", response.getheader("Location"))
        check_equal(urllib.parse.urlparse(found).path, target, f"where {path} leads")
    connection.close()
    for path in ("/", f"/s/{name}/"):
        body = proxy.get(path)[2].decode()
        check(not re.search(r'(?:src|href)="/', body), f"{path} names something at the root of the site")
    check_equal(jpeg_size(proxy.get(f"/s/{name}/snapshot.jpg")[2]), (640, 480), "a picture")
    described = json.loads(proxy.get("/openapi.json")[2])
    check_equal(described["servers"], [{"url": "."}], "where the description says that it is")
    with proxy.stream("/?action=stream") as stream:
        check_equal(jpeg_size(next(iter(stream))[1]), (640, 480), "a stream")
        [client] = json.loads(proxy.get("/stream/video/status")[2])["clients"]
        check_equal(client["peer"], "127.0.0.1", "whom it is for, as the proxy says")


def a_picture_is_through_before_there_are_many(kind, place):
    """The writer is stopped after a frame. Then small pictures come about once a second, of what is seen last: what
    gathers them would take its time to have enough."""
    kind.require()
    name = place.segment()
    capture = start_pattern(place, name, "160x120")
    server = Server(place, name)
    wait_until(lambda: server.get("/snapshot")[0] == 200, 30, "a picture")
    for is_site in (True, False):
        proxy = kind(place, is_site).run(f"127.0.0.1:{server.port}")
        capture.send_signal(signal.SIGSTOP)
        key = f"one-{proxy.port}"
        with proxy.stream(f"/stream/video?key={key}") as stream:
            check_equal(jpeg_size(next(iter(stream))[1]), (160, 120), "the picture")
            [client] = [each for each in server.status()["clients"] if each["key"] == key]
            print(f"{kind.__name__}: the first picture was through when {client['frames']} had been sent")
            check(client["frames"] <= 6, f"pictures sent: {client['frames']}")
        capture.send_signal(signal.SIGCONT)


def unread(port, proxy=None):
    """(bytes that the server sent and nobody has read, bytes of a picture) of a viewer that read once, then nothing."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    connection.settimeout(60)
    connection.connect(("127.0.0.1", proxy.port if proxy else port))
    if proxy and proxy.is_site:
        connection = ssl.create_default_context(cafile=proxy.certificate).wrap_socket(
            connection, server_hostname="127.0.0.1")
    key = f"idle-{proxy.port if proxy else port}"
    prefix, host = (proxy.prefix, f"127.0.0.1:{proxy.port}") if proxy else ("", "x")
    connection.sendall(f"GET {prefix}/stream/video?key={key} HTTP/1.1\r\nHost: {host}\r\n"
                       f"Authorization: {AUTHORIZATION}\r\n\r\n".encode())
    read = 0
    while read < 1_500_000:  # at full speed: buffers grow with what goes through them
        read += len(connection.recv(65536))
    sent = []

    def is_full():
        [client] = [each for each in json.loads(http_get(port, "/stream/video/status")[2])["clients"]
                    if each["key"] == key]
        sent.append((client["bytes"], client["frames"]))
        time.sleep(0.5)
        return len(sent) > 4 and len(set(sent[-4:])) == 1
    wait_until(is_full, 60, lambda: f"the buffers to be full: {sent[-4:]}")
    connection.close()
    return sent[-1][0] - read, sent[-1][0] / sent[-1][1]


def a_viewer_that_does_not_read_finds_no_old_queue(kind, place):
    if kind.HELD_MOST is None:
        skip(f"{kind.__name__} cannot be told how much to hold")
    kind.require()
    name = place.segment()
    start_pattern(place, name, "1280x720")
    socket_path = os.path.join(place.scratch, "http.sock")
    server = Server(place, name, "-q", "95", "--unix", socket_path)
    direct, picture = unread(server.port)
    for upstream in (f"127.0.0.1:{server.port}", f"unix:{socket_path}"):
        proxy = kind(place, True).run(upstream)
        held = unread(server.port, proxy)[0] - direct
        print(f"{kind.__name__}, {upstream.partition(':')[0]}: {held / picture:.1f} pictures of {picture:.0f} bytes "
              f"more than the {direct / picture:.1f} without it")
        check(held <= kind.HELD_MOST, f"{held} bytes are held")
        proxy.process.stop(signal.SIGTERM)


def the_page_of_the_docs_has_the_files(kind, _):
    blocks = files_in_docs(DOCS.read_text(encoding="utf-8"))
    for file in sorted((SHARE / kind.__name__.lower()).iterdir()):
        check(file.read_text(encoding="utf-8") in blocks, f"{file.name} is not in docs/proxies.md as it is")


def of(kind):
    """Registers the tests for this kind of proxy."""
    for function in (the_page_of_the_docs_has_the_files, a_site_of_its_own_asks_for_a_password_and_speaks_tls,
                     below_a_path_and_through_a_unix_socket_it_is_the_same,
                     a_picture_is_through_before_there_are_many, a_viewer_that_does_not_read_finds_no_old_queue):
        bound = functools.partial(function, kind)
        bound.__name__ = function.__name__
        test(bound)
