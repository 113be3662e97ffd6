# SPDX-License-Identifier: Apache-2.0
"""Clients of shm-mjpeg who leave without a word, say nothing, or say what no client should: nothing is left of
them, and who watches does not notice."""
import random

from e2e import *
from faults_scene import *


@test
def clients_who_vanish_in_the_middle_of_a_stream(place):
    scene = Scene(place)

    paths = ("/stream/video", "/snapshot", "/stream/video?fps=60&quality=20")

    def vanish(count=60):
        for i in range(count):
            connection = ask(scene.port, paths[i % 3])
            if i % 2:
                connection.recv(2000)
            reset(connection) if i % 4 < 2 else connection.close()

    scene.is_unharmed_by(vanish)
    scene.end(wait_for_readers=True)


@test
def clients_that_are_killed(place):
    curl = shutil.which("curl") or skip("curl is not installed")
    scene = Scene(place)

    def kill():
        clients = [place.start(curl, "-sN", scene.server.url + "stream/video", "-o", "/dev/null")
                   for _ in range(8)]
        wait_until(lambda: scene.streams() == 9, 30, lambda: f"nine streams, there are {scene.streams()}")
        for client in clients:
            client.kill()

    scene.is_unharmed_by(kill)
    scene.end()


@test
def clients_who_close_their_half(place):
    scene = Scene(place)

    def half_close():
        for path in ("/snapshot", "/", "/stream/video/status", "/nothing"):
            connection = ask(scene.port, path)
            connection.shutdown(socket.SHUT_WR)
            head, _, body = hears_end(connection).partition(b"\r\n\r\n")
            length = int(re.search(rb"Content-Length: (\d+)", head).group(1))
            check_equal(len(body), length, f"bytes of {path} for a client that has said all")
        streams = [ask(scene.port) for _ in range(10)]
        for stream in streams:
            stream.recv(100)
            stream.shutdown(socket.SHUT_WR)
        for stream in streams:
            hears_end(stream)

    scene.is_unharmed_by(half_close)
    scene.end()


@test
def clients_who_say_nothing_or_half_of_something_are_given_up(place):
    scene = Scene(place, "--header-timeout", "3s")
    beginnings = (b"G", b"GET / HTTP/1.1\r\nHost: a", b"GET /stream/video HTTP/1.1\r\nHost: a\r\n")

    def be_quiet(count=30):
        silent = [connect(scene.port) for _ in range(count)]
        halves = [connect(scene.port) for _ in range(count)]
        for i, connection in enumerate(halves):
            connection.sendall(beginnings[i % 3])
        for connection in silent:
            check_equal(hears_end(connection), b"", "the answer to nothing")
        for connection in halves:
            said = hears_end(connection)
            check(said.startswith(b"HTTP/1.1 408 "), f"the answer to half a request: {said[:200]!r}")

    scene.is_unharmed_by(be_quiet, lambda: None)  # three seconds a time
    scene.end()


@test
def clients_who_send_what_is_no_request(place):
    scene = Scene(place)
    chance = random.Random(6)
    long_header = b"GET / HTTP/1.1\r\nX-Long: " + b"a" * 1_000_000 + b"\r\n\r\n"

    def send(data):
        """What is answered; nothing when the server hangs up before all was sent."""
        connection = connect(scene.port)
        with contextlib.suppress(OSError):  # by then it may have hung up
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
        return hears_end(connection)

    def babble():
        for data in (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\r\n\r\n\r\n", b"SSH-2.0-OpenSSH_9\r\n",
                     b"GET\r\n\r\n", b"GET / HTTP/1.1\r\n: x\r\n\r\n", b"GET / HTTP/1.1\r\nA\r\n\r\n",
                     b"\0" * 20_000):
            said = send(data)
            check(said == b"" or said.startswith(b"HTTP/1.1 4"), f"{data[:50]!r}: {said[:200]!r}")
        for _ in range(40):
            said = send(chance.randbytes(chance.randrange(1, 60_000)))
            check(said == b"" or said.startswith(b"HTTP/1.1 4"), f"random bytes: {said[:200]!r}")
        said = send(long_header)
        check(said == b"" or said.startswith(b"HTTP/1.1 431 "), f"a header of 1 MB: {said[:200]!r}")

    scene.is_unharmed_by(babble)
    scene.end()


@test
def clients_who_send_bodies_and_requests_in_a_row(place):
    scene = Scene(place)
    status = b"GET /stream/video/status HTTP/1.1\r\nHost: a\r\n\r\n"
    last = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"

    def pipeline(count=300):
        connection = connect(scene.port)
        sender = threading.Thread(target=lambda: connection.sendall(status * count + last), daemon=True)
        sender.start()
        said = hears_end(connection)
        sender.join(60)
        check_equal(said.count(b"HTTP/1.1 200 OK"), count + 1, "answers to requests in a row")

    def send_bodies():
        body = b"x" * 200_000
        for method, path, expected in ((b"POST", b"/snapshot", b"405"), (b"GET", b"/snapshot", b"200"),
                                       (b"PUT", b"/nothing", b"404")):
            for framing in (b"Content-Length: %d\r\n\r\n%s" % (len(body), body),
                            b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)):
                connection = connect(scene.port)
                with contextlib.suppress(ConnectionError):
                    connection.sendall(method + b" " + path + b" HTTP/1.1\r\nHost: a\r\n" + framing)
                said = hears_end(connection)
                check(said.startswith(b"HTTP/1.1 " + expected), f"{method} with a body: {said[:200]!r}")

    scene.is_unharmed_by(lambda: (pipeline(), send_bodies()))
    scene.end()


@test
def clients_who_read_little_and_leave(place):
    scene = Scene(place, size="640x480")

    def read_little():
        slow = []
        for _ in range(20):
            slow.append(RawViewer(scene.port, receive_buffer=16 * 1024))
            slow[-1].read(1)
        wait_until(lambda: scene.streams() == 21, 30, "the slow ones")
        for _ in range(3):
            scene.witness.see_more(10)
            for viewer in slow[::2]:
                viewer.read(3000)
        for i, viewer in enumerate(slow):
            reset(viewer.socket) if i % 2 else viewer.close()

    scene.is_unharmed_by(read_little)
    scene.end()


@test
def ten_thousand_connections_in_a_row(place):
    scene = Scene(place)
    requests = [b"", b"G", b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", b"nonsense\r\n\r\n",
                b"GET /snapshot HTTP/1.0\r\n\r\n", b"GET /stream/video HTTP/1.1\r\nHost: a\r\n\r\n"]

    def come_and_go(count=10_000):
        for i in range(count):
            # Most of them short, for there are many: a picture is asked for by one in fifty.
            request = requests[i % 4] if i % 50 else requests[4 + i // 50 % 2]
            connection = connect(scene.port)
            connection.sendall(request)
            if len(request) > 10 and i % 3:
                check(connection.recv(9) == b"HTTP/1.1 ", f"no answer to {request!r}")
            reset(connection)

    scene.is_unharmed_by(come_and_go, lambda: come_and_go(1000))
    scene.end()


@test
def viewers_who_come_and_go_by_the_hundred(place):
    scene = Scene(place)

    def flood(waves=3):
        for wave in range(waves):
            crowd = [ask(scene.port, f"/stream/video?key={wave}-{i}&quality={30 + 30 * (i % 2)}")
                     for i in range(100)]
            wait_until(lambda: scene.streams() == 101, 60, lambda: f"all of them: {scene.streams()}")
            for connection in crowd:
                check(connection.recv(9) == b"HTTP/1.1 ", "no answer")
            for i, connection in enumerate(crowd):
                reset(connection) if i % 2 else connection.close()
            wait_until(lambda: scene.streams() == 1, 60, lambda: f"none of them: {scene.streams()}")

    scene.is_unharmed_by(flood, lambda: flood(1))
    scene.end()


main()
